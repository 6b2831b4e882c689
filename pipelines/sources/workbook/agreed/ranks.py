"""Ranks that somebody numbers or dresses, « Titulaire 2 »: the one that the annuaire has of nearly all its people."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from pipelines.sources.cells.known_people import People, Record, Votes
from schemas.nomenclatures import code_of, label_of
from schemas.words import label_key


def agreed_ranks(
    records: list[Record], people: People, resolve: Callable[[Record], str]
) -> Iterator[tuple[str, str, int]]:
    """Put the rank that the annuaire has in place of a wording that is none of the table's own, and yield (wording,
    rank, rows). `resolve`: a row → its structure.
    """
    alike: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record["rank"] and "_alone" not in record and not code_of("ranks", record["rank"]):
            alike[label_key(record["rank"])].append(record)
    for theirs in alike.values():
        votes = Votes()
        for record in theirs:
            known = people.who(record)
            code = resolve(record) if known and known.held else ""
            ranks = {rank for place, _, rank in known.held if place == code} if known and code else set[str]()
            if len(ranks) == 1:
                votes.add(ranks)
        rank = votes.decided()
        if rank:
            wording, meant = theirs[0]["rank"], label_of("ranks", rank)
            for record in theirs:
                record["rank"] = meant
            yield wording, meant, len(theirs)
