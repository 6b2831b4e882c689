"""Files come in whole or not at all, from a real HTTPS server with an authority of its own that does all it can."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from flows.cli.app import run
from flows.fetching.bring_in import bring_in
from flows.settings.load import load_settings
from schemas.reading.arrival import Brought
from tests.file_servers import HOST, ZIP_NAME, Shelf, file_server, proxy, zipped
from tests.mail_servers import Authority, new_authority
from tests.night.installed import TODAY, House, unplayed
from tests.patience import patient

OF_THE_DAY = f"PS_LibreAcces_{TODAY:%Y%m%d}0824.zip"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Post:
    """An installation that fetches from a server; it does not sleep, and says how long it would have."""

    root: Path
    shelf: Shelf
    authority: Authority
    keys: dict[str, str] = field(default_factory=dict)
    slept: list[float] = field(default_factory=list)
    told: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.root / "annuaire.toml"

    @property
    def folder(self) -> Path:
        return self.root / "rpps"

    @property
    def files(self) -> list[str]:
        """What lies in the folder, our own notes aside."""
        return sorted(one.name for one in self.folder.glob("*") if one.name not in (".fetch.json", ".fetch.lock"))

    @property
    def left(self) -> list[str]:
        return sorted(one.name for one in self.folder.glob(".*") if one.name not in (".fetch.json", ".fetch.lock"))

    def configure(self, **keys: str) -> None:
        self.keys |= keys
        lines = {
            "name": '"register.persons"',
            "url": f'"{self.shelf.url}"',
            "into": '"rpps"',
            "ca_file": f'"{self.authority.file}"',
            "timeout": f"{patient(5)}",
            **self.keys,
        }
        self.config.write_text(
            '[register]\npersons = "rpps/PS_LibreAcces*"\n[annuaire]\nexport = "efit/export.csv"\n[[fetch]]\n'
            + "".join(f"{key} = {value}\n" for key, value in lines.items() if value),
            encoding="utf-8",
        )

    def fetch(self, **keys: str) -> Brought:
        """Once, without waiting."""
        self.configure(**keys)
        settings = load_settings(self.config)
        [found] = bring_in(settings, settings.fetch, lambda *told: self.told.append(told), sleep=self.slept.append)
        return found

    def command(self, *words: str) -> tuple[int, str, str]:
        """(exit code, stdout, stderr)."""
        out, told = StringIO(), StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", told):
            code = run(["fetch", "-c", str(self.config), *words])
        return code, out.getvalue(), told.getvalue()


@pytest.fixture
def post(tmp_path: Path, authority: Authority) -> Iterator[Post]:
    with file_server(Shelf(zipped(personnes=2000, savoirfaire=500)), authority) as shelf:
        yield Post(tmp_path, shelf, authority)


# ── it comes ─────────────────────────────────────────────────────────────────────────────────────


def test_the_file_lies_there_as_it_was_sent_under_the_servers_name(post: Post) -> None:
    found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("fetched", [ZIP_NAME], [])
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content
    assert found.file is not None
    assert (found.file.rows, found.file.moment) == (2500, datetime(2026, 11, 22, 8, 24))
    assert stat.S_IMODE((post.folder / ZIP_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(post.folder.stat().st_mode) == 0o700


def test_what_is_there_already_is_not_sent_again(post: Post) -> None:
    post.fetch()
    before = (post.folder / ZIP_NAME).stat().st_mtime_ns
    assert post.fetch().outcome == "unchanged"
    assert post.shelf.answered == [200, 304]
    assert (post.folder / ZIP_NAME).stat().st_mtime_ns == before


def test_a_server_that_knows_only_days_is_asked_by_the_day(post: Post) -> None:
    post.shelf.etag, post.shelf.modified = False, datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    post.fetch()
    assert post.fetch().outcome == "unchanged"
    assert post.shelf.answered == [200, 304]


def test_without_any_validator_the_same_content_is_known_again(post: Post) -> None:
    post.shelf.etag = False
    post.fetch()
    assert post.fetch().outcome == "unchanged"
    assert post.shelf.answered == [200, 200]
    assert post.files == [ZIP_NAME]


def test_a_file_that_was_removed_by_hand_comes_again(post: Post) -> None:
    post.fetch()
    (post.folder / ZIP_NAME).unlink()
    assert post.fetch().outcome == "fetched"
    assert post.shelf.answered == [200, 200]


def test_another_address_is_not_asked_what_the_first_one_knew(post: Post) -> None:
    post.fetch()
    post.fetch(url=f'"{post.shelf.base}/autre"')
    assert "If-None-Match" not in post.shelf.asked[-1]


@pytest.mark.parametrize(
    ("offered", "modified", "name"),
    [
        (ZIP_NAME, None, ZIP_NAME),
        ("PS_LibreAcces.zip", datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "PS_LibreAcces_202611220030.zip"),
        ("", datetime(2026, 11, 21, 7, 5, tzinfo=UTC), "PS_LibreAcces_202611210805.zip"),
        ("../../etc/pass wd 20261122.zip", None, "pass_wd_20261122.zip"),
    ],
)
def test_its_name_has_the_stamp_of_the_server(post: Post, offered: str, modified: datetime | None, name: str) -> None:
    post.shelf.name, post.shelf.modified = offered, modified
    post.fetch()
    assert post.files == [name]
    assert not (post.root.parent / "etc").exists()


def test_content_that_no_server_dates_keeps_the_day_it_was_first_seen(post: Post) -> None:
    post.shelf.name, post.shelf.etag = "", False
    first = datetime(2026, 11, 20, 5, tzinfo=UTC)
    with patch("flows.fetching.bring_in.now", return_value=first):
        post.fetch()
    with patch("flows.fetching.bring_in.now", return_value=first + timedelta(days=1)):
        assert post.fetch().outcome == "unchanged"
    assert post.files == ["PS_LibreAcces_20261120.zip"]
    post.shelf.content = zipped(personnes=2100, savoirfaire=500)
    with patch("flows.fetching.bring_in.now", return_value=first + timedelta(days=2)):
        assert post.fetch().outcome == "fetched"
    assert post.files == ["PS_LibreAcces_20261120.zip", "PS_LibreAcces_20261122.zip"]


def test_a_text_comes_as_a_text(post: Post) -> None:
    post.shelf.content, post.shelf.name = b"a|b\n" * 100, "ps-libreacces-personne-activite.txt"
    found = post.fetch(url=f'"{post.shelf.base}/r/ps-libreacces-personne-activite.txt"')
    assert found.file is not None
    assert found.file.rows == 100
    assert post.files == [f"ps-libreacces-personne-activite_{datetime.now(UTC).astimezone():%Y%m%d}.txt"]  # noqa: TID251


def test_a_redirect_is_followed_and_its_file_named_by_the_server(post: Post) -> None:
    post.shelf.acts = ["redirect"]
    assert post.fetch().outcome == "fetched"
    assert post.files == [ZIP_NAME]


def test_how_far_it_is_is_told(post: Post) -> None:
    post.shelf.content = zipped(personnes=200_000)
    post.fetch()
    done = [(done, total) for what, done, total in post.told if "registre RPPS" in what]
    assert done[0] == (0, 0)
    assert done[-1] == (len(post.shelf.content),) * 2
    assert len(done) > 3


def test_it_goes_through_the_proxy_of_the_environment(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy() as (address, asked):
        monkeypatch.setenv("HTTPS_PROXY", address)
        assert post.fetch().outcome == "fetched"
        monkeypatch.setenv("NO_PROXY", HOST)
        assert post.fetch().outcome == "unchanged"
    assert asked == [post.shelf.base.removeprefix("https://")]


# ── it is asked again ────────────────────────────────────────────────────────────────────────────


def test_it_waits_as_long_as_the_server_says_else_as_configured(post: Post) -> None:
    post.shelf.acts = ["429", "503:7", "429", "500"]
    assert post.fetch().outcome == "fetched"
    assert post.slept == [60, 7, 240, 480]
    assert any("code 429" in what for what, _, _ in post.told)


def test_a_date_to_come_back_is_waited_for(post: Post) -> None:
    post.shelf.acts = ["429:Wed, 21 Oct 2015 07:28:00 GMT"]
    assert post.fetch().outcome == "fetched"
    assert post.slept == [0]


def test_a_server_that_never_has_time_is_left_for_tonight(post: Post) -> None:
    post.shelf.acts = ["503"] * 9
    found = post.fetch(retry_seconds="[1, 2]")
    assert (found.outcome, post.slept, post.files) == ("failed", [1, 2], [])
    assert "code 503" in found.message


def test_a_server_that_is_busy_until_tomorrow_is_not_waited_for(post: Post) -> None:
    post.shelf.acts = ["429:86400"]
    assert (post.fetch().outcome, post.slept) == ("failed", [])


@pytest.mark.parametrize("act", ["cut:400", "stall:400"])
def test_a_break_is_taken_up_where_it_broke(post: Post, act: str) -> None:
    post.shelf.acts = [act, act, act]
    assert post.fetch(timeout=f"{patient(0.5)}").outcome == "fetched"
    assert [one.get("Range") for one in post.shelf.asked] == [None, "bytes=400-", "bytes=800-", "bytes=1200-"]
    assert {one.get("If-Range") for one in post.shelf.asked[1:]} == {post.shelf.tag}
    assert post.shelf.answered == [200, 206, 206, 206]
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content
    assert post.slept == []


def test_more_breaks_than_five_are_no_matter_while_it_goes_on(post: Post) -> None:
    post.shelf.acts = ["cut:100"] * 12
    assert post.fetch().outcome == "fetched"
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content


def test_another_file_in_the_meantime_is_taken_from_its_beginning(post: Post) -> None:
    other = zipped(personnes=2400, savoirfaire=500)
    post.shelf.acts = ["cut:400"]
    get = type(post.shelf).validators

    def changing(shelf: Shelf) -> dict[str, str]:
        if len(shelf.asked) == 2:
            shelf.content = other
        return get(shelf)

    with patch.object(Shelf, "validators", changing):
        assert post.fetch().outcome == "fetched"
    assert post.shelf.answered == [200, 200]
    assert (post.folder / ZIP_NAME).read_bytes() == other


def test_without_a_validator_a_break_begins_anew(post: Post) -> None:
    post.shelf.etag, post.shelf.acts = False, ["cut:400"]
    assert post.fetch().outcome == "fetched"
    assert [one.get("Range") for one in post.shelf.asked] == [None, None]
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content


def test_a_server_without_ranges_sends_it_whole_again(post: Post) -> None:
    post.shelf.ranges, post.shelf.acts = False, ["cut:400"]
    assert post.fetch().outcome == "fetched"
    assert post.shelf.answered == [200, 200]


@pytest.mark.parametrize("act", ["cut:400", "lie:50", "drip"])
def test_breaks_without_progress_are_five_at_most(post: Post, act: str) -> None:
    post.shelf.etag, post.shelf.acts = False, [act] * 40
    found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("failed", [], [])
    assert "a coupé" in found.message
    assert len(post.shelf.asked) == 6  # the first one came further than nothing
    assert found.may_pass


def test_nobody_there_is_tried_five_times_at_once_and_no_more(post: Post) -> None:
    found = post.fetch(url='"https://127.0.0.1:9/x"')
    assert (found.outcome, post.slept) == ("failed", [])
    assert "127.0.0.1:9 ne peut pas être joint" in found.message


# ── it is not whole, or not it ───────────────────────────────────────────────────────────────────


def _cut_zip(post: Post) -> None:
    post.shelf.acts = ["close:900"]


def _damaged(post: Post) -> None:
    content = bytearray(post.shelf.content)
    content[len(content) // 3] ^= 0xFF
    post.shelf.content = bytes(content)


def _page(post: Post) -> None:
    post.shelf.acts = ["page"]


def _emptied(post: Post) -> None:
    post.shelf.content = b""


def _no_line(post: Post) -> None:
    post.shelf.content = zipped(personnes="")


def _shrunk(post: Post) -> None:
    post.shelf.content = zipped(personnes=1590, savoirfaire=900)


def _without_one(post: Post) -> None:
    post.shelf.content = zipped(savoirfaire=500)


def _with_fewer_columns(post: Post) -> None:
    post.shelf.content = zipped(personnes="x|y\n" * 2000, savoirfaire=500)


def _stops_in_a_line(post: Post) -> None:
    post.shelf.content = zipped(personnes="ligne|791900|x\n" * 2000 + "ligne|791", savoirfaire=500)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_cut_zip, "abîmé ou incomplet"),
        (_damaged, "abîmé ou incomplet"),
        (_page, "page web"),
        (_emptied, "fichier vide"),
        (_no_line, "fichier vide"),
        (_shrunk, "1\u00a0590 lignes, contre 2\u00a0000"),
        (_without_one, "500 lignes, contre 2\u00a0500"),
        (_with_fewer_columns, "semble incomplet"),
        (_stops_in_a_line, "au milieu d’une ligne"),
        (lambda post: post.shelf.acts.append("403"), "code 403"),
        (lambda post: post.shelf.acts.append("404"), "code 404"),
        (lambda post: post.shelf.acts.append("round"), "redirige sans fin"),
        (lambda post: post.shelf.acts.append("plain"), "sans chiffrement"),
    ],
)
def test_what_is_not_whole_is_not_there_at_all(post: Post, spoil: Callable[[Post], None], told: str) -> None:
    post.fetch()
    whole = post.shelf.content
    post.shelf.etag, post.shelf.name = False, OF_THE_DAY
    spoil(post)
    found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("failed", [ZIP_NAME], [])
    assert told in found.message
    assert (post.folder / ZIP_NAME).read_bytes() == whole
    assert post.slept == []


def test_eighty_per_cent_of_the_last_one_is_whole(post: Post) -> None:
    post.fetch()
    post.shelf.content, post.shelf.name = zipped(personnes=1700, savoirfaire=500), OF_THE_DAY
    assert post.fetch().outcome == "fetched"


def test_a_smaller_file_is_taken_once_the_last_one_was_taken_away(post: Post) -> None:
    post.fetch()
    _shrunk(post)
    assert post.fetch().outcome == "failed"
    (post.folder / ZIP_NAME).unlink()
    assert post.fetch().outcome == "fetched"


# ── whom it believes ─────────────────────────────────────────────────────────────────────────────


def test_an_authority_that_is_not_configured_is_not_believed(post: Post) -> None:
    found = post.fetch(ca_file="")
    assert (found.outcome, post.files, post.shelf.asked) == ("failed", [], [])
    assert "autorité est inconnue" in found.message


def test_another_authority_than_the_configured_one_is_not_believed(post: Post, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = new_authority(tmp_path / "other")
    found = post.fetch(ca_file=f'"{other.file}"')
    assert (found.outcome, post.shelf.asked) == ("failed", [])
    assert "n’est pas accepté" in found.message


def test_a_certificate_that_has_ended_is_not_believed(tmp_path: Path, authority: Authority) -> None:
    with file_server(Shelf(zipped(personnes=10)), authority, days=-1) as shelf:
        found = Post(tmp_path, shelf, authority).fetch()
    assert found.outcome == "failed"
    assert "il a expiré" in found.message


def test_a_certificate_of_another_server_is_not_believed(post: Post) -> None:
    found = post.fetch(url=f'"{post.shelf.url.replace(HOST, "localhost")}"')
    assert found.outcome == "failed"
    assert "au nom d’un autre serveur" in found.message


def test_a_server_that_wants_our_certificate_gets_it(tmp_path: Path, authority: Authority) -> None:
    with file_server(Shelf(zipped(personnes=10)), authority, clients=True) as shelf:
        post = Post(tmp_path, shelf, authority)
        found = post.fetch()
        assert found.outcome == "failed"
        assert "refuse notre certificat" in found.message
        certificate, key = authority.signed("annuaire.example.org", client=True)
        assert post.fetch(certificate=f'"{certificate}"', key=f'"{key}"').outcome == "fetched"


# ── what stays ───────────────────────────────────────────────────────────────────────────────────


def test_the_newest_stay_and_only_what_was_fetched_goes(post: Post) -> None:
    post.folder.mkdir(mode=0o700)
    by_hand = post.folder / "PS_LibreAcces_20200101.zip"
    by_hand.write_bytes(b"by hand")
    for day in range(1, 6):
        post.shelf.content = zipped(personnes=2000 + day)
        post.shelf.name = f"PS_LibreAcces_2026110{day}0800.zip"
        if day == 4:  # somebody has written into one of ours since
            (post.folder / "PS_LibreAcces_202611020800.zip").write_bytes(b"changed")
        found = post.fetch(keep="2")
    assert found.removed == ("PS_LibreAcces_202611030800.zip",)
    assert post.files == [
        "PS_LibreAcces_20200101.zip",
        "PS_LibreAcces_202611020800.zip",
        "PS_LibreAcces_202611040800.zip",
        "PS_LibreAcces_202611050800.zip",
    ]
    assert by_hand.read_bytes() == b"by hand"


def test_a_file_of_somebody_else_is_not_replaced(post: Post) -> None:
    post.folder.mkdir(mode=0o700)
    (post.folder / ZIP_NAME).write_bytes(b"by hand")
    found = post.fetch()
    assert found.outcome == "failed"
    assert "vient d’ailleurs" in found.message
    assert (post.folder / ZIP_NAME).read_bytes() == b"by hand"


def test_the_same_name_with_new_content_replaces_ours(post: Post) -> None:
    post.fetch()
    post.shelf.content = zipped(personnes=2001, savoirfaire=500)
    assert post.fetch().outcome == "fetched"
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content
    assert post.files == [ZIP_NAME]


def test_notes_that_cannot_be_read_make_nothing_ours(post: Post) -> None:
    post.fetch()
    (post.folder / ".fetch.json").write_text("{")
    post.shelf.content, post.shelf.name = zipped(personnes=2001), OF_THE_DAY
    assert post.fetch(keep="1").outcome == "fetched"
    assert post.files == sorted([ZIP_NAME, OF_THE_DAY])


def test_a_full_disk_is_told_and_leaves_the_last_file(post: Post) -> None:
    post.fetch()
    post.shelf.content, post.shelf.name = zipped(personnes=2001, savoirfaire=500), OF_THE_DAY
    with patch("os.fsync", side_effect=OSError(28, "No space left on device")):
        found = post.fetch()
    assert found.outcome == "failed"
    assert "place et les droits" in found.message
    assert (post.files, post.left) == ([ZIP_NAME], [])


# ── the command ──────────────────────────────────────────────────────────────────────────────────


def test_the_command_says_what_came_and_then_that_nothing_is_new(post: Post) -> None:
    post.configure()
    code, out, told = post.command()
    assert code == 0
    assert f"Registre RPPS\u00a0: nouveau fichier rpps/{ZIP_NAME}" in out
    assert "2\u00a0500 lignes" in out
    assert "Téléchargement" in told
    code, out, _ = post.command("register.persons")
    assert (code, "rien de nouveau" in out) == (0, True)


def test_the_command_fails_in_part_and_says_that_the_last_file_stays(post: Post) -> None:
    post.configure()
    post.command()
    post.shelf.acts = ["403"]
    code, out, _ = post.command()
    assert code == 3
    assert "code 403" in out
    assert f"reste en service\u00a0: {ZIP_NAME}" in out.replace("\n", " ")


def test_its_json_is_one_document(post: Post) -> None:
    post.configure()
    code, out, _ = post.command("--json")
    [found] = json.loads(out)["fetched"]
    assert code == 0
    assert found["outcome"] == "fetched"
    assert (found["path"], found["rows"], found["stamp"]) == (f"rpps/{ZIP_NAME}", 2500, "2026-11-22T08:24")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"name": '"register.person"'}, "register.persons"),
        ({"url": '"http://127.0.0.1/x"'}, "https://"),
        ({"url": '"https://moi:secret@127.0.0.1/x"'}, "sans mot de passe"),
        ({"ca_file": '"absent.pem"'}, "absent.pem"),
        ({"certificate": '"c.pem"'}, "ensemble"),
        ({"certificate": '"c.pem"', "key": '"k.pem"'}, "c.pem"),
        ({"keep": "0"}, "fetch.0.keep"),
        ({"retry_seconds": "[-1]"}, "retry_seconds"),
    ],
)
def test_a_mistake_of_the_configuration_is_told_with_its_key(post: Post, keys: dict[str, str], told: str) -> None:
    post.configure(**keys)
    code, _, said = post.command()
    assert code == 2
    assert told in said
    assert "secret" not in said
    assert "Traceback" not in said


def test_a_name_that_is_not_configured_is_told_with_the_nearest(post: Post) -> None:
    post.configure()
    code, _, said = post.command("register.cards")
    assert (code, "register.persons" in said) == (2, True)


def test_an_authority_file_without_a_certificate_is_a_mistake(post: Post) -> None:
    (post.root / "vide.pem").write_text("rien")
    post.configure(ca_file='"vide.pem"')
    code, _, said = post.command()
    assert (code, "vide.pem" in said) == (2, True)


def test_a_source_that_looks_elsewhere_is_told(post: Post) -> None:
    post.configure(into='"ailleurs"')
    code, out, _ = post.command()
    assert code == 0
    assert "ne regarde pas là" in out


# ── the night ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Served:
    """A house whose persons' extract comes from a server."""

    house: House
    shelf: Shelf
    extract: bytes

    def play(self, *words: str) -> tuple[int, dict[str, Any]]:
        """(exit code, run.json) of a night."""
        out = StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", StringIO()):
            code = run(["sync", "-c", str(self.house.config), "--json", *words])
        return code, json.loads(out.getvalue())


@pytest.fixture
def served(tmp_path: Path, authority: Authority) -> Iterator[Served]:
    house = unplayed(tmp_path / "house")
    extract = house.extract.read_bytes()
    house.extract.unlink()
    text = extract.decode()
    name = f"PS_LibreAcces_{TODAY:%Y%m%d}0824.zip"
    with file_server(Shelf(zipped(PS_LibreAcces_Personne_activite=text), name=name), authority) as shelf:
        config = house.config.read_text(encoding="utf-8")
        old = next(line for line in config.splitlines() if line.startswith("persons"))
        config = config.replace(old, 'persons = "rpps/PS_LibreAcces_*.zip"')
        house.config.write_text(
            config + f'[[fetch]]\nname = "register.persons"\nurl = "{shelf.url}"\ninto = "rpps"\n'
            f'ca_file = "{authority.file}"\nretry_seconds = []\ntimeout = {patient(5)}\n',
            encoding="utf-8",
        )
        yield Served(house, shelf, extract)


def test_a_night_brings_its_files_in_first(served: Served) -> None:
    code, night = served.play()
    assert code == 0
    [fetched] = night["fetched"]
    assert (fetched["name"], fetched["outcome"]) == ("register.persons", "fetched")
    read = next(one for one in night["sources"] if one["name"] == "register.persons")
    assert (read["path"], read["status"]) == (fetched["path"], "ok")
    assert night["seconds"]["fetch"] >= 0


def test_a_file_that_does_not_come_leaves_the_night_with_the_last_one(served: Served) -> None:
    served.play()
    served.shelf.acts = ["503"]
    code, night = served.play()
    assert (code, night["status"]) == (3, "partial")
    assert night["fetched"][0]["outcome"] == "failed"
    assert next(one for one in night["sources"] if one["name"] == "register.persons")["status"] == "ok"


def test_a_dry_run_brings_nothing_in(served: Served) -> None:
    code, night = served.play("--dry-run")
    assert code == 3
    assert (served.shelf.asked, night["fetched"]) == ([], [])


def test_an_authority_that_is_gone_does_not_stop_the_night(served: Served) -> None:
    served.play()
    config = served.house.config.read_text(encoding="utf-8")
    served.house.config.write_text(config.replace('ca_file = "', 'ca_file = "absent'), encoding="utf-8")
    code, night = served.play()
    assert code == 3
    assert "ca_file" in night["fetched"][0]["message"]


def test_the_log_of_a_night_says_what_came(served: Served) -> None:
    served.play()
    [path] = (served.house.root / "var" / "log").glob("*.jsonl")
    steps = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = next(one for one in steps if one.get("step") == "fetch:register.persons")
    assert (found["outcome"], found["status"]) == ("done", "fetched")
    assert found["rows"] > 0


# ── doctor ───────────────────────────────────────────────────────────────────────────────────────


def _found(served: Served) -> dict[str, str]:
    """Verdicts of the check and what it found."""
    return {one.found: one.verdict.value for one in served.house.findings("fetch")}


def test_doctor_says_authority_ends_age_and_size(served: Served) -> None:
    served.play()
    told = " ".join(_found(served))
    assert "Autorité d'essai" in told
    assert "valable jusqu’au" in told
    assert f"PS_LibreAcces_{TODAY:%Y%m%d}0824.zip" in told
    assert "du jour" in told
    assert any("expire le" in text and verdict == "warning" for text, verdict in _found(served).items())
    assert served.house.doctor()[0] == 0


def test_doctor_says_what_did_not_come_and_what_ended(served: Served, authority: Authority) -> None:
    served.play()
    served.shelf.acts = ["403"]
    served.play()
    assert any("code 403" in text and verdict == "warning" for text, verdict in _found(served).items())
    folder = served.house.root / "old"
    folder.mkdir()
    ended = new_authority(folder, days=-1)
    config = served.house.config.read_text(encoding="utf-8")
    served.house.config.write_text(config.replace(str(authority.file), str(ended.file)), encoding="utf-8")
    code, found = served.house.diagnosis()
    assert code == 3
    assert any("a expiré le" in one["found"] and one["verdict"] == "failure" for one in found["fetch"])


def test_doctor_says_that_nothing_is_fetched(tmp_path: Path) -> None:
    house = unplayed(tmp_path / "house")
    assert [one.found for one in house.findings("fetch")] == ["aucun\u00a0: les fichiers sont déposés à la main"]


def test_doctor_says_that_the_source_looks_elsewhere(served: Served) -> None:
    served.play()
    config = served.house.config.read_text(encoding="utf-8")
    served.house.config.write_text(config.replace("rpps/PS_LibreAcces_*.zip", "adeli/*.txt"), encoding="utf-8")
    assert any("ne regarde pas" in text and verdict == "failure" for text, verdict in _found(served).items())


def test_a_killed_fetch_leaves_a_part_that_the_next_one_clears(post: Post) -> None:
    post.folder.mkdir(mode=0o700)
    (post.folder / ".register.persons.part").write_bytes(b"half")
    assert post.fetch().outcome == "fetched"
    assert post.left == []
    shutil.rmtree(post.folder)
