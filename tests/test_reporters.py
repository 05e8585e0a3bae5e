"""Every reporter over the same awkward files: what it writes is well-formed, complete and exact."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import BadConfiguration
from qa.finding import Diagnostic, Edit, Fix, Safety, Severity
from qa.lines import Lines
from qa.report import Checked
from qa.reporters import Context, formats, reporter
from qa.reporters._screen import columns, excerpt, harmless
from qa.rewrite import apply
from qa.rules import registry
from qa.text import Span

SCHEMA = json.loads((Path(__file__).parents[1] / "qa/reporters/report.schema.json").read_text(encoding="utf-8"))
CONTEXT = Context("qa|rules:1@0|v:0", width=80)
RULES = [name for name in registry() if name != "unused-suppression"]


def diagnostic(
    text, start, end, *suggestions, rule=RULES[0], severity=Severity.MAJOR, safety=Safety.REVIEW, message=None
):
    marked = text[start:end]
    return Diagnostic(
        rule=rule,
        category="repeated-word",
        severity=severity,
        confidence=0.9,
        span=Span(start, end),
        text=marked,
        message=message or f"“{marked}” is wrong: 100 %, really.\nSecond line.",
        fixes=tuple(Fix(f"write {new}", (Edit(Span(start, end), new),), safety) for new in suggestions),
        suggestions=suggestions,
    )


def marked(text, *pairs, **more):
    """A file in which each piece of text is found, with its suggestions."""
    found, last = [], 0
    for piece, *suggestions in pairs:
        start = text.index(piece, last)
        last = start + len(piece)
        found.append(diagnostic(text, start, last, *suggestions, **more))
    return Checked("docs/été 100%.txt", text, "text", "fr", tuple(found))


PLAIN = marked("Elle ouvre la la porte.\nEt la la fenêtre.\n", ("la la", "la"), ("la la", "la", "l'une"))
AWKWARD = marked(
    "👩‍🚀 <b>\"x\" & 'y'</b>\r\nligne deux\rla la\u202e fin\x1b[31m rouge\x00\r\n漢字かな la\r\nla fin % :,;]]> --> ",
    ("<b>", ""),
    ("y", "z<&>\"'"),
    ("la la", "la"),
    ("rouge", "vert"),
    ("かな", "カナ"),
    ("la\r\nla", "la"),
    (" % :,;]]>", " %0A::error::,:"),
)
HALF = marked("un \ud800 demi", ("\ud800", "?"))
MISSING = Checked("b.txt", "ab cd", "text", "fr", (diagnostic("ab cd", 2, 2, ","), diagnostic("ab cd", 5, 5, ".")))
NOTE = marked("note la la", ("la la",), severity=Severity.INFO)
CLEAN = Checked("clean.txt", "Tout va bien.", "text", "fr")
UNREAD = Checked("lost.txt", problem="No such file or directory")
PARTLY = Checked("ja.html", "<p lang=ja>…</p>", "html", "fr", left_out=("no data for language 'ja'",))
ALL = [PLAIN, AWKWARD, HALF, MISSING, NOTE, CLEAN, UNREAD, PARTLY]


def rendered(name, files, context=CONTEXT):
    return "".join(reporter(name)(iter(files), context))


@pytest.mark.parametrize("name", formats())
def test_every_format_renders_awkward_files_and_none(name):
    assert rendered(name, ALL) == rendered(name, ALL)
    rendered(name, ALL).encode("utf-8", "backslashreplace")  # as it is written to a file or the screen
    assert bool(rendered(name, [])) == (name != "github")


@pytest.mark.parametrize("name", ["gitlab", "json", "jsonl", "junit", "rdjson", "sarif"])
def test_structured_formats_can_be_written_as_utf_8(name):
    assert rendered(name, ALL).encode("utf-8").decode("utf-8") == rendered(name, ALL)


def test_an_unknown_format_is_named():
    with pytest.raises(BadConfiguration, match=r"'yaml'.*choose one of"):
        reporter("yaml")


def test_json_keeps_its_contract():
    report = json.loads(rendered("json", ALL))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(report, SCHEMA)
    assert [file["path"] for file in report["files"]] == [file.path for file in ALL if file is not UNREAD]
    assert report["skipped"] == [
        {"path": "lost.txt", "reason": "No such file or directory"},
        {"path": "ja.html", "reason": "no data for language 'ja'"},
    ]
    for file, source in zip(report["files"], [file for file in ALL if file is not UNREAD], strict=True):
        for finding in file["findings"]:
            assert source.text[finding["start"] : finding["end"]] == finding["text"]
            lines = re.split(r"\r\n|\r|\n", source.text)
            line = lines[finding["line"] - 1]
            assert line[finding["column"] - 1 :].startswith(re.split(r"[\r\n]", finding["text"])[0])


def test_the_schema_refuses_other_keys_and_categories():
    report = json.loads(rendered("json", [PLAIN]))
    report["files"][0]["findings"][0]["extra"] = 1
    with pytest.raises(jsonschema.ValidationError, match="extra"):
        jsonschema.validate(report, SCHEMA)
    del report["files"][0]["findings"][0]["extra"]
    report["files"][0]["findings"][0]["category"] = "style"
    with pytest.raises(jsonschema.ValidationError, match="style"):
        jsonschema.validate(report, SCHEMA)


def test_the_schema_knows_the_categories_of_the_rules():
    from qa.rule import CATEGORIES

    assert tuple(SCHEMA["$defs"]["finding"]["properties"]["category"]["enum"]) == CATEGORIES


def test_jsonl_has_the_findings_of_json():
    head, *lines = map(json.loads, rendered("jsonl", ALL).splitlines())
    assert head == {"version": 1, "signature": CONTEXT.signature}
    report = json.loads(rendered("json", ALL))
    findings = [
        {"path": file["path"], "language": file["language"], **finding}
        for file in report["files"]
        for finding in file["findings"]
    ]
    assert [line for line in lines if "rule" in line] == findings
    assert [line for line in lines if "rule" not in line] == report["skipped"]


def offset(text, line, column):
    """The offset of a place that counts code points from 1 (an independent reading of SARIF)."""
    ends = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    return ends[line - 1] + column - 1


def test_sarif_has_what_the_standard_asks_for():
    log = json.loads(rendered("sarif", ALL))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(registry())
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    sources = {"docs/%C3%A9t%C3%A9%20100%25.txt": None, "b.txt": MISSING}
    results = iter(run["results"])
    for file in ALL:
        for found in file.diagnostics:
            result = next(results)
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == found.rule
            assert result["level"] in ("error", "warning", "note")
            assert result["message"]["text"] == found.message
            (location,) = result["locations"]
            place = location["physicalLocation"]
            assert place["artifactLocation"]["uri"] in sources
            region = place["region"]
            start = offset(file.text, region["startLine"], region["startColumn"])
            end = offset(file.text, region["endLine"], region["endColumn"])
            assert (start, end) == (found.span.start, found.span.end)
            fixed = [fixed_by(file.text, fix) for fix in result.get("fixes", [])]
            assert fixed == [apply(file.text, fix.edits) for fix in found.fixes]
    assert next(results, None) is None
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [notice["level"] for notice in invocation["toolExecutionNotifications"]] == ["error", "warning"]


def fixed_by(text, fix):
    """The text after a SARIF fix, which is carried out from the end."""
    (change,) = fix["artifactChanges"]
    assert fix["description"]["text"]
    for replacement in reversed(change["replacements"]):
        region = replacement["deletedRegion"]
        start = offset(text, region["startLine"], region["startColumn"])
        end = offset(text, region["endLine"], region["endColumn"])
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    return text


def test_sarif_fingerprints_tell_the_findings_of_a_file_apart():
    log = json.loads(rendered("sarif", [AWKWARD]))
    names = [result["partialFingerprints"]["qa/v1"] for result in log["runs"][0]["results"]]
    assert len(set(names)) == len(names) == len(AWKWARD.diagnostics)


def test_github_commands_stay_on_their_line_and_can_be_read_back():
    lines = rendered("github", ALL).split("\n")
    assert lines.pop() == ""
    assert len(lines) == sum(len(file.diagnostics) for file in ALL) + 2
    commands = [re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line) for line in lines]
    assert all(commands)
    for command, found in zip(commands, [d for file in ALL for d in file.diagnostics], strict=False):
        properties = dict(part.split("=") for part in command[2].split(","))
        assert properties["title"] == f"qa%3A {found.rule}"
        message = command[3].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        assert message.startswith(f"{found.message} ({found.text})")


def test_gitlab_wants_unique_fingerprints_and_its_severities():
    issues = json.loads(rendered("gitlab", ALL))
    assert len(issues) == sum(len(file.diagnostics) for file in ALL)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {issue["severity"] for issue in issues} <= {"info", "minor", "major", "critical", "blocker"}
    assert issues[1]["location"] == {"path": "docs/été 100%.txt", "lines": {"begin": 2, "end": 2}}


def test_rdjson_counts_bytes():
    report = json.loads(rendered("rdjson", [AWKWARD]))
    data = AWKWARD.text.encode("utf-8")
    starts = [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", data))]
    for found, entry in zip(AWKWARD.diagnostics, report["diagnostics"], strict=True):
        place = entry["location"]["range"]
        start, end = (starts[place[at]["line"] - 1] + place[at]["column"] - 1 for at in ("start", "end"))
        assert data[start:end].decode("utf-8") == found.text
        assert [each["text"] for each in entry["suggestions"]] == list(found.suggestions)
        assert all(each["range"] == place for each in entry["suggestions"])


def test_junit_is_xml_whose_counts_are_right():
    suites = ElementTree.fromstring(rendered("junit", ALL).encode("utf-8"))
    assert [suite.get("name") for suite in suites] == [file.path for file in ALL]
    for suite, file in zip(suites, ALL, strict=True):
        defects = [each for each in file.diagnostics if each.severity is not Severity.INFO]
        assert int(suite.get("tests")) == len(suite) == max(1, len(defects))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == len(defects)
        assert int(suite.get("errors")) == len(suite.findall("testcase/error")) == (file is UNREAD)


class Page(HTMLParser):
    """The page's ids, links and the text it shows of the checked files."""

    VOID = frozenset({"meta", "br", "i"})

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.tags, self.shown, self.open = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [
            value for name, value in attributes if name in ("href", "src", "aria-describedby", "aria-labelledby")
        ]
        if tag != "meta":
            self.open.append((tag, given.get("class", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        classes = [name for _, name in self.open]
        inside = any(name.startswith("text") for name in classes)
        hidden = "tip" in classes or any(tag in ("sup", "summary") for tag, _ in self.open)
        if inside and not hidden:
            self.shown.append(data)


def page(files):
    parser = Page()
    parser.feed(rendered("html", files))
    parser.close()
    assert parser.open == []
    return parser


def test_html_is_whole_and_needs_nothing_else():
    parser = page(ALL)
    assert len(set(parser.ids)) == len(parser.ids)
    assert all(link.lstrip("#") in parser.ids for link in parser.links)
    assert not {"script", "img", "link", "iframe"} & set(parser.tags)
    assert not re.search(r"https?:|url\(|@import", rendered("html", ALL))
    count = sum(len(file.diagnostics) for file in ALL)
    assert [f"m{number}" for number in range(1, count + 1)] == [
        name for name in parser.ids if re.fullmatch(r"m\d+", name)
    ]


@pytest.mark.parametrize("file", [PLAIN, AWKWARD, MISSING], ids=["plain", "awkward", "missing"])
def test_html_shows_the_text_as_it_is(file):
    shown = "".join(page([file]).shown)
    harmless_text = re.sub("[\x00\x1b]", "\ufffd", file.text)
    assert re.sub(r"[\r\n]", "", shown) == re.sub(r"[\r\n]", "", harmless_text)


def test_html_folds_long_quiet_stretches():
    text = "\n".join(["la la", *(f"ligne {number}" for number in range(40)), "la la"])
    html = rendered("html", [marked(text, ("la la", "la"), ("la la", "la"))])
    assert "36 lines without findings" in html
    assert "ligne 39" in html


def test_text_underlines_what_was_found():
    lines = rendered("text", [PLAIN]).splitlines()
    assert lines[0].startswith("docs/été 100%.txt:1:12  ")
    assert lines[1] == "    1 │ Elle ouvre la la porte."
    assert lines[2] == "      │            ^^^^^ la"
    assert "or: l'une" in "\n".join(lines)
    assert lines[-1] == "2 defects in 1 file, 2 by `qa fix --unsafe`."


def test_text_never_obeys_the_text():
    shown = rendered("text", [AWKWARD])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", shown)
    coloured = rendered("text", [AWKWARD], Context("qa", colour=True, width=80))
    assert re.sub(r"\x1b\[[0-9;]+m", "", coloured) == shown


def test_text_summary_tells_safe_repairs_notes_and_skipped_files_apart():
    safe = marked("la la", ("la la", "la"), safety=Safety.SAFE)
    last = rendered("text", [safe, PLAIN, NOTE, CLEAN, UNREAD]).splitlines()[-1]
    assert last == (
        "3 defects in 2 of 4 files, 1 repaired by `qa fix`, 2 more by `qa fix --unsafe`. 1 note. 1 file skipped."
    )
    assert rendered("text", [CLEAN]) == "No defects found in 1 file.\n"


LETTERS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=300)


@given(line=LETTERS, start=st.integers(0, 300), length=st.integers(0, 60), width=st.integers(12, 60))
def test_an_excerpt_fits_and_shows_its_mark(line, start, length, width):
    start = min(start, len(line))
    end = min(start + length, len(line))
    text = f"ligne avant\n{line}\nligne après"
    shown = excerpt(text, Span(12, 12 + len(line)), Span(12 + start, 12 + end), width)
    assert columns(shown.before) + columns(shown.marked) + columns(shown.after) <= width
    whole = harmless(line[start:end])
    assert shown.marked == whole or shown.marked.endswith("…")
    assert harmless(line[:start]).endswith(shown.before.lstrip("…"))
    assert harmless(line[end:]).startswith(shown.after.rstrip("…"))


def test_a_mark_over_several_lines_is_shown_with_the_first():
    text = "un la\nla fin"
    shown = excerpt(text, Span(0, 5), Span(3, 8), 60)
    assert (shown.before, shown.marked, shown.after) == ("un ", "la…", "")


def test_excerpts_of_lines_like_books_are_quick():
    text = ("mot " * 1_000_000 + "\r\n") * 3
    file = Checked(
        "a.txt", text, "text", "fr", tuple(diagnostic(text, at, at + 3, "x") for at in range(0, 12_000_000, 6000))
    )
    began = time.perf_counter()
    assert rendered("text", [file]).count("^^^ x") == 2000
    assert time.perf_counter() - began < 10


def test_lines_end_as_files_end_them():
    lines = Lines("a\nbc\r\nd\re\n")
    assert [(lines.start(n), lines.end(n)) for n in range(1, len(lines) + 1)] == [
        (0, 1),
        (2, 4),
        (6, 7),
        (8, 9),
        (10, 10),
    ]
    assert [lines.position(at) for at in (0, 1, 2, 5, 6, 10)] == [(1, 1), (1, 2), (2, 1), (2, 4), (3, 1), (5, 1)]
