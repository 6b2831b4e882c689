"""Certificates are always verified, ours is shown where it is asked for."""

from pathlib import Path

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
