"""Servers of files, and whoever fetches from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.file_servers import Shelf, file_server, zipped
from tests.mail_servers import Authority, new_authority
from tests.night.fetching.post import Post, Served
from tests.night.installed import TODAY, unplayed
from tests.patience import patient


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def post(tmp_path: Path, authority: Authority) -> Iterator[Post]:
    with file_server(Shelf(zipped(personnes=2000, savoirfaire=500)), authority) as shelf:
        yield Post(tmp_path, shelf, authority)


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
