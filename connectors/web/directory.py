"""The national directory's API (FHIR R4): searches page by page, no faster than it allows, patient within bounds.

Nothing is decided here but whether a page came. The key goes to the configured server alone, wherever a page says that
the next one lies.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import httpx
from pydantic import ValidationError

from connectors.system.closing import Closing
from connectors.web.client import open_client
from connectors.web.fetch import AGENT, context_of, told
from schemas.errors import BrokenOffError, FetchError
from schemas.nomenclatures import say
from schemas.people.fhir import Bundle
from schemas.reading.arrival import Address, retry_seconds

KEY = "ESANTE-API-KEY"
CALLS_A_SECOND = 16.0  # the directory allows 17
PAUSES = (1.0, 2.0, 4.0)
PATIENCE = 60.0  # seconds of waiting in all, for what it asks for and for answers that break off
PAGES_EACH = 10  # of one search, for each of those asked for: pages that go on longer never end
LONGEST = 60.0  # seconds of one answer
LARGEST = 100_000_000  # bytes of one page


@dataclass(frozen=True, slots=True)
class _Reply:
    status_code: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(slots=True)
class DirectoryLine(Closing):
    """A connection to the directory. Raises FetchError where its authority cannot be read.

    `calls`: how many were made; `seen`: the newest moment that an answer says it is of; `on_wait`: told the sentence of
    each pause.
    """

    address: Address
    key: str
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    patience: float = PATIENCE
    on_wait: Callable[[str], None] = lambda _sentence: None
    calls: int = 0
    seen: datetime | None = None
    _waited: float = 0.0
    _free_at: float = 0.0
    _broken: FetchError | None = None
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = open_client(
            verify=context_of(self.address) if self.address.url.startswith("https") else True,
            timeout=self.address.timeout,
            headers={KEY: self.key, "Accept": "application/fhir+json", "User-Agent": AGENT},
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def search(self, kind: str, wanted: Mapping[str, str]) -> Iterator[Bundle]:
        """Yield every page of a search.

        Raises FetchError when one does not come: what came before is not all there is.
        """
        url = f"{self.address.url.rstrip('/')}/{kind}?{httpx.QueryParams(wanted)}"
        most = PAGES_EACH * max((1 + one.count(",") for one in wanted.values()), default=1)
        found, total, known, visited = 0, None, set[object](), set[str]()
        while url:
            visited.add(url)
            page = self._page(url)
            here = [one.get("id") for one in page.of(kind)]
            url = self._ours(page.next) if page.next else ""
            again = bool(here) and known.issuperset(here)  # though its address is another
            if url in visited or again or (url and len(visited) >= most):
                raise FetchError(say("directory.round", place=self.address.place))
            yield page
            known.update(here)
            found += len(here)
            total = page.total if total is None else total
        if total is not None and found < total:
            raise FetchError(say("directory.short", place=self.address.place, found=found, total=total))

    def _ours(self, url: str) -> str:
        """The same page, asked of the configured server: the key is for nobody else."""
        base, other = urlsplit(self.address.url), urlsplit(url)
        if not other.netloc and not other.path.startswith("/"):
            return f"{self.address.url.rstrip('/')}/{url.lstrip('/')}"
        return urlunsplit((base.scheme, base.netloc, other.path, other.query, ""))

    def _page(self, url: str) -> Bundle:
        pauses = iter(PAUSES)
        while True:
            answer = self._ask(url)
            if answer is not None and answer.status_code == 200:
                return self._read(answer)
            self._wait(answer, pauses)

    def _ask(self, url: str) -> "_Reply | None":
        """The answer; None where the line broke, which may pass."""
        self._pace()
        self.calls += 1
        since = self.clock()
        try:
            with self._client.stream("GET", url) as answer:
                return _Reply(answer.status_code, answer.headers, self._content(answer))
        except httpx.HTTPError as error:
            found = told(error, self.address, "directory")
            if isinstance(found, BrokenOffError):
                self._broken = found
                self._waited += self.clock() - since  # in vain: a server that stalls is waited for as one that is busy
                return None
            raise found from error

    def _content(self, answer: httpx.Response) -> bytes:
        """All of it: a server that gives a byte a second never stalls, and would hold the night for days."""
        until, blocks, size = self.clock() + LONGEST, [], 0
        for block in answer.iter_bytes():
            blocks.append(block)
            size += len(block)
            if size > LARGEST:
                raise FetchError(say("directory.no_bundle", place=self.address.place))
            if self.clock() > until:
                raise httpx.ReadTimeout("")
        return b"".join(blocks)

    def _pace(self) -> None:
        """No call begins sooner after the last one than the directory allows."""
        now = self.clock()
        if now < self._free_at:
            self.sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + 1 / CALLS_A_SECOND

    def _wait(self, answer: "_Reply | None", pauses: Iterator[float]) -> None:
        """As the server asks, else a little longer each time. Raises FetchError where that is too long, or no use."""
        status = answer.status_code if answer is not None else 0
        if status in (401, 403):
            raise FetchError(say("directory.key", place=self.address.place, code=status))
        if answer is not None and status not in (408, 425, 429) and status < 500:
            key = "elsewhere" if 300 <= status < 400 else "refused"
            raise FetchError(say(f"directory.{key}", place=self.address.place, code=status))
        said = retry_seconds(answer.headers.get("Retry-After", ""), datetime.now(UTC)) if answer is not None else None
        seconds = next(pauses, None) if said is None else said
        if seconds is not None and self._waited + seconds <= self.patience:
            self._waited += seconds
            key = "step.fetch_wait" if status else "step.fetch_again"
            self.on_wait(say(key, place=self.address.place, code=status, seconds=f"{seconds:.0f}"))
            self.sleep(seconds)
        elif answer is None and self._broken:
            raise self._broken
        else:
            raise FetchError(say("fetch.busy_server", place=self.address.place, code=status), may_pass=True)

    def _read(self, answer: "_Reply") -> Bundle:
        try:
            page = Bundle.model_validate_json(answer.content)
        except ValidationError:  # `from None`: it quotes what it found
            raise FetchError(say("directory.no_bundle", place=self.address.place)) from None
        if page.resourceType != "Bundle":
            raise FetchError(say("directory.no_bundle", place=self.address.place))
        moment = page.meta.moment
        if moment and (self.seen is None or moment > self.seen):
            self.seen = moment
        return page
