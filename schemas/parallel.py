"""How the parts of one work are shared out; who carries them out, and where, is not the work's affair."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

S = TypeVar("S")
J = TypeVar("J")
R = TypeVar("R")


class ParallelMap(Protocol):
    """Carries out `work(shared, job)` for every job, perhaps at once, perhaps elsewhere, each perhaps more than once.

    Gives what each gave, in the order of the jobs; raises what the first of them raised. `work` is a function of a
    module; `shared`, the jobs and what they give can be pickled.
    """

    @property
    def here(self) -> bool:
        """Whoever helps sees the files that this process sees: no job is tried twice, and what it writes lies here."""

    @property
    def others(self) -> bool:
        """Other machines help: what they do costs this one nothing."""

    def __call__(self, work: Callable[[S, J], R], shared: S, jobs: Iterable[J], /) -> Iterator[R]: ...
