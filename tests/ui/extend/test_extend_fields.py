"""The fields as a new film: from words or a picture, with the same options, checks and prices as a continuation."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.errors import PictureTooSmall
from kling_desktop.studio.files.pictures import KeptPicture
from kling_desktop.ui.extend.extend_form import ExtendForm, Submission

PICTURE = Path("/pictures/0123_Harbour.png")
KEPT = KeptPicture(PICTURE, 1280, 720, 2_000_000)
WORDS = "A small harbour at dawn"


@pytest.fixture
def form(qtbot: QtBot) -> ExtendForm:
    made = ExtendForm()
    qtbot.addWidget(made)
    made.resize(320, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


@pytest.fixture
def asked(form: ExtendForm) -> list[Submission]:
    heard: list[Submission] = []
    form.asked.connect(heard.append)
    return heard


def test_words_alone_begin_a_film(form: ExtendForm, asked: list[Submission]) -> None:
    form.begin_film()
    QTest.keyClicks(form.fields.prompt.edit, WORDS)
    QTest.keyClick(form.fields.prompt.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (submission,) = asked
    extension = submission.extension
    assert extension.begins_film
    assert extension.kind is Kind.TEXT
    assert extension.generation == Generation("kling-v3", "std", 5, aspect_ratio="16:9")
    assert extension == Extension("", WORDS, generation=extension.generation)


def test_a_new_film_shows_its_shape_and_its_price_and_no_clip(form: ExtendForm) -> None:
    form.begin_film()
    fields = form.fields
    fields.options.open()
    assert fields.picture.isVisible()
    assert fields.generation.aspect.isVisible()
    assert not any(hidden.isVisible() for hidden in (fields.clip_row, fields.way, fields.generation.choose_frame))
    assert not fields.generation.choose_end.isVisible(), "words alone take no end frame"
    assert "≈ 3 units" in form.foot.text()
    assert form.button.text() == "Begin film"
    assert "Write what is to be seen first." in form.foot.text()
    fields.generation.sound.click()
    fields.generation.aspect.setCurrentIndex(1)
    fields.generation.aspect.activated.emit(1)
    assert "≈ 4.5 units" in form.foot.text()
    assert form.extension().generation == Generation("kling-v3", "std", 5, sound=True, aspect_ratio="9:16")


def test_a_picture_begins_a_film_once_it_is_kept(form: ExtendForm, asked: list[Submission]) -> None:
    given: list[Path] = []
    form.fields.picture.given.connect(given.append)
    form.begin_film(Path("/home/Harbour.png"))
    assert given == [Path("/home/Harbour.png")]
    form.fields.prompt.show_text(WORDS)
    form.submit()
    assert not asked, "what was not checked yet is not sent"
    form.fields.picture.show_kept(Path("/home/Other.png"), KEPT)
    form.submit()
    assert not asked, "the answer about another picture says nothing of this one"
    form.fields.picture.show_kept(given[0], KEPT)
    assert "Harbour.png" in form.fields.picture.facts()
    assert "1280 × 720" in form.fields.picture.facts()
    assert not form.fields.generation.aspect.isVisible(), "its shape is the picture's"
    form.submit()
    assert asked[0].extension.generation == Generation("kling-v3", "std", 5, first_frame=PICTURE)
    assert asked[0].extension.kind is Kind.IMAGE


def test_a_picture_that_kling_would_not_take_is_said_at_once_and_can_be_removed(
    form: ExtendForm, asked: list[Submission]
) -> None:
    form.begin_film(Path("/home/Stamp.png"))
    form.fields.picture.show_trouble(Path("/home/Stamp.png"), PictureTooSmall("").trouble)
    assert "300 pixels" in form.fields.picture.findings_text()
    form.fields.prompt.show_text(WORDS)
    form.submit()
    assert not asked
    form.fields.picture.drop.click()
    assert not form.fields.picture.findings_text()
    form.submit()
    assert asked[0].extension.kind is Kind.TEXT


def test_without_words_nothing_is_sent_and_a_film_is_no_hop_of_a_plan(
    form: ExtendForm, asked: list[Submission]
) -> None:
    planned: list[Extension] = []
    form.planned.connect(planned.append)
    form.begin_film()
    form.submit()
    form.submit(without_words=True)
    assert not asked
    assert form.fields.by_name["prompt"].findings_text() == (
        "Kling needs words for a new clip: write what is to be seen."
    )
    form.fields.prompt.show_text(WORDS)
    form.plan()
    assert not planned
    assert not form.foot.plan.isEnabled()


def test_the_draft_of_a_new_film_comes_back_and_the_clip_is_not_lost(form: ExtendForm) -> None:
    form.offer(Clip("743211632612511839", model="kling-v1-6"), None)
    form.begin_film(Path("/home/Harbour.png"))
    form.fields.picture.show_kept(Path("/home/Harbour.png"), KEPT)
    form.fields.prompt.show_text(WORDS)
    draft = form.extension()
    form.head.back.click()
    assert form.extension().video_id == "743211632612511839"
    assert form.extension().generation is None
    assert form.button.text() == "Extend"
    form.show_draft(draft)
    assert form.fields.begins
    form.fields.picture.show_kept(PICTURE, KEPT)
    assert form.extension() == draft
    form.offer(Clip("743211632612511840", model="kling-v1-6"), None)
    assert not form.fields.begins
    assert form.extension().video_id == "743211632612511840"
    assert form.extension().prompt == WORDS


def test_continue_without_a_clip_is_no_film_from_words(form: ExtendForm, asked: list[Submission]) -> None:
    form.fields.way.segments.chosen.emit(1)
    form.fields.prompt.show_text(WORDS)
    form.submit()
    assert not asked
    assert "Pick a clip" in form.fields.by_name["video_id"].findings_text()


def test_a_frame_that_was_chosen_for_one_clip_is_not_taken_for_another(form: ExtendForm) -> None:
    form.offer(Clip("file:1"), None)
    form.fields.generation.show_cut(None, 0)
    generation = Generation("kling-v3", first_frame=Path("/seeds/1.png"), parent_end=None)
    form.show_draft(Extension("file:1", WORDS, generation=generation))
    form.offer(Clip("file:2"), None)
    offered = form.extension().generation
    assert offered is not None
    assert offered.first_frame is None, "the picture is taken anew, of the clip that stands there"


def _visited(form: ExtendForm) -> list[QWidget]:
    """What has the focus, from the words on, until it comes round."""
    form.fields.prompt.edit.setFocus()
    found: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in found:
        found.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is found[0], "it goes round"
    return found


@pytest.mark.parametrize("way", ["begin", Way.CONTINUE, Way.EXTEND])
def test_tab_goes_from_top_to_bottom(form: ExtendForm, way: Way | str) -> None:
    fields = form.fields
    if way == "begin":
        fields.begin(True)
    elif isinstance(way, Way):
        fields.way.wish(way)
        fields.way.chosen.emit(way)
    fields.options.open()
    visited = _visited(form)
    inside = [widget for widget in visited if fields.isAncestorOf(widget)]
    page = fields.widget()
    assert page is not None
    below = inside[: inside.index(fields.own_id.line) + 1]
    places = [widget.mapTo(page, QPoint(0, 0)).y() for widget in below]
    said = [f"{place}: {_name(widget)}" for place, widget in zip(places, below, strict=True)]
    for before, after in pairwise(places):
        assert after > before - 16, said  # side by side may differ by what their kinds are high
    wanted = {fields.prompt.edit, fields.options.title, fields.negative.edit, fields.watermark, fields.callback.line}
    wanted |= {fields.guidance.slider} if way is Way.EXTEND else {fields.generation.model, fields.generation.seconds}
    if way is Way.CONTINUE:
        wanted |= {fields.generation.choose_frame, fields.generation.choose_end}
    assert wanted <= set(visited), said


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or words or type(widget).__name__
