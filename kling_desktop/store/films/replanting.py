"""Puts a tree of takes together again whose lines were broken: parents that are gone, or that bite their own tail."""

# S608 warns of SQL put together from strings. Here that is all there is to do, and only from names in these rooms.
# ruff: noqa: S608

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from kling_desktop.store.films.tree_keys import MOST, WIDTH, key_of

log = logging.getLogger(__name__)

_KEY: Final = "[0-9a-z]" * WIDTH

ADRIFT: Final = f"""
    SELECT take.film_id FROM take LEFT JOIN take AS parent ON parent.id = take.parent_id
    WHERE length(take.path) <> {WIDTH} * (take.hop + 1) OR take.hop < 0
        OR substr(take.path, -{WIDTH}) NOT GLOB '{_KEY}' OR take.film_id NOT IN (SELECT id FROM film)
        OR CASE take.hop WHEN 0 THEN take.parent_id <> '' ELSE parent.film_id IS NOT take.film_id
            OR parent.path IS NOT substr(take.path, 1, {WIDTH} * take.hop) END"""
"""The films of takes that do not hang where they say: a path is its parent's and one key more."""

_HOLD_PLANS: Final = "UPDATE plan SET state = 'paused' WHERE film_id = ? AND state = 'running'"
"""What it would go on from may be another take now."""

_BACK_TO_PARENTS: Final = """
    UPDATE OR IGNORE take SET film_id = (SELECT parent.film_id FROM take AS parent WHERE parent.id = take.parent_id)
    WHERE film_id NOT IN (SELECT id FROM film) AND EXISTS (SELECT 1 FROM take AS parent
        JOIN film ON film.id = parent.film_id WHERE parent.id = take.parent_id)"""

_NODES: Final = """
    SELECT take.id, take.path, take.parent_id, take.clip_id, take.made_at,
        coalesce(nullif(task.video_id, ''), clip.parent_id, '') AS source FROM take
        LEFT JOIN task ON task.id = take.task_id LEFT JOIN clip ON clip.id = coalesce(task.clip_id, take.clip_id)
    WHERE take.film_id = ? ORDER BY take.path"""


@dataclass
class _Node:
    id: str
    path: str
    parent: str
    """Id of the take above it; empty for a root."""
    source: str = ""
    """The clip that it was made from, as far as its task or its clip tells."""
    made_at: int = 0


def bring_home(connection: sqlite3.Connection) -> None:
    """Takes whose film is gone go back to their parent's, if that has one."""
    connection.execute(_BACK_TO_PARENTS)


def replant(connection: sqlite3.Connection) -> None:
    """Hang every take of a broken tree below the take that its path names, else below the one that it names itself. A
    parent that is gone is put back as a take of which nothing is known but its clip, so that its children stay
    together and what was picked stays picked.
    """
    for film_id in {row["film_id"] for row in connection.execute(ADRIFT).fetchall()}:
        log.info("recovery: the tree of film %s is put together again", film_id)
        tree = _Tree(connection, film_id)
        tree.hang()
        _write(connection, tree.nodes)
        connection.execute(_HOLD_PLANS, (film_id,))


class _Tree:
    """The takes of one film, however they hang."""

    def __init__(self, connection: sqlite3.Connection, film_id: str) -> None:
        self._connection = connection
        self._film_id = film_id
        rows = connection.execute(_NODES, (film_id,)).fetchall()
        self.nodes: dict[str, _Node] = {
            row["id"]: _Node(row["id"], row["path"], row["parent_id"], row["source"], row["made_at"]) for row in rows
        }
        self._by_path = {node.path: node.id for node in self.nodes.values() if _is_path(node.path)}
        self._by_clip: dict[str, str] = {row["clip_id"]: row["id"] for row in rows if row["clip_id"]}

    def hang(self) -> None:
        """Give each take the parent that it should have."""
        for node in list(self.nodes.values()):
            node.parent = self._parent_of(node)
        _cut_circles(self.nodes)

    def _parent_of(self, node: _Node) -> str:
        above = node.path[:-WIDTH] if _is_path(node.path) else None
        if above == "":
            return ""
        if above is not None and above in self._by_path:
            return self._by_path[above]
        if node.parent in self.nodes and node.parent != node.id:
            return node.parent
        if above is None:
            return self._by_clip.get(node.source, "")
        return self._put_back(node, above) if node.parent not in ("", node.id) else ""

    def _put_back(self, child: _Node, path: str) -> str:
        if self._has("id", child.parent):
            return ""  # it lives in another film
        clip_id = child.source if child.source and not self._has("clip_id", child.source) else None
        above = self._by_path.get(path[:-WIDTH], "")
        self._connection.execute(
            """INSERT INTO take (id, film_id, parent_id, way, hop, path, made_at, clip_id)
            VALUES (?, ?, ?, ?, 0, ?, ?, ?)""",
            (child.parent, self._film_id, above, "extend" if above else "root", path, child.made_at, clip_id),
        )
        self.nodes[child.parent] = _Node(child.parent, path, above)
        self._by_path[path] = child.parent
        return child.parent

    def _has(self, column: str, value: str) -> bool:
        return self._connection.execute(f"SELECT 1 FROM take WHERE {column} = ?", (value,)).fetchone() is not None


def _cut_circles(nodes: dict[str, _Node]) -> None:
    """A take from which no way leads up to a root becomes one."""
    safe: set[str] = set()
    for node in nodes.values():
        walked: list[str] = []
        at = node
        while at.id not in safe and at.id not in walked:
            walked.append(at.id)
            if not at.parent:
                break
            at = nodes[at.parent]
        else:
            if at.id in walked:
                at.parent = ""
        safe.update(walked)


def _write(connection: sqlite3.Connection, nodes: dict[str, _Node]) -> None:
    children: dict[str, list[_Node]] = defaultdict(list)
    for node in sorted(nodes.values(), key=lambda node: (node.path, node.id)):
        children[node.parent].append(node)
    changed: list[tuple[str, str, int, str]] = []
    waiting = [("", "")]
    while waiting:
        parent, above = waiting.pop()
        taken = {child.path for child in children[parent] if _fits(child.path, above)}
        free = (above + key_of(number) for number in range(MOST) if above + key_of(number) not in taken)
        for child in children[parent]:
            path = child.path if _fits(child.path, above) else next(free)
            changed.append((parent, path, len(path) // WIDTH - 1, child.id))
            waiting.append((child.id, path))
    # First out of each other's way: no two takes of a film may have one path, not even for a moment.
    connection.executemany("UPDATE take SET path = '!' || number WHERE id = ?", [(id,) for *_, id in changed])
    connection.executemany("UPDATE take SET parent_id = ?, path = ?, hop = ? WHERE id = ?", changed)


def _fits(path: str, above: str) -> bool:
    return _is_path(path) and path[:-WIDTH] == above


def _is_path(path: str) -> bool:
    return bool(path) and len(path) % WIDTH == 0 and path.isascii() and path.isalnum() and path == path.lower()
