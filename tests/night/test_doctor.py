"""What is wrong with an installation, line by line, and the exit code that says how much of the night it costs."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from connectors.bytescan.lines import TextStream
from connectors.sources.first_line import check_opening
from flows.doctor.checkup import CHECKS, exit_code_of
from flows.installing.passwords import draw
from flows.settings.load import load_settings
from schemas.nomenclatures import messages
from schemas.reports.checkup import CheckVerdict, Finding
from tests.invented_nights import rewrite
from tests.night.installed import BOOK, TODAY, House, played
from tests.night.small import PERSONS


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = played(tmp_path_factory.mktemp("doctor") / "model")
    draw(load_settings(house.config), house.root / "passwords.toml", house.root / "slips", TODAY)
    return house


@pytest.fixture
def house(model: House, tmp_path: Path) -> House:
    shutil.copytree(model.root, tmp_path / "house")
    return House(tmp_path / "house")


@pytest.fixture(autouse=True)
def _nobody_elses_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_URL", "EFIT_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)


# ── the whole of it ──────────────────────────────────────────────────────────────────────────────


def test_an_installation_in_good_order_costs_nothing(house: House) -> None:
    code, found = house.diagnosis()
    assert code == 0
    assert set(found) <= {"clock", "fonts"}  # a machine of tests may live in another time zone, and lack Arial
    assert all(one["verdict"] == "warning" for each in found.values() for one in each)


def test_every_check_says_what_it_found_in_eighty_columns(house: House) -> None:
    code, text = house.doctor()
    assert code == 0
    assert all(len(line.rstrip()) <= 80 for line in text.splitlines()[1:])
    for check in CHECKS:
        assert messages()[f"doctor.check_{check.name}"] in text


def test_every_mistake_of_the_configuration_is_told_at_once(house: House) -> None:
    house.config.write_text('[annuaire]\nexprot = "x"\n[policy]\nremind_after_days = "souvent"\n', encoding="utf-8")
    code, found = house.diagnosis()
    assert code == 2
    told = " ".join(one["found"] for one in found["configuration"])
    assert "annuaire.exprot" in told
    assert "policy.remind_after_days" in told
    assert set(found) == {"configuration"}
    assert "✗ échec" in house.doctor()[1]


def test_every_secret_that_mails_lack_is_told_at_once(house: House) -> None:
    house.configure(smtp_url='"smtps://service@127.0.0.1:9"', mailbox='"imaps://service@127.0.0.1:9"')
    told = " ".join(one["found"] for one in house.diagnosis()[1]["mail"])
    assert "EFIT_MAIL__PASSWORD" in told
    assert "EFIT_MAIL__MAILBOX_PASSWORD" in told


def test_a_configuration_that_is_not_there_is_told(house: House) -> None:
    house.config.unlink()
    assert house.diagnosis()[0] == 2


def test_the_worst_of_several_failures_decides() -> None:
    failed, warned = Finding(CheckVerdict.FAILURE, "x"), Finding(CheckVerdict.WARNING, "x")
    assert exit_code_of([("workbook", failed), ("fonts", warned)]) == 3
    assert exit_code_of([("workbook", failed), ("store", failed)]) == 1
    assert exit_code_of([("store", failed), ("configuration", failed)]) == 2
    assert exit_code_of([("store", warned)]) == 0


# ── one thing goes wrong ─────────────────────────────────────────────────────────────────────────


def _aged(house: House) -> None:
    house.extract.rename(house.root / PERSONS.format(f"{TODAY - timedelta(days=9):%Y%m%d}"))


def _of_a_later_version(house: House) -> None:
    rewrite(house.store_url, "UPDATE annuaire_alembic_version SET version_num = 'store_9999'")


def _altered(house: House) -> None:
    rewrite(house.store_url, "UPDATE event SET note = 'autre' WHERE seq = 2")


def _damaged(house: House) -> None:
    rewrite(house.store_url, "UPDATE run SET software = software")
    path = house.root / "var" / "annuaire.db"
    for journal in path.parent.glob("annuaire.db-*"):
        journal.unlink()
    path.write_bytes(path.read_bytes()[:8192] + b"\xff" * 20000)


def _taken_by_a_file(house: House, name: str) -> None:
    shutil.rmtree(house.root / name)
    (house.root / name).touch()


@pytest.mark.parametrize(
    ("spoil", "check", "told", "code"),
    [
        (lambda house: house.extract.unlink(), "register", "aucun fichier ne correspond", 3),
        (lambda house: house.extract.write_bytes(b""), "register", "aucune ligne", 3),
        (lambda house: house.extract.write_bytes(b"a|b|c\n1|2|3\n"), "register", "Colonne introuvable", 3),
        (_aged, "register", "9 jours, pour 3 admis", 3),
        (lambda house: (house.root / BOOK).unlink(), "workbook", "introuvable", 3),
        (lambda house: (house.root / BOOK).write_text("Nom;Ville\nX;Y\n"), "workbook", "Colonne introuvable", 3),
        (lambda house: (house.root / "efit/export.csv").unlink(), "annuaire", "introuvable", 1),
        (lambda house: (house.root / "efit/export.csv").write_text("Nom\nX\n"), "annuaire", "Colonne", 1),
        (_of_a_later_version, "store", "version plus récente", 1),
        (_damaged, "store", "base du service", 1),
        (_altered, "store", "altéré à partir de l’évènement 2", 1),
        (lambda house: (house.root / "var/signing.key").unlink(), "key", "absente", 2),
        (lambda house: (house.root / "var/signing.key").write_text("courte"), "key", "moins de 32", 2),
        (lambda house: _taken_by_a_file(house, "out"), "outputs", "ne peut pas être écrit", 1),
        (lambda house: _taken_by_a_file(house, "var/outbox"), "mail", "ne peut pas être écrit", 1),
        (lambda house: house.configure(passwords_file='"nulle-part.toml"'), "mail", "nulle-part.toml", 1),
    ],
)
def test_what_went_wrong_is_found_and_costs_what_the_night_would(
    house: House, spoil: Callable[[House], object], check: str, told: str, code: int
) -> None:
    spoil(house)
    ended, found = house.diagnosis()
    assert ended == code
    failures = [(name, one) for name, each in found.items() for one in each if one["verdict"] == "failure"]
    # a lost key is also another installation than the one that was used here: both say what to do
    assert [name for name, _ in failures] == (["installation", check] if check == "key" else [check])
    assert told in failures[-1][1]["found"]


@pytest.mark.parametrize(
    ("spoil", "check", "told"),
    [
        (lambda house: house.configure(attachments='"plain"'), "mail", "en clair"),
        (lambda house: house.configure(sender='"x@example.org"'), "configuration", "adresse d’exemple"),
        (lambda house: house.configure(inbox='"retours"'), "outputs", "retours"),
        (lambda house: (house.root / BOOK).chmod(0o644), "rights", "1 fichier"),
        (lambda house: name_cluster(house), "cluster", "ne répond pas"),
    ],
)
def test_what_costs_the_night_nothing_is_a_warning(
    house: House, spoil: Callable[[House], object], check: str, told: str
) -> None:
    spoil(house)
    code, found = house.diagnosis()
    assert code == 0
    assert told in found[check][0]["found"]
    assert found[check][0]["todo"]


def name_cluster(house: House) -> None:
    """A cluster whose scheduler is not there, beside a store in a file."""
    with house.config.open("a", encoding="utf-8") as config:
        config.write('[orchestration]\ndask = "tcp://127.0.0.1:9"\n')


def test_a_cluster_wants_a_store_that_others_see(house: House) -> None:
    name_cluster(house)
    _, found = house.diagnosis()
    assert any("SQLite" in one["found"] for one in found["cluster"])


# ── the files, without reading them ──────────────────────────────────────────────────────────────


def test_of_an_extract_only_the_beginning_is_read(house: House) -> None:
    with house.extract.open("r+b") as file:
        file.truncate(3 << 30)  # three gigabytes that are nowhere on the disk
    read = TextStream.read
    with patch.object(TextStream, "read", autospec=True, side_effect=read) as reads:
        assert check_opening(house.extract, "register.persons", "register_persons") == ()
    assert reads.call_count == 1


def test_columns_that_are_new_to_us_are_a_warning(house: House) -> None:
    lines = house.extract.read_text(encoding="utf-8").splitlines()
    house.extract.write_text("\n".join([lines[0] + "|Signe astral", *(f"{line}|x" for line in lines[1:])]) + "\n")
    assert "Signe astral" in house.one("register", CheckVerdict.WARNING).found


def test_an_extract_of_tomorrow_says_that_the_clock_is_slow(house: House) -> None:
    house.extract.rename(house.root / PERSONS.format(f"{TODAY + timedelta(days=3):%Y%m%d}"))
    assert any("dans le futur de cette machine" in one.found for one in house.findings("clock"))


@pytest.mark.parametrize(
    ("name", "content", "verdict"),
    [
        ("stock.json", b'{"x": []}', CheckVerdict.OK),
        ("stock.csv", b"finess;etalab;94;2026-05-04\n", CheckVerdict.OK),
        ("stock.csv", b"nom;ville\n", CheckVerdict.FAILURE),
        ("stock.csv", b"", CheckVerdict.FAILURE),
    ],
)
def test_a_stock_of_establishments_is_known_by_its_beginning(
    house: House, name: str, content: bytes, verdict: CheckVerdict
) -> None:
    (house.root / "finess").mkdir()
    (house.root / "finess" / name).write_bytes(content)
    text = house.config.read_text(encoding="utf-8")
    house.config.write_text(text.replace("[register]", '[register]\nstructures = "finess/*"'), encoding="utf-8")
    [found] = [one for one in house.findings("register") if "FINESS" in one.subject]
    assert found.verdict is verdict


def test_an_annuaire_that_the_night_would_hold_is_no_ok(tmp_path: Path) -> None:
    """Half an export opens and has rows; the night would send nothing, and doctor says so."""
    house = played(tmp_path / "house")
    export = house.root / "efit" / "export.csv"
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
    found = house.one("annuaire", CheckVerdict.FAILURE)
    assert "semble tronqué" in found.found
    code, text = house.doctor()
    assert code == 4
    assert "La nuit serait retenue par un garde-fou" in text
