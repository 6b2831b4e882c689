"""The steps to a card read as steps."""

from pipelines.phrase import guidance_text
from schemas.typography import NBSP
from tests.invented_changes import TOM, Builder


def test_each_step_and_the_card_the_contact_and_the_link_have_their_line() -> None:
    change = Builder().add("card_alert", "card_missing", "access", "FICTIVE Ode", guidance=TOM)
    lines = guidance_text(change.guidance).split("\n")
    assert lines == [
        f"Non-professionnel de santé{NBSP}:",
        f"1) s’adresser au mandataire de l’établissement{NBSP};",
        "2) il commande une CPE ou une CPA sur le téléservice TOM, ou avec le formulaire 301 envoyé à l’ANS.",
        f"Carte{NBSP}: CPE/CPA.",
        f"Contact{NBSP}: Mandataire de l’établissement auprès de l’ANS.",
        f"Lien{NBSP}: https://esante.gouv.fr/sites/default/files/media_entity/documents/F301.pdf",
    ]
