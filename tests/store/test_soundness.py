"""Rows of films, plans and money that make no sense are put right where they stand, once, and all the rest stays."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import HopState, Plan, PlannedHop, PlanState
from kling_desktop.domain.takes import ColourMap, Label, Part, TakeMark, Way
from kling_desktop.domain.tasks import Draft, Extension, Filter, Generation, Status, Task
from kling_desktop.domain.units import Cap, CapScope, Reservation, Span
from kling_desktop.errors import DamageMet, StoreMended
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from kling_desktop.store.soundness import is_sound

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def asked(number: int, video_id: str, generation: Generation | None = None) -> Task:
    """A task that was asked `number` seconds after noon."""
    extension = Extension(video_id, f"words of {number}", generation=generation)
    return Task(f"kd-{number}", extension, SANDBOX, Status.QUEUED, NOW + timedelta(seconds=number))


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One film: a clip, two takes that extend it, one of which is extended and then continued; a plan that runs."""
    path = tmp_path_factory.mktemp("healthy") / "library.sqlite3"
    with closing(Library.open(path)) as library:
        films, plans = FilmRecords(library.database), PlanRecords(library.database)
        units = UnitRecords(library.database)
        for number, source in enumerate(("clip-root", "clip-root", "clip-0", "clip-2")):
            way = Generation("kling-v3", parent_end=Fraction(9, 2)) if number == 3 else None
            task = asked(number, source, way)
            clip = Clip(f"clip-{number}", kling_id=f"k-{number}", parent_id=source)
            library.put(replace(task, kling_id=f"k-{number}", status=Status.SUCCEEDED, clip=clip, units=Decimal(2)))
        (film,) = films.films(0, 9)
        films.change(replace(film, note="of mine", label=Label.RED, way=Way.EXTEND))
        films.mark("clip:clip-root", TakeMark("first", Label.BLUE, 3))
        films.set_parts("kd-3", [Part("clip-2"), Part("clip-3", Fraction(1, 24), None, ColourMap())])
        films.set_pick("clip:clip-root", "kd-0")
        hops = (
            PlannedHop("hop-1", "rain", takes=2),
            PlannedHop("hop-2", "snow", Way.CONTINUE, generation=Generation("kling-v3")),
        )
        plan = Plan("plan-1", film.id, SANDBOX, NOW, "mine", PlanState.RUNNING, takes=2, hops=hops)
        plans.put(plan)
        plans.begin(plan, hops[0], [asked(8, "clip-3"), asked(9, "clip-3")])
        units.set_cap(Cap(SANDBOX.name, CapScope.DAY, Decimal(30)))
        units.note_estimate(asked(8, "clip-3"), Decimal(2), NOW)
        library.put_durably(asked(8, "clip-3"), Reservation("kd-8", Decimal(2), date(2026, 3, 4), NOW))
        library.save_draft(Draft(Extension("clip-3", "half a thou"), NOW))
    return path


@pytest.fixture
def path(healthy: Path, tmp_path: Path) -> Path:
    """A copy whose tables take anything, as after damage to their description."""
    path = Path(shutil.copy(healthy, tmp_path))
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("PRAGMA writable_schema = ON")
        foreign.execute("UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE type = 'table'")
        foreign.commit()
    return path


def spoil(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as foreign:
        assert foreign.execute(statement).rowcount > 0
        foreign.commit()


def keys(library: Library) -> dict[str, list[object]]:
    """What is there, whatever it says."""
    named = {"film": "id", "take": "id", "plan": "id", "hop": "id", "hop_task": "task_id", "task": "id", "clip": "id",
             "mark": "take_id", "part": "clip_id", "pick": "take_id", "cap": "profile_name", "unit_entry": "number",
             "draft": "prompt"}  # fmt: skip
    return {
        table: [row[0] for row in library.database.rows(f"SELECT {key} FROM {table} ORDER BY {key}")]  # noqa: S608 - names of our own
        for table, key in named.items()
    }


def read_all(library: Library) -> list[object]:
    """All that the rooms above read of it."""
    films, plans = FilmRecords(library.database), PlanRecords(library.database)
    units = UnitRecords(library.database)
    read: list[object] = [plans.running(), plans.holding(), plans.paused(), plans.newest(9), library.draft()]
    read += [units.caps(SANDBOX.name), units.page(Span(), 0, 99), list(units.all(Span())), units.sums(Span())]
    for film in films.films(0, 9):
        nodes = films.skeleton(film.id)
        read += [film, nodes, films.path(film.id), films.last_way(film.id), plans.of_film(film.id)]
        read += [films.above(node.take_id) for node in nodes]
        read += [films.parts(node.take_id) for node in nodes]
    return [*read, library.page(Filter(), 0, 99), library.clips(99)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE film SET label = 'plaid', made_at = 'once', touched_at = 9e300, name = NULL, note = x'00ff'",
        "UPDATE film SET archived = -3, way = 'root', search = 5.5, made_at = -1",
        "UPDATE take SET hop = 'deep', way = NULL, made_at = -1e400 WHERE id LIKE '%2'",
        "UPDATE take SET hop = -9223372036854775808",
        "UPDATE part SET starts = '1/0', ends = 'NaN', colour = '[[1,2],3'",
        "UPDATE mark SET stars = 99, label = 5, note = NULL",
        "UPDATE plan SET state = 'dreaming', takes = 4000000, gate = '', stop_reason = 'why not'",
        "UPDATE plan SET profile_region = 'moon', profile_url = NULL, made_at = 99999999999999999",
        "UPDATE hop SET takes = 'many', generation = '{', guidance = 'half', state = NULL, place = 'first'",
        'UPDATE hop SET takes = -1, generation = \'{"model": 5, "seconds": 1e99}\', guidance = 9e999, prompt = NULL',
        "UPDATE hop SET way = 'sideways', gate = 'wide', watermark = 7, generation = x'7b7d', newest = -1",
        "UPDATE hop SET prompt = NULL",
        "UPDATE draft SET guidance = 'much', generation = '[]', saved_at = 'then'",
    ],
)
def test_a_row_that_makes_no_sense_is_put_right_in_its_place(path: Path, healthy: Path, statement: str) -> None:
    with closing(Library.open(healthy)) as whole:
        before = keys(whole)
    spoil(path, statement)
    with pytest.raises(StoreMended, match="6 tasks, 4 clips, 1 films"):
        Library.open(path)
    with closing(Library.open(path)) as library:
        assert is_sound(library.database.connection)
        assert keys(library) == before
        read_all(library)
        (plan,) = PlanRecords(library.database).newest(9)
        is_plans = any(words in statement for words in ("plan SET", "hop SET", "take SET hop"))
        assert plan.state is (PlanState.PAUSED if is_plans else PlanState.RUNNING), "it buys nothing by itself"
        assert plan.hops[0].state is HopState.SENT
        assert len(plan.hops[0].task_ids) == 2


def test_a_limit_that_nobody_can_read_lets_nothing_go(path: Path) -> None:
    spoil(path, "UPDATE cap SET units = 'lots'")
    with pytest.raises(StoreMended):
        Library.open(path)
    with closing(Library.open(path)) as library:
        assert UnitRecords(library.database).cap(SANDBOX.name, CapScope.DAY) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE unit_entry SET units = 9223372036854775807",
        "UPDATE unit_entry SET units = 'two', day = 'yesterday', movement = 'stolen', at = 9e300",
    ],
)
def test_a_ledger_that_makes_no_sense_is_noticed_when_it_is_read(path: Path, statement: str) -> None:
    spoil(path, statement)
    library = Library.open(path)
    with closing(library), pytest.raises(DamageMet):
        read_all(library)
    with pytest.raises(StoreMended):
        Library.open(path)
    with closing(Library.open(path)) as library:
        read_all(library)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE take SET parent_id = id",
        "UPDATE take SET parent_id = 'nobody' WHERE id LIKE '%2'",
        "UPDATE take SET parent_id = (SELECT max(id) FROM take) WHERE parent_id <> ''",
        "DELETE FROM take WHERE parent_id = ''",
        "UPDATE take SET path = path || 'x' WHERE id LIKE '%2'",
        "UPDATE take SET path = NULL, parent_id = NULL WHERE id LIKE '%2'",
        "UPDATE take SET path = x'ff00' WHERE parent_id = ''",
        "UPDATE take SET film_id = 'lost' WHERE id LIKE '%2'",
        "DELETE FROM film",
    ],
)
def test_a_tree_whose_lines_are_broken_is_put_together_again(path: Path, healthy: Path, statement: str) -> None:
    with closing(Library.open(healthy)) as whole:
        rooted = FilmRecords(whole.database)
        (film,) = rooted.films(0, 9)
        before = {node.take_id: (node.parent_id, node.hop) for node in rooted.skeleton(film.id)}
        way = rooted.path(film.id)
    spoil(path, statement)
    with pytest.raises(StoreMended, match="6 tasks, 4 clips, 1 films"):
        Library.open(path)
    with closing(Library.open(path)) as library:
        films = FilmRecords(library.database)
        assert is_sound(library.database.connection)
        read_all(library)
        after = {node.take_id: (node.parent_id, node.hop) for node in films.skeleton(film.id)}
        assert after == before, "every take hangs where it hung"
        assert films.path(film.id) == way, "what was picked stays picked"


def test_a_task_is_not_lost_for_its_stars(path: Path) -> None:
    spoil(path, "UPDATE task SET stars = 'many', rank = 'first', watched = 9")
    with closing(Library.open(path)) as library, pytest.raises(DamageMet):
        library.page(Filter(), 0, 99)
    with pytest.raises(StoreMended, match="6 tasks"):
        Library.open(path)
    with closing(Library.open(path)) as library:
        assert len(library.page(Filter(), 0, 99)) == 6


def test_a_circle_that_is_written_while_the_program_runs_ends_nothing(path: Path) -> None:
    with closing(Library.open(path)) as library:
        spoil(path, "UPDATE take SET parent_id = id WHERE id LIKE '%2'")
        with pytest.raises(DamageMet):
            FilmRecords(library.database).above("kd-3")
