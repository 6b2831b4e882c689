"""What is said of an answer: in its receipt, in the next report, to whoever gave it."""

from datetime import date, timedelta

import openpyxl
import pytest

from schemas.glyphs import typeset
from tests.night.answering import ANNE, CHV, DAY, HOLDER, NEXT, REPORT, answer, files, kinds, receipt, the_question
from tests.night.answering import service as service
from tests.night.by_command import Service
from tests.night.played import HEADER_ROW, column, fill
from tests.night.small import Files
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, Person, account, card, registered, row


def follow_up(service: Service, sheet: str) -> str:
    page = openpyxl.load_workbook(service.root / REPORT)[sheet]
    return str(page.cell(HEADER_ROW + 1, column(page, "Suivi")).value)


def test_a_receipt_and_the_next_report_name_the_answer_and_what_comes_of_it(service: Service) -> None:
    present = [row(ANNE, ES, ASSISTANT)]
    service.night(files("2026-11-10", present), DAY)
    answer(service, "Nouvelle carte reçue", "Cartes")
    assert typeset("« Nouvelle carte reçue » – la ligne se clôt quand") in receipt(service)
    service.night(files("2026-11-10", present), DAY + timedelta(days=20))
    assert typeset("« Nouvelle carte reçue » – la ligne se clôt quand") in follow_up(service, "Cartes")


def test_a_changed_answer_is_said_to_be_changed(service: Service) -> None:
    service.night(files(), DAY)
    answer(service, "Aucun de ceux-là")
    answer(service, ANNE.account_id)
    told = receipt(service)
    assert typeset(f"Votre réponse devient « C’est : {ANNE.account_id} » ; elle était « Aucun de ceux-là »") in told
    assert "n’a pas changé" not in told


def answer_dated(service: Service, said: str, until: object, comment: str = "") -> int:
    returned = service.root / f"date-{len(list(service.root.glob('*.xlsx')))}.xlsx"
    fill(service.root / REPORT, returned, ("Cartes", the_question(service, "Cartes"), said, until, comment))
    return service.run("decisions", str(returned), "--as-of", DAY.isoformat())[0]


@pytest.mark.parametrize(
    ("said", "until", "comment"),
    [
        ("Partie", date(2026, 12, 31), ""),
        ("Partie", "31/12/2026", ""),
        ("Partie", None, "le 31 décembre"),
        ("Partie le 31/12/2026", None, ""),
        ("parti au 31/12", None, ""),
    ],
)
def test_who_leaves_at_the_end_of_the_year_keeps_the_access_until_then(
    service: Service, said: str, until: object, comment: str
) -> None:
    present = [row(ANNE, ES, ASSISTANT)]
    service.night(files("2026-12-10", present), DAY)
    assert answer_dated(service, said, until, comment) == 0
    assert typeset("« Partie, le 31/12/2026 » – la fin de ses fonctions vous sera demandée le 31/12/2026") in receipt(
        service
    )
    service.night(files("2026-12-10", present), NEXT)
    assert "end_assignment" not in {kind for kind, _ in kinds(service)}
    service.night(files("2026-12-10", present), date(2026, 12, 31))
    assert ("end_assignment", "left") in kinds(service)


def test_a_departure_of_which_the_day_stands_in_a_sentence_is_asked_back(service: Service) -> None:
    service.night(files("2026-11-10", [row(ANNE, ES, ASSISTANT)]), DAY)
    assert answer_dated(service, "Partie", None, "son contrat finit le 31/12/2026") == 3
    assert typeset("« Partie », le 31/12/2026 ?") in receipt(service)


def test_a_new_card_that_no_file_can_show_is_answered_with_where_its_number_is_to_be_entered(service: Service) -> None:
    """She has no account and no number: the number in a comment opens nothing."""
    new = Person(205, "NOUVELLE-FICTIVE", "Zoé")
    there = Files(
        [account(HOLDER, "24", CRH), account(CHV, ES, TITULAIRE)],
        {
            "regions/24.csv": [
                row(HOLDER, "24", CRH),
                row(CHV, ES, TITULAIRE),
                row(new, ES, ASSISTANT, cpx_number="", profession="Secrétaire"),
            ]
        },
        [registered(HOLDER), registered(CHV)],
        [card(HOLDER), card(CHV)],
    )
    service.night(there, DAY)
    returned = service.root / "carte.xlsx"
    said = ("Cartes", the_question(service, "Cartes"), "Nouvelle carte reçue", None, "3925000000/123456789")
    fill(service.root / REPORT, returned, said)
    assert service.run("decisions", str(returned), "--as-of", DAY.isoformat())[0] == 0
    told = receipt(service)
    assert "dans votre classeur, et le renvoyer" in told
    assert "n’est pas saisi à votre place" in told
    assert "3925000000" not in told
