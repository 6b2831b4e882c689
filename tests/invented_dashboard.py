"""An invented country of eighteen regions as the administrator's page shows it: figures of nobody, ninety nights."""

from datetime import date, timedelta

from pipelines.reports.pages.dashboard import worst_first
from pipelines.reports.pages.health import add_up
from schemas.changes.change import PostRef
from schemas.reports.dashboard import (
    Dashboard,
    EndingWeek,
    NightPoint,
    NightStatus,
    RejectRow,
    SourceRow,
    WaitingRow,
)
from schemas.reports.health import Health

DAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 16)
# region, ready, lost, unknown, ending within 30 days, structures, blocked, waiting, late
FIGURES = (
    ("11", 1204, 9, 6, 7, 251, 0, 31, 0),
    ("24", 166, 2, 1, 1, 45, 1, 15, 6),
    ("27", 231, 0, 2, 3, 62, 0, 9, 0),
    ("28", 254, 0, 0, 0, 71, 0, 4, 2),
    ("32", 471, 5, 3, 2, 119, 0, 17, 1),
    ("44", 402, 0, 1, 0, 101, 0, 6, 0),
    ("52", 263, 14, 4, 9, 72, 3, 38, 17),
    ("53", 244, 1, 0, 0, 66, 0, 5, 0),
    ("75", 447, 0, 3, 4, 118, 0, 12, 0),
    ("76", 428, 3, 1, 0, 112, 0, 11, 3),
    ("84", 593, 0, 2, 0, 158, 0, 8, 0),
    ("93", 402, 0, 0, 5, 103, 0, 7, 0),
    ("94", 27, 0, 0, 0, 8, 0, 0, 0),
    ("01", 31, 0, 0, 0, 9, 0, 1, 0),
    ("02", 33, 0, 0, 1, 8, 0, 2, 0),
    ("03", 0, 0, 12, 0, 6, 0, 0, 0),
    ("04", 41, 1, 0, 0, 11, 0, 3, 0),
    ("", 58, 0, 0, 1, 3, 0, 4, 0),
)
REGIONS = tuple(
    Health(
        *(code, ready, lost, unknown, ending, date(2026, 11, 26) if ending else None),
        *(structures, blocked, waiting, late),
        because=(("doubt" if code != "03" else "unread", unknown),) if unknown else (),
    )
    for code, ready, lost, unknown, ending, structures, blocked, waiting, late in FIGURES
)
ENDING = (
    (None, (("52", 14), ("11", 9), ("32", 5), ("76", 3), ("24", 2), ("04", 1), ("53", 1))),
    (0, (("11", 1), ("52", 1))),
    (1, (("52", 3), ("11", 2))),
    (2, (("52", 4), ("93", 2))),
    (3, (("11", 2), ("27", 2), ("75", 2))),
    (4, (("93", 3), ("11", 2), ("32", 2), ("75", 2), ("", 1), ("02", 1), ("24", 1), ("27", 1), ("52", 1))),
    (6, (("84", 3),)),
    (7, (("32", 4), ("44", 1))),
    (9, (("11", 6), ("75", 2))),
    (12, (("76", 2),)),
)
STATUSES: dict[int, NightStatus] = {3: "partial", 19: "held", 20: "held", 41: "failed", 42: "none", 66: "partial"}


def invented() -> Dashboard:
    """The national page."""
    weeks = dict(ENDING)
    mondays = (None, *range(14))
    return Dashboard(
        as_of=DAY,
        region=None,
        total=add_up(REGIONS),
        regions=tuple(worst_first(REGIONS)),
        weeks=tuple(
            EndingWeek(None if at is None else MONDAY + timedelta(weeks=at), weeks.get(at, ())) for at in mondays
        ),
        waiting=WAITING,
        rejects=REJECTS,
        sources=SOURCES,
        nights=tuple(_night(at) for at in reversed(range(90))),
        since=DAY - timedelta(days=89),
        last_success=DAY,
        last_status="complete",
        remind_after_days=14,
    )


def _night(ago: int) -> NightPoint:
    day = DAY - timedelta(days=ago)
    status = STATUSES.get(ago, "complete")
    if status in ("failed", "none"):
        return NightPoint(day, status)
    wave = (ago * 7 % 11) / 1000
    share = 0.993 - ago / 4000 - wave / 3 - (0.02 if 25 < ago < 34 else 0)
    return NightPoint(day, status, 6120 - ago, 40 + ago * 2 + ago * 5 % 13, share)


WAITING = (
    WaitingRow(
        PostRef(post="CRH_ST", scope="52"), "CRH-ST de la région Pays de la Loire (52)", 31, 11, (6, 4, 8, 13), 47, 15
    ),
    WaitingRow(
        PostRef(post="CRH_ST", scope="24"), "CRH-ST de la région Centre-Val de Loire (24)", 14, 3, (5, 3, 6, 0), 23, 6
    ),
    WaitingRow(PostRef(post="CRH_ST", scope="76"), "CRH-ST de la région Occitanie (76)", 11, 3, (6, 2, 3, 0), 19, 3),
    WaitingRow(
        PostRef(post="CHV_ST_ETS", scope="ETS-CPDL"),
        "CHV-ST titulaire de l’EFS Centre-Pays de la Loire (ETS-CPDL)",
        8,
        2,
        (3, 3, 2, 0),
        17,
        2,
    ),
    WaitingRow(PostRef(post="CRH_ST", scope="28"), "CRH-ST de la région Normandie (28)", 4, 0, (1, 1, 2, 0), 16, 2),
    WaitingRow(
        PostRef(post="CRH_ST", scope="32"), "CRH-ST de la région Hauts-de-France (32)", 17, 5, (11, 5, 1, 0), 15, 1
    ),
    WaitingRow(
        PostRef(post="CRH_ST", scope="11"), "CRH-ST de la région Île-de-France (11)", 31, 9, (24, 7, 0, 0), 12, 0
    ),
    WaitingRow(PostRef(post="ADMIN_EFIT"), "Administrateur e-FIT (ANSM)", 23, 7, (15, 8, 0, 0), 11, 0),
)
REJECTS = (
    RejectRow(
        "workbook:52.xlsx", "classeur regions/52-pays-de-la-loire.xlsx", "DATE_REFORMATTED", 25, date(2026, 9, 1)
    ),
    RejectRow("workbook:11.ods", "classeur regions/11-ile-de-france.ods", "EMAIL_FORMAT", 6, date(2026, 11, 2)),
    RejectRow("workbook:24.xlsx", "classeur regions/24-centre-val-de-loire.xlsx", "CPX_MISSING", 4, date(2026, 11, 20)),
    RejectRow("workbook:52.xlsx", "classeur regions/52-pays-de-la-loire.xlsx", "CPX_KEY", 2, date(2026, 10, 12)),
    RejectRow("register.persons", "registre RPPS", "ROW_WIDTH", 2, DAY),
)
SOURCES = (
    SourceRow("annuaire", "annuaire e-FIT", "ok", None, 5412, 0, DAY),
    SourceRow("register.persons", "registre RPPS", "ok", DAY, 2214307, 2, DAY),
    SourceRow(
        "register.cards", "fichier des porteurs de cartes", "stale", date(2026, 11, 15), 0, 0, date(2026, 11, 18)
    ),
    SourceRow("workbook:52.xlsx", "classeur regions/52-pays-de-la-loire.xlsx", "ok", None, 287, 2, DAY),
    SourceRow("workbook:11.ods", "classeur regions/11-ile-de-france.ods", "ok", None, 1240, 6, DAY),
)
