"""Notices that the computer has slept or that the network is back."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QNetworkInformation

_TICK_SECONDS = 10
_SLEPT_SECONDS = 30
"""A tick that comes so much too late means that the computer was not running."""


class Waking(QObject):
    """Tells when it is worth asking at once instead of waiting for the next turn. Without a source it stays silent."""

    woke = Signal()
    looked = Signal()
    """At each tick, every ten seconds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen_at = time.time()
        self._ticks = QTimer(self, interval=_TICK_SECONDS * 1000)
        self._ticks.timeout.connect(self.look)
        self._ticks.start()

    def watch_network(self) -> None:
        """Listen to the system's word about the network, where Qt has a way to hear it. Loads a plugin: after the
        first paint.
        """
        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            return
        if network := QNetworkInformation.instance():
            network.reachabilityChanged.connect(self.on_reachability)

    def on_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        """The network has changed."""
        if reachability == QNetworkInformation.Reachability.Online:
            self.woke.emit()

    def look(self) -> None:
        """Compare the clock on the wall with what should have passed since the last look."""
        now = time.time()
        late = now - self._seen_at - _TICK_SECONDS
        self._seen_at = now
        if late > _SLEPT_SECONDS:
            self.woke.emit()
        self.looked.emit()
