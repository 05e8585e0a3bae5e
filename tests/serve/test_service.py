"""The API of /v1 over the wire, and the functions behind it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from server import ROOT, Server

from qa.checker import Options, check_document
from qa.readers import read
from qa.serve import wire, work
from qa.serve.openapi import document
from qa.serve.partial import check_until
from qa.serve.utf16 import Utf16

SLOT = "Il y a 50 XNUMX soldats en Pologne."
TWICE = "Elle ouvre la la porte."


def found(answer, name="text"):
    return answer["fields"][name]["findings"]


def check(server, value, status=200):
    response = server.post("/v1/check", value)
    assert response.status_code == status, response.text
    return response.json()


def fix(server, value, status=200):
    response = server.post("/v1/fix", value)
    assert response.status_code == status, response.text
    return response.json()


# ---- checking ----


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("text", SLOT),
        ("html", f"<p>Il y a <b>50</b> XNUMX soldats &eacute;puis&eacute;s.</p><p>{SLOT}</p>"),
        ("markdown", f"# Un\n\n{SLOT}"),
    ],
)
def test_offsets_lead_to_the_text_in_either_unit(server, key, text):
    sent = "🎉 " + text if key == "text" else text.replace("<p>Il y", "<p>🎉 Il y").replace("# Un", "# Un 🎉")
    answer = check(server, {key: sent, "language": "fr"})
    assert answer["fields"]["text"]["syntax"] == key
    assert found(answer)
    for each in found(answer):
        assert sent[each["start"] : each["end"]] == each["text"]
        units = sent.encode("utf-16-le")
        assert units[2 * each["utf16_start"] : 2 * each["utf16_end"]].decode("utf-16-le") == each["text"]
        assert each["utf16_start"] == each["start"] + sent[: each["start"]].count("🎉")


def test_the_answer_is_that_of_the_command_line(server):
    text = (ROOT / "samples" / "trump-poutine.fr.txt").read_text(encoding="utf-8")
    answer = check(server, {"text": text})
    own = check_document(read(text, "text"), Options())
    assert [(each["rule"], each["start"], each["end"]) for each in found(answer)] == [
        (each.rule, each.span.start, each.span.end) for each in own.diagnostics
    ]
    assert (answer["gate"], answer["reasons"][0]["code"], answer["fields"]["text"]["language"]) == (
        "block",
        "severity",
        "fr",
    )


def test_named_fields_come_back_in_order_and_in_the_language_of_the_longest(server):
    body = "<p>Le ministre a répondu hier aux questions des députés sur la réforme. " + TWICE + "</p>"
    answer = check(
        server, {"fields": {"title": "50 XNUMX hommes", "body": {"html": body}, "empty": "", "z": {"markdown": "*"}}}
    )
    assert list(answer["fields"]) == ["title", "body", "empty", "z"]
    assert [answer["fields"][name]["language"] for name in ("title", "body", "empty")] == ["fr", "fr", None]
    assert [each["rule"] for each in found(answer, "title")] == ["number-slot"]
    assert [each["rule"] for each in found(answer, "body")] == ["repeated-word"]
    assert not answer["incomplete"]


def test_a_reason_names_the_findings_it_speaks_of(server):
    answer = check(server, {"fields": {"a": SLOT, "b": TWICE}, "language": "fr"})
    block, _, warn = answer["reasons"]
    assert block["fingerprints"] == [found(answer, "a")[0]["fingerprint"]]
    assert warn["fingerprints"] == [found(answer, name)[0]["fingerprint"] for name in "ab"]


def test_an_ignored_finding_stays_ignored_when_the_text_moves(server):
    first = found(check(server, {"text": SLOT, "language": "fr"}))[0]["fingerprint"]
    moved = f"Une phrase de plus.\n\n{SLOT}\n\nEt encore une."
    answer = check(server, {"text": moved, "language": "fr", "ignored": [first]})
    assert (answer["gate"], found(answer)) == ("pass", [])
    assert [each["fingerprint"] for each in answer["fields"]["text"]["ignored"]] == [first]


def test_what_the_request_says_of_rules_and_words_holds(server):
    text = f"{SLOT} {TWICE}"

    def rules(**more):
        return [each["rule"] for each in found(check(server, {"text": text, "language": "fr", **more}))]

    assert rules() == ["number-slot", "repeated-word"]
    assert rules(select=["repeated-word"]) == ["repeated-word"]
    assert rules(ignore=["category:number-placeholder"]) == ["repeated-word"]
    assert rules(min_confidence=1) == []
    assert rules(words=["la la"]) == ["number-slot"]


def test_a_text_in_no_known_language_is_said_to_be_unjudged(server):
    answer = check(server, {"text": "Qwrt zxcv bnmp lkjh gfds."})
    assert (answer["gate"], answer["reasons"][0]["code"]) == ("warn", "unjudged")
    assert answer["fields"]["text"]["skipped"][0]["reason"].startswith("language unknown")


def test_the_same_request_gets_the_same_answer_and_only_once_work(server):
    value = {"text": f"{TWICE} {SLOT}", "language": "fr"}
    first, second = server.post("/v1/check", value), server.post("/v1/check", value)
    assert (first.headers["qa-cache"], second.headers["qa-cache"]) == ("miss", "hit")
    assert first.content == second.content


# ---- repairing ----


def test_only_what_was_chosen_is_repaired(server):
    html = f'<p class="a"  >{SLOT}\r\n</p >\n<!-- x --><p>{TWICE} &amp; caetera, de <i>entamer</i>.'
    names = {each["rule"]: each["fingerprint"] for each in found(check(server, {"html": html, "language": "fr"}))}
    answer = fix(server, {"html": html, "language": "fr", "apply": [names["repeated-word"], "elision:0"]})
    field = answer["fields"]["text"]
    assert field["text"] == html.replace("la la", "la")
    assert (field["applied"], field["changed"], answer["unknown"]) == ([names["repeated-word"]], True, ["elision:0"])
    assert [each["rule"] for each in found(answer["check"])] == [rule for rule in names if rule != "repeated-word"]


def test_safe_repairs_are_those_of_the_fixer_and_leave_out_what_is_ignored(server):
    value = {"fields": {"a": SLOT, "b": TWICE}, "language": "fr"}
    answer = fix(server, {**value, "apply": "safe"})
    assert answer["fields"]["a"]["text"] == SLOT.replace("50 XNUMX", "50\u202f000")
    assert answer["fields"]["b"] == {"syntax": "text", "text": TWICE, "changed": False, "applied": [], "refused": []}
    ignored = [found(check(server, value), "a")[0]["fingerprint"]]
    assert fix(server, {**value, "apply": "safe", "ignored": ignored})["fields"]["a"]["changed"] is False


def test_another_suggestion_can_be_chosen(server):
    text = "Elle ouvre la la porte. Les soldats ont a frappé la ville."
    several = next(
        (e for e in found(check(server, {"text": text, "language": "fr"})) if len(e["suggestions"]) > 1), None
    )
    assert several, "the text must have a finding with two suggestions"
    apply = [{"fingerprint": several["fingerprint"], "suggestion": 1}]
    answer = fix(server, {"text": text, "language": "fr", "apply": apply})["fields"]["text"]
    assert answer["text"] == text[: several["start"]] + several["suggestions"][1] + text[several["end"] :]
    apply[0]["suggestion"] = 99
    answer = fix(server, {"text": text, "language": "fr", "apply": apply})["fields"]["text"]
    assert (answer["text"], answer["refused"][0]["reason"]) == (text, "it has no such suggestion")


# ---- deadlines ----


def test_a_check_that_is_never_late_is_the_whole_check():
    for file in [ROOT / "samples" / "trump-poutine.fr.txt", *(ROOT / "samples" / "clean").glob("*.md")]:
        page = read(file.read_text(encoding="utf-8"), "auto")
        assert check_until(page, Options(), lambda: False) == (check_document(page, Options()), True)


def test_a_check_that_runs_late_keeps_the_first_paragraphs():
    page = read("\n\n".join([SLOT, TWICE, SLOT]), "text")
    whole = [each.span for each in check_document(page, Options(language="fr")).diagnostics]
    ends = []
    for patience in range(80):
        left = iter(range(patience))
        result, complete = check_until(page, Options(language="fr"), lambda left=left: next(left, None) is None)
        assert [each.span for each in result.diagnostics] == whole[: len(result.diagnostics)]
        assert complete == (len(result.diagnostics) == 3)
        assert complete or result.skipped[-1][1] == "out of time"
        ends.append(len(result.diagnostics))
    assert ends == sorted(ends)
    assert set(ends) == {0, 1, 2, 3}


def test_an_answer_cut_off_at_its_deadline_says_so(server):
    text = "\n\n".join(f"{number} {SLOT}" for number in range(4000))
    answer = check(server, {"fields": {"a": text, "b": TWICE}, "language": "fr", "deadline_ms": 150})
    assert answer["incomplete"]
    assert answer["gate"] == "block" or [each["code"] for each in answer["reasons"]] == ["incomplete"]
    assert [each["complete"] for each in answer["fields"].values()] == [False, False]
    assert len(found(answer, "a")) < 4000
    again = server.post("/v1/check", {"fields": {"a": text, "b": TWICE}, "language": "fr", "deadline_ms": 150})
    assert again.headers["qa-cache"] == "miss"


def test_repairs_for_which_there_is_no_time_change_nothing():
    request = wire.FixRequest(fields={"a": SLOT}, language="fr", apply="safe")
    answer = work.fix(request, work.Setup(), lambda: True)
    assert (answer.incomplete, answer.fields["a"].text, answer.fields["a"].changed) == (True, SLOT, False)


# ---- refusals ----


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b'{"text": "\xff"}', "malformed_json"),
        (b'{"text": "\\ud800"}', "malformed_json"),
        (b"\xef\xbb\xbf{}", "malformed_json"),
        (b"[" * 100_000, "invalid_request"),
        (b'{"text": "a", "deadline_ms": NaN}', "malformed_json"),
        (b"[]", "invalid_request"),
        (b"{}", "invalid_request"),
        (b'{"text": "a", "html": "b"}', "invalid_request"),
        (b'{"text": "a", "fields": {}}', "invalid_request"),
        (b'{"fields": {"a": {}}}', "invalid_request"),
        (b'{"fields": {"": "a"}}', "invalid_request"),
        (b'{"fields": {"a": {"txt": "b"}}}', "invalid_request"),
        (b'{"text": "a", "lang": "fr"}', "invalid_request"),
        (b'{"text": "a", "language": "xx"}', "invalid_request"),
        (b'{"text": "a", "source_language": "the original"}', "invalid_request"),
        (b'{"text": "a", "select": ["elison"]}', "invalid_request"),
        (b'{"text": "a", "deadline_ms": 0}', "invalid_request"),
        (b'{"text": "a", "language": "f\\n"}', "invalid_request"),
        (b'{"text": 3}', "invalid_request"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(server, body, code):
    response = server.client.post("/v1/check", content=body)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, code), error
    assert re.fullmatch(r"[A-Z].*[.?]", error["message"], re.DOTALL)


def test_unknown_addresses_and_methods_are_refused_in_kind(server):
    assert server.client.get("/v1/nothing").json()["error"]["code"] == "not_found"
    response = server.client.get("/v1/check")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["error"]["code"] == "method_not_allowed"
    assert server.client.get("/v2/nothing").text == "Error: Not Found."


# ---- the rest of the server ----


def test_its_state_its_figures_and_its_log_are_told():
    with Server("--workers", "1") as server:
        check(server, {"text": SLOT, "language": "fr"})
        server.post("/v1/check", {"text": SLOT, "language": "fr"}, headers={"x-request-id": "abc-1"})
        assert server.client.get("/healthz").json() == {"status": "ok"}
        assert server.client.get("/readyz").json() == {"ready": True, "workers": 1, "waiting": 0}
        assert server.metric("qa_requests_total") >= 4
        assert server.metric("qa_findings_total") == 1
        assert server.metric("qa_cache_total") == 2
        [line] = [each for each in server.events() if each.get("request") == "abc-1"]
        assert {key: line[key] for key in ("event", "level", "method", "path", "status", "cache")} == {
            "event": "request", "level": "info", "method": "POST", "path": "/v1/check", "status": 200, "cache": "hit",
        }  # fmt: skip
        assert "soldats" not in server.log()
    assert server.status == 0


def test_the_policy_of_the_configuration_holds():
    with Server("--workers", "1", config="[gate]\nblock-severity = 'never'\nblock-score = 0\n") as server:
        assert check(server, {"text": SLOT, "language": "fr"})["gate"] == "warn"
        assert server.client.get("/v1/policy").json()["block-severity"] == "never"


def test_only_named_sites_may_call_from_a_browser():
    origin = {"origin": "https://cms.example"}
    with Server("--workers", "1", "--cors", "https://cms.example") as server:
        asked = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization"}
        assert (
            server.client.options("/v1/check", headers=asked).headers["access-control-allow-origin"] == origin["origin"]
        )
        asked["origin"] = "https://other.example"
        assert "access-control-allow-origin" not in server.client.options("/v1/check", headers=asked).headers
        answer = server.post("/v1/check", {"text": "a"}, headers=origin)
        assert answer.headers["access-control-allow-origin"] == origin["origin"]


def test_a_port_that_is_taken_is_one_sentence(server):
    from test_cli import qa

    done = qa("serve", "--port", str(server.port))
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(r"qa: cannot listen on 127.0.0.1 port \d+: .*\n", done.stderr.decode())


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path):
    from test_cli import qa

    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError('gone', name='starlette')\n", encoding="utf-8")
    done = qa("serve", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (done.returncode, done.stderr.decode()) == (2, "qa: `qa serve` needs its extra: pip install 'mtqa[serve]'\n")


def test_utf16_counts_as_utf16_does():
    text = "a🎉é\U00010000𝄞b\uffffc"
    units = Utf16(text)
    assert [units.offset(n) for n in range(len(text) + 1)] == [
        len(text[:n].encode("utf-16-le")) // 2 for n in range(len(text) + 1)
    ]


# ---- the documents ----

PAGE = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def steady(value):
    """Without what changes from one measurement to the next."""
    text = re.sub(r"qa\|rules:[^\"]*", "SIGNATURE", json.dumps(value))
    return json.loads(re.sub(r'("confidence": )[\d.]+', r"\g<1>1", text))


def test_the_documented_answers_are_the_servers(server):
    asked, answered, fix_asked, fix_answered = BLOCKS
    assert steady(check(server, asked)) == steady(answered)
    repaired = fix(server, fix_asked)
    assert steady({**repaired, "check": {}}) == steady(fix_answered)


def test_answers_are_what_the_schema_says(server):
    schemas = document()["components"]["schemas"]
    for name, value in zip(("CheckRequest", "CheckResponse", "FixRequest", "FixResponse"), BLOCKS, strict=True):
        if name == "FixResponse":
            value = fix(server, BLOCKS[2])
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        assert list(jsonschema.Draft202012Validator(schema).iter_errors(value)) == [], name


def test_every_refusal_is_documented():
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(ROOT, "qa", "serve").glob("*.py")))
    codes = {code for status, code in re.findall(r'Refusal\(\s*(\d+), "(\w+)"', source) if status != "499"}
    codes -= {"bad_request", "text_too_long", "client_gone"}  # of the other protocol, or never seen
    assert codes <= set(re.findall(r"`(\w+)`", PAGE)), codes
