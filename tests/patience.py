"""How long a test waits for something that is certain to come: longer on a machine that has much to do.

A wait that must run out (a server that hangs on purpose) is none of these.
"""

import os

MOST = 20.0


def patient(seconds: float) -> float:
    """So many seconds on an idle machine; on a busy one as many times more as it has processes for each core."""
    cores = len(os.sched_getaffinity(0))
    others = max(os.getloadavg()[0], float(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    return seconds * min(MOST, max(1.0, others / cores))
