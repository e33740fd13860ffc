"""What is wrong with a film's files is said by name, and other takes do not keep a film from being handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.errors import FileGone, NotAVideo
from kling_desktop.export.archives.archive import open_archive
from kling_desktop.export.exporting import export, finished_already
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.formats.sources import require_whole, without_absent
from kling_desktop.export.outputs import OUTPUTS, WITH_OTHERS
from kling_desktop.export.remarks import ABSENT
from kling_desktop.export.request import Request
from tests.export.films import joined, whole

ALONE = ("original", "mp4-copy")
"""These take one clip, whose other takes lie beside it as well."""


@pytest.mark.parametrize("key", [key for key in (*BY_KEY, *OUTPUTS) if key not in (*ALONE, "dnxhr-hq")])
@pytest.mark.parametrize("trouble", ["gone", "damaged"])
def test_a_film_is_handed_out_though_another_take_of_it_cannot_be(key: str, trouble: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    other = film.parts[1].alternates[0].file
    other.unlink() if trouble == "gone" else other.write_bytes(b"hello" * 100)
    request = Request(film, key, tmp_path / "out", Path("fox.zip" if key == "archive" else "fox"))
    done = export(request)
    assert done.file.exists()
    assert (ABSENT in done.notes) == (trouble == "gone" and key in WITH_OTHERS)


def test_an_archive_without_an_other_take_opens_as_the_film(tmp_path: Path) -> None:
    film = joined(tmp_path)
    film.parts[1].alternates[0].file.unlink()
    archive = export(Request(film, "archive", tmp_path / "out", Path("fox.zip"))).file
    opened = open_archive(archive, tmp_path / "mine")
    assert opened.missing == ()
    assert [part.file.name for part in opened.film.parts] == ["one.mp4", "two.mp4"]


def test_an_export_that_was_finished_is_known_again_though_an_other_take_is_gone(tmp_path: Path) -> None:
    film = joined(tmp_path)
    film.parts[1].alternates[0].file.unlink()
    request = Request(film, "h264-small", tmp_path / "out", Path("fox.mp4"))
    done = export(request)
    assert finished_already(request, 0) == done.file


@pytest.mark.parametrize("key", ["h264-small", "timelines", "archive", "gif"])
def test_a_clip_of_the_film_itself_that_is_gone_is_named(key: str, tmp_path: Path) -> None:
    film = joined(tmp_path)
    film.parts[1].file.unlink()
    with pytest.raises(FileGone, match=r"two\.mp4"):
        export(Request(film, key, tmp_path / "out", Path("fox")))
    assert not (tmp_path / "out").exists()


def test_one_that_is_damaged_is_named(tmp_path: Path) -> None:
    film = joined(tmp_path)
    film.parts[1].file.write_bytes(b"hello" * 100)
    with pytest.raises(NotAVideo, match=r"two\.mp4"):
        require_whole(film)


def test_nothing_is_left_out_where_all_is_there(tmp_path: Path) -> None:
    for film in (whole(tmp_path), joined(tmp_path)):
        assert without_absent(film) == film
