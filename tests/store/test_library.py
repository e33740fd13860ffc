"""The library keeps every value as it was given, in the right order, also when threads, crashes and odd text come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.domain.clips import DYING, Clip, Kind, dies_at
from kling_desktop.domain.tasks import Draft, Extension, Filter, Status, Task, Trouble
from kling_desktop.errors import StoreTrouble
from kling_desktop.store import schema, statements
from kling_desktop.store.library import Library
from kling_desktop.store.rows import Values

NOON = datetime(2026, 11, 1, 12, 0, 0, 123457, tzinfo=UTC)
PROFILE = Profile("Main", Region.CUSTOM, "http://127.0.0.1:9")

FULL_CLIP = Clip(
    "700000000000000001", Kind.IMAGE, "800000000000000001", "600000000000000001", Decimal("9.630"), Decimal("5.1"),
    "https://media.example/a?sig=1", "https://media.example/w?sig=1", NOON, NOON + timedelta(days=30),
    Path("/library/雪.mp4"), Path("/library/雪 watermark.mp4"),
)  # fmt: skip
FULL_TASK = Task(
    id="kd-1", extension=Extension("600000000000000001", "狐狸 runs", "blur", 0.75, False, "https://me/cb", "mine"),
    profile=PROFILE, status=Status.SUCCEEDED, asked_at=NOON, kind=Kind.EXTENSION, kling_id="800000000000000001",
    raw_status="odd", sent_at=NOON, accepted_at=NOON, updated_at=NOON, ended_at=NOON, units=Decimal("3.50"),
    message="why", request_id="r-1", trouble=Trouble("Busy", 1302, "slow", "r-0", 429), clip=FULL_CLIP, retry_of="kd-0",
    watched=False, rank=-1.5,
)  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield library
    library.close()


def asked(number: int, status: Status = Status.QUEUED, prompt: str = "", profile: Profile = PROFILE) -> Task:
    """A task that was asked `number` seconds after noon."""
    return Task(f"kd-{number}", Extension("6", prompt), profile, status, NOON + timedelta(seconds=number))


def ids(tasks: list[Task]) -> list[str]:
    return [task.id for task in tasks]


@pytest.mark.parametrize("task", [FULL_TASK, asked(1), replace(FULL_TASK, clip=Clip("7"), trouble=Trouble("Busy"))])
def test_a_task_comes_back_as_it_was_put_also_after_a_restart(tmp_path: Path, task: Task) -> None:
    library = Library.open(tmp_path / "l.sqlite3")
    library.put(task)
    assert library.get(task.id) == task
    library.close()
    library = Library.open(tmp_path / "l.sqlite3")
    assert library.get(task.id) == task
    library.close()


def test_a_second_put_changes_the_task_and_makes_no_other(library: Library) -> None:
    library.put(asked(1))
    library.put(FULL_TASK)
    assert library.count(Filter()) == 1
    assert library.get("kd-1") == FULL_TASK
    library.put(asked(1))
    assert library.get("kd-1") == asked(1)


def test_unknown_ids_find_nothing(library: Library) -> None:
    library.put(asked(1))
    assert library.get("nobody") is None
    assert library.by_kling_id("") is None
    assert library.by_clip("") is None
    assert library.clip("") is None
    assert library.children("") == []


def test_a_task_is_found_by_kling_s_id_and_by_its_clip(library: Library) -> None:
    library.put(FULL_TASK)
    assert library.by_kling_id(FULL_TASK.kling_id) == FULL_TASK
    assert library.by_clip(FULL_CLIP.id) == FULL_TASK


def test_what_one_source_does_not_know_of_a_clip_keeps_what_another_told(library: Library) -> None:
    library.put_clip(FULL_CLIP)
    library.put_clip(Clip(FULL_CLIP.id))
    assert library.clip(FULL_CLIP.id) == FULL_CLIP
    library.put_clip(Clip(FULL_CLIP.id, url="https://media.example/fresh", seconds=Decimal(10)))
    assert library.clip(FULL_CLIP.id) == replace(FULL_CLIP, url="https://media.example/fresh", seconds=Decimal(10))


def test_the_kind_of_a_clip_is_believed_from_whoever_knows_its_task(library: Library) -> None:
    library.put_clip(Clip("7"))
    library.put_clip(Clip("7", Kind.TEXT, kling_id="8"))
    library.put_clip(Clip("7", Kind.EXTENSION))
    assert library.clip("7") == Clip("7", Kind.TEXT, kling_id="8")


def test_a_task_put_with_a_stale_clip_does_not_lose_the_file(library: Library) -> None:
    library.put(FULL_TASK)
    library.put(replace(FULL_TASK, clip=replace(FULL_CLIP, file=None)))
    found = library.get(FULL_TASK.id)
    assert found is not None
    assert found.clip == FULL_CLIP


def test_pages_are_newest_first_and_complete(library: Library) -> None:
    for number in (3, 1, 4, 0, 2):
        library.put(asked(number))
    library.put(replace(asked(2), id="kd-2b"))
    order = ["kd-4", "kd-3", "kd-2b", "kd-2", "kd-1", "kd-0"]
    assert ids(library.page(Filter(), 0, 10)) == order
    assert ids(library.page(Filter(), 2, 2)) == order[2:4]
    assert library.page(Filter(), 6, 2) == []
    assert [library.place(Filter(), name) for name in order] == list(range(6))


def test_states_filter_count_page_and_place_alike(library: Library) -> None:
    everything = tuple(Status)
    for number in range(len(everything) * 3):
        library.put(asked(number, everything[number % len(everything)]))
    wanted = Filter(states=frozenset({Status.FAILED, Status.QUEUED}))
    page = library.page(wanted, 0, 100)
    assert {task.status for task in page} == wanted.states
    assert library.count(wanted) == len(page) == 6
    assert ids(page) == ids([task for task in library.page(Filter(), 0, 100) if task.status in wanted.states])
    assert [library.place(wanted, task.id) for task in page] == list(range(6))
    assert library.place(wanted, "kd-1") is None
    assert library.place(wanted, "nobody") is None
    assert library.count(Filter(states=frozenset(Status))) == 21


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("STRASSE", "kd-1"), ("straße", "kd-1"), ("  Nebel ", "kd-1"), ("ÉCLAIR", "kd-2"), ("50%", "kd-2"), ("5_%", ""),
        ("a!b", "kd-3"), ("狐狸", "kd-3"), ("８8００", "kd-3"), ("other", "kd-3"), ("KD-2", "kd-2"), ("o'; drop", ""),
        ("\udc80", ""), ("\\", "kd-2"), ("7000", "kd-1"),
    ],
)  # fmt: skip
def test_text_is_looked_for_in_prompt_ids_and_profile_in_any_script(library: Library, text: str, found: str) -> None:
    library.put(replace(asked(1, prompt="Die Straße im NEBEL"), clip=Clip("7000")))
    library.put(asked(2, prompt="éclair, 50% off \\o/"))
    library.put(replace(asked(3, prompt="a!b 狐狸", profile=Profile("Other")), kling_id="8800"))
    assert ids(library.page(Filter(text), 0, 10)) == ([found] if found else [])
    assert library.count(Filter(text)) == bool(found)
    assert library.place(Filter(text), found) == (0 if found else None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rain umbrellas", ["kd-2", "kd-1"]), ("umbrellas rain", ["kd-2", "kd-1"]), ("rain wind", []),
        ('"begins, umbrellas"', ["kd-1"]), ('"umbrellas, begins', []), ("open kd-1", ["kd-1"]),
        ("rain rain", ["kd-2", "kd-1"]), ('" "', ["kd-3", "kd-2", "kd-1"]), ("雨\u3000umbrellas", ["kd-2"]),
        (" ".join(f"{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"), ["kd-3"]),
    ],
)  # fmt: skip
def test_words_are_looked_for_in_any_order_but_between_quotes(library: Library, text: str, found: list[str]) -> None:
    library.put(asked(1, prompt="Rain begins, umbrellas open"))
    library.put(asked(2, prompt="Umbrellas in the rain 雨"))
    library.put(asked(3, prompt=" ".join("abcdefghijklmnopqrstuvwxyz")))
    assert ids(library.page(Filter(text), 0, 10)) == found
    assert library.count(Filter(text)) == len(found)


def test_text_and_states_narrow_together(library: Library) -> None:
    library.put(asked(1, Status.FAILED, "fox"))
    library.put(asked(2, Status.QUEUED, "fox"))
    library.put(asked(3, Status.FAILED, "owl"))
    both = Filter("FOX", frozenset({Status.FAILED, Status.SENDING}))
    assert ids(library.page(both, 0, 10)) == ["kd-1"]
    assert library.count(both) == 1
    assert library.place(both, "kd-2") is None


def test_text_finds_what_a_later_put_made_known(library: Library) -> None:
    library.put(asked(1))
    library.put(replace(asked(1), kling_id="888"))
    assert library.count(Filter("888")) == 1


def test_unfinished_is_what_still_needs_work_in_the_order_of_the_queue(library: Library) -> None:
    kept = replace(FULL_TASK, id="kept", watched=True)
    unkept = replace(asked(5, Status.SUCCEEDED), clip=Clip("unkept", url="https://media.example/u"))
    clipless = asked(6, Status.SUCCEEDED)
    first = replace(asked(7), rank=-1.0)
    unwatched = replace(asked(8, Status.PROCESSING), watched=False)
    for task in (kept, unkept, clipless, first, unwatched, asked(4, Status.FAILED), asked(3, Status.UNCERTAIN)):
        library.put(task)
    assert ids(library.unfinished()) == ["kd-7", "kd-3", "kd-5", "kd-6"]
    assert list(library.unfinished_ids().items()) == [(task.id, task.status) for task in library.unfinished()]


def test_forgetting_a_task_takes_its_clip_unless_another_needs_it(library: Library) -> None:
    library.put(replace(asked(1, Status.SUCCEEDED), clip=Clip("lonely")))
    library.put(replace(asked(2, Status.SUCCEEDED), clip=Clip("parent")))
    library.put_clip(Clip("child", parent_id="parent"))
    library.put(replace(asked(3, Status.SUCCEEDED), clip=Clip("source")))
    library.put(replace(asked(4), extension=Extension("source")))
    for number in (1, 2, 3):
        library.forget(f"kd-{number}")
    library.forget("nobody")
    assert [library.clip(name) is None for name in ("lonely", "parent", "source")] == [True, False, False]
    assert ids(library.page(Filter(), 0, 9)) == ["kd-4"]


def test_clips_and_children_are_newest_first(library: Library) -> None:
    old = Clip("1", parent_id="p", made_at=NOON)
    new = Clip("2", parent_id="p", made_at=NOON + timedelta(seconds=1))
    ageless = Clip("3", parent_id="q")
    for clip in (old, ageless, new):
        library.put_clip(clip)
    assert library.clips(9) == [new, old, ageless]
    assert library.clips(1) == [new]
    assert library.children("p") == [new, old]


def test_typical_times_come_from_the_newest_finished_extensions_of_the_profile(library: Library) -> None:
    def finished(number: int, seconds: float) -> Task:
        at = NOON + timedelta(hours=number)
        done = at + timedelta(seconds=seconds)
        return replace(asked(number, Status.SUCCEEDED), accepted_at=at, updated_at=done, clip=Clip(f"c{number}"))

    for number in range(205):
        library.put(finished(number, 100 + number))
    library.put(replace(finished(300, 1), status=Status.FAILED))
    library.put(replace(finished(301, 2), profile=Profile("Other")))
    library.put(replace(finished(302, 3), kind=Kind.TEXT))
    library.put(finished(303, -4))
    assert library.finished_seconds("Main") == [100.0 + number for number in range(204, 4, -1)]
    assert library.finished_seconds("Nobody") == []


def test_the_draft_is_the_last_one_saved(library: Library) -> None:
    assert library.draft() is None
    library.save_draft(Draft(FULL_TASK.extension, NOON))
    last = Draft(Extension("7", "words"), NOON + timedelta(seconds=1))
    library.save_draft(last)
    assert library.draft() == last


def test_prompts_are_different_and_newest_first(library: Library) -> None:
    for number, prompt in enumerate(["a", "b", "", "a", "c", "b"]):
        library.put(asked(number, prompt=prompt))
    assert library.prompts(9) == ["b", "c", "a"]
    assert library.prompts(2) == ["b", "c"]


def test_half_a_surrogate_pair_is_kept_as_a_question_mark(library: Library) -> None:
    library.put(replace(asked(1, prompt="x\ud83d!"), message="\udc80"))
    found = library.get("kd-1")
    assert found is not None
    assert (found.extension.prompt, found.message) == ("x?!", "?")


def test_a_time_without_a_zone_is_refused_and_leaves_nothing_behind(library: Library) -> None:
    with pytest.raises(TypeError):
        library.put(replace(FULL_TASK, asked_at=NOON.replace(tzinfo=None)))
    assert library.clip(FULL_CLIP.id) is None
    library.put(FULL_TASK)


def test_many_threads_put_durably_while_the_loop_s_thread_puts(library: Library) -> None:
    with ThreadPoolExecutor(4) as pool:
        durable = [pool.submit(library.put_durably, asked(number)) for number in range(40)]
        for number in range(40, 80):
            library.put(asked(number))
        for done in durable:
            done.result()
    assert library.count(Filter()) == 80


def test_what_was_put_durably_is_synced_and_seen_at_once(library: Library) -> None:
    library.put_durably(FULL_TASK)
    assert library.get("kd-1") == FULL_TASK
    assert library.database._durable is not None
    full = 2
    assert library.database._durable.execute("PRAGMA synchronous").fetchone()[0] == full
    assert library._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


_WRITES_FOR_EVER = """
import sys
from pathlib import Path
from tests.store.test_library import asked, Library
library, number = Library.open(Path(sys.argv[1])), 0
while True:
    (library.put_durably if number % 5 == 0 else library.put)(asked(number))
    print(number, flush=True)
    number += 1
"""


def test_a_killed_program_loses_no_task_that_put_returned_for(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    command = [sys.executable, "-c", _WRITES_FOR_EVER, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as writer:
        assert writer.stdout is not None
        told = [next(writer.stdout) for _ in range(200)]
        writer.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        told += writer.stdout.readlines()
    library = Library.open(path)
    known = library.count(Filter())
    library.close()
    assert known >= sum(line.endswith("\n") for line in told) >= 200


def test_a_closed_library_says_so_and_may_be_closed_twice(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "l.sqlite3")
    library.put_durably(asked(1))
    library.close()
    library.close()
    with pytest.raises(StoreTrouble):
        library.get("kd-1")
    assert [file.name for file in tmp_path.iterdir()] == ["l.sqlite3"]


def taken(number: int, clip: Clip, prompt: str = "") -> Task:
    """A finished task, asked `number` seconds after noon."""
    return replace(asked(number, Status.SUCCEEDED, prompt), clip=clip, kling_id=f"80000000000000000{number}")


LEFT = {
    "by its link": Clip("a", expires_at=NOON + timedelta(days=2), made_at=NOON),
    "by its age": Clip("b", made_at=NOON - timedelta(days=25), file=Path("/kept.mp4")),
    "by its id": Clip(str(((int(NOON.timestamp() * 1000) - 29 * 86_400_000) - 1_568_028_518_783) << 22)),
}
NOT_DYING = (
    Clip("e", expires_at=NOON - timedelta(seconds=1)),
    Clip("f", expires_at=NOON + timedelta(days=8)),
    Clip("g", made_at=NOON - timedelta(days=31)),
    Clip("of unknown age"),
    Clip("9" * 19),
)


@pytest.mark.parametrize("clip", LEFT.values(), ids=LEFT.keys())
def test_a_take_with_a_week_left_is_dying(library: Library, clip: Clip) -> None:
    library.put(taken(1, clip))
    dying = Filter(dying_at=NOON)
    assert ids(library.page(dying, 0, 9)) == ["kd-1"]
    assert library.place(dying, "kd-1") == 0
    assert NOON < (dies_at(clip) or NOON) <= NOON + DYING
    assert library.dying(NOON) == (1, dies_at(clip))


@pytest.mark.parametrize("clip", NOT_DYING, ids=lambda clip: clip.id[:9])
def test_what_is_gone_or_has_time_or_no_date_is_not_dying(library: Library, clip: Clip) -> None:
    library.put(taken(1, clip))
    assert library.count(Filter(dying_at=NOON)) == 0
    assert library.dying(NOON) == (0, None)
    ends = dies_at(clip)
    assert ends is None or not NOON < ends <= NOON + DYING


def test_of_those_that_die_the_first_is_told_however_old_its_task(library: Library) -> None:
    library.put(taken(0, Clip("first", expires_at=NOON + timedelta(days=1, microseconds=1))))
    for number in range(1, 4):
        library.put(taken(number, Clip(f"later {number}", expires_at=NOON + timedelta(days=7))))
    library.put(taken(5, Clip("after a week", expires_at=NOON + timedelta(days=8))))
    assert library.dying(NOON) == (4, NOON + timedelta(days=1, microseconds=1))


def test_dying_ones_come_newest_first_and_obey_words_and_states_too(library: Library) -> None:
    for number, clip in enumerate(LEFT.values()):
        library.put(taken(number, clip, f"take 10{number}%"))
    dying = Filter(dying_at=NOON)
    assert ids(library.page(dying, 0, 2)) == ["kd-2", "kd-1"]
    assert ids(library.page(dying, 2, 2)) == ["kd-0"]
    assert ids(library.page(replace(dying, text="TAKE 101%"), 0, 9)) == ["kd-1"]
    assert library.count(replace(dying, states=frozenset({Status.SUCCEEDED}))) == 3
    assert library.count(replace(dying, states=frozenset({Status.FAILED}))) == 0


def test_the_library_says_which_of_klings_tasks_it_has(library: Library) -> None:
    library.put(taken(1, Clip("a")))
    library.put(asked(2))
    assert library.known(["800000000000000001", "800000000000000002", ""]) == {"800000000000000001"}
    assert library.known([]) == set()


@pytest.mark.parametrize("filter", [Filter(dying_at=NOON), Filter("x", dying_at=NOON)])
def test_few_dying_ones_are_found_without_reading_all_tasks(tmp_path: Path, filter: Filter) -> None:
    Library.open(tmp_path / "l.sqlite3").close()
    passing, values = statements.passing(filter)
    plan = _plan(tmp_path / "l.sqlite3", statements.counted(passing), values)
    assert "clip_dies" in plan
    assert "SCAN task" not in plan


def test_known_ids_are_looked_up_by_an_index(tmp_path: Path) -> None:
    Library.open(tmp_path / "l.sqlite3").close()
    assert "task_kling" in _plan(tmp_path / "l.sqlite3", statements.KNOWN, {"ids": "[]"})


def _plan(path: Path, statement: str, values: Values) -> str:
    connection = schema.connect(path)
    rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    connection.close()
    return " ".join(str(row[3]) for row in rows)


def test_the_last_of_what_was_found_is_read_alone(library: Library) -> None:
    for content, last in (('[1, {"a": "雨"}]', '{"a":"雨"}'), ("[]", None), ("no JSON", None)):
        library.put_finding("c1", "seams", "stamp", content)
        assert library.last_found("c1", "seams") == last
    assert library.last_found("c2", "seams") is None
