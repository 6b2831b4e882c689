"""The SHA-256 that is made beside a look at the lines is hashlib's, however the bytes come, whatever is looked at."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.bytescan import compiled, glance
from connectors.bytescan.compiled import build, digest
from connectors.bytescan.compiled.digest import FileDigest
from connectors.bytescan.lines import Lines, open_text
from schemas.reading.source import Wanted
from tests.connectors.test_compiled_glance import AT, PERSONS
from tests.connectors.test_register_glance import ODD, TORN, USUAL

LINES = [*(line.encode() for line in USUAL + ODD), *TORN]


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    build.build()
    compiled.compiled.cache_clear()


def test_this_machine_digests_beside_if_its_processor_can():
    facts = Path("/proc/cpuinfo")
    flags = set(facts.read_text().split()) if facts.is_file() else set()
    if compiled.compiled() and flags >= {"sha_ni", "avx2", "bmi1"}:
        assert FileDigest().beside


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=300), st.integers(0, 200).map(bytes)), max_size=12), st.data(), st.booleans()
)
def test_any_bytes_in_any_pieces_some_of_them_taken_back(pieces: list[bytes], data: st.DataObject, in_c: bool):
    with pytest.MonkeyPatch.context() as patched:
        if not in_c:
            patched.setattr(digest, "compiled", lambda: None)
        made, whole = FileDigest(), b""
        for piece in pieces:
            made.offer(piece)
            count = data.draw(st.integers(0, len(piece)))
            if made.withdraw(count):
                piece = piece[: len(piece) - count]
            whole += piece
            if data.draw(st.booleans()):
                assert made.hexdigest() == hashlib.sha256(whole).hexdigest()
        assert made.hexdigest() == hashlib.sha256(whole).hexdigest()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=30)), max_size=60),
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from([100, 2500, 1 << 20]),
    st.sampled_from([0, 1, 2]),
)
def test_whatever_is_looked_at_the_digest_is_that_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, content: list[bytes], end: bytes, block: int, looks: int
):
    path = tmp_path_factory.mktemp("digest") / "x.txt"
    path.write_bytes(end.join(content))
    with pytest.MonkeyPatch.context() as patched, open_text(path, lambda _: 1, identify=True) as text:
        patched.setattr("connectors.bytescan.lines.BLOCK", block)
        eye = glance.Glance(AT, PERSONS, Wanted(), keyed=True)
        for batch in Lines(text).batches():
            seen = [eye.look(batch) for _ in range(looks)]
            assert all(np.array_equal(one.hashes, seen[0].hashes) for one in seen)
        assert text.identified() == (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
