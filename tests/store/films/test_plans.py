"""Plans are read once for as long as nothing is written, and never as they were before a write, whoever wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kling_desktop.domain.plans import Plan, PlannedHop
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.library import Library
from tests.harness.tasks import NOON, PROFILE
from tests.store.films.taking import take


def test_a_plan_is_as_it_was_read_until_anything_is_written(library: Library, tmp_path: Path) -> None:
    records = PlanRecords(library.database)
    records.put(Plan("p", "film", PROFILE, NOON, hops=(PlannedHop("h", "Rain"),)))
    read = records.known("p")
    assert records.known("p") is read
    assert records.current("film") is read
    library.put(take(1))
    assert records.known("p") == read
    other = Library.open(tmp_path / "library.sqlite3")
    PlanRecords(other.database).put(replace(read, hops=(PlannedHop("h", "Snow"),)))
    other.close()
    assert [hop.prompt for hop in records.known("p").hops] == ["Snow"]
    records.delete("p")
    assert records.plan("p") is None
