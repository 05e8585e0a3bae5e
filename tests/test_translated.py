"""`qa.devtools translated`: what is reported on pages that people translated."""

from __future__ import annotations

from pathlib import Path

from qa.devtools.translated import pages, report, sightings

PAGE = "<p>Il a trouvé un solution rapide.</p>"


def test_pages_are_those_of_the_language(tmp_path: Path) -> None:
    for name in ("fr/a.html", "fr-FR/b.html", "de/c.html", "d.fr.html", "fr/notes.txt", "e.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PAGE, encoding="utf-8")
    (tmp_path / "folder.fr.html").mkdir()
    found = {path.relative_to(tmp_path).as_posix() for path in pages(tmp_path, "fr", 10)}
    assert found == {"fr/a.html", "fr-FR/b.html", "d.fr.html"}
    assert len(pages(tmp_path, "fr", 2)) == 2


def test_what_stands_twice_counts_once(tmp_path: Path) -> None:
    paths = [tmp_path / "fr" / name for name in ("a.html", "b.html", "c.html")]
    paths[0].parent.mkdir()
    for path in paths[:2]:
        path.write_text(PAGE, encoding="utf-8")
    paths[2].write_bytes(b"<p>caf\xe9</p>")
    words, found = sightings(paths, "fr")
    assert words == 12
    assert [(each.page.name, each.diagnostic.rule) for each in found] == [("a.html", "agreement")]
    lines = list(report(tmp_path, "fr", 10))
    assert lines[0] == "fr: 3 pages, 12 words, 1 findings"
    assert lines[-1].endswith("Il a trouvé ⟦un solution⟧ rapide.</p>")
