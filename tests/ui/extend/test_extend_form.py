"""The extend form, by keyboard and mouse: what it asks, what it refuses to ask, and that it asks once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Extension, Generation, Trouble
from kling_desktop.errors import Remedy
from kling_desktop.studio.tasks import checks
from kling_desktop.ui.extend.extend_form import ExtendForm, Identity, Submission
from kling_desktop.ui.extend.submit_foot import BudgetLine
from tests.harness.words.reading import said

NOW = datetime.now(UTC)
EPOCH_MS = 1_568_028_518_783
FRESH_ID = str((int((NOW - timedelta(days=2)).timestamp() * 1000) - EPOCH_MS) << 22)
OTHER_ID = str((int((NOW - timedelta(days=3)).timestamp() * 1000) - EPOCH_MS) << 22)
CLIP = Clip(FRESH_ID, seconds=Decimal("10.2"), expires_at=NOW + timedelta(days=12), model="kling-v1-6")

Heard = dict[str, list[object]]


@pytest.fixture
def form(qtbot: QtBot) -> ExtendForm:
    made = ExtendForm()
    qtbot.addWidget(made)
    made.resize(300, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


@pytest.fixture
def heard(form: ExtendForm) -> Heard:
    """All that the form said, by signal."""
    said: Heard = {"asked": [], "draft": [], "clip": [], "id": [], "remedy": []}
    form.asked.connect(lambda submission: said["asked"].append(submission.extension))
    form.draft_changed.connect(said["draft"].append)
    form.clip_wanted.connect(lambda: said["clip"].append(True))
    form.id_entered.connect(said["id"].append)
    form.remedy_asked.connect(said["remedy"].append)
    return said


def submit_by_keys(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def paste(form: ExtendForm, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    form.fields.clip_row.field.setFocus()
    form.fields.clip_row.field.selectAll()
    QTest.keyClick(form.fields.clip_row.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def said_beside(form: ExtendForm, name: str) -> str:
    return form.fields.by_name[name].findings_text()


def test_ctrl_enter_in_the_prompt_asks_for_what_was_written(form: ExtendForm, heard: Heard) -> None:
    form.offer(CLIP, None)
    QTest.keyClicks(form.fields.prompt.edit, "A deer looks up")
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == [Extension(FRESH_ID, prompt="A deer looks up")]


def test_the_keypad_s_enter_submits_too(form: ExtendForm, heard: Heard) -> None:
    form.offer(CLIP, None)
    form.fields.prompt.show_text("Rain")
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.KeypadModifier
    QTest.keyClick(form.fields.prompt.edit, Qt.Key.Key_Enter, modifiers)
    assert len(heard["asked"]) == 1


def test_the_mouse_fills_and_asks_with_everything(form: ExtendForm, heard: Heard) -> None:
    form.offer(CLIP, None)
    QTest.keyClicks(form.fields.prompt.edit, "Rain")
    click(form.fields.options.title)
    QTest.keyClicks(form.fields.negative.edit, "text")
    QTest.keyClick(form.fields.guidance.slider, Qt.Key.Key_Home)
    QTest.keyClick(form.fields.watermark, Qt.Key.Key_Space)
    QTest.keyClicks(form.fields.callback.line, " https://example.com/k ")
    QTest.keyClicks(form.fields.own_id.line, "shot-1")
    click(form.button)
    expected = Extension(FRESH_ID, "Rain", "text", 0.0, True, "https://example.com/k", "shot-1")
    assert heard["asked"] == [expected]


def test_nothing_is_asked_without_a_clip_and_the_cursor_goes_there(form: ExtendForm, heard: Heard) -> None:
    form.fields.prompt.edit.setFocus()
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == []
    assert said_beside(form, "video_id") == checks.NO_ID
    assert QApplication.focusWidget() is form.fields.clip_row.field


@pytest.mark.parametrize(
    ("draft", "field", "sentence"),
    [
        (Extension("https://kling.ai/x", "a"), "video_id", checks.ADDRESS_AS_ID),
        (Extension("12 34", "a"), "video_id", checks.SPACE_IN_ID),
        (Extension("视频", "a"), "video_id", checks.NOT_AN_ID),
        (Extension("1" * 200, "a"), "video_id", checks.ID_TOO_LONG),
        (Extension(FRESH_ID, prompt="镜" * 2501), "prompt", "Too long by 1: Kling takes 2500 characters."),
        (Extension(FRESH_ID, "a", "🎬" * 2502), "negative_prompt", "Too long by 2: Kling takes 2500 characters."),
        (Extension(FRESH_ID, "a", callback_url="kling"), "callback_url", checks.CALLBACK_MALFORMED),
        (Extension(FRESH_ID, "a", own_id="my take"), "own_id", checks.OWN_ID_MALFORMED),
    ],
)
def test_each_slip_is_said_beside_its_field(
    form: ExtendForm, heard: Heard, draft: Extension, field: str, sentence: str
) -> None:
    form.show_draft(draft)
    click(form.button)
    assert heard["asked"] == []
    assert said_beside(form, field).startswith(sentence)
    assert form.fields.by_name[field].isVisible()  # unfolded, if it was folded away
    focused = QApplication.focusWidget()
    assert focused is not None
    assert form.fields.by_name[field].isAncestorOf(focused)


@pytest.mark.parametrize(
    ("clip", "sentence"),
    [
        (Clip(FRESH_ID, seconds=Decimal(176)), "This clip is 176.0 s long."),
        (Clip(FRESH_ID, model="kling-v2-6"), "This clip was made with kling-v2-6."),
        (Clip(FRESH_ID, expires_at=NOW - timedelta(days=1)), checks.EXPIRED),
        (Clip("file:" + "a" * 64), checks.NOT_KLINGS),
    ],
)
def test_a_clip_that_cannot_be_extended_is_continued_and_the_closed_way_says_why(
    form: ExtendForm, heard: Heard, clip: Clip, sentence: str
) -> None:
    KLING_TIME.tell(NOW)
    form.offer(replace(clip, url="https://media/x"), None)
    assert form.fields.way.way is Way.CONTINUE
    assert form.fields.way.line().startswith(sentence)
    QTest.keyClicks(form.fields.prompt.edit, "Rain")
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == [Extension(clip.id, "Rain", generation=Generation("kling-v3"))]


def test_a_clip_that_is_old_by_this_computers_clock_alone_stays_open_and_is_only_doubted(
    form: ExtendForm, heard: Heard
) -> None:
    form.offer(Clip(FRESH_ID, url="https://media/x", expires_at=NOW - timedelta(days=1)), None)
    assert form.fields.way.way is Way.EXTEND
    assert "probably expired" in said(form.fields.clip_row)
    assert checks.EXPIRED_BY_CLOCK in said(form)
    QTest.keyClicks(form.fields.prompt.edit, "Rain")
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == [Extension(FRESH_ID, "Rain")]


def test_a_way_that_opens_again_is_the_wished_one(form: ExtendForm) -> None:
    form.offer(Clip(FRESH_ID, model="kling-v3", url="https://media/x"), None)
    form.offer(CLIP, None)
    assert form.fields.way.way is Way.EXTEND
    assert form.extension().generation is None


def test_too_much_is_said_while_one_types_too_little_is_not(form: ExtendForm) -> None:
    form.fields.prompt.show_text("a" * 2501)
    assert said_beside(form, "prompt") == "Too long by 1: Kling takes 2500 characters."
    form.fields.prompt.show_text("")
    assert said_beside(form, "prompt") == ""
    assert said_beside(form, "video_id") == ""


def test_a_field_that_was_left_says_what_it_has_to_say(form: ExtendForm) -> None:
    form.fields.prompt.edit.setFocus()
    QTest.keyClick(form.fields.prompt.edit, Qt.Key.Key_Tab)
    assert said_beside(form, "prompt") == checks.NO_PROMPT


def test_a_double_click_asks_once_even_when_it_is_accepted_at_once(form: ExtendForm, heard: Heard) -> None:
    form.asked.connect(lambda *_: form.accepted())
    form.offer(CLIP, None)
    form.fields.prompt.show_text("Rain")
    click(form.button)
    QTest.mouseDClick(form.button, Qt.MouseButton.LeftButton)
    submit_by_keys(form.fields.prompt.edit)
    assert [ask.prompt for ask in heard["asked"] if isinstance(ask, Extension)] == ["Rain"]


def test_nothing_is_asked_while_an_answer_is_awaited(form: ExtendForm, heard: Heard) -> None:
    form.offer(CLIP, None)
    form.fields.prompt.show_text("Rain")
    click(form.button)
    QTest.keyClicks(form.fields.prompt.edit, " and wind")  # writing on lifts the guard of the double click only
    submit_by_keys(form.fields.prompt.edit)
    assert len(heard["asked"]) == 1
    assert not form.button.isEnabled()
    form.refused(Trouble("StoreTrouble"))
    submit_by_keys(form.fields.prompt.edit)
    assert len(heard["asked"]) == 2


def test_a_held_ctrl_enter_asks_once(form: ExtendForm, heard: Heard) -> None:
    form.asked.connect(lambda *_: form.refused(Trouble("ContentRefused")))
    form.offer(CLIP, None)
    form.fields.prompt.show_text("Rain")
    for _ in range(5):
        submit_by_keys(form.fields.prompt.edit)
    assert len(heard["asked"]) == 1


def test_what_was_sent_is_not_sent_again_until_a_word_changes(form: ExtendForm, heard: Heard) -> None:
    form.asked.connect(lambda *_: form.accepted())
    form.show_draft(Extension(FRESH_ID, "Rain", "text", 0.7, True, "https://example.com", "shot-1"))
    for _ in range(3):
        submit_by_keys(form.fields.prompt.edit)
    assert len(heard["asked"]) == 1
    assert form.extension() == Extension(FRESH_ID, "Rain", "text", 0.7, True, "https://example.com", "")
    assert (form.button.text(), form.button.isEnabled()) == ("Sent", False)
    QTest.keyClicks(form.fields.prompt.edit, "s")
    assert (form.button.text(), form.button.isEnabled()) == ("Extend", True)
    submit_by_keys(form.fields.prompt.edit)
    assert len(heard["asked"]) == 2


_UNKNOWN, _OLD = Identity(FRESH_ID, trouble=Trouble("Unreachable")), replace(CLIP, model="kling-v2-6")


@pytest.mark.parametrize("late", [_UNKNOWN, Identity(FRESH_ID, CLIP), Identity(FRESH_ID, _OLD), Identity(FRESH_ID)])
def test_an_answer_about_an_id_that_comes_after_the_sending_arms_nothing(
    form: ExtendForm, heard: Heard, late: Identity
) -> None:
    form.asked.connect(lambda *_: form.accepted())
    paste(form, FRESH_ID)
    form.show_identity(Identity(FRESH_ID, checking=True))
    form.fields.prompt.show_text("Rain")
    submit_by_keys(form.fields.prompt.edit)
    form.show_identity(late)
    submit_by_keys(form.fields.prompt.edit)
    assert len(heard["asked"]) == 1
    assert form.sent
    QTest.keyClicks(form.fields.prompt.edit, "s")
    assert not form.sent


def test_the_number_of_takes_stays_where_it_is_while_words_are_written(form: ExtendForm, qtbot: QtBot) -> None:
    form.offer(CLIP, None)
    qtbot.waitUntil(lambda: form.foot.text().endswith("Write what happens next first."))
    places = []
    for words in ("", "Rain", ""):
        form.fields.prompt.show_text(words)
        QApplication.processEvents()
        places.append(form.foot.takes.mapTo(form, QPoint()).y())
    assert len(set(places)) == 1


def test_what_was_planned_is_not_sent_by_habit_until_a_word_changes(form: ExtendForm, heard: Heard) -> None:
    form.planned.connect(lambda *_: form.was_planned())
    form.offer(CLIP, None)
    form.plan()
    assert form.foot.text().endswith("Write what happens next first."), "a hop without words leaves nothing to send"
    form.fields.prompt.show_text("Rain")
    form.plan()
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == []
    assert (form.button.text(), form.button.isEnabled()) == ("Planned", False)
    assert form.foot.text().endswith("A planned hop. Change a word to send it by itself.")
    QTest.keyClicks(form.fields.prompt.edit, "s")
    assert (form.button.text(), form.button.isEnabled()) == ("Extend", True)
    submit_by_keys(form.fields.prompt.edit)
    assert len(heard["asked"]) == 1


def test_when_the_take_is_in_the_form_offers_to_go_on_from_it_until_a_word_changes(
    form: ExtendForm, qtbot: QtBot
) -> None:
    form.offer(CLIP, None)
    form.fields.prompt.show_text("Rain")
    form.accepted()
    assert not form.foot.go_on.isVisible()
    form.take_came()
    assert form.foot.text().endswith("The take is in.")
    form.take_came(is_picked=True)
    assert form.foot.text().endswith("The take is picked.")
    with qtbot.waitSignal(form.go_on_asked):
        click(form.foot.go_on)
    QTest.keyClicks(form.fields.prompt.edit, "s")
    assert not form.foot.go_on.isVisible()
    form.accepted()
    assert not form.foot.go_on.isVisible(), "the next one has not come yet"


def test_without_words_nothing_is_sent_but_by_the_act_of_its_own(form: ExtendForm, heard: Heard) -> None:
    form.offer(CLIP, None)
    submit_by_keys(form.fields.prompt.edit)
    click(form.button)
    assert heard["asked"] == []
    assert "Write what happens next first." in form.foot.text()
    form.foot.without_words.trigger()
    assert heard["asked"] == [Extension(FRESH_ID)]


def test_one_press_asks_for_as_many_takes_as_are_chosen_and_names_the_sum(form: ExtendForm) -> None:
    asked: list[Submission] = []
    form.asked.connect(asked.append)
    form.offer(CLIP, None)
    form.fields.prompt.show_text("Rain")
    click(form.foot.takes.findChildren(QToolButton)[2])
    assert form.button.text() == "Extend · 3 takes"
    assert "≈ 6–10.5 units" in form.foot.text()
    click(form.button)
    assert asked == [Submission(Extension(FRESH_ID, "Rain"), takes=3)]


def test_words_that_an_input_method_still_holds_are_not_sent_short(form: ExtendForm, heard: Heard) -> None:
    form.offer(CLIP, None)
    QTest.keyClicks(form.fields.prompt.edit, "Rain ")
    QApplication.sendEvent(form.fields.prompt.edit, QInputMethodEvent("xia yu", []))
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == []
    done = QInputMethodEvent()
    done.setCommitString("下雨")
    QApplication.sendEvent(form.fields.prompt.edit, done)
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == [Extension(FRESH_ID, "Rain 下雨")]


def test_refused_keeps_the_text_and_shows_kling_s_words(form: ExtendForm, qtbot: QtBot) -> None:
    form.show_draft(Extension(FRESH_ID, "Rain"))
    form.refused(Trouble("ContentRefused", 1301, "risk control", "req-7"))
    assert form.extension().prompt == "Rain"
    assert form.fields.refusal.isVisible()
    click(form.fields.refusal.copy)
    copied = QGuiApplication.clipboard().text()
    assert all(part in copied for part in ("risk control", "1301", "req-7"))
    qtbot.waitUntil(lambda: form.fields.verticalScrollBar().value() == 0)


def test_the_remedy_is_one_button(form: ExtendForm, heard: Heard) -> None:
    form.refused(Trouble("ContentRefused"))
    click(form.fields.refusal.remedy)
    assert QApplication.focusWidget() is form.fields.prompt.edit
    form.refused(Trouble("VideoUnknown"))
    click(form.fields.refusal.remedy)
    assert heard["clip"] == [True]
    form.refused(Trouble("SignInRefused"))
    click(form.fields.refusal.remedy)
    assert heard["remedy"] == [Remedy.CHECK_KEYS]


def test_the_draft_comes_once_after_a_pause(form: ExtendForm, heard: Heard, qtbot: QtBot) -> None:
    QTest.keyClicks(form.fields.prompt.edit, "Rain")
    assert heard["draft"] == []
    qtbot.waitUntil(lambda: bool(heard["draft"]))
    assert heard["draft"] == [Extension("", "Rain")]


def test_hiding_the_form_hands_out_the_draft(form: ExtendForm, heard: Heard) -> None:
    QTest.keyClicks(form.fields.prompt.edit, "Rain")
    form.hide()
    assert heard["draft"] == [Extension("", "Rain")]
    form.flush()
    assert len(heard["draft"]) == 1


def test_a_draft_comes_back_whole_and_unfolded(form: ExtendForm) -> None:
    draft = Extension(FRESH_ID, "雨", "text", 0.25, True, "https://example.com", "shot-1")
    form.show_draft(draft)
    assert form.extension() == draft
    assert form.fields.negative.isVisible()
    assert form.fields.own_id.isVisible()


def test_a_pasted_id_is_cleaned_and_told_at_once(form: ExtendForm, heard: Heard) -> None:
    paste(form, f" \u200b{FRESH_ID}\ufeff ")
    assert heard["id"] == [FRESH_ID]
    assert form.extension().video_id == FRESH_ID


def test_a_typed_id_is_told_when_the_field_is_left_and_only_once(form: ExtendForm, heard: Heard) -> None:
    field = form.fields.clip_row.field
    field.setFocus()
    QTest.keyClicks(field, FRESH_ID)
    assert heard["id"] == []
    QTest.keyClick(field, Qt.Key.Key_Tab)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard["id"] == [FRESH_ID]


def test_a_pasted_address_is_not_looked_up(form: ExtendForm, heard: Heard) -> None:
    paste(form, "https://kling.ai/video/1")
    QTest.keyClick(form.fields.clip_row.field, Qt.Key.Key_Tab)
    assert heard["id"] == []
    assert said_beside(form, "video_id") == checks.ADDRESS_AS_ID


def test_a_task_id_is_told_apart_and_its_video_offered(form: ExtendForm, heard: Heard) -> None:
    paste(form, OTHER_ID)
    form.show_identity(Identity(OTHER_ID, checking=True))
    assert said_beside(form, "video_id") == checks.LOOKING_UP
    form.show_identity(Identity(OTHER_ID, CLIP, was_task=True))
    assert said_beside(form, "video_id") == f"This is a task ID. The video that the task made is {FRESH_ID}."
    submit_by_keys(form.fields.prompt.edit)
    assert heard["asked"] == []
    click(form.fields.clip_row.use)
    assert form.extension().video_id == FRESH_ID
    assert "0:10.2" in said(form.fields.clip_row)
    assert said_beside(form, "video_id") == ""


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (None, checks.UNKNOWN_ID),
        (Trouble("NotFound"), checks.UNKNOWN_ID),
        (Trouble("Unreachable"), "It could not be looked up: Kling cannot be reached. You can send it anyway."),
    ],
)
def test_an_id_nobody_knows_is_only_a_hint(form: ExtendForm, heard: Heard, trouble: Trouble | None, words: str) -> None:
    paste(form, FRESH_ID)
    form.show_identity(Identity(FRESH_ID, trouble=trouble))
    assert said_beside(form, "video_id") == words
    form.fields.prompt.show_text("Rain")
    submit_by_keys(form.fields.clip_row.field)
    assert len(heard["asked"]) == 1


def test_the_facts_of_a_clip_end_the_looking_up(form: ExtendForm) -> None:
    paste(form, FRESH_ID)
    form.show_identity(Identity(FRESH_ID, checking=True))
    form.show_clip_facts(CLIP, None)
    assert said_beside(form, "video_id") == ""
    assert "0:10.2" in said(form.fields.clip_row)


def test_an_answer_about_an_id_that_is_gone_is_dropped(form: ExtendForm) -> None:
    paste(form, FRESH_ID)
    form.show_identity(Identity(OTHER_ID, CLIP, was_task=True))
    assert said_beside(form, "video_id") == ""


def test_the_facts_of_a_clip_go_with_its_id(form: ExtendForm) -> None:
    form.offer(CLIP, None)
    assert "expires in 12 days" in said(form.fields.clip_row)
    paste(form, OTHER_ID)
    assert form.fields.clip_row.clip is None
    assert "expires" not in said(form.fields.clip_row)


def test_an_offered_clip_keeps_the_words(form: ExtendForm) -> None:
    form.show_draft(Extension("", "Rain"))
    form.offer(CLIP, None)
    assert form.extension() == Extension(FRESH_ID, "Rain")


def test_pick_asks_for_a_clip(form: ExtendForm, heard: Heard) -> None:
    click(form.fields.clip_row.pick)
    assert heard["clip"] == [True]


def test_nothing_is_clipped_in_a_narrow_low_window(form: ExtendForm) -> None:
    form.show_draft(Extension("12 34", "镜" * 2501, "🎬" * 2502, 0.7, True, "kling", "my take"))
    click(form.button)
    form.resize(280, 600)
    QApplication.processEvents()
    page = form.fields.widget()
    assert page is not None
    assert page.width() <= form.fields.viewport().width()
    assert form.button.visibleRegion().boundingRect().size() == form.button.size()
    shown = [
        field for field in form.fields.by_name.values() if field.isVisibleTo(page)
    ]  # others stand where they stood
    assert len(shown) > 4
    for field in shown:
        assert field.geometry().right() <= page.width()


def test_a_poster_is_read_off_the_gui_thread_and_painted(form: ExtendForm, qtbot: QtBot, tmp_path: Path) -> None:
    still = form.fields.clip_row.still
    picture = QImage(64, 36, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    file = tmp_path / "poster.png"
    assert picture.save(str(file))
    form.offer(CLIP, file)

    def is_red() -> bool:
        return bool(still.grab().toImage().pixelColor(48, 27).red() > 200)

    qtbot.waitUntil(is_red)


def test_what_kling_charged_last_is_believed_more_than_its_table(form: ExtendForm) -> None:
    form.show_budget(lambda extension, takes: BudgetLine())
    assert form.foot.text().startswith("≈ 1–3.5 units 1 take × 1–3.5, estimate")
    form.show_budget(lambda extension, takes: BudgetLine(charged=Decimal(2)))
    form.foot.show_count(3)
    assert form.foot.text().startswith("≈ 6 units 3 takes × 2, as charged last")
    assert "2 units" in form.foot.without_words.text()
