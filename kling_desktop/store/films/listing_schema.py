"""What the list of all takes is put in order by, beside each task, kept in step by triggers."""

# S608 warns of SQL put together from strings: these are literals of our own.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3

NEVER = 9_223_372_036_854_775_807
"""`task.dies_at` of what has no known last day: the largest number, so that it stands last."""

_DAY = f"""coalesce((SELECT coalesce(expires_at, made_at + 2592000000000,
                 CASE WHEN length(id) IN (18, 19) AND id NOT GLOB '*[^0-9]*'
                      THEN ((CAST(id AS INTEGER) >> 22) + 1568028518783) * 1000 + 2592000000000 END)
        FROM clip WHERE clip.id = {{clip}}), {NEVER})"""
_FILM = "coalesce((SELECT film_id FROM take WHERE take.task_id = {task}), '')"

_M009 = (
    "ALTER TABLE task ADD COLUMN of_film TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE task ADD COLUMN verdict INTEGER NOT NULL DEFAULT 0",
    f"ALTER TABLE task ADD COLUMN dies_at INTEGER NOT NULL DEFAULT {NEVER}",
    f"UPDATE task SET of_film = {_FILM.format(task='task.id')}, dies_at = {_DAY.format(clip='task.clip_id')}",
    "CREATE INDEX task_film ON task (of_film, asked_at DESC, id DESC, status, pick, stars, verdict, dies_at)",
    "CREATE INDEX task_by_stars ON task (stars DESC, asked_at DESC, id DESC)",
    "CREATE INDEX task_by_verdict ON task (verdict DESC, asked_at DESC, id DESC)",
    "CREATE INDEX task_by_day ON task (dies_at, asked_at, id)",
    f"""CREATE TRIGGER task_listed AFTER INSERT ON task BEGIN
        UPDATE task SET of_film = {_FILM.format(task="NEW.id")}, dies_at = {_DAY.format(clip="NEW.clip_id")}
        WHERE number = NEW.number; END""",
    f"""CREATE TRIGGER task_made AFTER UPDATE OF clip_id ON task WHEN NEW.clip_id IS NOT OLD.clip_id BEGIN
        UPDATE task SET dies_at = {_DAY.format(clip="NEW.clip_id")} WHERE number = NEW.number; END""",
    f"""CREATE TRIGGER clip_dated AFTER UPDATE OF made_at, expires_at ON clip
        WHEN NEW.made_at IS NOT OLD.made_at OR NEW.expires_at IS NOT OLD.expires_at BEGIN
        UPDATE task SET dies_at = {_DAY.format(clip="NEW.id")} WHERE clip_id = NEW.id; END""",
    """CREATE TRIGGER take_listed AFTER INSERT ON take WHEN NEW.task_id IS NOT NULL BEGIN
        UPDATE task SET of_film = NEW.film_id WHERE id = NEW.task_id; END""",
    """CREATE TRIGGER take_moved AFTER UPDATE OF film_id, task_id ON take WHEN NEW.task_id IS NOT NULL BEGIN
        UPDATE task SET of_film = NEW.film_id WHERE id = NEW.task_id; END""",
)


def m009_list(connection: sqlite3.Connection) -> None:
    """What the list of all takes is put in order by, beside each task: its film, its seam's verdict, its last day.

    Triggers keep film and day; the verdict is written by who finds it. The words of the day are `statements.DIES_AT`'s.
    """
    for statement in _M009:
        connection.execute(statement)
