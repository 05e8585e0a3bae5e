"""Configuration: strict, found by walking up, and the only source of what --help and the settings page say."""

from __future__ import annotations

import pytest

from qa.cli._options import given
from qa.config import SETTINGS, Config, check_value, discover, load, parse, read_words
from qa.errors import BadConfiguration, UnknownLanguage, UnknownRule


@pytest.fixture
def project(tmp_path):
    """A folder into which files are written: `project({"qa.toml": "…"})`."""

    def write(files):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_every_setting_has_a_default_and_one_sentence():
    Config()
    for name, setting in SETTINGS.items():
        doc = setting.metadata["doc"]
        assert doc.endswith(".") and doc[0].isupper() and ". " not in doc, name


def test_the_defaults_are_allowed():
    for name, setting in SETTINGS.items():
        if setting.default is not None:
            assert check_value(name, setting.default) == setting.default


def test_the_nearest_file_holds(project):
    root = project(
        {
            "pyproject.toml": "[tool.qa]\nlang = 'fr'\n",
            "it/qa.toml": "lang = 'it'\n",
            "it/deep/pyproject.toml": "[project]\nname = 'x'\n",  # does not speak of us
        }
    )
    (root / "fr/deep").mkdir(parents=True)
    assert discover(root / "fr/deep").base.lang == "fr"
    assert discover(root / "it/deep").base.lang == "it"


def test_qa_toml_wins_over_pyproject_beside_it(project):
    root = project({"pyproject.toml": "[tool.qa]\nlang = 'fr'\n", "qa.toml": "lang = 'de'\n"})
    assert discover(root).base.lang == "de"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("min_confidence = 0.7", r"qa.toml: unknown key 'min_confidence': did you mean 'min-confidence'\?"),
        ("igonre = []", r"unknown key 'igonre': did you mean 'ignore'\?"),
        ("zzz = 1", "unknown key 'zzz': the keys here are lang, "),
        ("lang = 'xx'", "unknown language 'xx'"),
        ("lang = 3", "lang is a text, not 3"),
        ("select = 'elision'", "select is a list of texts"),
        ("ignore = ['elison']", "unknown rule 'elison'"),
        ("min-confidence = 7", "min-confidence is a number from 0 to 1, not 7"),
        ("min-confidence = true", "min-confidence is a number"),
        ("jobs = -1", "jobs is a whole number"),
        ("exit-zero = 1", "exit-zero is true or false"),
        ("syntax = 'rst'", "syntax is one of auto, text, markdown, html"),
        ("format = 'yaml'", "format is one of github, gitlab, .*, text, not 'yaml'"),
        ("source-lang = 'the original'", "source-lang is a language code"),
        ("languages = ['fr', 'xx']", "unknown language 'xx'"),
        ("[[overrides]]\nlang = 'fr'", "an override needs `paths`"),
        ("[[overrides]]\npaths = ['a']\nformat = 'json'", "unknown key 'format'"),
        ("[overrides]\npaths = ['a']", "overrides are tables"),
        ("lang = ", "qa.toml: "),
    ],
)
def test_what_is_wrong_is_named(project, text, message):
    root = project({"qa.toml": text})
    with pytest.raises(BadConfiguration, match=message):
        discover(root)


def test_a_named_file_must_speak_of_us(project):
    root = project({"pyproject.toml": "[project]\nname = 'x'\n"})
    with pytest.raises(BadConfiguration, match=r"no table \[tool.qa\]"):
        load(root / "pyproject.toml")
    with pytest.raises(BadConfiguration, match="no such configuration file"):
        load(root / "other.toml")


def test_overrides_hold_for_the_files_they_match_and_the_last_wins(project):
    root = project(
        {
            "qa.toml": """
                lang = "fr"
                min-confidence = 0.8
                [[overrides]]
                paths = ["it/**", "*.it.md"]
                lang = "it"
                [[overrides]]
                paths = ["it/law/"]
                min-confidence = 0.9
                lang = "es"
            """
        }
    )
    found = discover(root)
    assert found.for_path(root / "a.txt").lang == "fr"
    assert found.for_path(root / "it/a.txt").lang == "it"
    assert found.for_path(root / "deep/a.it.md").lang == "it"
    assert found.for_path(root / "it/a.txt").min_confidence == 0.8
    law = found.for_path(root / "it/law/a.txt")
    assert (law.lang, law.min_confidence) == ("es", 0.9)
    assert found.for_path(root.parent / "elsewhere.it.md").lang == "fr"


def test_files_are_excluded_from_the_folder_of_the_configuration(project):
    root = project({"qa.toml": "exclude = ['vendor/', '*.min.html']\n"})
    found = discover(root)
    assert found.excludes(root / "vendor/x.txt")
    assert found.excludes(root / "a/b.min.html")
    assert not found.excludes(root / "a/b.html")


def test_words_of_a_file_join_the_words_of_the_list(project):
    root = project(
        {"qa.toml": "words = ['un']\nwords-file = 'words.txt'\n", "words.txt": "# ours\ndeux\n\n La La Land \n"}
    )
    assert discover(root).base.options().words == {"un", "deux", "La La Land"}


def test_a_word_file_that_is_not_there_is_named(project):
    root = project({"qa.toml": "words-file = 'none.txt'\n"})
    with pytest.raises(BadConfiguration, match=r"none\.txt"):
        discover(root).base.options()
    binary = root / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadConfiguration, match="binary"):
        read_words(binary)


def test_the_command_line_takes_lists_with_commas_and_repeated():
    assert given(ignore=["typography, elision", "case"], lang=None, exit_zero=None) == {
        "ignore": ("typography", "elision", "case")
    }


def test_the_command_line_is_checked_alike():
    with pytest.raises(UnknownRule):
        given(select=["nope"])
    with pytest.raises(UnknownLanguage):
        given(lang="xx")
    with pytest.raises(BadConfiguration, match="color is one of auto, always, never"):
        given(color="maybe")


def test_the_options_of_the_checker_come_from_the_settings(tmp_path):
    table = {"lang": "fr", "source-lang": "it", "languages": ["fr", "it"], "select": ["case"], "min-confidence": 1}
    options = parse(table, tmp_path / "qa.toml").base.options()
    assert (options.language, options.source_language, options.languages) == ("fr", "it", ("fr", "it"))
    assert (options.select, options.min_confidence) == ({"case"}, 1.0)
