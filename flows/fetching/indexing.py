"""An extract that has just come is indexed at once: the night after looks people up in it instead of reading it."""

from collections.abc import Iterable

from connectors.sources.register import read_register
from flows.run.progress import Progress
from flows.settings.model import Settings
from flows.state.indexes import index_place
from schemas.nomenclatures import say
from schemas.reading.arrival import Brought
from schemas.reading.source import Wanted
from schemas.reading.source_names import ADELI, CARDS, PERSONS, contract_of


def index_arrivals(settings: Settings, brought: Iterable[Brought], tell: Progress) -> None:
    """Read each national extract of what was brought; whatever is wrong with one is said by the night that reads it."""
    for one in brought:
        if one.source not in (CARDS, ADELI, PERSONS) or one.outcome != "fetched" or one.stranger:
            continue
        tell(say("step.register", source=say(f"source.{one.source.replace('.', '_')}")), 0, 0)
        place = index_place(settings.state_folder, one.source)
        read_register(
            settings.path(one.path), one.source, contract_of(one.source), Wanted(), shown=one.path, index=place
        )
