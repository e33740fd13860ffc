"""Text that every file can hold: a prompt may come out of a broken paste, a name out of another system's file."""

from __future__ import annotations

import re
from typing import Final

_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
"""What XML has no way to write (XML 1.0, 2.2), and at some of which a tag of an MP4 ends."""


def writable(text: str) -> str:
    """The same with '?' for each half of a surrogate pair, as the library keeps it, and without what can neither be
    seen nor written.
    """
    return _UNWRITABLE.sub("", text.encode("utf-8", "replace").decode("utf-8"))
