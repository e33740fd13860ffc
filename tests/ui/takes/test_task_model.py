"""The model shows what the library has, and touches only the rows that a fact is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from kling_desktop.domain.clips import Progress
from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import ClipChanged, PosterMade, TaskChanged, TaskForgotten, TransferMoved
from kling_desktop.ui.takes.rows.task_answers import PosterRole, ProgressRole, TaskRole, TypicalRole
from kling_desktop.ui.takes.rows.task_pages import PAGE, PAGES_KEPT
from kling_desktop.ui.takes.task_model import TaskModel
from tests.harness.tasks import NOON, LibraryRows, asked, done, refused

pytestmark = pytest.mark.usefixtures("qapp")

RUNNING = Filter(states=frozenset({Status.SUBMITTED, Status.PROCESSING}))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield library
    library.close()


class Watched:
    """A model over a library, checked by Qt's own model tester, that writes down what it tells."""

    def __init__(self, library: Library, tasks: list[Task]) -> None:
        self.rows = LibraryRows(library, tasks)
        self.model = TaskModel(self.rows, clock=lambda: NOON + timedelta(hours=1))
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Warning)
        self.told: list[tuple[str, int]] = []
        self.model.dataChanged.connect(lambda first, last: self.told.append(("changed", first.row())))
        self.model.rowsInserted.connect(lambda _parent, first, last: self.told.append(("came", first)))
        self.model.rowsRemoved.connect(lambda _parent, first, last: self.told.append(("left", first)))
        self.model.modelReset.connect(lambda: self.told.append(("reset", -1)))

    @property
    def ids(self) -> list[str]:
        tasks = (self.model.task(row) for row in range(self.model.rowCount()))
        return [task.id for task in tasks if task]

    def note(self, *tasks: Task) -> None:
        """What the studio does: written down, then told."""
        for task in tasks:
            self.rows.library.put(task)
        self.model.on_facts([TaskChanged(task) for task in tasks])

    def forget(self, *task_ids: str) -> None:
        for task_id in task_ids:
            self.rows.library.forget(task_id)
        self.model.on_facts([TaskForgotten(task_id) for task_id in task_ids])

    def agrees(self) -> bool:
        """Whether the rows are those of the library."""
        wanted = self.model.filter
        return self.ids == [task.id for task in self.rows.library.page(wanted, 0, self.rows.library.count(wanted))]


@pytest.fixture
def ten(library: Library) -> Watched:
    watched = Watched(library, [asked(n) for n in range(10)])
    assert len(watched.ids) == 10  # all in memory
    return watched


def test_newest_stand_first(ten: Watched) -> None:
    assert ten.ids[0] == "own-000009"
    assert ten.ids[-1] == "own-000000"


def test_a_change_touches_its_row_alone(ten: Watched) -> None:
    ten.note(done(6))
    assert ten.told == [("changed", 3)]
    assert ten.model.task(3) == done(6)


def test_the_last_of_several_changes_in_a_batch_counts(ten: Watched) -> None:
    ten.rows.library.put(done(6))
    ten.model.on_facts([TaskChanged(asked(6, status=Status.SUBMITTED)), TaskChanged(done(6))])
    assert ten.told == [("changed", 3)]
    assert ten.model.task(3) == done(6)


def test_a_new_task_comes_in_at_its_place(ten: Watched) -> None:
    ten.note(asked(10))
    assert ten.told == [("came", 0)]
    assert ten.agrees()


def test_new_tasks_come_in_side_by_side_where_they_belong(ten: Watched) -> None:
    ten.note(*(replace(asked(7), id=f"own-000007-{n}", asked_at=asked(7).asked_at) for n in range(3)))
    assert ten.told == [("came", 2)]
    assert ten.agrees()


def test_new_tasks_in_several_places_are_counted_anew(ten: Watched) -> None:
    ten.note(asked(10), replace(asked(2), id="adopted"))
    assert ten.told == [("reset", -1)]
    assert ten.agrees()


def test_selection_stays_on_its_task_when_rows_come_and_go(ten: Watched) -> None:
    kept = QPersistentModelIndex(ten.model.index(3, 0))
    ten.note(asked(10), asked(11))
    assert kept.data(TaskRole).id == "own-000006"
    ten.forget("own-000009")
    assert kept.row() == 4
    assert kept.data(TaskRole).id == "own-000006"
    assert ten.agrees()


def test_a_forgotten_task_leaves(ten: Watched) -> None:
    ten.forget("own-000006", "own-000005")
    assert ten.told == [("left", 3)]
    assert ten.agrees()


def test_a_forgotten_task_that_was_taken_back_in_the_same_batch_stays(ten: Watched) -> None:
    ten.model.on_facts([TaskForgotten("own-000004"), TaskChanged(asked(4))])
    assert ten.agrees()
    assert ten.told == [("changed", 5)]


def test_a_task_that_was_put_back_is_found_under_its_new_number(ten: Watched) -> None:
    before = ten.rows.number("own-000004")
    ten.rows.library.forget("own-000004")
    ten.rows.library.put(asked(4))
    assert ten.rows.number("own-000004") != before
    ten.model.on_facts([TaskForgotten("own-000004"), TaskChanged(asked(4))])
    ten.model._pages.clear()
    assert ten.agrees()


def test_a_new_task_in_the_place_of_a_forgotten_one_is_shown(ten: Watched) -> None:
    ten.rows.library.forget("own-000009")  # the newest: the library gives its number to the next
    new = replace(asked(9), id="new")
    ten.rows.library.put(new)
    ten.model.on_facts([TaskForgotten("own-000009"), TaskChanged(new)])
    assert ten.agrees()


def test_a_filter_shows_its_tasks_only(ten: Watched) -> None:
    ten.note(done(1), refused(2))
    ten.model.show_only(Filter(states=frozenset({Status.FAILED})))
    assert ten.ids == ["own-000002"]
    ten.model.show_only(Filter(text="take 3"))
    assert ten.ids == ["own-000003"]
    assert ten.model.total == 10


def test_a_task_that_no_longer_passes_the_filter_leaves(ten: Watched) -> None:
    ten.model.show_only(RUNNING)
    assert len(ten.ids) == 10
    ten.told.clear()
    ten.note(done(6))
    assert ten.told == [("left", 3)]
    assert ten.agrees()


def test_a_task_that_passes_the_filter_now_comes_in(ten: Watched) -> None:
    ten.note(asked(5, status=Status.QUEUED))
    ten.model.show_only(RUNNING)
    assert len(ten.ids) == 9
    ten.told.clear()
    ten.note(asked(5))
    assert ten.told == [("came", 4)]
    ten.note(done(5), asked(11), done(9))
    assert ten.told[1:] == [("reset", -1)]
    assert ten.agrees()


def test_a_new_task_that_the_filter_hides_changes_the_total_only(ten: Watched) -> None:
    ten.model.show_only(Filter(text="take 3"))
    assert len(ten.ids) == 1
    ten.told.clear()
    ten.note(asked(10))
    assert ten.told == []
    assert ten.model.total == 11


def test_only_pages_that_are_looked_at_are_read(library: Library) -> None:
    watched = Watched(library, [asked(n) for n in range(3 * PAGE)])
    watched.rows.pages_read = 0
    for _ in range(3):
        assert watched.model.task(2 * PAGE + 5) is not None
    assert watched.rows.pages_read <= 1


def test_few_pages_stay_in_memory(library: Library) -> None:
    watched = Watched(library, [asked(n) for n in range((PAGES_KEPT + 3) * PAGE)])
    for row in range(0, watched.model.rowCount(), PAGE):
        watched.model.task(row)
    assert len(watched.model._pages) == PAGES_KEPT * PAGE


def test_a_change_far_from_sight_is_silent_and_seen_later(library: Library) -> None:
    watched = Watched(library, [asked(n) for n in range(3 * PAGE)])
    watched.model.reload()
    watched.told.clear()
    watched.note(done(10))
    assert watched.told == []
    assert watched.model.task(3 * PAGE - 11) == done(10)


def test_what_changes_far_from_sight_is_found_by_counting(library: Library) -> None:
    watched = Watched(library, [asked(n) for n in range(3 * PAGE)])
    watched.model.reload()
    watched.told.clear()
    watched.forget("own-000010")
    assert watched.told == [("left", 3 * PAGE - 11)]
    library.put(asked(400))  # written before it was told
    watched.note(asked(401))
    assert watched.agrees()
    watched.model.on_facts([TaskChanged(asked(400))])
    assert watched.agrees()


def test_an_adopted_history_comes_at_once(ten: Watched) -> None:
    ten.note(*(replace(asked(n), id=f"adopted-{n}") for n in range(200)))
    assert ten.told == [("reset", -1)]
    assert ten.agrees()


def test_a_transfer_touches_its_row_and_ends(ten: Watched) -> None:
    half = Progress(5, 10)
    ten.model.on_facts([TransferMoved("own-000007", Progress(1, 10)), TransferMoved("own-000007", half)])
    assert ten.told == [("changed", 2)]
    assert ten.model.index(2, 0).data(ProgressRole) == half
    ten.model.on_facts([TransferMoved("own-000007", None)])
    assert ten.model.index(2, 0).data(ProgressRole) is None


def test_a_kept_file_reaches_the_row(ten: Watched, tmp_path: Path) -> None:
    ten.note(done(7))
    clip = done(7, file=tmp_path / "take.mp4").clip
    assert clip
    ten.told.clear()
    ten.model.on_facts([ClipChanged(clip)])
    assert ten.told == [("changed", 2)]
    assert ten.model.index(2, 0).data(TaskRole).clip == clip


def test_posters_are_wanted_once_and_shown_when_made(ten: Watched, tmp_path: Path) -> None:
    ten.note(done(7))
    ten.told.clear()
    ten.model.want_posters(range(10))
    ten.model.want_posters(range(10))
    clip = done(7).clip
    assert clip
    assert ten.rows.posters_wanted == [clip.id]
    assert ten.model.index(2, 0).data(PosterRole) is None
    ten.model.on_facts([PosterMade(clip.id, tmp_path / "still.jpg")])
    assert ten.told == [("changed", 2)]
    assert ten.model.index(2, 0).data(PosterRole) == tmp_path / "still.jpg"


def test_a_task_in_the_making_shows_the_clip_it_goes_on_from(ten: Watched, tmp_path: Path) -> None:
    ten.model.on_facts([PosterMade(asked(4).extension.video_id, tmp_path / "parent.jpg")])
    assert ten.model.index(5, 0).data(PosterRole) == tmp_path / "parent.jpg"


def test_time_touches_running_rows_in_sight_only(ten: Watched) -> None:
    ten.note(done(9), refused(8), replace(asked(7), watched=False))
    ten.told.clear()
    ten.model.tick(range(5))
    assert ten.told == [("changed", 3), ("changed", 4)]


def test_a_row_reads_as_one_sentence(ten: Watched) -> None:
    ten.note(done(9, "A puppy appears."))
    said = ten.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert (
        said
        == "Made, on its way here. A puppy appears. 51 min ago. took 3 min 20 s. 10.2 s. 2 units. expires in 29 days"
    )
    assert ten.model.index(0, 0).data() == said


def test_typical_times_are_asked_anew_when_a_task_has_ended(ten: Watched) -> None:
    assert ten.model.index(1, 0).data(TypicalRole) is None
    ten.rows.typical = (60.0, 90.0)
    ten.note(done(9))
    assert ten.model.index(1, 0).data(TypicalRole) == (60.0, 90.0)


def test_kept_files_are_dragged_as_links(ten: Watched, tmp_path: Path) -> None:
    file = tmp_path / "take one.mp4"
    ten.note(done(9, file=file), done(8))
    indexes = [ten.model.index(row, 0) for row in range(3)]
    dragged = ten.model.mimeData(indexes)
    assert [url.toLocalFile() for url in dragged.urls()] == [str(file)]
    draggable = [bool(index.flags() & Qt.ItemFlag.ItemIsDragEnabled) for index in indexes]
    assert draggable == [True, False, False]


def test_nothing_lies_below_a_row_or_beyond_the_last(ten: Watched) -> None:
    assert ten.model.rowCount(ten.model.index(0, 0)) == 0
    assert ten.model.task(10) is None
    assert ten.model.data(QModelIndex(), TaskRole) is None


class Awaited(Watched):
    """The same, whose lists come when the test says so."""

    def __init__(self, library: Library) -> None:
        super().__init__(library, [asked(n) for n in range(10)])
        assert len(self.ids) == 10
        self.rows.held = []

    def answer_all(self) -> None:
        while self.rows.held:
            self.rows.answer()
        assert not self.model.is_counting
        assert self.agrees()


@pytest.fixture
def awaited(library: Library) -> Awaited:
    return Awaited(library)


def test_the_rows_stay_until_the_filter_is_counted(awaited: Awaited) -> None:
    awaited.model.show_only(Filter(text="take 3"))
    assert awaited.model.is_counting
    assert len(awaited.ids) == 10
    assert awaited.told == []
    awaited.answer_all()
    assert awaited.ids == ["own-000003"]
    assert awaited.told == [("reset", -1)]


def test_a_list_that_is_no_longer_wanted_is_not_shown(awaited: Awaited) -> None:
    awaited.model.show_only(Filter(text="take 3"))
    awaited.model.show_only(Filter(text="take 4"))
    awaited.rows.answer()
    assert len(awaited.ids) == 10
    assert awaited.model.is_counting
    awaited.answer_all()
    assert awaited.ids == ["own-000004"]


def test_a_filter_that_comes_back_is_counted_again(awaited: Awaited) -> None:
    awaited.model.show_only(RUNNING)
    awaited.note(done(3))
    awaited.model.show_only(Filter())
    awaited.answer_all()
    assert len(awaited.ids) == 10


def test_what_changes_while_it_is_counted_is_counted_again(awaited: Awaited) -> None:
    awaited.model.show_only(RUNNING)
    awaited.note(done(3))
    awaited.note(asked(11))
    awaited.forget("own-000007")
    awaited.answer_all()
    assert len(awaited.ids) == 9


def test_a_change_is_shown_before_it_is_counted(awaited: Awaited) -> None:
    awaited.note(asked(10))
    awaited.note(done(6))
    assert awaited.model.task(3) == done(6)
    assert len(awaited.ids) == 10
    awaited.answer_all()
    assert ("came", 0) in awaited.told
    assert ("reset", -1) not in awaited.told


def test_the_newest_change_stays_when_the_list_comes(awaited: Awaited) -> None:
    awaited.model.on_facts([TaskForgotten("nobody"), TaskChanged(done(6))])
    assert awaited.model.is_counting
    awaited.note(refused(6))
    awaited.answer_all()
    assert awaited.model.task(3) == refused(6)


def test_a_new_task_under_the_number_of_a_forgotten_one_is_shown(awaited: Awaited) -> None:
    awaited.forget("own-000009")  # the newest: the library gives its number to the next
    awaited.note(replace(asked(9), id="new"))
    assert awaited.rows.number("new") == 10
    awaited.answer_all()
    assert awaited.ids[0] == "new"


def test_a_task_that_was_taken_out_leaves_no_other_in_its_row(awaited: Awaited) -> None:
    awaited.rows.library.forget("own-000006")
    awaited.model._pages.clear()
    assert awaited.model.task(3) is None
    kept = awaited.model.task(4)
    assert kept is not None
    assert kept.id == "own-000005"


def test_a_list_that_came_at_once_is_not_replaced_by_an_older_one(awaited: Awaited) -> None:
    awaited.note(asked(10))
    awaited.rows.library.put(asked(11))
    awaited.model.reload()
    assert len(awaited.ids) == 12
    awaited.answer_all()


def test_rows_that_are_known_are_not_counted_for_their_change(library: Library) -> None:
    watched = Watched(library, [asked(n) for n in range(3 * PAGE)])
    watched.rows.held = []
    watched.note(done(10), done(3 * PAGE - 1))
    assert watched.rows.held == []
