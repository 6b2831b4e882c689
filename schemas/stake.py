"""What is at stake in a report: a sentence that says what happens if nothing is done, and a subject's few words.

An access is *blocked* when it is missing on the day of the report, *threatened* when it still serves.
"""

from schemas.nomenclatures import say
from schemas.report import Report
from schemas.typography import say_count


def consequence(report: Report) -> str:
    """« Si rien n'est fait, 8 accès à e-FIT restent bloqués et 1 autre sera perdu le 11/12/2026 : … »."""
    if not report.access:
        return say("stake.none" if report.total or not report.rejects else "stake.rejects")
    return say("stake.access", stake=_what_happens(report))


def few_words(report: Report) -> tuple[str, ...]:
    """The accesses for a subject, longest first: « 8 accès bloqués, 1 menacé dès le 11/12 », …; () without any."""
    if not report.access:
        return ()
    threatened = report.access - report.blocked
    day = f"{report.first_loss:%d/%m}" if report.first_loss else ""
    blocked = say_count("stake.blocked", report.blocked)
    if not threatened:
        return (blocked,)
    if not report.blocked:
        words = say_count("count.access", threatened)
        return say("stake.from", stake=words, date=day), words
    words = f"{blocked}, {say_count('stake.more', threatened)}"
    return say("stake.from", stake=words, date=day), words, say_count("count.access", report.access)


def _what_happens(report: Report) -> str:
    threatened = report.access - report.blocked
    stays = say_count("stake.stays", report.blocked)
    if not threatened:
        return stays
    day = f"{report.first_loss:%d/%m/%Y}"
    if not report.blocked:
        return say_count("stake.goes", threatened, date=day)
    return say("stake.both", stays=stays, goes=say_count("stake.goes_too", threatened, date=day))
