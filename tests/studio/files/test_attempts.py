"""What each attempt at a film that failed teaches the next one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.errors import (
    AddressRefused,
    BadRequest,
    DownloadInterrupted,
    DriveAbsent,
    FileTrouble,
    FilmTooShort,
    HostUnreachable,
    LinkExpired,
)
from kling_desktop.studio.files.attempts import Attempts

CLIP = Clip("clip", seconds=Decimal(10))


def unknown() -> LinkExpired:
    """Kling's word that it does not know the task, as the downloader puts it."""
    error = LinkExpired("not found")
    error.__cause__ = BadRequest("not found")
    return error


def test_a_refused_address_is_replaced_at_once_and_told_from_then_on() -> None:
    attempts, refused = Attempts(of_copy=False), AddressRefused("403")
    assert attempts.judged(refused, CLIP) is None
    assert attempts.want_fresh
    assert attempts.judged(refused, CLIP) is refused


def test_a_film_that_stays_too_short_is_taken_as_it_is() -> None:
    attempts, short = Attempts(of_copy=False), FilmTooShort("2 s")
    bounds = []
    for _ in range(3):
        bounds.append(attempts.least_seconds(CLIP))
        assert attempts.judged(short, CLIP) is short
    assert bounds == [8.0, 8.0, 0.0]
    assert Attempts(of_copy=False).least_seconds(Clip("without a length")) == 0.0


def test_only_what_kling_says_again_and_again_ends_the_attempts() -> None:
    attempts = Attempts(of_copy=False)
    assert [type(attempts.judged(unknown(), CLIP)) for _ in range(4)] == [AddressRefused] * 4
    with pytest.raises(LinkExpired):
        attempts.judged(unknown(), CLIP)
    with pytest.raises(LinkExpired):  # by Kling's own dates, not by a question that it could not answer
        Attempts(of_copy=False).judged(LinkExpired("over"), CLIP)


def test_an_absent_drive_is_waited_for_and_any_other_trouble_with_the_folder_is_not() -> None:
    attempts, absent = Attempts(of_copy=False), DriveAbsent("stick")
    assert attempts.judged(absent, CLIP) is absent
    with pytest.raises(FileTrouble, match="read-only"):
        attempts.judged(FileTrouble("read-only"), CLIP)


@pytest.mark.parametrize(
    ("trouble", "is_wanted"),
    [(DownloadInterrupted("cut"), False), (HostUnreachable("gone"), True), (FilmTooShort("2 s"), True)],
)
def test_another_address_is_asked_for_where_it_may_do_better(trouble: DownloadInterrupted, is_wanted: bool) -> None:
    attempts = Attempts(of_copy=False)
    attempts.count(trouble)
    assert (attempts.failures, attempts.want_fresh) == (1, is_wanted)


def test_a_copy_is_given_up_after_five_refusals_and_a_take_never() -> None:
    refused, broken = AddressRefused("403"), DownloadInterrupted("cut")
    copy, take = Attempts(of_copy=True), Attempts(of_copy=False)
    for trouble in (refused, broken) * 4:
        copy.count(trouble)
    for _ in range(50):
        take.count(refused)
    with pytest.raises(AddressRefused):
        copy.count(refused)
