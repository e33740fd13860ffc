"""The keys dialog: pasted keys are told apart, secrets stay covered, and nothing incomplete is tested or stored."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair, Profile, Region
from kling_desktop.domain.tasks import Trouble
from kling_desktop.domain.units import CapScope
from kling_desktop.ui.accounts.keys_dialog import KeysDialog
from tests.harness.words.reading import said

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


def save(dialog: KeysDialog) -> None:
    """As after a test that went well."""
    dialog.show_connected("The keys work.", [(True, "Units", "842 of 1000")])
    click(dialog.save)


def texts_in_sight(dialog: KeysDialog) -> str:
    return " ".join(line.displayText() for line in dialog.findChildren(QLineEdit)) + dialog.keys.box.toPlainText()


def test_a_pasted_api_key_is_tested_under_the_profile(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText(" Studio ")
    paste(dialog, API_KEY.key)
    click(dialog.test)
    assert heard["test"] == [(Profile("Studio", Region.SINGAPORE), API_KEY)]
    assert API_KEY.key not in texts_in_sight(dialog)


def test_a_pasted_pair_is_saved(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    paste(dialog, "AK123\nSK456")
    dialog.profile.choose(Region.BEIJING)
    save(dialog)
    assert heard["save"] == [(Profile("Studio", Region.BEIJING), PAIR, False)]
    assert "SK456" not in texts_in_sight(dialog)


def test_dropped_text_is_taken_like_pasted_text(dialog: KeysDialog) -> None:
    mime = QMimeData()
    mime.setText(API_KEY.key)
    dialog.keys.box.insertFromMimeData(mime)
    assert dialog.keys.credentials() == API_KEY


def test_letters_are_readable_while_they_are_typed_and_covered_when_complete(dialog: KeysDialog) -> None:
    dialog.keys.box.setFocus()
    height = dialog.height()
    QTest.keyClicks(dialog.keys.box, "AK123 SK456")
    assert dialog.keys.box.toPlainText() == "AK123 SK456"
    assert dialog.keys.told.text() == "An access key and its secret key."
    click(dialog.test)
    assert "SK456" not in texts_in_sight(dialog)
    assert "AK123" in texts_in_sight(dialog)
    assert dialog.height() == height


def test_what_is_covered_is_neither_copied_nor_added_to(dialog: KeysDialog) -> None:
    paste(dialog, API_KEY.key)
    QGuiApplication.clipboard().setText("elsewhere")
    dialog.keys.box.selectAll()
    QTest.keyClick(dialog.keys.box, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "elsewhere"
    QTest.keyClicks(dialog.keys.box, "x")
    assert dialog.keys.box.toPlainText() == "x"
    assert dialog.keys.credentials() is None


def test_of_a_huge_paste_no_more_is_shown_than_can_hold_keys(dialog: KeysDialog) -> None:
    paste(dialog, "小" * 1_000_000)
    assert len(dialog.keys.box.toPlainText()) == 20_000
    assert "No keys were found" in said(dialog)


def test_what_is_no_key_is_said_and_not_kept(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    paste(dialog, "hello")
    assert dialog.keys.told.text().startswith("No keys were found in this.")
    click(dialog.test)
    assert heard["test"] == []
    assert "Enter both the access key and the secret key." in said(dialog)


def test_half_a_pair_is_not_tested(dialog: KeysDialog, heard: Heard) -> None:
    dialog.keys.box.setFocus()
    QTest.keyClicks(dialog.keys.box, "AK123")
    click(dialog.test)
    assert heard["test"] == []
    assert "Enter both the access key and the secret key." in said(dialog)
    assert not dialog.anyway.isVisible()


def test_a_secret_is_readable_on_wish(dialog: KeysDialog) -> None:
    assert not dialog.keys.eye.isVisible()
    paste(dialog, API_KEY.key)
    click(dialog.keys.eye)
    assert API_KEY.key in texts_in_sight(dialog)
    click(dialog.keys.eye)
    assert API_KEY.key not in texts_in_sight(dialog)
    assert dialog.keys.credentials() == API_KEY


def test_keys_that_kling_refused_can_be_kept_untested(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    paste(dialog, API_KEY.key)
    dialog.show_verdict(False, "Kling is not reached")
    click(dialog.anyway)
    assert dialog.windowTitle() == "Connect Kling · 2 of 2"
    click(dialog.back)
    assert (dialog.windowTitle(), dialog.test.isVisible()) == ("Connect Kling · 1 of 2", True)
    click(dialog.test)
    assert len(heard["test"]) == 1


def test_what_kling_told_stands_in_the_second_step_with_a_daily_cap(dialog: KeysDialog, qtbot: QtBot) -> None:
    dialog.show_connected("The keys work.", [(True, "Region", "Singapore"), (False, "Clock", "41 s slow")])

    def said() -> str:
        return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())

    qtbot.waitUntil(lambda: all(words in said() for words in ("The keys work.", "Singapore", "41 s slow")))
    assert dialog.caps.units(CapScope.DAY) == 50
    assert not dialog.keys.isVisible()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Give the profile a name."),
        ("sandbox", "This name belongs to the sandbox. Choose another one."),
    ],
)
def test_a_name_that_cannot_be_is_said(dialog: KeysDialog, heard: Heard, name: str, words: str) -> None:
    paste(dialog, API_KEY.key)
    dialog.profile.name.setText(name)
    save(dialog)
    assert heard["save"] == []
    assert words in said(dialog)


@pytest.mark.parametrize("address", ["", "http://example.com", "https://a:b@example.com", "https://["])
def test_an_address_that_cannot_be_is_said_in_place(dialog: KeysDialog, heard: Heard, address: str) -> None:
    paste(dialog, API_KEY.key)
    dialog.profile.name.setText("Mine")
    dialog.profile.choose(Region.CUSTOM)
    dialog.profile.address.setText(address)
    click(dialog.test)
    assert heard["test"] == []
    assert dialog.profile.wrong.isVisible()
    assert dialog.profile.wrong.text() == "Enter an address that begins with https:// and has no password in it."


@pytest.mark.parametrize("address", ["https://proxy.example.com/", "http://127.0.0.1:8080"])
def test_another_address_is_taken(dialog: KeysDialog, heard: Heard, address: str) -> None:
    paste(dialog, API_KEY.key)
    dialog.profile.name.setText("Mine")
    assert not dialog.profile.address.isVisible()
    dialog.profile.choose(Region.CUSTOM)
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
    assert "The secret is stored in the system keyring" in said(dialog, folded=True)
    dialog.show_keyring(Trouble("KeyringMissing"))
    assert "Kept for this session only: This system has no keyring." in said(dialog, folded=True)
    dialog.profile.name.setText("Studio")
    paste(dialog, API_KEY.key)
    save(dialog)
    assert heard["save"] == [(Profile("Studio"), API_KEY, True)]


def test_one_may_choose_this_session_only(dialog: KeysDialog, heard: Heard) -> None:
    dialog.profile.name.setText("Studio")
    paste(dialog, API_KEY.key)
    dialog.session_only.setCurrentIndex(1)
    assert "Kept for this session only, in memory." in said(dialog, folded=True)
    save(dialog)
    assert heard["save"] == [(Profile("Studio"), API_KEY, True)]


def test_a_verdict_stands_until_something_is_changed(dialog: KeysDialog) -> None:
    dialog.show_verdict(False, "Kling did not accept your keys", "access key not found")
    assert "Kling did not accept your keys" in said(dialog)
    QTest.keyClicks(dialog.keys.box, "x")
    assert "Kling did not accept your keys" not in said(dialog)


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
    answer(dialog, "Delete")
    assert heard["forget"] == [("Studio",)]


def test_the_question_may_be_answered_with_no(dialog: KeysDialog, heard: Heard) -> None:
    dialog.edit(Profile("Studio"), True)
    click(dialog.forget)
    answer(dialog, "Cancel")
    assert heard["forget"] == []


@pytest.mark.parametrize(
    ("region", "console"),
    [(Region.SINGAPORE, "https://kling.ai/dev/api-key"), (Region.BEIJING, "https://klingai.com/dev/api-key")],
)
def test_the_console_of_the_region_opens_on_click_only(dialog: KeysDialog, region: Region, console: str) -> None:
    dialog.profile.choose(region)
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
