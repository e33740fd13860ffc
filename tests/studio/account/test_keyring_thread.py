"""Work that hangs keeps nobody alive."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from kling_desktop.studio.account.keyring_thread import run_unjoined

_HANGS = """
import asyncio, threading
from kling_desktop.studio.account.keyring_thread import run_unjoined

async def main():
    hanging = asyncio.create_task(run_unjoined(threading.Event().wait))
    await asyncio.sleep(0.05)
    hanging.cancel()

asyncio.run(main())
print("ended")
"""


async def test_the_result_or_the_error_comes_back() -> None:
    assert await run_unjoined(lambda a, b: a + b, 2, b=3) == 5
    with pytest.raises(ZeroDivisionError):
        await run_unjoined(lambda: 1 / 0)


async def test_a_cancelled_wait_leaves_the_thread_to_itself() -> None:
    gate = threading.Event()
    waiting = asyncio.create_task(run_unjoined(gate.wait))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.set()


def test_a_process_ends_whatever_hangs() -> None:
    done = subprocess.run([sys.executable, "-c", _HANGS], capture_output=True, timeout=10, text=True, check=True)
    assert done.stdout == "ended\n"
