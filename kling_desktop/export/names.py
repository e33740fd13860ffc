"""Names of exports by template: tokens in braces, cleaned for every system, and refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kling_desktop.errors import Refusal

DEFAULT: Final = "{project}/{date}_{title}_h{hop:02}_t{take:02}_{len}s{ext}"
"""Kept short, sorts well, and tells film, hop and take."""

TOKENS: Final = (
    "project", "date", "time", "title", "hop", "take", "len", "prompt", "video_id", "task_id", "parent", "rating",
    "model", "counter", "width", "height", "hash8", "format", "ext",
)  # fmt: skip

UNIQUE: Final = ("video_id", "task_id", "counter", "hash8")
"""Tokens that tell any two takes apart."""

UNIQUE_PAIR: Final = ("hop", "take")
"""These do it together, within one film."""

LONGEST_PART: Final = 40
"""Characters that one token may fill."""

_LONGEST_BYTES: Final = 240
"""Of a file's name: most systems take 255, and a mark for a collision must fit."""

_LONGEST_PATH: Final = 1024
_TOKEN: Final = re.compile(r"\{(?P<name>[^{}:]*)(?::(?P<width>[^{}]*))?\}")
_ILLEGAL: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])( *(?:\..*)?)", re.IGNORECASE)
"""Names of Windows' devices, whatever follows behind blanks and a dot."""


class TemplateRefused(Refusal):
    """A template that cannot be used; its text says why, for the creator."""


@dataclass(frozen=True, slots=True)
class Style:
    """How values are written."""

    lower_case: bool = False
    underscores: bool = False
    """Whether blanks become underscores."""


def check(template: str, *, several: bool = True) -> None:
    """Raises TemplateRefused with the reason. `several`: whether more than one file may be named by it."""
    if not template.strip():
        raise TemplateRefused("Write a name first.")
    names = []
    for found in _TOKEN.finditer(template):
        name, width = found["name"], found["width"]
        if name not in TOKENS:
            raise TemplateRefused("There is no {part}. Pick one from the list.", part=f"{{{name}}}")
        if width is not None and not re.fullmatch(r"0?[1-9][0-9]?", width):
            raise TemplateRefused(
                "{part}: write a number of digits or characters after the colon.", part=f"{{{name}:{width}}}"
            )
        names.append(name)
    rest = _TOKEN.sub("", template)
    if "{" in rest or "}" in rest:
        raise TemplateRefused("A brace is not closed.")
    if bad := _ILLEGAL.search(rest.replace("/", "")):
        raise TemplateRefused("A name cannot hold {character}.", character=repr(bad[0][0]))
    if template.startswith("/") or any(step.strip() in ("..", ".") for step in template.split("/")):
        raise TemplateRefused("A name stays inside the folder: it begins with no slash and holds no ..")
    if "ext" in names and not template.endswith("{ext}"):
        raise TemplateRefused("{part} stands at the end.", part="{ext}")
    if several and not (set(UNIQUE) & set(names) or set(UNIQUE_PAIR) <= set(names)):
        raise TemplateRefused(
            "Two takes would get one name. Add {hop} and {take}, {counter}, {video_id} or {hash8}.",
            **{name: f"{{{name}}}" for name in (*UNIQUE_PAIR, *UNIQUE)},
        )


def filled(template: str, values: Mapping[str, str | int], ext: str, style: Style | None = None) -> Path:
    """The relative path that the template makes of these values. Raises TemplateRefused.

    Each value is cleaned and cut at 40 characters (or at the number after its colon); unknown values are left out.
    `ext` is with its dot, or empty for a folder.
    """
    check(template, several=False)
    style = style or Style()
    body = template.removesuffix("{ext}")
    steps = [_TOKEN.sub(lambda found: _value(found, values, style), step) for step in body.split("/")]
    steps = [legal(step) for step in steps if step.strip()]
    if not steps or not steps[-1].strip("_- "):
        raise TemplateRefused("Nothing is left of the name: none of its parts is known for this take.")
    path = Path(*steps[:-1], _shortened(steps[-1], len(ext.encode())) + ext)
    if len(str(path)) > _LONGEST_PATH:
        raise TemplateRefused("The name is too long.")
    return path


def _value(found: re.Match[str], values: Mapping[str, str | int], style: Style) -> str:
    value, width = values.get(found["name"], ""), found["width"]
    if isinstance(value, int):
        return f"{value:{width or ''}}" if width and width.startswith("0") else str(value)
    text = cleaned(value)
    if style.lower_case:
        text = text.lower()
    if style.underscores:
        text = text.replace(" ", "_")
    return text[: min(int(width or LONGEST_PART), LONGEST_PART)].strip()


def cleaned(value: str) -> str:
    """One line without what any system forbids in a name."""
    text = unicodedata.normalize("NFC", value)
    return " ".join(_ILLEGAL.sub(" ", text).split())


def legal(step: str) -> str:
    """One step of a path that every system takes: no dot or blank at its end, no name of a device, not too long."""
    text = _shortened(cleaned(step), 0).strip(" ").rstrip(" .").lstrip(".")
    device = _RESERVED.fullmatch(text)
    return f"{device[1]}_{device[2]}" if device else text


def _shortened(text: str, spare: int) -> str:
    while len(text.encode()) > _LONGEST_BYTES - spare:
        text = text[:-1]
    return text


def free(path: Path, taken: Callable[[Path], bool] = Path.exists, *, is_folder: bool = False) -> Path:
    """The path, or with ` -1`, ` -2` before its ending where there is such a file; a folder has no ending."""
    found, number = path, 0
    stem, suffix = (path.name, "") if is_folder else (path.stem, path.suffix)
    while taken(found):
        number += 1
        found = path.with_name(f"{stem} -{number}{suffix}")
    return found


def preview(
    template: str, takes: Sequence[Mapping[str, str | int]], endings: Sequence[str], style: Style | None = None
) -> tuple[Path, ...]:
    """The real names of these takes, as they would be written into an empty folder; each with its own ending.

    Raises TemplateRefused.
    """
    check(template, several=len(takes) > 1)
    made: list[Path] = []
    for values, ext in zip(takes, endings, strict=True):
        made.append(free(filled(template, values, ext, style), lambda path: _same(path, made), is_folder=not ext))
    return tuple(made)


def _same(path: Path, made: list[Path]) -> bool:
    """Some systems do not tell capitals apart."""
    return str(path).casefold() in {str(other).casefold() for other in made}
