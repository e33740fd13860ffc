"""Keeps the tree of takes in step with the tasks: the transaction that writes a task plants or moves its take."""

from __future__ import annotations

import sqlite3
import uuid

from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.store.database import write
from kling_desktop.store.films.tree_keys import AFTER_ALL, WIDTH, film_name, key_of, number_of
from kling_desktop.store.rows import Values, folded, micros

_TAKE = "SELECT id, film_id, parent_id, way, hop, path, task_id, clip_id FROM take"


_BELOW = "film_id = :old_film AND path >= :old AND path < :end"
_MOVE_UNITS = f"""
    UPDATE unit_entry SET film_id = :film
    WHERE task_id IN (SELECT task_id FROM take WHERE {_BELOW} AND task_id IS NOT NULL)"""  # noqa: S608 - literals of ours
_MOVE_TAKES = f"""
    UPDATE take SET film_id = :film, path = :new || substr(path, :behind), hop = hop + :deeper
    WHERE {_BELOW}"""  # noqa: S608 - as above
_UNMARK = """
    UPDATE task SET pick = '' WHERE pick = 'picked' AND id IN (
        SELECT task_id FROM take WHERE slot = :slot AND id <> :take)"""
_MARK = """
    UPDATE task SET pick = 'picked' WHERE pick <> 'picked' AND id = (
        SELECT task_id FROM take WHERE slot = :slot AND id = :take)"""


def graft(connection: sqlite3.Connection, task: Task) -> None:
    """Give a task its take, or its take what is known since: its clip, or which clip it extends."""
    clip_id = task.clip.id if task.clip else None
    take = _one(connection, f"{_TAKE} WHERE task_id = :id", {"id": task.id})
    if take is None:
        take = _left_behind(connection, task, clip_id)
        if take is None:
            _plant(connection, task, clip_id)
            return
        connection.execute("UPDATE take SET task_id = ? WHERE id = ?", (task.id, take["id"]))
        _choose_restored(connection, task)
    if clip_id and take["clip_id"] is None:
        stranger = _taskless(connection, clip_id)
        connection.execute("UPDATE take SET clip_id = ? WHERE id = ?", (clip_id, take["id"]))
        if stranger is not None:
            _replace(connection, stranger, take["id"])
    # One that has a way and no parent was split off by the creator: what becomes of its task does not take that back.
    if not take["parent_id"] and take["way"] == Way.ROOT and (parent_clip := _parent_clip(task)):
        _attach(connection, take["id"], parent_clip, way_of(task))


def prune(connection: sqlite3.Connection, task_id: str) -> None:
    """A task was taken out: its take goes too, unless others hang on it. Its place is remembered, for `graft`."""
    take = _one(connection, f"{_TAKE} WHERE task_id = :id", {"id": task_id})
    if take is None:
        return
    has_children = _one(connection, "SELECT 1 FROM take WHERE slot = :id", {"id": take["id"]}) is not None
    if has_children:
        connection.execute("UPDATE take SET task_id = NULL WHERE id = ?", (take["id"],))
        return
    claim(connection, task_id, take["film_id"], take["path"])
    connection.execute("DELETE FROM pick WHERE take_id = ?", (take["id"],))
    connection.execute("DELETE FROM take WHERE id = ?", (take["id"],))


def claim(connection: sqlite3.Connection, task_id: str, film_id: str, path: str = "") -> None:
    """Say where the take of a task that is not in the library is to be planted."""
    values: Values = {"task": task_id, "film": film_id, "path": path}
    write(connection, "INSERT OR REPLACE INTO claim VALUES (:task, :film, :path)", values)


def way_of(task: Task) -> Way:
    """How a task's take comes to be."""
    if not _parent_clip(task):
        return Way.ROOT
    return Way.EXTEND if task.extension.generation is None else Way.CONTINUE


def new_film(connection: sqlite3.Connection, name: str, made_at: int) -> str:
    """An empty film; its id."""
    film_id = uuid.uuid4().hex
    values: Values = {"id": film_id, "name": name, "at": made_at, "search": folded(name)}
    write(
        connection,
        "INSERT INTO film (id, name, made_at, touched_at, search) VALUES (:id, :name, :at, :at, :search)",
        values,
    )
    return film_id


def root_of_clip(connection: sqlite3.Connection, clip_id: str, name: str, at: int, film_id: str = "") -> sqlite3.Row:
    """The take of a clip; if it has none it becomes a root, of that film or of a new one."""
    take = by_clip(connection, clip_id)
    if take is None:
        _insert(
            connection, f"clip:{clip_id}", film_id or new_film(connection, name, at), None, Way.ROOT, at, None, clip_id
        )
        take = by_clip(connection, clip_id)
    if take is None:
        raise sqlite3.IntegrityError(f"the take of clip {clip_id} could not be planted")
    return take


def by_clip(connection: sqlite3.Connection, clip_id: str) -> sqlite3.Row | None:
    """The take that a clip belongs to."""
    return _one(connection, f"{_TAKE} WHERE clip_id = :id ORDER BY number LIMIT 1", {"id": clip_id})


def by_id(connection: sqlite3.Connection, take_id: str) -> sqlite3.Row | None:
    """The take of an id."""
    return _one(connection, f"{_TAKE} WHERE id = :id", {"id": take_id})


def choose(connection: sqlite3.Connection, slot: str, take_id: str) -> None:
    """Have the film go through a take of a place, or, of an empty id, through the newest there. What the takes say of
    themselves follows: of each place at most one is marked as picked.
    """
    values: Values = {"slot": slot, "take": take_id}
    write(connection, _UNMARK, values)
    write(connection, "DELETE FROM pick WHERE slot = :slot", values)
    write(connection, _MARK, values)
    # its mark did it, if it has one and had it not yet
    chosen = "INSERT OR IGNORE INTO pick (slot, take_id) SELECT slot, id FROM take WHERE slot = :slot AND id = :take"
    write(connection, chosen, values)


def picked(connection: sqlite3.Connection, slot: str) -> str:
    """The take that was picked at a place; empty for none."""
    row = _one(connection, "SELECT take_id FROM pick WHERE slot = :slot", {"slot": slot})
    return str(row["take_id"]) if row is not None else ""


def move(connection: sqlite3.Connection, take_id: str, film_id: str, parent_id: str = "", key: str = "") -> None:
    """Hang a take, with all that grew from it, below another one, or beside the roots of a film: behind the others
    there, or where a key says, if nothing came there meanwhile.

    What was spent on them goes along, and that it was picked, unless another one is where it comes to. A film that
    loses its last take goes, and its plans go along.
    """
    take, parent = by_id(connection, take_id), by_id(connection, parent_id) if parent_id else None
    if take is None or (parent_id and parent is None):
        raise sqlite3.IntegrityError(f"no take {take_id} or {parent_id}")
    film_id = parent["film_id"] if parent is not None else film_id
    above = parent["path"] if parent is not None else ""
    is_free = _is_free(connection, film_id, above, above + key)
    new = above + (key if is_free else _next_key(connection, parent_id or film_id))
    values: Values = {
        "film": film_id, "new": new, "behind": len(take["path"]) + 1,
        "deeper": (parent["hop"] + 1 if parent is not None else 0) - take["hop"],
        "old_film": take["film_id"], "old": take["path"], "end": take["path"] + AFTER_ALL,
    }  # fmt: skip
    write(connection, _MOVE_UNITS, values)
    write(connection, _MOVE_TAKES, values)
    connection.execute("UPDATE take SET parent_id = ? WHERE id = ?", (parent_id, take_id))
    _carry_pick(connection, take_id, take["parent_id"] or take["film_id"], parent_id or film_id)
    if take["film_id"] != film_id:
        _drop_if_empty(connection, take["film_id"], film_id)


def _carry_pick(connection: sqlite3.Connection, take_id: str, former: str, slot: str) -> None:
    if former == slot or picked(connection, former) != take_id:
        return
    connection.execute("DELETE FROM pick WHERE slot = ?", (former,))
    choose(connection, slot, picked(connection, slot) or take_id)


def _plant(connection: sqlite3.Connection, task: Task, clip_id: str | None) -> None:
    at = micros(task.asked_at) or 0
    claimed = _one(connection, "SELECT film_id, path FROM claim WHERE task_id = :id", {"id": task.id})
    connection.execute("DELETE FROM claim WHERE task_id = ?", (task.id,))
    name = film_name(task.extension.prompt, _parent_clip(task) or task.id)
    path = claimed["path"] if claimed is not None else ""
    home = claimed["film_id"] if claimed is not None and _has_film(connection, claimed["film_id"]) else ""
    was_split_off = bool(home) and len(path) == WIDTH  # a root then, whatever it goes on from
    parent = None
    if (parent_clip := _parent_clip(task)) and not was_split_off:
        parent = root_of_clip(connection, parent_clip, name, at)
        film_id = str(parent["film_id"])
        _name_by_words(connection, film_id, parent_clip, name)
    else:
        film_id = home or _film_of(connection, task.retry_of) or new_film(connection, name, at)
    _insert(connection, task.id, film_id, parent, way_of(task), at, task.id, clip_id, path)
    connection.execute("UPDATE film SET touched_at = max(touched_at, ?) WHERE id = ?", (at, film_id))
    _choose_restored(connection, task)


def _choose_restored(connection: sqlite3.Connection, task: Task) -> None:
    """It comes back as it was, which no trigger hears of; picked also if that was done while it was out."""
    take = _one(connection, "SELECT id, slot FROM take WHERE task_id = :id", {"id": task.id})
    if take is not None and (task.pick is Pick.PICKED or picked(connection, take["slot"]) == take["id"]):
        choose(connection, take["slot"], take["id"])


def _name_by_words(connection: sqlite3.Connection, film_id: str, root_clip: str, name: str) -> None:
    """A film that began with a clip without words was called by the clip's id: its first words are a better name."""
    values: Values = {"film": film_id, "id": root_clip, "name": name, "search": folded(name)}
    write(connection, "UPDATE film SET name = :name, search = :search WHERE id = :film AND name = :id", values)


def _insert(
    connection: sqlite3.Connection,
    id: str,
    film_id: str,
    parent: sqlite3.Row | None,
    way: Way,
    at: int,
    task_id: str | None,
    clip_id: str | None,
    wanted_path: str = "",
) -> None:
    above = parent["path"] if parent is not None else ""
    path = wanted_path
    if not _is_free(connection, film_id, above, path):
        path = above + _next_key(connection, parent["id"] if parent is not None else film_id)
    values: Values = {
        "id": id, "film": film_id, "parent": parent["id"] if parent is not None else "", "way": way.value,
        "hop": len(path) // WIDTH - 1, "path": path, "at": at, "task": task_id, "clip": clip_id,
    }  # fmt: skip
    write(connection, """INSERT INTO take (id, film_id, parent_id, way, hop, path, made_at, task_id, clip_id)
        VALUES (:id, :film, :parent, :way, :hop, :path, :at, :task, :clip)""", values)  # fmt: skip


def _is_free(connection: sqlite3.Connection, film_id: str, above: str, path: str) -> bool:
    if not path or path[:-WIDTH] != above:
        return False
    taken = "SELECT 1 FROM take WHERE film_id = :film AND path = :path"
    return _one(connection, taken, {"film": film_id, "path": path}) is None


def _next_key(connection: sqlite3.Connection, slot: str) -> str:
    newest = _one(connection, "SELECT max(path) AS path FROM take WHERE slot = :slot", {"slot": slot})
    return key_of(number_of(newest["path"]) + 1 if newest is not None and newest["path"] else 0)


def _left_behind(connection: sqlite3.Connection, task: Task, clip_id: str | None) -> sqlite3.Row | None:
    """A take without a task that is this task's: it was forgotten and others hang on it, or only its clip was known."""
    forgotten = _one(connection, f"{_TAKE} WHERE id = :id AND task_id IS NULL", {"id": task.id})
    return forgotten or (_taskless(connection, clip_id) if clip_id else None)


def _taskless(connection: sqlite3.Connection, clip_id: str) -> sqlite3.Row | None:
    # The plus has it looked for by its clip. SQLite takes a unique column for the better choice, but NULL is in it
    # once for each film that began with a clip from elsewhere, and all of those would be read.
    return _one(connection, f"{_TAKE} WHERE clip_id = :id AND +task_id IS NULL", {"id": clip_id})


def _replace(connection: sqlite3.Connection, stranger: sqlite3.Row, take_id: str) -> None:
    """Two takes turn out to be one clip: what grew from the one without a task grows from the other."""
    mine = by_id(connection, take_id)
    if mine is None or (mine["path"].startswith(stranger["path"]) and mine["film_id"] == stranger["film_id"]):
        return
    children = connection.execute("SELECT id FROM take WHERE slot = ? ORDER BY path", (stranger["id"],)).fetchall()
    for child in children:
        move(connection, child["id"], "", take_id)
    connection.execute("UPDATE OR REPLACE pick SET slot = ? WHERE slot = ?", (take_id, stranger["id"]))
    connection.execute("DELETE FROM take WHERE id = ?", (stranger["id"],))
    _drop_if_empty(connection, stranger["film_id"], mine["film_id"])


def _attach(connection: sqlite3.Connection, take_id: str, parent_clip: str, way: Way) -> None:
    take = by_id(connection, take_id)
    if take is None:
        return
    parent = by_clip(connection, parent_clip)
    if parent is None:
        film = _one(connection, "SELECT name, made_at FROM film WHERE id = :id", {"id": take["film_id"]})
        name, at = (film["name"], film["made_at"]) if film is not None else (parent_clip, 0)
        parent = root_of_clip(connection, parent_clip, name, at)
    is_below = parent["film_id"] == take["film_id"] and parent["path"].startswith(take["path"])
    if not is_below:
        move(connection, take_id, "", parent["id"])
        connection.execute("UPDATE take SET way = ? WHERE id = ?", (way.value, take_id))


def _drop_if_empty(connection: sqlite3.Connection, film_id: str, heir: str) -> None:
    if _one(connection, "SELECT 1 FROM take WHERE film_id = :id", {"id": film_id}) is None:
        connection.execute("UPDATE plan SET film_id = ? WHERE film_id = ?", (heir, film_id))
        connection.execute("UPDATE claim SET film_id = ? WHERE film_id = ?", (heir, film_id))
        connection.execute("DELETE FROM pick WHERE slot = ?", (film_id,))
        connection.execute("DELETE FROM film WHERE id = ?", (film_id,))


def _parent_clip(task: Task) -> str:
    return task.extension.video_id or (task.clip.parent_id if task.clip else "")


def _film_of(connection: sqlite3.Connection, task_id: str) -> str:
    take = _one(connection, f"{_TAKE} WHERE task_id = :id", {"id": task_id}) if task_id else None
    return str(take["film_id"]) if take is not None else ""


def _has_film(connection: sqlite3.Connection, film_id: str) -> bool:
    return _one(connection, "SELECT 1 FROM film WHERE id = :id", {"id": film_id}) is not None


def _one(connection: sqlite3.Connection, statement: str, values: Values) -> sqlite3.Row | None:
    row: sqlite3.Row | None = write(connection, statement, values).fetchone()
    return row
