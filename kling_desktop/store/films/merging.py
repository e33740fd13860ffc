"""Brings two films together: roots stand side by side, and what was split off hangs again where it grew."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from kling_desktop.domain.tasks import Pick
from kling_desktop.store.films import grafting
from kling_desktop.store.films.tree_keys import AFTER_ALL

_ROOTS = """
    SELECT take.id, coalesce(nullif(task.video_id, ''), clip.parent_id, '') AS source FROM take
        LEFT JOIN task ON task.id = take.task_id LEFT JOIN clip ON clip.id = take.clip_id
    WHERE take.slot = ? AND take.way <> 'root' ORDER BY take.path"""
"""Roots that go on from a clip: they were split off, or the database was mended."""

_PARENT = """
    SELECT id FROM take WHERE clip_id = :clip AND film_id = :film AND id NOT IN (
        SELECT below.id FROM take AS root JOIN take AS below ON below.film_id = root.film_id
            AND below.path >= root.path AND below.path < root.path || :last WHERE root.id = :root)
    ORDER BY number LIMIT 1"""

_PICKS = "SELECT pick.slot, pick.take_id FROM take JOIN pick ON pick.slot = take.slot WHERE take.film_id = :film"

_STANDS = """
    SELECT slot, task_id, task.pick, (SELECT count(*) FROM take AS other WHERE other.slot = take.slot) AS siblings
    FROM take LEFT JOIN task ON task.id = take.task_id WHERE take.id = :id"""


@dataclass
class Merged:
    """What taking it back needs to know."""

    plans: list[str]
    """Ids of the plans that came along."""
    regrown: list[str] = field(default_factory=list)
    """Roots that were split off, of either film, and hang below what they go on from now."""
    claims: list[str] = field(default_factory=list)
    """Ids of tasks that were taken out of the other film."""
    picks: dict[str, str] = field(default_factory=dict)
    """By place what was picked there before, of those where it is another one now; empty for nothing."""
    rejected: list[str] = field(default_factory=list)
    """Ids of tasks whose takes were rejected, and are in the film now."""


def merge(connection: sqlite3.Connection, film_id: str, other_id: str, shown: list[str]) -> Merged:
    """All takes of the other film become this one's, which goes on to show the takes `shown`, root first."""
    merged = Merged([row["id"] for row in connection.execute("SELECT id FROM plan WHERE film_id = ?", (other_id,))])
    merged.claims = [
        row["task_id"] for row in connection.execute("SELECT task_id FROM claim WHERE film_id = ?", (other_id,))
    ]
    before = _picks(connection, film_id, other_id) | {
        slot: grafting.picked(connection, slot) for slot in (film_id, other_id)
    }
    roots = connection.execute("SELECT id FROM take WHERE slot = ? ORDER BY path", (other_id,)).fetchall()
    # They are paused, as another path lies before them now.
    connection.execute("UPDATE plan SET state = 'paused' WHERE film_id = ? AND state = 'running'", (other_id,))
    for root in roots:
        grafting.move(connection, root["id"], film_id)
    if not roots:
        connection.execute("DELETE FROM film WHERE id = ?", (other_id,))
    came = {film_id, *_regrow(connection, film_id, merged)}
    above = _above(connection, shown[0]) if shown else []
    for take_id in (*above, *shown):
        _pick(connection, take_id, merged, came if take_id in shown else None)
    after = _picks(connection, film_id)
    changed = (slot for slot in before | after if before.get(slot, "") != after.get(slot, ""))
    # Of the two films themselves always: their roots pass there once more on the way back.
    merged.picks = {slot: before.get(slot, "") for slot in (film_id, other_id, *changed)}
    return merged


def take_back(connection: sqlite3.Connection, other_id: str, merged: Merged) -> None:
    """Have picked, rejected and taken out what was so before two films were brought together, once their takes hang
    again where they did."""
    for slot, take_id in merged.picks.items():
        grafting.choose(connection, slot, take_id)
    connection.executemany("UPDATE task SET pick = 'rejected' WHERE id = ?", [(id,) for id in merged.rejected])
    connection.executemany("UPDATE claim SET film_id = ? WHERE task_id = ?", [(other_id, id) for id in merged.claims])


def _picks(connection: sqlite3.Connection, *film_ids: str) -> dict[str, str]:
    """By place what is picked in these films."""
    found = dict[str, str]()
    for film_id in film_ids:
        rows = connection.execute(_PICKS, {"film": film_id}).fetchall()
        found |= {row["slot"]: row["take_id"] for row in rows}
    return found


def _regrow(connection: sqlite3.Connection, film_id: str, merged: Merged) -> set[str]:
    """The takes below which roots hang now."""
    parents = set[str]()
    for root in connection.execute(_ROOTS, (film_id,)).fetchall():
        values = {"clip": root["source"], "film": film_id, "root": root["id"], "last": AFTER_ALL}
        parent = connection.execute(_PARENT, values).fetchone() if root["source"] else None
        if parent is not None:
            grafting.move(connection, root["id"], film_id, parent["id"])
            merged.regrown.append(root["id"])
            parents.add(parent["id"])
    return parents


def _above(connection: sqlite3.Connection, take_id: str) -> list[str]:
    """Ids of what lies above a take, root first: of a root that was split off, if it hangs again where it grew."""
    found, at = list[str](), grafting.by_id(connection, take_id)
    while at is not None and at["parent_id"]:
        found.append(at["parent_id"])
        at = grafting.by_id(connection, at["parent_id"])
    return found[::-1]


def _pick(connection: sqlite3.Connection, take_id: str, merged: Merged, places: set[str] | None) -> None:
    """Have the film go through a take that is rejected or not alone, if it stands at one of `places` (None: at any)."""
    stands = connection.execute(_STANDS, {"id": take_id}).fetchone()
    slot, is_rejected = stands["slot"], stands["pick"] == Pick.REJECTED
    is_open = is_rejected or (stands["siblings"] > 1 and grafting.picked(connection, slot) != take_id)
    if is_open and (places is None or slot in places):
        if is_rejected:
            merged.rejected.append(stands["task_id"])
        grafting.choose(connection, slot, take_id)
