"""The dialog that hands a film over: what, in which format, under which names; it says beforehand what will come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.studio.films.handing_over.choices import Wish
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui import theme
from kling_desktop.ui.export.checked_lines import CheckedLines
from kling_desktop.ui.export.export_foot import ExportFoot
from kling_desktop.ui.export.export_lines import Line, Preview
from kling_desktop.ui.export.export_words import format_words, what_words
from kling_desktop.ui.export.format_list import FormatList
from kling_desktop.ui.export.name_field import NameField
from kling_desktop.ui.export.picture_options import PictureOptions
from kling_desktop.ui.export.take_rows import TakeRow, TakeRows
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.room import roomy

_NAMES = 3
"""So many real names are shown."""

_SIDE, _SIDE_LEAST = 300, 190
"""Width of the names in pixels at a text size of 100 %, and how far they give way to a small screen."""

_WHOLE_FILM = ("timelines", "archive", "prompts-csv", "prompts-text", "contact-sheet", "seam-stills")
"""Outputs of a film as such: hops and picked clips are no such thing."""


class ExportDialog(QDialog):
    """It does nothing itself: `changed` asks for a preview, `asked` for the export, which goes on when it is closed."""

    changed = Signal(object)
    """Wish, some time after the last change."""
    asked = Signal(object)
    """Wish."""
    keep_asked = Signal(str)
    """What stands here is to be kept as a preset of this name."""
    forget_asked = Signal(str)
    """A preset of the creator's own is to be forgotten."""
    stop_asked = Signal()
    """The export that runs is to be given up."""

    def __init__(self, folder: Path, parent: QWidget | None = None, template: str = "") -> None:
        super().__init__(parent)
        self.formats = FormatList(self)
        self.keep_button = QPushButton(theme.icon("add"), tr("Keep as a preset…"), self)
        self.title, self.about = QLabel(self), Sentence(parent=self)
        self.what = QComboBox(self)
        self.others = QCheckBox(tr("The other takes, too"), self)
        self.picture = PictureOptions(self)
        self.names = NameField(self, template)
        self.folder = QLineEdit(str(folder), self)
        self.choose_folder = QPushButton(tr("Choose…"), self)
        self.sidecar = QCheckBox(tr("Notes beside each (.json)"), self)
        self.poster = QCheckBox(tr("Poster"), self)
        self.count, self.place = QLabel(self), Sentence(parent=self)
        self.preview = Sentence(parent=self)
        self.takes = TakeRows(self)
        self.lines = CheckedLines(self)
        self.foot = ExportFoot(self)
        self.export_button = QPushButton(tr("Export"), self)
        self.close_button = QPushButton(tr("Close"), self)
        self._soon = QTimer(self, singleShot=True, interval=150)
        self._refused = True
        self._fill()
        self._lay_out()
        self._connect()
        self._show_format()
        self.resize(roomy(self, 960, 620))

    # --- faces ---

    def show_film(self, name: str, *, can_cut: bool) -> None:
        """Of which film it is; `can_cut`: whether In or Out is marked in what plays."""
        self.setWindowTitle(tr("Export · {name}", name=name))
        item = self.what.model().item(list(what_words()).index(What.RANGE))  # type: ignore[attr-defined]  # a standard model
        item.setEnabled(can_cut)
        self._soon.start()

    def choose(self, what: What, format_key: str = "") -> None:
        """Begin with this choice."""
        self.what.setCurrentIndex(list(what_words()).index(what))
        if format_key:
            self.formats.choose(format_key)
        self._soon.start()

    def show_preview(self, preview: Preview) -> None:
        """The names as they will be, or why there are none. Whether they can be made, `show_lines` says."""
        shown = preview.names[:_NAMES]
        left = len(preview.names) - len(shown)
        self.count.setText(tr("{n} of {all}", n=len(shown), all=len(preview.names)) if left > 0 else "")
        self.place.setText(_at_home(_typed(self.folder.text())) if shown else "")
        more = [tr_count(left, "and {n} more", "and {n} more")] if left > 0 else []
        self.preview.setText("\n\n".join((*shown, *more)))
        self._refused = True
        looking = Line(tr("Looking at the files…"), is_note=True)
        self.lines.show_lines([Line(preview.refusal, good=False) if preview.refusal else looking])
        self._allow()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """What was checked."""
        self._refused = not lines or any(not line.good for line in lines)
        self.lines.show_lines(lines)
        self._allow()

    def show_takes(self, takes: Sequence[TakeRow]) -> None:
        """What goes out, take by take."""
        self.takes.show_takes(takes)

    def wish(self) -> Wish:
        """Everything as it stands now."""
        return Wish(
            list(what_words())[self.what.currentIndex()],
            self.others.isChecked() and self.others.isVisibleTo(self),
            self.formats.chosen[0],
            self.picture.options(),
            self.names.template(),
            _typed(self.folder.text()),
            self.sidecar.isChecked(),
            self.poster.isChecked(),
        )

    # --- inside ---

    def _fill(self) -> None:
        self.title.setProperty("page_title", True)
        self.about.setProperty("quiet", True)
        self.count.setProperty("quiet", True)
        self.place.setProperty("quiet", True)
        self.keep_button.setProperty("flat", True)
        self.keep_button.setFlat(True)
        self.what.addItems(list(what_words().values()))
        self.what.setAccessibleName(tr("What"))
        self.folder.setAccessibleName(tr("Folder"))
        self.export_button.setProperty("primary", True)
        self.export_button.setDefault(True)
        for button in (self.choose_folder, self.close_button, self.keep_button):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self.formats.currentItemChanged.connect(lambda *_: self._show_format())
        self.what.currentIndexChanged.connect(lambda _: self._show_what())
        for field in (self.picture, self.names):
            field.changed.connect(self._ask_soon)
        for check in (self.others, self.sidecar, self.poster):
            check.toggled.connect(lambda _: self._ask_soon())
        self.folder.textChanged.connect(lambda _: self._ask_soon())
        self.choose_folder.clicked.connect(self._ask_for_folder)
        self.keep_button.clicked.connect(self._ask_for_name)
        self.formats.removed.connect(self.forget_asked)
        self.foot.stop.clicked.connect(self.stop_asked)
        self.export_button.clicked.connect(lambda: self.asked.emit(self.wish()))
        self.close_button.clicked.connect(self.close)
        self._soon.timeout.connect(lambda: self.changed.emit(self.wish()))

    def _show_format(self) -> None:
        key, options = self.formats.chosen
        title, sentence = format_words()[key]
        self.title.setText(title)
        self.about.setText(sentence)
        self.picture.show_for(key, options)
        self.sidecar.setVisible(key not in _WHOLE_FILM)
        self.poster.setVisible(key not in (*_WHOLE_FILM, "png-sequence"))
        self._show_what()

    def _show_what(self) -> None:
        what = list(what_words())[self.what.currentIndex()]
        self.others.setVisible(what in (What.FILM, What.TAKE, What.HOPS) and self.formats.chosen[0] not in _WHOLE_FILM)
        self._ask_soon()

    def _ask_soon(self) -> None:
        """What was checked was something else: Enter behind a number must not export before that is looked at."""
        self._refused = True
        self._allow()
        self._soon.start()

    def _allow(self) -> None:
        self.export_button.setEnabled(not self._refused)

    def _ask_for_folder(self) -> None:
        chooser = QFileDialog(self, tr("Folder for exports"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    def _ask_for_name(self) -> None:
        asking = QInputDialog(self)
        asking.setWindowTitle(tr("Keep as a preset…").rstrip("…"))
        asking.setLabelText(tr("Name of the preset"))
        asking.textValueSelected.connect(lambda name: self.keep_asked.emit(name.strip()) if name.strip() else None)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.open()

    def _lay_out(self) -> None:
        self._left, self._side = QWidget(self), self._right()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(8, 8, 8, 8)
        left.setSpacing(theme.GAP // 2)
        left.addWidget(self.formats, 1)
        left.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignLeft)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(self._left)
        nest(columns, self._middle(), 1)
        columns.addWidget(self._side, 2)  # its whole width before the choices get more than they need
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.foot, 1)
        goes_on = QLabel(tr("Goes on when closed"), self)
        goes_on.setProperty("quiet", True)
        for widget in (goes_on, self.close_button, self.export_button):
            foot.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        nest(column, columns, 1)
        nest(column, foot)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hairlines between formats, choices, names and foot."""
        painter, line = QPainter(self), QColor(theme.tokens().line)
        foot = self._left.geometry().bottom() + 1
        for x in (self._left.geometry().right(), self._side.geometry().left()):
            painter.fillRect(x, 0, 1, foot, line)
        painter.fillRect(0, foot, self.width(), 1, line)
        painter.end()

    def _middle(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(theme.GAP)
        folder_row, beside = QHBoxLayout(), QHBoxLayout()
        folder_row.addWidget(self.folder, 1)
        folder_row.addWidget(self.choose_folder)
        beside.addWidget(self.sidecar)
        beside.addWidget(self.poster)
        beside.addStretch(1)
        for widget in (self.title, self.about, self._head(tr("What")), self.what, self.others, self.picture):
            column.addWidget(widget)
        column.addWidget(self._head(tr("Names")))
        column.addWidget(self.names)
        column.addWidget(self._head(tr("Folder")))
        nest(column, folder_row)
        nest(column, beside)
        column.addStretch(1)
        return column

    def _right(self) -> QWidget:
        side = QWidget(self)
        side.setMinimumWidth(scaled(_SIDE_LEAST))
        side.setMaximumWidth(scaled(_SIDE))
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 14, 12, 12)
        column.setSpacing(theme.GAP)
        head = QHBoxLayout()
        names = Sentence(tr("Names as they will be"), self)
        names.dress(heading=True)
        head.addWidget(names, 1)
        head.addWidget(self.count)
        nest(column, head)
        for widget in (self.place, self.preview):
            column.addWidget(widget)
        column.addWidget(self.lines)
        column.addWidget(self._head(tr("Takes that are handed over")))
        column.addWidget(self.takes, 1)
        return side

    def _head(self, words: str) -> QLabel:
        label = Sentence(words, self)
        label.dress(quiet=True)
        return label


def _typed(text: str) -> Path:
    """The folder that was written, `~` for the home; of nobody's home it stays as it is."""
    folder = Path(text.strip())
    try:
        return folder.expanduser()
    except RuntimeError:
        return folder


def _at_home(folder: Path) -> str:
    """A folder as creators write it."""
    home = Path.home()
    return f"~/{folder.relative_to(home).as_posix()}" if folder.is_relative_to(home) else str(folder)
