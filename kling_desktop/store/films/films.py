"""The record of films, takes and picks: pages of a tree in its order, the picked path, and what may be changed."""

# S608 warns of SQL put together from strings. Here that is all there is to do, and only from names in these rooms.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import ColourMap, Film, Label, Making, Part, Take, TakeMark, TakeState, TreeNode, Way
from kling_desktop.domain.tasks import Status
from kling_desktop.store.database import Database, write
from kling_desktop.store.films import grafting, merging
from kling_desktop.store.films.merging import Merged
from kling_desktop.store.films.tree_keys import AFTER_ALL, WIDTH, film_name
from kling_desktop.store.rows import Values, clip_of, folded, micros, moment, task_of, text, whole
from kling_desktop.store.statements import CLIP_AS, holding

_COUNTED = """(SELECT count(*) FROM take AS other WHERE other.slot = take.slot AND other.path <= take.path) AS place,
        (SELECT count(*) FROM take AS other WHERE other.slot = take.slot) AS siblings"""
_STATE = f"""
    SELECT task.*, {CLIP_AS}, take.id AS take_id, take.film_id, take.parent_id AS parent_take, take.way, take.hop,
        take.path, take.made_at AS take_made_at, take.task_id AS take_task,
        coalesce(task.clip_id, take.clip_id) AS take_clip,
        mark.note AS mark_note, mark.label AS mark_label, mark.stars AS mark_stars,
        {_COUNTED},
        EXISTS (SELECT 1 FROM pick WHERE pick.slot = take.slot AND pick.take_id = take.id) AS is_picked
    FROM take LEFT JOIN task ON task.id = take.task_id
        LEFT JOIN clip ON clip.id = coalesce(task.clip_id, take.clip_id) LEFT JOIN mark ON mark.take_id = take.id"""

_STATE_IN_SLOT = _STATE.replace(
    _COUNTED, "row_number() OVER (ORDER BY take.path) AS place, count(*) OVER () AS siblings"
)
"""Of all takes of one place: counted once, not once a take."""

_FINISHED = "take.clip_id IS NOT NULL AND (task.id IS NULL OR (task.status = 'succeeded' AND task.pick <> 'rejected'))"
"""Takes that the path may go through."""

_PICKED_NEXT = f"""
    SELECT take.id FROM pick JOIN take ON take.id = pick.take_id AND take.slot = pick.slot
        LEFT JOIN task ON task.id = take.task_id
    WHERE pick.slot = :slot AND {_FINISHED}"""

_NEWEST_NEXT = f"""
    SELECT take.id FROM take LEFT JOIN task ON task.id = take.task_id WHERE take.slot = :slot AND {_FINISHED}
    ORDER BY take.path DESC LIMIT 1"""

_NEXT = f"coalesce(({_PICKED_NEXT}), ({_NEWEST_NEXT}))"

_PATH = f"""
    WITH RECURSIVE walk (id, hop) AS (
        SELECT {_NEXT.replace(":slot", ":film")}, 0
        UNION ALL SELECT {_NEXT.replace(":slot", "walk.id")}, walk.hop + 1 FROM walk WHERE walk.id IS NOT NULL)
    SELECT walk.id, take.path FROM walk JOIN take ON take.id = walk.id ORDER BY walk.hop"""

_EXTENTS = """
    SELECT (SELECT count(*) FROM take WHERE film_id = :film AND path >= json_extract(value, '$[0]')
            AND path < json_extract(value, '$[1]')),
        (SELECT max(path) FROM take WHERE film_id = :film AND path >= json_extract(value, '$[0]')
            AND path < json_extract(value, '$[1]'))
    FROM json_each(:stretches) ORDER BY key"""

_JOINED_BELOW = """
    SELECT below.id FROM take JOIN take AS below ON below.film_id = take.film_id
        AND below.path >= take.path || '0' AND below.path < take.path || :last
    WHERE take.id = :id AND EXISTS (SELECT 1 FROM part WHERE part.take_id = below.id) ORDER BY below.path"""

_ABOVE = """
    WITH RECURSIVE climb (id, parent_id, hop, is_below) AS (
        SELECT id, parent_id, hop, true FROM take WHERE id = :id
        UNION ALL SELECT take.id, take.parent_id, take.hop, take.hop < climb.hop
        FROM climb JOIN take ON take.id = climb.parent_id WHERE climb.is_below)
    SELECT id, is_below FROM climb ORDER BY hop"""

_NOTED_AMONG = "SELECT DISTINCT take_id FROM part WHERE take_id IN (SELECT value FROM json_each(:ids))"
_BEGINNINGS = """
    SELECT take.id, part.starts FROM take JOIN part ON part.take_id = take.id AND part.clip_id = take.clip_id
    WHERE take.id IN (SELECT value FROM json_each(:ids))"""

_FILM = "SELECT film.*, (SELECT count(*) FROM take WHERE take.film_id = film.id) AS takes FROM film"
_SHOWN = """film.archived = :archived AND NOT (NOT EXISTS (SELECT 1 FROM take WHERE take.film_id = film.id)
    AND EXISTS (SELECT 1 FROM claim WHERE claim.film_id = film.id))"""

_IN_TREE = "take.film_id = :film AND take.path >= :start AND take.path < :end"


class FilmRecords:
    """Belongs to the loop's thread. May raise StoreTrouble, or FileTrouble when the disk is full or gone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self) -> tuple[int, int]:
        """Another one after any write of what is read here: what was read under the same one is true still."""
        return self._database.version()

    # --- films ---

    def add(self, name: str, at: datetime) -> Film:
        """A new film without a take."""
        with self._database.transaction() as connection:
            film_id = grafting.new_film(connection, name, micros(at) or 0)
        return self._sure(film_id)

    def film(self, film_id: str) -> Film | None:
        rows = self._database.rows(f"{_FILM} WHERE film.id = :id", {"id": film_id})
        with self._database.understood():
            return _film(rows[0]) if rows else None

    def films(self, offset: int, limit: int, text: str = "", *, archived: bool = False) -> list[Film]:
        """Those touched last come first."""
        words, worded = holding(text, "film.search")
        values: Values = {"archived": int(archived), "limit": limit, "offset": offset} | worded
        newest = f"{_FILM} WHERE {_SHOWN}{words} ORDER BY film.touched_at DESC, film.id LIMIT :limit OFFSET :offset"
        rows = self._database.rows(newest, values)
        with self._database.understood():
            return [_film(row) for row in rows]

    def film_count(self, text: str = "", *, archived: bool = False) -> int:
        words, worded = holding(text, "film.search")
        values: Values = {"archived": int(archived)} | worded
        return int(str(self._database.value(f"SELECT count(*) FROM film WHERE {_SHOWN}{words}", values)))

    def change(self, film: Film) -> None:
        """Write name, note, label, way and whether it is archived."""
        values: Values = {
            "id": film.id, "name": film.name, "note": film.note, "label": film.label.value,
            "archived": int(film.archived), "at": micros(film.touched_at), "search": _searchable(film),
            "way": film.way.value if film.way else "",
        }  # fmt: skip
        with self._database.transaction() as connection:
            write(connection, """UPDATE film SET name = :name, note = :note, label = :label, archived = :archived,
                way = :way, touched_at = :at, search = :search WHERE id = :id""", values)  # fmt: skip

    def plant(self, clip: Clip, at: datetime, film_id: str = "") -> Take:
        """The take of a clip; one that has none becomes a root, of the film or of a new one named by the clip."""
        with self._database.transaction() as connection:
            name = film_name(clip.file.stem if clip.file else "", clip.id)
            row = grafting.root_of_clip(connection, clip.id, name, micros(clip.made_at or at) or 0, film_id)
        found = self.state(row["id"])
        if found is None:
            raise LookupError(row["id"])
        return found.take

    def move(self, take_id: str, film_id: str, parent_id: str = "", former: str = "") -> None:
        """Hang a take and all that grew from it below another one, or beside the roots of a film: behind the others
        there, or in its place among them by its former path.
        """
        state = self.state(take_id)
        with self._database.transaction() as connection:
            plans = self._plans_behind(state)
            grafting.move(connection, take_id, film_id, parent_id, former[-WIDTH:])
            _give_plans(connection, plans, film_id)

    def merge(self, film_id: str, other_id: str) -> Merged:
        """Bring all takes of the other film into this one; the other film is gone then. Its roots become further roots,
        but what was split off, from either film, hangs again where it grew. Plans that ran there are paused.
        """
        shown = self.path(film_id)
        with self._database.transaction() as connection:
            return merging.merge(connection, film_id, other_id, shown)

    def unmerge(self, other_id: str, merged: Merged) -> None:
        """Say of the takes what was said before the films were brought together; they hang where they did."""
        with self._database.transaction() as connection:
            merging.take_back(connection, other_id, merged)

    def plans_of(self, film_id: str) -> list[str]:
        """Ids of the plans that go on from the path of a film."""
        rows = self._database.rows("SELECT id FROM plan WHERE film_id = :film", {"film": film_id})
        return [str(row["id"]) for row in rows]

    def give_plans(self, plan_ids: Sequence[str], film_id: str) -> None:
        """Let these plans go on from the path of a film."""
        with self._database.transaction() as connection:
            _give_plans(connection, plan_ids, film_id)

    def revive(self, film: Film) -> str:
        """Bring back a film that went with its last take; its id."""
        values: Values = {
            "id": film.id, "name": film.name, "note": film.note, "label": film.label.value,
            "archived": int(film.archived), "made": micros(film.made_at), "touched": micros(film.touched_at),
            "search": _searchable(film), "way": film.way.value if film.way else "",
        }  # fmt: skip
        with self._database.transaction() as connection:
            write(connection, """INSERT OR IGNORE INTO film (id, name, note, label, archived, made_at, touched_at,
                search, way)
                VALUES (:id, :name, :note, :label, :archived, :made, :touched, :search, :way)""", values)  # fmt: skip
        return film.id

    def split(self, take_id: str, name: str, at: datetime) -> Film:
        """Make of a take, and of all that grew from it, a film of its own."""
        state = self.state(take_id)
        with self._database.transaction() as connection:
            plans = self._plans_behind(state)
            film_id = grafting.new_film(connection, name, micros(at) or 0)
            grafting.move(connection, take_id, film_id)
            _give_plans(connection, plans, film_id)
        return self._sure(film_id)

    # --- takes ---

    def state(self, take_id: str) -> TakeState | None:
        return self._state("take.id = :id", take_id)

    def of_task(self, task_id: str) -> TakeState | None:
        return self._state("take.task_id = :id", task_id)

    def of_clip(self, clip_id: str) -> TakeState | None:
        return self._state("take.clip_id = :id", clip_id)

    def siblings(self, slot: str) -> list[TakeState]:
        """All takes of one place, oldest first: `Take.slot` names it; `Take.id` names the place of its children."""
        rows = self._database.rows(f"{_STATE_IN_SLOT} WHERE take.slot = :slot ORDER BY take.path", {"slot": slot})
        with self._database.understood():
            return [state_of(row) for row in rows]

    def size_of(self, slot: str) -> int:
        """How many takes a place has."""
        rows = self._database.rows("SELECT count(*) FROM take WHERE slot = :slot", {"slot": slot})
        return int(rows[0][0])

    def making(self, slots: Sequence[str]) -> dict[str, Making]:
        """Those takes of each place that have not ended, read no further than they are told of; no entry without any.

        One statement for all places: a lane asks for each of its hops whenever it is drawn.
        """
        rows = self._database.rows("""
            SELECT take.id, take.slot, task.status, coalesce(task.accepted_at, task.sent_at) AS began,
                task.status = 'queued' AND coalesce(task.trouble_error, '') LIKE 'Over%Budget' AS is_over_budget
            FROM take JOIN task ON task.id = take.task_id
            WHERE take.slot IN (SELECT value FROM json_each(:slots)) AND task.status NOT IN ('succeeded', 'failed')
            ORDER BY take.path
            """, {"slots": json.dumps(list(slots))})  # fmt: skip
        places: dict[str, list[sqlite3.Row]] = {}
        for row in rows:
            places.setdefault(row["slot"], []).append(row)
        firsts = self.states([place[0]["id"] for place in places.values()]) if places else []
        with self._database.understood():
            return {first.take.slot: _making(first, places[first.take.slot]) for first in firsts}

    def above(self, take_id: str) -> list[TakeState]:
        """The takes from the root down to this one, itself among them."""
        rows = self._database.rows(_ABOVE, {"id": take_id})
        with self._database.understood():
            if not all(row["is_below"] for row in rows):
                raise ValueError("a take that does not lie below its parent")
        return self.states([str(row["id"]) for row in rows])

    def states(self, take_ids: Sequence[str]) -> list[TakeState]:
        """These takes, in this order; unknown ones are left out."""
        values: Values = {"ids": json.dumps(list(take_ids))}
        rows = self._database.rows(f"{_STATE} WHERE take.id IN (SELECT value FROM json_each(:ids))", values)
        with self._database.understood():
            found = {row["take_id"]: state_of(row) for row in rows}
        return [found[id] for id in take_ids if id in found]

    def next(self, slot: str) -> str | None:
        """The take through which the path goes on at a place: the picked one, else the newest finished one."""
        for statement in (_PICKED_NEXT, _NEWEST_NEXT):
            if rows := self._database.rows(statement, {"slot": slot}):
                return str(rows[0]["id"])
        return None

    def last_way(self, film_id: str) -> Way | None:
        """How the take that was asked for last goes on from its parent; None while all takes are roots."""
        newest = """SELECT way FROM take WHERE film_id = :film AND parent_id <> '' ORDER BY number DESC LIMIT 1"""
        rows = self._database.rows(newest, {"film": film_id})
        with self._database.understood():
            return Way(str(rows[0]["way"])) if rows else None

    def path(self, film_id: str) -> list[str]:
        """Ids of the takes of the picked path, root first."""
        return [take_id for take_id, _ in self.places(film_id)]

    def places(self, film_id: str) -> list[tuple[str, str]]:
        """The same with `Take.path` of each."""
        return [(str(row["id"]), str(row["path"])) for row in self._database.rows(_PATH, {"film": film_id})]

    # --- pages of the tree ---

    def count_between(self, film_id: str, start: str, end: str) -> int:
        """How many takes of a film have their path from `start` up to `end`."""
        return self.extents(film_id, [(start, end)])[0][0]

    def extents(self, film_id: str, stretches: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
        """For each stretch of paths how many takes of a film it holds, and the path of the last one."""
        values: Values = {"film": film_id, "stretches": json.dumps(stretches)}
        return [(int(row[0]), str(row[1] or "")) for row in self._database.rows(_EXTENTS, values)]

    def ids_between(self, film_id: str, start: str, end: str, offset: int, limit: int) -> list[str]:
        """Their ids alone."""
        values: Values = {"film": film_id, "start": start, "end": end, "limit": limit, "offset": offset}
        chosen = f"SELECT id FROM take WHERE {_IN_TREE} ORDER BY path LIMIT :limit OFFSET :offset"
        return [str(row["id"]) for row in self._database.rows(chosen, values)]

    def skeleton(self, film_id: str) -> list[TreeNode]:
        """All takes of a film by their `Take.path`, with no more than their place; none of them on the path yet."""
        rows = self._database.rows("""
            SELECT take.id, take.parent_id, take.hop, take.path, task.pick, task.status FROM take
                LEFT JOIN task ON task.id = take.task_id
            WHERE take.film_id = :film ORDER BY take.path""", {"film": film_id})  # fmt: skip
        with self._database.understood():
            return [
                TreeNode(
                    take_id=row["id"],
                    parent_id=row["parent_id"],
                    hop=whole(row["hop"]),
                    on_path=False,
                    is_making=row["status"] not in (None, "succeeded", "failed") and row["pick"] != "rejected",
                    is_rejected=row["pick"] == "rejected",
                    path=text(row["path"]),
                )
                for row in rows
            ]

    def with_younger_siblings(self, film_id: str, paths: Iterable[str]) -> set[str]:
        """Those of the paths whose takes have a younger sibling."""
        values: Values = {"film": film_id, "paths": json.dumps(list(paths))}
        rows = self._database.rows("""
            SELECT path FROM take WHERE film_id = :film AND path IN (SELECT value FROM json_each(:paths))
                AND EXISTS (SELECT 1 FROM take AS other WHERE other.slot = take.slot AND other.path > take.path)
            """, values)  # fmt: skip
        return {row["path"] for row in rows}

    def parents_among(self, take_ids: Iterable[str]) -> set[str]:
        """Those of the takes that have children."""
        values: Values = {"ids": json.dumps(list(take_ids))}
        rows = self._database.rows("""SELECT DISTINCT slot FROM take
            WHERE slot IN (SELECT value FROM json_each(:ids))""", values)  # fmt: skip
        return {row["slot"] for row in rows}

    # --- what the creator puts beside a take ---

    def pick(self, slot: str) -> str:
        """The take that was picked explicitly at a place; empty when none was."""
        return str(self._database.value("SELECT take_id FROM pick WHERE slot = :slot", {"slot": slot}) or "")

    def set_pick(self, slot: str, take_id: str) -> None:
        """Pick a take; an empty id leaves the place to the newest finished one."""
        with self._database.transaction() as connection:
            grafting.choose(connection, slot, take_id)

    def marks(self, film_ids: Iterable[str]) -> dict[str, str]:
        """By task how the takes of these films are marked: as picked or rejected; no entry for others."""
        rows = self._database.rows("""
            SELECT task.id, task.pick FROM take JOIN task ON task.id = take.task_id
            WHERE take.film_id IN (SELECT value FROM json_each(:films)) AND task.pick <> ''
            """, {"films": json.dumps(list(film_ids))})  # fmt: skip
        return {str(row["id"]): str(row["pick"]) for row in rows}

    def mark(self, take_id: str, mark: TakeMark) -> None:
        values: Values = {"id": take_id, "note": mark.note, "label": mark.label.value, "stars": mark.stars}
        with self._database.transaction() as connection:
            write(connection, "INSERT OR REPLACE INTO mark VALUES (:id, :note, :label, :stars)", values)

    def parts(self, take_id: str) -> tuple[Part, ...]:
        """As they were noted; empty when they were not."""
        rows = self._database.rows("SELECT * FROM part WHERE take_id = :id ORDER BY place", {"id": take_id})
        with self._database.understood():
            return tuple(_part(row) for row in rows)

    def noted_among(self, take_ids: Sequence[str]) -> frozenset[str]:
        """Those of these takes whose parts were noted."""
        wanted: Values = {"ids": json.dumps(list(take_ids))}
        return frozenset(str(row["take_id"]) for row in self._database.rows(_NOTED_AMONG, wanted))

    def beginnings(self, take_ids: Sequence[str]) -> dict[str, float]:
        """By take how many seconds at the beginning of its own clip its film leaves out, where that is noted."""
        rows = self._database.rows(_BEGINNINGS, {"ids": json.dumps(list(take_ids))})
        with self._database.understood():
            return {str(row["id"]): float(Fraction(row["starts"])) for row in rows}

    def joined_below(self, take_id: str) -> list[str]:
        """Takes that grew from this one and have their parts noted."""
        rows = self._database.rows(_JOINED_BELOW, {"id": take_id, "last": AFTER_ALL})
        return [str(row["id"]) for row in rows]

    def set_parts(self, take_id: str, parts: Sequence[Part]) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM part WHERE take_id = ?", (take_id,))
            for place, part in enumerate(parts):
                values: Values = {
                    "take": take_id, "place": place, "clip": part.clip_id, "start": str(part.start),
                    "end": None if part.end is None else str(part.end), "colour": _colour_text(part.colour),
                }  # fmt: skip
                write(connection, "INSERT INTO part VALUES (:take, :place, :clip, :start, :end, :colour)", values)

    # --- inside ---

    def _plans_behind(self, state: TakeState | None) -> list[str]:
        """Ids of the plans of a take's film, if they go on from what hangs on it: the film's path goes through it."""
        if state is None or state.take.id not in self.path(state.take.film_id):
            return []
        return self.plans_of(state.take.film_id)

    def _state(self, condition: str, id: str) -> TakeState | None:
        rows = self._database.rows(f"{_STATE} WHERE {condition} ORDER BY take.number LIMIT 1", {"id": id})
        with self._database.understood():
            return state_of(rows[0]) if rows else None

    def _sure(self, film_id: str) -> Film:
        film = self.film(film_id)
        if film is None:
            raise LookupError(film_id)
        return film


def _give_plans(connection: sqlite3.Connection, plan_ids: Sequence[str], film_id: str) -> None:
    connection.executemany("UPDATE plan SET film_id = ? WHERE id = ?", [(film_id, id) for id in plan_ids])


def subtree(path: str) -> tuple[str, str]:
    """Between which paths a take and all that grew from it lie."""
    return path, path + AFTER_ALL


def below(path: str) -> tuple[str, str]:
    """Between which paths all that grew from a take lies, without itself."""
    return path + "0", path + AFTER_ALL


def state_of(row: sqlite3.Row) -> TakeState:
    """The state in a row of `_STATE`."""
    columns = dict(zip(row.keys(), row, strict=True))  # a row looks through all its names for each one that is asked
    columns["clip_id"] = columns["take_clip"]
    task = task_of(columns) if columns["id"] is not None else None
    clip = clip_of(columns, "clip_") if task is None and columns["clip_kind"] is not None else None
    return TakeState(
        take=Take(
            id=columns["take_id"],
            film_id=columns["film_id"],
            parent_id=columns["parent_take"],
            way=Way(columns["way"]),
            hop=whole(columns["hop"]),
            made_at=moment(columns["take_made_at"]),
            path=text(columns["path"]),
            task_id=columns["take_task"] or "",
            clip_id=columns["take_clip"] or "",
        ),
        task=task,
        clip=task.clip if task else clip,
        mark=TakeMark(
            columns["mark_note"] or "", Label(columns["mark_label"] or ""), whole(columns["mark_stars"] or 0)
        ),
        number=columns["place"],
        siblings=columns["siblings"],
        is_picked=bool(columns["is_picked"]),
    )


def _searchable(film: Film) -> str:
    return folded(f"{film.name}\n{film.note}")


def _making(first: TakeState, rows: Sequence[sqlite3.Row]) -> Making:
    began = min((row["began"] for row in rows if row["began"] is not None), default=None)
    at_kling = sum(Status(row["status"]).at_kling for row in rows)
    over_budget = sum(bool(row["is_over_budget"]) for row in rows)
    return Making(first, len(rows), at_kling, None if began is None else moment(began), over_budget)


def _film(row: sqlite3.Row) -> Film:
    return Film(
        id=row["id"],
        name=text(row["name"]),
        made_at=moment(row["made_at"]),
        touched_at=moment(row["touched_at"]),
        note=text(row["note"]),
        label=Label(row["label"]),
        archived=bool(row["archived"]),
        way=Way(row["way"]) if row["way"] else None,
        takes=row["takes"],
    )


def _part(row: sqlite3.Row) -> Part:
    end = None if row["ends"] is None else Fraction(row["ends"])
    return Part(row["clip_id"], Fraction(row["starts"]), end, _colour_of(row["colour"]))


def _colour_text(colour: ColourMap | None) -> str | None:
    return None if colour is None else json.dumps([colour.luma, colour.chroma])


def _colour_of(text: str | None) -> ColourMap | None:
    if text is None:
        return None
    luma, chroma = json.loads(text)
    return ColourMap(tuple(luma), tuple(chroma))
