"""Icons change with the theme, are sharp, and every one that is named exists."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.tasks import Status
from kling_desktop.ui import theme
from kling_desktop.ui.theme.tokens import DARK, LIGHT

UI = Path(theme.__file__).parents[1]
ICONS = sorted(path.stem for path in theme.resource("icons").glob("*.svg"))


def ink(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> str:
    """The colour of an icon's first opaque pixel."""
    image: QImage = icon.pixmap(QSize(48, 48), mode, state).toImage()
    points = ((x, y) for y in range(image.height()) for x in range(image.width()))
    return next(image.pixelColor(x, y).name() for x, y in points if image.pixelColor(x, y).alpha() == 255)


def test_an_icon_changes_with_the_theme(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    icon = theme.icon("play")
    assert ink(icon) == DARK.text
    theme.apply(qapp, "light")
    assert ink(icon) == LIGHT.text
    assert ink(icon, QIcon.Mode.Disabled) == LIGHT.faint
    assert ink(icon, state=QIcon.State.On) == LIGHT.accent


def test_an_icon_keeps_a_colour_that_was_asked_for(qapp: QApplication) -> None:
    assert ink(theme.icon("warning", QColor("#ff0000"))) == "#ff0000"


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_draws_something(qapp: QApplication, name: str) -> None:
    assert ink(theme.icon(name))


def test_an_icon_is_sharp_at_any_size(qapp: QApplication) -> None:
    pixmap = theme.icon("film").pixmap(QSize(20, 20), 2.5)
    assert pixmap.size() == QSize(50, 50)
    assert pixmap.devicePixelRatio() == 2.5


def test_icons_outlive_their_python_names(qapp: QApplication) -> None:
    icon = QIcon(theme.icon("play"))
    icon.addPixmap(QPixmap(4, 4))  # makes Qt clone the engine
    gc.collect()
    assert icon.pixmap(QSize(16, 16)).size() == QSize(16, 16)


def test_states_differ_in_shape_not_only_in_colour(qapp: QApplication) -> None:
    def shape(status: Status) -> bytes:
        image = theme.icon(f"status-{status}", theme.status_colour(status)).pixmap(QSize(24, 24)).toImage()
        return bytes(image.pixelColor(x, y).alpha() > 96 for y in range(24) for x in range(24))

    assert len({shape(status) for status in Status}) == len(Status)


def test_a_states_colour_is_that_of_the_theme(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert theme.status_colour(Status.FAILED).name() == DARK.bad
    theme.apply(qapp, "light")
    assert theme.status_colour(Status.FAILED).name() == LIGHT.bad


def test_every_icon_that_the_code_names_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    named = set(re.findall(r'\bicon\(\s*"([a-z-]+)"', code))
    assert "play" in ICONS
    assert named <= set(ICONS)


def test_the_program_has_an_icon(qapp: QApplication) -> None:
    assert not theme.program_icon().pixmap(QSize(128, 128)).isNull()


@pytest.mark.parametrize("name", [name for name in ICONS if name != "kling-desktop"])
def test_icons_are_one_family(name: str) -> None:
    outline = theme.resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 16 16"' in outline
    assert 'stroke="currentColor" stroke-width="1.5"' in outline
    assert not re.search("#[0-9a-fA-F]{3}", outline)  # no colour of its own
