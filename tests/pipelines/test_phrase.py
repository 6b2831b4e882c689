"""Values and sources, as people write them."""

import pytest

from pipelines.phrase import source_text, value_text


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("card_expires_on", "2026-12-31", "31/12/2026"),
        ("card_expires_on", "bientôt", "bientôt"),
        ("phone", "+33261910012", "02 61 91 00 12"),
        ("phone", "+262692000000", "+262692000000"),
        ("profession", "10", "Médecin"),
        ("civility", "MME", "Mme"),
        ("rank", "REMPLACANT", "Remplaçant"),
        ("cpx_number", "899700000013", "899700000013"),
        ("email", None, ""),
    ],
)
def test_values_read_as_people_write_them(field: str, value: str | None, shown: str) -> None:
    assert value_text(field, value) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("register.cards", "fichier des porteurs de cartes"),
        ("workbook:regions/24.xlsx", "classeur 24.xlsx"),
        ("autre", "autre"),
    ],
)
def test_sources_are_named_in_french(source: str, shown: str) -> None:
    assert source_text(source) == shown
