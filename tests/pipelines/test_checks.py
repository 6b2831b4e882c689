"""The checks of workbook rows: each can do what its code says it costs."""

import pytest

from pipelines.sources.workbook.checks import CHECKS, NOTHING, RowCheck
from schemas.nomenclatures import issue_effects
from schemas.people.workbook_line import WorkbookRow


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_costs_a_field_or_nothing(check: RowCheck):
    """A row that must be left out cannot be checked as a line: `workbook_of` judges that before."""
    assert check.field in WorkbookRow.model_fields
    effect = issue_effects()[check.code]
    assert effect in ("field", "warning")
    assert effect == "warning" or check.field in NOTHING


def test_no_code_is_checked_twice():
    assert len({check.code for check in CHECKS}) == len(CHECKS)
