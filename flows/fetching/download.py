"""One file from a server: asked for, waited for, taken up where it broke, until it lies whole in its part."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from connectors.system.growing import GrowingFile
from connectors.web.fetch import LONGEST, HttpsLine
from flows.run.progress import Progress
from flows.settings.sources import FetchSettings
from flows.state.run_state import now
from pipelines.sources.wholeness.fetching import (
    Course,
    Next,
    afresh,
    body_begins,
    broken_off,
    headers_for,
    next_of,
    wait_before,
    worn_out,
)
from schemas.errors import BrokenOffError, FetchError, OtherVersionError
from schemas.nomenclatures import say
from schemas.reading.arrival import SEAM, Memory, ServerAnswer
from schemas.typography import size_text

Sleep = Callable[[float], None]


@dataclass(slots=True)
class Download:
    """One file under way; `memory` of the last one, empty where that is no longer here.

    What an earlier process left is taken up: its last bytes are asked for once more, and are to be the same.
    """

    line: HttpsLine
    part: GrowingFile
    asked: FetchSettings
    memory: Memory
    tell: Progress
    sleep: Sleep
    progress: Callable[[int, int], None]
    _course: Course = field(default_factory=Course)
    _head: ServerAnswer = field(default_factory=lambda: ServerAnswer(0))
    _taken: bool = False
    _until: float = field(default_factory=lambda: time.monotonic() + LONGEST)

    def __post_init__(self) -> None:
        if begun := self.part.begun:
            have = self.part.size - SEAM
            self.part.go_to(have)
            self._head = begun.answer
            self._course = Course(have, have, begun.answer)
            place, size = self.line.address.place, size_text(have)
            self.tell(say("step.fetch_taken_up", place=place, size=size), 0, 0)

    def run(self) -> ServerAnswer | None:
        """Return the head of the answer whose content lies whole in the part, None where the server has nothing new.

        Raises FetchError when it does not come.
        """
        while True:
            headers = headers_for(self._course, self.memory, self.asked.url)
            try:
                answer = self.line.get(headers, self._begin, self.part, self._received)
            except OtherVersionError as error:
                self._course = afresh(self._course)
                self._unless_worn_out(str(error))
                continue
            except BrokenOffError as error:
                self._course = broken_off(self._course, self.part.tell())
                self._unless_worn_out(str(error))
                continue
            self._course = replace(self._course, have=self.part.tell())
            conditional = not headers.keys().isdisjoint({"If-None-Match", "If-Modified-Since"})
            match next_of(answer, self._course, conditional=conditional, taken=self._taken):
                case "whole" if self._course.have == self.part.size:
                    return self._head
                case "whole":  # it ends before what lies here does
                    self._course = afresh(self._course)
                case "unchanged":
                    return None
                case step:
                    self._course = self._after(step, answer)
            key = "fetch.wrong_part" if answer.status in (206, 416) and not self._taken else "fetch.broken"
            self._unless_worn_out(say(key, place=self.line.address.place, code=answer.status))

    def _begin(self, answer: ServerAnswer) -> int | None:
        at = body_begins(answer, self._course)
        self._taken = at is not None
        if answer.status == 200 and self._taken:  # from its beginning, perhaps another file than the one that broke off
            self._head = answer
            self.part.begin(self.asked.url, answer, now())
            self._course = replace(self._course, have=0, begun=answer)
        return at

    def _received(self, done: int, total: int) -> None:
        self.part.grown()
        self.progress(done, total)

    def _after(self, step: Next, answer: ServerAnswer) -> Course:
        match step:
            case "again":
                return broken_off(self._course, self._course.have)
            case "afresh":
                return afresh(self._course)
            case "wait":
                return self._waited(answer)
            case "page":
                raise FetchError(say("fetch.page"))
            case "nothing":
                raise FetchError(say("fetch.nothing", place=self.line.address.place, code=answer.status))
            case _:
                key = "fetch.nowhere" if 300 <= answer.status < 400 else "fetch.refused"
                raise FetchError(say(key, place=self.line.address.place, code=answer.status))

    def _waited(self, answer: ServerAnswer) -> Course:
        """After the pause that the server asks for. Raises FetchError when there were enough of them."""
        place = self.line.address.place
        seconds = wait_before(self._course, answer, self.asked.retry_seconds, now())
        if seconds is None:
            key = "fetch.busy_server" if self._course.waits >= len(self.asked.retry_seconds) else "fetch.busy_long"
            raise FetchError(say(key, place=place, code=answer.status))
        self.tell(say("step.fetch_wait", place=place, code=answer.status, seconds=f"{seconds:.0f}"), 0, 0)
        self.sleep(seconds)
        self._until += seconds  # what the server asked to wait is not its slowness
        return replace(self._course, waits=self._course.waits + 1)

    def _unless_worn_out(self, message: str) -> None:
        if worn_out(self._course):
            raise FetchError(message, may_pass=True)
        if time.monotonic() > self._until:  # a few bytes more at every break, and never the end
            raise FetchError(say("fetch.too_slow", place=self.line.address.place), may_pass=True)
