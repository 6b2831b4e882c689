"""What a reader of figures must know of what is not known, in a sentence: one for every surface."""

from schemas.nomenclatures import say
from schemas.reports.health import Health
from schemas.reports.known_figure import causes_text


def unknown_texts(one: Health, cause: str, lead: str = "own") -> tuple[str, ...]:
    """Tell how much is not known, why, and what was known last; () where everything is.

    `lead`: « own » for the reader's own accounts, « country » for the whole annuaire, « page » for a page.
    """
    if one.unlooked:
        return (say("unknown.unlooked"),)
    figure = one.figure("losing")
    facts = {"count": one.unknown, "total": one.accounts, "known": figure.known}
    if figure.basis == "declared":
        return (say(f"unknown.{lead}_declared", **facts),)
    if figure.whole:
        return ()
    because = causes_text(one.because, cause)
    if figure.basis == "verified":
        return (say(f"unknown.{lead}_some", because=because, **facts),)
    return (say(f"unknown.{lead}_most", because=because, last=_last(one), **facts),)


def _last(one: Health) -> str:
    lost, ending = one.figure("lost").last, one.figure("ending").last
    if lost is None or ending is None:
        return say("unknown.never")
    return say("unknown.last", lost=lost.count, ending=ending.count, date=f"{lost.day:%d/%m/%Y}")
