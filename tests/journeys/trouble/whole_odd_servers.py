"""A campaign of odd servers against the running window: whatever answers in Kling's place, one act is paid once.

Too slow for every run, so pytest does not find it by itself; what it found is in the quick tests:

    .venv/bin/pytest tests/journeys/trouble/whole_odd_servers.py -k create
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.sandbox.server import Sandbox
from tests.harness.servers.meddler import Deed, Meddler, Pass, changed, said
from tests.harness.servers.odd_server import Heard, response
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.trouble.asking import PAGE, UNTRUE, ask, card

FOR_EVER = "99999999"


@pytest.fixture
def meddler(sandbox: Sandbox) -> Iterator[Meddler]:
    with Meddler(sandbox.url) as meddler:
        yield meddler


def sent(*pieces: bytes) -> Deed:
    """These bytes, after the sandbox has done what was asked."""

    def deed(heard: Heard, passed: Pass) -> Iterable[bytes]:
        passed()
        return pieces

    return deed


def code(value: object, http: str = "400 Bad Request", **headers: str) -> Deed:
    """An envelope of Kling's with this code, after the task was made."""
    return said(http, {"code": value, "message": "words", "request_id": "r"}, first=True, **headers)


def told(**fields: object) -> Deed:
    """The sandbox's answer with other fields, in a list in each entry."""

    def change(answer: dict[str, Any]) -> None:
        data = answer.get("data")
        for entry in data if isinstance(data, list) else [data]:
            if isinstance(entry, dict):
                entry.update(fields)

    return changed(change)


def ended(word: str) -> Deed:
    """The same, with this word once there is a film."""

    def change(answer: dict[str, Any]) -> None:
        data = answer.get("data")
        for entry in data if isinstance(data, list) else [data]:
            if isinstance(entry, dict) and (entry.get("task_result") or {}).get("videos"):
                entry["task_status"] = word

    return changed(change)


def filmed(change: Callable[[list[dict[str, Any]]], object]) -> Deed:
    """The same with other videos."""

    def each(answer: dict[str, Any]) -> None:
        data = answer.get("data")
        for entry in data if isinstance(data, list) else [data]:
            if isinstance(entry, dict) and (videos := (entry.get("task_result") or {}).get("videos")):
                change(videos)

    return changed(each)


CREATES: dict[str, Deed] = {
    "403 page": said("403 Forbidden", PAGE, first=True),
    "404 page": said("404 Not Found", PAGE, first=True),
    "407": said("407 Proxy Authentication Required", first=True),
    "499": said("499 Client Closed Request", first=True),
    "400 empty": said("400 Bad Request", first=True),
    "400 error": said("400 Bad Request", {"error": {"code": 1201}}, first=True),
    "401 page": said("401 Unauthorized", PAGE, first=True),
    "429": said("429 Too Many Requests", first=True, Retry_After=FOR_EVER),
    "204": said("204 No Content", first=True),
    "307": said("307 Temporary Redirect", first=True, Location="http://localhost:9/v1/x"),
    "code true": code(True, "200 OK"),
    "code null": code(None, "200 OK"),
    "code in text": code("1303", "429 Too Many Requests"),
    "code of another table": code(9999),
    "a good code in a bad answer": code(0, "500 Internal Server Error"),
    "another task": told(task_id="999", task_info={"external_task_id": "x" * 32}),
    "no task": told(task_id=None),
    "a bomb": sent(response(gzip.compress(b"x" * (200 << 20)), Content_Encoding="gzip")),
    "a bomb cut off": sent(response(gzip.compress(b'{"code":0}' * 100)[:-9], Content_Encoding="gzip")),
    "chunks that stop": sent(response(b'20\r\n{"code":0,"mess', sized=False, Transfer_Encoding="chunked")),
    "longer than it is": sent(response(b'{"code":0,"message":"","request_id":"","data":{}}', Content_Length="9999")),
    "deep": said("200 OK", b'{"code":0,"data":' + b"[" * 100_000, first=True),
    "a number of 6000 digits": said("200 OK", b'{"code":' + b"9" * 6000 + b"}", first=True),
    "10 000 lines": sent(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 10_000 + b"\r\n{}"),
    "no HTTP": sent(b"hello\r\n\r\n"),
}

QUESTIONS: dict[str, Deed] = {
    "403 page": said("403 Forbidden", PAGE),
    "200 page": said("200 OK", PAGE),
    "302": said("302 Found", Location="http://127.0.0.1:9/"),
    "401 keys": said("401 Unauthorized", {"code": 1002, "message": "keys", "request_id": "r"}),
    "empty account": said("429 X", {"code": 1102, "message": "empty", "request_id": "r"}),
    "unknown": said("404 Not Found", {"code": 1203, "message": "no such task", "request_id": "r"}),
    "content": said("400 X", {"code": 1301, "message": "words", "request_id": "r"}),
    "slots": said("429 X", {"code": 1303, "message": "slots", "request_id": "r"}),
    "trouble": said("500 X", {"code": 5000, "message": "trouble", "request_id": "r"}),
    "another task": told(task_id="999"),
    "30 MB": said("200 OK", b'{"code":0,"data":[' + b'{"task_id":"1"},' * 2_000_000 + b"{}]}"),
}

ENDS: dict[str, tuple[Deed, Status]] = {
    "completed": (ended("completed"), Status.SUCCEEDED),
    "Success": (ended("Success"), Status.SUCCEEDED),
    "failed with a film": (ended("failed"), Status.SUCCEEDED),
    "FAIL": (told(task_status="FAIL", task_result={}), Status.FAILED),
    "cancelled": (told(task_status="Cancelled", task_result={}), Status.FAILED),
    "failed and charged": (told(task_status="failed", task_result={}, final_unit_deduction="2"), Status.FAILED),
    "units without end": (told(final_unit_deduction="2." + "3" * 60), Status.SUCCEEDED),
    "units that are none": (told(final_unit_deduction="NaN"), Status.SUCCEEDED),
    "a first video without address": (filmed(lambda videos: videos.insert(0, {"id": "5"})), Status.SUCCEEDED),
    "two videos of one id": (filmed(lambda videos: videos.append(dict(videos[0]))), Status.SUCCEEDED),
    "an id that is a path": (filmed(lambda videos: videos[0].update(id="../../x\0\ud800")), Status.SUCCEEDED),
    "endless": (filmed(lambda videos: videos[0].update(duration=1e300)), Status.SUCCEEDED),
    "long": (filmed(lambda videos: videos[0].update(duration="600")), Status.SUCCEEDED),
    "times of nowhere": (told(created_at="yesterday", updated_at=-1), Status.SUCCEEDED),
}


def half(heard: Heard, passed: Pass) -> Iterable[bytes]:
    content = passed().content
    return [response(content[: len(content) // 2], Content_Type="video/mp4")]


def longer(heard: Heard, passed: Pass) -> Iterable[bytes]:
    content = passed().content
    return [response(content, Content_Length=str(len(content) + 50))]


def whole_part(heard: Heard, passed: Pass) -> Iterable[bytes]:
    content = passed().content
    return [response(content, "206 Partial Content", Content_Range=f"bytes 0-{len(content) - 1}/{len(content)}")]


FILMS: dict[str, Deed] = {
    "a page": said("200 OK", PAGE, Content_Type="video/mp4"),
    "nothing": said("200 OK"),
    "noise": said("200 OK", os.urandom(50_000), Content_Type="video/mp4"),
    "half": half,
    "longer than it is": longer,
    "a part that is the whole": whole_part,
    "403": said("403 Forbidden", PAGE),
    "410": said("410 Gone"),
    "busy": said("503 X", Retry_After=FOR_EVER),
    "a host that is gone": said("302 Found", Location="http://localhost:9/x.mp4"),
    "a file of ours": said("302 Found", Location="file:///etc/passwd"),
}


async def comes_home(creator: Creator, *buttons: str) -> Task:
    """Waits for the take; whenever one of these buttons is there, it is pressed."""

    def kept() -> Task | None:
        for each in creator.window.findChildren(QAbstractButton):
            if each.isVisible() and each.isEnabled() and each.text() in buttons:
                each.click()
        task = creator.newest()
        return task if task is not None and task.clip is not None and task.clip.file else None

    return await creator.sees(kept, "the take to be kept", 60)


def judge(creator: Creator, meddler: Meddler) -> None:
    """Made once, charged once, and looked up before any second sending."""
    assert creator.ask("audit")["totals"]["created"] == 1
    creates = [number for number, seen in enumerate(meddler.seen) if seen.on == "create"]
    ids = {json.loads(meddler.seen[number].heard.body)["external_task_id"] for number in creates}
    assert len(ids) == 1
    for one, other in pairwise(creates):
        assert any(seen.on in ("query", "list") for seen in meddler.seen[one:other]), "sent again without a look-up"


@pytest.mark.parametrize("name", CREATES)
async def test_a_create_is_paid_once(start: Start, meddler: Meddler, name: str) -> None:
    meddler.order("create", CREATES[name])
    async with start(by=meddler.url) as creator:
        await ask(creator)
        await creator.sees(lambda: (task := creator.newest()) and task.status is not Status.SENDING, "an answer")
        if creator.window.doctor.isVisible():
            assert not [words for words in UNTRUE if words in card(creator)]
        await comes_home(creator)
        judge(creator, meddler)


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_changes_nothing(start: Start, meddler: Meddler, name: str) -> None:
    async with start(by=meddler.url) as creator:
        creator.tell("faults", do="stuck")
        await ask(creator)
        task = await creator.sees(lambda: (now := creator.newest()) and now.status.at_kling and now, "Kling to take it")
        for on in ("query", "list"):
            meddler.order(on, QUESTIONS[name], -1)
        await creator.sees(lambda: sum(seen.deed for seen in meddler.seen) >= 3, "three odd answers", 20)
        said_now = f"{creator.banners()} {card(creator) if creator.window.doctor.isVisible() else ''}"
        assert not [words for words in (*UNTRUE, "checking whether") if words in said_now]
        meddler.clear()
        creator.tell("finish", id=task.kling_id)
        await comes_home(creator, "Try now", "Look it up")
        judge(creator, meddler)


@pytest.mark.parametrize("name", ENDS)
async def test_an_end_is_an_end(start: Start, meddler: Meddler, name: str) -> None:
    deed, status = ENDS[name]
    for on in ("query", "list"):
        meddler.order(on, deed, -1)
    async with start(by=meddler.url) as creator:
        await ask(creator)
        await creator.sees(lambda: (task := creator.newest()) and task.status is status, f"the task to be {status}")
        if status is Status.SUCCEEDED:
            await comes_home(creator)
        judge(creator, meddler)


@pytest.mark.parametrize("name", FILMS)
async def test_a_film_comes_home_in_the_end(start: Start, meddler: Meddler, name: str) -> None:
    async with start(by=meddler.url) as creator:
        creator.tell("faults", do="stuck")
        await ask(creator)
        task = await creator.sees(lambda: (now := creator.newest()) and now.status.at_kling and now, "Kling to take it")
        await creator.sees(lambda: meddler.count("media") >= 4, "the clip before it")
        meddler.order("media", FILMS[name], 3)
        creator.tell("finish", id=task.kling_id)
        await comes_home(creator, "Download again")
        judge(creator, meddler)
