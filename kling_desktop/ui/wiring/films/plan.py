"""Connects the film lane to plans, their runner and the planner: written in place, pasted, run, stopped, answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from kling_desktop.domain.plans import HopState, Plan, PlannedHop, PlanState
from kling_desktop.domain.takes import Making, Way
from kling_desktop.domain.takes import Path as FilmPath
from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.errors import FileTrouble
from kling_desktop.studio.films.planning.plan_text import Fault, PlanText
from kling_desktop.studio.films.planning.planner import Planner
from kling_desktop.studio.films.planning.plans import HopSent, PlanFull, Plans
from kling_desktop.studio.films.planning.runner import Runner
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui.film.film_view import FilmView
from kling_desktop.ui.film.plan_menu import PlanMenu
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.film_faces import Faces, continue_words, view_of, with_current, with_payer
from kling_desktop.ui.wiring.films.made_cards import MadeCards

Estimate = Callable[[Extension], Decimal | None]


class PlanWiring(QObject):
    """Everything that stands in the lane behind the last take."""

    def __init__(
        self,
        window: Window,
        tree: Tree,
        plans: Plans,
        runner: Runner,
        planner: Planner,
        estimate: Estimate,
        faces: Faces,
        preferences: Preferences,
        typical_seconds: Callable[[str], tuple[float, float] | None] = lambda name: None,
    ) -> None:
        """`typical_seconds` says how long takes of a profile, by its name, usually take."""
        super().__init__(window)
        self._window = window
        self._tree = tree
        self._plans = plans
        self._runner = runner
        self._planner = planner
        self._estimate = estimate
        self._faces = faces
        self._made_cards = MadeCards(faces)
        self.on_facts = self._made_cards.on_facts
        self._preferences = preferences
        self._typical_seconds = typical_seconds
        self._film_id = ""
        self._to_write = self._added = self._take_id = ""
        self._view = FilmView()
        self._menu = PlanMenu(self)
        self._connect()

    def show(self, film_id: str, take_id: str) -> None:
        """Draw the lane of a film."""
        if film_id != self._film_id:
            self._window.film.cards.end_writing()  # into the plan to which it belongs
        self._film_id = film_id
        path, plan = self._tree.path(film_id), self._plans.current(film_id)
        making = self._making(path)
        beside = self._tree.making_beside(path.takes)
        forecast = self._planner.forecast(path, plan, making=making)
        chosen = self._preferences.profile
        typical = self._typical_seconds((plan.profile if plan else chosen).name)
        usual = typical[0] if typical else None
        units_of = self._units_of(path)
        made = self._made_cards.of(path)
        view = view_of(self._faces, path, making, plan, forecast, take_id, units_of, beside, usual, made)
        view = self._with_way_on(view, plan, units_of)
        view = with_current(view, take_id, lambda take_id: self._tree.path_to(take_id).takes)
        view = self._view = self._with_unwritten(with_payer(view, plan, chosen), plan)
        self._take_id = take_id
        self._window.film.show_view(view)
        self._window.film_bar.show_view(view)
        self._write_new_hop(view)

    def _with_way_on(
        self, view: FilmView, plan: Plan | None, units_of: Callable[[PlannedHop], Decimal | None]
    ) -> FilmView:
        """The same, where another try can only be made from a last frame, with that as the way on that spends."""
        self._continues = plan is not None and plan.stop.can_continue
        if plan is None or plan.current is None or view.stop is None or not view.stop.again or self._continues:
            return view
        self._continues = self._runner.must_continue(plan)
        again = continue_words(plan.current, units_of) if self._continues else view.stop.again
        return replace(view, stop=replace(view.stop, again=again))

    _continues = False
    """Whether what is named as the way on that spends is made from a last frame."""

    def _with_unwritten(self, view: FilmView, plan: Plan | None) -> FilmView:
        """The same with the hop for whose words a running plan waits, and how many have none: one that was just added
        gets some, or is given up.
        """
        planned = [hop for hop in plan.to_come if hop.state is HopState.PLANNED] if plan is not None else []
        extended = [hop for hop in planned if hop.way is Way.EXTEND and hop.id != self._added]
        view = replace(view, wordless=sum(not hop.prompt.strip() for hop in extended))
        hop = plan.current if plan is not None and plan.state is PlanState.RUNNING else None
        if hop is None or hop.state is not HopState.PLANNED or hop.id != self._window.film.cards.writing.card_id:
            return view
        return replace(view, awaited_hop=next((card.hop for card in view.cards if card.id == hop.id), 0))

    def fill_menu(self, menu: QMenu) -> None:
        """Add all that can be done with the plan of the film that is shown."""
        self._menu.fill_whole(menu, self._view)

    def show_again(self) -> None:
        """Draw the lane that is shown once more: what it says follows from something else too."""
        if self._film_id:
            self.show(self._film_id, self._take_id)

    # --- how it is connected -------------------------------------------------------------------------------------

    def _connect(self) -> None:
        film, form = self._window.film, self._window.form
        for head in (film.head, self._window.film_bar, self._menu):
            head.takes_chosen.connect(lambda takes: self._plans.set_takes(self._plan().id, takes))
            head.gate_chosen.connect(lambda gate: self._plans.set_gate(self._plan().id, gate))
            head.run_asked.connect(lambda: self._runner.run(self._plan_as_written().id))
            head.pause_asked.connect(lambda: self._runner.pause(self._plan().id))
            head.accepted.connect(lambda: self._runner.accept(self._plan_as_written().id))
            head.again_asked.connect(self._again)
        for head in (film.head, self._window.film_bar):
            head.more_asked.connect(self._open_menu)
        self._connect_menu()
        cards = film.cards
        cards.hop_added.connect(self._add_hop)
        cards.hop_written.connect(self._write)
        cards.hop_given_up.connect(self._take_back)
        cards.hop_removed.connect(lambda hop_id: self._plans.remove_hops(self._plan().id, [hop_id]))
        cards.hop_duplicated.connect(self._duplicate)
        cards.writing_changed.connect(self._runner.hold_back)
        self._runner.hold_back("")  # what former panels held
        cards.hop_moved.connect(lambda hop_id, to: self._plans.move_hop(self._plan().id, hop_id, to))
        cards.pasted.connect(self._paste)
        film.ruler.fill_asked.connect(self._fill_to_limit)
        form.planned.connect(self._plan_extension)
        self._window.account.chosen.connect(lambda _: self.show_again())

    def _connect_menu(self) -> None:
        menu = self._menu
        menu.hop_asked.connect(self._add_hop_in_sight)
        menu.stop_after_asked.connect(self._stop_after_this)
        menu.account_asked.connect(self._send_with_chosen)
        menu.paste_asked.connect(lambda: self._paste(QGuiApplication.clipboard().text()))
        menu.open_asked.connect(self._load)
        menu.save_asked.connect(self._save)
        menu.reuse_asked.connect(self._choose_earlier)
        menu.cleared.connect(self._clear)

    def _again(self) -> None:
        plan = self._plan_as_written()
        (self._runner.continue_instead if self._continues else self._runner.try_again)(plan.id)

    def _plan(self) -> Plan:
        """The film's plan; made when it is first needed."""
        return self._plans.current(self._film_id) or self._plans.new(self._film_id, self._preferences.profile)

    def _plan_as_written(self) -> Plan:
        """The same with all words of the hop that is being written: whoever runs it has written them."""
        self._window.film.cards.end_writing()
        return self._plan()

    def _plan_to_write(self) -> Plan:
        """The one that hops are added to."""
        return self._plans.to_write(self._film_id, self._preferences.profile)

    def _send_with_chosen(self) -> None:
        self._plans.send_with(self._plan().id, self._preferences.profile)

    def _units_of(self, path: FilmPath) -> Callable[[PlannedHop], Decimal | None]:
        """What a hop is likely to cost. Most ask for the same in other words, which cost nothing."""
        known: dict[Generation | None, Decimal | None] = {}

        def units(hop: PlannedHop) -> Decimal | None:
            generation = hop.generation if hop.way is Way.CONTINUE else None
            if generation not in known:
                clip_id = path.tip.take.clip_id if path.tip else ""
                known[generation] = self._estimate(Extension(clip_id, hop.prompt, generation=generation))
            return known[generation]

        return units

    # --- hops ----------------------------------------------------------------------------------------------------

    def _add_hop(self) -> None:
        added = self._added_to_plan() if self._film_id else None
        if added is not None:
            self._to_write = self._added = added.id
            self.show_again()  # at once: whoever writes on must find a field, or the letters would be keys of the lane

    def _added_to_plan(self, hop: PlannedHop | None = None) -> PlannedHop | None:
        """The hop as it was added behind the others; None where no more fit, which is said."""
        try:
            return self._plans.add_hop(self._plan_to_write().id, hop)
        except PlanFull:
            self._say_full()
            return None

    def _say_full(self) -> None:
        self._window.notices.toast(tr("A plan holds 400 hops; these would be too many."))

    def _duplicate(self, hop_id: str) -> None:
        try:
            self._plans.duplicate_hop(self._plan().id, hop_id)
        except PlanFull:
            self._say_full()

    def _add_hop_in_sight(self) -> None:
        """From a menu the lane may be folded, and its words are written in it."""
        self._window.show_lane()
        self._add_hop()

    def _take_back(self, hop_id: str) -> None:
        """One that was added by a slip, and never had a word, goes as it came."""
        plan = self._plan()
        if hop_id == self._added and any(hop.id == hop_id and not hop.prompt.strip() for hop in plan.hops):
            self._plans.remove_hops(plan.id, [hop_id])

    def _write_new_hop(self, view: FilmView) -> None:
        """A hop that was just added wants words: its editor opens once its card is there."""
        if self._to_write and any(card.id == self._to_write for card in view.cards):
            self._window.film.cards.write_hop(self._to_write)
            self._to_write = ""

    def _write(self, hop_id: str, words: str) -> None:
        plan = self._plan()
        hop = next((hop for hop in plan.hops if hop.id == hop_id), None)
        if hop is not None and hop.prompt != words:
            try:
                self._plans.change_hop(plan.id, replace(hop, prompt=words))
            except HopSent:  # while its card was still drawn as planned
                self._window.notices.toast(tr("This hop was sent before its words were changed."))

    def _plan_extension(self, extension: Extension) -> None:
        """What stands in the form, behind the other planned hops."""
        if not self._film_id:
            self._window.notices.toast(tr("Open a film first: a plan goes on from its end."))
            return
        way = Way.CONTINUE if extension.generation else Way.EXTEND
        hop = PlannedHop(
            "",
            extension.prompt,
            way,
            takes=self._window.form.foot.count,
            negative_prompt=extension.negative_prompt,
            guidance=extension.guidance,
            watermark=extension.watermark,
            generation=extension.generation,
        )
        if self._added_to_plan(hop) is None:
            return
        self._window.form.was_planned()
        self._window.notices.toast(tr("Planned as the next hop; nothing was sent."))

    def _fill_to_limit(self) -> None:
        plan = self._plan_to_write()
        path = self._tree.path(self._film_id)
        missing = self._planner.forecast(path, plan, making=self._making(path)).to_wanted.hops
        self._window.film.cards.setFocus()  # what was pressed goes, and its focus would go anywhere
        self._plans.extend_by(plan.id, missing)

    def _making(self, path: FilmPath) -> Making | None:
        """What the film will go on with; roots have their place in the film itself."""
        return self._tree.making(path.tip.take.id if path.tip else path.film_id)

    # --- texts ---------------------------------------------------------------------------------------------------

    def _paste(self, text: str) -> None:
        if self._film_id:
            self._tell_faults(self._plans.paste(self._plan_to_write().id, text))

    def _tell_faults(self, read: PlanText) -> None:
        said = [
            tr("Line {n} is too long by {over} characters.", n=fault.line, over=fault.count - 2500)
            if fault.fault is Fault.TOO_LONG
            else tr("This text has {n} hops; a plan holds 400.", n=fault.count)
            for fault in read.faults[:3]
        ]
        if said:
            self._window.notices.show_banner("plan", " ".join([tr("Nothing was planned."), *said]), level="error")
        else:
            self._window.notices.hide_banner("plan")
            n = len(read.prompts)
            words = (
                tr_count(n, "Planned {n} hop.", "Planned {n} hops.") if n else tr("There are no words in this text.")
            )
            self._window.notices.toast(words)

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._menu.fill(menu, self._view)
        menu.popup(place)

    def _choose_earlier(self) -> None:
        """Let the creator choose among the plans of all films."""
        earlier = [plan for plan in self._plans.earlier() if any(hop.prompt.strip() for hop in plan.hops)]
        if not earlier:
            self._window.notices.toast(tr("There is no earlier plan yet."))
            return
        from kling_desktop.ui.film.earlier_plans import EarlierPlans  # most starts never show it

        chooser = EarlierPlans(earlier, self._window)
        chooser.chosen.connect(self._reuse)
        chooser.open()

    def _reuse(self, plan_id: str) -> None:
        if not self._film_id:
            return
        try:
            plan = self._plans.reuse(plan_id, self._film_id, self._preferences.profile)
        except PlanFull:
            self._say_full()
            return
        n = len(plan.to_come)
        said = tr_count(n, "{n} hop is planned. Nothing was sent.", "{n} hops are planned. Nothing was sent.")
        self._window.notices.toast(said)

    def _stop_after_this(self) -> None:
        plan = self._plan()
        self._runner.stop_after_this(plan.id, wanted=not plan.stop_after_this)

    def _clear(self) -> None:
        plan = self._plan()
        self._plans.remove_hops(plan.id, [hop.id for hop in plan.to_come])

    def _load(self) -> None:
        self._choose_file(QFileDialog.AcceptMode.AcceptOpen, self._load_from)

    def _load_from(self, file: Path) -> None:
        try:
            self._tell_faults(self._plans.load(self._plan_to_write().id, file))
        except FileTrouble as error:
            said = " ".join((tr("Nothing was planned."), f"{file.name}:", f"{tr(error.title)}.", tr(error.advice)))
            self._window.notices.show_banner("plan", said, level="error")

    def _save(self) -> None:
        self._choose_file(QFileDialog.AcceptMode.AcceptSave, lambda file: self._plans.save(self._plan().id, file))

    def _choose_file(self, mode: QFileDialog.AcceptMode, then: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, tr("Plan"), "", tr("Plain text (*.txt)"))
        dialog.setAcceptMode(mode)
        dialog.setDefaultSuffix("txt")
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
