"""Of which takes an export is made: each with its name as it will be written, and what is to be known of its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.takes import TakeState
from kling_desktop.errors import HdrVideo, KlingDesktopError
from kling_desktop.studio.films.handing_over.handover import Handover
from kling_desktop.studio.films.handing_over.pieces import Pieces, What
from kling_desktop.studio.films.tree import Tree

if TYPE_CHECKING:
    from kling_desktop.export.request import Request
    from kling_desktop.media.film.conform import FilmShape
    from kling_desktop.studio.films.handing_over.choices import Wish

_EVERY_TAKE = ("archive",)
_AS_THEY_ARE = ("archive", "timelines", "original", "mp4-copy")
"""Outputs that hold the very pictures of the files."""
_BESIDE = ("timelines",)
"""Outputs that hold the other takes of a hop without being asked."""


class Condition(StrEnum):
    """What is to be known of the file that shows a take."""

    NOT_HERE = "not here"
    """Kling has it; it was never brought here, or was deleted to free the disk."""
    MISSING = "missing"
    """It was here: somebody moved or deleted it."""
    UNREADABLE = "unreadable"
    HDR = "hdr"
    """It would have to be coded anew, which would change its colours."""
    KEPT_HDR = "kept hdr"
    """It goes out as it is."""
    SCALED = "scaled"
    REFITTED = "refitted"
    """Its rate is not the film's."""
    SILENT = "silent"
    """It has no sound, and another one has."""


STOPS = (Condition.NOT_HERE, Condition.MISSING, Condition.UNREADABLE, Condition.HDR)
"""With these nothing can be exported of it."""


@dataclass(frozen=True, slots=True)
class HandedTake:
    """One take that goes out."""

    clip_id: str
    """Its own, whose poster stands for it."""
    hop: int
    number: int
    """Among the takes of its hop, from 1."""
    words: str
    name: str = ""
    """Of the file in which it will be found, with its folders; empty while that is not known."""
    conditions: tuple[Condition, ...] = ()
    """Empty when it is ready as it is."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A take and the file that shows it: of an extended one the file of the newest extension."""

    state: TakeState
    file: Path | None


def _own(state: TakeState) -> Holder:
    return Holder(state, state.clip.file if state.clip is not None else None)


class Contents:
    """Reads the library only; belongs to the loop's thread. `handed` reads files: for a thread."""

    def __init__(self, handover: Handover, pieces: Pieces, tree: Tree) -> None:
        self._handover = handover
        self._pieces = pieces
        self._tree = tree

    def of(self, wish: Wish, film_id: str, take_id: str) -> tuple[tuple[Holder, ...], tuple[Holder, ...]]:
        """The takes along the film, first hop first, and others that go out as clips of their own."""
        if wish.what is What.PICKED and wish.format_key not in _EVERY_TAKE:
            return (), tuple(_own(state) for state in self._pieces.picked(film_id))
        whole = wish.what in (What.FILM, What.HOPS) or wish.format_key in _EVERY_TAKE
        tip = self._tree.path(film_id).tip if whole or not take_id else self._tree.take(take_id)
        if tip is None:
            return (), ()
        along = tuple(Holder(state, file) for state, file in self._handover.holders(tip.take.id))
        if wish.what is What.STRETCH and not whole:
            along = along[-1:]
        return along, tuple(_own(state) for state in self._beside(wish, along))

    def _beside(self, wish: Wish, along: Sequence[Holder]) -> list[TakeState]:
        known = {holder.state.take.id for holder in along}
        if wish.format_key in _EVERY_TAKE:
            nodes = self._tree.skeleton(along[-1].state.take.film_id)
            found = list(self._tree.states([node.take_id for node in nodes]))
        elif wish.others or wish.format_key in _BESIDE:
            found = [other for holder in along for other in self._tree.siblings(holder.state.take.id)]
        else:
            return []
        return [each for each in found if each.take.id not in known and each.clip is not None and each.clip.file]


def handed(
    wish: Wish, along: Sequence[Holder], others: Sequence[Holder], requests: Sequence[Request]
) -> tuple[HandedTake, ...]:
    """What is to be known of each, and its name where the requests tell one. Reads every file: for a thread."""
    held = (*along, *others)
    kept = wish.format_key in _AS_THEY_ARE
    looks = {
        file: _looked_at(file, kept) for file in dict.fromkeys(each.file for each in held if each.file is not None)
    }
    goals = {id(request): _goal(request, looks) for request in requests}
    return tuple(
        HandedTake(
            holder.state.take.clip_id,
            holder.state.take.hop,
            holder.state.number,
            holder.state.words,
            request.name.as_posix() if request is not None else "",
            _conditions(
                looks[holder.file] if holder.file is not None else None,
                goals[id(request)] if request is not None else None,
            ),
        )
        for holder, request in zip(held, _places(wish, len(along), len(others), requests), strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """What a file turned out to be."""

    trouble: Condition | None = None
    shape: FilmShape | None = None
    has_sound: bool = False


@dataclass(frozen=True, slots=True)
class _Goal:
    """What all takes of one file become; None where each stays as it is."""

    size: tuple[int, int] | None = None
    fps: Fraction | None = None
    sounds: bool = False


def _looked_at(file: Path, kept: bool) -> _Look:
    """`kept`: whether its pictures go out as they are."""
    from kling_desktop.media.film.conform import film_shape  # loads the media library: not at the start
    from kling_desktop.media.probe import probe
    from kling_desktop.media.source import cut_short

    if not file.is_file():
        return _Look(Condition.MISSING)
    try:
        # Not every packet is read, as the export itself does: this is asked again at each change of a name.
        if cut_short(file):
            return _Look(Condition.UNREADABLE)
        return _Look(None, film_shape(file), probe(file).has_audio)
    except HdrVideo:
        return _Look(Condition.KEPT_HDR if kept else Condition.HDR)
    except (KlingDesktopError, OSError):
        return _Look(Condition.UNREADABLE)


def _goal(request: Request, looks: Mapping[Path, _Look]) -> _Goal:
    from kling_desktop.export.formats import BY_KEY
    from kling_desktop.export.formats.format import FILM_ENDINGS, Order

    form = BY_KEY.get(request.format_key)
    if form is None or not form.bits_per_pixel:  # nothing is coded anew
        return _Goal()
    order = Order(request.film, request.target, request.options)
    try:
        size, fps = form.size(order), order.plan.shape.fps
    except (KlingDesktopError, OSError):
        return _Goal()
    files = {part.file for part in request.film.parts}
    sounds = form.suffix in FILM_ENDINGS and any(looks[file].has_sound for file in files & looks.keys())
    return _Goal(size, fps, sounds)


def _conditions(look: _Look | None, goal: _Goal | None) -> tuple[Condition, ...]:
    if look is None:
        return (Condition.NOT_HERE,)
    if look.trouble is not None:
        return (look.trouble,)
    if look.shape is None or goal is None or goal.size is None:
        return ()
    said = (
        (Condition.SCALED, (look.shape.width, look.shape.height) != goal.size),
        (Condition.REFITTED, look.shape.fps != goal.fps),
        (Condition.SILENT, goal.sounds and not look.has_sound),
    )
    return tuple(condition for condition, is_so in said if is_so)


def _places(wish: Wish, along: int, others: int, requests: Sequence[Request]) -> list[Request | None]:
    """In which file each take is: all in one, or each in its own, other takes behind them."""
    own = wish.what in (What.HOPS, What.PICKED) and len(requests) > 1
    first: list[Request | None] = [*requests[:along]] if own else [*requests[:1]] * along
    rest: list[Request | None] = [*requests[len(first) if own else 1 :]] if len(requests) > 1 else [*requests] * others
    first += [None] * (along - len(first))
    return [*first, *rest[:others], *[None] * (others - len(rest))]
