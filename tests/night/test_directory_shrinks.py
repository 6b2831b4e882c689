"""The directory as the only register, night after night: an answer that lacks many is never « absent »."""

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.fhir_server import KEY, National, Resource, fhir_server, of_files
from tests.mail_servers import Authority
from tests.night.country import copy_country
from tests.night.test_directory import (
    CARDS,
    DAY,
    PERSONS,
    Country,
    _our_own_environment,
    authority,
    by_reason,
    country,
    source,
)

__all__ = ["_our_own_environment", "authority", "country"]
ABSENT = ("not_in_register", "card_missing")


def half_the_people(found: list[Resource]) -> list[Resource]:
    return [one for at, one in enumerate(found) if one["resourceType"] != "Practitioner" or at % 2]


def nobody(_: list[Resource]) -> list[Resource]:
    return []


def no_cards(found: list[Resource]) -> list[Resource]:
    return [{**one, "extension": []} if one["resourceType"] == "Practitioner" else one for one in found]


def no_places(found: list[Resource]) -> list[Resource]:
    return [one for one in found if one["resourceType"] == "Practitioner"]


def told(country: Country, *words: str) -> tuple[int, dict[str, Any]]:
    """A real night: (exit code, `changeset.json`)."""
    code, _, said = country.command("sync", "--as-of", DAY, *words)
    assert "Traceback" not in said
    assert code in (0, 3), said
    return code, json.loads((country.root / "out" / "changeset.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class FirstNight:
    """The country after a night on the whole directory, to be copied, and the changes of it."""

    country: Country
    whole: dict[str, Any]
    resources: list[Resource]

    def again(self, folder: Path) -> Country:
        """The same elsewhere, its directory whole."""
        national = self.country.national
        national.resources, national.acts = copy.deepcopy(self.resources), []
        shutil.copytree(self.country.root, folder)
        return Country(folder, national, self.country.authority)


@pytest.fixture(scope="module")
def first_night(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstNight]:
    root = copy_country(tmp_path_factory.mktemp("whole"))
    resources = of_files(root / PERSONS, max(root.glob(CARDS)))
    with pytest.MonkeyPatch.context() as patch, fhir_server(National(resources), authority) as national:
        patch.setenv("EFIT_DIRECTORY__API_KEY", KEY)
        made = Country(root, national, authority)
        made.configure(files=False)
        _, whole = told(made)
        assert source(whole)["status"] == "ok"
        yield FirstNight(made, whole, copy.deepcopy(resources))


SHRINKING = [half_the_people, nobody, no_cards, no_places]


@pytest.mark.parametrize("shrunk", SHRINKING)
def test_a_later_night_that_finds_far_fewer_is_held_and_nobody_is_absent_by_it(
    first_night: FirstNight, tmp_path: Path, shrunk: Callable[[list[Resource]], list[Resource]]
) -> None:
    country, whole = first_night.again(tmp_path / "country"), first_night.whole
    there, country.national.resources = country.national.resources, shrunk(copy.deepcopy(country.national.resources))
    code, cut = told(country)
    assert (code, source(cut)["status"]) == (3, "held")
    assert by_reason(cut["changes"], *ABSENT) <= by_reason(whole["changes"], *ABSENT)
    country.national.resources = there
    _, again = told(country)
    assert source(again)["status"] == "ok"
    assert {one["id"] for one in again["changes"]} == {one["id"] for one in whole["changes"]}


@pytest.mark.parametrize("shrunk", [half_the_people, nobody, no_cards])
def test_a_first_night_that_knows_few_of_the_accounts_is_held_until_it_is_released(
    country: Country, shrunk: Callable[[list[Resource]], list[Resource]]
) -> None:
    country.configure(files=False)
    country.national.resources = shrunk(country.national.resources)
    code, found = told(country)
    assert (code, source(found)["status"]) == (3, "held")
    assert by_reason(found["changes"], *ABSENT) == set()
    _, passed = told(country, "--release", found["run_id"])
    assert source(passed)["status"] == "ok"
    assert by_reason(passed["changes"], *ABSENT)
    _, after = told(country)
    assert source(after)["status"] == "ok"


def at_work(country: Country) -> list[str]:
    """The numbers of accounts whom the directory knows."""
    known = {
        one["identifier"][0]["value"] for one in country.national.resources if "name" in one and "identifier" in one
    }
    sheet = openpyxl.load_workbook(country.root / "efit/export.xlsx").worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    number, active = header.index("N° CPx"), header.index("Actif")
    return [str(row[number]) for row in rows if row[active] == "Oui" and str(row[number]) in known]


def test_one_person_who_is_struck_off_the_directory_is_believed(first_night: FirstNight, tmp_path: Path) -> None:
    country, whole = first_night.again(tmp_path / "country"), first_night.whole
    gone = at_work(country)[0]
    country.national.resources = [one for one in country.national.resources if one["id"] != f"003-{gone}"]
    _, after = told(country)
    assert source(after)["status"] == "ok"
    assert len(by_reason(after["changes"], "not_in_register") - by_reason(whole["changes"], "not_in_register")) == 1


def test_whom_only_the_directory_knew_is_not_absent_while_it_does_not_answer(country: Country) -> None:
    country.configure(files=True)
    gone = set(at_work(country)[:3])
    path = country.root / PERSONS
    rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(row for row in rows if row.split(b"|")[2].decode() not in gone))
    _, whole = told(country)
    there, country.national.resources = country.national.resources, []
    _, silent = told(country)
    assert source(silent)["status"] == "held"
    assert by_reason(silent["changes"], *ABSENT) <= by_reason(whole["changes"], *ABSENT)
    country.national.resources = there
    country.national.acts = ["404"]
    _, failed = told(country)
    assert source(failed)["status"] == "failed"
    assert by_reason(failed["changes"], *ABSENT) <= by_reason(whole["changes"], *ABSENT)
