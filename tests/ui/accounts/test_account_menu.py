"""Accounts are called what the creator calls them; those that the program named are called so in its language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.accounts import SANDBOX, SESSION, Profile, Region
from kling_desktop.ui import i18n
from kling_desktop.ui.accounts.account_menu import AccountMenu, shown_name


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.use("en")


@pytest.mark.parametrize(
    ("profile", "english", "chinese"),
    [
        (SANDBOX, "Sandbox", "沙盒"),
        (Profile(SESSION, Region.SINGAPORE), "This session", "本次会话"),
        (Profile("Studio B", Region.SINGAPORE), "Studio B", "Studio B"),
    ],
)
def test_an_account_has_a_name_in_every_language(profile: Profile, english: str, chinese: str) -> None:
    i18n.use("en")
    assert shown_name(profile) == english
    i18n.use("zh_CN")
    assert shown_name(profile) == chinese


def test_no_sign_in_a_name_marks_a_key(qtbot: QtBot) -> None:
    menu = AccountMenu()
    qtbot.addWidget(menu)
    own = Profile("R&D", Region.SINGAPORE)
    menu.show_profiles((SANDBOX, own), own)
    assert [action.text() for action in menu.actions() if "R" in action.text()] == ["R&&D", "Change the keys of R&&D…"]
