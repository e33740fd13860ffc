"""What the attempts at one film have come to: whether there is another, and what it has to do."""

from __future__ import annotations

from kling_desktop.domain.clips import Clip, is_gone
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.errors import (
    AddressRefused,
    BadRequest,
    DiskFull,
    DownloadFailed,
    DownloadInterrupted,
    DriveAbsent,
    FileTrouble,
    FilmTooShort,
    HostUnreachable,
    KlingDesktopError,
    LinkExpired,
)

_MOST_SHORT = 2
"""Films far shorter than Kling says that are asked for anew; the next one is the take, for packets outweigh words."""
_MOST_UNKNOWN = 5
"""Times that Kling does not know the task of a film which it keeps by its own dates: the first one proves nothing."""
_MOST_OF_A_COPY = 5
"""Refusals after which a watermarked copy is given up. A line that breaks and a server that is busy are none."""
_SLACK_SECONDS, _SLACK_SHARE = 1.5, 0.2
"""By how much a film may be shorter than Kling says, whichever is more."""


class Attempts:
    """Counts them, and judges each that failed."""

    def __init__(self, *, of_copy: bool) -> None:
        """`of_copy`: of a watermarked copy, which is given up where a take never is."""
        self._of_copy = of_copy
        self._refusals = self._short = self._unknown = 0
        self.failures = 0
        """Those after which there was something to wait for."""
        self.want_fresh = False
        """Whether the next one asks Kling for another address first."""

    def least_seconds(self, clip: Clip) -> float:
        """How long the film is at least, as far as Kling's statement can still be taken at its word; 0 without one."""
        stated = float(clip.seconds or 0)
        return max(stated - max(_SLACK_SECONDS, stated * _SLACK_SHARE), 0.0) if self._short < _MOST_SHORT else 0.0

    def judged(self, error: DownloadFailed | FileTrouble, clip: Clip) -> KlingDesktopError | None:
        """What is in the way now; None when another attempt may be made at once. Raises what ends them."""
        match error:
            case DriveAbsent():
                return error
            case LinkExpired():
                self._unknown += 1
                is_proven = not isinstance(error.__cause__, BadRequest) or self._unknown == _MOST_UNKNOWN
                if is_proven or is_gone(clip, KLING_TIME.now()):
                    raise error
                return AddressRefused(error.message, code=error.code, request_id=error.request_id, http=error.http)
            case FileTrouble():
                raise error
            case AddressRefused() if not self.want_fresh:  # told only if the fresh one is refused as well
                self.want_fresh = True
                return None
            case FilmTooShort():
                self._short += 1
        return error

    def count(self, trouble: KlingDesktopError) -> None:
        """Something was in the way, and there will be a wait. Raises it when a copy has been refused often enough."""
        is_passing = _is_passing(trouble)
        self.failures += 1
        self._refusals += not is_passing
        if self._of_copy and self._refusals == _MOST_OF_A_COPY:
            raise trouble
        # Not after a connection that broke, or a server that is busy: another address would do no better.
        self.want_fresh = self.want_fresh or not is_passing or isinstance(trouble, HostUnreachable)


def _is_passing(trouble: KlingDesktopError) -> bool:
    """Whether it says nothing about the file itself: another try may bring it from the very same address."""
    is_of_the_way = isinstance(trouble, (DownloadInterrupted, DriveAbsent, DiskFull))
    return is_of_the_way and not isinstance(trouble, AddressRefused)
