"""The creator's choices and the state of the window, as one small JSON file that is replaced whole."""

from __future__ import annotations

import json
import logging
import math
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.domain.tasks import Order
from kling_desktop.domain.units import PRICE_PER_UNIT
from kling_desktop.errors import LibraryFull, SettingsUnread
from kling_desktop.store.files import set_aside, write_atomically

_log = logging.getLogger(__name__)

THEMES = ("system", "light", "dark")
LANGUAGES = ("", "en", "zh_CN")
KEY_PROFILES = ("player", "editor")
HOSTS = ("127.0.0.1", "0.0.0.0")  # noqa: S104 - a choice that the creator makes, with a warning
"""Where callbacks may be listened for: on this computer only, or on all of its addresses."""
MOST_DOWNLOADS = 8
"""Bound of `parallel_downloads`: each is a thread and a connection."""
MOST_KB = 1_000_000
"""Bound of `speed_limit_kb`: what the dialog of settings can show."""
_LONGEST_SECONDS = 86_400.0
_MOST_USES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with the values of a first start. Holds no secret."""

    language: str = ""
    """One of LANGUAGES; empty follows the system."""
    theme: str = "dark"
    """One of THEMES. Dark first: the picture is to be the brightest thing."""
    text_size: int = 100
    """Per cent, 90 to 200."""
    calm: bool = False
    """Nothing turns by itself; takes in the making are told by their shape and their words."""
    library_folder: Path | None = None
    """Where takes are kept; None is the place the program chooses."""
    export_folder: Path | None = None
    """Where a take was last saved to."""
    export_presets: str = ""
    """The creator's own presets of exports, as `export.presets` writes them."""
    export_names: str = ""
    """The template of names that was last exported with; empty is the usual one."""
    profiles: tuple[Profile, ...] = ()
    profile: str = ""
    """Name of the profile in use."""
    volume: float = 0.3
    """0 to 1. Starts low, so as not to shock."""
    loop: bool = False
    parallel_downloads: int = 2
    """1 to 8."""
    speed_limit_kb: int = 0
    """Kilobytes a second for all downloads together, up to MOST_KB; 0 is no limit."""
    paused: tuple[str, ...] = ()
    """Names of the profiles whose queues the creator holds: nothing is sent after a restart either."""
    callbacks: bool = False
    """Whether Kling's callbacks are listened for."""
    callback_host: str = "127.0.0.1"
    """One of HOSTS."""
    callback_port: int = 8787
    """1 to 65535."""
    callback_path: str = "/kling"
    """Begins with a slash."""
    window: str = ""
    """Geometry and layout as Qt saves them, base64."""
    selected: str = ""
    """Id of the selected task."""
    takes_order: str = "film"
    """One of domain.tasks.Order."""
    takes_folds: tuple[str, ...] = ()
    """Heads of the list of takes that are folded: order, colon, what stands below."""
    player_seconds: float = 0.0
    """Where in the selected clip the player stood."""
    key_profile: str = "player"
    """Whose habits the keys follow: "player" or "editor"."""
    keys: tuple[tuple[str, str], ...] = ()
    """Commands whose keys were changed: name, and the keys one a line."""
    drift_tolerance: float = 1.0
    """How many times as wide as usual the drift of a chain may be before it is marked; 0.25 to 4."""
    unit_price: float = float(PRICE_PER_UNIT)
    """What a unit costs the creator, in US dollars: by Kling's list, or as the packs were bought; up to 100."""
    quiet: tuple[str, ...] = ()
    """What is not told while the window is behind others: "take", "failed", "plan", "queue", "sound"."""
    told_leaving: bool = False
    """Whether it was said that tasks go on at Kling while the program is closed."""
    uses: tuple[tuple[str, int], ...] = ()
    """How often each find of the command field was used, by its id."""
    seam_limits: tuple[tuple[str, float], ...] = ()
    """Measures of seams whose limits were moved: name, and how many times as wide as usual, 0.25 to 8."""
    advances: bool = True
    """Whether judging a take goes on to the next."""
    links_imports: bool = False
    """Whether a video that is brought in stays where it lies; else it is copied into the folder of takes."""
    drives: tuple[str, ...] = ()
    """Where the drives and shares are mounted that folders of the creator's were seen on."""


def load(path: Path, tell: Callable[[SettingsUnread], None] = lambda error: None) -> Settings:
    """The settings in the file. Never fails: what is missing or makes no sense has its first value.

    A file that is no JSON object, or may not be read, is set aside (`settings.damaged-<time>.json`), so that nothing
    in it is lost; `tell` hears of it.
    """
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        return _first_again(path, error, tell)
    try:
        kept = json.loads(written)  # in UTF-8, 16 or 32, with a mark before the text as editors of Windows put it
    except (ValueError, RecursionError) as error:
        return _first_again(path, error, tell)
    if not isinstance(kept, dict):
        return _first_again(path, TypeError("not an object"), tell)
    return Settings(**{name: value for name in _READ for value in _read(name, kept)})


def save(path: Path, settings: Settings) -> None:
    """Write all settings; after a crash at any moment the file holds the old ones or the new. Raises FileTrouble.

    What a newer version has put there, and this one does not know, stays: it is wanted when that version comes back.
    """
    kept = {**_unknown(path), **asdict(settings)}
    for folder in ("library_folder", "export_folder"):
        kept[folder] = None if kept[folder] is None else str(kept[folder])
    write_atomically(
        path, json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace"), LibraryFull
    )


def _unknown(path: Path) -> dict[str, Any]:
    try:
        there = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: value for name, value in there.items() if name not in _READ} if isinstance(there, dict) else {}


def _first_again(path: Path, error: Exception, tell: Callable[[SettingsUnread], None]) -> Settings:
    tell(SettingsUnread(f"{path}: {type(error).__name__}"))
    try:
        kept = set_aside(path, datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"))
    except OSError as trouble:
        _log.warning("settings cannot be read (%s) nor set aside (%s)", type(error).__name__, trouble.strerror)
    else:
        _log.warning("settings cannot be read (%s); set aside as %s", type(error).__name__, kept.name)
    return Settings()


def _read(name: str, kept: dict[str, Any]) -> tuple[Any, ...]:
    """The value in a tuple of one; an empty tuple when it is not there or makes no sense."""
    try:
        return (_READ[name](kept[name]),)
    except KeyError:
        return ()
    except (TypeError, ValueError, OverflowError) as error:
        _log.info("setting %s is left at its first value: %s", name, type(error).__name__)
        return ()


def _one_of(*choices: str) -> Callable[[Any], str]:
    return lambda value: choices[choices.index(value)]


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _claim(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(low: float, high: float = math.inf) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, bool | str) or not math.isfinite(number := float(value)):
            raise ValueError
        return min(max(number, low), high)

    return read


def _whole(low: int, high: float = math.inf) -> Callable[[Any], int]:
    return lambda value: int(_number(low, high)(value))


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(_string(each) for each in value)


def _web_path(value: Any) -> str:
    if not _string(value).startswith("/") or not value.isascii() or any(sign in value for sign in " ?#\r\n"):
        raise ValueError
    return str(value)


def _folder(value: Any) -> Path | None:
    """Raises ValueError for a name that no system call takes, and for one that means another folder at each start."""
    if value is None:
        return None
    if b"\0" in os.fsencode(_string(value)) or not Path(value).is_absolute():
        raise ValueError
    return Path(value)


def _profiles(value: Any) -> tuple[Profile, ...]:
    return tuple(profile for entry in value for profile in _profile(entry))


def _profile(entry: Any) -> tuple[Profile, ...]:
    """The profile in a tuple of one; an empty tuple for a broken one, which must not take the others along."""
    try:
        return (Profile(_string(entry["name"]), Region(entry["region"]), _string(entry.get("base_url", ""))),)
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        _log.info("a profile is left out: %s", type(error).__name__)
        return ()


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_string(name), _string(keys)) for name, keys in value)


def _counts(value: Any) -> tuple[tuple[str, int], ...]:
    return tuple((_string(name), _whole(0, _MOST_USES)(times)) for name, times in value)


def _factors(value: Any) -> tuple[tuple[str, float], ...]:
    return tuple((_string(name), _number(0.25, 8.0)(factor)) for name, factor in value)


_READ: dict[str, Callable[[Any], Any]] = {
    "language": _one_of(*LANGUAGES),
    "theme": _one_of(*THEMES),
    "text_size": _whole(90, 200),
    "calm": _claim,
    "library_folder": _folder,
    "export_folder": _folder,
    "export_presets": _string,
    "export_names": _string,
    "profiles": _profiles,
    "profile": _string,
    "volume": _number(0.0, 1.0),
    "loop": _claim,
    "parallel_downloads": _whole(1, MOST_DOWNLOADS),
    "speed_limit_kb": _whole(0, MOST_KB),
    "paused": _strings,
    "callbacks": _claim,
    "callback_host": _one_of(*HOSTS),
    "callback_port": _whole(1, 65535),
    "callback_path": _web_path,
    "window": _string,
    "selected": _string,
    "player_seconds": _number(0.0, _LONGEST_SECONDS),
    "key_profile": _one_of(*KEY_PROFILES),
    "keys": _pairs,
    "drift_tolerance": _number(0.25, 4.0),
    "unit_price": _number(0.0, 100.0),
    "quiet": _strings,
    "told_leaving": _claim,
    "uses": _counts,
    "seam_limits": _factors,
    "takes_order": _one_of(*Order),
    "takes_folds": _strings,
    "advances": _claim,
    "links_imports": _claim,
    "drives": _strings,
}
"""How each setting is read from JSON: TypeError, ValueError or OverflowError where the value makes no sense."""
