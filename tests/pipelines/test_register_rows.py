"""Rows of the registers become persons and cards without a model each; the models stay the definition."""

import hashlib
from collections import defaultdict
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from pipelines.sources.national.register import cards_of, persons_of
from schemas.nomenclatures import profession_group
from schemas.people.identifiers import classify_cpx, rpps_is_valid
from schemas.people.person import ActivityRow, RegisterPerson
from schemas.reading.source import contract

CELLS = {
    "identifier": ["99700000013", "99700000021", "99700000012", "990000018"],
    "id_type": ["8", "0"],
    "profession": ["", "10", "60", "inconnue"],
    "category": ["", "C", "E"],
    "civility": ["", "M", "MME"],
    "civility_practice": ["", "DR"],
    "last_name": ["", "FICTIF", "D’ÉTÉ"],
    "first_name": ["", "Zoé"],
    "finess_site": ["", "440000289"],
    "finess_legal": ["", "440000271"],
    "skill": ["", "SM54"],
}
COLUMNS = [*contract("register_persons").columns, "_location"]


@st.composite
def registers(draw: st.DrawFn) -> pd.DataFrame:
    """Rows of a few persons, some twice, some whose parts disagree."""
    rows = []
    for number in range(draw(st.integers(0, 12))):
        row = dict.fromkeys(COLUMNS, "") | {name: draw(st.sampled_from(values)) for name, values in CELLS.items()}
        row["national_id"] = row["id_type"] + row["identifier"] + draw(st.sampled_from(["", "", "", "9"]))
        row["_location"] = f"ligne {number}"
        rows.append([*row.values()])
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def person_by_models(national_id: str, rows: list[ActivityRow]) -> RegisterPerson:
    """What a person is, said with a model for each row."""
    unique = [row for _, row in sorted({tuple(vars(row).values()): row for row in rows}.items())]
    values: list[tuple[Any, ...]] = [tuple(vars(row).values()) for row in unique]
    return RegisterPerson(
        national_id=national_id,
        last_name=next((row.last_name for row in unique if row.last_name), ""),
        first_name=next((row.first_name for row in unique if row.first_name), ""),
        civilities=tuple(sorted({one for row in unique for one in (row.civility, row.civility_practice) if one})),
        professions=tuple(sorted({row.profession for row in unique if profession_group(row.profession)})),
        categories=tuple(sorted({row.category for row in unique if row.category})),
        finess=frozenset(one for row in unique for one in (row.finess_site, row.finess_legal) if one),
        activities=hashlib.blake2b("\n".join(map("\x00".join, values)).encode(), digest_size=12).digest(),
    )


@given(registers())
def test_everybody_is_the_person_that_models_of_their_rows_make(frame: pd.DataFrame):
    rows: dict[str, list[ActivityRow]] = defaultdict(list)
    wrong = 0
    for record in frame.to_dict("records"):
        if record["id_type"] + record["identifier"] != record["national_id"]:
            wrong += 1
            continue
        rows[record["national_id"]].append(ActivityRow.model_validate(record))
    judged = persons_of(frame, "register.persons")
    assert judged.items == {key: person_by_models(key, theirs) for key, theirs in rows.items()}
    assert judged.rejected == wrong == sum(one.code == "CPX_FORMAT" for one in judged.issues)
    keys = sum(key.startswith("8") and not luhn.is_valid(key[1:]) for key in rows)
    assert sum(one.code == "CPX_KEY" for one in judged.issues) == keys


@given(st.text("0123456789", min_size=11, max_size=11))
def test_a_number_has_the_key_that_luhn_gives_it(number: str):
    assert rpps_is_valid(number) == luhn.is_valid(number)


@given(st.sampled_from(["899700000013", "899700000012", "8997000000１3", "0990000018", "990000018", "", "12/34", "8"]))
def test_a_card_carries_the_number_that_reading_what_is_typed_finds(content: str):
    row = dict.fromkeys([*contract("register_cards").columns, "_location"], "")
    row |= {"national_id": "899700000013", "content_id": content, "ends_on": "2027-01-01", "serial": "9800000001"}
    [card] = cards_of(pd.DataFrame([row], dtype=object), "register.cards").items
    reading = classify_cpx(content)
    assert card.content_id == (reading.number if reading.usable else "")
