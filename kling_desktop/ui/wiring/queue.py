"""Connects the queue's bar, its deeds and its menu to the studio: order, pause, editing, clearing, trying again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.tasks import Extension, Filter, Status, Task
from kling_desktop.studio.feed import (
    BudgetChanged,
    Fact,
    FilmChanged,
    PlanChanged,
    PlanDeleted,
    PosterMade,
    QueueChanged,
    TakePicked,
    TaskChanged,
    TaskForgotten,
)
from kling_desktop.studio.films.budget import Budget, waits_for_tomorrow
from kling_desktop.studio.films.undo import Change, Undo
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.bar.chip_faces import QueueCounts
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.queue.held_hops import HeldHop
from kling_desktop.ui.queue.queue_list import QueueRows
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.held_hops import HeldHops

_SOON_MS = 150
"""What happens within so long is listed at once: a cycle brings news of many tasks."""
_MOST = 80
"""Tasks of each stretch that are listed: so many are read in a few milliseconds, on the window's thread."""
_MOVED = (
    TaskChanged, TaskForgotten, QueueChanged, PosterMade, PlanChanged, PlanDeleted, FilmChanged, TakePicked,
)  # fmt: skip
"""After these the page may list others, or say something else."""
_AT_KLING = frozenset({Status.SENDING, Status.UNCERTAIN, Status.SUBMITTED, Status.PROCESSING})


class QueueWiring(QObject):
    """Everything about tasks that wait here."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        preferences: Preferences,
        navigator: Navigator,
        undo: Undo,
        budget: Budget,
        held: HeldHops,
    ) -> None:
        super().__init__(window)
        self._budget = budget
        self._held = held
        self._held_hops = held.count()
        self._undo = undo
        self._window = window
        self._studio = studio
        self._preferences = preferences
        self._navigator = navigator
        self._lanes: dict[Profile, QueueChanged] = {}
        """How each profile's queue stands."""
        self._parked = budget.waiting_ids()
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        for name in preferences.now.paused:
            studio.lines.pause(name, True)
        self._connect()
        self._show_active()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        if any(isinstance(fact, _MOVED) for fact in facts):
            self._soon.start()
        latest = {fact.profile: fact for fact in facts if isinstance(fact, QueueChanged)}
        for queue in latest.values():
            self._window.queue.show_queue(queue)
        planned = any(isinstance(fact, PlanChanged | PlanDeleted) for fact in facts)
        if planned:
            self._held_hops = self._held.count()
        parked = any(isinstance(fact, BudgetChanged) for fact in facts)
        if parked:
            self._parked = self._budget.waiting_ids()
        if latest or planned or parked:
            self._lanes |= latest
            self._tell()

    def _tell(self) -> None:
        """How many are at Kling, wait here, for their turn or for the budget, and are held: in the title, in the bar
        and on the rail.
        """
        lanes, held = self._lanes.values(), self._held_hops
        queued = {task_id for lane in lanes for task_id in lane.waiting}
        running, waiting = sum(lane.running for lane in lanes), len(queued | self._parked)
        self._window.show_work(running, waiting)
        self._window.rail.tell_queue(running + waiting + held)
        paused = bool(queued) and all(lane.paused for lane in lanes if lane.waiting)
        self._window.bar.show_queue(QueueCounts(running, waiting, held, paused=paused))

    def _connect(self) -> None:
        window, bar = self._window, self._window.menu_bar
        window.tasks.queue_asked.connect(self._do)
        window.queue.pause_asked.connect(lambda profile, paused: self._pause(profile.name, paused))
        window.account.chosen.connect(lambda _: self._show_active())
        listed = window.queue_list
        self._soon.timeout.connect(self._list)
        listed.shown.connect(self._list)
        listed.opened.connect(lambda task: window.tasks.select(task.id))
        listed.hop_opened.connect(self._show_hop)
        listed.moved.connect(lambda task, step: self._studio.lines.move([task.id], step))
        listed.placed.connect(self._studio.lines.put)
        listed.menu_asked.connect(window.tasks.open_menu_of)
        bar.pause_asked.connect(lambda paused: self._pause(self._preferences.profile.name, paused))
        bar.clear_asked.connect(self._clear)
        bar.retry_all_asked.connect(self._ask_to_retry)

    def _show_active(self) -> None:
        active = self._preferences.profile
        self._studio.lines.queue(active)  # its first fact says whether it is held
        self._window.menu_bar.pause.setChecked(active.name in self._studio.lines.paused)

    def _pause(self, profile_name: str, paused: bool) -> None:
        self._studio.lines.pause(profile_name, paused)
        self._preferences.change(paused=self._studio.lines.paused)
        self._show_active()

    # --- the page ---

    def _list(self) -> None:
        """Read what the page shows, while somebody can see it."""
        if not self._window.queue_list.isVisible():
            return
        ledger = self._studio.ledger
        waiting = self._studio.lines.waiting()
        found = (ledger.find(task_id) for task_id in waiting[:_MOST])
        done = ledger.page(Filter(states=frozenset({Status.SUCCEEDED})), 0, _MOST)
        parked = self._budget.waiting_everywhere()
        held = {task.id for task in parked}
        rows = QueueRows(
            at_kling=tuple(ledger.page(Filter(states=_AT_KLING), 0, _MOST)),
            waiting=tuple(
                task for task in found if task is not None and task.status is Status.QUEUED and task.id not in held
            ),
            tomorrow=tuple(task for task in parked if waits_for_tomorrow(task))[:_MOST],
            over_cap=tuple(task for task in parked if not waits_for_tomorrow(task))[:_MOST],
            today=tuple(task for task in done if _is_of_today(task)),
            unlisted=len(waiting[_MOST:]),
            held=self._held.rows()[:_MOST],
        )
        wanted = [task.clip for task in rows.today if task.clip is not None]
        self._window.queue_list.show_rows(rows)
        self._window.tasks.model.want_posters_of(wanted)

    def _show_hop(self, hop: HeldHop) -> None:
        """In its film's lane, ready to be written."""
        self._navigator.open_film(hop.film_id)
        self._window.show_lane()
        self._window.film.cards.write_hop(hop.id)

    # --- order ---

    def _do(self, deed: str, tasks: Sequence[Task]) -> None:
        ids, queues = [task.id for task in tasks], self._studio.lines
        match deed:
            case "edit":
                self._edit(tasks[0])
            case "send_anyway":
                for task_id in ids:
                    self._budget.send_anyway(task_id)
            case "send_first":
                queues.send_first(ids)
            case "send_last":
                queues.send_last(ids)
            case "send_earlier" | "send_later":
                queues.move(ids, -1 if deed == "send_earlier" else 1)

    # --- out of the queue ---

    def _edit(self, task: Task) -> None:
        """The form is asked first to keep what it takes over: a crash in between leaves it twice, never lost."""
        if not self._studio.lines.is_unsent(task):
            return
        stood_there = self._navigator.fill(task.extension)
        self._studio.withdraw([task.id])
        self._window.notices.toast(
            tr("Taken out of the queue, to be edited."), tr("Undo"), lambda: self._put_back(task, stood_there)
        )

    def _put_back(self, task: Task, stood_there: Extension) -> None:
        self._studio.restore(task)
        self._navigator.fill(stood_there)

    def _clear(self) -> None:
        cleared = self._studio.withdraw(self._studio.lines.waiting())
        if not cleared:
            self._window.notices.toast(tr("Nothing waits in the queue."))
            return
        ids = [task.id for task in cleared]
        step = self._undo.remember(
            Change.CLEAR_QUEUE, lambda: self._take_out(ids, cleared), lambda: self._restore(cleared)
        )
        text = tr_count(len(cleared), "Took {n} task out of the queue.", "Took {n} tasks out of the queue.")
        self._window.notices.toast(text, tr("Undo"), lambda: self._undo.take_back(step))

    def _take_out(self, ids: Sequence[str], cleared: list[Task]) -> None:
        """Once more; one that has left meanwhile stays."""
        cleared[:] = self._studio.withdraw(ids)

    def _restore(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            self._studio.restore(task)

    # --- once more ---

    def _ask_to_retry(self) -> None:
        """One key may spend much: so many paid tasks at once are worth a question."""
        failed = self._studio.failures()
        if not failed:
            self._window.notices.toast(tr("There is no failed take that a second try could help."))
            return
        question = QMessageBox(
            QMessageBox.Icon.Question,
            tr("Retry all failed"),
            tr_count(len(failed), "Send {n} failed take again?", "Send {n} failed takes again?"),
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        question.setInformativeText(
            tr("Each is a new task that Kling charges for. Refused prompts and clips are left out.")
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        again = question.addButton(tr("Send again"), QMessageBox.ButtonRole.AcceptRole)
        again.clicked.connect(lambda: self._retry(failed))
        question.open()

    def _retry(self, failed: Sequence[Task]) -> None:
        for task in reversed(failed):
            self._studio.retry(task)


def _is_of_today(task: Task) -> bool:
    """Whether it came in since the creator's midnight."""
    ended = task.ended_at
    return ended is not None and ended.astimezone().date() == datetime.now().astimezone().date()
