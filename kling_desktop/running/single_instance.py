"""Lets one window at a time live on a data directory: a second start raises the first one instead."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.errors import AlreadyRunning, DataFolderUnusable

_WAIT_SECONDS = 20.0
"""How long a second start waits for a first one that is just beginning or just ending."""
_STEP_MS = 100
_ANSWER_MS = 5_000
_ASKED, _RAISED = b"raise ", b"raised\n"
"""What is asked for ends with the paths of files, a list in JSON, and the end of the line."""
_LONGEST_NAME = 100
"""Bytes that the path of a local socket may have everywhere (macOS takes 103, Linux 107)."""


class SingleInstance(QObject):
    """The right to a data directory, and the ear for those who come second.

    The right is a lock file: the system lets go of it when the program dies, however it dies. The ear is a local
    socket; what a killed program leaves of it is removed by the next one, who holds the right to do so.
    """

    asked = Signal(object)
    """Another start wants to see the window, and the files of a list[Path] in it."""

    def __init__(self, lock: QLockFile, name: str) -> None:
        super().__init__()
        self._lock = lock
        self._early: list[list[Path]] | None = []
        """What was asked for before there was a window; None since there is one."""
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._greet)
        self._listen(name)  # without it a second start is told to wait; the right itself does not depend on it

    def raises(self, window: QWidget, take: Callable[[Sequence[Path]], object]) -> None:
        """Bring this window to the front whenever somebody asks, or has asked; files that come along are for `take`."""

        def answer(files: Sequence[Path]) -> None:
            bring_forward(window)
            if files:
                take(files)

        self.asked.connect(answer)
        early, self._early = self._early or [], None
        for files in early:
            answer(files)

    def stop_listening(self) -> None:
        """Answer no more: the window is closed, and whoever comes now waits for the end and starts anew."""
        self._server.close()

    def close(self) -> None:
        """Give the directory free."""
        self._server.close()
        self._lock.unlock()

    def _listen(self, name: str) -> None:
        if not name:
            return
        if os.name == "nt":
            self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(name)
        if self._server.listen(name) and os.name != "nt":
            Path(name).chmod(0o600)

    def _greet(self) -> None:
        while (visitor := self._server.nextPendingConnection()) is not None:
            visitor.readyRead.connect(lambda visitor=visitor: self._answer(visitor))
            visitor.disconnected.connect(visitor.deleteLater)
            if visitor.bytesAvailable():
                self._answer(visitor)

    def _answer(self, visitor: QLocalSocket) -> None:
        if not visitor.canReadLine():
            return
        files = _files_asked_for(bytes(visitor.readLine().data()))
        if files is not None:
            if self._early is not None and files not in self._early:  # who is not answered soon asks again
                self._early.append(files)
            self.asked.emit(files)
            visitor.write(_RAISED)
            visitor.flush()
        visitor.disconnectFromServer()


def acquire(data_dir: Path, files: Sequence[Path] = ()) -> SingleInstance | None:
    """The right to this directory; None when a program that has it was asked to show its window, and did.

    That program is given the files, of absolute paths; who gets the right has them to take in.

    Blocks for as long as that takes, at most about 20 s; needs a QApplication, but no running loop. Raises
    AlreadyRunning when the other program does not answer, DataFolderUnusable when the lock cannot be written: no
    right to the folder, or a full disk.
    """
    lock, name = QLockFile(str(data_dir / "running.lock")), _name_of(data_dir)
    lock.setStaleLockTime(0)  # never by age: a window may stay open for weeks
    end = time.monotonic() + _WAIT_SECONDS
    while not lock.tryLock(_STEP_MS):
        if lock.error() != QLockFile.LockError.LockFailedError:  # nobody holds it, and waiting makes no room
            raise DataFolderUnusable(f"{data_dir}: {_REASONS.get(lock.error(), 'the lock cannot be written')}")
        if not _may_be_a_lock(data_dir / "running.lock"):  # nobody holds it, whatever Qt makes of it
            raise DataFolderUnusable(f"{data_dir / 'running.lock'}: no file that may be read and written")
        answered = _ask(name, files)
        if answered:
            return None
        if answered is None:
            lock.removeStaleLockFile()  # left by a killed program whose number another one has now
        if time.monotonic() > end:
            raise AlreadyRunning(str(data_dir))
    return SingleInstance(lock, name)


def _may_be_a_lock(file: Path) -> bool:
    """Whether a program may hold it; one that has gone meanwhile, too. Not a folder, and not another user's file."""
    return not os.path.lexists(file) or (file.is_file() and os.access(file, os.R_OK | os.W_OK))


_REASONS = {QLockFile.LockError.PermissionError: "no right to write here"}


def bring_forward(window: QWidget) -> None:
    """Show a window before all others; where the system forbids that, its entry in the task bar blinks."""
    if window.isMinimized():
        window.showNormal()
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)


def _ask(name: str, files: Sequence[Path]) -> bool | None:
    """Whether the other window came forward; False when nobody answered in time, None when nobody is there."""
    if not name:
        return None
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_STEP_MS):
        return None
    socket.write(_ASKED + json.dumps([str(file) for file in files]).encode() + b"\n")
    return socket.waitForReadyRead(_ANSWER_MS) and socket.readAll().data() == _RAISED


def _files_asked_for(line: bytes) -> list[Path] | None:
    """None for a line that asks for nothing known."""
    if not line.startswith(_ASKED):
        return None
    try:
        return [Path(file) for file in json.loads(line.removeprefix(_ASKED))]
    except (TypeError, ValueError):
        return None


def _name_of(data_dir: Path) -> str:
    """Where the local socket is, out of reach of other users; empty when there is no such place.

    It lies in the data directory, which is the owner's alone: in a folder for all, such as /tmp, anybody could take
    the name first, and a killed program would leave it there for ever. Windows has names instead of files; there the
    rights of the pipe keep others out.
    """
    if os.name == "nt":
        place = os.path.normcase(data_dir.resolve())
        user = os.environ.get("USERNAME", "")
        return f"kling-desktop-{hashlib.sha256(f'{user} {place}'.encode()).hexdigest()[:24]}"
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:24]
    run = os.environ.get("XDG_RUNTIME_DIR", "")
    places = [data_dir.resolve() / "running.sock", *([Path(run) / f"kling-desktop-{digest}"] if run else [])]
    short = [place for place in places if len(os.fsencode(place)) <= _LONGEST_NAME]
    return next((str(place) for place in short if _is_ours_alone(place.parent)), "")


def _is_ours_alone(folder: Path) -> bool:
    """Whether nobody else may put anything into the folder."""
    try:
        state = folder.stat()
    except OSError:
        return False
    return state.st_uid == os.getuid() and not state.st_mode & 0o022
