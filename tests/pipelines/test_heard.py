"""Of a mail that comes back, what its writer wrote is kept; what it quotes, and mere politeness, is not."""

import pytest

from pipelines.lifecycle.decisions.mails.heard import said_in

SIGNED = "Cordialement,\nDr Ode FICTIVE\nCHU d'essai\n02 00 00 00 00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Merci",
        f"Bonjour,\n\nVoici ma réponse.\n\n{SIGNED}",
        "Bonjour,\nveuillez trouver ci-joint le tableau dûment complété.\nBien à vous\n-- \nOde",
        "Bonjour\n\nDe : annuaire@example.org\nEnvoyé : lundi 23 novembre\nMme FICTIVE est partie",
        "Ci-joint le rapport.\n\nLe lun. 23 nov. 2026 à 10:00, annuaire <a@example.org> a écrit :\n> Fait ?",
        "-----Message d'origine-----\nDe : annuaire\nObjet : e-FIT",
        "________________________________\nDe : annuaire\nObjet : e-FIT",
    ],
)
def test_politeness_and_quotes_say_nothing(text: str) -> None:
    assert said_in(text) == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Bonjour,\nMme FICTIVE est partie en juin.\n{SIGNED}", "Mme FICTIVE est partie en juin."),
        (
            "Bonjour\nle fichier.\nBien cordialement,\nOde\nPS : le Dr INVENTÉ n'est plus là",
            "le Dr INVENTÉ n'est plus là",
        ),
        ("Tout est fait sauf la ligne 3\n\n-----Message d'origine-----\nDe : x", "sauf la ligne 3"),
        ("Je ne peux pas ouvrir le fichier", "Je ne peux pas ouvrir"),
    ],
)
def test_what_is_said_besides_is_kept(text: str, kept: str) -> None:
    found = said_in(text)
    assert kept in found
    assert "origine" not in found


def test_what_is_written_between_the_lines_of_a_quoted_mail_is_kept() -> None:
    quoted = "Le lun. 23 nov. 2026 à 10:00, annuaire <a@example.org> a écrit :\n> À FAIRE\n> Comptes à créer : 2\n"
    told = said_in(f"Bonjour\n\n{quoted}Mme FICTIVE n'est pas encore saisie\n> Total : 15\n")
    assert "n'est pas encore saisie" in told
    assert "Total" not in told
    assert said_in(f"Bonjour\n\n{quoted}> {'une longue phrase ' * 6}\nqui continue\n") == ""
