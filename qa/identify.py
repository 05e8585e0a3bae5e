"""Which language a document is written in.

`langdetect` decides, seeded and restricted to the candidate languages: on whole documents it is right, on short
pieces it is not, so a document with little text gets the answer "unknown".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.text import Document

_ENOUGH = 20  # letters below which no answer is given
_SAMPLE = 4000  # characters that are looked at
_SURE = 0.8  # probability below which the answer is "unknown"


def identify(document: Document, candidates: Sequence[str]) -> str | None:
    """The code of the document's language among the candidates, or None where that is not clear."""
    return identify_text(_sample(block.prose for block in document.blocks), candidates)


def identify_text(text: str, candidates: Sequence[str]) -> str | None:
    """The language of a text, or None where it is too short or belongs to no candidate."""
    if sum(map(str.isalpha, text)) < _ENOUGH:
        return None
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory(tuple(sorted(candidates))).create()
    detector.append(text)
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return None
    return best[0].lang if best and best[0].prob >= _SURE else None


def _sample(texts: Iterable[str]) -> str:
    parts, length = [], 0
    for text in texts:
        parts.append(text[: _SAMPLE - length])
        length += len(parts[-1])
        if length >= _SAMPLE:
            break
    return "\n".join(parts)


def _factory(candidates: tuple[str, ...]):  # type: ignore[no-untyped-def]
    """A langdetect factory with the profiles of the candidates alone, always seeded alike."""
    if candidates not in _FACTORIES:
        from pathlib import Path

        import langdetect
        from langdetect.detector_factory import DetectorFactory

        factory = DetectorFactory()
        factory.seed = 0
        folder = Path(langdetect.__file__).parent / "profiles"
        factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in candidates])
        _FACTORIES[candidates] = factory
    return _FACTORIES[candidates]


_FACTORIES: dict[tuple[str, ...], object] = {}
