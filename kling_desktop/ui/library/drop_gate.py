"""Takes what is dropped anywhere on the window, and says what it was: files, a picture, words, or nothing of use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

PICTURES = (
    ".png", ".jpg", ".jpeg", ".heic", ".heif", ".avif", ".webp", ".gif", ".bmp", ".tif", ".tiff",
)  # fmt: skip
"""Names of pictures. Those of kinds that no clip can begin with are taken too, and told why not."""


class DropGate(QObject):
    """Watches the window, and those of its fields that would take a file's address for words."""

    files_dropped = Signal(object)
    """Sequence[Path] of files and folders of this computer."""
    picture_dropped = Signal(object)
    """Path of a picture, dropped alone."""
    words_dropped = Signal(str)
    nothing_dropped = Signal()
    """What was dropped means nothing here."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def watch(self, *fields: QWidget) -> None:
        """Take files, and nothing else, that are dropped on these."""
        for field in fields:
            field.installEventFilter(self)

    def take(self, mime: QMimeData) -> None:
        """As if it had been dropped: also for what is pasted."""
        if files := files_of(mime):
            self.take_files(files)
        elif not mime.hasUrls() and mime.hasText() and mime.text().strip():
            self.words_dropped.emit(mime.text().strip())
        else:
            self.nothing_dropped.emit()

    def take_files(self, files: Sequence[Path]) -> None:
        """As if these, at least one, had been dropped."""
        if len(files) == 1 and files[0].suffix.lower() in PICTURES:
            self.picture_dropped.emit(files[0])
        else:
            self.files_dropped.emit(files)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):  # of which QDragEnterEvent and QDragMoveEvent are kinds
            return False
        if watched is not self._window and not files_of(event.mimeData()):
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.take(event.mimeData())
        return True


def files_of(mime: QMimeData) -> list[Path]:
    """The files and folders of this computer among what is dropped or pasted."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()] if mime.hasUrls() else []
