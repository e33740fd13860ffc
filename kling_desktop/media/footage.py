"""Says whether a file that somebody brings in can begin a film, and if not, why not."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import av.error

from kling_desktop.errors import (
    DownloadFailed,
    NoPicture,
    OneFrame,
    PictureLocked,
    Truncated,
    VideoIncomplete,
    VideoUnfit,
)
from kling_desktop.media.film.conform import refuse_hdr
from kling_desktop.media.probe import Reel, probe
from kling_desktop.media.source import opened

_LOCKED = b"encv"
"""Sample entry of an encrypted picture track (ISO/IEC 14496-12, 8.12)."""
_EDGE = 4 << 20
"""The head with the sample entries lies within so many bytes of the file's beginning or end."""


def inspected(file: Path) -> Reel:
    """What the file holds, if a film can begin with it. Blocks for about 20 ms: for a thread.

    Raises VideoUnfit and its family, HdrVideo, FileTrouble. Nothing is written, and nothing but the file is opened.
    """
    try:
        with opened(file) as container:
            stream = next(iter(container.streams.video), None)
            if stream is None:
                raise NoPicture("no video stream")
            if stream.codec_context is None:
                raise PictureLocked("its picture cannot be decoded")
            frames = list(islice(container.decode(stream), 2))
        if not frames:
            raise PictureLocked("no frame came out") if _is_locked(file) else NoPicture("no frame came out")
        refuse_hdr(frames[0])
        if len(frames) == 1:
            raise OneFrame("one frame")
        return probe(file)
    except Truncated as error:
        raise VideoIncomplete(error.message) from error
    except DownloadFailed as error:  # the family of what comes from the network: its advice is not for a file
        raise (PictureLocked if _is_locked(file) else VideoUnfit)(error.message) from error
    except av.error.FFmpegError as error:
        raise VideoUnfit(type(error).__name__) from error


def _is_locked(file: Path) -> bool:
    try:
        with file.open("rb") as data:
            head = data.read(_EDGE)
            data.seek(max(0, file.stat().st_size - _EDGE))
            return head[4:8] == b"ftyp" and (_LOCKED in head or _LOCKED in data.read(_EDGE))
    except OSError:
        return False
