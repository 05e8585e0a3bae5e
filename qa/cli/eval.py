"""`qa eval`: how well the checker does on texts with hand-made gold spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli import _options as options
from qa.errors import BadConfiguration, UnreadableFile

if TYPE_CHECKING:
    from qa.config import Config
    from qa.evaluation import Scored, Tally
    from qa.report import Checked
    from qa.text import Span

_PANEL = "What to report"


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="A folder of NAME.gold.json beside NAME.txt.")],
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="CODE", help="Only the texts in this language.", show_default=False),
    ] = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    model: options.Model = None,
    no_model: options.NoModel = False,
    levels: Annotated[
        str,
        typer.Option(
            metavar="LEVELS", help="Which gold spans count as defects: must, should, may.", rich_help_panel=_PANEL
        ),
    ] = "must",
    format: Annotated[
        str, typer.Option("--format", metavar="text|json", help="The format of the table.", rich_help_panel=_PANEL)
    ] = "text",
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Also list each miss and false alarm.", rich_help_panel=_PANEL),
    ] = False,
    m2: Annotated[
        Path | None,
        typer.Option(
            "--m2",
            metavar="FILE",
            help="Write the findings in ERRANT's M2 format.",
            show_default=False,
            rich_help_panel=_PANEL,
        ),
    ] = None,
    m2_gold: Annotated[
        Path | None,
        typer.Option(
            "--m2-gold",
            metavar="FILE",
            help="Write the gold spans in ERRANT's M2 format.",
            show_default=False,
            rich_help_panel=_PANEL,
        ),
    ] = None,
    min_confidence: options.MinConfidence = None,
    jobs: options.Jobs = None,
) -> int:
    """Measure recall, repair and precision on texts with gold spans.

    Each text is checked in its own language, under the default settings and these options alone.
    """
    from qa.config import Config
    from qa.evaluation import LEVELS, total
    from qa.language import language
    from qa.signature import model_part, signature

    options.text_or_json(format)
    counted = tuple(level.strip() for level in levels.split(","))
    if unknown := [level for level in counted if level not in LEVELS]:
        raise BadConfiguration(f"unknown level {unknown[0]!r}: choose from {', '.join(LEVELS)}")
    settings = options.given(
        select=select, ignore=ignore, model=options.model_of(model, no_model), min_confidence=min_confidence, jobs=jobs
    )
    config = Config(**settings)
    texts = list(_checked(gold, language(lang).code if lang else None, config))
    tallies = total((text.scored for text in texts), counted)
    if verbose:
        for text in texts:
            typer.echo("\n".join(_details(text, counted)), err=True)
    typer.echo(_rendered(tallies, format, str(signature(model_part(config.options())))))
    _write_m2(m2, m2_gold, texts, counted)
    return 0


@dataclass(frozen=True, slots=True)
class _Text:
    checked: Checked
    scored: Scored


def _checked(folder: Path, only: str | None, config: Config) -> Iterator[_Text]:
    from dataclasses import replace

    from qa.batch import Job, check_job, mapped
    from qa.cli._output import tracked
    from qa.evaluation import read_gold, score

    if not folder.is_dir():
        raise UnreadableFile(f"{folder}: no such folder")
    golds = [gold for gold in read_gold(folder) if only in (None, gold.language)]
    if not golds:
        raise UnreadableFile(f"{folder}: no gold files" + (f" in {only}" if only else ""))
    jobs = [Job(str(gold.path), replace(config, lang=gold.language)) for gold in golds]
    results = tracked(mapped(check_job, jobs, config.jobs), len(jobs), "Checking")
    for gold, result in zip(golds, results, strict=True):
        if result.problem is not None:
            raise UnreadableFile(f"{result.path}: {result.problem}")
        yield _Text(result, score(gold, result.text, result.diagnostics))


def _rendered(tallies: Mapping[str, Tally], format: str, signature: str) -> str:
    import json

    from qa.evaluation import table

    if format == "json":
        figures = {key: tally.record() for key, tally in tallies.items()}
        return json.dumps({"signature": signature, "figures": figures}, indent=1)
    return "\n".join([signature, "", *table(tallies)])


def _details(text: _Text, levels: Sequence[str]) -> Iterator[str]:
    """Each gold span that was missed or not repaired, and each false alarm, with what stands around it."""
    name = text.scored.gold.path.name
    for verdict in text.scored.verdicts:
        if verdict.gold.level in levels and not verdict.repaired_first:
            what = "not repaired" if verdict.detected else "missed"
            context = _context(text.checked.text, verdict.gold.span)
            yield f"{what:12} {name} {verdict.gold.category} {context} → {list(verdict.gold.fixes[:2])}"
    for alarm in text.scored.false_alarms:
        context = _context(text.checked.text, alarm.span)
        yield f"{'false alarm':12} {name} {alarm.rule} {context} → {list(alarm.suggestions[:2])}"


def _context(text: str, span: Span) -> str:
    before, after = text[max(0, span.start - 25) : span.start], text[span.end : span.end + 25]
    return repr(f"{before}⟦{text[span.start : span.end]}⟧{after}")


def _write_m2(found: Path | None, gold: Path | None, texts: Sequence[_Text], levels: Sequence[str]) -> None:
    from qa.cli._output import destination
    from qa.m2 import of_diagnostics, of_gold

    if found:
        with destination(found) as stream:
            for each in texts:
                stream.writelines(f"{line}\n" for line in of_diagnostics(each.checked.text, each.scored.findings))
    if gold:
        with destination(gold) as stream:
            for each in texts:
                stream.writelines(f"{line}\n" for line in of_gold(each.checked.text, each.scored.gold, levels))
