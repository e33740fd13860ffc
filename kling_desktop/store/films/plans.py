"""The record of plans: what is to come, and which tasks belong to it, on the disk before the first of them leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.domain.plans import MOST_TAKES, PLAN_RANK, HopState, Plan, PlannedHop, PlanState, Stop, StopReason
from kling_desktop.domain.takes import Gate, Way
from kling_desktop.domain.tasks import Task
from kling_desktop.store.database import Database, sounded, write
from kling_desktop.store.generations import generation_of, generation_text
from kling_desktop.store.library import put_task
from kling_desktop.store.rows import Values, micros, moment, text, whole

_PUT_PLAN = """
    INSERT INTO plan VALUES (:id, :film, :made_at, :name, :state, :gate, :takes, :stop_after_this, :stop_reason,
                             :stop_hop, :stop_take, :stop_detail, :profile_name, :profile_region, :profile_url)
    ON CONFLICT (id) DO UPDATE SET film_id = excluded.film_id, name = excluded.name, state = excluded.state,
        gate = excluded.gate, takes = excluded.takes, stop_after_this = excluded.stop_after_this,
        stop_reason = excluded.stop_reason, stop_hop = excluded.stop_hop, stop_take = excluded.stop_take,
        stop_detail = excluded.stop_detail, profile_name = excluded.profile_name,
        profile_region = excluded.profile_region, profile_url = excluded.profile_url"""

_PUT_HOP = """
    INSERT OR REPLACE INTO hop VALUES (:id, :plan, :place, :prompt, :negative_prompt, :guidance, :watermark,
        :generation, :way, :takes, :gate, :state, :parent, :take, :newest)"""

_REFUSED_WORDS = """
    SELECT count(*) FROM take JOIN task ON task.id = take.task_id
    WHERE take.film_id = :film AND task.status = 'failed' AND task.trouble_error IN ('ContentRefused', 'RiskControl')
        AND task.prompt = :prompt AND task.negative_prompt = :negative"""


_MOST_READ = 8
"""Plans of which it is remembered what was read: a few are shown and run at once, and each may have MOST_HOPS."""
_PLACE = 2
"""Of the columns of a hop."""

Cells = tuple[object, ...]
"""A row of the table of hops."""


class _ReadHops:
    """The hops of the plans that were read last, each with its row. An edit is about one of hundreds: the others are
    neither made from their rows nor written once more.
    """

    def __init__(self) -> None:
        self._plans: dict[str, dict[str, tuple[Cells, PlannedHop]]] = {}

    def of(self, plan_id: str, rows: Sequence[sqlite3.Row], tasks: dict[str, list[str]]) -> tuple[PlannedHop, ...]:
        """The hops of these rows, with the ids of their tasks; those whose row is as it was are the same objects."""
        former = self._plans.pop(plan_id, {})
        read = {row["id"]: _read(row, tuple(tasks.get(row["id"], ())), former.get(row["id"])) for row in rows}
        self._plans[plan_id] = read
        if len(self._plans) > _MOST_READ:
            del self._plans[next(iter(self._plans))]
        return tuple(hop for _, hop in read.values())

    def is_as_read(self, plan_id: str, hop: PlannedHop, row: Cells | None) -> bool:
        """Whether this is the very hop that was read from a row, and the row is what it was."""
        known = self._plans.get(plan_id, {}).get(hop.id)
        return known is not None and known[1] is hop and known[0] == row


def _read(
    row: sqlite3.Row, task_ids: tuple[str, ...], known: tuple[Cells, PlannedHop] | None
) -> tuple[Cells, PlannedHop]:
    cells = tuple(row)
    if known is not None and known[0][_PLACE + 1 :] == cells[_PLACE + 1 :] and known[1].task_ids == task_ids:
        return cells, known[1]  # it may stand elsewhere now, which it does not say itself
    return cells, _hop(row, task_ids)


class PlanRecords:
    """Belongs to the loop's thread. May raise StoreTrouble, or FileTrouble when the disk is full or gone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hops = _ReadHops()
        self._read: dict[str, Plan] = {}
        self._read_at = (-1, -1)
        """What was read, and the version of the library that it is true of: an edit asks several times for its plan."""

    def plan(self, plan_id: str) -> Plan | None:
        if (known := self._as_read().get(plan_id)) is not None:
            return known
        rows = self._database.rows("SELECT * FROM plan WHERE id = :id", {"id": plan_id})
        return self._plan(rows[0]) if rows else None

    def known(self, plan_id: str) -> Plan:
        """A plan that is there. Raises ValueError when it is not."""
        plan = self.plan(plan_id)
        if plan is None:
            raise ValueError(f"no plan {plan_id}")
        return plan

    def of_film(self, film_id: str) -> list[Plan]:
        """Plans of a film, newest first: the first is the one that goes on from its path."""
        newest = "SELECT * FROM plan WHERE film_id = :film ORDER BY made_at DESC, rowid DESC"
        return [self._plan(row) for row in self._database.rows(newest, {"film": film_id})]

    def current(self, film_id: str) -> Plan | None:
        """The plan that goes on from a film's path: one that runs, else one with hops to come, else the newest. A film
        has several with hops to come only when films were brought together.
        """
        chosen = """SELECT * FROM plan WHERE film_id = :film
            ORDER BY state = 'running' DESC,
                EXISTS (SELECT 1 FROM hop WHERE plan_id = plan.id AND state <> 'done') DESC, made_at DESC, rowid DESC
            LIMIT 1"""
        rows = self._database.rows(chosen, {"film": film_id})
        return self._plan(rows[0]) if rows else None

    def newest(self, limit: int) -> list[Plan]:
        """Plans of all films, newest first: to be used again."""
        newest = "SELECT * FROM plan ORDER BY made_at DESC, rowid DESC LIMIT :limit"
        return [self._plan(row) for row in self._database.rows(newest, {"limit": limit})]

    def running(self) -> list[Plan]:
        rows = self._database.rows("SELECT * FROM plan WHERE state = 'running' ORDER BY made_at, rowid")
        return [self._plan(row) for row in rows]

    def paused(self) -> list[Plan]:
        """Plans that the creator holds with a hop under way."""
        rows = self._database.rows(
            "SELECT * FROM plan WHERE state = 'paused' AND id IN (SELECT plan_id FROM hop WHERE state = 'sent')"
        )
        return [self._plan(row) for row in rows]

    def holding(self) -> list[Plan]:
        """Plans that were run and still hold hops back, oldest first; of those that stand still only the newest of
        their film that is not done: the others were given up for it, or come after it.
        """
        rows = self._database.rows(
            """SELECT * FROM plan WHERE state IN ('running', 'paused', 'stopped')
               AND (state = 'running' OR NOT EXISTS (SELECT 1 FROM plan AS later WHERE later.film_id = plan.film_id
                    AND later.state <> 'done' AND (later.made_at, later.rowid) > (plan.made_at, plan.rowid)))
               AND EXISTS (SELECT 1 FROM hop WHERE plan_id = plan.id AND state IN ('planned', 'sent'))
               ORDER BY made_at, rowid"""
        )
        return [self._plan(row) for row in rows]

    def put(self, plan: Plan) -> None:
        """Write a plan with its hops; the ids of tasks are written by `begin` alone."""
        with self._database.transaction() as connection:
            self._put(connection, plan)

    def delete(self, plan_id: str) -> None:
        """Take a plan out. What it has sent stays; that it was this plan's is still known to the ledger."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM hop WHERE plan_id = ?", (plan_id,))
            connection.execute("DELETE FROM plan WHERE id = ?", (plan_id,))

    def begin(self, plan: Plan, hop: PlannedHop, tasks: Sequence[Task]) -> Plan:
        """Write down the tasks of a hop, and that they are its: one change. From here on they live like any other, and
        the hop is never bought again. Returns the plan as it stands then.
        """
        begun = replace(
            hop,
            state=HopState.SENT,
            task_ids=(*hop.task_ids, *(task.id for task in tasks)),
            newest=len(tasks),
        )
        after = replace(plan, hops=tuple(begun if each.id == hop.id else each for each in plan.hops))
        with self._database.transaction() as connection:
            for place, task in enumerate(tasks, len(hop.task_ids)):
                connection.execute("INSERT INTO hop_task VALUES (?, ?, ?, ?)", (task.id, hop.id, plan.id, place))
                put_task(connection, task)
            self._put(connection, after)
        return after

    def plan_of(self, task_id: str) -> str:
        """Id of the plan that a task belongs to; empty for a task that was sent by hand."""
        return str(self._database.value("SELECT plan_id FROM hop_task WHERE task_id = :id", {"id": task_id}) or "")

    def refusals(self, film_id: str, prompt: str, negative_prompt: str) -> int:
        """How often Kling's content check has refused these very words in this film."""
        values: Values = {"film": film_id, "prompt": prompt, "negative": negative_prompt}
        return int(str(self._database.value(_REFUSED_WORDS, values)))

    def first_rank(self) -> float | None:
        """The rank of the task of any plan that is to be sent next; None when none waits."""
        found = self._database.value(
            "SELECT min(rank) FROM task WHERE watched AND status NOT IN ('succeeded', 'failed') AND rank >= :from",
            {"from": PLAN_RANK},
        )
        return None if found is None else float(str(found))

    def _as_read(self) -> dict[str, Plan]:
        """The plans that are as they were read: nothing was written since."""
        version = self._database.version()
        if version != self._read_at:
            self._read, self._read_at = {}, version
        return self._read

    def _plan(self, row: sqlite3.Row) -> Plan:
        known = self._as_read()
        if row["id"] not in known:
            known[row["id"]] = self._plan_of(row)
        return known[row["id"]]

    def _plan_of(self, row: sqlite3.Row) -> Plan:
        tasks: dict[str, list[str]] = {}
        for each in self._database.rows(
            """SELECT hop_task.hop_id, task_id FROM hop JOIN hop_task ON hop_task.hop_id = hop.id
            WHERE hop.plan_id = :id ORDER BY hop_task.place""",
            {"id": row["id"]},
        ):
            tasks.setdefault(each["hop_id"], []).append(each["task_id"])
        hops = self._database.rows("SELECT * FROM hop WHERE plan_id = :id ORDER BY place", {"id": row["id"]})
        with self._database.understood():
            return Plan(
                id=row["id"],
                film_id=row["film_id"],
                profile=Profile(text(row["profile_name"]), Region(row["profile_region"]), text(row["profile_url"])),
                made_at=moment(row["made_at"]),
                name=text(row["name"]),
                state=PlanState(row["state"]),
                gate=Gate(row["gate"]),
                takes=_count(row["takes"]),
                stop_after_this=bool(row["stop_after_this"]),
                stop=Stop(StopReason(row["stop_reason"]), row["stop_hop"], row["stop_take"], text(row["stop_detail"])),
                hops=self._hops.of(row["id"], hops, tasks),
            )

    def _put(self, connection: sqlite3.Connection, plan: Plan) -> None:
        write(connection, _PUT_PLAN, _plan_values(plan))
        there: dict[str, Cells] = {
            row["id"]: tuple(row) for row in connection.execute("SELECT * FROM hop WHERE plan_id = ?", (plan.id,))
        }
        changed, moved = list[Values](), list[tuple[int, str]]()
        for place, hop in enumerate(plan.hops):
            row = there.pop(hop.id, None)
            if not self._hops.is_as_read(plan.id, hop, row):
                changed.append(sounded(_hop_values(plan.id, place, hop)))
            elif row is not None and row[_PLACE] != place:
                moved.append((place, hop.id))
        connection.executemany(_PUT_HOP, changed)
        connection.executemany("UPDATE hop SET place = ? WHERE id = ?", moved)
        connection.executemany("DELETE FROM hop WHERE id = ?", [(hop_id,) for hop_id in there])


def _plan_values(plan: Plan) -> Values:
    return {
        "id": plan.id, "film": plan.film_id, "made_at": micros(plan.made_at), "name": plan.name,
        "state": plan.state.value, "gate": plan.gate.value, "takes": plan.takes,
        "stop_after_this": int(plan.stop_after_this), "stop_reason": plan.stop.reason.value,
        "stop_hop": plan.stop.hop_id, "stop_take": plan.stop.take_id, "stop_detail": plan.stop.detail,
        "profile_name": plan.profile.name, "profile_region": plan.profile.region.value,
        "profile_url": plan.profile.base_url,
    }  # fmt: skip


def _hop_values(plan_id: str, place: int, hop: PlannedHop) -> Values:
    return {
        "id": hop.id, "plan": plan_id, "place": place, "prompt": hop.prompt, "negative_prompt": hop.negative_prompt,
        "guidance": hop.guidance, "watermark": None if hop.watermark is None else int(hop.watermark),
        "generation": generation_text(hop.generation), "way": hop.way.value, "takes": hop.takes,
        "gate": hop.gate.value if hop.gate else None, "state": hop.state.value, "parent": hop.parent_id,
        "take": hop.take_id, "newest": hop.newest,
    }  # fmt: skip


def _hop(row: sqlite3.Row, task_ids: tuple[str, ...]) -> PlannedHop:
    return PlannedHop(
        id=row["id"],
        prompt=text(row["prompt"]),
        way=Way(row["way"]),
        takes=_count(row["takes"]),
        gate=Gate(row["gate"]) if row["gate"] else None,
        negative_prompt=text(row["negative_prompt"]),
        guidance=None if row["guidance"] is None else float(row["guidance"]),
        watermark=None if row["watermark"] is None else bool(row["watermark"]),
        generation=generation_of(row["generation"]),
        state=HopState(row["state"]),
        parent_id=row["parent_id"],
        task_ids=task_ids,
        newest=whole(row["newest"]),
        take_id=text(row["take_id"]),
    )


def _count(value: object) -> int:
    """How many takes a hop asks for: each is paid for."""
    takes = whole(value)
    if not 1 <= takes <= MOST_TAKES:
        raise ValueError(f"{takes} takes")
    return takes
