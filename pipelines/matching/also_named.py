"""The accounts that lines name beside their own person (contract §6a): protected, and asked about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines import names
from pipelines.matching.candidates import MOST, Match, account_candidate
from pipelines.matching.index import Index, name_of
from pipelines.sources.mentions import names_beside, tells_of_others


def with_whom_they_name(matches: Sequence[Match], index: Index) -> Iterator[Match]:
    """Yield the matches, each with the accounts that its line may be about too: by a further number or address of its
    cells, or a further name at its structure; those of whom a certain line tells there aside.
    """
    telling = [tells_of_others(name_of(one.line), one.line.further, _own(one, index)) for one in matches]
    wanted = {one.line.assignment.structure_code for one, tells in zip(matches, telling, strict=True) if tells}
    there = _there(wanted, index)
    for one, tells in zip(matches, telling, strict=True):
        keys = list(dict.fromkeys(_beside(one, index, there if tells else {})))
        yield _with(one, keys, index) if keys else one


def _with(found: Match, keys: Sequence[str], index: Index) -> Match:
    beside = tuple(account_candidate(index.accounts[key]) for key in keys)
    named = len([one for one in found.candidates if one.key in index.accounts])
    return replace(
        found,
        beside=beside,
        protected=(*found.protected, *keys),
        candidates=(*found.candidates, *beside[: max(0, MOST - named)]) if found.how == "doubt" else found.candidates,
    )


def _there(places: set[str], index: Index) -> Mapping[str, list[str]]:
    """Structure → ids of the accounts that have a function there."""
    found: dict[str, list[str]] = defaultdict(list)
    if places:
        for key, account in index.accounts.items():
            for place in account.places & places:
                found[place].append(key)
    return found


def _beside(found: Match, index: Index, there: Mapping[str, Sequence[str]]) -> Iterator[str]:
    line, own = found.line, _own(found, index)
    place = line.assignment.structure_code
    for key in _by_number_or_address(found, index):
        if _is_open(key, place, found, index):
            yield key
    for key in there.get(place, ()):
        if _is_open(key, place, found, index) and names_beside(
            name_of(line), line.further, own, name_of(index.accounts[key])
        ):
            yield key


def _is_open(key: str, place: str, found: Match, index: Index) -> bool:
    """It is not the line's own, and has a function there of which no certain line tells, or no certain line at all."""
    if key == found.account_id or key in found.protected:
        return False
    return bool(index.open_at(key, {place})) or key not in index.taken


def _by_number_or_address(found: Match, index: Index) -> Iterator[str]:
    """The holders of every number in its cells but the person's own, and of each of several addresses but those that
    the person's account has too: twins may share one.
    """
    line, resolve = found.line, index.register.resolve
    mine = {found.person_id, found.own, resolve(line.number.number)}
    if found.account_id:
        mine.add(index.claim(found.account_id).number)
    for number in dict.fromkeys(map(resolve, (*line.typed_numbers, *line.further.numbers))):
        if number not in mine:
            yield from index.holders(number)
    if len(line.emails) > 1 or found.account_id:
        theirs = index.accounts[found.account_id].email.strip().lower() if found.account_id else ""
        for email in line.emails:
            if email not in index.around.boxes and email != theirs:
                yield from (key for key in index.with_address(email) if _is_somebody_else(key, found, index))


def _is_somebody_else(key: str, found: Match, index: Index) -> bool:
    """No second account of the line's person (`doubts/doubles.py`), who has their own address in both."""
    name = name_of(index.accounts[key])
    return not any(names.compare(name, mine).strong for mine in (*_own(found, index), name_of(found.line)))


def _own(found: Match, index: Index) -> Iterable[names.Name]:
    """The names of the person whom the line is certainly about; none where nobody knows."""
    if found.how == "doubt":
        return ()
    person = index.register.name_of(found.own or found.person_id)
    account = index.accounts.get(found.account_id) if found.account_id else None
    return tuple(one for one in (person, name_of(account) if account else None) if one)
