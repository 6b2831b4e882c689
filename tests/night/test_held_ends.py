"""Nothing is concluded from a set that a safeguard holds: what was announced stands, and is not new again."""

from pathlib import Path

from tests.night.commanded import Service
from tests.spec.tables import CRH, Line, Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(12)]
LATE = [account(who, card_expires_on="2027-05-31") for who in STAFF[:3]]  # whose cards were renewed meanwhile
ACCOUNTS = [*LATE, *map(account, STAFF[3:])]
ROWS = [row(who, status="Actif") for who in STAFF]


def leaving(count: int) -> list[Line]:
    return [*(row(who, status="Parti") for who in STAFF[:count]), *ROWS[count:]]


def test_what_was_announced_of_those_whose_end_is_held_stands_and_is_not_new_again(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write(ACCOUNTS, ROWS)
    assert made.night()[0] == 0
    before = {one["id"]: one["status"] for one in made.changeset()["changes"]}
    assert made.reasons() == {"card_renewed": 3}
    for _ in range(2):
        made.write(ACCOUNTS, leaving(10))
        code, run = made.night()
        assert (code, [one["what"] for one in run["held"]]) == (4, ["deactivations"])
        found = {one["id"]: one["status"] for one in made.changeset()["changes"]}
        assert before.items() <= found.items()
    made.write(ACCOUNTS, ROWS)
    assert made.night()[0] == 0
    assert {one["id"]: one["status"] for one in made.changeset()["changes"]} == before
    assert made.mails()["CRH_ST-24"] == 1


def test_ends_that_are_let_out_are_believed(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write(ACCOUNTS, ROWS)
    made.night()
    made.write(ACCOUNTS, leaving(10))
    _, run = made.night()
    made.write(ACCOUNTS, leaving(10))
    code, _ = made.night("--release", run["run_id"])
    assert (code, made.reasons()["left"], made.reasons()["card_renewed"]) == (0, 10, 0)


def test_a_post_falls_vacant_by_no_end_that_is_held(tmp_path: Path) -> None:
    """The head of the region is among the ten: what is hers to enter stays hers."""
    made = Service(tmp_path)
    head = Person(81, "FICTIVE-B", "Noé")
    made.write(ACCOUNTS, ROWS)
    made.night()
    made.write(ACCOUNTS, [row(head, "24", CRH, status="Parti"), *leaving(9)])
    content = made.file("regions/24.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in content if head.last_name not in line or "Parti" in line]
    made.file("regions/24.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    made.night()
    renewed = [one["updater"] for one in made.changeset()["changes"] if "card_renewed" in one["reasons"]]
    assert {(one["post"], one["scope"]) for one in renewed} == {("CRH_ST", "24")}
