"""An answer that said who is who, in one line of a terminal."""

from datetime import date

from pipelines.phrase import day_text, post_text
from schemas.changes.judgement import Judgement
from schemas.nomenclatures import say


def judgement_text(key: str, one: Judgement, about: str = "", answered: date | None = None) -> str:
    """Return an answer in one line: when it was given, on whose report, in which words, with its day where that is
    another.
    """
    post = post_text(one.by) if one.by else "–"
    undone = day_text(one.undone_on) if one.undone_on else ""
    day = answered or one.day
    said = say("answer_effect.on", verdict=one.said, day=day_text(one.day)) if one.day > day else one.said
    return say(key, id=one.change_id, about=about, day=day_text(day), post=post, said=said, undone=undone)
