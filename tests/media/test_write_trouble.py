"""What the system says of a file being written, in our words."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from kling_desktop.errors import DiskFull, FileTrouble
from kling_desktop.media.write_trouble import writing


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named(number: int) -> None:
    with pytest.raises(DiskFull, match=r"x\.mp4: no room"), writing(Path("folder/x.mp4")):
        raise OSError(number, "no room")


def test_all_else_is_a_file_that_cannot_be_written() -> None:
    with pytest.raises(FileTrouble, match=r"x\.mp4: denied") as met, writing(Path("folder/x.mp4")):
        raise OSError(errno.EACCES, "denied")
    assert not isinstance(met.value, DiskFull)
