"""What the tests of the theme share: afterwards the program is dressed as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from kling_desktop.ui import theme


@pytest.fixture(autouse=True)
def undressed(qapp: QApplication) -> Iterator[None]:
    sheet, palette = qapp.styleSheet(), qapp.palette()
    yield
    theme.apply(qapp, "dark")
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
