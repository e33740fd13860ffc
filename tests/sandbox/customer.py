"""A customer of the sandbox for its tests: asks over a real socket, and waits until a claim is true."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from kling_desktop.sandbox.server import Sandbox

EXTEND = "/v1/videos/video-extend"
ENDED = ("succeed", "failed")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def data(self) -> Any:
        return self.body["data"]

    @property
    def code(self) -> tuple[int, int]:
        return self.status, self.body["code"]


@dataclass(frozen=True)
class Customer:
    """Asks over a real socket, as a client would."""

    url: str
    authorization: str | None

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        parts = urlsplit(path if path.startswith("http") else self.url + path)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        sent = dict(headers or {})
        if self.authorization is not None and not path.startswith("http"):
            sent["Authorization"] = self.authorization
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, parts._replace(scheme="", netloc="").geturl(), raw, sent)
            answer = connection.getresponse()
            return Answer(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, body: Any) -> Answer:
        return self.ask("POST", path, body)

    def extend(self, video_id: str, **fields: Any) -> Answer:
        return self.post(EXTEND, {"video_id": video_id, **fields})

    def ended(self, identity: str) -> Any:
        """The task's data once it has ended."""
        return until(lambda: (data := self.get(f"{EXTEND}/{identity}").data)["task_status"] in ENDED and data)

    def made(self, kind: str, identity: str) -> Any:
        """The data of a task of that kind once it has ended."""
        path = f"/v1/videos/{kind}/{identity}"
        return until(lambda: (data := self.get(path).data)["task_status"] in ENDED and data, 60)

    def control(self, name: str, **body: Any) -> Any:
        answer = self.post(f"/_sandbox/{name}", body)
        assert answer.status == 200, answer.raw
        return answer.body


def until(claim: Callable[[], Any], seconds: float = 20.0) -> Any:
    end = time.monotonic() + seconds
    while not (value := claim()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
    return value


def customer_of(kling: Sandbox) -> Customer:
    return Customer(kling.url, f"Bearer {kling.api_key}")


def shelf(kling: Sandbox) -> dict[str, Any]:
    """The library by its tags."""
    return {entry["external_task_id"]: entry for entry in customer_of(kling).get("/_sandbox/shelf").body}


def png(width: int, height: int, seed: int = 1) -> bytes:
    """A picture with soft shapes in it, by a seed; the same seed is the same picture."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    draw = np.random.default_rng(seed)
    planes = []
    for _ in range(3):
        across, down, shift = draw.uniform(1, 5, 3)
        planes.append(128 + 90 * np.sin(across * x / width * 3 + shift) * np.cos(down * y / height * 3))
    frame = VideoFrame.from_ndarray(np.stack(planes, 2).clip(0, 255).astype(np.uint8), format="rgb24")
    return encoded(frame, "png", "rgb24")


def jpeg(width: int, height: int) -> bytes:
    frame = VideoFrame.from_ndarray(np.full((height, width, 3), 90, np.uint8), format="rgb24")
    return encoded(frame, "mjpeg", "yuvj444p")


def encoded(frame: VideoFrame, codec: str, pixels: str) -> bytes:
    """One frame as a file of a picture codec."""
    context = VideoCodecContext.create(codec, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = frame.width, frame.height, pixels
    context.time_base = Fraction(1, 25)
    picture = frame.reformat(format=pixels)
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*context.encode(picture), *context.encode(None)])


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()
