"""Extracts that nobody renewed: they sit out, and nobody pays for it."""

from datetime import date
from pathlib import Path

from tests.night.country import copy_country, night_of


def test_file_stale_keeps_old_extracts_out_and_concludes_nothing_from_them(tmp_path: Path) -> None:
    """Ten days later the same extracts are too old: no number is unknown, no card alert of a registered person."""
    found = night_of(copy_country(tmp_path), date(2026, 12, 2))
    stale = {source["name"] for source in found["sources"] if source["status"] == "stale"}
    assert stale == {"register.persons", "register.cards"}
    assert {one["source"] for one in found["rejects"] if one["code"] == "FILE_STALE"} == stale
    assert [c for c in found["changes"] if "not_in_register" in c["reasons"]] == []
    alerts = [c for c in found["changes"] if c["kind"] == "card_alert" and c["account_id"]]
    assert [c["person"]["national_id"] for c in alerts if c["person"]["national_id"].startswith("8")] == []
