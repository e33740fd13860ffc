"""Connects the report dialog to its writer and to the disk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QObject, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from kling_desktop import __version__
from kling_desktop.domain.places.home import home_folder
from kling_desktop.errors import FileTrouble
from kling_desktop.studio.report import Reporter, save
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import spoken, tr
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.takes import open_folder

if TYPE_CHECKING:
    from kling_desktop.ui.help.report_dialog import ReportDialog


class ReportWiring(QObject):
    """Help > Save report…"""

    def __init__(self, window: Window, studio: Studio, reporter: Reporter) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._reporter = reporter
        self._dialog: ReportDialog | None = None
        window.menu_bar.report_asked.connect(self.open)

    def open(self) -> None:
        """Write a report and show it."""
        if self._dialog is None:
            from kling_desktop.ui.help.report_dialog import ReportDialog  # rarely wanted: not before the window stands

            self._dialog = ReportDialog(self._window)
            self._dialog.wanted.connect(self._write)
            self._dialog.save_asked.connect(self._save_as)
            self._dialog.destroyed.connect(self._lose)
        self._dialog.open()
        self._write(self._dialog.prompts.isChecked())

    def _lose(self) -> None:
        self._dialog = None

    def _write(self, with_prompts: bool) -> None:
        self._studio.background.run(self._fill(with_prompts))

    async def _fill(self, with_prompts: bool) -> None:
        text = await self._reporter.write(with_prompts=with_prompts, **_versions())
        if self._dialog is not None and self._dialog.prompts.isChecked() == with_prompts:
            self._dialog.show_text(text)

    def _save_as(self, text: str) -> None:
        name = f"kling-desktop-report-{datetime.now().astimezone():%Y%m%d-%H%M%S}.txt"
        dialog = QFileDialog(self._dialog, tr("Save a report"), str(home_folder()), tr("Text (*.txt)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self._studio.background.run(self._save(text, Path(chosen))))
        dialog.open()

    async def _save(self, text: str, target: Path) -> None:
        try:
            await save(text, target)
        except FileTrouble as error:
            words = f"{tr(error.title)}: {target.name}. {tr(error.advice)}"
            self._window.notices.show_banner("report", words, level="error")
            return
        if self._dialog is not None:
            self._dialog.accept()
        self._window.notices.toast(
            tr("Saved {name}", name=target.name), tr("Show in folder"), lambda: open_folder(target)
        )


def _versions() -> dict[str, str]:
    return {
        "Program": __version__,
        "Qt": f"{qVersion()} (PySide6 {PySide6.__version__})",
        "Window system": QGuiApplication.platformName(),
        "Spoken": spoken(),
    }
