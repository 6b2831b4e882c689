"""Puts the evidence of a match into French: what speaks for one person, what against, and how likely that makes it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines import names
from pipelines.matching.candidates import MOST, Candidate, Match
from pipelines.matching.identify import Identity
from pipelines.phrase import place_text, source_text
from schemas.nomenclatures import messages, say
from schemas.people.likeness import Evidence, Likeness, weights
from schemas.typography import NBSP

_IN_A_SENTENCE = ("cpx_number", "email")  # all that differs stands beside the candidate in the report
_ORDINARY = ("straight",)  # what goes without saying


def argued(likeness: Likeness, *, by_register: bool = False) -> str:
    """Return « pour : même nom, même structure ; contre : autre courriel ; vraisemblance 97 % ». `by_register`: the
    names are the same only as the register has them.
    """
    pros, cons = _sides(likeness.evidence)
    if by_register:
        same = say("evidence.last_same")
        pros = [say("evidence.last_registered") if words == same else words for words in pros]
    parts = [say("evidence.pros", found=", ".join(pros))] if pros else []
    parts += [say("evidence.cons", found=", ".join(cons))] if cons else []
    return f"{NBSP}; ".join([*parts, say("evidence.likely", share=share_text(likeness.probability))])


@dataclass(frozen=True, slots=True)
class Weighing:
    """A line or an account (`place`) beside whom it may be (`key`), and the evidence."""

    place: str
    key: str
    likeness: Likeness


def weighings(matches: Iterable[Match], identities: Iterable[Identity]) -> Iterator[Weighing]:
    """Yield the evidence behind the matches, and behind the doubts about accounts."""
    for found in matches:
        place = say("explain.place", source=source_text(found.line.source), location=place_text(found.line.location))
        if found.likeness:
            yield Weighing(place, found.account_id or found.person_id, found.likeness)
        yield from _of_candidates(place, found.candidates)
    for identity in identities:
        for doubt in identity.doubts:
            yield from _of_candidates(identity.account.account_id, doubt.candidates)


def _of_candidates(place: str, candidates: Iterable[Candidate]) -> Iterator[Weighing]:
    return (Weighing(place, one.key, one.likeness) for one in candidates if one.likeness)


def candidates_text(candidates: Sequence[Candidate], more: int = 0) -> str:
    """Return each candidate with its evidence, the likeliest first; "" where nothing was weighed."""
    weighed = [(one, one.likeness) for one in candidates if one.likeness]
    weighed.sort(key=lambda pair: (-pair[1].score, pair[0]))
    told = [
        say(
            "evidence.candidate",
            key=one.key,
            label=one.label,
            why=argued(why, by_register=_by_register(one)) + _side_by_side(one),
        )
        for one, why in weighed[:MOST]
    ]
    rest = [say("evidence.more", count=more)] if more else []
    return " ".join([say("evidence.candidates"), *told, *rest]) if told else ""


def _by_register(candidate: Candidate) -> bool:
    """Names that are called the same and stand there as two: one of them is that of the number's holder."""
    evidence = candidate.likeness.evidence if candidate.likeness else None
    if evidence is None or (evidence.last, evidence.first) != ("same", "same"):
        return False
    told = next(((mine, theirs) for name, mine, theirs in candidate.differing if name == "name"), None)
    return told is not None and names.bag((told[0], "")) != names.bag((told[1], ""))


def _side_by_side(candidate: Candidate) -> str:
    """« ; Numéro CPx : 8… ici, 8… pour ce candidat »: what differs, as each has it."""
    shown = (
        say("evidence.differing", field=say(f"field.{name}"), mine=mine, theirs=theirs)
        for name, mine, theirs in candidate.differing
        if name in _IN_A_SENTENCE
    )
    return "".join(f"{NBSP}; {one}" for one in shown)


def share_text(probability: float) -> str:
    """Return « 97 % »; never 0 nor 100."""
    if probability < 0.01:
        return say("evidence.hardly", share=f"1{NBSP}%")
    if probability > 0.999:
        return say("evidence.almost", share=f"99,9{NBSP}%")
    text = f"{100 * probability:.1f}" if probability > 0.99 else f"{100 * probability:.0f}"
    return f"{text.replace('.', ',')}{NBSP}%"


def _sides(evidence: Evidence) -> tuple[list[str], list[str]]:
    pros: list[str] = []
    cons: list[str] = []
    for level, words in _told(evidence):
        (pros if weights().get(level, 0.0) >= 0 else cons).append(words)
    return pros, cons


def _told(evidence: Evidence) -> Iterator[tuple[tuple[str, str], str]]:
    for level in evidence.levels():
        words = messages().get(f"evidence.{level[0]}_{level[1]}")
        if words and level[1] not in _ORDINARY:
            yield level, words
