"""The film with its bar beneath, in its place or filling the whole monitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.ui.key_map import KeyMap, Place
from kling_desktop.ui.theme import icon
from kling_desktop.ui.viewer.go_to import GoTo
from kling_desktop.ui.viewer.key_gate import KeyGate
from kling_desktop.ui.viewer.loupe import Loupe
from kling_desktop.ui.viewer.playing.picture import Picture
from kling_desktop.ui.viewer.transport import Transport
from kling_desktop.ui.viewer.viewer_keys import actions

_ROOM_FOR_STRIP = 260
"""Height in pixels below which the film needs the room of its thumbnails."""
_IDLE_MS = 2500
"""Full screen, the bar and the pointer leave when the mouse has rested for so long."""


class Screen(QWidget):
    """Lays out picture and bar; owns the commands, so that their keys work in both places."""

    full_screen_changed = Signal(bool)

    def __init__(self, acts: Mapping[str, Callable[[], None]], keys: KeyMap, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_full = False
        self._clock = ""
        self._covers: list[QWidget] = []
        self._foot: QWidget | None = None
        own = {"full_screen": self.toggle_full, "loupe": self._lift_loupe}
        self.commands = actions(self, KeyGate(self), {**acts, **own}, keys)
        self.picture = Picture(self)
        self.loupe = Loupe(self.picture)
        self.go_to = GoTo(self)
        self.transport = Transport(self.commands, self)
        self._leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, enabled=False)
        self._leave.activated.connect(self.toggle_full)
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self._rest)
        self.picture.double_clicked.connect(self.toggle_full)
        self.picture.pointer_moved.connect(self._stir)
        self.transport.strip.grown.connect(self._arrange, Qt.ConnectionType.QueuedConnection)
        self.go_to.left.connect(self.picture.setFocus)
        self.setFocusProxy(self.picture)
        keys.changed.connect(lambda: self._claim(keys))
        self._claim(keys)

    def _claim(self, keys: KeyMap) -> None:
        """Tell the gates of other panels which keys are ours while the focus is in here."""
        self.setProperty("own_keys", keys.keys_at(Place.VIEWER))

    def toggle_full(self) -> None:
        """Fill the monitor, or go back into the window."""
        self.is_full = not self.is_full
        self._leave.setEnabled(self.is_full)
        monitor = self.screen().geometry()
        self.setWindowFlag(Qt.WindowType.Window, self.is_full)
        if self.is_full:
            self.setGeometry(monitor)  # where no window manager does it
            self.showFullScreen()
            self.activateWindow()
        else:
            self.showNormal()
        self.commands["full_screen"].setChecked(self.is_full)
        self.commands["full_screen"].setIcon(icon("fullscreen-leave" if self.is_full else "fullscreen"))
        self.picture.setFocus()
        self._stir()
        self._arrange()
        self.full_screen_changed.emit(self.is_full)

    def show_clock(self, text: str) -> None:
        """Time and frame, which are always to be seen: on the film when the bar is away or has no room for them."""
        self._clock = text
        self._place_clock()

    def _place_clock(self) -> None:
        away = self.is_full and self.transport.isHidden()
        self.picture.show_clock(self._clock if away or not self.transport.has_room_for_frames else "")

    def _stir(self) -> None:
        self.picture.unsetCursor()
        self.transport.show()
        self._place_clock()
        if self.is_full:
            self._idle.start()
        else:
            self._idle.stop()

    def _rest(self) -> None:
        if self.transport.underMouse() or self.transport.isAncestorOf(self.focusWidget() or self):
            self._idle.start()
            return
        self.transport.hide()
        self._place_clock()
        self.picture.setCursor(Qt.CursorShape.BlankCursor)

    # the loupe, which is there as long as its key is held --------------------------------------------------

    def _lift_loupe(self) -> None:
        self.loupe.lift()
        app = QApplication.instance()
        if app is not None and self.loupe.isVisible():
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._foot and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._arrange()
            return False
        released = isinstance(event, QKeyEvent) and not event.isAutoRepeat()
        if (event.type() == QEvent.Type.KeyRelease and released) or event.type() == QEvent.Type.ApplicationDeactivate:
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)
            self.loupe.lay_down()
        return False

    # room ------------------------------------------------------------------------------------------------

    def cover(self, widget: QWidget) -> None:
        """Let a widget lie on the picture, as large as it, whenever it is shown."""
        self._covers.append(widget)
        widget.setParent(self.picture)
        widget.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click on it is none on the film
        widget.setGeometry(self.picture.rect())
        widget.hide()

    def event(self, event: QEvent) -> bool:
        """The foot may need another height in another width: it stands in no layout that would see to that."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return done

    def set_foot(self, widget: QWidget) -> None:
        """Let a widget stand between picture and strip whenever it is shown."""
        self._foot = widget
        widget.setParent(self)
        widget.hide()
        widget.installEventFilter(self)

    def _arrange(self) -> None:
        self.transport.strip.set_slim(self.height() < _ROOM_FOR_STRIP)
        bar = self.transport.sizeHint().height()
        foot = self._foot.sizeHint().height() if self._foot is not None and not self._foot.isHidden() else 0
        below = self.height() if self.is_full and not foot else self.height() - bar - foot
        self.picture.setGeometry(0, 0, self.width(), max(1, below))
        for cover in self._covers:
            cover.setGeometry(self.picture.rect())
        if self._foot is not None:
            self._foot.setGeometry(0, self.height() - bar - foot, self.width(), foot)
        self.transport.setGeometry(0, self.height() - bar, self.width(), bar)
        self._place_clock()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # closing the full screen goes back into the window
        if self.is_full:
            self.toggle_full()

    def sizeHint(self) -> QSize:
        return self.picture.sizeHint() + QSize(0, self.transport.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        bar = self.transport.minimumSizeHint()
        return QSize(bar.width(), self.picture.minimumSizeHint().height() + bar.height())
