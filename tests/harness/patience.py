"""pytest-qt with more patience: on a loaded machine its five seconds are the machine's failure, not the program's."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

_PATIENCE_MS = 40_000


class PatientBot(QtBot):
    """Waits for conditions and signals longer before it gives up; what comes soon is no slower for it."""

    def waitUntil(self, callback: Any, *, timeout: int = _PATIENCE_MS) -> None:  # noqa: N802 - pytest-qt's name
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _PATIENCE_MS, **more: Any) -> Any:  # noqa: N802 - pytest-qt's name
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitExposed(self, widget: Any, *, timeout: int = _PATIENCE_MS) -> Any:  # noqa: N802 - pytest-qt's name
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(self, widget: Any, *, timeout: int = _PATIENCE_MS) -> Any:  # noqa: N802 - pytest-qt's name
        return super().waitActive(widget, timeout=timeout)
