"""What can be exported of a film, as the files that it becomes: each a film of its own, with what its name may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from kling_desktop.domain.clips import video_id_of
from kling_desktop.domain.takes import TakeState
from kling_desktop.domain.tasks import Pick
from kling_desktop.errors import KlingDesktopError
from kling_desktop.export.film import ExportFilm, ExportPart, hops, stretch, tail
from kling_desktop.export.options import Options
from kling_desktop.studio.films.handing_over.handover import Handover, naming
from kling_desktop.studio.films.tree import Tree


class What(StrEnum):
    """What is to be exported."""

    FILM = "film"
    TAKE = "take"
    """The film up to and including the current take."""
    STRETCH = "stretch"
    """What the current take added."""
    HOPS = "hops"
    """Each hop of the film as a file."""
    RANGE = "range"
    """Of what plays now, between In and Out."""
    PICKED = "picked"
    """The clips of the takes that the creator picked, as Kling made them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to be."""

    film: ExportFilm
    values: dict[str, str | int]
    """What the tokens of its name stand for; `counter` among them."""


class Pieces:
    """Reads the library only. Its calls raise FileTrouble when a file of the film is not here."""

    def __init__(self, handover: Handover, tree: Tree) -> None:
        self._handover = handover
        self._tree = tree

    def of(self, what: What, film_id: str, take_id: str, *, others: bool = False) -> tuple[Piece, ...]:
        """First hop first. `others` adds other takes, as clips. A range is a whole take until it is `cut`."""
        shown = self._tree.path(film_id)
        path = shown.before + shown.takes
        chosen = self._tree.take(take_id) or (path[-1] if path else None)
        if what is What.FILM:
            found = [(self._handover.film(film_id), path[-1])]
        elif chosen is None:
            found = []
        elif what is What.HOPS:
            found = list(zip(hops(self._handover.film(film_id)), path, strict=False))
        elif what is What.PICKED:
            found = [(self._clip_of(state), state) for state in self.picked(film_id)]
        else:
            whole = self._handover.take(chosen.take.id)
            found = [(tail(whole) if what is What.STRETCH else whole, chosen)]
        if others:
            along = path if what in (What.FILM, What.HOPS) else (chosen,) if chosen else ()
            found += [(self._clip_of(state), state) for state in self._others(along)]
        named = self._named(film_id, found)
        if what is What.HOPS:  # counted in what is exported: a film that was split off begins with another one's hops
            counted = [
                replace(piece, values=piece.values | {"hop": hop}) for hop, piece in enumerate(named[: len(path)])
            ]
            return (*counted, *named[len(path) :])
        return named

    def _named(self, film_id: str, found: Sequence[tuple[ExportFilm, TakeState]]) -> tuple[Piece, ...]:
        name = found[0][0].name if found else film_id
        return tuple(Piece(film, naming(state, name) | {"counter": n}) for n, (film, state) in enumerate(found, 1))

    def picked(self, film_id: str) -> list[TakeState]:
        """The takes that the creator picked and whose clips are here."""
        nodes = self._tree.skeleton(film_id)
        states = self._tree.states([node.take_id for node in nodes])
        return [each for each in states if _is_here(each) and (_is_favoured(each) or each.is_picked)]

    def _others(self, along: Sequence[TakeState]) -> list[TakeState]:
        """Finished takes that stand beside these."""
        beside = (other for state in along for other in self._tree.siblings(state.take.id))
        known = {state.take.id for state in along}
        return [each for each in beside if each.take.id not in known and each.is_finished and _is_here(each)]

    def _clip_of(self, state: TakeState) -> ExportFilm:
        """The clip of a take as it was delivered: its whole file, whatever of it the film shows."""
        whole = self._handover.take(state.take.id)
        last = whole.parts[-1]
        bare = ExportPart(
            last.file, Fraction(0), None, None, video_id_of(state.take.clip_id), state.words, last.negative_prompt,
            last.task_ids, form=last.form,
        )  # fmt: skip
        return ExportFilm(whole.name, (bare,))


def cut(piece: Piece, begin: Fraction, end: Fraction, *, of_clip: bool = False) -> Piece:
    """What it shows between two times of it, in seconds; `of_clip`: they are counted in the file of its newest clip
    alone. Laid out in the film's frames, so that a cut is where it was seen. Reads its files: for a thread.

    Raises ValueError when that is nothing, and what reading a film raises.
    """
    from kling_desktop.export.formats.format import plan_of  # loads the media library: not at the start

    plan = plan_of(piece.film)
    fps, last = plan.shape.fps, plan.parts[-1]
    behind = last.first / fps - last.part.start if of_clip else Fraction(0)
    lengths = tuple(len(part.shown) / fps for part in plan.parts)
    return replace(piece, film=stretch(piece.film, lengths, begin + behind, end + behind))


def measured(piece: Piece, format_key: str, options: Options) -> Piece:
    """Has its name tell how long the file becomes, in whole seconds, and its size in pixels, where it is a video. Of a
    piece that cannot be read the name tells what is known of its newest take: why it cannot, the check will say. Reads
    its files: for a thread.
    """
    from kling_desktop.export.formats import BY_KEY
    from kling_desktop.export.formats.format import Order

    order = Order(piece.film, piece.film.parts[0].file, options)
    try:
        values: dict[str, str | int] = {"len": f"{float(order.plan.seconds):.0f}"}
        if (form := BY_KEY.get(format_key)) is not None:
            values["width"], values["height"] = form.size(order)
    except (KlingDesktopError, OSError):
        return piece
    return replace(piece, values=piece.values | values)


def _is_here(state: TakeState) -> bool:
    return state.clip is not None and state.clip.file is not None


def _is_favoured(state: TakeState) -> bool:
    return state.task is not None and state.task.pick is Pick.PICKED
