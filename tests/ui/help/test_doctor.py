"""The card answers what was charged, what is safe and what helps, and stands only once: on the stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.errors import (
    DriveAbsent,
    FailedYetCharged,
    KlingDesktopError,
    LibraryFull,
    Remedy,
    RiskControl,
    SlotsFull,
    TimedOut,
    Unreachable,
    Vanished,
)
from kling_desktop.ui.formatting import advice_of
from kling_desktop.ui.help.doctor import Doctor
from kling_desktop.ui.help.doctor_words import again_words, charge_words
from kling_desktop.ui.painted.shapes import Shape

REFUSED = Task(
    "t1",
    Extension("clip-1", "A storm breaks"),
    Profile("Kling", Region.SINGAPORE),
    Status.FAILED,
    asked_at=datetime(2026, 1, 2, tzinfo=UTC),
    trouble=RiskControl("Triggered the content security policy", code=1301, request_id="r-77").trouble,
)
LOST = replace(
    REFUSED, id="t2", status=Status.UNCERTAIN, trouble=TimedOut("no answer").trouble, sent_at=REFUSED.asked_at
)
SENT_BEFORE = replace(LOST, status=Status.QUEUED, trouble=Unreachable("no way").trouble)
VANISHED = replace(REFUSED, status=Status.PROCESSING, trouble=Vanished("?").trouble)


@pytest.fixture
def stage(qtbot: QtBot) -> QWidget:
    stage = QWidget()
    qtbot.addWidget(stage)
    stage.resize(840, 520)
    stage.show()
    return stage


@pytest.fixture
def doctor(stage: QWidget) -> Doctor:
    doctor = Doctor(stage)
    doctor.setGeometry(stage.rect())
    return doctor


def test_a_refused_take_is_answered_question_by_question(doctor: Doctor) -> None:
    doctor.show_task(REFUSED)
    assert doctor.isVisible()
    assert doctor.charge.answer.text() == "No. Nothing was charged."
    assert doctor.again.answer.text().startswith("Yes, asking again is safe")
    assert doctor.said.answer.text() == "Triggered the content security policy\nCode 1301 · request r-77"
    assert doctor.button.text() == "Edit prompt"
    assert doctor.second.text() == "Send the same again · ≈ 1–3.5 units"
    assert doctor.card.shape is Shape.FAILED


def test_the_card_stands_in_the_middle_of_the_stage(doctor: Doctor, qtbot: QtBot) -> None:
    doctor.show_task(REFUSED)

    def centred() -> bool:
        middle = doctor.card.mapTo(doctor, doctor.card.rect().center())
        off = middle - doctor.rect().center()
        return abs(off.x()) <= 2 and abs(off.y()) <= 2 and doctor.card.width() == 640

    qtbot.waitUntil(centred)


def test_what_may_be_at_kling_is_looked_up_and_never_sent_anew(doctor: Doctor, qtbot: QtBot) -> None:
    doctor.show_task(LOST)
    assert doctor.button.text() == "Look it up"
    assert not doctor.second.isVisible()
    assert not doctor.forget.isVisible()
    assert "could cost twice" in doctor.again.answer.text()
    with qtbot.waitSignal(doctor.asked) as heard:
        QTest.mouseClick(doctor.button, Qt.MouseButton.LeftButton)
    assert heard.args == [LOST, Remedy.LOOK_UP]


def test_the_second_way_asks_again_and_forget_forgets(doctor: Doctor, qtbot: QtBot) -> None:
    doctor.show_task(REFUSED)
    with qtbot.waitSignal(doctor.asked) as heard:
        QTest.mouseClick(doctor.second, Qt.MouseButton.LeftButton)
    assert heard.args == [REFUSED, Remedy.TRY_AGAIN]
    with qtbot.waitSignal(doctor.forget_asked) as forgotten:
        QTest.mouseClick(doctor.forget, Qt.MouseButton.LeftButton)
    assert forgotten.args == [REFUSED]


def test_it_steps_aside_for_the_film_until_another_take_is_chosen(doctor: Doctor) -> None:
    doctor.show_task(REFUSED)
    doctor.step_aside()
    assert not doctor.isVisible()
    doctor.show_task(replace(REFUSED, message="again"))
    assert not doctor.isVisible()
    doctor.show_task(LOST)
    doctor.show_task(REFUSED)
    assert doctor.isVisible()


def test_in_a_low_stage_it_can_be_scrolled_and_nothing_is_cut(doctor: Doctor, stage: QWidget, qtbot: QtBot) -> None:
    stage.resize(560, 200)
    doctor.setGeometry(stage.rect())
    doctor.show_task(REFUSED)
    qtbot.waitUntil(lambda: doctor.card.height() >= doctor.card.minimumSizeHint().height() > 200)


@pytest.mark.parametrize(
    ("task", "words", "good"),
    [
        (replace(REFUSED, units=Decimal(2)), "Yes: 2 units.", False),
        *(
            (
                replace(REFUSED, status=Status.SUCCEEDED, trouble=error.trouble),
                "Yes, for the take; the download costs nothing.",
                False,
            )
            for error in (DriveAbsent("x"), LibraryFull("x"), KlingDesktopError("unexpected"))
        ),
        (replace(REFUSED, units=Decimal(0)), "No. Nothing was charged.", True),
        (replace(REFUSED, status=Status.PROCESSING), "Kling says so when it is done.", None),
        (LOST, "Not known yet: only if Kling took it.", None),
        (SENT_BEFORE, "Not known yet: only if Kling took it.", None),
        (
            replace(SENT_BEFORE, trouble=SlotsFull("full", code=1303).trouble),
            "Not known yet: only if Kling took it.",
            None,
        ),
        (replace(SENT_BEFORE, sent_at=None), "No. Nothing was charged.", True),
        (VANISHED, "Not known.", None),
    ],
)
def test_a_charge_is_said_as_far_as_it_is_known(task: Task, words: str, good: bool | None) -> None:
    assert charge_words(task) == (words, good)


def test_what_may_be_at_kling_from_a_first_sending_is_not_called_unsent() -> None:
    assert "Nothing was sent" not in advice_of(SENT_BEFORE)
    assert again_words(SENT_BEFORE)[0] == "Yes: it is looked up first, and keeps its ID."
    assert "Nothing was sent" in advice_of(replace(SENT_BEFORE, sent_at=None))


def test_what_failed_and_was_charged_is_not_called_free_to_ask_again() -> None:
    charged = replace(REFUSED, units=Decimal(2), trouble=FailedYetCharged("odd").trouble)
    assert again_words(charged) == ("Kling charged for this one: asking again may cost again.", False)


def test_what_kling_no_longer_knows_is_not_said_to_be_there() -> None:
    assert again_words(VANISHED) == ("No: Kling had taken it, so asking again could cost twice.", False)


def test_what_never_had_trouble_makes_no_card(doctor: Doctor) -> None:
    well = replace(REFUSED, status=Status.PROCESSING, trouble=None)
    doctor.show_task(well)
    doctor.open(well)
    assert doctor.isHidden()
    assert not doctor.findChildren(QWidget), "the start pays for a card that nobody sees"
    doctor.show_task(REFUSED)
    assert doctor.isVisible()
    assert doctor.button.text() == "Edit prompt"
