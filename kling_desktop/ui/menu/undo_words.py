"""What the screen calls each change that can be taken back."""

from __future__ import annotations

from kling_desktop.studio.films.undo import Change
from kling_desktop.ui.i18n import tr


def change_words(change: Change | None) -> str:
    """The change in a few words; empty for none."""
    return "" if change is None else {**_judging(), **_filming(), **_planning()}[change]


def _judging() -> dict[Change, str]:
    return {
        Change.PICK: tr("Pick take"),
        Change.UNPICK: tr("Unpick take"),
        Change.REJECT_SEVERAL: tr("Reject takes"),
        Change.REJECT: tr("Reject take"),
        Change.RESTORE: tr("Restore take"),
        Change.JUDGE_SEVERAL: tr("Judge takes"),
        Change.FORGET_SEVERAL: tr("Remove takes from the list"),
        Change.FORGET: tr("Remove take from the list"),
        Change.STARS: tr("Stars"),
        Change.NOTE: tr("Note"),
        Change.LABEL: tr("Colour label"),
        Change.CLEAR_QUEUE: tr("Clear the queue"),
        Change.SWEEP: tr("Sweep rejected takes"),
        Change.SEAM_LIMITS: tr("Limits of seams"),
    }


def _filming() -> dict[Change, str]:
    return {
        Change.RENAME_FILM: tr("Rename film"),
        Change.ARCHIVE_FILM: tr("Archive film"),
        Change.UNARCHIVE_FILM: tr("Unarchive film"),
        Change.MERGE_FILMS: tr("Merge films"),
        Change.SPLIT_FILM: tr("Split off a film"),
    }


def _planning() -> dict[Change, str]:
    return {
        Change.DELETE_PLAN: tr("Delete plan"),
        Change.RENAME_PLAN: tr("Rename plan"),
        Change.GATE: tr("When the plan stops"),
        Change.TAKES: tr("Takes per hop"),
        Change.ADD_HOP: tr("Add hop"),
        Change.ADD_HOPS: tr("Add hops"),
        Change.EDIT_HOP: tr("Edit hop"),
        Change.MOVE_HOP: tr("Move hop"),
        Change.REMOVE_HOP: tr("Remove hop"),
        Change.PASTE_HOPS: tr("Paste hops"),
        Change.PLAN_ACCOUNT: tr("Account of the plan"),
    }
