"""Keys can be changed, conflict only where both are heard, and come back from the settings."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.key_map import Command, KeyMap, Place, portable, written
from kling_desktop.ui.takes.task_commands import list_commands
from kling_desktop.ui.viewer.viewer_keys import commands


@pytest.fixture
def keys(qapp: object) -> KeyMap:
    return KeyMap(
        (
            Command("play", "Play", ("Space",)),
            Command("back", "Back", (",",), editor_keys=(",", "Left")),
            Command("louder", "Louder", ("0",)),
            Command("unstar", "No stars", ("0",), place=Place.LIST),
        )
    )


@pytest.mark.parametrize("profile", ["player", "editor"])
def test_no_two_commands_of_the_program_want_one_key_at_one_place(qapp: object, profile: str) -> None:
    keys = KeyMap((*commands(), *list_commands()))
    keys.choose(profile)
    clashes = [(c.name, key) for c in keys.commands for key in keys.keys(c.name) if keys.rivals(c.name, key)]
    assert clashes == []
    assert len({command.name for command in keys.commands}) == len(keys.commands)


def test_every_key_is_one_that_qt_knows(qapp: object) -> None:
    keys = KeyMap((*commands(), *list_commands()))
    written = [key for c in keys.commands for key in (*c.keys, *(c.editor_keys or ()))]
    assert [key for key in written if not portable(key)] == []


def test_a_taken_key_is_told_and_changes_hands(keys: KeyMap, qtbot: QtBot) -> None:
    assert [rival.name for rival in keys.rivals("back", "Space")] == ["play"]
    with qtbot.waitSignal(keys.changed):
        keys.assign("back", ("Space", "B"))
    assert keys.keys("back") == ("Space", "B")
    assert keys.keys("play") == ()
    assert keys.is_own("play")


def test_the_same_key_at_another_place_is_no_conflict(keys: KeyMap) -> None:
    assert keys.rivals("unstar", "0") == []
    assert keys.keys_at(Place.LIST) == ["0"]


def test_reset_takes_the_key_back(keys: KeyMap) -> None:
    keys.assign("back", ("Space",))
    keys.reset("play")
    assert (keys.keys("play"), keys.keys("back")) == (("Space",), ())
    keys.reset_all()
    assert (keys.keys("back"), keys.own()) == ((",",), ())


def test_a_profile_changes_what_was_not_changed(keys: KeyMap) -> None:
    keys.assign("play", ("P",))
    keys.choose("editor")
    assert keys.keys("back") == (",", "Left")
    assert keys.keys("play") == ("P",)


def test_what_was_changed_comes_back_from_the_settings(keys: KeyMap, qtbot: QtBot) -> None:
    keys.assign("back", ("B", ";", "\\"))
    keys.assign("play", ())
    again = KeyMap(keys.commands)
    again.restore("editor", (*keys.own(), ("of an older program", "X")))
    assert (again.keys("back"), again.keys("play")) == (("B", ";", "\\"), ())
    assert again.profile == "editor"
    assert again.own() == keys.own()


def test_a_sentence_names_the_key_that_a_command_has_now(keys: KeyMap) -> None:
    name = keys.commands[0].name
    keys.assign(name, ("Ctrl+Alt+F", "F7"))
    assert keys.shown(name) == "Ctrl+Alt+F"
    keys.assign(name, ())
    assert (keys.shown(name), keys.shown("no such command")) == ("", "")
    assert written("Ctrl+Return") == "Ctrl+Enter"
