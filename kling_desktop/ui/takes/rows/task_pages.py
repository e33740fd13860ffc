"""Keeps the pages of tasks that were asked for lately, out of any number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator

from kling_desktop.domain.tasks import Task

PAGE = 100
"""Rows fetched at once: a few screens full, about 1 ms."""

PAGES_KEPT = 20
"""Pages in memory; the one least lately asked for leaves first. So a far selected row and the rows in sight live
together, and a list of 100 000 costs what one of 2 000 does."""


class TaskPages:
    """Tasks by row, fetched page by page and forgotten again."""

    def __init__(self, fetch: Callable[[int, int], list[Task | None]]) -> None:
        """`fetch(offset, limit)` hands out the tasks as they stand now; None for one that is no more."""
        self._fetch = fetch
        self._pages: OrderedDict[int, list[Task | None]] = OrderedDict()
        self._rows: dict[str, int] = {}

    def __iter__(self) -> Iterator[Task]:
        return (task for page in self._pages.values() for task in page if task is not None)

    def __len__(self) -> int:
        return len(self._rows)

    def task(self, row: int) -> Task | None:
        """The task of a row, fetched if need be; None beyond the last."""
        page, place = self._page(row // PAGE), row % PAGE
        return page[place] if place < len(page) else None

    def task_in_memory(self, row: int) -> Task | None:
        """The task of a row, if its page is here."""
        page, place = self._pages.get(row // PAGE, []), row % PAGE
        return page[place] if place < len(page) else None

    def row(self, task_id: str) -> int | None:
        """The row of a task, if its page is here."""
        return self._rows.get(task_id)

    def rows(self, task_ids: Iterable[str]) -> list[int]:
        """The rows of those tasks whose pages are here."""
        return [self._rows[id] for id in task_ids if id in self._rows]

    def replace(self, task: Task) -> None:
        """Put a task that is here in the place of its older self."""
        row = self._rows[task.id]
        self._pages[row // PAGE][row % PAGE] = task

    def clear(self) -> None:
        """Forget all: rows have moved."""
        self._pages.clear()
        self._rows.clear()

    def _page(self, number: int) -> list[Task | None]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        page = self._fetch(number * PAGE, PAGE)
        self._pages[number] = page
        self._rows.update((task.id, number * PAGE + place) for place, task in enumerate(page) if task is not None)
        if len(self._pages) > PAGES_KEPT:
            self._drop(self._pages.popitem(last=False)[1])
        return page

    def _drop(self, page: list[Task | None]) -> None:
        for task in page:
            if task is not None:
                self._rows.pop(task.id, None)
