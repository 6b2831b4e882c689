"""What a workbook is complete for, and which workbooks can tell of a structure (contract §2)."""

from schemas.people.structure import Structure
from schemas.reading.source import WorkbookScope


def coverage(structure: Structure) -> tuple[tuple[str, str], ...]:
    """Return what a workbook must be complete for to tell who works at a structure (contract §2), as `scope_key`s."""
    match structure.type:
        case "REGION" | "ES":
            return ("region", structure.region_code), ("ets", structure.code)
        case "SITE":
            return tuple(dict.fromkeys((("ets", structure.code), ("ets", structure.parent_code))))
        case "ANSM" | "EFS_NATIONAL" | "CTSA":
            return ("ets", structure.code), ("national", "")
    return (("ets", structure.code),)


def scope_key(scope: WorkbookScope) -> tuple[str, str]:
    """Return (« region » or « ets », its code), or (« national », "")."""
    return (scope.kind, scope.code) if scope.kind in ("region", "ets") else ("national", "")


def spoken_for(scope: WorkbookScope) -> str:
    """Return the same in one word, under which it is remembered: a workbook may be given another name."""
    return ":".join(scope_key(scope))
