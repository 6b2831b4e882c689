"""One source that is to be brought in: where it is asked for, where it goes, what is known of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.sources.catalogue import holds
from flows.fetching.download import Sleep
from flows.run.progress import Progress
from flows.settings.model import Settings
from flows.settings.sources import FetchSettings
from flows.state.run_state import now
from schemas.errors import FetchError
from schemas.nomenclatures import say
from schemas.reading.arrival import (
    Address,
    Arrived,
    Brought,
    Memory,
    pattern_for,
)
from schemas.reading.source_names import ANNUAIRE, register_key, setting_of


def source_name(name: str) -> str:
    """Return « registre RPPS »."""
    return say(f"source.{name.replace('.', '_')}")


def address_of(settings: Settings, one: FetchSettings) -> Address:
    """Tell where a source is asked for. Raises FetchError when a file of the configuration is not there."""
    files = {}
    for key in ("ca_file", "certificate", "key"):
        name = getattr(one, key)
        files[key] = str(settings.path(name)) if name else ""
    if files["ca_file"] and not Path(files["ca_file"]).is_file():
        raise FetchError(say("config.fetch_ca_file", path=one.ca_file))
    return Address(url=one.url.strip(), timeout=one.timeout, **files)


def pattern_of(settings: Settings, name: str) -> str | None:
    """Tell where a source looks for its file; None where it is not configured."""
    if name == ANNUAIRE:
        return settings.annuaire.export
    found: str | None = getattr(settings.register_, register_key(name))
    return found


@dataclass(frozen=True, slots=True)
class Errand:
    """One source under way: what is configured and known of it, who hears of it.

    `last`: the last file that came, where it is still there as it came.
    """

    settings: Settings
    asked: FetchSettings
    memory: Memory
    last: Arrived | None
    tell: Progress
    sleep: Sleep

    @property
    def folder(self) -> Path:
        """Where its files are brought."""
        return self.settings.path(self.asked.into)

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is."""
        self.tell(say("step.fetch", source=source_name(self.asked.name)), done, max(done, total))


def unchanged(errand: Errand) -> tuple[Brought, Memory]:
    """Return what becomes of a source of which there is nothing new."""
    memory = errand.memory.model_copy(update={"asked_at": now(), "failed_at": None, "failure": ""})
    newest = errand.memory.newest
    path = errand.settings.shown(errand.folder / newest.name) if newest else ""
    return Brought(errand.asked.name, "unchanged", "", newest, path, remarks=(*strange(errand, newest),)), memory


def strange(errand: Errand, arrived: Arrived | None) -> Iterator[str]:
    """Tell that the source is configured, and would not look at this file."""
    pattern = pattern_of(errand.settings, errand.asked.name)
    if arrived and pattern and not holds(pattern, errand.settings.root, errand.folder / arrived.name):
        path = errand.settings.shown(errand.folder / arrived.name)
        values = {"key": setting_of(errand.asked.name), "pattern": pattern_for(path)}
        yield say("fetch.stranger", path=path, source=errand.asked.name, **values)
