"""Everything in the window that takes the focus has a name and a role, as a screen reader is told them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QDialog, QWidget

from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE
from tests.journeys.conftest import Start
from tests.journeys.films.lane import pick_first_clip

_MOST = 4000
"""Of a tree that is read from pages, a screen reader asks for what is in sight only."""
_NO_ROLES = (QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane, QAccessible.Role.Whitespace)
_USED = (
    QAccessible.Role.Button,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.ButtonDropDown,
    QAccessible.Role.CheckBox,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.RadioButton,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
    QAccessible.Role.Table,
    QAccessible.Role.Tree,
)
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
    """What can be used, and cannot be told to somebody who does not see it."""
    found = []
    for one in heard(root):
        widget = one.object()
        if one.role() in _NAMED_BY_THEIR_WINDOW:
            continue
        name = one.text(QAccessible.Text.Name).strip()
        is_used = one.state().focusable or one.role() in _USED
        if one.role() is QAccessible.Role.NoRole or (is_used and (not name or one.role() in _NO_ROLES)):
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}: {one.role()}, {name!r}")
    return found


async def test_what_takes_the_focus_has_a_name_and_a_role(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        for page in (TREE, ALL_TAKES, QUEUE):
            creator.window.show_rail(page)
            assert not faults(creator.window)
        creator.form.fields.options.open()
        creator.form.fields.way.segments.button(1).click()
        creator.types(creator.tasks.filter.box, "lake")
        await creator.sees(creator.form.fields.generation.isVisible, "the options of a new clip")
        assert not faults(creator.window)


async def test_a_seam_can_be_told(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", on="create", do="seam", plant="colour", times=1)  # a clean film has no worst seam
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.clicks_row(0)
        view = creator.window.seams
        await creator.sees(lambda: view.seams, "its seam")
        view.commands["worst_seam"].trigger()
        await creator.sees(lambda: view.stage.stills, "the two frames")
        assert not faults(creator.window)
        told = {one.text(QAccessible.Text.Name) for one in heard(view.foot)}
        assert any(words.startswith("Colour ") for words in told), "a meter says its name, its number and its verdict"
        assert {one.role() for one in heard(creator.viewer.transport.strip)} == {QAccessible.Role.Slider}


@pytest.mark.parametrize(
    "asked",
    [
        "settings_asked",
        "search_asked",
        "keys_asked",
        "picker_asked",
        "history_asked",
        "budget_asked",
        "start_asked",
        "updates_asked",
        "about_asked",
    ],
)
async def test_every_dialog_can_be_told(start: Start, asked: str) -> None:
    async with start() as creator:
        getattr(creator.window.menu_bar, asked).emit()
        opened = await creator.sees(
            lambda: [each for each in creator.window.findChildren(QDialog) if each.isVisible()],
            "the dialog",
        )
        for dialog in opened:
            assert not faults(dialog)
            dialog.close()


async def test_a_nameless_button_is_found(start: Start) -> None:
    """The walk that finds nothing wrong would find something, were it there."""
    async with start() as creator:
        assert len(list(heard(creator.window))) > 60
        creator.form.button.setText("")
        creator.form.button.setAccessibleName("")
        assert any("QPushButton in SubmitFoot" in fault for fault in faults(creator.window))
