"""« REMPLACE » as a status: somebody who replaces, or who was replaced? What the annuaire has of them tells."""

import re

from pipelines.sources.cells.known_people import Known, People, Record, Votes
from schemas.nomenclatures import code_of, label_of
from schemas.words import clean, label_key

_EITHER = re.compile(r"(?:est )?remplacee?s?")
_TITULAIRE = re.compile(r"\btitulaire\b")
REPLACING, REPLACED = "replacing", "replaced"


def replaced_or_replacing(records: list[Record], people: People) -> str:
    """Return « replacing » or « replaced », which the cells of the column then say; decided by the annuaire; ""
    otherwise.
    """
    doubtful = [record for record in records if _is_either(record["status"])]
    votes = Votes()
    for record in doubtful:
        if known := people.who(record):
            votes.add(_readings(record, known, records))
    meant = votes.decided()
    for record in doubtful if meant else ():
        if meant == REPLACED:
            record["status"] = label_of("statuses", "LEFT")
        else:
            record["status"], record["rank"] = "", record["rank"] or label_of("ranks", "REMPLACANT")
    return meant


def _is_either(text: str) -> bool:
    return clean(text).isascii() and bool(_EITHER.fullmatch(label_key(text)))


def _readings(record: Record, known: Known, records: list[Record]) -> list[str]:
    """What their rank in the annuaire agrees with; a titulaire was replaced only where the file has another one."""
    if known.ranks == {"REMPLACANT"}:
        return [REPLACING]
    return [REPLACED] if "TITULAIRE" in known.ranks and any(_takes_over(one, record) for one in records) else []


def _takes_over(other: Record, record: Record) -> bool:
    """Another row of the same establishment, without that word, is of a titulaire."""
    place = (record["structure_code"], record["structure_name"])
    same = other is not record and any(place) and place == (other["structure_code"], other["structure_name"])
    titulaire = code_of("ranks", other["rank"]) == "TITULAIRE" or bool(_TITULAIRE.search(label_key(other["function"])))
    return same and titulaire and not _is_either(other["status"])
