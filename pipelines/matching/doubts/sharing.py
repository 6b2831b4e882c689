"""Accounts that share a number, are one person, or carry each other's numbers: told once, to one updater."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pipelines import names
from pipelines.digest import shared
from pipelines.judgements import NO_JUDGEMENTS, Judgements
from pipelines.matching.candidates import Candidate, account_candidate
from pipelines.matching.identify import Correction, Doubt, Identity
from pipelines.matching.number_owner import NumberStanding
from pipelines.normalize import phone_key

_PAIR = 2  # accounts with one telephone: of more it is a switchboard
_MAILBOX = 50  # accounts with one address: a mailbox of a service, which says nothing of who is who

Identities = Mapping[str, Identity]


def tell_of_sharing(
    identities: Identities, asked: Collection[str] = (), judgements: Judgements = NO_JUDGEMENTS
) -> None:
    """Add to the identities the doubts that concern several accounts at once, but for what an updater decided.

    `asked`: accounts on which the question of a shared number stands, and the register is not there to tell otherwise.
    """
    _shared_numbers(identities, asked, judgements)
    _tangled_numbers(identities)
    _duplicates(identities, judgements)


# ── one number, several accounts ─────────────────────────────────────────────────────────────────


def _shared_numbers(identities: Identities, asked: Collection[str], judgements: Judgements) -> None:
    """One review, on the account whose number it is not where the register tells (contract §6a)."""

    def numbered() -> Iterator[tuple[str, str]]:
        for key, identity in identities.items():
            if identity.account.number.usable and not judgements.person_of(identity.account):
                yield identity.account.number.number, key

    for keys in shared(numbered).values():
        if set(keys).isdisjoint(asked):
            _tell_one(identities, keys, "shared_number")
            if owner := _owner(identities, keys, judgements):
                identities[owner].owner, identities[owner].elsewhere = True, False
        else:
            for key in keys:
                identities[key].elsewhere = True


def _owner(identities: Identities, keys: Sequence[str], judgements: Judgements) -> str:
    """Whose the number of these accounts is, as an updater said; "" where nobody did."""
    numbers = (one for key in keys for one in (identities[key].account.number.number, identities[key].person_id))
    owners = (judgements.owners.get(number, "") for number in numbers)
    return next((one for one in owners if one in keys), "")


def _tangled_numbers(identities: Identities) -> None:
    """Accounts that carry each other's numbers, exchanged or moved on by one: one review shows them all."""
    right: dict[str, str] = {}
    wrong = [key for key, identity in identities.items() if _another(identity)]
    for key in wrong:
        for correction in _another(identities[key]):
            right.setdefault(correction.after, key)
    neighbours = {key: right.get(identities[key].claim.number) for key in wrong}
    for keys in components(neighbours):
        if len(keys) > 1:
            _tell_one(identities, keys, "number_of_another")


def _another(identity: Identity) -> tuple[Correction, ...]:
    """The corrections of an account that carries somebody else's number."""
    return tuple(
        one
        for doubt in identity.doubts
        if doubt.reason == "number_of_another"
        for one in doubt.corrections
        if one.after
    )


def components(neighbours: Mapping[str, str | None]) -> list[list[str]]:
    """Return keys that hang together, each by at most one neighbour that it names; in the order of the keys."""
    root: dict[str, str] = {key: key for key in neighbours}

    def find(key: str) -> str:
        while root[key] != key:
            key = root[key]
        return key

    for key, other in neighbours.items():
        if other in root:
            root[find(key)] = find(other)
    found: dict[str, list[str]] = defaultdict(list)
    for key in neighbours:
        found[find(key)].append(key)
    return sorted(sorted(keys) for keys in found.values())


def _tell_one(identities: Identities, keys: Sequence[str], reason: str) -> None:
    """Put one doubt for all on the account that is most wrong, with what had been told of each before.

    Whose the number is may have been said since: it stays the same question, or it would come back as a new one.
    """
    on = min(keys, key=lambda key: (_ORDER.index(identities[key].claim.standing), key))
    before = [doubt for key in keys for doubt in identities[key].doubts if doubt.reason == "number_of_another"]
    accounts = [account_candidate(identities[key].account) for key in keys if key != on]
    persons = [one for doubt in before for one in doubt.candidates]
    also = ("number_of_another",) if before and reason != "number_of_another" else ()
    corrections = tuple(one for doubt in before for one in doubt.corrections)
    offered = tuple(one for doubt in before for one in doubt.offered)
    told = Doubt(reason, tuple(dict.fromkeys((*accounts, *persons))), also, corrections, offered)
    for key in keys:
        identity = identities[key]
        identity.doubts = tuple(one for one in identity.doubts if one.reason not in ("number_of_another", reason))
        identity.elsewhere = identity.elsewhere or key != on
    identities[on].doubts = (told, *identities[on].doubts)


_ORDER = (
    NumberStanding.OTHER,
    NumberStanding.DOUBTFUL,
    NumberStanding.PART,
    NumberStanding.UNKNOWN,
    NumberStanding.NONE,
    NumberStanding.OWN,
)


# ── one person, several accounts ─────────────────────────────────────────────────────────────────


def _duplicates(identities: Identities, judgements: Judgements) -> None:
    """Two accounts for one person: one resolved number, or one name and e-mail with a number nobody confirms; or with a
    slip in the name, and one telephone, while no line tells of both.
    """

    def registered() -> Iterator[tuple[str, str]]:
        return ((one.person_id, key) for key, one in identities.items() if one.registered and not _shares(one))

    people: dict[tuple[str, ...], list[str]] = {("number", number): keys for number, keys in shared(registered).items()}
    for address, keys in _by_address(identities).items():
        if len(keys) > (_MAILBOX if "@" in address else _PAIR):
            continue
        for at, key in enumerate(keys):
            same = [other for other in keys[at + 1 :] if _one_person(identities[key], identities[other], address)]
            if same:
                people["address", address, key] = [key, *same]
    for together in people.values():
        keys = [key for key in together if not all(judgements.apart(key, other) for other in together if other != key)]
        persons = {identities[key].person_id for key in keys if identities[key].registered}
        if len(keys) > 1 and len(persons) < len(keys) and not all(_told(identities[key]) for key in keys):
            _tell_each_other(identities, keys, "duplicate_account")


def _shares(identity: Identity) -> bool:
    """It is told of its number first."""
    return identity.elsewhere or any(doubt.reason == "shared_number" for doubt in identity.doubts)


def _by_address(identities: Identities) -> dict[str, list[str]]:
    """E-mail or telephone → the accounts that have it where there are several, those with a shared number aside."""

    def addressed() -> Iterator[tuple[str, str]]:
        for key, identity in identities.items():
            account = identity.account
            for address in (account.email.strip().lower(), phone_key(account.phone)) if not _shares(identity) else ():
                if address:
                    yield address, key

    return shared(addressed)


def _one_person(one: Identity, other: Identity, address: str) -> bool:
    """One name written in two ways (order, particles, birth and married name) with one e-mail; with a slip, or but one
    telephone, only at one hospital while a line tells of one of them alone: the other would be ended as absent.
    """
    mine, theirs = ((who.account.last_name, who.account.first_name) for who in (one, other))
    if "@" in address and names.compare(mine, theirs).strong:
        return True
    alone = bool(one.present) != bool(other.present) and not (one.gone or other.gone)
    return alone and bool(one.account.places & other.account.places) and names.one_person(mine, theirs)


def _told(identity: Identity) -> bool:
    return any(doubt.reason == "duplicate_account" for doubt in identity.doubts)


def _tell_each_other(identities: Identities, keys: Sequence[str], reason: str) -> None:
    if len(keys) < 2:
        return
    for key in keys:
        others: Iterable[Candidate] = (account_candidate(identities[other].account) for other in keys if other != key)
        identities[key].doubts += (Doubt(reason, tuple(others)),)
