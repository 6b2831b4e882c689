"""Certificates are always verified, ours is shown where it is asked for."""

from pathlib import Path

import pytest

from tests.file_servers import HOST, Shelf, file_server, zipped
from tests.mail_servers import Authority, new_authority
from tests.night.fetching.post import Post


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),
        ("HTTPS_PROXY", "bidule://u:motdepasse@h:1"),
        ("HTTPS_PROXY", "http://[::1"),
        ("HTTP_PROXY", "bidule://x"),
    ],
)
def test_a_proxy_that_is_none_keeps_the_file_from_coming_and_is_named(
    post: Post, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    post.configure()
    code, out, told = post.command()
    assert code == 3
    assert name in out
    assert "motdepasse" not in out + told


@pytest.mark.parametrize("value", ["localhost,::1,[::1],127.0.0.1,*.chu.fr", "127.0.0.1"])
def test_an_exception_of_proxies_is_taken_in_the_form_that_other_programs_take(
    post: Post, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", value)
    assert post.fetch().outcome == "fetched"
