"""Who is told of beside somebody at one hospital: two people of two names are not one who has married."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines import names
from pipelines.matching.blocking import name_key
from pipelines.matching.index import Index
from pipelines.sources.snapshot import Snapshot
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind


@dataclass(slots=True)
class Beside:
    """The lines and accounts of the night, asked for by name and structure; the lines are read when first asked for.
    `tellers`: confirmed number → whom lines with it are about.
    """

    snapshot: Snapshot
    index: Index
    tellers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _places: dict[str, set[str]] = field(default_factory=dict)
    _numbers: dict[str, set[names.Name]] = field(default_factory=dict)

    def stands_beside(self, account: Account, number: str) -> bool:
        """Tell whether somebody whom the register gives this number is there beside the account, by name: with an
        account of their own, or with a line where the account has one of its own name.
        """
        person = self.index.register.persons[number]
        theirs = (person.last_name, person.first_name)
        others = self.index.blocks.at([name_key(theirs)])
        if any(account.places & self.index.accounts[key].places for key in others if key != account.account_id):
            return True
        mine = (account.last_name, account.first_name)
        return bool(account.places & self._told(theirs) & self._told(mine))

    def certainly_anothers(self, account: Account, number: str) -> bool:
        """Tell whether a line with this number, which the register confirms, is about somebody else."""
        return bool(self.tellers.get(number, frozenset()) - {account.account_id})

    def told_of_another(self, account: Account, number: str) -> bool:
        """Tell whether a line gives this CPE or CPA number under a name that is not the account's."""
        if not self._numbers:
            found: dict[str, set[names.Name]] = defaultdict(set)
            for line in self.snapshot.lines:
                if line.number.kind is NumberKind.ESTABLISHMENT and not line.left:
                    found[line.number.number].add((line.last_name, line.first_name))
            self._numbers = dict(found)
        mine = (account.last_name, account.first_name)
        return any(not names.one_person(mine, name) and name[0] for name in self._numbers.get(number, ()))

    def _told(self, name: names.Name) -> set[str]:
        """Structures at which a line gives this name."""
        if not self._places:
            found: dict[str, set[str]] = defaultdict(set)
            for line in self.snapshot.lines:
                found[names.bag((line.last_name, line.first_name))].add(line.assignment.structure_code)
            self._places = dict(found)
        return self._places.get(names.bag(name), set())
