"""The source clips that a fresh sandbox account already has: varied shapes, ages and models, each with its scene."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kling_desktop.sandbox.ids import VIDEO_LAG_MS, Mint, seed_of
from kling_desktop.sandbox.records import FAILED, IMAGE, SEED_CLIP, SUCCEED, TEXT, Film, Job, Segment
from kling_desktop.sandbox.rules.codes import RISK_MESSAGE
from kling_desktop.sandbox.rules.prices import generation_units
from kling_desktop.sandbox.world.shapes import base_frames, frame_rate, frame_size

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_MADE_IN_MS = 187_000
"""How long a source took: measured ones lie between 145 and 250 s."""


@dataclass(frozen=True, slots=True)
class Source:
    """One clip of the library."""

    tag: str
    """Its external_task_id."""
    prompt: str
    age_ms: int
    model: str = "kling-v1-6"
    mode: str = "std"
    aspect: str = "16:9"
    seconds: int = 5
    kind: str = TEXT
    own: bool = True
    """False: it belongs to the other account."""
    failed: bool = False


SOURCES = (
    Source("dawn-lake", "Dawn over a still lake, paper lanterns rise one by one", 2 * _HOUR_MS),
    Source("night-harbour", "Moonlit harbour, a small boat drifts home", 26 * _HOUR_MS, mode="pro", seconds=10),
    Source("tall-valley", "Birds cross a tall misty valley at first light", 3 * _DAY_MS, aspect="9:16"),
    Source("square-meadow", "Fireflies above a dusky meadow", 5 * _DAY_MS, model="kling-v1", aspect="1:1"),
    Source(
        "balloon-morning",
        "A striped balloon floats over golden hills",
        9 * _DAY_MS,
        model="kling-v1-5",
        mode="pro",
        seconds=10,
        kind=IMAGE,
    ),
    Source("snow-evening", "Slow snow on blue hills", 12 * _DAY_MS, model="kling-v1", mode="pro", seconds=10),
    Source("tall-lanterns", "Lanterns over a narrow bay", 16 * _DAY_MS, aspect="9:16", kind=IMAGE),
    Source("square-tide", "Evening tide, petals on the wind", 20 * _DAY_MS, aspect="1:1", mode="pro"),
    Source("refused-by-risk-control", "A scene that was not to be", 21 * _DAY_MS, failed=True),
    Source("almost-gone", "Last light behind far mountains", 29 * _DAY_MS),
    Source("gone", "A summer that nobody saved", 41 * _DAY_MS),
    Source("three-minutes", "Clouds over the bay, there and back again", 6 * _DAY_MS, seconds=172),
    Source("newer-model", "Silver morning, a boat and two birds", 4 * _DAY_MS, model="kling-v2-6", mode="pro"),
    Source("of-somebody-else", "A lake in another account", 3 * _DAY_MS, own=False),
)


def seed_clips(size: str, own: str, other: str, now_ms: int, mint: Mint) -> Iterator[Job]:
    """The finished tasks of the library, oldest first, so that ids grow with time."""
    for source in sorted(SOURCES, key=lambda source: -source.age_ms):
        yield _job(source, size, own if source.own else other, now_ms, mint)


def _job(source: Source, size: str, account: str, now_ms: int, mint: Mint) -> Job:
    width, height = frame_size(size, source.model, source.mode, source.aspect)
    fps = frame_rate(source.kind, source.model)
    looped = source.seconds > 10
    frames = source.seconds * fps if looped else base_frames(source.seconds, fps)
    created = now_ms - source.age_ms
    return Job(
        id=mint.at(created),
        kind=source.kind,
        account=account,
        video_id=mint.at(created + VIDEO_LAG_MS),
        film=Film(width, height, fps, (Segment(frames, seed_of(source.tag), source.prompt),), looped=looped),
        created_ms=created,
        processing_ms=created + 4_000,
        ends_ms=created + _MADE_IN_MS,
        external_id=source.tag,
        model=source.model,
        mode=source.mode,
        aspect=source.aspect,
        prompt=source.prompt,
        units=generation_units(source.model, source.mode, min(source.seconds, 10)),
        outcome=FAILED if source.failed else SUCCEED,
        message=RISK_MESSAGE if source.failed else "",
        status=FAILED if source.failed else SUCCEED,
        updated_ms=created + _MADE_IN_MS,
        ready_ms=created + _MADE_IN_MS,
        quirks=[SEED_CLIP],
    )
