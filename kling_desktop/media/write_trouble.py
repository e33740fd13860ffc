"""Says in our words what went wrong while a file was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import av
from av.container import OutputContainer
from av.error import FFmpegError

from kling_desktop.errors import DiskFull, unwritable


@contextmanager
def writing(target: Path, full: type[DiskFull] = DiskFull) -> Iterator[None]:
    """Turns what the system and FFmpeg say of a file being written into DiskFull (or `full`), FileTooLarge or
    FileTrouble.
    """
    try:
        yield
    except (FFmpegError, OSError) as error:
        raise unwritable(target.name, error.errno, error.strerror or type(error).__name__, full) from None


@contextmanager
def plainly() -> Iterator[None]:
    """What FFmpeg says of a file being written, as the system would: `source.opened`, around it, takes all that FFmpeg
    says for a fault of the file that is read.
    """
    try:
        yield
    except FFmpegError as error:
        raise OSError(error.errno, error.strerror or type(error).__name__) from None


@contextmanager
def written(file: Path, container: str, options: Mapping[str, str]) -> Iterator[OutputContainer]:
    """A film file to be written; `container` is FFmpeg's name of its kind. Raises OSError of opening and closing it.

    What ended the work comes out as it was: a file that has no room cannot be closed either, which would be told in
    place of it.
    """
    with plainly():
        made = av.open(f"file:{file}", "w", format=container, options=dict(options))
    try:
        yield made
    except BaseException:
        with suppress(OSError, FFmpegError):
            made.close()
        raise
    with plainly():
        made.close()
