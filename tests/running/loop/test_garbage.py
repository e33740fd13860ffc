"""Circles with Qt's objects in them go in the window's thread, however much the others make."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from kling_desktop.running.loop.garbage import GarbageCollector, garbage_collected_here
from tests.harness.waiting import until

MANY = 20_000
"""Objects that hold others: more than Python makes without looking for garbage."""


class Circle(QObject):
    """Nothing but itself holds it; its timer is Qt's to call."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self
        self.startTimer(1)


@pytest.fixture
def python_collects() -> Iterator[None]:
    """As it is when a program begins."""
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    if not was_enabled:
        gc.disable()


def _circle_seen_going(ends: list[int]) -> None:
    weakref.finalize(Circle(), lambda: ends.append(threading.get_ident())).atexit = False


def _make_much() -> list[list[int]]:
    return [[number] for number in range(MANY)]


async def test_a_circle_goes_in_the_window_s_thread(qapp: QApplication, python_collects: None) -> None:
    ends: list[int] = []
    with garbage_collected_here():
        _circle_seen_going(ends)
        much = await asyncio.to_thread(_make_much)
        await until(lambda: ends, 30, "the circle to go")
    assert ends == [threading.get_ident()]
    assert len(much) == MANY


async def test_python_goes_on_by_itself_afterwards_if_it_did_before(qapp: QApplication, python_collects: None) -> None:
    with garbage_collected_here():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    with garbage_collected_here():
        pass
    assert not gc.isenabled()


async def test_what_has_outlived_all_goes_too(qapp: QApplication) -> None:
    ends: list[int] = []
    circle = Circle()
    weakref.finalize(circle, lambda: ends.append(threading.get_ident())).atexit = False
    gc.collect()  # it is among the oldest now
    del circle
    kept = []
    with garbage_collected_here():

        def more() -> bool:
            kept.append(_make_much())
            return bool(ends)

        await until(more, 60, "the circle to go")
    assert ends == [threading.get_ident()]


def test_nothing_is_looked_through_while_little_is_new(python_collects: None) -> None:
    gc.disable()
    gc.collect()
    looked: list[str] = []

    def hear(phase: str, _: dict[str, int]) -> None:
        looked.append(phase)

    gc.callbacks.append(hear)
    try:
        GarbageCollector().collect_due()
        assert looked == []
        much = _make_much()
        GarbageCollector().collect_due()
        assert looked == ["start", "stop"]
        assert much
    finally:
        gc.callbacks.remove(hear)


def _looked_at(collector: GarbageCollector, rounds: int) -> set[int]:
    """Generations that were looked at while so much was made."""
    looked: set[int] = set()

    def hear(phase: str, info: dict[str, int]) -> None:
        looked.add(info["generation"])

    gc.callbacks.append(hear)
    kept = []
    try:
        for _ in range(rounds):
            kept.append([[number] for number in range(1000)])
            collector.collect_due()
    finally:
        gc.callbacks.remove(hear)
    return looked


@pytest.mark.parametrize(("watched", "rounds", "oldest"), [(False, 150, True), (True, 150, False), (True, 700, True)])
def test_the_oldest_are_left_alone_while_the_window_is_watched_until_they_are_too_many(
    python_collects: None, watched: bool, rounds: int, oldest: bool
) -> None:
    gc.disable()
    gc.collect()
    gc.freeze()  # what the tests before have left
    try:
        assert (2 in _looked_at(GarbageCollector(lambda: watched), rounds)) is oldest
    finally:
        gc.unfreeze()
