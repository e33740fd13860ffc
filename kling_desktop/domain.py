"""The nouns of the program: frozen values that every room speaks in.

Times are aware UTC. Units are part of the names. Ids are strings: Kling's are 18-digit numbers that no
float can hold. A change is `replace(task, ...)`; nothing here knows a database, a network or a widget.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

PROMPT_LIMIT = 2500
"""Code points that a prompt, and a negative prompt, may have (seed page: 2500 characters)."""

LONGEST_SECONDS = 180
"""Kling's bound on the length of an extended video (seed page: 3 minutes)."""

RETENTION = timedelta(days=30)
"""How long Kling keeps a video, and lets it be extended, after generation (seed page)."""

PAGE_SIZE_LIMIT = 500
"""The largest page that Kling's list endpoints hand out (seed page)."""

DYING = timedelta(days=7)
"""A clip that Kling deletes within this time is said to be dying."""


class Region(StrEnum):
    """Where an account lives. Accounts and keys of one region are unknown in the others."""

    SINGAPORE = "singapore"
    BEIJING = "beijing"
    GLOBAL = "global"
    """The host that was used before May 2025; it still answers."""
    CUSTOM = "custom"
    SANDBOX = "sandbox"

    @property
    def address(self) -> str:
        """Base URL without a trailing slash; empty where it is not fixed (custom, sandbox)."""
        return _ADDRESSES.get(self, "")


_ADDRESSES = {
    Region.SINGAPORE: "https://api-singapore.klingai.com",
    Region.BEIJING: "https://api-beijing.klingai.com",
    Region.GLOBAL: "https://api.klingai.com",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to reach Kling. A task keeps the profile it was sent with, whatever is changed later."""

    name: str
    """Chosen by the user, unique; also the name of the secret in the keyring."""
    region: Region = Region.SINGAPORE
    base_url: str = ""
    """Only for a custom region: scheme and host, no trailing slash."""

    @property
    def address(self) -> str:
        """Base URL of the service; empty for the sandbox, whose port is new at each start."""
        return self.base_url or self.region.address


SANDBOX = Profile("Sandbox", Region.SANDBOX)
"""The profile of the pretended Kling that comes with the program."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Access key and secret key, from which a short-lived token is signed."""

    access_key: str
    secret_key: str = field(repr=False)

    def __str__(self) -> str:
        return "KeyPair"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key that is sent as it is."""

    key: str = field(repr=False)

    def __str__(self) -> str:
        return "ApiKey"


Credentials = KeyPair | ApiKey


class Kind(StrEnum):
    """Which of Kling's endpoints made a task. All three make clips that can be extended (seed page)."""

    EXTENSION = "video-extend"
    TEXT = "text2video"
    IMAGE = "image2video"


@dataclass(frozen=True, slots=True)
class Clip:
    """One finished video: Kling's id and address, and our file once it is kept."""

    id: str
    """Kling's video id (not a task id)."""
    kind: Kind = Kind.EXTENSION
    kling_id: str = ""
    """Kling's id of the task that made it."""
    parent_id: str = ""
    """Video id that it extends; empty for a base clip."""
    seconds: Decimal | None = None
    """Total length as Kling states it; the text had any precision, so compare with a tolerance."""
    parent_seconds: Decimal | None = None
    """Length of the parent as Kling states it: where the seam is to be looked for."""
    url: str = ""
    """Signed address; dies with `expires_at`. Holds a signature: never log it, never send a token to it."""
    watermark_url: str = ""
    made_at: datetime | None = None
    expires_at: datetime | None = None
    """When Kling deletes it: 30 days after it was made."""
    file: Path | None = None
    """Our verified copy, or None until it is kept."""
    watermark_file: Path | None = None
    model: str = ""
    """Model name when known (own tasks, sandbox, billing rows); Kling's answers do not carry it."""


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
    """Kling's own status word when it is one we do not know."""
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


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tasks of the library are meant. The default means all of them."""

    text: str = ""
    """Part of the prompt, of one of the ids or of the profile's name; upper and lower case are the same."""
    states: frozenset[Status] = frozenset()
    """Only tasks that stand so; empty means any status."""
    dying_at: datetime | None = None
    """Only takes that at this moment have a week or less left at Kling, kept on our disk or not (see `dies_at`)."""
    picks: frozenset[Pick] = frozenset()
    """Only takes about which the creator has decided so (PICKED, REJECTED); empty means any."""
    stars_from: int = 0
    """Only takes with so many stars or more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What Kling says of one task, in our words."""

    kling_id: str
    kind: Kind
    status: Status | None
    """SUBMITTED, PROCESSING, SUCCEEDED or FAILED; None when Kling used a word we do not know."""
    raw_status: str = ""
    external_id: str = ""
    message: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    units: Decimal | None = None
    clip: Clip | None = None
    parent: Clip | None = None
    """The clip before the extension, as far as Kling tells (id, url, seconds)."""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One resource pack of the account."""

    name: str
    total_units: Decimal
    remaining_units: Decimal
    """As Kling reports it: up to 12 hours late."""
    status: str
    """toBeOnline, online, expired or runOut; a word we do not know is kept as it came."""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a transfer has come."""

    received_bytes: int
    total_bytes: int | None
    """None when the server does not say."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the extend form; kept so that a crash loses no word."""

    extension: Extension
    saved_at: datetime


_SNOWFLAKE_EPOCH_MS = 1_568_028_518_783
_FIRST_SNOWFLAKE = 10**17


def minted_at(kling_id: str) -> datetime | None:
    """When an 18- or 19-digit id of Kling's was minted, or None for ids of another make.

    Inferred from two observed pairs, so a hint for the user and never a reason to refuse. A clip's id is
    minted when its task is submitted, some minutes before the clip is made.
    """
    if not kling_id.isascii() or not kling_id.isdigit() or not _FIRST_SNOWFLAKE <= int(kling_id) < 2**63:
        return None
    return datetime.fromtimestamp(((int(kling_id) >> 22) + _SNOWFLAKE_EPOCH_MS) / 1000, UTC)


def dies_at(clip: Clip) -> datetime | None:
    """When Kling deletes a clip, which then can be neither fetched nor extended; None when nothing tells.

    As its address says, else 30 days after it was made, else 30 days after its id was minted: that last one is a
    guess, and what says it should say so (`expires_at` and `made_at` are then both None).
    """
    if clip.expires_at:
        return clip.expires_at
    made_at = clip.made_at or minted_at(clip.id)
    return made_at + RETENTION if made_at else None


def is_gone(clip: Clip, now: datetime) -> bool:
    """Whether Kling has deleted it, by Kling's own dates; never by a guess."""
    ends = dies_at(clip) if clip.expires_at or clip.made_at else None
    return ends is not None and ends <= now
