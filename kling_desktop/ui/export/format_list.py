"""The ways to hand a film over, under headings: formats, presets, and what is no film."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from kling_desktop.studio.films.handing_over.choices import PRESETS, Options
from kling_desktop.ui.export.export_words import format_words, preset_words
from kling_desktop.ui.i18n import tr

_CHOICE = Qt.ItemDataRole.UserRole

_PLAIN = Options()
_ROW, _HEAD = 24, 30
"""Heights in pixels."""


class FormatList(QListWidget):
    """One of them is always the current one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Formats"))
        self.setFixedWidth(208)
        words = format_words()
        for heading, keys in (
            (tr("Film"), ("h264-anywhere", "h264-near-lossless", "h264-small", "mp4-copy", "original")),
            (tr("For cutting"), ("prores-422-hq", "dnxhr-hq", "png-sequence")),
            (tr("Loop"), ("gif", "webp", "avif")),
        ):
            self._head(heading)
            for key in keys:
                self._add(words[key][0], key, _PLAIN)
        self._head(tr("Presets"))
        for preset in PRESETS:
            if preset.options != _PLAIN:
                self._add(preset_words(preset.title), preset.format_key, preset.options)
        self._head(tr("Hand over"))
        for key in ("timelines", "archive", "seam-stills", "contact-sheet", "prompts-csv", "prompts-text"):
            self._add(words[key][0], key, _PLAIN)
        self.setCurrentRow(1)

    @property
    def chosen(self) -> tuple[str, Options]:
        """Key of the format or output, and the options that come with it."""
        item = self.currentItem()
        key, options = item.data(_CHOICE) if item is not None else ("h264-anywhere", _PLAIN)
        return str(key), options

    def choose(self, key: str) -> None:
        """Make the first entry of this format the current one."""
        for row in range(self.count()):
            data = self.item(row).data(_CHOICE)
            if data is not None and data[0] == key:
                self.setCurrentRow(row)
                return

    def _head(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setSizeHint(QSize(0, _HEAD))
        item.setTextAlignment(Qt.AlignmentFlag.AlignBottom)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _add(self, words: str, key: str, options: Options) -> None:
        item = QListWidgetItem(f"  {words}")
        item.setSizeHint(QSize(0, _ROW))
        item.setData(_CHOICE, (key, options))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        self.addItem(item)
