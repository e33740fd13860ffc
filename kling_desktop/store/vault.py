"""Keeps credentials in the system's keyring, one secret a profile; in memory only where there is no keyring."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from threading import Lock
from types import ModuleType
from typing import Any

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair
from kling_desktop.errors import KeyringLocked, KeyringMissing, KeyringTrouble

SERVICE = "Kling Desktop"
"""Under this name our secrets stand in the keyring; the user name there is the profile's name."""

_LOCKED = {"InitError", "KeyringLocked", "LockedException", "PromptDismissedException"}
"""What keyring, or SecretStorage below it, raises when the keyring stays locked (no prompt possible, or dismissed)."""


class Vault:
    """The way to the keyring. Calls block, for as long as a prompt to unlock is open: worker threads only.

    One call at a time, so that two profiles never open two prompts. What was read or written is remembered in
    memory until `delete`. Raises KeyringMissing, KeyringLocked, KeyringTrouble; no message ever holds a secret.
    """

    def __init__(self) -> None:
        self._known: dict[str, Credentials] = {}
        self._one_at_a_time = Lock()

    def load(self, name: str) -> Credentials | None:
        """The credentials of a profile; None when there are none, or what is kept there is not of our making."""
        if known := self._known.get(name):  # whatever a prompt for another profile, or a keyring that hangs, is up to
            return known
        with self._one_at_a_time:
            if name not in self._known and (found := _parsed(_read(name))):
                self._known[name] = found
            return self._known.get(name)

    def save(self, name: str, credentials: Credentials) -> None:
        """Put the credentials of a profile into the keyring. When it raises, what was known before still holds."""
        before = self._known.get(name)
        with self._one_at_a_time, _trouble_translated():
            keyring = _keyring()
            _refuse_plain_files(keyring)
            keyring.set_password(SERVICE, name, _written(credentials))
            if self._known.get(name) == before:  # a keyring may take minutes: what was entered meanwhile holds
                self._known[name] = credentials

    def delete(self, name: str) -> None:
        """Remove the credentials of a profile, from memory in any case; it is no error when there are none."""
        self._known.pop(name, None)
        with self._one_at_a_time, _trouble_translated():
            keyring = _keyring()
            if (kept := _read(name)) is None:
                return
            keyring.delete_password(SERVICE, name)
            if self._known.get(name) == _parsed(kept):  # read by somebody who had waited for the keyring before us
                self._known.pop(name, None)

    def keep_for_session(self, name: str, credentials: Credentials) -> None:
        """Remember the credentials in memory only; until the program ends they go before those in the keyring.

        Does not wait for a prompt, so any thread may call it.
        """
        self._known[name] = credentials

    def at_hand(self) -> list[str]:
        """Every key that is in memory now, so that it can be cut out of what is handed on. Does not block."""
        return [secret for credentials in list(self._known.values()) for secret in _secrets_of(credentials)]


def _secrets_of(credentials: Credentials) -> tuple[str, ...]:
    if isinstance(credentials, KeyPair):
        return credentials.access_key, credentials.secret_key
    return (credentials.key,)


def from_environment(env: Mapping[str, str]) -> Credentials | None:
    """The credentials in KLING_ACCESS_KEY and KLING_SECRET_KEY, or else in KLING_API_KEY; None without either."""
    access, secret, key = (
        env.get(name, "").strip() for name in ("KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_API_KEY")
    )
    if access and secret:
        return KeyPair(access, secret)
    return ApiKey(key) if key else None


def _keyring() -> ModuleType:
    """The keyring package, which takes 0.3 s to import and to find its backend: not before it is needed."""
    import keyring

    return keyring


def _read(name: str) -> str | None:
    with _trouble_translated():
        backend = _keyring().get_keyring()
        for each in getattr(backend, "backends", (backend,)):  # the package knows several at once as a chain
            if not _has_no_collection(each) and (secret := each.get_password(SERVICE, name)) is not None:
                return str(secret)
        return None


def _has_no_collection(backend: object) -> bool:
    """Whether nothing was ever kept in this Secret Service. The package would have the creator make a keyring, and
    think of a password for it, only to find nothing in it: that is due when there is something to keep.
    """
    if type(backend).__module__ != "keyring.backends.SecretService" or hasattr(backend, "preferred_collection"):
        return False
    import secretstorage  # it came with that backend

    with closing(secretstorage.dbus_init()) as bus:
        try:
            secretstorage.Collection(bus)
        except secretstorage.ItemNotFoundException:
            return True
    return False


def _refuse_plain_files(keyring: ModuleType) -> None:
    """Add-on packages of keyring write to plain files; they rank below 1, where 'recommended' begins."""
    backend = keyring.get_keyring()
    if max(each.priority for each in getattr(backend, "backends", (backend,))) < 1:
        raise KeyringMissing(f"{type(backend).__module__} keeps no secrets")


def _written(credentials: Credentials) -> str:
    if isinstance(credentials, KeyPair):
        return json.dumps({"access_key": credentials.access_key, "secret_key": credentials.secret_key})
    return json.dumps({"api_key": credentials.key})


def _parsed(secret: str | None) -> Credentials | None:
    try:
        kept: Any = json.loads(secret or "null")
    except ValueError:
        return None
    match kept:
        case {"access_key": str(access), "secret_key": str(secret_key)}:
            return KeyPair(access, secret_key)
        case {"api_key": str(key)}:
            return ApiKey(key)
    return None


@contextmanager
def _trouble_translated() -> Iterator[None]:
    try:
        yield
    except KeyringTrouble:
        raise
    except Exception as error:  # noqa: BLE001 - backends let through what D-Bus, SecretStorage, Win32 or the Keychain raise
        raise _translated(error) from None  # the text of a stranger's error might quote the secret


def _translated(error: Exception) -> KeyringTrouble:
    """By name, as the classes live in packages that not every system has. Of the text, nothing: it is not ours."""
    names = {cls.__name__ for cls in type(error).__mro__}
    kind = KeyringMissing if "NoKeyringError" in names else KeyringLocked if names & _LOCKED else KeyringTrouble
    return kind(type(error).__name__)
