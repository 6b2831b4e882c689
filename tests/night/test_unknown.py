"""Unknown is a state (contract §6a): what people read of nights that could not look at the cards."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from tests.night.country import TODAY, copy_country
from tests.night.played import Installation
from tests.night.surfaces import Surfaces, body, cells_of, page_text, spaced, surfaces

LATER = "2026-12-10"  # eighteen days after the extracts
ADMIN = "admin.efit@example.org"
# What nobody may say who does not know; a figure of a night that knew, with its date, is another thing.
CLAIMS = (
    "100 %",
    r"\b0 comptes? sans accès",
    "Aucun compte ne perd son accès",
    "Personne ne perd l'accès",
    "Aucun accès à e-FIT n'est menacé",
    "Aucun accès ne prend fin",
    "Chaque structure a un titulaire",
    "Aucune région n'appelle d'attention",
    "En ordre",
)
GREEN = re.compile(r'class="(?:tile|answer) [^"]*s-good|class="state s-good" data-value|#1f5f3a')


@pytest.fixture(scope="module")
def after_stale(first_night: Installation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Surfaces]:
    """The night of which the extracts are too old, after one that knew; to look at."""
    there = first_night.copy(tmp_path_factory.mktemp("stale") / "there")
    return there, surfaces(there, LATER)


@pytest.fixture(scope="module")
def stale(after_stale: tuple[Installation, Surfaces]) -> Surfaces:
    """What people read of it."""
    return after_stale[1]


def fresh(folder: Path) -> Installation:
    """Before its first night."""
    return Installation(copy_country(folder))


def without_cards(there: Installation) -> str:
    for path in (there.folder / "rpps").glob("Porteurs*"):
        path.unlink()
    return TODAY.isoformat()


def too_old(there: Installation) -> str:
    assert there.config.is_file()
    return LATER


def unconfigured(there: Installation) -> str:
    text = there.config.read_text(encoding="utf-8")
    there.config.write_text(re.sub(r"(?m)^(persons|cards|adeli|crosswalk|structures) = .*\n", "", text))
    return TODAY.isoformat()


def cards_unconfigured(there: Installation) -> str:
    text = there.config.read_text(encoding="utf-8")
    there.config.write_text(re.sub(r"(?m)^cards = .*\n", "", text))
    return TODAY.isoformat()


NIGHTS = [too_old, without_cards, unconfigured, cards_unconfigured]


@dataclass(frozen=True)
class FirstNights:
    """What a first night leaves that cannot look at the cards, each played once."""

    folder: Path
    played: dict[str, Surfaces] = field(default_factory=dict)

    def of(self, spoil: Callable[[Installation], str]) -> Surfaces:
        name = spoil.__name__
        if name not in self.played:
            there = fresh(self.folder / name)
            self.played[name] = surfaces(there, spoil(there))
        return self.played[name]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> FirstNights:
    return FirstNights(tmp_path_factory.mktemp("nights"))


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Surfaces]:
    """A first night that can look at everything, and what it leaves; to look at."""
    there = fresh(tmp_path_factory.mktemp("ordinary"))
    return there, surfaces(there, TODAY.isoformat())


@pytest.mark.parametrize("spoil", NIGHTS)
def test_no_surface_of_a_night_without_registers_claims_what_nobody_knows(
    nights: FirstNights, spoil: Callable[[Installation], str]
) -> None:
    night = nights.of(spoil)
    said = {where: text for where, text in night.texts() if any(re.search(claim, text) for claim in CLAIMS)}
    assert said == {}
    assert {name for name, text in night.pages.items() if GREEN.search(text)} == set()
    assert {to for to, mail in night.mails.items() if GREEN.search(body(mail, "html"))} == set()
    assert night.mails, "the administrator hears of it"


@pytest.mark.parametrize("spoil", NIGHTS)
def test_every_surface_of_it_says_that_it_is_unknown_or_declared(
    nights: FirstNights, spoil: Callable[[Installation], str]
) -> None:
    night = nights.of(spoil)
    word = "dates déclarées" if spoil is unconfigured else "inconnu"
    assert [where for where, text in night.texts() if word not in text] == []


def test_the_page_of_a_stale_night_says_how_much_is_unknown_why_and_what_was_known(stale: Surfaces) -> None:
    page = spaced(page_text(stale.pages["index.html"]))
    assert "comptes sur 152 est inconnu (registre périmé : 140, identité à vérifier : 5)" in page
    assert "Derniers chiffres connus, au 22/11/2026 : 12 sans accès" in page
    assert re.search(r"au moins 3 comptes sans accès aujourd'hui \(dernier chiffre connu : 12 au 22/11/2026\)", page)
    assert "comptes le perdant d'ici 30 jours : inconnu (dernier chiffre connu : 1 au 22/11/2026)" in page
    assert "57 inconnus sur 58" in page
    assert "Accès assurés inconnu depuis le 10/12/2026" in page


def test_a_tile_of_which_too_little_is_known_is_hatched_and_has_no_percentage(stale: Surfaces) -> None:
    tiles = re.findall(r'<li class="tile ([^"]*)">(.*?)</li>', stale.pages["index.html"], re.DOTALL)
    shown = {spaced(page_text(text)).strip(): style for style, text in tiles if "s-empty" not in style}
    assert len(shown) == 3
    assert all("hatched" in style for style in shown.values())
    assert not any("%" in text for text in shown)
    assert next(style for text, style in shown.items() if text.startswith("Île")).startswith("s-unknown")


def test_the_administrators_subject_names_the_cause_and_how_many(stale: Surfaces) -> None:
    subject = spaced(str(stale.mails[ADMIN]["Subject"]))
    assert subject == "Rappel e-FIT : registre périmé, 140 comptes non vérifiés"
    assert len(subject) <= 60


def test_the_subject_names_the_file_of_cards_where_that_alone_is_missing(nights: FirstNights) -> None:
    night = nights.of(without_cards)
    subject = spaced(str(night.mails[ADMIN]["Subject"]))
    assert subject == "e-FIT : fichier des cartes inutilisable, 140 non vérifiés"
    assert len(subject) <= 60


def test_an_updater_reads_in_one_sentence_that_the_figures_are_partly_unknown(stale: Surfaces) -> None:
    [mail] = [one for one in stale.mails.values() if "région 24" in spaced(str(one["Subject"]))]
    text = spaced(body(mail, "plain"))
    assert text.startswith("D'après ce qui est connu : au moins 1 personne ne peut plus se connecter ; ")
    assert "Les registres reçus sont trop anciens (" in text, "why, in words of whoever cannot mend it"
    assert "rien à faire de votre part." in text
    assert "accès non vérifiés" in spaced(str(mail["Subject"]))
    assert (
        "Des 30 comptes que vous tenez à jour, 27 ont un accès inconnu (registre périmé) : les accès perdus ou "
        "menacés indiqués ici ne sont qu'un minimum. Derniers chiffres connus, au 22/11/2026 : 1 sans accès"
    ) in text
    assert "- Inconnu : 27" in text
    assert "- Déjà sans accès : 1" in text


def test_the_first_sheet_counts_the_unknown_beside_the_lost(after_stale: tuple[Installation, Surfaces]) -> None:
    there, _ = after_stale
    rows = cells_of(there.reports / "CRH_ST-24.xlsx")
    assert next(row for row in rows if row[0] == "Quand")[:2] == ["Quand", "Comptes"]
    assert ["Inconnu", 27] in [row[:2] for row in rows]
    texts = [str(cell) for row in rows for cell in row]
    assert texts.count("inconnu") == 14, "the weeks of the picture, of which nobody knows"
    chart = openpyxl.load_workbook(there.reports / "CRH_ST-24.xlsx")["Synthèse"]._charts[0]  # type: ignore[attr-defined]
    point = chart.series[0].dPt[-1]
    assert point.spPr.pattFill is not None, "unknown is hatched"


def test_status_shows_what_is_known_in_eighty_columns_and_in_json(stale: Surfaces) -> None:
    assert max(map(len, stale.status.splitlines())) <= 80
    lines = {line.split("  ")[0]: line.split() for line in stale.status.splitlines()}
    assert lines["déjà perdus"][2:] == ["≥", "1", "?", "≥", "1", "≥", "1", "≥", "3"]
    assert lines["inconnus"][-1] == "145"
    assert "Derniers chiffres connus, au 22/11/2026" in spaced(stale.status)
    known = stale.known["known"]
    assert (known["accounts"], known["known"], known["unknown"]) == (152, 7, 145)
    assert known["because"] == {"unread": 140, "doubt": 5}
    assert known["lost"] == {"value": 3, "at_least": True, "last_known": {"count": 12, "day": "2026-11-22"}}
    assert known["ending"] == {"value": None, "at_least": True, "last_known": {"count": 1, "day": "2026-11-22"}}
    paris = next(one for one in stale.known["access"] if one["region"] == "11")
    assert (paris["lost"], paris["unknown"], paris["enough"]) == (None, 57, False)


def test_run_json_counts_the_known_and_the_unknown(stale: Surfaces) -> None:
    counts = stale.run["counts"]
    assert counts["access"] == stale.known["known"]
    assert counts["health"]["24"]["unknown"] == 34
    assert counts["health"]["24"]["because"] == {"unread": 34}
    assert counts["health"]["11"]["lost"] is None
    assert all(one["at_least"]["lost"] for one in counts["health"].values() if one["unknown"])
    assert all(one["at_least"] for one in stale.known["access"])
    assert counts["updaters"]["CRH_ST 24"]["unknown"] == 27


def test_who_is_unknown_is_listed_by_account(after_stale: tuple[Installation, Surfaces]) -> None:
    there, night = after_stale
    path = there.folder / "out" / "unknown.csv"
    heading, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert heading == "account_id;region;updater;cause"
    assert len(lines) == night.run["counts"]["access"]["unknown"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_first_night_without_registers_has_never_known(nights: FirstNights) -> None:
    night = nights.of(too_old)
    assert "Jusqu'ici, il n'a jamais été connu." in spaced(page_text(night.pages["index.html"]))
    assert "inconnu (jamais connu)" in spaced(page_text(night.pages["index.html"]))
    assert night.run["counts"]["access"]["lost"]["last_known"] is None


def test_the_night_after_knows_again_and_remembers_nothing(tmp_path: Path) -> None:
    there = fresh(tmp_path)
    kept = {path: path.rename(path.with_suffix(".away")) for path in (there.folder / "rpps").glob("Porteurs*")}
    surfaces(there, TODAY.isoformat())
    for path, away in kept.items():
        away.rename(path)
    night = surfaces(there, "2026-11-23")
    page = spaced(page_text(night.pages["index.html"]))
    assert "dernier chiffre connu" not in page
    assert night.run["counts"]["access"]["lost"]["last_known"] is None
    assert night.run["counts"]["access"]["known"] == 147


def accounts_with_access(there: Installation) -> set[str]:
    """The numbers of the annuaire that no alert and no doubt is about."""
    book = openpyxl.load_workbook(there.folder / "efit" / "export.xlsx").active
    assert book is not None
    heading, *rows = book.iter_rows(values_only=True)
    number, active = heading.index("N° CPx"), heading.index("Actif")
    told = {change["person"]["national_id"] for change in there.changeset()["changes"]}
    return {str(row[number]) for row in rows if row[active] == "Oui"} - told


def test_an_unread_line_of_the_register_makes_one_account_unknown(
    ordinary: tuple[Installation, Surfaces], tmp_path: Path
) -> None:
    there = fresh(tmp_path)
    [path] = (there.folder / "rpps").glob("Porteurs*")
    lines = path.read_text(encoding="iso-8859-1").splitlines(keepends=True)
    other, before = ordinary
    ready = accounts_with_access(other)
    at = next(number for number, line in enumerate(lines) if line.split("|")[2] in ready)
    lines[at] = re.sub(r"\d{4}-\d\d-\d\d", "9999-99-99", lines[at])
    path.write_text("".join(lines), encoding="iso-8859-1")
    night = surfaces(there, TODAY.isoformat())
    assert night.run["counts"]["access"]["unknown"] == before.run["counts"]["access"]["unknown"] + 1
    assert night.run["counts"]["access"]["because"]["row"] == 1
    assert "ligne illisible du registre" in spaced(page_text(night.pages["index.html"]))


def test_an_ordinary_night_says_of_how_many_its_figures_are(ordinary: tuple[Installation, Surfaces]) -> None:
    _, night = ordinary
    page = spaced(page_text(night.pages["index.html"]))
    assert re.search(r"\d+(,\d)? % \(\d+ sur \d+\)", page)
    assert "hatched" not in re.sub(r"<style.*?</style>", "", night.pages["index.html"], flags=re.DOTALL)
    assert str(night.mails[ADMIN]["Subject"]).startswith("e-FIT administration")
    assert "non vérifiés" not in str(night.mails[ADMIN]["Subject"])


def test_one_loss_of_access_has_one_date_everywhere(first_night: Installation, tmp_path: Path) -> None:
    """A card valid until 12/12/2026: the access is lost on 13/12, on the page, in the sheet and in the mail."""
    there = first_night.copy(tmp_path / "there")
    night = surfaces(there, "2026-11-23")
    page = spaced(page_text(night.pages["index.html"]))
    assert "le perdra d'ici 30 jours, le 13/12/2026" in page
    sheet = openpyxl.load_workbook(there.reports / "ADMIN_EFIT.xlsx")["Cartes"]
    text = spaced("\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None))
    assert "valable jusqu'au 12/12/2026 inclus" in text
    assert "accès perdu le 13/12/2026" in text
    assert "2026-12-13" in text, "the column « Accès perdu le »"
    shown = spaced(night.sheets["ADMIN_EFIT"])
    assert "perdra son accès le 13/12/2026" in shown
    assert "12/12/2026" not in shown + page
