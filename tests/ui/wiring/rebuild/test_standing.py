"""What is only told when it changes is told again to panels that come later."""

from __future__ import annotations

from kling_desktop.domain.accounts import SANDBOX, Profile, Region
from kling_desktop.domain.clips import Progress
from kling_desktop.studio.feed import CallbacksChanged, ExportsPaused, Fact, QueueChanged, TaskForgotten, TransferMoved
from kling_desktop.ui.wiring.rebuild.standing import Standing

OTHER = Profile("Work", Region.SINGAPORE)


def _queue(profile: Profile, running: int) -> QueueChanged:
    return QueueChanged(profile, (), running, None, paused=False)


def _told(standing: Standing) -> list[Fact]:
    heard: list[Fact] = []
    standing.tell(heard.extend)
    return heard


def test_the_newest_of_each_is_told_in_the_order_of_change() -> None:
    standing = Standing()
    standing.hear([_queue(SANDBOX, 1), _queue(OTHER, 2), ExportsPaused(paused=True)])
    standing.hear([_queue(SANDBOX, 3)])
    assert _told(standing) == [_queue(OTHER, 2), ExportsPaused(paused=True), _queue(SANDBOX, 3)]


def test_what_happened_once_is_not_told_again() -> None:
    standing = Standing()
    standing.hear([TaskForgotten("t1"), CallbacksChanged("", signed=False, trouble=None)])
    assert _told(standing) == [CallbacksChanged("", signed=False, trouble=None)]


def test_where_nothing_stands_nothing_is_told() -> None:
    assert _told(Standing()) == []


def test_a_transfer_that_is_over_is_not_kept() -> None:
    standing = Standing()
    standing.hear([TransferMoved("t1", Progress(1, 2)), TransferMoved("t2", Progress(1, 2))])
    standing.hear([TransferMoved("t1", None)])
    assert _told(standing) == [TransferMoved("t2", Progress(1, 2))]
