"""What the tree shows of a take, and what it asks for: rows of a film by page, each knowing the lines that cross it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kling_desktop.ui.formatting import elapsed
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.shapes import Shape


class RowKind(StrEnum):
    """What a row stands for; each kind has its own height."""

    FILM = "film"
    """A take of the picked path."""
    OTHER = "other"
    """A take beside the path, on a grey branch."""
    MAKING = "making"
    """A take in the making that would go on with the path."""
    FOLDED = "folded"
    """The rejected takes of one parent, folded to a line."""


class Spine(StrEnum):
    """The line of the film itself, at the left."""

    NONE = "none"
    FILM = "film"
    """Drawn through: made."""
    MAKING = "making"
    """Dotted: takes in the making may go on from here."""


class WayOn(StrEnum):
    """What can be done with a branch that hangs below a take that is not picked."""

    PLAY = "play"
    """Play it anyway, as it was made."""
    REDO = "redo"
    """Make its takes again from the take that is picked now."""
    KEEP = "keep"
    """Keep both: the branch becomes a film of its own."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The part of the graph that one row paints. Lane 0 is the film, 1 and above are branches."""

    lane: int = 0
    """The one its own node lies on."""
    above: Spine = Spine.NONE
    """The film's line above the node, or, on a branch, through the upper half of the row."""
    below: Spine = Spine.NONE
    branch_above: bool = False
    """A branch comes down to its node."""
    branch_below: bool = False
    """Its branch goes on below its node."""
    through: tuple[int, ...] = ()
    """Branches that only pass by."""
    forks: tuple[int, ...] = ()
    """Branches that leave its node, to the right and down."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A take as the tree shows it, or a line of folded ones."""

    take_id: str
    """Of a folded line, the id of the parent whose rejected takes it folds."""
    kind: RowKind
    hop: int
    """0 is the root."""
    words: str
    """What was asked for; empty when nothing was."""
    shape: Shape
    """Verdict of its seam, or its state while it has none."""
    state: str
    """The words beside the shape: "a little softer", "Failed · not charged", "Rendering"; see `state_words`."""
    still: Path | None = None
    """From its new stretch; of a take in the making the last frame of its parent."""
    seconds: float | None = None
    """What it adds to the film."""
    stars: int = 0
    """0 none, 1 to 5."""
    picked: bool = False
    """The creator picked it; without a pick the newest take is the film's."""
    rejected: bool = False
    take: int = 1
    """Which of its parent's takes it is, from 1."""
    takes: int = 1
    """How many its parent has; of a folded line, how many it folds."""
    made_for: int | None = None
    """It hangs below a take that is not picked: the number of that take."""
    lines: Lines = Lines()
    is_doubtful: bool = False
    """Nothing but the stated length tells where its seam is."""
    since: datetime | None = None
    """When Kling began with it; of a take that is rendering."""


class TreePages(Protocol):
    """Where the tree reads a film from. Every call answers at once; page after page is asked for."""

    def count(self) -> int:
        """How many rows there are."""

    def rows(self, offset: int, limit: int) -> Sequence[TreeRow]:
        """The rows from `offset` on, `limit` at most."""

    def unusual(self) -> Sequence[tuple[int, RowKind]]:
        """Number and kind of each row that is not `OTHER`, so that heights are known before pages are read."""

    def row_of(self, take_id: str) -> int | None:
        """Where a take stands; None when it is not shown."""


def state_words(row: TreeRow) -> str:
    """The words beside the shape as they are at this moment: "a little softer", "Rendering · 2:10"."""
    if row.since is None:
        return row.state
    return f"{row.state} · {elapsed((datetime.now(UTC) - row.since).total_seconds())}"


def spoken(row: TreeRow) -> str:
    """A row as a screen reader says it: "take 3 of 4, hop 2, clean, 4 stars, Birds cross the lake"."""
    if row.kind is RowKind.FOLDED:
        return folded_words(row)
    said = [tr("take {take} of {takes}", take=row.take, takes=row.takes), tr("hop {n}", n=row.hop), state_words(row)]
    if row.stars:
        said.append(tr_count(row.stars, "{n} star", "{n} stars"))
    if row.kind is RowKind.FILM:
        said.append(tr("picked") if row.picked else tr("in the film"))
    if row.rejected:
        said.append(tr("rejected"))
    if row.made_for is not None:
        said.append(tr("made for take {n}", n=row.made_for))
    return tr(", ").join([*said, row.words or tr("(no prompt)")])


def folded_words(row: TreeRow) -> str:
    """What a folded line says."""
    return tr_count(row.takes, "{n} rejected take", "{n} rejected takes")
