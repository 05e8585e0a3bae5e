"""LanguageTool's wire protocol: its real clients, a VS Code client's bytes, and what broken requests get."""

from __future__ import annotations

import json
import socket
from urllib.parse import quote, urlencode

import pytest

from qa.serve import languagetool

SLOT = "Il y a 50 XNUMX soldats en Pologne."
TEXT = f"🎉 Voilà. {SLOT} Elle ouvre la la porte."
# The fields of https://languagetool.org/http-api/ and of the server's own JSON, none of which may be left out.
MATCH = {
    "message", "shortMessage", "replacements", "offset", "length", "context", "sentence", "type", "rule",
    "ignoreForIncompleteSentence", "contextForSureMatch",
}  # fmt: skip
ANSWER = {"software", "warnings", "language", "matches", "sentenceRanges", "extendedSentenceRanges"}
RULE = {"id", "subId", "description", "issueType", "urls", "category", "isPremium"}


def ask(server, status=200, **parameters):
    response = server.client.post("/v2/check", data=parameters)
    assert response.status_code == status, response.text
    return response.json() if status == 200 else response.text


def marked(text, answer):
    units = text.encode("utf-16-le")
    return [units[2 * m["offset"] : 2 * (m["offset"] + m["length"])].decode("utf-16-le") for m in answer["matches"]]


def test_all_fields_are_there_and_offsets_are_utf16(server):
    answer = ask(server, text=TEXT, language="fr")
    assert marked(TEXT, answer) == ["50 XNUMX", "la la"]
    assert set(answer) == ANSWER
    assert set(answer["language"]) == {"name", "code", "detectedLanguage"}
    assert set(answer["language"]["detectedLanguage"]) == {"name", "code", "confidence", "source"}
    for match in answer["matches"]:
        assert set(match) == MATCH
        assert set(match["rule"]) >= RULE
        context = match["context"]
        units = context["text"].encode("utf-16-le")
        shown = units[2 * context["offset"] : 2 * (context["offset"] + context["length"])].decode("utf-16-le")
        assert shown in ("50 XNUMX", "la la")
    assert [match["sentence"] for match in answer["matches"]] == [SLOT, "Elle ouvre la la porte."]
    units = TEXT.encode("utf-16-le")
    sentences = [units[2 * start : 2 * end].decode("utf-16-le") for start, end in answer["sentenceRanges"]]
    assert sentences == ["🎉 Voilà.", SLOT, "Elle ouvre la la porte."]


def test_get_and_post_answer_alike(server):
    by_get = server.client.get("/v2/check", params={"text": TEXT, "language": "fr"}).json()
    assert by_get == ask(server, text=TEXT, language="fr")


def test_the_language_is_found_and_the_preferred_variant_named(server):
    text = "Le ministre a répondu hier aux questions des députés sur la réforme de la santé."
    assert ask(server, text=text, language="auto")["language"]["code"] == "fr"
    language = ask(server, text=text, language="auto", preferredVariants="en-GB,fr-CA")["language"]
    assert (language["code"], language["name"]) == ("fr-CA", "French (Canada)")
    assert language["detectedLanguage"]["code"] == "fr-CA"
    assert ask(server, text="Qwrt.", language="auto")["matches"] == []


def test_rules_and_categories_are_chosen_by_name(server):
    def rules(**more):
        return [match["rule"]["id"] for match in ask(server, text=TEXT, language="fr", **more)["matches"]]

    assert rules() == ["number-slot", "repeated-word"]
    assert rules(disabledRules="REPEATED_WORD,WHITESPACE_RULE") == ["number-slot"]
    assert rules(disabledCategories="NUMBER-PLACEHOLDER,TYPOGRAPHY") == ["repeated-word"]
    assert rules(enabledRules="repeated-word", enabledOnly="true") == ["repeated-word"]
    assert rules(enabledRules="WHITESPACE_RULE", enabledOnly="true") == []
    assert rules(enabledRules="WHITESPACE_RULE") == ["number-slot", "repeated-word"]
    assert rules(enabledCategories="number-placeholder", enabledOnly="true") == ["number-slot"]
    assert rules(mode="textLevelOnly") == []
    assert rules(mode="allButTextLevelOnly", level="picky", abtest="x", useragent="y")[:1] == ["number-slot"]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            [{"text": "Elle ouvre "}, {"markup": "<b>"}, {"text": "la la"}, {"markup": "</b>"}, {"text": " porte."}],
            "la la",
        ),
        (
            [{"text": "Elle ouvre la "}, {"markup": "<i>"}, {"text": "la"}, {"markup": "</i>"}, {"text": " porte."}],
            "la <i>la",
        ),
        (
            [
                {"markup": "<p>🎉", "interpretAs": ""},
                {"text": "Elle ouvre la la porte."},
                {"markup": "</p>", "interpretAs": "\n\n"},
            ],
            "la la",
        ),
        ([{"text": "Elle ouvre la"}, {"markup": "&nbsp;", "interpretAs": " "}, {"text": "la porte."}], "la&nbsp;la"),
    ],
)
def test_annotated_text_keeps_its_own_offsets(server, pieces, expected):
    answer = ask(server, data=json.dumps({"annotation": pieces}), language="fr")
    sent = "".join(piece.get("text", "") + piece.get("markup", "") for piece in pieces)
    assert marked(sent, answer) == [expected]


def test_a_match_of_no_length_borrows_a_character():
    from qa.finding import Diagnostic, Severity
    from qa.text import Span

    missing = Diagnostic("elision", "elision", Severity.MAJOR, 0.9, Span(2, 2), "", "why", suggestions=(" x",))
    for text, span, value in (("ab cd", Span(1, 2), "b x"), ("abcd", Span(2, 3), " xc")):
        shown = languagetool._visible(missing, text)
        assert (shown.span, shown.suggestions) == (span, (value,))
        assert text[: span.start] + value + text[span.end :] == text[:2] + " x" + text[2:]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"text": "a"}, "Error: Missing 'language' parameter"),
        ({"language": "fr"}, "Error: Missing 'text' or 'data' parameter"),
        ({"language": "fr", "text": "a", "data": "{}"}, "Error: Set only 'text' or 'data'"),
        ({"language": "xx-YY", "text": "a"}, "Error: 'xx-YY' is not a language code known to qa. Supported"),
        ({"language": "fr", "text": "a", "level": "strict"}, "Error: If 'level' is set"),
        ({"language": "fr", "text": "a", "enabledOnly": "true"}, "Error: You must specify enabled rules"),
        ({"language": "fr", "data": "{"}, "Error: Could not parse 'data'"),
        ({"language": "fr", "data": '{"annotation": [{"text": 3}]}'}, "Error: Could not parse 'data'"),
        ({"language": "fr", "data": '{"annotation": {"text": "a"}}'}, "Error: Could not parse 'data'"),
        ({"language": "fr", "data": "[" * 50_000}, "Error: Could not parse 'data'"),
        (
            {"language": "fr", "data": '{"annotation": [{"text": "a", "markup": "b"}]}'},
            "Error: Only 'text' or 'markup'",
        ),
    ],
)
def test_errors_are_plain_text_with_the_servers_status(server, parameters, message):
    response = server.client.post("/v2/check", data=parameters)
    assert (response.status_code, response.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert response.text.startswith(message)


def test_a_text_that_is_too_long_is_refused_with_413(server):
    most = int(server.client.get("/v2/maxtextlength").text)
    assert ask(server, 413, text="a" * (most + 1), language="fr").startswith("Error: Text is too long")


@pytest.mark.parametrize(
    "body",
    [
        "language=fr&text=" + quote(SLOT),
        "language=fr&text=" + SLOT.replace(" ", "+"),
        "language=fr&text=50 XNUMX soldats & plus, 100% sûrs, a=b%&&=&%zz",
        "&&text=50 XNUMX soldats&language=fr&",
        "unknown=1&language=fr&text=50 XNUMX soldats&unknown=2",
    ],
)
@pytest.mark.parametrize("label", ["application/x-www-form-urlencoded", "application/json", "text/plain", None])
def test_a_form_is_read_whatever_it_is_called_and_however_it_is_written(server, body, label):
    headers = {"content-type": label} if label else {}
    response = server.client.post("/v2/check", content=body.encode(), headers=headers)
    assert response.status_code == 200, response.text
    assert [match["rule"]["id"] for match in response.json()["matches"]] == ["number-slot"]


@pytest.mark.parametrize(
    "body", [b"language=fr&text=\xff\xfe 50 XNUMX", b"language=fr&text=%ff%ed%a0%80 50 XNUMX", b"language=fr&text=%00"]
)
def test_bytes_that_are_no_text_do_no_harm(server, body):
    assert server.client.post("/v2/check", content=body).status_code == 200


def test_the_bytes_of_a_vs_code_client_are_answered(server):
    """What vscode-languagetool-linter sends: its parameters in its order, encoded as JavaScript does, by node-fetch."""
    annotation = {
        "annotation": [
            {"markup": "# ", "interpretAs": "", "offset": {"start": 0, "end": 2}},
            {"text": "L’armée", "offset": {"start": 2, "end": 9}},
            {"markup": "\n\n", "interpretAs": "\n\n", "offset": {"start": 9, "end": 11}},
            {
                "text": f"{SLOT} Le ministre a répondu hier aux questions des députés.",
                "offset": {"start": 11, "end": 99},
            },
        ]
    }
    parameters = {
        "data": json.dumps(annotation, separators=(",", ":"), ensure_ascii=False),
        "language": "auto",
        "motherTongue": "en",
        "preferredVariants": "en-US,fr-FR",
        "disabledCategories": "TYPOGRAPHY",
        "disabledRules": "DASH_RULE,WORD_CONTAINS_UNDERSCORE",
        "level": "default",
    }
    kept = "!~*'()"  # by encodeURIComponent
    body = "&".join(f"{quote(key, safe=kept)}={quote(value, safe=kept)}" for key, value in parameters.items())
    head = (
        "POST /v2/check HTTP/1.1\r\n"
        "Accepts: application/json\r\n"
        "Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\n"
        "Accept: */*\r\n"
        f"Content-Length: {len(body)}\r\n"
        "User-Agent: node-fetch/1.0 (+https://github.com/bitinn/node-fetch)\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        "Connection: close\r\n"
        f"Host: localhost:{server.port}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall((head + body).encode("ascii"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    status, _, content = received.partition(b"\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 200 OK"), received
    answer = json.loads(content)
    assert answer["language"]["code"] == "fr-FR"
    assert [(match["offset"], match["length"]) for match in answer["matches"]] == [(18, 8)]


def test_the_other_addresses(server):
    languages = server.client.get("/v2/languages").json()
    assert {"name": "French", "code": "fr", "longCode": "fr"} in languages
    assert {"name": "English (United States)", "code": "en", "longCode": "en-US"} in languages
    assert server.client.get("/v2/healthcheck").text == "OK"
    assert server.client.get("/v2/info").json()["software"]["apiVersion"] == 1
    assert server.client.get("/v2/maxtextlength").text.isdigit()


# ---- real clients ----


def test_language_tool_python(server):
    import language_tool_python

    with language_tool_python.LanguageTool("fr", remote_server=server.url) as tool:
        tool.disabled_rules.add("WHITESPACE_RULE")
        matches = tool.check(TEXT)
        found = [(match.rule_id, TEXT[match.offset :][: match.error_length]) for match in matches]
        assert found == [
            ("number-slot", "50 XNUMX"),
            ("repeated-word", "la la"),
        ]
        assert matches[0].replacements == ["50\u202f000"]
        assert tool.correct(TEXT) == TEXT.replace("50 XNUMX", "50\u202f000").replace("la la", "la")
        tool.disabled_rules.clear()
        tool.enabled_rules.add("repeated-word")
        tool.enabled_rules_only = True
        assert [match.rule_id for match in tool.check(TEXT)] == ["repeated-word"]
    with language_tool_python.LanguageTool("auto", remote_server=server.url) as tool:
        assert [match.rule_id for match in tool.check(f"Le ministre a parlé aux députés. {SLOT}")] == ["number-slot"]


def test_pylanguagetool(server, tmp_path, monkeypatch, capsys):
    from pylanguagetool import api

    url = f"{server.url}/v2/"
    answer = api.check(TEXT, url, "fr", mother_tongue="en", disabled_rules="WHITESPACE_RULE", picky=True, pwl=[])
    assert [match["rule"]["id"] for match in answer["matches"]] == ["number-slot", "repeated-word"]
    answer = api.check(TEXT, url, "auto", preferred_variants="fr-CA")
    assert answer["language"]["code"] == "fr-CA"
    assert {each["longCode"] for each in api.get_languages(url)} >= {"fr", "de-CH", "pt-BR"}
    only = api.check(TEXT, url, "fr", enabled_rules="repeated-word", enabled_only=True)
    assert [match["rule"]["id"] for match in only["matches"]] == ["repeated-word"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text=R%26D&language=fr", {"text": "R&D", "language": "fr"}),
        ("text=R & D && more & 100%&language=fr", {"text": "R & D && more & 100%", "language": "fr"}),
        ("text=a&b, c=d&language=fr", {"text": "a&b, c=d", "language": "fr"}),
        ("&language=fr&&text=a+b%2Bc&", {"text": "a b+c", "language": "fr"}),
        ("language=fr&junk&text=", {"text": "", "language": "fr"}),
        ("text=a\n\n b=\n", {"text": "a\n\n b=\n"}),
        ("", {}),
        ("a", {}),
    ],
)
def test_forms_are_read_as_they_were_meant(form, expected):
    assert languagetool.parameters(b"", form.encode()) == expected


def test_the_body_wins_over_the_address():
    assert languagetool.parameters(b"a=1&b=2", urlencode({"b": "3"}).encode()) == {"a": "1", "b": "3"}
