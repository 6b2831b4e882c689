"""The snapshot of tonight, from reading its sources: ours first, then the national ones for those who concern us."""

from flows.registers import read_national
from flows.sources import Reader, read_local
from pipelines.snapshot import snapshot_of
from pipelines.world import World


def read_snapshot(reader: Reader) -> World:
    """Everything the sources say; of an annuaire that is not whole nothing but the account of it.

    Raises AnnuaireError when the annuaire cannot be read.
    """
    local = read_local(reader)
    return snapshot_of(local, read_national(reader, local), reader.day, reader.policy, reader.baseline)
