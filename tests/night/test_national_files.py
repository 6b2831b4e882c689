"""National files as they come, renamed, archived twice, with their own correspondence: what happens to people."""

import json
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.jobs.delta import play_delta
from flows.jobs.validate import validate_file
from flows.looking.validate_extract import Listener
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from flows.settings.model import Settings
from schemas.changes.change import Change
from schemas.reading.source import contract
from tests.night.small import CARDS, PERSONS, Files, settings_of, write_files
from tests.spec.tables import CRH, ES, TITULAIRE, Person, account, adeli, card, registered, row

DAY = date(2026, 11, 22)
STAMP = f"{DAY:%Y%m%d}"
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
WRONG_KEY = "0459900008"  # an ADELI number whose key fails, as in a file of the ANS itself


def country(number: str = CHV.number, *, name: str = CHV.last_name) -> Files:
    people = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE)]
    accounts = [account(*place) for place in people]
    accounts[1] = replace(accounts[1], cells={**accounts[1].cells, "cpx_number": number, "last_name": name})
    lines = [row(*place) for place in people]
    lines[1] = replace(lines[1], cells={**lines[1].cells, "cpx_number": number, "last_name": name})
    known = [registered(who) for who, _, _ in people]
    return Files(accounts, {"regions/24.csv": lines}, known, [card(who) for who, _, _ in people])


def settings(root: Path, **register: str) -> Settings:
    found = settings_of(root)
    known = found.register_.model_copy(update=register)
    return found.model_copy(update={"workbook": found.workbook[:1], "register_": known}).at(root)


def night(root: Path, files: Files, **register: str) -> Night:
    write_files(root, files, DAY)
    return run_night(settings(root, **register), Request(DAY, root / "out"))


def told(found: Night) -> list[tuple[str, ...]]:
    return sorted((one.person.last_name, *one.reasons) for one in found.changeset.changes)


def number_after(change: Change) -> str | None:
    return next((one.after for one in change.fields if one.field == "cpx_number"), None)


def replaced(path: Path, *words: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in words:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


# ── correspondences ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "others", ["{adeli},ADELI,1", "{rpps},RPPS,1;{adeli},ADELI,1", "{rpps},RPPS,1 {short}, ADELI ,2", "{short},adeli,0"]
)
def test_an_extract_that_carries_the_correspondence_replaces_an_adeli_number(tmp_path: Path, others: str) -> None:
    old = adeli(7)
    files = country(old, name="AUTREFOIS")  # another name: nothing but the number leads to her
    cell = others.format(adeli=old, short=old[1:], rpps=CHV.rpps)
    lia = registered(CHV, other_ids=cell)
    found = night(tmp_path, replace(files, persons=[registered(HOLDER), lia]))
    [change] = [one for one in found.changeset.changes if "adeli_to_rpps" in one.reasons]
    assert (number_after(change), change.severity, change.account_id) == (CHV.rpps, "access", CHV.account_id)
    assert not [one for one in found.changeset.changes if "card_missing" in one.reasons]


def test_an_adeli_number_that_no_row_carries_leads_nowhere(tmp_path: Path) -> None:
    files = country(adeli(7), name="AUTREFOIS")
    lia = registered(CHV, other_ids=f"{adeli(8)},ADELI,1")
    found = night(tmp_path, replace(files, persons=[registered(HOLDER), lia]))
    assert not [one for one in found.changeset.changes if "adeli_to_rpps" in one.reasons]


@pytest.mark.parametrize("typed", [WRONG_KEY, WRONG_KEY[1:], f"{WRONG_KEY[:4]} {WRONG_KEY[4:]}"])
def test_an_official_correspondence_whose_key_fails_is_believed_and_noted(tmp_path: Path, typed: str) -> None:
    (tmp_path / "c.csv").write_text(f"N° ADELI;N° RPPS\r\n{WRONG_KEY[1:]};{CHV.rpps[1:]}\r\n", encoding="latin-1")
    found = night(tmp_path, country(typed), crosswalk="c.csv")
    [change] = [one for one in found.changeset.changes if "adeli_to_rpps" in one.reasons]
    assert number_after(change) == CHV.rpps
    assert told(found) == [(CHV.last_name, "adeli_to_rpps")]
    said = [one.message for one in found.changeset.rejects if one.code == "CPX_KEY"]
    assert any("suivie telle quelle" in one for one in said)
    assert not any("faute de frappe" in one for one in said)


def test_a_wrong_key_that_no_official_file_has_is_still_a_slip(tmp_path: Path) -> None:
    found = night(tmp_path, country(WRONG_KEY[1:]))
    assert any("faute de frappe" in one.message for one in found.changeset.rejects)
    assert not [one for one in found.changeset.changes if "adeli_to_rpps" in one.reasons]


def test_a_line_of_a_correspondence_that_holds_no_numbers_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(f"N° ADELI;N° RPPS\n{WRONG_KEY[1:]};{CHV.rpps[1:]}\nABC;{CHV.rpps[1:]}\n", encoding="utf-8")
    verdict = validate_file(path, None, Listener(lambda *_: None))
    assert (verdict.report.rows_accepted, verdict.report.rows_rejected) == (1, 1)
    assert dict(verdict.counts) == {"CPX_KEY": 1, "CPX_FORMAT": 1}


# ── cards ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "written", ["2026-12-31 23:59:59", "2026-12-31T23:59:59+01:00", "31/12/2026 00:00", "20261231235959", "2026/12/31"]
)
def test_a_card_whose_end_has_a_time_is_announced_for_its_day(tmp_path: Path, written: str) -> None:
    files = country()
    ending = replace(card(CHV), cells={**card(CHV).cells, "ends_on": written})
    found = night(tmp_path, replace(files, cards=[card(HOLDER), ending]))
    assert (CHV.last_name, "card_expiring") in told(found)
    assert not found.changeset.rejects


@pytest.mark.parametrize(
    "names",
    [
        ("Numéro de carte", "Identifiant contenu dans la carte", "Date de début", "Date de fin", "Date d'opposition"),
        (
            "numero_carte",
            "identifiant_national_contenu_dans_la_carte",
            "date_debut_validite",
            "date_fin_validite",
            "date_opposition",
        ),
        (
            "N° CARTE",
            "IDENTIFIANT NATIONAL CONTENU DANS LA CARTE",
            "DATE DÉBUT",
            "DATE D’EXPIRATION",
            "DATE OPPOSITION",
        ),
    ],
)
def test_renamed_columns_of_the_cards_cost_nothing(tmp_path: Path, names: Sequence[str]) -> None:
    files = country()
    write_files(tmp_path, replace(files, cards=[card(HOLDER), card(CHV, "2026-12-31")]), DAY)
    columns = contract("register_cards").columns
    official = [columns[name].labels[0] for name in ("serial", "content_id", "starts_on", "ends_on", "opposed_on")]
    replaced(tmp_path / CARDS.format(STAMP), *zip(official, names, strict=True))
    found = run_night(settings(tmp_path), Request(DAY, tmp_path / "out"))
    assert found.exit_code == 0
    assert (CHV.last_name, "card_expiring") in told(found)


def test_headers_of_september_2026_are_nothing_new() -> None:
    rules = contract("register_persons")
    header = [one.labels[0] for one in rules.columns.values()]
    renamed = {
        "Code rôle": "Code fonction",
        "Code genre activité": "Code genre d'activité",
        "Code Département (structure)": "Code département (coord. Structure)",
    }
    found, missing = rules.positions([renamed.get(label, label) for label in header])
    assert (len(found), missing) == (len(header), [])


# ── archives and names ───────────────────────────────────────────────────────────────────────────


def archive(root: Path, members: Mapping[str, str]) -> None:
    for path in root.glob("rpps/PS_*"):
        path.unlink()
    with zipfile.ZipFile(root / f"rpps/PS_LibreAcces_{STAMP}0700.zip", "w") as found:
        for name, text in members.items():
            found.writestr(name, text)


def archived(root: Path, names: Sequence[str]) -> Night:
    """The newest last: it has both persons, the others lack Lia."""
    write_files(root, country(), DAY)
    whole = (root / PERSONS.format(STAMP)).read_text(encoding="utf-8")
    part = "\n".join(line for line in whole.splitlines() if CHV.rpps not in line) + "\n"
    texts = [part + "\n" * at for at in range(len(names) - 1)]
    archive(root, dict(zip(names, [*texts, whole], strict=True)))
    chosen = settings(root, persons="rpps/PS_LibreAcces_*.zip")
    return run_night(chosen, Request(DAY, root / "out"))


def test_of_two_texts_in_an_archive_the_newest_by_its_name_is_read_and_that_is_said(tmp_path: Path) -> None:
    found = archived(tmp_path, ["PS_Personne_activite_202611210612.txt", "PS_Personne_activite_202611220612.txt"])
    assert told(found) == []
    [persons] = [one for one in found.changeset.sources if one.name == "register.persons"]
    assert persons.status == "ok"
    notes = json.dumps(found.summary, ensure_ascii=False)
    assert "PS_Personne_activite_202611220612.txt » est lu" in notes.replace("\xa0", " ")


@pytest.mark.parametrize(
    "names", [["a.txt", "b.txt"], ["x/P_202611220612.txt", "y/P_202611220612.txt"], ["P_202611220612.txt", "P.txt"]]
)
def test_two_texts_that_may_both_be_meant_are_refused_with_both_names(tmp_path: Path, names: Sequence[str]) -> None:
    found = archived(tmp_path, names)
    [persons] = [one for one in found.changeset.sources if one.name == "register.persons"]
    assert persons.status == "failed"
    assert all(name in persons.message for name in names)
    assert told(found) == []


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_a_name_with_accents_is_found_however_they_are_written(tmp_path: Path, written: str, asked: str) -> None:
    write_files(tmp_path, country(), DAY)
    folder = tmp_path / unicodedata.normalize(written, "délégués")  # type: ignore[arg-type]
    (tmp_path / "rpps").rename(folder)
    (tmp_path / "regions/24.csv").rename(folder / unicodedata.normalize(written, "Île.csv"))  # type: ignore[arg-type]
    names = {
        name: unicodedata.normalize(asked, f"délégués/{pattern}")  # type: ignore[arg-type]
        for name, pattern in (("persons", "PS_*"), ("cards", "Porteurs*"))
    }
    chosen = settings(tmp_path, **names)
    book = chosen.workbook[0].model_copy(update={"path": unicodedata.normalize(asked, "délégués/Île.csv")})  # type: ignore[arg-type]
    chosen = chosen.model_copy(update={"workbook": (book,)}).at(tmp_path)
    found = run_night(chosen, Request(DAY, tmp_path / "out"))
    assert (found.exit_code, told(found)) == (0, [])


# ── establishments ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("closing", "state", "closed"),
    [("2026-11-22", "A", True), ("2026-11-23", "A", False), ("2027-01-31", "I", False), ("", "I", True)],
)
def test_an_establishment_is_closed_from_its_closing_date_on(
    tmp_path: Path, closing: str, state: str, closed: bool
) -> None:
    dates = {"dateFermeture": closing} if closing else {}
    site = {"informationsGeneralesEGE": {"numFinessEge": ES, "nomEgeLong": "CH", **dates}, "etatObjet": state}
    stock = {"pmej": [{"informationsGeneralesPMEJ": {"numFinessPm": ES}, "ege": [site]}]}
    (tmp_path / "stock.json").write_text(json.dumps(stock), encoding="utf-8")
    found = night(tmp_path, country(), structures="stock.json")
    assert any("structure_closed" in one.reasons for one in found.changeset.changes) == closed


# ── content ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.json", "a.xlsx", "a.zip.old", "a"])
@pytest.mark.parametrize("kind", ["registre RPPS", "fichier des porteurs de cartes", "annuaire e-FIT", "classeur"])
def test_a_file_is_judged_by_what_is_in_it_whatever_its_name(tmp_path: Path, name: str, kind: str) -> None:
    write_files(tmp_path, country(), DAY)
    written = {
        "registre RPPS": PERSONS.format(STAMP),
        "fichier des porteurs de cartes": CARDS.format(STAMP),
        "annuaire e-FIT": "efit/export.csv",
        "classeur": "regions/24.csv",
    }
    path = tmp_path / name
    path.write_bytes((tmp_path / written[kind]).read_bytes())
    verdict = validate_file(path, None, Listener(lambda *_: None))
    assert verdict.kind.startswith(kind)
    assert (verdict.report.rows_accepted, verdict.report.rows_rejected) == (2, 0)


# ── delta ────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_is_called_the_same_whose_rows_were_all_unreadable_on_one_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(tmp_path, country(), DAY)
    old = tmp_path / PERSONS.format(STAMP)
    new = tmp_path / "new.txt"
    lines = old.read_text(encoding="utf-8").splitlines()
    new.write_text("\n".join(line + "|" if CHV.rpps in line else line for line in lines) + "\n", encoding="utf-8")
    assert play_delta(old, new, None, as_json=False) == 0
    said = capsys.readouterr().out
    assert "mêmes personnes" not in said
    assert "1 personne laissée de côté" in said
