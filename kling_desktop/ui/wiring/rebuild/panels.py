"""Connects the panels that stand in the window with everything that they show and ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.studio.analysis.limits_by_example import LimitsByExample
from kling_desktop.studio.films.handing_over.choices import DEFAULT
from kling_desktop.studio.films.handing_over.named_file import named_file, seconds_of
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.clips import ClipWiring
from kling_desktop.ui.wiring.compare import CompareWiring
from kling_desktop.ui.wiring.continuing import ContinuingWiring
from kling_desktop.ui.wiring.culling import CullingWiring
from kling_desktop.ui.wiring.dialogs.accounts import AccountWiring
from kling_desktop.ui.wiring.dialogs.export import ExportWiring
from kling_desktop.ui.wiring.dialogs.help import HelpWiring
from kling_desktop.ui.wiring.dialogs.history import HistoryWiring
from kling_desktop.ui.wiring.dialogs.ledger import LedgerWiring
from kling_desktop.ui.wiring.dialogs.report import ReportWiring
from kling_desktop.ui.wiring.dialogs.settings import SettingsWiring
from kling_desktop.ui.wiring.dialogs.updates import UpdatesWiring
from kling_desktop.ui.wiring.doctor import DoctorWiring
from kling_desktop.ui.wiring.expiry import ExpiryWiring
from kling_desktop.ui.wiring.films.budget import BudgetWiring
from kling_desktop.ui.wiring.films.displaced import DisplacedWiring
from kling_desktop.ui.wiring.films.film import FilmWiring
from kling_desktop.ui.wiring.films.film_faces import Faces
from kling_desktop.ui.wiring.films.form_source import FormSource
from kling_desktop.ui.wiring.films.held_hops import HeldHops
from kling_desktop.ui.wiring.films.limits import LimitsWiring
from kling_desktop.ui.wiring.films.plan import PlanWiring
from kling_desktop.ui.wiring.films.playhead import PlayheadWiring
from kling_desktop.ui.wiring.films.stage_face import ShownTakes, StageFace
from kling_desktop.ui.wiring.library.handed_over import HandedOverWiring
from kling_desktop.ui.wiring.library.imports import ImportWiring
from kling_desktop.ui.wiring.library.page import LibraryWiring
from kling_desktop.ui.wiring.menu.film_menu import FilmMenuWiring
from kling_desktop.ui.wiring.menu.leaving import LeavingWiring
from kling_desktop.ui.wiring.menu.notifying import NotifyingWiring
from kling_desktop.ui.wiring.menu.search import SearchWiring
from kling_desktop.ui.wiring.menu.undo import UndoWiring
from kling_desktop.ui.wiring.program import ProgramWiring
from kling_desktop.ui.wiring.queue import QueueWiring
from kling_desktop.ui.wiring.rebuild.screen import Screen, Wired
from kling_desktop.ui.wiring.rebuild.services import Services
from kling_desktop.ui.wiring.seams import SeamWiring
from kling_desktop.ui.wiring.session import SessionWiring
from kling_desktop.ui.wiring.takes import TakeWiring


def wire(window: Window, services: Services, screen: Screen) -> Wired:
    """Connect the panels that stand in the window now; the screen ends all of it before others come."""
    studio, rooms, preferences = services.studio, services.rooms, services.preferences
    navigator = Navigator(window, studio)
    stage = _stage(services)
    compare = _wire_takes(window, services, navigator, screen, stage)
    film, library, exports = _wire_films(window, services, navigator, screen, stage)
    ReportWiring(window, studio, services.reporter)
    UpdatesWiring(window, studio, services.updates)
    settings = SettingsWiring(
        window, studio, preferences, services.callbacks, services.budget, rooms.joined, screen.refit
    )
    rooms.joined.on_stage = lambda: window.viewer.clip.file if window.viewer.clip else None
    SearchWiring(window, services.searching, rooms.films, film, settings, preferences)
    joining = rooms.continuation
    seams = SeamWiring(window, studio, services.seam_stills, preferences, joining.measure_drift, joining.is_joining)
    LimitsWiring(window, LimitsByExample(preferences, studio.feed), rooms.undo)
    screening = CullingWiring(window, studio, services.sweeper, preferences, rooms.tree, rooms.picks, rooms.undo)
    screen.listen(settings.on_facts, seams.on_facts, screening.on_facts)
    return Wired(navigator, film, library, exports, settings, compare)


def _wire_films(
    window: Window, services: Services, navigator: Navigator, screen: Screen, stage: ShownTakes
) -> tuple[FilmWiring, LibraryWiring, ExportWiring]:
    studio, rooms, budget, preferences = services.studio, services.rooms, services.budget, services.preferences
    faces = Faces(
        first=lambda clip: studio.clips.poster(clip.id),
        last=lambda clip: studio.analyzer.tail_still(clip.id),
        seam=studio.analyzer.newest_seam,
        clip=studio.clips.find,
    )
    tree, plans, runner, planner = rooms.tree, rooms.plans, rooms.runner, rooms.planner
    plan = PlanWiring(
        window, tree, plans, runner, planner, budget.estimate, faces, preferences, studio.typical_times.seconds
    )
    film = FilmWiring(window, studio, rooms.films, tree, rooms.picks, faces, preferences, navigator, plan.show, stage)
    FilmMenuWiring(window, film, plan, navigator)
    PlayheadWiring(window, film, tree, navigator)
    FormSource(window, film, tree, studio.clips, navigator)
    displaced = DisplacedWiring(window, rooms.films, tree, rooms.picks, plans)
    spent = BudgetWiring(window, budget, preferences, tree)
    ledger = LedgerWiring(window, budget, rooms.films, preferences)
    ledger.unit_priced.connect(plan.show_again)
    brought = ImportWiring(window, studio, rooms.imports, preferences, navigator)
    library = LibraryWiring(window, studio, rooms.films, tree, faces, preferences, navigator, brought)
    back = HandedOverWiring(
        window,
        studio,
        tree,
        rooms.adoption,
        rooms.openings,
        preferences,
        navigator,
        rooms.clip_of_file,
        services.awaited,
    )
    studio.background.run(back.go_on())
    brought.handed_over = back.take
    exports = ExportWiring(
        window,
        studio,
        rooms.films,
        tree,
        rooms.desk,
        preferences,
        services.data_dir,
        shown=lambda: (film.film_id, film.take_id),
        file_of=partial(file_of, services),
    )
    hearing = (plan, film, displaced, spent, ledger, brought, back, library, exports)
    screen.listen(*(wiring.on_facts for wiring in hearing))
    return film, library, exports


def _wire_takes(
    window: Window, services: Services, navigator: Navigator, screen: Screen, stage: ShownTakes
) -> CompareWiring:
    studio, rooms, budget, preferences = services.studio, services.rooms, services.budget, services.preferences
    takes = TakeWiring(
        window,
        studio,
        rooms.films,
        rooms.tree,
        rooms.picks,
        rooms.continuation,
        preferences,
        navigator,
        rooms.undo,
        stage,
    )
    ContinuingWiring(window, studio, rooms.tree, rooms.continuation, rooms.pictures)
    clips = ClipWiring(window, studio, rooms.films, preferences, navigator)
    accounts = AccountWiring(window, studio, preferences, services.recognise, budget)
    ProgramWiring(window, preferences, navigator, accounts, clips, screen.speak)
    doctor = DoctorWiring(window, studio, preferences, navigator, accounts, clips, budget)
    held = HeldHops(rooms.plans, rooms.tree, rooms.films, studio.ledger.find, _still_of_end(studio))
    queue = QueueWiring(window, studio, preferences, navigator, rooms.undo, budget, held)
    session = SessionWiring(window, studio, services.program_file, takes.remember)
    UndoWiring(window, rooms.undo)
    LeavingWiring(window, studio, preferences)
    notifying = NotifyingWiring(window, preferences, studio.clips.poster)
    HelpWiring(window, studio)
    expiry = ExpiryWiring(window, studio, navigator)
    lost = HistoryWiring(window, services.history, preferences)
    compare = CompareWiring(window, studio, preferences, rooms.tree, rooms.continuation)
    screen.at_end(compare.put_away)
    hearing = (notifying, takes, clips, accounts, doctor, queue, session, expiry, lost, compare)
    screen.listen(*(wiring.on_facts for wiring in hearing))
    screen.at_end(takes.remember)
    return compare


def file_of(services: Services, take_id: str) -> Path | None:
    """The film up to and including a take as one file: rendered where it has several parts, and named for people."""
    rooms, preferences = services.rooms, services.preferences.now
    state, parts = rooms.tree.take(take_id), rooms.tree.parts(take_id)
    if state is None or state.clip is None:
        return None
    if len(parts) < 2:
        return state.clip.file
    if (file := rooms.continuation.film_of(state)) is None:
        rooms.continuation.want(state)
        return None
    film = rooms.films.film(state.take.film_id)
    seconds = seconds_of(parts, services.studio.clips.find)
    folder = services.data_dir / "dragged"
    return named_file(file, folder, state, film.name if film else "", seconds, preferences.export_names or DEFAULT)


def _still_of_end(studio: Studio) -> Callable[[Clip], Path | None]:
    """The picture of a clip's last frame; of its first while that one is not read."""
    return lambda clip: studio.analyzer.tail_still(clip.id) or studio.clips.poster(clip.id)


def _stage(services: Services) -> ShownTakes:
    studio, rooms = services.studio, services.rooms
    face = StageFace(studio.clips.find, studio.analyzer.seams, studio.typical_times.seconds)
    return ShownTakes(face, studio.clips.poster, rooms.tree, rooms.continuation)
