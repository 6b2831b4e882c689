"""The snapshot of tonight, from reading its sources: ours first, then the national ones for those who concern us."""

from dataclasses import replace

from flows.reading.kept_cells import KeptCells
from flows.reading.local import read_local, source_names
from flows.reading.national import read_national
from flows.reading.second_reading import read_against_registers
from flows.reading.workbooks import MOST_SHARED
from flows.run.run import Run
from flows.run.without_gc import forget
from flows.state.witness import ask_clock
from pipelines.lifecycle.fingerprints import with_fingerprints
from pipelines.sources.baseline import NOTHING_BEFORE, Baseline
from pipelines.sources.joining import register_of, snapshot_of
from pipelines.sources.snapshot import Snapshot
from schemas.reading.source_names import STORE


def recall_baseline(run: Run, moving: frozenset[str] = frozenset()) -> Baseline:
    """Return what the nights before left to hold the sources against; `moving`: the sources that do not come to
    rest.
    """
    return replace(run.state.baseline(source_names(run.settings), run.released), moving=moving)


def read_snapshot(run: Run, baseline: Baseline = NOTHING_BEFORE) -> Snapshot:
    """Read everything the sources say, held against the nights before; our own state is told of where it is in doubt.

    Raises AnnuaireError when the annuaire cannot be read; of one that is not whole there is nothing but the account.
    """
    kept = KeptCells()
    local = read_local(run, baseline, kept)
    national = read_national(run, baseline, local)
    register = register_of(national)
    local = read_against_registers(run, baseline, local, register, kept)
    if len(local.annuaire.items.accounts) > MOST_SHARED:  # nobody else has judged the rows: it is all remembered here
        forget()
    snapshot = with_fingerprints(snapshot_of(local, national, run.day, run.policy, baseline, register))
    doubt = run.state.testimony.doubt
    if doubt is None and not run.request.dry_run:
        doubt = ask_clock(run.settings, run.state.store, run.day)
    if doubt is None or STORE in baseline.released:
        return snapshot
    return replace(snapshot, sources=snapshot.sources.with_report(doubt.report))
