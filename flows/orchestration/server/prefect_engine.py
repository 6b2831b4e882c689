"""Prefect's engine, which plays one run of a flow, begun as lightly as a command of ours: a worker starts it for each.

`python -m flows.orchestration.server.prefect_engine`, in the place of `python -m prefect.engine`.
"""

import runpy

from flows.run.without_gc import start_lightly

if __name__ == "__main__":
    start_lightly()  # before Prefect and the night are imported: most of what a short run takes
    runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)
