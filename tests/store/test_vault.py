"""The vault keeps credentials in a real keyring, says in our words what is wrong with one, and tells no secret."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from keyring import errors, get_keyring, set_keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair
from kling_desktop.errors import KeyringLocked, KeyringMissing, KeyringTrouble
from kling_desktop.store.vault import SERVICE, Vault, from_environment
from tests.harness.desk.keychain import secret_service
from tests.harness.desk.silent_keyring import GOOD, SilentKeyring

PAIR = KeyPair("access-雪", "secret-é")
KEY = ApiKey("api-key-kling-123")


class MemoryKeyring(KeyringBackend):
    """A keyring in memory that counts how often it is asked, and can be told to fail."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's constructors have no types
        self.secrets: dict[tuple[str, str], str] = {}
        self.asked = 0
        self.trouble: Exception | None = None

    def _ask(self) -> None:
        self.asked += 1
        if self.trouble:
            raise self.trouble

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._ask()
        if (service, username) not in self.secrets:
            raise errors.PasswordDeleteError("No such password!")
        del self.secrets[service, username]


class PlainFileKeyring(MemoryKeyring):
    """Ranks itself as the add-on backends that write to plain files do."""

    priority = 0.5  # type: ignore[assignment]  # as above


class LockedException(Exception):
    """Named as SecretStorage's."""


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    before = get_keyring()
    memory = MemoryKeyring()
    set_keyring(memory)
    yield memory
    set_keyring(before)


def every_call(vault: Vault) -> list[Callable[[], object]]:
    return [lambda: vault.load("Main"), lambda: vault.save("Main", PAIR), lambda: vault.delete("Main")]


@pytest.mark.parametrize("credentials", [PAIR, KEY])
def test_credentials_come_back_in_the_next_session(memory: MemoryKeyring, credentials: Credentials) -> None:
    Vault().save("Main", credentials)
    assert Vault().load("Main") == credentials
    assert Vault().load("Other") is None
    assert list(memory.secrets) == [(SERVICE, "Main")]


def test_the_keyring_is_asked_once(memory: MemoryKeyring) -> None:
    Vault().save("Main", PAIR)
    vault, before = Vault(), memory.asked
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(vault.load, ["Main"] * 8)) == [PAIR] * 8
    assert memory.asked == before + 1


def test_missing_credentials_are_asked_for_again(memory: MemoryKeyring) -> None:
    vault = Vault()
    assert vault.load("Main") is None
    Vault().save("Main", KEY)
    assert vault.load("Main") == KEY


def test_what_is_kept_for_the_session_goes_first_and_never_reaches_the_keyring(memory: MemoryKeyring) -> None:
    vault = Vault()
    vault.save("Main", PAIR)
    vault.keep_for_session("Main", KEY)
    assert vault.load("Main") == KEY
    assert Vault().load("Main") == PAIR
    memory.trouble = errors.NoKeyringError()
    vault.keep_for_session("Second", PAIR)
    assert vault.load("Second") == PAIR


def test_deleted_credentials_are_gone_and_may_be_deleted_again(memory: MemoryKeyring) -> None:
    vault = Vault()
    vault.save("Main", PAIR)
    for _ in range(2):
        vault.delete("Main")
        assert vault.load("Main") is None
    assert not memory.secrets


@pytest.mark.parametrize("foreign", ["", "hello", "[1]", "{}", '{"access_key": "a"}', '{"api_key": 5}', "null"])
def test_a_secret_that_is_not_of_our_making_counts_as_none(memory: MemoryKeyring, foreign: str) -> None:
    memory.secrets[SERVICE, "Main"] = foreign
    assert Vault().load("Main") is None


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (errors.NoKeyringError("no"), KeyringMissing),
        (errors.InitError("Prompt dismissed"), KeyringLocked),
        (errors.KeyringLocked("locked"), KeyringLocked),
        (LockedException("locked"), KeyringLocked),
        (errors.KeyringError("?"), KeyringTrouble),
        (errors.PasswordSetError("?"), KeyringTrouble),
        (ConnectionResetError("bus"), KeyringTrouble),
    ],
)
def test_trouble_is_told_in_our_words(
    memory: MemoryKeyring, trouble: Exception, expected: type[KeyringTrouble]
) -> None:
    memory.trouble = trouble
    for call in every_call(Vault()):
        with pytest.raises(KeyringTrouble) as caught:
            call()
        assert type(caught.value) is expected


def test_what_is_entered_while_a_keyring_is_slow_outlives_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, vault = SilentKeyring(), Vault()
    slow.priority = GOOD
    monkeypatch.setattr("keyring.core._keyring_backend", slow)
    with ThreadPoolExecutor(2) as threads:
        saving = threads.submit(vault.save, "Ours", KEY)
        slow.saving.wait()
        vault.keep_for_session("Ours", PAIR)
        slow.answer.set()
        saving.result()
        assert vault.load("Ours") == PAIR


def test_a_save_that_fails_keeps_what_was_known(memory: MemoryKeyring) -> None:
    vault = Vault()
    vault.save("Main", PAIR)
    memory.trouble = errors.KeyringLocked()
    with pytest.raises(KeyringLocked):
        vault.save("Main", KEY)
    assert vault.load("Main") == PAIR


@pytest.mark.parametrize("backend", [PlainFileKeyring, null.Keyring, fail.Keyring])
def test_no_secret_goes_where_it_would_lie_open_or_vanish(memory: MemoryKeyring, backend: type[KeyringBackend]) -> None:
    unfit = backend()
    set_keyring(unfit)
    vault = Vault()
    with pytest.raises(KeyringMissing):
        vault.save("Main", PAIR)
    assert not getattr(unfit, "secrets", {})
    assert not memory.secrets


def test_no_secret_is_in_errors_or_logs(memory: MemoryKeyring, caplog: pytest.LogCaptureFixture) -> None:
    memory.trouble = RuntimeError(f"could not store {PAIR.secret_key}")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(KeyringTrouble) as caught:
        Vault().save("Main", PAIR)
    assert PAIR.secret_key not in str(caught.value) + repr(caught.value) + caught.value.message + caplog.text
    assert PAIR.secret_key not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"KLING_ACCESS_KEY": "a"}, None),
        ({"KLING_ACCESS_KEY": " a\n", "KLING_SECRET_KEY": "s "}, KeyPair("a", "s")),
        ({"KLING_API_KEY": " k "}, ApiKey("k")),
        ({"KLING_API_KEY": "  "}, None),
        ({"KLING_ACCESS_KEY": "a", "KLING_SECRET_KEY": "", "KLING_API_KEY": "k"}, ApiKey("k")),
        ({"KLING_ACCESS_KEY": "a", "KLING_SECRET_KEY": "s", "KLING_API_KEY": "k"}, KeyPair("a", "s")),
    ],
)
def test_the_environment_is_read(variables: dict[str, str], expected: Credentials | None) -> None:
    assert from_environment(variables) == expected


def test_importing_the_vault_does_not_import_keyring() -> None:
    code = "import sys, kling_desktop.store.vault; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("credentials", [PAIR, KEY])
def test_a_real_secret_service_keeps_changes_and_deletes(credentials: Credentials) -> None:
    Vault().save("Profil é雪", ApiKey("first"))
    Vault().save("Profil é雪", credentials)
    assert Vault().load("Profil é雪") == credentials
    Vault().delete("Profil é雪")
    assert Vault().load("Profil é雪") is None


def test_reading_asks_nobody_to_make_a_keyring(keyring: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where nothing was kept yet: the Secret Service answers, and has no keyring."""
    with secret_service(has_keyring=False) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        assert Vault().load("nobody") is None
        Vault().delete("nobody")


def test_a_session_without_a_bus_has_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setattr("keyring.core._keyring_backend", fail.Keyring())  # type: ignore[no-untyped-call]  # as above
    for call in every_call(Vault()):
        with pytest.raises(KeyringMissing):
            call()
