"""Puts values into the creator's words: lengths, ages, sizes, states, and what helps."""

from __future__ import annotations

import math
from datetime import datetime
from decimal import ROUND_UP, Decimal
from html import escape

from kling_desktop.domain.clips import Progress
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import (
    AddressWrong,
    KlingDesktopError,
    ProxyUnreachable,
    SandboxUnusable,
    TlsRefused,
    Unreachable,
    kind_of,
)
from kling_desktop.studio.tasks.recovery import trouble_of
from kling_desktop.ui.i18n import tr, tr_count

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MILLIONTH, _MOST = Decimal("0.000001"), Decimal("1E+20")


def length(seconds: Decimal | float) -> str:
    """Length or position in a film to a tenth of a second, cut and never rounded up: "0:10.2", "1:02:03.4"."""
    whole, tenth = divmod(_tenths(seconds), 10)
    minutes, second = divmod(whole, _MINUTE)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}.{tenth}" if hours else f"{minute}:{second:02}.{tenth}"


def plain_seconds(seconds: Decimal | float) -> str:
    """The same length as a number of seconds, cut like `length`, so that both say one thing: "4.2"."""
    whole, tenth = divmod(_tenths(seconds), 10)
    return f"{whole}.{tenth}"


def _tenths(seconds: Decimal | float) -> int:
    return math.floor(max(0.0, float(seconds)) * 10 + 1e-6)


def elapsed(seconds: float) -> str:
    """A running clock for the first hour ("2:10"), then words: nobody counts the seconds of what waits for days."""
    return lasting(seconds) if seconds >= _HOUR else length(int(max(0.0, seconds))).partition(".")[0]


def lasting(seconds: float) -> str:
    """How long something takes: "20 s", "3 min 20 s", "1 h 5 min"; the smaller part is left out when it is 0."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return tr("{n} s", n=whole)
    if whole < _HOUR:
        return _two(tr("{n} min", n=whole // _MINUTE), tr("{n} s", n=whole % _MINUTE), whole % _MINUTE)
    minutes = whole % _HOUR // _MINUTE
    return _two(tr("{n} h", n=whole // _HOUR), tr("{n} min", n=minutes), minutes)


def _two(large: str, small: str, small_count: int) -> str:
    return f"{large} {small}" if small_count else large


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was, in one glance; a date once it is more than 30 days. Both times are aware."""
    seconds = (now - then).total_seconds()
    if seconds < _MINUTE:
        return tr("just now")
    if seconds < _HOUR:
        return tr("{n} min ago", n=int(seconds // _MINUTE))
    if seconds < _DAY:
        return tr("{n} h ago", n=int(seconds // _HOUR))
    if seconds <= 30 * _DAY:
        return tr_count(int(seconds // _DAY), "{n} day ago", "{n} days ago")
    return then.astimezone().strftime("%Y-%m-%d")


def size(size_bytes: int) -> str:
    """Size of a file as file managers say it (1 MB = 1 000 000 bytes): "812 B", "24 kB", "12.4 MB"."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    amount = size_bytes / 1000
    for unit in ("kB", "MB", "GB"):
        if amount < 999.95:
            return f"{amount:.0f} {unit}" if unit == "kB" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def so_far(progress: Progress) -> str:
    """How far a transfer has come: "120.0 of 400 MB"; "12.4 MB so far" when nobody knows the end."""
    received = size(progress.received_bytes)
    if progress.total_bytes is None:
        return tr("{received} so far", received=received)
    total = size(progress.total_bytes).replace(".0 ", " ")
    number, _, unit = received.partition(" ")
    return tr("{received} of {total}", received=number if total.endswith(f" {unit}") else received, total=total)


def number(count: int) -> str:
    """A count with a narrow space before each three digits: "12 345"."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def units(amount: Decimal) -> str:
    """Units as short as they are exact: "2", "3.5"; to a millionth, up, where a service writes them without end."""
    near = amount if amount.copy_abs() > _MOST else amount.quantize(_MILLIONTH, ROUND_UP)
    return f"{near.normalize():f}"


def tip(words: str) -> str:
    """A tip in which words of the creator or of Kling stand as they were written.

    Qt takes what looks like markup for it, and shows a file that it names as a picture.
    """
    return f"<qt>{escape(words).replace(chr(10), '<br>')}</qt>" if "<" in words or "&" in words else words


def status_words(status: Status) -> str:
    """What the screen calls a state."""
    words = {
        Status.QUEUED: tr("Waiting here"),
        Status.SENDING: tr("Sending"),
        Status.UNCERTAIN: tr("Checking whether Kling took it"),
        Status.SUBMITTED: tr("Submitted"),
        Status.PROCESSING: tr("Rendering"),
        Status.SUCCEEDED: tr("Done"),
        Status.FAILED: tr("Failed"),
    }
    return words[status]


def advice_of(task: Task) -> str:
    """What helps, in a sentence; empty for a take that is well."""
    trouble = trouble_of(task)
    if trouble is None:
        return ""
    error = kind_of(trouble)
    if waits_after_sending(task) and issubclass(error, Unreachable) and not issubclass(error, SandboxUnusable):
        return tr("Check the network connection. Kling may have it: it is looked up before it is sent again.")
    return tr(error.advice)


def answer_to_asker(error: type[KlingDesktopError]) -> str:
    """What helps with a question that is asked once: unlike a task, it does not go on by itself."""
    if issubclass(error, ProxyUnreachable):
        helps = tr(
            "This system sends all connections through a proxy, which does not answer. Start it, then ask again."
        )
    elif issubclass(error, TlsRefused):
        helps = tr("A certificate is not trusted, or this computer's date is wrong. Once that is mended, ask again.")
    elif issubclass(error, SandboxUnusable):
        helps = tr("The folder 'sandbox' in the program's data folder cannot be used. Put that right, then ask again.")
    elif issubclass(error, Unreachable) and not issubclass(error, AddressWrong):
        helps = tr("Check the network connection, then ask again.")
    else:
        helps = tr(error.advice)
    return helps


def waits_after_sending(task: Task) -> bool:
    """Whether it waits to be sent again while nobody knows whether Kling took it the first time."""
    return task.status is Status.QUEUED and task.sent_at is not None
