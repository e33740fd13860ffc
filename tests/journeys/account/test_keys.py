"""Keys: entered in the dialog, tested for free, kept in the real keyring, and changed with care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import keyring as system_keyring
import keyring.core as keyring_core
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.tasks import Status
from kling_desktop.ui.accounts.keys_dialog import KeysDialog
from tests.harness.desk.silent_keyring import GOOD, DismissedKeyring, SilentKeyring
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

NO_KEYS = {"KLING_ACCESS_KEY": "", "KLING_SECRET_KEY": ""}
_STRANGE = "of-somebody-else".ljust(32, "-")


async def test_keys_are_tested_kept_in_the_keyring_and_send_what_waited(
    start: Start, sandbox: Sandbox, keyring: str
) -> None:
    async with start(**NO_KEYS) as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees(lambda: "No keys for this profile" in creator.banners(), "the want of keys")
        dialog = await _opened(creator)
        _paste(dialog, f"{sandbox.access_key}\n{_STRANGE}")
        creator.clicks(dialog.test)
        await creator.sees(lambda: "did not accept your keys" in said(dialog), "a plain verdict")
        _paste(dialog, f"{sandbox.access_key}\n{sandbox.secret_key}")
        creator.clicks(dialog.test)
        await creator.sees(lambda: "The keys work" in said(dialog), "a better verdict")
        creator.clicks(dialog.save)
        await creator.sees(lambda: not dialog.isVisible(), "the dialog to close")
        take = await creator.sees_take()
        assert take.extension.prompt == "A heron lands"
        kept = system_keyring.get_password("Kling Desktop", take.profile.name)
        assert kept is not None
        assert sandbox.secret_key in kept
        assert take.profile.name in creator.window.bar.account.accessibleName()


async def test_new_keys_under_the_name_of_running_takes_are_asked_about_once(start: Start, sandbox: Sandbox) -> None:
    async with start() as creator:
        creator.tell("faults", do="stuck")
        creator.asks(creator.clip_id("dawn-lake"), "The tide turns")
        await creator.sees(lambda: (task := creator.newest()) and task.status is Status.PROCESSING, "Kling to render")
        dialog = await _opened(creator)
        dialog.session_only.setCurrentIndex(1)
        _paste(dialog, f"{sandbox.access_key}\n{sandbox.secret_key}")
        creator.clicks(dialog.test)
        await creator.sees(lambda: "The keys work" in said(dialog), "the verdict")
        creator.clicks(dialog.save)
        await creator.sees(lambda: "1 take is being made" in said(dialog), "the warning")
        assert dialog.isVisible()
        creator.clicks(dialog.save)
        await creator.sees(lambda: not dialog.isVisible(), "the dialog to close")


async def test_a_keyring_that_never_answers_is_waited_for_aloud_and_keeps_no_window_open(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = SilentKeyring()
    monkeypatch.setattr(keyring_core, "_keyring_backend", silent)
    monkeypatch.setattr("kling_desktop.studio.account.accounts.PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr("kling_desktop.studio.account.keyring_thread.PATIENCE_SECONDS", 0.1)
    async with start(**NO_KEYS) as creator:
        creator.program.preferences.change(callbacks=True)
        creator.asks(creator.clip_id("dawn-lake"), "A heron waits")
        await creator.sees(lambda: "Waiting for the system's keyring" in creator.banners(), "what is waited for")
        await creator.sees(lambda: (task := creator.newest()) and task.trouble, "the row to say so as well")
    async with start(**NO_KEYS) as creator:  # the callbacks wait for their secret as well
        await creator.sees(lambda: silent.asked > 1, "the keyring to be asked again")
        await creator.sees(lambda: "Waiting for the system's keyring" in creator.banners(), "what is waited for")
        silent.answer.set()
        await creator.sees(lambda: "No keys for this profile" in creator.banners(), "its answer")
        assert "Waiting for the system's keyring" not in creator.banners()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentKeyring]:
    """A keyring that keeps secrets, once it answers."""
    backend = SilentKeyring()
    backend.priority = GOOD
    monkeypatch.setattr(keyring_core, "_keyring_backend", backend)
    for room in ("accounts", "keyring_thread", "keys"):
        monkeypatch.setattr(f"kling_desktop.studio.account.{room}.PATIENCE_SECONDS", 0.1)
    yield backend
    backend.answer.set()


async def test_keys_go_to_work_while_the_keyring_is_still_waited_for(
    start: Start, sandbox: Sandbox, slow: SilentKeyring
) -> None:
    async with start(**NO_KEYS) as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron waits")
        dialog = await _opened(creator)
        assert dialog.session_only.isEnabled()
        await _connected(creator, dialog, sandbox)
        await creator.sees(lambda: "has not answered yet" in said(dialog), "what is waited for")
        take = await creator.sees_take()
        assert take.extension.prompt == "A heron waits"
        slow.answer.set()
        await creator.sees(lambda: not dialog.isVisible(), "the dialog to close")
        assert "in the system's keyring now" in creator.banners()


async def test_what_is_typed_while_the_keyring_is_waited_for_stays(
    start: Start, sandbox: Sandbox, slow: SilentKeyring
) -> None:
    async with start(**NO_KEYS) as creator:
        dialog = await _opened(creator)
        _paste(dialog, f"{sandbox.access_key}\n{sandbox.secret_key}")
        slow.answer.set()
        await creator.sees(lambda: "has not answered yet" not in said(dialog), "its answer")
        assert dialog.keys.credentials() is not None


async def test_stored_keys_are_not_tested_for_ever_by_a_silent_keyring(start: Start, slow: SilentKeyring) -> None:
    async with start(**NO_KEYS) as creator:
        profile = creator.program.preferences.profile
        dialog = await _opened(creator)
        dialog.test_asked.emit(profile, None)
        await creator.sees(lambda: "keyring has not answered" in said(dialog), "that nobody has answered")
        assert dialog.test.isEnabled()


async def test_keys_deleted_before_a_silent_keyring_hold_no_longer_and_that_is_told(
    start: Start, sandbox: Sandbox, slow: SilentKeyring
) -> None:
    async with start(**NO_KEYS) as creator:
        dialog = await _opened(creator)
        await _connected(creator, dialog, sandbox)
        name, at_hand = dialog.profile.profile().name, creator.program.studio.keys._vault.at_hand
        await creator.sees(lambda: sandbox.secret_key in at_hand(), "the keys to hold meanwhile")
        dialog.forget_asked.emit(name)
        await creator.sees(lambda: "may still be in the system's keyring" in creator.banners(), "what is not known")
        assert sandbox.secret_key not in at_hand()


async def test_keys_deleted_before_it_is_said_that_the_keyring_is_waited_for_do_not_come_back(
    start: Start, sandbox: Sandbox, slow: SilentKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room, seconds in (("keys", 0.6), ("keyring_thread", 1.2)):
        monkeypatch.setattr(f"kling_desktop.studio.account.{room}.PATIENCE_SECONDS", seconds)
    async with start(**NO_KEYS) as creator:
        dialog = await _opened(creator)
        await _connected(creator, dialog, sandbox)
        name = dialog.profile.profile().name
        dialog.forget_asked.emit(name)
        await creator.sees(lambda: "may still be in the system's keyring" in creator.banners(), "what is not known")
        assert sandbox.secret_key not in creator.program.studio.keys._vault.at_hand()


async def test_a_keyring_that_stays_locked_leaves_the_keys_to_this_session(
    start: Start, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    dismissed = DismissedKeyring()
    dismissed.priority = GOOD
    monkeypatch.setattr(keyring_core, "_keyring_backend", dismissed)
    async with start(**NO_KEYS) as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron waits")
        dialog = await _opened(creator)
        await _tested(creator, dialog, sandbox)
        assert "keyring is locked" in said(dialog)
        creator.clicks(dialog.save)
        assert (await creator.sees_take()).extension.prompt == "A heron waits"


async def _connected(creator: Creator, dialog: KeysDialog, sandbox: Sandbox) -> None:
    await _tested(creator, dialog, sandbox)
    creator.clicks(dialog.save)


async def _tested(creator: Creator, dialog: KeysDialog, sandbox: Sandbox) -> None:
    _paste(dialog, f"{sandbox.access_key}\n{sandbox.secret_key}")
    creator.clicks(dialog.test)
    await creator.sees(lambda: "The keys work" in said(dialog), "the verdict")


async def _opened(creator: Creator) -> KeysDialog:
    creator.window.account.keys_asked.emit(creator.program.preferences.profile)
    dialog = await creator.sees(lambda: creator.window.findChild(KeysDialog), "the dialog")
    await creator.sees(dialog.isActiveWindow, "the dialog to be shown")
    return dialog


def _paste(dialog: KeysDialog, keys: str) -> None:
    QApplication.clipboard().setText(keys)
    dialog.keys.box.setFocus()
    QTest.keyClick(dialog.keys.box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
