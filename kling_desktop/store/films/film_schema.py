"""The shape of what belongs to films, plans and money; and the grouping of what was there before there were films."""

from __future__ import annotations

import sqlite3
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime

from kling_desktop.domain.units import local_day
from kling_desktop.store.films.tree_keys import film_name, key_of
from kling_desktop.store.rows import folded, micro_units


def m006_generation(connection: sqlite3.Connection) -> None:
    """What a new clip is made with, as JSON: with tasks, and with the draft."""
    connection.execute("ALTER TABLE task ADD COLUMN generation TEXT")
    connection.execute("ALTER TABLE draft ADD COLUMN generation TEXT")


def m007_films(connection: sqlite3.Connection) -> None:
    """Films, grouped of what is there: every root clip with its descendants is one, named by its prompt.

    `take.path` holds four characters a hop: which child it is of its parent. It sorts a tree from the root down and
    siblings by age, and a subtree is one stretch of the index. `slot` is what all takes of one place share.
    """
    for statement in _M007:
        connection.execute(statement)
    _group(connection)
    for statement in _M007_INDEXES:  # an index is made faster at once than row by row
        connection.execute(statement)


def m008_plans_and_units(connection: sqlite3.Connection) -> None:
    """Plans, caps and the ledger of units, which begins with what was charged so far.

    Units are whole millionths: sums of them are exact. Days are the creator's local ones, as ISO text.
    """
    for statement in _M008:
        connection.execute(statement)
    _open_ledger(connection)


def m010_way_of_film(connection: sqlite3.Connection) -> None:
    """How the creator wants a film to go on; empty while nothing was chosen."""
    connection.execute("ALTER TABLE film ADD COLUMN way TEXT NOT NULL DEFAULT ''")


_M007 = (
    """CREATE TABLE film (
        id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
        label TEXT NOT NULL DEFAULT '', archived INTEGER NOT NULL DEFAULT 0,
        made_at INTEGER NOT NULL, touched_at INTEGER NOT NULL, search TEXT NOT NULL)""",
    """CREATE TABLE take (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, film_id TEXT NOT NULL REFERENCES film (id),
        parent_id TEXT NOT NULL, way TEXT NOT NULL, hop INTEGER NOT NULL, path TEXT NOT NULL,
        made_at INTEGER NOT NULL, task_id TEXT UNIQUE, clip_id TEXT,
        slot TEXT GENERATED ALWAYS AS (CASE parent_id WHEN '' THEN film_id ELSE parent_id END) VIRTUAL)""",
    """CREATE TABLE part (
        take_id TEXT NOT NULL, place INTEGER NOT NULL, clip_id TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT,
        colour TEXT, PRIMARY KEY (take_id, place)) WITHOUT ROWID""",
    """CREATE TABLE pick (
        slot TEXT PRIMARY KEY NOT NULL, take_id TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE mark (
        take_id TEXT PRIMARY KEY NOT NULL, note TEXT NOT NULL, label TEXT NOT NULL, stars INTEGER NOT NULL)""",
    # In which film, and where, a task's take is to be put (back): for what was forgotten and may be restored.
    "CREATE TABLE claim (task_id TEXT PRIMARY KEY NOT NULL, film_id TEXT NOT NULL, path TEXT NOT NULL) WITHOUT ROWID",
    # Whoever changes what the creator thinks of a take changes the path with it. No INSERT OR REPLACE: within a
    # trigger the conflict clause of the statement outside decides (sqlite.org/lang_createtrigger.html).
    """CREATE TRIGGER task_picked AFTER UPDATE OF pick ON task WHEN NEW.pick = 'picked' AND OLD.pick <> 'picked' BEGIN
        DELETE FROM pick WHERE slot = (SELECT slot FROM take WHERE task_id = NEW.id);
        INSERT INTO pick (slot, take_id) SELECT slot, id FROM take WHERE task_id = NEW.id; END""",
    """CREATE TRIGGER task_unpicked AFTER UPDATE OF pick ON task WHEN NEW.pick <> 'picked' AND OLD.pick = 'picked' BEGIN
        DELETE FROM pick WHERE (slot, take_id) IN (SELECT slot, id FROM take WHERE task_id = NEW.id); END""",
)
_M007_INDEXES = (
    "CREATE UNIQUE INDEX take_tree ON take (film_id, path)",
    "CREATE INDEX take_slot ON take (slot, path)",
    "CREATE INDEX take_clip ON take (clip_id) WHERE clip_id IS NOT NULL",
    "CREATE INDEX film_newest ON film (archived, touched_at DESC, id)",
)

_M008 = (
    """CREATE TABLE plan (
        id TEXT PRIMARY KEY NOT NULL, film_id TEXT NOT NULL, made_at INTEGER NOT NULL, name TEXT NOT NULL,
        state TEXT NOT NULL, gate TEXT NOT NULL, takes INTEGER NOT NULL, stop_after_this INTEGER NOT NULL,
        stop_reason TEXT NOT NULL, stop_hop TEXT NOT NULL, stop_take TEXT NOT NULL, stop_detail TEXT NOT NULL,
        profile_name TEXT NOT NULL, profile_region TEXT NOT NULL, profile_url TEXT NOT NULL)""",
    """CREATE TABLE hop (
        id TEXT PRIMARY KEY NOT NULL, plan_id TEXT NOT NULL, place INTEGER NOT NULL,
        prompt TEXT NOT NULL, negative_prompt TEXT NOT NULL, guidance REAL, watermark INTEGER, generation TEXT,
        way TEXT NOT NULL, takes INTEGER NOT NULL, gate TEXT,
        state TEXT NOT NULL, parent_id TEXT NOT NULL, take_id TEXT NOT NULL, newest INTEGER NOT NULL)""",
    """CREATE TABLE hop_task (
        task_id TEXT PRIMARY KEY NOT NULL, hop_id TEXT NOT NULL, plan_id TEXT NOT NULL, place INTEGER NOT NULL)""",
    """CREATE TABLE cap (
        profile_name TEXT NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL, units INTEGER NOT NULL,
        PRIMARY KEY (profile_name, scope, subject)) WITHOUT ROWID""",
    "CREATE TABLE sent_anyway (task_id TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID",
    """CREATE TABLE unit_entry (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, day TEXT NOT NULL, movement TEXT NOT NULL,
        units INTEGER NOT NULL, task_id TEXT NOT NULL, film_id TEXT NOT NULL, plan_id TEXT NOT NULL,
        profile_name TEXT NOT NULL, model TEXT NOT NULL, way TEXT NOT NULL, outcome TEXT NOT NULL)""",
    "CREATE INDEX plan_film ON plan (film_id, made_at DESC)",
    "CREATE INDEX plan_running ON plan (state) WHERE state = 'running'",
    "CREATE INDEX hop_plan ON hop (plan_id, place)",
    "CREATE INDEX hop_task_hop ON hop_task (hop_id, place)",
    "CREATE INDEX unit_day ON unit_entry (profile_name, day, movement, units)",
    "CREATE INDEX unit_film ON unit_entry (film_id, profile_name, movement, units)",
    "CREATE INDEX unit_plan ON unit_entry (plan_id, movement, units) WHERE plan_id <> ''",
    "CREATE INDEX unit_task ON unit_entry (task_id, movement, units, day)",
    """CREATE INDEX task_over_budget ON task (profile_name, rank, asked_at) WHERE status = 'queued'
        AND trouble_error IN ('OverBudget', 'OverFilmBudget', 'OverPlanBudget')""",
)


@dataclass
class _Node:
    id: str
    clip_id: str | None
    parent_clip: str
    made_at: int
    words: str = ""
    task_id: str | None = None
    children: list[_Node] = field(default_factory=list)


def _group(connection: sqlite3.Connection) -> None:
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    nodes = list(_nodes(connection, now))
    by_clip = {node.clip_id: node for node in reversed(nodes) if node.clip_id}
    oldest: dict[str, int] = {}
    for node in nodes:
        if node.parent_clip and node.parent_clip not in by_clip:
            oldest[node.parent_clip] = min(node.made_at, oldest.get(node.parent_clip, node.made_at))
    for unknown, made_at in oldest.items():
        by_clip[unknown] = _Node(f"clip:{unknown}", unknown, "", made_at)
        nodes.append(by_clip[unknown])
    for node in nodes:
        if node.parent_clip:
            by_clip[node.parent_clip].children.append(node)
    _write_films(connection, nodes)
    connection.execute("""
        INSERT OR IGNORE INTO pick (slot, take_id) SELECT slot, take.id FROM take JOIN task ON task.id = take.task_id
        WHERE task.pick = 'picked' ORDER BY task.asked_at DESC""")


def _nodes(connection: sqlite3.Connection, now: int) -> Iterator[_Node]:
    """One for each task, and one for each clip that no task made and that is more than a line of Kling's list."""
    made: dict[str, bool] = defaultdict(bool)
    for row in connection.execute("""
            SELECT task.id, task.clip_id, task.video_id, task.asked_at, task.prompt, clip.parent_id
            FROM task LEFT JOIN clip ON clip.id = task.clip_id ORDER BY task.asked_at, task.id"""):
        clip_id = row["clip_id"]
        is_second = clip_id is not None and made[clip_id]  # the same clip under two accounts' tasks
        if clip_id:
            made[clip_id] = True
        parent = row["video_id"] or row["parent_id"] or ""
        yield _Node(row["id"], None if is_second else clip_id, parent, row["asked_at"], row["prompt"], row["id"])
    for row in connection.execute("""
            SELECT id, parent_id, coalesce(made_at, expires_at - 2592000000000) AS made_at FROM clip
            WHERE file IS NOT NULL OR parent_id <> '' OR EXISTS (SELECT 1 FROM task WHERE video_id = clip.id)
                OR EXISTS (SELECT 1 FROM clip AS child WHERE child.parent_id = clip.id AND child.parent_id <> '')"""):
        if not made[row["id"]]:
            yield _Node(f"clip:{row['id']}", row["id"], row["parent_id"], row["made_at"] or now)


def _write_films(connection: sqlite3.Connection, nodes: Iterable[_Node]) -> None:
    ordered = sorted(nodes, key=lambda node: (bool(node.parent_clip), node.made_at, node.id))
    written: set[str] = set()
    for root in ordered:  # roots first; what is still missing then bites its own tail: it is cut
        if root.id in written:
            continue
        film_id = uuid.uuid4().hex
        rows = list(_rows(root, film_id, written))
        words = next((node.words for node in (root, *root.children) if node.words), "")
        name = film_name(words, root.clip_id or root.id)
        touched_at = max(row.made_at for row in rows)
        connection.execute(
            "INSERT INTO film (id, name, made_at, touched_at, search) VALUES (?, ?, ?, ?, ?)",
            (film_id, name, root.made_at, touched_at, folded(name)),
        )
        connection.executemany(
            "INSERT INTO take (id, film_id, parent_id, way, hop, path, task_id, made_at, clip_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [astuple(row) for row in rows],
        )


@dataclass
class _Row:
    id: str
    film_id: str
    parent_id: str
    way: str
    hop: int
    path: str
    task_id: str | None
    made_at: int
    clip_id: str | None


def _rows(root: _Node, film_id: str, written: set[str]) -> Iterator[_Row]:
    waiting: list[tuple[_Node, str, int, str]] = [(root, "", 0, key_of(0))]
    written.add(root.id)
    while waiting:
        node, parent_id, hop, path = waiting.pop()
        way = "extend" if parent_id else "root"
        yield _Row(node.id, film_id, parent_id, way, hop, path, node.task_id, node.made_at, node.clip_id)
        children = [child for child in node.children if child.id not in written]
        written.update(child.id for child in children)
        for number, child in enumerate(sorted(children, key=lambda child: (child.made_at, child.id))):
            waiting.append((child, node.id, hop + 1, path + key_of(number)))


def _open_ledger(connection: sqlite3.Connection) -> None:
    rows = connection.execute("""
        SELECT task.id, task.units, task.status, task.profile_name, take.film_id, take.way,
               coalesce(task.ended_at, task.accepted_at, task.sent_at, task.asked_at) AS at
        FROM task JOIN take ON take.task_id = task.id WHERE task.units IS NOT NULL ORDER BY at""").fetchall()
    connection.executemany(
        "INSERT INTO unit_entry "
        "(at, day, movement, units, task_id, film_id, plan_id, profile_name, model, way, outcome) "
        "VALUES (?, ?, 'charge', ?, ?, ?, '', ?, '', ?, ?)",
        (
            (row["at"], _day_of(row["at"]), micro_units(row["units"]), row["id"], row["film_id"], row["profile_name"],
             row["way"], row["status"])
            for row in rows
        ),
    )  # fmt: skip


def _day_of(micros: int) -> str:
    return local_day(datetime.fromtimestamp(micros / 1_000_000, UTC)).isoformat()
