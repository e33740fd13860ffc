"""The pictures that new clips begin with: frames of the film before them, kept, as a second try sends the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.analysis import LastFrame
from kling_desktop.domain.tasks import Generation
from kling_desktop.studio.files.folder import make_folder
from kling_desktop.studio.films.joining.stretches import Stretch, key_of


class SeedFrames:
    """Takes them in worker threads. The libraries are loaded there: they would slow the start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def taken(self, stretches: Sequence[Stretch], generation: Generation) -> Generation:
        """The same with the picture that it begins with behind these stretches, on our disk."""
        last = stretches[-1]
        before = last.part.end if generation.parent_end is None else generation.parent_end
        name = key_of((*(stretch.part for stretch in stretches[:-1]), replace(last.part, end=before)))
        target = self.folder / name
        kept = next((file for suffix in (".png", ".jpg") if (file := target.with_suffix(suffix)).exists()), None)
        picture = kept or await asyncio.to_thread(_take_seed, stretches, target, before)
        return replace(generation, first_frame=picture)

    async def offered(self, stretches: Sequence[Stretch]) -> tuple[LastFrame, ...]:
        """The last frames of the last stretch as the film shows them, the very last one first."""
        return await asyncio.to_thread(_last_frames, stretches, self.folder / "offered")


def _take_seed(stretches: Sequence[Stretch], target: Path, before: Fraction | None) -> Path:
    from kling_desktop.media.film.conform import film_shape
    from kling_desktop.media.film.seed_frame import take_seed

    make_folder(target.parent)
    last = stretches[-1]
    shape = film_shape(stretches[0].file)
    return take_seed(last.file, target, shape, colour=last.part.colour, before=before).file


def _last_frames(stretches: Sequence[Stretch], folder: Path) -> tuple[LastFrame, ...]:
    from kling_desktop.media.film.conform import film_shape
    from kling_desktop.media.film.seed_frame import candidates
    from kling_desktop.media.frame_times import frame_times

    make_folder(folder)
    last, shape = stretches[-1], film_shape(stretches[0].file)
    times = frame_times(last.file)
    return tuple(
        LastFrame(
            one.still,
            times.time_of(one.frame + 1) if one.cut_frames else None,
            one.cut_frames,
            one.sharpness,
            one.exposure,
            one.best,
        )
        for one in candidates(last.file, last.part.end, folder, shape, last.part.colour)
    )
