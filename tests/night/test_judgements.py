"""An answer of who is who, from the drop-down list of a report to the night after, and back."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import openpyxl
import pytest

from tests.night.answering import ANNE, CHV, DAY, HOLDER, NEXT, REPORT, answer, files, kinds, offered, the_question
from tests.night.answering import service as service
from tests.night.by_command import Service, flat, text_of
from tests.night.played import HEADER_ROW, column, fill
from tests.spec.tables import ASSISTANT, ES, card, row


def test_the_list_has_the_candidates_of_its_own_line(service: Service) -> None:
    service.night(files(), DAY)
    assert offered(service) == [
        f"C’est\u00a0: EXEMPLE Anne – {ANNE.account_id}",
        "Aucun de ceux-là",
        "Deux personnes",
        "Reporté",
        "Pas de mon ressort",
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


def test_a_line_that_is_not_theirs_goes_to_the_administrator_the_night_after(service: Service) -> None:
    service.night(files(), DAY)
    answer(service, "Pas de mon ressort")
    service.night(files(), NEXT)
    told = openpyxl.load_workbook(service.root / "out" / "reports" / "ADMIN_EFIT.xlsx")["Commentaires et refus"]
    assert "Voir à qui revient la ligne" in " ".join(str(cell.value) for row in told for cell in row)


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
    assert offered(service, "Cartes") == [
        "Personne prévenue",
        "Nouvelle carte reçue",
        "Partie",
        "Reporté",
        "Pas de mon ressort",
    ]
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


def test_a_line_that_is_somebody_elses_is_read_by_the_administrator_and_comes_back(service: Service) -> None:
    """Nobody loses it: for a fortnight it is the administrator's to see to, then it is asked again."""
    present = [row(ANNE, ES, ASSISTANT)]
    service.night(files("2026-11-10", present), DAY)
    answer(service, "pas ma région", "Cartes")
    service.night(files("2026-11-10", present), DAY + timedelta(days=1))
    [report] = (service.root / REPORT).parent.glob("ADMIN_EFIT*.xlsx")
    page = openpyxl.load_workbook(report)["Commentaires et refus"]
    told = [str(cell) for line in page.values for cell in line if cell]
    assert any("à qui revient" in one for one in told)
    service.night(files("2026-11-10", present), DAY + timedelta(days=14))
    assert "Personne prévenue" in offered(service, "Cartes")
