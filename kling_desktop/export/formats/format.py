"""What every format is and takes: an order to write a film, and the answer how it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Protocol

from kling_desktop.errors import ExportDiffers, NotAVideo, Truncated
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.options import Options
from kling_desktop.media.film.conform import shape_and_transfer
from kling_desktop.media.film.plan import FilmPart, FilmPlan, film_plan
from kling_desktop.media.writing.framing import Framing, framing
from kling_desktop.media.writing.read_back import ReadBack
from kling_desktop.media.writing.thumbs import Ends, distance

FILM_ENDINGS: Final = (".mp4", ".mov")
"""Of files that hold sound and tags; the others are pictures, moving or not."""


@dataclass(frozen=True, slots=True)
class Order:
    """One film to be written in one format."""

    film: ExportFilm
    target: Path
    """The hidden file (or folder) that is written; whoever orders checks, renames and removes it."""
    options: Options = field(default_factory=Options)
    tags: Mapping[str, str] = field(default_factory=dict)
    """For the file, where its format can hold any."""
    progress: Callable[[int, int], object] = lambda *_: None
    """Told how many frames are done, and of how many; in the thread that writes."""
    stopped: Callable[[], bool] = lambda: False

    @property
    def plan(self) -> FilmPlan:
        """Which frames of which files are shown; quick after the first time. Raises what `film_plan` does."""
        return plan_of(self.film)

    def framing(self, plan: FilmPlan, most: int | None = None) -> Framing:
        """The size of what is written; `most` bounds the longer side as well."""
        longest = min((side for side in (self.options.longest, most) if side), default=None)
        return framing(plan.shape.width, plan.shape.height, self.options.aspect, longest, self.options.crop)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, as it was read back."""

    frames: int
    seconds: Fraction
    notes: tuple[str, ...] = ()
    """What the creator should know, in plain English: such as where a cut really fell."""


class Format(Protocol):
    """A way to hand a film out."""

    @property
    def key(self) -> str:
        """Stands in settings and presets; never changes."""
        ...

    @property
    def title(self) -> str: ...

    @property
    def suffix(self) -> str:
        """Of its files, with the dot; empty for a folder."""
        ...

    @property
    def keeps_bytes(self) -> bool:
        """Whether the file is the original, byte for byte: then nothing is written into it."""
        ...

    @property
    def bits_per_pixel(self) -> float:
        """About how large it becomes, for the check of the disk; 0 where the source's size tells."""
        ...

    def size(self, order: Order) -> tuple[int, int]:
        """Width and height in pixels of what is written. Raises what `film_plan` does."""
        ...

    def unfit(self, film: ExportFilm, options: Options) -> str:
        """Why this film cannot be written so, in plain English; empty when it can."""
        ...

    def write(self, order: Order) -> Written:
        """Write, read back, and compare. For a thread. Raises Abandoned, ExportDiffers, NotAVideo and its family,
        HdrVideo, OSError and FFmpegError of writing.
        """
        ...


def plan_of(film: ExportFilm) -> FilmPlan:
    """Raises what `film_plan` does."""
    return film_plan(_parts(film))


def plan_as_it_is(film: ExportFilm) -> FilmPlan:
    """Of files that are handed on unchanged: they may be HDR. Raises what else `film_plan` does."""
    return film_plan(_parts(film), shape_and_transfer(film.parts[0].file)[0])


def _parts(film: ExportFilm) -> list[FilmPart]:
    return [FilmPart(part.file, part.start, part.end, part.colour) for part in film.parts]


@contextmanager
def reading_back() -> Iterator[None]:
    """What was written and cannot be read is a fault of the export, not of a source."""
    try:
        yield
    except (NotAVideo, Truncated) as error:
        raise ExportDiffers(f"it cannot be read back ({error.message})") from error


def compare(found: ReadBack, ends: Ends, frames: int, seconds: Fraction, slack: Fraction, levels: float) -> None:
    """Raises ExportDiffers unless the file holds that many frames, lasts so long, and begins and ends so."""
    if found.frames != frames:
        raise ExportDiffers(f"{found.frames} of {frames} frames were written")
    if abs(found.seconds - seconds) > slack:
        raise ExportDiffers(f"it lasts {float(found.seconds):.3f} s instead of {float(seconds):.3f} s")
    for name, meant, read in (("first", ends.first, found.first), ("last", ends.last, found.last)):
        if read is not None and (off := distance(meant, read)) > levels:
            raise ExportDiffers(f"its {name} frame is another than the film's (by {off:.0f} levels)")


def is_another(found: ReadBack, ends: Ends, levels: float) -> bool:
    """Whether the file begins or ends otherwise than was meant."""
    pairs = ((ends.first, found.first), (ends.last, found.last))
    return any(read is not None and distance(meant, read) > levels for meant, read in pairs)
