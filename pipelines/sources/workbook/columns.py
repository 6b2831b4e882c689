"""Which of several columns of one header is meant, which names stand in each other's place, which day comes first.

What agrees with the annuaire on the other rows of the file decides (`reading_thresholds.csv`), and is told once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.dates import english
from pipelines.names import bag, full_key
from pipelines.normalize import parse_date
from pipelines.sources.cells.known_people import NOBODY, Known, People, Record, Votes, same_words, thresholds
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.cells.presence import LEFT, PRESENT, presence_of
from pipelines.sources.cells.role import rank_said
from pipelines.sources.cells.sites import finess_in
from schemas.nomenclatures import code_of, label_of, region_of
from schemas.people.workbook_line import DATE_FIELDS
from schemas.table_words import words_where
from schemas.words import label_key

Columns = dict[str, str]  # field → « feuille!colonne », of one sheet


@dataclass(frozen=True, slots=True)
class Twin:
    """A header of several columns: which is read, and why: « decided » by the annuaire or a shape, « all » of them, or
    « open », and then it is the first.
    """

    field: str
    column: str
    columns: tuple[str, ...]
    why: str


_TOGETHER = {"email": " ; ", "phone": " ; ", "comment": " ; "}
_SEVERAL_READ = ("cpx_number",)
_TABLES = {"profession": "professions", "function": "functions", "rank": "ranks", "card_type": "card_types"}


def _last_name(text: str, known: Known) -> bool:
    return same_words(text, known.last_name)


def _first_name(text: str, known: Known) -> bool:
    return same_words(text, known.first_name)


def _card_end(text: str, known: Known) -> bool:
    value, _ = parse_date(text)
    return value is not None and value.isoformat() == known.card_expires_on


_AGREES: Mapping[str, Callable[[str, Known], bool]] = {
    "last_name": _last_name,
    "first_name": _first_name,
    "card_expires_on": _card_end,
}


def twins(records: list[Record], columns: Columns, around: Surroundings) -> Iterator[Twin]:
    """Put what is meant into the field of each header that several columns of this sheet have."""
    fields = dict.fromkeys(name.partition("~")[0] for name in columns if "~" in name)
    for name in fields:
        offered = [name, *sorted(column for column in columns if column.startswith(f"{name}~"))]
        if name in _TOGETHER:
            for record in records:
                record[name] = _TOGETHER[name].join(dict.fromkeys(filter(None, (record[one] for one in offered))))
        if name in _TOGETHER or name in _SEVERAL_READ:
            yield Twin(name, columns[name], tuple(columns[one] for one in offered), "all")
            continue
        found = _by_people(records, name, offered, around.people) or _by_shape(records, name, offered, around)
        yield _taken(records, columns, name, offered, found)


def _taken(records: list[Record], columns: Columns, name: str, offered: list[str], found: str) -> Twin:
    chosen = found or name
    for record in records:
        if name in _AGREES:
            others = [record[one] for one in offered if one != chosen and record[one]]
            record[name] = record[chosen]
            record.setdefault("_passed", others[0] if others else "")
        else:
            readable = [record[one] for one in offered if record[one] and _reads(name, record[one])]
            record[name] = next(iter(readable), next((record[one] for one in offered if record[one]), ""))
    every = tuple(columns[one] for one in offered)
    columns[name] = columns[chosen]
    return Twin(name, columns[name], every, "decided" if found else "open" if name in _AGREES else "all")


def _reads(name: str, text: str) -> bool:
    if name in DATE_FIELDS:
        return parse_date(text)[0] is not None
    return bool(code_of(_TABLES[name], text)) if name in _TABLES else True


def _by_people(records: list[Record], name: str, offered: list[str], people: People) -> str:
    agrees = _AGREES.get(name)
    if agrees is None:
        return ""
    votes = Votes()
    for record in records:
        known = people.who(record)
        if known:
            votes.add(one for one in offered if record[one] and agrees(record[one], known))
    return votes.decided()


def _by_shape(records: list[Record], name: str, offered: list[str], around: Surroundings) -> str:
    """Of columns of names the only one that does not hold names of establishments."""
    if name != "last_name":
        return ""
    people = [one for one in offered if not _names_structures([record[one] for record in records], around)]
    return people[0] if len(people) == 1 else ""


def _names_structures(texts: list[str], around: Surroundings) -> bool:
    written = [text for text in texts if text]
    named = sum(bool(_structure_in(text, around)) for text in written)
    return bool(written) and named >= thresholds()["share"] * len(written)


def _structure_in(text: str, around: Surroundings) -> str:
    """Anything in a text that tells of an establishment: its name, its number, the word for its type."""
    first = code_of("structure_types", text.split()[0])
    return around.code_named(text) or first or region_of(text) or (finess_in(text) or ("",))[0]


def give_establishments(records: list[Record], around: Surroundings) -> None:
    """Put in the establishment's name that a passed-over column of names says, in a sheet that has no other."""
    passed = [record.get("_passed", "") for record in records]
    if any(record["structure_name"] for record in records) or not _names_structures(passed, around):
        return
    for record, text in zip(records, passed, strict=True):
        record["structure_name"] = text


def misnamed_dates(records: list[Record], people: People) -> bool:
    """Tell whether « Date de fin » is the card's: it says what the annuaire has for the cards."""
    if any(record["card_expires_on"] for record in records):
        return False
    votes = Votes()
    for record in records:
        known = people.who(record)
        if known and known.card_expires_on and record["ended_on"]:
            votes.add(["card"] if _card_end(record["ended_on"], known) else [])
    return votes.decided() == "card"


def contradicted_ends(records: list[Record], day: date) -> bool:
    """Empty a column of ends that have come, for most of a sheet's people who are said to be there, or of numbers
    alone: it is of something else. True where it was.
    """
    ends = [text for record in records if (text := record["ended_on"])]
    short = all(len(text) < _SHORTEST_DATE and text[0].isdigit() for text in ends)
    counted = short and 2 * len(ends) > len(records) and len(ends) >= _FEWEST_CONTRADICTED
    there = [record for record in records if presence_of(record["status"], day) == PRESENT]
    past = [record for record in there if (end := parse_date(record["ended_on"])[0]) is not None and end <= day]
    if not counted and (len(past) < _FEWEST_CONTRADICTED or 2 * len(past) < len(there)):
        return False
    for record in records:
        record["ended_on"] = ""
    return True


def positions(records: list[Record], day: date) -> bool:
    """Take a column « Position » of a house's people, « Activité », « Détachement », for statuses and no ranks; True
    where it was: none of its cells is a rank, and half of them say that somebody is there, or left.
    """
    told = [record for record in records if record["rank"] and not record["status"]]
    if len(told) < _FEWEST_CONTRADICTED or any(rank_said(record["rank"]) for record in records if record["rank"]):
        return False
    there = words_where("departure_words", kind="position")
    said = {
        id(one): label_key(one["rank"]) in there or presence_of(one["rank"], day) in (PRESENT, LEFT) for one in told
    }
    if 2 * sum(said.values()) < len(told):
        return False
    for record in told:
        of_all = label_key(record["rank"]) in there
        record["status"], record["rank"] = label_of("statuses", "ACTIVE") if of_all else record["rank"], ""
    return True


_SHORTEST_DATE = 4  # signs: « 35 », « 2A » are départements
_FEWEST_CONTRADICTED = 3  # rows


def month_first(records: list[Record], people: People = NOBODY) -> Iterator[tuple[str, str]]:
    """Read « 04/05/2028 » month first in a column where a date can only be read so, and none only otherwise.

    Where no date tells, those of the cards of whom we know do. (column, « shape » or « known »).
    """
    for name in DATE_FIELDS:
        texts = [record[name] for record in records if record[name]]
        only = sum(_only_english(text) for text in texts)
        if any(_only_french(text) for text in texts):
            continue
        known = [*map(people.who, records)] if name == "card_expires_on" and not only else []
        if not only and not _cards_say_so(records, known):
            continue
        for record in records:
            value = None if _only_english(record[name]) else english(record[name])
            record[name] = value.isoformat() if value else record[name]
        yield name, "shape" if only else "known"


def _cards_say_so(records: list[Record], people: list[Known | None]) -> bool:
    votes = Votes()
    for record, known in zip(records, people, strict=False):
        if not known or not known.card_expires_on or english(record["card_expires_on"]) is None:
            continue
        other = english(record["card_expires_on"])
        readings = ["day"] if _card_end(record["card_expires_on"], known) else []
        votes.add([*readings, *(["month"] if other and other.isoformat() == known.card_expires_on else [])])
    return votes.decided() == "month"


def _parts(text: str) -> tuple[int, int]:
    parts = text.replace("-", "/").replace(".", "/").split("/")
    three = len(parts) == 3 and all(part.strip().isdecimal() for part in parts)
    return (int(parts[0]), int(parts[1])) if three else (0, 0)


def _only_english(text: str) -> bool:
    first, second = _parts(text)
    return 1 <= first <= 12 < second <= 31


def _only_french(text: str) -> bool:
    first, second = _parts(text)
    return 1 <= second <= 12 < first <= 31


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def swapped_names(records: list[Record], people: People) -> Iterator[Record]:
    """Put last and first names back that stand in each other's column: all of a sheet, or those whom we know."""
    votes, told = Votes(), {}
    for at, record in enumerate(records):
        order = _order(record, people.who(record), people.names)
        if order:
            told[at] = order
            votes.add([order])
    whole = votes.decided() == "swapped"
    for at, record in enumerate(records):
        if record["first_name"] and record["last_name"] and told.get(at, "swapped" if whole else "") == "swapped":
            record["last_name"], record["first_name"] = record["first_name"], record["last_name"]
            yield record


def names_in_one_cell(records: list[Record], people: People) -> None:
    """Part a name and first name in one cell as the annuaire has them; the others of the sheet in the same order."""
    votes, known = Votes(), {}
    alone = [record for record in records if record["last_name"] and not record["first_name"]]
    for at, record in enumerate(alone):
        found = people.who(record) or people.by_words.get(bag((record["last_name"], "")))
        if found and found.first_name and bag((record["last_name"], "")) == bag((found.last_name, found.first_name)):
            known[at] = found
            begins = record["last_name"].lower().startswith(found.first_name.split()[0].lower())
            votes.add(["first" if begins else "last"])
    first_comes_first = votes.decided() == "first"
    for at, record in enumerate(alone):
        words = record["last_name"].split()
        if at in known:
            record["last_name"], record["first_name"] = known[at].last_name, known[at].first_name
        elif first_comes_first and len(words) > 1 and record["last_name"] == record["last_name"].title():
            record["last_name"], record["first_name"] = " ".join(words[1:]), words[0]


def _order(record: Record, known: Known | None, names: frozenset[str]) -> str:
    """straight, swapped, or "" where nothing is known of somebody."""
    last, first = record["last_name"], record["first_name"]
    if not last or not first:
        return ""
    if known:
        if same_words(last, known.last_name) or same_words(first, known.first_name):
            return "straight"
        both = same_words(last, known.first_name) and same_words(first, known.last_name)
        return "swapped" if both else ""
    if full_key(last, first) in names:
        return "straight"
    return "swapped" if full_key(first, last) in names else ""
