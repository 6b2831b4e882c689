"""What a cell may hold instead of a value: a ditto mark, the word for a vacancy, a total, no end (`cell_words.csv`)."""

from functools import cache, lru_cache

from schemas.nomenclatures import rows
from schemas.words import clean, label_key

_NOTHING = frozenset("-–—_.…*/?x")
_DASHES = frozenset("-–— ")
_LONGEST = 60  # characters; a longer text says more than a mark


@cache
def _written(kind: str) -> frozenset[str]:
    return frozenset(next(row["words"] for row in rows("cell_words") if row["kind"] == kind).split("|"))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(map(label_key, _written(kind)))


@lru_cache(maxsize=2048)  # of nearly every cell of a workbook
def is_ditto(text: str) -> bool:
    """Tell a ditto: « " », « idem », « // »: as above."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and (cell in _written("mark") or _is_quotes(cell) or label_key(cell) in _words("ditto"))


def is_not_loaded(text: str) -> bool:
    """Tell whether a program wrote it because it had no value: « #N/A », « #REF! », « Chargement… »."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    said = cell.casefold().rstrip("….: ")
    return bool(said) and (
        said in _written("not_loaded") or (said[0] != "#" and label_key(cell) in _written("not_loaded"))
    )


def _is_quotes(cell: str) -> bool:
    """« -»- », « " " », « --"-- »: the signs of marks, among dashes and spaces, and nothing else."""
    return _signs().issuperset(cell) and not _DASHES.issuperset(cell)


@cache
def _signs() -> frozenset[str]:
    written = frozenset("".join(_written("mark"))) - {"/"}  # « -/- » is a vacancy
    return _DASHES | {sign for sign in written if not sign.isalnum()}


def may_be_a_name(text: str) -> bool:
    """Tell whether it is « DO », « IDEM »: one word that may be somebody's name all the same, where no sign says that
    it is a mark.
    """
    return label_key(text).isalpha()


def is_vacancy(text: str) -> bool:
    """Tell whether it is « VACANT », « Poste à pourvoir », « - », « N/A »: nobody."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and (_NOTHING.issuperset(cell.lower().replace(" ", "")) or label_key(cell) in _words("vacancy"))


def begins_vacant(text: str) -> bool:
    """Tell whether it is a vacancy that goes on: « Vacant depuis le départ de Mme X », « Poste vacant suite à… »."""
    words = label_key(text[: 4 * _LONGEST]).split()
    for size in range(len(words) - 1, 0, -1):
        if " ".join(words[:size]) in _words("vacancy") and len("".join(words[:size])) > _SHORT_VACANCY:
            return words[size] in _words("vacant_since")
    return False


_SHORT_VACANCY = 4  # letters: « NC », « x » begin names too


@lru_cache(maxsize=2048)  # of a row's addresses, telephones and dates more than once
def says_nothing(text: str) -> bool:
    """Tell whether a cell of contacts or of a date has no value on purpose: « - », « NC », « idem », « voir carte »."""
    key = label_key(text)
    crossed = bool(key) and not key.strip("x")  # « x » stands for nothing, or for anything
    return not crossed and (is_vacancy(text) or is_ditto(text) or tells_no_end(text))


def tells_no_end(text: str) -> bool:
    """Tell whether no end is known to come: « indéterminée », « N/A », « à définir » where its day is expected."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and label_key(cell) in _words("no_end")


def is_example(text: str) -> bool:
    """Tell an example: « Exemple : », « Ex. », « Modèle »: of a row that shows how to fill the others in."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and label_key(cell) in _words("example")


def is_hint(text: str) -> bool:
    """Tell a hint: « JJ/MM/AAAA », « EN MAJUSCULES », « 11 chiffres », « Oui/Non »: what is to be written there."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and label_key(cell).strip() in _words("hint")


def is_total(text: str) -> bool:
    """Tell a total: « Total », « Sous-total CH de Valvert : 3 »: the words for a sum, and what it is of."""
    words = label_key(text[:_LONGEST]).split()
    return any(" ".join(words[:size]) in _words("total") for size in range(1, 5))


def is_legend(text: str) -> bool:
    """Tell a legend: « grisé = plus en poste », « En rouge : partis », « P → parti »: what a sign or a colour means."""
    return any(sign in text for sign in "=→") or not _colours().isdisjoint(label_key(text).split())


@cache
def _colours() -> frozenset[str]:
    return frozenset(
        word for row in rows("departure_words") if row["kind"].startswith("hue_") for word in row["words"].split("|")
    )
