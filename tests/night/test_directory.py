"""The national directory as a source: beside the files, instead of them, and asked now; from a real FHIR server."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from stdnum import luhn

from connectors.web.directory import DirectoryLine
from flows.cli.app import run
from schemas.errors import FetchError
from schemas.reading.arrival import Address
from tests.fhir_server import KEY, National, activity, fhir_server, most_in_a_second, of_files, practitioner
from tests.mail_servers import Authority, new_authority
from tests.night.country import copy_country
from tests.patience import patient

DAY = "2026-11-22"
PERSONS, CARDS = "rpps/PS_LibreAcces_Personne_activite_202611210612.txt", "rpps/Porteurs_CPS_CPF_*.txt"
REGISTER_OF_FILES = ("persons = ", "cards = ", "adeli = ")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _our_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EFIT_DIRECTORY__API_KEY", KEY)


@dataclass
class Country:
    """The invented country, its directory, and the nights on it."""

    root: Path
    national: National
    authority: Authority

    @property
    def config(self) -> Path:
        return self.root / "annuaire.toml"

    def configure(self, *, files: bool) -> None:
        """With the directory; `files`: beside the national files, else instead of them."""
        text = self.config.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if files or not line.startswith(REGISTER_OF_FILES)]
        lines += ["[directory]", f'url = "{self.national.base}/fhir/v2"', f'ca_file = "{self.authority.file}"']
        self.config.write_text("\n".join(lines), encoding="utf-8")

    def command(self, *words: str) -> tuple[int, str, str]:
        out, err = StringIO(), StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", err):
            code = run([*words, "-c", str(self.config)])
        return code, out.getvalue(), err.getvalue()

    def night(self, *words: str) -> tuple[int, dict[str, Any]]:
        """(exit code, `changeset.json`)."""
        code, _, told = self.command("sync", "--as-of", DAY, "--dry-run", *words)
        assert "Traceback" not in told
        return code, json.loads((self.root / "out" / "changeset.json").read_text(encoding="utf-8"))


@pytest.fixture
def country(tmp_path: Path, authority: Authority) -> Iterator[Country]:
    root = copy_country(tmp_path)
    resources = of_files(root / PERSONS, max(root.glob(CARDS)))
    with fhir_server(National(resources), authority) as national:
        yield Country(root, national, authority)


@pytest.fixture(scope="module")
def by_files(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """`changeset.json` of the night on the files alone, as `country` has them before it is configured otherwise."""
    root = copy_country(tmp_path_factory.mktemp("files"))
    _, found = Country(root, National([]), authority).night()
    return found


def by_reason(changes: list[dict[str, Any]], *codes: str) -> set[tuple[str, str]]:
    return {
        (code, str(one["account_id"] or one["person"]["last_name"]))
        for one in changes
        for code in one["reasons"]
        if code in codes
    }


def source(changeset: dict[str, Any], name: str = "register.directory") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in changeset["sources"] if one["name"] == name)
    return found


ALIKE = ("card_expired", "card_expiring", "card_renewed", "identity_changed", "profession_changed", "adeli_to_rpps")


def test_a_night_on_the_directory_alone_finds_what_the_files_find_but_for_oppositions(
    country: Country, by_files: dict[str, Any]
) -> None:
    country.configure(files=False)
    code, alone = country.night()
    assert code in (0, 3)
    assert source(alone)["status"] == "ok"
    assert {one["name"] for one in alone["sources"]}.isdisjoint({"register.persons", "register.cards"})
    theirs, ours = by_reason(by_files["changes"], *ALIKE), by_reason(alone["changes"], *ALIKE)
    assert theirs - ours == {("card_expired", "EF0149")}  # an ADELI number, and these are of the RPPS alone
    assert ours - theirs == {("adeli_to_rpps", "EF0164")}  # its card still carries the old number: the files alone tell
    assert by_reason(by_files["changes"], "card_opposed")
    assert by_reason(alone["changes"], "card_opposed") == set()


def test_nobody_is_counted_in_order_whose_card_may_be_under_opposition(country: Country) -> None:
    country.configure(files=False)
    country.night()
    summary = json.loads((country.root / "out" / "run.json").read_text(encoding="utf-8"))
    text = (country.root / "out" / "unknown.csv").read_text(encoding="utf-8-sig")
    assert text.count(";opposition") > 100
    assert summary["status"] in ("complete", "partial")


def test_beside_whole_files_only_those_in_doubt_are_asked_for_and_no_line_of_theirs_is_replaced(
    country: Country, by_files: dict[str, Any]
) -> None:
    known = next(one for one in country.national.resources if one["resourceType"] == "Practitioner")
    known["name"][0]["family"] = "QUELQU'UN-D'AUTRE"
    country.configure(files=True)
    code, after = country.night()
    assert code in (0, 3)
    asked = {value for path in country.national.searched("Practitioner") for value in path.split(",")}
    assert 0 < len(asked) < 60
    assert "QUELQU'UN-D'AUTRE" not in json.dumps(after["changes"], ensure_ascii=False)
    kept = {one["id"] for one in by_files["changes"]} & {one["id"] for one in after["changes"]}
    assert len(kept) > 0.9 * len(by_files["changes"])


def test_where_the_holders_file_is_too_old_the_cards_come_from_the_directory(country: Country) -> None:
    text = country.config.read_text(encoding="utf-8").replace('cards = "rpps/', 'cards = "nulle-part/')
    country.config.write_text(text, encoding="utf-8")
    _, without = country.night()
    country.configure(files=True)
    code, found = country.night()
    assert code == 3
    assert source(found, "register.cards")["status"] == "failed"
    assert len(by_reason(found["changes"], "card_expired")) > len(by_reason(without["changes"], "card_expired"))
    assert {field["source"] for one in found["changes"] for field in one["fields"]} >= {"register.directory"}


@pytest.mark.parametrize(
    ("acts", "told"),
    [
        (["200x"], ""),
        (["404"], "404"),
        (["page"], "FHIR"),
        (["short"], "n’en donne que"),
        (["503:61"], "503"),
        (["429:50", "429:20"], "429"),
    ],
)
def test_a_page_that_does_not_come_leaves_the_files_as_they_are(
    country: Country, by_files: dict[str, Any], acts: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if acts == ["200x"]:  # a key that is not ours
        monkeypatch.setenv("EFIT_DIRECTORY__API_KEY", "une-autre")
        acts, told = [], "EFIT_DIRECTORY__API_KEY"
    country.national.acts = acts
    country.configure(files=True)
    with no_waiting():
        code, after = country.night()
    report = source(after)
    assert (code, report["status"]) == (3, "failed")
    assert told in report["message"]
    assert after["changes"] == by_files["changes"]


@pytest.mark.parametrize("act", ["moved", "drip"])
def test_a_server_that_sends_us_away_or_gives_a_byte_at_a_time_costs_its_source_alone(
    country: Country, by_files: dict[str, Any], act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.web.directory.LONGEST", 0.5)
    country.national.acts = [act] * 20
    country.configure(files=True)
    with no_waiting():
        code, after = country.night()
    assert (code, source(after)["status"]) == (3, "failed")
    assert after["changes"] == by_files["changes"]


@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY"])
def test_a_proxy_of_the_environment_that_is_none_is_named_by_every_command(
    country: Country, by_files: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    country.configure(files=True)
    monkeypatch.setenv(name, "socks5://moi:secret-p@127.0.0.1:1080" if name == "ALL_PROXY" else "bidule://x")
    code, after = country.night()
    assert (code, source(after)["status"]) == (3, "failed")
    assert name in source(after)["message"]
    assert after["changes"] == by_files["changes"]
    for words in (("explain", "EF0149", "--live", "--as-of", DAY), ("doctor",), ("status", "--as-of", DAY)):
        code, text, told = country.command(*words, "--json")
        assert "Traceback" not in told
        assert "secret-p" not in text + told
        assert words[0] == "status" or (code, name in text) == (3, True), text


def test_without_its_key_a_command_stops_and_names_it(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    country.configure(files=True)
    monkeypatch.delenv("EFIT_DIRECTORY__API_KEY")
    code, _, told = country.command("sync", "--as-of", DAY, "--dry-run")
    assert code == 2
    assert "EFIT_DIRECTORY__API_KEY" in told


def test_a_directory_that_stands_still_is_said_to_be_stale(country: Country) -> None:
    country.national.moment = "2026-11-01T02:00:00+01:00"
    country.configure(files=False)
    code, found = country.night()
    assert (code, source(found)["status"]) == (3, "stale")
    assert by_reason(found["changes"], "not_in_register") == set()
    assert "register.directory" not in {field["source"] for one in found["changes"] for field in one["fields"]}


def test_a_record_that_cannot_be_read_is_set_aside_and_nothing_is_concluded_of_its_person(country: Country) -> None:
    country.configure(files=False)
    _, before = country.night()
    there = {one["id"]: one for one in country.national.resources}
    alerts = [one for one in before["changes"] if "card_expired" in one["reasons"]]
    mine = next(one for one in alerts if f"003-{one['person']['national_id']}" in there)
    expired, spoilt = mine["account_id"], there[f"003-{mine['person']['national_id']}"]
    spoilt["name"] = [{"family": ["pas", "un", "nom"]}]
    code, after = country.night()
    assert code == 3
    assert source(after)["rows_rejected"] == 1
    assert [one for one in after["changes"] if one["account_id"] == expired and one["kind"] != "review"] == []
    assert ("not_in_register", expired) not in by_reason(after["changes"], "not_in_register")


@contextmanager
def no_waiting() -> Iterator[list[float]]:
    """Pauses are written down instead of being made."""
    slept: list[float] = []
    made = DirectoryLine.__init__

    def quick(self: DirectoryLine, *args: Any, **keys: Any) -> None:
        made(self, *args, **keys)
        self.sleep = slept.append

    with patch.object(DirectoryLine, "__init__", quick):
        yield slept


def a_line(national: National, authority: Authority, slept: list[float] | None = None) -> DirectoryLine:
    address = Address(f"{national.base}/fhir/v2", ca_file=str(authority.file), timeout=patient(5))
    return DirectoryLine(address, KEY, sleep=time.sleep if slept is None else slept.append)


PEOPLE = [practitioner(f"81000{at:07}", f"FICTIVE-{at}", "Ode") for at in range(120)]


def ids_of(pages: Any) -> list[str]:
    return [one["id"] for page in pages for one in page.of("Practitioner")]


def test_every_page_is_turned_no_faster_than_the_directory_allows(authority: Authority) -> None:
    with fhir_server(National(PEOPLE), authority) as national, a_line(national, authority) as line:
        wanted = ",".join(one["identifier"][0]["value"] for one in PEOPLE)
        for _ in range(3):
            assert len(set(ids_of(line.search("Practitioner", {"identifier": wanted, "_count": "10"})))) == 120
        moments = [moment for moment, _ in national.asked]
    assert len(moments) == 36
    assert most_in_a_second(moments) <= 17


def test_a_busy_server_is_waited_for_as_it_asks_else_one_two_and_four_seconds(authority: Authority) -> None:
    acts = ["429:7", "503", "cut", "429"]
    slept: list[float] = []
    with fhir_server(National(PEOPLE[:1], acts), authority) as national, a_line(national, authority, slept) as line:
        assert len(ids_of(line.search("Practitioner", {"_count": "10"}))) == 1
    assert [one for one in slept if one >= 0.5] == [7, 1, 2, 4]


def test_the_key_goes_to_the_configured_server_wherever_the_next_page_is_said_to_lie(authority: Authority) -> None:
    national = National(PEOPLE[:20], next_base="https://interne.annuaire.example:8443")
    with fhir_server(national, authority), a_line(national, authority) as line:
        assert len(ids_of(line.search("Practitioner", {"_count": "10"}))) == 20
    assert national.seen == {KEY}


@pytest.mark.parametrize("endless", ["same", "nobody"])
def test_pages_that_always_name_a_next_one_end_by_what_was_asked(authority: Authority, endless: str) -> None:
    national = National(PEOPLE[:2], endless=endless)
    with (
        fhir_server(national, authority),
        a_line(national, authority) as line,
        pytest.raises(FetchError, match="sans fin"),
    ):
        list(line.search("Practitioner", {"_count": "10"}))
    assert len(national.asked) <= 10


def test_a_server_of_another_authority_gets_no_key(authority: Authority, tmp_path: Path) -> None:
    stranger = new_authority(tmp_path)
    with fhir_server(National(PEOPLE[:1]), stranger) as national, a_line(national, authority) as line:
        with pytest.raises(FetchError, match="certificat"):
            list(line.search("Practitioner", {}))
        assert national.seen == set()


def test_explain_live_shows_what_the_directory_says_now(country: Country) -> None:
    country.configure(files=True)
    number = f"81000999999{luhn.calc_check_digit('1000999999')}"
    country.national.resources += [
        practitioner(number, "TOUTE-NEUVE", "Zélie", cards=[("CPS", "9990099999", "2026-11-01", "2029-10-31")]),
        *activity(number, "010000024"),
    ]
    code, text, _ = country.command("explain", number, "--live", "--as-of", DAY)
    assert code == 0
    assert "TOUTE-NEUVE" in text
    assert "31/10/2029" in text
    assert "opposition" in text
    code, text, _ = country.command("explain", number, "--live", "--as-of", DAY, "--json")
    [person, card] = json.loads(text)["live"]["sources"]
    assert (person["place"], card["place"]) == (number, "9990099999")
    assert "010000024" in person["values"]["function"]


@pytest.mark.parametrize(
    ("acts", "told", "waited"),
    [
        (["429:20"] * 20, "demande encore d’attendre (code 429)", 60),
        (["429"] * 20, "demande encore d’attendre (code 429)", 7),
        (["moved"] * 20, "renvoie à une autre adresse (code 302) : la clé n’y est pas donnée", 0),
        (["404"] * 20, "refuse (code 404). Vérifier « directory.url »", 0),
    ],
)
def test_explain_live_waits_a_minute_at_most_and_says_that_the_directory_did_not_answer(
    country: Country, acts: list[str], told: str, waited: int
) -> None:
    country.configure(files=True)
    country.national.acts = acts
    with no_waiting() as slept:
        code, text, progress = country.command("explain", "EF0149", "--live", "--as-of", DAY)
    assert (code, round(sum(slept))) == (3, waited)  # and between calls, the hundredths that keep the pace
    assert told in " ".join(text.replace("\u00a0", " ").split())
    assert ("nouvel essai dans" in progress) is bool(waited)


def test_explain_live_says_that_the_key_is_refused(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    country.configure(files=True)
    monkeypatch.setenv("EFIT_DIRECTORY__API_KEY", "une-autre")
    code, text, _ = country.command("explain", "EF0149", "--live", "--as-of", DAY)
    assert (code, "refuse la clé (code 401)" in text) == (3, True)


def test_one_record_is_one(authority: Authority) -> None:
    with (
        fhir_server(National(PEOPLE[:1], acts=["short"]), authority) as national,
        a_line(national, authority) as line,
        pytest.raises(FetchError, match="annonce 1 fiche et n’en donne que 0"),
    ):
        list(line.search("Practitioner", {}))


def test_a_server_that_stalls_is_waited_for_as_one_that_is_busy(authority: Authority) -> None:
    slept: list[float] = []
    with fhir_server(National(PEOPLE[:1], acts=["cut"] * 9), authority) as national:
        line = a_line(national, authority, slept)
        times = iter(range(0, 9000, 25))  # each look at the clock is 25 seconds later
        line.clock = lambda: float(next(times))
        with line, pytest.raises(FetchError):
            list(line.search("Practitioner", {}))
    assert len(national.asked) <= 2


def test_explain_live_without_a_directory_says_what_is_missing(country: Country) -> None:
    code, _, told = country.command("explain", "EF0149", "--live", "--as-of", DAY)
    assert (code, "[directory]" in told) == (2, True)


def test_doctor_says_whether_the_directory_answers_and_takes_the_key(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    country.configure(files=True)
    _, text, _ = country.command("doctor", "--json")
    [found] = [one for one in json.loads(text)["checks"] if one["check"] == "directory"]
    assert found["verdict"] == "ok"
    monkeypatch.setenv("EFIT_DIRECTORY__API_KEY", "une-autre")
    _, text, _ = country.command("doctor", "--json")
    [found] = [one for one in json.loads(text)["checks"] if one["check"] == "directory"]
    assert found["verdict"] == "failure"
    assert "une-autre" not in text
