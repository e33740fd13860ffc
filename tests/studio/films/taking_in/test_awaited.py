"""Films that lack files are remembered over a restart, and no damaged record keeps a program from starting."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.export.papers.record import papers_of
from kling_desktop.studio.films.taking_in.awaited import AwaitedFilms
from tests.export.films import joined, whole


def test_they_are_kept_until_they_are_dropped(tmp_path: Path) -> None:
    file = tmp_path / "data/awaited.json"
    awaited, one, two = AwaitedFilms(file), papers_of(joined(tmp_path)), papers_of(whole(tmp_path))
    assert awaited.write()
    assert not file.exists()  # nothing is missing: nothing is written
    for papers in (one, two, one):
        awaited.add(papers)
    assert awaited.write()
    assert AwaitedFilms(file).read() == (one, two)
    assert str(tmp_path) not in file.read_text("utf-8")
    awaited.drop(one)
    awaited.drop(two)
    assert awaited.write()
    assert AwaitedFilms(file).read() == ()


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'["{}"]', b'{"a": 1}'])
def test_what_cannot_be_read_is_left_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "awaited.json").write_bytes(content)
    assert AwaitedFilms(tmp_path / "awaited.json").read() == ()


def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    awaited = AwaitedFilms(tmp_path / "file" / "awaited.json")
    awaited.add(papers_of(whole(tmp_path)))
    assert not awaited.write()
