"""The report of an archive: its figures, its tables, and the page that people read."""

from __future__ import annotations

import csv
import datetime
import json
import random
import re
import shutil
import zipfile
from io import BytesIO

import pytest
from archive_runs import finding, row, write_run

from qa.archive.report import export
from qa.archive.report.figures import figures
from qa.archive.report.intervals import Sums, rate, share
from qa.archive.report.page import page
from qa.archive.report.since import Month, change
from qa.archive.report.tables import NoRun
from qa.devtools.documents import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def elision(**values):
    return finding("elision", "de entamer", **{"category": "elision", "suggestion": "d'entamer", **values})


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Ten pages of two sites in two shards: one cause everywhere, one on one site since 2021, and a template."""
    shared = finding("fused-words", "fin.La", category="fused-words", suggestion="fin. La", safety="review")
    news = [row(f"n{n}", finding(start=n), shared) for n in range(6)]
    shop = [
        row(
            f"s{n}",
            elision(boundary=n % 2 == 0, before=f"Page {n} ", severity="minor"),
            finding("typography", "...", category="typography", severity="info"),
            site="shop.example",
            url=None,
            language="it",
            date=datetime.date(2021, 3, 1 + n),
            words=50,
        )
        for n in range(4)
    ]
    others = [
        row(
            "bad", words=0, status="quarantined", reason="it took longer than 60 s", language=None, date=None, site=None
        ),
        row("odd", words=9, status="skipped", reason="language unknown", language=None),
        row("clean", words=200, date=None, site=None, url=None),
    ]
    return figures(write_run(tmp_path_factory.mktemp("small") / "run", news, shop + others))


def test_the_whole(small):
    assert (small.records, small.all.pages, small.all.words) == (13, 11, 1000)
    assert (small.all.defects, small.all.affected) == (16, 10)
    assert small.all.rate.value == pytest.approx(16.0)
    assert small.all.rate.low < 16 < small.all.rate.high
    assert (small.site_count, small.language_count) == (2, 2)
    assert (small.first, small.last) == (datetime.date(2020, 1, 1), datetime.date(2021, 3, 1))


def test_what_is_only_worth_knowing_is_no_defect(small):
    assert "typography" not in {each.name for each in small.rules}


def test_causes_come_with_what_they_are(small):
    first, second, *rest = small.causes
    assert {first.cause.id, second.cause.id} == {"number-grouping", "sentences-glued"}
    assert [each.cause.id for each in rest] == ["element-agreement", "elision-missing"]
    assert [each.group.defects for each in small.causes] == [6, 6, 2, 2]
    assert [each.freed for each in rest] == [2, 2]
    assert first.freed == 0  # each of these pages has both
    assert (first.in_templates, rest[0].in_templates) == (6, 0)
    assert rest[0].sites[0].name == "shop.example"
    assert rest[0].sites[0].times == pytest.approx((2 / 200) / (2 / 1000))


def test_paragraphs_of_templates(small):
    assert [(each.pages, each.defects) for each in small.templates] == [(6, 6), (6, 6)]


def test_what_was_not_judged_is_told(small):
    assert [(each.status, each.reason) for each in small.unjudged] == [
        ("quarantined", "it took longer than 60 s"),
        ("skipped", "language unknown"),
    ]


def test_groups_add_up(small):
    for groups in (small.sites, small.languages, small.months):
        assert sum(each.pages for each in groups) == small.all.pages
        assert sum(each.words for each in groups) == small.all.words
    for groups in (small.rules, small.categories, small.sites, small.languages, small.months):
        assert sum(each.defects for each in groups) == small.all.defects


def test_a_page_of_nothing_but_clean_pages(tmp_path):
    found = figures(write_run(tmp_path / "run", [row("a"), row("b", date=None)]))
    text = "".join(page(found))
    assert "0 defects on 0 of 2 pages" in text
    assert found.all.rate.high == pytest.approx(1000 * 3 / 200)


def test_a_folder_without_a_run(tmp_path):
    with pytest.raises(NoRun, match="holds no finished shard"):
        figures(str(tmp_path))


# Intervals


def test_wilson_is_wilson():
    # 10 of 20: a table value, Newcombe (1998).
    assert (round(share(10, 20).low, 4), round(share(10, 20).high, 4)) == (0.2993, 0.7007)
    assert share(0, 0).high == 1.0
    assert share(0, 10).low == 0.0


def test_the_interval_of_a_rate_is_that_of_a_bootstrap_by_page():
    rng = random.Random(5)
    pages = [(rng.randrange(50, 500), rng.choice((0, 0, 0, 1, 2, 9))) for _ in range(400)]

    def sums(drawn):
        return Sums(
            len(drawn),
            sum(w for w, _ in drawn),
            sum(d for _, d in drawn),
            sum(w * w for w, _ in drawn),
            sum(d * d for _, d in drawn),
            sum(w * d for w, d in drawn),
        )

    draws = sorted(rate(sums(rng.choices(pages, k=len(pages)))).value for _ in range(1000))
    found = rate(sums(pages))
    assert found.low == pytest.approx(draws[25], rel=0.05)
    assert found.high == pytest.approx(draws[975], rel=0.05)


# Since when


def months(*counts, words=100_000):
    return [Month(datetime.date(2015 + n // 12, n % 12 + 1, 1), count, words) for n, count in enumerate(counts)]


def test_a_cause_that_begins_is_dated():
    found = change(months(*[0] * 14, *[30] * 10))
    assert found is not None
    assert (found.month, found.before) == (datetime.date(2016, 3, 1), 0.0)
    assert found.earliest == found.latest == found.month


def test_a_beginning_that_is_not_certain_says_so():
    found = change(months(*[0] * 30, 0, 1, 0, 1, 2, 1, 0, 2, *[1] * 30))
    assert found is not None
    assert found.earliest < found.month <= found.latest


def test_a_cause_that_ends_is_dated():
    found = change(months(*[50] * 8, *[2] * 16))
    assert found is not None
    assert found.month == datetime.date(2015, 9, 1)
    assert found.after < found.before


def test_noise_is_no_beginning():
    rng = random.Random(3)
    assert change(months(*(rng.randrange(20, 41) for _ in range(120)))) is None
    assert change(months(5)) is None
    assert change([]) is None


# Tables


def test_tables_say_the_same_in_all_forms(small):
    tables = export.tables(small)
    told = json.loads(export.as_json(small))
    assert told["version"] == export.VERSION
    sheets = zipfile.ZipFile(BytesIO(export.as_xlsx(small)))
    names = re.findall(r'<sheet name="(\w+)"', sheets.read("xl/workbook.xml").decode())
    files = dict(export.as_csv(small))
    assert [f"{name}.csv" for name in names] == list(files)
    for name in names:
        rows = list(csv.DictReader(files[f"{name}.csv"].splitlines()))
        assert len(rows) == len(tables[name]) == len(told[name])
        assert list(rows[0]) == list(tables[name][0])
    assert [each["cause"] for each in told["causes"]] == [each.cause.id for each in small.causes]


def test_what_a_page_says_is_no_formula():
    assert export.csv_text([{"text": "=1+1", "n": -1}]) == "text,n\n'=1+1,-1\n"


# Recipes

RECIPES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "archive-report.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("recipe", RECIPES, ids=[str(n) for n in range(len(RECIPES))])
def test_recipes_run(recipe, tmp_path, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    others = [finding("typography", severity="critical") for _ in range(2)]
    write_run(tmp_path / "run1", [row("a", finding(), *others), row("b", declared="it-IT")])
    monkeypatch.chdir(tmp_path)
    assert duckdb.connect().execute(recipe).fetchall()


# The page


def test_the_page_needs_nothing_else(small):
    text = "".join(page(small))
    assert not re.search(r"<(?:script|link|img|iframe|object)\b|@import|url\(", text)
    assert "default-src 'none'" in text


def test_what_pages_say_is_shown_and_never_done(tmp_path):
    wicked = "<script>alert(1)</script>"
    found = figures(
        write_run(
            tmp_path / "run", [row("<b>", finding(text=wicked, before=wicked), url=None, site='"><i>', record="<b>")]
        )
    )
    text = "".join(page(found))
    assert (
        wicked not in text
        and "<b>" not in re.sub(r'<b class="stage">|<b>[\d.< &;lt%]+</b>', "", text).split("</style>")[1]
    )
    assert "&lt;script&gt;" in text


def test_an_address_that_is_no_web_page_is_no_link(tmp_path):
    found = figures(write_run(tmp_path / "run", [row("x", finding(), url="javascript:alert(1)")]))
    assert 'href="javascript' not in "".join(page(found))


def test_an_audit_is_told(small, tmp_path):
    run = tmp_path / "run"
    write_run(run, [row("x", finding())])
    estimate = {"value": 0.9, "low": 0.8, "high": 0.95}
    told = {"labelled": 12, "precision": estimate, "true_defects": {"value": 1, "low": 1, "high": 1}, "pages": 0}
    (run / "audit.json").write_text(json.dumps(told), encoding="utf-8")
    assert "labelled 12 findings" in "".join(page(figures(str(run))))


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_the_page(small, browser, tmp_path, scheme, width):
    file = tmp_path / "report.html"
    file.write_text("".join(page(small)), encoding="utf-8")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, java_script_enabled=False, offline=True
    )
    view, complaints = context.new_page(), []
    view.on("console", lambda message: complaints.append(message.text))
    view.on("requestfailed", lambda request: complaints.append(request.url))
    view.goto(file.as_uri())
    assert complaints == []
    assert view.locator("h1").inner_text() == "16 defects on 10 of 11 pages"
    assert view.locator(".cause").count() == 4
    assert view.locator("svg.timeline").is_visible()
    # Every chart has an extent, and nothing hangs out of the page.
    for chart in view.locator("svg").all():
        box = chart.bounding_box()
        assert box is None or (box["width"] > 20 and box["height"] > 5)
    assert view.locator("main").bounding_box()["width"] <= width
    assert view.locator(".tiles").bounding_box()["width"] <= width - 20
    context.close()


def test_the_page_is_dark_where_the_reader_wants_it(small, browser, tmp_path):
    file = tmp_path / "report.html"
    file.write_text("".join(page(small)), encoding="utf-8")
    seen = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        view = context.new_page()
        view.goto(file.as_uri())
        seen[scheme] = view.evaluate(
            """() => ['body', '.cause', '.fill'].map(name => {
                const style = getComputedStyle(document.querySelector(name));
                return name === '.fill' ? style.fill : style.backgroundColor;
            })"""
        )
        assert view.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()
    assert all(light != dark for light, dark in zip(seen["light"], seen["dark"], strict=True))


def test_a_run_that_lies_elsewhere(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    write_run(tmp_path / "run", [row("a", finding())], [row("b")])
    elsewhere = fsspec.filesystem("memory")
    elsewhere.put(str(tmp_path / "run"), "/reported", recursive=True)
    try:
        found = figures("memory://reported")
        assert (found.all.pages, found.all.defects) == (2, 1)
        assert found.run["signature"] == "qa|rules:test"
    finally:
        elsewhere.rm("/reported", recursive=True)
