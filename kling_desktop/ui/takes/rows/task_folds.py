"""Which heads of the list are folded, in each order; as texts that outlive a start."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kling_desktop.domain.tasks import Order

_MOST_TEXTS = 2000
"""Heads that were folded once and whose takes are gone must not pile up for ever."""


class Folds:
    """Every order has its own: what is folded among films says nothing of what is folded among stars."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """`texts` as `texts` gave them; one that is not understood is left out."""
        self._keys: dict[Order, set[str]] = {order: set() for order in Order}
        for text in texts:
            order, found, key = text.partition(":")
            if found and order in self._keys:
                self._keys[Order(order)].add(key)

    def of(self, order: Order) -> set[str]:
        """The keys of the folded stretches; what is changed in it is folded or not from then on."""
        return self._keys[order]

    def only(self, order: Order, keys: Collection[str]) -> None:
        """Fold these of an order, and no others."""
        self._keys[order] = set(keys)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(f"{order}:{key}" for order in Order for key in sorted(self._keys[order]))[:_MOST_TEXTS]
