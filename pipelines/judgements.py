"""What updaters decided of who is who, and of structures, made of their answers, and looked up by what it is about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipelines.answer_choices import LINE, Offer, named_in
from pipelines.names import Name, agree, compare, full_key, words_of
from schemas.changes.change import Change, PostRef
from schemas.changes.judgement import About, Choice, Judgement
from schemas.changes.lifecycle import ChangeState, Event
from schemas.nomenclatures import ADMIN_EFIT
from schemas.people.assignment import Account, Assignment
from schemas.people.structure import Structure

_CHOICES: Mapping[str, Choice] = {
    "same": "same",
    "number": "same",
    "rename": "same",
    "owner": "same",
    "none": "none",
    "two": "two",
    "right": "right",
    "left": "left",
    "stays": "stays",
    "merged": "merged",
    "convention": "convention",
    "closed": "closed",
}
_ANSWERED = ("accepted", "refused", "postponed")
_NOBODY: frozenset[str] = frozenset()
LEFT_FOR = timedelta(days=180)  # somebody who comes back is not kept out by an answer of last year


def decides(offer: Offer) -> bool:
    """Tell whether an answer decides something of who is who, or of a structure."""
    return offer.code in _CHOICES


def judgement_of(change: Change, offer: Offer, said: str, day: date, by: PostRef | None) -> Judgement | None:
    """Return what an answer decides of who is who; None for one that decides nothing of it."""
    choice = _CHOICES.get(offer.code)
    if choice is None:
        return None
    person = change.person
    named = tuple(one.key for one in named_in(change))
    about = _about(change, choice, offer.code)
    return Judgement(
        change_id=change.id,
        about=about,
        choice=choice,
        keys=_keys(offer, named, about),
        day=day,
        name=full_key(person.last_name, person.first_name),
        place=change.assignment.structure_code,
        number=person.national_id,
        account=(change.account_id or "") if about != "line" else "",
        said=said,
        by=by,
    )


def _keys(offer: Offer, named: tuple[str, ...], about: About) -> tuple[str, ...]:
    if about == "structure":
        return tuple(sorted(named, key=lambda key: key != offer.key))
    return (offer.key,) if offer.key else named


def _about(change: Change, choice: Choice, code: str) -> About:
    if choice == "left":
        return "person"
    if choice in ("stays", "merged", "convention", "closed"):
        return "structure"
    if any(one.field == LINE for one in change.fields) or (choice == "right" and not change.account_id):
        return "line"
    if change.reasons[0] == "shared_number" and choice == "same":
        return "account" if code == "number" else "number"
    return "accounts" if change.reasons[0] in ("duplicate_account", "shared_number") else "account"


@dataclass(frozen=True, slots=True)
class Judgements:
    """Those that stand. `lines`, `left`: (name, place) → those about it; `accounts`: id → those about it; `owners`:
    number → the account it is; `pairs`: accounts that are two people; `gone`: accounts whose person left; `places`:
    structure → those about it; `all`: each.
    """

    lines: Mapping[tuple[str, str], tuple[Judgement, ...]] = field(default_factory=dict)
    accounts: Mapping[str, tuple[Judgement, ...]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    pairs: frozenset[frozenset[str]] = frozenset()
    gone: Mapping[str, Judgement] = field(default_factory=dict)
    left: Mapping[tuple[str, str], Judgement] = field(default_factory=dict)
    places: Mapping[str, tuple[Judgement, ...]] = field(default_factory=dict)
    all: tuple[Judgement, ...] = ()

    def chosen(self, name: Name, places: Iterable[str], number: str, accounts: Mapping[str, Account]) -> str:
        """Tell who a line is, an account's id or a national identification; "" where nobody said so, or where the
        account was given to somebody else since.
        """
        found = [one for one in self._of_line(name, places, number) if one.choice == "same"]
        if not found:
            return ""
        key = found[-1].keys[0]
        account = accounts.get(key)
        same = account is None or agree(name, (account.last_name, account.first_name))
        return key if same or account is None or _named_in_answer(found[-1].said, key, account) else ""

    def set_aside(self, name: Name, places: Iterable[str], number: str) -> frozenset[str]:
        """Tell who a line is not."""
        if not self.lines:
            return _NOBODY
        found = self._of_line(name, places, number)
        return frozenset(key for one in found if one.choice in ("none", "two") for key in one.keys)

    def _of_line(self, name: Name, places: Iterable[str], number: str) -> list[Judgement]:
        """With another number than was judged there is something new to look at; with none, nothing."""
        if not self.lines:
            return []
        key = full_key(*name)
        found = (one for place in places for one in self.lines.get((key, place), ()))
        return [one for one in found if number in ("", one.number)]

    def person_of(self, account: Account) -> str:
        """Tell who of the register an account is, as long as it has the number that was asked about; "" if
        nobody said.
        """
        found = [one for one in self._of_account(account) if one.choice == "same"]
        return found[-1].keys[0] if found else ""

    def not_of(self, account: Account) -> frozenset[str]:
        """Tell who of the register an account is not."""
        found = self._of_account(account)
        return frozenset(key for one in found if one.choice in ("none", "two", "right") for key in one.keys)

    def right(self, account: Account) -> bool:
        """Tell whether its number was read on its card, said an updater, whatever the register says of it."""
        return any(one.choice == "right" for one in self._of_account(account))

    def right_on(self, name: Name, place: str, number: str) -> bool:
        """Tell whether the number of a line was."""
        return any(one.choice == "right" for one in self._of_line(name, (place,), number))

    def _of_account(self, account: Account) -> list[Judgement]:
        number = account.number.number or account.number.raw
        found = self.accounts.get(account.account_id, ())
        return [one for one in found if one.number == number and _said_of(one, account)]

    def gone_of(self, account: Account) -> Judgement | None:
        """Return what an updater said, that its person left: of whoever has the account now, not of somebody before."""
        said = self.gone.get(account.account_id)
        return said if said and _said_of(said, account) else None

    def apart(self, one: str, other: str) -> bool:
        """Tell whether two accounts are two people."""
        return frozenset((one, other)) in self.pairs

    def gone_at(self, account: Account, held: Assignment, structures: Mapping[str, Structure]) -> bool:
        """Tell whether its person left a place, says the updater of that place, though a line may still show them
        there.
        """
        said = self.gone_of(account)
        return said is not None and said.by is not None and _answers_for(said.by, structures.get(held.structure_code))

    def gone_from(self, name: Name, place: str) -> bool:
        """Tell whether it was said of somebody without an account that they left."""
        return bool(self.left) and (full_key(*name), place) in self.left

    def answered(self, change: Change) -> bool:
        """Tell whether a question about a structure was answered for good, and names nobody whom it did not
        name then.
        """
        found = self.places.get(change.assignment.structure_code, ())
        return any(one.change_id == change.id and {*change.candidates} <= {*one.keys} for one in found)

    def titulaire_of(self, structure_code: str) -> Judgement | None:
        """Return the answer to which of several titulaires stays: the first of its keys; the others do not."""
        found = [one for one in self.places.get(structure_code, ()) if one.choice == "stays"]
        return found[-1] if found else None

    def closed(self, structure_code: str) -> Judgement | None:
        """Return the answer that a structure is closed; None where nobody said so, or says otherwise since."""
        found = [one for one in self.places.get(structure_code, ()) if one.choice in ("closed", "merged")]
        return found[-1] if found and found[-1].choice == "closed" else None

    @property
    def with_convention(self) -> frozenset[str]:
        """The structures for which the EFS declares, said an updater."""
        return frozenset(
            code for code, found in self.places.items() if any(one.choice == "convention" for one in found)
        )


NO_JUDGEMENTS = Judgements()


def _said_of(said: Judgement, account: Account) -> bool:
    """It is the same name, or something of it and no other number: who has the account now may be somebody else."""
    last, _, first = said.name.partition("|")
    mine = (account.last_name, account.first_name)
    if compare((last, first), mine).strong:
        return True
    return agree((last, first), mine) and not two_registered(said.number, account.number.number)


def two_registered(one: str, other: str) -> bool:
    """Tell whether two numbers are of two people: an ADELI number of before contradicts no RPPS number."""
    return one != other and one[:1] == other[:1] == "8"


def _named_in_answer(said: str, key: str, account: Account) -> bool:
    """« C'est : EF0040 BEN ALI Mohamed » is not said of whoever has that account by now, under another last name."""
    told = said.partition(key)[2]
    words = set(words_of(told))
    return not words or not words.isdisjoint(words_of(account.last_name))


def _answers_for(post: PostRef, structure: Structure | None) -> bool:
    """The post's people work there; the administrator's everywhere."""
    if post.post == ADMIN_EFIT:
        return True
    return structure is not None and post.scope in (structure.region_code, structure.parent_code, structure.code)


def judgements_of(found: Iterable[Judgement], day: date) -> Judgements:
    """Return those that stand on a day, in the order they were given: of two about one thing the later counts."""
    lines: dict[tuple[str, str], tuple[Judgement, ...]] = defaultdict(tuple)
    accounts: dict[str, tuple[Judgement, ...]] = defaultdict(tuple)
    owners: dict[str, str] = {}
    pairs: set[frozenset[str]] = set()
    gone: dict[str, Judgement] = {}
    left: dict[tuple[str, str], Judgement] = {}
    places: dict[str, tuple[Judgement, ...]] = defaultdict(tuple)
    standing = [one for one in found if one.stands and (one.choice != "left" or one.day <= day <= one.day + LEFT_FOR)]
    for one in standing:
        match one.about:
            case "line":
                lines[one.name, one.place] += (one,)
            case "account":
                accounts[one.account] += (one,)
            case "number":
                owners[one.number] = one.keys[0]
            case "accounts":
                pairs |= {frozenset((a, b)) for a in one.keys for b in one.keys if a < b}
            case "structure":
                places[one.place] += (one,)
            case "person" if one.account:
                gone[one.account] = one
            case "person":
                left[one.name, one.place] = one
    return Judgements(dict(lines), dict(accounts), owners, frozenset(pairs), gone, left, dict(places), tuple(standing))


# ── an answer that is taken back ─────────────────────────────────────────────────────────────────


def asked_again(change_id: str, states: Mapping[str, ChangeState], day: date) -> tuple[Event, ...]:
    """Return the step by which an answered question that is still open waits for its answer again; none of another."""
    state = states.get(change_id)
    if state is None or state.status not in _ANSWERED:
        return ()
    return (Event(change_id, day, state.status, "notified", "decision"),)


def brought_by(change: Change, taken_back: Iterable[Judgement]) -> bool:
    """Tell whether a change came of an answer that stands no more: about its account or its person, and born while the
    answer stood. The sources of tonight need not say so again.
    """
    return change.kind != "review" and any(_of(one, change) and _then(one, change.first_seen) for one in taken_back)


def _of(one: Judgement, change: Change) -> bool:
    accounts = {one.account, *one.keys} - {""}
    return change.account_id in accounts or (bool(one.number) and change.person.national_id == one.number)


def _then(one: Judgement, born: date) -> bool:
    return one.undone_on is not None and one.day <= born <= one.undone_on
