"""The menu of a row of the tree: every act in words, with its key beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu, QWidget

from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.rail.tree_keys import Act
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow, WayOn


@dataclass(frozen=True, slots=True)
class TreeVerbs:
    """What the tree does when its menu is used."""

    act: Callable[[Act], None]
    star: Callable[[int], None]
    take_way: Callable[[str, WayOn], None]
    shown: Callable[[Act], str]
    """The key of an act, as menus write it."""


def tree_menu(row: TreeRow, parent: QWidget, verbs: TreeVerbs) -> QMenu:
    """What can be done with a take, first of all the three ways on of one that was made for another take."""
    menu = QMenu(parent)

    def add(what: Act, words: str) -> None:
        # After a tab Qt shows the key without listening for it: the tree itself does that.
        menu.addAction(f"{words}\t{verbs.shown(what)}").triggered.connect(lambda: verbs.act(what))

    if row.made_for is not None:
        _add_ways(menu, row, verbs.take_way)
    add(Act.PLAY, tr("Play"))
    if row.kind is not RowKind.MAKING:
        add(Act.PICK, tr("Pick for the film"))
        add(Act.REJECT, tr("Take back from the rejected") if row.rejected else tr("Reject"))
        _add_stars(menu, row, verbs.star)
    menu.addSeparator()
    add(Act.EXTEND, tr("Extend from here"))
    add(Act.SIBLING, tr("Another take of this hop"))
    menu.addSeparator()
    add(Act.SEAM, tr("Look at the seam"))
    add(Act.JOIN, tr("Adjust the join…"))
    add(Act.COMPARE, tr("Compare"))
    if row.kind is not RowKind.MAKING:
        add(Act.EXPORT, tr("Export take…"))
    if row.hop > 0 and row.made_for is None:
        apart = menu.addAction(tr("Make it a film of its own"))
        apart.triggered.connect(lambda: verbs.take_way(row.take_id, WayOn.KEEP))
    if row.rejected:
        add(Act.FOLD, tr("Fold the rejected takes"))
    return menu


def _add_ways(menu: QMenu, row: TreeRow, take_way: Callable[[str, WayOn], None]) -> None:
    menu.addSection(tr("Made for take {n}", n=row.made_for))
    for way, words in (
        (WayOn.PLAY, tr("Play anyway")),
        (WayOn.REDO, tr("Redo from the picked take…")),
        (WayOn.KEEP, tr("Keep both, as a film of its own")),
    ):
        menu.addAction(words).triggered.connect(lambda _on=False, way=way: take_way(row.take_id, way))
    menu.addSeparator()


def _add_stars(menu: QMenu, row: TreeRow, star: Callable[[int], None]) -> None:
    stars = menu.addMenu(tr("Stars"))
    for count in range(6):
        words = tr("No star") if not count else tr_count(count, "{n} star", "{n} stars")
        action = stars.addAction(f"{words}\t{count}")
        action.setCheckable(True)
        action.setChecked(count == row.stars)
        action.triggered.connect(lambda _on=False, count=count: star(count))
