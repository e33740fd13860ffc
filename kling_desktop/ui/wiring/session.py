"""Connects the studio and the window to the course of a session: crash, sleep, network, how things were left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from kling_desktop.studio.feed import Fact, Recovered
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.resume_detector import Waking
from kling_desktop.ui.window import Window

_REMEMBER_SECONDS = 5.0
"""So old may be what a killed program knew of window and player."""


class SessionWiring(QObject):
    """What is about this run of the program, not about any take."""

    def __init__(self, window: Window, studio: Studio, remember: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._waking = Waking(self)
        self._waking.woke.connect(studio.wake)
        QTimer.singleShot(0, self, self._waking.watch_network)
        self._remembering = QTimer(self, interval=round(_REMEMBER_SECONDS * 1000))
        self._remembering.timeout.connect(remember)
        self._remembering.start()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            if isinstance(fact, Recovered):
                self._window.notices.show_banner("recovered", sentence(fact))


def sentence(fact: Recovered) -> str:
    """What goes on after a crash, in one line."""
    parts = (
        tr_count(fact.tasks, "{n} task is followed again", "{n} tasks are followed again") if fact.tasks else "",
        tr_count(fact.downloads, "{n} download goes on", "{n} downloads go on") if fact.downloads else "",
        tr("your draft is here") if fact.has_draft else "",
    )
    recovered = tr(", ").join(part for part in parts if part) or tr("nothing was under way")
    return tr("The program did not close properly last time: {recovered}.", recovered=recovered)
