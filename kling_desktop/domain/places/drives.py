"""The drives and shares that folders of the creator's were seen on, wherever they are mounted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

MOST = 32
"""So many are remembered, the latest ones."""


class Drives:
    """A drive that goes away leaves an empty folder where it was mounted: what is put there is hidden when it comes
    back, and what is looked for there was not deleted. Only a folder that was seen on a drive is judged so.
    """

    def __init__(self) -> None:
        self._seen_now: dict[Path, bool] = {}
        self._on_new: Callable[[tuple[str, ...]], object] = lambda mounts: None

    def know(self, mounts: Iterable[str], on_new: Callable[[tuple[str, ...]], object] = lambda mounts: None) -> None:
        """Those of earlier sessions. `on_new` hears of all when there is another, in whichever thread that was seen."""
        self._seen_now = {Path(mount): False for mount in mounts if Path(mount).is_absolute()} | self._seen_now
        self._on_new = on_new

    def see(self, folder: Path) -> None:
        """This folder is there. Costs a look at it and at each above it."""
        mount = _mount_of(folder.absolute())
        if mount is None or self._seen_now.get(mount):
            return
        is_new = mount not in self._seen_now
        self._seen_now[mount] = True
        if is_new:
            self._on_new(tuple(str(each) for each in list(self._seen_now)[-MOST:]))

    def is_away(self, path: Path) -> bool:
        """Whether this lay on a drive that is not there now. One of an earlier session may be a folder like any other
        by now: then there is something in it.
        """
        whole = path.absolute()
        return any(
            whole.is_relative_to(mount) and not _is_mount(mount) and (was_here or _is_bare(mount))
            for mount, was_here in list(self._seen_now.items())
        )


DRIVES = Drives()
"""The one of this program, as of its computer."""


def _mount_of(folder: Path) -> Path | None:
    """Where the drive is mounted that a folder lies on; None for the system's own, and the one with the home folder."""
    mount = next((each for each in (folder, *folder.parents) if _is_mount(each)), None)
    if mount is None or mount == Path(mount.anchor) or Path.home().is_relative_to(mount):
        return None
    return mount


def _is_mount(folder: Path) -> bool:
    return os.path.ismount(folder)  # `Path.is_mount` is not there on Windows before Python 3.12


def _is_bare(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:  # it is not there, or does not answer
        return True
