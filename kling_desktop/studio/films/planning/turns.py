"""In which order the tasks of several plans leave: films share the account's slots by turns."""

from __future__ import annotations


class Turns:
    """Round robin: each film's next task goes behind the tasks that other films were given before it."""

    def __init__(self) -> None:
        self._served = 0.0
        self._last: dict[str, float] = {}

    def start(self, at: float) -> None:
        """What waits since the last time the program ran has turns from here on."""
        self._served = max(self._served, at - 1)

    def served(self, turn: float) -> None:
        """A task of this turn is being sent."""
        self._served = max(self._served, turn)

    def take(self, film_id: str, count: int) -> list[float]:
        """Turns for so many tasks of a film."""
        first = max(self._served, self._last.get(film_id, 0.0)) + 1
        self._last[film_id] = first + count - 1
        return [first + number for number in range(count)]
