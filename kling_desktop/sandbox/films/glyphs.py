"""A tiny bitmap font of its own: the timecode and the watermark are drawn with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

_ROWS = {
    "0": "7/5/5/5/7", "1": "2/6/2/2/7", "2": "7/1/7/4/7", "3": "7/1/7/1/7", "4": "5/5/7/1/1",
    "5": "7/4/7/1/7", "6": "7/4/7/5/7", "7": "7/1/2/2/2", "8": "7/5/7/5/7", "9": "7/5/7/1/7",
    ":": "0/2/0/2/0", " ": "0/0/0/0/0", "A": "2/5/7/5/5", "B": "6/5/6/5/6", "D": "6/5/5/5/6",
    "G": "7/4/5/5/7", "I": "7/2/2/2/7", "K": "5/5/6/5/5", "L": "4/4/4/4/7", "N": "6/5/5/5/5",
    "O": "7/5/5/5/7", "S": "7/4/7/1/7", "X": "5/5/2/5/5",
}  # fmt: skip


def drawn(letter: str, scale: int) -> Mask:
    """A letter and the gap after it as a mask: 5 rows and 4 columns, each `scale` pixels."""
    rows = [int(row) for row in _ROWS[letter].split("/")]
    small = np.array([[bool(row & bit) for bit in (4, 2, 1)] + [False] for row in rows])
    return np.kron(small, np.ones((scale, scale), bool)).astype(bool)
