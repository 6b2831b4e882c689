"""Whether this command sees the installation that the service used last: store, key, variables, values."""

from collections.abc import Iterator

from flows.doctor.examination import Visit
from flows.state.check_installation import astray, copy_here, last_seen
from flows.state.installed import present
from pipelines.installation import altered
from schemas.nomenclatures import say
from schemas.reports.checkup import Finding, failure, ok, warning


def check_installation(visit: Visit) -> Iterator[Finding]:
    """Check whose store and key they are: another store or key is a failure; what the last night was given and this
    command is not, a warning.
    """
    problems = list(astray(visit.settings))
    if problems:  # the first says what is amiss, the others what to do
        yield failure(problems[0], " ".join(problems[1:]))
        return
    here, known = present(visit.settings), last_seen(visit.settings)
    if known is None:
        yield ok(say("doctor.installation_new"))
        return
    if copied := copy_here(visit.settings):
        yield failure(*copied)
    lacking = here.lacks(known)
    if lacking:
        told = say("doctor.installation_lacks", names=", ".join(lacking), user=known.user, host=known.host)
        yield warning(told, say("doctor.installation_lacks_todo"))
    changed = altered(here, known)
    if changed:
        told = say("doctor.installation_changed", keys=", ".join(changed), user=known.user, host=known.host)
        yield warning(told, say("doctor.installation_changed_todo"))
    if here.user != known.user:
        told = say("doctor.installation_user", found=here.user, user=known.user)
        yield warning(told, say("doctor.installation_user_todo"))
    if not lacking and not changed:
        yield ok(say("doctor.installation", name=here.id or here.key, user=known.user, host=known.host))
