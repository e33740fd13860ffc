"""A film that is dragged out has a name for people, and stays there for whoever uses it."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.domain.takes import Part, TakeState
from kling_desktop.studio.films.handing_over.named_file import named_file, seconds_of
from tests.studio.films.handing_over.test_handover import Room, room

__all__ = ["room"]


@pytest.fixture
def state(room: Room) -> TakeState:
    room.grow(1)
    task = room.grow(2, "c1", continues=True)
    found = room.tree.take(task.id)
    assert found is not None
    return found


@pytest.fixture
def render(tmp_path: Path) -> Path:
    (tmp_path / "renders").mkdir()
    file = tmp_path / "renders/3abd0080.mp4"
    file.write_bytes(b"a film")
    return file


def test_it_is_the_same_file_under_one_name(render: Path, state: TakeState, tmp_path: Path) -> None:
    first, again = [named_file(render, tmp_path / "dragged", state, "Fox", Fraction(19, 2)) for _ in range(2)]
    assert first == again
    assert first.samefile(render)
    assert first.name.endswith("_h01_t01_10s.mp4")
    render.unlink()  # it is a cache, and an editor still uses it
    assert first.read_bytes() == b"a film"
    render.write_bytes(b"another film")
    assert named_file(render, tmp_path / "dragged", state, "Fox", Fraction(19, 2)).name.endswith("_10s -1.mp4")


@pytest.mark.parametrize("template", ["{rating}{ext}", "{parent}{task_id}/{model}{ext}"])
def test_what_says_nothing_of_it_does_not_name_it(
    render: Path, state: TakeState, tmp_path: Path, template: str
) -> None:
    assert len(named_file(render, tmp_path / "dragged", state, "Fox", None, template).stem) > 0


def test_where_the_disk_has_no_links_it_keeps_its_own(
    render: Path, state: TakeState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert named_file(render, tmp_path / "dragged", state, "Fox", None) == render


def test_its_length_is_that_of_its_parts(room: Room, state: TakeState) -> None:
    parts = (Part("c1", Fraction(0), Fraction(4)), Part("c2", Fraction(1, 2)))
    assert seconds_of(parts, room.library.clip) == Fraction(17, 2)
    assert seconds_of((Part("nobody's"),), room.library.clip) is None
