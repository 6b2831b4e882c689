"""What was read of everybody and everything met on a night, as digests by digests: nobody is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_FEW = 5  # of whom half may well change in a night


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Key → digest, of accounts, persons and the places of each workbook; and of what was answered about them."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def kinds(self) -> tuple[Mapping[str, str], ...]:
        """Return accounts, persons, places."""
        return self.accounts, self.persons, self.places

    def all(self) -> dict[str, str]:
        """Return it as the store keeps them."""
        return dict(pair for kind in (*self.kinds(), self.answers) for pair in kind.items())

    def same_as(self, before: Mapping[str, str]) -> Iterator[str]:
        """Yield the keys that say what they said.

        Where more than half of one kind differs, and there are more than a few, it is our reading of it that changed,
        not half a country in a night: what is said of them is then not known to have changed.
        """
        for kind in self.kinds():
            common = {key: value for key, value in kind.items() if key in before}
            same = [key for key, value in common.items() if before[key] == value]
            read_otherwise = len(common) >= _FEW and 2 * len(same) < len(common)
            yield from common if read_otherwise else same
