"""Keeps the pictures that creators give: checked as Kling would check them, and copied, so that they stay the same."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain.models import PICTURE_LIMIT_BYTES
from kling_desktop.errors import PictureHeic, PictureTooLarge
from kling_desktop.studio.naming import cleaned, encodable

_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftypheis")
"""Brands at byte 4 of a HEIF file (ISO/IEC 23008-12, 10.2)."""

_MOST_PIXELS = 100_000_000
"""A larger one is taken as it is: read to its end it would fill the memory."""


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture on our disk that Kling takes."""

    file: Path
    """Our copy, upright."""
    width: int
    height: int
    size_bytes: int


class Pictures:
    """A second try sends the same picture, whatever became of the file that was given."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where the copies lie, each under the digest of its bytes and the name that it came with."""
        self._folder = folder

    async def keep(self, file: Path) -> KeptPicture:
        """Our copy of a picture; of one that lies there already the same again.

        Raises PictureUnfit and its family for what Kling would not take; FileTrouble, DiskFull. Nothing is sent.
        """
        return await asyncio.to_thread(_kept, file, self._folder)


def name_of(kept: Path) -> str:
    """What a kept picture was called."""
    return kept.name.partition("_")[2] or kept.name


def _kept(file: Path, folder: Path) -> KeptPicture:
    # The libraries are loaded here: they would slow the start.
    from kling_desktop.kling.pictures import check
    from kling_desktop.media.film.given_picture import upright
    from kling_desktop.media.film.pictures import content_of
    from kling_desktop.store.files import write_atomically

    given = content_of(file)
    if given[4:12] in _HEIC:
        raise PictureHeic("HEIC")
    if len(given) > PICTURE_LIMIT_BYTES:
        raise PictureTooLarge("over 10 MB")
    across, down = check(given)
    content = upright(given) if across * down <= _MOST_PIXELS else given
    width, height = check(content)
    if file.parent == folder:
        return KeptPicture(file, width, height, len(content))
    suffix = ".png" if content.startswith(b"\x89PNG") else ".jpg"
    name = cleaned(encodable(file.stem)) or "picture"
    target = folder / f"{hashlib.sha256(content).hexdigest()[:16]}_{name}{suffix}"
    if not target.exists():
        write_atomically(target, content)
    return KeptPicture(target, width, height, len(content))
