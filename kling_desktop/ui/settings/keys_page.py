"""The page on which keys are looked up and changed: all commands, searchable, with what takes each key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.ui import theme
from kling_desktop.ui.clearable import make_searchable
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import PROFILES, Command, KeyMap, native, portable
from kling_desktop.ui.search.ranking import holds
from kling_desktop.ui.theme.fonts import strong
from kling_desktop.ui.theme.layouts import nest

_NAME = int(Qt.ItemDataRole.UserRole)


class KeysPage(QWidget):
    """Changes are at work at once: the map tells everybody."""

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._texts = {command.name: command.text for command in keys.commands}
        self.search = QLineEdit(self)
        self.profiles = QComboBox(self)
        self.tree = QTreeWidget(self)
        self.edit = QKeySequenceEdit(self)
        self.use = QPushButton(tr("Use this key"), self)
        self.add = QPushButton(tr("Add as another"), self)
        self.reset = QPushButton(tr("Reset"), self)
        self.reset_all = QPushButton(tr("Reset all"), self)
        self.warning = QLabel(self)
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._headings: dict[str, QTreeWidgetItem] = {}
        self._dress()
        self._lay_out()
        self._connect()
        self._fill()
        self._show_keys()
        self._judge()

    @property
    def chosen(self) -> str:
        """Name of the command whose row is current; empty on a heading."""
        row = self.tree.currentItem()
        return str(row.data(0, _NAME) or "") if row else ""

    def choose(self, name: str) -> None:
        """Make a command's row the current one."""
        self.tree.setCurrentItem(self._rows[name])

    # --- how it is built -----------------------------------------------------------------------------------------

    def _dress(self) -> None:
        self.search.setPlaceholderText(tr("Look for a command or a key"))
        self.search.setAccessibleName(tr("Look for a command or a key"))
        make_searchable(self.search)
        words = {"player": tr("Like a player: arrows go 1 second"), "editor": tr("Like an editor: arrows go 1 frame")}
        for profile in PROFILES:
            self.profiles.addItem(words[profile], profile)
        self.profiles.setAccessibleName(tr("Habits"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([tr("Command"), tr("Keys")])
        self.tree.setAccessibleName(tr("Commands and their keys"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(theme.GAP)
        self.tree.setUniformRowHeights(True)
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName(tr("New key"))
        self.warning.setWordWrap(True)
        self.warning.setProperty("quiet", True)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.profiles)
        change = QHBoxLayout()
        change.addWidget(self.edit, 1)
        for button in (self.use, self.add, self.reset):
            button.setAutoDefault(False)
            change.addWidget(button)
        foot = QHBoxLayout()
        foot.addWidget(self.warning, 1)
        self.reset_all.setAutoDefault(False)
        foot.addWidget(self.reset_all, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        nest(column, top)
        column.addWidget(self.tree, 1)
        nest(column, change)
        nest(column, foot)

    def _connect(self) -> None:
        self._keys.changed.connect(self._show_keys)
        self.search.textChanged.connect(self._sift)
        self.profiles.activated.connect(lambda at: self._keys.choose(self.profiles.itemData(at)))
        self.tree.currentItemChanged.connect(lambda: self._take_up(""))
        self.tree.itemActivated.connect(lambda: self.edit.setFocus(Qt.FocusReason.OtherFocusReason))
        self.edit.keySequenceChanged.connect(self._judge)
        self.use.clicked.connect(lambda: self._keys.assign(self.chosen, (self._typed,)))
        self.add.clicked.connect(lambda: self._keys.assign(self.chosen, (*self._keys.keys(self.chosen), self._typed)))
        self.reset.clicked.connect(lambda: self._keys.reset(self.chosen))
        self.reset_all.clicked.connect(self._keys.reset_all)

    def _fill(self) -> None:
        for command in self._keys.commands:
            if command.group not in self._headings:
                self._headings[command.group] = self._heading(command.group)
            row = QTreeWidgetItem(self._headings[command.group], [command.text])
            row.setData(0, _NAME, command.name)
            self._rows[command.name] = row
        self.tree.expandAll()
        self.tree.resizeColumnToContents(0)

    def _heading(self, group: str) -> QTreeWidgetItem:
        heading = QTreeWidgetItem(self.tree, [group])
        heading.setFirstColumnSpanned(True)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        heading.setFont(0, strong(self.tree.font()))
        return heading

    # --- what it shows -------------------------------------------------------------------------------------------

    def _show_keys(self) -> None:
        self.profiles.setCurrentIndex(self.profiles.findData(self._keys.profile))
        for name, row in self._rows.items():
            shown = "   ".join(native(self._keys.keys(name))) or tr("none")
            row.setText(1, f"● {shown}" if self._keys.is_own(name) else shown)
            row.setToolTip(1, tr("Changed from the usual.") if self._keys.is_own(name) else "")
            font = row.font(1)
            font.setItalic(self._keys.is_own(name))
            row.setFont(1, font)
        self._take_up("")

    def _sift(self, text: str) -> None:
        shown: set[str] = set()
        for command in self._keys.commands:
            row = self._rows[command.name]
            row.setHidden(not holds(text, f"{row.text(0)}\n{row.text(1)}"))
            shown |= set() if row.isHidden() else {command.group}
        for group, heading in self._headings.items():
            heading.setHidden(group not in shown)

    @property
    def _typed(self) -> str:
        return self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _take_up(self, key: str) -> None:
        self.edit.setKeySequence(QKeySequence(key))
        self._judge()

    def _judge(self) -> None:
        """Say what the new key means now, and offer what makes sense."""
        name, key = self.chosen, self._typed
        has = name != "" and key in map(portable, self._keys.keys(name))
        for button in (self.use, self.add):
            button.setEnabled(bool(name and key) and not has)
        self.edit.setEnabled(bool(name))
        self.reset.setEnabled(bool(name) and self._keys.is_own(name))
        self.reset_all.setEnabled(bool(self._keys.own()))
        self.warning.setText(self._verdict(name, key))

    def _verdict(self, name: str, key: str) -> str:
        if not name:
            return tr("Choose a command to change its keys.")
        if not key:
            return tr("Click the field and press the new key for “{command}”.", command=self._texts[name])
        rivals: list[Command] = self._keys.rivals(name, key)
        if rivals:
            return tr("This key is taken: “{command}” would lose it.", command=", ".join(r.text for r in rivals))
        return tr("This key is free.")
