"""`qa gate`: may these files be published?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import _options as options
from qa.reporters._screen import Paint, harmless

if TYPE_CHECKING:
    from qa.gate import Verdict
    from qa.report import Checked

_COLOURS = {"pass": "green", "warn": "yellow", "block": "red"}


def gate(
    paths: options.Paths = None,
    format: Annotated[str, typer.Option("--format", metavar="text|json", help="The format of the answer.")] = "text",
    lang: options.Lang = None,
    source_lang: options.SourceLang = None,
    syntax: options.Syntax = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = None,
    min_confidence: options.MinConfidence = None,
    color: options.Color = None,
    baseline: options.BaselineFile = None,
    config: options.ConfigFile = None,
    jobs: options.Jobs = None,
) -> int:
    """Decide by the policy, the table `gate` of the configuration, whether files may be published.

    Exit status: 0 pass or warn, 1 block, 2 what was asked could not be done.
    """
    from pathlib import Path

    from qa.batch import check_job, mapped
    from qa.cli._output import colour, destination, tracked
    from qa.cli._run import plan

    options.text_or_json(format)
    settings = options.given(
        lang=lang,
        source_lang=source_lang,
        syntax=syntax,
        select=select,
        ignore=ignore,
        exclude=exclude,
        min_confidence=min_confidence,
        color=color,
        baseline=baseline,
        jobs=jobs,
    )
    run = plan(paths, settings, config, stdin_filename)
    known = None
    if run.config.baseline:
        from qa.baseline import load

        known = load(Path(run.config.baseline))
    blocked = failed = False
    records = []
    with destination(None) as stream:
        paint = Paint(colour(run.config.color, terminal=stream.isatty()))
        for file in tracked(mapped(check_job, run.jobs, run.config.jobs), len(run.jobs), "Checking"):
            if file.problem is not None and not file.text:
                print(f"qa: {file.path}: {file.problem}", file=sys.stderr)
                failed |= file.path in run.named
                continue
            left = known.without_known(file) if known else file
            verdict = _judge(left, config)
            blocked |= verdict.gate == "block"
            if format == "json":
                records.append(_record(left, verdict))
            else:
                stream.writelines(f"{line}\n" for line in _lines(left, verdict, paint))
        if format == "json":
            stream.write(json.dumps({"version": 1, "files": records}, ensure_ascii=False, indent=1) + "\n")
    return 2 if failed else int(blocked)


def _judge(file: Checked, config: Any) -> Verdict:
    from pathlib import Path

    from qa.config import discover, load
    from qa.gate import judge

    policy = (load(config) if config else discover(Path(file.path).parent)).gate
    return judge(
        file.diagnostics, file.words if file.judged else 0, policy, unjudged=[file.problem] if file.problem else []
    )


def _lines(file: Checked, verdict: Verdict, paint: Paint) -> Iterator[str]:
    """The decision on a file, the reasons, and the findings that block it."""
    yield f"{paint(str(verdict.gate), _COLOURS[verdict.gate])} {paint(harmless(file.path), 'bold')}"
    named: set[int] = set()
    for reason in verdict.reasons:
        yield f"  {reason.gate}: {reason.message}"
        for number in reason.findings if reason.gate == "block" else ():
            if number not in named:
                finding = file.diagnostics[number]
                line, column = file.lines.position(finding.span.start)
                yield f"    {line}:{column} {paint(finding.rule, 'magenta')} {harmless(finding.text)}"
                named.add(number)


def _record(file: Checked, verdict: Verdict) -> dict[str, Any]:
    from qa.baseline import fingerprints

    names = fingerprints(file.text, file.diagnostics)
    return {
        "path": file.path,
        "gate": str(verdict.gate),
        "score": verdict.score,
        "words": verdict.words,
        "reasons": [
            {
                "gate": str(each.gate),
                "code": each.code,
                "message": each.message,
                "fingerprints": [names[number] for number in each.findings],
            }
            for each in verdict.reasons
        ],
    }
