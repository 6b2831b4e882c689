"""What is not whole, or not it, is not there at all, and the last file stays."""

import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.sources.catalogue import find_newest
from flows.state.run_state import now
from tests.file_servers import ZIP_NAME, zipped
from tests.night.fetching.post import OF_THE_DAY, Post, Served
from tests.night.installed import TODAY


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


def _with_a_password(post: Post) -> None:
    content = bytearray(zipped(personnes=2000))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1  # as an archiver marks what it has encrypted
    post.shelf.content = bytes(content)


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
        (lambda post: post.shelf.acts.append("nowhere"), "renvoie ailleurs (code 302) sans dire où"),
        (lambda post: post.shelf.acts.append("garbled"), "réponse illisible"),
        (lambda post: post.shelf.acts.append("429:999999999"), "demande d’attendre plus d’une heure"),
        (lambda post: post.shelf.acts.extend(["unasked"] * 9), "n’envoie pas ce qui est demandé"),
        (_with_a_password, "protégée par un mot de passe"),
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


@pytest.mark.parametrize("name", ["PS_LibreAcces_202611280612.zip", "PS.zip", "PS_202611280612.TXT.GZ"])
@pytest.mark.parametrize("content", [b'{"error":"x"}', gzip.compress(b"0" * 9000), b"nom|prenom\nA|B\n"])
def test_what_is_called_packed_and_is_not_so_does_not_come_on_the_first_day(
    post: Post, name: str, content: bytes
) -> None:
    post.shelf.name, post.shelf.content = name, content
    packed_so = name.endswith("GZ") and content.startswith(b"\x1f")
    found = post.fetch()
    assert (found.outcome, len(post.files)) == (("fetched", 1) if packed_so else ("failed", 0))


def test_a_file_that_the_night_could_not_read_is_said_when_it_comes(post: Post) -> None:
    post.shelf.content = zipped(LISEZMOI="Bonjour.\n")
    post.configure()
    code, out, _ = post.command()
    assert code == 0
    assert "Attention : il n’est pas lisible comme registre RPPS" in " ".join(out.split())


def test_a_stamp_of_another_age_is_no_stamp_and_hides_no_later_file(post: Post) -> None:
    post.shelf.name = "PS_LibreAcces_203001010000.zip"
    first = post.fetch()
    post.shelf.content, post.shelf.name, post.shelf.etag = zipped(personnes=2001, savoirfaire=500), "", False
    post.shelf.modified = now() + timedelta(minutes=1)
    second = post.fetch()
    assert [one.outcome for one in (first, second)] == ["fetched", "fetched"]
    assert second.file is not None
    assert find_newest("rpps/*.zip", post.root).path.name == second.file.name
    assert second.remarks == () or "plus ancien" not in second.remarks[0]


def test_an_older_file_is_said_to_be_older(post: Post) -> None:
    post.fetch()
    post.shelf.content, post.shelf.name = zipped(personnes=1999, savoirfaire=500), "PS_LibreAcces_202610010000.zip"
    found = post.fetch()
    assert any(f"plus ancien que {ZIP_NAME}, du 22/11/2026, qui reste en service" in one for one in found.remarks)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a|b|c\n" + "1|2|3\n" * 200_000, "pas lisible comme registre RPPS, à la différence du dernier"),
        ('{"error": "quota exceeded"}' * 9000, "pas lisible comme registre RPPS, à la différence du dernier"),
    ],
)
def test_what_is_no_register_takes_the_place_of_none(served: Served, text: str, told: str) -> None:
    served.play()
    served.shelf.content, served.shelf.etag = zipped(PS_LibreAcces_Personne_activite=text), False
    served.shelf.name = f"PS_LibreAcces_{TODAY:%Y%m%d}0930.zip"
    code, night = served.play()
    assert (code, night["fetched"][0]["outcome"]) == (3, "failed")
    assert told in night["fetched"][0]["message"]
    read = next(one for one in night["sources"] if one["name"] == "register.persons")
    assert (read["status"], "0824" in read["path"]) == ("ok", True)


def test_what_is_smaller_with_more_lines_is_told_by_its_weight(post: Post) -> None:
    post.fetch()
    post.shelf.content, post.shelf.name = zipped(personnes="x|y\n" * 2100, savoirfaire=500), OF_THE_DAY
    assert "ne pèse que" in post.fetch().message


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: text.rstrip("\n")[:-300], "s’arrête au milieu d’une ligne"),
        (lambda text: text.splitlines()[0] + "\n", "n’a que sa ligne de titres"),
        (lambda text: text.splitlines()[0], "n’a que sa ligne de titres"),
    ],
)
def test_what_is_not_whole_by_itself_does_not_come_on_the_first_day(
    served: Served, spoil: Callable[[str], str], told: str
) -> None:
    served.shelf.content = zipped(PS_LibreAcces_Personne_activite=spoil(served.extract.decode()))
    code, night = served.play()
    assert (code, night["fetched"][0]["outcome"]) == (3, "failed")
    assert told in night["fetched"][0]["message"]


def test_a_last_line_of_full_width_without_its_end_comes_on_the_first_day(served: Served) -> None:
    served.shelf.content = zipped(PS_LibreAcces_Personne_activite=served.extract.decode().rstrip("\n"))
    code, night = served.play()
    assert (code, night["fetched"][0]["outcome"]) == (0, "fetched")


def test_what_unpacks_to_far_more_than_any_register_is_left_aside_at_once(post: Post) -> None:
    post.shelf.content, post.shelf.name = gzip.compress(bytes(150_000_000), 1), "PS_202611280612.txt.gz"
    assert len(post.shelf.content) < 1_000_000
    found = post.fetch()
    assert (found.outcome, post.files) == ("failed", [])
    assert "se décompresse en plus de 100" in found.message
    assert "max_ratio" in found.message
    assert post.fetch(max_ratio="2000").outcome == "fetched"
