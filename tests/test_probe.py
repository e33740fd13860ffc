"""A video is told from everything else, and a whole one from one that only plays for a while."""

from __future__ import annotations

import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kling_desktop.errors import DownloadFailed, FileTrouble, NotAVideo, Truncated
from kling_desktop.media.probe import Reel, probe, verify
from tests.harness.media.films import film, lose_last_picture, picture, song, voice_memo

PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfilm.ts\n"


@pytest.fixture(scope="module")
def sound_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds with sound, the index in front: cut off, it still plays its beginning."""
    return film(tmp_path_factory.mktemp("films") / "sound.mp4", range(48), sound=True)


def test_a_film_is_described(sound_film: Path) -> None:
    expected = Reel(160, 90, Fraction(24), 48, 2.0, "h264", True, 2, 8)
    assert probe(sound_film) == expected
    assert verify(sound_film) == expected


def _matroska(path: Path, *, late: Fraction = Fraction(0), silence_seconds: int = 1) -> Path:
    """A second of picture that begins late, with more sound than that."""
    with av.open(str(path), "w", format="matroska") as container:
        video, audio = container.add_stream("libx264", rate=24), container.add_stream("pcm_s16le", rate=8000)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        for number in range(24):
            picture = av.VideoFrame.from_ndarray(np.full((135, 160), 90, np.uint8), format="yuv420p")
            picture.pts, picture.time_base = number + round(late * 24), Fraction(1, 24)
            container.mux(video.encode(picture))
        container.mux(video.encode())
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000 * silence_seconds), np.int16), format="s16")
        silence.sample_rate, silence.pts = 8000, round(late * 8000)
        container.mux(audio.encode(silence))
    return path


@pytest.mark.parametrize(("late", "sound"), [(2, 1), (0, 3), (2, 3)], ids=["begins late", "more sound", "both"])
def test_a_matroska_film_is_whole_though_it_begins_late_or_sounds_longer(tmp_path: Path, late: int, sound: int) -> None:
    assert verify(_matroska(tmp_path / "film.mkv", late=Fraction(late), silence_seconds=sound)).frames == 24


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("faststart", [True, False])
def test_a_film_that_lacks_its_end_is_truncated_wherever_it_was_cut(
    tmp_path: Path, share: float, faststart: bool
) -> None:
    whole = film(tmp_path / "whole.mp4", faststart=faststart).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Truncated):
        verify(cut)


def test_a_cut_film_whose_index_is_whole_can_be_probed_and_does_not_pass(tmp_path: Path, sound_film: Path) -> None:
    whole = sound_film.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[:-1])
    assert probe(cut).frames == 48
    with pytest.raises(Truncated):
        verify(cut)


def test_a_matroska_film_that_lacks_its_end_is_truncated(tmp_path: Path, sound_film: Path) -> None:
    whole, cut = tmp_path / "whole.mkv", tmp_path / "cut.mkv"
    with av.open(str(sound_film)) as source, av.open(str(whole), "w") as target:
        video = source.streams.video[0]
        track = target.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.size:
                packet.stream = track
                target.mux(packet)
    assert verify(whole).frames == 48
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(Truncated):
        verify(cut)


@pytest.mark.parametrize("share", [0.5, 0.98])
def test_a_file_of_full_length_that_ends_in_zeros_is_truncated(tmp_path: Path, share: float) -> None:
    whole = film(tmp_path / "whole.mp4", range(60)).read_bytes()
    hollow = tmp_path / "hollow.mp4"
    there = int(len(whole) * share)
    hollow.write_bytes(whole[:there] + bytes(len(whole) - there))
    with pytest.raises(Truncated):
        verify(hollow)


def test_a_film_whose_last_picture_is_missing_is_truncated_however_many_processors_decode_it(tmp_path: Path) -> None:
    file = film(tmp_path / "hollow.mp4", range(60))
    lose_last_picture(file)
    with pytest.raises(Truncated):
        verify(file)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>Sign in to the network</body></html>" * 40,
        b'{"code": 1000, "message": "denied"}',
        PLAYLIST.encode(),
        b"ffconcat version 1.0\nfile film.mp4\n",
        random.Random(1).randbytes(30_000),  # noqa: S311 - the same garbage in every run
    ],
    ids=["page", "json", "playlist", "list", "garbage"],
)
def test_what_is_no_video_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    film(tmp_path / "film.mp4")
    file = tmp_path / "answer.mp4"
    file.write_bytes(content)
    for look in (probe, verify):
        with pytest.raises(NotAVideo):
            look(file)


def test_a_picture_and_a_sound_are_no_video(tmp_path: Path) -> None:
    png = tmp_path / "picture.png"
    av.VideoFrame.from_ndarray(picture(1), format="rgb24").save(str(png))
    sounds = voice_memo(tmp_path / "memo.mp4"), song(tmp_path / "song.m4a")
    for file in (png.rename(tmp_path / "picture.mp4"), *sounds):
        for look in (probe, verify):
            with pytest.raises(NotAVideo):
                look(file)


def test_odd_films_are_described_too(tmp_path: Path) -> None:
    one = verify(film(tmp_path / "one.mp4", [7]))
    assert (one.frames, one.has_audio) == (1, False)
    assert one.seconds == pytest.approx(1 / 24, abs=0.001)
    turned = verify(film(tmp_path / "turned.mp4", rotation=90))
    assert (turned.width, turned.height) == (90, 160)
    half_turned = verify(film(tmp_path / "half.mp4", rotation=180))
    assert (half_turned.width, half_turned.height) == (160, 90)
    deep = verify(film(tmp_path / "deep.mp4", pixels="yuv420p10le"))
    assert (deep.frames, deep.codec) == (24, "h264")
    uneven = verify(film(tmp_path / "uneven.mp4", range(20), spacing=[1, 5] * 10))
    assert uneven.frames == 20
    assert uneven.fps == Fraction(60, 7)
    assert uneven.seconds == pytest.approx(60 / 24, abs=0.2)


def test_names_are_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("http:雪 & #1?.mp4", "concat:a|b.mp4", "-i.part"):
        film(tmp_path / "film.mp4").rename(tmp_path / name)
        assert verify(Path(name)).frames == 24


def test_a_file_out_of_reach_is_trouble_with_a_file(tmp_path: Path) -> None:
    for look in (probe, verify):
        for path in (tmp_path / "missing.mp4", tmp_path):
            with pytest.raises(FileTrouble):
                look(path)


def test_damage_anywhere_gives_an_answer_or_one_of_our_errors(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.mp4", range(12), sound=True).read_bytes()
    chance, file, refused = random.Random(20261101), tmp_path / "damaged.mp4", 0  # noqa: S311 - the same damage each run
    for _ in range(120):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(chance.choice((len(data), 3000)))] = chance.randrange(256)
        file.write_bytes(data)
        try:
            verify(file)
        except DownloadFailed:
            refused += 1
    assert 10 < refused < 110


def test_ffmpeg_keeps_its_words_to_itself(tmp_path: Path, sound_film: Path) -> None:
    broken = tmp_path / "broken.mp4"
    data = bytearray(sound_film.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    broken.write_bytes(data)
    code = (
        "import sys; from pathlib import Path; from kling_desktop.media.probe import verify\n"
        "try: verify(Path(sys.argv[1]))\nexcept Exception as e: print(type(e).__name__)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(broken)], capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == ("Truncated\n", "")


@pytest.mark.parametrize(
    "tail", [b"\0" * 4096, b"\r\n", b"\n\n\n\n\n\n\n\n\n", b"Sent with WhatsApp 1234567", b"\xff" * 33, b"x"]
)
@pytest.mark.parametrize("faststart", [True, False])
def test_bytes_behind_the_last_box_are_no_loss(tmp_path: Path, tail: bytes, faststart: bool) -> None:
    file = film(tmp_path / "film.mp4", faststart=faststart)
    file.write_bytes(file.read_bytes() + tail)
    assert verify(file).frames == 24


@pytest.mark.parametrize("kind", [b"moof", b"mdat", b"mfra", b"udta"])
def test_a_box_behind_the_film_that_was_cut_is_a_loss(tmp_path: Path, kind: bytes) -> None:
    file = film(tmp_path / "film.mp4")
    file.write_bytes(file.read_bytes() + (5000).to_bytes(4, "big") + kind + b"\0" * 100)
    with pytest.raises(Truncated):
        verify(file)
