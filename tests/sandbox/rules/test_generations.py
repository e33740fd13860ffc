"""New clips: each model takes what its page says and nothing else; what is refused makes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from kling_desktop.sandbox.server import Sandbox
from tests.sandbox.customer import Customer, base64_of, customer_of, png

PICTURE = base64_of(png(320, 300))
LIVING = ("kling-v3", "kling-v2-6", "kling-v2-5-turbo")


@pytest.fixture
def customer(sandbox: Sandbox) -> Customer:
    return customer_of(sandbox)


def create(customer: Customer, kind: str = "image2video", **fields: Any) -> Any:
    picture = {"image": PICTURE} if kind == "image2video" else {}
    return customer.post(f"/v1/videos/{kind}", {"model_name": "kling-v3", "prompt": "On", **picture, **fields})


@pytest.mark.parametrize("kind", ["image2video", "text2video"])
@pytest.mark.parametrize("model", LIVING)
def test_the_living_models_are_served(customer: Customer, kind: str, model: str) -> None:
    made = create(customer, kind, model_name=model, external_task_id="mine")
    assert made.status == 200
    task = customer.made(kind, "mine")
    assert task["task_status"] == "succeed"
    assert task["task_id"] == made.data["task_id"]
    assert "parent_video" not in task["task_info"]
    assert 5 <= float(task["task_result"]["videos"][0]["duration"]) <= 5.1
    assert task in customer.get(f"/v1/videos/{kind}").data


@pytest.mark.parametrize("model", ["kling-v1", "kling-v1-5", "kling-v1-6", "kling-v2-master", "kling-v2-1"])
def test_the_others_are_gone(customer: Customer, model: str) -> None:
    answer = create(customer, model_name=model, mode="pro")
    assert answer.code == (404, 1203)
    assert answer.body["message"] == f"The model '{model}' has been discontinued and is no longer available."
    customer.control("old_models", on=True)
    assert create(customer, model_name=model, mode="pro").status == 200


def test_without_a_name_it_is_a_model_that_is_gone(customer: Customer) -> None:
    assert create(customer, model_name=None).code == (404, 1203)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model_name": "kling-v9"}, "model is not supported"),
        ({"model_name": "kling-3.0-turbo"}, "model is not supported"),
        ({"prompt": ""}, "prompt can't be empty"),
        ({"prompt": " \n"}, "prompt can't be empty"),
        ({"prompt": "雪" * 2501}, "prompt can't exceed 2500 characters"),
        ({"negative_prompt": "x" * 2501}, "negative_prompt can't exceed 2500 characters"),
        ({"cfg_scale": 0.5}, "model/mode/duration(kling-v3/std/5) is not supported with cfg_scale"),
        ({"camera_control": {"type": "a"}}, "model/mode/duration(kling-v3/std/5) is not supported with camera_control"),
        ({"mode": "8k"}, "mode value '8k' is invalid"),
        ({"model_name": "kling-v2-6", "mode": "4k"}, "mode value '4k' is invalid"),
        ({"duration": "2"}, "duration value '2' is invalid"),
        ({"duration": 16}, "duration value '16' is invalid"),
        ({"model_name": "kling-v2-6", "duration": "7"}, "duration value '7' is invalid"),
        ({"model_name": "kling-v2-5-turbo", "duration": 3}, "duration value '3' is invalid"),
        ({"sound": "yes"}, "sound value 'yes' is invalid"),
        (
            {"model_name": "kling-v2-6", "sound": "on"},
            "model/mode/duration(kling-v2-6/std/5) is not supported with sound",
        ),
        (
            {"model_name": "kling-v2-5-turbo", "mode": "pro", "sound": "on"},
            "model/mode/duration(kling-v2-5-turbo/pro/5) is not supported with sound",
        ),
        (
            {"model_name": "kling-v2-5-turbo", "image_tail": PICTURE},
            "model/mode/duration(kling-v2-5-turbo/std/5) is not supported with image_tail",
        ),
        (
            {"model_name": "kling-v2-6", "mode": "pro", "sound": "on", "image_tail": PICTURE},
            "model/mode/duration(kling-v2-6/pro/5) is not supported with image_tail",
        ),
        ({"multi_shot": "no"}, "multi_shot must be a boolean"),
        ({"multi_shot": True}, "multi_prompt can't be empty when multi_shot is true"),
        ({"multi_shot": True, "multi_prompt": [{"prompt": "x"}] * 7}, "multi_prompt is invalid"),
        ({"multi_shot": True, "multi_prompt": [{"prompt": "x" * 513}]}, "prompt can't exceed 512 characters"),
        ({"element_list": [{}] * 4}, "element_list is invalid"),
        ({"voice_list": [{}]}, "voice_list needs sound on"),
        (
            {"sound": "on", "voice_list": [{}], "element_list": [{}]},
            "element_list and voice_list can't be used together",
        ),
        ({"watermark_info": {"enabled": "yes"}}, "watermark_info is invalid"),
        ({"image": ""}, "image can't be empty"),
    ],
)  # fmt: skip
def test_what_is_refused(customer: Customer, fields: Any, message: str) -> None:
    answer = create(customer, **fields)
    assert (answer.code, answer.body["message"]) == ((400, 1201), message)
    assert customer.get("/_sandbox/audit").body["totals"]["created"] == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "4k", "duration": 3},
        {"duration": "15"},
        {"sound": "on", "image_tail": PICTURE},
        {"model_name": "kling-v2-6", "mode": "pro", "image_tail": PICTURE},
        {"model_name": "kling-v2-6", "mode": "pro", "sound": "on", "voice_list": [{"voice_id": "1"}]},
        {"prompt": None, "multi_shot": True, "multi_prompt": [{"prompt": "A"}, {"prompt": "B"}]},
        {"unheard_of": 1, "multi_shot": False, "callback_url": "", "negative_prompt": ""},
    ],
)
def test_what_is_taken(customer: Customer, fields: Any) -> None:
    assert create(customer, **fields).status == 200


def test_an_old_model_has_no_camera_control(customer: Customer) -> None:
    customer.control("old_models", on=True)
    answer = create(customer, "text2video", model_name="kling-v1-6", camera_control={"type": "simple"})
    message = "model/mode/duration(kling-v1-6/std/5) is not supported with camera_control"
    assert (answer.code, answer.body["message"]) == ((400, 1201), message)


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({}, "3"),
        ({"duration": "3", "mode": "pro"}, "2.4"),
        ({"duration": "7", "sound": "on"}, "6.3"),
        ({"duration": "3", "mode": "4k"}, "9"),
        ({"model_name": "kling-v2-5-turbo"}, "1.5"),
        ({"model_name": "kling-v2-6", "mode": "pro", "duration": "10"}, "5"),
        ({"model_name": "kling-v2-6", "mode": "pro", "sound": "on"}, "5"),
        ({"model_name": "kling-v2-6", "mode": "pro", "sound": "on", "voice_list": [{"voice_id": "1"}]}, "6"),
    ],
)
def test_prices_are_by_the_second(customer: Customer, fields: Any, units: str) -> None:
    create(customer, "text2video", external_task_id="priced", **fields)
    assert customer.made("text2video", "priced")["final_unit_deduction"] == units
    assert customer.get("/_sandbox/audit").body["totals"]["units_charged"] == float(units)


def test_a_new_clip_cannot_be_extended(customer: Customer) -> None:
    create(customer, "text2video", external_task_id="new")
    video = customer.made("text2video", "new")["task_result"]["videos"][0]
    assert customer.extend(video["id"]).body["message"] == "model is not supported"
