"""A rejected take stays on the disk as long as a film consists of its clip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kling_desktop.domain.takes import Part
from kling_desktop.domain.tasks import Pick, Status
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.needed_clips import needed_clips
from kling_desktop.store.library import Library
from tests.harness.tasks import NOON
from tests.store.films.taking import continued, take


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library.open(tmp_path / "library.sqlite3")
    made.put(take(1, "c0"))
    yield made
    made.close()


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.PROCESSING])
def test_what_was_continued_is_needed_though_it_is_rejected(library: Library, status: Status) -> None:
    library.put(continued(2, "c1", pick=Pick.REJECTED))
    library.put(continued(3, "c2", status))
    assert needed_clips(library.database) == {"c2"}


def test_an_extended_take_holds_what_it_extends_but_not_what_that_was_joined_to(library: Library) -> None:
    library.put(continued(2, "c1", pick=Pick.REJECTED))
    library.put(take(3, "c2"))
    assert needed_clips(library.database) == set(), "Kling's file holds the clip that it extends"
    library.put(take(1, "c0", pick=Pick.REJECTED))
    assert needed_clips(library.database) == {"c1"}, "and nothing before it"


def test_what_only_rejected_or_failed_takes_were_made_of_is_not(library: Library) -> None:
    library.put(continued(2, "c1", pick=Pick.REJECTED))
    library.put(continued(3, "c2", pick=Pick.REJECTED))
    library.put(continued(4, "c2", Status.FAILED))
    assert needed_clips(library.database) == set()
    library.put(continued(5, "c3"))
    assert needed_clips(library.database) == {"c2", "c3"}, "the whole chain"


def test_a_chain_that_is_taken_out_of_the_list_keeps_its_clips_for_what_hangs_on_it(library: Library) -> None:
    """From its middle on: a continued take's own clip tells nobody what it was joined to."""
    library.put(continued(2, "c1"))
    library.put(continued(3, "c2"))
    for task_id in ("t2", "t1"):
        library.forget(task_id)
    assert [library.clip(clip_id) is not None for clip_id in ("c1", "c2", "c3")] == [True, True, True]
    library.forget("t3")
    assert library.clip("c3") is None


def test_what_a_film_that_was_split_off_is_joined_to_is_needed(library: Library) -> None:
    """Whether or not it was joined yet; and no more when it is rejected too."""
    films = FilmRecords(library.database)
    library.put(continued(2, "c1", pick=Pick.REJECTED))
    library.put(continued(3, "c2"))
    library.put(continued(4, "c3"))
    films.split("t3", "Branch", NOON)
    assert needed_clips(library.database) == {"c2"}
    films.set_parts("t4", (Part("c1"), Part("c2"), Part("c3"), Part("c4")))
    library.put(continued(3, "c2", pick=Pick.REJECTED))
    assert needed_clips(library.database) == {"c2", "c3"}
    library.put(continued(4, "c3", pick=Pick.REJECTED))
    assert needed_clips(library.database) == set()
