"""A template that fits is taken at once, another refused with its reason; presets are renamed and deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.studio.films.handing_over.choices import DEFAULT
from kling_desktop.ui.settings.pages.export_page import ExportPage


@pytest.fixture
def page(qtbot: QtBot) -> ExportPage:
    page = ExportPage()
    qtbot.addWidget(page)
    page.show_choices("", Path("/films"))
    page.show()
    return page


def test_a_template_that_fits_is_shown_as_names_and_told(page: ExportPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.names_chosen) as told:
        page.names.edit.setText("{title}_{counter}{ext}")
    assert told.args == ["{title}_{counter}{ext}"]
    assert page.example.text().splitlines()[0] == "First snow, very light_1.mp4"
    with qtbot.waitSignal(page.names_chosen) as told:
        page.names.edit.setText(DEFAULT)
    assert told.args == [""]


def test_a_template_that_gives_one_name_to_two_takes_is_refused_with_the_reason(page: ExportPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.names_chosen):
        page.names.edit.setText("{title}{ext}")
    assert "Two takes would get one name" in page.example.text()
    assert page.example.property("danger")


def test_a_click_writes_a_token(page: ExportPage) -> None:
    page.names.edit.setText("{counter}_{ext}")
    page.names.tokens[2].click()
    assert page.names.template() == "{counter}_{title}{ext}"


def test_presets_are_renamed_to_names_that_are_free(page: ExportPage, qtbot: QtBot) -> None:
    page.show_presets(("For mother", "For the web"))
    with qtbot.waitSignal(page.renamed) as told:
        page.presets.item(0).setText("For father")
    assert told.args == ["For mother", "For father"]
    with qtbot.assertNotEmitted(page.renamed):
        page.presets.item(1).setText("For father")
    assert page.presets.item(1).text() == "For the web"
    assert "already" in page.about_presets.text()


def test_a_preset_is_deleted(page: ExportPage, qtbot: QtBot) -> None:
    page.show_presets(("For mother",))
    assert not page.delete.isEnabled()
    page.presets.setCurrentRow(0)
    with qtbot.waitSignal(page.dropped) as told:
        page.delete.click()
    assert told.args == ["For mother"]
