"""What the holder of a card is told: how to get the next card stands in it, whoever sends it."""

from urllib.parse import quote, unquote

import pytest

from pipelines.changes.guidance import _steps
from pipelines.reports.holder import holder_letter, mailto
from schemas.nomenclatures import rows, say
from tests.invented_changes import DAY, Builder

CASES = [row["case"] for row in rows("card_cases")]


@pytest.mark.parametrize("case", CASES)
def test_every_case_tells_its_steps_in_the_letter_and_in_the_ready_mail(case: str) -> None:
    """« Voici comment l'obtenir », and then how."""
    row = next(row for row in rows("card_cases") if row["case"] == case)
    change = Builder().add(
        "card_alert",
        "card_expired",
        "access",
        "EXEMPLE Anne",
        fields=[("card_expires_on", "2026-11-01", None, "register.cards"), ("email", "", "anne@example.org", "w")],
        guidance=_steps(row),
    )
    letter = holder_letter(change, DAY)
    last = say(f"card_case.{case}").split()[-3:]
    assert " ".join(last) in " ".join("\n".join(letter.steps).split())
    assert "\n\n\n" not in letter.text
    link = mailto(change, DAY)
    assert link is not None
    assert len(link.address) <= 2_000
    assert " ".join(last) in " ".join(unquote(link.address).split())
    assert "Cordialement" in unquote(link.address)
    assert f"body={quote(unquote(link.address).partition('&body=')[2])}" in link.address
