"""Who stands nowhere, beside the lines of whom nothing certain is known (contract §6a).

Both are few, so they are looked at together once all lines have been judged: what is left of a name, swapped and with a
slip, « Momo » with the telephone of Mohammed, an address that spells somebody's name, a number that the register gives
to somebody whom the annuaire has elsewhere without it. It is a question, and nobody is ended or created by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product

from pipelines import names
from pipelines.matching.candidates import MOST, Match, Weighed, likeliest
from pipelines.matching.elsewhere.moved_away import near_keys, nearly
from pipelines.matching.index import Index, name_of
from pipelines.matching.scoring import Comparable, seen_line, spelled, strong_name, unlike
from pipelines.normalize import phone_key
from pipelines.number_slips import one_sign_off
from schemas.people.assignment import Account
from schemas.people.likeness import Evidence
from schemas.words import name_key

_LEAST = 3  # letters of a word that tells something
_FEW = 50  # accounts left at one structure that are compared with every line left there
_OPEN = ("new", "register_name", "doubt")


def with_the_absent(matches: Sequence[Match], index: Index) -> Iterator[Match]:
    """Yield the matches; a line of nobody known, or in doubt about others only, asks about the absent whom it may be
    about too.
    """
    asking = {at: seen_line(one.line, index.around) for at, one in enumerate(matches) if _asks(one)}
    absent = _absent(matches, asking, index)
    for at, one in enumerate(matches):
        found = _meant(one, asking[at], absent, index) if at in asking else []
        yield _asked(one, found, index) if found else one


def _asks(found: Match) -> bool:
    """Nobody is held to be the line's person yet."""
    return found.how in _OPEN and not (found.account_id or found.line.left) and bool(found.line.last_name)


def _named(found: Match, index: Index) -> bool:
    """An account of its whole name is among those who may be its person."""
    known = [names.compare(name_of(found.line), name_of(index.accounts[key])) for key in found.protected]
    return any(one.strong and one.last != "part" and one.first != "several" for one in known)


# ── whom it may be about ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Absent:
    """Key → accounts that no line says are there, of the keys that a line asks for; and those of them that a line in
    doubt may be about already. Each is met by many lines, and held as it is compared: they are few, where the index
    keeps the last ones met of millions.
    """

    at: Mapping[str, Sequence[str]]
    asked: frozenset[str]
    _seen: dict[str, Comparable] = field(default_factory=dict)

    def seen(self, key: str, index: Index) -> Comparable:
        """Return an account as it is compared."""
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = index.seen(key)
        return found


def _absent(matches: Sequence[Match], asking: Mapping[int, Comparable], index: Index) -> _Absent:
    wanted = {key for seen in asking.values() for key in _keys(seen)}
    found: dict[str, list[str]] = defaultdict(list)
    for key, account in index.accounts.items() if wanted else ():
        if key not in index.there:
            for one in wanted.intersection(_keys_of_account(account)):
                found[one].append(key)
    few = {key: ids for key, ids in found.items() if not key.startswith("@") or len(ids) <= _FEW}
    return _Absent(few, frozenset(key for one in matches for key in one.protected))


def _keys(seen: Comparable) -> Iterator[str]:
    for name in seen.known_as:
        yield from _keys_of_name(name, seen.places)
    yield from _keys_of_addresses(seen.emails, seen.phones)


def _keys_of_account(account: Account) -> Iterator[str]:
    yield from _keys_of_name(name_of(account), account.places)
    yield from _keys_of_addresses(filter(None, (account.email,)), filter(None, (phone_key(account.phone),)))


def _keys_of_name(name: names.Name, places: Iterable[str]) -> Iterator[str]:
    """Elsewhere what a slip in one of both names leaves, in either order; here a word of it, and where few are left
    there, everybody.
    """
    yield from near_keys(name)
    yield from near_keys(name[::-1])
    yield _spelt("".join(name))
    words = {names.sound(word) for part in name for word in names.words_of(part) if len(word) >= _LEAST}
    for place in places:
        yield f"@{place}"
        yield from (f"{word} @{place}" for word in words)


def _keys_of_addresses(emails: Iterable[str], phones: Iterable[str]) -> Iterator[str]:
    yield from (f"phone {one}" for one in phones)
    yield from (_spelt(one.partition("@")[0]) for one in emails)


def _spelt(text: str) -> str:
    """One key for « anne.dupont » and « dupont.anne »."""
    return f"spelt {''.join(sorted(name_key(text)))}"


def _meant(found: Match, seen: Comparable, absent: _Absent, index: Index) -> list[Weighed]:
    keys = {key for one in _keys(seen) for key in absent.at.get(one, ())}.difference(found.protected)
    worth = [key for key in sorted(keys) if _is_worth_weighing(seen, absent.seen(key, index))]
    loosely, named = not found.protected, _named(found, index)
    return [
        one
        for one in index.weighed(seen, (key for key in worth if index.is_free(key, seen.places)))
        if (_is_told if named or one.account.account_id in absent.asked else _may_be)(seen, one, index, loosely)
    ]


def _is_worth_weighing(seen: Comparable, theirs: Comparable) -> bool:
    """Tell whether any of what is asked below may hold of an account: of those of a near name in the whole country,
    who are as many as it is large, nearly all have nothing else in common with a line.
    """
    return (
        not seen.places.isdisjoint(theirs.places)
        or not (seen.emails.isdisjoint(theirs.emails) and seen.phones.isdisjoint(theirs.phones))
        or (bool(theirs.own) and theirs.own in seen.claim.here)
        or _may_be_one_name(seen.name, theirs.name)
        or one_sign_off(seen.number, theirs.number)
        or spelled(seen, theirs)
        or any(names.compare(*pair).strong for pair in product(seen.known_as, theirs.known_as))
    )


@lru_cache(maxsize=32768)  # the same few names of a country, of a line after the other
def _may_be_one_name(one: names.Name, other: names.Name) -> bool:
    return names.compare(one, other).strong or _alike(one, other)


def _is_told(seen: Comparable, one: Weighed, index: Index, _: bool) -> bool:
    """Of whom another line may tell, or whose name this one's candidate has too: the very person of its number, whom
    the register has here by its name, or half a name with its address.
    """
    evidence, theirs = one.likeness.evidence, index.seen(one.account.account_id)
    if evidence.number == "contradicts":  # an initial fits the number's holder, who is not here, and this one as well
        fits = (evidence.last, evidence.first, evidence.structure) == ("same", "initial", "same")
        return fits and evidence.profession != "differs" and seen.own not in seen.claim.here
    addressed = "same" in (evidence.email, evidence.phone) and names.agree(seen.name, theirs.name)
    named_here = not seen.number and bool(theirs.own) and theirs.own in seen.claim.here
    addressed = addressed or _gives_alone(seen, one, index)
    return addressed or named_here or (bool(seen.own) and _whole(seen, theirs, evidence))


def _may_be(seen: Comparable, one: Weighed, index: Index, loosely: bool) -> bool:
    """`loosely`: the line may be about nobody else here, so that half a name is enough."""
    evidence, theirs = one.likeness.evidence, index.seen(one.account.account_id)
    addressed = "same" in (evidence.email, evidence.phone) or spelled(seen, theirs)
    addressed = addressed or _gives_alone(seen, one, index)
    if evidence.number == "contradicts":
        return seen.own not in seen.claim.here and _all_but_the_number(seen, theirs, evidence, addressed=addressed)
    if addressed or _whole(seen, theirs, evidence) or one_sign_off(seen.number, theirs.number):
        return True
    if seen.own:  # the register tells the name, and it is another
        return False
    here = loosely and evidence.structure == "same" and evidence.number != "differs"
    if here and _one_last_name(seen.name, theirs.name) and evidence.email != "differs":
        return not unlike(evidence)
    near_by = here and _one_first_name(seen.name, theirs.name)
    return (near_by or _alike(seen.name, theirs.name)) and "differs" not in (evidence.profession, evidence.civility)


def _gives_alone(seen: Comparable, one: Weighed, index: Index) -> bool:
    """An address that nobody gives but these two here, whatever name stands beside it, and no number tells whose."""
    theirs, here = index.seen(one.account.account_id), one.likeness.evidence.structure == "same"
    common = seen.emails & theirs.emails | seen.phones & theirs.phones
    return here and not seen.own and bool(common - index.around.boxes)


def _all_but_the_number(seen: Comparable, theirs: Comparable, evidence: Evidence, *, addressed: bool) -> bool:
    """Two registered people, the line's one unknown here: the number may be that of a namesake, picked in the directory
    or pasted, where the address or the very name is the account's, or all but a last name that a marriage changes.
    """
    if addressed:
        return names.agree(seen.name, theirs.name)
    if evidence.profession == "differs":
        return False
    found = names.compare(seen.name, theirs.name)
    married = evidence.structure == evidence.profession == "same" and evidence.civility != "differs"
    if found.last == "same":
        return found.first in ("same", "initial")
    return found.first == "same" and married


def _whole(seen: Comparable, theirs: Comparable, evidence: Evidence) -> bool:
    """The whole name, and the register has nobody else of it at the account's place."""
    known = theirs.claim.here
    return strong_name(evidence) and evidence.number != "differs" and (not known or not seen.own or seen.own in known)


def _alike(one: names.Name, other: names.Name) -> bool:
    """A slip, a short form, a half of the name; also with last and first name exchanged; the last name alone."""
    alone = not one[1] and names.last_names(one[0], other[0]) in names.STRONG_LAST
    return (
        alone
        or names.near(one, other)
        or any(nearly(*pair) for pair in ((one, other), (one[::-1], other), (one, other[::-1])))
    )


def _one_last_name(one: names.Name, other: names.Name) -> bool:
    """Something of a last name: « Will » for Guillaume says little, and who has left seldom has a relative come."""
    pairs = ((one[0], other[0]), (one[0], other[1]), (one[1], other[0]))
    return any(names.last_names(*pair) not in ("other", "missing") for pair in pairs)


def _one_first_name(one: names.Name, other: names.Name) -> bool:
    """A first name, or what may be short for it (« Mimi » for Michel): the last one changes with a marriage."""
    mine, theirs = (names.words_of(name[1]) for name in (one, other))
    if not mine or not theirs:
        return False
    head = len(mine[0]) >= _LEAST and mine[0][:2] == theirs[0][:2]
    return head or names.first_names(one[1], other[1]) != "other"


# ── told ─────────────────────────────────────────────────────────────────────────────────────────


def _asked(found: Match, meant: Sequence[Weighed], index: Index) -> Match:
    """The same as a question about them too, the likeliest first."""
    ordered = likeliest(meant)
    known = len([one for one in found.candidates if one.key in index.accounts])
    told = tuple(one.candidate(found.line) for one in ordered[: max(0, MOST - known)])
    return replace(
        found,
        how="doubt",
        reason=found.reason or "ambiguous_match",
        person_id="",
        candidates=(*told, *found.candidates) if not found.protected else (*found.candidates, *told),
        protected=(*found.protected, *(one.account.account_id for one in ordered)),
        more=found.more + len(ordered) - len(told),
    )
