"""The engine of a continuation, end to end against the sandbox: seed frame, new clip, join, colours, one film."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import httpx
import pytest

from kling_desktop.domain.accounts import ApiKey
from kling_desktop.domain.clips import Kind
from kling_desktop.domain.models import MODELS, Mode, units
from kling_desktop.domain.takes import ColourMap
from kling_desktop.domain.tasks import Extension, Generation, Standing, Status
from kling_desktop.kling.client import Kling
from kling_desktop.media.film.colour_match import match_clip
from kling_desktop.media.film.conform import film_shape
from kling_desktop.media.film.duplicate_frame import find_start
from kling_desktop.media.film.plan import FilmPart, film_plan
from kling_desktop.media.film.render import Encoding, render
from kling_desktop.media.film.seed_frame import take_seed
from kling_desktop.media.frame_times import frame_times
from kling_desktop.sandbox.server import Sandbox
from tests.harness.media.continuations import Scene, write_clip


@dataclass
class Studio:
    """Asks the sandbox and fetches what it made."""

    kling: Kling
    web: httpx.AsyncClient
    folder: Path

    async def clip(self, extension: Extension, name: str) -> tuple[Standing, Path]:
        made = await self.kling.create(extension, name)
        assert made.kind is extension.kind
        async with asyncio.timeout(40):
            while made.status not in (Status.SUCCEEDED, Status.FAILED):
                await asyncio.sleep(0.05)
                made = await self.kling.query(name, made.kind)
            assert made.clip is not None, made.message
            file = self.folder / f"{name}.mp4"
            file.write_bytes((await self.web.get(made.clip.url)).raise_for_status().content)
        return made, file


@pytest.mark.parametrize("model", MODELS)
async def test_a_dropped_video_is_continued_twice(tmp_path: Path, model: str) -> None:
    scene = Scene(3, 640, 360, pixels_per_frame=2)
    root = write_clip(tmp_path / "root.mp4", [scene.view(n) for n in range(30)], tone_hz=440)
    shape, parts = film_shape(root), [FilmPart(root)]
    with Sandbox(tmp_path / "sandbox", speed="instant") as sandbox:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as web:
            studio = Studio(Kling(sandbox.url, ApiKey(sandbox.api_key), transport=web), web, tmp_path)
            seconds = MODELS[model].seconds[0]
            for hop in (1, 2):
                last = parts[-1]
                seed = take_seed(last.file, tmp_path / f"seed{hop}", shape, colour=last.colour, before=last.end)
                asked = Generation(model, "std", seconds, first_frame=seed.file)
                made, clip = await studio.clip(Extension("", "it goes on", generation=asked), f"hop{hop}")
                assert made.kind is Kind.IMAGE
                assert made.units == units(model, "std", seconds)
                start = find_start(seed.file, last.file, clip, last.end)
                found = match_clip(seed.file, clip, shape.width, shape.height)
                assert found.after <= found.before
                parts.append(FilmPart(clip, start.start, None, found.colour))
        assert not sandbox.request_log.violations
    plan = film_plan(parts)
    out = render(plan, tmp_path / "film.mp4", Encoding("ultrafast", 20))
    assert film_shape(out) == shape
    assert frame_times(out).count == plan.frames
    assert plan.seams[0] == 30
    wanted = 30 / 24 + sum(float(frame_times(part.file).end - part.start) for part in parts[1:])
    assert float(plan.seconds) == pytest.approx(wanted, abs=0.1)


async def test_a_film_begins_with_words_and_with_sound(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "sandbox", speed="instant") as sandbox:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as web:
            studio = Studio(Kling(sandbox.url, ApiKey(sandbox.api_key), transport=web), web, tmp_path)
            asked = Generation("kling-v3", Mode.PRO.value, 3, sound=True, aspect_ratio="1:1")
            made, clip = await studio.clip(Extension("", "a lake at dawn", generation=asked), "root")
    assert made.kind is Kind.TEXT
    assert made.units == units("kling-v3", "pro", 3, sound=True)
    shape = film_shape(clip)
    assert shape.width == shape.height
    colour = ColourMap((0.98, 0.0, 0.01))
    plan = film_plan([FilmPart(clip), FilmPart(clip, Fraction(1, 2), colour=colour)])
    assert frame_times(render(plan, tmp_path / "f.mp4", Encoding("ultrafast", 20))).count == plan.frames
