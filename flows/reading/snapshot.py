"""The snapshot of tonight, from reading its sources: ours first, then the national ones for those who concern us."""

from flows.reading.local import read_local
from flows.reading.national import read_national
from flows.reading.second_reading import read_against_registers
from flows.run.run import Run
from pipelines.sources.baseline import NOTHING_BEFORE, Baseline
from pipelines.sources.joining import snapshot_of
from pipelines.sources.snapshot import Snapshot


def read_snapshot(run: Run, baseline: Baseline = NOTHING_BEFORE) -> Snapshot:
    """Everything the sources say, held against the nights before.

    Raises AnnuaireError when the annuaire cannot be read; of one that is not whole there is nothing but the account.
    """
    local = read_local(run, baseline)
    national = read_national(run, baseline, local)
    local = read_against_registers(run, baseline, local, national)
    return snapshot_of(local, national, run.day, run.policy, baseline)
