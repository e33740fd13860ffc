"""Tasks: what the creator asks for, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import Clip, Kind

PROMPT_LIMIT = 2500
"""Code points that a prompt, and a negative prompt, may have (seed page: 2500 characters)."""
LONGEST_PASTE = 4 * PROMPT_LIMIT
"""Code points of a paste that are taken in: enough to cut by hand; a million would stop the window for seconds."""

PAGE_SIZE_LIMIT = 500
"""The largest page that Kling's list endpoints hand out (seed page)."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What a new clip is to be made with: by continuing from a frame, from a picture, or from words alone."""

    model: str
    """Kling's model_name, as "kling-v3"."""
    mode: str = "std"
    """std, pro or 4k, as far as the model has it."""
    seconds: int = 5
    sound: bool = False
    first_frame: Path | None = None
    """PNG or JPEG on our disk that the clip begins with; None makes it from words."""
    end_frame: Path | None = None
    aspect_ratio: str = ""
    """Only without a picture, as "16:9"; empty leaves Kling's default."""
    parent_end: Fraction | None = None
    """Where the parent ends for this take, in seconds of its own clip: what lies behind is cut off. None: at its end.

    No time of the film: that would move when a join before it is trimmed.
    """


@dataclass(frozen=True, slots=True)
class Extension:
    """What the creator asks for. A field left alone (empty, None) is not sent."""

    video_id: str
    prompt: str = ""
    negative_prompt: str = ""
    guidance: float | None = None
    """cfg_scale in [0, 1]; None leaves Kling's default of 0.5."""
    watermark: bool | None = None
    """True asks for a watermarked copy beside the clean one."""
    callback_url: str = ""
    own_id: str = ""
    """An external_task_id the creator insists on; empty lets the studio mint one."""
    generation: Generation | None = None
    """None: Kling's own extension of `video_id`. Else a new clip: continuing `video_id`, or a root without one."""

    @property
    def begins_film(self) -> bool:
        """Whether it is a root: made from words, whose shape is then said, or from a picture, and of no clip."""
        made = self.generation
        return not self.video_id and made is not None and bool(made.aspect_ratio or made.first_frame)

    @property
    def kind(self) -> Kind:
        """Which of Kling's endpoints makes it."""
        if self.generation is None:
            return Kind.EXTENSION
        return Kind.TEXT if self.generation.first_frame is None else Kind.IMAGE


class Status(StrEnum):
    """How a task stands, in the order of its life."""

    QUEUED = "queued"
    """Ours: on disk, no byte sent yet."""
    SENDING = "sending"
    """On disk as 'about to leave': from here on Kling may have it."""
    UNCERTAIN = "uncertain"
    """Sent, the answer is lost; being looked up. Never sent again by the program."""
    SUBMITTED = "submitted"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """Refused by Kling, or accepted and failed there; `Task.trouble` says which."""

    @property
    def ended(self) -> bool:
        return self in (Status.SUCCEEDED, Status.FAILED)

    @property
    def at_kling(self) -> bool:
        """True while Kling works on it, which occupies one of the account's slots."""
        return self in (Status.SUBMITTED, Status.PROCESSING)


class Pick(StrEnum):
    """What the creator has decided about a take."""

    UNDECIDED = ""
    PICKED = "picked"
    REJECTED = "rejected"


MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, as it is kept with a task: enough to explain it in any language later."""

    error: str
    """Name of a class of `errors.py`, which knows title, advice, charge and remedy."""
    code: int | None = None
    """Kling's code, when there was one."""
    message: str = ""
    """Kling's own words, raw."""
    request_id: str = ""
    http: int | None = None
    """Status of the HTTP answer, when one came."""


@dataclass(frozen=True, slots=True)
class Task:
    """One asked Extension and how it stands."""

    id: str
    """Ours, sent as external_task_id; one task, one id, for ever."""
    extension: Extension
    profile: Profile
    status: Status
    asked_at: datetime
    kind: Kind = Kind.EXTENSION
    """Other kinds appear when tasks of the account are adopted."""
    kling_id: str = ""
    """Kling's task id, once known."""
    raw_status: str = ""
    """Kling's own status word when it is one we do not know, or one of failure though a film came with it."""
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    """When Kling says it was created."""
    updated_at: datetime | None = None
    """Kling's last change, by Kling's clock."""
    ended_at: datetime | None = None
    units: Decimal | None = None
    """Units charged (final_unit_deduction), once Kling says."""
    message: str = ""
    """task_status_msg: Kling's reason for a failure."""
    request_id: str = ""
    """Of the answer that accepted or refused it."""
    trouble: Trouble | None = None
    """What is in the way now, or why it failed; None when all is well."""
    clip: Clip | None = None
    retry_of: str = ""
    """Our id of the refused or failed task that this one repeats."""
    watched: bool = True
    """False after 'stop watching': Kling keeps rendering, we no longer ask."""
    rank: float = 0.0
    """Place in the local queue: smaller goes first; equal ranks go in the order asked."""
    pick: Pick = Pick.UNDECIDED
    """Whether the creator wants its take."""
    stars: int = 0
    """How much the creator likes its take, 0 (not said) to MOST_STARS."""

    @property
    def is_called_failed(self) -> bool:
        """Whether Kling's word is one of failure, and a film came with it all the same: that is a take."""
        return self.status is Status.SUCCEEDED and bool(self.raw_status)

    @property
    def lacks_copy(self) -> bool:
        """Whether its take is kept, and the watermarked copy that was asked for still to come."""
        clip = self.clip
        is_wanted = self.watched and bool(self.extension.watermark) and clip is not None and bool(clip.watermark_url)
        return is_wanted and clip is not None and clip.file is not None and clip.watermark_file is None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tasks of the library are meant. The default means all of them."""

    text: str = ""
    """Words, in any order, each a part of the prompt, of one of the ids or of the profile's name; what stands between
    double quotes holds together. Upper and lower case are the same.
    """
    states: frozenset[Status] = frozenset()
    """Only tasks that stand so; empty means any status."""
    dying_at: datetime | None = None
    """Only takes that at this moment have a week or less left at Kling, kept on our disk or not (see `dies_at`)."""
    picks: frozenset[Pick] = frozenset()
    """Only takes about which the creator has decided so (PICKED, REJECTED); empty means any."""
    stars_from: int = 0
    """Only takes with so many stars or more."""
    verdicts: frozenset[Verdict] = frozenset()
    """Only takes whose seam was judged so; empty means any, measured or not."""


class Order(StrEnum):
    """How a list of takes is ordered. All but NEWEST put what belongs together under one head."""

    FILM = "film"
    """By film, the one with the newest take first."""
    NEWEST = "newest"
    STARS = "stars"
    """Most stars first."""
    VERDICT = "verdict"
    """The worst seam first; what was not measured last."""
    EXPIRY = "expiry"
    """What Kling deletes next first."""


class Expiry(StrEnum):
    """When Kling deletes a take, as heads of a list say it; in their order there."""

    SOON = "soon"
    """Within a week."""
    LATER = "later"
    GONE = "gone"
    """It has."""
    UNKNOWN = "unknown"
    """Nobody knows, or there is no clip yet."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Takes of a list that stand under one head."""

    key: str
    """The film's id, the number of stars, a Verdict ("" where none was found) or an Expiry; "" without heads."""
    count: int
    name: str = ""
    """Of a film: what it is called."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What Kling says of one task, in our words."""

    kling_id: str
    kind: Kind
    status: Status | None
    """SUBMITTED, PROCESSING, SUCCEEDED or FAILED; None when Kling used a word we do not know. What Kling calls failed
    while it names a film has SUCCEEDED: a film outweighs a word.
    """
    raw_status: str = ""
    """As in `Task`."""
    external_id: str = ""
    message: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    units: Decimal | None = None
    clip: Clip | None = None
    more: tuple[Clip, ...] = ()
    """Further videos that came with the first."""
    parent: Clip | None = None
    """The clip before the extension, as far as Kling tells (id, url, seconds)."""
    request_id: str = ""
    found_by_ours: bool = False
    """The id that the task was known by is none of Kling's, or another task's: asked by our id, Kling gave this one."""

    def is_called(self, own_id: str) -> bool:
        """Whether it bears this id of ours: gateways give one back in other letters, or with spaces around it."""
        return bool(self.external_id) and self.external_id.strip().casefold() == own_id.strip().casefold()


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the extend form; kept so that a crash loses no word."""

    extension: Extension
    saved_at: datetime
