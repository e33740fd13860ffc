"""Everything in the window that takes the focus has a name and a role, as a screen reader is told them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE
from tests.journeys.conftest import Start
from tests.journeys.test_plan import pick_first_clip

_MOST = 4000
"""Of a tree that is read from pages, a screen reader asks for what is in sight only."""
_NO_ROLES = (QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane, QAccessible.Role.Whitespace)
_NAMED_BY_THEIR_WINDOW = (QAccessible.Role.Window, QAccessible.Role.Dialog)


def heard(root: QWidget) -> Iterator[QAccessibleInterface]:
    """The interfaces of all that is to be seen in a window."""
    first = QAccessible.queryAccessibleInterface(root)
    assert first is not None
    waiting, seen = [first], 0
    while waiting and seen < _MOST:
        one = waiting.pop()
        seen += 1
        if one.state().invisible:
            continue
        yield one
        waiting += [child for number in range(one.childCount()) if (child := one.child(number)) is not None]


def faults(root: QWidget) -> list[str]:
    """What takes the focus, and cannot be told to somebody who does not see it."""
    found = []
    for one in heard(root):
        widget = one.object()
        if not one.state().focusable or one.role() in _NAMED_BY_THEIR_WINDOW:
            continue
        name = one.text(QAccessible.Text.Name).strip()
        if not name or one.role() in _NO_ROLES:
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}: {one.role()}, {name!r}")
    return found


async def test_what_takes_the_focus_has_a_name_and_a_role(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        for page in (TREE, ALL_TAKES, QUEUE):
            creator.window.show_rail(page)
            assert not faults(creator.window)


async def test_a_nameless_button_is_found(start: Start) -> None:
    """The walk that finds nothing wrong would find something, were it there."""
    async with start() as creator:
        assert len(list(heard(creator.window))) > 60
        creator.form.button.setText("")
        creator.form.button.setAccessibleName("")
        assert any("QPushButton in SubmitFoot" in fault for fault in faults(creator.window))
