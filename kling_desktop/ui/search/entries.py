"""What the command field finds: takes, films, commands and settings, each with what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kling_desktop.ui.i18n import in_english, tr
from kling_desktop.ui.search.ranking import fit, used

MOST = 40
"""So many finds are listed."""


class Kind(StrEnum):
    """What is found."""

    COMMAND = "command"
    TAKE = "take"
    FILM = "film"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Entry:
    """One find."""

    kind: Kind
    name: str
    """By which its use is remembered; never shown."""
    words: str
    act: Callable[[], object]
    key: str = ""
    """As this computer's menus write it; empty for none."""
    beside: str = ""
    """Where it belongs: the menu of a command, the state of a take."""
    icon: str = ""
    can_be_done: bool = True
    """Whether it can be done as things stand: what cannot is listed behind the others, so that it is known to exist."""
    is_found: bool = False
    """Whether the library has found it for what was typed, by words that are not shown too: an ID, a note."""

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.name}"


def kind_words(kind: Kind) -> str:
    return {
        Kind.COMMAND: tr("Command"),
        Kind.TAKE: tr("Take"),
        Kind.FILM: tr("Film"),
        Kind.SETTING: tr("Setting"),
    }[kind]


def best(typed: str, entries: Iterable[Entry], uses: Mapping[str, int]) -> list[Entry]:
    """Those that fit, best first; with nothing typed, what can be done now: the most used, then in their order."""
    rated = []
    for place, entry in enumerate(entries):
        if not (entry.can_be_done or typed.strip()):
            continue
        worth = fit(typed, entry.words, entry.beside)
        if worth is None and entry.kind in (Kind.COMMAND, Kind.SETTING):
            worth = fit(typed, in_english(entry.words))
        if worth is None and entry.is_found:
            worth = 0.0
        if worth is not None:
            times = uses.get(entry.id, 0)
            rank = -(used(times) + (worth if typed.strip() else 0.0))
            rated.append((not entry.can_be_done, rank, place, entry))
    return [entry for *_, entry in sorted(rated, key=lambda found: found[:3])[:MOST]]


Source = Callable[[str], Sequence[Entry]]
"""Gives the entries that may fit what was typed; a library looks itself, a menu gives all it has."""
