"""The sandbox's own nouns: a Film (what a video shows), a Job (one task) and an Account."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

EXTEND, TEXT, IMAGE = "video-extend", "text2video", "image2video"
KINDS = (EXTEND, TEXT, IMAGE)

SUBMITTED, PROCESSING, SUCCEED, FAILED = "submitted", "processing", "succeed", "failed"
ENDED = (SUCCEED, FAILED)

SEED_CLIP = "stock"
"""Quirk of a task that came with the account; the word stands in state files."""

SCENE_VERSION = 6
"""Raised when the same Film would be painted differently, so that old cached files are not taken for it."""


class Abandoned(Exception):
    """A rendering that was given up because the sandbox stops."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One hop of a film: the base, or what one extension added."""

    frames: int
    seed: int
    prompt: str = ""
    plant: str = ""
    """Fault planted at its first frame: colour, brightness, softness, freeze, jump, lost_frame; empty = clean."""
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Light:
    """A constant change of colours, as a model brings it in; each channel in 0..1, gamma-encoded, in this order."""

    gamma: float = 1.0
    """v = v ** gamma."""
    contrast: float = 1.0
    """v = 0.5 + contrast * (v - 0.5)."""
    saturation: float = 1.0
    """v = grey + saturation * (v - grey), grey by the weights of BT.709."""
    red: float = 1.0
    green: float = 1.0
    blue: float = 1.0
    """Factors, last of all."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a clip begins that was made from a picture."""

    picture: str
    """File name of the given picture."""
    tail: str = ""
    """File name of the picture that it ends with."""
    light: Light = Light()
    softness: float = 0.015
    """Share of each neighbour that a pixel takes on, 0 = as sharp as the picture; for all frames."""
    stall: int = 0
    """Frames that repeat the first one before motion sets in."""


@dataclass(frozen=True, slots=True)
class Film:
    """Everything that decides the pixels of a video; equal films are the same file."""

    width: int
    height: int
    fps: int
    segments: tuple[Segment, ...]
    marked: bool = False
    """The watermarked copy."""
    looped: bool = False
    """Its first segment repeats one short piece there and back: how a three-minute clip stays cheap."""
    opening: Opening | None = None
    """None: painted from words."""
    tagged: bool = True
    """Whether the file names its colours (BT.709); without names BT.709 from 720 lines on, BT.601 below."""
    sound: bool = False

    @property
    def frames(self) -> int:
        return sum(segment.frames for segment in self.segments)

    @property
    def seconds(self) -> Fraction:
        return Fraction(self.frames, self.fps)

    @property
    def joins(self) -> list[int]:
        """Index of the first new frame of each extension."""
        total, found = 0, []
        for segment in self.segments[:-1]:
            total += segment.frames
            found.append(total)
        return found

    @property
    def key(self) -> str:
        """Name of its file in the cache."""
        more = {"opening": self.opening and asdict(self.opening), "untagged": not self.tagged, "sound": self.sound}
        old = {name: value for name, value in asdict(self).items() if name not in ("opening", "tagged", "sound")}
        told = old | {name: value for name, value in more.items() if value}
        text = json.dumps([SCENE_VERSION, told], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def parent(self) -> Film:
        """The film before its last extension."""
        return replace(self, segments=self.segments[:-1])

    @property
    def wide_colours(self) -> bool:
        """Whether its pixels are BT.709; BT.601 otherwise."""
        return self.tagged or self.height >= 720

    def extended(self, segment: Segment) -> Film:
        return replace(self, segments=(*self.segments, segment), marked=False)

    @staticmethod
    def read(data: dict[str, Any]) -> Film:
        segments = tuple(Segment(**segment) for segment in data["segments"])
        given = data.get("opening")
        opening = Opening(**{**given, "light": Light(**given["light"])}) if given else None
        return Film(**{**data, "segments": segments, "opening": opening})


@dataclass(slots=True)
class Job:
    """One task and the video it makes. Times are Unix ms of the server's clock."""

    id: str
    kind: str
    account: str
    video_id: str
    film: Film
    created_ms: int
    processing_ms: int
    """When it leaves submitted."""
    ends_ms: int | None
    """When it ends at the earliest (its file must be ready too); None = stuck."""
    external_id: str = ""
    parent_id: str = ""
    """Video id that it extends."""
    model: str = "kling-v1-6"
    mode: str = "std"
    aspect: str = "16:9"
    prompt: str = ""
    negative_prompt: str = ""
    watermark: bool | None = None
    callback_url: str = ""
    units: float = 0.0
    """What it costs when it succeeds."""
    outcome: str = SUCCEED
    message: str = ""
    status: str = SUBMITTED
    updated_ms: int = 0
    ready_ms: int | None = None
    """When its file was ready."""
    visible_ms: int = 0
    """From when on it can be found and stands in lists."""
    quirks: list[str] = field(default_factory=list)
    """Faults that stay with it (vanish, unknown_status, ...), and SEED_CLIP."""

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def charged(self) -> float:
        """Units really taken: nothing for a failed run."""
        return self.units if self.status == SUCCEED else 0.0

    def record(self) -> dict[str, Any]:
        return {"what": "task", **asdict(self)}

    @staticmethod
    def read(record: dict[str, Any]) -> Job:
        data = {key: value for key, value in record.items() if key != "what"}
        return Job(**{**data, "film": Film.read(data["film"])})


@dataclass(frozen=True, slots=True)
class Account:
    """Who may ask: a key pair and an API key."""

    name: str
    access_key: str
    secret_key: str = field(repr=False)
    api_key: str = field(repr=False)
