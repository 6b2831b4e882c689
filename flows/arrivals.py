"""What the night brings in before it reads."""

from flows.occasion import Occasion
from flows.settings import Settings
from flows.steps import Do
from flows.telling import Tell
from schemas.arrival import Brought


def brought_in(settings: Settings, occasion: Occasion, tell: Tell, do: Do) -> tuple[Brought, ...]:
    """What came, source by source; a dry run and a release look at what lies there.

    What is let out is what somebody has looked at: a newer file would be another night.
    """
    if not settings.fetch or occasion.dry_run or occasion.release:
        return ()
    from flows.bring_in import bring_in  # whoever fetches nothing does not wait for the HTTP library

    return bring_in(settings, settings.fetch, tell, do)
