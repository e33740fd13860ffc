"""What the tests of the theme share: afterwards the program is dressed as usual."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from kling_desktop.ui import theme


@pytest.fixture(autouse=True)
def dressed_as_usual(qapp: QApplication) -> Iterator[None]:
    """Not undressed: a sheet that is taken off leaves PySide with a style that is gone (`theme.hold_sheet`)."""
    yield
    theme.apply(qapp, "dark")
