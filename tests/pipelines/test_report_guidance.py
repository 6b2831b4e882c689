"""The steps to a card read as steps."""

from pipelines.phrase import guidance_text
from schemas.typography import NBSP
from tests.invented_changes import TOM, Builder


def test_card_contact_and_link_each_have_their_line() -> None:
    change = Builder().add("card_alert", "card_missing", "access", "FICTIVE Ode", guidance=TOM)
    _, *labels = guidance_text(change).split("\n")
    assert labels == [
        f"Carte{NBSP}: CPE/CPA.",
        f"Contact{NBSP}: Mandataire de l'établissement auprès de l'ANS.",
        f"Lien{NBSP}: https://esante.gouv.fr/sites/default/files/media_entity/documents/F301.pdf",
    ]
