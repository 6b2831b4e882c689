"""Accounts that may be one person: the line that is found to be about one may be about the other (contract §6a)."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from pipelines import names
from pipelines.matching.identify import Identity
from pipelines.matching.index import Index
from pipelines.number_slips import one_slip_off


def keep_doubles(identities: Mapping[str, Identity], index: Index) -> None:
    """Give each the structures at which a line tells of the other as there: until it is said which account stays, both
    keep what they have.
    """
    persons = {one.person_id: key for key, one in identities.items() if one.present and one.registered}
    for key, identity in identities.items():
        for one, other in dict.fromkeys(_doubles(key, identity, identities, index, persons)):
            _keep(identities[one], identities[other])
            _keep(identities[other], identities[one])


def _keep(identity: Identity, other: Identity) -> None:
    told = {line.assignment.structure_code for line in other.present}
    identity.maybe_at = identity.maybe_at | (told & identity.account.places)


def _doubles(
    key: str, identity: Identity, identities: Mapping[str, Identity], index: Index, persons: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Pairs of those whom a review calls the same person, or may, of its very name; or who share the number and the
    name; and at one structure whoever has the number that this one misses by a slip of the finger, and the first name.
    """
    for doubt in identity.doubts:
        others = [one.key for one in doubt.candidates if one.key in identities and one.key != key]
        if doubt.reason == "duplicate_account":
            yield from ((key, other) for other in others)
        if doubt.reason == "ambiguous_match":
            meant = (persons.get(one.key, key) for one in doubt.candidates)
            mine = _name(identity)
            yield from (
                (key, one) for one in meant if one != key and names.compare(mine, _name(identities[one])).strong
            )
        if doubt.reason == "shared_number":
            pairs = combinations([key, *others], 2)
            yield from (pair for pair in pairs if _alike(*(_name(identities[one]) for one in pair)))
    for number in one_slip_off(index.seen(key).slipped):
        for other in index.holders(number):
            near_by = identity.account.places & identities[other].account.places
            if near_by and _alike(_name(identity), _name(identities[other])):
                yield key, other


def _alike(one: names.Name, other: names.Name) -> bool:
    """One name, or a first name in common: she has married."""
    return names.compare(one, other).strong or names.first_names(one[1], other[1]) not in ("other", "missing")


def _name(identity: Identity) -> names.Name:
    return identity.account.last_name, identity.account.first_name
