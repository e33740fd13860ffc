"""Looks at the end of a clip before it is extended: its last frame, and what the next part would inherit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kling_desktop.domain.analysis import Tail, TailWarning
from kling_desktop.media.analysis.meters import luma_of
from kling_desktop.media.analysis.motion import Motion
from kling_desktop.media.frames import Floats, FrameRange, Stopped, open_frames
from kling_desktop.media.stills import poster

_LAST = 24
"""Frames at the end that are decoded: whether it freezes is seen over about a second."""

_BLACK = 20.0
"""Luma (0..255) below which nearly all of a black frame lies."""

_FADED = 12.0
"""Standard deviation of luma under which next to nothing can be told apart."""

_BLURRED = 0.45
"""Part of the sharpness a second earlier, or at the clip's beginning, that a blurred frame has left."""

_FROZEN_FRAMES = 3


def examine(source: Path | str, still: Path, width: int = 1280, stopped: Stopped = lambda: False) -> Tail:
    """Write the last frame to `still` as a JPEG, at most `width` pixels wide, and say what is wrong with it.

    `source` may be an http address: then the file is read up to its index, and its last seconds. Raises what
    `stills.poster` and `frames.open_frames` do.
    """
    poster(source, still, width=width, last=True)
    with open_frames(source, stopped) as reader:
        frames = reader.clock.frames
        opening = reader.read(0, 1) if isinstance(source, Path) else None
        return Tail(still, warnings(reader.read(frames - _LAST, frames - 1), opening))


def warnings(last: FrameRange, opening: FrameRange | None = None) -> tuple[TailWarning, ...]:
    """What is wrong with the end of a run; softness is judged against the run's beginning and the clip's opening."""
    luma = luma_of(last.pictures)
    if float(np.percentile(luma[-1], 98)) < _BLACK:
        return (TailWarning.BLACK,)
    found = {
        TailWarning.BLURRED: _blurred(last, opening),
        TailWarning.FADED: float(luma[-1].std()) < _FADED,
        TailWarning.FROZEN: len(luma) > 4 and Motion(_equally_rich(luma), len(luma) - 1).frozen() >= _FROZEN_FRAMES,
    }
    return tuple(warning for warning, present in found.items() if present)


def _equally_rich(luma: Floats) -> Floats:
    """All pictures with the first one's contrast: what fades moves on, though in fewer levels."""
    spread = np.maximum(luma.std(axis=(1, 2)), 2)
    rich: Floats = luma * (spread[0] / spread)[:, None, None]
    return rich


def _blurred(last: FrameRange, opening: FrameRange | None) -> bool:
    reference = [float(run.sharpness[0]) for run in (last, opening) if run is not None]
    return float(last.sharpness[-1]) < _BLURRED * max(reference)
