"""Lets one window at a time live on a data directory: a second start raises the first one instead."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.errors import AlreadyRunning, FileTrouble

_WAIT_SECONDS = 20.0
"""How long a second start waits for a first one that is just beginning or just ending."""
_STEP_MS = 100
_ANSWER_MS = 5_000
_ASKED, _RAISED = b"raise\n", b"raised\n"


class SingleInstance(QObject):
    """The right to a data directory, and the ear for those who come second.

    The right is a lock file: the system lets go of it when the program dies, however it dies. The ear is a local
    socket; what a killed program leaves of it is removed by the next one, who holds the right to do so.
    """

    asked = Signal()
    """Another start wants to see the window."""

    def __init__(self, lock: QLockFile, name: str) -> None:
        super().__init__()
        self._lock = lock
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        QLocalServer.removeServer(name)
        self._server.listen(name)  # without it a second start is told to wait; the right itself does not depend on it

    def raises(self, window: QWidget) -> None:
        """Bring this window to the front whenever somebody asks."""
        self.asked.connect(lambda: bring_forward(window))

    def stop_listening(self) -> None:
        """Answer no more: the window is closed, and whoever comes now waits for the end and starts anew."""
        self._server.close()

    def close(self) -> None:
        """Give the directory free."""
        self._server.close()
        self._lock.unlock()

    def _greet(self) -> None:
        while (visitor := self._server.nextPendingConnection()) is not None:
            visitor.readyRead.connect(lambda visitor=visitor: self._answer(visitor))
            visitor.disconnected.connect(visitor.deleteLater)
            if visitor.bytesAvailable():
                self._answer(visitor)

    def _answer(self, visitor: QLocalSocket) -> None:
        if not visitor.canReadLine():
            return
        asked = visitor.readLine().data() == _ASKED
        if asked:
            self.asked.emit()
            visitor.write(_RAISED)
            visitor.flush()
        visitor.disconnectFromServer()


def acquire(data_dir: Path) -> SingleInstance | None:
    """The right to this directory; None when a program that has it was asked to show its window, and did.

    Blocks for as long as that takes; needs a QApplication, but no running loop. Raises AlreadyRunning when the
    other program does not answer, FileTrouble when the directory cannot be written.
    """
    lock, name = QLockFile(str(data_dir / "running.lock")), _name_of(data_dir)
    lock.setStaleLockTime(0)  # never by age: a window may stay open for weeks
    end = time.monotonic() + _WAIT_SECONDS
    while not lock.tryLock(_STEP_MS):
        if lock.error() == QLockFile.LockError.PermissionError:
            raise FileTrouble(f"{data_dir}: cannot be written")
        answered = _ask(name)
        if answered:
            return None
        if answered is None and lock.removeStaleLockFile():
            continue  # left by a killed program whose number another one has now
        if time.monotonic() > end:
            raise AlreadyRunning(str(data_dir))
    return SingleInstance(lock, name)


def bring_forward(window: QWidget) -> None:
    """Show a window before all others; where the system forbids that, its entry in the task bar blinks."""
    if window.isMinimized():
        window.showNormal()
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)


def _ask(name: str) -> bool | None:
    """Whether the other window came forward; False when nobody answered in time, None when nobody is there."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_STEP_MS):
        return None
    socket.write(_ASKED)
    return socket.waitForReadyRead(_ANSWER_MS) and socket.readAll().data() == _RAISED


def _name_of(data_dir: Path) -> str:
    """A name for the socket that no other directory and no other user has."""
    place = os.path.normcase(data_dir.resolve())
    user = os.environ.get("USERNAME", "") if os.name == "nt" else str(os.getuid())
    return f"kling-desktop-{hashlib.sha256(f'{user} {place}'.encode()).hexdigest()[:24]}"
