"""Whatever is wrong with a take or a target: a film that is right, or a sentence; no half file, no changed original."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kling_desktop.errors import FileTooLarge, FileTrouble, KlingDesktopError, NotAVideo, Truncated
from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.names import preview
from kling_desktop.export.outputs import NOT_WHOLE, OUTPUTS
from kling_desktop.export.placing import remove
from kling_desktop.export.request import Request
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.probe import probe
from tests.harness.media.films import film as odd_film
from tests.harness.media.films import make_film, with_index_first
from tests.harness.room import room_for

FRAMES = 24
"""Of the first take, at 24 a second."""


def _sounding(path: Path, rate: int, layout: str = "mono") -> Path:
    """A second of picture with a sound of this sample rate."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        audio = container.add_stream("aac", rate=rate, layout=layout)
        for number in range(24):
            picture = av.VideoFrame.from_ndarray(np.full((135, 160), 90, np.uint8), format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            container.mux(video.encode(picture))
        container.mux(video.encode())
        channels = 1 if layout == "mono" else 2
        tone = av.AudioFrame.from_ndarray(np.zeros((channels, rate), np.float32), format="fltp", layout=layout)
        tone.sample_rate, tone.pts = rate, 0
        container.mux(audio.encode(tone))
        container.mux(audio.encode())
    return path


ODD: dict[str, tuple[Callable[[Path], Path], int]] = {
    "of another size": (lambda path: make_film(path, frames=24, height=288, sound=True), 24),
    "of another rate": (lambda path: make_film(path, frames=30, fps=30, sound=True), 24),
    "without sound": (lambda path: make_film(path, frames=24), 24),
    "with sound of 8000 Hz": (lambda path: _sounding(path, 8000), 24),
    "with sound of 22050 Hz": (lambda path: _sounding(path, 22050, "stereo"), 24),
    "with sound of 96000 Hz": (lambda path: _sounding(path, 96000), 24),
    "rotated": (lambda path: odd_film(path, range(24), rotation=90, sound=True), 24),
    "upside down": (lambda path: odd_film(path, range(24), rotation=180), 24),
    "of variable rate": (
        lambda path: odd_film(path, range(10), spacing=[1, 3, 1, 1, 5, 1, 1, 2, 1, 1], sound=True),
        17,
    ),
    "of one picture": (lambda path: make_film(path, frames=1), 1),
}
"""How the second take is made, and how many frames of the film it fills."""


@contextmanager
def unchanged(*files: Path) -> Iterator[None]:
    before = [(file.read_bytes(), file.stat().st_mtime_ns) if file.is_file() else None for file in files]
    yield
    assert [(file.read_bytes(), file.stat().st_mtime_ns) if file.is_file() else None for file in files] == before


def _two(folder: Path, second: Path, *, odd_first: bool = False) -> ExportFilm:
    parts = (ExportPart(make_film(folder / "one.mp4", frames=FRAMES, sound=True), clip_id="1"), ExportPart(second))
    return ExportFilm("Fox", parts[::-1] if odd_first else parts)


@pytest.mark.parametrize("what", ODD)
def test_an_odd_take_becomes_part_of_a_right_film(what: str, tmp_path: Path) -> None:
    make, frames = ODD[what]
    film = _two(tmp_path, make(tmp_path / "two.mp4"))
    with unchanged(*(part.file for part in film.parts)):
        done = export(Request(film, "h264-small", tmp_path / "out", Path("fox.mp4")))
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["fox.mp4"]
    reel = probe(done.file)
    assert frame_times(done.file).count == done.frames == FRAMES + frames
    assert (reel.width, reel.height, round(reel.fps or 0, 3)) == (160, 90, 24)
    assert reel.has_audio
    with av.open(str(done.file)) as container:
        sound = container.streams.audio[0]
        assert sound.duration is not None
        assert sound.time_base is not None
        assert abs(float(sound.duration * sound.time_base) - (FRAMES + frames) / 24) < 0.1


@pytest.mark.parametrize("what", ODD)
def test_an_odd_take_leaves_alone_as_it_is(what: str, tmp_path: Path) -> None:
    clip = ODD[what][0](tmp_path / "two.mp4")
    with unchanged(clip):
        done = export(Request(ExportFilm("Fox", (ExportPart(clip),)), "mp4-copy", tmp_path / "out", Path("fox.mp4")))
    assert frame_times(done.file).count == frame_times(clip).count
    assert (probe(done.file).width, probe(done.file).height) == (probe(clip).width, probe(clip).height)
    assert probe(done.file).has_audio == probe(clip).has_audio


def _short(path: Path) -> None:
    path.write_bytes(with_index_first(make_film(path, frames=48), path.with_name("cut.mp4")).read_bytes()[:-400])


BAD: dict[str, tuple[Callable[[Path], object], type[KlingDesktopError]]] = {
    "missing": (lambda path: None, FileTrouble),
    "empty": (lambda path: path.write_bytes(b""), KlingDesktopError),
    "no film": (lambda path: path.write_bytes(b"hello" * 200), NotAVideo),
    "cut short": (_short, Truncated),
    "a folder": (lambda path: path.mkdir(), KlingDesktopError),
}


@pytest.mark.parametrize(
    ("what", "key"),
    [
        (what, key)
        for what in BAD
        for key in ("h264-small", "mp4-copy", "original", "timelines", "archive")
        if (what, key) != ("cut short", "archive")  # an archive keeps what there is: the next test
    ],
)
def test_a_bad_take_is_a_sentence_and_no_file(what: str, key: str, tmp_path: Path) -> None:
    make, kind = BAD[what]
    make(tmp_path / "two.mp4")
    parts = (ExportPart(make_film(tmp_path / "one.mp4", frames=4)), ExportPart(tmp_path / "two.mp4"))
    film = ExportFilm("Fox", parts if key in ("h264-small", "timelines", "archive") else parts[1:])
    with unchanged(tmp_path / "one.mp4"), pytest.raises(kind) as refused:
        export(Request(film, key, tmp_path / "out", Path("fox")))
    assert refused.value.title
    assert not (tmp_path / "out").exists()


def test_an_archive_keeps_what_is_not_whole_and_says_so(tmp_path: Path) -> None:
    clip = tmp_path / "two.mp4"
    _short(clip)
    with unchanged(clip):
        done = export(Request(ExportFilm("Fox", (ExportPart(clip),)), "archive", tmp_path / "out", Path("fox.zip")))
    assert done.notes == (NOT_WHOLE,)


@pytest.mark.parametrize("key", ["h264-small", "mp4-copy", "original", "prores-422-hq"])
def test_an_export_onto_its_own_original_gets_another_name(key: str, tmp_path: Path) -> None:
    clip = make_film(tmp_path / "fox.mp4", height=288, frames=12)
    with unchanged(clip):
        done = export(Request(ExportFilm("Fox", (ExportPart(clip),)), key, tmp_path, Path("fox.mp4")))
    assert done.file.name == "fox -1.mp4"


@pytest.mark.parametrize("name", ["x" * 300 + ".mp4", "狐" * 300 + ".mp4"], ids=["300 letters", "300 signs"])
def test_a_name_that_the_disk_refuses_is_a_sentence(name: str, tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=4)
    with unchanged(clip), pytest.raises(FileTrouble):
        export(Request(ExportFilm("Fox", (ExportPart(clip),)), "h264-small", tmp_path / "out", Path(name)))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("title", ['a<b>:"c"/\\|?*', "con", "x" * 300, "🦊" * 300, "..", "a\nb\x00", "\u202egpj"])
def test_a_title_of_any_kind_makes_a_name_that_can_be_written(title: str, tmp_path: Path) -> None:
    clip = make_film(tmp_path / "clip.mp4", frames=4)
    first, second = preview("{title}_{hop}_{take}{ext}", [{"title": title, "hop": 1, "take": 1}] * 2, [".mp4"] * 2)
    assert first != second
    film = ExportFilm("Fox", (ExportPart(clip),))
    for name in (first, second):
        assert export(Request(film, "original", tmp_path / "out", name)).file == tmp_path / "out" / name


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of file sizes is POSIX")
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("key", [*BY_KEY, *OUTPUTS])
def test_a_disk_that_ends_in_the_middle_leaves_no_half_file_and_is_named(
    key: str, share: float, tmp_path: Path
) -> None:
    clip = odd_film(tmp_path / "clip.mp4", range(48), size=(288, 192), sound=True)
    film = ExportFilm("Fox", (ExportPart(clip, prompt="a fox", seams=(ExportSeam(Fraction(1), "clean"),)),))
    request = Request(film, key, tmp_path / "out", Path("fox.zip" if key == "archive" else "fox"))
    done = export(request).file
    largest = max(file.stat().st_size for file in (done.rglob("*") if done.is_dir() else [done]) if file.is_file())
    for place in (done, done.parent):
        remove(place)
    with unchanged(clip), room_for(int(largest * share)), pytest.raises(FileTooLarge, match="fox"):
        export(request)
    assert not (tmp_path / "out").exists()
