"""The render_cache renders each film once, after its parents, and leaves nothing half done behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from kling_desktop.sandbox.films.render_cache import RenderCache
from kling_desktop.sandbox.records import Abandoned, Film, Segment
from tests.sandbox.customer import until

BASE = Film(160, 90, 24, (Segment(12, 1, "Dawn"),))


@pytest.fixture
def render_cache(tmp_path: Path) -> Iterator[RenderCache]:
    room = RenderCache(tmp_path / "cache")
    yield room
    room.close()


def frames(file: Path) -> int:
    with av.open(str(file)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_film_comes_with_its_parents(render_cache: RenderCache, tmp_path: Path) -> None:
    chain = BASE.extended(Segment(10, 2, "")).extended(Segment(8, 3, ""))
    assert frames(render_cache.render(chain).result(20)) == 30
    assert {path.suffix for path in (tmp_path / "cache").iterdir()} == {".mp4"}
    assert frames(render_cache.path(chain.parent)) == 22
    assert frames(render_cache.path(BASE)) == 12


def test_asked_twice_it_is_rendered_once(render_cache: RenderCache) -> None:
    first, second = render_cache.render(BASE), render_cache.render(BASE)
    assert first.result(20) == second.result(20)
    made = first.result().stat().st_mtime_ns
    assert render_cache.render(BASE).result(0).stat().st_mtime_ns == made


def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    room = RenderCache(tmp_path / "cache")
    with pytest.raises(OSError, match="cache"):
        room.render(BASE).result(20)
    (tmp_path / "cache").unlink()
    assert frames(room.render(BASE).result(20)) == 12
    room.close()


def test_closing_gives_up_at_once(tmp_path: Path) -> None:
    room = RenderCache(tmp_path / "cache")
    long = room.render(Film(1280, 720, 30, (Segment(4000, 1, "Long"),)))
    until(lambda: list((tmp_path / "cache").glob("*")))
    start = time.monotonic()
    room.close()
    with pytest.raises(Abandoned):
        long.result(20)
    assert time.monotonic() - start < 5
    assert list((tmp_path / "cache").glob("*")) == []


def test_films_are_prepared_while_nobody_asks(render_cache: RenderCache) -> None:
    other = Film(160, 90, 24, (Segment(12, 2, "Dusk"),))
    render_cache.prepare([BASE, other])
    until(lambda: render_cache.path(BASE).exists() and render_cache.path(other).exists())


def test_preparing_ends_when_the_room_is_closed(tmp_path: Path) -> None:
    room = RenderCache(tmp_path / "cache")
    room.prepare([Film(640, 360, 24, (Segment(2400, number, "Dawn"),)) for number in range(3)])
    room.close()
    until(lambda: not any(thread.name == "sandbox-preparing" for thread in threading.enumerate()))
