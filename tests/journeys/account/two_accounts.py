"""A second account of the sandbox, connected as a creator would."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.accounts import Profile
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.ui.accounts.keys_dialog import KeysDialog
from tests.harness.words.reading import said
from tests.journeys.creator import Creator


async def connect_other_account(creator: Creator, sandbox: Sandbox) -> Profile:
    """By its keys, for this session; from then on it is the chosen one."""
    other = sandbox.world.settings.other
    before = creator.program.preferences.profile
    creator.window.account.keys_asked.emit(None)
    dialog = await creator.sees(lambda: creator.window.findChild(KeysDialog), "the dialog")
    await creator.sees(dialog.isActiveWindow, "the dialog to be shown")
    dialog.edit(Profile("Second", before.region, before.base_url), False)
    dialog.session_only.setCurrentIndex(1)
    QApplication.clipboard().setText(f"{other.access_key}\n{other.secret_key}")
    dialog.keys.box.setFocus()
    QTest.keyClick(dialog.keys.box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    creator.clicks(dialog.test)
    await creator.sees(lambda: "The keys work" in said(dialog), "the verdict")
    creator.clicks(dialog.save)
    await creator.sees(lambda: not dialog.isVisible(), "the dialog to close")
    creator.window.activateWindow()
    await creator.sees(creator.window.isActiveWindow, "the window again")
    return creator.program.preferences.profile


def choose_account(creator: Creator, profile: Profile) -> None:
    """In the account's menu."""
    name = profile.name if profile.name != "this session" else "This session"
    next(action for action in creator.window.account.actions() if action.text() == name).trigger()
