"""Pictures that a creator brings: read when Kling would take them, else an error that says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from kling_desktop.errors import FileTrouble, PictureUnfit
from kling_desktop.media.film.pictures import film_picture, jpeg_of_full_colour, png_of, read_picture, rgb_of
from tests.harness.media.continuations import Scene


def rgb(seed: int = 1) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.rint(Scene(seed).view(0)).astype(np.uint8), format="rgb24")


@pytest.mark.parametrize(("encoded", "error"), [(png_of, 0.0), (jpeg_of_full_colour, 2.0)])
def test_what_is_written_is_read(tmp_path: Path, encoded: Callable[[av.VideoFrame], bytes], error: float) -> None:
    file = tmp_path / "p"
    file.write_bytes(encoded(rgb()))
    back = read_picture(file).reformat(format="rgb24").to_ndarray().astype(float)
    assert np.abs(back - rgb().to_ndarray()).mean() <= error


def test_to_the_film_and_back_nothing_shifts() -> None:
    there = film_picture(rgb(), 320, 180)
    off = rgb_of(there).to_ndarray().astype(float) - rgb().to_ndarray()
    assert np.abs(off.mean(axis=(0, 1))).max() < 0.2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(99),
        b"\x89PNG\r\n\x1a\n" + bytes(99),
        b"\xff\xd8\xff" + bytes(99),
        b"\x89PNG" + bytes(10**7),
    ],
    ids=["empty", "gif", "broken png", "broken jpeg", "too large"],
)
def test_what_is_no_picture_for_kling(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p").write_bytes(data)
    with pytest.raises(PictureUnfit):
        read_picture(tmp_path / "p")


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble):
        read_picture(tmp_path / "p")
    with pytest.raises(FileTrouble):
        read_picture(Path("a\0b"))
