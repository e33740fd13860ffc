"""Tells export what a film is: its parts with their files, seams, words and other takes, and what its names say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.clips import Clip, video_id_of
from kling_desktop.domain.takes import ColourMap, Part, TakeState, Way
from kling_desktop.errors import FileTrouble
from kling_desktop.export.film import ExportFilm, ExportPart, ExportSeam
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.tree import Tree

_FINEST = 1_000_000
"""Time scales of video files are coarser: a frame's time in floating point gives back its own fraction."""


class Handover:
    """Reads the library only; belongs to the loop's thread."""

    def __init__(
        self,
        films: Films,
        tree: Tree,
        clip: Callable[[str], Clip | None],
        seams: Callable[[str], tuple[Seam, ...]],
        newest_seam: Callable[[Clip | None], Seam | None],
        seam_words: Callable[[Seam], str],
        seam_title: Callable[[int, Seam | None], str],
    ) -> None:
        """`seams` gives those of a clip as they were found: of a continued take they are counted in its whole film.
        `newest_seam` gives the last of them alone: a film of many joined takes would be read many times over.
        `seam_words` says of one what the window says, `seam_title` in short what it calls the one of that number; None
        where it was not found yet.
        """
        self._films = films
        self._tree = tree
        self._clip = clip
        self._seams = seams
        self._newest_seam = newest_seam
        self._seam_words = seam_words
        self._seam_title = seam_title

    def film(self, film_id: str) -> ExportFilm:
        """A film along its picked path. Raises FileTrouble when it has nothing yet, or a file of it is not here."""
        tip = self._tree.path(film_id).tip
        if tip is None:
            raise FileTrouble("nothing of this film is made yet")
        return self.take(tip.take.id)

    def take(self, take_id: str) -> ExportFilm:
        """The film up to and including a take, picked or not. Raises FileTrouble as above."""
        chain = self._tree.path_to(take_id).takes
        parts = self._tree.parts(take_id)
        if not chain or not parts:
            raise FileTrouble("a clip of this film is missing")
        film = self._films.film(chain[-1].take.film_id)
        places = [_place_of(part, chain) for part in parts]
        firsts = [_first_of(chain, place, before) for place, before in zip(places, [-1, *places], strict=False)]
        made = (
            self._part(part, chain[first : place + 1]) for part, first, place in zip(parts, firsts, places, strict=True)
        )
        return ExportFilm(film.name if film else "", tuple(made))

    def whole(self, film_id: str) -> ExportFilm:
        """For an archive: the film with every other clip of its tree that is here as another take of its last part.

        Of what it was split off from only what it is joined to comes along, and not what stands beside that.
        """
        film = self.film(film_id)
        nodes = self._tree.skeleton(film_id)
        states = [*self._tree.path(film_id).before, *self._tree.states([node.take_id for node in nodes])]
        own = {video_id_of(state.clip.id) for state in states if state.clip is not None}
        parts = [
            replace(part, alternates=tuple(each for each in part.alternates if each.clip_id in own))
            for part in film.parts
        ]
        known = {part.clip_id for top in parts for part in (top, *top.alternates)}
        others = [
            _alternate(state, Fraction(0), None)
            for state in states
            if state.clip is not None and state.clip.file is not None and video_id_of(state.clip.id) not in known
        ]
        last = parts[-1]
        return replace(film, parts=(*parts[:-1], replace(last, alternates=(*last.alternates, *others))))

    def holders(self, take_id: str) -> tuple[tuple[TakeState, Path | None], ...]:
        """The takes of the film up to this one, and the file that shows each, None where it is not here: an extended
        take stands in the file of the newest extension.
        """
        chain = self._tree.path_to(take_id).takes
        places = [-1, *(_place_of(part, chain) for part in self._tree.parts(take_id))]
        found: list[tuple[TakeState, Path | None]] = []
        for place in places[1:]:
            clip = self._clip(chain[place].take.clip_id)
            found += [(state, clip.file if clip is not None else None) for state in chain[len(found) : place + 1]]
        return tuple(found)

    # --- one part ------------------------------------------------------------------------------------------------

    def _part(self, part: Part, hops: Sequence[TakeState]) -> ExportPart:
        """`hops` are the takes that its clip holds, the first one's root or continuation first."""
        base, newest = hops[0], hops[-1]
        clip = self._clip(part.clip_id)
        if clip is None or clip.file is None:
            raise FileTrouble(f"the file of clip {video_id_of(part.clip_id)} is not here")
        task = base.task or newest.task
        return ExportPart(
            clip.file,
            part.start,
            part.end,
            part.colour,
            video_id_of(part.clip_id),
            base.words,
            task.extension.negative_prompt if task else "",
            tuple(hop.task.kling_id for hop in hops if hop.task and hop.task.kling_id),
            self._seams_of(part, hops),
            self._alternates(part, hops),
            _form(newest),
        )

    def _seams_of(self, part: Part, hops: Sequence[TakeState]) -> tuple[ExportSeam, ...]:
        base, newest = hops[0], hops[-1]
        found: list[ExportSeam] = []
        if base.take.way is Way.CONTINUE:
            found.append(self._told(part.start, self._newest_seam(base.clip), base))
        if len(hops) > 1 or newest.take.way is Way.EXTEND:
            found += self._inner(hops)
        return tuple(each for each in found if part.start <= each.at and (part.end is None or each.at < part.end))

    def _inner(self, hops: Sequence[TakeState]) -> Iterable[ExportSeam]:
        """Where the extensions begin within the newest one's file: as found, else as Kling states the lengths."""
        asked = [hop for hop in hops if hop.take.way is Way.EXTEND]
        found = self._seams(hops[-1].take.clip_id)[-len(asked) :]
        if len(found) == len(asked):
            return [self._told(_exact(seam), seam, hop) for hop, seam in zip(asked, found, strict=True)]
        return [
            self._told(Fraction(hop.clip.parent_seconds), None, hop)
            for hop in asked
            if hop.clip is not None and hop.clip.parent_seconds is not None
        ]

    def _told(self, at: Fraction, seam: Seam | None, hop: TakeState) -> ExportSeam:
        title = self._seam_title(hop.take.hop, seam)
        if seam is None:
            return ExportSeam(at, prompt=hop.words, title=title)
        return ExportSeam(at, _key(seam), self._seam_words(seam), hop.words or seam.prompt, title)

    def _alternates(self, part: Part, hops: Sequence[TakeState]) -> tuple[ExportPart, ...]:
        """Other takes of the hops that it holds. One that was extended holds its parent, so it begins as the part."""
        others: list[ExportPart] = []
        for hop in (each for each in hops if each.siblings > 1):
            for other in self._tree.siblings(hop.take.id):
                is_here = other.is_finished and other.clip is not None and other.clip.file is not None
                if other.take.id != hop.take.id and is_here:
                    own = self._tree.parts(other.take.id)
                    like = own[-1] if own and other.take.way is Way.CONTINUE else part
                    others.append(_alternate(other, like.start, like.colour))
        return tuple(others)


def naming(state: TakeState, film: str) -> dict[str, str | int]:
    """What the tokens of a name stand for, of one take; those that only the finished file tells are left out."""
    task, clip = state.task, state.clip
    seconds = float(clip.seconds) if clip is not None and clip.seconds is not None else None
    made = state.take.made_at.astimezone()
    values: dict[str, str | int] = {
        "project": film,
        "date": f"{made:%Y-%m-%d}",
        "time": f"{made:%H-%M-%S}",
        "title": state.words.strip() or film,
        "hop": state.take.hop,
        "take": state.number,
        "len": "" if seconds is None else f"{seconds:.0f}",
        "prompt": state.words,
        "video_id": video_id_of(state.take.clip_id),
        "task_id": task.kling_id if task else "",
        "parent": task.extension.video_id if task else "",
        "rating": state.stars,
        "model": (clip.model if clip else "") or _model(state),
        "hash8": state.take.id.removeprefix("clip:").removeprefix("file:")[-8:],
    }
    return values


def _place_of(part: Part, chain: Sequence[TakeState]) -> int:
    """The newest take of the chain whose clip the part shows."""
    places = [place for place, state in enumerate(chain) if state.take.clip_id == part.clip_id]
    if not places:
        raise FileTrouble(f"nobody knows what made clip {video_id_of(part.clip_id)}")
    return places[-1]


def _first_of(chain: Sequence[TakeState], place: int, before: int) -> int:
    """The take with which the clip at `place` begins: its root or continuation, behind what the part before shows."""
    first = place
    while first - 1 > before and chain[first].take.way is Way.EXTEND:
        first -= 1
    return first


def _alternate(state: TakeState, start: Fraction, colour: ColourMap | None) -> ExportPart:
    clip, task = state.clip, state.task
    if clip is None or clip.file is None:
        raise FileTrouble(f"the file of take {state.take.id} is not here")
    return ExportPart(
        clip.file,
        start,
        colour=colour,
        clip_id=video_id_of(clip.id),
        prompt=state.words,
        negative_prompt=task.extension.negative_prompt if task else "",
        task_ids=(task.kling_id,) if task and task.kling_id else (),
        form=_form(state),
    )


def _key(seam: Seam) -> str:
    """The verdict as scripts and the colours of markers know it, whatever the language."""
    if seam.told is None:
        return ""
    return "doubtful" if seam.doubtful else seam.told.value


def _exact(seam: Seam) -> Fraction:
    return Fraction(seam.seconds).limit_denominator(_FINEST)


def _model(state: TakeState) -> str:
    generation = state.task.extension.generation if state.task else None
    return generation.model if generation else ""


def _form(state: TakeState) -> tuple[tuple[str, str], ...]:
    """What the form said beside the words. No address and no name of an account is among it."""
    said = [("way", state.take.way.value)]
    if state.task is not None:
        wish = state.task.extension
        said += [("guidance", str(wish.guidance))] if wish.guidance is not None else []
        said += [("watermark", "yes" if wish.watermark else "no")] if wish.watermark is not None else []
        if (generation := wish.generation) is not None:
            said += [("model", generation.model), ("mode", generation.mode), ("seconds", str(generation.seconds))]
            said += [("sound", "yes")] if generation.sound else []
            said += [("aspect_ratio", generation.aspect_ratio)] if generation.aspect_ratio else []
            said += [("parent_end", str(generation.parent_end))] if generation.parent_end is not None else []
    return tuple(said)
