"""The sandbox's videos: whole, exact to the frame, joined where it says, with the faults that were planted."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kling_desktop.sandbox.films.frames import timecode
from kling_desktop.sandbox.films.mp4_writer import write
from kling_desktop.sandbox.films.timeline import shots
from kling_desktop.sandbox.records import Film, Segment
from kling_desktop.sandbox.server import Sandbox
from tests.sandbox.customer import Customer, customer_of, shelf

Picture = NDArray[np.float32]
BASE = Film(320, 180, 30, (Segment(45, 11, "A boat at dawn"),))


@pytest.fixture
def customer(sandbox: Sandbox) -> Customer:
    return customer_of(sandbox)


def pictures(file: Path) -> list[Picture]:
    """Every frame, decoded; the corner with the timecode left out."""
    with av.open(str(file)) as container:
        return [frame.to_ndarray(format="rgb24")[:150].astype(np.float32) for frame in container.decode(video=0)]


def steps(frames: list[Picture]) -> list[float]:
    """Mean difference of each frame to the one before it."""
    return [float(np.abs(after - before).mean()) for before, after in itertools.pairwise(frames)]


def light_steps(frames: list[Picture]) -> list[float]:
    """Relative change of the mean light per frame, largest channel."""
    means = [frame.mean((0, 1)) for frame in frames]
    return [float(np.abs(after / before - 1).max()) for before, after in itertools.pairwise(means)]


def made(folder: Path, *segments: Segment) -> list[Picture]:
    """The frames of the base with extensions, each joined to its parent's file."""
    film, file = BASE, folder / "0.mp4"
    write(film, None, file)
    for number, segment in enumerate(segments, 1):
        film, parent, file = film.extended(segment), file, folder / f"{number}.mp4"
        write(film, parent, file)
    return pictures(file)


def _light(seed: int) -> float:
    """By how much an extension of this seed is lighter than what it goes on from."""
    return float(shots(BASE.extended(Segment(5, seed)))[-1].gain.mean()) - 1


class TestFilms:
    def test_an_extension_keeps_its_parent_and_goes_on(self, tmp_path: Path) -> None:
        whole = made(tmp_path, Segment(40, 12, "Lanterns rise"))
        parent = pictures(tmp_path / "0.mp4")
        assert len(parent) == 45
        assert len(whole) == 85
        assert all(np.array_equal(old, new) for old, new in zip(parent, whole[:45], strict=True))
        usual = np.median(steps(whole))
        assert steps(whole)[44] < 8 * usual + 3  # it continues the last frame
        scramble = float(np.abs(whole[44] - whole[10]).mean())
        assert steps(whole)[44] < scramble

    def test_light_drifts_at_every_join_and_stays(self, tmp_path: Path) -> None:
        seen = [seed for seed in range(50) if abs(_light(seed)) > 0.007]
        assert 5 <= len(seen) <= 20, "about every fourth"
        assert all(0.007 < abs(_light(seed)) < 0.016 for seed in seen)
        assert all(0 < abs(_light(seed)) < 0.004 for seed in range(50) if seed not in seen)
        whole = made(tmp_path, *(Segment(30, seed, "") for seed in seen[:3]))
        changes = light_steps(whole)
        joins = [44, 74, 104]
        usual = float(np.median(changes))
        assert all(changes[join] > 3 * usual for join in joins)
        assert set(np.argsort(changes)[-3:]) == set(joins)

    def test_the_file_is_what_it_claims(self, tmp_path: Path) -> None:
        made(tmp_path, Segment(40, 12, ""))
        with av.open(str(tmp_path / "1.mp4")) as container:
            stream = container.streams.video[0]
            context = stream.codec_context
            assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", 320, 180)
            assert stream.average_rate == 30
            assert stream.frames == 85
            packets = [packet for packet in container.demux(stream) if packet.size]
            assert stream.time_base is not None
            times = [packet.pts * stream.time_base * 30 for packet in packets if packet.pts is not None]
            assert times == list(range(85))
            keys = [number for number, packet in enumerate(packets) if packet.is_keyframe]
            assert max(b - a for a, b in itertools.pairwise(keys)) <= 30
            assert 45 in keys
        raw = (tmp_path / "1.mp4").read_bytes()
        assert raw.index(b"moov") < raw.index(b"mdat")

    def test_prompts_make_different_films_and_the_same_film_twice_is_the_same(self, tmp_path: Path) -> None:
        for name, film in {
            "a": BASE,
            "b": BASE,
            "c": Film(320, 180, 30, (Segment(45, 99, "Snow"),)),
        }.items():
            write(film, None, tmp_path / f"{name}.mp4")
        a, b, c = (pictures(tmp_path / f"{name}.mp4")[20] for name in "abc")
        assert np.array_equal(a, b)
        assert np.abs(a - c).mean() > 10

    def test_a_long_clip_repeats_a_short_one_without_a_cut(self, tmp_path: Path) -> None:
        film = Film(320, 180, 24, (Segment(400, 5, "Clouds"),), looped=True)
        write(film, None, tmp_path / "long.mp4")
        longer = film.extended(Segment(20, 6, "", "brightness", 0.02))
        write(longer, tmp_path / "long.mp4", tmp_path / "longer.mp4")
        frames = pictures(tmp_path / "longer.mp4")
        assert len(frames) == 420
        changes = steps(frames)
        assert int(np.argmax(light_steps(frames))) == 399
        assert max(changes[:399]) < 3 * float(np.median(changes)) + 1

    def test_the_timecode_tells_the_scene_frame(self) -> None:
        assert timecode(24 * 65 + 7, 24) == "01:05:07"


class TestPlants:
    def film(self, plant: str, amount: float = 0.0) -> Film:
        return BASE.extended(Segment(40, 12, "", plant, amount))

    def times(self, plant: str, amount: float = 0.0) -> list[float]:
        return [shot.at for shot in shots(self.film(plant, amount))]

    def test_motion_plants_are_in_the_times(self) -> None:
        assert self.times("")[43:48] == [43, 44, 45, 46, 47]
        assert self.times("lost_frame")[43:48] == [43, 44, 46, 47, 48]
        assert self.times("freeze", 3)[43:50] == [43, 44, 44, 44, 44, 45, 46]
        assert self.times("jump", 0.5)[43:47] == [43, 44, 60, 61]
        assert len(self.times("freeze", 3)) == 85

    def test_a_frozen_join_repeats_the_last_frame(self, tmp_path: Path) -> None:
        changes = steps(made(tmp_path, Segment(40, 12, "", "freeze", 6)))
        assert max(changes[45:49]) < 0.3 * float(np.median(changes))

    def test_light_plants_stand_out_of_the_drift(self, tmp_path: Path) -> None:
        clean = light_steps(made(tmp_path, Segment(10, 12, "")))[44]
        for plant in ("colour", "brightness"):
            assert light_steps(made(tmp_path, Segment(10, 12, "", plant)))[44] > 2.5 * clean

    def test_softness_takes_detail_away(self, tmp_path: Path) -> None:
        def detail(frame: Picture) -> float:
            grey = frame.mean(2)
            bend = grey[1:-1, 2:] + grey[1:-1, :-2] + grey[2:, 1:-1] + grey[:-2, 1:-1] - 4 * grey[1:-1, 1:-1]
            return float(bend.var())

        frames = made(tmp_path, Segment(10, 12, "", "softness"))
        assert detail(frames[48]) < 0.6 * detail(frames[40])

    def test_the_control_route_tells_the_truth(self, sandbox: Sandbox, customer: Customer) -> None:
        source = shelf(sandbox)["dawn-lake"]
        sandbox.fault("seam", plant="colour", amount=0.1)
        first = customer.ended(customer.extend(source["video_id"], prompt="One").data["task_id"])
        child = first["task_result"]["videos"][0]["id"]
        second = customer.ended(customer.extend(child, prompt="Two").data["task_id"])
        report = customer.get("/_sandbox/seams").body[second["task_result"]["videos"][0]["id"]]
        assert [seam["plant"] for seam in report["seams"]] == ["colour", ""]
        assert report["seams"][0]["frame"] == source["frames"] == 121
        assert report["seams"][1]["seconds"] == report["seams"][1]["frame"] / 24
        assert abs(report["seconds"] - float(second["task_result"]["videos"][0]["duration"])) < 0.06
