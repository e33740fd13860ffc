"""The tree of a film as rows: its path hop by hop, each followed by what stands beside it, with all that grew there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kling_desktop.domain.analysis import Seam, Verdict
from kling_desktop.domain.takes import Making, Part, Path, Take, TakeState, TreeNode, TreeRow, Way
from kling_desktop.domain.tasks import Status
from kling_desktop.store.films.films import below
from kling_desktop.store.films.tree_keys import AFTER_ALL, WIDTH, above
from kling_desktop.studio.feed import (
    Fact,
    FilmChanged,
    SeamLimitsMoved,
    SeamsFound,
    TakePicked,
    TaskChanged,
    TaskForgotten,
)

if TYPE_CHECKING:
    from kling_desktop.store.films.films import FilmRecords


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of the tree's order whose rows follow each other on the screen."""

    first_row: int
    count: int
    start: str
    end: str
    hop: int
    on_path: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    segments: tuple[_Segment, ...]
    path: tuple[str, ...]
    """Places of the takes of the path, root first."""
    take_ids: tuple[str, ...]
    """The takes there."""
    last_beside: dict[int, str]
    """Hop -> place of the last take that stands beside the path there."""

    @property
    def rows(self) -> int:
        last = self.segments[-1] if self.segments else None
        return last.first_row + last.count if last else 0


@dataclass(frozen=True, slots=True)
class _Lengths:
    """What was read to tell how much takes of a film add. Any write may have made it untrue."""

    film_id: str
    version: tuple[int, int]
    """`FilmRecords.version` before it was read."""
    path: Path
    along: dict[str, float]
    """By its takes how much each adds."""
    chains: dict[str, Path]
    """By takes what the film is up to and including them, read when it is wanted."""


class Tree:
    """What the tree and the lane show. Reads a page at a time, whatever the size of the film or of the library.

    Hand it every batch of facts by `hear` before the screen asks again.
    """

    def __init__(self, records: FilmRecords, seam_of: Callable[[TakeState], Seam | None] = lambda state: None) -> None:
        """`seam_of` gives the seam at which a take begins, if it was found."""
        self._records = records
        self._seam_of = seam_of
        self._layouts: dict[str, _Layout] = {}
        self._verdicts: dict[str, Verdict | None] = {}
        self._path: tuple[str, tuple[int, int], Path] = ("", (-1, -1), Path("", ()))
        self._skeleton = _Layout((), (), (), {}), (-1, -1), list[TreeNode]()
        self._lengths = _Lengths("", (-1, -1), Path("", ()), {}, {})

    def hear(self, facts: Sequence[Fact]) -> None:
        """Forget what is no longer so."""
        for fact in facts:
            if isinstance(fact, (TaskChanged, TaskForgotten, FilmChanged, TakePicked)):
                self._layouts.clear()
            elif isinstance(fact, SeamsFound):
                self._verdicts.pop(fact.clip_id, None)
            elif isinstance(fact, SeamLimitsMoved):
                self._verdicts.clear()

    # --- rows ---

    def count(self, film_id: str) -> int:
        """How many rows the tree of a film has: one a take."""
        return self._layout(film_id).rows

    def rows(self, film_id: str, offset: int, limit: int) -> list[TreeRow]:
        """Up to `limit` rows from row `offset`."""
        layout = self._layout(film_id)
        homes: dict[str, _Segment] = {}
        at = bisect_right(layout.segments, offset, key=lambda segment: segment.first_row) - 1
        for segment in layout.segments[max(0, at) :]:
            skipped = max(0, offset - segment.first_row)
            wanted = min(limit - len(homes), segment.count - skipped)
            if wanted <= 0:
                break
            homes |= dict.fromkeys(self._ids(film_id, layout, segment, skipped, wanted), segment)
        return self._rows(film_id, layout, homes, self._records.states(list(homes)))

    def skeleton(self, film_id: str) -> list[TreeNode]:
        """All rows in the order of `rows`, with no more than a graph and its heights need; `states` fills a page. The
        list is the tree's own.
        """
        layout, version = self._layout(film_id), self._records.version()
        if self._skeleton[0] is not layout or self._skeleton[1] != version:  # it is asked for at each drawing
            self._skeleton = layout, version, self._ordered(layout, self._records.skeleton(film_id))
        return self._skeleton[2]

    def _ordered(self, layout: _Layout, nodes: Sequence[TreeNode]) -> list[TreeNode]:
        """Nodes by their places as the screen has them."""
        places, ordered = [node.path for node in nodes], list[TreeNode]()
        for segment in layout.segments:
            begin, end = bisect_left(places, segment.start), bisect_left(places, segment.end)
            awaited = segment.hop == len(layout.path)
            for node in nodes[begin:end]:
                is_making = node.is_making and awaited and node.hop == segment.hop
                is_so = (node.on_path, node.is_making) == (segment.on_path, is_making)
                ordered.append(node if is_so else replace(node, on_path=segment.on_path, is_making=is_making))
        return ordered

    def states(self, take_ids: Sequence[str]) -> list[TakeState]:
        """These takes with all that is known of them, in this order."""
        return self._records.states(take_ids)

    def place(self, take_id: str) -> int | None:
        """The row of a take in its film's tree; None for an unknown one."""
        state = self._records.state(take_id)
        if state is None:
            return None
        take = state.take
        for segment in self._layout(take.film_id).segments:
            if segment.start <= take.path < segment.end:
                return segment.first_row + self._records.count_between(take.film_id, segment.start, take.path)
        return None

    # --- what hangs together ---

    def path(self, film_id: str) -> Path:
        """The picked path: explicit picks first, else the newest finished take."""
        version = self._records.version()
        if self._path[:2] != (film_id, version):  # it is asked for many times whenever a film is drawn
            takes = tuple(self._records.states(self._records.path(film_id)))
            self._path = film_id, version, Path(film_id, takes, self._left_out(takes), self._split_from(takes))
        return self._path[2]

    def path_to(self, take_id: str) -> Path:
        """From the root to this take, picked or not; of a continued take that was split off as a film of its own from
        the root of the film that it is joined to.
        """
        states = tuple(self._lineage(take_id))
        return Path(states[-1].take.film_id if states else "", states, self._left_out(states))

    def added(self, states: Sequence[TakeState]) -> dict[str, float]:
        """By the ids of these takes of one film how many seconds each adds to it, or would; nothing of those of which
        nobody knows. For takes of the picked path as `Path.stretches` has it, which together are the film's length.
        """
        if not states:
            return {}
        lengths = self._lengths_of(states[0].take.film_id)
        along = lengths.along
        left_out = self._records.beginnings([state.take.id for state in states if state.take.id not in along])
        found = dict[str, float]()
        for state in states:
            if state.clip is None or state.clip.seconds is None:
                continue
            own, take_id = state.added_seconds, state.take.id
            if take_id in along:
                found[take_id] = along[take_id]
            elif own is None or _joined_to(state):  # only what is before it tells
                found[take_id] = self._added_on_its_path(state, lengths)
            else:
                found[take_id] = max(0.0, own - left_out.get(take_id, 0.0))
        return found

    def joined_to(self, states: Sequence[TakeState]) -> list[TakeState]:
        """Takes of other films that roots among these were split off from and are joined to, parents first."""
        found = {each.take.id: each for state in states for each in self._split_from([state])}
        return list(found.values())

    def last_way(self, film_id: str) -> Way | None:
        """How the film was last gone on with; None while it consists of roots."""
        return self._records.last_way(film_id)

    def take(self, take_id: str) -> TakeState | None:
        return self._records.state(take_id)

    def take_of_task(self, task_id: str) -> TakeState | None:
        return self._records.of_task(task_id)

    def take_of_clip(self, clip_id: str) -> TakeState | None:
        return self._records.of_clip(clip_id)

    def siblings(self, take_id: str) -> list[TakeState]:
        """All takes of its place, oldest first, itself among them."""
        state = self._records.state(take_id)
        return self._records.siblings(state.take.slot) if state else []

    def children(self, take_id: str) -> list[TakeState]:
        """All takes that were made from it, oldest first."""
        return self._records.siblings(take_id)

    def count_children(self, take_id: str) -> int:
        """How many takes were made from it."""
        return self._records.size_of(take_id)

    def making(self, take_id: str) -> Making | None:
        """What was made from it and has not ended."""
        return self._records.making([take_id]).get(take_id)

    def making_beside(self, takes: Sequence[TakeState]) -> dict[str, Making]:
        """By the ids of these takes what stands at their places and has not ended; no entry where there is nothing."""
        by_slot = self._records.making([state.take.slot for state in takes])
        return {state.take.id: by_slot[state.take.slot] for state in takes if state.take.slot in by_slot}

    def chosen(self, take_id: str) -> str:
        """Through which of its children the path would go on; empty for none."""
        return self._records.next(take_id) or ""

    def picked(self, slot: str) -> str:
        """What somebody has picked at a place; empty while the newest finished take stands there by itself."""
        return self._records.pick(slot)

    def displaced_by(self, take: Take) -> TakeState | None:
        """The take with others below it in whose place the film goes through this one, which nobody has picked; None
        when there is none.
        """
        if self.chosen(take.slot) != take.id or self._records.pick(take.slot):
            return None
        older = [state for state in self._records.siblings(take.slot) if state.take.path < take.path]
        usable = [state for state in older if state.is_finished and not state.is_rejected]
        former = usable[-1] if usable else None
        return former if former is not None and self.count_children(former.take.id) else None

    def parts(self, take_id: str) -> tuple[Part, ...]:
        """The whole film up to and including a take, as stretches of clips; empty while a clip of it is missing.

        As they were noted when it was joined, else by construction: an extended take is what its parent is with its
        own clip in place of the last one, a continued one what its parent is, cut where asked, and its clip.
        """
        if noted := self.noted_parts(take_id):
            return noted
        lineage = self._lineage(take_id)
        former = _joined_to(lineage[0]) if lineage else ""
        parts: tuple[Part, ...] = (Part(former),) if former else ()
        grown = list[TakeState]()
        for state in reversed(lineage):  # what was noted last holds all before it
            if noted := self.noted_parts(state.take.id):
                parts = noted
                break
            grown.append(state)
        for state in reversed(grown):
            parts = _grown(parts, state)
            if not parts:
                return ()
        return parts

    def noted_parts(self, take_id: str) -> tuple[Part, ...]:
        """As they were noted when the take was joined; empty before that."""
        return tuple(self._records.parts(take_id))

    def joined_among(self, take_ids: Sequence[str]) -> frozenset[str]:
        """Those of these takes that were joined."""
        return self._records.noted_among(take_ids)

    def note_parts(self, take_id: str, parts: Sequence[Part]) -> None:
        """Keep how a take was joined: what was cut, what was dropped, which colours were brought together.

        What was joined behind it shows its clip as well, and from now on shows it so.
        """
        self._records.set_parts(take_id, parts)
        place, own = len(parts) - 1, parts[-1]
        for later in self._records.joined_below(take_id):
            theirs = self._records.parts(later)
            if place < len(theirs):
                changed = replace(theirs[place], start=own.start, colour=own.colour)
                self._records.set_parts(later, (*theirs[:place], changed, *theirs[place + 1 :]))

    def joined_behind(self, take_id: str) -> list[str]:
        """Ids of the takes that grew from this one and were joined to what they go on from."""
        return self._records.joined_below(take_id)

    def verdict(self, state: TakeState) -> Verdict | None:
        """Of the seam at which a take begins; None while it was not measured, or where there is none."""
        clip_id = state.take.clip_id
        if not clip_id or state.take.way is Way.ROOT:
            return None
        if clip_id not in self._verdicts:
            seam = self._seam_of(state)
            self._verdicts[clip_id] = seam.told if seam is not None else None
        return self._verdicts[clip_id]

    # --- inside ---

    def _lengths_of(self, film_id: str) -> _Lengths:
        """Read once for as long as nothing is written: a tree asks for each of its pages, whenever it is drawn."""
        version = self._records.version()
        if (self._lengths.film_id, self._lengths.version) != (film_id, version):
            path = self.path(film_id)
            along = {state.take.id: seconds for state, seconds in zip(path.takes, path.stretches, strict=True)}
            self._lengths = _Lengths(film_id, version, path, along, {})
        return self._lengths

    def _added_on_its_path(self, state: TakeState, lengths: _Lengths) -> float:
        """What a take adds where the film goes through it. What is before it is read once for all of its place."""
        before = state.take.parent_id if state.take.way is Way.EXTEND else ""
        above = before or state.take.id
        if above not in lengths.chains:
            lengths.chains[above] = self._along(lengths.path, above) or self.path_to(above)
        chain = lengths.chains[above]
        takes = (*chain.takes, state) if before else chain.takes
        own = tuple(each for each in takes if each.take.film_id == state.take.film_id)
        return replace(chain, takes=own, before=takes[: -len(own)]).stretches[-1]

    def _along(self, path: Path, take_id: str) -> Path | None:
        """`path_to` a take of the picked path, which need not be read again; None for any other."""
        hop = next((hop for hop, state in enumerate(path.takes) if state.take.id == take_id), None)
        if hop is None:
            return None
        takes = (*path.before, *path.takes[: hop + 1])
        return Path(path.film_id, takes, self._left_out(takes))

    def _left_out(self, takes: Sequence[TakeState]) -> dict[str, float]:
        """Seconds at the beginnings of clips, by their ids, that the film up to the last of these takes leaves out."""
        continued = (state.take.id for state in reversed(takes) if state.take.way is Way.CONTINUE)
        joined = next((parts for take_id in continued if (parts := self._records.parts(take_id))), ())
        return {part.clip_id: float(part.start) for part in joined if part.start}

    def _split_from(self, takes: Sequence[TakeState]) -> tuple[TakeState, ...]:
        """What a film shows before its own takes: its root was split off, and is joined to it."""
        is_joined = bool(takes) and bool(_joined_to(takes[0]))
        return tuple(self._lineage(takes[0].take.id)[:-1]) if is_joined else ()

    def _lineage(self, take_id: str, below: frozenset[str] = frozenset()) -> list[TakeState]:
        """What a take consists of hangs above it, or, where it was split off, in the film from which that was done."""
        states = self._records.above(take_id)
        former = self._records.of_clip(_joined_to(states[0])) if states else None
        known = below | {state.take.id for state in states}
        return (self._lineage(former.take.id, known) if former and former.take.id not in known else []) + states

    def _layout(self, film_id: str) -> _Layout:
        if film_id not in self._layouts:
            self._layouts[film_id] = self._laid_out(film_id)
        return self._layouts[film_id]

    def _laid_out(self, film_id: str) -> _Layout:
        path = self._records.places(film_id)
        places = tuple(place for _, place in path)
        stretches = _stretches(places)
        extents = self._records.extents(film_id, [(start, end) for start, end, _, _ in stretches])
        segments: list[_Segment] = []
        last_beside: dict[int, str] = {}
        row = 0
        for (start, end, hop, on_path), (count, last) in zip(stretches, extents, strict=True):
            if count:
                segments.append(_Segment(row, count, start, end, hop, on_path))
                row += count
                if not on_path:
                    last_beside[hop] = last[: (hop + 1) * WIDTH]
        return _Layout(tuple(segments), places, tuple(take_id for take_id, _ in path), last_beside)

    def _ids(self, film_id: str, layout: _Layout, segment: _Segment, offset: int, limit: int) -> list[str]:
        if segment.on_path:
            return [layout.take_ids[segment.hop]]
        return self._records.ids_between(film_id, segment.start, segment.end, offset, limit)

    def _rows(
        self, film_id: str, layout: _Layout, homes: dict[str, _Segment], states: Sequence[TakeState]
    ) -> list[TreeRow]:
        chains = {state.take.id: [*above(state.take.path), state.take.path] for state in states}
        wanted = {place for id, chain in chains.items() for place in chain[homes[id].hop + 1 :]}
        branching = self._records.with_younger_siblings(film_id, wanted) if wanted else set()
        parents = self._records.parents_among([state.take.id for state in states])
        rows = []
        for state in states:
            hop, chain = homes[state.take.id].hop, chains[state.take.id]
            if homes[state.take.id].on_path:
                rows.append(self._row_of_path(layout, hop, state))
            else:
                rows.append(self._row_beside(layout, hop, state, chain, branching, parents))
        return rows

    def _row_of_path(self, layout: _Layout, hop: int, state: TakeState) -> TreeRow:
        goes_on = hop + 1 < len(layout.path) or hop + 1 in layout.last_beside
        beside = (1,) if hop in layout.last_beside else ()
        return TreeRow(
            state=state,
            on_path=True,
            is_grey=False,
            lane=0,
            parent_lane=0 if hop else None,
            through=((0,) if goes_on else ()) + beside,
            has_more_below=goes_on,
            verdict=self.verdict(state),
        )

    def _row_beside(
        self,
        layout: _Layout,
        hop: int,
        state: TakeState,
        chain: Sequence[str],
        branching: set[str],
        parents: set[str],
    ) -> TreeRow:
        """The first take of the chain that is not on the path stands in column 1; who has younger siblings moves one
        column on, so that the youngest goes straight down.
        """
        side_root = chain[hop]
        comes_after_all = hop < len(layout.path)  # the path goes on below what stands beside it
        lane, parent_lane = 1, 0
        through = {0} if comes_after_all and hop + 1 < len(layout.path) else set()
        if not comes_after_all and _is_awaited(state, hop):
            lane = 0
        if side_root != layout.last_beside.get(hop):
            through.add(lane if state.take.hop == hop else 1)
        for place in chain[hop + 1 :]:
            parent_lane = lane
            if place in branching:
                through.add(lane)
                lane += 1
        has_children = state.take.id in parents
        if has_children:
            through.add(lane)
        return TreeRow(
            state=state,
            on_path=False,
            is_grey=state.take.hop > hop,
            lane=lane,
            parent_lane=parent_lane if state.take.parent_id else None,
            through=tuple(sorted(through)),
            has_more_below=lane in through,
            verdict=self.verdict(state),
        )


def _joined_to(state: TakeState) -> str:
    """The clip that a continued take without a parent in its own film is joined to; empty for others."""
    if state.take.parent_id or state.take.way is not Way.CONTINUE or state.task is None:
        return ""
    return state.task.extension.video_id


def _is_awaited(state: TakeState, hop: int) -> bool:
    """Whether it is what the path will go on with: asked for from the tip, and not failed."""
    is_failed = state.task is not None and state.task.status is Status.FAILED
    return state.take.hop == hop and not is_failed and not state.is_rejected


def _stretches(places: Sequence[str]) -> list[tuple[str, str, int, bool]]:
    """Start, end, hop, and whether it is the path's own take: in the order of the screen."""
    found: list[tuple[str, str, int, bool]] = []
    parent = ""
    for hop, place in enumerate(places):
        found.append((place, place + "0", hop, True))
        found.append((parent + "0" if parent else "", place, hop, False))
        found.append((place + AFTER_ALL, parent + AFTER_ALL, hop, False))
        parent = place
    start, end = below(parent) if parent else ("", AFTER_ALL)
    found.append((start, end, len(places), False))
    return found


def _grown(parts: tuple[Part, ...], state: TakeState) -> tuple[Part, ...]:
    clip_id, way = state.take.clip_id, state.take.way
    if not clip_id:
        return ()
    if way is Way.EXTEND and parts:  # the new file holds its parent's clip and goes on; what stood before that stays
        return (*parts[:-1], Part(clip_id, parts[-1].start, None, parts[-1].colour))
    if way is not Way.CONTINUE:
        return (Part(clip_id),)
    if (cut := state.parent_end) is not None and parts:
        parts = (*parts[:-1], Part(parts[-1].clip_id, parts[-1].start, cut, parts[-1].colour))
    return (*parts, Part(clip_id))
