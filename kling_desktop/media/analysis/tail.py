"""Looks at the end of a clip before it is extended: its last frame, and what the next part would inherit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kling_desktop.domain.analysis import Tail, TailWarning
from kling_desktop.media.analysis.events import cuts, steady
from kling_desktop.media.analysis.meters import block_light, blocks, luma_of
from kling_desktop.media.analysis.motion import most_changed
from kling_desktop.media.analysis.steps import longest_row, spread
from kling_desktop.media.fine_detail import detail, detail_by_tiles
from kling_desktop.media.frames import Floats, FrameRange, Stopped, open_frames
from kling_desktop.media.stills import poster

_LAST = 28
"""Frames at the end that are decoded: whether it freezes is seen over about a second."""

_BLACK = 8.0
"""Luma (0..255) below which nearly all of a black frame lies."""

_DARK = 20.0
"""Luma below which nearly all of a frame lies that has faded to next to black, or not quite."""

_FADED = 0.35
"""Part of the contrast of a second earlier that a faded frame has left at most."""

_FADE, _FADE_STEPS = -0.15, 8
"""Change of contrast (a logarithm) within so many steps that is a fade under way."""

_FLAT = 4.0
"""Standard deviation of luma under which next to nothing can be told apart, whatever it was before."""

_BLURRED = 0.87
"""Part of the sharpness of a second earlier that a blurred frame has left at most."""

_UNSTEADY = 3.0
"""Usual deviations of the sharpness in that second that a blurred frame must be away from it, besides."""

_BLURRED_IF_STEADY, _FAR_OFF = 0.92, 8.0
"""The same where sharpness hardly varies: a smaller part lost is blur, when it is far off what is usual."""

_DETAIL_LOST, _DETAIL_FAR_OFF = -0.3, 8.0
"""A logarithm, and usual deviations, by which the detail of the reduced picture falls when the last frame is blurred:
where edges were soft before, their steepness does not tell.
"""

_EARLIER = 10
"""Frames at the beginning of the last second that say what the clip was like."""

_STILL, _STILL_PART, _STILL_BLOCK = 0.06, 0.08, 1.5
"""Levels, part of the usual change, and levels of the block that changes most, by which a repeated frame may differ."""

_REFRESH = 4.5
"""Levels by which no block of a repeated frame changes when it is coded anew, as a key frame."""

_REFRESH_PART = 2.5
"""Times the usual change that such a picture may differ as a whole: where little moves, a key frame is most of it."""

_FROZEN_STEPS = 2
"""Repeated frames from which on the end is frozen: three pictures alike."""


def examine(source: Path | str, still: Path, width: int = 1280, stopped: Stopped = lambda: False) -> Tail:
    """Write the last frame to `still` as a JPEG, at most `width` pixels wide, and say what is wrong with it.

    `source` may be an http address: then the file is read up to its index, and its last seconds. Raises what
    `stills.poster` and `frames.open_frames` do.
    """
    poster(source, still, width=width, last=True)
    with open_frames(source, stopped) as reader:
        frames = reader.clock.frames
        return Tail(still, warnings(reader.read(frames - _LAST, frames - 1)))


def warnings(last: FrameRange) -> tuple[TailWarning, ...]:
    """What is wrong with the end of a range of frames, against its beginning, or that of the shot it ends with."""
    light = block_light(blocks(last.pictures))
    shot = max(cuts(light), default=0)
    luma = luma_of(last.pictures[shot:])
    bright = float(np.percentile(luma[-1], 98))
    if bright < _BLACK:
        return (TailWarning.BLACK,)
    faded = _faded(luma)
    blurred = _blurred(last.sharpness[shot:]) or _loses_detail(_equally_rich(luma) if _fades(light) else luma)
    found = {
        TailWarning.BLURRED: not faded and blurred,
        TailWarning.BLACK: bright < _DARK and not faded,
        TailWarning.FADED: faded,
        TailWarning.FROZEN: frozen_steps(_equally_rich(luma)) >= _FROZEN_STEPS,
    }
    return tuple(warning for warning, present in found.items() if present)


def _equally_rich(luma: Floats) -> Floats:
    """All pictures with the first one's contrast: what fades moves on, though in fewer levels."""
    spreads = np.maximum(luma.std(axis=(1, 2)), 2)
    rich: Floats = luma * (spreads[0] / spreads)[:, None, None]
    return rich


def _faded(luma: Floats) -> bool:
    contrast = luma.std(axis=(1, 2))
    return float(contrast[-1]) < max(_FLAT, _FADED * float(np.median(contrast[:_EARLIER])))


def _fades(light: Floats) -> bool:
    """Whether contrast goes steadily at the end, that of whole blocks too, which blur leaves alone."""
    steps = np.diff(np.log(np.maximum(light.std(axis=1), 1)))[-_FADE_STEPS:]
    return float(steps.sum()) < _FADE and steady(steps)


def _blurred(sharpness: Floats) -> bool:
    steep = np.log(sharpness + 1e-6)
    earlier = steep[:_EARLIER]
    usual, change = spread(earlier), float(steep[-1] - np.median(earlier))
    rules = ((_BLURRED, _UNSTEADY), (_BLURRED_IF_STEADY, _FAR_OFF))
    return any(change < min(float(np.log(part)), -times * usual) for part, times in rules)


def _loses_detail(luma: Floats) -> bool:
    seen = detail(luma)
    usual = spread(seen[:_EARLIER])
    if _detail_change(seen) >= min(_DETAIL_LOST, -_DETAIL_FAR_OFF * usual):
        return False
    return bool(np.median([_detail_change(tile) for tile in detail_by_tiles(luma)]) < _DETAIL_LOST / 2)


def _detail_change(seen: NDArray[np.float64]) -> float:
    return float(seen[-1] - np.median(seen[:_EARLIER]))


def frozen_steps(luma: Floats) -> int:
    """How many of the last steps repeat the picture; one of them may be a picture coded anew. 0 where all stands still,
    and where rows as long occur before: animation on threes.

    A speaker who pauses still moves somewhere: then no step is a repetition, nor does a block stay as it was.
    """
    change = np.abs(np.diff(luma, axis=0))
    steps = change.mean(axis=(1, 2))
    lively = float(np.percentile(steps, 90)) if len(steps) else 0.0
    if lively < 4 * _STILL:
        return 0
    most = most_changed(change)
    still = (steps < max(_STILL, _STILL_PART * lively)) & (most < _STILL_BLOCK)
    count = refreshed = 0
    for at in range(len(steps) - 1, -1, -1):
        if not still[at]:
            if refreshed or most[at] > _REFRESH or steps[at] > _REFRESH_PART * lively:
                break
            refreshed = 1
        count += 1
    if int(still[len(steps) - count :].sum()) <= refreshed or count <= longest_row(still[: len(steps) - count]):
        return 0
    return count
