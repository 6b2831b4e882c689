"""The updaters, played: every change of a night entered into the rows of the annuaire, as their reports ask."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, str]
Json = Mapping[str, Any]

PLACE = ("function", "rank", "structure_type", "structure_code", "structure_name", "region_code", "parent_code")
_ACCOUNT_OF_ONE_TO_REACTIVATE = re.compile(r"désactivé existe \((\w+)\)")


def enter(changes: Iterable[Json], rows: Iterable[Row]) -> list[Row]:
    """The annuaire, one row per account and assignment by field name, after everything asked for is entered.

    Alerts and reviews ask for no entry. A further function of a person to create names no account yet: it is
    entered on the account of the change it is linked to.
    """
    asked = list(changes)
    table = [dict(row) for row in rows]
    created: dict[str, str] = {}
    for change in (one for one in asked if one["kind"] == "create_account"):
        created[change["id"]] = _create(change, table)
    for change in asked:
        account = change["account_id"] or next((created[i] for i in change["linked_to"] if i in created), "")
        mine = [row for row in table if row["account_id"] == account]
        match change["kind"]:
            case "add_assignment":
                table.append({**mine[0], **_place(change, table)})
            case "update_account":
                for row in mine:
                    row.update(_fields(change))
            case "end_assignment":
                _end(change, mine, table)
            case "deactivate_account":
                for row in mine:
                    row["active"] = "Non"
    return table


def _create(change: Json, table: list[Row]) -> str:
    """A new account, or the old one again where the guidance names it."""
    dormant = _ACCOUNT_OF_ONE_TO_REACTIVATE.search(change["guidance"])
    account = dormant[1] if dormant else f"NOUVEAU-{change['id']}"
    before = next((row for row in table if row["account_id"] == account), dict.fromkeys(table[0], ""))
    table[:] = [row for row in table if row["account_id"] != account]
    table.append({**before, "account_id": account, "active": "Oui", **_fields(change), **_place(change, table)})
    return account


def _fields(change: Json) -> Row:
    return {one["field"]: one["after"] for one in change["fields"]}


def _place(change: Json, table: list[Row]) -> Row:
    """The columns of a function; what the annuaire says of the structure, where it knows it."""
    at = change["assignment"]
    known = next((row for row in table if row["structure_code"] == at["structure_code"]), dict.fromkeys(PLACE, ""))
    told = {name: at[name] for name in ("function", "rank", "structure_type", "structure_code", "region_code")}
    return {name: told.get(name) or known[name] for name in PLACE} | {"rank": at["rank"]}


def _end(change: Json, mine: list[Row], table: list[Row]) -> None:
    """The row goes; the account's last one stays, without a function."""
    at = change["assignment"]
    keys = ("structure_code", "function", "rank")
    # The structure in e-FIT keeps its own spelling; there is one row at most for a place, function and rank.
    gone = [row for row in mine if [row[key] for key in keys] == [at[key] for key in keys]]
    assert len(gone) == 1, change["id"]
    if len(mine) == 1:
        gone[0].update(dict.fromkeys(PLACE, ""))
    else:
        table.remove(gone[0])
