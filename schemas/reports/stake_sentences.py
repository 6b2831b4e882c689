"""What is at stake in a report: a sentence that says what happens if nothing is done, and a subject's few words.

Persons, structures and questions are counted apart: a wrong number in a workbook locks nobody out. Where too little is
known of the accesses, what is known is a minimum, and nothing is calm.
"""

from collections import Counter
from collections.abc import Iterator

from schemas.nomenclatures import say
from schemas.reports.report import Deadline, Report
from schemas.reports.stakes import Counted
from schemas.typography import say_count

_ACCESSES = ("lost", "soon")
_NO_DECLARATION = ("lost", "soon", "structure", "account", "no_card")  # for want of one of these nobody declares


def consequence(report: Report) -> str:
    """Return « 1 personne ne peut plus se connecter ; 2 cas de numéro à vérifier. Sans accès, … »."""
    elsewhere = _elsewhere(report)
    if report.stakes.counts:
        parts = [*_what_happens(report), *elsewhere]
        told = say("stake.sentence", stakes=say("stake.join").join(parts))
        found = told[0].upper() + told[1:]
        if report.basis == "unknown":
            found = say("stake.known_only", stakes=told)
        serious = any(one.stake in _NO_DECLARATION for one in report.stakes.counts)
        return f"{found} {say('stake.no_access' if serious else 'stake.then')}"
    calm = say("stake.join").join((say(f"stake.{_none(report)}", known=_known(report)), *elsewhere))
    then = say(f"stake.{_what_follows(report)}")
    return f"{say('stake.sentence', stakes=calm)} {then}"


def _what_follows(report: Report) -> str:
    """What comes of doing nothing, where no access is at stake: of a source that is missing, nothing is concluded."""
    if report.total:
        return "then"
    if report.troubles:
        return "then_sources"
    return "then_rejects" if report.rejects else "then"


def nobody_loses(report: Report) -> str:
    """Return « Aucun compte ne perd son accès d'ici 90 jours », as far as that is known."""
    return say(f"chart.calendar_{'unknown' if report.health is None else report.basis}")


def first_weeks(report: Report, most: int) -> tuple[Deadline, ...]:
    """Return the first weeks in which accesses end, the later ones as one line, and of how many nobody knows."""
    weeks = [one for one in report.weeks if not one.unknown]
    later = sum(one.count for one in weeks[most:])
    rest = (Deadline(say("letter.later"), later),) if later else ()
    return (*weeks[:most], *rest, *(one for one in report.weeks if one.unknown))


def when_text(report: Report) -> str:
    """Return by when the lines are to be answered; "" where nobody knows when what has no answer comes again."""
    if report.remind_on is None or not report.total:
        return ""
    which = "when_others" if not report.access else "when_access" if report.access == report.total else "when"
    return say(f"report.{which}", date=f"{report.remind_on:%d/%m/%Y}")


def rejects_texts(report: Report, key: str) -> tuple[str, ...]:
    """Return how many of the rejects are to be corrected (`key`: the sentence that says where), and how many were."""
    mended = len(report.rejects) - report.to_mend
    told = (say_count(key, report.to_mend),) if report.to_mend else ()
    return (*told, *((say_count("letter.mended", mended),) if mended else ()))


def tone(report: Report) -> str:
    """Tell how the sentence is set: « access » alarms, « calm » where enough is known and nobody loses it, «
    unknown ».
    """
    if report.stakes.counts:
        return "access"
    return "calm" if _none(report) in ("none", "none_known") and not _elsewhere(report) else "unknown"


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
    """Tell why so many accesses are unknown, for a subject, longest first; () where it is no matter."""
    if not report.cause or not report.unverified:
        return ()
    return tuple(
        say("stake.cause", cause=report.cause, unverified=say_count(f"stake.{key}", report.unverified))
        for key in ("unverified", "unverified_short")
    )


def the_troubles(report: Report) -> tuple[str, ...]:
    """Return what is wrong with the night itself, for the administrator's subject, longest first; () where
    nothing is.
    """
    if not report.troubles:
        return ()
    first, *more = report.troubles
    rest = [", ".join((first, say_count("trouble.sources", len(more))))] if more else []
    return tuple(dict.fromkeys((", ".join(report.troubles), *rest, say_count("trouble.sources", len(report.troubles)))))


def few_words(report: Report) -> tuple[tuple[str, int], ...]:
    """Return what is at stake for a subject, and how many lines of the report it leaves over, longest first.

    « 1 sans accès, 1 menacé dès le 11/12, 1 structure sans titulaire »; then without the last, …; () without any.
    """
    counts = report.stakes.counts
    left = [report.total - sum(one.changes for one in counts[:most]) for most in range(len(counts) + 1)]
    return tuple(
        (", ".join(_in_few_words(report, one, dated) for one in counts[:most]), left[most])
        for most in range(len(counts), 0, -1)
        for dated in (True, False)
    )


def besides(report: Report, others: int) -> tuple[str, ...]:
    """Return what the lines are that no access hangs on, for a subject: « 2 mises à jour, 12 cartes, 1 question »; ()
    where they are not just the `others`.
    """
    left: Counter[str] = Counter()
    for one in report.counts:
        left[_LEFT.get(one.kind, "update")] += one.important + one.info
    words = [say_count(f"count.{key}", left[key]) for key in ("update", "card", "question") if left[key]]
    return (", ".join(words),) if sum(left.values()) == others and words else ()


_LEFT = {"card_alert": "card", "review": "question"}


def _in_few_words(report: Report, one: Counted, dated: bool) -> str:
    text = say(f"stake.{one.stake}_short", count=one.count)
    first = report.stakes.first_loss if dated and one.stake == "soon" else None
    return say("stake.from", stake=text, date=f"{first:%d/%m}") if first else text


def _what_happens(report: Report) -> Iterator[str]:
    """Each with its count; of accesses a minimum where too little is known."""
    least = report.basis == "unknown"
    lost, first = report.stakes.count("lost"), report.stakes.first_loss
    for one in report.stakes.counts:
        too = one.stake == "soon" and lost
        key = f"stake.{one.stake}_too" if too else f"stake.{one.stake}"
        said = say(key, count=one.count, date=f"{first:%d/%m/%Y}" if first else "")
        minimum = least and one.stake in _ACCESSES and not too
        yield say("known.at_least", what=said) if minimum else said


def _elsewhere(report: Report) -> tuple[str, ...]:
    """For who answers for a part: what is lost in the rest of the annuaire, which others enter."""
    one = report.elsewhere
    if one is None or not (one.lost or one.ending):
        return ()
    parts = [say("stake.elsewhere_lost", count=one.lost)] if one.lost else []
    if one.ending and one.first_end:
        key = "stake.elsewhere_too" if one.lost else "stake.elsewhere_soon"
        parts.append(say(key, count=one.ending, date=f"{one.first_end:%d/%m/%Y}"))
    return (say("stake.elsewhere", what=", ".join(parts)),)
