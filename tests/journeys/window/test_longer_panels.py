"""In a language that is 40 % longer no text of a panel is cut, hangs out or asks for a wider window than there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.domain.tasks import Extension
from kling_desktop.studio.films.handing_over.desk import Checked
from kling_desktop.ui import i18n
from kling_desktop.ui.compare.compare_side import CompareSide
from kling_desktop.ui.compare.compare_table import TakeNumbers
from kling_desktop.ui.export.export_dialog import ExportDialog
from kling_desktop.ui.export.export_lines import Preview, lines_of
from kling_desktop.ui.film.film_lane import FilmLane
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.library.library_page import LibraryPage
from kling_desktop.ui.menu.menu_keys import menu_commands
from kling_desktop.ui.painted.words_line import WordsLine
from kling_desktop.ui.seams.seam_foot import SeamFoot
from kling_desktop.ui.seams.seam_head import SeamHead
from kling_desktop.ui.seams.seam_keys import seam_commands
from kling_desktop.ui.stills.posters import Posters
from tests.gallery.lantern_lake import Stills, stopped, view
from tests.harness.tasks import done
from tests.harness.words.longer_words import Longer, is_cut, is_inner

_SEAM = Seam(1, 24, 1.0, 1.0, "[Rain]", tuple(Meter(measure, -45.0, 0.75, Verdict.BAD) for measure in Measure))


@pytest.fixture(autouse=True)
def _longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_sentences", Longer())


def _wrong(root: QWidget) -> Iterator[str]:
    """What is said in it and cannot be read whole. Painted lines are elided, with the whole in their tips."""
    said: list[QLabel | QAbstractButton] = [*root.findChildren(QLabel), *root.findChildren(QAbstractButton)]
    for one in said:
        if not one.isVisible() or is_inner(one) or not one.text():
            continue
        shown = one.visibleRegion().boundingRect().width()
        if isinstance(one, QLabel | QPushButton):
            is_narrow = is_cut(one)
        else:
            is_narrow = one.width() + 1 < one.minimumSizeHint().width()
        if is_narrow or 0 < shown < one.width():
            yield f"{type(one).__name__} in {type(one.parentWidget()).__name__}: {one.text()}"


def _fits(panel: QWidget, width: int, qtbot: QtBot) -> None:
    panel.resize(width, max(panel.height(), panel.sizeHint().height()))
    with qtbot.waitExposed(panel):
        panel.show()
    assert panel.width() == width, "it is wider than the window"

    def nothing_is_wrong() -> None:
        assert list(_wrong(panel)) == []

    qtbot.waitUntil(nothing_is_wrong, timeout=1000)


@pytest.mark.parametrize("width", [900, 1440])
@pytest.mark.parametrize("film", [view, stopped])
def test_the_lane(film: type[object], width: int, qtbot: QtBot) -> None:
    lane = FilmLane(Posters())
    qtbot.addWidget(lane)
    lane.show_view(film(Stills(None)))  # type: ignore[call-arg,arg-type]  # a function of the gallery
    _fits(lane, width, qtbot)


@pytest.mark.parametrize("width", [580, 1120])
def test_the_head_and_the_foot_of_the_seam_view(width: int, qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    foot, actions = SeamFoot(host), {each.name: QAction(each.text, host) for each in seam_commands()}
    foot.meters.show_seam(_SEAM)
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(SeamHead(actions, host))
    column.addWidget(foot)
    _fits(host, width, qtbot)


@pytest.mark.parametrize("window", [900, 1440])
@pytest.mark.parametrize("takes", [2, 3])
def test_the_side_of_the_comparison_says_the_price(takes: int, window: int, qtbot: QtBot) -> None:
    side = CompareSide()
    qtbot.addWidget(side)
    asked = replace(Extension("7" * 18), prompt="[A red boat drifts]")
    compared = [TakeNumbers(replace(done(at), extension=asked), _SEAM) for at in range(takes)]
    side.show_takes(compared, "ABC"[:takes], 0)
    side.fit(window)
    side.resize(side.minimumWidth(), 700)
    _fits(side, side.minimumWidth(), qtbot)
    said = " ".join(label.text() for label in side.findChildren(QLabel) if label.isVisible()) + side.again.text()
    assert "≈ 2 units" in said
    names = [line for line in side.table.findChildren(WordsLine) if line.isVisible()]
    assert names
    assert all(line.toolTip() == line.words for line in names)


@pytest.mark.parametrize("width", [900, 1440])
def test_the_first_run(width: int, qtbot: QtBot) -> None:
    page = LibraryPage(Posters(), lambda clip: clip.id, KeyMap(menu_commands()))
    qtbot.addWidget(page)
    page.tell_place("[films, 12 GB free~~~~~~]")
    _fits(page, width, qtbot)


def test_the_export(qtbot: QtBot) -> None:
    dialog = ExportDialog(Path("/somewhere"))
    qtbot.addWidget(dialog)
    dialog.show_film("[Lantern Lake]", can_cut=True)
    dialog.show_preview(Preview(tuple(f"a/{number}.mp4" for number in range(5))))
    dialog.show_lines(lines_of(Checked(5, 0, 100, 1000)))
    _fits(dialog, dialog.sizeHint().width(), qtbot)
