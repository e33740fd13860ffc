"""What hands expect: Tab reaches everything, keys belong to what has the focus, nothing chosen is lost by the way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.domain.tasks import Pick, Status
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

CTRL = Qt.KeyboardModifier.ControlModifier


def _round(creator: Creator, first: QWidget) -> list[QWidget]:
    """What Tab goes through from `first` on, once round."""
    first.setFocus()
    passed: list[QWidget] = []
    for _ in range(120):
        now = QApplication.focusWidget()
        if now is None or now in passed:
            break
        passed.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    return passed


def _place(passed: list[QWidget], widget: QWidget) -> int:
    """Where in the round a widget, or something inside it, has the focus; -1: nowhere."""
    return next((n for n, each in enumerate(passed) if each is widget or widget.isAncestorOf(each)), -1)


def _places(creator: Creator, first: QWidget, *widgets: QWidget) -> list[int]:
    passed = _round(creator, first)
    return [_place(passed, widget) for widget in widgets]


def _in_order(places: list[int]) -> bool:
    return -1 not in places and places == sorted(places)


async def _is_made(creator: Creator, words: str) -> None:
    await creator.sees(lambda: (task := creator.newest()) and task.extension.prompt == words, words)
    await creator.sees_take()


async def test_tab_goes_round_the_window_and_misses_nothing(start: Start) -> None:
    async with start() as creator:
        window, transport = creator.window, creator.viewer.transport
        assert -1 not in _places(creator, creator.viewer.picture, creator.form.fields.prompt.edit, window.film)
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.clicks_row(0)
        takes = creator.tasks
        order = (
            takes.filter.box,
            takes.filter.states,
            takes.table,
            creator.viewer.picture,
            transport.volume,
        )
        assert _in_order(_places(creator, takes.filter.box, *order))


async def test_tab_goes_through_the_form_as_it_stands_whichever_way_it_sends(start: Start) -> None:
    """It once went from the last option back to the first, for ever."""
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_E, CTRL)
        fields = creator.form.fields
        await creator.sees(lambda: fields.clip_row.clip, "the take in the form")
        fields.options.open()
        creator.writes("It goes on")
        last = (fields.negative.edit, fields.watermark, fields.callback.line, fields.own_id.line, creator.form.button)
        assert _in_order(
            _places(creator, fields.prompt.edit, fields.options.title, fields.guidance, creator.form.button)
        )
        assert _in_order(_places(creator, fields.prompt.edit, fields.options.title, *last))
        fields.way.segments.button(1).click()
        await creator.sees(fields.generation.isVisible, "the options of a new clip")
        made = fields.generation
        chosen = (made.model, made.modes, made.seconds, made.choose_frame, made.choose_end)
        assert _in_order(_places(creator, fields.prompt.edit, fields.options.title, *chosen, *last))


async def test_home_and_end_in_the_list_are_the_lists(start: Start) -> None:
    async with start() as creator:
        for words in ("A heron lands", "It flies off"):
            creator.asks(creator.clip_id("dawn-lake"), words)
            await _is_made(creator, words)
        table, viewer = creator.tasks.table, creator.viewer
        creator.clicks_row(0)
        await creator.sees(lambda: viewer.duration_seconds, "the film")
        at = viewer.position_seconds
        assert at > 0, "it opens at its seam"
        table.setFocus()
        creator.presses(table, Qt.Key.Key_Home)
        assert viewer.position_seconds == at
        creator.presses(table, Qt.Key.Key_End)
        await creator.sees(
            lambda: table.current_task() == creator.tasks.model.task(table.model().rowCount() - 1), "the last row"
        )


async def test_a_filter_without_a_match_leaves_what_is_on_show(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.clicks_row(0)
        await creator.sees(lambda: creator.viewer.clip, "the take")
        shown = creator.viewer.clip
        creator.types(creator.tasks.filter.box, "zebra")
        await creator.sees(lambda: creator.tasks.model.layout.total == 0, "no row")
        assert creator.viewer.clip == shown
        creator.presses(creator.tasks.filter.box, Qt.Key.Key_Escape)
        await creator.sees(lambda: creator.tasks.model.layout.total == 1, "the row again")
        selected = creator.tasks.selected()
        assert selected is not None
        assert selected.clip == shown


async def test_a_key_that_does_nothing_says_why(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="content", on="create", times=1)
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees(lambda: (task := creator.newest()) and task.status is Status.FAILED, "the failure")
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_S, CTRL)
        assert "“Save as” does not go with this take: Failed." in creator.banners()


async def test_what_is_rejected_is_said_of_that_take_alone(start: Start) -> None:
    """The next one comes onto the stage, and its head does not speak of the one before."""
    async with start() as creator:
        for words in ("A heron lands", "It flies off"):
            creator.asks(creator.clip_id("dawn-lake"), words)
            await _is_made(creator, words)
        creator.clicks_row(0)
        rejected = creator.viewer.clip
        head = creator.window.seams.take_head
        creator.presses(creator.tasks.table, Qt.Key.Key_X)
        await creator.sees(lambda: creator.viewer.clip not in (None, rejected), "the next take")
        await creator.sees(
            lambda: (task := creator.newest()) and task.pick is Pick.REJECTED, "the first to be rejected"
        )
        await creator.sees(lambda: head.reject.accessibleName().startswith("Reject"), "the head of the next")
        assert not head.reject.accessibleName().startswith("Rejected")


async def test_rows_come_back_with_the_room_for_them(start: Start) -> None:
    async with start() as creator:
        window = creator.window
        before = window.size()
        shown = creator.tasks.table.height()
        window.resize(900, 600)
        await creator.sees(lambda: window.width() == 900, "a small window")
        window.resize(before)
        await creator.sees(lambda: creator.tasks.table.height() == shown, "as many rows as before")


async def test_a_key_of_the_film_and_of_the_list_is_heard_where_the_hand_is(start: Start) -> None:
    """Two commands have it; each is alone where it is meant, or Qt would do neither."""
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_3)
        await creator.sees(lambda: (task := creator.newest()) and task.stars == 3, "three stars")
        volume = creator.viewer.volume
        creator.viewer.setFocus()
        focused = await creator.sees(QApplication.focusWidget, "a focus")
        creator.presses(focused, Qt.Key.Key_0)
        await creator.sees(lambda: creator.viewer.volume > volume, "the film to be louder")
        task = creator.newest()
        assert task is not None
        assert task.stars == 3
        volume = creator.viewer.volume
        creator.tasks.table.setFocus()
        creator.presses(creator.tasks.table, Qt.Key.Key_0)
        await creator.sees(lambda: (task := creator.newest()) and task.stars == 0, "no stars")
        assert creator.viewer.volume == volume


async def test_esc_steps_back_where_the_hand_is(start: Start) -> None:
    """From the words of the filter first, though a seam is open on the stage."""
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.clicks_row(0)
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "its film")
        seams = creator.window.seams
        creator.viewer.setFocus()
        await creator.sees(QApplication.focusWidget, "a focus")
        creator.presses(creator.viewer, Qt.Key.Key_V)
        await creator.sees(lambda: seams.is_open, "the seam")
        box = creator.tasks.filter.box
        creator.types(box, "heron")
        creator.presses(box, Qt.Key.Key_Escape)
        await creator.sees(lambda: box.text() == "", "no words in the filter")
        assert seams.is_open
        creator.presses(box, Qt.Key.Key_Escape)
        await creator.sees(creator.tasks.table.hasFocus, "the rows")
        creator.presses(creator.tasks.table, Qt.Key.Key_Escape)
        await creator.sees(lambda: not seams.is_open, "the film")
