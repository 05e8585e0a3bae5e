"""The report as one page for people: no script, no font, no picture, no network; light and dark, screen and paper."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from qa.archive.report.causes import stages
from qa.archive.report.charts import Point, bar, spark, timeline
from qa.archive.report.figures import CauseFigures, Example, Figures, Group, TemplateFigures
from qa.archive.report.intervals import Estimate
from qa.language import codes, language

_STYLE = Path(__file__).with_name("page.css")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_OPEN = 5  # causes told in full at once
_MOST = 20  # rows of a table that are shown
_SPARKS = 12  # causes whose months are drawn
_HEAT = (10, 12)  # causes and sites


def page(figures: Figures) -> Iterator[str]:
    """The page, piece by piece."""
    yield from _head(figures)
    yield "<main>\n"
    if figures.all.defects:
        yield from _causes(figures)
        yield from _stages(figures)
        yield from _time(figures)
        yield from _places(figures)
        yield from _kinds(figures)
        yield from _templates(figures)
        yield from _worst(figures)
    yield from _trust(figures)
    yield from _unjudged(figures)
    yield "</main>\n"
    signature = _text(str(figures.run.get("signature", "")))
    yield f"<footer>Made by <code>{signature}</code></footer>\n</body>\n</html>\n"


def _head(figures: Figures) -> Iterator[str]:
    whole = figures.all
    title = f"{_count(whole.defects, 'defect')} on {_number(whole.affected)} of {_count(whole.pages, 'page')}"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield f"<title>qa: {title}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
    yield f'<header>\n<p class="kind">State of the archive</p>\n<h1>{title}</h1>\n'
    yield f'<p class="lead">{_summary(figures)}</p>\n'
    yield '<dl class="tiles">\n'
    for name, value, more in _tiles(figures):
        yield f"<div><dt>{name}</dt><dd>{value}<small>{more}</small></dd></div>\n"
    yield "</dl>\n</header>\n"


def _summary(figures: Figures) -> str:
    if not figures.causes:
        return "Nothing was found."
    total, top = figures.all.defects, figures.causes[:3]
    part = sum(each.group.defects for each in top) / total
    names = _listed([f'<a href="#cause-{each.cause.id}">{_lower(each.cause.title)}</a>' for each in top])
    many = {1: "One cause makes", 2: "Two causes make", 3: "Three causes make"}[len(top)]
    return f"{many} up {_percent(part)} of them: {names}."


def _tiles(figures: Figures) -> Iterator[tuple[str, str, str]]:
    whole = figures.all
    yield "Defects in 1,000 words", _rate(whole.rate.value), f"95 % interval {_range(whole.rate)}"
    yield "Pages with a defect", _percent(whole.share.value), f"95 % interval {_range(whole.share, percent=True)}"
    safe = sum(each.safe for each in figures.causes)
    yield (
        "Safe to repair unseen",
        _percent(safe / max(1, whole.defects)),
        f"{_count(safe, 'defect')}: <code>qa archive fix</code>",
    )
    span = f"{figures.first:%B %Y} – {figures.last:%B %Y}" if figures.first and figures.last else "no dates"
    scope = f"{_count(figures.site_count, 'site')}, {_count(figures.language_count, 'language')}"
    yield "Read", f"{_short(whole.words)} words", f"{scope}, {span}"


def _causes(figures: Figures) -> Iterator[str]:
    yield '<section aria-labelledby="causes">\n<h2 id="causes">What to do first</h2>\n'
    yield "<p>Defects of one shape have one cause, and one repair of the plugin ends them. "
    yield "Those first that cure most.</p>\n"
    for rank, each in enumerate(figures.causes[:_OPEN], 1):
        yield from _cause(rank, each, figures.all)
    rest = figures.causes[_OPEN:]
    if rest:
        yield '<div class="then">\n<p class="heads"><span>Then</span><span>defects</span><span>pages</span>'
        yield "<span>in 1,000 words</span><span>stage</span></p>\n"
        most = rest[0].group.rate.high
        for rank, each in enumerate(rest, _OPEN + 1):
            yield (
                f'<details id="cause-{each.cause.id}"><summary><span>{rank}. {_text(each.cause.title)}</span>'
                f"<span>{_number(each.group.defects)}</span><span>{_number(each.group.affected)}</span>"
                f"<span>{bar(each.group.rate, most)}</span><span>{_text(each.stage.title)}</span></summary>\n"
                f'{"".join(_story(each))}<p class="facts">{"<br>".join(_facts(each))}</p></details>\n'
            )
        yield "</div>\n"
    yield "</section>\n"


def _cause(rank: int, each: CauseFigures, whole: Group) -> Iterator[str]:
    group = each.group
    yield f'<article class="cause" id="cause-{each.cause.id}" aria-labelledby="h-{each.cause.id}">\n'
    yield f'<h3 id="h-{each.cause.id}"><span class="rank">{rank}</span>{_text(each.cause.title)}</h3>\n'
    yield '<div class="sides">\n<div>\n'
    yield from _story(each)
    yield '</div>\n<aside>\n<p class="cures">Fixing it once would cure</p>\n'
    yield f'<p class="big">{_count(group.defects, "defect")}</p>\n'
    yield f"<p>{_percent(group.defects / whole.defects)} of all, on {_count(group.affected, 'page')}"
    if each.freed:
        yield f"; {_count(each.freed, 'page')} would be free of defects"
    yield ".</p>\n"
    yield _spark(each)
    yield f'<p class="facts">{"<br>".join(_facts(each))}</p>\n</aside>\n</div>\n</article>\n'


def _spark(each: CauseFigures) -> str:
    mark = next((n for n, m in enumerate(each.months) if each.since and m.month == each.since.month), None)
    return spark([m.defects / m.words if m.words else 0.0 for m in each.months], mark)


def _story(each: CauseFigures) -> Iterator[str]:
    if each.cause.why:
        yield f"<p>{_prose(each.cause.why)}</p>\n"
        yield f'<p><b class="stage">{_text(each.stage.title)}</b> is the stage to look at. '
        yield f"{_prose(each.cause.cure)}</p>\n"
    yield from _examples(each.examples)


def _examples(examples: Iterable[Example]) -> Iterator[str]:
    yield '<ul class="examples">\n'
    for each in examples:
        yield f"<li>{_quoted(each)}<cite>{_link(each.page)}</cite></li>\n"
    yield "</ul>\n"


def _quoted(each: Example) -> str:
    tongue = f' lang="{_text(each.language)}"' if each.language else ""
    before = _text(("…" if len(each.before) >= 60 else "") + each.before)
    after = _text(each.after + ("…" if len(each.after) >= 60 else ""))
    marked = _edged(each.text) or '<span class="gap">‸</span>'
    repair = "" if each.suggestion is None else f" <ins>{_edged(each.suggestion) or '(delete)'}</ins>"
    return f'<q{tongue} dir="auto">{before}<mark>{marked}</mark>{repair}{after}</q>'


def _edged(text: str) -> str:
    """The text, with the spaces at its ends made visible: often they are all that changes."""
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" ")) if inner else len(text)
    after = len(text) - before - len(inner)
    return f"{'␣' * before}{_text(inner)}{'␣' * after}"


def _facts(each: CauseFigures) -> Iterator[str]:
    if since := _since(each):
        yield since
    where = [place for place in each.sites if place.name and place.times >= 1.5]
    if where:
        yield "Most on " + _listed(
            [f"{_text(p.name)} ({_percent(p.part)} of them, {_times(p.times)} the average)" for p in where]
        )
    elif len(each.sites) > 1:
        yield "On all sites alike"
    tongues = [place for place in each.languages if place.name]
    if tongues:
        yield "In " + _listed([f"{_tongue(place.name)} ({_percent(place.part)})" for place in tongues])
    if each.in_templates:
        yield f"{_percent(each.in_templates / each.group.defects)} in <a href='#templates'>paragraphs of templates</a>"
    if each.safe:
        yield f"{_percent(each.safe / each.group.defects)} have a safe repair"


def _since(each: CauseFigures) -> str:
    """When the cause began or changed, in words; nothing where it did not clearly."""
    if each.since is None:
        return ""
    since = each.since
    month = f"{since.month:%B %Y}"
    if since.earliest != since.latest:
        month += f" (or {since.earliest:%B %Y} to {since.latest:%B %Y})"
    if since.after > since.before:
        times = f" {_times(since.after / since.before)} as often as before" if since.before else ""
        return f"Since {month}{times}"
    times = f" {_times(since.before / since.after)} as often as since" if since.after else ""
    return f"Until {month}{times}"


def _stages(figures: Figures) -> Iterator[str]:
    totals: Counter[str] = Counter()
    for each in figures.causes:
        totals[each.stage.id] += each.group.defects
    yield '<section aria-labelledby="stages">\n<h2 id="stages">Where in the plugin</h2>\n'
    yield "<p>The way of a page through a translation plugin, and the share of the defects that each stage explains."
    yield "</p>\n"
    yield '<ol class="stages">\n'
    for stage in stages().values():
        if stage.id == "other" and not totals[stage.id]:
            continue
        part = totals[stage.id] / figures.all.defects
        yield (
            f'<li style="--part:{part:.4f}"><b>{_percent(part)}</b><h3>{_text(stage.title)}</h3>'
            f"<p>{_text(stage.does)}</p></li>\n"
        )
    yield "</ol>\n</section>\n"


def _time(figures: Figures) -> Iterator[str]:
    points = [Point(date.fromisoformat(each.name), each.rate) for each in figures.months if each.name]
    chart = timeline(points, "Defects in 1,000 words")
    if not chart:
        return
    undated = sum(each.pages for each in figures.months if not each.name)
    yield '<section aria-labelledby="time">\n<h2 id="time">Since when</h2>\n'
    yield f"<p>Defects in 1,000 words by month of publication, with 95 % intervals{_undated(undated)}.</p>\n"
    yield f'<div class="wide">{chart}</div>\n'
    yield "<h3>Each cause for itself</h3>\n"
    yield "<p>Every line has a scale of its own; a dotted line marks a clear change.</p>\n"
    yield '<ul class="sparks">\n'
    for each in figures.causes[:_SPARKS]:
        told = _since(each) or "no clear change"
        link = f'<a href="#cause-{each.cause.id}">{_text(each.cause.title)}</a>'
        yield f'<li>{link}{_spark(each)}<span class="facts">{told}</span></li>\n'
    yield "</ul>\n</section>\n"


def _undated(pages: int) -> str:
    return f"; {_count(pages, 'page')} without a date left out" if pages else ""


def _places(figures: Figures) -> Iterator[str]:
    yield '<section aria-labelledby="places">\n<h2 id="places">Where</h2>\n<div class="two">\n'
    yield from _table("Site", figures.sites)
    yield from _table("Language", figures.languages, tongues=True)
    yield "</div>\n"
    yield from _heat(figures)
    yield "</section>\n"


def _heat(figures: Figures) -> Iterator[str]:
    causes = figures.causes[: _HEAT[0]]
    sites = [each.name for each in figures.sites if each.name and each.defects][: _HEAT[1]]
    if len(sites) < 2 or len(causes) < 2:
        return
    rates = {(cell.cause, cell.site): cell.rate for cell in figures.cells}
    most = max(rates.get((each.cause.id, site), 0.0) for each in causes for site in sites) or 1.0
    yield '<h3>Which cause on which site</h3>\n<div class="wide"><table class="heat">\n'
    yield "<caption>Defects in 1,000 words of the site</caption>\n<thead><tr><th></th>"
    yield from (f'<th scope="col"><span>{_text(site)}</span></th>' for site in sites)
    yield "</tr></thead>\n<tbody>\n"
    for each in causes:
        yield f'<tr><th scope="row"><a href="#cause-{each.cause.id}">{_text(each.cause.title)}</a></th>'
        for site in sites:
            value = rates.get((each.cause.id, site), 0.0)
            yield f'<td style="--heat:{(value / most) ** 0.5:.3f}">{_rate(value) if value else "·"}</td>'
        yield "</tr>\n"
    yield "</tbody>\n</table></div>\n"


def _kinds(figures: Figures) -> Iterator[str]:
    yield '<section aria-labelledby="kinds">\n<h2 id="kinds">What</h2>\n<div class="two">\n'
    yield from _table("Rule", figures.rules)
    yield from _table("Category", figures.categories)
    yield "</div>\n</section>\n"


def _table(what: str, groups: Sequence[Group], *, tongues: bool = False) -> Iterator[str]:
    shown = groups[:_MOST]
    most = max((each.rate.high for each in shown if each.affected > 1), default=max(each.rate.value for each in shown))
    yield f'<table class="rows">\n<thead><tr><th>{what}</th><th class="n">defects</th><th class="n">pages</th>'
    yield '<th colspan="2">in 1,000 words</th></tr></thead>\n<tbody>\n'
    for each in shown:
        name = (_tongue(each.name) if tongues else _text(each.name)) or "<i>not known</i>"
        tip = f"95 % interval {_range(each.rate)}; {_percent(each.share.value)} of {_count(each.pages, 'page')}"
        yield (
            f'<tr title="{tip}"><th scope="row">{name}</th><td class="n">{_number(each.defects)}</td>'
            f'<td class="n">{_number(each.affected)}</td><td class="chart">{bar(each.rate, most)}</td>'
            f'<td class="n">{_rate(each.rate.value)}</td></tr>\n'
        )
    yield "</tbody>\n"
    if len(groups) > len(shown):
        rest = sum(each.defects for each in groups[_MOST:])
        more = f"and {_number(len(groups) - _MOST)} more with {_count(rest, 'defect')}"
        yield f'<tfoot><tr><td colspan="5">{more}</td></tr></tfoot>\n'
    yield "</table>\n"


def _templates(figures: Figures) -> Iterator[str]:
    if not figures.templates:
        return
    yield '<section aria-labelledby="templates">\n<h2 id="templates">Paragraphs that many pages share</h2>\n'
    yield "<p>Each is one text of a template: repaired once, it is repaired everywhere. "
    yield "Their defects are also counted with the causes above.</p>\n"
    yield '<table class="rows">\n<thead><tr><th>Paragraph</th><th class="n">pages</th><th class="n">defects</th></tr>'
    yield "</thead>\n<tbody>\n"
    for each in figures.templates:
        yield (
            f'<tr><th scope="row">{_quoted(each.example)}<p class="facts">{_where(each)}</p></th>'
            f'<td class="n">{_number(each.pages)}</td><td class="n">{_number(each.defects)}</td></tr>\n'
        )
    yield "</tbody>\n</table>\n</section>\n"


def _where(each: TemplateFigures) -> str:
    sites = _text(each.example.site) if each.sites == 1 and each.example.site else _count(each.sites, "site")
    return (
        f'<a href="#cause-{each.cause.id}">{_text(each.cause.title)}</a> · {sites} · as on {_link(each.example.page)}'
    )


def _worst(figures: Figures) -> Iterator[str]:
    yield '<section aria-labelledby="worst">\n<h2 id="worst">Pages with most defects</h2>\n'
    yield '<div class="wide"><table class="rows">\n'
    yield '<thead><tr><th>Page</th><th>language</th><th>date</th><th class="n">words</th><th class="n">defects</th>'
    yield "<th>most of them</th></tr></thead>\n<tbody>\n"
    for each in figures.worst:
        yield (
            f'<tr><th scope="row">{_link(each.page)}</th><td>{_tongue(each.language)}</td><td>{each.date or "–"}</td>'
            f'<td class="n">{_number(each.words)}</td><td class="n">{_number(each.defects)}</td>'
            f"<td>{_text(each.cause.title)}</td></tr>\n"
        )
    yield "</tbody>\n</table></div>\n</section>\n"


def _trust(figures: Figures) -> Iterator[str]:
    yield '<section aria-labelledby="trust">\n<h2 id="trust">How far to trust these figures</h2>\n'
    expected = sum(each.expected for each in figures.causes)
    if figures.audit:
        yield f"<p>{_audited(figures.audit)}</p>\n"
    elif figures.all.defects:
        yield (
            f"<p>By the calibrated confidence of each finding, about <b>{_number(round(expected))}</b> "
            f"({_percent(expected / figures.all.defects)}) of the defects are right. What was overlooked is not in "
            "these figures. To know both for this archive, label a sample: <code>qa archive sample</code>, then "
            "<code>qa archive audit</code>.</p>\n"
        )
    yield (
        "<p>Intervals are at 95 % and take pages, not words, as what varies: a page has many defects or none. They say "
        "how well these pages tell the rate of the process that made them; the archive itself was counted whole. "
        "Shares of pages have Wilson's interval.</p>\n</section>\n"
    )


def _audited(audit: Mapping[str, Any]) -> str:
    precision, total = (Estimate(**audit[name]) for name in ("precision", "true_defects"))
    text = (
        f"People labelled {_count(audit['labelled'], 'finding')} of this archive: "
        f"<b>{_percent(precision.value)}</b> are right (95 % interval {_range(precision, percent=True)}), "
        f"which makes about <b>{_number(round(total.value))}</b> true defects among those found "
        f"({_number(round(total.low))}–{_number(round(total.high))})."
    )
    if audit.get("all_defects"):
        everything = Estimate(**audit["all_defects"])
        text += (
            f" With what was overlooked on {_count(audit['pages'], 'page')} read in full, the archive has about "
            f"<b>{_number(round(everything.value))}</b> "
            f"({_number(round(everything.low))}–{_number(round(everything.high))})."
        )
    return text


def _unjudged(figures: Figures) -> Iterator[str]:
    total = figures.records - figures.all.pages
    if not total:
        return
    yield '<section aria-labelledby="unjudged">\n<h2 id="unjudged">What was not judged</h2>\n'
    yield f"<p>{_number(total)} of {_count(figures.records, 'record')} are in no figure above.</p>\n"
    yield '<table class="rows">\n<thead><tr><th>Reason</th><th>state</th><th class="n">records</th></tr></thead>\n'
    yield "<tbody>\n"
    for each in figures.unjudged:
        reason = _text(each.reason) or "<i>none given</i>"
        row = f'<th scope="row">{reason}</th><td>{_text(each.status)}</td><td class="n">{_number(each.records)}</td>'
        yield f"<tr>{row}</tr>\n"
    yield "</tbody>\n</table>\n</section>\n"


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _prose(text: str) -> str:
    """A text of ours, with `code` in it."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _text(text))


def _link(page: str) -> str:
    if not page.startswith(("http://", "https://")):
        return f"<span>{_text(page)}</span>"
    return f'<a href="{_text(page)}" rel="noreferrer">{_text(page.split("://", 1)[1])}</a>'


def _tongue(code: str) -> str:
    return language(code).name if code in codes() else _text(code)


def _lower(title: str) -> str:
    return _text(title[0].lower() + title[1:])


def _listed(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def _number(count: int) -> str:
    return f"{count:,}"


def _count(count: int, what: str) -> str:
    return f"{_number(count)} {what}" + ("" if count == 1 else "s")


def _short(count: int) -> str:
    """A large number in three digits."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if count >= size:
            return f"{count / size:.3g} {name}"
    return _number(count)


def _rate(value: float) -> str:
    """A rate in two digits at least."""
    if 0 < value < 0.095:
        return f"{value:.{1 - math.floor(math.log10(value))}f}"
    return f"{value:.2f}" if 0 < value < 9.995 else f"{value:,.1f}"


def _percent(value: float) -> str:
    if 0 < value < 0.001:
        return "< 0.1 %"
    return f"{100 * value:.1f} %" if value < 0.1 and value else f"{100 * value:.0f} %"


def _times(value: float) -> str:
    return f"{value:.1f} times" if value < 9.95 else f"{value:.0f} times"


def _range(figure: Estimate, *, percent: bool = False) -> str:
    if percent:
        return f"{100 * figure.low:.1f}–{100 * figure.high:.1f} %"
    return f"{_rate(figure.low)}–{_rate(figure.high)}"
