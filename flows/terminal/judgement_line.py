"""An answer that said who is who, in one line of a terminal."""

from pipelines.phrase import day_text, post_text
from schemas.changes.judgement import Judgement
from schemas.nomenclatures import say


def judgement_text(key: str, one: Judgement, about: str = "") -> str:
    """Return an answer in one line: when, on whose report, in which words."""
    post = post_text(one.by) if one.by else "–"
    undone = day_text(one.undone_on) if one.undone_on else ""
    return say(key, id=one.change_id, about=about, day=day_text(one.day), post=post, said=one.said, undone=undone)
