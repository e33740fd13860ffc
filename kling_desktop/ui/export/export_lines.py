"""What the dialog of exports is told about what stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from kling_desktop.errors import kind_of
from kling_desktop.studio.films.handing_over.desk import Checked
from kling_desktop.ui import formatting
from kling_desktop.ui.export.export_words import reason
from kling_desktop.ui.i18n import tr, tr_count


@dataclass(frozen=True, slots=True)
class Preview:
    """The files that a wish would make."""

    names: tuple[str, ...]
    """With their folders, below the chosen one."""
    refusal: str = ""
    """Why it cannot be done; empty when it can."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked."""

    text: str
    good: bool = True
    """False: it cannot be exported like this."""
    is_note: bool = False
    """Something to know, neither good nor bad."""


def lines_of(checked: Checked) -> list[Line]:
    """What was checked, in the creator's words: a reason why not, or what is to be known."""
    if checked.trouble is not None:
        kind = kind_of(checked.trouble)
        return [Line(f"{checked.unfit}: {tr(kind.title)}. {tr(kind.advice)}", good=False)]
    if checked.unfit:
        return [Line(f"{checked.unfit}: {reason(checked.reason)}", good=False)]
    taken = checked.taken
    exist = tr_count(taken, "{n} exists already: the new one gets -1", "{n} exist already: the new ones get -1")
    return [
        Line(tr_count(checked.count, "{n} name, of its own", "{n} names, all different")),
        Line(exist if taken else tr("None of them exists yet")),
        _space(checked),
        *(Line(reason(note), is_note=True) for note in checked.notes),
    ]


def _space(checked: Checked) -> Line:
    if checked.free_bytes is None:
        return Line(tr("The folder cannot be reached"), good=False)
    if not checked.can_write:
        return Line(tr("Nothing can be written into this folder"), good=False)
    free = formatting.size(checked.free_bytes)
    if checked.free_bytes < checked.needed_bytes:
        needed = formatting.size(checked.needed_bytes)
        return Line(tr("About {size} are needed, {free} are free", size=needed, free=free), good=False)
    return Line(tr("About {size} to write, {free} free", size=formatting.size(checked.wanted_bytes), free=free))
