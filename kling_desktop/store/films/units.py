"""The record of units: caps, the ledger of every movement, and sums over it; no sum is ever stored."""

# S608 warns of SQL put together from strings. Here that is all there is to do, and only from names in these rooms.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from kling_desktop.domain.tasks import Task
from kling_desktop.domain.units import Cap, CapScope, LedgerEntry, Movement, Span, UnitSums
from kling_desktop.store.database import Database, write
from kling_desktop.store.films import settling
from kling_desktop.store.rows import Values, micro_units, moment, task_of, units_of
from kling_desktop.store.statements import TASK

_HELD = (
    """sum(CASE movement WHEN 'reservation' THEN unit_entry.units WHEN 'release' THEN -unit_entry.units ELSE 0 END)"""
)
_CHARGED = "sum(CASE movement WHEN 'charge' THEN unit_entry.units ELSE 0 END)"
_WAITING = "task.status = 'queued' AND task.trouble_error IN ('OverBudget', 'OverFilmBudget', 'OverPlanBudget')"
_SENT_WHEN_IT_FITS = f"{_WAITING} AND task.watched"


class UnitRecords:
    """Belongs to the loop's thread. May raise StoreTrouble, or FileTrouble when the disk is full or gone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- caps ---

    def caps(self, profile_name: str) -> list[Cap]:
        rows = self._database.rows("SELECT * FROM cap WHERE profile_name = :profile", {"profile": profile_name})
        with self._database.understood():
            return [
                Cap(row["profile_name"], CapScope(row["scope"]), units_of(row["units"]), row["subject"]) for row in rows
            ]

    def cap(self, profile_name: str, scope: CapScope, subject: str = "") -> Decimal | None:
        """What holds for that film or plan: its own cap, else the one for each; None for none."""
        with self._database.reading() as connection:
            found = settling.cap_of(connection, profile_name, scope, subject)
        return None if found is None else units_of(found)

    def set_cap(self, cap: Cap) -> None:
        """Raises ValueError for one below 0."""
        if cap.units < 0:
            raise ValueError(f"a cap of {cap.units} units")
        values: Values = {
            "profile": cap.profile_name, "scope": cap.scope.value, "subject": cap.subject,
            "units": micro_units(cap.units),
        }  # fmt: skip
        with self._database.transaction() as connection:
            write(connection, "INSERT OR REPLACE INTO cap VALUES (:profile, :scope, :subject, :units)", values)

    def drop_cap(self, profile_name: str, scope: CapScope, subject: str = "") -> None:
        values: Values = {"profile": profile_name, "scope": scope.value, "subject": subject}
        with self._database.transaction() as connection:
            write(connection, """DELETE FROM cap
                WHERE profile_name = :profile AND scope = :scope AND subject = :subject""", values)  # fmt: skip

    # --- tasks and the budget ---

    def send_anyway(self, task_id: str) -> None:
        """No cap holds this one task back."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO sent_anyway VALUES (?)", (task_id,))

    def waiting(self, profile_name: str) -> list[Task]:
        """Tasks of a profile that wait here because they did not fit, in the order of the queue. One that is held, with
        its plan or by hand, waits for that first."""
        rows = self._database.rows(
            f"""{TASK} WHERE {_SENT_WHEN_IT_FITS} AND task.profile_name = :profile
            ORDER BY task.rank, task.asked_at, task.id""",
            {"profile": profile_name},
        )
        with self._database.understood():
            return [task_of(row) for row in rows]

    def to_leave(self, profile_name: str, before: float) -> Decimal:
        """What tasks of a profile are thought to cost that are in the queue with a lower rank than this, and that no
        cap holds back: they hold nothing yet, and go first.
        """
        found = self._database.value(
            f"""SELECT sum(unit_entry.units) FROM task JOIN unit_entry ON unit_entry.task_id = task.id
                AND unit_entry.movement = 'estimate'
            WHERE task.status = 'queued' AND task.sent_at IS NULL AND task.watched AND task.rank < :before
                AND task.profile_name = :profile AND NOT coalesce({_WAITING}, 0)""",
            {"profile": profile_name, "before": before},
        )
        return units_of(found)

    def is_waiting(self, task_id: str) -> bool:
        """Whether it does so still."""
        return bool(self._database.rows(f"SELECT 1 FROM task WHERE id = :id AND {_WAITING}", {"id": task_id}))

    def waiting_profiles(self) -> list[str]:
        return [
            str(row[0])
            for row in self._database.rows(f"SELECT DISTINCT profile_name FROM task WHERE {_SENT_WHEN_IT_FITS}")
        ]

    def waiting_ids(self) -> frozenset[str]:
        """The ids of all of them, of whatever profile."""
        rows = self._database.rows(f"SELECT id FROM task WHERE {_SENT_WHEN_IT_FITS}")
        return frozenset(str(row["id"]) for row in rows)

    def profiles_since(self, day: date) -> list[str]:
        """Names of those of whom anything counts on this day or a later one."""
        rows = self._database.rows(
            "SELECT DISTINCT profile_name FROM unit_entry WHERE day >= :day", {"day": day.isoformat()}
        )
        return [str(row[0]) for row in rows]

    def home_of(self, task_id: str) -> tuple[str, str]:
        """Ids of the film and of the plan that a task belongs to; empty where it belongs to none."""
        film = self._database.value("SELECT film_id FROM take WHERE task_id = :id", {"id": task_id})
        plan = self._database.value("SELECT plan_id FROM hop_task WHERE task_id = :id", {"id": task_id})
        return str(film or ""), str(plan or "")

    def note_estimate(self, task: Task, units: Decimal, at: datetime) -> None:
        """Write down what a task was thought to cost when it was asked for; once a task."""
        model = task.extension.generation.model if task.extension.generation else ""
        with self._database.transaction() as connection:
            settling.note_estimate(connection, task, units, model, at)

    # --- the ledger ---

    def day(self, profile_name: str, day: date) -> tuple[Decimal, Decimal]:
        """Charged and held, as they count against the cap of a day: of this day and of all days after it."""
        values: Values = {"profile": profile_name, "day": day.isoformat()}
        row = self._database.rows(
            f"SELECT {_CHARGED}, {_HELD} FROM unit_entry WHERE profile_name = :profile AND day >= :day", values
        )[0]
        return units_of(row[0]), units_of(row[1])

    def sums(self, span: Span) -> UnitSums:
        """What was charged and is held, with what was charged in vain."""
        condition, values = _condition(span)
        row = self._database.rows(f"""
            SELECT {_CHARGED} AS charged, {_HELD} AS held,
                sum(CASE WHEN movement = 'charge' AND task.pick = 'rejected' THEN unit_entry.units END) AS rejected,
                sum(CASE WHEN movement = 'charge' AND task.status = 'failed' THEN unit_entry.units END) AS failed
            FROM unit_entry LEFT JOIN task ON task.id = unit_entry.task_id WHERE {condition}""", values)[0]  # fmt: skip
        return UnitSums(*(units_of(row[name]) for name in ("charged", "held", "rejected", "failed")))

    def by(self, column: str, span: Span) -> list[tuple[str, Decimal]]:
        """Charged units by "day", "film_id", "model", "way", "outcome" or "profile_name", in their order."""
        if column not in ("day", "film_id", "model", "way", "outcome", "profile_name"):
            raise ValueError(column)
        condition, values = _condition(span)
        rows = self._database.rows(f"""SELECT {column}, {_CHARGED} AS charged FROM unit_entry WHERE {condition}
            GROUP BY {column} HAVING charged <> 0 ORDER BY {column}""", values)  # fmt: skip
        return [(str(row[0]), units_of(row[1])) for row in rows]

    def count(self, span: Span) -> int:
        condition, values = _condition(span)
        return int(str(self._database.value(f"SELECT count(*) FROM unit_entry WHERE {condition}", values)))

    def page(self, span: Span, offset: int, limit: int) -> list[LedgerEntry]:
        """Entries, newest first."""
        condition, values = _condition(span)
        rows = self._database.rows(
            f"SELECT * FROM unit_entry WHERE {condition} ORDER BY number DESC LIMIT :limit OFFSET :offset",
            values | {"limit": limit, "offset": offset},
        )
        with self._database.understood():
            return [_entry(row) for row in rows]

    def all(self, span: Span) -> Iterator[LedgerEntry]:
        """Every entry, oldest first, read as it goes."""
        condition, values = _condition(span)
        statement = f"SELECT * FROM unit_entry WHERE {condition} ORDER BY number"
        for row in self._database.cursor(statement, values):
            with self._database.understood():
                entry = _entry(row)
            yield entry

    def last_extension(self, clip_id: str) -> Decimal | None:
        """What Kling charged last for an extension in the film of a clip: all of one film have one model and mode."""
        found = self._database.value(
            """SELECT unit_entry.units FROM take JOIN unit_entry ON unit_entry.film_id = take.film_id
            WHERE take.clip_id = :clip AND unit_entry.way = 'extend' AND movement = 'charge'
                AND outcome = 'succeeded' AND unit_entry.units > 0 ORDER BY unit_entry.number DESC LIMIT 1""",
            {"clip": clip_id},
        )
        return None if found is None else units_of(found)


def _condition(span: Span) -> tuple[str, Values]:
    parts = ["1"]
    values: Values = {}
    for name in ("profile_name", "film_id", "plan_id", "model", "way", "outcome"):
        if value := getattr(span, name):
            parts.append(f"unit_entry.{name} = :{name}")
            values[name] = value
    for name, sign in (("first_day", ">="), ("last_day", "<=")):
        day = getattr(span, name)
        if day is not None:
            parts.append(f"unit_entry.day {sign} :{name}")
            values[name] = day.isoformat()
    return " AND ".join(parts), values


def _entry(row: sqlite3.Row) -> LedgerEntry:
    return LedgerEntry(
        number=row["number"],
        at=moment(row["at"]),
        day=date.fromisoformat(row["day"]),
        movement=Movement(row["movement"]),
        units=units_of(row["units"]),
        task_id=row["task_id"],
        film_id=row["film_id"],
        plan_id=row["plan_id"],
        profile_name=row["profile_name"],
        model=row["model"],
        way=row["way"],
        outcome=row["outcome"],
    )
