"""Clips from a picture: they begin with it, rendered again in a known light, and go on moving from there."""

from __future__ import annotations

import itertools
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from kling_desktop.sandbox.films.lights import lit
from kling_desktop.sandbox.films.mp4_writer import write
from kling_desktop.sandbox.records import Film, Light, Opening, Segment
from kling_desktop.sandbox.server import Sandbox
from tests.sandbox.customer import Customer, base64_of, customer_of, encoded, png

Picture = NDArray[np.float32]
GIVEN = png(360, 320, seed=7)
PLAIN = Opening("given.png", softness=0.0)


@pytest.fixture
def customer(sandbox: Sandbox) -> Customer:
    return customer_of(sandbox)


def decoded(file: Path | BytesIO, matrix: str = "") -> list[Picture]:
    """Every frame as (height, width, 3)."""
    with av.open(file if isinstance(file, BytesIO) else str(file), "r") as container:
        frames = list(container.decode(video=0))
    exact = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    matrices = {"src_colorspace": matrix} if matrix else {}
    return [
        frame.to_ndarray(format="rgb24", interpolation=exact, **matrices).astype(np.float32)  # type: ignore[arg-type]  # PyAV takes names
        for frame in frames
    ]


def written(folder: Path, film: Film, tail: bytes = b"") -> Path:
    (folder / "given.png").write_bytes(GIVEN)
    (folder / "tail.png").write_bytes(tail or GIVEN)
    write(film, None, folder / "clip.mp4", pictures=folder)
    return folder / "clip.mp4"


def film(opening: Opening, frames: int = 24, **fields: Any) -> Film:
    return Film(360, 320, 24, (Segment(frames, 3, "Fireflies"),), opening=opening, **fields)


def given() -> Picture:
    return decoded(BytesIO(GIVEN))[0]


def mean_error(one: Picture, other: Picture) -> float:
    return float(np.abs(one - other).mean())


def test_the_first_frame_is_the_picture_and_the_next_moves_on(tmp_path: Path) -> None:
    frames = decoded(written(tmp_path, film(PLAIN)))
    assert len(frames) == 24
    assert mean_error(frames[0], given()) < 1.5
    steps = [mean_error(after, before) for before, after in itertools.pairwise(frames)]
    assert min(steps) > 0.4
    assert mean_error(frames[-1], given()) > 4 * mean_error(frames[1], given())


def test_the_light_is_the_one_that_is_told(tmp_path: Path) -> None:
    light = Light(gamma=0.9, contrast=1.05, saturation=1.2, red=1.03, blue=0.96)
    first = decoded(written(tmp_path, film(Opening("given.png", light=light, softness=0.0), frames=2)))[0]
    expected = lit(given().transpose(2, 0, 1), light).transpose(1, 2, 0)
    assert mean_error(first, expected) < 2
    assert mean_error(first, given()) > 6


def test_a_softer_picture_has_less_detail(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    noise = np.random.default_rng(1).integers(0, 255, (320, 360, 3), np.uint8)
    sharp, soft = (
        decoded(_of_noise(folder, noise, softness))[0]
        for folder, softness in ((tmp_path / "a", 0.0), (tmp_path / "b", 0.12))
    )
    assert soft.std() < 0.8 * sharp.std()


def _of_noise(folder: Path, noise: NDArray[np.uint8], softness: float) -> Path:
    (folder / "given.png").write_bytes(encoded(av.VideoFrame.from_ndarray(noise, format="rgb24"), "png", "rgb24"))
    write(film(Opening("given.png", softness=softness), frames=1), None, folder / "clip.mp4", pictures=folder)
    return folder / "clip.mp4"


def test_a_stall_repeats_the_first_frame_and_costs_no_length(tmp_path: Path) -> None:
    frames = decoded(written(tmp_path, film(Opening("given.png", softness=0.0, stall=2))))
    assert len(frames) == 24
    assert max(mean_error(frames[0], frames[n]) for n in (1, 2)) < 0.2
    assert mean_error(frames[2], frames[3]) > 0.4


def test_it_ends_with_the_end_picture(tmp_path: Path) -> None:
    tail = png(360, 320, seed=9)
    frames = decoded(written(tmp_path, film(Opening("given.png", "tail.png", softness=0.0), frames=48), tail))
    assert mean_error(frames[-1], decoded(BytesIO(tail))[0]) < 3
    assert mean_error(frames[20], decoded(BytesIO(tail))[0]) > 20


def test_untagged_files_say_nothing_and_mean_601_when_they_are_small(tmp_path: Path) -> None:
    file = written(tmp_path, film(PLAIN, frames=1, tagged=False))
    with av.open(str(file)) as container:
        assert container.streams.video[0].codec_context.colorspace == 2  # unspecified
    assert mean_error(decoded(file, "ITU601")[0], given()) < 1.5
    assert mean_error(decoded(file, "ITU709")[0], given()) > 2.5


def test_with_sound_there_is_a_track_as_long_as_the_picture(tmp_path: Path) -> None:
    file = written(tmp_path, film(PLAIN, frames=60, sound=True))
    with av.open(str(file)) as container:
        kinds = [stream.type for stream in container.streams]
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert kinds == ["video", "audio"]
    assert abs(len(samples) / 44_100 - 2.5) < 0.05
    assert float(np.abs(samples).max()) > 0.03


class TestOverTheWire:
    """What the control routes tell of clips that were asked for."""

    def clip(self, customer: Customer, identity: str, **fields: Any) -> tuple[Any, list[Picture]]:
        body = {"model_name": "kling-v3", "prompt": "It goes on", "duration": "3", "image": base64_of(GIVEN)}
        assert customer.post("/v1/videos/image2video", body | {"external_task_id": identity} | fields).status == 200
        video = customer.made("image2video", identity)["task_result"]["videos"][0]
        frames = decoded(BytesIO(customer.get(video["url"]).raw))
        return customer.get("/_sandbox/openings").body[video["id"]], frames

    def test_the_picture_and_the_true_light_are_known(self, customer: Customer) -> None:
        opening, frames = self.clip(customer, "one")
        assert customer.get(f"/_sandbox/pictures/{opening['picture']}").raw == GIVEN
        assert (opening["width"], opening["height"]) == (202, 180)
        assert frames[0].shape == (180, 202, 3)
        assert len(frames) == opening["frames"]
        assert opening["light"] != vars_of(Light())
        assert customer.get("/_sandbox/audit").body["tasks"]["one"]["picture"] == opening["picture"]

    def test_the_same_again_is_another_take(self, customer: Customer) -> None:
        first, second = self.clip(customer, "one")[0], self.clip(customer, "two")[0]
        assert first["picture"] == second["picture"]
        assert first["light"] != second["light"]

    def test_a_rendition_can_be_asked_for(self, sandbox: Sandbox, customer: Customer) -> None:
        sandbox.fault("rendition", fps=30, tagged=False, stall=1, colour=0)
        opening, frames = self.clip(customer, "one")
        assert (opening["fps"], opening["tagged"], opening["stall"]) == (30, False, 1)
        assert opening["light"] == vars_of(Light())
        assert mean_error(frames[0], frames[1]) < 0.2

    def test_both_rates_and_both_kinds_of_tags_occur(self, customer: Customer) -> None:
        for number in range(10):
            body = {"model_name": "kling-v3", "prompt": f"Nr {number}", "duration": 3, "image": base64_of(GIVEN)}
            customer.made("image2video", customer.post("/v1/videos/image2video", body).data["task_id"])
        openings = customer.get("/_sandbox/openings").body.values()
        assert {opening["fps"] for opening in openings} == {24, 30}
        assert {opening["tagged"] for opening in openings} == {True, False}

    def test_a_rendition_that_is_none_is_refused(self, customer: Customer) -> None:
        assert customer.post("/_sandbox/faults", {"do": "rendition", "frames": 3}).status == 400


def vars_of(light: Light) -> dict[str, float]:
    return {name: getattr(light, name) for name in Light.__dataclass_fields__}
