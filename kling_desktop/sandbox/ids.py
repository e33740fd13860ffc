"""Mints ids that look and age like Kling's: decimal strings that hold their time of birth."""

from __future__ import annotations

import hashlib
import threading

EPOCH_MS = 1_568_028_518_783
"""What `id >> 22` counts from, in Unix ms: fitted to published pairs of ids and times."""

VIDEO_LAG_MS = 44
"""A video id is this much younger than its task id: it is minted at submission, not at completion."""

_LOW_BITS = 22


class Mint:
    """Hands out ids, never the same twice within a process; safe in threads."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()

    def at(self, unix_ms: int) -> str:
        """A new id whose time is `unix_ms`."""
        with self._lock:
            self._count += 1
            low = (0x2A7 << 12 | self._count % 4096) & ((1 << _LOW_BITS) - 1)
        return str((unix_ms - EPOCH_MS) << _LOW_BITS | low)


def seed_of(*parts: object) -> int:
    """A stable 48-bit number from any texts and numbers (unlike hash(), the same in every process)."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
