"""What a mail says beside its report: innocent where it is wholly understood, else every answer is asked back."""

from dataclasses import replace

import pytest

from pipelines.lifecycle.decisions.said.letters import is_innocent, sentences_of
from pipelines.lifecycle.decisions.said.other_texts import with_what_stands_beside
from schemas.changes.change import Change, FieldChange
from schemas.changes.decision import ReturnedLine
from schemas.changes.remark import ABOUT_THE_SHEET, WrittenText
from schemas.glyphs import typeset
from tests.invented_changes import CRH, DAY, Builder
from tests.pipelines.test_decide import line, state


def ends(*people: str) -> list[Change]:
    made = Builder()
    return [made.add("end_assignment", "absent_from_workbook", "important", who, to=CRH) for who in people]


def read(
    letter: str, *people: str, written: tuple[WrittenText, ...] = (), changes: list[Change] | None = None
) -> list[ReturnedLine]:
    found = changes or ends(*people)
    lines = [replace(line(one, row=row, said="Fait"), postponed_said="") for row, one in enumerate(found, 4)]
    return list(with_what_stands_beside(lines, written, letter, {one.id: state(one) for one in found}, DAY))


@pytest.mark.parametrize(
    "letter",
    [
        "Bonjour, ci-joint le fichier complété pour la région 24. Bonne réception.",
        "Madame, Monsieur,\nJe vous retourne le fichier avec mes réponses.\nCordialement,\nP. Imaginé",
        "Bonjour, merci pour votre relance, voici le fichier complété",
        "Bonjour,\nVoici.\nBien à vous,\nDr Anne INVENTÉE\nCoordonnatrice régionale\n12 rue du Port, 45000 Orléans",
        "Bonjour, je serai absente du 3 au 9 décembre.",
        "Merci beaucoup\nGisèle",
        "Voir fichier.",
        "Pouvez-vous me confirmer la bonne réception ?",
        "J'ai rempli ce que j'ai pu, le reste suit la semaine prochaine.",
        "Pour info et suite à donner.",
        "C'est complété, dites-moi si ça va.",
        "Voici le fichier.\nCe courriel et ses pièces jointes sont confidentiels. Merci de ne pas en tenir compte.",
    ],
)
def test_a_greeting_a_sending_and_a_signature_leave_the_answers_as_they_are(letter: str) -> None:
    assert all(is_innocent(one, DAY) for one in sentences_of(letter))
    assert [one.asked for one in read(letter, "FICTIVE Ode")] == [""]


@pytest.mark.parametrize(
    "letter",
    [
        "Vous pouvez mettre ce message à la poubelle",
        "C'était pour m'entraîner",
        "Bonjour, je préfère qu'on en parle d'abord",
        "Mon adjointe doit encore regarder",
        "En attente de l'accord de la direction",
        "J'ai rempli au hasard",
        "Cordialement\nGisèle\nPS : attendez mon feu vert",
        "Merci\nBrouillon",
        "Première ébauche",
        "Fichier d'essai",
        "C'est pour un test",
        "Est-ce que c'est juste ?",
        "Document de travail",
        "Pardon, c'est le rapport de mon adjoint",
    ],
)
def test_what_is_not_understood_asks_every_answer_back_whatever_its_words(letter: str) -> None:
    found = read(letter, "FICTIVE Ode", "EXEMPLE Anne")
    assert all(one.decision == "unknown" and one.asked_for_mail for one in found)
    assert all("courriel" in one.asked for one in found)


def test_somebody_named_by_the_last_name_alone_is_read_with_all_their_lines_and_no_others() -> None:
    changes = ends("FICTIVE Ode", "EXEMPLE Anne")
    changes.append(Builder().add("deactivate_account", "no_function_left", "important", "FICTIVE Ode", to=CRH))
    found = read("Pour FICTIVE, je demande d'abord à la DRH.", changes=changes)
    assert [bool(one.beside) for one in found] == [True, False, True]
    assert [one.asked for one in found] == ["", "", ""]
    assert found[0].beside == ("Pour … je demande d'abord à la DRH.",)


def test_a_name_that_is_also_a_word_hides_no_sentence() -> None:
    """« petit » names nobody; « Mme PETIT » does."""
    [one] = read("Ce n'est qu'un petit exercice", "PETIT Ode")
    assert one.asked_for_mail
    [other] = read("Pour Mme PETIT je vois cela avec la DRH", "PETIT Ode")
    assert not other.asked_for_mail
    assert other.beside


def test_of_two_who_bear_the_name_both_are_meant_unless_one_is_named_whole() -> None:
    both = read("FICTIVE hésite encore.", "FICTIVE Odette", "FICTIVE Anne")
    assert [bool(one.beside) for one in both] == [True, True]
    one = read("FICTIVE Anne hésite encore.", "FICTIVE Odette", "FICTIVE Anne")
    assert [bool(each.beside) for each in one] == [False, True]


def test_what_lies_over_a_title_asks_back_the_answers_of_that_sheet_alone() -> None:
    over = WrittenText("cell", "Cartes", 1, "simple exercice", code=ABOUT_THE_SHEET)
    changes = ends("FICTIVE Ode", "EXEMPLE Anne")
    here, there = (replace(line(one, said="Fait"), postponed_said="") for one in changes)
    states = {one.id: state(one) for one in changes}
    found = with_what_stands_beside([here, replace(there, sheet="À créer")], (over,), "", states, DAY)
    assert typeset("« simple exercice »") in found[0].asked
    assert found[1].asked == ""


def test_another_value_typed_over_ours_asks_the_answer_back_and_the_one_that_is_asked_for_does_not() -> None:
    [change] = ends("FICTIVE Ode")

    def over(text: str) -> WrittenText:
        token = line(change).token
        return WrittenText("cell", "Cartes", 4, text, token, heads=("Structure",), code="typed_over")

    assert read("", changes=[change], written=(over("Structure : CH imaginaire de Valmont"),))[0].asked
    assert not read("", changes=[change], written=(over("Nom : Fictive"),))[0].asked


def test_the_value_of_before_typed_over_the_one_to_be_entered_asks_the_answer_back() -> None:
    """It is the name of the account, and what is asked is another."""
    differs = FieldChange(field="last_name", before="FICTIVE", after="INVENTEE", source="workbook")
    made = Builder().add("update_account", "name_differs", "important", "FICTIVE Ode", to=CRH)
    change = made.model_copy(update={"fields": (differs,)})
    token = line(change).token

    def over(text: str) -> ReturnedLine:
        written = WrittenText("cell", "Cartes", 4, f"À saisir : {text}", token, heads=("À saisir",), code="typed_over")
        return read("", changes=[change], written=(written,))[0]

    assert over("FICTIVE").asked
    assert not over("INVENTEE").asked
