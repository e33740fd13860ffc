"""The pretended Kling speaks as documented: routes, envelope, ids, authorization, checks, audit and restarts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kling_desktop.sandbox.api.auth import sign
from kling_desktop.sandbox.ids import EPOCH_MS
from kling_desktop.sandbox.server import Sandbox
from tests.sandbox.customer import ENDED, EXTEND, Customer, customer_of, shelf, until


def born_ms(identity: str) -> int:
    """The Unix ms that an id tells as its birth: what a client may read from it."""
    return (int(identity) >> 22) + EPOCH_MS


@pytest.fixture
def customer(sandbox: Sandbox) -> Customer:
    return customer_of(sandbox)


@pytest.fixture
def source(sandbox: Sandbox) -> str:
    """Video id of a clip that can be extended."""
    return str(shelf(sandbox)["dawn-lake"]["video_id"])


def test_an_extension_goes_all_the_way(customer: Customer, source: str) -> None:
    made = customer.extend(source, prompt="A boat", external_task_id="own-1", watermark_info={"enabled": True})
    assert made.status == 200
    assert (made.body["code"], made.body["message"]) == (0, "SUCCEED")
    assert re.fullmatch(r"[0-9a-f-]{36}", made.body["request_id"])
    assert made.data["task_status"] == "submitted"
    assert made.data["created_at"] == made.data["updated_at"]
    task = customer.ended("own-1")
    assert task["task_status"] == "succeed"
    assert task["task_id"] == made.data["task_id"]
    assert task["updated_at"] > task["created_at"]
    assert task["task_info"]["external_task_id"] == "own-1"
    assert task["task_info"]["parent_video"]["id"] == source
    assert task["final_unit_deduction"] == "2"
    assert task["watermark_info"] == {"enabled": True}
    (video,) = task["task_result"]["videos"]
    assert set(video) == {"id", "url", "watermark_url", "duration"}
    assert 9.0 < float(video["duration"]) < 10.6
    assert customer.get(f"{EXTEND}/{task['task_id']}").data == task
    assert customer.get(EXTEND).data == [task]


def test_ids_look_and_age_like_the_real_ones(customer: Customer, source: str) -> None:
    before = time.time() * 1000
    task = customer.ended(customer.extend(source).data["task_id"])
    task_id, video_id = task["task_id"], task["task_result"]["videos"][0]["id"]
    assert re.fullmatch(r"\d{18}", task_id)
    assert re.fullmatch(r"\d{18}", video_id)
    assert born_ms(task_id) == task["created_at"]
    assert born_ms(video_id) - born_ms(task_id) == 44
    assert before - 5 <= task["created_at"] <= time.time() * 1000
    assert born_ms("815336423632572487") == 1762419870395  # a published pair


def test_a_running_task_says_little(customer: Customer, source: str) -> None:
    customer.control("speed", speed="realistic")
    plain = customer.extend(source).data["task_id"]
    data = customer.get(f"{EXTEND}/{plain}").data
    assert data["task_status"] == "submitted"
    assert data["task_info"] == {}
    assert data.get("task_result", {}) == {}
    assert data["task_status_msg"] == ""
    done = customer.control("finish", id=plain)
    assert done["status"] == "succeed"
    assert customer.get(f"{EXTEND}/{plain}").data["task_result"]["videos"][0]["id"] == done["video_id"]


def test_status_moves_through_processing(customer: Customer, source: str) -> None:
    customer.control("faults", on="create", do="stuck")  # it would be through before a loaded machine looks again
    task_id = customer.extend(source, prompt="Through processing").data["task_id"]
    seen = []

    def look() -> str:
        seen.append(customer.get(f"{EXTEND}/{task_id}").data["task_status"])
        return str(seen[-1])

    until(lambda: look() == "processing")
    customer.control("finish", id=task_id)
    until(lambda: look() in ENDED)
    assert list(dict.fromkeys(seen)) in (["submitted", "processing", "succeed"], ["processing", "succeed"])


def test_a_list_is_a_bare_array_newest_first(customer: Customer) -> None:
    tasks = customer.get("/v1/videos/text2video?pageNum=1&pageSize=500").data
    assert isinstance(tasks, list)
    times = [task["created_at"] for task in tasks]
    assert times == sorted(times, reverse=True)
    pages = [customer.get(f"/v1/videos/text2video?pageNum={n}&pageSize=3").data for n in range(1, 6)]
    assert [task for page in pages for task in page] == tasks
    assert customer.get("/v1/videos/text2video?pageNum=1000").data == []


def test_the_library_has_clips_of_every_shape(sandbox: Sandbox, customer: Customer) -> None:
    clips = [entry for entry in shelf(sandbox).values() if entry["own"] and entry["status"] == "succeed"]
    assert len(clips) >= 8
    assert {clip["aspect"] for clip in clips} == {"16:9", "9:16", "1:1"}
    assert {clip["model"] for clip in clips} == {"kling-v1", "kling-v1-5", "kling-v1-6", "kling-v2-6"}
    assert {clip["mode"] for clip in clips} == {"std", "pro"}
    lengths = {round(clip["frames"] / clip["fps"]) for clip in clips}
    assert lengths == {5, 10, 172}
    ages = {tag: (time.time() * 1000 - born_ms(entry["task_id"])) / 86_400_000 for tag, entry in shelf(sandbox).items()}
    assert 28.9 < ages["almost-gone"] < 29.1
    assert ages["gone"] > 30
    listed = {kind: customer.get(f"/v1/videos/{kind}").data for kind in ("text2video", "image2video")}
    tags = {task["task_info"]["external_task_id"] for tasks in listed.values() for task in tasks}
    assert tags == {tag for tag, entry in shelf(sandbox).items() if entry["own"]}


def test_durations_come_in_mixed_precision(customer: Customer) -> None:
    texts = [
        video["duration"]
        for kind in ("text2video", "image2video")
        for task in customer.get(f"/v1/videos/{kind}").data
        for video in task["task_result"].get("videos", [])
    ]
    assert all(isinstance(text, str) and float(text) > 0 for text in texts)
    assert len({len(text.partition(".")[2]) for text in texts}) > 1


class TestAuthorization:
    def test_keys_of_both_kinds_open(self, sandbox: Sandbox) -> None:
        now = int(time.time())
        token = sign(sandbox.access_key, sandbox.secret_key, not_before=now - 5, expires=now + 1800)
        for key in (token, sandbox.api_key):
            assert Customer(sandbox.url, f"Bearer {key}").get(EXTEND).status == 200
        assert sandbox.api_key.startswith("api-key-kling-sandbox-")
        assert len(sandbox.secret_key) >= 32

    @pytest.mark.parametrize(
        ("shape", "code"),
        [
            (None, 1001),
            ("", 1001),
            ("Bearer", 1002),
            ("Bearer junk", 1002),
            ("Bearer a.b.c", 1002),
            ("Bearer  {good}", 1002),
            ("Basic {good}", 1002),
            ("Bearer api-key-kling-nobody", 1002),
            ("Bearer {stranger}", 1002),
            ("Bearer {forged}", 1000),
            ("Bearer {early}", 1003),
            ("Bearer {late}", 1004),
        ],
    )
    def test_bad_ones_get_their_code(self, sandbox: Sandbox, shape: str | None, code: int) -> None:
        now = int(time.time())
        window = {"not_before": now - 5, "expires": now + 1800}
        tokens = {
            "good": sign(sandbox.access_key, sandbox.secret_key, **window),
            "stranger": sign("nobody", sandbox.secret_key, **window),
            "forged": sign(sandbox.access_key, "x" * 32, **window),
            "early": sign(sandbox.access_key, sandbox.secret_key, not_before=now + 60, expires=now + 1800),
            "late": sign(sandbox.access_key, sandbox.secret_key, not_before=now - 60, expires=now - 1),
        }
        answer = Customer(sandbox.url, shape and shape.format(**tokens)).get(EXTEND)
        assert answer.code == (401, code)
        assert set(answer.body) == {"code", "message", "request_id"}
        if code == 1001:
            assert answer.body["message"] == "Authorization is empty"

    def test_the_clock_can_be_shifted(self, sandbox: Sandbox, customer: Customer) -> None:
        now = int(time.time())
        token = sign(sandbox.access_key, sandbox.secret_key, not_before=now - 5, expires=now + 1800)
        customer.control("clock", seconds=-600)
        answer = Customer(sandbox.url, f"Bearer {token}").get(EXTEND)
        assert answer.code == (401, 1003)
        assert abs(parsedate_to_datetime(answer.headers["date"]).timestamp() - (now - 600)) < 5
        customer.control("clock", seconds=3600)
        assert Customer(sandbox.url, f"Bearer {token}").get(EXTEND).code == (401, 1004)


class TestChecks:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"prompt": "x" * 2501}, (400, 1201)),
            ({"negative_prompt": "雪" * 2501}, (400, 1201)),
            ({"cfg_scale": 1.1}, (400, 1201)),
            ({"cfg_scale": -0.1}, (400, 1201)),
            ({"cfg_scale": "much"}, (400, 1201)),
            ({"cfg_scale": True}, (400, 1201)),
            ({"watermark_info": True}, (400, 1201)),
            ({"prompt": 5}, (400, 1201)),
            ({"prompt": "something Forbidden"}, (400, 1301)),
            ({"video_id": ""}, (400, 1201)),
            ({"video_id": None}, (400, 1201)),
            ({"video_id": "743211632612511839"}, (400, 1201)),
        ],
    )
    def test_bad_values_make_nothing(self, customer: Customer, source: str, fields: Any, code: Any) -> None:
        answer = customer.post(EXTEND, {"video_id": source, **fields})
        assert answer.code == code
        assert "data" not in answer.body
        assert customer.get("/_sandbox/audit").body["totals"]["created"] == 0

    def test_good_bounds_pass_and_unknown_fields_are_ignored(self, customer: Customer, source: str) -> None:
        fields = {
            "prompt": "雪" * 2500,
            "negative_prompt": "",
            "callback_url": "",
            "cfg_scale": "0.5",
            "mode": "pro",
            "x": 1,
        }
        assert customer.extend(source, **fields).status == 200

    def test_a_number_is_taken_where_a_string_is_documented(self, customer: Customer, source: str) -> None:
        made = customer.post(EXTEND, {"video_id": int(source), "cfg_scale": 1, "external_task_id": "by-number"})
        assert made.status == 200
        parent = customer.ended("by-number")["task_info"]["parent_video"]
        assert parent["id"] == source

    def test_bodies_that_are_no_objects(self, customer: Customer) -> None:
        assert customer.post(EXTEND, b"{").code == (400, 1200)
        assert customer.post(EXTEND, []).code == (400, 1200)
        assert customer.post(EXTEND, b"").code == (400, 1200)

    @pytest.mark.parametrize("tag", ["gone", "of-somebody-else"])
    def test_videos_that_are_not_ours_to_extend(self, sandbox: Sandbox, customer: Customer, tag: str) -> None:
        video_id = shelf(sandbox)[tag]["video_id"]
        answer = customer.extend(video_id)
        assert answer.code == (400, 1201)
        assert answer.body["message"] == f"From video not found by id: {video_id}"

    def test_a_task_id_is_no_video_id(self, sandbox: Sandbox, customer: Customer) -> None:
        task_id = shelf(sandbox)["dawn-lake"]["task_id"]
        assert customer.extend(task_id).body["message"] == f"From video not found by id: {task_id}"

    def test_newer_models_are_not_supported(self, sandbox: Sandbox, customer: Customer) -> None:
        answer = customer.extend(shelf(sandbox)["newer-model"]["video_id"])
        assert (answer.code, answer.body["message"]) == ((400, 1201), "model is not supported")

    def test_three_minutes_are_the_end(self, sandbox: Sandbox, customer: Customer) -> None:
        last = customer.extend(shelf(sandbox)["three-minutes"]["video_id"], external_task_id="long")
        assert last.status == 200
        task = customer.ended("long")
        assert 176 <= float(task["task_result"]["videos"][0]["duration"]) <= 178
        assert customer.extend(task["task_result"]["videos"][0]["id"]).code == (400, 1201)

    def test_a_duplicate_is_refused_whatever_became_of_the_first(self, customer: Customer, source: str) -> None:
        customer.extend(source, prompt="risky", external_task_id="twice")
        assert customer.ended("twice")["task_status"] == "failed"
        answer = customer.extend(source, external_task_id="twice")
        assert (answer.code, answer.body["message"]) == ((400, 1201), "External_task_id twice already exists")
        entry = customer.get("/_sandbox/audit").body["tasks"]["twice"]
        assert (entry["created"], entry["refused_duplicates"], entry["units"]) == (1, 1, 0)

    def test_slots(self, customer: Customer, source: str) -> None:
        customer.control("speed", speed="realistic")
        ids = [customer.extend(source, prompt=f"Nr {n}").data["task_id"] for n in range(5)]
        answer = customer.extend(source)
        assert (answer.code, answer.body["message"]) == ((429, 1303), "parallel task over resource pack limit")
        assert "data" not in answer.body
        customer.control("finish", id=ids[0], status="failed", message="for a reason")
        assert customer.extend(source).status == 200
        customer.control("slots", slots=2)
        assert customer.extend(source).code == (429, 1303)
        failed = customer.get(f"{EXTEND}/{ids[0]}").data
        assert (failed["task_status_msg"], failed["final_unit_deduction"]) == ("for a reason", "0")

    def test_units_run_out(self, customer: Customer, source: str) -> None:
        customer.control("units", remaining=3)
        customer.ended(customer.extend(source).data["task_id"])
        answer = customer.extend(source)
        assert (answer.code, answer.body["message"]) == ((429, 1102), "Account balance not enough")
        assert customer.get("/_sandbox/audit").body["totals"]["remaining_units"] == 1

    def test_risk_control_fails_the_accepted_task(self, customer: Customer, source: str) -> None:
        task = customer.ended(customer.extend(source, prompt="A RISKY thing").data["task_id"])
        assert task["task_status_msg"] == "Failure to pass the risk control system"
        assert (task["task_result"], task["final_unit_deduction"]) == ({}, "0")

    @pytest.mark.parametrize("query", ["pageNum=0", "pageNum=1001", "pageSize=0", "pageSize=501", "pageNum=x"])
    def test_page_bounds(self, customer: Customer, query: str) -> None:
        assert customer.get(f"{EXTEND}?{query}").code == (400, 1201)

    def test_unknown_ids_and_paths(self, sandbox: Sandbox, customer: Customer) -> None:
        assert customer.get(f"{EXTEND}/nobody").code == (404, 1203)
        assert customer.get(f"{EXTEND}/{shelf(sandbox)['dawn-lake']['task_id']}").code == (404, 1203)
        assert customer.get("/v1/video/extension").code == (404, 1202)
        assert customer.ask("DELETE", EXTEND).code == (404, 1202)

    def test_external_ids_are_unquoted(self, customer: Customer, source: str) -> None:
        customer.extend(source, external_task_id="a b/ü?")
        assert customer.get(f"{EXTEND}/{quote('a b/ü?', safe='')}").data["task_info"]["external_task_id"] == "a b/ü?"

    def test_after_the_retirement(self, sandbox: Sandbox, customer: Customer, source: str) -> None:
        customer.control("retired", on=True)
        message = "The model '{}' has been discontinued and is no longer available."
        answer = customer.extend(source)
        assert (answer.code, answer.body["message"]) == ((404, 1203), message.format("kling-v1-6"))
        answer = customer.post("/v1/videos/text2video", {"prompt": "Hills"})
        assert (answer.code, answer.body["message"]) == ((404, 1203), message.format("kling-v1"))
        assert customer.post("/v1/videos/text2video", {"prompt": "x", "model_name": "kling-v2-6"}).status == 200
        assert customer.get(EXTEND).status == 200


class TestSources:
    def test_text_to_video(self, customer: Customer) -> None:
        customer.control("old_models", on=True)
        asked = {"model_name": "kling-v1-6", "prompt": "Hills", "mode": "pro", "duration": "10", "aspect_ratio": "9:16"}
        task_id = customer.post("/v1/videos/text2video", asked).data["task_id"]
        path = f"/v1/videos/text2video/{task_id}"
        task = until(lambda: (data := customer.get(path).data)["task_status"] == "succeed" and data)
        assert task["final_unit_deduction"] == "7"
        assert "parent_video" not in task["task_info"]
        assert customer.extend(task["task_result"]["videos"][0]["id"]).status == 200

    @pytest.mark.parametrize(
        ("kind", "body", "message"),
        [
            ("text2video", {}, "prompt can't be empty"),
            ("text2video", {"prompt": "x", "mode": "best"}, "mode value 'best' is invalid"),
            ("text2video", {"prompt": "x", "duration": "7"}, "duration value '7' is invalid"),
            ("text2video", {"prompt": "x", "duration": [5]}, "duration must be a string"),
            ("text2video", {"prompt": "x", "model_name": "kling-v1-5"}, "model is not supported"),
            ("image2video", {"prompt": "x"}, "image can't be empty"),
        ],
    )
    def test_bad_values(self, customer: Customer, kind: str, body: Any, message: str) -> None:
        answer = customer.post(f"/v1/videos/{kind}", body)
        assert (answer.code, answer.body["message"]) == ((400, 1201), message)


class TestCosts:
    PATH = "/account/costs?start_time=0&end_time=9999999999999"

    def test_packs(self, customer: Customer, source: str) -> None:
        customer.ended(customer.extend(source).data["task_id"])
        data = customer.get(self.PATH).data
        assert (data["code"], data["msg"]) == (0, "success")
        online, expired = data["resource_pack_subscribe_infos"]
        assert (online["status"], online["total_quantity"], online["remaining_quantity"]) == ("online", 1000, 998)
        assert expired["status"] == "expired"

    def test_the_balance_can_lag(self, customer: Customer, source: str) -> None:
        customer.control("units", remaining=50, lag_hours=12)
        customer.ended(customer.extend(source).data["task_id"])
        assert customer.get(self.PATH).data["resource_pack_subscribe_infos"][0]["remaining_quantity"] == 50

    def test_no_pack_in_the_window_no_array(self, customer: Customer) -> None:
        assert customer.get("/account/costs?start_time=0&end_time=1").data == {"code": 0, "msg": "success"}

    def test_camel_case_is_not_understood(self, customer: Customer) -> None:
        answer = customer.get("/account/costs?startTime=0&endTime=1")
        assert (answer.code, answer.body["message"]) == ((400, 1200), "Missing Request Parameter")


class TestRestart:
    def test_the_world_goes_on_at_another_port(self, tmp_path: Path, media_cache: Path) -> None:
        with Sandbox(tmp_path, cache_dir=media_cache, speed="realistic") as first:
            before = customer_of(first)
            source = shelf(first)["dawn-lake"]["video_id"]
            before.extend(source, external_task_id="kept")
            before.control("speed", speed="instant")
            before.extend(source, external_task_id="done")
            before.ended("done")
            before.extend(source, external_task_id="done")
            keys = first.access_key, first.secret_key, first.api_key
        with Sandbox(tmp_path, cache_dir=media_cache) as second:
            after = customer_of(second)
            assert (second.access_key, second.secret_key, second.api_key) == keys
            assert after.get(f"{EXTEND}/kept").data["task_status"] in ("submitted", "processing")
            video = after.get(f"{EXTEND}/done").data["task_result"]["videos"][0]
            assert video["url"].startswith(second.url)
            assert after.get(video["url"]).raw[4:8] == b"ftyp"
            assert after.extend(source, external_task_id="kept").code == (400, 1201)
            entry = after.get("/_sandbox/audit").body["tasks"]["done"]
            assert (entry["created"], entry["refused_duplicates"]) == (1, 1)
            assert after.control("finish", id="kept")["status"] == "succeed"

    def test_a_torn_last_line_is_left_out(self, tmp_path: Path, media_cache: Path) -> None:
        with Sandbox(tmp_path, cache_dir=media_cache) as first:
            customer_of(first).extend(shelf(first)["dawn-lake"]["video_id"], external_task_id="whole")
        with (tmp_path / "sandbox.jsonl").open("ab") as file:
            file.write(b'{"what":"task","id":"1')
        with Sandbox(tmp_path, cache_dir=media_cache) as second:
            assert customer_of(second).ended("whole")["task_status"] == "succeed"

    def test_reset(self, customer: Customer, source: str) -> None:
        customer.extend(source, external_task_id="x")
        customer.control("reset")
        assert customer.get("/_sandbox/audit").body["totals"]["created"] == 0
        assert customer.get(f"{EXTEND}/x").code == (404, 1203)
        assert customer.get("/v1/videos/text2video").data


def test_requests_are_logged_without_the_token(sandbox: Sandbox, customer: Customer) -> None:
    customer.get(f"{EXTEND}?pageSize=7")
    (entry,) = (one for one in customer.get("/_sandbox/requests").body if one["path"] == EXTEND)
    assert (entry["method"], entry["query"], entry["status"]) == ("GET", {"pageSize": "7"}, 200)
    assert entry["headers"]["authorization"] == "Bearer present"
    assert sandbox.api_key not in customer.get("/_sandbox/requests").raw.decode()


@pytest.mark.parametrize("goodbye", ["stdin", "terminate"])
def test_alone_from_the_command_line(tmp_path: Path, media_cache: Path, goodbye: str) -> None:
    command = [
        sys.executable,
        "-m",
        "kling_desktop.sandbox",
        "--state-dir",
        str(tmp_path),
        "--cache-dir",
        str(media_cache),
    ]
    command += ["--port", "0", "--speed", "instant", "--size", "small", "--with-parent", "--retired"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    try:
        told = json.loads(process.stdout.readline())
        assert set(told) == {"url", "access_key", "secret_key", "api_key"}
        request = urllib.request.Request(told["url"] + EXTEND, headers={"Authorization": f"Bearer {told['api_key']}"})  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            assert json.load(answer)["data"] == []
        if goodbye == "stdin":
            process.stdin.close()
        else:
            process.terminate()
        assert process.wait(10) == 0
        assert process.stderr
        assert process.stderr.read() == b""
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()


@pytest.mark.skipif(sys.platform != "linux", reason="nothing else takes the room from a running process")
def test_without_room_on_the_disk_it_says_so_in_one_line_and_goes_on_when_there_is_some(tmp_path: Path) -> None:
    import resource

    command = [sys.executable, "-m", "kling_desktop.sandbox", "--state-dir", str(tmp_path / "s"), "--with-parent"]
    command += ["--speed", "instant", "--size", "small"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        customer = Customer(told["url"], f"Bearer {told['api_key']}")
        clips = json.loads(urllib.request.urlopen(f"{told['url']}/_sandbox/shelf").read())  # noqa: S310 - loopback
        source = next(str(clip["video_id"]) for clip in clips if clip["external_task_id"] == "dawn-lake")
        address = customer.get("/v1/videos/text2video").data[0]["task_result"]["videos"][0]["url"]
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        made = customer.extend(source, prompt="A boat", external_task_id="own-1")
        assert made.code == (500, 5000)
        assert customer.get(f"{EXTEND}/own-1").code == (404, 1203), "nothing was made"
        assert customer.get(address).status == 500
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        assert customer.extend(source, prompt="A boat", external_task_id="own-1").status == 200
        assert customer.get(address).status == 200
        said = process.communicate(timeout=20)[1].decode()
    assert "Traceback" not in said
    assert len([line for line in said.splitlines() if line.startswith("the sandbox cannot use its folder")]) == 2
