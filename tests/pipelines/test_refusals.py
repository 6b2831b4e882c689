"""What stands beside « Refusé »: a reason is taken whatever its words, what takes the refusal back is asked back."""

import pytest

from schemas.glyphs import typeset
from tests.pipelines.test_spoken_in_doubt import read, taken_for

REASONS = [
    ("créer", "double fonction interdite"),
    ("créer", "n'a jamais exercé chez nous"),
    ("créer", "poste vacant"),
    ("créer", "pas de quoi déranger la zorglubine"),  # a word that no table will ever have
    ("modifier", "c'est bien un homme"),
    ("modifier", "numéro non attribué"),
    ("retirer", "congé parental jusqu'en 2028"),
    ("retirer", "double emploi"),
    ("retirer", "ligne supprimée du fichier"),
    ("retirer", "oubli dans le classeur, je corrige"),
]
TAKEN_BACK = [
    ("créer", "dans l'attente de sa carte"),
    ("créer", "il faut le créer"),
    ("créer", "elle arrive lundi"),
    ("modifier", "nom à changer"),
    ("modifier", "modifié ce jour"),
    ("retirer", "elle part le 31/12"),
    ("retirer", "rupture conventionnelle"),
    ("retirer", "vous avez raison, je corrige"),
    ("retirer", "zorglubine"),
]
CORRECTIONS = ["CH du Lac = CH de Yvremont", "CHU", "ES", "790000273", "CHV-ST", "assistant"]


@pytest.mark.parametrize(("line", "comment"), REASONS)
def test_a_reason_leaves_the_refusal(line: str, comment: str) -> None:
    assert taken_for(line, read(line, "Refusé", comment)) == "refused"


@pytest.mark.parametrize(("line", "comment"), TAKEN_BACK)
def test_what_takes_a_refusal_back_is_asked_back(line: str, comment: str) -> None:
    assert taken_for(line, read(line, "Refusé", comment)) == "?"


@pytest.mark.parametrize("comment", CORRECTIONS)
@pytest.mark.parametrize("line", ["ligne", "rôle"])
def test_the_correction_itself_beside_the_answer_that_nothing_is_to_be_corrected_is_asked_back(
    line: str, comment: str
) -> None:
    """Refused, the question would be closed, and the person nowhere in the next report."""
    asked = read(line, "Refusé", comment)
    assert taken_for(line, asked) == "?"
    assert typeset("corriger la ligne dans le classeur") in typeset(asked.asked)
    assert taken_for(line, read(line, "Refusé, confirmé", comment)) == "refused"


@pytest.mark.parametrize("comment", ["la ligne est juste", "rien à corriger", "merci", "vu avec l'ARS, dérogation"])
def test_that_it_is_right_as_it_is_leaves_the_refusal_of_a_question(comment: str) -> None:
    assert taken_for("rôle", read("rôle", "Refusé", comment)) == "refused"
