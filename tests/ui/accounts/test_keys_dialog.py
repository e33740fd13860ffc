"""The keys dialog: pasted keys are told apart, secrets stay covered, and nothing incomplete is tested or stored."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair, Profile, Region
from kling_desktop.domain.tasks import Trouble
from kling_desktop.ui.accounts.keys_dialog import KeysDialog

API_KEY = ApiKey("api-key-kling-abc")
PAIR = KeyPair("AK123", "SK456")

Heard = dict[str, list[tuple[object, ...]]]


class Browser(QObject):
    """Stands in for the system's browser, which a test must not start."""

    def __init__(self) -> None:
        super().__init__()
        self.visited: list[str] = []

    @Slot(QUrl)
    def visit(self, address: QUrl) -> None:
        self.visited.append(address.toString())


def tell_apart(text: str) -> Credentials | None:
    """What the real one does, by the simplest rule: this room is about the dialog."""
    if text.startswith("api-key-"):
        return ApiKey(text)
    parts = text.split()
    return KeyPair(*parts) if len(parts) == 2 else None


@pytest.fixture
def dialog(qtbot: QtBot) -> KeysDialog:
    made = KeysDialog(tell_apart)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.open()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


@pytest.fixture
def heard(dialog: KeysDialog) -> Heard:
    said: Heard = {"test": [], "save": [], "forget": []}
    dialog.test_asked.connect(lambda *args: said["test"].append(args))
    dialog.save_asked.connect(lambda *args: said["save"].append(args))
    dialog.forget_asked.connect(lambda *args: said["forget"].append(args))
    return said


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def paste(dialog: KeysDialog, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    dialog.keys.box.setFocus()
    QTest.keyClick(dialog.keys.box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def texts_in_sight(dialog: KeysDialog) -> str:
    return " ".join(line.displayText() for line in dialog.findChildren(QLineEdit)) + dialog.keys.box.toPlainText()


def test_a_pasted_api_key_is_tested_under_the_profile(dialog: KeysDialog, heard: Heard) -> None:
    QTest.keyClicks(dialog.profile.name, " Studio ")
    paste(dialog, API_KEY.key)
    click(dialog.test)
    assert heard["test"] == [(Profile("Studio", Region.SINGAPORE), API_KEY)]
    assert API_KEY.key not in texts_in_sight(dialog)


def test_a_pasted_pair_is_saved(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    paste(dialog, "AK123\nSK456")
    dialog.profile.region.setCurrentIndex(1)
    click(dialog.save)
    assert heard["save"] == [(Profile("Studio", Region.BEIJING), PAIR, False)]
    assert "SK456" not in texts_in_sight(dialog)


def test_dropped_text_is_taken_like_pasted_text(dialog: KeysDialog) -> None:
    mime = QMimeData()
    mime.setText(API_KEY.key)
    dialog.keys.box.insertFromMimeData(mime)
    assert dialog.keys.credentials() == API_KEY


def test_letters_typed_into_the_paste_box_do_not_stand_there(dialog: KeysDialog) -> None:
    dialog.keys.box.setFocus()
    QTest.keyClicks(dialog.keys.box, "secret")
    assert dialog.keys.box.toPlainText() == ""


def test_what_is_no_key_is_said_and_not_kept(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    paste(dialog, "hello")
    assert dialog.keys.told.text().startswith("No keys were found in this.")
    click(dialog.test)
    assert heard["test"] == []
    assert dialog.verdict_text() == "Paste your key or keys first."


def test_typed_keys_do_as_well(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    click(dialog.keys.pair_kind)
    QTest.keyClicks(dialog.keys.access, "AK123")
    click(dialog.save)
    assert heard["save"] == []
    assert dialog.verdict_text() == "Enter both the access key and the secret key."
    QTest.keyClicks(dialog.keys.secret.line, "SK456")
    QTest.keyClick(dialog.keys.secret.line, Qt.Key.Key_Return)
    assert heard["save"] == [(Profile("Studio"), PAIR, False)]


def test_a_secret_is_readable_only_while_the_eye_is_held(dialog: KeysDialog) -> None:
    paste(dialog, API_KEY.key)
    QTest.mousePress(dialog.keys.api.eye, Qt.MouseButton.LeftButton)
    assert dialog.keys.api.line.displayText() == API_KEY.key
    QTest.mouseRelease(dialog.keys.api.eye, Qt.MouseButton.LeftButton)
    assert API_KEY.key not in texts_in_sight(dialog)


@pytest.mark.parametrize(
    ("name", "address", "words"),
    [
        ("", None, "Give the profile a name."),
        ("sandbox", None, "This name belongs to the sandbox. Choose another one."),
        ("Mine", "", "Enter an address that begins with https:// and has no password in it."),
        ("Mine", "http://example.com", "Enter an address that begins with https:// and has no password in it."),
        ("Mine", "https://a:b@example.com", "Enter an address that begins with https:// and has no password in it."),
        ("Mine", "https://[", "Enter an address that begins with https:// and has no password in it."),
    ],
)
def test_a_profile_that_cannot_be_is_said_in_place(
    dialog: KeysDialog, heard: Heard, name: str, address: str | None, words: str
) -> None:
    paste(dialog, API_KEY.key)
    dialog.profile.name.setText(name)
    if address is not None:
        dialog.profile.region.setCurrentIndex(3)
        dialog.profile.address.setText(address)
    click(dialog.save)
    assert heard["save"] == []
    assert dialog.profile.wrong.isVisible()
    assert dialog.profile.wrong.text() == words


@pytest.mark.parametrize("address", ["https://proxy.example.com/", "http://127.0.0.1:8080"])
def test_another_address_is_taken(dialog: KeysDialog, heard: Heard, address: str) -> None:
    paste(dialog, API_KEY.key)
    dialog.profile.name.setText("Mine")
    assert not dialog.profile.address.isVisible()
    dialog.profile.region.setCurrentIndex(3)
    assert dialog.profile.address.isVisible()
    QTest.keyClicks(dialog.profile.address, address)
    click(dialog.test)
    assert heard["test"] == [(Profile("Mine", Region.CUSTOM, address.rstrip("/")), API_KEY)]


def test_stored_keys_are_tested_without_being_shown(dialog: KeysDialog, heard: Heard) -> None:
    dialog.edit(Profile("Studio", Region.BEIJING), True)
    click(dialog.test)
    assert heard["test"] == [(Profile("Studio", Region.BEIJING), None)]


def test_stored_keys_belong_to_their_name(dialog: KeysDialog, heard: Heard) -> None:
    dialog.edit(Profile("Studio"), True)
    dialog.profile.name.setText("Other")
    click(dialog.test)
    assert heard["test"] == []


def test_a_second_profile_does_not_inherit_what_was_typed(dialog: KeysDialog) -> None:
    paste(dialog, "AK123 SK456")
    dialog.edit(Profile("Other"), False)
    assert dialog.keys.credentials() is None


def test_without_a_keyring_it_is_said_and_done_for_this_session(dialog: KeysDialog, heard: Heard) -> None:
    assert dialog.where_text().startswith("The secret is stored in the system keyring")
    dialog.show_keyring(Trouble("KeyringMissing"))
    assert dialog.where_text().startswith("Kept for this session only: This system has no keyring.")
    dialog.profile.name.setText("Studio")
    paste(dialog, API_KEY.key)
    click(dialog.save)
    assert heard["save"] == [(Profile("Studio"), API_KEY, True)]


def test_one_may_choose_this_session_only(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    paste(dialog, API_KEY.key)
    QTest.keyClick(dialog.session_only, Qt.Key.Key_Space)
    assert dialog.where_text().startswith("Kept for this session only, in memory.")
    click(dialog.save)
    assert heard["save"] == [(Profile("Studio"), API_KEY, True)]


def test_a_verdict_stands_until_something_is_changed(dialog: KeysDialog) -> None:
    dialog.show_verdict(False, "Kling did not accept your keys", "access key not found")
    assert dialog.verdict_text() == "Kling did not accept your keys"
    QTest.keyClicks(dialog.profile.name, "x")
    assert dialog.verdict_text() == ""


def test_while_kling_is_asked_no_button_works(dialog: KeysDialog, heard: Heard) -> None:
    dialog.edit(Profile("Studio"), True)
    dialog.show_busy(True)
    for button in (dialog.test, dialog.save, dialog.forget):
        click(button)
    assert heard == {"test": [], "save": [], "forget": []}
    dialog.show_busy(False)
    click(dialog.test)
    assert len(heard["test"]) == 1


def answer(dialog: KeysDialog, label: str) -> None:
    (question,) = dialog.findChildren(QMessageBox)
    (button,) = [b for b in question.findChildren(QPushButton) if b.text() == label]
    click(button)


def test_keys_are_forgotten_after_one_question(dialog: KeysDialog, heard: Heard) -> None:
    assert not dialog.forget.isVisible()
    dialog.edit(Profile("Studio"), True)
    click(dialog.forget)
    assert heard["forget"] == []
    answer(dialog, "Forget")
    assert heard["forget"] == [("Studio",)]


def test_the_question_may_be_answered_with_no(dialog: KeysDialog, heard: Heard) -> None:
    dialog.edit(Profile("Studio"), True)
    click(dialog.forget)
    answer(dialog, "Cancel")
    assert heard["forget"] == []


@pytest.mark.parametrize(
    ("row", "console"), [(0, "https://kling.ai/dev/api-key"), (1, "https://klingai.com/dev/api-key")]
)
def test_the_console_of_the_region_opens_on_click_only(dialog: KeysDialog, row: int, console: str) -> None:
    dialog.profile.region.setCurrentIndex(row)
    assert console.removeprefix("https://") in dialog.console.text()
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "visit")  # type: ignore[arg-type]  # the stub says bytes; it takes str
    try:
        dialog.console.setFocus(Qt.FocusReason.TabFocusReason)
        assert browser.visited == []
        QTest.keyClick(dialog.console, Qt.Key.Key_Space)
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert browser.visited == [console]
