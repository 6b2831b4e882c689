"""Other hands, as a part sees them: everything goes there and comes back as bytes, and the last part is done first."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from flows.run.steps import Plainly, Step
from schemas.parallel import ParallelMap


class OtherHands:
    """Nothing is here; `told` that somebody helps."""

    here, others = False, True

    def __init__(self, told: Callable[[], object] = lambda: None) -> None:
        self.told = told

    def __call__(self, work: Callable[[Any, Any], Any], shared: Any, jobs: Iterable[Any], /) -> Iterator[Any]:
        self.told()
        sent = [pickle.dumps((work, shared, job)) for job in jobs]
        done = [pickle.dumps(_carried_out(one)) for one in reversed(sent)]
        return map(pickle.loads, reversed(done))


elsewhere = OtherHands()


def _carried_out(sent: bytes) -> Any:
    work, shared, job = pickle.loads(sent)
    return work(shared, job)


class Elsewhere(Plainly):
    """Steps are done here, their parts by other hands; `spread_out` remembers which steps had any."""

    def __init__(self) -> None:
        self.spread_out: set[str] = set()

    def spread(self, step: Step, /, *, sent: bool = True) -> ParallelMap:  # type: ignore[override]  # somebody is there
        return OtherHands(partial(self.spread_out.add, f"{step.id}{'' if sent else ' (not sent)'}"))
