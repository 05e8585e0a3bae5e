"""The languages' data prove themselves: no list says a thing twice, no file is read by nobody, no capital slips in."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest

from qa.devtools.documents import ROOT
from qa.language import FOLDER, candidates, codes, language
from qa.rules import registry

FILES = sorted(FOLDER.glob("*/*.toml"))
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("qa", "models/lexicon", "models/corrupt")
    for path in sorted((ROOT / folder).rglob("*.py"))
)


def lists(data, where=""):
    """Every list of strings in the data, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from lists(value, f"{where}.{key}")
    elif isinstance(data, list):
        if all(isinstance(item, str) for item in data):
            yield where, data
        for item in data:
            yield from lists(item, where)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_list_says_a_thing_twice(path):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    twice = {where: [item for item, n in Counter(items).items() if n > 1] for where, items in lists(data)}
    assert {where: items for where, items in twice.items() if items} == {}


def test_every_file_is_read_by_somebody():
    subjects = {path.stem for path in FILES}
    facts = {rule.facts for rule in registry().values()}
    unread = {s for s in subjects - facts if f'"{s}"' not in SOURCES and f"{s}.toml" not in SOURCES}
    assert unread == set()


def test_the_seven_languages_are_covered_by_every_rule_that_seven_languages_need():
    assert set(candidates()) >= {"de", "en", "es", "fr", "it", "nl", "pt"}
    for code in codes():
        assert re.fullmatch("[a-z]{2,3}", code)
        assert language(code).name
        assert language(code).locale


def test_no_rule_names_a_language():
    named = re.compile(r"""(?:==|!=|\bin\b)\s*[({]?\s*["'](?:fr|it|es|de|pt|nl|en|ca)["']""")
    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "qa").rglob("*.py"))
        if "devtools" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if named.search(line)
    ]
    assert guilty == []
