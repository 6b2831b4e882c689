"""What lines say against the number of an account that the register bears out (contract §6a): another's line gives it,
or its own gives another, or what it says of its person is nobody's whom the register may have.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipelines import names
from pipelines.matching.candidates import Match
from pipelines.matching.index import Index, name_of
from pipelines.sources.national.consolidate import Register
from schemas.nomenclatures import code_of, profession_group
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine

_IN_NO_REGISTER = "non_sante"


def tellers(matches: Iterable[Match]) -> Mapping[str, frozenset[str]]:
    """Return number that the register confirms → whom lines with it are certainly about: accounts, or "" for who is
    yet to come.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for one in matches:
        if one.own and one.how != "doubt":
            found[one.own].add(one.account_id or "")
    return {number: frozenset(keys) for number, keys in found.items()}


def numbers_in_doubt(matches: Iterable[Match], index: Index) -> frozenset[str]:
    """Return the accounts of whom a line of their very name, of somebody whom the register confirms, is asked, while
    it has their own number not here: which of both numbers is theirs is not known.
    """
    found: set[str] = set()
    for one in matches:
        for key in one.protected if one.own and one.how == "doubt" else ():
            theirs = index.seen(key)
            alike = names.compare(name_of(one.line), name_of(index.accounts[key])).strong
            if alike and theirs.own not in ("", one.own, *theirs.claim.here):
                found.add(key)
    return frozenset(found)


def contradicted_by_its_line(account: Account, number: str, lines: Sequence[WorkbookLine], register: Register) -> bool:
    """Tell whether the lines found to be about an account say what nobody with its number can be: they give a CPE or
    CPA number of their own establishment and another profession or place than the register's; or a profession that is
    in no register, as the account itself does.
    """
    person = register.persons.get(number)
    if person is None or not lines:
        return False
    told = {one.profession for one in lines if one.profession}
    other = bool(told) and bool(person.professions) and told.isdisjoint(person.professions)
    places = account.places | {one.assignment.structure_code for one in lines}
    away = bool(person.finess) and person.finess.isdisjoint(places)
    carded = any(one.number.kind is NumberKind.ESTABLISHMENT for one in lines)
    mine = {code_of("professions", account.profession), *told}
    outside = other and {profession_group(one) for one in mine} == {_IN_NO_REGISTER}
    return (carded and (other or away)) or (outside and person.finess.isdisjoint(places))
