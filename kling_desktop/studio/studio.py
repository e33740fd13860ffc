"""The studio: what the creator can have done; each verb returns at once, and what comes of it is a fact."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import PAGE_SIZE_LIMIT, Extension, Filter, Pick, Status, Task
from kling_desktop.domain.units import Reservation
from kling_desktop.errors import (
    DriveAbsent,
    DuplicateId,
    Remedy,
    kind_of,
)
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.account.catalogue import Catalogue
from kling_desktop.studio.account.keys import Keys
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer
from kling_desktop.studio.background import Background
from kling_desktop.studio.clips import Clips
from kling_desktop.studio.drafts import Drafts
from kling_desktop.studio.feed import (
    Feed,
    Recovered,
)
from kling_desktop.studio.files.copies import Copies
from kling_desktop.studio.files.downloads import Downloader
from kling_desktop.studio.files.folder import is_out_of_reach
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.tasks.ledger import Ledger
from kling_desktop.studio.tasks.lines import Lines
from kling_desktop.studio.tasks.lives import Lives
from kling_desktop.studio.tasks.sending import Sender
from kling_desktop.studio.tasks.typical_times import TypicalTimes

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

log = logging.getLogger(__name__)


class Studio:
    """The verbs are plain calls that return at once; what comes of them is told by the feed.

    Lives on the loop's thread, inside `async with`; leaving it ends all lives where they stand, and `resume` at
    the next start goes on from what the library says.
    """

    def __init__(
        self,
        library: Library,
        feed: Feed,
        accounts: Accounts,
        downloader: Downloader,
        catalogue: Catalogue,
        keys: Keys,
        analyzer: ClipAnalyzer,
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        reserve: Callable[[Task], Reservation | None] = lambda task: None,
        needs_date: Callable[[str], bool] = lambda profile_name: False,
    ) -> None:
        self.feed = feed
        self.catalogue = catalogue
        self.keys = keys
        self.analyzer = analyzer
        self.downloader = downloader
        self.background = Background(feed)
        self.clips = Clips(library, feed, downloader, self.background, now)
        self.drafts = Drafts(library, self.background, now)
        self.copies = Copies(feed, is_ours=library.has_file)
        self.typical_times = TypicalTimes(library)
        self.ledger = Ledger(library, feed, self.typical_times.task_ended, reserve)
        self.lines = Lines(accounts, self.ledger, feed, pace or Pace(), now)
        self._note, self._current = self.ledger.note, self.ledger.current
        self._library = library
        self._accounts = accounts
        self._now = now
        self._sender = Sender(self.lines, self.ledger, now, needs_date)
        self._lives = Lives(self.ledger, self.lines, self._sender, downloader, self.clips, feed, now)

    # --- life and end ---

    async def __aenter__(self) -> Studio:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.feed.close()  # no plan and no budget begins anything while everything ends
        self.downloader.close()
        self.analyzer.close()
        self.background.call_off()
        await self._lives.close()
        await self.background.close()
        await self.lines.close()
        await self._accounts.close()

    def resume(self, *, after_crash: bool = False) -> int:
        """Give every unfinished task its life again; how many there were. After a crash, Recovered tells it too. Behind
        them come the watermarked copies that are still to be fetched.

        Takes that are only to be brought home may be thousands, and wait for their turn anyhow: most of them begin by
        and by.
        """
        unfinished = self._library.unfinished_ids()
        to_fetch = [task_id for task_id, status in unfinished.items() if status.ended]
        if after_crash:
            has_draft = (draft := self.drafts.last()) is not None and bool(draft.prompt or draft.negative_prompt)
            self.feed.publish(Recovered(len(unfinished) - len(to_fetch), len(to_fetch), has_draft))
        for task_id, status in unfinished.items():
            if not status.ended:
                self._lives.begin(task_id)
        self.background.run(self._lives.begin_by_and_by([*to_fetch, *self._library.uncopied_ids()]))
        return len(unfinished)

    # --- the verbs ---

    def submit(self, extension: Extension, profile: Profile, *, retry_of: str = "", in_front: bool = False) -> Task:
        """Write the task down under an id of ours, and start its life. Raises DuplicateId when the library has the id.

        The extension is taken as it is: what should be said about it beforehand is in `checks.py`.
        """
        if extension.own_id and self.knows(extension.own_id):
            raise DuplicateId(f"the library has a task {extension.own_id}")
        task = Task(
            id=extension.own_id or uuid.uuid4().hex,
            extension=extension,
            profile=profile,
            status=Status.QUEUED,
            kind=extension.kind,
            asked_at=self._now(),
            retry_of=retry_of,
            rank=self.lines.first_rank(profile) if in_front else self.lines.last_rank(profile),
        )
        self._note(task)
        self._lives.begin(task.id)
        return task

    def knows(self, task_id: str) -> bool:
        """Whether the library has a task of this id, so that it cannot be given to another."""
        return self._library.get(task_id) is not None

    def retry(self, task: Task) -> Task:
        """Ask the same again as a new task with a new id, linked to the old one.

        Raises ValueError while the old one has not ended: Kling may be making it, and the creator would pay twice.
        """
        if not self._current(task.id).status.ended:
            raise ValueError(f"task {task.id} has not ended")
        return self.submit(replace(task.extension, own_id=""), task.profile, retry_of=task.id)

    def send_again(self, task_id: str) -> None:
        """The creator's decision on an uncertain task: once more, with the same id, so that it cannot be made twice."""
        task = self._current(task_id)
        if task.status is Status.UNCERTAIN:
            task = self._note(replace(task, status=Status.QUEUED, trouble=None))
            self._sender.decide(task_id)
            self._lives.begin(task.id)

    def look_up(self, task_id: str) -> None:
        """Ask Kling about this task now."""
        task = self._current(task_id)
        self._sender.decide(task_id)
        self.lines.follower(task.profile).ask_now(task_id)
        if task.watched:
            self._lives.begin(task.id)  # one whose life broke off by an error of ours gets another

    def stop_watching(self, task_id: str) -> None:
        """No longer ask about a task. Kling goes on rendering; `watch` takes it up again."""
        self._lives.end(task_id)
        self._note(replace(self._current(task_id), watched=False))

    def watch(self, task_id: str) -> None:
        """Follow a task again, or try again to bring its take home."""
        task = self._current(task_id)
        trouble = task.trouble if task.status is Status.UNCERTAIN else None  # there it says why it is uncertain
        self._lives.begin(self._note(replace(task, watched=True, trouble=trouble)).id)
        self.downloader.wake()  # one that has its life already waits for its next try

    def check_file(self, task: Task) -> Task:
        """The task, with its clip as the disk has it. A file that was taken away behind our back is fetched again, if
        Kling still has it; one whose folder is gone with it lies on a drive that is not there, and is only told so.
        Costs one look at the disk.
        """
        clip = task.clip
        if clip is None or clip.file is None:
            return task
        trouble = DriveAbsent(str(clip.file.parent)).trouble if is_out_of_reach(clip.file) else None
        if trouble or clip.file.exists():
            was_absent = task.trouble is not None and task.trouble.error == DriveAbsent.__name__
            return self._note(replace(self._current(task.id), trouble=trouble)) if trouble or was_absent else task
        log.info("the file of %s is no longer in its place", task.id)
        self._library.forget_files(clip.id, [clip.file])
        self._lives.end(task.id)  # one that only waits for the watermarked copy
        task = self._note(replace(self._current(task.id), watched=True, trouble=None))
        self._lives.begin(task.id)
        return task

    def forget(self, task_id: str) -> Task:
        """Take a task out of the library; its files stay. Returns it, for `restore`."""
        task = self._current(task_id)
        self._lives.end(task_id)
        self.ledger.forget(task_id)
        self.lines.queue(task.profile).release(task_id)
        return task

    def withdraw(self, task_ids: Iterable[str]) -> list[Task]:
        """Take tasks out of the queue that were never sent, and return them, for `restore` or to be edited.

        One that is on its way to Kling, or may be there, stays: it may be paid for.
        """
        asked = [task for id in task_ids if (task := self.ledger.find(id))]
        return [self.forget(task.id) for task in asked if self.lines.is_unsent(task)]

    def failures(self) -> list[Task]:
        """Failed extensions that were not tried again yet and could do better next time; newest first.

        Those whose prompt, clip or account would fail the same way again are left out.
        """
        failed = self.ledger.page(Filter(states=frozenset({Status.FAILED})), 0, PAGE_SIZE_LIMIT)
        repeated = self._library.repeated()
        return [task for task in failed if task.id not in repeated and _may_do_better(task)]

    def adopt(self, task: Task) -> None:
        """Take in a task that Kling has had all along: it lives on from where it stands there.

        Raises ValueError for one that Kling does not have: to adopt never sends anything.
        """
        if not (task.status.at_kling or task.status.ended):
            raise ValueError(f"a task that is {task.status} cannot be adopted")
        self._note(task)
        is_at_rest = task.status is Status.FAILED or (task.clip is not None and task.clip.file is not None)
        if task.watched and not is_at_rest:
            self._lives.begin(task.id)

    def restore(self, task: Task) -> None:
        """Undo `forget`."""
        self._note(task)
        if task.status is Status.QUEUED or any(task.id == other.id for other in self._library.unfinished()):
            self._lives.begin(task.id)

    def judge(self, task_id: str, *, pick: Pick | None = None, stars: int | None = None) -> None:
        """Note what the creator thinks of a take; None leaves it as it was."""
        task = self._current(task_id)
        self._note(
            replace(task, pick=task.pick if pick is None else pick, stars=task.stars if stars is None else stars)
        )

    def apply_hint(self, any_id: str) -> None:
        """Somebody says that this task, by our id or Kling's, has news. Nothing is believed: Kling is asked."""
        self.lines.hint(any_id)
        self._sender.decide(any_id)

    def wake(self) -> None:
        """The network is back or the computer has woken: ask and send now."""
        self.lines.wake()
        self._sender.wake()
        self.downloader.wake()

    # --- what the screen reads ---

    def at_kling(self, profile_name: str) -> int:
        """How many tasks Kling has, or may have, that were sent with a profile of this name."""
        open_ones = [task for task in self._library.unfinished() if task.profile.name == profile_name]
        return sum(not task.status.ended and task.status is not Status.QUEUED for task in open_ones)


_SAME_AGAIN = {Remedy.EDIT_PROMPT, Remedy.PICK_CLIP, Remedy.USE_MODEL, Remedy.CHECK_KEYS, Remedy.OPEN_CONSOLE}
"""What has to be put right before another try of the same could succeed."""


def _may_do_better(task: Task) -> bool:
    asked = task.extension
    if asked.generation is None and not (task.kind is Kind.EXTENSION and asked.video_id):
        return False  # adopted: what was asked for is not known
    trouble = kind_of(task.trouble) if task.trouble else None
    return trouble is None or (trouble.retry_safe and trouble.remedy not in _SAME_AGAIN)
