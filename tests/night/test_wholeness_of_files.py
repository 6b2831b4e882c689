"""Workbooks and registers that are not whole, from the command line: they end nobody, and say so."""

import threading
import time
from pathlib import Path

import pytest

from connectors.sources import steady
from tests.night.commanded import BOOK_52, Service
from tests.night.surfaces import spaced
from tests.night.whole import ACCOUNTS, NEW, ROWS, STAFF, of_nine
from tests.night.whole import first_night as first_night
from tests.night.whole import service as service
from tests.spec.tables import ES_52, Line, Person, account, row

# ── workbooks ────────────────────────────────────────────────────────────────────────────────────


def test_a_small_workbook_half_copied_ends_nobody_and_says_so(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows)
    lines = made.file(BOOK_52).read_bytes().splitlines(keepends=True)
    made.file(BOOK_52).write_bytes(b"".join(lines[:4]) + lines[4][:40])
    code, run = made.night()
    assert (code, made.changeset()["changes"], made.sources()[f"workbook:{BOOK_52}"]) == (3, [], "held")
    assert [one["whole"] for one in run["sources"] if one["name"] == f"workbook:{BOOK_52}"] == [False]
    assert made.mails() == {"ADMIN_EFIT": 1}
    assert BOOK_52.rpartition("/")[2] in made.letters("ADMIN_EFIT")
    assert "ne va pas jusqu’au bout" in made.letters("ADMIN_EFIT")


def test_the_last_row_of_a_cut_file_is_nobodys_word(tmp_path: Path) -> None:
    """« FICTIVE-G » of FICTIVE-GG, without a number: nobody is told to get her a card."""
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows)
    content = made.file(BOOK_52).read_text(encoding="utf-8")
    made.file(BOOK_52).write_text(content[: content.index("FICTIVE-GG") + 9], encoding="utf-8")
    assert made.night()[0] == 3
    assert made.changeset()["changes"] == []


def test_a_workbook_cut_at_a_line_counts_for_who_stands_in_it(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, [*rows[:4], row(NEW[0], ES_52)])
    code, run = made.night()
    assert (code, made.reasons()) == (3, {"missing_account": 1})
    assert made.sources()[f"workbook:{BOOK_52}"] == "held"
    assert "Ce qui y figure compte" in made.letters("ADMIN_EFIT")
    code, _ = made.night("--release", run["run_id"])
    assert (code, made.reasons()["absent_from_workbook"]) == (0, 3)  # a human has looked
    assert made.sources()[f"workbook:{BOOK_52}"] == "ok"


def test_a_text_that_lost_its_last_lines_and_nothing_else_ends_nobody_until_a_human_has_looked(tmp_path: Path) -> None:
    """Three people of twenty are less than the share: what tells of a cut is that all the rest is as it was."""
    made, accounts, rows = of_many(tmp_path)
    made.write(accounts, rows[:-3])
    code, run = made.night()
    assert (code, made.reasons(), made.sources()[f"workbook:{BOOK_52}"]) == (3, {}, "held")
    assert "3 lignes manquent à la fin" in spaced(made.letters("ADMIN_EFIT"))
    assert made.night()[0] == 3  # nor the night after
    code, _ = made.night("--release", run["run_id"])
    assert (code, made.reasons()["absent_from_workbook"]) == (0, 3)


@pytest.mark.parametrize("change", ["two left", "another row was changed", "one came", "those before the last"])
def test_people_who_are_struck_off_a_text_leave(change: str, tmp_path: Path) -> None:
    made, accounts, rows = of_many(tmp_path)
    left = {
        "two left": rows[:-2],
        "another row was changed": [row(STAFF[0], ES_52, email="nouveau@example.org"), *rows[1:-3]],
        "one came": [*rows[:-3], row(NEW[0], ES_52)],
        "those before the last": [*rows[:-4], rows[-1]],
    }
    made.write(accounts, left[change])
    assert (made.night()[0], made.sources()[f"workbook:{BOOK_52}"]) == (0, "ok")
    assert made.reasons()["absent_from_workbook"] == (2 if change == "two left" else 3)


def of_many(root: Path) -> tuple[Service, list[Line], list[Line]]:
    """Region 52 has twenty people and two heads in its workbook; everybody agrees."""
    made = Service(root)
    accounts, rows = [account(who, ES_52) for who in STAFF], [row(who, ES_52) for who in STAFF]
    made.write(accounts, rows)
    assert made.night()[0] == 0
    return made, accounts, rows


def test_a_workbook_that_was_released_is_what_the_next_night_is_held_against(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows[:4])
    _, run = made.night()
    assert made.sources()[f"workbook:{BOOK_52}"] == "held"
    made.night("--release", run["run_id"])
    code, _ = made.night()
    assert (code, made.sources()[f"workbook:{BOOK_52}"], made.reasons()["absent_from_workbook"]) == (0, "ok", 3)


def test_a_workbook_that_is_being_written_is_read_once_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows)
    monkeypatch.setattr(steady, "QUIET", 0.6)
    lines = made.file(BOOK_52).read_bytes().splitlines(keepends=True)
    made.file(BOOK_52).write_bytes(lines[0])
    written = threading.Event()

    def copy() -> None:
        for line in lines[1:]:
            time.sleep(0.2)
            with made.file(BOOK_52).open("ab") as file:
                file.write(line)
        written.set()

    threading.Thread(target=copy).start()
    code, _ = made.night()
    assert (code, made.changeset()["changes"], written.is_set()) == (0, [], True)


def test_a_workbook_that_never_comes_to_rest_ends_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows[:-1])
    monkeypatch.setattr(steady, "QUIET", 0.2)
    monkeypatch.setattr(steady, "PATIENCE", 0.6)
    over = threading.Event()

    def touch() -> None:
        while not over.wait(0.02):
            made.file(BOOK_52).touch()

    touching = threading.Thread(target=touch)
    touching.start()
    code, _ = made.night()
    over.set()
    touching.join()
    assert (code, made.changeset()["changes"], made.sources()[f"workbook:{BOOK_52}"]) == (3, [], "held")
    assert "en cours d’écriture" in made.letters("ADMIN_EFIT")


# ── registers ────────────────────────────────────────────────────────────────────────────────────


def test_an_extract_cut_in_a_line_holds_the_night(service: Service) -> None:
    """No row is lost but the last, which is nobody's here: how it ends is all that tells."""
    strangers = [Person(900 + at, f"PASSANT-{at}", "Noé") for at in range(60)]
    leaving = [*ROWS[:-1], row(STAFF[-1], status="Parti")]
    service.write(ACCOUNTS, leaving, strangers)
    assert service.night()[0] == 0
    service.write(ACCOUNTS, leaving, strangers)
    (extract,) = service.folder.glob(f"rpps/PS_*_{service.day:%Y%m%d}*")
    extract.write_bytes(extract.read_bytes()[:-20])
    code, run = service.night()
    assert (code, [one["scope"] for one in run["held"]]) == (4, ["register.persons"])


@pytest.mark.parametrize(("glob", "source"), [("PS_*", "register.persons"), ("Porteurs*", "register.cards")])
@pytest.mark.parametrize("kept", [1, 10])
def test_an_extract_put_together_of_the_same_lines_again_holds_the_night_and_nobody_is_told_anything(
    service: Service, glob: str, source: str, kept: int
) -> None:
    """As many lines and bytes as ever: what is missing is people."""
    leaving = [*ROWS[:-1], row(STAFF[-1], status="Parti")]
    service.write(ACCOUNTS, leaving)
    assert service.night()[0] == 0
    service.write(ACCOUNTS, leaving)
    (extract,) = service.folder.glob(f"rpps/{glob}_{service.day:%Y%m%d}*")
    head, *lines = extract.read_bytes().splitlines(keepends=True)
    extract.write_bytes(head + b"".join((lines[:kept] * len(lines))[: len(lines)]))
    before = service.mails()
    code, run = service.night()
    assert (code, [one["scope"] for one in run["held"]]) == (4, [source])
    assert {who: count for who, count in service.mails().items() if who != "ADMIN_EFIT"} == {
        who: count for who, count in before.items() if who != "ADMIN_EFIT"
    }


def test_cards_whose_opposition_is_not_known_change_nothing_and_are_told(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write([account(who, card_expires_on="2027-05-31") for who in STAFF[:3]], ROWS[:3])
    (cards,) = made.folder.glob("rpps/Porteurs*")
    cards.write_text(cards.read_text(encoding="utf-8").replace("Date opposition", "Date d'oposition"), encoding="utf-8")
    code, run = made.night()
    assert (code, made.reasons(), made.sources()["register.cards"]) == (3, {}, "ok")
    assert "En-tête proche : Date d'oposition" in made.letters("ADMIN_EFIT").replace("\u00a0", " ")
    health = run["counts"]["health"]
    assert sum(one["ready"] for one in health.values()) == 0
    assert sum(one["unknown"] for one in health.values()) == 8
    made.write([account(who, card_expires_on="2027-05-31") for who in STAFF[:3]], ROWS[:3])
    assert made.night()[0] == 0
    assert made.reasons() == {"card_renewed": 3}


def test_a_night_played_again_does_not_tell_the_administrator_again(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows[:4])
    for _ in range(2):
        assert made.json("sync", "--as-of", made.day.isoformat())[0] == 3
    assert made.mails() == {"ADMIN_EFIT": 1}
