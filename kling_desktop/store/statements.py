"""The sentences that the library says to SQLite. Built of literals of our own; what a user typed is always a value."""

# S608 warns of SQL put together from strings. Here that is all there is to do, and only from names in these rooms.
# ruff: noqa: S608

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import DYING
from kling_desktop.domain.tasks import Filter, Status
from kling_desktop.store.rows import Values, folded, micros

_CLIP_COLUMNS = (
    "kind", "kling_id", "parent_id", "seconds", "parent_seconds", "url", "watermark_url", "made_at", "expires_at",
    "file", "watermark_file",
)  # fmt: skip
CLIP_AS = ", ".join(f"clip.{column} AS clip_{column}" for column in _CLIP_COLUMNS)
"""The columns of `clip` for `rows.clip_of`, under names that begin with clip_."""

TASK = f"SELECT task.*, {CLIP_AS} FROM task LEFT JOIN clip ON clip.id = task.clip_id"
"""Rows for `rows.task_of`; a condition follows."""

NEWEST_FIRST = "ORDER BY task.asked_at DESC, task.id DESC"

_UNFINISHED = """WHERE task.number IN (
        SELECT number FROM task WHERE watched AND status NOT IN ('succeeded', 'failed')
        UNION ALL
        SELECT number FROM clip INDEXED BY clip_unkept CROSS JOIN task ON task.clip_id = clip.id
            WHERE clip.file IS NULL AND task.watched AND task.status = 'succeeded'
        UNION ALL
        SELECT number FROM task INDEXED BY task_clipless
            WHERE watched AND status = 'succeeded' AND clip_id IS NULL)
    ORDER BY task.rank, task.asked_at, task.id"""
"""CROSS JOIN and INDEXED BY keep SQLite from reading every task that ever succeeded."""
UNFINISHED = f"{TASK} {_UNFINISHED}"
UNFINISHED_IDS = f"SELECT id, status FROM task {_UNFINISHED}"

UNCOPIED_IDS = """
    SELECT task.id FROM clip INDEXED BY clip_uncopied CROSS JOIN task ON task.clip_id = clip.id
    WHERE clip.file IS NOT NULL AND clip.watermark_file IS NULL AND clip.watermark_url <> ''
        AND task.watermark AND task.watched AND task.status = 'succeeded'
    ORDER BY task.asked_at, task.id"""

PUT_CLIP = """
    INSERT INTO clip VALUES (:id, :kind, :kling_id, :parent_id, :seconds, :parent_seconds, :url, :watermark_url,
                             :made_at, :expires_at, :file, :watermark_file)
    ON CONFLICT (id) DO UPDATE SET
        kind = CASE WHEN excluded.kling_id = '' THEN kind ELSE excluded.kind END,
        kling_id = coalesce(nullif(excluded.kling_id, ''), kling_id),
        parent_id = coalesce(nullif(excluded.parent_id, ''), parent_id),
        seconds = coalesce(excluded.seconds, seconds),
        parent_seconds = coalesce(excluded.parent_seconds, parent_seconds),
        url = coalesce(nullif(excluded.url, ''), url),
        watermark_url = coalesce(nullif(excluded.watermark_url, ''), watermark_url),
        made_at = coalesce(excluded.made_at, made_at),
        expires_at = coalesce(excluded.expires_at, expires_at),
        file = coalesce(excluded.file, file),
        watermark_file = coalesce(excluded.watermark_file, watermark_file)"""

FORGET_CLIP = """
    DELETE FROM clip WHERE id = :id
        AND NOT EXISTS (SELECT 1 FROM task WHERE clip_id = :id)
        AND NOT EXISTS (SELECT 1 FROM task WHERE video_id = :id)
        AND NOT EXISTS (SELECT 1 FROM clip WHERE parent_id = :id AND parent_id <> '')
        AND NOT EXISTS (SELECT 1 FROM take JOIN take AS below ON below.slot = take.id WHERE take.clip_id = :id)"""

FORGET_FILE = """
    UPDATE clip SET file = nullif(file, :file), watermark_file = nullif(watermark_file, :file) WHERE id = :id"""

TYPICAL = """
    SELECT (updated_at - accepted_at) / 1e6 FROM task
    WHERE profile_name = :profile AND status = 'succeeded' AND kind = 'video-extend' AND updated_at > accepted_at
    ORDER BY accepted_at DESC LIMIT :limit"""

PUT_DRAFT = """
    INSERT OR REPLACE INTO draft (only, saved_at, video_id, prompt, negative_prompt, guidance, watermark,
                                  callback_url, own_id, generation)
    VALUES (:only, :saved_at, :video_id, :prompt, :negative_prompt, :guidance, :watermark, :callback_url, :own_id,
            :generation)"""

PUT_FINDING = """
    INSERT INTO finding (clip_id, kind, stamp, content) VALUES (:clip_id, :kind, :stamp, :content)
    ON CONFLICT (clip_id, kind) DO UPDATE SET stamp = excluded.stamp, content = excluded.content"""

FINDING = "SELECT stamp, content FROM finding WHERE clip_id = :clip_id AND kind = :kind"

LAST_FOUND = """
    SELECT CASE WHEN json_valid(content) THEN json_extract(content, '$[#-1]') END FROM finding
    WHERE clip_id = :clip_id AND kind = :kind"""

NEWEST_PROMPTS = f"SELECT prompt FROM task {NEWEST_FIRST} LIMIT :limit"

KNOWN = "SELECT kling_id FROM task WHERE kling_id <> '' AND kling_id IN (SELECT value FROM json_each(:ids))"

DIES_AT = """coalesce(expires_at, made_at + 2592000000000,
                 CASE WHEN length(id) IN (18, 19) AND id NOT GLOB '*[^0-9]*'
                      THEN ((CAST(id AS INTEGER) >> 22) + 1568028518783) * 1000 + 2592000000000 END)"""
"""When Kling deletes a clip, as `domain.dies_at` says it; in the words of the index `clip_dies`."""

_DYING = f"""
    SELECT number, asked_at, task.id AS id FROM (
        SELECT id FROM clip INDEXED BY clip_dies WHERE {DIES_AT} > :dying_from AND {DIES_AT} <= :dying_until) AS dying
    CROSS JOIN task ON task.clip_id = dying.id WHERE true"""

COUNT_DYING = "SELECT count(*), min(dies_at) FROM task WHERE dies_at > :from AND dies_at <= :until"

RANKS = {Verdict.CLEAN: 1, Verdict.SLIGHT: 2, Verdict.BAD: 3}
"""How `task.verdict` keeps what was found; 0 is nothing."""

_EACH = "SELECT number, asked_at, id FROM task"
_LIKE_MEANS = re.compile("[%_!]")
_TYPED = re.compile(r'"([^"]+)"|(\S+)')
"""A phrase between quotes, or a word."""
_MOST_WORDS = 20


def put_task(columns: Iterable[str]) -> str:
    """Writes a task. Not INSERT OR REPLACE: that deletes first, and with it whatever will hang on a task."""
    names = tuple(columns)
    values = ", ".join(f":{name}" for name in names)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    return f"INSERT INTO task ({', '.join(names)}) VALUES ({values}) ON CONFLICT (id) DO UPDATE SET {changes}"


def passing(filter: Filter) -> tuple[str, Values]:
    """A SELECT of number, asked_at and id of the tasks that pass, and its values. Works on indexes alone.

    One SELECT a status: SQLite merges them along the index, where IN (...) would sort everything for each page.
    """
    if filter.dying_at is not None:
        return _passing_and_dying(filter, filter.dying_at)
    if filter.picks or filter.stars_from or filter.verdicts:
        return _passing_and_looked_at(f"{_EACH} WHERE true", filter)
    states = sorted(filter.states) if filter.states != frozenset(Status) else []
    values: Values = {f"state{n}": state.value for n, state in enumerate(states)}
    words, worded = holding(filter.text, "search")
    if not words:
        return " UNION ALL ".join(f"{_EACH} WHERE status = :{name}" for name in values) or _EACH, values
    return f"{_EACH} INDEXED BY task_text WHERE true{words}{_among(values)}", values | worded


def _passing_and_dying(filter: Filter, moment: datetime) -> tuple[str, Values]:
    chosen, values = _passing_and_looked_at(_DYING, filter)
    return chosen, values | {"dying_from": micros(moment), "dying_until": micros(moment + DYING)}


def _passing_and_looked_at(few: str, filter: Filter) -> tuple[str, Values]:
    """Those few are looked at one by one: no index but the one that found them is needed."""
    words, worded = holding(filter.text, "search")
    values: Values = {f"state{n}": state.value for n, state in enumerate(sorted(filter.states))}
    chosen = few + _among(values) + words
    # SQLite takes a partial index only where its very condition is written out.
    picks: Values = {f"pick{n}": pick.value for n, pick in enumerate(sorted(filter.picks))}
    if picks:
        chosen += f" AND pick <> '' AND pick IN ({', '.join(f':{name}' for name in picks)})"
    if filter.stars_from:
        chosen += " AND stars > 0 AND stars >= :stars_from"
        values["stars_from"] = filter.stars_from
    if filter.verdicts:
        ranks = ", ".join(str(RANKS[verdict]) for verdict in sorted(filter.verdicts))
        chosen += f" AND verdict IN ({ranks})"
    return chosen, values | picks | worded


def conditions(filter: Filter) -> tuple[str, Values]:
    """The same as conditions on the columns of `task`, each led by AND, and their values."""
    chosen, values = _passing_and_looked_at("", filter)
    if filter.dying_at is not None:
        chosen += " AND dies_at > :dying_from AND dies_at <= :dying_until"
        values |= {"dying_from": micros(filter.dying_at), "dying_until": micros(filter.dying_at + DYING)}
    return chosen, values


def _among(states: Iterable[str]) -> str:
    names = ", ".join(f":{name}" for name in states)
    return f" AND status IN ({names})" if names else ""


def holding(typed: str, column: str) -> tuple[str, Values]:
    """The conditions, each led by AND, that a column holds every typed word wherever it stands; and their values.

    Words between double quotes hold together, and so does what is longer than anybody types: a pasted prompt.
    LIKE is twice as fast as instr(): that one steps byte by byte.
    """
    text = folded(typed.strip())
    words = [phrase.strip() or word.strip('"') for phrase, word in _TYPED.findall(text)]
    words = [word for word in dict.fromkeys(words) if word]
    if len(words) > _MOST_WORDS:
        words = [text]
    conditions = "".join(f" AND {column} LIKE :word{n} ESCAPE '!'" for n in range(len(words)))
    return conditions, {f"word{n}": "%" + _LIKE_MEANS.sub(r"!\g<0>", word) + "%" for n, word in enumerate(words)}


def counted(passing: str) -> str:
    """How many pass."""
    return f"SELECT count(*) FROM ({passing})"


def counted_before(passing: str) -> str:
    """How many that pass are newer than (:asked_at, :id), followed by whether that one passes itself."""
    here = f"EXISTS (SELECT 1 FROM ({passing}) WHERE (asked_at, id) = (:asked_at, :id))"
    return f"SELECT count(*), {here} FROM ({passing}) WHERE (asked_at, id) > (:asked_at, :id)"


def paged(passing: str) -> str:
    """Rows :offset to :offset + :limit. The inner select walks an index; only the page's rows are read in full."""
    numbers = f"SELECT number FROM ({passing} ORDER BY asked_at DESC, id DESC LIMIT :limit OFFSET :offset)"
    return f"{TASK} WHERE task.number IN ({numbers}) {NEWEST_FIRST}"
