"""`[[ets]]` and `[[region]]`: a reorganisation needs no release; `[[routing]]` that cannot work is refused."""

import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.excel.template import write_template
from flows.night.nightly import Night, run_night
from flows.orchestration.parallel.parts import Sealed, carry_out
from flows.run.request import Request
from flows.settings.load import load_settings
from flows.settings.model import Settings
from schemas.errors import ConfigurationError
from schemas.nomenclatures import ets_of, own_rows, region_of, regions, use_own_rows
from schemas.reports.dashboard import tiles
from tests.night.small import ADMIN, CARDS, PERSONS, Files, write_files
from tests.spec.tables import ASSISTANT, SITE, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
CHIEF = Person(301, "CHEFFE-FICTIVE", "Ada")
NURSE = Person(302, "NOUVELLE-FICTIVE", "Lia")
NORD = '[[ets]]\ncode = "ETS-NORD"\nname = "EFS Nord"\nregions = ["32"]\n'


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    use_own_rows({})


def written(root: Path, more: str) -> Path:
    """A configuration over the files of `country`, with this beside."""
    path = root / "annuaire.toml"
    path.write_text(
        f'[register]\npersons = "{PERSONS.format("*")}"\ncards = "{CARDS.format("*")}"\n'
        f'[[workbook]]\npath = "ets/nord.csv"\nets = "ETS-NORD"\n[annuaire]\nexport = "efit/export.csv"\n'
        f'[mail]\noutbox = "var/outbox"\nadmin = "{ADMIN}"\nattachments = "none"\n{more}',
        encoding="utf-8",
    )
    return path


def problems(root: Path, more: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(written(root, more))
    return [one.replace("\u00a0", " ") for one in refused.value.problems]


def in_the_nord(line: Line) -> Line:
    """The same person, under the new ETS."""
    told = {"structure_code": "ETS-NORD", "structure_name": "EFS Nord"} if line.cells["structure_code"] != SITE else {}
    return replace(line, cells={**line.cells, **told, "parent_code": "ETS-NORD"})


def country(root: Path) -> None:
    """A regional ETS that no shipped table has: its titulaire, a site, and somebody new there."""
    chief = in_the_nord(account(CHIEF, "ETS-CPDL", TITULAIRE))
    other = in_the_nord(account(replace(CHIEF, serial=303), SITE, TITULAIRE))
    rows = [in_the_nord(row(CHIEF, "ETS-CPDL", TITULAIRE)), row(NURSE, SITE, ASSISTANT)]
    rows.append(row(replace(CHIEF, serial=303), SITE, TITULAIRE))
    people = [CHIEF, NURSE, replace(CHIEF, serial=303)]
    files = Files(
        [chief, other], {"ets/nord.csv": rows}, [registered(one) for one in people], [card(p) for p in people]
    )
    write_files(root, files, DAY)


def night(settings: Settings, root: Path) -> Night:
    return run_night(settings, Request(DAY, root / "out"))


def test_an_ets_that_no_shipped_table_has_works_from_its_workbook_to_its_titulaires_mail(tmp_path: Path) -> None:
    country(tmp_path)
    found = night(load_settings(written(tmp_path, NORD)), tmp_path)
    assert found.exit_code == 0
    (made,) = [one for one in found.changeset.changes if one.kind == "create_account"]
    assert (made.updater.post, made.updater.scope, made.updater.recipients) == (
        "CHV_ST_ETS",
        "ETS-NORD",
        (CHIEF.email,),
    )
    assert (tmp_path / "out" / "reports" / "CHV_ST_ETS-ETS-NORD.xlsx").is_file()
    (mail,) = (tmp_path / "var" / "outbox").glob("CHV_ST_ETS-ETS-NORD-*.eml")
    assert CHIEF.email in mail.read_text(encoding="utf-8")


def test_without_its_block_the_nearest_known_is_named(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "")
    assert "ETS-NORD" in found
    assert "[[ets]]" in found


def test_the_night_is_of_its_own_configuration_whatever_other_was_read_since(tmp_path: Path) -> None:
    country(tmp_path)
    settings = load_settings(written(tmp_path, NORD))
    Settings.model_validate({"annuaire": {"export": "x.csv"}})  # another deployment, in the same process
    assert ets_of("ETS-NORD") == ""
    assert night(settings, tmp_path).exit_code == 0


def test_a_replaced_line_has_its_new_name_and_the_old_one_is_understood(tmp_path: Path) -> None:
    load_settings(written(tmp_path, NORD + '[[ets]]\ncode = "ETS-HFNO"\nname = "EFS Normandie"\nregions = ["28"]\n'))
    assert ets_of("EFS Hauts-de-France - Normandie") == ets_of("EFS Normandie") == "ETS-HFNO"
    assert ets_of("Nord") == "ETS-NORD"


def test_a_region_of_its_own_is_known_everywhere(tmp_path: Path) -> None:
    more = NORD + '[[region]]\ncode = "07"\nname = "Région d’Essai"\ndepartements = ["59"]\n'
    settings = load_settings(
        written(
            tmp_path,
            more
            + '[[delegation]]\npost = "CRH_ST-07"\nfrom = 2026-11-01\nuntil = 2026-11-30\nto = ["a@example.org"]\n',
        )
    )
    assert region_of("Région d'Essai") == region_of("7") == "07"
    assert regions()["07"] == "Région d’Essai"
    assert region_of("") == ""
    (tile,) = [one for one in tiles() if one["code"] == "07"]
    assert int(tile["row"]) > 9
    assert settings.delegation[0].post == "CRH_ST-07"
    write_template(tmp_path / "x.xlsx", region="07")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[ets]]\ncode = "nord"\nname = "EFS Nord"\n', "« nord »"),
        ('[[ets]]\ncode = "ETS-NORD"\nname = "EFS Nord"\nregions = ["33"]\n', "région « 33 » inconnue"),
        (NORD + NORD, "deux blocs"),
        ('[[ets]]\ncode = "ETS-NORD"\nname = "EFS Bretagne"\n', "ETS-BRET"),
        (NORD + '[[region]]\ncode = "Nord"\nname = "Région Nord"\n', "« Nord »"),
        (NORD + '[[region]]\ncode = "07"\nname = "Région Nord"\ndepartements = ["599"]\n', "« 59 »"),
        (NORD + '[[region]]\ncode = "07"\nname = "Bretagne"\n', "53"),
        (NORD + '[[region]]\ncode = "07"\nnom = "Région Nord"\n', "« name »"),
    ],
)
def test_a_block_that_cannot_be_meant_is_refused_in_french(tmp_path: Path, more: str, said: str) -> None:
    found = problems(tmp_path, more)
    assert any(said in one for one in found), found


def test_what_goes_to_another_machine_takes_the_deployments_lines_along() -> None:
    use_own_rows({"ets": [{"code": "ETS-NORD", "name": "EFS Nord"}]})
    shared, job = Sealed(None), Sealed("EFS Nord")
    use_own_rows({})  # another process, which has read no configuration
    assert ets_of("EFS Nord") == ""
    assert carry_out(lambda _, text: ets_of(text), *pickle.loads(pickle.dumps((shared, job)))) == "ETS-NORD"
    assert own_rows().keys() == {"ets"}


# ── [[routing]] ──────────────────────────────────────────────────────────────────────────────────


def route(updater: str, **words: str) -> str:
    lines = [f'{name} = "{text}"' for name, text in {**words, "updater": updater}.items()]
    return NORD + "[[routing]]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (route("CHV_ST_ETS", structure_type="ETS regionall"), "« ETS régional »"),
        (route("CRH_ST", function="Asistant"), "« Assistant »"),
        (route("CHV_ST_ETS", rank="Remplacent"), "« Remplaçant »"),
        (route("CRH-ST", function="Assistant"), "« CRH_ST »"),
        (route("CHV_ST_ETS", structure_type="ES"), "Possible pour : ETS régional, Site transfusionnel"),
        (route("CRH_ST", structure_type="ANSM"), "Possible pour"),
        (route("CRH_ST", function="Hémovigilant"), "Possible pour"),
        (route("ADMIN_EFIT", structure_type="ES", function="CRH-ST"), "ne sert jamais"),
        (route("ADMIN_EFIT", function="Assistant", rank="Titulaire"), "ne sert jamais"),
        (
            route("ADMIN_EFIT", structure_type="ES")
            + route("CRH_ST", structure_type="ES", function="Assistant")[len(NORD) :],
            "le bloc n° 2 ne sert jamais",
        ),
    ],
)
def test_a_route_that_cannot_work_is_refused_and_the_nearest_word_named(tmp_path: Path, more: str, said: str) -> None:
    found = problems(tmp_path, more)
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    "more",
    [
        route("ADMIN_EFIT", structure_type="ES"),
        route("CHV_ST_ETS", structure_type="ETS régional", rank="Remplaçant"),
        route("CRH_ST", structure_type="ETS régional", function="Assistant"),
        route("CHV_ST_ETS", function="assistante"),
        route("ADMIN_EFIT", structure_type="ES", function="CHV", rank="intérim"),
    ],
)
def test_a_route_that_works_is_taken(tmp_path: Path, more: str) -> None:
    assert len(load_settings(written(tmp_path, more)).routing) == 1
