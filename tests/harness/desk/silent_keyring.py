"""A keyring whose service never answers, as one does whose prompt nobody sees: it waits for a test's word."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend

GOOD = 5
"""Priority of one that keeps secrets well. For one object alone: the library would choose it for every test."""


class SilentKeyring(KeyringBackend):
    """Named by PYTHON_KEYRING_BACKEND, it hangs for ever; within a test `answer` lets it go on, empty."""

    priority = -1
    """Below the keyring that fails: the library looks for the best among all classes that were ever imported."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's constructors have no types
        self.answer = threading.Event()
        self.saving = threading.Event()
        """Somebody has something to keep."""
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing is kept here, and that only after a long while."""
        self.asked += 1
        self.answer.wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        """As silent."""
        self.saving.set()
        self.answer.wait()

    def delete_password(self, service: str, username: str) -> None:
        """As silent."""
        self.answer.wait()


class PromptDismissedException(Exception):
    """As SecretStorage raises it when the creator closes the window that asks for the keyring's password."""


class DismissedKeyring(SilentKeyring):
    """A locked one whose question for the password is closed each time."""

    def get_password(self, service: str, username: str) -> str | None:
        """Stays locked."""
        raise PromptDismissedException

    def set_password(self, service: str, username: str, password: str) -> None:
        """Stays locked."""
        raise PromptDismissedException
