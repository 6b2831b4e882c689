"""The snapshot of tonight, from reading its sources: ours first, then the national ones for those who concern us."""

from flows.registers import read_national
from flows.run import Run
from flows.second_reading import read_against_registers
from flows.sources import read_local
from pipelines.baseline import NOTHING_BEFORE, Baseline
from pipelines.snapshot import snapshot_of
from pipelines.world import World


def read_snapshot(run: Run, baseline: Baseline = NOTHING_BEFORE) -> World:
    """Everything the sources say, held against the nights before.

    Raises AnnuaireError when the annuaire cannot be read; of one that is not whole there is nothing but the account.
    """
    local = read_local(run, baseline)
    national = read_national(run, baseline, local)
    local = read_against_registers(run, baseline, local, national)
    return snapshot_of(local, national, run.day, run.policy, baseline)
