"""The last frame is as large as words and options leave room for: what the creator writes in is in sight unscrolled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Tail, TailWarning
from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.ui import theme
from kling_desktop.ui.extend.extend_form import ExtendForm
from kling_desktop.ui.finding_lines import Sentence

CLIP = Clip("829812345678901", Kind.TEXT, seconds=Decimal("5.0"), expires_at=datetime.now(UTC) + timedelta(days=9))


@pytest.fixture
def tail(tmp_path: Path) -> Tail:
    still = tmp_path / "last.png"
    picture = QImage(QSize(640, 360), QImage.Format.Format_RGB32)
    picture.fill(QColor("#a05028"))
    assert picture.save(str(still))
    return Tail(still, ())


@pytest.fixture
def form(qtbot: QtBot, qapp: QApplication, tail: Tail) -> ExtendForm:
    theme.apply(qapp, "dark")  # heights are those of its controls
    made = ExtendForm()
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.offer(CLIP, None)
    made.fields.clip_row.tail.show_tail(tail)
    with qtbot.waitExposed(made):
        made.show()
    return made


def _fits(form: ExtendForm) -> bool:
    fields, title = form.fields, form.fields.options.title
    lowest = title.mapTo(fields.viewport(), title.rect().bottomLeft()).y()
    page = fields.widget()
    assert page is not None
    return lowest < fields.viewport().height() and page.height() == fields.viewport().height()


@pytest.mark.parametrize("height", range(540, 800, 20))
def test_nothing_is_scrolled_to_while_the_frame_can_give_way(form: ExtendForm, qtbot: QtBot, height: int) -> None:
    form.resize(320, height)
    qtbot.waitUntil(lambda: _fits(form))
    row = form.fields.clip_row
    assert row.tail.frame.isVisible() is not row.still.isVisible(), "one of the two, never both"


def test_the_frame_grows_with_the_room_and_gives_way_to_options(form: ExtendForm, qtbot: QtBot) -> None:
    frame = form.fields.clip_row.tail.frame
    form.resize(320, 640)
    qtbot.waitUntil(lambda: _fits(form) and frame.height() < 150)
    lower = frame.height()
    form.resize(320, 660)
    qtbot.waitUntil(lambda: frame.height() == lower + 20)
    form.fields.options.title.click()
    qtbot.waitUntil(form.fields.clip_row.still.isVisible)
    assert not frame.isVisible()
    form.fields.options.title.click()
    qtbot.waitUntil(frame.isVisible)
    qtbot.waitUntil(lambda: frame.height() == lower + 20)


def test_the_small_still_is_the_last_frame_and_its_warnings_stay(form: ExtendForm, tail: Tail, qtbot: QtBot) -> None:
    row = form.fields.clip_row
    row.tail.show_tail(replace(tail, warnings=(TailWarning.BLURRED,)))
    row.give_room(large_still=False)
    qtbot.waitUntil(row.still.isVisible)
    assert row.still.poster == tail.still
    assert [line.text() for line in row.tail.warnings.findChildren(Sentence) if line.isVisible()]


def test_that_a_frame_is_fine_is_said_in_plain_letters_in_every_theme(form: ExtendForm, qapp: QApplication) -> None:
    """Qt gave a line that had been a heading its strong letters back with the next theme."""
    said = [line for line in form.fields.clip_row.findChildren(Sentence) if line.text() == "Sharp and moving"]
    assert [line.isVisible() for line in said] == [True]
    theme.apply(qapp, "light")
    assert said[0].font().weight() == QFont.Weight.Normal
    theme.apply(qapp, "dark")
