"""A file that somebody brings in is a video, or a sentence says why not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import av
import pytest
from av.video.reformatter import ColorTrc

from kling_desktop.errors import (
    FileGone,
    FileOutOfReach,
    HdrVideo,
    KlingDesktopError,
    NoPicture,
    NotAVideo,
    OneFrame,
    PictureForeign,
    PictureLocked,
    VideoIncomplete,
    VideoUnfit,
)
from kling_desktop.media.film.pictures import read_picture
from kling_desktop.media.footage import inspected
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.probe import probe, verify
from tests.harness.media.films import film, picture, song, voice_memo


def test_a_film_of_ours_is_one(tmp_path: Path) -> None:
    reel = inspected(film(tmp_path / "film.mp4"))
    assert (reel.width, reel.height, reel.frames) == (160, 90, 24)


@pytest.mark.parametrize(("suffix", "codec"), [("mov", "libx264"), ("mkv", "libx264"), ("webm", "libvpx-vp9")])
def test_other_containers_are_read(tmp_path: Path, suffix: str, codec: str) -> None:
    assert inspected(_written(tmp_path / f"film.{suffix}", codec)).seconds == pytest.approx(0.5, abs=0.1)


def _text(path: Path) -> Path:
    path.write_text("no film at all\n" * 20)
    return path


def _cut(path: Path) -> Path:
    whole = film(path.with_name("whole.mp4")).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _cut_in_its_pictures(path: Path) -> Path:
    """What describes the film stands before it, as phones and web pages have it: FFmpeg reads what is there."""
    first = film(path.with_name("whole.mp4"))
    with av.open(str(first)) as source, av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    path.write_bytes(path.read_bytes()[:-2000])
    return path


def _locked(path: Path) -> Path:
    film(path)
    path.write_bytes(path.read_bytes().replace(b"avc1", b"encv"))
    return path


def _single(path: Path) -> Path:
    return film(path, [0])


def _hdr(path: Path) -> Path:
    return _written(path, "libx264", transfer=ColorTrc.SMPTE2084)


def _missing(path: Path) -> Path:
    return path


def _unplugged(path: Path) -> Path:
    return path.parent / "drive" / path.name


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (_text, VideoUnfit),
        (voice_memo, NoPicture),
        (song, NoPicture),
        (_cut, VideoIncomplete),
        (_cut_in_its_pictures, VideoIncomplete),
        (_locked, PictureLocked),
        (_single, OneFrame),
        (_hdr, HdrVideo),
        (_missing, FileGone),
        (_unplugged, FileOutOfReach),
    ],
)
def test_what_no_film_can_begin_with_is_said(tmp_path: Path, make: object, error: type[KlingDesktopError]) -> None:
    assert callable(make)
    with pytest.raises(error) as told:
        inspected(make(tmp_path / "brought.mp4"))
    assert type(told.value) is error


def test_a_still_before_the_film_is_not_taken_for_it(tmp_path: Path) -> None:
    """A cover, a thumbnail: some programs write one as the first track of a Matroska file."""
    whole, path = film(tmp_path / "film.mp4"), tmp_path / "cover.mkv"
    with av.open(str(whole)) as source, av.open(str(path), "w") as out:
        still = out.add_stream("mjpeg", rate=24)
        assert isinstance(still, av.VideoStream)
        still.width, still.height, still.pix_fmt = 160, 90, "yuvj420p"
        stream = out.add_stream_from_template(source.streams.video[0])
        out.mux(still.encode(av.VideoFrame.from_ndarray(picture(0), format="rgb24")))
        out.mux(still.encode())
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    reel = inspected(path)
    assert (reel.width, reel.height) == (160, 90)
    assert reel.seconds == pytest.approx(1.0, abs=0.1)


def _written(path: Path, codec: str, transfer: ColorTrc | None = None) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=24)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        if transfer is not None:
            video.codec_context.color_trc = transfer
        for number in range(12):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture(number), format="rgb24")))
        container.mux(video.encode())
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
@pytest.mark.parametrize(
    ("look", "error"),
    [
        (inspected, VideoUnfit),
        (probe, NotAVideo),
        (verify, NotAVideo),
        (frame_times, NotAVideo),
        (read_picture, PictureForeign),
    ],
)
def test_nobody_waits_for_what_a_pipe_may_hold(
    tmp_path: Path, look: Callable[[Path], object], error: type[KlingDesktopError]
) -> None:
    pipe = tmp_path / "film.mp4"
    os.mkfifo(pipe)
    link = tmp_path / "link.mp4"
    link.symlink_to(pipe)
    refused: list[Path] = []

    def ask() -> None:
        for name in (pipe, link):
            with pytest.raises(error):
                look(name)
            refused.append(name)

    asking = Thread(target=ask, daemon=True)  # daemon: one that waits must not keep the tests from ending
    asking.start()
    asking.join(5)
    assert refused == [pipe, link]
