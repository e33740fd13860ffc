"""The endpoints' rows: what is written of an Extension, and what is read of any answer, however odd."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_desktop.domain.clips import RETENTION, Kind, video_id_of
from kling_desktop.domain.tasks import Extension, Standing, Status
from kling_desktop.errors import AccountEmpty, BadRequest, KlingDesktopError, NotFound, Unreadable
from kling_desktop.kling.endpoints import (
    ENDPOINTS,
    expiry_of,
    read_packs,
    read_page,
    read_standing,
    written_extension,
)
from kling_desktop.kling.envelope import Envelope
from tests.kling_bodies import EXPIRES, FINISHED


def read(data: object) -> Standing:
    return read_standing(Kind.EXTENSION, data, "r-1")


def finished(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(FINISHED) | changes


def test_all_fields_are_written() -> None:
    extension = Extension("743", "a puppy 🐶", "rain", 1, False, "https://cb.invalid/x")
    assert json.loads(written_extension(extension, "own")) == {
        "video_id": "743",
        "prompt": "a puppy 🐶",
        "negative_prompt": "rain",
        "cfg_scale": 1.0,
        "watermark_info": {"enabled": False},
        "callback_url": "https://cb.invalid/x",
        "external_task_id": "own",
    }


def test_guidance_zero_is_a_choice_and_is_sent() -> None:
    assert json.loads(written_extension(Extension("743", guidance=0.0), "own"))["cfg_scale"] == 0.0


@pytest.mark.parametrize("guidance", [-0.01, 1.01, float("nan"), float("inf")])
def test_guidance_out_of_bounds_never_leaves(guidance: float) -> None:
    with pytest.raises(BadRequest, match="cfg_scale"):
        written_extension(Extension("743", guidance=guidance), "own")


def test_half_a_surrogate_pair_does_not_stop_a_prompt() -> None:
    assert json.loads(written_extension(Extension("743", "a \ud83d dog"), "own"))["prompt"] == "a ? dog"


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("815", "/v1/videos/text2video/815"),
        ("CjikY2gHPbcAAAAABlkE-w", "/v1/videos/text2video/CjikY2gHPbcAAAAABlkE-w"),
        ("a/../b?c#d e%", "/v1/videos/text2video/a%2F..%2Fb%3Fc%23d%20e%25"),
        ("片", "/v1/videos/text2video/%E7%89%87"),
    ],
)
def test_an_id_stays_inside_its_part_of_the_path(id: str, path: str) -> None:
    assert ENDPOINTS[Kind.TEXT].path_of(id) == path


@pytest.mark.parametrize("id", ["", ".", "..", "x" * 2000])
def test_an_id_that_would_ask_for_something_else_is_not_asked_for(id: str) -> None:
    with pytest.raises(NotFound):
        ENDPOINTS[Kind.TEXT].path_of(id)


def test_a_finished_task_is_read_whole() -> None:
    standing = read(FINISHED)
    clip, parent = standing.clip, standing.parent
    assert standing.status is Status.SUCCEEDED
    assert standing.units == Decimal("3.5")
    assert standing.external_id == "0123456789abcdef0123456789abcdef"
    assert standing.created_at == datetime(2025, 12, 12, 6, 10, 48, 595000, UTC)
    assert clip is not None
    assert parent is not None
    assert (clip.id, clip.kling_id, clip.kind) == ("815336423812939991", "815336423632572487", Kind.EXTENSION)
    assert (clip.seconds, clip.parent_seconds, clip.parent_id) == (Decimal("15.042"), Decimal("10.2"), parent.id)
    assert clip.made_at == standing.updated_at
    assert clip.expires_at == datetime.fromtimestamp(EXPIRES, UTC)
    assert "ksTime" in clip.watermark_url
    assert "Signature" in clip.url
    assert (parent.id, parent.seconds) == ("743211632612511839", Decimal("10.2"))


@pytest.mark.parametrize(
    ("word", "status", "raw"),
    [
        ("submitted", Status.SUBMITTED, ""),
        ("processing", Status.PROCESSING, ""),
        ("succeed", Status.SUCCEEDED, ""),
        ("succeeded", Status.SUCCEEDED, ""),
        ("FAILED", Status.FAILED, ""),
        ("pondering", None, "pondering"),
        ("", None, ""),
        (None, None, ""),
        (["succeed"], None, ""),
    ],
)
def test_status_words(word: object, status: Status | None, raw: str) -> None:
    standing = read({"task_id": "1", "task_status": word})
    assert (standing.status, standing.raw_status) == (status, raw)


def test_a_task_in_progress_has_empty_objects() -> None:
    standing = read({"task_id": "1", "task_status": "processing", "task_info": {}, "task_result": {}})
    assert (standing.clip, standing.parent, standing.units, standing.created_at) == (None, None, None, None)


def test_an_id_as_a_number_keeps_all_digits() -> None:
    assert read(json.loads('{"task_id": 815336423632572487}')).kling_id == "815336423632572487"


@pytest.mark.parametrize("data", [None, [], "task", {}, {"task_id": ""}, {"task_id": 1.5}, {"task_id": True}])
def test_without_an_id_a_create_stays_uncertain(data: object) -> None:
    with pytest.raises(Unreadable):
        read(data)


@pytest.mark.parametrize("key", sorted(FINISHED.keys() - {"task_id"}))
def test_any_key_but_the_id_may_be_missing(key: str) -> None:
    data = {name: value for name, value in FINISHED.items() if name != key}
    assert read(data).kling_id == FINISHED["task_id"]


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("5.1", "5.1"),
        ("5", "5"),
        (" 15.042 ", "15.042"),
        (5, "5"),
        (Decimal("5.04"), "5.04"),
        ("", None),
        (None, None),
        ("0", None),
        ("-5", None),
        ("NaN", None),
        ("sNaN", None),
        ("1e999", None),
        (float("inf"), None),
        ("five", None),
        ("9" * 5000, None),
        ({}, None),
        (True, None),
    ],
)
def test_lengths_of_any_make(duration: object, seconds: str | None) -> None:
    clip = read(finished(task_result={"videos": [{"id": "v", "url": "https://h/x", "duration": duration}]})).clip
    assert clip is not None
    assert clip.seconds == (None if seconds is None else Decimal(seconds))


@pytest.mark.parametrize("ms", [None, "", "soon", -1, 0, 10**20, float("nan"), 1_722_769_557, {}, True])
def test_times_that_are_none_are_left_out(ms: object) -> None:
    assert read({"task_id": "1", "created_at": ms}).created_at is None


@pytest.mark.parametrize("ms", [1_722_769_557_708, "1722769557708", 1_722_769_557_708.0])
def test_times_in_any_notation(ms: object) -> None:
    assert read({"task_id": "1", "created_at": ms}).created_at == datetime(2024, 8, 4, 11, 5, 57, 708000, UTC)


@pytest.mark.parametrize(
    ("url", "unix"),
    [
        ("https://h/x?Expires=1768112080&Signature=a", 1_768_112_080),
        ("https://h/x?ksSecret=a&ksTime=694fa816", 0x694FA816),
        ("https://h/x?Expires=never&ksTime=694fa816", 0x694FA816),
        ("https://h/x", None),
        ("https://h/x?Expires=99999999999999999999", None),
        ("https://h/x?Expires=-1", None),
        ("https://[broken?Expires=1768112080", None),
        ("", None),
    ],
)
def test_expiry_as_the_address_says_it(url: str, unix: int | None) -> None:
    assert expiry_of(url) == (None if unix is None else datetime.fromtimestamp(unix, UTC))


def test_without_a_signature_a_clip_lives_thirty_days() -> None:
    clip = read(finished(task_result={"videos": [{"id": "v", "url": "https://h/x"}]})).clip
    assert clip is not None
    assert clip.made_at is not None
    assert clip.expires_at == clip.made_at + RETENTION == clip.made_at + timedelta(days=30)


@pytest.mark.parametrize("url", ["ftp://h/x", "file:///etc/passwd", "javascript:1", "", 5, "https://h/" + "x" * 9000])
def test_only_web_addresses_of_sane_length_are_kept(url: object) -> None:
    clip = read(finished(task_result={"videos": [{"id": "v", "url": url}]})).clip
    assert clip is not None
    assert clip.url == ""


def test_a_video_without_an_id_is_still_kept_under_its_task() -> None:
    clip = read(finished(task_result={"videos": [None, {"url": "https://h/x"}]})).clip
    assert clip is not None
    assert clip.id == FINISHED["task_id"]


@pytest.mark.parametrize("result", [None, [], {}, {"videos": None}, {"videos": {}}, {"videos": []}, {"videos": [1]}])
def test_results_without_a_video_give_no_clip(result: object) -> None:
    assert read(finished(task_result=result)).clip is None


@pytest.mark.expects_log("left out")
def test_one_broken_entry_does_not_cost_a_page() -> None:
    standings = read_page(Kind.TEXT, [{"task_id": "1"}, None, {"task_id": "2"}], "r-1")
    assert [(s.kling_id, s.kind, s.request_id) for s in standings] == [("1", Kind.TEXT, "r-1"), ("2", Kind.TEXT, "r-1")]


def test_pages_without_tasks() -> None:
    assert read_page(Kind.TEXT, []) == read_page(Kind.TEXT, None) == []
    with pytest.raises(Unreadable):
        read_page(Kind.TEXT, {"task_id": "1"})


PACK = {
    "resource_pack_name": "Trial-Video-100Units-5Con-1Months",
    "resource_pack_id": "p",
    "resource_pack_type": "decreasing_total",
    "total_quantity": 100.0,
    "remaining_quantity": Decimal("95.2"),
    "purchase_time": 1_765_519_848_595,
    "effective_time": 1_765_519_848_595,
    "invalid_time": 1_768_111_848_595,
    "status": "online",
}


def test_packs_are_read() -> None:
    data = {"code": 0, "msg": "success", "resource_pack_subscribe_infos": [PACK, None, {}]}
    pack, odd = read_packs(Envelope(data, "r"))
    assert (pack.name, pack.status) == ("Trial-Video-100Units-5Con-1Months", "online")
    assert (pack.total_units, pack.remaining_units) == (Decimal(100), Decimal("95.2"))
    assert pack.expires_at == datetime.fromtimestamp(1_768_111_848.595, UTC)
    assert (odd.total_units, odd.expires_at) == (Decimal(0), None)


@pytest.mark.parametrize("data", [{"code": 0, "msg": "success"}, {}, {"resource_pack_subscribe_infos": None}])
def test_an_absent_list_means_no_packs(data: object) -> None:
    assert read_packs(Envelope(data, "r")) == []


def test_the_status_inside_the_packs_is_checked_too() -> None:
    with pytest.raises(AccountEmpty) as refusal:
        read_packs(Envelope({"code": 1102, "msg": "Account balance not enough"}, "r-7"))
    assert (refusal.value.code, refusal.value.request_id) == (1102, "r-7")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.decimals()
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
)
PLACES = [
    *((key,) for key in FINISHED),
    ("task_info", "parent_video"),
    ("task_info", "external_task_id"),
    *(("task_info", "parent_video", key) for key in ("id", "url", "duration")),
    ("task_result", "videos"),
    ("task_result", "videos", 0),
    *(("task_result", "videos", 0, key) for key in ("id", "url", "watermark_url", "duration")),
]


@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=4))
@settings(max_examples=250, deadline=None)
def test_any_answer_is_a_standing_or_an_error_of_the_tree(changes: list[tuple[tuple[Any, ...], object]]) -> None:
    data = finished()
    for place, value in changes:
        put(data, place, value)
    try:
        standing = read(data)
    except KlingDesktopError:
        return
    assert standing.kling_id
    assert standing.units is None or standing.units >= 0
    assert standing.status in (None, Status.SUBMITTED, Status.PROCESSING, Status.SUCCEEDED, Status.FAILED)


def put(data: Any, place: tuple[Any, ...], value: object) -> None:
    """Sets a value deep inside, as long as an earlier change left the way there."""
    *way, last = place
    for step in way:
        try:
            data = data[step]
        except (TypeError, KeyError, IndexError):
            return
    if isinstance(data, dict if isinstance(last, str) else list) and data:
        data[last] = value


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_packs_of_any_make(data: object) -> None:
    try:
        assert isinstance(read_packs(Envelope(data, "r")), list)
    except KlingDesktopError:
        return


# What the official page does not say, and servers do


def _task(**more: object) -> dict[str, Any]:
    return FINISHED | more


@pytest.mark.parametrize("word", ["completed", "Success", "DONE", "finished"])
def test_an_unknown_word_is_an_end_when_a_film_came_with_it(word: str) -> None:
    assert read_standing(Kind.EXTENSION, _task(task_status=word)).status is Status.SUCCEEDED
    without = read_standing(Kind.EXTENSION, _task(task_status=word, task_result={}))
    assert (without.status, without.raw_status) == (None, word)


def test_a_film_beside_a_known_word_is_no_end() -> None:
    assert read_standing(Kind.EXTENSION, _task(task_status="processing")).status is Status.PROCESSING


@pytest.mark.parametrize("word", ["FAIL", "error", "cancelled", "Canceled", "rejected"])
def test_a_bad_end_is_said_in_kling_s_own_word(word: str) -> None:
    standing = read_standing(Kind.EXTENSION, _task(task_status=word, task_result={}))
    assert (standing.status, standing.message, standing.raw_status) == (Status.FAILED, word, "")
    told = read_standing(Kind.EXTENSION, _task(task_status=word, task_result={}, task_status_msg="by the operator"))
    assert told.message == "by the operator"


@pytest.mark.parametrize("word", ["failed", "Failed", "FAIL", "expired"])
def test_a_film_outweighs_a_word_of_failure_which_is_kept_beside_it(word: str) -> None:
    standing = read_standing(Kind.EXTENSION, _task(task_status=word))
    assert (standing.status, standing.raw_status) == (Status.SUCCEEDED, word)
    unaddressed = _task(task_status=word, task_result={"videos": [{"id": "9", "url": ""}]})
    assert read_standing(Kind.EXTENSION, unaddressed).status is Status.FAILED


@pytest.mark.parametrize("id", [".", "..", "9" * 1025, True, " ", None])
def test_a_task_that_nobody_could_ask_for_is_unreadable_and_not_vanished(id: object) -> None:
    with pytest.raises(Unreadable):
        read_standing(Kind.EXTENSION, _task(task_id=id))


def test_every_video_of_an_answer_is_kept_and_the_unusable_left_out() -> None:
    good = [{"id": f"81533642381293999{n}", "url": f"https://cdn.example/{n}.mp4", "duration": "5"} for n in range(3)]
    videos = [{"id": "815336423812939980", "url": ""}, good[0], "nonsense", good[1] | {"id": ""}, good[2]]
    standing = read_standing(Kind.EXTENSION, _task(task_result={"videos": videos}))
    assert standing.clip is not None
    kept = [standing.clip, *standing.more]
    assert [clip.url for clip in kept] == [video["url"] for video in good]
    assert [clip.id for clip in kept] == [good[0]["id"], f"{FINISHED['task_id']}-1", good[2]["id"]]


def test_two_videos_of_one_id_in_one_answer_are_two_takes() -> None:
    videos = [{"id": "9", "url": f"https://cdn.example/{n}.mp4"} for n in range(2)]
    standing = read_standing(Kind.EXTENSION, _task(task_result={"videos": videos}))
    assert standing.clip is not None
    ids = [clip.id for clip in (standing.clip, *standing.more)]
    assert len(set(ids)) == 2
    assert [video_id_of(id) for id in ids] == ["9", "9"]


def test_videos_without_any_address_are_named_and_not_done() -> None:
    standing = read_standing(Kind.EXTENSION, _task(task_result={"videos": [{"id": "1", "url": ""}]}, task_status="odd"))
    assert standing.clip is not None
    assert (standing.clip.id, standing.status, standing.more) == ("1", None, ())


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_a_task_that_a_list_names_twice_the_newer_state_counts(newest_first: bool) -> None:
    old = _task(task_status="processing", task_result={}, updated_at=FINISHED["updated_at"] - 1000)
    other = _task(task_id="8153364236325724999", task_status="submitted")
    page = [FINISHED, other, old] if newest_first else [old, other, FINISHED]
    found = read_page(Kind.EXTENSION, page)
    assert {s.kling_id: s.status for s in found} == {
        FINISHED["task_id"]: Status.SUCCEEDED,
        "8153364236325724999": Status.SUBMITTED,
    }
    same_time = _task(task_status="processing", task_result={})
    assert read_page(Kind.EXTENSION, [same_time, FINISHED])[0].status is Status.SUCCEEDED
    assert read_page(Kind.EXTENSION, [FINISHED, same_time])[0].status is Status.SUCCEEDED
