"""Sources of which too many rows could be read by nobody: what is left of them is not to be trusted (contract §6a)."""

from dataclasses import replace

from connectors.readers.result import Reading
from pipelines.expect import hardly_legible
from pipelines.world import Policy
from schemas.nomenclatures import say


def legible(reading: Reading, rejected: int, policy: Policy) -> Reading:
    """A national file as it was read, or out of use where every row that concerns us was `rejected`, or too many."""
    total = len(reading.frame)
    strict = reading.report.name != "register.adeli"  # frozen since 2024: what cannot be read in it will not be mended
    if not reading.report.usable or not hardly_legible(rejected, total, policy, strict=strict):
        return reading
    return replace(reading, report=reading.report.failed(say("whole.illegible", rows=rejected, total=total)))
