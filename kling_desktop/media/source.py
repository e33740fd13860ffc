"""Opens video files and addresses, nothing but videos, and says in our words what is wrong with one."""

from __future__ import annotations

import errno
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from kling_desktop.errors import (
    DownloadFailed,
    KlingDesktopError,
    LinkExpired,
    NotAVideo,
    Truncated,
    Unreachable,
    is_drive_away,
    unreadable,
)
from kling_desktop.media.boxes import box_at

av.logging.set_level(None)
# FFmpeg's words must not reach Python from its threads: a log callback that waits for the GIL can stop the window.

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
"""Containers we read. Not playlists: FFmpeg would open whatever files and addresses they name."""

_FROM_DISK = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
_FROM_NETWORK = {"format_whitelist": _FORMATS, "protocol_whitelist": "http,https,httpproxy,tcp,tls"}

_UNREAD = (errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR)
"""Not EPERM or EIO: FFmpeg's readers answer so to damaged contents."""

_CONNECT_SECONDS, _READ_SECONDS = 10.0, 20.0
"""How long a server may keep us waiting, to open an address and for each read after that."""


@contextmanager
def opened(source: Path | str) -> Iterator[InputContainer]:
    """The container in a file, or behind an http address (a `str` that begins with http).

    What goes wrong inside the block comes out as an error of ours too: NotAVideo, Truncated, FileTrouble; of an
    address also LinkExpired, Unreachable, DownloadFailed. No message holds the address: it is signed.
    """
    remote = isinstance(source, str) and source.startswith(("http://", "https://"))
    if not remote and is_pipe(Path(source)):
        raise NotAVideo("no file but a pipe or a device")
    try:
        # "file:" keeps FFmpeg from reading a protocol into a file's name.
        with av.open(
            str(source) if remote else f"file:{source}",
            options=_FROM_NETWORK if remote else _FROM_DISK,
            timeout=(_CONNECT_SECONDS, _READ_SECONDS) if remote else None,
            metadata_errors="replace",  # a title in another encoding is no reason to refuse a film
        ) as container:
            yield container
    except av.error.FFmpegError as error:
        raise (_of_address(error) if remote else _of_file(error, Path(source))) from None  # its text has the address


_TOP_BOXES = frozenset(b"ftyp styp pdin moov moof mfra mdat free skip wide udta meta uuid sidx ssix prft emsg".split())
"""What an MP4 consists of at its top (ISO/IEC 14496-12, table 1)."""


def picture_track(container: InputContainer) -> VideoStream:
    """The video stream to look at. Raises NotAVideo when there is none, as in a sound file, or none we can decode."""
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream):
        raise NotAVideo("no picture in it")
    if stream.disposition & Disposition.attached_pic:  # the best there is: one picture for as long as the sound lasts
        raise NotAVideo("sound, and its cover")
    if stream.codec_context is None:  # encrypted, or a codec that this FFmpeg does not know
        raise NotAVideo("its picture cannot be decoded")
    stream.thread_type = "AUTO"
    return stream


def first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    """The first picture; the container must stand at its beginning. Raises NotAVideo."""
    for frame in container.decode(stream):
        return frame
    raise NotAVideo("no picture in it")


def last_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    """The very last picture: decodes from the last key frame on, whatever lies between. Raises NotAVideo."""
    begin = stream.start_time or 0
    for position in (begin + _ticks(container, stream), begin):  # the beginning, where the end cannot be found
        container.seek(position, stream=stream, backward=True)
        if newest := deque(container.decode(stream), maxlen=1):
            return newest[0]
    raise NotAVideo("no picture in it")


def is_pipe(file: Path) -> bool:
    """Whether this bears a file's name and is none: a pipe, a socket, a device.

    To open one waits for whoever writes into it, perhaps for ever, and a thread that waits so outlives the window.
    What is not there, or may not be looked at, is left to whoever opens it.
    """
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):  # ValueError: a null character in the name
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def cut_short(file: Path) -> bool:
    """Whether the file lacks its end: an MP4 whose top-level boxes reach beyond it or are missing, or next to nothing.

    Boxes: ISO/IEC 14496-12, 4.2. Raises FileTrouble, NotAVideo.
    """
    if is_pipe(file):
        raise NotAVideo("no file but a pipe or a device")
    try:
        with file.open("rb") as data:
            size = file.stat().st_size
            return size < 8 or (_is_mp4(data) and not _has_whole_boxes(data, size))
    except OSError as error:
        raise unreadable(file, error) from error


def _ticks(container: InputContainer, stream: VideoStream) -> int:
    if stream.duration is not None or stream.time_base is None:
        return stream.duration or 0
    return int((container.duration or 0) / av.time_base / stream.time_base)


def _is_mp4(data: BinaryIO) -> bool:
    data.seek(4)
    return data.read(4) == b"ftyp"


def _has_whole_boxes(data: BinaryIO, size: int) -> bool:
    kinds: set[bytes] = set()
    position = 0
    while position < size:
        box = box_at(data, position, size)
        if box.length < box.head or position + box.length > size:
            # Not a box: a loss while something is missing, else what a transfer or a messenger has put behind the film.
            return {b"moov", b"mdat"} <= kinds and box.kind not in _TOP_BOXES
        kinds.add(box.kind)
        position += box.length
    return {b"moov", b"mdat"} <= kinds


def _of_file(error: av.error.FFmpegError, file: Path) -> KlingDesktopError:
    if error.errno in _UNREAD or is_drive_away(error.errno):
        return unreadable(file, error)
    return Truncated("its end is missing") if cut_short(file) else NotAVideo(type(error).__name__)


def _of_address(error: av.error.FFmpegError) -> KlingDesktopError:
    if isinstance(error, (av.error.HTTPForbiddenError, av.error.HTTPNotFoundError)):
        return LinkExpired(type(error).__name__)
    if isinstance(error, (av.error.InvalidDataError, av.error.ArgumentError)):
        return NotAVideo(type(error).__name__)
    return (Unreachable if isinstance(error, ConnectionRefusedError) else DownloadFailed)(type(error).__name__)
