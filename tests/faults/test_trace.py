"""Synced, then sent: by the system calls of a real start, where they can be traced, and by traces made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.sandbox.server import Sandbox
from tests.faults.trace import is_at_hand, sends_of, traced

ID = "0123456789abcdef0123456789abcdef"
WRITE = f'7 1.0 pwrite64(8</d/library.sqlite3-wal>, "\\0\\1{ID}sendingextension", 4096, 0) = 4096'
QUEUED = f'7 1.0 pwrite64(8</d/library.sqlite3-wal>, "\\0\\1{ID}queuedextension", 4096, 0) = 4096'
SYNC = "7 1.1 fdatasync(8</d/library.sqlite3-wal>) = 0"
FAILED = "7 1.1 fdatasync(8</d/library.sqlite3-wal>) = -1 EIO"
ELSEWHERE = "7 1.1 fsync(9</d/other.sqlite3>) = 0"
BEGUN = "8 1.1 fdatasync(8</d/library.sqlite3-wal> <unfinished ...>"
ENDED = "8 1.3 <... fdatasync resumed>) = 0"
SEND = f'7 1.2 sendto(12<socket:[1]>, "{{\\"prompt\\": \\"x\\", \\"external_task_id\\": \\"{ID}\\"}}", 213, 0) = 213'


@pytest.mark.parametrize(
    ("lines", "is_synced"),
    [
        ([WRITE, SYNC, SEND], True),
        ([WRITE, BEGUN, ENDED, SEND], True),
        ([WRITE, SEND, SYNC], False),
        ([SYNC, WRITE, SEND], False),
        ([QUEUED, SYNC, SEND], False),
        ([WRITE, ELSEWHERE, SEND], False),
        ([WRITE, FAILED, SEND], False),
        ([WRITE, BEGUN, SEND, ENDED], False),
        ([BEGUN, WRITE, ENDED, SEND], False),
        ([SEND], False),
    ],
)
def test_traces_are_read_in_their_order(lines: list[str], is_synced: bool) -> None:
    sends = sends_of(lines)
    assert (sends.synced, sends.unsynced) == (([ID], []) if is_synced else ([], [ID]))


@pytest.mark.skipif(not is_at_hand(), reason="system calls cannot be traced here: install strace")
class TestARealStart:
    def test_what_is_paid_for_leaves_after_the_disk_has_it(self, sandbox: Sandbox, tmp_path: Path) -> None:
        sends = traced(sandbox, tmp_path)
        assert len(sends.synced) == 2
        assert sends.unsynced == []

    def test_a_product_that_writes_later_is_seen(self, sandbox: Sandbox, tmp_path: Path) -> None:
        assert len(traced(sandbox, tmp_path, "no-write-before-send").unsynced) == 2
