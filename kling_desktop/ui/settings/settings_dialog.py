"""The settings: topics at the left, a page at the right; a choice is at work at once, so nothing is confirmed."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.ui import theme
from kling_desktop.ui.clearable import make_searchable
from kling_desktop.ui.finding_lines import Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.settings.pages.accounts_page import AccountsPage
from kling_desktop.ui.settings.pages.export_page import ExportPage
from kling_desktop.ui.settings.pages.playback_page import PlaybackPage
from kling_desktop.ui.settings.setting_label import SettingLabel
from kling_desktop.ui.settings.settings_budget import BudgetPage
from kling_desktop.ui.settings.settings_callbacks import CallbackPage
from kling_desktop.ui.settings.settings_general import GeneralPage
from kling_desktop.ui.settings.settings_notices import NoticesPage
from kling_desktop.ui.settings.settings_search import first_found, mark
from kling_desktop.ui.settings.settings_takes import TakesPage
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.room import roomy

_WIDTH, _HEIGHT = 800, 640
_SIDE, _ROW = 192, 28
_TITLE = Qt.ItemDataRole.UserRole
"""The topic's own words: a search writes a number behind them."""


class SettingsDialog(QDialog):
    """Show it with `show()`: the window stays usable beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._pages: list[QWidget] = []
        self.general = GeneralPage(self)
        self.takes = TakesPage(self)
        self.playback = PlaybackPage(self)
        self.accounts = AccountsPage(self)
        self.budget = BudgetPage(self)
        self.export = ExportPage(self)
        self.notices = NoticesPage(self)
        self.callbacks = CallbackPage(self)
        self.search = QLineEdit(self)
        self.topics = QListWidget(self)
        self._side = QWidget(self)
        self._heading = QLabel(self)
        self.reset_page = QPushButton(tr("Reset page"), self)
        self._stack = QStackedWidget(self)
        self.close_button = QPushButton(tr("Close"), self)
        self._shape()
        self._lay_out()
        self.add_page(tr("General"), self.general, "settings")
        self.add_page(tr("Takes"), self.takes, "film")
        self.add_page(tr("Playback"), self.playback, "play")
        self.add_page(tr("Accounts"), self.accounts, "globe")
        self.add_page(tr("Budget"), self.budget, "gauge")
        self.add_page(tr("Export"), self.export, "down")
        self.add_page(tr("Notices"), self.notices, "info")
        self.add_page(tr("Advanced"), self.callbacks, "retry")
        self.topics.currentRowChanged.connect(self._show_page)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self.enter_found)
        self.reset_page.clicked.connect(self._reset_page)
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self.topics.setCurrentRow(0)

    def add_page(self, title: str, page: QWidget, icon: str = "list") -> None:
        """Add a topic behind the others; it may be scrolled where the screen is small."""
        page.hide()
        page.setAutoFillBackground(False)
        self._pages.append(page)
        scroll = QScrollArea(self._stack)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self._stack.addWidget(scroll)
        topic = QListWidgetItem(theme.icon(icon), title, self.topics)
        topic.setData(_TITLE, title)
        self._fit_topics()

    def turn_to(self, page: QWidget) -> None:
        """Show the topic that this page is of."""
        self.topics.setCurrentRow(self._pages.index(page))

    def enter_found(self) -> None:
        """Put the keyboard where what is searched for is changed, if it stands on a page."""
        self._go_to_found()
        page, scroll = self._pages[self.topics.currentRow()], self._stack.currentWidget()
        field = first_found(page)
        if field is not None and isinstance(scroll, QScrollArea):
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            scroll.ensureWidgetVisible(field)

    def labels(self) -> dict[str, SettingLabel]:
        """The labels of all settings that have a usual value, by the names of the settings."""
        pages = (self.general, self.takes, self.playback, self.export, self.notices, self.callbacks)
        return {name: label for page in pages for name, label in page.labels.items()}

    def show_changed(self, names: Collection[str]) -> None:
        """Put a dot before the settings that differ from the usual."""
        for name, label in self.labels().items():
            label.show_changed(changed=name in names)
        self._legend.setVisible(bool(names))
        self._show_reset()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hairlines between topics, page and foot."""
        painter, line = QPainter(self), QColor(theme.tokens().line)
        foot = self.close_button.y() - 12
        painter.fillRect(self._side.width(), 0, 1, foot, line)
        painter.fillRect(0, foot, self.width(), 1, line)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """The topics stay high enough for letters of another size, which are chosen here. They keep their width, and
        the dialog its size, till it is opened again: the arrows that are being pressed stay under the pointer.
        """
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_topics()

    def _fit_topics(self) -> None:
        for number in range(self.topics.count()):
            if topic := self.topics.item(number):
                topic.setSizeHint(QSize(0, scaled(_ROW)))

    def _shape(self) -> None:
        self.search.setPlaceholderText(tr("Search settings"))
        self.search.setAccessibleName(tr("Search settings"))
        make_searchable(self.search)
        self.topics.setAccessibleName(tr("Topics"))
        self.topics.setIconSize(QSize(16, 16))
        self.topics.setProperty("topics", True)
        self.topics.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._heading.setProperty("page_title", True)
        self.reset_page.setProperty("link", True)
        self.reset_page.setFlat(True)
        self.reset_page.setCursor(Qt.CursorShape.PointingHandCursor)
        self.reset_page.setToolTip(tr("Takes every setting of this page back to the usual"))
        for button in (self.reset_page, self.close_button):
            button.setAutoDefault(False)
        self.resize(roomy(self, _WIDTH, _HEIGHT))

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(8, 8, 8, 8)
        side.setSpacing(8)
        side.addWidget(self.search)
        side.addWidget(self.topics, 1)
        self._side.setFixedWidth(scaled(_SIDE))
        self._side.setLayout(side)
        right = QVBoxLayout()
        right.setContentsMargins(20, 14, 4, 4)
        right.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 16, 0)
        head.addWidget(self._heading, 1)
        head.addWidget(self.reset_page)
        nest(right, head)
        right.addWidget(self._stack, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._side)
        nest(body, right, 1)
        saved = QLabel(tr("Saved as you change it"), self)
        saved.setProperty("quiet", True)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(8)
        self._legend = QWidget(self)
        legend = QHBoxLayout(self._legend)
        legend.setContentsMargins(0, 0, 0, 0)
        legend.setSpacing(6)
        dot = Sign(self._legend, 10)
        dot.show_sign("verdict-clean", "accent")
        changed = QLabel(tr("changed from the usual"), self._legend)
        changed.setProperty("quiet", True)
        legend.addWidget(dot)
        legend.addWidget(changed)
        self._legend.hide()
        foot.addWidget(self._legend)
        foot.addStretch(1)
        foot.addWidget(saved)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        nest(column, body, 1)
        nest(column, foot)

    def _show_page(self, number: int) -> None:
        topic = self.topics.item(number)
        scroll = self._stack.widget(number)
        if topic is not None and isinstance(scroll, QScrollArea):
            if scroll.widget() is None:  # putting it there dresses each label again: only when seen
                scroll.setWidget(self._pages[number])
                self._pages[number].show()
            self._stack.setCurrentIndex(number)
            self._heading.setText(topic.data(_TITLE))
            self._show_reset()

    def _changed_here(self) -> list[SettingLabel]:
        """What differs on the page that is shown; the language last, since with it all is built once more."""
        page = self._pages[self.topics.currentRow()]
        labels = [label for label in self.labels().values() if label.is_changed and page.isAncestorOf(label)]
        return sorted(labels, key=lambda label: label is self.labels()["language"])

    def _show_reset(self) -> None:
        self.reset_page.setVisible(bool(self._changed_here()))

    def _reset_page(self) -> None:
        for label in self._changed_here():
            label.reset_asked.emit()
        if not self.reset_page.isVisible():
            self.topics.setFocus()

    def _find(self, text: str) -> None:
        """Say behind each topic how many of its settings hold the text; a topic without one is quiet."""
        for number, page in enumerate(self._pages):
            topic = self.topics.item(number)
            if topic is None:
                continue
            found = mark(page, text)
            there = found > 0 or not text.strip()
            topic.setText(f"{topic.data(_TITLE)}   {found}" if found else topic.data(_TITLE))
            ink = theme.tokens().text if there else theme.tokens().faint
            topic.setForeground(QColor(ink))
            topic.setData(Qt.ItemDataRole.AccessibleDescriptionRole, str(found) if text.strip() else "")
        self._go_to_found()

    def _go_to_found(self) -> None:
        """The first topic with something found, unless the one that is shown has it."""
        if not self.search.text().strip():
            return
        hits = [n for n in range(self.topics.count()) if self._count(n)]
        if hits and self.topics.currentRow() not in hits:
            self.topics.setCurrentRow(hits[0])

    def _count(self, number: int) -> int:
        topic = self.topics.item(number)
        found = topic.data(Qt.ItemDataRole.AccessibleDescriptionRole) if topic is not None else ""
        return int(found or 0)
