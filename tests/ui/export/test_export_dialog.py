"""The dialog of exports asks for previews, shows names and reasons, and lets nothing be exported that cannot be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.errors import NotAVideo
from kling_desktop.studio.films.handing_over.choices import Options, Preset, Wish
from kling_desktop.studio.films.handing_over.desk import Checked
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.export.export_dialog import ExportDialog
from kling_desktop.ui.export.export_lines import Preview, lines_of


@pytest.fixture
def dialog(qtbot: QtBot) -> ExportDialog:
    dialog = ExportDialog(Path("/somewhere"))
    qtbot.addWidget(dialog)
    dialog.show_film("Lantern Lake", can_cut=False)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_it_asks_once_for_what_was_changed(dialog: ExportDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.changed) as told:
        dialog.choose(What.HOPS, "prores-422-hq")
        dialog.others.setChecked(True)
    (wish,) = told.args
    assert (wish.what, wish.others, wish.format_key, wish.folder) == (
        What.HOPS, True, "prores-422-hq", Path("/somewhere"),
    )  # fmt: skip
    assert dialog.windowTitle() == "Export · Lantern Lake"


def test_nothing_is_exported_before_it_was_found_possible(dialog: ExportDialog, qtbot: QtBot) -> None:
    asked: list[object] = []
    dialog.asked.connect(asked.append)
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert asked == []
    dialog.show_preview(Preview(("a/1.mp4", "a/2.mp4", "a/3.mp4", "a/4.mp4", "a/5.mp4")))
    assert dialog.preview.text() == "a/1.mp4\n\na/2.mp4\n\na/3.mp4\n\nand 2 more"
    assert dialog.count.text() == "3 of 5"
    assert dialog.lines.text() == "Looking at the files…"
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert asked == []
    dialog.show_lines(lines_of(Checked(5, 0, 100, 1000)))
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert asked == [dialog.wish()]


def test_a_size_is_kept_with_a_preset_and_nothing_is_exported_before_it_was_looked_at(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    asked: list[Wish] = []
    dialog.asked.connect(asked.append)
    dialog.choose(What.FILM, "h264-anywhere")
    dialog.show_preview(Preview(("a/1.mp4",)))
    dialog.show_lines(lines_of(Checked(1, 0, 100, 1000)))
    assert dialog.export_button.isEnabled()
    with qtbot.waitSignal(dialog.changed) as told:
        dialog.picture.most.selectAll()
        QTest.keyClicks(dialog.picture.most, "3")
        QTest.keyClick(dialog.picture.most, Qt.Key.Key_Return)
        assert not dialog.export_button.isEnabled()
    assert asked == []
    (wish,) = told.args
    assert wish.options == Options(most_bytes=3_000_000)
    dialog.formats.show_own([Preset("Small", wish.format_key, wish.options)], "Small")
    assert dialog.picture.most.text() == "3 MB"
    dialog.choose(What.FILM, "h264-small")
    assert dialog.picture.most.text() == "As it comes"


def test_a_refusal_stands_there_and_locks_the_button(dialog: ExportDialog) -> None:
    dialog.show_preview(Preview((), "Write a name first."))
    assert dialog.lines.text() == "Write a name first."
    assert not dialog.export_button.isEnabled()
    dialog.show_preview(Preview(("a.mp4",)))
    several = "The film is made of several files, which only coding again can join."
    dialog.show_lines(lines_of(Checked(1, 0, unfit="a.mp4", reason=several)))
    assert dialog.lines.text() == f"a.mp4: {several}"
    assert not dialog.export_button.isEnabled()


def test_what_is_checked_is_said() -> None:
    lost = "The signed C2PA record of the source stays with the original; an export cannot carry it."
    lines = lines_of(Checked(3, 1, 61_000_000, 79_900_000_000, (lost,)))
    assert [line.text for line in lines] == [
        "3 names, all different", "1 exists already: the new one gets -1", "About 61.0 MB to write, 79.9 GB free", lost,
    ]  # fmt: skip
    assert [line.good for line in lines] == [True] * 4
    tight = lines_of(Checked(1, 0, 100, 120, needed_bytes=150))[2]
    assert (tight.text, tight.good) == ("About 150 B are needed, 120 B are free", False)
    (line,) = lines_of(Checked(1, 0, unfit="a.mp4", trouble=NotAVideo("x").trouble))
    assert line.text.startswith("a.mp4: ")
    assert not line.good


def test_tokens_are_written_where_the_cursor_stands(dialog: ExportDialog) -> None:
    names = dialog.names
    names.edit.setText("a-b{ext}")
    names.edit.setCursorPosition(2)
    names.insert("take:02")
    assert names.template() == "a-{take:02}b{ext}"
    names.edit.setCursorPosition(len(names.template()))
    QTest.mouseClick(names.tokens[0], Qt.MouseButton.LeftButton)
    assert names.template() == "a-{take:02}b{project}{ext}"


def test_a_preset_brings_its_options_and_others_take_them_away(dialog: ExportDialog) -> None:
    words = [dialog.formats.item(row).text().strip() for row in range(dialog.formats.count())]
    dialog.formats.setCurrentRow(words.index("Loop for the web, AVIF"))
    assert dialog.wish().options == Options(longest=480, rate=Fraction(12), blend_seconds=Fraction(1, 2))
    dialog.formats.setCurrentRow(words.index("Tall 9:16, with bars"))
    assert dialog.wish().options == Options(Fraction(9, 16), False, 1920)
    dialog.choose(What.FILM, "original")
    assert dialog.wish().options == Options()
    dialog.choose(What.FILM, "archive")
    assert not dialog.sidecar.isVisible()
    assert not dialog.others.isVisible()


def test_a_creators_own_presets_stand_among_the_others(dialog: ExportDialog, qtbot: QtBot) -> None:
    rows = dialog.formats.count()
    reel = Preset("For the reel", "h264-anywhere", Options(Fraction(9, 16), True, 1080))
    dialog.formats.show_own([Preset("Old", "flash"), reel], "For the reel")
    assert dialog.formats.count() == rows + 1
    assert (dialog.wish().format_key, dialog.wish().options) == ("h264-anywhere", reel.options)
    with qtbot.waitSignal(dialog.forget_asked) as told:
        QTest.keyClick(dialog.formats, Qt.Key.Key_Delete)
    assert told.args == ["For the reel"]
    dialog.formats.show_own([])
    assert dialog.formats.count() == rows
    assert dialog.wish().options == Options()
    assert dialog.formats.own_menu() is None


def test_what_stands_there_is_kept_under_a_name(dialog: ExportDialog, qtbot: QtBot) -> None:
    QTest.mouseClick(dialog.keep_button, Qt.MouseButton.LeftButton)
    asking = dialog.findChild(QInputDialog)
    assert isinstance(asking, QInputDialog)
    asking.setTextValue("  For the reel ")
    with qtbot.waitSignal(dialog.keep_asked) as told:
        asking.accept()
    assert told.args == ["For the reel"]


def test_the_foot_says_which_is_written_and_how_far_it_is(dialog: ExportDialog, qtbot: QtBot) -> None:
    waiting = ExportJob("e2", "Fox", "h264-anywhere", Path("/out/two.mp4"))
    running = replace(waiting, id="e1", target=Path("/out/one.mp4"), state=ExportState.RUNNING, done=30, total=120)
    foot = dialog.foot
    assert not foot.stop.isVisible()
    foot.show_jobs([running, waiting], waiting)
    assert (foot.which.text(), foot.words.text()) == ("Writing 1 of 2", "one.mp4: 30 of 120 frames")
    assert (foot.bar.value(), foot.bar.isVisible()) == (250, True)
    with qtbot.waitSignal(dialog.stop_asked):
        QTest.mouseClick(foot.stop, Qt.MouseButton.LeftButton)
    done = replace(running, state=ExportState.DONE, file=Path("/out/one.mp4"))
    foot.show_jobs([done], done)
    assert (foot.words.text(), foot.bar.isVisible()) == ("one.mp4: Written.", False)


def test_a_home_of_nobody_is_no_reason_to_fall(dialog: ExportDialog) -> None:
    dialog.folder.setText("~nobody-of-this-name/Videos")
    assert dialog.wish().folder == Path("~nobody-of-this-name/Videos")
