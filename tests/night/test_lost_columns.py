"""Columns that were filled and are empty or gone tonight, in every source: nothing comes of it, nothing goes by it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

import pytest

from tests.night.commanded import BOOK_24, EXPORT, Service
from tests.spec.tables import ES, ES_52, OTHER_ES, Line, Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(12)]
ACCOUNTS = [account(who) for who in STAFF]
ROWS = [row(who, status="Actif") for who in STAFF]
OPPOSED, RENEWED = STAFF[:2], STAFF[2:4]
CARDS, PERSONS = "register.cards", "register.persons"


def spoil(path: Path, label: str, delimiter: str, value: Callable[[str], str] | None = None) -> None:
    """Empty a column, or (`value`) write another thing into each of its cells."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    at = head.split(delimiter).index(label)
    told = []
    for line in lines:
        cells = line.split(delimiter)
        cells[at] = value(cells[at]) if value else ""
        told.append(delimiter.join(cells))
    path.write_text("\n".join([head, *told]) + "\n", encoding="utf-8")


def rename(path: Path, label: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(label, "Colonne sans nom connu", 1), encoding="utf-8")


class Country(Service):
    """Two people with an opposed card, two with a renewed one; everybody else agrees."""

    def tonight(self, annuaire: list[Line] | None = None, rows: list[Line] | None = None) -> None:
        self.write(annuaire or ACCOUNTS, rows or ROWS)
        extract = self.extract("Porteurs")
        text = extract.read_text(encoding="utf-8")
        lines = text.splitlines()
        at = {label: place for place, label in enumerate(lines[0].split("|"))}
        for number, line in enumerate(lines):
            cells = line.split("|")
            if cells[at["Identification nationale PP"]] in {who.rpps for who in OPPOSED}:
                cells[at["Date opposition"]] = "2026-10-01"
            if cells[at["Identification nationale PP"]] in {who.rpps for who in RENEWED}:
                cells[at["Date fin validité"]] = "2029-05-31"
            lines[number] = "|".join(cells)
        extract.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def extract(self, name: str) -> Path:
        """Tonight's national file."""
        (found,) = self.folder.glob(f"rpps/{name}*_{self.day:%Y%m%d}*")
        return found

    def ids(self) -> set[str]:
        """Of the changes of the last night."""
        return {one["id"] for one in self.changeset()["changes"]}

    def told(self) -> str:
        """What the administrator has read."""
        return self.letters("ADMIN_EFIT").replace("\u00a0", " ").replace("’", "'")


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Country:
    """To be copied: after a night that all tests begin with."""
    made = Country(tmp_path_factory.mktemp("first") / "country")
    made.tonight()
    assert made.night()[0] == 0
    assert made.reasons() == {"card_opposed": 2, "card_renewed": 2}
    return made


@pytest.fixture
def country(first_night: Country, tmp_path: Path) -> Country:
    return first_night.moved(tmp_path)


def good_night(country: Country) -> None:
    """Everything is back: nobody hears anything twice."""
    mails = country.mails()["CRH_ST-24"]
    country.tonight()
    assert country.night()[0] == 0
    assert (country.reasons(), country.mails()["CRH_ST-24"]) == ({"card_opposed": 2, "card_renewed": 2}, mails)
    assert country.statuses() == {"notified": 4}


@pytest.mark.parametrize(
    "label", ["Date fin validité", "Date opposition", "Identifiant national contenu dans la carte"]
)
@pytest.mark.parametrize("how", ["emptied", "gone"])
def test_a_column_of_the_cards_that_is_lost_tells_nothing_and_takes_nothing_back(
    country: Country, label: str, how: str
) -> None:
    before = country.ids()
    country.tonight()
    extract = country.extract("Porteurs")
    spoil(extract, label, "|") if how == "emptied" else rename(extract, label)
    code, _ = country.night()
    assert (code, country.ids(), country.statuses()) == (3, before, {"notified": 4})
    assert country.mails()["CRH_ST-24"] == 1
    assert f"« {label} »" in country.told() or label in country.told()
    good_night(country)


@pytest.mark.parametrize("label", ["Nom d'exercice", "Prénom d'exercice", "Code profession", "Numéro FINESS site"])
def test_a_column_of_the_register_of_persons_that_is_lost_makes_no_line(country: Country, label: str) -> None:
    before = country.ids()
    country.tonight()
    spoil(country.extract("PS_"), label, "|")
    code, _ = country.night()
    assert (code, country.ids(), country.mails()["CRH_ST-24"]) == (3, before, 1)
    assert f"« {label} »" in country.told()
    good_night(country)


def test_a_column_that_is_lost_is_let_pass_once_somebody_has_looked(country: Country) -> None:
    country.tonight()
    spoil(country.extract("Porteurs"), "Date opposition", "|")
    code, run = country.night()
    assert [(one["scope"], one["what"]) for one in run["held"]] == [(CARDS, "column.opposed_on")]
    country.tonight()
    spoil(country.extract("Porteurs"), "Date opposition", "|")
    code, _ = country.night("--release", run["run_id"])
    assert (code, country.reasons()["card_opposed"]) == (0, 0)
    country.tonight()
    spoil(country.extract("Porteurs"), "Date opposition", "|")
    assert country.night()[0] == 0  # and it is what the next night is held against


def test_a_column_that_stays_lost_stays_unknown(country: Country) -> None:
    before = country.ids()
    for _ in range(2):
        country.tonight()
        spoil(country.extract("Porteurs"), "Date opposition", "|")
        assert (country.night()[0], country.ids()) == (3, before)


def test_oppositions_that_went_with_their_cards_are_no_lost_column(country: Country) -> None:
    country.tonight()
    extract = country.extract("Porteurs")
    lines = extract.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "2026-10-01" not in line]
    extract.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert "opposed_on" not in str(country.night()[1]["held"])


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────


def leaving() -> list[Line]:
    """Two leave who have an account, three are gone who never had one."""
    gone = [Person(300 + at, f"PARTIE-{chr(65 + at)}", "Lise") for at in range(3)]
    cells = [replace(one, cells={**one.cells, "status": "Parti"}) for one in ROWS[-2:]]
    return [*ROWS[:-2], *cells, *(row(who, status="Parti") for who in gone)]


@pytest.mark.parametrize("how", ["emptied", "gone"])
def test_leavers_are_given_no_access_because_the_status_is_lost(tmp_path: Path, how: str) -> None:
    made = Country(tmp_path)
    made.tonight(rows=leaving())
    made.night()
    before = made.ids()
    assert (made.reasons()["left"], made.reasons()["missing_account"]) == (2, 0)
    made.tonight(rows=leaving())
    spoil(made.file(BOOK_24), "Statut", ";") if how == "emptied" else rename(made.file(BOOK_24), "Statut")
    code, _ = made.night()
    assert (code, made.sources()[f"workbook:{BOOK_24}"]) == (3, "held")
    # The deactivations wait, and are shown to nobody meanwhile.
    assert made.reasons() == {"left": 2, "card_opposed": 2, "card_renewed": 2}
    assert made.mails()["CRH_ST-24"] == 1
    assert "« Statut »" in made.told()
    made.tonight(rows=leaving())
    assert (made.night()[0], made.ids(), made.mails()["CRH_ST-24"]) == (0, before, 1)


def test_who_stands_in_a_workbook_without_its_addresses_is_there_and_keeps_their_own(tmp_path: Path) -> None:
    made = Country(tmp_path)
    moved = [replace(ROWS[5], cells={**ROWS[5].cells, "email": "nouvelle@example.org"})]
    rows = [*ROWS[:5], *moved, *ROWS[6:]]
    made.tonight(rows=rows)
    made.night()
    before = made.ids()
    assert made.reasons()["contact_changed"] == 1
    made.tonight(rows=rows)
    spoil(made.file(BOOK_24), "Courriel", ";")
    assert (made.night()[0], made.ids(), made.mails()["CRH_ST-24"]) == (3, before, 1)
    assert "« Courriel »" in made.told()


def test_a_keeper_who_takes_over_the_rows_of_leavers_loses_no_column(tmp_path: Path) -> None:
    """« Parti » is all that the column ever says; the successors are written over the rows."""
    made = Country(tmp_path)
    plain = [row(who) for who in STAFF]
    gone = [Person(300 + at, f"PARTIE-{chr(65 + at)}", "Lise") for at in range(3)]
    made.tonight(rows=[*plain, *(row(who, status="Parti") for who in gone)])
    made.night()
    new = [Person(400 + at, f"VENUE-{chr(65 + at)}", "Max") for at in range(3)]
    made.tonight(rows=[*plain, *map(row, new)])
    code, _ = made.night()
    assert (code, made.sources()[f"workbook:{BOOK_24}"], made.reasons()["missing_account"]) == (0, "ok", 3)


# ── the annuaire ─────────────────────────────────────────────────────────────────────────────────

ANNUAIRE = [
    "Civilité",
    "Nom",
    "Prénom",
    "Profession",
    "Type de carte",
    "Date de fin de validité",
    "Courriel",
    "Téléphone",
    "Actif",
    "Type de structure",
    "Code structure",
    "Région sanitaire",
]


@pytest.mark.parametrize("label", ANNUAIRE)
def test_an_export_that_lost_a_column_holds_the_night(country: Country, label: str) -> None:
    before = country.ids()
    country.tonight()
    spoil(country.file(EXPORT), label, ";")
    code, _ = country.night()
    assert (code, country.ids(), country.mails()) == (4, before, {"CRH_ST-24": 1})
    (told,) = [one["message"] for one in country.changeset()["sources"] if one["name"] == "annuaire"]
    assert f"« {label} »".replace(" ", "") in told.replace("\u00a0", "").replace(" ", "")
    good_night(country)


def test_half_of_the_addresses_lost_is_a_lost_column_and_two_are_not(country: Country) -> None:
    without = [replace(one, cells={**one.cells, "email": ""}) for one in ACCOUNTS]
    country.tonight([*without[:2], *ACCOUNTS[2:]])
    assert country.night()[0] == 0
    country.tonight([*without[:8], *ACCOUNTS[8:]])
    assert country.night()[0] == 4


@pytest.mark.parametrize("label", ["Nom", "N° CPx", "Actif", "Fonction", "Code structure"])
def test_a_first_export_without_a_value_in_a_needed_column_is_not_believed(tmp_path: Path, label: str) -> None:
    made = Country(tmp_path)
    made.tonight()
    spoil(made.file(EXPORT), label, ";")
    code, _ = made.night()
    assert (code, made.mails(), made.sources()) == (4, {}, {"annuaire": "held"})


def test_first_cards_without_any_end_are_not_believed(tmp_path: Path) -> None:
    made = Country(tmp_path)
    made.tonight()
    spoil(made.extract("Porteurs"), "Date fin validité", "|")
    assert (made.night()[0], made.reasons(), made.sources()[CARDS]) == (3, {}, "failed")


# ── what nobody can read ─────────────────────────────────────────────────────────────────────────


def test_cards_of_which_no_row_can_be_read_are_not_used(country: Country) -> None:
    before = country.ids()
    country.tonight()
    spoil(country.extract("Porteurs"), "Date opposition", "|", lambda day: "OUI" if day else "NON")
    code, _ = country.night()
    assert (code, country.sources()[CARDS], country.ids()) == (3, "failed", before)
    good_night(country)


def test_a_workbook_of_which_no_row_can_be_read_is_not_used(country: Country) -> None:
    country.tonight()
    words = iter(ascii_lowercase)  # of one word for all of them the annuaire says what it means
    spoil(country.file(BOOK_24), "Fonction", ";", lambda _: f"Quelque chose {next(words)}")
    code, _ = country.night()
    assert (code, country.sources()[f"workbook:{BOOK_24}"]) == (3, "held")
    good_night(country)


# ── another file in its place ────────────────────────────────────────────────────────────────────


def test_another_regions_workbook_in_its_place_ends_nobody(country: Country) -> None:
    before = country.ids()
    country.tonight()
    country.file(BOOK_24).write_bytes(_of_52(country))
    code, _ = country.night()
    assert (code, country.sources()[f"workbook:{BOOK_24}"], country.ids()) == (3, "held", before)
    good_night(country)


def _of_52(country: Country) -> bytes:
    head, *lines = country.file(BOOK_24).read_text(encoding="utf-8").splitlines()
    away = [line.replace(ES, "52").replace(";ES;", ";Région sanitaire;") for line in lines]
    return "\n".join([head, *away]).encode() + b"\n"


def test_strangers_in_its_place_are_not_that_workbook_and_newcomers_are(tmp_path: Path) -> None:
    strangers = [Person(600 + at, f"INCONNUE-{chr(65 + at)}", "Lou") for at in range(12)]
    made = Country(tmp_path / "new")
    for _ in range(2):  # a young installation: nobody of them has an account yet
        made.tonight(ACCOUNTS[:1], [row(who) for who in strangers])
        assert made.night()[0] == 0
        assert made.sources()[f"workbook:{BOOK_24}"] == "ok"
    made = Country(tmp_path / "old")
    made.tonight()
    made.night()
    before = made.ids()
    made.tonight(rows=[row(who, OTHER_ES) for who in strangers])
    assert (made.night()[0], made.sources()[f"workbook:{BOOK_24}"], made.ids()) == (3, "held", before)


def test_an_export_of_the_annuaire_in_its_place_is_not_that_workbook(country: Country) -> None:
    before = country.ids()
    elsewhere = [account(Person(700 + at, f"LOINTAINE-{chr(65 + at)}", "Eva"), ES_52) for at in range(8)]
    country.tonight([*ACCOUNTS, *elsewhere], [*ROWS, *(row(one.who, ES_52) for one in elsewhere)])
    country.night()
    country.tonight([*ACCOUNTS, *elsewhere], [*ROWS, *(row(one.who, ES_52) for one in elsewhere)])
    country.file(BOOK_24).write_bytes(country.file(EXPORT).read_bytes())
    code, _ = country.night()
    assert (code, country.sources()[f"workbook:{BOOK_24}"], country.ids()) == (3, "held", before)


def test_fewer_strangers_in_its_place_bring_no_question_either(country: Country) -> None:
    """It has lost too many rows besides, and what stands in another workbook counts for nothing."""
    before = country.ids()
    country.tonight(rows=[row(Person(600 + at, f"INCONNUE-{chr(65 + at)}", "Lou"), OTHER_ES) for at in range(6)])
    assert (country.night()[0], country.ids()) == (3, before)
