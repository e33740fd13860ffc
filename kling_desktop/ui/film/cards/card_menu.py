"""The menu of a card of the film: every act in words, with its key beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu, QWidget

from kling_desktop.ui.film.cards.card_keys import Act
from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.i18n import tr


@dataclass(frozen=True, slots=True)
class CardVerbs:
    """What the cards do when their menu is used."""

    act: Callable[[Act], None]
    pick: Callable[[int], None]
    """Let the take of that number stand for the hop."""
    shown: Callable[[Act], str]
    """The key of an act, as menus write it."""


def card_menu(card: Card, parent: QWidget, verbs: CardVerbs, *, planned: int) -> QMenu:
    """What can be done with a card; `planned` is the number of planned hops, between which one can be moved."""
    menu = QMenu(parent)

    def add(what: Act, words: str, *, on: bool = True) -> None:
        # After a tab Qt shows the key without listening for it: the lane itself does that.
        action = menu.addAction(f"{words}\t{verbs.shown(what)}")
        action.setEnabled(on)
        action.triggered.connect(lambda: verbs.act(what))

    if card.kind is CardKind.PLANNED:
        add(Act.WRITE, tr("Write"))
        add(Act.DUPLICATE, tr("Duplicate"))
        add(Act.MOVE_LEFT, tr("Move to the left"), on=planned > 1)
        add(Act.MOVE_RIGHT, tr("Move to the right"), on=planned > 1)
        menu.addSeparator()
        add(Act.REMOVE, tr("Remove from the plan"))
    elif card.kind in (CardKind.MADE, CardKind.RUNNING):
        _add_made(menu, card, add, verbs.pick)
    menu.addSeparator()
    add(Act.PASTE, tr("Paste a list of hops"))
    return menu


def _add_made(menu: QMenu, card: Card, add: Callable[..., None], pick: Callable[[int], None]) -> None:
    made = card.kind is CardKind.MADE
    add(Act.OPEN, tr("Play"))
    add(Act.NEXT_TAKE, tr("Next take of this hop"), on=made and card.takes > 1)
    add(Act.PREVIOUS_TAKE, tr("Previous take of this hop"), on=made and card.takes > 1)
    if made and card.takes > 1:
        takes = menu.addMenu(tr("Pick a take"))
        for number in range(1, card.takes + 1):
            action = takes.addAction(tr("Take {n}", n=number) + (f"\t{number}" if number <= 9 else ""))
            action.setCheckable(True)
            action.setChecked(number == card.take)
            action.triggered.connect(lambda _on=False, number=number: pick(number))
    menu.addSeparator()
    add(Act.EXTEND, tr("Extend from here"))
    add(Act.SIBLING, tr("Another take of this hop"), on=card.hop > 0)
    menu.addSeparator()
    add(Act.SEAM, tr("Look at the seam"), on=made and card.hop > 0)
    add(Act.JOIN, tr("Adjust the join…"), on=made and card.hop > 0)
    add(Act.COMPARE, tr("Compare the takes of this hop"), on=card.takes > 1)
    add(Act.EXPORT, tr("Export take…"), on=made)
