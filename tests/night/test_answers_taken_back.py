"""An answer taken back or given again, before and after the night that closed its question."""

from datetime import timedelta
from email.message import EmailMessage

import openpyxl
import pytest

from tests.night.answering import ANNE, CHV, DAY, HOLDER, NEXT, REPORT, answer, files, kinds, receipt, the_question
from tests.night.answering import service as service
from tests.night.by_command import Service, flat
from tests.night.played import fill
from tests.night.small import Files
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, account, card, registered, row


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
    [
        ("Personne prévenue", "accepted"),
        ("prévenue par téléphone", "accepted"),
        ("Refusé", "notified"),
        ("Annuler", "notified"),
    ],
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
    assert ("question vous est posée de nouveau" in receipt(service)) == (said in ("Refusé", "Annuler"))
    service.night(found, NEXT + timedelta(days=1))
    assert ("end_assignment", "left") not in kinds(service)
    with service.store() as store:
        assert store.states()[change_id].status == state


@pytest.mark.parametrize("said", ["annulé", "ANNULATION", "annuler ma réponse du 23/11", "finalement pas fait"])
def test_an_answer_that_is_cancelled_is_asked_again_the_night_after(service: Service, said: str) -> None:
    """« Refusé » would have closed the line of somebody who still has no account."""
    service.night(files(), DAY)
    change_id = answer(service, "Aucun de ceux-là")
    second = service.root / "second.xlsx"
    fill(service.root / REPORT, second, ("À vérifier", change_id, said, None, ""))
    code, out, err = service.run("decisions", str(second), "--as-of", DAY.isoformat())
    assert code == 0, out + err
    told = " ".join(receipt(service).split())
    assert "est annulée : la question vous est posée de nouveau" in told.replace("\u00a0", " ")
    assert "à côté, vous avez écrit" not in told
    service.night(files(), NEXT)
    assert the_question(service) == change_id
    with service.store() as store:
        assert store.states()[change_id].status == "notified"


def test_where_nothing_was_answered_there_is_nothing_to_cancel(service: Service) -> None:
    service.night(files(), DAY)
    returned = service.root / "retour.xlsx"
    fill(service.root / REPORT, returned, ("À vérifier", the_question(service), "Annuler", None, ""))
    code, out, _ = service.run("decisions", str(returned), "--as-of", DAY.isoformat())
    assert code == 3
    assert "encore aucune réponse" in flat(out)


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
    assert "écrire Annuler" in flat(out)


def test_the_end_that_an_answer_asks_for_is_not_refused_while_that_answer_stands(service: Service) -> None:
    service.night(two_titulaires(), DAY)
    question = answer(service, f"Reste titulaire\u00a0: TROISIEME-FICTIF Lia – {CHV.account_id}")
    first = (service.root / REPORT).read_bytes()
    service.night(two_titulaires(), NEXT)
    returned = service.root / "refus.xlsx"
    fill(service.root / REPORT, returned, ("À désactiver", the_question(service, "À désactiver"), "Refusé", None, ""))
    assert service.run("decisions", str(returned), "--as-of", NEXT.isoformat())[0] == 3
    assert kinds(service) == [("end_assignment", "left")]
    told = flat(receipt(service))
    assert "les deux ne vont pas ensemble" in told
    assert question in told
    again = service.root / "encore.xlsx"
    (service.root / "premier.xlsx").write_bytes(first)
    fill(service.root / "premier.xlsx", again, ("À vérifier", question, "Refusé", None, ""))
    assert service.run("decisions", str(again), "--as-of", NEXT.isoformat())[0] == 0
    service.night(two_titulaires(), NEXT + timedelta(days=1))
    assert kinds(service) == [("review", "two_titulaires")]


def mailed(service: Service, said: str, hour: int, text: str = "", report: bytes = b"") -> str:
    """The report with this answer, or this `report`, in a mail of that hour and `text` that somebody saved."""
    filled = service.root / f"{hour}.xlsx"
    if report:
        filled.write_bytes(report)
    else:
        fill(service.root / REPORT, filled, ("À vérifier", the_question(service), said, None, ""))
    mail = EmailMessage()
    mail.set_content(text)
    mail["From"], mail["To"] = HOLDER.email, "annuaire@example.org"
    mail["Subject"], mail["Message-ID"] = "RE: votre rapport", f"<{hour}@example.org>"
    mail["Date"] = f"Sun, 22 Nov 2026 {hour}:00:00 +0100"
    mail.add_attachment(filled.read_bytes(), maintype="application", subtype="octet-stream", filename="CRH_ST-24.xlsx")
    path = service.root / f"{hour}.eml"
    path.write_bytes(mail.as_bytes())
    return str(path)


@pytest.mark.parametrize("late_first", [True, False])
def test_an_older_mail_that_arrives_in_a_later_run_takes_nothing_back(service: Service, late_first: bool) -> None:
    service.night(files(), DAY)
    mails = [mailed(service, "Aucun de ceux-là", 14), mailed(service, ANNE.account_id, 9)]
    codes = [service.run("decisions", one, "--as-of", DAY.isoformat())[0] for one in mails[:: 1 if late_first else -1]]
    assert codes == ([0, 3] if late_first else [0, 0])
    with service.store() as store:
        assert [one.choice for one in store.judgements() if one.stands] == ["none"]
    assert ("courriel plus récent" in flat(receipt(service))) == late_first


def test_the_very_file_that_was_asked_back_for_its_mail_is_taken_without_that_text(service: Service) -> None:
    """The receipt says to send it again so: it is not « already taken » then, and a third time it is."""
    service.night(files(), DAY)
    first = mailed(service, "Aucun de ceux-là", 9, "Bonjour, laissez cela de côté pour l'instant.")
    report = (service.root / "9.xlsx").read_bytes()
    assert service.run("decisions", first, "--as-of", DAY.isoformat())[0] == 3
    with service.store() as store:
        assert store.judgements() == []
    assert service.run("decisions", first, "--as-of", DAY.isoformat())[0] == 3  # the same mail, looked at again
    again = [mailed(service, "", hour, "Bonjour, ci-joint le fichier.", report) for hour in (10, 11)]
    assert service.run("decisions", again[0], "--as-of", DAY.isoformat())[0] == 0
    with service.store() as store:
        assert [one.choice for one in store.judgements() if one.stands] == ["none"]
    _, out, _ = service.run("decisions", again[1], "--as-of", DAY.isoformat())
    assert "déjà" in flat(out)
