"""What was answered that the next night reads, as digests: whether an answer brought a change.

An answer is data as a file is: what follows from it is no doing of our rules (docs/lifecycle.md).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pipelines.digest import digest
from pipelines.names import full_key
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change
from schemas.changes.judgement import Judgement
from schemas.people.assignment import Account

_PREFIX = digest(("answers",))[:8] + ":"  # what the keys begin with
_KEPT = f"{_PREFIX}kept"  # says that answers are in the store at all: an older version kept none
_WORDS = f"{_PREFIX}words"


def answer_digests(snapshot: Snapshot) -> dict[str, str]:
    """Return subject → digest of the answers about it that stand: accounts, names, numbers, structures; and of all
    words.
    """
    said: dict[str, list[str]] = defaultdict(list)
    for one in snapshot.judgements.all:
        for key in set(_subjects_of(one, snapshot.accounts)):
            said[key].append(digest((one.change_id, one.choice, one.keys)))
    for code in snapshot.left_structures:
        said[_key("left", code)].append(code)
    words = {_WORDS: digest(sorted(snapshot.words.items()))} if snapshot.words else {}
    return {_KEPT: "", **words, **{key: digest(sorted(found)) for key, found in said.items()}}


def altered(tonight: Mapping[str, str], before: Mapping[str, str]) -> frozenset[str]:
    """Return the subjects of which something else is answered than before, given or taken back."""
    if _KEPT not in before:
        return frozenset()
    changed = {key for key, said in tonight.items() if before.get(key) != said}
    return frozenset(changed | {key for key in before if key not in tonight and key.startswith(_PREFIX)})


def words_altered(found: frozenset[str]) -> bool:
    """Tell whether another word is read than before: a workbook that is the same file may say something else."""
    return _WORDS in found


def subjects(change: Change, snapshot: Snapshot) -> set[str]:
    """Return that by which one comes upon the answers that a change may follow from."""
    person, place = change.person, change.assignment.structure_code
    found = {_key("left", place)} if place else set()
    if change.account_id:
        found.add(_key("account", change.account_id))
        held = snapshot.accounts.get(change.account_id)
        found |= {_key("left", code) for code in (held.places if held else ())}
    if person.last_name:
        found.add(_key("name", full_key(person.last_name, person.first_name)))
    elif place:
        found.add(_key("structure", place))
    if person.national_id:
        found.add(_key("number", person.national_id))
    return found


def _subjects_of(one: Judgement, accounts: Mapping[str, Account]) -> Iterator[str]:
    """Everybody whom an answer is about; the structure, or those of an account whose person left."""
    if one.about == "structure":
        yield _key("structure", one.place)
    for account_id in filter(None, (one.account, *one.keys)):
        yield _key("account", account_id)
        if one.choice == "left" and (held := accounts.get(account_id)):
            yield from (_key("structure", code) for code in held.places)
    yield from (_key("number", number) for number in filter(None, (one.number, *one.keys)))
    if one.name:
        yield _key("name", one.name)


def _key(kind: str, value: str) -> str:
    return f"{_PREFIX}{digest((kind, value))}"
