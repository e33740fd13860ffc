"""Units held and charged: written in the transaction that writes how a task stands, so that nothing stays stuck."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.domain.units import TAKEN_OUT, CapScope, Movement, Reservation, local_day
from kling_desktop.errors import OverBudget, OverFilmBudget, OverPlanBudget
from kling_desktop.store.database import write
from kling_desktop.store.films.grafting import way_of
from kling_desktop.store.rows import Values, micro_units, micros, units_of

_SIGNED = "CASE movement WHEN 'release' THEN -units WHEN 'estimate' THEN 0 ELSE units END"
"""What a movement does to what counts against a cap."""

_ERRORS = {CapScope.DAY: OverBudget, CapScope.FILM: OverFilmBudget, CapScope.PLAN: OverPlanBudget}

_UNSENT = (Status.QUEUED,)
_HELD = (Status.SENDING, Status.UNCERTAIN, Status.SUBMITTED, Status.PROCESSING)


def reserve(connection: sqlite3.Connection, task: Task, reservation: Reservation) -> None:
    """Hold what a task is about to cost. Raises OverBudget when a cap of its profile does not allow it.

    What is held for the task already stays held: it is sent once more, with the same id. The day's sum is that of
    this day and of all days after it: a clock that is set back opens no second budget.
    """
    if _held(connection, task.id):
        return
    asked = micro_units(reservation.units)
    values = _origin(connection, task) | {"day": reservation.day.isoformat()}
    if not _goes_anyway(connection, task.id):
        for scope, subject, condition in _SCOPES:
            _check(connection, values, asked, scope, str(values[subject]), condition)
    values |= {"at": micros(reservation.at), "model": reservation.model}
    _enter(connection, values, Movement.RESERVATION, asked, task.status.value)


_SCOPES = (
    (CapScope.PLAN, "plan", "plan_id = :plan AND plan_id <> '' AND profile_name = :profile"),
    (CapScope.FILM, "film", "film_id = :film AND profile_name = :profile"),
    (CapScope.DAY, "nobody", "profile_name = :profile AND day >= :day"),
)
"""The day last: what is said to wait for tomorrow is to go tomorrow, and no other cap goes by with the day."""


def settle(connection: sqlite3.Connection, task: Task) -> None:
    """Bring the ledger in step with how a task stands now: held while it may be at Kling, then charged or released."""
    if task.status in _HELD or (task.status in _UNSENT and task.sent_at is not None):
        return  # it may be at Kling, or was sent before: what was held stays held
    held = _held(connection, task.id)
    charged = _charged(connection, task.id)
    due = _due(task, held, charged)
    if not held and charged == due:
        return
    _settle(connection, task, held, due - charged)


def close(connection: sqlite3.Connection, task_id: str) -> None:
    """A task is taken out of the library. What Kling has of it will be charged, though nobody asks any more."""
    held = _held(connection, task_id)
    if not held:
        return
    row = connection.execute("SELECT status, kling_id FROM task WHERE id = ?", (task_id,)).fetchone()
    is_at_kling = row is not None and (row["kling_id"] or row["status"] in ("submitted", "processing"))
    values = _last_origin(connection, task_id)
    _enter(connection, values, Movement.RELEASE, held, TAKEN_OUT)
    if is_at_kling:
        _enter(connection, values, Movement.CHARGE, held, TAKEN_OUT)


def note_estimate(connection: sqlite3.Connection, task: Task, units: Decimal, model: str, at: datetime) -> None:
    """Write down what a task was thought to cost when it was asked for; once a task."""
    known = "SELECT 1 FROM unit_entry WHERE task_id = ? AND movement = 'estimate'"
    if connection.execute(known, (task.id,)).fetchone() is None:
        values = _origin(connection, task) | {"day": local_day(at).isoformat(), "at": micros(at), "model": model}
        _enter(connection, values, Movement.ESTIMATE, micro_units(units), task.status.value)


def cap_of(connection: sqlite3.Connection, profile: str, scope: CapScope, subject: str) -> int | None:
    """In millionths: the cap of that very film or plan, else the one for each; None for none."""
    row = connection.execute(
        "SELECT units FROM cap WHERE profile_name = ? AND scope = ? AND subject IN (?, '') ORDER BY subject DESC",
        (profile, scope.value, subject),
    ).fetchone()
    return None if row is None else int(row["units"])


def _check(
    connection: sqlite3.Connection, values: Values, asked: int, scope: CapScope, subject: str, condition: str
) -> None:
    if scope is CapScope.PLAN and not subject:
        return
    cap = cap_of(connection, str(values["profile"]), scope, subject)
    if cap is None:
        return
    spent = write(connection, f"SELECT sum({_SIGNED}) FROM unit_entry WHERE {condition}", values).fetchone()[0] or 0  # noqa: S608 - literals of ours
    if spent + asked > cap:
        raise _ERRORS[scope](f"{scope.value}: {units_of(spent)} of {units_of(cap)}, {units_of(asked)} more wanted")


def _due(task: Task, held: int, charged: int) -> int:
    """What Kling has charged, in millionths. Finished without a figure it is taken at its estimate."""
    if task.units is not None and task.status.ended:
        return micro_units(task.units)
    return held + charged if task.status is Status.SUCCEEDED else 0


def _settle(connection: sqlite3.Connection, task: Task, held: int, charge: int) -> None:
    values = _last_origin(connection, task.id) or _origin(connection, task) | {
        "day": local_day(task.ended_at or task.updated_at or task.asked_at).isoformat(),
        "model": task.extension.generation.model if task.extension.generation else "",
    }
    values |= {"at": micros(datetime.now(UTC))}
    if held:
        _enter(connection, values, Movement.RELEASE, held, task.status.value)
    if charge:
        _enter(connection, values, Movement.CHARGE, charge, task.status.value)


def _enter(connection: sqlite3.Connection, values: Values, movement: Movement, units: int, outcome: str) -> None:
    entry = {name: values[name] for name in ("at", "day", "task", "film", "plan", "profile", "model", "way")}
    write(
        connection,
        """INSERT INTO unit_entry (at, day, movement, units, task_id, film_id, plan_id, profile_name, model, way,
            outcome)
        VALUES (:at, :day, :movement, :units, :task, :film, :plan, :profile, :model, :way, :outcome)""",
        entry | {"movement": movement.value, "units": units, "outcome": outcome},
    )


def _origin(connection: sqlite3.Connection, task: Task) -> Values:
    take = connection.execute("SELECT film_id FROM take WHERE task_id = ?", (task.id,)).fetchone()
    plan = connection.execute("SELECT plan_id FROM hop_task WHERE task_id = ?", (task.id,)).fetchone()
    return {
        "task": task.id, "film": take["film_id"] if take else "", "plan": plan["plan_id"] if plan else "",
        "profile": task.profile.name, "way": way_of(task).value, "nobody": "",
    }  # fmt: skip


def _last_origin(connection: sqlite3.Connection, task_id: str) -> Values:
    """Day, film and so on of the task's last movement that counted; empty when there was none."""
    row = connection.execute(
        "SELECT * FROM unit_entry WHERE task_id = ? AND movement <> 'estimate' ORDER BY number DESC LIMIT 1", (task_id,)
    ).fetchone()
    if row is None:
        return {}
    return {
        "task": task_id, "film": row["film_id"], "plan": row["plan_id"], "profile": row["profile_name"],
        "model": row["model"], "way": row["way"], "day": row["day"], "at": micros(datetime.now(UTC)),
    }  # fmt: skip


def _held(connection: sqlite3.Connection, task_id: str) -> int:
    held = """SELECT sum(CASE movement WHEN 'reservation' THEN units WHEN 'release' THEN -units ELSE 0 END)
        FROM unit_entry WHERE task_id = ?"""
    return int(connection.execute(held, (task_id,)).fetchone()[0] or 0)


def _charged(connection: sqlite3.Connection, task_id: str) -> int:
    charged = "SELECT sum(units) FROM unit_entry WHERE task_id = ? AND movement = 'charge'"
    return int(connection.execute(charged, (task_id,)).fetchone()[0] or 0)


def _goes_anyway(connection: sqlite3.Connection, task_id: str) -> bool:
    return connection.execute("SELECT 1 FROM sent_anyway WHERE task_id = ?", (task_id,)).fetchone() is not None
