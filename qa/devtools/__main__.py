"""`python -m qa.devtools COMMAND`."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Annotated, Any

import typer

from qa.measured import FILE, stored
from qa.rules import registry

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None)
Data = Annotated[Path, typer.Option(help="Folder of the corpora.")]
Gold = Annotated[Path, typer.Option(help="Folder of texts with gold spans.")]
Languages = Annotated[str, typer.Option(help="Languages, separated by commas.")]
DOCS = FILE.parents[1] / "docs"
PLANTED = DOCS / "planted.md"
CHECKED = "de,en,es,fr,it,nl,pt"


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail on a stale page.")] = False,
) -> None:
    """Write the generated parts of docs/."""
    from qa.devtools import documents

    changed = documents.stale() if check else documents.write()
    for name in changed:
        typer.echo(f"{'stale' if check else 'written'}: {name}")
    raise typer.Exit(1 if check and changed else 0)


@app.command()
def cldr() -> None:
    """Copy what CLDR says of numbers into the languages' folders."""
    from qa.devtools.cldr import write

    for path in write():
        typer.echo(f"written: {path}")


@app.command()
def translated(
    folder: Path,
    language: Annotated[str, typer.Option(help="Which pages are read.")],
    most: Annotated[int, typer.Option(help="How many of them.")] = 500,
) -> None:
    """Show what the rules report on pages that people translated."""
    from qa.devtools.translated import report

    for line in report(folder, language, most):
        typer.echo(line)


@app.command()
def silence(
    data: Data = Path("../shared/data"),
    languages: Languages = CHECKED,
    words: Annotated[int, typer.Option(help="Words of clean text for each language.")] = 60_000,
    rules: Annotated[str, typer.Option(help="Record the figures of these rules alone.")] = "",
    record: Annotated[bool, typer.Option(help="Write qa/measured.json.")] = False,
    show: Annotated[int, typer.Option(help="How many false alarms to print for each rule.")] = 0,
) -> None:
    """Count what the rules report on clean text."""
    from qa.devtools.silence import measure

    table: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for code in languages.split(","):
        read, alarms = measure(data, code, words)
        total = sum(read.values())
        loud = [alarm for alarm in alarms if alarm.default]
        typer.echo(f"\n{code}: {total} words, {1000 * len(loud) / total:.3f} false alarms per 1,000 words")
        for part, count in read.items():
            here = sum(alarm.part == part for alarm in loud)
            typer.echo(f"    {part:12} {count:7} words  {1000 * here / max(1, count):.3f}")
        counts = Counter(alarm.rule for alarm in alarms)
        for rule in (each.id for each in registry().values() if each.default):
            table[rule][code] = (total, counts[rule])
            if counts[rule]:
                typer.echo(f"  {rule:24} {counts[rule]:5}  {1000 * counts[rule] / total:.3f}")
            for alarm in [a for a in alarms if a.rule == rule][:show]:
                typer.echo(f"      {alarm.part:10} {alarm.confidence:.2f} {alarm.context} → {alarm.suggestion}")
    if record:
        _record(table, set(rules.split(",")) - {""})


def _record(table: dict[str, dict[str, tuple[int, int]]], only: set[str]) -> None:
    figures = stored()
    for rule, row in table.items():
        if only and rule not in only:
            continue
        for code, (words, alarms) in row.items():
            cell = figures.setdefault(rule, {}).setdefault(code, {})
            cell.update(clean_words=words, false_alarms=alarms)
    _store(figures)


def _store(figures: dict[str, Any]) -> None:
    known = {rule: figures[rule] for rule in sorted(figures) if rule in registry()}
    FILE.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


@app.command()
def pairs(
    data: Data = Path("../shared/data"),
    languages: Languages = CHECKED,
    wanted: Annotated[int, typer.Option(help="Planted defects for each operator and language.")] = 1000,
    only: Annotated[str, typer.Option(help="These operators alone.")] = "",
    show: Annotated[int, typer.Option(help="How many missed defects to print for each cell.")] = 0,
    record: Annotated[bool, typer.Option(help="Write docs/planted.md.")] = False,
) -> None:
    """Recall and repair@1 on planted defects."""
    from qa.devtools import pairs as tool

    chosen = {name: run for name, run in tool.rule_operators().items() if not only or name in only.split(",")}
    cells = {}
    typer.echo(f"{'operator':24} lang planted  recall repair@1 elsewhere")
    for code in languages.split(","):
        for name, operator in chosen.items():
            cell, missed = tool.measure(operator, data, code, wanted)
            if not cell.planted:
                continue
            cells[name, code] = cell
            typer.echo(
                f"{name:24} {code:4} {cell.planted:7} {cell.recall:7.1%} {cell.repair_first:8.1%} {cell.elsewhere:9}"
            )
            for sentence in missed[:show]:
                typer.echo(f"      {sentence}")
    if record:
        PLANTED.write_text(tool.page(cells, wanted), encoding="utf-8")


@app.command()
def calibrate(
    data: Data = Path("../shared/data"),
    gold: Gold = Path("../shared/gold"),
    languages: Languages = CHECKED,
    words: Annotated[int, typer.Option(help="Words of clean text for each language.")] = 60_000,
    wanted: Annotated[int, typer.Option(help="Planted defects for each operator and language.")] = 400,
    record: Annotated[bool, typer.Option(help="Write qa/measured.json and docs/calibration.md.")] = False,
) -> None:
    """Fit what each rule's stated confidence is worth."""
    from qa.devtools import calibrate as tool

    golds = tool.gold_texts(gold)
    density = tool.densities(golds)
    halves = tool.measure_all(data, golds, languages.split(","), words, wanted)
    bins: dict[int, tool.Bin] = {}
    for fitted, checked in (halves, halves[::-1]):
        tool.reliability(checked, tool.fit(fitted, density), density, bins)
    whole = tool.joined(*halves)
    figures, shown = stored(), {}
    for (rule, code), levels in sorted(tool.fit(whole, density).items()):
        shown[rule, code] = right = tool.precision(whole[rule, code], levels, density[rule])
        figures.setdefault(rule, {}).setdefault(code, {}).update(levels=levels, precision=right)
        typer.echo(f"{rule:24} {code} precision {right}  {levels}")
    page = tool.page(bins, shown, words, wanted)
    typer.echo(page)
    if record:
        _store(figures)
        (DOCS / "calibration.md").write_text(page, encoding="utf-8")


@app.command()
def bench(
    data: Data = Path("../shared/data"),
    gold: Gold = Path("../shared/gold"),
    out: Annotated[Path | None, typer.Option(help="Write the page here.")] = None,
) -> None:
    """Speed, memory and peers."""
    from qa.devtools.bench import report

    page = report(data, gold)
    typer.echo(page)
    if out:
        out.write_text(page, encoding="utf-8")


@app.command()
def load(
    data: Data = Path("../shared/data"),
    seconds: Annotated[float, typer.Option(help="How long each run takes.")] = 30.0,
    requests: Annotated[int, typer.Option(help="Over how many requests memory is watched.")] = 10_000,
    words: Annotated[int, typer.Option(help="Words of an article.")] = 600,
    workers: Annotated[int, typer.Option(help="Worker processes.")] = 2,
    select: Annotated[str, typer.Option(help="The rules to run; empty: those that run unasked.")] = "",
    record: Annotated[bool, typer.Option(help="Write the figures into docs/service.md.")] = False,
) -> None:
    """Throughput, waiting and memory of the service."""
    from qa.devtools.load import report
    from qa.devtools.settings import renewed

    chosen = [name for name in select.split(",") if name]
    lines = list(report(data, seconds=seconds, requests=requests, words=words, workers=workers, select=chosen))
    typer.echo("\n".join(lines))
    if record:
        page = Path(__file__).parents[2] / "docs" / "service.md"
        page.write_text(renewed(page.name, "load", lines), encoding="utf-8")


@app.command("archive-make")
def archive_make(
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    records: Annotated[int, typer.Option(help="Pages.")] = 10_000,
    data: Data = Path("../shared/data"),
    seed: Annotated[int, typer.Option(help="The same seed makes the same archive.")] = 1,
) -> None:
    """Make an archive with planted defects, as WARC, JSONL and Parquet, and write the truth beside it."""
    from qa.devtools.archive_make import make
    from qa.devtools.archive_stock import Stock

    told = make(records, out, Stock(data), seed)
    typer.echo(f"{told['records']} pages, {told['blocks']} blocks")
    for weakness, count in told["planted"].items():
        typer.echo(f"{weakness:20} {count:8}")


@app.command("archive-verify")
def archive_verify(
    run: Annotated[str, typer.Argument(help="Folder of the scan of a made archive.")],
    made: Annotated[Path, typer.Argument(help="Folder of the made archive.")],
    findings: Annotated[int, typer.Option(help="Findings to label by the truth.")] = 1000,
    pages: Annotated[int, typer.Option(help="Pages to read in full.")] = 1000,
) -> None:
    """Hold the report on a made archive against what was planted in it."""
    from qa.devtools.archive_verify import verify, written

    for line in written(verify(run, made / "truth.parquet", findings=findings, pages=pages)):
        typer.echo(line)


@app.command("archive-load")
def archive_load(
    folder: Annotated[Path, typer.Argument(help="Folder of the run; it is made if it is not there.")],
    findings: Annotated[int, typer.Option(help="Findings of a run that is made.")] = 10_000_000,
) -> None:
    """Make a run of many findings, or report on the one that is there and say what that took."""
    from qa.devtools import archive_load as tool

    if not folder.exists():
        tool.make(folder, findings)
        return
    load = tool.measure(folder)
    typer.echo(
        f"{load.findings:,} findings on {load.pages:,} pages ({load.disk:,} MiB): {load.seconds:.0f} s, "
        f"{load.processor:.0f} s of processor time, {load.memory:,.0f} MiB of memory; a page of {load.page:.0f} KiB"
    )


@app.command()
def archive_bench(
    parts: Annotated[str, typer.Option(help="Of throughput, kills, ray.")] = "throughput,kills,ray",
    data: Data = Path("../shared/data"),
    megabytes: Annotated[float, typer.Option(help="MB of text of the archive whose scan is timed.")] = 8.0,
    wanted: Annotated[int, typer.Option("--kills", help="How often scans are killed.")] = 50,
    write: Annotated[bool, typer.Option("--write", help="Put the figures into docs/scale.md.")] = False,
) -> None:
    """Scans of archives: speed, memory, and the same files after any disturbance."""
    from qa.devtools import archive

    measured = {
        "throughput": lambda: archive.throughput(data, megabytes),
        "kills": lambda: archive.kills(data, wanted),
        "ray": lambda: archive.ray(data),
    }
    for name in parts.split(","):
        section = measured[name]()
        typer.echo(section)
        if write:
            page = archive.put(archive.PAGE.read_text(encoding="utf-8"), name, section)
            archive.PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    app()
