"""The record of tasks, clips and the draft in one SQLite file: what was asked, how it stands, where its file is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from kling_desktop.domain.clips import DYING, Clip
from kling_desktop.domain.tasks import Draft, Filter, Status, Task
from kling_desktop.domain.units import Reservation
from kling_desktop.store import recovery, statements
from kling_desktop.store.database import Database, write
from kling_desktop.store.films import grafting, settling
from kling_desktop.store.rows import (
    Values,
    clip_of,
    clip_values,
    draft_of,
    draft_values,
    micros,
    moment,
    task_of,
    task_values,
)
from kling_desktop.store.statements import NEWEST_FIRST, TASK

PROMPTS_LOOKED_AT = 5_000
"""How many of the newest tasks are read for the prompt history, so that it costs the same in any library."""

TYPICAL_OF = 200
"""How many of the newest finished tasks say how long one typically takes."""


_CLIP_AND_MODEL = """SELECT clip.*, (SELECT json_extract(task.generation, '$.model') FROM task
    WHERE task.clip_id = clip.id AND task.generation IS NOT NULL LIMIT 1) AS model FROM clip WHERE clip.id = :id"""


class Library:
    """What survives a restart. Belongs to the loop's thread, except for `put_durably` and `open`.

    A call takes well under a millisecond, a page or a filter over 100 000 tasks some more. All may raise
    StoreTrouble, or FileTrouble when the disk is full or out of reach.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        """For the other records of the same file: films, plans, units."""
        self._connection = database.connection

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open the library at `path`, made or migrated as needed; a backup is made before a migration.

        Raises StoreNewer (the file is not touched), StoreDamaged (the file was set aside under the name in the
        message; calling again opens a new one, with what could still be read), FileTrouble, StoreTrouble.
        """
        return cls(Database(path, recovery.open_database(path)))

    def close(self) -> None:
        """Fold the log into the file and let go of it. Waits for a `put_durably` under way; may be repeated."""
        self.database.close()

    def put(self, task: Task) -> None:
        """Write a task, new or changed, and its clip, as one change (see `put_clip` for how clips are merged).

        With it go its take in the tree, and the units that it holds or was charged. Committed when it returns: it
        survives the death of the program, though perhaps not a power cut.
        """
        with self.database.transaction() as connection:
            put_task(connection, task)

    def put_durably(self, task: Task, reservation: Reservation | None = None) -> None:
        """Like `put`, but on the disk itself when it returns; for the write before a paid request.

        A reservation is made in the same transaction. Raises OverBudget when it does not fit; then nothing is
        written. Blocks for a disk sync, so call it from a worker thread; several may.
        """
        with self.database.durably() as connection:
            put_task(connection, task)
            if reservation is not None:
                settling.reserve(connection, task, reservation)

    def get(self, task_id: str) -> Task | None:
        """The task with our id."""
        return self._task("WHERE task.id = :id", task_id)

    def by_kling_id(self, kling_id: str) -> Task | None:
        """The task with Kling's task id; the newest, should two services have minted the same."""
        return self._task("WHERE task.kling_id = :id AND task.kling_id <> ''", kling_id)

    def known(self, kling_ids: Iterable[str]) -> set[str]:
        """Those of Kling's task ids that the library has."""
        return {row[0] for row in self._rows(statements.KNOWN, {"ids": json.dumps(list(kling_ids))})}

    def by_clip(self, clip_id: str) -> Task | None:
        """The task whose result is that clip."""
        return self._task("WHERE task.clip_id = :id", clip_id)

    def unfinished(self) -> list[Task]:
        """Watched tasks that have not ended, or ended well but whose clip has no file; in the order of the queue."""
        return self._tasks(statements.UNFINISHED)

    def unfinished_ids(self) -> dict[str, Status]:
        """Ids of the same in the same order, and how each stands: of thousands, a twentieth of the time."""
        with self.database.understood():
            return {str(row["id"]): Status(row["status"]) for row in self._rows(statements.UNFINISHED_IDS)}

    def uncopied_ids(self) -> list[str]:
        """Ids of the watched tasks whose take is kept and whose watermarked copy, which was asked for, is not."""
        return [str(row[0]) for row in self._rows(statements.UNCOPIED_IDS)]

    def repeated(self) -> set[str]:
        """Our ids of the tasks that another one repeats."""
        return {str(row[0]) for row in self._rows("SELECT retry_of FROM task WHERE retry_of <> ''")}

    def count(self, filter: Filter) -> int:
        """How many tasks pass the filter."""
        passing, values = statements.passing(filter)
        return int(self._rows(statements.counted(passing), values)[0][0])

    def dying(self, now: datetime) -> tuple[int, datetime | None]:
        """How many takes Kling deletes within a week from `now`, and when the first of them. By an index alone: two
        milliseconds for 50 000 of them.
        """
        values: Values = {"from": micros(now), "until": micros(now + DYING)}
        count, first = self._rows(statements.COUNT_DYING, values)[0]
        with self.database.understood():
            return int(count), None if first is None else moment(first)

    def page(self, filter: Filter, offset: int, limit: int) -> list[Task]:
        """Up to `limit` tasks that pass the filter, from row `offset` (0 is the newest), newest first."""
        passing, values = statements.passing(filter)
        values |= {"limit": limit, "offset": offset}
        return self._tasks(statements.paged(passing), values)

    def last_written(self, limit: int) -> list[Task]:
        """The tasks that came in last, whatever the clock said then: it may have been set back since."""
        return self._tasks(f"{TASK} ORDER BY task.number DESC LIMIT :limit", {"limit": limit})

    def place(self, filter: Filter, task_id: str) -> int | None:
        """The row of a task under a filter, as `page` counts; None when it does not pass or is unknown."""
        task = self.get(task_id)
        if not task:
            return None
        passing, values = statements.passing(filter)
        values |= {"asked_at": micros(task.asked_at), "id": task_id}
        before, passes = self._rows(statements.counted_before(passing), values)[0]
        return int(before) if passes else None

    def forget(self, task_id: str) -> None:
        """Take a task out. Its clip goes too unless another task or clip needs it; files stay where they are."""
        with self.database.transaction() as connection:
            settling.close(connection, task_id)
            gone = connection.execute("DELETE FROM task WHERE id = ? RETURNING clip_id", (task_id,)).fetchall()
            for row in gone:
                connection.execute(statements.FORGET_CLIP, {"id": row["clip_id"]})
            grafting.prune(connection, task_id)

    def forget_files(self, clip_id: str, files: Iterable[Path]) -> None:
        """The clip has these files no longer: the one thing that `put_clip` never believes."""
        with self.database.transaction() as connection:
            for file in files:
                write(connection, statements.FORGET_FILE, {"id": clip_id, "file": str(file)})

    def put_clip(self, clip: Clip) -> None:
        """Write what is known of a clip. What one source does not know (empty, None) keeps what another told before.

        So an answer of Kling's, which knows no file, never makes us lose ours. The kind is believed only from a
        source that also knows which task made the clip (`kling_id`): the parent in an extension's answer does not.
        """
        with self.database.transaction() as connection:
            write(connection, statements.PUT_CLIP, clip_values(clip))

    def clip(self, clip_id: str) -> Clip | None:
        """The clip with Kling's video id; with the model that it was asked of here, which Kling does not tell."""
        found = self._rows(_CLIP_AND_MODEL, {"id": clip_id})
        with self.database.understood():
            return replace(clip_of(found[0]), model=found[0]["model"] or "") if found else None

    def has_file(self, file: Path) -> bool:
        """Whether this is the file of a take or of its watermarked copy, by whatever way its folder is reached."""
        ways = {str(file), str(file.absolute()), str(file.resolve())}
        statement = "SELECT 1 FROM clip WHERE file = :file OR watermark_file = :file LIMIT 1"
        return any(self._rows(statement, {"file": way}) for way in ways)

    def clip_of_file(self, file: Path) -> Clip | None:
        """The clip whose file this is. Reads through all clips: for single questions."""
        found = self._clips("SELECT * FROM clip WHERE file = :file", {"file": str(file)})
        return found[0] if found else None

    def clips(self, limit: int) -> list[Clip]:
        """The newest clips first; those of unknown age last."""
        newest = "SELECT * FROM clip ORDER BY made_at DESC, id DESC LIMIT :limit"
        return self._clips(newest, {"limit": limit})

    def children(self, clip_id: str) -> list[Clip]:
        """All takes that extend this clip, newest first."""
        takes = "SELECT * FROM clip WHERE parent_id = :id AND parent_id <> '' ORDER BY made_at DESC, id DESC"
        return self._clips(takes, {"id": clip_id})

    def put_finding(self, clip_id: str, kind: str, stamp: str, content: str) -> None:
        """Keep what was found of a kind in a clip, in place of what was found before; `stamp` says in what state."""
        with self.database.transaction(is_aside=True) as connection:
            values: Values = {"clip_id": clip_id, "kind": kind, "stamp": stamp, "content": content}
            write(connection, statements.PUT_FINDING, values)

    def finding(self, clip_id: str, kind: str) -> tuple[str, str] | None:
        """Stamp and content of what was found last."""
        rows = self._rows(statements.FINDING, {"clip_id": clip_id, "kind": kind})
        return (rows[0]["stamp"], rows[0]["content"]) if rows else None

    def last_found(self, clip_id: str, kind: str) -> str | None:
        """Of content that is a list in JSON the last member, read without the others; None where there is none."""
        rows = self._rows(statements.LAST_FOUND, {"clip_id": clip_id, "kind": kind})
        return rows[0][0] if rows else None

    def finished_seconds(self, profile_name: str) -> list[float]:
        """How long the last 200 extensions of a profile took, newest first: accepted to finished, by Kling's clock."""
        values: Values = {"profile": profile_name, "limit": TYPICAL_OF}
        return [float(row[0]) for row in self._rows(statements.TYPICAL, values)]

    def save_draft(self, draft: Draft) -> None:
        """Keep what stands in the form, in place of what stood there before."""
        with self.database.transaction(is_aside=True) as connection:
            write(connection, statements.PUT_DRAFT, draft_values(draft))

    def draft(self) -> Draft | None:
        """What stood in the form."""
        rows = self._rows("SELECT * FROM draft")
        with self.database.understood():
            return draft_of(rows[0]) if rows else None

    def prompts(self, limit: int) -> list[str]:
        """Up to `limit` different prompts, newest first, out of the 5000 newest tasks."""
        rows = self.database.cursor(statements.NEWEST_PROMPTS, {"limit": PROMPTS_LOOKED_AT})
        return list(islice(_different(row["prompt"] for row in rows), limit))

    def _task(self, condition: str, value: str) -> Task | None:
        found = self._tasks(f"{TASK} {condition} {NEWEST_FIRST} LIMIT 1", {"id": value})
        return found[0] if found else None

    def _tasks(self, statement: str, values: Values | None = None) -> list[Task]:
        rows = self._rows(statement, values)
        with self.database.understood():
            return [task_of(row) for row in rows]

    def _clips(self, statement: str, values: Values | None = None) -> list[Clip]:
        rows = self._rows(statement, values)
        with self.database.understood():
            return [clip_of(row) for row in rows]

    def _rows(self, statement: str, values: Values | None = None) -> list[sqlite3.Row]:
        return self.database.rows(statement, values)


def put_task(connection: sqlite3.Connection, task: Task) -> None:
    """Write a task within a transaction, and all that hangs on it: clip, take, units."""
    if task.clip:
        write(connection, statements.PUT_CLIP, clip_values(task.clip))
    values = task_values(task)
    write(connection, statements.put_task(values), values)
    grafting.graft(connection, task)
    settling.settle(connection, task)


def _different(prompts: Iterator[str]) -> Iterator[str]:
    seen = {""}
    for prompt in prompts:
        if prompt not in seen:
            seen.add(prompt)
            yield prompt
