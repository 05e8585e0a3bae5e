"""What the documents say is what the code says."""

from __future__ import annotations

import re

from qa.devtools.documents import ROOT, stale

# Code in a page shows links that lead nowhere on purpose.
CODE = re.compile(r"(`+).*?\1", re.DOTALL)
PROSE = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_generated_pages_are_current():
    assert stale() == [], "run `make docs`"


def test_links_between_documents_lead_somewhere():
    links = [
        (page, target)
        for page in PROSE
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", CODE.sub("", page.read_text(encoding="utf-8")))
        if "://" not in target and not target.startswith("mailto:")
    ]
    assert [f"{page.name}: {target}" for page, target in links if not (page.parent / target).exists()] == []


def test_files_named_in_the_documents_exist():
    names = [
        (page, name)
        for page in PROSE
        if page.name != "CHANGELOG.md"
        for name in re.findall(r"`((?:qa|models|tests|docs|samples)/[\w./-]+)`", page.read_text(encoding="utf-8"))
    ]
    assert [f"{page.name}: {name}" for page, name in names if not (ROOT / name).exists()] == []
