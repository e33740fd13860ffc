"""A given picture is checked as Kling would check it, and kept, so that a second try sends the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop import errors
from kling_desktop.kling.pictures import base64_of
from kling_desktop.media.film.pictures import decoded, rgb_of_jpeg
from kling_desktop.studio.files.pictures import Pictures, name_of
from tests.harness.media.pictures import HEIC, jpeg, png, turned


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures")


async def test_a_picture_is_kept_as_it_is_and_outlives_its_file(pictures: Pictures, tmp_path: Path) -> None:
    given = tmp_path / "My harbour.png"
    given.write_bytes(png(640, 360))
    kept = await pictures.keep(given)
    given.unlink()
    assert (kept.width, kept.height) == (640, 360)
    assert kept.file.read_bytes() == png(640, 360)
    assert kept.size_bytes == len(png(640, 360))
    assert name_of(kept.file) == "My-harbour.png"
    assert await pictures.keep(kept.file) == kept, "what lies there already is not kept twice"
    assert len(list(kept.file.parent.iterdir())) == 1
    assert base64_of(kept.file), "and Kling's own door takes it"


async def test_a_phone_s_picture_is_sent_upright(pictures: Pictures, tmp_path: Path) -> None:
    given = tmp_path / "phone.jpg"
    given.write_bytes(turned(jpeg(640, 400), 6))
    kept = await pictures.keep(given)
    assert (kept.width, kept.height) == (400, 640)
    shown = rgb_of_jpeg(decoded(kept.file.read_bytes())).to_ndarray()
    left, right = shown[320, 40], shown[320, 360]
    assert right[0] > 150 > left[0], "what was above is at the right now"
    assert left[2] > 150 > right[2]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (png(299, 400), errors.PictureTooSmall),
        (png(1000, 398), errors.PictureTooLong),
        (png(1900, 1900, noise=200), errors.PictureTooLarge),
        (HEIC, errors.PictureHeic),
        (HEIC + bytes(10_000_000), errors.PictureHeic),
        (b"GIF89a" + bytes(400), errors.PictureForeign),
        (b"", errors.PictureForeign),
        (png(640, 360)[:20], errors.PictureBroken),
        (png(640, 360)[:700], errors.PictureBroken),
        (jpeg(640, 360)[:60], errors.PictureBroken),
    ],
    ids=["small", "wide", "large", "heic", "large heic", "gif", "empty", "no head", "half a png", "half a jpeg"],
)
async def test_what_kling_would_not_take_is_said_and_not_kept(
    pictures: Pictures, tmp_path: Path, content: bytes, error: type[errors.PictureUnfit]
) -> None:
    given = tmp_path / "given.png"
    given.write_bytes(content)
    with pytest.raises(error):
        await pictures.keep(given)
    assert not (tmp_path / "pictures").exists()


async def test_a_picture_that_is_gone_or_a_folder_is_said_to_be_unreadable(pictures: Pictures, tmp_path: Path) -> None:
    for given in (tmp_path / "gone.png", tmp_path):
        with pytest.raises(errors.FileTrouble):
            await pictures.keep(given)
