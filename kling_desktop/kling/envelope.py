"""Opens {code, message, request_id, data}: what is inside, or the error of our tree that it stands for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Final

from kling_desktop import errors
from kling_desktop.errors import KlingDesktopError, RiskControl, TaskFailed

CODES: Final[dict[int, type[KlingDesktopError]]] = {
    1000: errors.SignInRefused,
    1001: errors.SignInRefused,
    1002: errors.SignInRefused,
    1003: errors.ClockWrong,
    1004: errors.ClockWrong,
    1100: errors.AccountStopped,
    1101: errors.AccountEmpty,
    1102: errors.AccountEmpty,
    1103: errors.NotPermitted,
    1200: errors.BadRequest,
    1201: errors.BadRequest,
    1202: errors.BadRequest,
    1203: errors.NotFound,
    1300: errors.ContentRefused,
    1301: errors.ContentRefused,
    1302: errors.Busy,
    1303: errors.SlotsFull,
    1304: errors.AddressBlocked,
    5000: errors.ServerTrouble,
    5001: errors.Maintenance,
    5002: errors.ServerTrouble,
}
"""Kling's error codes (official table). The code decides, never the HTTP status: 429 alone has six meanings."""

_ILLEGAL = frozenset({1200, 1201})
_UNSUPPORTED_MODEL = r"\bmodels?\b.{0,80}(not support|unsupported|invalid)|(not support|unsupported).{0,80}\bmodel"
_TOO_LONG = r"^(?!.*prompt).*\b(video|total)\b.{0,60}(duration|length|long|exceed|minutes|180)"

_REFINED: Final = tuple(
    (codes, re.compile(words, re.IGNORECASE), error)
    for codes, words, error in (
        (_ILLEGAL, r"already exist", errors.DuplicateId),
        (frozenset({1203}), r"discontinued|no longer available|retired", errors.ModelRetired),
        (_ILLEGAL | {1203}, r"video not found|video.{0,40}(not exist|expired|been deleted)", errors.VideoUnknown),
        (_ILLEGAL, r"task.{0,60}not (found|exist)|(not found|not exist).{0,20}task", errors.NotFound),
        (_ILLEGAL, _UNSUPPORTED_MODEL, errors.VideoIneligible),
        (_ILLEGAL, _TOO_LONG, errors.VideoIneligible),
    )
)
"""Where one code has several meanings, Kling's message tells them apart; the first fitting row wins."""

LONGEST_MESSAGE: Final = 500
_MOST_MEMBERS: Final = 65_536
"""Commas in an answer: some times those of a page of 500 tasks. Lists of more are read at one go by `json`, which keeps
the window waiting meanwhile, even from another thread."""
_LONGEST_WAIT_SECONDS: Final = 600.0
_SAID_ONCE: Final = frozenset({"code", "data", "task_id"})
_SECRETS: Final = (
    (re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]*"), r"\1"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+(\.[\w-]*)?"), "[removed]"),
    (re.compile(r"\bbearer\s+[^\s\"',]+", re.IGNORECASE), "Bearer [removed]"),
    (re.compile(r"api-key-kling-[\w-]+"), "[removed]"),
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a successful answer held."""

    data: object
    """Whatever JSON the answer carried; numbers with a fraction are Decimals. None when it was left out."""
    request_id: str


def opened(http: int, headers: Mapping[str, str], body: bytes) -> Envelope:
    """What the answer holds. Success is HTTP 2xx together with code 0.

    Raises an error of the tree for everything else, and nothing but errors of the tree: one of those that say "nothing
    was made" only for Kling's own envelope with a code of the table. `headers` is read in lower case or
    case-insensitively.
    """
    answer = _json_object(body)
    code = whole_number(answer.get("code")) if answer else None
    request_id = text_of(answer.get("request_id"))[:128] if answer else ""
    if answer is not None and code == 0 and 200 <= http < 300:
        return Envelope(answer.get("data"), request_id)
    message = cleaned((answer.get("message") or answer.get("msg")) if answer else _outline(http, body))
    if answer is None or not _is_klings(answer):
        code = None  # of who knows what table: beside our title it would pass for Kling's
    kind = class_of(code, message, http) if code is not None else _class_by_http(http)
    if answer is not None and issubclass(kind, errors.Refused) and _may_name_what_was_made(answer):
        kind = errors.Unreadable  # it says that nothing was made, and holds what may be that, by whatever name
    raise kind(message, code=code, request_id=request_id, http=http, retry_after=retry_after_of(headers))


def _is_klings(answer: Mapping[str, object]) -> bool:
    """Whether this is Kling's envelope: a whole number for code, texts for message and request_id. Proxies, too, answer
    in JSON, with codes of their own, and after the task was made.
    """
    return type(answer.get("code")) is int and all(
        isinstance(answer.get(key), str) for key in ("message", "request_id")
    )


def _may_name_what_was_made(answer: Mapping[str, object]) -> bool:
    """Whether the id of a task stands anywhere in it, in whatever spelling, or its data or a task says anything at all:
    whatever that is called, a refusal of Kling's holds none.
    """
    told = (answer.get(name) for name in ("data", "task", "tasks"))
    return any(name.replace("_", "").lower() == "taskid" and value for name, value in _leaves(answer)) or any(
        value for each in told for _, value in _leaves(each)
    )


def _leaves(answer: object) -> Iterator[tuple[str, str]]:
    """Every text and whole number in it, with the name that it stands under."""
    left = [("", answer)]
    while left:
        name, value = left.pop()
        if isinstance(value, dict):
            left += value.items()
        elif isinstance(value, list):
            left += [(name, each) for each in value]
        else:
            yield name, text_of(value).strip()


def class_of(code: int | None, message: str, http: int = 200) -> type[KlingDesktopError]:
    """The error that a code of Kling's stands for, refined by the message; without a known code, by the HTTP status."""
    if code in CODES:
        fitting = (kind for codes, words, kind in _REFINED if code in codes and words.search(message))
        return next(fitting, CODES[code])
    return errors.Unreadable if code is not None and http < 500 else _class_by_http(http)


def _class_by_http(http: int) -> type[KlingDesktopError]:
    """What an answer without a known code means: never a refusal, for a create may have been taken behind it."""
    if http == 408:
        return errors.TimedOut  # said by gateways, which do not know how far the request came
    if http >= 500:
        return errors.ServerTrouble
    return errors.ForeignAnswer if http >= 400 else errors.Unreadable


def asked_only(error: KlingDesktopError, refusals: tuple[type[KlingDesktopError], ...] = ()) -> KlingDesktopError:
    """The same trouble as that of a question: it speaks of no charge and of no sending, for nothing was sent.

    What is wrong with keys, account or connection is the same for both. BadRequest stays too: for a question about one
    task it is the answer that there is no such task; elsewhere it is to be named among the `refusals`.
    """
    fitting = (kind for family, kind in _OF_A_QUESTION if isinstance(error, family))
    kind = errors.QuestionRefused if isinstance(error, refusals) else next(fitting, None)
    if kind is None:
        return error
    return kind(
        error.message, code=error.code, request_id=error.request_id, http=error.http, retry_after=error.retry_after
    )


_OF_A_QUESTION: Final[tuple[tuple[type[KlingDesktopError], type[KlingDesktopError]], ...]] = (
    (errors.ServerTrouble, errors.KlingTroubled),
    (errors.Unreadable, errors.AnswerUnreadable),
    (errors.ForeignAnswer, errors.AnswerUnreadable),
    (errors.Uncertain, errors.Unanswered),
    (errors.Busy, errors.AskedTooOften),
    (errors.ContentRefused, errors.QuestionRefused),
)


def failure_of(message: str) -> type[TaskFailed]:
    """The error behind the task_status_msg of a failed task."""
    return RiskControl if re.search(r"risk[\s-]?control|sensitive|moderation|风控|敏感", message, re.I) else TaskFailed


def cleaned(message: object) -> str:
    """A message fit to be shown and logged: at most 500 characters, no signature, no token, no control signs."""
    text = text_of(message)[: LONGEST_MESSAGE * 8]
    for secret, shown in _SECRETS:
        text = secret.sub(shown, text)
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()[:LONGEST_MESSAGE]


def text_of(value: object) -> str:
    """A JSON value that ought to be text: text as it is, whole numbers in digits, anything else empty.

    Halves of surrogate pairs, which JSON can name and nothing can write down, become '?'.
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else ""


def decimal_of(value: object, most: Decimal = Decimal(10**9)) -> Decimal | None:
    """A JSON value that ought to be a quantity, as text or number; None when it is not one in [0, most]."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    if isinstance(value, str) and len(value) > 64:
        return None
    try:
        number = Decimal(str(value).strip()) if isinstance(value, (str, float)) else Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= most else None


def whole_number(value: object) -> int | None:
    """A JSON value that ought to be a whole number in [0, 10^9]; None when it is not."""
    number = decimal_of(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _json_object(body: bytes) -> dict[str, object] | None:
    if body.count(b",") > _MOST_MEMBERS:
        return None
    try:
        answer = json.loads(body, parse_float=Decimal, object_pairs_hook=_object_of)
    except (ValueError, RecursionError, InvalidOperation):  # broken, not text, absurdly deep or absurdly long
        return None
    return answer if isinstance(answer, dict) else None


def _object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """What `json` would do by itself; done here, the reader lets other threads go on between two objects, where it
    would else hold the interpreter from the first byte to the last, and the window with it.

    Raises ValueError where it contradicts itself: of two codes one may say that nothing was made, the other that it
    was, and of two tasks nobody knows which is meant.
    """
    made = dict(pairs)
    if len(made) < len(pairs) and any(name in _SAID_ONCE and value != made[name] for name, value in pairs):
        raise ValueError("it says two things")
    return made


def _outline(http: int, body: bytes) -> str:
    """The words of an answer that is not an envelope, such as a gateway's page, without its markup."""
    words = re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", body[:4000].decode("utf-8", "replace"), flags=re.S | re.I)
    return f"HTTP {http} {' '.join(words.split())}".strip()


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as the Retry-After header says (number or date), within [0, 10 minutes]."""
    text = headers.get("retry-after", "").strip()
    seconds = decimal_of(text)
    if seconds is not None:
        return min(float(seconds), _LONGEST_WAIT_SECONDS)
    until = date_of(text)
    if until is None:
        return None
    wait = (until - (date_of(headers.get("date", "")) or datetime.now(UTC))).total_seconds()
    return min(max(wait, 0.0), _LONGEST_WAIT_SECONDS)


def date_of(text: str) -> datetime | None:
    """An HTTP date as aware UTC, or None."""
    try:
        when = parsedate_to_datetime(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
