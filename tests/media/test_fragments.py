"""Films in fragments: one that was cut exactly between two of them is found out by what its header says."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import pytest

from kling_desktop.errors import Truncated
from kling_desktop.media.fragments import stated_seconds
from kling_desktop.media.probe import verify
from tests.harness.media.films import film

_TICKS = 1000
"""A second, in the header of a film that this library writes."""


def _fragmented(tmp_path: Path) -> bytes:
    """Some seconds in several fragments; each finds its bytes from its own beginning, wherever that comes to lie."""
    path = tmp_path / "fragmented.mp4"
    options = {"movflags": "empty_moov+default_base_moof", "frag_duration": "500000"}
    with (
        av.open(str(film(tmp_path / "plain.mp4", range(96)))) as source,
        av.open(str(path), "w", options=options) as to,
    ):
        video = source.streams.video[0]
        track = to.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.size:
                packet.stream = track
                to.mux(packet)
    return path.read_bytes()


def _with_length(whole: bytes, seconds: float, *, is_long: bool = False) -> bytes:
    """The film, with a statement of its length (mehd) in its header."""
    duration = round(seconds * _TICKS)
    said = struct.pack(">I4sBxxx", 20, b"mehd", 1) + struct.pack(">Q", duration)
    if not is_long:
        said = struct.pack(">I4sBxxx", 16, b"mehd", 0) + struct.pack(">I", duration)
    for kind in (b"moov", b"mvex"):
        at = whole.index(kind) - 4
        length = int.from_bytes(whole[at : at + 4], "big") + len(said)
        whole = whole[:at] + length.to_bytes(4, "big") + whole[at + 4 :]
    at = whole.index(b"mvex") + 4
    return whole[:at] + said + whole[at:]


@pytest.mark.parametrize("is_long", [False, True])
def test_a_film_that_ends_between_two_fragments_before_its_stated_end_is_truncated(
    tmp_path: Path, is_long: bool
) -> None:
    file = tmp_path / "film.mp4"
    whole = _with_length(_fragmented(tmp_path), 4.0, is_long=is_long)
    file.write_bytes(whole)
    assert stated_seconds(file) == 4.0
    assert verify(file).frames == 96
    file.write_bytes(whole[: whole.rindex(b"moof") - 4])
    with pytest.raises(Truncated):
        verify(file)


@pytest.mark.parametrize("seconds", [0.0, 3.9, 1.0])
def test_a_statement_that_the_film_reaches_or_outlasts_is_none_against_it(tmp_path: Path, seconds: float) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(_with_length(_fragmented(tmp_path), seconds))
    assert verify(file).frames == 96


def test_a_film_that_states_no_length_is_judged_by_its_packets(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(_fragmented(tmp_path))
    assert stated_seconds(file) == stated_seconds(tmp_path / "plain.mp4") == 0.0
    assert verify(file).frames == 96


@pytest.mark.parametrize("content", [b"", b"\0" * 7, b"\0\0\0\x08moov", b"\0\0\0\x10moov\0\0\0\x01mvhd", b"\xff" * 99])
def test_nonsense_states_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "film.mp4").write_bytes(content)
    assert stated_seconds(tmp_path / "film.mp4") == 0.0
