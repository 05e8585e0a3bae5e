"""One state of an open document, checked under the configuration that holds for it at that moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from qa import config as configuration
from qa.baseline import load
from qa.checker import Options, check_document
from qa.config import Config
from qa.errors import QaError
from qa.finding import Diagnostic
from qa.readers import read, syntax_of
from qa.report import Checked
from qa.text import Document

# What editors call the languages we read; others are read by their content.
_SYNTAXES = {"markdown": "markdown", "html": "html", "xhtml": "html"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as the editor has it.  `path` need not exist; its folder decides on the configuration."""

    path: Path
    text: str
    language_id: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the checker says of a draft, read as `syntax`.  `problem` says why it could not be asked."""

    draft: Draft
    syntax: str
    document: Document
    options: Options
    diagnostics: tuple[Diagnostic, ...] = ()
    problem: str | None = None


def check(draft: Draft, working_folder: Path) -> Reading:
    """Check a draft.  What the user has to mend comes back as the `problem`.

    Configuration, word lists and baseline are read anew each time, since they change while one writes.  The baseline
    is that of the configuration of `working_folder`, as on the command line.
    """
    configuration.forget()
    try:
        found = configuration.discover(draft.path.parent)
        config = found.for_path(draft.path)
        syntax = _syntax(draft, config)
        document = read(draft.text, syntax)
        options = config.options()
        if found.excludes(draft.path) or next(document.words(), None) is None:
            return Reading(draft, syntax, document, options)
        result = check_document(document, options)
        new = _without_known(draft, result.diagnostics, configuration.discover(working_folder).base.baseline)
        return Reading(draft, syntax, document, replace(options, language=result.language), new)
    except QaError as error:
        return Reading(draft, "text", Document(draft.text, ()), Options(), problem=str(error))


def _syntax(draft: Draft, config: Config) -> str:
    """As the configuration says, or the name, or the editor; by the content where none of them knows."""
    if config.syntax != "auto":
        return config.syntax
    named = syntax_of(draft.path)
    return named if named != "auto" else _SYNTAXES.get(draft.language_id, "auto")


def _without_known(draft: Draft, diagnostics: tuple[Diagnostic, ...], baseline: str | None) -> tuple[Diagnostic, ...]:
    if baseline is None:
        return diagnostics
    checked = Checked(str(draft.path), draft.text, diagnostics=diagnostics)
    return load(Path(baseline)).without_known(checked).diagnostics
