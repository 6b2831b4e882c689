"""What the night brings in before it reads."""

from flows.run.run import Run
from schemas.reading.arrival import Brought


def brought_in(run: Run) -> tuple[Brought, ...]:
    """Return what came, source by source; a dry run and a release look at what lies there.

    What is let out is what somebody has looked at: a newer file would be another night.
    """
    if not run.settings.fetch or run.request.dry_run or run.request.release:
        return ()
    from flows.fetching.bring_in import bring_in  # whoever fetches nothing does not wait for the HTTP library

    return bring_in(run.settings, run.settings.fetch, run.steps.tell, run.steps)
