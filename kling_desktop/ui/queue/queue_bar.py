"""Says under the list what waits here and why, one line a profile, with the button that holds it or lets it go."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kling_desktop.domain.accounts import Profile
from kling_desktop.studio.feed import QueueChanged
from kling_desktop.ui import theme
from kling_desktop.ui.accounts.account_menu import shown_name
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.theme.fonts import scaled


class QueueBar(QWidget):
    """Takes no room while nothing waits and nothing is held."""

    pause_asked = Signal(object, bool)
    """Profile whose queue is to be held (True) or let go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queues: dict[Profile, QueueChanged] = {}
        self._lines: dict[Profile, _Line] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.hide()

    def show_queue(self, queue: QueueChanged) -> None:
        """Say how this profile's queue stands now."""
        self._queues[queue.profile] = queue
        worth_saying = [each for each in self._queues.values() if each.waiting or each.paused]
        for profile in set(self._lines) - {each.profile for each in worth_saying}:
            self._drop(profile)
        for each in worth_saying:
            text = queue_words(each)
            named = text if len(worth_saying) == 1 else f"{shown_name(each.profile)}: {text}"
            self._line(each.profile).say(named, paused=each.paused)
        self.setVisible(bool(worth_saying))

    def text(self) -> str:
        """All that is said."""
        return " ".join(line.words.text() for line in self._lines.values())

    def buttons(self) -> list[QPushButton]:
        """The button of each line."""
        return [line.button for line in self._lines.values()]

    def _line(self, profile: Profile) -> _Line:
        if profile not in self._lines:
            line = self._lines[profile] = _Line(self)
            line.button.clicked.connect(lambda: self.pause_asked.emit(profile, not self._queues[profile].paused))
            self._column.addWidget(line)
            line.show()
        return self._lines[profile]

    def _drop(self, profile: Profile) -> None:
        line = self._lines.pop(profile)
        if line.button.hasFocus():
            self.focusNextChild()
        line.hide()
        line.deleteLater()


class _Line(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._paused = False
        self._sign = Sign(self)
        self.words = Sentence(parent=self)
        self.words.dress(quiet=True)
        self.button = QPushButton(self)
        self.button.setAutoDefault(False)
        self.button.setFlat(True)
        self.button.setProperty("link", True)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(scaled(12), theme.GAP // 2, scaled(12), theme.GAP // 2)
        row.setSpacing(theme.GAP)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)

    def say(self, text: str, *, paused: bool) -> None:
        self._paused = paused
        self._sign.show_sign("pause" if paused else "queue", "warn" if paused else "quiet")
        self.words.setText(text)
        self.button.setText(tr("Resume queue") if paused else tr("Pause queue"))
        self.button.setAccessibleName(tr("Resume the queue") if paused else tr("Pause the queue"))
        self.button.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._paused:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().warnbg))
        painter.end()


def queue_words(queue: QueueChanged) -> str:
    """How a queue stands, in one or two sentences."""
    waiting = len(queue.waiting)
    if queue.paused:
        if not waiting:
            return tr("Queue paused: new takes will wait here. Kling keeps rendering what it has.")
        return tr_count(
            waiting,
            "Queue paused: {n} waits. Kling keeps rendering what it has.",
            "Queue paused: {n} wait. Kling keeps rendering what it has.",
        )
    said = [tr_count(waiting, "{n} waits here", "{n} wait here")]
    if queue.running:
        said.append(tr_count(queue.running, "{n} is at Kling", "{n} are at Kling"))
    sentence = tr("{first}, {second}.", first=said[0], second=said[1]) if len(said) == 2 else f"{said[0]}."
    if queue.limit is None:
        return sentence
    return f"{sentence} {tr('Kling runs {n} at once for this account.', n=queue.limit)}"
