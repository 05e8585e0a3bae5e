"""From the tagger's verdict to candidate edits: who is suspected, and what could stand there instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.lexicon import Lexicon
from qa.model.features import Token
from qa.model.gains import Gain
from qa.model.labels import DELETE, INFLECT, KEEP, LOWER, MISSING, NOTHING, OTHER, UPPER
from qa.model.tagger import Verdict
from qa.text import MASK

_MARKUP = frozenset("_@/\\{}<>$%#=|[]" + MASK)  # signs of addresses, code and placeholders
SUSPECT = 0.08  # probability that something is wrong from which on a token is looked at
LABELS = 3  # likeliest labels that are followed
FORMS = 4  # other forms of a word that are tried


@dataclass(frozen=True, slots=True)
class Candidate:
    """An edit of a sentence: `text[start:end]` becomes `new`.

    `first` and `last` are the tokens it touches (last exclusive; equal: inserted before `first`), `kind` the label
    it comes from, `wrong` the probability that something is wrong here, `label` that of this label.
    """

    start: int
    end: int
    new: str
    kind: str
    first: int
    last: int
    wrong: float
    label: float

    def apply(self, text: str) -> str:
        """The text with the edit carried out."""
        return text[: self.start] + self.new + text[self.end :]


def inflections(words: Lexicon, form: str) -> list[str]:
    """Other forms of the word, those first that one would take for it."""
    found: dict[str, None] = {}
    for gender in ("", "m", "f", "n"):
        for number in ("", "sg", "pl"):
            if gender or number:
                for other in words.inflect(form.lower(), gender=gender, number=number)[:2]:
                    found[other] = None
    found.pop(form.lower(), None)
    near = sorted(found, key=lambda other: abs(len(other) - len(form)) > 2)
    return near[:FORMS]


def candidates(
    text: str,
    tokens: Sequence[Token],
    verdict: Verdict,
    own: Sequence[str],
    before: Sequence[str],
    forms: Callable[[str], Sequence[str]],
    gains: Sequence[Gain] = (),
) -> Iterator[Candidate]:
    """The edits worth judging in one sentence: what the tagger suspects, and what the counts would change.

    `forms` gives a word's other forms (see `inflections`).
    """
    for index, label, _, form in gains:
        table, labels = (verdict.before, before) if label[:1] == "+" else (verdict.own, own)
        wrong = float(1 - table[index][0])
        probability = float(table[index][labels.index(label)]) if label in labels else 0.0
        if label[:1] == "+":
            yield _insertion(text, tokens, index, label[1:], wrong, probability)
        elif form:
            token = tokens[index]
            new = _capital(form, token.text)
            yield Candidate(token.start, token.end, new, INFLECT, index, index + 1, wrong, probability)
        else:
            yield from _exchanges(text, tokens, index, label, wrong, probability, forms)
    suspects = (1 - verdict.own[:, 0] > SUSPECT).nonzero()[0].tolist()
    for index in suspects:
        row = verdict.own[index]
        wrong = float(1 - row[0])
        for number in (-row).argsort(kind="stable")[: LABELS + 1].tolist():
            if own[number] != KEEP and row[number] > 0.02:
                yield from _exchanges(text, tokens, index, own[number], wrong, float(row[number]), forms)
    suspects = (1 - verdict.before[:, 0] > SUSPECT).nonzero()[0].tolist()
    for index in suspects:
        row = verdict.before[index]
        for number in (-row).argsort(kind="stable")[: LABELS + 1].tolist():
            label = before[number]
            if label not in (NOTHING, MISSING) and row[number] > 0.02:
                yield _insertion(text, tokens, index, label[1:], float(1 - row[0]), float(row[number]))


def _exchanges(
    text: str,
    tokens: Sequence[Token],
    index: int,
    label: str,
    wrong: float,
    probability: float,
    forms: Callable[[str], Sequence[str]],
) -> Iterator[Candidate]:
    token = tokens[index]
    one = Candidate(token.start, token.end, "", label, index, index + 1, wrong, probability)
    if label == DELETE:
        yield _deletion(text, tokens, index, one)
    elif label == INFLECT:
        for other in forms(token.text):
            yield replace(one, new=_capital(other, token.text))
    elif label not in (OTHER, LOWER, UPPER):  # capitals are names too often; where they are not, a rule sees it
        new, end = _capital(label[1:], token.text), token.end
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if new.endswith("'") and following is not None and text[end : following.start] == " ":
            end = following.start
        elif token.text.endswith("'") and not new.endswith("'") and following is not None and following.start == end:
            new += " "
        if index == 0 and new[:1].islower() and text[:1].isupper():
            new = new[:1].upper() + new[1:]
        yield replace(one, new=new, end=end)


def _deletion(text: str, tokens: Sequence[Token], index: int, one: Candidate) -> Candidate:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    previous = tokens[index - 1] if index else None
    if following is not None and following.start > one.end:
        end = following.start
        if index == 0:
            first = text[following.start : following.start + 1]
            return replace(one, end=following.start + 1, new=first.upper(), last=index + 2)
        if previous is not None and previous.end == one.start:
            # The token stood right behind its neighbour, as a comma does: the space stays.
            end = one.end
        return replace(one, end=end)
    if previous is not None and previous.end < one.start:
        return replace(one, start=previous.end)
    return one


def _insertion(
    text: str, tokens: Sequence[Token], index: int, word: str, wrong: float, probability: float
) -> Candidate:
    at = tokens[index].start
    new = word.replace("' ", "'") if word.endswith("'") else word.replace("' ", "'") + " "
    if index == 0 and text[:1].isupper():
        return Candidate(at, at + 1, new[:1].upper() + new[1:] + text[at].lower(), "+" + word, 0, 1, wrong, probability)
    if index and tokens[index - 1].end == at:
        new = " " + new if not tokens[index - 1].text.endswith("'") else new
        if not tokens[index].text[:1].isalnum():
            new = new.rstrip()
    return Candidate(at, at, new, "+" + word, index, index, wrong, probability)


def _capital(word: str, model: str) -> str:
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def rewording(
    start: int, end: int, new: str, text: str, tokens: Sequence[Token], words: Lexicon, doubt: tuple[float, float]
) -> Candidate | None:
    """`text[start:end]` written anew by a model that knows no labels; None where no token stands there.

    `doubt` are `Candidate.wrong` and `Candidate.label`.
    """
    touched = [i for i, token in enumerate(tokens) if token.start < max(end, start + 1) and token.end > start]
    if not touched:
        return None
    first, last = touched[0], touched[-1] + 1 if end > start else touched[0]
    kind = _kind(text[start:end].strip(), new.strip(), words)
    return Candidate(start, end, new, kind, first, last, *doubt)


def _kind(old: str, new: str, words: Lexicon) -> str:
    if not new:
        return DELETE
    if not old:
        return f"+{new}"
    if old.lower() == new.lower():
        return LOWER if new[:1].islower() else UPPER
    lemmas = {reading.lemma for reading in words.analyses(old)}
    return INFLECT if lemmas & {reading.lemma for reading in words.analyses(new)} else f"={new}"


def permitted(candidate: Candidate, text: str, tokens: Sequence[Token]) -> bool:
    """Whether the edit leaves alone what must survive: numbers, names, addresses, code, placeholders."""
    old = text[candidate.start : candidate.end]
    if any(character.isdigit() for character in old + candidate.new):
        return False
    near = text[max(0, candidate.start - 2) : candidate.end + 2]
    if any(character in _MARKUP for character in near + candidate.new):
        return False
    inner = tokens[candidate.first].text if candidate.first < len(tokens) else ""
    name = inner[:1].isupper() and candidate.first > 0 and candidate.first < candidate.last
    if name and candidate.kind != LOWER:
        return False
    if old.isupper() and len(old.strip()) > 1:
        return False
    # A sentence's own end is no place to delete from.
    return not (candidate.kind == DELETE and candidate.last >= len(tokens))
