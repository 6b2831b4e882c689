"""What the configuration says, beyond being well formed: choices forgotten, or left as the example has them."""

from collections.abc import Iterator

from flows.doctor.examination import Visit
from flows.reading.local import source_names
from schemas.nomenclatures import say
from schemas.reading.source_names import is_register
from schemas.reports.checkup import Finding, ok, warning

EXAMPLES = ("example.org", "example.com", "example.net")  # RFC 2606: nobody's


def check_choices(visit: Visit) -> Iterator[Finding]:
    """Check that it was read; what is missing or still an example."""
    settings = visit.settings
    registers = sum(is_register(name) for name in source_names(settings))
    yield ok(say("doctor.configuration", registers=registers, workbooks=len(settings.workbook)))
    if settings.register_.persons is None and not settings.directory.url:
        yield warning(say("doctor.no_persons"), say("doctor.no_persons_todo"))
    if not settings.workbook:
        yield warning(say("doctor.no_workbook"), say("doctor.no_workbook_todo"))
    if settings.mail.admin is None:
        yield warning(say("doctor.no_admin"), say("doctor.no_admin_todo"))
    for key, address in (("mail.sender", settings.mail.sender), ("mail.admin", settings.mail.admin)):
        if address and address.rpartition("@")[2] in EXAMPLES:
            yield warning(say("doctor.sample_address", key=key, found=address), say("doctor.sample_address_todo"))
