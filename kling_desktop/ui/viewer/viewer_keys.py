"""The player's commands: what each is called, its icon and its keys (the ones that players and editors agree on)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command, KeyMap, Place
from kling_desktop.ui.theme import icon
from kling_desktop.ui.viewer.key_gate import KeyGate


def commands() -> tuple[Command, ...]:
    """All of them, in the order in which menu and cheat sheet list them."""
    return (*_playing(), *_going(), *_marking(), *_hearing(), *_looking())


def _playing() -> tuple[Command, ...]:
    group = tr("Play")
    return (
        Command("toggle", tr("Play or pause"), ("Space", "Media Play", "Toggle Media Play/Pause"), "play", group=group),
        Command("pause", tr("Pause"), ("K", "Media Pause", "Media Stop"), "pause", group=group),
        Command("slower", tr("Slower"), ("J", "["), group=group),
        Command("shuttle", tr("Play, and faster at each press"), ("L",), group=group),
        Command("faster", tr("Faster"), ("]",), group=group),
        Command("normal_speed", tr("Normal speed"), ("Backspace",), group=group),
        Command("loop", tr("Loop"), ("Shift+L",), "loop", switches=True, group=group),
        Command("next_take", tr("Next take (Tab on the film)"), ("Ctrl+PgDown", "Media Next"), group=group),
        Command("previous_take", tr("Previous take"), ("Ctrl+PgUp", "Media Previous"), group=group),
    )


def _going() -> tuple[Command, ...]:
    group = tr("Go to")
    back, forward = tr("One frame back"), tr("One frame forward")
    return (
        Command("frame_back", back, (",",), "step-back", group=group, editor_keys=(",", "Left")),
        Command("frame_forward", forward, (".",), "step-forward", group=group, editor_keys=(".", "Right")),
        Command("second_back", tr("1 second back"), ("Left",), group=group, editor_keys=("Shift+Left",)),
        Command("second_forward", tr("1 second forward"), ("Right",), group=group, editor_keys=("Shift+Right",)),
        Command("five_back", tr("5 seconds back"), ("Shift+Left",), group=group, editor_keys=("Ctrl+Shift+Left",)),
        Command(
            "five_forward", tr("5 seconds forward"), ("Shift+Right",), group=group, editor_keys=("Ctrl+Shift+Right",)
        ),
        Command("seam_back", tr("Previous seam"), ("Up",), group=group, place=Place.VIEWER),
        Command("seam_forward", tr("Next seam"), ("Down",), group=group, place=Place.VIEWER),
        Command("segment_start", tr("First frame of the hop"), (";",), group=group),
        Command("segment_end", tr("Last frame of the hop"), ("'",), group=group),
        Command("to_start", tr("To the start"), ("Home",), "previous", group=group),
        Command("to_end", tr("To the end"), ("End",), "next", group=group),
        Command("go_to", tr("Go to a time or frame…"), ("G",), group=group, repeats=False),
    )


def _marking() -> tuple[Command, ...]:
    group = tr("Range")
    return (
        Command("mark_in", tr("Mark the start of a range"), ("I",), group=group),
        Command("mark_out", tr("Mark the end of a range"), ("O",), group=group),
        Command("clear_in", tr("Clear the start mark"), ("Shift+I",), group=group),
        Command("clear_out", tr("Clear the end mark"), ("Shift+O",), group=group),
        Command("loop_range", tr("Loop the range"), ("Ctrl+L",), switches=True, group=group),
    )


def _hearing() -> tuple[Command, ...]:
    group = tr("Sound")
    return (
        Command("mute", tr("Mute"), ("M",), "volume", switches=True, group=group),
        Command("quieter", tr("Quieter"), ("9", "Alt+Down"), group=group),
        Command("louder", tr("Louder"), ("0", "Alt+Up"), group=group),
    )


def _looking() -> tuple[Command, ...]:
    group = tr("Picture")
    full = ("F", "Alt+Return", "Alt+Enter")
    return (
        Command("loupe", tr("Loupe, while held"), ("Z",), group=group, repeats=False),
        Command("snapshot", tr("Save this frame as a picture"), ("C",), "camera", group=group, repeats=False),
        Command("copy_frame", tr("Copy this frame"), ("Shift+C",), "copy", group=group, repeats=False),
        Command("full_screen", tr("Full screen"), full, "fullscreen", switches=True, group=group, repeats=False),
        Command("cheat_sheet", tr("All keys…"), ("?", "F1"), group=group, repeats=False),
    )


def tip(text: str, keys: tuple[str, ...]) -> str:
    """A tooltip that teaches the key."""
    if not keys:
        return text
    return f"{text} ({QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)})"


def actions(owner: QWidget, gate: KeyGate, acts: Mapping[str, Callable[[], None]], keys: KeyMap) -> dict[str, QAction]:
    """An action for each act's command, at work wherever the focus is in the owner's window, or in the owner for
    commands of a narrower place; their keys follow the map."""
    made = {}
    for command in keys.commands:
        if command.name in acts:
            action = _action(owner, command)
            action.triggered.connect(acts[command.name])
            made[command.name] = action

    def teach() -> None:
        for command in keys.commands:
            if action := made.get(command.name):
                own = keys.keys(command.name)
                action.setToolTip(tip(command.text, own))
                gate.guard(action, [QKeySequence(key) for key in own], yields=command.place == Place.WINDOW)

    keys.changed.connect(teach)
    teach()
    return made


def menu(owner: QWidget, made: Mapping[str, QAction], keys: KeyMap) -> list[QAction]:
    """What a menu shows: the commands of the first group by themselves, each further group as a menu of its own."""
    listed: list[QAction] = []
    groups: dict[str, QMenu] = {}
    first = keys.commands[0].group
    for command in keys.commands:
        if command.name not in made:
            continue
        if command.group == first:
            listed.append(made[command.name])
            continue
        if command.group not in groups:
            groups[command.group] = QMenu(command.group, owner)
            listed.append(groups[command.group].menuAction())
        groups[command.group].addAction(made[command.name])
    return listed


def _action(owner: QWidget, command: Command) -> QAction:
    action = QAction(command.text, owner)
    action.setObjectName(command.name)
    action.setCheckable(command.switches)
    action.setAutoRepeat(command.repeats)
    if command.place != Place.WINDOW:
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    if command.icon:
        action.setIcon(icon(command.icon))
    owner.addAction(action)
    return action
