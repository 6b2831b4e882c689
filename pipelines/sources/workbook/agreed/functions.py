"""Functions in words of the house: « Hémovigilant titulaire », « CHV n°1 », « Responsable hémovigilance »."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from pipelines.sources.cells.known_people import Record, thresholds
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.cells.role import role_of
from schemas.nomenclatures import label_of, rows, terms
from schemas.table_words import words_where
from schemas.words import clean, label_key

Role = tuple[str, str]
_COUNT = re.compile(r"(?:n|no|ndeg)?\d")
_LONGEST = 80  # signs of a wording; more is a sentence


@dataclass(slots=True)
class _Wording:
    """One wording at one type of structure: its rows, and the roles that the annuaire has of those it knows.

    `named`: it is a function, and one that there is not at such a structure.
    """

    rows: list[Record] = field(default_factory=list)
    known: list[Record] = field(default_factory=list)
    votes: Counter[Role] = field(default_factory=Counter)
    named: bool = False


def agreed_functions(
    records: list[Record], around: Surroundings, resolve: Callable[[Record], str]
) -> Iterator[tuple[str, str, int]]:
    """Put the function, and the rank where the row has none, that the annuaire bears out for a wording; (wording,
    function and rank, rows) of each.

    A wording of a single row is read so for its own person, where it speaks of the field.
    """
    wordings = _wordings(records, around, resolve)
    sure = {
        (text, role[0])
        for (text, _, _), one in wordings.items()
        if len(one.known) >= thresholds()["least"] and (role := _decided(one.votes))
    }
    for (text, _, _), one in wordings.items():
        role = _decided(one.votes)
        few = len(one.known) < thresholds()["least"]
        if role is None or (few and (text, role[0]) not in sure and (one.named or not _speaks_of_it(text, around))):
            continue
        theirs = one.known if few else one.rows
        wording = clean(theirs[0]["function"] or theirs[0]["rank"])
        for record in theirs:
            _put(record, role)
        yield wording, " ".join(filter(None, (label_of("functions", role[0]), label_of("ranks", role[1])))), len(theirs)


def _wordings(
    records: list[Record], around: Surroundings, resolve: Callable[[Record], str]
) -> dict[tuple[str, str, str], _Wording]:
    found: dict[tuple[str, str, str], _Wording] = defaultdict(_Wording)
    for record in records:
        if "_alone" in record or not (record["function"] or record["rank"]):
            continue
        code = resolve(record)
        structure = around.structures.get(code)
        if structure is None or not _is_open(record, structure.type):
            continue
        text = label_key(record["function"] or record["rank"])
        one = found[text, label_key(record["rank"]), structure.type]
        one.rows.append(record)
        one.named = bool(role_of(record["function"], record["rank"], structure.type)[0])
        person = around.people.who(record)
        held = [role for place, *role in person.held if place == code] if person else []
        if len(held) == 1:
            one.known.append(record)
            one.votes[held[0][0], held[0][1]] += 1
    return found


def _is_open(record: Record, structure_type: str) -> bool:
    """Its function is none that we know, or none that there is at such a structure."""
    text = record["function"] or record["rank"]
    if len(text) > _LONGEST or not any(map(str.isalpha, text)):
        return False
    function, _ = role_of(record["function"], record["rank"], structure_type)
    return not function or (function, structure_type) not in _places()


def _decided(votes: Counter[Role]) -> Role | None:
    """The function that nearly all have; with its rank where nearly all have that too."""
    asked = votes.total()
    functions: Counter[str] = Counter()
    for (function, _), count in votes.items():
        functions[function] += count
    if not functions:
        return None
    [(function, count)] = functions.most_common(1)
    if count < thresholds()["share"] * asked:
        return None
    rank, same = max(((rank, n) for (of, rank), n in votes.items() if of == function), key=lambda one: one[1])
    return function, rank if same >= thresholds()["share"] * asked else ""


def _put(record: Record, role: Role) -> None:
    """The rank that the row itself says goes first."""
    _, said = role_of(record["function"], record["rank"], "")
    said = said or role_of("", record["function"], "")[1]
    record["function"] = label_of("functions", role[0])
    record["rank"] = label_of("ranks", said or role[1]) if said or role[1] else ""


def _speaks_of_it(text: str, around: Surroundings) -> bool:
    """Nothing is said but functions, ranks and professions, and whom they work with: « CHV n°2 », « du Dr MARTIN »."""
    words = [word for word in text.split() if not _COUNT.match(word)]
    titled = {after for one, after in pairwise(words) if one in _titles() and around.names_somebody(after)}
    told = [word for word in words if word not in titled and word not in _titles()]
    return all(word in _vocabulary() or word in _small() for word in told) and not _vocabulary().isdisjoint(told)


@cache
def _titles() -> frozenset[str]:
    return frozenset({"m"} | {row["words"] for row in rows("name_words") if row["kind"] == "title"})


@cache
def _places() -> frozenset[tuple[str, str]]:
    return frozenset((row["function"], row["structure_type"]) for row in rows("roles"))


@cache
def _small() -> frozenset[str]:
    """Words that say nothing of a function, and those of professions: « médecin », « de »."""
    texts = [text for one in terms("professions").values() for text in (one.label, *one.synonyms)]
    words = {word for text in texts for word in label_key(text).split()}
    words |= {*words_where("plain_words", kind="number"), *words_where("plain_words", kind="beside_role")}
    return frozenset(words | {row["written"] for row in rows("function_words") if row["means"] != row["written"]})


@cache
def _vocabulary() -> frozenset[str]:
    """The words of functions and ranks, and of the field."""
    texts = [
        text for table in ("functions", "ranks") for one in terms(table).values() for text in (one.label, *one.synonyms)
    ]
    texts += [row["written"] for row in rows("function_words") if row["means"] or row["field"]]
    return frozenset(word for text in texts for word in label_key(text).split() if len(word) > 1)
