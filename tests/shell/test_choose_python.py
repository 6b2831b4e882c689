"""Which Python the environment is made of: the one on the path, unless the system's own does the same in less time."""

import os
import subprocess
from pathlib import Path

import pytest

CHOOSE = Path(__file__).parents[2] / "deploy" / "choose-python"
OWN = "/usr/bin/python3"


@pytest.fixture(name="own_is_whole")
def _own_is_whole() -> bool:
    """The system has a Python that makes environments and compiles."""
    asked = "import ensurepip, os, sysconfig; print(os.path.exists(sysconfig.get_path('include') + '/Python.h'))"
    if not Path(OWN).exists():
        return False
    return subprocess.run([OWN, "-c", asked], check=False, capture_output=True, text=True).stdout.strip() == "True"


@pytest.mark.parametrize(
    ("says", "own_is_chosen"),
    [
        ("echo 1", False),
        ("echo 999999999", True),
        ("exit 1", True),
        ("echo Welcome; echo 1", False),
        ("echo Welcome", True),
    ],
    ids=["a fast one", "a slow one", "one that makes no environment", "one that greets", "one that only greets"],
)
def test_the_one_that_takes_less_time_is_chosen(
    tmp_path: Path, own_is_whole: bool, says: str, own_is_chosen: bool
) -> None:
    first = tmp_path / "python3"
    first.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    first.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run([CHOOSE], env={"PATH": path}, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [OWN if own_is_chosen and own_is_whole else "python3"]
    assert done.stderr == ""
