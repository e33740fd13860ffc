"""The sandbox fails on demand: each scripted fault does to the wire, and to the audit, what its name says."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import Any

import pytest

from kling_desktop.sandbox.api.faults import ANSWERS, MEDIA, TASKS, Fault, Script
from kling_desktop.sandbox.server import Sandbox
from tests.sandbox.customer import EXTEND, Answer, Customer, customer_of, shelf, until

COSTS = "/account/costs?start_time=0&end_time=9999999999999"


@pytest.fixture
def customer(sandbox: Sandbox) -> Customer:
    return customer_of(sandbox)


@pytest.fixture
def create(sandbox: Sandbox, customer: Customer) -> Callable[[str], Answer]:
    """Asks for an extension under an external id."""
    source = shelf(sandbox)["dawn-lake"]["video_id"]
    return lambda external_id: customer.extend(source, external_task_id=external_id)


def created(customer: Customer) -> int:
    return int(customer.get("/_sandbox/audit").body["totals"]["created"])


@pytest.mark.parametrize(
    ("do", "code"),
    [
        ("slots", (429, 1303)),
        ("too_fast", (429, 1302)),
        ("empty", (429, 1102)),
        ("arrears", (429, 1101)),
        ("account", (429, 1100)),
        ("permission", (403, 1103)),
        ("ip", (429, 1304)),
        ("policy", (400, 1300)),
        ("content", (400, 1301)),
        ("maintenance", (503, 5001)),
        ("internal_before", (500, 5000)),
    ],
)
def test_refusals_make_nothing_and_pass(customer: Customer, create: Any, do: str, code: tuple[int, int]) -> None:
    customer.control("faults", on="create", do=do)
    answer = create("one")
    assert answer.code == code
    assert "data" not in answer.body
    assert created(customer) == 0
    assert create("one").status == 200


def test_any_row_of_the_code_table(customer: Customer, create: Any) -> None:
    customer.control("faults", on="create", do="refuse", code=1201, message="So it is")
    assert (create("x").body["message"], created(customer)) == ("So it is", 0)
    customer.control("faults", on="create", do="too_fast", retry_after=7)
    assert create("x").headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("do", "more", "status", "made"),
    [
        ("gateway_before", {}, 504, 0),
        ("gateway_after", {}, 504, 1),
        ("internal_after", {}, 500, 1),
        ("proxy_after", {}, 403, 1),
        ("proxy_before", {"http": 407}, 407, 0),
        ("proxy_after", {"http": 400, "body": "empty"}, 400, 1),
        ("proxy_after", {"http": 429, "body": "json"}, 429, 1),
        ("html_502", {}, 502, 0),
        ("html_502", {"created": True}, 502, 1),
        ("code_in_200", {}, 200, 0),
        ("empty_body", {}, 200, 1),
        ("broken_json", {}, 200, 1),
    ],
)
def test_lost_answers(customer: Customer, create: Any, do: str, more: Any, status: int, made: int) -> None:
    customer.control("faults", on="create", do=do, **more)
    answer = create("one")
    assert answer.status == status
    assert created(customer) == made
    assert customer.get(f"{EXTEND}/one").status == (200 if made else 404)
    if status in (502, 504):
        assert answer.headers["content-type"].startswith("text/html")
    if do == "code_in_200":
        assert answer.body["code"] != 0
    if do == "empty_body" or more.get("body") == "empty":
        assert answer.raw == b""
    if do.startswith("proxy"):
        assert b"request_id" not in answer.raw


def test_a_lenient_kling_makes_a_repeated_id_again(customer: Customer, create: Any) -> None:
    customer.control("lenient", ids=True)
    first, second = create("one").data["task_id"], create("one").data["task_id"]
    assert first != second
    audit = customer.get("/_sandbox/audit").body
    assert [make["task_id"] for make in audit["makes"]] == [first, second]
    assert audit["tasks"]["one"]["created"] == 2
    assert customer.get(f"{EXTEND}/one").data["task_id"] == second
    customer.control("lenient", ids=False)
    assert create("one").code == (400, 1201)


def test_a_new_task_may_be_seen_late(customer: Customer, create: Any) -> None:
    customer.control("lenient", ids=False, late_seconds=0.4)
    task_id = create("one").data["task_id"]
    assert customer.get(f"{EXTEND}/one").code == (404, 1203)
    assert customer.get(f"{EXTEND}/{task_id}").code == (404, 1203)
    assert customer.get(EXTEND).data == []
    until(lambda: customer.get(f"{EXTEND}/one").status == 200)
    assert [task["task_id"] for task in customer.get(EXTEND).data] == [task_id]


def test_a_gateway_may_answer_in_json(customer: Customer, create: Any) -> None:
    customer.control("faults", on="create", do="gateway_after", body="json")
    assert create("one").code == (504, 5002)
    assert created(customer) == 1


@pytest.mark.parametrize(("do", "made"), [("drop_before", 0), ("drop_after", 1)])
def test_dropped_connections(customer: Customer, create: Any, do: str, made: int) -> None:
    customer.control("faults", on="create", do=do)
    with pytest.raises((ConnectionError, http.client.BadStatusLine)):
        create("one")
    assert created(customer) == made
    assert customer.get(EXTEND).status == 200


def test_hanging_lasts_until_the_client_gives_up(sandbox: Sandbox, customer: Customer) -> None:
    customer.control("faults", on="query", do="hang")
    connection = http.client.HTTPConnection("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1]), timeout=0.3)
    connection.request("GET", f"{EXTEND}/x", headers={"Authorization": f"Bearer {sandbox.api_key}"})
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert customer.get(EXTEND).status == 200


def test_a_hanging_request_does_not_keep_the_sandbox_from_stopping(sandbox: Sandbox) -> None:
    sandbox.fault("hang", on="query")
    connection = http.client.HTTPConnection("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1]), timeout=5)
    connection.request("GET", f"{EXTEND}/x", headers={"Authorization": f"Bearer {sandbox.api_key}"})
    until(lambda: sandbox.script.used)
    start = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - start < 4  # the answer would hang for longer
    connection.close()


@pytest.mark.parametrize("do", ["slow", "slow_body"])
def test_slow_answers_are_whole(customer: Customer, do: str) -> None:
    customer.control("faults", on="list", do=do, seconds=0.3)
    start = time.monotonic()
    assert customer.get("/v1/videos/text2video").data
    assert time.monotonic() - start >= 0.29


class TestOddAnswers:
    def test_of_one_query(self, customer: Customer, create: Any) -> None:
        create("one")
        customer.ended("one")

        def under(do: str) -> Answer:
            customer.control("faults", on="query", do=do)
            return customer.get(f"{EXTEND}/one")

        whole = customer.get(f"{EXTEND}/one").data
        assert set(under("no_optional_keys").data) == {"task_id", "task_status", "task_info", "task_result"}
        assert set(under("extra_keys").data) > set(whole)
        assert under("unknown_status").data["task_status"] == "queueing"
        assert under("time_backwards").data["updated_at"] < whole["created_at"]
        assert under("vanish").code == (404, 1203)
        assert customer.get(f"{EXTEND}/one").data == whole

    def test_of_a_task_for_all_its_life(self, customer: Customer, create: Any) -> None:
        for name, do in (("a", "unknown_status"), ("b", "vanish"), ("c", "time_backwards")):
            customer.control("faults", on="create", do=do)
            assert create(name).status == 200
        for _ in range(2):
            assert customer.get(f"{EXTEND}/a").data["task_status"] == "queueing"
            assert customer.get(f"{EXTEND}/b").code == (404, 1203)
            late = customer.get(f"{EXTEND}/c").data
            assert late["updated_at"] < late["created_at"]
        assert len(customer.get(EXTEND).data) == 2

    def test_risk_and_stuck(self, customer: Customer, create: Any) -> None:
        customer.control("faults", on="create", do="risk")
        create("one")
        assert customer.ended("one")["task_status_msg"] == "Failure to pass the risk control system"
        customer.control("faults", on="create", do="stuck")
        create("two")
        until(lambda: customer.get(f"{EXTEND}/two").data["task_status"] == "processing")
        assert customer.control("finish", id="two")["status"] == "succeed"

    def test_costs_without_the_array(self, customer: Customer) -> None:
        customer.control("faults", on="costs", do="no_array")
        assert customer.get(COSTS).data == {"code": 0, "msg": "success"}
        assert customer.get(COSTS).data["resource_pack_subscribe_infos"]


class TestScript:
    def test_times_after_and_match(self) -> None:
        script = Script()
        script.push([Fault.read({"on": "query", "do": "empty_body", "times": 2, "after": 1, "match": "/x"})])
        texts = ["/x", "/y", "/x", "/x", "/x"]
        assert [bool(script.draw("query", text)) for text in texts] == [False, False, True, True, False]
        assert script.pending() == []

    def test_a_fault_for_ever_is_cleared(self, customer: Customer) -> None:
        customer.control("faults", on="any", do="maintenance", times=-1)
        assert [customer.get(path).status for path in (EXTEND, COSTS, f"{EXTEND}/x")] == [503] * 3
        assert customer.ask("DELETE", "/_sandbox/faults").status == 200
        assert customer.get(EXTEND).status == 200

    def test_a_task_fault_and_an_answer_fault_meet_in_one_create(self, customer: Customer, create: Any) -> None:
        faults = [{"do": "seam", "plant": "freeze", "amount": 5}, {"on": "create", "do": "gateway_after"}]
        assert customer.post("/_sandbox/faults", faults).status == 200
        assert create("one").status == 504
        (report,) = customer.get("/_sandbox/seams").body.values()
        assert (report["seams"][0]["plant"], report["seams"][0]["amount"]) == ("freeze", 5)

    @pytest.mark.parametrize(
        "body",
        [
            {"do": "nonsense"},
            {"do": "seam", "plant": "nonsense"},
            {"do": "stuck", "on": "query"},
            {"do": "media_html", "on": "create"},
            {"do": "slots", "on": "media"},
            [{"do": "slots"}, {"do": "nonsense"}],
            7,
        ],
    )
    def test_a_script_with_a_mistake_is_refused_as_a_whole(self, customer: Customer, body: Any) -> None:
        assert customer.post("/_sandbox/faults", body).status == 400
        assert customer.get("/_sandbox/faults").body["pending"] == []

    def test_every_name_can_be_scripted(self) -> None:
        for do in {*ANSWERS, *MEDIA, *TASKS} - {"seam"}:
            assert Fault.read({"do": do}).do == do

    def test_chaos_is_drawn_from_its_seed(self) -> None:
        def drawn(seed: int) -> list[list[str]]:
            script = Script()
            script.chaos(seed, 0.3)
            return [[fault.do for fault in script.draw("create", "")] for _ in range(60)]

        assert drawn(1) == drawn(1)
        assert drawn(1) != drawn(2)
        assert 6 <= sum(map(bool, drawn(1))) <= 32

    def test_chaos_over_http(self, customer: Customer) -> None:
        customer.control("chaos", seed=3, rate=1.0, names=["html_502"])
        assert {customer.get(path).status for path in (EXTEND, COSTS, f"{EXTEND}/x")} == {502}
        customer.control("chaos", rate=0)
        assert customer.get(EXTEND).status == 200

    def test_wrong_switches_are_refused(self, customer: Customer) -> None:
        for name, body in (
            ("speed", {"speed": "warp"}),
            ("slots", {}),
            ("units", {"remaining": "many"}),
            ("slots", []),
        ):
            assert customer.post(f"/_sandbox/{name}", body).status == 400
        assert customer.post("/_sandbox/finish", {"id": "nobody"}).status == 404
