"""Brings two films together: roots stand side by side, and what was split off hangs again where it grew."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

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


@dataclass
class Merged:
    """What taking it back needs to know."""

    plans: list[str]
    """Ids of the plans that came along."""
    regrown: list[str] = field(default_factory=list)
    """Roots that were split off, of either film, and hang below what they go on from now."""
    picks: dict[str, str] = field(default_factory=dict)
    """By the places whose pick was set what was picked there before; empty for nothing."""


def merge(connection: sqlite3.Connection, film_id: str, other_id: str, shown: list[str]) -> Merged:
    """All takes of the other film become this one's, which goes on to show the takes `shown`, root first."""
    merged = Merged([row["id"] for row in connection.execute("SELECT id FROM plan WHERE film_id = ?", (other_id,))])
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
    return merged


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
    """Have the film go through a take, if it stands at one of these places (None: at any) and not alone."""
    slot = connection.execute("SELECT slot FROM take WHERE id = ?", (take_id,)).fetchone()["slot"]
    siblings = connection.execute("SELECT count(*) AS takes FROM take WHERE slot = ?", (slot,)).fetchone()["takes"]
    before = connection.execute("SELECT take_id FROM pick WHERE slot = ?", (slot,)).fetchone()
    picked = before["take_id"] if before is not None else ""
    if siblings > 1 and picked != take_id and (places is None or slot in places):
        merged.picks[slot] = picked
        connection.execute("INSERT OR REPLACE INTO pick (slot, take_id) VALUES (?, ?)", (slot, take_id))
