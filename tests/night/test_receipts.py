"""Whoever answers is heard: one receipt for each return, at most once, to the post and nobody else."""

import email
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from connectors.store import Store
from flows.delivery.way_out import Send
from flows.returns.decisions import collect_all
from flows.settings.load import load_settings
from schemas.errors import DeliveryError, UnknownDeliveryError
from schemas.glyphs import typeset
from tests.invented_changes import number
from tests.night.country import TODAY
from tests.night.played import HEADER_ROW, Installation, change_of, column, fill, lines_of

REPORT = "CRH_ST-24.xlsx"
DAY = ("--as-of", TODAY.isoformat())


def receipts(there: Installation) -> list[EmailMessage]:
    """The receipts that left, in the order they did."""
    found = sorted((there.folder / "var" / "outbox").glob("RETOURS-*"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def holder(there: Installation) -> str:
    found = next(c["updater"]["recipients"] for c in there.changeset()["changes"] if c["updater"]["scope"] == "24")
    return str(found[0])


def drop(there: Installation, *said: str, comment: str = "") -> list[str]:
    """The report comes back with so many first lines answered; their changes."""
    chosen = lines_of(there.reports / REPORT)[: len(said)]
    answers = [(sheet, key, word, None, comment) for (sheet, key), word in zip(chosen, said, strict=True)]
    fill(there.reports / REPORT, there.inbox / REPORT, *answers)
    return [key for _, key in chosen]


def test_a_receipt_counts_what_is_taken_and_says_of_the_rest_where_it_is_and_what_to_write(there: Installation) -> None:
    drop(there, "ok", "Fait", "non", "plus tard")
    places = lines_of(there.reports / REPORT)[2:4]
    assert there.json("decisions", *DAY)[0] == 3
    [message] = receipts(there)
    assert message["To"] == holder(there)
    assert str(message["Subject"]).endswith("2 réponses prises, 2 à préciser")
    text = text_of(message)
    book = openpyxl.load_workbook(there.reports / REPORT)
    for sheet, key in places:
        row = next(r for r in range(HEADER_ROW + 1, book[sheet].max_row + 1) if change_of(book[sheet], r) == key)
        assert typeset(f"« {sheet} » ligne {row}") in text
    assert typeset("« non » peut vouloir dire") in text
    assert "JJ/MM/AAAA" in text
    assert typeset("Fait : « ok »") in text


def test_no_receipt_names_anybody(there: Installation) -> None:
    """A mail is read over a shoulder: it has lines and the words of decisions, no name, number or comment."""
    drop(there, "ok", "non", comment="Mme FICTIVE Ode, 810000000001")
    there.json("decisions", *DAY)
    [message] = receipts(there)
    people = [c["person"] for c in there.changeset()["changes"]]
    for said in {"FICTIVE", "810000000001"} | {p["last_name"] for p in people} | {p["national_id"] for p in people}:
        assert not said or said not in message.as_string()


def test_a_receipt_tells_a_line_by_its_establishment_and_reference_and_quotes_no_name(there: Installation) -> None:
    """On a telephone, or after a sort, « À modifier ligne 7 » leads nowhere."""
    person = next(name for c in there.changeset()["changes"] if (name := c["person"]["last_name"]))
    key, _ = drop(there, "voir avec la cadre", f"{person.lower()} n'est plus là")
    there.json("decisions", *DAY)
    text = text_of(receipts(there)[0])
    change = next(one for one in there.changeset()["changes"] if one["id"] == key)
    assert key in text
    assert "CH" in text
    assert typeset("« voir avec la cadre » n'est pas une décision") in text
    plain = " ".join(text.replace("\u00a0", " ").replace("’", "'").split())
    assert "plus là » n'est pas une décision" in plain
    assert change["person"]["last_name"].lower() not in text.lower()


def test_an_answer_that_does_not_count_is_set_aside_and_not_to_be_made_plain(there: Installation) -> None:
    """Answered on a newer report already: there is nothing to make plain."""
    drop(there, "Fait")
    there.json("decisions", *DAY)
    (there.inbox / REPORT).unlink(missing_ok=True)
    old = there.folder / "old.xlsx"
    fill(there.reports / REPORT, old, (*lines_of(there.reports / REPORT)[0], "Refusé", None, ""))
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    there.run("sync", "--as-of", tomorrow)
    there.json("decisions", str(old), "--as-of", tomorrow)
    subject = str(receipts(there)[-1]["Subject"])
    assert "à préciser" not in subject


def test_a_file_has_one_receipt_however_often_it_is_looked_at(there: Installation) -> None:
    drop(there, "Fait")
    path = there.folder / "retour.xlsx"
    (there.inbox / REPORT).rename(path)
    for _ in range(3):
        assert there.json("decisions", str(path), *DAY)[0] == 0
    assert len(receipts(there)) == 1


def test_the_same_workbook_put_back_again_is_told_that_it_was_seen_and_what_is_still_to_be_made_plain(
    there: Installation,
) -> None:
    drop(there, "Fait", "non")
    content = (there.inbox / REPORT).read_bytes()
    for moment in (1, 2):
        (there.inbox / REPORT).write_bytes(content)
        os.utime(there.inbox / REPORT, (moment, moment))
        there.json("decisions", *DAY)
    first, second = receipts(there)
    assert "1 réponse prise, 1 à préciser" in str(first["Subject"])
    assert "déjà pris en compte" in str(second["Subject"])
    assert typeset("« non » peut vouloir dire") in text_of(second)


def test_the_same_answers_in_a_file_filled_in_further_are_said_to_be_known(there: Installation) -> None:
    drop(there, "Fait", "Fait")
    there.json("decisions", *DAY)
    drop(there, "Fait", "Fait", "Fait")
    there.json("decisions", *DAY)
    second = receipts(there)[1]
    assert "2 étaient déjà données" in text_of(second)
    assert str(second["Subject"]).endswith("1 réponse prise, 2 déjà données")


def test_who_else_of_the_post_has_answered_since_is_told(there: Installation) -> None:
    drop(there, "Fait", "Fait")
    there.json("decisions", *DAY)
    fill(there.reports / REPORT, there.inbox / REPORT, (*lines_of(there.reports / REPORT)[3], "Fait", None, ""))
    there.json("decisions", *DAY)
    assert typeset("Fichiers déposés, sans expéditeur connu : 2 réponses, le 22/11/2026") in text_of(receipts(there)[1])


def test_a_comment_alone_a_note_and_a_line_of_theirs_are_answered(there: Installation) -> None:
    sheet, key = lines_of(there.reports / REPORT)[0]
    fill(there.reports / REPORT, there.inbox / REPORT, (sheet, key, "", None, "elle est partie"))
    book = openpyxl.load_workbook(there.inbox / REPORT)
    page = book[sheet]
    page.cell(HEADER_ROW + 2, column(page, "Décision")).comment = Comment("à voir avec elle", "Ode")
    page.cell(page.max_row + 2, 1).value = "M. INVENTÉ est arrivé"
    book.save(there.inbox / REPORT)
    code, found = there.json("decisions", *DAY)
    assert (code, found["files"][0]["outcome"]) == (0, "empty")
    assert sorted(one["kind"] for one in found["files"][0]["kept"]) == ["comment", "note", "row"]
    [message] = receipts(there)
    for said in ("Commentaire sans décision", "Note de cellule", "Ligne sans référence"):
        assert said in text_of(message)


def test_what_is_written_below_the_summary_is_kept_and_answered(there: Installation) -> None:
    drop(there, "Fait")
    book = openpyxl.load_workbook(there.inbox / REPORT)
    page = book["Synthèse"]
    page.cell(page.max_row + 3, 1).value = "Je pars en retraite le 31/12"
    book.save(there.inbox / REPORT)
    code, found = there.json("decisions", *DAY)
    assert (code, [one["kind"] for one in found["files"][0]["kept"]]) == (0, ["row"])
    [message] = receipts(there)
    assert typeset("« Synthèse » ligne") in text_of(message)


def test_a_report_that_nobody_wrote_below_has_nothing_to_keep(there: Installation) -> None:
    drop(there, "Fait")
    _, found = there.json("decisions", *DAY)
    assert found["files"][0]["kept"] == []


def test_what_people_say_may_be_typed_into_the_list_and_what_to_write_is_one_of_its_answers(
    there: Installation,
) -> None:
    """Excel refused « ok », and « Écrire Refusé » where the list had none."""
    book = openpyxl.load_workbook(there.reports / REPORT)
    at = column(book["Cartes"], "Décision")
    [rule] = [
        one
        for one in book["Cartes"].data_validations.dataValidation
        if book["Cartes"].cell(HEADER_ROW + 1, at).coordinate in one.cells
    ]
    assert rule.errorStyle == "warning"
    card = next((sheet, key) for sheet, key in lines_of(there.reports / REPORT) if sheet == "Cartes")
    fill(there.reports / REPORT, there.inbox / REPORT, (*card, "pas encore", None, ""))
    there.json("decisions", *DAY)
    [message] = receipts(there)
    assert (
        "Personne prévenue (elle le sait et s’en occupe) · Nouvelle carte reçue (elle l’a en main) · Partie"
        in " ".join(text_of(message).split())
    )
    assert "Écrire Fait" not in text_of(message)


def test_a_file_that_cannot_be_read_is_answered_with_its_reason(there: Installation) -> None:
    (there.inbox / REPORT).write_bytes(b"%PDF-1.7")
    assert there.json("decisions", *DAY)[0] == 3
    [message] = receipts(there)
    assert message["To"] == holder(there)
    assert "PDF" in text_of(message)


def test_a_file_of_which_nobody_knows_whose_it_is_is_answered_to_nobody(there: Installation) -> None:
    (there.inbox / "budget.xlsx").write_bytes(b"%PDF-1.7")
    assert there.json("decisions", *DAY)[0] == 3
    assert receipts(there) == []


def test_the_administrator_reads_beside_a_comment_which_answer_it_stands_with_and_the_last_alone(
    there: Installation,
) -> None:
    drop(there, "Fait", comment="vu avec elle hier")
    there.json("decisions", *DAY)
    drop(there, "Fait", comment="vu avec sa cheffe de service")
    there.json("decisions", *DAY)
    assert there.run("sync", *NEXT)[0] == 0
    sheet = openpyxl.load_workbook(there.reports / "ADMIN_EFIT.xlsx")["Commentaires et refus"]
    [line] = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert (line[5], line[6]) == ("Fait", "vu avec sa cheffe de service")
    assert "S’il contredit la réponse" in str(line[7])


def test_a_receipt_goes_to_allowed_domains_only(there: Installation) -> None:
    drop(there, "Fait")
    with there.config.open("a", encoding="utf-8") as file:
        file.write('allowed_domains = ["ailleurs.example.org"]\n')
    there.json("decisions", *DAY)
    assert receipts(there) == []


# ── at most once, whatever is killed ─────────────────────────────────────────────────────────────


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def collect_and_die(there: Installation, patched: str, what: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patched, what)
        with pytest.raises(KeyboardInterrupt):
            collect_all(load_settings(there.config), TODAY, lambda *_: None)


def test_a_run_killed_before_the_receipt_left_sends_it_the_next_time(there: Installation) -> None:
    drop(there, "Fait", "non")
    collect_and_die(there, "flows.returns.decisions.send_receipts", killed)
    assert receipts(there) == []
    there.json("decisions", *DAY)
    [message] = receipts(there)
    assert "1 réponse prise, 1 à préciser" in str(message["Subject"])


@pytest.mark.parametrize("outcome", ["sending", "sent"])
def test_a_run_killed_around_the_sending_sends_it_once(there: Installation, outcome: str) -> None:
    before = Store.set_receipt

    def dying(self: Store, numbers: list[int], now: str, *rest: str) -> None:
        if now == outcome == "sent":
            raise KeyboardInterrupt
        before(self, numbers, now, *rest)  # type: ignore[arg-type]
        if now == outcome:
            raise KeyboardInterrupt

    drop(there, "Fait")
    collect_and_die(there, "connectors.store.Store.set_receipt", dying)
    for _ in range(2):
        there.json("decisions", *DAY)
    assert len(receipts(there)) == 1


def failing(error: Exception) -> Any:
    """A way out on which the mail's content goes out, and then this happens."""
    sent: list[str] = []

    @contextmanager
    def way_out(_settings: object) -> Iterator[Send]:
        def send(message: EmailMessage, before: Any) -> Any:
            before()
            sent.append(str(message["Message-ID"]))
            raise error

        yield send

    way_out.sent = sent  # type: ignore[attr-defined]
    return way_out


def test_a_receipt_of_unknown_fate_is_never_sent_again(there: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    out = failing(UnknownDeliveryError("?"))
    monkeypatch.setattr("flows.returns.receipts.way_out", out)
    drop(there, "Fait")
    for _ in range(3):
        there.json("decisions", *DAY)
    assert len(out.sent) == 1


def test_a_receipt_that_did_not_leave_is_said_and_leaves_the_next_time(there: Installation) -> None:
    drop(there, "Fait")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.returns.receipts.way_out", failing(DeliveryError("Le serveur ne répond pas.")))
        code, found = there.json("decisions", *DAY)
    assert (code, "Le serveur ne répond pas" in found["problem"]) == (3, True)
    assert found["files"][0]["recorded"]["accepted"] == 1
    assert there.json("decisions", *DAY) == (0, {"files": [], "waiting": 0})
    assert len(receipts(there)) == 1


# ── the next night ───────────────────────────────────────────────────────────────────────────────

NEXT = ("--as-of", "2026-11-23")


def test_the_next_report_shows_the_last_answer_on_its_line_and_repeats_what_is_open(there: Installation) -> None:
    _, unclear, bare = drop(there, "Fait", "non", "")
    book = openpyxl.load_workbook(there.inbox / REPORT)
    sheet = next(page for page in book.worksheets if any(change_of(page, r) == bare for r in _rows(page)))
    row = next(r for r in _rows(sheet) if change_of(sheet, r) == bare)
    sheet.cell(row, column(sheet, "Commentaire")).value = "elle part en janvier"
    book.save(there.inbox / REPORT)
    there.json("decisions", *DAY)
    assert there.run("sync", *NEXT)[0] == 0
    said: dict[str, str] = {}
    for page in openpyxl.load_workbook(there.reports / REPORT).worksheets:
        said |= {change_of(page, r): str(page.cell(r, column(page, "Suivi")).value) for r in _rows(page)}
    assert typeset("Votre dernière réponse, le 22/11/2026 : « non », à préciser.") in said[unclear]
    assert "la décision manque" in said[bare]


def _rows(page: Any) -> list[int]:
    headers = [cell.value for cell in page[HEADER_ROW]]
    if "Référence signée (ne pas modifier)" not in headers:
        return []
    return [r for r in range(HEADER_ROW + 1, page.max_row + 1) if change_of(page, r)]


def test_the_administrator_reads_what_came_back_once_and_the_page_counts_it(there: Installation) -> None:
    chosen = lines_of(there.reports / REPORT)[:2]
    fill(
        there.reports / REPORT,
        there.inbox / REPORT,
        (*chosen[0], "Refusé", None, "toujours en poste"),
        (*chosen[1], "", None, "à voir avec l'EFS"),
    )
    there.json("decisions", *DAY)
    outbox = there.folder / "var" / "outbox"
    before = set(outbox.glob("ADMIN*"))
    assert there.run("sync", *NEXT)[0] == 0
    [mail] = set(outbox.glob("ADMIN*")) - before
    notice = email.message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert "Commentaires et refus" in text_of(notice)
    sheet = openpyxl.load_workbook(there.reports / "ADMIN_EFIT.xlsx")["Commentaires et refus"]
    lines = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert {(line[5], line[6]) for line in lines} == {
        ("Refusé", "toujours en poste"),
        ("Commentaire sans décision", "à voir avec l'EFS"),
    }
    assert all(line[3] and line[4] and line[7] for line in lines)  # who, what was asked, what there is to do
    page = (there.folder / "out" / "dashboard" / "index.html").read_text(encoding="utf-8")
    part = page.partition('id="remarques"')[2].partition("</section>")[0]
    assert "Commentaire sans décision" in part
    assert "EFS" not in part
    assert there.run("sync", *NEXT)[0] == 0
    assert set(outbox.glob("ADMIN*")) - before == {mail}


def test_a_cards_number_in_a_comment_is_told_to_the_administrator_and_answered_with_what_to_do(
    there: Installation,
) -> None:
    chosen = lines_of(there.reports / REPORT)[:2]
    alone, beside = number(701), number(702)
    fill(
        there.reports / REPORT,
        there.inbox / REPORT,
        (*chosen[0], "", None, f"son n° est {alone[1:]}"),
        (*chosen[1], "Refusé", None, f"RPPS {beside}"),
    )
    there.json("decisions", *DAY)
    [receipt] = receipts(there)
    text = text_of(receipt)
    assert text.count("n’est pas saisi à votre place") == 2
    assert not any(one[1:] in text for one in (alone, beside))
    assert all(f"finissant par {one[-4:]}" in text for one in (alone, beside))
    before = set((there.folder / "var" / "outbox").glob("ADMIN*"))
    assert there.run("sync", *NEXT)[0] == 0
    [mail] = set((there.folder / "var" / "outbox").glob("ADMIN*")) - before
    assert "2 commentaires" in text_of(email.message_from_bytes(mail.read_bytes(), policy=policy.default))
    sheet = openpyxl.load_workbook(there.reports / "ADMIN_EFIT.xlsx")["Commentaires et refus"]
    told = {line[5]: (str(line[6]), str(line[7])) for line in sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True)}
    assert f"RPPS {alone}" in told["Numéro CPx écrit en commentaire"][0]
    assert f"RPPS {beside}" in told["Refusé"][0]
    assert all("numéro CPx" in todo for _, todo in told.values())


def test_explain_shows_what_was_written_of_a_line_and_of_a_name(there: Installation) -> None:
    sheet, key = lines_of(there.reports / REPORT)[0]
    change = next(c for c in there.changeset()["changes"] if c["id"] == key)
    fill(there.reports / REPORT, there.inbox / REPORT, (sheet, key, "", None, "à voir avec l'EFS"))
    book = openpyxl.load_workbook(there.inbox / REPORT)
    page = book[sheet]
    page.cell(page.max_row + 2, 1).value = f"{change['person']['last_name']} ne répond plus"
    book.save(there.inbox / REPORT)
    there.json("decisions", *DAY)
    _, text = there.run("explain", key, *DAY)
    shown = " ".join(text.split())
    assert "« à voir avec l'EFS »" in shown
    assert "ne répond plus" in shown
    _, found = there.json("explain", key, *DAY)
    assert [one["kind"] for one in found["remarks"]] == ["row"]
    assert [one["text"] for c in found["changes"] for one in c["remarks"]] == ["à voir avec l'EFS"]


def test_what_is_written_elsewhere_in_a_report_is_answered_and_read_by_the_administrator(there: Installation) -> None:
    """A note of a visit on a sheet of their own, and an answer whose hidden reference was deleted."""
    book = openpyxl.load_workbook(there.reports / REPORT)
    book.create_sheet("Mes notes")["A1"].value = "Le bureau a changé"
    page = book["Cartes"]
    head = [cell.value for cell in page[HEADER_ROW]]
    page.cell(HEADER_ROW + 1, head.index("Décision") + 1).value = "Partie"
    page.delete_cols(len(head))
    book.save(there.inbox / REPORT)
    there.json("decisions", *DAY)
    [message] = receipts(there)
    assert "« Mes notes »" in typeset(text_of(message)).replace("\u00a0", " ")
    assert "Cartes" in text_of(message)
    assert there.run("sync", *NEXT)[0] == 0
    sheet = openpyxl.load_workbook(there.reports / "ADMIN_EFIT.xlsx")["Commentaires et refus"]
    told = "\n".join(str(row[6]) for row in sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert "Le bureau a changé" in told
    assert "Partie" in told


def test_a_receipt_names_the_lines_that_threaten_an_access_and_says_how_a_line_is_found(there: Installation) -> None:
    sheet, key = next(one for one in lines_of(there.reports / REPORT) if one[0] != "Cartes")
    fill(there.reports / REPORT, there.inbox / REPORT, (sheet, key, "à voir avec Zoé", None, ""))
    there.json("decisions", *DAY)
    [message] = receipts(there)
    told = text_of(message)
    assert typeset("D'abord : « ") in told
    assert "Ctrl" in told
    assert typeset("« … » : les noms") in told


@pytest.mark.parametrize(("said", "comment"), [("Fait", "OK, fait hier"), ("Reporté", "au 15/12/2026")])
def test_a_receipt_does_not_quote_what_is_the_answer_itself(there: Installation, said: str, comment: str) -> None:
    sheet, key = next(one for one in lines_of(there.reports / REPORT) if one[0] == "À désactiver")
    fill(there.reports / REPORT, there.inbox / REPORT, (sheet, key, said, None, comment))
    there.json("decisions", *DAY)
    [message] = receipts(there)
    assert "1 réponse prise" in text_of(message)
    assert typeset("est pris ; à côté") not in text_of(message)


def test_who_asks_to_be_called_is_told_who_does_and_whom_to_call(there: Installation) -> None:
    book = openpyxl.load_workbook(there.reports / REPORT)
    page = book["Synthèse"]
    page.cell(page.max_row + 2, 1).value = "Merci de m'appeler, je n'y comprends rien"
    book.save(there.inbox / REPORT)
    there.json("decisions", *DAY)
    [message] = receipts(there)
    told = text_of(message)
    assert "peut vous rappeler" in told
    assert "01 55 87 32 32" in told.replace("\u00a0", " ")
    assert "Ligne sans référence" not in told


def coloured(there: Installation, sheet: str, rows: int, colour: str) -> str:
    """What the receipt says of a report in which somebody coloured the first lines of a sheet, and answered another."""
    book = openpyxl.load_workbook(there.reports / REPORT)
    page = book[sheet]
    for row in range(HEADER_ROW + 1, HEADER_ROW + 1 + rows):
        for at in range(1, page.max_column + 1):
            page.cell(row, at).fill = PatternFill("solid", fgColor=colour)
    answered = next(one for one in book.worksheets if one.title == "Cartes")
    answered.cell(HEADER_ROW + 1, column(answered, "Décision")).value = "Personne prévenue"
    book.save(there.inbox / REPORT)
    there.json("decisions", *DAY)
    [message] = receipts(there)
    return text_of(message)


@pytest.mark.parametrize("colour", ["FF92D050", "FFFF0000"])
def test_a_line_that_is_only_coloured_is_told_once(there: Installation, colour: str) -> None:
    told = coloured(there, "À désactiver", 1, colour)
    assert told.count("une couleur ne se lit pas") == 1
    assert typeset("« À désactiver » ligne 4") in told


@pytest.mark.parametrize(("rows", "colour"), [(9, "FF92D050"), (1, "FFF3F5F8"), (1, "FFD9D9D9"), (1, "FFFFF8CC")])
def test_the_look_of_a_sheet_a_grey_and_our_own_colours_say_nothing(
    there: Installation, rows: int, colour: str
) -> None:
    assert "couleur" not in coloured(there, "À désactiver", rows, colour)
