"""Words that nobody understands: shown to the administrator once, answered in their report, read so from then on."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest

from flows.cli.app import run
from flows.night.nightly import Night, run_night
from flows.returns.decisions import take_in
from flows.run.request import Request
from flows.settings.model import Settings
from tests.night.small import ADMIN, Files, settings_of, write_files
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
NURSE = Person(204, "QUATRIEME-FICTIF", "Max", "60")
NEWCOMER = Person(205, "CINQUIEME-FICTIF", "Éva", "60")
PEOPLE = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE), (NURSE, ES, ASSISTANT)]
BOOK = "regions/24.csv"
REFERENT = "Référent vigilance transfusionnelle"


def files(*extra: Line, **words: str) -> Files:
    """The country in order, its titulaire's and nurse's cells written in the words given."""
    lines = [row(*place) for place in PEOPLE]
    lines[2] = replace(lines[2], cells={**lines[2].cells, **words})
    known = [registered(who) for who, _, _ in PEOPLE] + [registered(one.who) for one in extra]
    held = [card(who) for who, _, _ in PEOPLE] + [card(one.who) for one in extra]
    return Files([account(*place) for place in PEOPLE], {BOOK: [*lines, *extra]}, known, held)


def settings(root: Path) -> Settings:
    found = settings_of(root)
    return found.model_copy(update={"workbook": found.workbook[:1]}).at(root)


def night(root: Path, found: Files, at: int = 0) -> Night:
    day = DAY + timedelta(days=at)
    write_files(root, found, day)
    return run_night(settings(root), Request(day, root / "out"))


def report(root: Path) -> Path:
    return root / "out/reports/ADMIN_EFIT.xlsx"


def words_of(path: Path) -> list[tuple[str, ...]]:
    """(field, word, meaning, state) of the sheet; where the meaning comes from is said below it (`origin`)."""
    book = openpyxl.load_workbook(path)
    if "Mots nouveaux" not in book.sheetnames:
        return []
    rows = list(book["Mots nouveaux"].iter_rows(min_row=4, values_only=True))
    return [(str(one[0]), str(one[1]), str(one[2]).partition("\n")[0], str(one[4])) for one in rows]


def origin(path: Path) -> str:
    """Where the first proposed meaning comes from, and what accepting it does."""
    return str(openpyxl.load_workbook(path)["Mots nouveaux"].cell(4, 3).value).partition("\n")[2]


def answer(root: Path, verdict: str, comment: str = "", at: int = 0, word: str = "") -> list[str]:
    """Answer the words of the last report as somebody would, and send it back."""
    path = root / f"retour-{at}-{verdict}.xlsx"
    book = openpyxl.load_workbook(report(root))
    sheet = book["Mots nouveaux"]
    for line in sheet.iter_rows(min_row=4):
        if word in str(line[1].value):
            line[5].value, line[6].value = verdict, comment
    book.save(path)
    [taken] = take_in(settings(root), [path], DAY + timedelta(days=at), lambda *_: None).files
    return list(taken.lines)


def told(found: Night) -> list[tuple[str, ...]]:
    return sorted((one.updater.post, *one.reasons) for one in found.changeset.changes)


def mail_to(root: Path, address: str) -> str:
    found = ""
    for path in sorted((root / "var/outbox").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        if address in str(message["To"]) and body is not None:
            found += " ".join(body.get_content().replace("\xa0", " ").split())
    return found


def test_an_unknown_function_is_shown_to_the_administrator_with_what_the_annuaire_says_of_its_people(
    tmp_path: Path,
) -> None:
    found = night(tmp_path, files(function=REFERENT))
    assert words_of(report(tmp_path)) == [("Fonction", REFERENT, "Assistant", "Nouveau")]
    assert "l’annuaire le dit" in origin(report(tmp_path))
    assert "1 ligne se lira ainsi" in origin(report(tmp_path))
    assert told(found) == [("CRH_ST", "line_not_understood")]  # the question to the keeper, and no second one
    assert "1 mot nouveau dans les classeurs" in mail_to(tmp_path, ADMIN)


def test_a_word_is_told_once_and_stays_in_the_report_until_it_is_answered(tmp_path: Path) -> None:
    night(tmp_path, files(function=REFERENT))
    before = len(mail_to(tmp_path, ADMIN))
    night(tmp_path, files(function=REFERENT), at=1)
    assert len(mail_to(tmp_path, ADMIN)) == before


def test_an_accepted_word_is_read_so_from_the_next_night_on(tmp_path: Path) -> None:
    night(tmp_path, files(function=REFERENT))
    assert "1 décision enregistrée" in answer(tmp_path, "Fait")[0].replace("\xa0", " ")
    found = night(tmp_path, files(row(NEWCOMER, ES, (REFERENT.upper(), "")), function=REFERENT), at=1)
    assert told(found) == [("CRH_ST", "missing_account")]
    [change] = found.changeset.changes
    assert change.assignment.function == "Assistant"


@pytest.mark.parametrize(
    ("verdict", "comment", "function"),
    [("Refusé", "", ""), ("Fait", "CHV-ST", "CHV-ST"), ("Fait", "oui", "Assistant"), ("D'accord", "", "Assistant")],
)
def test_the_administrator_may_refuse_a_meaning_or_write_another(
    tmp_path: Path, verdict: str, comment: str, function: str
) -> None:
    night(tmp_path, files(function=REFERENT))
    answer(tmp_path, verdict, comment)
    found = night(tmp_path, files(row(NEWCOMER, ES, (REFERENT, "Remplaçant")), function=REFERENT), at=1)
    read = {one.assignment.function for one in found.changeset.changes if one.person.last_name == NEWCOMER.last_name}
    assert read == ({function} if function else set())
    assert not report(tmp_path).exists()  # nothing is left to answer


def test_a_meaning_that_nobody_knows_is_asked_back_and_nothing_is_retained(tmp_path: Path) -> None:
    """« Fait » beside « non, c'est un cadre de santé » made an Assistant of a wording, and an account of it."""
    night(tmp_path, files(function=REFERENT))
    told_back = answer(tmp_path, "Fait", "non, c'est un cadre de santé")
    assert any("CHV-ST" in line and "Hémovigilant" in line for line in told_back)
    found = night(tmp_path, files(row(NEWCOMER, ES, (REFERENT, "Remplaçant")), function=REFERENT), at=1)
    assert not any(
        one.person.last_name == NEWCOMER.last_name and one.kind == "create_account" for one in found.changeset.changes
    )


def test_an_unknown_status_keeps_everybody_until_it_is_said_that_it_means_gone(tmp_path: Path) -> None:
    words = {"status": "A rejoint le groupement voisin"}
    found = night(tmp_path, files(**words))
    assert told(found) == [("CRH_ST", "line_not_understood")]
    [(field, word, meaning, _)] = words_of(report(tmp_path))
    assert (field, word, meaning) == ("Statut", words["status"], "Actif")
    assert "proche de «" in origin(report(tmp_path))
    answer(tmp_path, "Fait", "Parti")
    gone = night(tmp_path, files(status="A rejoint le groupement voisin le 01/11/2026"), at=1)
    assert ("CRH_ST", "left") in told(gone)


def test_a_word_that_nothing_brings_near_to_another_has_no_meaning_until_one_is_written(tmp_path: Path) -> None:
    night(tmp_path, files(status="Zygomatique"))
    assert words_of(report(tmp_path)) == [("Statut", "Zygomatique", "Aucun", "Nouveau")]
    assert "rien ne le rapproche" in origin(report(tmp_path))
    assert any("aucun sens n’est proposé" in one for one in answer(tmp_path, "Fait"))
    answer(tmp_path, "Fait", "Parti", at=1)
    found = night(tmp_path, files(status="Zygomatique le 01/11/2026"), at=1)
    assert ("CRH_ST", "left") in told(found)


def test_the_day_of_an_accepted_status_counts(tmp_path: Path) -> None:
    night(tmp_path, files(status="A rejoint le groupement voisin le 01/02/2027"))
    answer(tmp_path, "Fait", "Parti")
    found = night(tmp_path, files(status="A rejoint le groupement voisin le 01/02/2027"), at=1)
    assert told(found) == []


def test_an_abbreviation_of_an_establishment_is_the_one_where_its_people_are(tmp_path: Path) -> None:
    words = {"structure_code": "", "structure_name": "CHE du Val Perdu"}
    night(tmp_path, files(**words))
    [(field, word, meaning, _)] = words_of(report(tmp_path))
    assert (field, word) == ("Établissement", "CHE du Val Perdu")
    assert ES in meaning
    answer(tmp_path, "Fait")
    found = night(tmp_path, files(**words), at=1)
    assert told(found) == []


def test_a_profession_in_unknown_words_is_the_registers(tmp_path: Path) -> None:
    night(tmp_path, files(profession="Soignant de nuit"))
    assert words_of(report(tmp_path)) == [("Profession", "Soignant de nuit", "Infirmier", "Nouveau")]
    assert "le registre le dit" in origin(report(tmp_path))


def test_an_accepted_word_may_be_taken_back_in_the_report(tmp_path: Path) -> None:
    night(tmp_path, files(function=REFERENT))
    answer(tmp_path, "Fait")
    night(tmp_path, files(function="Inconnue au bataillon"), at=1)
    states = {word: state for _, word, _, state in words_of(report(tmp_path))}
    assert states[REFERENT].startswith("Retenu le 22/11/2026")
    answer(tmp_path, "Refusé", at=1, word=REFERENT)
    found = night(tmp_path, files(function=REFERENT), at=2)
    assert ("CRH_ST", "line_not_understood") in told(found)


def test_an_answer_on_the_report_of_another_installation_counts_for_nothing(tmp_path: Path) -> None:
    for name in ("a", "b"):
        night(tmp_path / name, files(function=REFERENT))
    report(tmp_path / "a").replace(report(tmp_path / "b"))
    assert len(answer(tmp_path / "b", "Fait")) == 2  # the counts, and why that line does not count
    found = night(tmp_path / "b", files(function=REFERENT), at=1)
    assert ("CRH_ST", "line_not_understood") in told(found)


def command(root: Path, *words: str) -> tuple[int, str]:
    (root / "annuaire.toml").write_text(
        '[annuaire]\nexport = "efit/export.csv"\n[store]\nurl = "sqlite:///var/annuaire.db"\n'
        f'[[workbook]]\npath = "{BOOK}"\nregion = "24"\n[mail]\noutbox = "var/outbox"\nsender = "a@example.org"\n'
        f'admin = "{ADMIN}"\n',
        encoding="utf-8",
    )
    with patch("sys.stdout", new_callable=StringIO) as out:
        code = run(["explain", *words, "-c", str(root / "annuaire.toml")])
    return code, " ".join(out.getvalue().replace("\xa0", " ").split())


def test_explain_shows_a_word_and_forgets_it(tmp_path: Path) -> None:
    night(tmp_path, files(function=REFERENT))
    assert "Sans réponse pour l’instant" in command(tmp_path, REFERENT)[1]
    answer(tmp_path, "Fait")
    code, said = command(tmp_path, REFERENT.lower())
    assert (code, "est lu « Assistant » dans cette installation" in said) == (0, True)
    assert command(tmp_path, REFERENT, "--forget")[0] == 0
    found = night(tmp_path, files(function=REFERENT), at=1)
    assert ("CRH_ST", "line_not_understood") in told(found)
    said_before = "Nouveau\nVotre dernière réponse, le 22/11/2026\u00a0: «\u00a0Fait\u00a0»."
    assert words_of(report(tmp_path)) == [("Fonction", REFERENT, "Assistant", said_before)]
    assert command(tmp_path, "tout autre chose", "--forget")[0] == 2


REMARK = "Convention tripartite signée"


def with_newcomer(remark: str) -> Files:
    return files(row(NEWCOMER, ES, ASSISTANT, comment=remark))


def test_the_unknown_words_of_a_newcomers_remark_are_shown_with_it_and_accepted_once(tmp_path: Path) -> None:
    """Whoever comes with a remark of which a word is unknown is asked about; the administrator ends that for all."""
    found = night(tmp_path, with_newcomer(REMARK))
    assert told(found) == [("CRH_ST", "line_not_understood")]
    shown = {word: (field, meaning) for field, word, meaning, _ in words_of(report(tmp_path))}
    assert shown["tripartite"] == ("Mot d’une remarque", "Mot ordinaire : n’empêche rien")
    assert REMARK in str([one.value for one in openpyxl.load_workbook(report(tmp_path))["Mots nouveaux"]["D"]])
    answer(tmp_path, "Fait")
    assert told(night(tmp_path, with_newcomer("Convention tripartite, signée"), at=1)) == [
        ("CRH_ST", "missing_account")
    ]
    code, said = command(tmp_path, "Tripartite")
    assert (code, "est lu « Mot ordinaire : n’empêche rien »" in said) == (0, True)
    assert command(tmp_path, "tripartite", "--forget")[0] == 0
    assert ("CRH_ST", "line_not_understood") in told(night(tmp_path, with_newcomer(REMARK), at=2))


def test_a_refused_word_of_a_remark_goes_on_asking_and_is_not_shown_again(tmp_path: Path) -> None:
    night(tmp_path, with_newcomer(REMARK))
    answer(tmp_path, "Refusé")
    assert told(night(tmp_path, with_newcomer(REMARK), at=1)) == [("CRH_ST", "line_not_understood")]
    assert not report(tmp_path).exists()


def test_a_word_that_is_ordinary_in_a_remark_is_not_so_beside_a_departure(tmp_path: Path) -> None:
    night(tmp_path, with_newcomer(REMARK))
    answer(tmp_path, "Fait")
    found = night(tmp_path, files(status="Parti", comment="Convention tripartite signée"), at=1)
    assert told(found) == [("CRH_ST", "line_not_understood")]
    assert {field for field, _, _, state in words_of(report(tmp_path)) if state == "Nouveau"} == {
        "Mot près d’un départ"
    }
    answer(tmp_path, "Fait", at=1)
    found = night(tmp_path, files(status="Parti", comment="Convention tripartite signée"), at=2)
    assert ("CRH_ST", "left") in told(found)


@pytest.mark.parametrize("remark", ["congee maternitee", "demissionaire", "Arivera", "tripartite ?", "sans suite"])
def test_what_looks_like_a_word_that_tells_something_is_no_word_to_accept(tmp_path: Path, remark: str) -> None:
    found = night(tmp_path, with_newcomer(remark))
    assert told(found) == [("CRH_ST", "line_not_understood")]
    assert not report(tmp_path).exists()


def test_an_unknown_word_of_a_title_keeps_everybody_until_it_is_said_to_be_ordinary(tmp_path: Path) -> None:
    title = replace(row(NURSE), cells={"structure_code": "Document élaboré par la cellule"})
    lines = [row(*place) for place in PEOPLE[:2]]
    gone = replace(files(), books={BOOK: [title, *lines]})
    assert told(night(tmp_path, gone)) == [("CRH_ST", "line_not_understood")]
    assert [(field, word) for field, word, _, _ in words_of(report(tmp_path))] == [("Mot d’un titre", "élaboré")]
    answer(tmp_path, "Fait")
    assert ("CRH_ST", "absent_from_workbook") in told(night(tmp_path, gone, at=1))
