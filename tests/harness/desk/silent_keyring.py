"""A keyring whose service never answers, as one does whose prompt nobody sees: it waits for a test's word."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend


class SilentKeyring(KeyringBackend):
    """Named by PYTHON_KEYRING_BACKEND, it hangs for ever; within a test `answer` lets it go on, empty."""

    priority = -1
    """Below the keyring that fails: the library looks for the best among all classes that were ever imported."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's constructors have no types
        self.answer = threading.Event()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing is kept here, and that only after a long while."""
        self.asked += 1
        self.answer.wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        """As silent."""
        self.answer.wait()

    def delete_password(self, service: str, username: str) -> None:
        """As silent."""
        self.answer.wait()
