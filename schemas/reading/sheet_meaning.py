"""What the name of a sheet, or its title, says that it is: of leavers, of the past, a draft, or to come."""

from schemas.nomenclatures import rows
from schemas.reading.mark import is_legend
from schemas.words import label_key

LEAVERS, PAST, DRAFT, FUTURE, TODAY = "leavers", "past", "draft", "future", ""
_LONGEST_TITLE = 8  # words; a longer text is a sentence about something else


def meaning_of_title(text: str) -> str:
    """Return what the longest known phrase says; of equal ones the first of the table."""
    words = label_key(text).split()
    if not words or len(words) > _LONGEST_TITLE or is_legend(text):
        return TODAY
    best, size = TODAY, 0
    for row in rows("sheet_names"):
        for phrase in row["words"].split("|"):
            wanted = phrase.split()
            if len(wanted) > size and any(words[at : at + len(wanted)] == wanted for at in range(len(words))):
                best, size = row["kind"], len(wanted)
    return TODAY if best == "today" else best
