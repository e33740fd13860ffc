"""The player's commands: what each is called, its icon and its keys (the ones that players and editors agree on)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.key_gate import KeyGate
from kling_desktop.ui.theme import icon
from kling_desktop.ui.words import tr


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the player can do."""

    name: str
    text: str
    keys: tuple[str, ...]
    icon: str = ""
    switches: bool = False
    """It is on or off."""


def commands() -> tuple[Command, ...]:
    """All of them, in the order in which a cheat sheet lists them."""
    return (
        Command("toggle", tr("Play or pause"), ("Space", "Media Play", "Toggle Media Play/Pause"), "play"),
        Command("pause", tr("Pause"), ("K", "Media Pause", "Media Stop"), "pause"),
        Command("slower", tr("Slower"), ("J", "[")),
        Command("shuttle", tr("Play, and faster at each press"), ("L",)),
        Command("faster", tr("Faster"), ("]",)),
        Command("normal_speed", tr("Normal speed"), ("Backspace",)),
        Command("frame_back", tr("One frame back"), (",",), "step-back"),
        Command("frame_forward", tr("One frame forward"), (".",), "step-forward"),
        Command("second_back", tr("1 second back"), ("Left",)),
        Command("second_forward", tr("1 second forward"), ("Right",)),
        Command("five_back", tr("5 seconds back"), ("Shift+Left",)),
        Command("five_forward", tr("5 seconds forward"), ("Shift+Right",)),
        Command("to_start", tr("To the start"), ("Home",), "previous"),
        Command("to_end", tr("To the end"), ("End",), "next"),
        Command("loop", tr("Loop"), ("Shift+L",), "loop", switches=True),
        Command("mute", tr("Mute"), ("M",), "volume", switches=True),
        Command("quieter", tr("Quieter"), ("9",)),
        Command("louder", tr("Louder"), ("0",)),
        Command("full_screen", tr("Full screen"), ("F", "Alt+Return", "Alt+Enter"), "fullscreen", switches=True),
    )


def tip(text: str, keys: tuple[str, ...]) -> str:
    """A tooltip that teaches the key."""
    if not keys:
        return text
    return f"{text} ({QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)})"


def actions(owner: QWidget, gate: KeyGate, deeds: Mapping[str, Callable[[], None]]) -> dict[str, QAction]:
    """An action for each command, doing its deed, at work wherever the focus is in the owner's window."""
    made = {}
    for command in commands():
        action = QAction(command.text, owner)
        action.setObjectName(command.name)
        action.setToolTip(tip(command.text, command.keys))
        action.setCheckable(command.switches)
        if command.icon:
            action.setIcon(icon(command.icon))
        gate.guard(action, [QKeySequence(key) for key in command.keys])
        action.triggered.connect(deeds[command.name])
        owner.addAction(action)
        made[command.name] = action
    return made
