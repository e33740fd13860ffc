"""Sources and places that are not as they should be: written right, or refused with a reason and without a trace."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from PIL import Image, ImageSequence

from kling_desktop.errors import ExportUnfit, FileTrouble, HdrVideo, KlingDesktopError
from kling_desktop.export.exporting import expected_bytes, export
from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.formats.coded import DAMAGED, too_large
from kling_desktop.export.formats.format import plan_of
from kling_desktop.export.options import Options
from kling_desktop.export.remarks import HDR
from kling_desktop.export.request import Exported, Request
from kling_desktop.media.writing.read_back import read_film
from tests.export.sources import make_grain, make_hdr
from tests.harness.media.films import make_film

CODED = pytest.mark.parametrize("key", [key for key in BY_KEY if key not in ("original", "mp4-copy")])
LARGE = pytest.mark.parametrize("key", [key for key in BY_KEY if key not in ("original", "mp4-copy", "dnxhr-hq")])
"""Those that take a picture of any size."""
COPIED = pytest.mark.parametrize("key", ["original", "mp4-copy"])


def _export(folder: Path, key: str, *files: Path, name: str = "fox") -> Exported:
    film = ExportFilm("Fox", tuple(ExportPart(file) for file in files))
    form = BY_KEY[key]
    assert form.unfit(film, Options()) == ""
    return export(Request(film, key, folder / "out", Path(f"{name}{form.suffix}")))


@CODED
def test_hdr_is_refused_where_its_colours_would_be_wrong(key: str, tmp_path: Path) -> None:
    with pytest.raises(HdrVideo):
        _export(tmp_path, key, make_hdr(tmp_path / "hdr.mp4"))
    assert not (tmp_path / "out").exists()


@COPIED
def test_hdr_is_handed_out_where_nothing_is_changed(key: str, tmp_path: Path) -> None:
    done = _export(tmp_path, key, make_hdr(tmp_path / "hdr.mp4"))
    assert read_film(done.file).colours[1] == 16


def test_hdr_can_be_archived_and_cut_in_an_editor_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    film = ExportFilm("Fox", (ExportPart(make_hdr(tmp_path / "hdr.mp4")),))
    for key, name in (("archive", "fox.zip"), ("timelines", "fox"), ("contact-sheet", "fox.png")):
        request = Request(film, key, tmp_path / "out", Path(name))
        if key == "contact-sheet":
            with pytest.raises(HdrVideo):
                export(request)
        else:
            done = export(request)
            assert done.frames == 12
            assert (HDR in done.notes) == (key == "timelines")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["fox", "fox.zip"]


def test_grain_stays_near_the_source_in_prores(tmp_path: Path) -> None:
    """An encoder that keeps to Apple's rate at any price comes 35 dB near and takes twenty times as long."""
    rng = np.random.default_rng(3)
    source = make_grain(tmp_path / "grain.mp4", rng.integers(30, 225, (4, 180, 320), np.uint8))
    done = _export(tmp_path, "prores-422-hq", source)
    with av.open(str(source)) as before, av.open(str(done.file)) as after:
        assert after.streams.video[0].codec_context.codec_tag == "apch"
        for meant, found in zip(before.decode(video=0), after.decode(video=0), strict=True):
            off = meant.to_ndarray(format="gray").astype(float) - found.to_ndarray(format="gray")
            assert np.sqrt(np.mean(off**2)) < 2.0


@LARGE
def test_clips_of_other_rates_and_sizes_and_without_sound_are_fitted_into_the_film(key: str, tmp_path: Path) -> None:
    files = (
        make_film(tmp_path / "a.mp4", frames=12, height=288, sound=True),
        make_film(tmp_path / "b.mp4", frames=15, fps=30),
        make_film(tmp_path / "c.mp4", frames=25, fps=50, height=120, sound=True),
    )
    done = _export(tmp_path, key, *files)
    assert done.seconds == pytest.approx(1.5, abs=0.05)
    if done.file.suffix in (".mp4", ".mov"):
        back = read_film(done.file)
        assert (back.frames, back.width, back.height) == (36, 160, 288)
        assert back.sound_seconds == pytest.approx(1.5, abs=0.1)


def _of_changing_size(file: Path) -> Path:
    """VP9 may change its size at any key frame."""
    with av.open(str(file), "w") as container:
        track = container.add_stream("libvpx-vp9", rate=24)
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = 320, 192, "yuv420p"
        for place, (width, height) in enumerate(((320, 192), (160, 96), (640, 384))):
            coder = av.CodecContext.create("libvpx-vp9", "w")
            assert isinstance(coder, av.VideoCodecContext)
            coder.width, coder.height, coder.pix_fmt, coder.time_base = width, height, "yuv420p", Fraction(1, 24)
            for number in range(8):
                grey = np.full((height * 3 // 2, width), 128, np.uint8)
                grey[:height] = 60 + 6 * (place * 8 + number)
                picture = av.VideoFrame.from_ndarray(grey, format="yuv420p")
                picture.pts, picture.time_base = number, Fraction(1, 24)
                for packet in [*coder.encode(picture), *(coder.encode(None) if number == 7 else [])]:
                    packet.pts = packet.dts = (packet.pts or 0) + place * 8
                    packet.time_base, packet.stream = Fraction(1, 24), track
                    container.mux(packet)
    return file


@CODED
def test_a_picture_that_changes_its_size_keeps_the_films(key: str, tmp_path: Path) -> None:
    done = _export(tmp_path, key, _of_changing_size(tmp_path / "clip.webm"))
    assert done.seconds == pytest.approx(1, abs=0.05)
    if done.file.suffix in (".mp4", ".mov"):
        back = read_film(done.file)
        assert (back.frames, back.width, back.height) == (24, 320, 192)


def _noise(file: Path) -> bytes:
    rng = np.random.default_rng(1)
    with av.open(str(file), "w") as container:
        track = container.add_stream("libx264", rate=24, options={"g": "24"})
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
        for number in range(72):
            planes = (rng.integers(0, 60, (144, 160)) + number).astype(np.uint8)
            picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            container.mux(track.encode(picture))
        container.mux(track.encode())
    return file.read_bytes()


def _damaged(file: Path) -> bytes:
    """Three seconds whose pictures 30 to 33 cannot be decoded in full."""
    data = bytearray(_noise(file))
    with av.open(str(file)) as container:
        places = [packet.pos for packet in container.demux(video=0) if packet.pos is not None]
    for place in places[30:34]:
        data[place : place + 64] = b"\xff" * 64
    file.write_bytes(data)
    return bytes(data)


def test_a_source_that_is_damaged_in_the_middle_keeps_its_length_and_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    data = _damaged(file)
    done = _export(tmp_path, "h264-small", file)
    assert (done.frames, done.notes) == (72, (DAMAGED,))
    for key in ("gif", "webp", "avif", "png-sequence"):
        assert DAMAGED in _export(tmp_path, key, file).notes
    assert _export(tmp_path, "original", file).file.read_bytes() == data


@pytest.mark.parametrize(("key", "name"), [("seam-stills", "stills"), ("contact-sheet", "sheet.png")])
def test_pictures_that_are_taken_out_of_a_damaged_source_are_said_to_be(key: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    for is_damaged in (False, True):
        _damaged(file) if is_damaged else _noise(file)
        seam = ExportSeam(Fraction(33, 24), "clean", "", "and then rain")
        film = ExportFilm("Fox", (ExportPart(file, seams=(seam,)),))
        done = export(Request(film, key, tmp_path / "out", Path(name)))
        assert (DAMAGED in done.notes) is is_damaged


@pytest.mark.parametrize("moves", [True, False])
def test_a_loop_that_stands_still_is_no_error(moves: bool, tmp_path: Path) -> None:
    """The encoder of WebP makes one picture of many that are alike."""
    file = tmp_path / "still.mp4"
    with av.open(str(file), "w") as container:
        track = container.add_stream("libx264", rate=24)
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
        for number in range(48):
            planes = np.full((144, 160), 128, np.uint8)
            planes[:96, : 80 + 40 * (moves and number > 20)] = 60
            picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            container.mux(track.encode(picture))
        container.mux(track.encode())
    done = _export(tmp_path, "webp", file)
    lasts = []
    with Image.open(done.file) as image:
        for shown in ImageSequence.Iterator(image):
            shown.load()
            lasts.append(shown.info.get("duration", 0))
    if moves:
        assert 2 <= len(lasts) < 24
        assert sum(lasts) == pytest.approx(2000, abs=50)
    else:
        assert lasts == [0]  # a still


def test_a_film_of_35_parts(tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=8, sound=True)
    film = ExportFilm("Fox", tuple(ExportPart(clip, start=Fraction(number % 5, 24)) for number in range(35)))
    wanted = plan_of(film).frames
    done = export(Request(film, "h264-small", tmp_path / "out", Path("long.mp4")))
    assert done.frames == wanted == sum(8 - number % 5 for number in range(35))


@pytest.mark.parametrize("length", [240, 300])
def test_names_of_many_characters_are_written_or_refused_in_words(tmp_path: Path, length: int) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=4)
    request = Request(
        ExportFilm("n" * 300, (ExportPart(clip),)), "h264-small", tmp_path / "out", Path("y" * (length - 4) + ".mp4"),
        sidecar=True, poster=True,
    )  # fmt: skip
    if length == 240:
        assert [len(export(request).file.name) for _ in range(2)] == [240, 243]
        assert len(list((tmp_path / "out").iterdir())) == 6
    else:
        with pytest.raises(FileTrouble):
            export(request)
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("key", ["h264-small", "gif", "png-sequence", "original", "timelines", "archive"])
def test_a_folder_that_goes_away_meanwhile_is_said(key: str, tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=48)
    form = BY_KEY.get(key)
    suffix = form.suffix if form else ".zip" if key == "archive" else ""
    request = Request(ExportFilm("Fox", (ExportPart(clip),)), key, tmp_path / "out", Path(f"fox{suffix}"))
    with pytest.raises(KlingDesktopError):
        export(request, progress=lambda *_: shutil.rmtree(tmp_path / "out", ignore_errors=True))
    assert not (tmp_path / "out").exists()


def _bounded(folder: Path, key: str, most: int, name: str = "fox") -> Request:
    texture = np.random.default_rng(3).integers(0, 255, (180, 320), np.uint8)
    grain = np.random.default_rng(4).integers(0, 40, (48, 180, 320), np.uint8)
    pictures = np.stack([np.roll(texture, number, 1) // 2 + 40 for number in range(48)]) + grain
    film = ExportFilm("Fox", (ExportPart(make_grain(folder / "grain.mp4", pictures), prompt="a fox " * 300),))
    options = Options(most_bytes=most)
    return Request(film, key, folder / "out", Path(f"{name}{BY_KEY[key].suffix}"), options)


@pytest.mark.parametrize("key", ["h264-near-lossless", "h264-anywhere", "h264-small"])
@pytest.mark.parametrize("most", [150_000, 400_000])
def test_a_file_is_no_larger_than_is_allowed(key: str, most: int, tmp_path: Path) -> None:
    """Of a film with grain, which as it comes would be several times as large."""
    request = _bounded(tmp_path, key, most)
    done = export(request)
    assert done.file.stat().st_size <= most
    assert done.file.stat().st_size > most / 2 or key == "h264-small", "that one is smaller by itself"
    assert done.frames == 48
    assert expected_bytes(request.film, BY_KEY[key], request.options) <= most


def test_what_would_not_be_worth_looking_at_is_refused_beforehand(tmp_path: Path) -> None:
    request = _bounded(tmp_path, "h264-anywhere", 20_000)
    assert BY_KEY["h264-anywhere"].unfit(request.film, request.options) == too_large(20_000)
    with pytest.raises(ExportUnfit, match=r"as small as 0\.02 MB"):
        export(request)
    assert not (tmp_path / "out").exists()


def test_what_its_words_leave_no_room_for_is_refused_beforehand_too(tmp_path: Path) -> None:
    request = _bounded(tmp_path, "h264-anywhere", 200_000)
    assert BY_KEY["h264-anywhere"].unfit(request.film, request.options) == ""
    long = replace(request.film.parts[0], prompt="a fox " * 15_000)
    film = replace(request.film, parts=(long,))
    assert BY_KEY["h264-anywhere"].unfit(film, request.options) == too_large(200_000)


@pytest.mark.parametrize("key", ["gif", "prores-422-hq"])
def test_a_format_that_cannot_be_bounded_is_not_written_too_large(key: str, tmp_path: Path) -> None:
    with pytest.raises(ExportUnfit, match="as small as"):
        export(_bounded(tmp_path, key, 150_000))
    assert not (tmp_path / "out").exists()
