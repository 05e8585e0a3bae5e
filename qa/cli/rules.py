"""`qa rules`: the registry, as a table or one rule at length."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import _options as options

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from qa.rule import Bad, Good, Rule


def rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The rule to explain; without it, all are listed.")
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="text|json", help="The format of the answer.")] = "text",
    color: options.Color = None,
) -> int:
    """List the rules and what was measured of them, or explain one."""
    from qa.rules import registry
    from qa.rules import rule as find

    options.text_or_json(format)
    options.given(color=color)
    chosen = [find(rule)] if rule else list(registry().values())
    if format == "json":
        typer.echo(json.dumps([_record(each) for each in chosen], indent=1, ensure_ascii=False))
        return 0
    _print(_page(chosen[0]) if rule else _overview(chosen), color or "auto")
    return 0


def _print(parts: Iterator[RenderableType], color: str) -> None:
    from rich.console import Console

    from qa.cli._output import colour, width

    colours = colour(color, terminal=sys.stdout.isatty())
    console = Console(
        width=width(), force_terminal=colours, no_color=not colours, highlight=False, soft_wrap=False, emoji=False
    )
    for part in parts:
        console.print(part)


def _overview(rules: list[Rule]) -> Iterator[RenderableType]:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from qa.language import codes
    from qa.measured import LEAST_PRECISION, MOST_FALSE_ALARMS

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("rule", no_wrap=True)
    for code in codes():
        table.add_column(code, justify="right", no_wrap=True)
    for rule in rules:
        name = Text(rule.id, style="bold")
        if rule.category != rule.id:
            name.append(f"\n{rule.category}", style="not bold dim")
        table.add_row(name, *(_cell(rule, code) for code in codes()))
    yield table
    yield Text(
        "Above: false alarms per 1,000 words of clean text; below: precision; ? not measured yet.\n"
        f"A rule runs unasked where it has at most {MOST_FALSE_ALARMS} false alarms and a precision of at least "
        f"{LEAST_PRECISION:.0%}; in (parentheses): only with --select; – the language lacks what it needs.\n"
        "`qa rules ID` explains a rule.",
        style="dim",
    )


def _cell(rule: Rule, code: str) -> Text:
    """The figures of a rule in a language, and whether it runs there unasked."""
    from rich.text import Text

    from qa.finding import percent
    from qa.language import language

    if not rule.covers(language(code)):
        return Text("–", style="dim")
    measured = rule.measured(code)
    rate = "?" if measured.per_thousand is None else f"{measured.per_thousand:.2f}"
    precision = "?" if measured.precision is None else percent(measured.precision)
    if rule.on_by_default(code):
        return Text(f"{rate}\n{precision}", style="green")
    return Text(f"({rate})\n({precision})", style="yellow")


def _page(rule: Rule) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from qa.language import codes, language
    from qa.rule import Bad

    yield Text(rule.id, style="bold magenta")
    head, *paragraphs = rule.doc.strip().split("\n\n")
    yield Text(" ".join(head.split()), style="bold")
    for paragraph in paragraphs:
        yield Text()
        yield Text(" ".join(paragraph.split()))
    facts = Table.grid(padding=(0, 2))
    facts.add_row(Text("category", style="dim"), rule.category)
    facts.add_row(Text("severity", style="dim"), str(rule.severity))
    facts.add_row(Text("MQM", style="dim"), rule.mqm)
    facts.add_row(Text("ITS 2.0", style="dim"), rule.its)
    if rule.telltale:
        facts.add_row(Text("telltale", style="dim"), "near-certain proof of unedited machine translation")
    yield Text()
    yield facts
    yield from _heading("What was measured")
    yield Padding(_measured(rule, [code for code in codes() if rule.covers(language(code))]), (0, 0, 0, 2))
    yield from _heading("Wrong")
    yield Padding(_examples([each for each in rule.examples if isinstance(each, Bad)]), (0, 0, 0, 2))
    yield from _heading("Right")
    yield Padding(_examples([each for each in rule.examples if not isinstance(each, Bad)]), (0, 0, 0, 2))


def _heading(text: str) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text()
    yield Text(text, style="bold")


def _measured(rule: Rule, codes: list[str]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    from qa.finding import percent
    from qa.language import language

    table = Table.grid(padding=(0, 2))
    for code in codes:
        measured = rule.measured(code)
        rate, precision = "not measured on clean text", ""
        if measured.per_thousand is not None:
            rate = f"{measured.per_thousand:.3f} false alarms per 1,000 words ({measured.clean_words:,} read)"
        if measured.precision is not None:
            precision = f"precision {percent(measured.precision)}"
        state = Text("on", style="green") if rule.on_by_default(code) else Text("off", style="yellow")
        table.add_row(Text(language(code).name, style="dim"), state, rate, precision)
    return table


def _examples(examples: list[Bad | Good]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    from qa.rule import Bad

    table = Table.grid(padding=(0, 2))
    for example in examples:
        table.add_row(Text(example.lang, style="dim"), _example(example.text))
        if isinstance(example, Bad):
            fixed = Text("reported without a repair", style="dim") if example.fixed is None else _plain(example.fixed)
            table.add_row("", Text("→ ", style="green") + fixed)
        else:
            table.add_row("", Text(example.why, style="dim italic"))
    return table


def _example(text: str) -> Text:
    """The text of an example, with what stands between ⟦ and ⟧ marked."""
    from rich.text import Text

    shown = Text()
    for number, part in enumerate(text.replace("⟧", "⟦").split("⟦")):
        shown.append(part.replace("\n", "⏎"), style="bold red underline" if number % 2 else "")
    return shown


def _plain(text: str) -> Text:
    from rich.text import Text

    return Text(text.replace("\n", "⏎"))


def _record(rule: Rule) -> dict[str, Any]:
    from qa.language import codes, language

    covered = [code for code in codes() if rule.covers(language(code))]
    return {
        "id": rule.id,
        "category": rule.category,
        "severity": str(rule.severity),
        "mqm": rule.mqm,
        "its": rule.its,
        "telltale": rule.telltale,
        "doc": rule.doc.strip(),
        "languages": {
            code: {
                "on": rule.on_by_default(code),
                "false_alarms_per_1000_words": rule.measured(code).per_thousand,
                "precision": rule.measured(code).precision,
            }
            for code in covered
        },
    }
