"""Regular verb forms: what a lexicon that was counted in text does not list.

A word table of a language with many verb forms has gaps, and a form that is also a noun may have been read as nothing
else ("carica", "stampa").  Each language says which endings its regular verbs have (`inflection.toml`); a form may be a
verb's where the infinitive is one that the lexicon knows.
"""

from __future__ import annotations

from collections.abc import Callable

from qa.language import Language
from qa.lexicon import UnknownLanguageError, lexicon
from qa.memory import Memo

_SHORTEST = 2  # letters of a stem


def verb_forms(language: Language) -> Callable[[str], bool]:
    """A function that says whether a form in small letters may be one of a verb, finite or with a pronoun behind it.

    Never for a language without `inflection.toml` or lexicon.  To be asked through `Language.derive`.
    """
    facts = language.facts("inflection")
    try:
        words = lexicon(language.code)
    except UnknownLanguageError:
        return lambda form: False
    endings = tuple((ending, tuple(infinitives)) for ending, infinitives in facts.get("endings", {}).items())
    pronouns = tuple(facts.get("pronouns", ()))  # written to an infinitive, which may lose its last letter

    def infinitive(form: str) -> bool:
        return any(r.pos in ("VERB", "AUX") and r.form == "inf" for r in words.analyses(form))

    def find(form: str) -> bool:
        for ending, infinitives in endings:
            stem = form.removesuffix(ending)
            if len(stem) < _SHORTEST or (ending and stem == form):
                continue
            if any(infinitive(stem + each) for each in infinitives):
                return True
        bare = (form.removesuffix(pronoun) for pronoun in pronouns if form.endswith(pronoun))
        return any(len(stem) > _SHORTEST and (infinitive(stem) or infinitive(stem + "e")) for stem in bare)

    return Memo(find).__getitem__
