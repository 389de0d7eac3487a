"""One holder at a time, whichever way the holder goes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storage.errors import TryAgainLater
from storage.store import Store

pytestmark = pytest.mark.slow  # processes

HOLD = """
import sys, time
from pathlib import Path
from storage.store import Store
with Store.open(sys.argv[1], Path(sys.argv[2]), create=False).lock("nightly"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_holder_is_told_who_was_first(store: Store) -> None:
    with store.lock("nightly"):
        with (
            pytest.raises(TryAgainLater, match=f"pid {os.getpid()} on .* since 20") as caught,
            store.lock("nightly"),
        ):
            pytest.fail("two held it")
        assert caught.value.kind == "locked"
        with store.lock("another"):
            pass
    with store.lock("nightly"):
        pass


def test_it_is_let_go_when_the_work_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.lock("nightly"):
        raise ZeroDivisionError
    with store.lock("nightly"):
        pass


def test_it_is_let_go_when_the_holder_is_killed(store: Store, database: str, tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, database, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(TryAgainLater, match=f"pid {holder.pid}"), store.lock("nightly"):
        pytest.fail("two held it")
    holder.kill()
    started = time.monotonic()
    with store.lock("nightly", wait_seconds=20):
        pass
    assert time.monotonic() - started < 15
    holder.wait()
    holder.stdout.close()


def test_a_forked_child_that_lives_on_does_not_keep_it(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "media", create=True)
    script = (
        "import os, sys, time\nfrom pathlib import Path\nfrom storage.store import Store\n"
        "with Store.open(sys.argv[1], Path(sys.argv[2]), create=False).lock('nightly'):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n        os.close(1)\n        time.sleep(30)\n        os._exit(0)\n"
        "    print(child, flush=True)\n    os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, f"sqlite:///{tmp_path / 'x.db'}", str(tmp_path)],
        stdout=subprocess.PIPE,
        check=True,
    )
    try:
        with store.lock("nightly", wait_seconds=5):
            pass
    finally:
        os.kill(int(done.stdout), 9)
        store.close()


def test_memory_has_a_lock_too(tmp_path: Path) -> None:
    store = Store.open("sqlite://", tmp_path / "media", create=True)
    with store.lock("nightly"), pytest.raises(TryAgainLater), store.lock("nightly"):
        pytest.fail("two held it")
    with store.lock("nightly"):
        pass
    store.close()
