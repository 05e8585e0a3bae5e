"""Known findings: a project that adopts the checker late lets them rest and looks at new ones only.

A finding is recognised by its rule, its text and the words around it, so that it stays known when lines above it come
and go; the fingerprint also serves SARIF and GitLab, which follow findings from run to run.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from qa.errors import BadConfiguration
from qa.finding import Diagnostic
from qa.report import Checked

VERSION = 1
_WORDS = 3  # on either side; more would forget a finding whenever its sentence is edited
_REACH = 80  # code points in which they are looked for
_WORD = re.compile(r"\w+")
_LINE_END = re.compile(r"[\r\n]")


def fingerprint(text: str, diagnostic: Diagnostic, occurrence: int = 0) -> str:
    """A name for one finding of a text that does not depend on where in the text it stands.

    `occurrence` counts the earlier findings of the text that are alike in rule, marked text and context.
    """
    content = "\0".join([*_traits(text, diagnostic), str(occurrence)])
    return f"{diagnostic.rule}:{sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def fingerprints(text: str, diagnostics: Sequence[Diagnostic]) -> list[str]:
    """The fingerprints of all findings of a text, which come in its order.  No two are equal."""
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for diagnostic in diagnostics:
        traits = _traits(text, diagnostic)
        names.append(fingerprint(text, diagnostic, seen[traits]))
        seen[traits] += 1
    return names


def _traits(text: str, diagnostic: Diagnostic) -> tuple[str, ...]:
    """Rule, marked text and the nearest words of the same line, without case, space and punctuation."""
    span = diagnostic.span
    before = _LINE_END.split(text[max(0, span.start - _REACH) : span.start])[-1]
    after = _LINE_END.split(text[span.end : span.end + _REACH])[0]
    return (
        diagnostic.rule,
        " ".join(diagnostic.text.lower().split()),
        " ".join(_WORD.findall(before.lower())[-_WORDS:]),
        " ".join(_WORD.findall(after.lower())[:_WORDS]),
    )


@dataclass(frozen=True, slots=True)
class Baseline:
    """The fingerprints of known findings, by file.  Paths are taken from `folder`, the baseline file's own."""

    folder: Path
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def without_known(self, checked: Checked) -> Checked:
        """The file with its new findings only."""
        known = self.known.get(self._key(checked.path), frozenset())
        if not known:
            return checked
        names = fingerprints(checked.text, checked.diagnostics)
        pairs = zip(checked.diagnostics, names, strict=True)
        return replace(checked, diagnostics=tuple(each for each, name in pairs if name not in known))

    def dump(self, files: Iterable[Checked]) -> str:
        """The text of a baseline file that knows all findings of `files`."""
        table = {self._key(each.path): sorted(fingerprints(each.text, each.diagnostics)) for each in files}
        known = {path: names for path, names in sorted(table.items()) if names}
        return json.dumps({"version": VERSION, "files": known}, indent=1, ensure_ascii=False) + "\n"

    def _key(self, path: str) -> str:
        absolute = Path(path).resolve()
        folder = self.folder.resolve()
        return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else absolute.as_posix()


def load(file: Path) -> Baseline:
    """Read a baseline file.  Raises BadConfiguration."""
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise BadConfiguration(f"{file}: a baseline of version {data['version']}, not {VERSION}")
        known = {path: frozenset(names) for path, names in data["files"].items()}
    except FileNotFoundError:
        raise BadConfiguration(f"{file}: no such baseline: --write-baseline makes it") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadConfiguration(f"{file}: not a baseline file") from error
    return Baseline(file.parent, known)
