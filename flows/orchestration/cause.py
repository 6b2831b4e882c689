"""Why the last night was held, in the few words of a mail's subject and the sentences below it; of nobody in person."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.phrase import source_text
from schemas.errors import StoreError
from schemas.reading.source import SourceStatus
from schemas.reading.source_names import holds_the_night


@dataclass(frozen=True, slots=True)
class Cause:
    """`sources`: « annuaire e-FIT »; `lines`: what is wrong with each, and what to do."""

    sources: str = ""
    lines: Sequence[str] = ()


def cause_of_hold(url: str) -> Cause:
    """Return the sources without which nothing could be concluded last night; nothing where it is sets that
    were held. `url`: of the store.
    """
    from connectors.store import look_at_store  # an alert of anything else waits for neither the store nor the rules
    from pipelines.lifecycle.hold_texts import held_last

    try:
        with look_at_store(url) as store:
            runs = store.runs(limit=1)
    except StoreError:  # the alarm leaves all the same
        return Cause()
    if not runs or runs[0].status != "held":
        return Cause()
    held = [one for one in runs[0].sources if one.status is SourceStatus.HELD and holds_the_night(one.name)]
    return Cause(
        ", ".join(source_text(one.name) for one in held),
        [f"{source_text(one.name)} ({one.path}) : {one.message}" for one in held] or held_last(runs[0].counts),
    )
