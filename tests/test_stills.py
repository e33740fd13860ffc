"""A still shows the very frame it is asked for, upright and in shape, from a file or an address, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace

from kling_desktop.errors import (
    DownloadFailed,
    FileTrouble,
    KlingDesktopError,
    LinkExpired,
    NotAVideo,
    Truncated,
    Unreachable,
)
from kling_desktop.media import seam_stills
from kling_desktop.media import source as source_room
from kling_desktop.media.decoded.fields import combed
from kling_desktop.media.film.seed_frame import candidates
from kling_desktop.media.frames import open_frames
from kling_desktop.media.stills import poster
from kling_desktop.media.strip import strip
from tests.harness.media.films import Picture, film, number_of, picture, voice_memo
from tests.media.decoded.test_fields import camcorder


def seen(still: Path) -> Picture:
    """The picture in a JPEG."""
    with av.open(str(still)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24").astype(np.uint8)


@contextmanager
def served(status: int, body: bytes = b"", hang: bool = False) -> Iterator[str]:
    """The address of something on this machine that answers so to every request; ends with a signature."""
    over = Event()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if hang:
                over.wait(20)
                return
            assert "Authorization" not in self.headers
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/take?Signature=SECRET"
        finally:
            over.set()
            server.shutdown()


@pytest.mark.parametrize(("count", "gop"), [(1, 24), (2, 24), (100, 24), (97, 24), (300, 250), (250, 250)])
def test_first_and_last_are_the_very_first_and_last(tmp_path: Path, count: int, gop: int) -> None:
    clip = film(tmp_path / "clip.mp4", range(3, 3 + count), gop=gop)
    assert number_of(seen(poster(clip, tmp_path / "first.jpg"))) == 3
    assert number_of(seen(poster(clip, tmp_path / "last.jpg", last=True))) == 2 + count


def test_the_last_of_two_films_joined_without_encoding(tmp_path: Path) -> None:
    joined = tmp_path / "joined.mp4"
    parts = [film(tmp_path / "a.mp4", range(30), gop=250), film(tmp_path / "b.mp4", range(500, 540), gop=250)]
    with av.open(str(joined), "w") as target:
        track, offset = None, 0
        for part in parts:
            with av.open(str(part)) as container:
                video = container.streams.video[0]
                track = track or target.add_stream_from_template(video)
                for packet in container.demux(video):
                    if packet.size and packet.pts is not None and packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                        packet.stream = track
                        target.mux(packet)
                offset += video.duration or 0
    assert number_of(seen(poster(joined, tmp_path / "last.jpg", last=True))) == 539
    assert number_of(seen(poster(joined, tmp_path / "first.jpg"))) == 0


def test_the_last_of_a_film_whose_sound_goes_on_longer(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", range(20), sound=True, spacing=[1] * 19 + [30])
    assert number_of(seen(poster(clip, tmp_path / "last.jpg", last=True))) == 19


def test_the_last_is_found_without_reading_what_lies_before_its_key_frame(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", range(72), gop=24)
    data = bytearray(clip.read_bytes())
    begin = data.index(b"mdat") + 4
    third = (len(data) - begin) // 3
    data[begin + 100 : begin + third] = bytes(third - 100)
    clip.write_bytes(data)
    assert number_of(seen(poster(clip, tmp_path / "last.jpg", last=True))) == 71


@pytest.mark.parametrize(
    ("size", "width", "expected"),
    [
        ((320, 180), 160, (160, 90)), ((180, 320), 90, (90, 160)), ((320, 180), 480, (320, 180)),
        ((200, 200), 100, (100, 100)), ((160, 90), 1, (2, 2)),
    ],
)  # fmt: skip
def test_a_still_keeps_its_shape_and_is_never_enlarged(
    tmp_path: Path, size: tuple[int, int], width: int, expected: tuple[int, int]
) -> None:
    still = seen(poster(film(tmp_path / "clip.mp4", [5], size=size), tmp_path / "s.jpg", width=width))
    assert (still.shape[1], still.shape[0]) == expected


@pytest.mark.parametrize(
    ("rotation", "shape", "red"),
    [
        (0, (180, 320), (slice(0, 10), slice(None))),
        (90, (320, 180), (slice(None), slice(0, 10))),
        (-90, (320, 180), (slice(None), slice(-10, None))),
        (180, (180, 320), (slice(-10, None), slice(None))),
    ],
)
def test_a_turned_film_gives_an_upright_still(
    tmp_path: Path, rotation: int, shape: tuple[int, int], red: tuple[slice, slice]
) -> None:
    clip = film(tmp_path / "clip.mp4", [0], size=(320, 180), rotation=rotation)
    still = seen(poster(clip, tmp_path / "s.jpg"))
    assert still.shape[:2] == shape
    assert still[..., 0][red].mean() > 200
    assert still[..., 0].mean() < 60


@pytest.mark.parametrize(
    ("size", "matrix"), [((320, 180), Colorspace.ITU601), ((1280, 720), Colorspace.ITU709)], ids=["small", "large"]
)
def test_colours_are_those_that_the_player_shows(tmp_path: Path, size: tuple[int, int], matrix: Colorspace) -> None:
    still = seen(poster(film(tmp_path / "clip.mp4", [1], size=size, matrix=matrix), tmp_path / "s.jpg"))
    height, width = still.shape[:2]
    red, black, white = still[height // 20, width // 2], still[height // 2, width // 2], still[height // 2, -5]
    for shown, meant in ((red, (255, 0, 0)), (black, (0, 0, 0)), (white, (255, 255, 255))):
        assert np.abs(shown.astype(int) - meant).max() <= 8


def every_still(clip: Path, folder: Path) -> dict[str, Picture]:
    """All stills that are made of a clip of some frames, by the panel that shows them."""
    (folder / "last").mkdir()
    sides = seam_stills.stills(clip, 4, folder, "seam")
    made = strip(clip, folder / "strip.jpg")
    chosen = candidates(clip, stills=folder / "last")[0].still
    assert chosen is not None
    files = {"poster": poster(clip, folder / "p.jpg"), "seam": sides.before, "seam's new": sides.after, "last": chosen}
    thumbnail = np.split(seen(made.file), made.count, axis=1)[0]
    return {panel: seen(file) for panel, file in files.items()} | {"filmstrip": thumbnail}


def coded(path: Path, pictures: Iterable[av.VideoFrame], aspect: Fraction = Fraction(1)) -> Path:
    """Nine pictures of ten bits in a file with this sample aspect ratio and the transfer of the first picture."""
    with av.open(str(path), "w") as container:
        track = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "8"})
        for number, picture in enumerate(pictures):
            if not number:
                track.width, track.height, track.pix_fmt = picture.width, picture.height, "yuv420p10le"
                track.codec_context.sample_aspect_ratio = aspect
                track.codec_context.color_trc = picture.color_trc
            picture.pts, picture.time_base = number, Fraction(1, 24)
            container.mux(track.encode(picture))
        container.mux(track.encode())
    return path


@pytest.mark.parametrize("aspect", [Fraction(4, 3), Fraction(3, 4)])
def test_every_still_has_the_shape_that_players_show(tmp_path: Path, aspect: Fraction) -> None:
    pictures = (av.VideoFrame.from_ndarray(picture(n, 320, 180), format="rgb24") for n in range(9))
    clip = coded(tmp_path / "wide.mp4", (each.reformat(format="yuv420p10le") for each in pictures), aspect)
    shapes = {panel: still.shape[1] / still.shape[0] for panel, still in every_still(clip, tmp_path).items()}
    assert shapes == {panel: pytest.approx(320 / 180 * float(aspect), rel=0.05) for panel in shapes}


@pytest.mark.parametrize(("transfer", "white"), [(16, 573), (18, 721)], ids=["PQ", "HLG"])
def test_no_still_of_hdr_is_pale(tmp_path: Path, transfer: int, white: int) -> None:
    """What is white in it, at 203 nits, is white on the screen, which is why it was grey at 148 (PQ)."""
    page = av.VideoFrame(320, 180, "yuv420p10le")
    for plane, level in zip(page.planes, (white, 512, 512), strict=True):
        np.frombuffer(memoryview(plane), np.uint16)[:] = level
    page.color_trc = transfer
    clip = coded(tmp_path / "hdr.mp4", [page] * 9)
    levels = {panel: float(still.mean()) for panel, still in every_still(clip, tmp_path).items()}
    assert levels == {panel: pytest.approx(247, abs=5) for panel in levels}
    with open_frames(clip) as reader:
        assert reader.read(0, 1).pictures.mean() == pytest.approx(247, abs=5), "what the meters compare"


def test_no_still_of_an_interlaced_film_shows_a_comb(tmp_path: Path) -> None:
    """Nor does the picture that Kling is given: the chooser has to show just that one."""
    clip = camcorder(tmp_path / "tape.mkv")
    stills = every_still(clip, tmp_path)
    assert {panel for panel, still in stills.items() if combed(still[..., 1])} == set()


def test_odd_films_give_stills(tmp_path: Path) -> None:
    deep = film(tmp_path / "deep.mp4", range(9), pixels="yuv420p10le")
    uneven = film(tmp_path / "uneven.mp4", range(9), spacing=[1, 7, 2] * 3)
    for clip in (deep, uneven):
        assert number_of(seen(poster(clip, tmp_path / "last.jpg", last=True))) == 8


def test_a_still_replaces_the_old_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "stills" / "s.jpg"
    for number in (1, 2):
        clip = film(tmp_path / "clip.mp4", [number])
        assert poster(clip, target) == target
        assert number_of(seen(target)) == number
    assert [file.name for file in target.parent.iterdir()] == ["s.jpg"]


def test_what_cannot_be_shown_leaves_no_still(tmp_path: Path) -> None:
    page = tmp_path / "page.mp4"
    page.write_text("<html></html>")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(film(tmp_path / "whole.mp4", faststart=False).read_bytes()[:-300])
    cases: list[tuple[Path, type[KlingDesktopError]]] = [
        (page, NotAVideo), (voice_memo(tmp_path / "memo.mp4"), NotAVideo), (cut, Truncated),
        (tmp_path / "missing.mp4", FileTrouble),
    ]  # fmt: skip
    target = tmp_path / "stills" / "s.jpg"
    for broken, error in cases:
        for last in (False, True):
            with pytest.raises(error):
                poster(broken, target, last=last)
    assert not target.parent.exists()
    (tmp_path / "file").touch()
    with pytest.raises(FileTrouble):
        poster(tmp_path / "whole.mp4", tmp_path / "file" / "s.jpg")


def test_a_still_comes_from_an_address_too(tmp_path: Path) -> None:
    with served(200, film(tmp_path / "clip.mp4", range(5, 40)).read_bytes()) as address:
        assert number_of(seen(poster(address, tmp_path / "first.jpg"))) == 5
        assert number_of(seen(poster(address, tmp_path / "last.jpg", last=True))) == 39


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, b"", LinkExpired), (404, b"", LinkExpired), (200, b"<html></html>", NotAVideo),
        (200, b"", DownloadFailed), (500, b"", DownloadFailed), (410, b"", DownloadFailed),
    ],
)  # fmt: skip
def test_trouble_with_an_address_is_told_without_the_address(
    tmp_path: Path, status: int, body: bytes, expected: type[KlingDesktopError]
) -> None:
    with served(status, body) as address, pytest.raises(expected) as caught:
        poster(address, tmp_path / "s.jpg")
    assert "SECRET" not in f"{caught.value!r} {caught.value.message} {caught.value.__cause__}"
    assert caught.value.__suppress_context__


def test_nobody_at_the_address_is_unreachable(tmp_path: Path) -> None:
    with served(200) as address:
        pass
    with pytest.raises(Unreachable):
        poster(address, tmp_path / "s.jpg")


def test_a_server_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_room, "_CONNECT_SECONDS", 0.3)
    begun = monotonic()
    with served(200, hang=True) as address, pytest.raises(DownloadFailed):
        poster(address, tmp_path / "s.jpg")
    assert monotonic() - begun < 10


def test_a_playlist_at_an_address_leads_nowhere(tmp_path: Path) -> None:
    inside = film(tmp_path / "private.mp4")
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{inside}\n#EXT-X-ENDLIST\n"
    with served(200, playlist.encode()) as address, pytest.raises(NotAVideo):
        poster(address, tmp_path / "s.jpg")
