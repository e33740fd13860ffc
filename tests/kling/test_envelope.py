"""The envelope: each code and each odd body becomes one error of the tree, and no message carries a secret."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_desktop import errors
from kling_desktop.errors import KlingDesktopError, Refused, Uncertain
from kling_desktop.kling.envelope import (
    CODES,
    LONGEST_MESSAGE,
    Envelope,
    asked_only,
    cleaned,
    failure_of,
    opened,
    text_of,
)


def refusal(http: int, body: bytes | dict[str, object], **headers: str) -> KlingDesktopError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(KlingDesktopError) as caught:
        opened(http, {name.replace("_", "-"): value for name, value in headers.items()}, raw)
    return caught.value


def test_a_good_envelope_gives_its_data() -> None:
    envelope = opened(200, {}, b'{"code":0,"message":"SUCCEED","request_id":"r-1","data":[1],"more":{}}')
    assert envelope.data == [1]
    assert envelope.request_id == "r-1"


def test_left_out_data_is_none() -> None:
    assert opened(200, {}, b'{"code":0}').data is None


@pytest.mark.parametrize(
    ("http", "code", "message", "expected"),
    [
        (401, 1000, "auth failed", errors.SignInRefused),
        (401, 1001, "Authorization is empty", errors.SignInRefused),
        (401, 1002, "api key not found", errors.SignInRefused),
        (401, 1003, "not yet valid", errors.ClockWrong),
        (401, 1004, "expired", errors.ClockWrong),
        (429, 1100, "", errors.AccountStopped),
        (429, 1101, "", errors.AccountEmpty),
        (429, 1102, "Account balance not enough", errors.AccountEmpty),
        (403, 1103, "", errors.NotPermitted),
        (400, 1200, "", errors.BadRequest),
        (400, 1201, "mode value 'std' is invalid", errors.BadRequest),
        (400, 1201, "From video not found by id: 890285348722049090", errors.VideoUnknown),
        (400, 1201, "External_task_id abc already exists", errors.DuplicateId),
        (400, 1201, "model is not supported", errors.VideoIneligible),
        (400, 1201, "total video duration cannot exceed 3 minutes", errors.VideoIneligible),
        (400, 1201, "prompt length exceeds 2500, too long for a video", errors.BadRequest),
        (400, 1201, "Task 815336423632572487 not found", errors.NotFound),
        (404, 1202, "", errors.BadRequest),
        (404, 1203, "", errors.NotFound),
        (404, 1203, "The model 'kling-v1' has been discontinued and is no longer available.", errors.ModelRetired),
        (400, 1300, "", errors.ContentRefused),
        (400, 1301, "", errors.ContentRefused),
        (429, 1302, "", errors.Busy),
        (429, 1303, "parallel task over resource pack limit", errors.SlotsFull),
        (429, 1304, "", errors.AddressBlocked),
        (500, 5000, "", errors.ServerTrouble),
        (503, 5001, "", errors.Maintenance),
        (504, 5002, "", errors.ServerTrouble),
        (200, 1301, "a code under HTTP 200", errors.ContentRefused),
        (200, 1999, "a new code of a known family", errors.Unreadable),
        (200, 7777, "a new code", errors.Unreadable),
        (400, 7777, "a new code", errors.Unreadable),
        (401, 1099, "a new code", errors.Unreadable),
        (500, 0, "contradiction", errors.ServerTrouble),
    ],
)
def test_the_code_names_the_error(http: int, code: int, message: str, expected: type[KlingDesktopError]) -> None:
    error = refusal(http, {"code": code, "message": message, "request_id": "r-9"})
    assert type(error) is expected
    assert (error.code, error.message, error.request_id, error.http) == (code, message, "r-9", http)


def test_every_documented_code_is_in_the_table() -> None:
    documented = {*range(1000, 1005), *range(1100, 1104), *range(1200, 1204), *range(1300, 1305), 5000, 5001, 5002}
    assert set(CODES) == documented


HTML = b"<!DOCTYPE html><html><style>b{}</style><body><h1>502 Bad Gateway</h1></body></html>"


@pytest.mark.parametrize(
    ("http", "expected"),
    [
        (200, errors.Unreadable),
        (204, errors.Unreadable),
        (302, errors.Unreadable),
        (400, errors.ForeignAnswer),
        (401, errors.ForeignAnswer),
        (403, errors.ForeignAnswer),
        (404, errors.ForeignAnswer),
        (407, errors.ForeignAnswer),
        (408, errors.TimedOut),
        (429, errors.ForeignAnswer),
        (499, errors.ForeignAnswer),
        (500, errors.ServerTrouble),
        (502, errors.ServerTrouble),
        (503, errors.ServerTrouble),
        (504, errors.ServerTrouble),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        HTML,
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"{}",
        b'{"code":true}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"error":{"code":1301}}',
        b'{"code":1303}',
        b'{"code":"1303","message":"too many","request_id":"r-1"}',
        b'{"code":1201.0,"message":"no","request_id":"r-1"}',
        b'{"code":1002,"message":null,"request_id":"r-1"}',
        b'{"code":1200,"message":"no route"}',
    ],
)
def test_without_an_envelope_of_klings_the_http_status_decides_and_nothing_is_refused(
    http: int, expected: type[KlingDesktopError], body: bytes
) -> None:
    error = refusal(http, body)
    assert type(error) is expected
    assert isinstance(error, errors.Uncertain)
    assert error.code is None, "it would be shown as Kling's"


@pytest.mark.parametrize("code", [1102, 1301, 1303, 1201, 1004])
def test_a_refusal_that_names_a_task_proves_nothing(code: int) -> None:
    words = {"code": code, "message": "words", "request_id": "r"}
    assert isinstance(refusal(400, words | {"data": {}}), Refused)
    named = [{"task_id": "815"}, [{"task_id": 815}], {"task": {"info": [{"task_id": "815"}]}}]
    otherwise = [{"taskId": "815"}, {"id": 815}, {"task_info": {"external_task_id": "kd-1"}}, ["815"], "815"]
    assert isinstance(refusal(400, words | {"data": {"task_id": "", "task_info": {}, "videos": []}}), Refused)
    for data in named + otherwise:
        assert isinstance(refusal(400, words | {"data": data}), Uncertain)


@pytest.mark.parametrize(
    "more",
    [
        {"taskId": "815"},
        {"TaskID": 815},
        {"task": {"id": "815"}},
        {"tasks": [{"id": "815"}]},
        {"error": {"task_Id": "815"}},
    ],
    ids=str,
)
def test_so_does_one_that_names_it_beside_its_data_in_another_spelling(more: dict[str, object]) -> None:
    words = {"code": 1201, "message": "words", "request_id": "r"}
    assert isinstance(refusal(400, words | more), Uncertain)
    assert isinstance(refusal(400, words | {"taskId": "", "task": None, "host": "h7"}), Refused)


@pytest.mark.parametrize(
    "body",
    [
        b'{"code":0,"data":{"task_id":"815"},"data":{"task_id":"816"}}',
        b'{"code":0,"data":{"task_id":"815","task_id":"816"}}',
        b'{"code":0,"data":[{"task_id":"815","task_status":"succeed","task_id":"816"}]}',
    ],
)
def test_an_answer_about_two_tasks_in_one_place_is_about_neither(body: bytes) -> None:
    assert isinstance(refusal(200, body), Uncertain)
    assert opened(200, {}, body.replace(b"816", b"815")).data


def test_an_answer_of_two_codes_proves_nothing() -> None:
    rest = b'"message":"words","request_id":"r","data":{"task_id":""}}'
    assert isinstance(refusal(429, b'{"code":0,"code":1102,' + rest), Uncertain)
    assert isinstance(refusal(200, b'{"code":1102,"code":0,' + rest), Uncertain)
    assert isinstance(refusal(429, b'{"code":1102,"code":1102,' + rest), Refused)


def test_a_gateways_page_is_told_in_its_words_without_markup() -> None:
    assert refusal(502, HTML).message == "HTTP 502 502 Bad Gateway"


def test_half_a_surrogate_pair_is_no_text_that_could_be_kept() -> None:
    assert text_of("a\ud800b") == "a?b"
    assert text_of("视频 \U0001f600") == "视频 \U0001f600"


def test_a_good_code_in_text_is_understood() -> None:
    assert opened(200, {}, b'{"code":"0","data":{}}').data == {}


@pytest.mark.parametrize("error", [kind for kind in errors.EVERY_ERROR if issubclass(kind, errors.Uncertain)])
def test_the_trouble_of_a_question_speaks_of_no_charge(error: type[KlingDesktopError]) -> None:
    told = asked_only(error("words", code=5, request_id="r-1", http=502, retry_after=3.0))
    assert isinstance(told, errors.Unanswered)
    assert (told.message, told.code, told.request_id, told.http, told.retry_after) == ("words", 5, "r-1", 502, 3.0)
    assert "took it" not in told.advice
    assert "charged" not in told.advice


@pytest.mark.parametrize("code", [1300, 1301, 1302, 1303])
def test_a_question_is_never_refused_in_the_words_for_a_create(code: int) -> None:
    refused = refusal(429, {"code": code, "message": "no", "request_id": "r-1"})
    assert isinstance(asked_only(refused), errors.Unanswered)
    assert not isinstance(asked_only(refused), errors.Refused)


def test_keys_and_account_are_refused_alike_for_a_question() -> None:
    for code in (1000, 1003, 1102, 1103, 1304, 1203):
        refused = refusal(401, {"code": code, "message": "no", "request_id": "r-1"})
        assert asked_only(refused) is refused
    assert type(asked_only(refused, (errors.BadRequest,))) is errors.QuestionRefused


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        (" 1.5 ", 1.5),
        ("9999999", 600.0),
        ("601", 600.0),
        ("99999999", 600.0),
        ("-3", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_in_seconds(header: str, seconds: float | None) -> None:
    assert refusal(429, {"code": 1302}, retry_after=header).retry_after == seconds  # whatever the envelope is


def test_retry_after_as_a_date_counts_from_the_servers_own_clock() -> None:
    headers = {"date": "Sun, 22 Nov 2026 10:00:00 GMT", "retry_after": "Sun, 22 Nov 2026 10:00:30 GMT"}
    assert refusal(503, {"code": 5001}, **headers).retry_after == 30.0


def test_messages_lose_signatures_tokens_and_length() -> None:
    signed = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhayJ9.c2lnbmF0dXJl"
    said = (
        f"see https://cdn.example/a.mp4?Signature=abc&Key-Pair-Id=k for {signed}, Bearer {signed}, api-key-kling-1x\x00"
    )
    shown = cleaned(said + "x" * 9000)
    assert not any(secret in shown for secret in ("Signature", "Key-Pair", "eyJ", "c2lnb", "api-key-kling", "\x00"))
    assert "https://cdn.example/a.mp4 for" in shown
    assert len(shown) == LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Failure to pass the risk control system", errors.RiskControl),
        ("内容触发风控", errors.RiskControl),
        ("generation timed out", errors.TaskFailed),
        ("", errors.TaskFailed),
    ],
)
def test_failures_are_told_apart(message: str, expected: type[KlingDesktopError]) -> None:
    assert failure_of(message) is expected


@pytest.mark.parametrize(
    "body",
    [b"[" + b"1.5," * 70_000 + b"1]", b'{"code":0,"data":[' + b"{}," * 70_000 + b"{}]}"],
    ids=["flat", "objects"],
)
def test_an_answer_of_too_many_members_is_not_begun(body: bytes) -> None:
    assert isinstance(refusal(200, body), errors.Unreadable)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
ENVELOPES = st.fixed_dictionaries({}, optional=dict.fromkeys(("code", "message", "request_id", "data"), JSON))
BODIES = st.binary(max_size=200) | JSON.map(json.dumps).map(str.encode) | ENVELOPES.map(json.dumps).map(str.encode)
HEADERS = st.dictionaries(st.sampled_from(["retry-after", "date"]), st.text(max_size=40))


@given(http=st.integers(100, 599), headers=HEADERS, body=BODIES)
@settings(max_examples=200, deadline=None)
def test_any_answer_is_an_envelope_or_an_error_of_the_tree(http: int, headers: dict[str, str], body: bytes) -> None:
    outcome = outcome_of(http, headers, body)
    if isinstance(outcome, Envelope):
        assert 200 <= http < 300
        return
    assert isinstance(outcome, Refused | Uncertain)
    assert len(outcome.message) <= LONGEST_MESSAGE
    assert outcome.retry_after is None or 0 <= outcome.retry_after <= 86_400
    assert str(outcome).startswith(type(outcome).__name__)


def outcome_of(http: int, headers: dict[str, str], body: bytes) -> Envelope | KlingDesktopError:
    try:
        return opened(http, headers, body)
    except KlingDesktopError as error:
        return error
