"""A country too large for several processes to look at: each would hold most of the accounts once more."""

from connectors.bytescan.ahead import with_hands
from flows.reading.workbooks import MOST_SHARED, helpers
from flows.run.run import Steps


def test_nobody_helps_to_judge_the_workbooks_of_a_very_large_country() -> None:
    with with_hands(2):
        assert helpers(Steps(), MOST_SHARED) is not None
        assert helpers(Steps(), MOST_SHARED + 1) is None
    with with_hands(1):
        assert helpers(Steps(), 1) is None
