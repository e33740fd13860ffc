"""Settings, Export: how exported files are called, where they go, and the creator's own presets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from kling_desktop.studio.films.handing_over.choices import DEFAULT
from kling_desktop.studio.films.handing_over.example_names import example_names
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.export.export_words import refusal
from kling_desktop.ui.export.name_field import NameField
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.settings.setting_rows import SettingRows
from kling_desktop.ui.theme.fonts import scaled

_TITLE = Qt.ItemDataRole.UserRole


class ExportPage(QWidget):
    """Tells each choice at once; a template only while it can be used."""

    names_chosen = Signal(str)
    """A template; empty for the usual one."""
    folder_chosen = Signal(object)
    """Path, or None for the place that the program chooses."""
    renamed = Signal(str, str)
    """A preset's old name and its new one, which no other preset has."""
    dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = NameField(self, columns=4)
        self.folder = QLineEdit(self)
        self.folder.setReadOnly(True)
        self.choose = QPushButton(tr("Choose…"), self)
        self.choose.setAccessibleName(tr("Choose the folder of exports"))
        self.presets = QListWidget(self)
        self.presets.setFixedHeight(scaled(112))
        self.rename = QPushButton(tr("Rename"), self)
        self.delete = QPushButton(tr("Delete"), self)
        for button in (self.choose, self.rename, self.delete):
            button.setAutoDefault(False)
        self._lay_out()
        self._connect()
        self.show_presets(())

    def show_choices(self, names: str, folder: Path) -> None:
        """Show what is chosen now; nothing is told."""
        self.names.blockSignals(True)
        if self.names.template() != (names or DEFAULT):
            self.names.edit.setText(names or DEFAULT)
        self.names.blockSignals(False)
        self._show_example()
        self.folder.setText(str(folder))
        self.folder.setToolTip(str(folder))
        self.folder.setCursorPosition(0)

    def show_room(self, free_bytes: int) -> None:
        """Say how much fits on the disk of the folder."""
        free = tr("{size} are free on this disk.", size=formatting.size(free_bytes))
        self.room.setText(f"{free} {tr('The place of the last export.')}")

    def show_presets(self, titles: Sequence[str]) -> None:
        """List the creator's own presets."""
        self.presets.blockSignals(True)
        self.presets.clear()
        for title in titles:
            item = QListWidgetItem(title, self.presets)
            item.setData(_TITLE, title)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        self.presets.blockSignals(False)
        self._judge()

    def _lay_out(self) -> None:
        rows = SettingRows(self)
        rows.add("export_names", tr("Names of files"), self.names)
        self.names.edit.setAccessibleName(tr("Template of the names"))
        self.example = rows.note("")
        self.example.setAccessibleName(tr("Example of the names"))
        place = QHBoxLayout()
        place.setSpacing(theme.GAP)
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        rows.add("export_folder", tr("Folder of exports"), self.folder, beside=place)
        self.room = rows.note(tr("The place of the last export."))
        rows.add("presets", tr("Your presets"), self.presets)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.rename)
        buttons.addWidget(self.delete)
        buttons.addStretch(1)
        rows.addRow("", buttons)
        self.about_presets = rows.note("")
        self.labels = rows.labels
        """By the names of the settings."""

    def _connect(self) -> None:
        self.names.changed.connect(self._judge_names)
        self.choose.clicked.connect(self._open_chooser)
        self.presets.currentRowChanged.connect(lambda _: self._judge())
        self.presets.itemChanged.connect(self._rename)
        self.rename.clicked.connect(lambda: self.presets.editItem(self.presets.currentItem()))
        self.delete.clicked.connect(lambda: self.dropped.emit(self.presets.currentItem().data(_TITLE)))

    def _judge_names(self) -> None:
        if self._show_example():
            template = self.names.template()
            self.names_chosen.emit("" if template == DEFAULT else template)

    def _show_example(self) -> bool:
        """Two names as they would be, or why there are none; whether there are."""
        try:
            words, fits = "\n".join(example_names(self.names.template())), True
        except ValueError as error:
            words, fits = f"{refusal(error)} {tr('The last one that fits is used.')}", False
        self.example.dress(quiet=fits, danger=not fits)
        self.example.setText(words)
        return fits

    def _rename(self, item: QListWidgetItem) -> None:
        """A name that is empty or taken is put back, and it is said why."""
        old, new = str(item.data(_TITLE)), item.text().strip()
        others = [self.presets.item(row).text() for row in range(self.presets.count())]
        if (new and others.count(new) == 1) or new == old:
            self._judge()
            self.renamed.emit(old, new)
            return
        self.presets.blockSignals(True)
        item.setText(old)
        self.presets.blockSignals(False)
        taken = tr("There is a preset of this name already.")
        self.about_presets.setText(taken if new else tr("A preset has a name."))

    def _judge(self) -> None:
        has = self.presets.currentItem() is not None
        self.rename.setEnabled(has)
        self.delete.setEnabled(has)
        kept = tr("The dialog of exports keeps new ones.")
        self.about_presets.setText(kept if self.presets.count() else f"{tr('None yet.')} {kept}")

    def _open_chooser(self) -> None:
        chooser = QFileDialog(self, tr("Folder of exports"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(lambda chosen: self.folder_chosen.emit(Path(chosen)))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()
