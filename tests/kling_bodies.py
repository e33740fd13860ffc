"""Example answers in the form of the official video-extend page (dossier §4): the skeletons that tests start from."""

from __future__ import annotations

from typing import Any

MADE_MS = 1_722_769_557_708
"""The time that the page itself uses as its example."""

CREATED: dict[str, Any] = {
    "code": 0,
    "message": "string",
    "request_id": "string",
    "data": {
        "task_id": "string",
        "task_status": "string",
        "task_info": {"external_task_id": "string"},
        "created_at": MADE_MS,
        "updated_at": MADE_MS,
    },
}

QUERIED: dict[str, Any] = {
    "code": 0,
    "message": "string",
    "request_id": "string",
    "data": {
        "task_id": "string",
        "task_status": "string",
        "task_status_msg": "string",
        "task_info": {
            "parent_video": {"id": "string", "url": "string", "duration": "string"},
            "external_task_id": "string",
        },
        "task_result": {"videos": [{"id": "string", "url": "string", "watermark_url": "string", "duration": "string"}]},
        "watermark_info": {"enabled": True},
        "final_unit_deduction": "string",
        "created_at": MADE_MS,
        "updated_at": MADE_MS,
    },
}

ASKED: dict[str, Any] = {
    "prompt": "A puppy appears",
    "video_id": "743211632612511839",
    "negative_prompt": "",
    "callback_url": "",
}
"""The request that the page shows."""

EXPIRES = 1_768_112_080
FINISHED: dict[str, Any] = {
    "task_id": "815336423632572487",
    "task_status": "succeed",
    "task_status_msg": "",
    "task_info": {
        "parent_video": {
            "id": "743211632612511839",
            "url": "https://v15-kling-fdl.klingai.com/p.mp4?cacheKey=c&Expires=1768000000&Signature=s",
            "duration": "10.2",
        },
        "external_task_id": "0123456789abcdef0123456789abcdef",
    },
    "task_result": {
        "videos": [
            {
                "id": "815336423812939991",
                "url": f"https://v15-kling-fdl.klingai.com/bs2/a.mp4?cacheKey=c&Expires={EXPIRES}&Signature=s&Key-Pair-Id=k",
                "watermark_url": "https://v15-kling-fdl.klingai.com/bs2/a-w.mp4?ksSecret=s&ksTime=694fa816",
                "duration": "15.042",
            }
        ]
    },
    "watermark_info": {"enabled": True},
    "final_unit_deduction": "3.5",
    "final_balance_deduction": {"quota": "0.49", "list_price": "0.49"},
    "created_at": 1_765_519_848_595,
    "updated_at": 1_765_520_080_995,
}
"""A finished task with every key that has been seen (dossier §4.2, §10)."""
