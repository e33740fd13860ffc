"""Creates of new clips: exactly the fields that the chosen model takes, and nothing sent that Kling would refuse."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest

from kling_desktop.domain.accounts import ApiKey
from kling_desktop.domain.clips import Kind
from kling_desktop.domain.models import MODELS
from kling_desktop.domain.tasks import Extension, Generation, Status
from kling_desktop.errors import (
    BadRequest,
    FrameMissing,
    KlingDesktopError,
    PictureMissing,
    PictureUnfit,
    PromptMissing,
)
from kling_desktop.kling.client import Kling
from kling_desktop.kling.endpoints import ENDPOINTS
from kling_desktop.kling.generations import written_from_picture, written_from_words
from kling_desktop.media.film.pictures import jpeg_of_full_colour, png_of
from tests.harness.servers.odd_server import OddServer, response

CREATED = {"task_id": "815336423632572487", "task_status": "submitted", "task_info": {"external_task_id": "own"}}


def noise(width: int, height: int) -> av.VideoFrame:
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    return av.VideoFrame.from_ndarray(pixels, format="rgb24")


def picture(path: Path, width: int = 400, height: int = 300) -> Path:
    path.write_bytes((png_of if path.suffix == ".png" else jpeg_of_full_colour)(noise(width, height)))
    return path


def asked(generation: Generation, **more: Any) -> Extension:
    return replace(Extension("", "it flies away", generation=generation), **more)


def body(extension: Extension) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(ENDPOINTS[extension.kind].write(extension, "own"))
    return written


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_all_fields_of_a_continuation(tmp_path: Path, name: str) -> None:
    first, last = picture(tmp_path / name), picture(tmp_path / "end.jpg", 300, 500)
    made = asked(
        Generation("kling-v3", "pro", 7, sound=True, first_frame=first, end_frame=last, aspect_ratio="16:9"),
        negative_prompt="rain",
        guidance=0.7,
        watermark=True,
        callback_url="https://cb.invalid/x",
    )
    assert made.kind is Kind.IMAGE
    assert body(made) == {
        "model_name": "kling-v3",
        "image": base64.b64encode(first.read_bytes()).decode(),
        "image_tail": base64.b64encode(last.read_bytes()).decode(),
        "prompt": "it flies away",
        "negative_prompt": "rain",
        "mode": "pro",
        "duration": "7",
        "sound": "on",
        "watermark_info": {"enabled": True},
        "callback_url": "https://cb.invalid/x",
        "external_task_id": "own",
    }


def test_a_clip_from_words() -> None:
    made = asked(Generation("kling-v2-5-turbo", aspect_ratio="9:16"))
    assert made.kind is Kind.TEXT
    assert body(made) == {
        "model_name": "kling-v2-5-turbo",
        "prompt": "it flies away",
        "mode": "std",
        "duration": "5",
        "aspect_ratio": "9:16",
        "external_task_id": "own",
    }


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_every_offer_can_be_written_and_never_more_than_the_model_takes(model: Any, tmp_path: Path) -> None:
    first = picture(tmp_path / "a.png")
    for mode in model.modes:
        for seconds in model.seconds:
            for sound in {False, model.has_sound(mode)}:
                for frame in (None, first):
                    written = body(asked(Generation(model.name, mode.value, seconds, sound, frame), guidance=0.5))
                    assert ("sound" in written) == model.has_sound(mode)
                    assert written.get("sound", "off") == ("on" if sound else "off")
                    assert written["duration"] == str(seconds)
                    assert not {"cfg_scale", "multi_shot", "video_id", "aspect_ratio"} & written.keys()


@pytest.mark.parametrize(
    ("generation", "word"),
    [
        (Generation("kling-v3", "std", 16), "duration"),
        (Generation("kling-v2-6", "std", 7), "duration"),
        (Generation("kling-v2-6", "4k"), "mode"),
        (Generation("kling-v3", "ultra"), "mode"),
        (Generation("kling-v2-6", "std", sound=True), "sound"),
        (Generation("kling-v2-5-turbo", "pro", sound=True), "sound"),
        (Generation("kling-v2-6", "pro", sound=True, end_frame=Path("x.png")), "image_tail"),
        (Generation("kling-v2-5-turbo", "std", end_frame=Path("x.png")), "image_tail"),
    ],
)
def test_what_the_model_does_not_offer_is_refused_here(generation: Generation, word: str, tmp_path: Path) -> None:
    for frame in (None, picture(tmp_path / "a.png")):
        with pytest.raises(BadRequest, match=word):
            body(asked(replace(generation, first_frame=frame)))


@pytest.mark.parametrize("prompt", ["", "  ", "\n\t"])
def test_an_empty_prompt_is_refused_here(prompt: str, tmp_path: Path) -> None:
    for frame in (None, picture(tmp_path / "a.png")):
        with pytest.raises(PromptMissing):
            body(asked(Generation("kling-v3", first_frame=frame), prompt=prompt))


def test_a_model_that_we_do_not_know_is_for_kling_to_judge() -> None:
    written = body(asked(Generation("kling-v9", "8k", 60)))
    assert (written["model_name"], written["mode"], written["duration"]) == ("kling-v9", "8k", "60")
    assert "sound" not in written


def test_half_a_surrogate_pair_does_not_stop_a_prompt() -> None:
    assert body(asked(Generation("kling-v3"), prompt="a \ud83d dog"))["prompt"] == "a ? dog"


def test_without_a_generation_there_is_nothing_to_write() -> None:
    for write in (written_from_words, written_from_picture):
        with pytest.raises(BadRequest):
            write(Extension("743", "p"), "own")
    with pytest.raises(PictureUnfit):
        written_from_picture(asked(Generation("kling-v3")), "own")


def too_heavy(path: Path) -> None:
    path.write_bytes(picture(path).read_bytes() + bytes(10_000_000))


def of(width: int, height: int) -> Callable[[Path], object]:
    return lambda path: picture(path, width, height)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (of(400, 299), PictureUnfit),
        (of(760, 300), PictureUnfit),
        (of(300, 760), PictureUnfit),
        (too_heavy, PictureUnfit),
        (lambda path: path.write_bytes(b"GIF89a" + bytes(50)), PictureUnfit),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0"), PictureUnfit),
        (lambda path: path.write_bytes(b"\xff\xd8\xff"), PictureUnfit),
        (lambda path: path.write_bytes(b"\xff\xd8\xff\xe0\x00\x04ab" + bytes(50)), PictureUnfit),
        (lambda path: path.write_bytes(b"\xff\xd8\xff\xe0\x00\x00" + b"\xff\xe0\0\0" * 9), PictureUnfit),
        (lambda path: path.write_bytes(b""), PictureUnfit),
        (lambda path: None, PictureMissing),
        (lambda path: path.mkdir(), PictureMissing),
    ],
)
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_pictures_that_kling_does_not_take(
    tmp_path: Path, make: Callable[[Path], object], error: type[KlingDesktopError], suffix: str
) -> None:
    path, good = tmp_path / f"x{suffix}", picture(tmp_path / "good.png")
    make(path)
    with pytest.raises(error):
        body(asked(Generation("kling-v3", first_frame=path)))
    with pytest.raises(error):
        body(asked(Generation("kling-v3", first_frame=good, end_frame=path)))


@pytest.mark.parametrize("size", [(300, 300), (750, 300), (300, 750)])
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_pictures_at_the_bounds(tmp_path: Path, size: tuple[int, int], suffix: str) -> None:
    assert body(asked(Generation("kling-v3", first_frame=picture(tmp_path / f"a{suffix}", *size))))["image"]


async def test_a_large_picture_is_sent_whole_and_the_loop_goes_on(tmp_path: Path) -> None:
    """The picture comes through a pipe that this very loop fills: read on the loop, it would never come."""
    pipe, content = tmp_path / "a.png", picture(tmp_path / "whole.png").read_bytes().ljust(9_900_000, b"\0")
    os.mkfifo(pipe)
    made = asked(Generation("kling-v3", first_frame=pipe))
    answer = json.dumps({"code": 0, "message": "SUCCEED", "request_id": "r-1", "data": CREATED}).encode()
    with OddServer(lambda _: [response(answer, "200 OK", Content_Type="application/json")]) as server:
        async with httpx.AsyncClient(timeout=httpx.Timeout(30), trust_env=False) as transport:
            kling = Kling(server.url, ApiKey("key-of-the-test"), transport=transport)
            creating = asyncio.create_task(kling.create(made, "own"))
            await asyncio.sleep(0)
            await asyncio.to_thread(pipe.write_bytes, content)
            standing = await creating
    assert (standing.kind, standing.kling_id, standing.status) == (Kind.IMAGE, CREATED["task_id"], Status.SUBMITTED)
    [heard] = server.heard
    assert heard.target == "/v1/videos/image2video"
    assert "transfer-encoding" not in heard.headers
    assert base64.b64decode(json.loads(heard.body)["image"]) == content


async def test_what_is_refused_here_is_never_sent(tmp_path: Path) -> None:
    with OddServer(lambda _: []) as server:
        async with httpx.AsyncClient(trust_env=False) as transport:
            kling = Kling(server.url, ApiKey("key-of-the-test"), transport=transport)
            with pytest.raises(PictureUnfit):
                await kling.create(asked(Generation("kling-v3", first_frame=picture(tmp_path / "a.png", 99, 99))), "o")
            with pytest.raises(PromptMissing):
                await kling.create(asked(Generation("kling-v3"), prompt=" "), "o")
    assert server.heard == []


def test_what_goes_on_from_a_clip_is_never_made_of_words_alone(tmp_path: Path) -> None:
    """A take out of an archive, or one whose picture was deleted, asked for once more: it would be paid for nothing."""
    asked = Extension("123", "it goes on", generation=Generation("kling-v3"))
    assert asked.kind is Kind.TEXT
    with pytest.raises(FrameMissing):
        ENDPOINTS[asked.kind].write(asked, "own")
    gone = replace(asked, generation=replace(Generation("kling-v3"), first_frame=tmp_path / "gone.png"))
    with pytest.raises(FrameMissing):
        ENDPOINTS[gone.kind].write(gone, "own")
