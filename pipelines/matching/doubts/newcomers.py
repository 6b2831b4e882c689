"""Which lines without an account are about one person: one is asked about, or created, once."""

from collections import defaultdict
from collections.abc import Sequence

from pipelines import names
from pipelines.matching.candidates import Match
from pipelines.matching.decided import JUDGED
from pipelines.matching.doubts.sharing import components
from pipelines.matching.index import name_of
from schemas.people.identifiers import NumberKind, kind_of


def newcomers(matches: Sequence[Match]) -> dict[str, list[Match]]:
    """Return key of a person → the lines about them, those with a usable number first.

    A line without a number is about whoever alone gives its name with its e-mail or telephone elsewhere.
    """
    hows = ("new", "register_name", JUDGED)
    found = [one for one in matches if one.how in hows and not one.account_id and not one.line.left]
    alias = _aliases(found)
    people: dict[str, list[Match]] = defaultdict(list)
    for one in found:
        key = person_key(one)
        people[alias.get(key, key)].append(one)
    return {key: sorted(lines, key=lambda one: not one.person_id) for key, lines in people.items()}


def person_key(found: Match) -> str:
    """Return one key per person: a national number; a CPE or CPA number, or a name, only within one establishment."""
    line = found.line
    if found.person_id and kind_of(found.person_id) is not NumberKind.ESTABLISHMENT:
        return found.person_id
    name = names.full_key(line.last_name, line.first_name)
    return "|".join(filter(None, (found.person_id, name, line.assignment.structure_code)))


def _aliases(found: Sequence[Match]) -> dict[str, str]:
    """Key of a line without a number → that of its person."""
    told: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for one in found:
        for address in (*one.line.emails, *one.line.phones):
            told[names.bag(name_of(one.line)), address].append(one)
    alias: dict[str, str] = {}
    bare: dict[str, str | None] = {}
    for lines in told.values():
        numbered = {person_key(one) for one in lines if one.person_id}
        without = sorted({person_key(one) for one in lines if not one.person_id})
        if len(numbered) == 1:
            alias.update(dict.fromkeys(without, *numbered))
        elif not numbered:
            bare.update({key: without[0] for key in without if key not in bare or bare[key] == key})
    for keys in components(bare):
        known = next((alias[key] for key in keys if key in alias), keys[0])
        alias.update({key: alias.get(key, known) for key in keys if key != known})
    return alias
