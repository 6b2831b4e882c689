"""What `[[fetch]]` names is brought in, each file whole or not at all: for `fetch`, and as the night's first step.

A file that does not come leaves the last one where it is: the night goes on with it, and its age speaks.
"""

import difflib
import time
from collections.abc import Callable, Sequence
from functools import partial

from connectors.system.arrivals import (
    recall,
    remember,
    same_content,
)
from connectors.system.growing import growing
from connectors.web.fetch import HttpsLine, context_of
from flows.fetching.download import Download, Sleep
from flows.fetching.errand import Errand, address_of, unchanged
from flows.fetching.filing import file_away
from flows.run.progress import Progress
from flows.run.steps import Step, StepRunner, Trouble, plainly
from flows.settings.model import Settings
from flows.settings.sources import FetchSettings
from flows.state.run_state import now
from schemas.errors import ConfigurationError, FetchError
from schemas.nomenclatures import say
from schemas.reading.arrival import (
    Brought,
    Memory,
)


def bring_in(
    settings: Settings,
    asked: Sequence[FetchSettings],
    tell: Progress,
    do: StepRunner = plainly,
    sleep: Sleep = time.sleep,
) -> tuple[Brought, ...]:
    """Return each source in turn; one that does not come keeps no other from coming, and raises nothing."""

    def work(one: FetchSettings) -> Callable[[], Brought]:
        return partial(_bring, settings, one, tell, sleep)

    return tuple(do(Step("fetch", one.name), work(one), not_brought) for one in asked)


def not_brought(brought: Brought) -> Trouble | None:
    """Return what kept a file from coming."""
    return Trouble(brought.message, may_pass=brought.may_pass) if brought.outcome == "failed" else None


def chosen(fetch: Sequence[FetchSettings], names: Sequence[str]) -> tuple[FetchSettings, ...]:
    """Return those of `[[fetch]]` that are named, or all. Raises ConfigurationError for a name that none has."""
    known = [one.name for one in fetch]
    if not known:
        raise ConfigurationError([say("fetch.none")])
    problems = []
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            problems.append(say("fetch.unknown", found=name, near=near[0]))
    if problems:
        raise ConfigurationError(problems)
    return tuple(one for one in fetch if not names or one.name in names)


def files_missing(settings: Settings, asked: Sequence[FetchSettings]) -> None:
    """Refuse every authority, certificate and key that cannot be used; a proxy of the environment keeps a file from
    coming, and no more. Raises ConfigurationError.
    """
    problems = []
    for one in asked:
        try:
            context_of(address_of(settings, one))
        except FetchError as error:
            problems.append(str(error))
    if problems:
        raise ConfigurationError(problems)


def _bring(settings: Settings, asked: FetchSettings, tell: Progress, sleep: Sleep) -> Brought:
    folder = settings.path(asked.into)
    memory = recall(folder).get(asked.name, Memory())
    last = memory.newest if memory.newest and same_content(folder / memory.newest.name, memory.newest) else None
    errand = Errand(settings, asked, memory, last, tell, sleep)
    try:
        with growing(folder, asked.name, asked.url, now()) as part, HttpsLine(address_of(settings, asked)) as line:
            errand.progress(0, 0)
            # what the server says is unchanged must still be here
            download = Download(line, part, asked, memory if last else Memory(), tell, sleep, errand.progress)
            answer = download.run()
            part.over()
            brought, known = unchanged(errand) if answer is None else file_away(part.file, answer, errand)
            remember(folder, {**recall(folder), asked.name: known})
    except FetchError as error:
        brought = Brought(asked.name, "failed", str(error), errand.memory.newest, may_pass=error.may_pass)
        _remember_failure(errand, str(error))
    return brought


def _remember_failure(errand: Errand, message: str) -> None:
    """For `doctor`; a folder that cannot be written is the failure itself."""
    memory = errand.memory.model_copy(update={"failed_at": now(), "failure": message})
    try:
        remember(errand.folder, {**recall(errand.folder), errand.asked.name: memory})
    except FetchError:
        return
