"""A line of several looks is heard as one sentence and never leaves its room."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.theme.tokens import DARK


def test_it_is_heard_as_one_sentence(qtbot: QtBot) -> None:
    line = WordsLine()
    qtbot.addWidget(line)
    line.say([Run("0:23", "text"), Run(" made"), Run("soon", before=8)], Shape.BAD)
    assert line.accessibleName() == "0:23 made soon"
    assert line.toolTip() == line.accessibleName(), "what is elided can be read"


def test_words_wear_their_colours(qtbot: QtBot) -> None:
    line = WordsLine()
    qtbot.addWidget(line)
    line.say([Run("iiii", "bad", bold=True)])
    line.resize(line.sizeHint())
    image = line.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert QColor(DARK.bad).name() in colours


def test_too_little_room_is_no_harm(qtbot: QtBot) -> None:
    line = WordsLine()
    qtbot.addWidget(line)
    line.say([Run("a long sentence about lanterns"), Run("and more", before=8)], Shape.BAD)
    for width in (0, 5, 19, 40):
        line.resize(width, 20)
        line.grab()
    assert line.minimumSizeHint().width() == 0


class Paints(QObject):
    """Counts how often something is painted."""

    count = 0

    def eventFilter(self, seen: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_the_same_words_once_more_are_not_painted_again(qtbot: QtBot) -> None:
    """A lane is drawn many times while its film is looked into, and says the same each time."""
    line, paints = WordsLine(), Paints()
    qtbot.addWidget(line)
    line.say([Run("0:23", "text")])
    line.show()
    qtbot.waitExposed(line)
    QCoreApplication.processEvents()
    line.installEventFilter(paints)
    line.say([Run("0:23", "text")])
    QCoreApplication.processEvents()
    assert paints.count == 0
    line.say([Run("0:28", "text")])
    qtbot.waitUntil(lambda: paints.count > 0)
