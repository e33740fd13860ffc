"""The cards of the film lane as Qt's views ask for them, the place to add a hop being the last."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kling_desktop.ui import formatting
from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.film.film_words import spoken, tip_words

CardRole = Qt.ItemDataRole.UserRole + 1
"""The `Card`."""

_NOTHING = QModelIndex()


class CardModel(QAbstractListModel):
    """Cards that stay are told as changed, so that nothing scrolls and no selection is lost while a film renders."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[Card, ...] = (_add_card(()),)

    def show(self, cards: tuple[Card, ...]) -> None:
        """Show other cards, or the same ones saying something else."""
        cards = (*cards, _add_card(cards))
        if [card.id for card in cards] != [card.id for card in self._cards]:
            self.beginResetModel()
            self._cards = cards
            self.endResetModel()
            return
        before, self._cards = self._cards, cards
        for row, (old, new) in enumerate(zip(before, cards, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def card(self, row: int) -> Card | None:
        """The card of that number, from 0."""
        return self._cards[row] if 0 <= row < len(self._cards) else None

    def row_of(self, card_id: str) -> int | None:
        """Where a card stands."""
        return next((row for row, card in enumerate(self._cards) if card.id == card_id), None)

    @property
    def planned(self) -> list[Card]:
        """The planned hops, in order."""
        return [card for card in self._cards if card.kind is CardKind.PLANNED]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        card = self.card(index.row()) if index.isValid() else None
        if card is None or role == CardRole:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(card)
        if role == Qt.ItemDataRole.ToolTipRole:
            return formatting.tip(tip_words(card)) or None
        return None


def _add_card(before: tuple[Card, ...]) -> Card:
    return Card("", CardKind.ADD, before[-1].hop + 1 if before else 0)
