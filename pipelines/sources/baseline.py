"""What the nights before left to hold tonight's sources against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.changes.judgement import Judgement
from schemas.people.vocabulary import Words
from schemas.reading.export_figures import Asked, Stood
from schemas.reading.footprint import Footprint
from schemas.reading.source_names import ANNUAIRE


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the nights before left to compare with; nothing at all on a fresh checkout.

    `footprints`: of each source when it was last used or released; `accounts`: of the last night's annuaire;
    `asked`: what of them our open changes ask to take away; `released`: held sources that a human let pass, or a figure
    of one (« annuaire.active ») → how much of each; `moving`: those whose files do not come to rest tonight, though
    each stood still while it was read; `mentioned`: what a workbook is complete for
    (`Snapshot.mentioned_before`) → the structures that one was about; `left`: those whose people left, an updater said;
    `judgements`: what updaters decided of who is who, and it stands. `words`: what this installation's own words mean.
    `superseded`: of a workbook the digests of files that others have replaced → the last day each was used.
    `forgotten`: how many accounts there were, once nothing else of them is known.
    """

    footprints: Mapping[str, Footprint] = field(default_factory=dict)
    accounts: Mapping[str, Stood] = field(default_factory=dict)
    asked: Callable[[], Asked] = Asked
    released: Mapping[str, int] = field(default_factory=dict)
    moving: frozenset[str] = frozenset()
    mentioned: Mapping[str, frozenset[str]] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    judgements: tuple[Judgement, ...] = ()
    words: Words = field(default_factory=dict)
    superseded: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    forgotten: int = 0

    def without_accounts(self) -> "Baseline":
        """Return the same once nobody asks how an account stood; how many there were is still known."""
        return replace(self, accounts={}, forgotten=self.size(ANNUAIRE))

    def size(self, name: str) -> int:
        """Tell how much of a source there was: accounts of the annuaire, rows of anything else."""
        return len(self.accounts) + self.forgotten if name == ANNUAIRE else self.footprints.get(name, Footprint(0)).rows


NOTHING_BEFORE = Baseline()
