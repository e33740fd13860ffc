"""Kling no longer serves a model: its name is said, one click takes the next, and nothing goes but by the creator."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from kling_desktop.domain.tasks import Status
from tests.harness.media.films import film
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops

WORDS = "A duck lands"


async def test_a_model_that_is_gone_is_named_and_the_next_is_a_click_away(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 320)))
        form = creator.form
        await creator.sees(lambda: form.extension().video_id.startswith("file:"), "the video in the form")
        creator.clicks(form.fields.options.title)
        model = form.fields.generation.model
        model.setCurrentIndex(model.findData("kling-v2-6"))
        model.activated.emit(model.currentIndex())
        creator.writes(WORDS)
        creator.tell("faults", on="create", do="refuse", code=1203, http=404, times=1)
        creator.clicks(form.button)
        doctor = creator.window.doctor
        await creator.sees(lambda: doctor.isVisible() and "Kling no longer serves kling-v2-6" in said(doctor), "why")
        refused = creator.newest()
        assert refused is not None
        assert (refused.status, refused.trouble and refused.trouble.error) == (Status.FAILED, "ModelUnserved")
        assert "another model" in form.foot.text()
        assert doctor.button.text() == "Use kling-v3"

        creator.clicks(doctor.button)
        await creator.sees(form.button.hasFocus, "the act at hand")
        now = form.extension()
        assert now.prompt == WORDS
        assert now.generation is not None
        assert (now.generation.model, now.generation.seconds) == ("kling-v3", 5)
        assert _creates(creator) == 1, "a click on another model sends nothing"

        creator.presses(form.button, Qt.Key.Key_Space)
        take = await creator.sees_take()
        assert take.id != refused.id
        assert take.extension.prompt == WORDS
        assert _creates(creator) == 2


def _creates(creator: Creator) -> int:
    """How often something was asked for that could cost."""
    return sum(request["method"] == "POST" for request in creator.ask("requests"))
