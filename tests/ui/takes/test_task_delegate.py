"""Rows are painted so that everything can be read, in any width, font, script and theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Progress
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.ui import theme
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.rows.task_answers import PosterRole, ProgressRole, TaskRole, TypicalRole
from kling_desktop.ui.takes.task_delegate import ROW_HEIGHT, TaskDelegate, fitting, row_height, still_box
from tests.harness.tasks import NOON, done, held_back, refused

WIDTHS = (280, 380, 700)


@pytest.fixture(params=["light", "dark"])
def worn(request: pytest.FixtureRequest, qapp: QApplication) -> str:
    theme.apply(qapp, request.param)
    return str(request.param)


class Easel:
    """Paints one row as a view would."""

    def __init__(self) -> None:
        self.posters = Posters()
        self.delegate = TaskDelegate(self.posters, clock=lambda: NOON)
        self.model = QStandardItemModel()

    def row(
        self,
        task: Task,
        width: int = 380,
        progress: Progress | None = None,
        poster: Path | None = None,
        state: QStyle.StateFlag = QStyle.StateFlag.State_Enabled,
    ) -> QImage:
        item = QStandardItem()
        for role, value in ((TaskRole, task), (ProgressRole, progress), (PosterRole, poster), (TypicalRole, None)):
            item.setData(value, role)
        self.model.clear()
        self.model.appendRow(item)
        option = QStyleOptionViewItem()
        option.font = QApplication.font()
        option.palette = QApplication.palette()
        option.state = state | QStyle.StateFlag.State_Enabled
        option.rect = QRect(0, 0, width, row_height(option.font))
        image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
        image.fill(QColor(theme.colours().base))
        painter = QPainter(image)
        self.delegate.paint(painter, option, self.model.index(0, 0))
        painter.end()
        return image


def ink_right_of(image: QImage, x: int, ground: QColor) -> bool:
    """Whether anything but the ground is painted from `x` on, above the hairline."""
    return any(
        image.pixelColor(column, line) != ground
        for column in range(x, image.width())
        for line in range(image.height() - 5)
    )


def share(image: QImage, box: QRect, colour: QColor) -> float:
    """Which part of the box has exactly this colour."""
    points = [(x, y) for x in range(box.left(), box.right() + 1) for y in range(box.top(), box.bottom() + 1)]
    return sum(image.pixelColor(*point) == colour for point in points) / len(points)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_runs_out_of_the_row(worn: str, width: int) -> None:
    easel = Easel()
    for task in (refused(1, "long words " * 40), held_back(2, "unbroken" * 40), done(3, "小狗在海滩上奔跑" * 20)):
        image = easel.row(task, width)
        assert not ink_right_of(image, width - theme.GAP + 1, QColor(theme.colours().base))
        assert ink_right_of(image, width // 2, QColor(theme.colours().base))


def test_a_selected_row_stands_out(worn: str) -> None:
    easel = Easel()
    highlight = QColor(theme.colours().sel)
    right = QRect(250, 5, 120, 15)
    assert share(easel.row(done(1, "x")), right, highlight) == 0
    assert share(easel.row(done(1, "x"), state=QStyle.StateFlag.State_Selected), right, highlight) == 1


def test_a_row_under_the_pointer_and_one_with_the_focus_look_otherwise(worn: str) -> None:
    easel = Easel()
    plain = easel.row(done(1))
    pointed = easel.row(done(1), state=QStyle.StateFlag.State_MouseOver)
    focused = easel.row(done(1), state=QStyle.StateFlag.State_HasFocus)
    assert pointed.pixelColor(3, 3) == QColor(theme.colours().hover)
    assert plain != focused
    assert focused != pointed


@pytest.mark.parametrize("colour", ["state", "warn", "bad", "quiet"])
def test_everything_can_be_read_under_the_pointer(worn: str, colour: str) -> None:
    by_state = [theme.status_colour(status).name() for status in Status]
    inks = by_state if colour == "state" else [getattr(theme.colours(), colour)]
    grounds = [theme.colours().base, theme.colours().hover]
    assert min(_contrast(QColor(ink), QColor(ground)) for ink in inks for ground in grounds) >= 4.5


def _contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_bar_is_as_long_as_what_has_come(worn: str) -> None:
    easel = Easel()
    accent = QColor(theme.colours().accent)

    def bar(progress: Progress | None) -> int:
        image = easel.row(done(1, "x"), progress=progress)
        return sum(image.pixelColor(x, image.height() - 3) == accent for x in range(image.width()))

    whole = bar(Progress(10, 10))
    assert whole > 200
    assert bar(Progress(5, 10)) == pytest.approx(whole / 2, abs=1)
    assert bar(Progress(20, 10)) == whole
    assert bar(Progress(5, None)) == bar(None) == 0


@pytest.mark.parametrize(("size", "framed"), [(QSize(480, 270), False), (QSize(270, 480), True)])
def test_upright_stills_stand_between_dark_bars(qtbot: QtBot, tmp_path: Path, size: QSize, framed: bool) -> None:
    easel = Easel()
    picture = QImage(size, QImage.Format.Format_RGB32)
    picture.fill(QColor("#40c080"))
    file = tmp_path / "still.png"
    assert picture.save(str(file))
    with qtbot.waitSignal(easel.posters.loaded):
        easel.row(done(1), poster=file)
    image = easel.row(done(1), poster=file)
    box = still_box(image.rect())
    assert image.pixelColor(box.center()) == QColor("#40c080")
    beside = image.pixelColor(box.left() + 4, box.center().y())
    assert beside == QColor("#000000" if framed else "#40c080")


def test_the_still_is_wide_and_leaves_room_for_words() -> None:
    for width in WIDTHS:
        box = still_box(QRect(0, 0, width, ROW_HEIGHT))
        assert box.width() / box.height() == pytest.approx(16 / 9, rel=0.03)
        assert box.width() <= width * 0.3
        assert QRect(0, 0, width, ROW_HEIGHT).contains(box)


@pytest.mark.parametrize("points", [9, 12, 16, 24])
def test_rows_grow_with_the_font(qapp: QApplication, points: int) -> None:
    font = QFont(qapp.font())
    font.setPointSize(points)
    lines = 3 * QFontMetrics(font).boundingRect("Ág界").height() * 0.9
    assert row_height(font) >= max(ROW_HEIGHT, lines)


def test_a_narrow_row_drops_the_last_parts_first(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    parts = ("10.2 s", "2 units", "kept on disk")
    width = metrics.horizontalAdvance
    assert fitting(parts, metrics, 1000) == "10.2 s · 2 units · kept on disk"
    assert fitting(parts, metrics, width("10.2 s · 2 units") + 1) == "10.2 s · 2 units"
    assert fitting(parts, metrics, width("10.2")).endswith("…")
    assert fitting(("3:20",), metrics, width(" · 3:20"), lead=" · ") == " · 3:20"
    assert fitting(("3:20",), metrics, width("3:20"), lead=" · ") == ""
    assert fitting((), metrics, 100) == ""


def test_a_row_whose_task_is_gone_paints_nothing(qapp: QApplication) -> None:
    easel = Easel()
    easel.model.appendRow(QStandardItem())
    option = QStyleOptionViewItem()
    option.rect = QRect(QPoint(0, 0), QSize(100, ROW_HEIGHT))
    image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    painter = QPainter(image)
    easel.delegate.paint(painter, option, easel.model.index(0, 0))
    painter.end()
    assert share(image, option.rect, QColor("red")) == 1
