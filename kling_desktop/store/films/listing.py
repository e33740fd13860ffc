"""The list of all takes under its heads: how many stand under each, and any stretch of them, read by index."""

# S608 warns of SQL put together from strings. Here that is all there is to do, and only from names in these rooms.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import DYING
from kling_desktop.domain.tasks import MOST_STARS, Expiry, Filter, Order, Piece, Stretch, Task
from kling_desktop.store.films.listing_schema import NEVER
from kling_desktop.store.rows import Values, micros, task_of
from kling_desktop.store.statements import RANKS, TASK, conditions, counted, passing

if TYPE_CHECKING:
    from kling_desktop.store.database import Database

_NEWEST = "asked_at DESC, id DESC"
_OF_RANK = {rank: verdict for verdict, rank in RANKS.items()}

_FILMS = """
    SELECT found.film_id, film.name, found.count FROM (
        SELECT of_film AS film_id, count(*) AS count, max(asked_at) AS newest FROM {tasks} WHERE true{conditions}
        GROUP BY of_film) AS found
    LEFT JOIN film ON film.id = found.film_id ORDER BY found.newest DESC, found.film_id"""


@dataclass(frozen=True, slots=True)
class _Head:
    """How the takes under a head are found, and in which order they stand."""

    condition: str
    values: Values
    order: str = _NEWEST


class Listing:
    """Answers at once: counts of 100 000 takes cost some milliseconds, a page one."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def stretches(self, wanted: Filter, order: Order) -> list[Stretch]:
        """What stands under each head, in the order of the list; heads without a take are left out."""
        if order is Order.FILM:
            return self._films(wanted)
        counts = ((key, self._count(wanted, head)) for key, head in self._heads(order).items())
        return [Stretch(key, count) for key, count in counts if count]

    def page(self, wanted: Filter, order: Order, pieces: Sequence[Piece]) -> list[Task]:
        """The takes of these pieces, one after another."""
        numbers = [number for piece in pieces for number in self._numbers(wanted, order, piece)]
        rows = self._database.rows(
            f"{TASK} WHERE task.number IN (SELECT value FROM json_each(:numbers))", {"numbers": json.dumps(numbers)}
        )
        with self._database.understood():
            found = {row["number"]: task_of(row) for row in rows}
        return [found[number] for number in numbers if number in found]

    def place(self, wanted: Filter, order: Order, task_id: str) -> tuple[str, int] | None:
        """Under which head a task stands, and behind how many others; None when the filter hides it."""
        rows = self._database.rows(
            "SELECT of_film, stars, verdict, dies_at, asked_at FROM task WHERE id = :id", {"id": task_id}
        )
        if not rows:
            return None
        key = self._key(order, rows[0])
        head = self._head(order, key)
        held, values = conditions(wanted)
        values |= head.values | {"id": task_id, "its_time": rows[0]["asked_at"], "its_day": rows[0]["dies_at"]}
        where = f"FROM task WHERE {head.condition}{held}"
        if not self._database.value(f"SELECT EXISTS (SELECT 1 {where} AND id = :id)", values):
            return None
        return key, int(str(self._database.value(f"SELECT count(*) {where} AND {_before(head.order)}", values)))

    def note_verdict(self, clip_id: str, verdict: Verdict | None) -> bool:
        """Keep what was found of the seam at which a clip's takes begin; False when it is known."""
        rank = RANKS[verdict] if verdict else 0
        with self._database.transaction() as connection:
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

    def _films(self, wanted: Filter) -> list[Stretch]:
        held, values = conditions(wanted)
        tasks = "task INDEXED BY task_film"
        if wanted.text.strip():  # the words lie in an index of their own; what it finds is looked at one by one
            found, values_of_text = passing(Filter(wanted.text))
            tasks, values = f"({found}) AS named CROSS JOIN task USING (number)", values | values_of_text
            held = held.replace(" AND search LIKE :text ESCAPE '!'", "")
            statement = _FILMS.replace("max(asked_at)", "max(task.asked_at)").format(tasks=tasks, conditions=held)
        else:
            statement = _FILMS.format(tasks=tasks, conditions=held)
        rows = self._database.rows(statement, values)
        return [Stretch(row["film_id"], row["count"], row["name"] or "") for row in rows]

    def _heads(self, order: Order) -> dict[str, _Head]:
        keys: Iterable[str] = ("",)
        if order is Order.STARS:
            keys = map(str, range(MOST_STARS, -1, -1))
        elif order is Order.VERDICT:
            keys = (*(str(_OF_RANK[rank]) for rank in sorted(_OF_RANK, reverse=True)), "")
        elif order is Order.EXPIRY:
            keys = map(str, Expiry)
        return {key: self._head(order, key) for key in keys}

    def _head(self, order: Order, key: str) -> _Head:
        if order is Order.FILM:
            return _Head("of_film = :key", {"key": key})
        if order is Order.STARS:
            return _Head("stars = :key", {"key": int(key)})
        if order is Order.VERDICT:
            return _Head("verdict = :key", {"key": RANKS[Verdict(key)] if key else 0})
        return self._expiry(Expiry(key)) if order is Order.EXPIRY else _Head("true", {})

    def _expiry(self, key: Expiry) -> _Head:
        now = self._now()
        values: Values = {"now": micros(now), "week": micros(now + DYING)}
        return {
            Expiry.SOON: _Head("dies_at > :now AND dies_at <= :week", values, "dies_at, asked_at, id"),
            Expiry.LATER: _Head(f"dies_at > :week AND dies_at < {NEVER}", values, "dies_at, asked_at, id"),
            Expiry.GONE: _Head("dies_at <= :now", values, "dies_at DESC, asked_at DESC, id DESC"),
            Expiry.UNKNOWN: _Head(f"dies_at = {NEVER}", {}, "dies_at DESC, asked_at DESC, id DESC"),
        }[key]

    def _key(self, order: Order, row: object) -> str:
        columns = dict(row)  # type: ignore[call-overload]  # a row of SQLite's is a mapping, untyped
        if order is Order.FILM:
            return str(columns["of_film"])
        if order is Order.STARS:
            return str(columns["stars"])
        if order is Order.VERDICT:
            return str(_OF_RANK.get(columns["verdict"], ""))
        return self._expires(columns["dies_at"]) if order is Order.EXPIRY else ""

    def _expires(self, dies_at: int) -> str:
        now = self._now()
        if dies_at == NEVER:
            return Expiry.UNKNOWN
        if dies_at <= (micros(now) or 0):
            return Expiry.GONE
        return Expiry.SOON if dies_at <= (micros(now + DYING) or 0) else Expiry.LATER

    # --- rows ----------------------------------------------------------------------------------------------------

    def _count(self, wanted: Filter, head: _Head) -> int:
        if head.condition == "true":
            found, values = passing(wanted)
            return int(str(self._database.value(counted(found), values)))
        held, values = conditions(wanted)
        statement = f"SELECT count(*) FROM task WHERE {head.condition}{held}"
        return int(str(self._database.value(statement, values | head.values)))

    def _numbers(self, wanted: Filter, order: Order, piece: Piece) -> list[int]:
        head = self._head(order, piece.key)
        values: Values = {"limit": piece.limit, "offset": piece.offset}
        if head.condition == "true":
            found, more = passing(wanted)
            statement = f"SELECT number FROM ({found} ORDER BY {_NEWEST} LIMIT :limit OFFSET :offset)"
        else:
            held, more = conditions(wanted)
            statement = f"""SELECT number FROM task WHERE {head.condition}{held}
                ORDER BY {head.order} LIMIT :limit OFFSET :offset"""
        return [int(row[0]) for row in self._database.rows(statement, values | more | head.values)]


def _before(order: str) -> str:
    """The condition under which a take stands before the one with :its_day, :its_time and :id."""
    if order == _NEWEST:
        return "(asked_at, id) > (:its_time, :id)"
    sign = ">" if "DESC" in order else "<"
    return f"(dies_at, asked_at, id) {sign} (:its_day, :its_time, :id)"
