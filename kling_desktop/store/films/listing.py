"""The list of all takes under its heads: which stand under each, and any page of them, read by index."""

# S608 warns of SQL put together from strings. Here that is all there is to do, and only from names in these rooms.
# ruff: noqa: S608

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import DYING
from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import MOST_STARS, Expiry, Filter, Order, Stretch, Task
from kling_desktop.store.database import sounded
from kling_desktop.store.films.listing_schema import NEVER
from kling_desktop.store.rows import Values, micros, task_of
from kling_desktop.store.statements import RANKS, TASK, conditions, passing

if TYPE_CHECKING:
    from sqlite3 import Connection, Row

    from kling_desktop.store.database import Database

_NEWEST = "asked_at DESC, id DESC"
_OF_RANK = {rank: verdict for verdict, rank in RANKS.items()}

_BY_FILM = "of_film, task.asked_at DESC, task.id DESC"

_SHORT = 2_000
"""A library of so many takes is listed in two milliseconds."""

_STEP = 2_000
"""Numbers that are read at once: half a millisecond."""

_NUMBERS = "SELECT count(*), group_concat(number) FROM (SELECT number {})"
"""All numbers in one row, in the order of the inner SELECT: SQLite keeps that for group_concat. A row a take would let
the threads hand each other the interpreter 100 000 times."""

_FILMS = """
    SELECT found.film_id, film.name, found.count FROM (
        SELECT of_film AS film_id, count(*) AS count, max(task.asked_at) AS newest FROM {tasks} WHERE true{conditions}
        GROUP BY of_film) AS found
    LEFT JOIN film ON film.id = found.film_id ORDER BY found.newest DESC, found.film_id"""


@dataclass(frozen=True, slots=True)
class _Head:
    """How the takes under a head are found, and in which order they stand."""

    condition: str
    values: Values
    order: str = _NEWEST


class Listing:
    """A whole list of 100 000 takes is read in some tens of milliseconds, beside the loop; a page of it in two."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], surely: Callable[[], datetime] | None = None
    ) -> None:
        """`surely` tells what the time is for certain: by that one a take is gone; by default by `now` too."""
        self._database = database
        self._now = now
        self._surely = surely or now

    def listed(self, wanted: Filter, order: Order, reader: object = None) -> Listed:
        """The whole list: what stands under each head; heads without a take are left out. In any thread.

        Raises StoreTrouble when it is broken off by a `stop` of this reader's.
        """
        with self._database.beside(reader) as connection:
            read = self._films if order is Order.FILM else self._under_heads
            stretches, numbers = read(connection, wanted, order)
            return Listed(stretches, numbers, connection.execute("SELECT count(*) FROM task").fetchone()[0])

    def stop(self, reader: object) -> None:
        """Break off what `listed` reads for a reader in another thread."""
        self._database.stop_reading(reader)

    def is_short(self) -> bool:
        """Whether every list of this library is read in a moment."""
        return int(str(self._database.value("SELECT coalesce(max(number), 0) FROM task"))) <= _SHORT

    def page(self, numbers: Sequence[int]) -> list[Task | None]:
        """The takes with these numbers of `Listed`, as they stand now; None for who was taken out meanwhile."""
        rows = self._database.rows(
            f"{TASK} WHERE task.number IN (SELECT value FROM json_each(:numbers))",
            {"numbers": json.dumps(list(numbers))},
        )
        with self._database.understood():
            found = {row["number"]: task_of(row) for row in rows}
        return [found.get(number) for number in numbers]

    def number(self, task_id: str) -> int | None:
        """Under which number a task is found in `Listed`; None when there is no such task."""
        found = self._database.value("SELECT number FROM task WHERE id = :id", {"id": task_id})
        return None if found is None else int(str(found))

    def passes(self, wanted: Filter, task_id: str) -> bool:
        """Whether the filter lets a task through as it stands now."""
        held, values = conditions(wanted)
        statement = f"SELECT EXISTS (SELECT 1 FROM task WHERE id = :id{held})"
        return bool(self._database.value(statement, values | {"id": task_id}))

    def note_verdict(self, clip_id: str, verdict: Verdict | None) -> bool:
        """Keep what was found of the seam at which a clip's takes begin; False when it is known."""
        rank = RANKS[verdict] if verdict else 0
        with self._database.transaction(is_aside=True) as connection:
            changed = connection.execute(
                "UPDATE task SET verdict = :rank WHERE clip_id = :clip AND verdict <> :rank",
                {"rank": rank, "clip": clip_id},
            )
        return changed.rowcount > 0

    def clips_with_findings(self, kind: str, after: str, limit: int) -> list[str]:
        """Ids of clips in which something of a kind was found, by their order, from behind `after` on."""
        rows = self._database.rows(
            "SELECT clip_id FROM finding WHERE kind = :kind AND clip_id > :after ORDER BY clip_id LIMIT :limit",
            {"kind": kind, "after": after, "limit": limit},
        )
        return [str(row["clip_id"]) for row in rows]

    # --- heads ---------------------------------------------------------------------------------------------------

    def _films(self, connection: Connection, wanted: Filter, _: Order) -> tuple[list[Stretch], array[int]]:
        held, values = conditions(wanted)
        tasks = "task INDEXED BY task_film"
        if wanted.text.strip():  # the words lie in an index of their own; what it finds is looked at one by one
            found, values_of_text = passing(Filter(wanted.text))
            tasks, values = f"({found}) AS named CROSS JOIN task USING (number)", values | values_of_text
            held = conditions(replace(wanted, text=""))[0]
        values = sounded(values)
        heads = connection.execute(_FILMS.format(tasks=tasks, conditions=held), values).fetchall()
        _, text = connection.execute(
            _NUMBERS.format(f"FROM {tasks} WHERE true{held} ORDER BY {_BY_FILM}"), values
        ).fetchone()
        return [Stretch(row["film_id"], row["count"], row["name"] or "") for row in heads], _put(_parsed(text), heads)

    def _under_heads(self, connection: Connection, wanted: Filter, order: Order) -> tuple[list[Stretch], array[int]]:
        stretches, numbers = [], array("q")
        for key, head in self._heads(order).items():
            tasks, values = self._of_head(wanted, head)
            count, text = connection.execute(_NUMBERS.format(tasks), sounded(values)).fetchone()
            if count:
                stretches.append(Stretch(key, count))
                numbers += _parsed(text)
        return stretches, numbers

    @staticmethod
    def _of_head(wanted: Filter, head: _Head) -> tuple[str, Values]:
        if head.condition == "true":
            found, values = passing(wanted)
            return f"FROM ({found}) ORDER BY {_NEWEST}", values
        held, values = conditions(wanted)
        return f"FROM task WHERE {head.condition}{held} ORDER BY {head.order}", values | head.values

    def _heads(self, order: Order) -> dict[str, _Head]:
        keys: Iterable[str] = ("",)
        if order is Order.STARS:
            keys = map(str, range(MOST_STARS, -1, -1))
        elif order is Order.VERDICT:
            keys = (*(str(_OF_RANK[rank]) for rank in sorted(_OF_RANK, reverse=True)), "")
        elif order is Order.EXPIRY:
            keys = map(str, Expiry)
        now, surely = self._now(), self._surely()  # one for all of them: no take stands under two heads, or under none
        return {key: _head(order, key, now, min(now, surely)) for key in keys}


def _head(order: Order, key: str, now: datetime, surely: datetime) -> _Head:
    if order is Order.STARS:
        return _Head("stars = :key", {"key": int(key)})
    if order is Order.VERDICT:
        return _Head("verdict = :key", {"key": RANKS[Verdict(key)] if key else 0})
    return _expiry(Expiry(key), now, surely) if order is Order.EXPIRY else _Head("true", {})


def _expiry(key: Expiry, now: datetime, surely: datetime) -> _Head:
    values: Values = {"now": micros(surely), "week": micros(now + DYING)}
    return {
        Expiry.SOON: _Head("dies_at > :now AND dies_at <= :week", values, "dies_at, asked_at, id"),
        Expiry.LATER: _Head(f"dies_at > :week AND dies_at < {NEVER}", values, "dies_at, asked_at, id"),
        Expiry.GONE: _Head("dies_at <= :now", values, "dies_at DESC, asked_at DESC, id DESC"),
        Expiry.UNKNOWN: _Head(f"dies_at = {NEVER}", {}, "dies_at DESC, asked_at DESC, id DESC"),
    }[key]


def _parsed(text: str | None) -> array[int]:
    """Numbers between commas. In steps: one long call would keep the window's thread from its turn."""
    words, numbers = text.split(",") if text else [], array("q")
    for first in range(0, len(words), _STEP):
        numbers.extend(map(int, words[first : first + _STEP]))
    return numbers


def _put(numbers: array[int], heads: Sequence[Row]) -> array[int]:
    """In the order of these heads what was read in that of the films' ids."""
    starts, start = {}, 0
    for head in sorted(heads, key=lambda head: str(head["film_id"]).encode()):  # as SQLite compares
        starts[head["film_id"]] = start
        start += head["count"]
    put = array("q")
    for head in heads:
        start = starts[head["film_id"]]
        put += numbers[start : start + head["count"]]
    return put
