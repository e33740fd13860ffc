"""What is wrong, or worth knowing, about an extension before it is sent: sentences beside the fields.

A finding that blocks is a rule of Kling's (seed page) or a slip that cannot be meant. What we only infer, such
as an age read from an id, never blocks and says "probably".
"""

from __future__ import annotations

import dataclasses
import ipaddress
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import SplitResult, urlsplit

from kling_desktop.domain.clips import FILE_CLIP, LONGEST_SECONDS, RETENTION, Clip, minted_at
from kling_desktop.domain.models import MODELS, Mode, units
from kling_desktop.domain.tasks import PROMPT_LIMIT, Extension, Generation

STEP_SECONDS = 5
"""What one extension adds at most, by the seed page (4 to 5 seconds)."""

NEARLY_FULL_SECONDS = 175
"""From this total on there is no room for yet another extension."""

SOON = timedelta(days=3)
"""How long before a clip's end the creator is warned."""

ID_LIMIT = 128
"""Characters past which nothing is an id. Kling's have 18; the older kinds 22 and 36."""

OWN_ID_LIMIT = 64
"""Our own caution: Kling states no bound for an external_task_id."""

EXTENDABLE = frozenset({"v1", "v1-0", "v1-5", "v1-6"})
"""Models whose clips can be extended (seed page), as `_short` writes them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one field of an Extension."""

    field: str
    """Name of the attribute of `Extension` that it is about."""
    blocks: bool
    """True when sending would be pointless; False for a hint."""
    sentence: str
    """English, with {placeholders}; the screen translates it: `tr(finding.sentence, **finding.values)`."""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


NO_ID = "Pick a clip, or paste the ID of the video to extend."
ADDRESS_AS_ID = "This is a web address. Paste the video's ID instead: usually 18 digits."
SPACE_IN_ID = "An ID has no spaces in it. Paste one video ID: usually 18 digits."
NOT_AN_ID = "This is not a video ID: usually 18 digits, sometimes letters, digits, - and _."
ID_TOO_LONG = "This is too long for a video ID: usually 18 digits."
ID_TOO_SHORT = "Kling's IDs usually have 18 digits. Probably a part of this one is missing."
ID_UNFAMILIAR = "This is no form of ID that we know. It is sent as it is, and Kling will say whether it exists."
LOOKING_UP = "Looking it up…"
TASK_WITH_VIDEO = "This is a task ID. The video that the task made is {id}."
TASK_WITHOUT_VIDEO = "This is a task ID, and its video is not there yet."
UNKNOWN_ID = "Neither your library nor this account's list has this video. If the ID is right, send it anyway."
LOOK_UP_FAILED = "It could not be looked up: {why}. You can send it anyway."
CLIP_TOO_LONG = "This clip is {seconds} s long. One more extension would exceed 3 minutes, the most that Kling allows."
CLIP_NEARLY_FULL = "This is probably the last extension of this clip: it will be close to Kling's 3 minutes."
MODEL_TOO_NEW = "This clip was made with {model}. Kling extends only clips of V1.0, V1.5 and V1.6."
EXPIRED = "Kling keeps videos for 30 days, and this one is older. Kling will probably refuse it."
EXPIRED_BY_CLOCK = (
    "By this computer's clock this video is older than 30 days. If the clock is right, Kling will refuse it."
)
EXPIRED_BY_ID = "Judging by its ID, this video is probably older than 30 days. Then Kling will refuse it."
EXPIRES_TODAY = "Kling deletes this clip within a day. After that it cannot be extended."
EXPIRES_SOON = "Kling deletes this clip in {days} days. After that it cannot be extended."
EXPIRES_TODAY_BY_ID = "Judging by its ID, Kling will probably delete this video within a day."
EXPIRES_SOON_BY_ID = "Judging by its ID, Kling will probably delete this video in {days} days."
NO_PROMPT = "Without a prompt, Kling decides by itself how the clip goes on."
PROMPT_TOO_LONG = "Too long by {over}: Kling takes {limit} characters."
NEGATIVE_PROMPT_IDLE = "Kling's table says that clips of V1.0 take no negative prompt. It may have no effect."
GUIDANCE_IDLE = "Kling's table says that clips of V1.0 take no guidance. It may have no effect."
NO_WORDS_TO_CONTINUE = "Kling needs words for a new clip: write what happens next."
NO_WORDS_TO_BEGIN = "Kling needs words for a new clip: write what is to be seen."
PICTURE_READ = "The picture is being read…"
PICTURE_UNFIT = "{title}. {advice}"
MODEL_RETIRED = "Kling no longer serves {model}. Choose another model."
OPTION_MISSING = "{model} has no such clip: choose another length, mode or sound."
END_FRAME_MISSING = "{model} takes no end frame in this mode."
SOURCE_MISSING = "There is no file of this clip here, and no address to fetch it from."
NOT_KLINGS = "Kling extends only clips that it made itself."
GUIDANCE_OUTSIDE = "Guidance goes from 0 to 1."
CALLBACK_MALFORMED = "Write the whole address, such as https://example.com/kling."
CALLBACK_PRIVATE = "Kling probably cannot reach this address: it lies on this computer or in its own network."
OWN_ID_TOO_LONG = "Keep your own ID to {limit} characters. Kling states no limit; this is our caution."
OWN_ID_MALFORMED = (
    "Use letters, digits, - _ and . in your own ID, a letter or digit first. Kling states no rule; this is our caution."
)

_FAMILIAR_ID = re.compile(
    r"[0-9]{17,19}"  # today's
    r"|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"  # videos before May 2025
    r"|(?=.*[A-Za-z])[A-Za-z0-9_-]{20,24}={0,2}"  # tasks before May 2025
)
_POSSIBLE_ID = re.compile(r"[A-Za-z0-9_+=-]+")
_OWN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://|www\.", re.ASCII)


def check(extension: Extension, clip: Clip | None, now: datetime, *, is_sure: bool = True) -> tuple[Finding, ...]:
    """Everything to say about `extension`, in the order of the form's fields; never raises.

    `clip` is what is known of the clip to be extended, if anything; one with another id is ignored.
    `now` is aware UTC; `is_sure`: Kling has told it, else it is only what this computer's clock says.
    """
    known = clip if clip is not None and clip.id == extension.video_id else None
    if extension.generation is not None:
        return (*_of_a_generation(extension, extension.generation, known), *_of_what_all_take(extension))
    model = _short(known.model) if known else ""
    return (
        *_of_the_id(extension.video_id),
        *_of_the_clip(extension.video_id, known, now, is_sure),
        *_of_the_prompts(extension),
        *_of_an_old_model(extension, model),
        *_of_the_guidance(extension.guidance),
        *_of_what_all_take(extension),
    )


def why_not_extended(clip: Clip, now: datetime) -> Finding | None:
    """Why Kling's own extension is closed to a clip, as far as anything is known of it; None while nothing is. `now` is
    what the time surely is (see `KlingTime`).

    Continuing it from its last frame stays possible (`film.md`, rule 6).
    """
    if clip.id.startswith(FILE_CLIP):
        return Finding("video_id", True, NOT_KLINGS)
    left = _time_left(clip, now)
    if left is not None and left <= timedelta(0):
        return Finding("video_id", True, EXPIRED)
    return next((finding for finding in (*_of_the_length(clip), *_of_the_model(clip.model)) if finding.blocks), None)


def _of_a_generation(extension: Extension, generation: Generation, clip: Clip | None) -> Iterator[Finding]:
    """A new clip by a model that lives: from a frame of `clip`, from a picture, or from words alone."""
    begins = extension.begins_film
    if not begins and not extension.video_id.strip():
        yield Finding("video_id", True, NO_ID)
    if clip is not None and not (clip.file or clip.url):
        yield Finding("video_id", True, SOURCE_MISSING)
    if not extension.prompt.strip():
        yield Finding("prompt", True, NO_WORDS_TO_BEGIN if begins else NO_WORDS_TO_CONTINUE)
    yield from _of_the_text("prompt", extension.prompt)
    yield from _of_the_text("negative_prompt", extension.negative_prompt)
    model = MODELS.get(generation.model)
    if model is None:
        yield Finding("model", True, MODEL_RETIRED, {"model": generation.model})
    elif units(generation.model, generation.mode, generation.seconds, generation.sound) is None:
        yield Finding("model", True, OPTION_MISSING, {"model": model.label})
    elif generation.end_frame and not model.takes_end_frame(Mode(generation.mode), generation.sound):
        yield Finding("model", True, END_FRAME_MISSING, {"model": model.label})


def _of_what_all_take(extension: Extension) -> Iterator[Finding]:
    yield from _of_the_callback(extension.callback_url)
    yield from _of_the_own_id(extension.own_id)


def is_well_formed(video_id: str) -> bool:
    """Whether it may be an id at all, so that looking it up makes sense."""
    return not any(finding.blocks for finding in _of_the_id(video_id))


def _of_the_id(video_id: str) -> Iterator[Finding]:
    refusal = _why_no_id(video_id)
    if refusal:
        yield Finding("video_id", True, refusal)
    elif not _FAMILIAR_ID.fullmatch(video_id):
        cut_short = video_id.isdigit() and len(video_id) < 17
        yield Finding("video_id", False, ID_TOO_SHORT if cut_short else ID_UNFAMILIAR)


def _why_no_id(video_id: str) -> str:
    if not video_id.strip():
        return NO_ID
    if _ADDRESS.match(video_id.strip()):
        return ADDRESS_AS_ID
    if any(character.isspace() for character in video_id):
        return SPACE_IN_ID
    if len(video_id) > ID_LIMIT:
        return ID_TOO_LONG
    return "" if _POSSIBLE_ID.fullmatch(video_id) else NOT_AN_ID


def _of_the_clip(video_id: str, clip: Clip | None, now: datetime, is_sure: bool) -> Iterator[Finding]:
    if clip is not None:
        yield from _of_the_length(clip)
        yield from _of_the_model(clip.model)
    yield from _of_the_age(video_id, clip, now, EXPIRED if is_sure else EXPIRED_BY_CLOCK)


def _of_the_length(clip: Clip) -> Iterator[Finding]:
    if clip.seconds is None or not clip.seconds.is_finite():
        return
    total = min(clip.seconds, Decimal(10 * LONGEST_SECONDS)) + STEP_SECONDS
    if total > LONGEST_SECONDS:
        yield Finding("video_id", True, CLIP_TOO_LONG, {"seconds": f"{total - STEP_SECONDS:.1f}"})
    elif total > NEARLY_FULL_SECONDS:
        yield Finding("video_id", False, CLIP_NEARLY_FULL)


def _of_the_model(model: str) -> Iterator[Finding]:
    if model and _short(model) not in EXTENDABLE:
        yield Finding("video_id", True, MODEL_TOO_NEW, {"model": model})


def _short(model: str) -> str:
    """`kling-v1-6`, `V1.6` and `v1.6` are one model."""
    return model.strip().lower().replace(".", "-").removeprefix("kling-")


def _of_the_age(video_id: str, clip: Clip | None, now: datetime, expired: str) -> Iterator[Finding]:
    left = _time_left(clip, now) if clip else None
    if left is not None:
        yield from _of_the_time_left(left, expired, EXPIRES_TODAY, EXPIRES_SOON)
        return
    left = _time_left_by_id(video_id, now)
    if left is not None:
        yield from _of_the_time_left(left, EXPIRED_BY_ID, EXPIRES_TODAY_BY_ID, EXPIRES_SOON_BY_ID)


def _time_left(clip: Clip, now: datetime) -> timedelta | None:
    """Until Kling deletes the clip, by Kling's own word."""
    if clip.expires_at:
        return clip.expires_at - now
    return RETENTION - (now - clip.made_at) if clip.made_at else None


def _time_left_by_id(video_id: str, now: datetime) -> timedelta | None:
    """The same, guessed from when the id was minted; None for ids that tell nothing, or tell of the future."""
    minted = minted_at(video_id) if len(video_id) <= ID_LIMIT else None
    return RETENTION - (now - minted) if minted and minted <= now else None


def _of_the_time_left(left: timedelta, over: str, today: str, soon: str) -> Iterator[Finding]:
    days = math.ceil(left / timedelta(days=1))
    if days <= 0:
        yield Finding("video_id", False, over)
    elif days == 1:
        yield Finding("video_id", False, today)
    elif left <= SOON:
        yield Finding("video_id", False, soon, {"days": days})


def _of_the_prompts(extension: Extension) -> Iterator[Finding]:
    if not extension.prompt.strip():
        yield Finding("prompt", False, NO_PROMPT)
    yield from _of_the_text("prompt", extension.prompt)
    yield from _of_the_text("negative_prompt", extension.negative_prompt)


def _of_the_text(name: str, text: str) -> Iterator[Finding]:
    count = len(text)  # code points: Kling does not say what a character is, and they are the fewest
    if count > PROMPT_LIMIT:
        values = {"over": count - PROMPT_LIMIT, "limit": PROMPT_LIMIT}
        yield Finding(name, True, PROMPT_TOO_LONG, values)


def _of_an_old_model(extension: Extension, model: str) -> Iterator[Finding]:
    if model not in ("v1", "v1-0"):
        return
    if extension.negative_prompt:
        yield Finding("negative_prompt", False, NEGATIVE_PROMPT_IDLE)
    if extension.guidance is not None:
        yield Finding("guidance", False, GUIDANCE_IDLE)


def _of_the_guidance(guidance: float | None) -> Iterator[Finding]:
    if guidance is not None and not 0 <= guidance <= 1:
        yield Finding("guidance", True, GUIDANCE_OUTSIDE)


def _of_the_callback(address: str) -> Iterator[Finding]:
    if not address:
        return
    parts = _split(address)
    if parts is None:
        yield Finding("callback_url", True, CALLBACK_MALFORMED)
    elif _is_private(parts.hostname or ""):
        yield Finding("callback_url", False, CALLBACK_PRIVATE)


def _split(address: str) -> SplitResult | None:
    """The parts of a web address, or None for what is none."""
    if any(character.isspace() or not character.isprintable() for character in address):
        return None
    try:
        parts = urlsplit(address)
        named = any(character.isalnum() for character in parts.hostname or "")
        whole = parts.scheme in ("http", "https") and named and parts.port != 0
    except ValueError:  # a port that is no number, a bracket too few
        return None
    return parts if whole else None


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:  # a name
        return False


def _of_the_own_id(own_id: str) -> Iterator[Finding]:
    if not own_id:
        return
    if len(own_id) > OWN_ID_LIMIT:
        yield Finding("own_id", True, OWN_ID_TOO_LONG, {"limit": OWN_ID_LIMIT})
    elif not _OWN_ID.fullmatch(own_id):
        yield Finding("own_id", True, OWN_ID_MALFORMED)
