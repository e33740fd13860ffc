"""Controls have the design's heights, show their focus, and dialogs show no stock icons."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QSlider,
    QSpinBox,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kling_desktop.ui import theme


@pytest.fixture(scope="module", autouse=True, params=["dark", "light"])
def worn(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """Once for all tests of a theme: every widget that there is changes clothes, those of earlier tests too."""
    theme.apply(qapp, request.param)
    yield str(request.param)
    theme.apply(qapp, "dark")


@pytest.fixture(autouse=True)
def dressed_as_usual(worn: str) -> None:
    """`worn` sees to it."""


_kept: list[QWidget] = []
"""A window without a Python name is gone at once, and its children with it."""


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    _kept[:] = [window]
    return window


def pixels(widget: QWidget, colour: str) -> int:
    image, wanted = widget.grab().toImage(), QColor(colour)
    return sum(image.pixelColor(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("made", [QPushButton, QLineEdit, QComboBox, QSpinBox, QToolButton])
@pytest.mark.parametrize(("name", "pixels_high"), [("", 28), ("small", 24), ("large", 36)])
def test_heights(qtbot: QtBot, made: Callable[[], QWidget], name: str, pixels_high: int) -> None:
    widget = made()
    if name:
        widget.setProperty(name, True)
    shown(qtbot, widget)
    assert widget.sizeHint().height() == pixels_high


def test_heights_grow_with_the_letters(qtbot: QtBot, qapp: QApplication) -> None:
    button, menu = QPushButton("Extend"), QMenuBar()
    menu.addAction("File")
    shown(qtbot, menu, button)
    assert (button.sizeHint().height(), menu.height(), button.font().pixelSize()) == (28, 24, 13)
    theme.apply_text_size(qapp, 150)
    try:
        assert (button.sizeHint().height(), button.font().pixelSize()) == (42, 20)
        assert menu.sizeHint().height() == pytest.approx(36, abs=1)
    finally:
        theme.apply_text_size(qapp, 100)


def test_a_menu_with_a_name_is_no_title(qtbot: QtBot) -> None:
    bar = QMenuBar()
    menu = bar.addMenu("File")
    menu.addAction("Quit")
    shown(qtbot, bar)
    menu.ensurePolished()
    assert (menu.font().pixelSize(), menu.font().weight()) == (13, QFont.Weight.Normal)


@pytest.mark.parametrize("made", [QPushButton, QLineEdit, QComboBox, QSpinBox, QToolButton, QCheckBox, QSlider])
def test_focus_is_seen(qtbot: QtBot, made: Callable[[], QWidget]) -> None:
    widget, other = made(), QLineEdit()
    if isinstance(widget, QSlider):
        widget.setOrientation(Qt.Orientation.Horizontal)
    window = shown(qtbot, widget, other)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    before = pixels(widget, theme.tokens().accent)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    assert pixels(widget, theme.tokens().accent) > before + 16


def test_the_one_button_is_filled_and_its_words_are_white(qtbot: QtBot) -> None:
    primary, plain = QPushButton("Extend"), QPushButton("Extend")
    primary.setProperty("primary", True)
    shown(qtbot, primary, plain)
    assert pixels(primary, theme.tokens().fill) > 500
    assert pixels(primary, theme.tokens().onfill) > 10
    assert pixels(plain, theme.tokens().fill) == 0
    primary.setEnabled(False)
    assert pixels(primary, theme.tokens().fill) == 0


def test_a_refused_field_has_a_rim_of_danger(qtbot: QtBot) -> None:
    field, right = QLineEdit("{date}.mp4"), QLineEdit("x")
    field.setProperty("wrong", True)
    shown(qtbot, field, right)
    assert pixels(field, theme.tokens().bad) > 50
    assert pixels(right, theme.tokens().bad) == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_with_the_focus_is_pressed_by_enter_as_by_space(qtbot: QtBot, key: Qt.Key) -> None:
    button = QPushButton("Open the sample film")
    window = shown(qtbot, button)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, key)


def test_dialogs_have_no_stock_icons(qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    shown(qtbot, box)
    assert all(button.icon().isNull() for button in box.buttons())


def test_the_icons_of_qt_are_ours(qtbot: QtBot, qapp: QApplication) -> None:
    field = QLineEdit("words")
    field.setClearButtonEnabled(True)
    shown(qtbot, field)
    stock = qapp.style().standardIcon(QStyle.StandardPixmap.SP_LineEditClearButton)
    assert stock.pixmap(16).toImage() == theme.icon("close").pixmap(16).toImage()


def test_a_button_has_its_icon_beside_its_words_in_their_colour(qtbot: QtBot) -> None:
    button = QPushButton(theme.icon("play", QColor("#ff00ff")), "Play")
    shown(qtbot, button)
    button.resize(120, 28)
    image = button.grab().toImage()
    icon = [x for x in range(120) for y in range(28) if image.pixelColor(x, y) == QColor("#ff00ff")]
    words = [x for x in range(120) for y in range(6, 22) if image.pixelColor(x, y) == QColor(theme.tokens().text)]
    assert 6 <= min(words) - max(icon) <= 16  # letters and outline begin inside their boxes
    assert abs((min(icon) + max(words)) / 2 - 60) < 4
    button.setEnabled(False)
    assert pixels(button, theme.tokens().text) == 0
