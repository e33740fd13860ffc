"""The line over the stage: hop, take and words of what is chosen; stars, pick and reject at hand."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from kling_desktop.ui.formatting import elapsed, lasting
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.theme.fonts import WORDS, scaled
from kling_desktop.ui.theme.icons import icon
from kling_desktop.ui.theme.tokens import tokens
from kling_desktop.ui.viewer.head.act_button import ActButton
from kling_desktop.ui.viewer.head.star_row import StarRow
from kling_desktop.ui.viewer.head.take_view import TakeView

HEIGHT = 32
_ROOM_FOR_WORDS = 640
"""Width in pixels below which the buttons show their signs only."""


class StageHead(QWidget):
    """Shows a `TakeView` and passes on what the creator says to it; knows no film."""

    picked = Signal(str)
    """The take with this id is to be picked, or is picked no more."""
    rejected = Signal(str, bool)
    """The take is to be rejected, or taken back."""
    starred = Signal(str, int)
    film_asked = Signal()
    """The film up to here is to be played."""

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._view = TakeView()
        self.place = WordsLine(self)
        self.place.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.line = WordsLine(self)
        self.stars = StarRow(self)
        self.pick = ActButton(tr("Pick"), "check", checkable=True, parent=self)
        self.reject = ActButton(tr("Reject"), "close", checkable=True, parent=self)
        self.film = ActButton(tr("Play the film so far"), "film", parent=self)
        self.more = self._more_button()
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._say)
        self._lay_out()
        self._connect()
        self._teach()
        self.show_take(TakeView())

    @property
    def menu(self) -> QMenu:
        """What "more" opens; whoever knows the take fills it before it is shown."""
        return self._menu

    @property
    def view(self) -> TakeView:
        """What is shown."""
        return self._view

    def show_take(self, view: TakeView) -> None:
        """Show another take, or the same one as it stands now."""
        self._view = view
        self.stars.show_stars(view.stars)
        self.pick.setChecked(view.picked)
        self.reject.setChecked(view.rejected)
        for part in (self.stars, self.pick, self.reject):
            part.setVisible(view.judged)
        self.film.setVisible(view.has_film and not view.judged)
        self.more.setVisible(bool(view.take_id))
        if view.since is not None:
            self._clock.start()
        else:
            self._clock.stop()
        self._teach()
        self._say()

    def _say(self) -> None:
        view = self._view
        if not view.take_id:
            self.place.say(())
            self.line.say(())
            return
        place = [Run(view.place, "text", WORDS, bold=True)]
        if view.which:
            place += [Run("·", before=8), Run(view.which, before=8)]
        if view.state or view.words:
            place += [Run("·", before=8)]
        self.place.say(place)
        if view.state:
            self.line.say([Run(self._state(view), _STATE_ROLES.get(str(view.shape), "quiet"))], view.shape)
        else:
            self.line.say([Run(" ".join(view.words.split()), "text")])

    @staticmethod
    def _state(view: TakeView) -> str:
        """With what has gone by and what is usual: never a share, for Kling gives none."""
        if view.since is None:
            return view.state
        passed = elapsed((datetime.now(UTC) - view.since).total_seconds())
        if view.usual_seconds is None:
            return f"{view.state} · {passed}"
        usual = lasting(view.usual_seconds[0])
        return tr("{state} · {passed}, usually {usual}", state=view.state, passed=passed, usual=usual)

    def _teach(self) -> None:
        self.pick.say(tr("Picked") if self._view.picked else tr("Pick"), self._keys.shown("pick"))
        self.reject.say(tr("Rejected") if self._view.rejected else tr("Reject"), self._keys.shown("reject"))
        self.film.say(tr("Play the film so far"), self._keys.shown("toggle"))

    def _connect(self) -> None:
        self._keys.changed.connect(self._teach)
        self.stars.starred.connect(lambda stars: self.starred.emit(self._view.take_id, stars))
        self.pick.clicked.connect(self._pick)
        self.reject.clicked.connect(self._reject)
        self.film.clicked.connect(self.film_asked)

    def _pick(self) -> None:
        self.pick.setChecked(self._view.picked)  # it is lit when the film says so, not before
        self.picked.emit(self._view.take_id)

    def _reject(self) -> None:
        self.reject.setChecked(self._view.rejected)
        self.rejected.emit(self._view.take_id, not self._view.rejected)

    def _more_button(self) -> QToolButton:
        button = QToolButton(self)
        self._menu = QMenu(button)
        button.setIcon(icon("more"))
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tr("More"))
        button.setAccessibleName(tr("More for this take"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self._menu)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self.place)
        row.addWidget(self.line, 1)
        for part in (self.stars, self.pick, self.reject, self.film, self.more):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(scaled(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button in (self.pick, self.reject):
            button.set_short(event.size().width() < scaled(_ROOM_FOR_WORDS))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().window))
        painter.end()


_STATE_ROLES = {"failed": "bad", "uncertain": "warn", "rendering": "accent", "sending": "accent", "submitted": "accent"}
"""Tokens of the words of a state; others are told quietly."""
