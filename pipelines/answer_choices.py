"""The answers that fit a question: of candidates, of a card, of a structure; else Fait, Refusé, Reporté.

`schemas/tables/offers.csv` says which, in the order of the drop-down list, and how else people write them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

from pipelines.names import bag
from schemas.changes.change import Change, FieldChange
from schemas.changes.decision import Verdict
from schemas.nomenclatures import ADMIN_EFIT, rows, say
from schemas.reading.source_names import PERSONS
from schemas.words import label_key

REGISTER = PERSONS
LINE = "line"  # the field of a question about lines: where they stand
DIFFERS = "differs:"  # how fields begin that put a candidate beside what is asked about
_ALSO_CALLED = ("accepted", "refused", "postponed")
_NAMING = ("same", "number", "rename", "owner", "stays")  # one answer for each whom it may name
_BY_A_NAME = ("same", "stays")
_SHORT = 2  # letters of a word that names nobody
_NUMBERS = ("cpx_number", "phone")
_ENDING = ("end_assignment", "deactivate_account")
NUMBER = "number_of_another"
_ANY = "any"  # under which `offers.csv` has what every question may be answered


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer of the list. `code`: what it means; `key`, `label`: the candidate it names; `also`: other words for it.

    `needs`: what else must be filled in for it to say anything, « comment » or nothing; `means`: what it says there,
    for whoever has to choose.
    """

    code: str
    verdict: Verdict
    text: str
    key: str = ""
    also: tuple[str, ...] = ()
    label: str = ""
    needs: str = ""
    means: str = ""

    @property
    def explained(self) -> str:
        """The answer, with what it says there."""
        return say("offer.explained", text=self.text, means=self.means) if self.means else self.text

    @property
    def unnamed(self) -> str:
        """The answer without name or number of anybody, as a mail may carry it."""
        if not self.key:
            return self.text
        if self.key[:1].isdigit():
            return say(f"offer.{self.code}_listed")
        return say(f"offer.{self.code}_unnamed", key=self.key)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a question lists: an account, or a person of the register."""

    key: str
    label: str
    source: str


def named_in(change: Change) -> tuple[Named, ...]:
    """Return the candidates of a question, in their order."""
    found = (one for one in change.fields if one.field == "candidate" and one.after)
    parts = ((*(one.after or "").partition(" "), one.source) for one in found)
    return tuple(Named(key, label, source) for key, _, label, source in parts)


def shown_fields(change: Change) -> tuple[FieldChange, ...]:
    """Return the fields without those that put a candidate beside what is asked about."""
    return tuple(one for one in change.fields if not one.field.startswith(DIFFERS))


def beside(change: Change, key: str) -> tuple[FieldChange, ...]:
    """Return what differs between what is asked about (`before`) and one candidate (`after`), under the name of the
    field.
    """
    return tuple(besides(change).get(key, ()))


def besides(change: Change) -> dict[str, list[FieldChange]]:
    """Return the same of each candidate, by its key: there may be a hundred of one name."""
    found: dict[str, list[FieldChange]] = {}
    for one in change.fields:
        if one.field.startswith(DIFFERS):
            name, _, whose = one.field.removeprefix(DIFFERS).partition(":")
            found.setdefault(whose, []).append(one.model_copy(update={"field": name}))
    return found


def choices_of(change: Change, code: str = "same") -> tuple[Named, ...]:
    """Tell whom an answer of this code may name.

    « C'est » never names the holder of a number that is only in question.
    """
    if _several_numbers(change):
        return ()
    named, reason = named_in(change), change.reasons[0]
    if code == "stays":
        return tuple(Named(one.key, one.label.partition(",")[0], one.source) for one in named)
    if code == "number":  # the register's people of this name, by another number than the one in question
        return tuple(one for one in named if one.source == REGISTER and not _holds(change, one) and _fits(change, one))
    if code == "owner":
        return () if choices_of(change, "number") else tuple(one for one in named if one.source != REGISTER)
    if reason == "shared_number":  # whose account the number is
        return tuple(one for one in named if one.source != REGISTER)
    known = named if _about_lines(change) else tuple(one for one in named if one.source == REGISTER)
    if reason != NUMBER:
        return known
    theirs = set(choices_of(change, "number"))
    alike = {one for one in known if _fits(change, one)} - theirs
    return tuple(one for one in known if (one in alike if code == "same" else one not in alike | theirs))


def _holds(change: Change, one: Named) -> bool:
    """Whom the register gives the number in question."""
    before = {found.before for found in change.fields if found.field == "cpx_number"}
    return one.key == change.person.national_id or one.key in before


def _fits(change: Change, one: Named) -> bool:
    """Of the name of whom is asked about; or proposed as their right number."""
    proposed = {found.after for found in change.fields if found.field == "cpx_number"}
    mine = bag((change.person.last_name, change.person.first_name))
    return one.key in proposed or bag((one.label, "")) == mine


def offers_of(change: Change) -> tuple[Offer, ...]:
    """Return the answers to a change, in the order of its list."""
    return tuple(_offered(change, asked_as(change)))


def offered_text(change: Change) -> str:
    """Return the answers to a change as a sentence lists them, each with what it means there."""
    return " · ".join(one.explained for one in offers_of(change))


def asked_as(change: Change) -> str:
    """Tell under which name `offers.csv` has the answers to a change."""
    reason = change.reasons[0]
    if change.kind == "card_alert":
        return change.kind
    if change.kind in _ENDING:
        return "ending"
    if change.kind == "update_account":
        return "update_number" if any(one.field in _NUMBERS for one in change.fields) else "update"
    if change.kind != "review" or reason not in _offers() or _several_numbers(change):
        return "other"
    if reason == NUMBER and _about_lines(change):
        return f"{NUMBER}_line"
    if reason == "shared_number":
        return reason if all(_fits(change, one) for one in choices_of(change)) else "shared_number_apart"
    needs_choice = any(one["code"] == "same" for one in _offers()[reason])
    return "other" if needs_choice and not choices_of(change) else reason


def asks_which(change: Change) -> bool:
    """Tell whether it asks which of several is meant: that something was done is no answer."""
    return asked_as(change) == "ambiguous_match"


def offer_said(change: Change, said: str) -> Offer | None:
    """Return the answer that somebody wrote, in our words or in others for it; None for any other text."""
    key = label_key(said)
    if not key:
        return None
    offers = offers_of(change)
    exact = [one for one in offers if key == label_key(one.text) or key in map(label_key, one.also)]
    if len(exact) == 1:
        return exact[0]
    named = [one for one in offers if one.key and _names(key, one)]
    if not named:
        named = [one for one in offers if one.code in _BY_A_NAME and _partly_names(key, one)]
    return named[0] if len(named) == 1 else None


def _names(key: str, offer: Offer) -> bool:
    """« c est martin anne », « A0012 », « c'est le compte A0012 »: the candidate's key, or the very name, and nothing
    beside it that might say otherwise (« retirer A0012 », « pas A0012 »).

    Another name than the account's is written out whole: by its number alone nobody says whose account it is.
    """
    if offer.code == "rename":
        return False
    beginning = label_key(say("offer.same", label="", key="")).split()
    words, label, candidate = key.split(), label_key(offer.label).split(), label_key(offer.key).split()
    bare = words[len(beginning) :] if words[: len(beginning)] == beginning else words
    if bare in (label, [*label, *candidate]):
        return True
    length = len(candidate)
    at = next((at for at in range(len(words) - length + 1) if words[at : at + length] == candidate), None)
    if at is None:
        return False
    beside = (words[:at], words[at + length :])
    return all(set(label).issuperset(_without_around(" ".join(part))) for part in beside)


def _partly_names(key: str, offer: Offer) -> bool:
    """« Damien », « Dr Fictif reste titulaire »: a part of the name alone, of nobody else in the list."""
    name = set(label_key(re.split(r"[,(]", offer.label)[0]).split())
    left = _without_around(key)
    return any(len(word) > _SHORT for word in left) and name.issuperset(left)


def _without_around(key: str) -> list[str]:
    """The words that are left without « Dr », « c'est », « le compte »."""
    said = f" {key} "
    for around in sorted(say("offer.around_a_name").split("|"), key=len, reverse=True):
        said = said.replace(f" {around} ", "  ").replace("  ", " ")
    return said.split()


def _offered(change: Change, asked: str) -> Iterator[Offer]:
    for row in (*_offers()[asked], *(_offers()[_ANY] if _may_be_anothers(change) else ())):
        code, verdict = row["code"], cast(Verdict, row["verdict"])
        also = tuple(filter(None, row["also"].split("|")))
        if code in _NAMING:
            named = choices_of(change, code)
            for one in named:
                text = say(f"offer.{code}", label=one.label, key=one.key)
                alone = also if len(named) == 1 else ()  # « c'est elle » is nobody of several
                yield Offer(code, verdict, text, one.key, also=alone, label=one.label)
        elif code in _ALSO_CALLED:
            yield Offer(code, verdict, say(f"decision.{code}"), also=also, means=row["means"])
        else:
            yield Offer(code, verdict, say(f"offer.{code}"), also=also, needs=row["needs"], means=row["means"])


def _may_be_anothers(change: Change) -> bool:
    """Nobody passes a line on from the administrator, whom the others pass theirs to."""
    return change.updater.post != ADMIN_EFIT


@cache
def _offers() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("offers"):
        found.setdefault(row["asked"], []).append(row)
    return found


def _about_lines(change: Change) -> bool:
    return any(one.field == LINE for one in change.fields)


def _several_numbers(change: Change) -> bool:
    """Numbers that are exchanged or moved on: no one candidate answers that."""
    return sum(one.field == "cpx_number" for one in change.fields) > 1
