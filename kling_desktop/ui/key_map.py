"""Which keys do what: every command with its first keys, the two profiles, and what the creator has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

PROFILES = ("player", "editor")
"""Habits of media players, and of cutting programs, whose arrows go frame by frame."""

SettingsKeys = tuple[tuple[str, str], ...]
"""Changed commands as the settings keep them: name, and its keys one a line."""


class Place(StrEnum):
    """Where a command's keys are heard. The narrower place wins where the same key is heard in a wider one."""

    WINDOW = "window"
    VIEWER = "viewer"
    LIST = "list"
    TREE = "tree"
    FILM = "film"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a key can do."""

    name: str
    """Never shown; the settings know the command by it."""
    text: str
    keys: tuple[str, ...]
    """As QKeySequence reads them; the first is shown in tooltips and menus."""
    icon: str = ""
    switches: bool = False
    """It is on or off."""
    group: str = ""
    """Heading on the cheat sheet."""
    place: Place = Place.WINDOW
    editor_keys: tuple[str, ...] | None = None
    """The keys of profile "editor", where they differ."""
    repeats: bool = True
    """Whether a key held down does it again and again."""


class KeyMap(QObject):
    """The one answer to "which keys has this command?". Keys are portable text, as "Ctrl+L"."""

    changed = Signal()
    """Any command may have other keys now."""

    def __init__(self, commands: Iterable[Command], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.commands = tuple(commands)
        self.profile = PROFILES[0]
        self._by_name = {command.name: command for command in self.commands}
        self._own: dict[str, tuple[str, ...]] = {}

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of a command; none is possible."""
        return self._own.get(name, self.first_keys(name))

    def shown(self, name: str) -> str:
        """The first key of a command as this computer's menus write it; "" when it has none, or is none of this map."""
        return "".join(native(self.keys(name)[:1])) if name in self._by_name else ""

    def first_keys(self, name: str) -> tuple[str, ...]:
        """The keys that the profile gives a command."""
        command = self._by_name[name]
        if self.profile == "editor" and command.editor_keys is not None:
            return command.editor_keys
        return command.keys

    def keys_at(self, place: Place) -> list[str]:
        """Every key that is heard at a place, in portable text."""
        return [portable(key) for c in self.commands if c.place == place for key in self.keys(c.name)]

    def is_own(self, name: str) -> bool:
        """Whether the creator has changed this command's keys."""
        return name in self._own

    def rivals(self, name: str, key: str) -> list[Command]:
        """The other commands that hear this key at the same place."""
        place, wanted = self._by_name[name].place, portable(key)
        return [
            other
            for other in self.commands
            if other.name != name and other.place == place and wanted in map(portable, self.keys(other.name))
        ]

    def assign(self, name: str, keys: Iterable[str]) -> None:
        """Give a command these keys; whoever had one of them at the same place loses it."""
        wanted = tuple(dict.fromkeys(portable(key) for key in keys if key))
        for key in wanted:
            for rival in self.rivals(name, key):
                self._set(rival.name, tuple(k for k in self.keys(rival.name) if portable(k) != key))
        self._set(name, wanted)
        self.changed.emit()

    def reset(self, name: str) -> None:
        """Give a command its first keys again; whoever took one of them gives it back."""
        self.assign(name, self.first_keys(name))

    def reset_all(self) -> None:
        """Every command as the profile has it."""
        self._own.clear()
        self.changed.emit()

    def choose(self, profile: str) -> None:
        """Take up the habits of a profile; what the creator has changed stays changed."""
        if profile in PROFILES and profile != self.profile:
            self.profile = profile
            self.changed.emit()

    def restore(self, profile: str, own: SettingsKeys) -> None:
        """As the settings have kept it; names of an older program are passed over."""
        self.profile = profile if profile in PROFILES else PROFILES[0]
        self._own = {name: tuple(filter(None, keys.split("\n"))) for name, keys in own if name in self._by_name}
        self.changed.emit()

    def own(self) -> SettingsKeys:
        """What the creator has changed, for the settings."""
        return tuple((name, "\n".join(keys)) for name, keys in sorted(self._own.items()))

    def _set(self, name: str, keys: tuple[str, ...]) -> None:
        if tuple(map(portable, keys)) == tuple(map(portable, self.first_keys(name))):
            self._own.pop(name, None)
        else:
            self._own[name] = keys


def portable(key: str) -> str:
    """The one spelling of a key."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def written(key: str) -> str:
    """One key as sentences name it: as this computer's menus do, but that "Return" is on no key of most keyboards."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")


def native(keys: Iterable[str]) -> list[str]:
    """Keys as this computer's menus write them."""
    return [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
