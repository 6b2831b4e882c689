"""`fetch` says what came, what did not and why, and the night begins with it; `doctor` says authority, ends and age."""

import json
import re
from pathlib import Path

import pytest

from tests.file_servers import ZIP_NAME
from tests.mail_servers import Authority, new_authority
from tests.night.fetching.post import Post, Served
from tests.night.installed import TODAY, unplayed


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
    assert re.search(r'\[register\] persons = "ailleurs/[^"]*\*[^"]*"', out)


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
    [todo] = {one.todo for name in ("fetch", "register") for one in served.house.findings(name) if "adeli" in one.found}
    assert re.search(r'\[register\] persons = "rpps/[^"]*\*\.zip"', todo)
