"""Turns what stands in the dialog of exports into requests, and says beforehand what they would come to."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.places.drives import DRIVES
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import ExportAway, FileTrouble, KlingDesktopError
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.handing_over.contents import Contents, HandedTake, handed
from kling_desktop.studio.films.handing_over.extract import extract
from kling_desktop.studio.films.handing_over.handover import Handover
from kling_desktop.studio.films.handing_over.pieces import Piece, Pieces, What, cut, measured
from kling_desktop.studio.films.tree import Tree

if TYPE_CHECKING:
    from kling_desktop.export.film import ExportFilm
    from kling_desktop.export.request import Request
    from kling_desktop.studio.films.handing_over.choices import Wish

_ENDINGS = {"archive": ".zip", "contact-sheet": ".png", "prompts-csv": ".csv", "prompts-text": ".txt"}
"""Of what is no format; the others are folders."""
_FILE_ENDING = re.compile(r"\.[a-z0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class Range:
    """What lies between In and Out, of what plays."""

    begin: Fraction = Fraction(0)
    """In seconds."""
    end: Fraction | None = None
    """None for its end."""
    of_clip: bool = False
    """Whether the newest clip of the film is played alone, as while the film is still being joined."""


_NO_END = Fraction(1_000_000)


@dataclass(frozen=True, slots=True)
class Checked:
    """What can be said about exports before they are made."""

    count: int
    taken: int
    """So many names exist already."""
    wanted_bytes: int = 0
    free_bytes: int | None = None
    """None when the folder cannot be reached."""
    notes: tuple[str, ...] = ()
    """What the originals have and an export cannot keep, in plain English."""
    unfit: str = ""
    """Name of the one that cannot be made."""
    reason: str = ""
    """Why, in plain English."""
    trouble: Trouble | None = None
    """Why, where it is a trouble."""
    can_write: bool = True
    """Whether the folder, or the one in which it will be made, lets itself be written to."""
    needed_bytes: int = 0
    """So much room each of them asks for before it begins, taken together: more than it is likely to take."""


class Desk:
    """Belongs to the loop's thread; reads files in worker threads."""

    def __init__(self, films: Films, tree: Tree, handover: Handover, fit: Callable[[str], Awaitable[None]]) -> None:
        """`fit` has the joins of the film up to a take found: a continuation may have come only just now."""
        self._fit = fit
        self._films = films
        self._tree = tree
        self._handover = handover
        self._pieces = Pieces(handover, tree)
        self._contents = Contents(handover, self._pieces, tree)

    async def requests(self, wish: Wish, film_id: str, take_id: str, marked: Range) -> tuple[Request, ...]:
        """One request a file, first hop first. Raises KlingDesktopError, or ValueError whose text is the reason."""
        await asyncio.to_thread(_loaded)
        from kling_desktop.export.names import preview
        from kling_desktop.export.request import Request

        archives = wish.format_key == "archive"
        tip = self._tree.path(film_id).tip
        for each in dict.fromkeys((tip.take.id if tip else "", take_id)):
            await self._fit(each)
        pieces = self._whole(film_id) if archives else await self._cut(wish, film_id, take_id, marked)
        if not pieces:
            raise FileTrouble("nothing of this kind is here")
        pieces = await asyncio.to_thread(_measured, pieces, wish)
        values = [piece.values | {"format": wish.format_key} for piece in pieces]
        names = preview(wish.template, values, [ending(wish.format_key, piece.film) for piece in pieces])
        library = self._extract(film_id) if archives else {}
        return tuple(
            Request(piece.film, wish.format_key, wish.folder, name, wish.options, wish.sidecar, wish.poster, library)
            for piece, name in zip(pieces, names, strict=True)
        )

    async def check(self, requests: Sequence[Request]) -> Checked:
        """Whether they can be made, how large they become, what is lost."""
        return await asyncio.to_thread(_checked, requests)

    async def contents(
        self, wish: Wish, film_id: str, take_id: str, requests: Sequence[Request]
    ) -> tuple[HandedTake, ...]:
        """The takes that go out, also of a wish that was refused: then one of them may tell why."""
        try:
            along, others = self._contents.of(wish, film_id, take_id)
        except FileTrouble:  # of a film in disorder: the refusal has said so
            return ()
        return await asyncio.to_thread(handed, wish, along, others, requests)

    def _whole(self, film_id: str) -> tuple[Piece, ...]:
        pieces = self._pieces.of(What.FILM, film_id, "")
        return tuple(replace(piece, film=self._handover.whole(film_id)) for piece in pieces[:1])

    async def _cut(self, wish: Wish, film_id: str, take_id: str, marked: Range) -> tuple[Piece, ...]:
        pieces = self._pieces.of(wish.what, film_id, take_id, others=wish.others)
        if wish.what is not What.RANGE:
            return pieces
        end = _NO_END if marked.end is None else marked.end
        made = [asyncio.to_thread(cut, piece, marked.begin, end, of_clip=marked.of_clip) for piece in pieces]
        return tuple([await each for each in made])

    def _extract(self, film_id: str) -> dict[str, Any]:
        film = self._films.film(film_id)
        if film is None:
            raise FileTrouble("the film is gone")
        states = self._tree.states([node.take_id for node in self._tree.skeleton(film.id)])
        return extract(film, states, self._tree.joined_to(states), self._tree.noted_parts)


def ending(format_key: str, film: ExportFilm) -> str:
    """What the name of such an export ends in. An original may be any kind of file that the creator brought in."""
    from kling_desktop.export.formats import BY_KEY

    form = BY_KEY.get(format_key)
    if form is None:
        return _ENDINGS.get(format_key, "")
    own = film.parts[0].file.suffix.lower()
    return own if form.keeps_bytes and _FILE_ENDING.fullmatch(own) else form.suffix


def _loaded() -> None:
    """Have the formats and the media library here: in a worker thread, where nobody waits for it."""
    from kling_desktop.export import exporting  # noqa: F401 - loading it is the purpose


def _measured(pieces: Sequence[Piece], wish: Wish) -> tuple[Piece, ...]:
    return tuple(measured(piece, wish.format_key, wish.options) for piece in pieces)


def _checked(requests: Sequence[Request]) -> Checked:
    from kling_desktop.export.exporting import SPARE
    from kling_desktop.export.formats import BY_KEY
    from kling_desktop.export.formats.format import FILM_ENDINGS, plan_of
    from kling_desktop.export.outputs import WITH_OTHERS
    from kling_desktop.export.papers import carriers
    from kling_desktop.export.placing import LEAST_FREE
    from kling_desktop.export.remarks import (
        remarks,
        remarks_on_absent,
        remarks_on_media,
        remarks_on_poster,
        remarks_on_several,
    )

    checked = Checked(len(requests), sum(_is_taken(request.target) for request in requests))
    wanted, needed, notes, plans = 0, LEAST_FREE, dict[str, None](), []
    if requests and DRIVES.is_away(requests[0].folder):
        away = ExportAway(str(requests[0].folder))
        return replace(checked, unfit=requests[0].name.name, trouble=away.trouble)
    for request in requests:
        try:
            size, why = _size_or_reason(request)
            notes |= dict.fromkeys(_cuts(request) if not why else ())
            notes |= dict.fromkeys(carriers.lost(request.film) if request.format_key != "original" else ())
            if (form := BY_KEY.get(request.format_key)) is not None and form.bits_per_pixel:  # it is coded anew
                notes |= dict.fromkeys(remarks(request.film, sounds=form.suffix in FILM_ENDINGS))
                plans.append(plan_of(request.film))
            if form is not None and request.poster:
                notes |= dict.fromkeys(remarks_on_poster(request.film))
            if request.format_key == "timelines":
                notes |= dict.fromkeys(remarks_on_media(request.film))
            if request.format_key in WITH_OTHERS:
                notes |= dict.fromkeys(remarks_on_absent(request.film))
        except KlingDesktopError as error:
            return replace(checked, unfit=request.name.name, trouble=error.trouble)
        except OSError as error:
            return replace(checked, unfit=request.name.name, reason=error.strerror or str(error))
        if why:
            return replace(checked, unfit=request.name.name, reason=why)
        wanted += size
        needed += round(size * SPARE) if form is not None else size
    notes |= dict.fromkeys(remarks_on_several(plans))
    near = _nearest(requests[0].folder) if requests else None
    free = _free_bytes(near) if near is not None else None
    can_write = near is None or os.access(near, os.W_OK | os.X_OK)
    sizes = replace(checked, wanted_bytes=wanted, needed_bytes=needed)
    return replace(sizes, free_bytes=free, can_write=can_write, notes=tuple(notes))


def _size_or_reason(request: Request) -> tuple[int, str]:
    from kling_desktop.export.exporting import expected_bytes
    from kling_desktop.export.formats import BY_KEY
    from kling_desktop.export.formats.sources import without_absent
    from kling_desktop.export.original import size_of
    from kling_desktop.export.outputs import unfit

    form = BY_KEY.get(request.format_key)
    if form is None:
        if why := unfit(request):
            return 0, why
        parts = (each for part in without_absent(request.film).parts for each in (part, *part.alternates))
        return sum(size_of(file) for file in dict.fromkeys(each.file for each in parts)), ""
    if why := form.unfit(request.film, request.options):
        return 0, why
    return expected_bytes(request.film, form, request.options), ""


def _cuts(request: Request) -> tuple[str, ...]:
    """Where the cuts of a copy will fall, if not where they are wanted."""
    from kling_desktop.export.formats.stream_copy import StreamCopy, notes
    from kling_desktop.media.writing.stream_copy import copy_range

    if request.format_key != StreamCopy.key:
        return ()
    part = request.film.parts[0]
    return notes(request.film, copy_range(part.file, part.start, part.end))


def _is_taken(target: Path) -> bool:
    try:
        return target.exists()
    except OSError:  # a path that is too long, or a folder that may not be looked into
        return False


def _nearest(folder: Path) -> Path | None:
    """The folder, or the nearest above it that is there. None where it can never be made: it is no whole path, a file
    stands in its way, or the system takes no such path.
    """
    if not folder.is_absolute():  # it would lie wherever the program was started
        return None
    try:
        near = next((each for each in (folder, *folder.parents) if each.exists()), None)
        return near if near is not None and near.is_dir() else None
    except OSError:
        return None


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
