"""Somebody whom the annuaire does not have at a place, and of whom the row says that they are not there yet: « Futur »,
« arrive le 04/01/2027 », « Date de prise de fonction » to come, « Accord : non ».

Nobody is created before: it is asked whether they are in post.
"""

from datetime import date

from pipelines.dates import date_in
from pipelines.normalize import parse_date
from pipelines.sources.cells.presence import is_to_come
from schemas.table_words import arrival_words
from schemas.words import clean, label_key


def coming(text: str, day: date) -> bool:
    """Tell whether a cell says that somebody is to come: a day to come with a word for it, or such a word alone."""
    cell = clean(text)
    if not cell:
        return False
    when, words = date_in(cell)
    said = set(label_key(words).split())
    if when is None and not arrival_words("will").isdisjoint(said):  # « prendra ses fonctions en janvier »
        return True
    if "jusqu" in said:  # the day of an end: of what is learnt before, or of the post
        learning = when is not None and when > day and not arrival_words("learning").isdisjoint(said)
        return learning or is_to_come(cell)
    return (when is not None and when > day and not arrival_words("arrival").isdisjoint(said)) or is_to_come(cell)


def says_when(head: str, text: str, day: date) -> bool:
    """Tell whether a cell below this header says that somebody is not there yet, or not agreed to."""
    title = set(label_key(head).split())
    if not arrival_words("begin").isdisjoint(title) and arrival_words("begin_not").isdisjoint(title):
        when, words = date_in(text)
        when = when if when and not label_key(words) else parse_date(text)[0]
        return when is not None and when > day
    if not arrival_words("agreed").isdisjoint(title):
        return label_key(text) in arrival_words("refused")
    return coming(text, day)
