"""The snapshot of tonight, from reading its sources: ours first, then the national ones for those who concern us."""

from flows.registers import read_national
from flows.second_reading import read_against_registers
from flows.sources import Reader, read_local
from pipelines.snapshot import snapshot_of
from pipelines.world import World


def read_snapshot(reader: Reader) -> World:
    """Everything the sources say; of an annuaire that is not whole nothing but the account of it.

    Raises AnnuaireError when the annuaire cannot be read.
    """
    local = read_local(reader)
    national = read_national(reader, local)
    local = read_against_registers(reader, local, national)
    return snapshot_of(local, national, reader.day, reader.policy, reader.baseline)
