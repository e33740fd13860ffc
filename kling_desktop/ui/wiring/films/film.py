"""Connects the tree and the cards of a film to the studio: which film is open, which take is shown, what is picked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TypeGuard

from PySide6.QtCore import QObject, QTimer, Signal

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.takes import Film, TakeState, TreeNode, Way
from kling_desktop.domain.tasks import Task
from kling_desktop.studio.feed import (
    ClipChanged,
    DriftMeasured,
    DriftToleranceMoved,
    Fact,
    FilmChanged,
    FilmRendered,
    PlanChanged,
    PlanDeleted,
    PosterMade,
    SeamLimitsMoved,
    SeamsFound,
    TailExamined,
    TakePicked,
    TaskChanged,
    TaskForgotten,
)
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library.film_names import shown_name, told_apart
from kling_desktop.ui.menu.menu_bar import empty
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.painted.lettering import menu_words
from kling_desktop.ui.rail.film_pages import FilmPages
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.rail.tree_row import TreeRow, WayOn
from kling_desktop.ui.viewer.head.take_view import TakeView
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.film_faces import Faces
from kling_desktop.ui.wiring.films.stage_face import ShownTakes
from kling_desktop.ui.wiring.films.stage_menu import StageVerbs, fill_stage_menu

_LISTED = 12
"""Films in the menu of the chip; all others are in the library."""
_REST, _LONGEST_REST = 4.0, 0.5
"""After a drawing, so many times as long as it took, and no more seconds, pass before facts lead to the next one."""


class FilmWiring(QObject):
    """Everything about the film that is open."""

    opened = Signal(str)
    """Id of a film that is open now in place of another one."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        films: Films,
        tree: Tree,
        picks: Picks,
        faces: Faces,
        preferences: Preferences,
        navigator: Navigator,
        show_lane: Callable[[str, str], None],
        stage: ShownTakes,
    ) -> None:
        """`show_lane` draws the lane of a film with its current take."""
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._films = films
        self._tree = tree
        self._picks = picks
        self._faces = faces
        self._preferences = preferences
        self._navigator = navigator
        self._show_lane = show_lane
        self._stage = stage
        self._film_id = ""
        self._take_id = ""
        self._unfolded: set[str] = set()
        self._strayed = False
        """Whether a clip is on the stage that no task made, and not the task that is selected in the list."""
        self._all_shown = False
        self._drawn: tuple[str, list[TreeNode], frozenset[str], bool] | None = None
        """Whose rows stand in the tree, which, and how they are folded."""
        self._stills_wanted: set[str] = set()
        """Clips of which one was asked for."""
        self._looked_into: dict[str, Clip] = {}
        """Clips of the path as they were when what is shown of them was asked for."""
        self._on_stage = ""
        """Clip that the viewer shows."""
        self._rest_until = 0.0
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._show)
        self._connect()
        self._follow(window.tasks.selected())
        if not self._film_id:
            self._open_newest()
        if self._film_id:
            window.show_rail(TREE)
        self._draw_soon()

    @property
    def film_id(self) -> str:
        """The film that is open; empty while there is none."""
        return self._film_id

    @property
    def take_id(self) -> str:
        """The take that is shown; empty while there is none."""
        return self._take_id

    def kept(self) -> tuple[str, str, frozenset[str], bool]:
        """What is open, chosen and unfolded, for `restore`."""
        return self._film_id, self._take_id, frozenset(self._unfolded), self._all_shown

    def restore(self, kept: tuple[str, str, frozenset[str], bool]) -> None:
        """Show a film as other panels showed it."""
        film_id, take_id, unfolded, self._all_shown = kept
        self._unfolded = set(unfolded)
        if film_id:
            self._film_id = film_id
            self.choose(take_id)
            self._show()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """A film whose takes, pictures or plan are others now is drawn anew, once for all facts."""
        moved = (TaskChanged, TaskForgotten, FilmChanged, TakePicked, PlanChanged, PlanDeleted)
        judged = (SeamsFound, SeamLimitsMoved, DriftMeasured, DriftToleranceMoved)
        for fact in facts:
            if _in_vain(fact):
                self._looked_into.pop(fact.clip_id, None)
            elif isinstance(fact, (*moved, *judged, PosterMade, TailExamined, ClipChanged)):
                self._draw_soon()
            if isinstance(fact, ClipChanged):
                self._renew(fact.clip)
            if isinstance(fact, FilmRendered) and fact.file is not None and fact.take_id == self._take_id:
                self._show_stray()
        if not self._film_id and any(isinstance(fact, FilmChanged | TaskChanged) for fact in facts):
            self._open_newest()

    def open(self, film_id: str) -> None:
        """Show this film, at the end of its path."""
        if film_id == self._film_id:
            return
        self._film_id = film_id
        tip = self._tree.path(film_id).tip
        self._unfolded.clear()
        self._looked_into.clear()
        self._draw_soon()
        if tip is not None:
            self.choose(tip.take.id)
        self.opened.emit(film_id)

    # --- how it is connected -------------------------------------------------------------------------------------

    def _connect(self) -> None:
        tree, cards = self._window.tree.tree, self._window.film.cards
        self._window.tasks.chosen.connect(self._follow)
        self._window.tree.rejected_shown.connect(self._show_rejected)
        self._window.film_menu.aboutToShow.connect(self._fill_menu)
        tree.chosen.connect(self.choose)
        tree.picked.connect(self._pick)
        tree.rejected.connect(self._reject)
        tree.starred.connect(self._picks.star)
        tree.unfolded.connect(self._unfold)
        tree.folded.connect(self._fold)
        tree.compare_asked.connect(self._compare)
        tree.way_chosen.connect(self._go_on)
        for view in (tree, cards):
            view.extend_asked.connect(self._extend)
            view.sibling_asked.connect(self._ask_sibling)
            view.played.connect(self._play)
            view.seam_asked.connect(self._open_seam)
        self._navigator.open_film, self._navigator.way_of = self.open, self._way_of
        self._window.form.way_chosen.connect(self._remember_way)
        cards.chosen.connect(self.choose)
        cards.sibling_stepped.connect(self._step_sibling)
        cards.take_picked.connect(self._pick_number)
        cards.compare_asked.connect(lambda take_id: self._compare([take_id]))
        head = self._window.seams.take_head
        head.picked.connect(self._pick)
        head.rejected.connect(self._reject)
        head.starred.connect(self._picks.star)
        head.film_asked.connect(self._window.viewer.play)
        head.menu.aboutToShow.connect(self._fill_more)
        self._window.viewer.compare_asked.connect(lambda: self._compare([self._take_id]))
        self._window.viewer.clip_shown.connect(self._note_shown)

    def _follow(self, task: Task | None) -> None:
        """The list has another current take: its film is the open one, and it is the current one there too."""
        if task is None:
            return
        self._strayed = False
        state = self._tree.take_of_task(task.id)
        if state is None or state.take.id == self._take_id:
            return
        is_other = state.take.film_id != self._film_id
        self._take_id = state.take.id
        self._film_id = state.take.film_id
        self._draw_soon()
        if is_other:
            self.opened.emit(self._film_id)

    def _open_newest(self) -> None:
        newest = self._films.page(0, 1)
        if newest:
            self.open(newest[0].id)

    # --- drawing -------------------------------------------------------------------------------------------------

    def _draw_soon(self) -> None:
        """Once for all that happens in this turn of the loop; while much happens to a film with many takes, drawing
        it takes no more than a part of the time.
        """
        if not self._soon.isActive():
            self._soon.start(max(0, round((self._rest_until - perf_counter()) * 1000)))

    def _show(self) -> None:
        began = perf_counter()
        if self._find_in_list():
            return  # drawn in the next turn: with all that follows a choice it takes longer than a picture lasts
        self._draw()
        ended = perf_counter()
        self._rest_until = ended + min(_REST * (ended - began), _LONGEST_REST)

    def _draw(self) -> None:
        film = self._films.film(self._film_id) if self._film_id else None
        if film is None and self._film_id:
            film = self._film_it_went_to()
        self._window.bar.show_film(shown_name(film) if film else tr("Library"))
        if film is None:
            self._film_id = ""
            self._window.seams.take_head.show_take(TakeView())
            return
        self._draw_tree(film)
        self._show_lane(film.id, self._take_id)
        self._show_head(film)
        self._want_pictures(film)
        self._say_place()

    def _film_it_went_to(self) -> Film | None:
        """Of a film that is no more, as its split was taken back or it was merged: where the take on show is now."""
        state = self._tree.take(self._take_id)
        film = self._films.film(state.take.film_id) if state is not None else None
        if film is not None:
            self._film_id = film.id
            self._unfolded.clear()
            self.opened.emit(film.id)
        return film

    def _draw_tree(self, film: Film) -> None:
        """Rows that stand where they stood are only read again, as far as they are in sight."""
        panel, nodes = self._window.tree, self._tree.skeleton(film.id)
        drawn = (film.id, nodes, frozenset(self._unfolded), self._all_shown)
        if drawn == self._drawn:
            panel.tree.refresh()
        else:
            self._drawn = drawn
            pages = FilmPages(nodes, self._fill, self._unfolded, all_shown=self._all_shown)
            panel.tree.show_film(pages)
            panel.tell(pages.takes, pages.hidden)
        panel.tree.choose(self._take_id)

    def _show_head(self, film: Film) -> None:
        """What stands over the stage: the current take, and how many hops the film has."""
        state = self._tree.take(self._take_id)
        hops = max((each.take.hop for each in self._tree.path(film.id).takes), default=0)
        self._window.seams.take_head.show_take(self._stage.face.view(state, hops) if state else TakeView())

    def _fill_more(self) -> None:
        """What can be done with the take over the stage."""
        verbs = StageVerbs(
            self._pick,
            self._reject,
            self._picks.star,
            self._extend,
            self._ask_sibling,
            self._open_seam,
            self._window.film.cards.join_asked.emit,
            lambda take_id: self._compare([take_id]),
        )
        fill_stage_menu(self._window.seams.take_head.menu, self._tree.take(self._take_id), verbs)

    def _fill(self, take_ids: Sequence[str]) -> list[TreeRow]:
        states = self._tree.states(take_ids)
        added = self._tree.added(states)
        rows = [self._faces.row(state, added.get(state.take.id)) for state in states]
        self._want_stills([state.clip for state, row in zip(states, rows, strict=True) if state.clip and not row.still])
        return rows

    def _want_stills(self, clips: Sequence[Clip]) -> None:
        """Of rows in sight that have none: takes of another computer, of a folder that was cleared. Once for each."""
        for clip in clips:
            if clip.id not in self._stills_wanted and (clip.file or clip.url):
                self._stills_wanted.add(clip.id)
                self._studio.clips.want_poster(clip)

    def _want_pictures(self, film: Film) -> None:
        """The path's pictures first: they are in sight in both views. Once for each take, until it is another or could
        not be looked into: a film is drawn for every picture that comes.
        """
        unseen = [state for state in self._tree.path(film.id).takes if self._is_unseen(state.clip)]
        if unseen:
            self._studio.background.run(self._look_into_each(unseen))

    def _is_unseen(self, clip: Clip | None) -> TypeGuard[Clip]:
        return clip is not None and bool(clip.file or clip.url) and self._looked_into.get(clip.id) != clip

    async def _look_into_each(self, states: Sequence[TakeState]) -> None:
        """In turns: a film that was brought in has a hundred of which nothing is known."""
        for state in states:
            clip = state.clip
            if self._is_unseen(clip):
                self._looked_into[clip.id] = clip
                self._look_into(clip, state.take.way)
                await asyncio.sleep(0)

    def _look_into(self, clip: Clip, way: Way) -> None:
        """Have found what is not known of it."""
        if self._faces.first(clip) is None:
            self._studio.clips.want_poster(clip)
        if clip.file and self._faces.last(clip) is None:
            self._studio.background.run(self._studio.analyzer.examine_tail(clip))
        extended = way is Way.EXTEND  # where a continued one is joined is measured once it is
        if extended and clip.file and self._faces.seam(clip) is None:
            self._studio.background.run(self._studio.analyzer.find_seams(clip))

    def _note_shown(self, clip: Clip | None) -> None:
        """What was under way for the clip that leaves the stage is called off, whoever else asked for it."""
        shown = clip.id if clip is not None else ""
        if shown != self._on_stage:
            self._looked_into.pop(self._on_stage, None)
            self._on_stage = shown

    def _say_place(self) -> None:
        """Which hop and take an extension of the clip in the form would become."""
        state = self._tree.take_of_clip(self._window.form.extension().video_id)
        if state is None:
            self._window.form.show_place("")
            return
        number = self._tree.count_children(state.take.id) + 1
        self._window.form.show_place(tr("hop {hop}, take {take}", hop=state.take.hop + 1, take=number))

    # --- the take on show ----------------------------------------------------------------------------------------

    def choose(self, take_id: str) -> None:
        """Make a take of the film that is open the current one, and put it on the stage."""
        state = self._tree.take(take_id)
        if state is None:
            return
        self._take_id = take_id
        self._draw_soon()  # card and head say which it is, whether or not anything else comes of it
        selected = self._window.tasks.selected()
        if state.task is not None and self._window.tasks.select(state.task.id):
            if self._strayed and selected is not None and selected.id == state.task.id:
                self._window.tasks.chosen.emit(selected)  # the list has not moved, the stage has
            self._strayed = False
            return
        if state.clip is not None:
            self._show_clip(state.clip, state)

    def _show_clip(self, clip: Clip, state: TakeState) -> None:
        """Of a take that no task of the list made: what is chosen there is no longer what is seen."""
        self._strayed = True
        self._window.doctor.show_task(None)
        viewer = self._window.viewer
        viewer.open(self._stage.of_take(state, clip, viewer.clip))
        self._draw_soon()

    def _renew(self, clip: Clip) -> None:
        """The file of a root on show may have come: it goes on from there, and is no longer said to play from Kling."""
        shown, state = self._window.viewer.clip, self._tree.take(self._take_id)
        if self._strayed and shown is not None and shown.id == clip.id and shown != clip and state is not None:
            self._show_clip(clip, state)

    def _show_stray(self) -> None:
        """The film of a take on show that is chosen in no list was made."""
        state = self._tree.take(self._take_id)
        if self._strayed and state is not None and state.clip is not None:
            self._show_clip(state.clip, state)

    def _find_in_list(self) -> bool:
        """A film that was just brought in was opened before the list had heard of its takes. Whether it was chosen
        there now, and so will be drawn.
        """
        state = self._tree.take(self._take_id) if self._strayed else None
        if state is None or state.task is None or not self._window.tasks.model.is_known(state.task.id):
            return False
        self.choose(state.take.id)
        return True

    def _play(self, take_id: str) -> None:
        self.choose(take_id)
        self._window.viewer.play()

    def _open_seam(self, take_id: str) -> None:
        self.choose(take_id)
        self._window.seams.open(len(self._window.seams.seams) - 1)

    def _extend(self, take_id: str) -> None:
        state = self._tree.take(take_id)
        if state is not None and state.clip is not None:
            self._navigator.extend(state.clip)
            self._say_place()

    def _way_of(self, clip: Clip) -> Way:
        """As the creator last chose for the film of this clip, else as it was last gone on with."""
        state = self._tree.take_of_clip(clip.id)
        if state is None:
            return Way.EXTEND
        film_id = state.take.film_id
        film = self._films.film(film_id)
        return (film.way if film else None) or self._tree.last_way(film_id) or Way.EXTEND

    def _remember_way(self, way: Way) -> None:
        state = self._tree.take_of_clip(self._window.form.extension().video_id)
        if state is not None:
            self._films.go_on_by(state.take.film_id, way)

    def _ask_sibling(self, take_id: str) -> None:
        """The same words for the same parent, to be changed or sent as they are."""
        state = self._tree.take(take_id)
        if state is not None and state.task is not None:
            self._navigator.edit(state.task)
            self._say_place()

    # --- picks ---------------------------------------------------------------------------------------------------

    def _pick(self, take_id: str) -> None:
        state = self._tree.take(take_id)
        if state is not None and state.is_picked:
            self._picks.unpick(take_id)
        else:
            self._picks.pick(take_id)

    def _pick_number(self, take_id: str, number: int) -> None:
        """It stands in the card's place from then on, and on the stage: the next key is about it."""
        picked = self._picks.pick_number(take_id, number)
        if picked is not None and picked.is_finished:
            self.choose(picked.take.id)

    def _reject(self, take_id: str, rejected: bool) -> None:
        (self._picks.reject if rejected else self._picks.restore)([take_id])

    def _step_sibling(self, take_id: str, steps: int) -> None:
        """The next take of this place, shown and picked in place."""
        siblings = [state for state in self._tree.siblings(take_id) if state.is_finished]
        ids = [state.take.id for state in siblings]
        if take_id in ids and len(ids) > 1:
            other = ids[(ids.index(take_id) + steps) % len(ids)]
            self._picks.pick(other)
            self.choose(other)

    def _compare(self, take_ids: Sequence[str]) -> None:
        """Two to four takes; of one, all takes of its place."""
        states = [state for take_id in take_ids if (state := self._tree.take(take_id))]
        if len(states) == 1:
            states = self._tree.siblings(states[0].take.id)
        tasks = [state.task for state in states if state.task and state.clip and state.clip.file][-4:]
        if len(tasks) < 2:
            self._window.notices.toast(tr("There is only one take here to compare."))
            return
        self._window.tasks.compare_asked.emit(tasks)

    def _go_on(self, take_id: str, way: WayOn) -> None:
        """What hung below a take that is not picked: played as it was made, made again, or kept as a film."""
        state = self._tree.take(take_id)
        if state is None:
            return
        match way:
            case WayOn.PLAY:
                self._play(take_id)
            case WayOn.KEEP:
                self._split(state)
            case WayOn.REDO:
                self._redo(state)

    def _split(self, state: TakeState) -> None:
        """The creator stays in this film; what went with the branch leaves the stage too."""
        film = self._films.split(state.take.id)
        words = tr("{name} is a film of its own now.", name=shown_name(film))
        self._window.notices.toast(words, tr("Open"), lambda: self._navigator.show_film(film.id))
        shown = self._tree.take(self._take_id)
        if shown is not None and shown.take.film_id == film.id:
            self.choose(state.take.parent_id)

    def _redo(self, state: TakeState) -> None:
        """Its words for the take that is picked in its parent's place."""
        path = self._tree.path(state.take.film_id)
        parents = [above for above in path.takes if above.take.hop == state.take.hop - 1]
        if parents and parents[0].clip is not None and state.task is not None:
            self._navigator.edit(state.task)
            self._navigator.extend(parents[0].clip)

    # --- folding, and the menu of films --------------------------------------------------------------------------

    def _unfold(self, parent_id: str) -> None:
        self._unfolded.add(parent_id)
        self._show()

    def _fold(self, take_id: str) -> None:
        state = self._tree.take(take_id)
        if state is not None:
            self._unfolded.discard(state.take.parent_id)
            self._show()

    def _show_rejected(self, shown: bool) -> None:
        self._all_shown = shown
        self._show()

    def _fill_menu(self) -> None:
        menu = self._window.film_menu
        empty(menu)
        films = self._films.page(0, _LISTED)
        for film, words in zip(films, told_apart(films, KLING_TIME.now()), strict=True):
            action = menu.addAction(menu_words(words))
            action.setCheckable(True)
            action.setChecked(film.id == self._film_id)
            action.triggered.connect(lambda _=False, film_id=film.id: self._open_from_menu(film_id))
        if self._film_id:
            menu.addSeparator()
            self._navigator.fill_film_menu(menu, self._film_id)
        menu.addSeparator()
        menu.addAction(tr("New film…")).triggered.connect(lambda: self._navigator.new_film())
        menu.addAction(self._window.menu_bar.commands["library"])

    def _open_from_menu(self, film_id: str) -> None:
        self._navigator.leave_library()
        self.open(film_id)
        self._window.show_rail(TREE)


def _in_vain(fact: Fact) -> TypeGuard[SeamsFound | TailExamined]:
    """Whether a film was looked into that could not be read, as with a drive that is away: nothing new is to be drawn,
    and the next drawing asks for such a look again.
    """
    return isinstance(fact, SeamsFound | TailExamined) and fact.trouble is not None
