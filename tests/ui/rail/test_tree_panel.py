"""Below the tree stands how many takes there are, and the eye that shows the rejected ones."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.rail.tree_panel import TreePanel
from kling_desktop.ui.stills.posters import Posters


def test_the_foot_counts_and_its_eye_shows_what_is_hidden(qtbot: QtBot) -> None:
    panel = TreePanel(Posters())
    qtbot.addWidget(panel)
    panel.resize(280, 500)
    panel.show()
    panel.tell(14, 1)
    assert any(child.accessibleName() == "14 takes · 1 rejected hidden" for child in panel.findChildren(QWidget))
    panel.tell(1, 0)
    assert any(child.accessibleName() == "1 take" for child in panel.findChildren(QWidget))
    eye = panel.findChild(QToolButton)
    assert isinstance(eye, QToolButton)
    assert eye.accessibleName() == "Show the rejected takes"
    with qtbot.waitSignal(panel.rejected_shown) as heard:
        eye.click()
    assert heard.args == [True]
    panel.grab()
