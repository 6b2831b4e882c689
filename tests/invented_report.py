"""The report of an invented CRH-ST: every kind of change, rejects, a notice."""

from pipelines.reports.report import Accesses, build_reports
from schemas.reports.health import Health
from schemas.reports.report import Report
from tests.invented_changes import CRH, DAY, LOT, STRUCTURES, invented_changes, invented_rejects, sign


def invented_report(notice: str = "Le fichier des porteurs de cartes n’a pas pu être lu cette nuit.") -> Report:
    """Of region 24."""
    made = build_reports(
        invented_changes(),
        as_of=DAY,
        lot=LOT,
        structures=STRUCTURES,
        rejects=invented_rejects(),
        notices={CRH: [notice]},
        sign=sign,
        accesses=Accesses({}, {}, Health("")),
    )
    return next(each for each in made if each.name == "CRH_ST-24")
