"""An answer of who is who, from the drop-down list of a report to the night after, and back."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from schemas.glyphs import typeset
from tests.night.by_command import Service, flat, text_of
from tests.night.played import HEADER_ROW, column, fill, holds, lines_of
from tests.night.small import Files
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
NEXT = DAY + timedelta(days=1)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
ANNE = Person(204, "EXEMPLE", "Anne")
REPORT = "out/reports/CRH_ST-24.xlsx"


def files(ends: str = "2028-05-31", lines: Sequence[Line] | None = None) -> Files:
    """A workbook that writes EXAMPLE for EXEMPLE, and gives no number."""
    people = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE), (ANNE, ES, ASSISTANT)]
    accounts = [account(*place) for place in people[:2]] + [account(*people[2], card_expires_on=ends)]
    rows = [row(*place) for place in people[:2]]
    rows += lines if lines is not None else [row(ANNE, ES, ASSISTANT, last_name="EXAMPLE", cpx_number="")]
    cards = [card(HOLDER), card(CHV), card(ANNE, ends)]
    return Files(accounts, {"regions/24.csv": rows}, [registered(who) for who, _, _ in people], cards)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "service")


def the_question(service: Service, sheet: str = "À vérifier") -> str:
    (one,) = lines_of(service.root / REPORT, lambda name: name == sheet)
    return one[1]


def answer(service: Service, said: str, sheet: str = "À vérifier") -> str:
    """Fill in the only line of a sheet and give the report back; the change's id."""
    change_id = the_question(service, sheet)
    returned = service.root / f"{len(list(service.root.glob('*.xlsx')))}.xlsx"
    fill(service.root / REPORT, returned, (sheet, change_id, said, None, ""))
    code, out, err = service.run("decisions", str(returned), "--as-of", DAY.isoformat())
    assert code == 0, out + err
    return change_id


def offered(service: Service, sheet: str = "À vérifier") -> list[str]:
    """The drop-down list of the line, as a spreadsheet program works it out."""
    book = openpyxl.load_workbook(service.root / REPORT)
    page, change_id = book[sheet], the_question(service, sheet)
    line = next(r for r in range(HEADER_ROW + 1, page.max_row + 1) if holds(page, r, change_id))
    at = column(page, "Décision")
    rules = [one for one in page.data_validations.dataValidation if page.cell(line, at).coordinate in one.cells]
    (rule,) = rules
    if not rule.formula1.startswith("OFFSET"):
        return list(rule.formula1.strip('"').split(","))
    hidden = column(page, "Référence signée (ne pas modifier)")
    token = page.cell(line, hidden).value
    assert f"${get_column_letter(hidden)}{HEADER_ROW + 1}" in rule.formula1
    answers = book["Réponses"]
    assert answers.sheet_state == "hidden"
    (found,) = [one for one in answers.iter_rows(values_only=True) if one[0] == token]
    return [str(text) for text in found[2 : 2 + int(str(found[1]))]]


def kinds(service: Service) -> list[tuple[str, str]]:
    return sorted((one["kind"], one["reasons"][0]) for one in service.changes().values())


def test_the_list_has_the_candidates_of_its_own_line(service: Service) -> None:
    service.night(files(), DAY)
    assert offered(service) == [
        f"C’est\u00a0: EXEMPLE Anne – {ANNE.account_id}",
        "Aucun de ceux-là",
        "Deux personnes",
        "Reporté",
    ]


def test_the_line_is_the_account_the_night_after_and_the_question_is_over(service: Service) -> None:
    service.night(files(), DAY)
    change_id = answer(service, f"C’est\u00a0: EXEMPLE Anne – {ANNE.account_id}")
    service.night(files(), NEXT)
    assert kinds(service) == []
    with service.store() as store:
        assert store.states()[change_id].status == "withdrawn"
        assert [one.choice for one in store.judgements()] == ["same"]


def test_who_was_set_aside_is_not_proposed_again_and_the_account_is_nobodys_in_the_workbook(service: Service) -> None:
    service.night(files(), DAY)
    answer(service, "Aucun de ceux-là")
    service.night(files(), NEXT)
    assert kinds(service) == [("card_alert", "card_missing"), ("end_assignment", "absent_from_workbook")]


def test_an_answer_is_taken_back_by_its_reference_and_the_question_comes_again(service: Service) -> None:
    service.night(files(), DAY)
    change_id = answer(service, "Deux personnes")
    code, listed, _ = service.run("undo")
    assert (code, change_id in listed, "Deux personnes" in listed) == (0, True, True)
    _, told, _ = service.run("explain", "Anne Exemple", "--as-of", DAY.isoformat())
    assert "Deux personnes" in told
    assert f"efit-annuaire undo {change_id}" in " ".join(told.split())
    assert "EXAMPLE Anne" in listed
    assert max(map(len, listed.splitlines())) <= 80
    assert service.run("undo", change_id, "Zoé INCONNUE")[0] == 2
    assert service.run("undo", "Anne Example")[0] == 0
    service.night(files(), NEXT)
    assert kinds(service) == [("review", "ambiguous_match")]
    assert service.run("undo", change_id)[0] == 2


def test_a_second_answer_takes_the_place_of_the_first(service: Service) -> None:
    service.night(files(), DAY)
    answer(service, "Aucun de ceux-là")
    answer(service, ANNE.account_id.lower())
    service.night(files(), NEXT)
    assert kinds(service) == []


def test_a_plain_refusal_after_an_answer_takes_it_back(service: Service) -> None:
    service.night(files(), DAY)
    answer(service, "Aucun de ceux-là")
    answer(service, "Refusé")
    service.night(files(), NEXT)
    assert kinds(service) == [("review", "ambiguous_match")]


def test_a_word_that_is_no_answer_is_told_with_those_that_are(service: Service) -> None:
    service.night(files(), DAY)
    change_id = the_question(service)
    returned = service.root / "retour.xlsx"
    fill(service.root / REPORT, returned, ("À vérifier", change_id, "l’autre", None, ""))
    code, out, _ = service.run("decisions", str(returned), "--as-of", DAY.isoformat())
    assert code == 3
    assert "EXEMPLE Anne" in out
    assert "Deux personnes" in out


@pytest.mark.parametrize("said", ["Fait", "fait le 20/11", "ok"])
def test_that_it_is_done_does_not_say_which_of_the_candidates_it_is(service: Service, said: str) -> None:
    service.night(files(), DAY)
    change_id = the_question(service)
    returned = service.root / "retour.xlsx"
    fill(service.root / REPORT, returned, ("À vérifier", change_id, said, None, ""))
    code, out, _ = service.run("decisions", str(returned), "--as-of", DAY.isoformat())
    assert code == 3
    assert "Aucun de ceux-là" in out
    with service.store() as store:
        assert store.states()[change_id].status == "notified"


def test_who_left_says_the_answer_to_a_card_and_the_end_is_asked_for(service: Service) -> None:
    present = [row(ANNE, ES, ASSISTANT)]
    service.night(files("2026-11-10", present), DAY)
    assert offered(service, "Cartes") == ["Personne prévenue", "Nouvelle carte reçue", "Partie", "Reporté"]
    answer(service, "Partie", "Cartes")
    service.night(files("2026-11-10", present), NEXT)
    assert ("end_assignment", "left") in kinds(service)


@pytest.mark.parametrize("said", ["Personne prévenue", "Nouvelle carte reçue"])
def test_other_answers_to_a_card_are_kept_as_they_were_given(service: Service, said: str) -> None:
    service.night(files("2026-11-10", [row(ANNE, ES, ASSISTANT)]), DAY)
    change_id = answer(service, said, "Cartes")
    with service.store() as store:
        assert store.states()[change_id].status == "accepted"
        assert store.judgements() == []
    _, told, _ = service.run("explain", change_id, "--as-of", DAY.isoformat())
    assert said in told


def test_the_person_of_a_card_has_an_address_and_a_ready_mail(service: Service) -> None:
    service.night(files("2026-11-10", [row(ANNE, ES, ASSISTANT)]), DAY)
    page = openpyxl.load_workbook(service.root / REPORT)["Cartes"]
    line = HEADER_ROW + 1
    assert page.cell(line, column(page, "Courriel")).value == ANNE.email
    link = page.cell(line, column(page, "Prévenir")).hyperlink
    assert link is not None
    assert link.target is not None
    assert link.target.startswith(f"mailto:{ANNE.email}?subject=Votre%20CPS%20a%20pris%20fin")
    assert "10/11/2026" in unquote(link.target)
    assert "Ordre professionnel" in unquote(link.target)


# ── whose doing it is, on the night of another configuration ─────────────────────────────────────


def reconfigured(service: Service) -> None:
    """A threshold of the deployment is another from the next night on."""
    text = service.config.read_text(encoding="utf-8")
    service.config.write_text(text + "\n[policy]\ncard_validity_years = 6\n", encoding="utf-8")


def test_what_follows_from_an_answer_goes_to_its_updater_though_the_configuration_changed_too(
    service: Service,
) -> None:
    service.night(files(ends="2026-12-10", lines=[row(ANNE, ES, ASSISTANT)]), DAY)
    answer(service, "Partie", "Cartes")
    reconfigured(service)
    service.night(None, NEXT)
    assert service.summary()["held"] == []
    ends = [one for one in service.changes().values() if one["kind"] == "end_assignment"]
    assert [(one["updater"]["post"], one["status"]) for one in ends] == [("CRH_ST", "notified")]


def test_what_a_setting_brought_is_named_so_and_the_way_to_let_it_out_is_told_to_the_engineer_alone(
    service: Service,
) -> None:
    """Cards are announced a hundred and twenty days before: nobody's file says anything else than yesterday."""
    service.night(files(ends="2027-03-10", lines=[row(ANNE, ES, ASSISTANT)]), DAY)
    text = service.config.read_text(encoding="utf-8")
    service.config.write_text(text + "\n[policy]\nexpiry_warning_days = [120, 30]\n", encoding="utf-8")
    code, said = service.night(None, NEXT)
    assert code == 3
    assert "écart venu d’un réglage changé dans la configuration" in flat(said)
    assert f"--release {service.summary()['run_id']}" in said
    told = text_of(service.mails()[-1])
    assert "1 écart vient d’un réglage changé par l’exploitant du service" in told
    assert service.summary()["run_id"] in told
    assert not {"--release", "efit-annuaire"} & set(told.split())


def test_who_is_still_locked_out_and_was_answered_about_is_told_where_the_figure_stands(service: Service) -> None:
    """Else the mail counts somebody whom no sheet shows."""
    service.night(files(ends="2026-11-01", lines=[row(ANNE, ES, ASSISTANT)]), DAY)
    answer(service, "Personne prévenue", "Cartes")
    later = card(CHV, "2026-11-10")
    found = files(ends="2026-11-01", lines=[row(ANNE, ES, ASSISTANT)])
    service.night(replace(found, cards=[card(HOLDER), later, card(ANNE, "2026-11-01")]), NEXT)
    assert "Parmi les comptes déjà sans accès, 1 a déjà votre réponse" in text_of(service.mails()[-1])


# ── what is said of an answer ────────────────────────────────────────────────────────────────────


def receipt(service: Service) -> str:
    """The last receipt that left."""
    found = sorted((service.root / "var" / "outbox").glob("RETOURS-*"), key=lambda path: path.stat().st_mtime_ns)
    body = message_from_bytes(found[-1].read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    return re.sub(r"[ \n]+", " ", str(body.get_content()))


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


def two_titulaires() -> Files:
    people = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE), (ANNE, ES, TITULAIRE)]
    return Files(
        [account(*one) for one in people],
        {"regions/24.csv": [row(*one) for one in people]},
        [registered(who) for who, _, _ in people],
        [card(who) for who, _, _ in people],
    )


def test_who_stays_titulaire_is_asked_once_shown_by_explain_and_taken_back_by_undo(service: Service) -> None:
    service.night(two_titulaires(), DAY)
    change_id = answer(service, f"Reste titulaire\u00a0: TROISIEME-FICTIF Lia – {CHV.account_id}")
    service.night(two_titulaires(), NEXT)
    assert kinds(service) == [("end_assignment", "left")]
    for asked in (change_id, "Anne Exemple"):
        _, told, _ = service.run("explain", asked, "--as-of", NEXT.isoformat())
        assert f"efit-annuaire undo {change_id}" in " ".join(told.split()), asked
    assert service.run("undo", change_id)[0] == 0
    service.night(two_titulaires(), NEXT + timedelta(days=1))
    assert kinds(service) == [("review", "two_titulaires")]


@pytest.mark.parametrize("said", ["Deux personnes", "Refusé"])
def test_an_answer_is_taken_back_on_its_line_after_the_night_that_closed_the_question(
    service: Service, said: str
) -> None:
    """The instructions and the receipt of the day before say so: else a wrong answer stays for good."""
    service.night(files(), DAY)
    change_id = the_question(service)
    first, second = service.root / "premier.xlsx", service.root / "second.xlsx"
    fill(service.root / REPORT, first, ("À vérifier", change_id, "Aucun de ceux-là", None, ""))
    fill(service.root / REPORT, second, ("À vérifier", change_id, said, None, ""))
    assert service.run("decisions", str(first), "--as-of", DAY.isoformat())[0] == 0
    service.night(files(), NEXT)
    assert ("end_assignment", "absent_from_workbook") in kinds(service)
    code, out, err = service.run("decisions", str(second), "--as-of", NEXT.isoformat())
    assert code == 0, out + err
    service.night(files(), NEXT + timedelta(days=1))
    assert ("end_assignment", "absent_from_workbook") not in kinds(service) or said == "Deux personnes"
    with service.store() as store:
        state = store.states()[change_id].status
        standing = [one.choice for one in store.judgements() if one.stands]
    assert (state, standing) == (("withdrawn", ["two"]) if said == "Deux personnes" else ("notified", []))


@pytest.mark.parametrize(
    ("said", "state"),
    [("Personne prévenue", "accepted"), ("prévenue par téléphone", "accepted"), ("Refusé", "notified")],
)
def test_another_answer_to_a_closed_question_is_the_answer_and_only_a_refusal_asks_it_again(
    service: Service, said: str, state: str
) -> None:
    """Whoever has answered anew is not asked a third time what they have just said."""
    found = files(ends="2026-12-10", lines=[row(ANNE, ES, ASSISTANT)])
    service.night(found, DAY)
    change_id = the_question(service, "Cartes")
    first, second = service.root / "premier.xlsx", service.root / "second.xlsx"
    fill(service.root / REPORT, first, ("Cartes", change_id, "Partie", None, ""))
    fill(service.root / REPORT, second, ("Cartes", change_id, said, None, ""))
    assert service.run("decisions", str(first), "--as-of", DAY.isoformat())[0] == 0
    service.night(found, NEXT)
    assert ("end_assignment", "left") in kinds(service)
    code, out, err = service.run("decisions", str(second), "--as-of", NEXT.isoformat())
    assert code == 0, out + err
    assert ("question vous est posée de nouveau" in receipt(service)) == (said == "Refusé")
    service.night(found, NEXT + timedelta(days=1))
    assert ("end_assignment", "left") not in kinds(service)
    with service.store() as store:
        assert store.states()[change_id].status == state


def test_an_answer_taken_back_before_any_night_leaves_its_question_to_be_answered(service: Service) -> None:
    """Else it stays « dit fait », and is never asked again."""
    service.night(files(), DAY)
    change_id = answer(service, "Aucun de ceux-là")
    assert service.run("undo", change_id)[0] == 0
    with service.store() as store:
        assert store.states()[change_id].status == "notified"
    service.night(files(), NEXT)
    assert the_question(service) == change_id


def test_the_same_answer_sent_again_after_the_night_is_one_that_was_given(service: Service) -> None:
    """Of a file sent back for another line, those that closed are no mistakes."""
    service.night(files(), DAY)
    change_id = answer(service, "Aucun de ceux-là")
    copy = service.root / "encore.xlsx"
    book = openpyxl.load_workbook(service.root / "0.xlsx")
    book["Mode d'emploi"].cell(60, 1, "de nouveau")
    book.save(copy)
    service.night(files(), NEXT)
    code, out, err = service.run("decisions", str(copy), "--as-of", NEXT.isoformat())
    assert code == 0, out + err
    with service.store() as store:
        assert store.states()[change_id].status == "withdrawn"
        assert [one.choice for one in store.judgements() if one.stands] == ["none"]


def test_a_closed_answer_is_not_put_off_and_says_how_to_take_it_back(service: Service) -> None:
    service.night(files(), DAY)
    change_id = the_question(service)
    second = service.root / "second.xlsx"
    fill(service.root / REPORT, second, ("À vérifier", change_id, "Reporté", NEXT + timedelta(days=9), ""))
    answer(service, "Aucun de ceux-là")
    service.night(files(), NEXT)
    code, out, _ = service.run("decisions", str(second), "--as-of", NEXT.isoformat())
    assert code == 3
    assert "Refusé pour la reprendre" in flat(out)
