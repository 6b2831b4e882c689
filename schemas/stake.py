"""What is at stake in a report: a sentence that says what happens if nothing is done, and a subject's few words.

An access is *blocked* when it is missing on the day of the report, *threatened* when it still serves. Where too little
is known of the accesses, what is known is a minimum, and nothing is calm.
"""

from schemas.nomenclatures import say
from schemas.report import Deadline, Report
from schemas.typography import say_count


def consequence(report: Report) -> str:
    """« Si rien n'est fait, 8 accès à e-FIT restent bloqués et 1 autre sera perdu le 11/12/2026 : … »."""
    if report.access:
        key = "stake.access_at_least" if report.basis == "unknown" else "stake.access"
        return say(key, stake=_what_happens(report))
    then = say(f"stake.{_what_follows(report)}")
    return f"{say(f'stake.{_none(report)}', known=_known(report))} {then}"


def _what_follows(report: Report) -> str:
    """What comes of doing nothing, where no access is at stake: of a source that is missing, nothing is concluded."""
    if report.total:
        return "then"
    if report.troubles:
        return "then_sources"
    return "then_rejects" if report.rejects else "then"


def nobody_loses(report: Report) -> str:
    """« Aucun compte ne perd son accès d'ici 90 jours », as far as that is known."""
    return say(f"chart.calendar_{'unknown' if report.health is None else report.basis}")


def first_weeks(report: Report, most: int) -> tuple[Deadline, ...]:
    """The first weeks in which accesses end, the later ones as one line, and of how many nobody knows."""
    weeks = [one for one in report.weeks if not one.unknown]
    later = sum(one.count for one in weeks[most:])
    rest = (Deadline(say("letter.later"), later),) if later else ()
    return (*weeks[:most], *rest, *(one for one in report.weeks if one.unknown))


def tone(report: Report) -> str:
    """How the sentence is set: « access » alarms, « calm » where enough is known and nobody loses it, « unknown »."""
    if report.access:
        return "access"
    return "calm" if _none(report) in ("none", "none_known") else "unknown"


def _none(report: Report) -> str:
    """What may be said where no line is about an access."""
    one = report.health
    if one is None or one.lost or one.ending:
        return "none_here"
    if report.basis != "verified":
        return f"none_{report.basis}"
    return "none" if not report.minimum else "none_known"


def _known(report: Report) -> int:
    return report.health.figure("losing").known if report.health else 0


def the_cause(report: Report) -> tuple[str, ...]:
    """Why so many accesses are unknown, for the administrator's subject, longest first; () where it is no matter."""
    if not report.cause or not report.unverified:
        return ()
    return tuple(
        say("stake.cause", cause=report.cause, unverified=say_count(f"stake.{key}", report.unverified))
        for key in ("unverified", "unverified_short")
    )


def the_troubles(report: Report) -> tuple[str, ...]:
    """What is wrong with the night itself, for the administrator's subject, longest first; () where nothing is."""
    if not report.troubles:
        return ()
    first, *more = report.troubles
    rest = [", ".join((first, say_count("trouble.sources", len(more))))] if more else []
    return tuple(dict.fromkeys((", ".join(report.troubles), *rest, say_count("trouble.sources", len(report.troubles)))))


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
