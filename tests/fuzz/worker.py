"""One libFuzzer run of one target, in a process that may die: `python -m tests.fuzz.worker TARGET SECONDS FOLDER`.

Coverage-guided (atheris): our own code, and the pure Python libraries that parse for us, are instrumented. Each
broken promise is written down once, with the first file that broke it, and the run goes on.
"""

import json
import os
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["connectors", "pipelines", "schemas", "flows"]):
    from tests.fuzz.mutation import spoil
    from tests.fuzz.seeds import SEEDS
    from tests.fuzz.targets import TARGETS, deaths

MEMORY = 6_000_000_000  # bytes of address space, libFuzzer's own included
SECONDS_EACH = 60  # as the guard's
MOST_BYTES = 400_000


def main(target: str, seconds: int, folder: Path) -> None:
    """Fuzz for so many seconds; findings, counts and libFuzzer's artifacts lie in the folder."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for at, seed in enumerate(SEEDS[target]()):
        (corpus / f"seed-{at}").write_bytes(seed)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    counts: Counter[str] = Counter()
    told = [0.0]

    def one(data: bytes) -> None:
        counts["runs"] += 1
        try:
            TARGETS[target](data)
        except Exception as broken:  # noqa: BLE001 - whatever it is, it is what we look for
            counts["broken"] += 1
            _write_down(folder, data, broken)
        if time.monotonic() > told[0] + 2:
            told[0] = time.monotonic()
            (folder / f"counts-{os.getpid()}.json").write_text(json.dumps({**counts, "deaths": deaths}))

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return spoil(data, most, seed, atheris.Mutate)

    options = [
        f"-max_total_time={seconds}", f"-timeout={SECONDS_EACH}", "-rss_limit_mb=4000", f"-max_len={MOST_BYTES}",
        "-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={folder}/", "-len_control=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=mutate)
    atheris.Fuzz()


def _write_down(folder: Path, data: bytes, broken: BaseException) -> None:
    frames = traceback.extract_tb(broken.__traceback__)
    last = next((frame for frame in reversed(frames) if "/tests/fuzz/" not in frame.filename), frames[-1])
    place = f"{type(broken).__name__}-{Path(last.filename).stem}-{last.lineno}"
    path = folder / f"broken-{place}.bin"
    if not path.exists():
        path.write_bytes(data)
        path.with_suffix(".txt").write_text("".join(traceback.format_exception(broken)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
