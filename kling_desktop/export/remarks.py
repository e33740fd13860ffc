"""What is said of a film before it is written: what its clips do not have in common, and what becomes of that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import plan_of
from kling_desktop.export.formats.sources import is_readable, without_absent
from kling_desktop.media.decoded.tone import is_hdr
from kling_desktop.media.film.conform import film_shape, shape_and_transfer
from kling_desktop.media.film.plan import FilmPlan
from kling_desktop.media.frame_times import FrameTimes
from kling_desktop.media.probe import probe

RATES = "Not all clips have the film's rate: their pictures are fitted to it."
SIZES = "Not all clips have the film's size: they are fitted into it."
UNEVEN = "The pictures of a clip come unevenly; they are written at an even rate."
SILENT = "Not all clips have sound: where there is none it is silent."
NO_SOUND = "This format holds no sound: that of the film is left out."
MIXED_DOWN = "The sound of a clip has more than two channels: it is mixed down to stereo."
COARSER = "The shades of a clip are finer than what is written, which has 8 bits."
COMBED = "A clip is interlaced: where its two fields make a comb, one of them is kept."
HDR = "A clip is HDR: its file is handed on as it is. Manage its colours in your editor."
NO_POSTER = "A clip is HDR: no poster is made of it, whose colours would be wrong."
ABSENT = "Other takes whose files are not there are left out."
OWN_SHAPES = "The files are not all of one rate and size: each keeps its own."


def remarks(film: ExportFilm, *, sounds: bool = True) -> tuple[str, ...]:
    """Of a film that is coded anew, in plain English; `sounds`: whether what is written can hold sound.

    Reads its files: for a thread. Raises what `film_plan` does.
    """
    plan = plan_of(film)
    shapes = [film_shape(part.part.file) for part in plan.parts]
    reels = [probe(part.part.file) for part in plan.parts]
    said = [
        (RATES, any(shape.fps != plan.shape.fps for shape in shapes)),
        (SIZES, len({(shape.width, shape.height) for shape in shapes}) > 1),
        (UNEVEN, any(_is_uneven(part.times) for part in plan.parts)),
        (NO_SOUND, not sounds and any(reel.has_audio for reel in reels)),
        (SILENT, sounds and len({reel.has_audio for reel in reels}) > 1),
        (MIXED_DOWN, sounds and any(reel.channels > 2 for reel in reels)),
        (COARSER, any(reel.bits > 8 for reel in reels)),
        (COMBED, any(reel.interlaced for reel in reels)),
    ]
    return tuple(words for words, is_so in said if is_so)


def remarks_on_absent(film: ExportFilm) -> tuple[str, ...]:
    """Of what goes out with the film's other takes: an archive, a folder of timelines."""
    return () if without_absent(film) == film else (ABSENT,)


def remarks_on_media(film: ExportFilm) -> tuple[str, ...]:
    """Of files that an editor takes as they are, other takes among them. Raises NotAVideo and its family of a file of
    the film's own.
    """
    others = (other for part in film.parts for other in part.alternates if is_readable(other.file))
    files = dict.fromkeys(part.file for part in (*film.parts, *others))
    return (HDR,) if any(is_hdr(shape_and_transfer(file)[1]) for file in files) else ()


def remarks_on_poster(film: ExportFilm) -> tuple[str, ...]:
    """Of the picture that is to lie beside a file which goes out as it is. Raises NotAVideo and its family."""
    return (NO_POSTER,) if is_hdr(shape_and_transfer(film.parts[0].file)[1]) else ()


def remarks_on_several(plans: Sequence[FilmPlan]) -> tuple[str, ...]:
    """Of several files that are written at once, such as the hops of a film."""
    return (OWN_SHAPES,) if len({plan.shape for plan in plans}) > 1 else ()


def _is_uneven(times: FrameTimes) -> bool:
    """Whether some picture stands half as long again as is usual: no clock is as coarse."""
    usual = times.step
    return any(abs(later - due - usual) > usual / 2 for due, later in pairwise(times.seconds))
