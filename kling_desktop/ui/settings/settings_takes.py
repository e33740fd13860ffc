"""Settings, Takes: where finished takes are kept, and how they are fetched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.ui import formatting, theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.settings.setting_rows import SettingRows
from kling_desktop.ui.theme.layouts import nest

MOST_DOWNLOADS = 8
"""Transfers that may run at once: each is a thread and a connection."""

_MOST_KB = 1_000_000


class TakesPage(QWidget):
    """Tells each choice at once."""

    folder_chosen = Signal(object)
    """Path, or None for the program's own place."""
    parallel_chosen = Signal(int)
    limit_chosen = Signal(int)
    """Kilobytes a second; 0 is none."""
    linking_chosen = Signal(bool)
    """Whether a video that is brought in stays where it lies."""

    clear_asked = Signal()
    """The joined films are to be deleted; they are made again when they are seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = QLineEdit(self)
        self.folder.setReadOnly(True)
        self.folder.setAccessibleName(tr("Folder of takes"))
        self.choose = QPushButton(tr("Choose…"), self)
        self.choose.setAccessibleName(tr("Choose the folder of takes"))
        self.usual = QPushButton(tr("Usual place"), self)
        self.usual.setToolTip(tr("Keep new takes in the program's own data folder."))
        self.room = Sentence(parent=self)
        self.room.dress(quiet=True)
        self.parallel = QSpinBox(self)
        self.parallel.setRange(1, MOST_DOWNLOADS)
        self.limit = QSpinBox(self)
        self.limit.setRange(0, _MOST_KB)
        self.limit.setSingleStep(100)
        self.limit.setSuffix(" kB/s")
        self.limit.setSpecialValueText(tr("no limit"))
        self.imports = QComboBox(self)
        self.imports.addItem(tr("Copied into the folder of takes"), False)
        self.imports.addItem(tr("Left where they lie"), True)
        self.joined = Sentence(parent=self)
        self.clear = QPushButton(tr("Delete them"), self)
        self.clear.setAccessibleName(tr("Delete the joined films"))
        self.clear.setEnabled(False)  # until it is known that there are some
        for box in (self.parallel, self.limit):
            box.setKeyboardTracking(False)  # a number is meant when it is typed to its end
        for button in (self.choose, self.usual, self.clear):
            button.setAutoDefault(False)
        self._lay_out()
        self.choose.clicked.connect(self._open_chooser)
        self.usual.clicked.connect(lambda: self.folder_chosen.emit(None))
        self.parallel.valueChanged.connect(self.parallel_chosen)
        self.limit.valueChanged.connect(self.limit_chosen)
        self.clear.clicked.connect(self.clear_asked)
        self.imports.activated.connect(lambda: self.linking_chosen.emit(self.imports.currentData()))

    def show_choices(self, folder: Path, is_usual: bool, parallel: int, limit_kb: int, links: bool = False) -> None:
        """Show what is chosen now; nothing is told."""
        self.folder.setText(str(folder))
        self.folder.setToolTip(str(folder))
        self.folder.setCursorPosition(0)
        self.usual.setEnabled(not is_usual)
        self.imports.setCurrentIndex(self.imports.findData(links))
        for box, value in ((self.parallel, parallel), (self.limit, limit_kb)):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def show_room(self, free_bytes: int) -> None:
        """Say how much fits on the folder's disk."""
        free = tr("{size} are free on this disk.", size=formatting.size(free_bytes))
        self.room.dress(quiet=True, danger=False)
        self.room.setText(f"{free} {tr('Takes kept so far stay where they are.')}")

    def show_joined(self, size_bytes: int, *, cleared: bool = False) -> None:
        """Say what the films take on the disk that continued takes were joined to; `cleared`: what is left stays."""
        size = formatting.size(size_bytes)
        left = tr("{size}, in use now", size=size) if cleared else size
        self.joined.setText(left if size_bytes else tr("none"))
        self.clear.setEnabled(bool(size_bytes) and not cleared)

    def show_wrong_folder(self, folder: Path) -> None:
        """Say that a chosen folder cannot be used; the old one stays."""
        self.room.dress(quiet=False, danger=True)
        self.room.setText(tr("You may not write to {folder}. Nothing was changed.", folder=str(folder)))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.usual)
        buttons.addStretch(1)
        rows = SettingRows(self)
        place = QVBoxLayout()
        place.setSpacing(theme.GAP // 2)
        place.addWidget(self.folder)  # in a line of its own: a path is long, and so are words in some languages
        nest(place, buttons)
        place.addWidget(self.room)
        rows.add("library_folder", tr("Folder of takes"), self.folder, beside=place)
        at_once = tr("More at once is not faster on a slow line.")
        rows.add("parallel_downloads", tr("Downloads at once"), self.parallel, at_once)
        limit = tr("The limit is for all downloads together. A change is felt at once.")
        rows.add("speed_limit_kb", tr("Speed limit"), self.limit, limit)
        where = tr("What lies elsewhere is missing when it is moved there.")
        rows.add("links_imports", tr("Videos of yours"), self.imports, where)
        joined = QHBoxLayout()
        joined.setSpacing(theme.GAP)
        joined.addWidget(self.joined)
        joined.addWidget(self.clear)
        joined.addStretch(1)
        again = tr("Each continued take has its whole film as a file, which is made again when you look at it.")
        rows.add("joined_films", tr("Joined films"), self.clear, again, beside=joined)
        self.labels = rows.labels
        """By the names of the settings."""

    def _open_chooser(self) -> None:
        chooser = QFileDialog(self, tr("Folder of takes"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(lambda chosen: self.folder_chosen.emit(Path(chosen)))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()
