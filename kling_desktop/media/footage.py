"""Says whether a file that somebody brings in can begin a film, and if not, why not."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import BinaryIO

import av.error
from av.stream import Disposition
from av.video.stream import VideoStream

from kling_desktop.errors import (
    DownloadFailed,
    NoPicture,
    OneFrame,
    PictureLocked,
    Truncated,
    VideoIncomplete,
    VideoUnfit,
)
from kling_desktop.media.boxes import inside
from kling_desktop.media.film.conform import refuse_hdr
from kling_desktop.media.probe import Reel, probe
from kling_desktop.media.source import cut_short, is_pipe, opened

_LOCKED = (b"encv", b"drmi")
"""Sample entries of an encrypted picture track: of the standard (ISO/IEC 14496-12, 8.12), and of bought films."""
_WAY = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
"""From box to box to the sample entries of the tracks (the same standard, table 1)."""


def inspected(file: Path) -> Reel:
    """What the file holds, if a film can begin with it. Blocks for about 20 ms: for a thread.

    Raises VideoUnfit and its family, HdrVideo, FileTrouble. Nothing is written, and nothing but the file is opened.
    """
    if is_pipe(file):
        raise VideoUnfit("no file but a pipe or a device")
    if _is_locked(file):
        raise PictureLocked("its sample entry says that it is encrypted")
    try:
        with opened(file) as container:
            stream = container.streams.best("video")  # the first one may be a cover, or a still beside the film
            if not isinstance(stream, VideoStream):
                raise NoPicture("no video stream")
            if stream.disposition & Disposition.attached_pic:
                raise NoPicture("sound, and its cover")
            if stream.codec_context is None:
                raise PictureLocked("its picture cannot be decoded")
            frames = list(islice(container.decode(stream), 2))
        if not frames:
            raise NoPicture("no frame came out")
        refuse_hdr(frames[0])
        if len(frames) == 1:
            raise OneFrame("one frame")
        if cut_short(file):  # what was lost may be seconds, and the film would go on from where it broke off
            raise VideoIncomplete("its boxes reach beyond its end")
        return probe(file)
    except Truncated as error:
        raise VideoIncomplete(error.message) from error
    except DownloadFailed as error:  # the family of what comes from the network: its advice is not for a file
        raise VideoUnfit(error.message) from error
    except av.error.FFmpegError as error:
        raise VideoUnfit(type(error).__name__) from error


def _is_locked(file: Path) -> bool:
    """Whether a picture track says that it is encrypted. FFmpeg does not mind, and would show grey or noise."""
    try:
        with file.open("rb") as data:
            size = file.stat().st_size
            if data.read(8)[4:] != b"ftyp":
                return False
            return any(_entry_of(data, *track) in _LOCKED for track in inside(data, (0, size), _WAY))
    except OSError:
        return False


def _entry_of(data: BinaryIO, start: int, end: int) -> bytes:
    """Kind of the first sample entry in the contents of an `stsd`, behind version, flags and count."""
    data.seek(start + 12)
    return data.read(4) if start + 16 <= end else b""
