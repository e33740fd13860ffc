"""What the program's icon in the taskbar or dock tells: how many takes are under way, and how far exports are."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.ui.shell.session_bus import has_session_bus

_PLAIN_NAME = "kling_desktop"
_ENTRY = f"/com/canonical/unity/launcherentry/{_PLAIN_NAME}"
"""Where Qt tells the number of this program, and so where its progress is told."""


def show_badge(tasks: int) -> None:
    """Show how many, or nothing for 0; nothing happens where the system has no such badge.

    A number, never a share: Kling tells no progress. On Linux Qt tells it to the docks that listen to
    com.canonical.Unity.LauncherEntry, at an object path that it makes of the program's name as it stands: one with a
    space is no valid path, and Qt 6.11 then sends nothing but a warning. So it has another name for that one call.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication) or not app.desktopFileName():
        return  # docks know a program by that file; without it Qt can only warn
    name, was_blocked = app.applicationName(), app.blockSignals(True)
    app.setApplicationName(_PLAIN_NAME)
    try:
        app.setBadgeNumber(tasks)
    finally:
        app.setApplicationName(name)
        app.blockSignals(was_blocked)


class ExportProgress:
    """How far the exports of the queue are together, on that icon; nothing is shown when none is left."""

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}
        """Of those in the queue, and of those that have ended since it was empty: it goes forward only."""
        self._open: set[str] = set()
        self._shown: int | None = None

    def hear(self, job: ExportJob) -> None:
        """Take in how an export stands."""
        if job.state is ExportState.STOPPED:
            self.forget(job.id)
            return
        (self._open.discard if job.state.ended else self._open.add)(job.id)
        if self._open:
            self._shares[job.id] = 1.0 if job.state.ended else min(1.0, job.done / job.total) if job.total else 0.0
        self._show()

    def forget(self, job_id: str) -> None:
        """It is off the list, or was given up."""
        self._open.discard(job_id)
        self._shares.pop(job_id, None)
        self._show()

    def _show(self) -> None:
        if not self._open:
            self._shares.clear()
        percent = round(100 * sum(self._shares.values()) / len(self._shares)) if self._shares else None
        if percent != self._shown:
            self._shown = percent
            _show_progress(percent)


def _show_progress(percent: int | None) -> None:
    """Docks of Linux alone are told: Qt tells nobody of progress, and what Windows and macOS ask for was not tried."""
    app = QApplication.instance()
    if not isinstance(app, QApplication) or not has_session_bus():
        return
    from PySide6.QtDBus import QDBusConnection, QDBusMessage  # most sessions export nothing

    told = QDBusMessage.createSignal(_ENTRY, "com.canonical.Unity.LauncherEntry", "Update")
    values = {"progress": (percent or 0) / 100, "progress-visible": percent is not None}
    told.setArguments([f"application://{app.desktopFileName()}.desktop", values])
    QDBusConnection.sessionBus().send(told)
