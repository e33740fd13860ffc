"""The bar under the menu: the film at the left, queue and budget beside it, expiry, search and account at the right."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from kling_desktop.ui.bar import chip_faces
from kling_desktop.ui.bar.chip import Chip, Face
from kling_desktop.ui.bar.chip_faces import AccountState, QueueCounts
from kling_desktop.ui.bar.search_button import SearchButton
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.tokens import tokens

_HEIGHT = 40


class TopBar(QWidget):
    """Says what is true now, each thing once; a chip that has nothing to say is not there."""

    queue_asked = Signal()
    budget_asked = Signal()
    expiry_asked = Signal()
    search_asked = Signal()

    def __init__(self, film_menu: QMenu, account_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menus = (film_menu, account_menu)  # a chip does not own its menu
        self.film = Chip(self, size=fonts.WORDS)
        self.queue, self.budget, self.expiry, self.account = Chip(self), Chip(self), Chip(self), Chip(self)
        self.film.setAccessibleName(tr("Film"))  # until they have a face, which tells more
        self.account.setAccessibleName(tr("Accounts"))
        self.search = SearchButton(self)
        for chip, menu in zip((self.film, self.account), self._menus, strict=True):
            chip.setMenu(menu)
            chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.queue.clicked.connect(lambda: self.queue_asked.emit())
        self.budget.clicked.connect(lambda: self.budget_asked.emit())
        self.expiry.clicked.connect(lambda: self.expiry_asked.emit())
        self.search.clicked.connect(lambda: self.search_asked.emit())
        for chip in (self.queue, self.budget, self.expiry):
            chip.hide()
        self._lay_out()

    def show_film(self, name: str) -> None:
        """The film that is open, or the library's name."""
        self.film.show_face(chip_faces.film_face(name))

    def show_queue(self, counts: QueueCounts) -> None:
        """How many tasks are under way, wait or are held."""
        _show(self.queue, chip_faces.queue_face(counts))

    def show_budget(self, spent: Decimal, cap: Decimal | None, waiting: int = 0) -> None:
        """Units charged today, and the daily cap where there is one."""
        _show(self.budget, chip_faces.budget_face(spent, cap, waiting))

    def show_expiry(self, clips: int, days: int) -> None:
        """How many clips Kling deletes soon, the first in so many days."""
        _show(self.expiry, chip_faces.expiry_face(clips, days))

    def show_account(self, name: str, units: Decimal | None, state: AccountState = AccountState.READY) -> None:
        """The account that takes are sent with; `units` are those left, None where that is not known."""
        self.account.show_face(chip_faces.account_face(name, units, state))

    def set_short(self, short: bool) -> None:
        """Whether room is scarce and chips lose their words."""
        for chip in (self.film, self.queue, self.budget, self.expiry, self.account):
            chip.set_short(short)
        self.search.set_short(short)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setFixedHeight(fonts.scaled(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(worn.window))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(worn.line))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(worn.line))
        painter.end()

    def _lay_out(self) -> None:
        self.setFixedHeight(fonts.scaled(_HEIGHT))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 8, 1)
        row.setSpacing(4)
        left: tuple[QWidget, ...] = (self.film, _Line(self), self.queue, self.budget)
        right: tuple[QWidget, ...] = (self.expiry, self.search, _Line(self), self.account)
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)


class _Line(QWidget):
    """A hairline between two things of the bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(9, 20)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRect(4, 0, 1, self.height()), QColor(tokens().line))
        painter.end()


def _show(chip: Chip, face: Face) -> None:
    chip.show_face(face)
    chip.setVisible(bool(face.parts))
