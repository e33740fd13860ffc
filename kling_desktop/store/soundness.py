"""Which rows of films, plans and money make sense, told in SQL; those that do not are put right in their place."""

# S608 warns of SQL put together from strings. Here that is all there is to do, and only from names in these rooms.
# ruff: noqa: S608

from __future__ import annotations

import functools
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Final

from kling_desktop.domain.accounts import Region
from kling_desktop.domain.plans import MOST_HOPS, MOST_TAKES, HopState, PlanState, StopReason
from kling_desktop.domain.takes import Gate, Label, Way
from kling_desktop.domain.tasks import MOST_STARS
from kling_desktop.domain.units import CapScope, Movement
from kling_desktop.store.films import replanting
from kling_desktop.store.generations import generation_of
from kling_desktop.store.rows import UNREADABLE
from kling_desktop.store.schema import MIGRATIONS

log = logging.getLogger(__name__)

_LATEST: Final = 32_503_680_000_000_000
"""The year 3000 in microseconds: no time of ours lies behind it, and every zone can still say it."""
_MOST_UNITS: Final = 10**15
"""A thousand million units in millionths: more would overflow a sum of them."""

_TYPED: Final = ("film", "take", "part", "pick", "mark", "claim", "plan", "hop", "hop_task", "cap", "draft")
"""Tables whose every column must hold what it was declared to; small but for `take`."""
_BARE: Final = {"TEXT": "''", "INTEGER": "0", "REAL": "0"}


@dataclass(frozen=True, slots=True)
class _Rule:
    table: str
    column: str
    wrong: str
    """When a value makes no sense: true or false, never NULL."""
    right: str
    """What is put in its place."""


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether every row of films and plans can be read, and every tree hangs together; some ms for 10 000 takes.

    Tasks, clips and the ledger, of which there may be many, are looked at when they are read.
    """
    _teach(connection)
    for _, group in groupby(_rules(connection, _TYPED), key=lambda rule: rule.table):
        rules = list(group)
        meant = {rule.column for rule in rules if rule in _WITH_MEANING}
        rules = [rule for rule in rules if rule in _WITH_MEANING or rule.column not in meant]  # those see the type too
        if _finds(connection, f"SELECT 1 FROM {rules[0].table} WHERE {_any_of(rules)}"):
            return False
    return not (_columns(connection, "take") and _finds(connection, replanting.ADRIFT))


def mend(connection: sqlite3.Connection) -> None:
    """Put right what makes no sense; what cannot be put right goes. A plan that was put right is held: what it would
    buy next may not be what was meant.
    """
    _teach(connection)
    rules = list(_rules(connection, (*_TYPED, "task", "unit_entry")))
    touched = _plans_in_doubt(connection, rules)
    for rule in rules:
        changed = connection.execute(
            f"UPDATE OR IGNORE {rule.table} SET {rule.column} = {rule.right} WHERE {rule.wrong}"
        ).rowcount
        if changed > 0:
            log.info("recovery: %d of %s.%s put right", changed, rule.table, rule.column)
    for rule in rules:
        if rule.table != "task":
            connection.execute(f"DELETE FROM {rule.table} WHERE {rule.wrong}")
    for plan_id in touched:
        hold(connection, plan_id)


def hold(connection: sqlite3.Connection, plan_id: object) -> None:
    """A plan of which something is missing or was put right runs no further by itself."""
    connection.execute("UPDATE plan SET state = 'paused' WHERE id = ? AND state = 'running'", (plan_id,))


def _plans_in_doubt(connection: sqlite3.Connection, rules: list[_Rule]) -> list[object]:
    """Ids of the plans of which something will be put right."""
    found: list[object] = []
    for table, id in (("plan", "id"), ("hop", "plan_id"), ("hop_task", "plan_id")):
        if wrong := _any_of([rule for rule in rules if rule.table == table]):
            found += [row[0] for row in connection.execute(f"SELECT DISTINCT {id} FROM {table} WHERE {wrong}")]
    return found


def _rules(connection: sqlite3.Connection, tables: tuple[str, ...]) -> Iterator[_Rule]:
    """Table by table, as far as this library has them."""
    for table in tables:
        there = _columns(connection, table)
        if table in _TYPED:
            yield from (_typed(table, row) for name, row in _shape()[table].items() if name in there)
        yield from (rule for rule in _MEANT if rule.table == table and rule.column in there)


@functools.cache
def _shape() -> dict[str, dict[str, sqlite3.Row]]:
    """How the tables were meant, whatever the library says of itself."""
    with closing(sqlite3.connect(":memory:")) as pattern:
        pattern.row_factory = sqlite3.Row
        for migration in MIGRATIONS:
            migration(pattern)
        return {table: _columns(pattern, table) for table in _TYPED}


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, sqlite3.Row]:
    return {row["name"]: row for row in connection.execute(f"PRAGMA table_info({table})")}


def _typed(table: str, column: sqlite3.Row) -> _Rule:
    name, kind = column["name"], column["type"]
    kinds = {"TEXT": "'text'", "INTEGER": "'integer'", "REAL": "'real', 'integer'"}[kind]
    if not (column["notnull"] or column["pk"]):
        return _Rule(table, name, f"typeof({name}) NOT IN ({kinds}, 'null')", "NULL")
    bare = f"as_text({name})" if kind == "TEXT" else _BARE[kind]
    return _Rule(table, name, f"typeof({name}) NOT IN ({kinds})", bare)


def _whole(table: str, column: str, least: int, most: int, right: str) -> _Rule:
    return _Rule(table, column, f"typeof({column}) <> 'integer' OR {column} NOT BETWEEN {least} AND {most}", right)


def _either(table: str, column: str) -> _Rule:
    return _whole(table, column, 0, 1, "0")


def _time(table: str, column: str, right: str = "0") -> _Rule:
    return _whole(table, column, 0, _LATEST, right)


def _one_of(table: str, column: str, words: type[StrEnum] | tuple[str, ...], right: str) -> _Rule:
    return _Rule(table, column, f"coalesce({column}, 'NULL') NOT IN ({_named(words)})", right)


def _named(words: type[StrEnum] | tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _reads(table: str, column: str, function: str, right: str) -> _Rule:
    return _Rule(table, column, f"NOT {function}({column})", right)


_TASKS_OF_HOP: Final = "EXISTS (SELECT 1 FROM hop_task WHERE hop_task.hop_id = hop.id)"
_HAS_SENT: Final = "EXISTS (SELECT 1 FROM hop WHERE plan_id = plan.id AND state = 'sent')"
_REGION: Final = f"CASE profile_url WHEN '' THEN '{Region.SINGAPORE}' ELSE '{Region.CUSTOM}' END"
_WAY_OF_HOP: Final = f"CASE WHEN generation IS NULL THEN '{Way.EXTEND}' ELSE '{Way.CONTINUE}' END"
_MADE_BY: Final = "coalesce((SELECT generation FROM task WHERE task.id = take.task_id), '') <> ''"
_LOCAL_DAY: Final = "date(CASE WHEN typeof(at) = 'integer' THEN at / 1000000 ELSE 0 END, 'unixepoch', 'localtime')"
_SLIDER: Final = "guidance IS NOT NULL AND (typeof(guidance) = 'text' OR guidance NOT BETWEEN 0 AND 1)"
_SWITCH: Final = "watermark IS NOT NULL AND watermark NOT IN (0, 1)"

_MEANT: Final = (
    _one_of("film", "label", Label, "''"),
    _either("film", "archived"),
    _time("film", "made_at"),
    _time("film", "touched_at", "CASE WHEN typeof(made_at) = 'integer' THEN made_at ELSE 0 END"),
    _one_of("film", "way", ("", Way.EXTEND, Way.CONTINUE), "''"),
    _one_of(
        "take", "way", Way, f"CASE WHEN parent_id = '' THEN 'root' WHEN {_MADE_BY} THEN 'continue' ELSE 'extend' END"
    ),
    _time("take", "made_at", "coalesce((SELECT asked_at FROM task WHERE task.id = take.task_id), 0)"),
    _reads("part", "starts", "reads_as_time", "'0'"),
    _Rule("part", "ends", "ends IS NOT NULL AND NOT reads_as_time(ends)", "NULL"),
    _reads("part", "colour", "reads_as_colour", "NULL"),
    _one_of("mark", "label", Label, "''"),
    _whole("mark", "stars", 0, MOST_STARS, "0"),
    _time("plan", "made_at"),
    _one_of(
        "plan", "state", PlanState,
        f"CASE WHEN {_HAS_SENT} THEN 'paused' ELSE 'ready' END",
    ),
    _one_of("plan", "gate", Gate, f"'{Gate.ASK}'"),
    _whole("plan", "takes", 1, MOST_TAKES, "1"),
    _either("plan", "stop_after_this"),
    _one_of("plan", "stop_reason", StopReason, "''"),
    _one_of("plan", "profile_region", Region, _REGION),
    _whole("hop", "place", 0, 2 * MOST_HOPS, "rowid"),
    _Rule("hop", "guidance", _SLIDER, "NULL"),
    _Rule("hop", "watermark", _SWITCH, "NULL"),
    _reads("hop", "generation", "reads_as_generation", "NULL"),
    _one_of("hop", "way", (Way.EXTEND, Way.CONTINUE), _WAY_OF_HOP),
    _whole("hop", "takes", 1, MOST_TAKES, "1"),
    _Rule("hop", "gate", f"gate IS NOT NULL AND gate NOT IN ('', {_named(Gate)})", "NULL"),
    _one_of(
        "hop", "state", HopState,
        f"CASE WHEN NOT {_TASKS_OF_HOP} THEN 'planned' WHEN take_id = '' THEN 'sent' ELSE 'done' END",
    ),
    _whole("hop", "newest", 0, 1_000_000, "(SELECT count(*) FROM hop_task WHERE hop_task.hop_id = hop.id)"),
    _one_of("cap", "scope", CapScope, f"'{CapScope.DAY}'"),
    # Nothing may be spent beyond a limit that nobody can read: the creator sets it again.
    _whole("cap", "units", 0, _MOST_UNITS, "0"),
    _time("draft", "saved_at"),
    _Rule("draft", "guidance", _SLIDER, "NULL"),
    _Rule("draft", "watermark", _SWITCH, "NULL"),
    _reads("draft", "generation", "reads_as_generation", "NULL"),
    _whole("task", "stars", 0, MOST_STARS, "0"),
    _Rule("task", "rank", "typeof(rank) NOT IN ('real', 'integer')", "coalesce(asked_at, 0) / 1000000.0"),
    _either("task", "watched"),
    _reads("task", "generation", "reads_as_generation", "generation"),
    _time("unit_entry", "at"),
    _Rule("unit_entry", "day", "coalesce(date(day), '') <> coalesce(day, 'NULL')", _LOCAL_DAY),
    _one_of("unit_entry", "movement", Movement, f"'{Movement.ESTIMATE}'"),
    _whole("unit_entry", "units", -_MOST_UNITS, _MOST_UNITS, "0"),
)  # fmt: skip
_WITH_MEANING: Final = frozenset(_MEANT)


def _any_of(rules: list[_Rule]) -> str:
    return " OR ".join(f"({rule.wrong})" for rule in rules)


def _finds(connection: sqlite3.Connection, statement: str) -> bool:
    return connection.execute(f"{statement} LIMIT 1").fetchone() is not None


def _teach(connection: sqlite3.Connection) -> None:
    """What only Python can read."""
    readers: dict[str, Callable[[str], object]] = {
        "reads_as_generation": generation_of,
        "reads_as_time": Fraction,
        "reads_as_colour": _colour,
    }
    connection.create_function("as_text", 1, _as_text, deterministic=True)
    for name, read in readers.items():
        connection.create_function(name, 1, _claim(read), deterministic=True)


def _as_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def _claim(read: Callable[[str], object]) -> Callable[[str | None], bool]:
    def reads(value: str | None) -> bool:
        try:
            return value is None or bool(read(value) or True)
        except (*UNREADABLE, ZeroDivisionError, RecursionError):
            return False

    return reads


def _colour(text: str) -> None:
    luma, chroma = json.loads(text)
    if len(luma) != 3 or len(chroma) != 6 or not all(abs(float(number)) < 1e6 for number in (*luma, *chroma)):
        raise ValueError("no map of colours")
