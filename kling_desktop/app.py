"""Builds the program, wires it, opens and closes everything: the composition root."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from kling_desktop.domain.accounts import SESSION, Credentials, Profile, Region
from kling_desktop.domain.analysis import Tolerance
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.models import extend_units, units
from kling_desktop.domain.places.drives import DRIVES
from kling_desktop.domain.plans import PlannedHop
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import DamageMet, DataFolderUnusable, KlingDesktopError, StoreBusy, StoreDamaged
from kling_desktop.running.crash_files import crashes_written
from kling_desktop.running.data_folder import made_private, remember_folder
from kling_desktop.running.log_files import log_written
from kling_desktop.running.loopback import spare_loopback
from kling_desktop.running.places import data_folder, folder_note
from kling_desktop.running.run_marker import RunMarker
from kling_desktop.running.sandbox_door import SandboxDoor
from kling_desktop.running.stray_errors import strays_caught
from kling_desktop.sandbox.child import SandboxChild
from kling_desktop.store.files import write_atomically
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.listing import Listing
from kling_desktop.store.films.needed_clips import needed_clips
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from kling_desktop.store.vault import Vault, from_environment
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.account.callbacks import Callbacks
from kling_desktop.studio.account.catalogue import Catalogue
from kling_desktop.studio.account.keys import Keys
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer
from kling_desktop.studio.analysis.limits_by_example import kept_limits
from kling_desktop.studio.analysis.seam_stills import SeamStillMaker
from kling_desktop.studio.analysis.verdicts import Verdicts
from kling_desktop.studio.feed import Feed, Noticed
from kling_desktop.studio.files.downloads import Downloader, DownloadSettings
from kling_desktop.studio.files.joined_films import JoinedFilms
from kling_desktop.studio.files.pictures import Pictures
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.handing_over.desk import Desk
from kling_desktop.studio.films.handing_over.handover import Handover
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.planning.held_tasks import HeldTasks
from kling_desktop.studio.films.planning.hop_seeds import HopSeeds
from kling_desktop.studio.films.planning.judge import Judge
from kling_desktop.studio.films.planning.planner import Planner
from kling_desktop.studio.films.planning.plans import Plans, usual_hop
from kling_desktop.studio.films.planning.runner import Runner
from kling_desktop.studio.films.prices import Prices
from kling_desktop.studio.films.taking_in.adoption import Adoption
from kling_desktop.studio.films.taking_in.awaited import AwaitedFilms
from kling_desktop.studio.films.taking_in.half_taken import HalfTaken
from kling_desktop.studio.films.taking_in.openings import Openings
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.studio.history import History
from kling_desktop.studio.imports import Imports
from kling_desktop.studio.lister import Lister
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.program.program_file import ProgramFile, own_file
from kling_desktop.studio.program.updates import Updates
from kling_desktop.studio.report import Reporter
from kling_desktop.studio.studio import Studio
from kling_desktop.studio.tasks.trash import Sweeper

# isort: split
# Qt comes after all that needs no Qt: it reads the source of every module that is imported once it is there (0.3 ms).
import qasync
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from kling_desktop.running.first_paint import application, look_file
from kling_desktop.running.loop.garbage import garbage_collected_here
from kling_desktop.running.loop.stop_signals import StopSignals, stops_noted
from kling_desktop.running.single_instance import SingleInstance, acquire
from kling_desktop.ui import i18n, theme
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.dialogs.export import ExportWiring
from kling_desktop.ui.wiring.rebuild.panels import file_of, wire
from kling_desktop.ui.wiring.rebuild.screen import Screen
from kling_desktop.ui.wiring.rebuild.services import FilmRooms, Services
from kling_desktop.ui.wiring.studio_rows import StudioRows

log = logging.getLogger(__name__)


_TURN_SECONDS = 0.001
"""How long a thread that reads may keep the window from its turn; the usual 5 ms, twice in a row, are seen."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    sandbox: bool = False
    data_dir: Path | None = None
    api_base: str = ""
    tour: Path | None = None
    states: bool = False
    """The tour also makes the pictures of all screens and states."""
    files: tuple[Path, ...] = ()
    """Taken in as if they were dropped on the window; of absolute paths."""
    sandbox_speed: str = "demo"
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Program:
    """The running program: its engine and its window."""

    studio: Studio
    window: Window
    preferences: Preferences
    data_dir: Path


def run(options: Options, window: Window | None = None) -> int:
    """Run the program until its window is closed, in a window that stands there already. Returns the exit code."""
    if options.tour and options.data_dir is None:
        # Not in the creator's own library: a tour begins with nothing, and leaves nothing but what it shows.
        with TemporaryDirectory(prefix="kling-tour-", ignore_cleanup_errors=True) as folder:
            return run(replace(options, data_dir=Path(folder)))
    app, is_mended = make_application(), False
    while True:
        try:
            return _run(app, options, window)
        except DamageMet as error:  # noted: beginning again carries over what can be read, once
            if not is_mended:
                is_mended = True
                continue
            trouble: KlingDesktopError = error
        except KlingDesktopError as error:
            trouble = error
        except OSError as error:  # the disk, before there is anything that could say so in a window
            trouble = DataFolderUnusable(f"{error.filename or ''}: {error.strerror}")
            trouble.__cause__ = error
        finally:
            if window is not None and isValid(window):  # it never got its panels
                window.hide()
            window = None
        from kling_desktop.ui.startup_error import show_startup_error

        theme.wear_sheet(app)  # no panels came that would have
        chosen = show_startup_error(trouble)
        if chosen is None:
            return 1
        if not options.tour:
            remember_folder(folder_note(), chosen)
        options = replace(options, data_dir=chosen)


def _run(app: QApplication, options: Options, window: Window | None) -> int:
    data_dir = _data_dir(options)
    with stops_noted() as stops:
        place = acquire(data_dir, options.files)
        if place is None:  # the window that runs already has come forward
            return 0
        loop = asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app))
        with closing(place), crashes_written(data_dir), loop as runner:
            return runner.run(_show(options, place, window, stops))


def make_application() -> QApplication:
    """The Qt application, which must outlive everything that is shown."""
    app = application()
    sys.setswitchinterval(_TURN_SECONDS)
    spare_loopback(os.environ)
    app.setWindowIcon(theme.program_icon())
    return app


async def _show(options: Options, place: SingleInstance, window: Window | None, stops: StopSignals) -> int:
    async with opened(options, os.environ, window) as program, AsyncExitStack() as stack:
        stack.enter_context(stops.handled(program.window.leave))
        program.window.reveal()
        gc.freeze()  # what was loaded stays; looking through it again and again would be felt
        stack.enter_context(garbage_collected_here())
        place.raises(program.window, program.window.files_given.emit)
        if options.files:
            program.window.files_given.emit(options.files)
        if options.tour:
            return await _toured(program, options.tour, states=options.states)
        await program.window.closed.wait()
        place.stop_listening()
        _keep_look(program)
        return 0


async def _toured(program: Program, folder: Path, *, states: bool) -> int:
    from kling_desktop.ui.tour.states import States
    from kling_desktop.ui.tour.tour import Tour
    from kling_desktop.ui.tour.watch import unless_it_cannot_go_on

    feed, closed = program.studio.feed, program.window.closed
    code = await unless_it_cannot_go_on(Tour(program.window, folder).take(), feed, closed)
    if code or not states:
        return code
    return await unless_it_cannot_go_on(States(program.window, folder).take(), feed, closed)


def _keep_look(program: Program) -> None:
    """For the next start; without it that one begins with a plain ground."""
    with suppress(KlingDesktopError, OSError):
        write_atomically(look_file(program.data_dir), program.window.look_text().encode())


@asynccontextmanager
async def opened(
    options: Options, environment: Mapping[str, str], window: Window | None = None
) -> AsyncIterator[Program]:
    """Everything, open and wired; closed in reverse order when the block ends. A given window is furnished.

    Needs a QApplication and its loop. Raises StoreNewer when a newer version has written the library.
    """
    data_dir = _data_dir(options)
    async with AsyncExitStack() as stack:
        stack.enter_context(log_written(data_dir))
        run = RunMarker(data_dir / "running.mark")
        stack.callback(run.end)  # first in, last out: a kill at any moment before that is noticed
        vault, session = _session_keys(options, environment)
        preferences = Preferences(data_dir, session, only_sandbox=options.sandbox)
        stack.push_async_callback(preferences.flush)
        _know_drives(preferences)
        stack.callback(DRIVES.know, ())  # it outlives this program, and would hold on to its settings
        i18n.use(preferences.now.language)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - the caller made it
        theme.hold_sheet(app)
        theme.apply(app, preferences.now.theme)
        theme.apply_text_size(app, preferences.now.text_size)
        library, trouble = _open_library(data_dir / "library.sqlite3")
        stack.callback(library.close)
        run.begin()
        feed = Feed()
        child = SandboxChild(data_dir / "sandbox", speed=options.sandbox_speed)
        door = SandboxDoor(child, lambda trouble: feed.publish(Noticed(trouble)))
        stack.callback(door.close)
        accounts = Accounts(vault, door)
        budget, prices = _build_budget(library, feed)
        building = _build_studio(options, library, vault, accounts, preferences, data_dir, feed, budget)
        studio = await stack.enter_async_context(building)
        rooms = _build_films(library, studio, prices, preferences, data_dir, options.pace)
        stack.callback(rooms.continuation.close)
        stack.callback(rooms.imports.close)
        history = History(
            library, accounts, studio, lambda: preferences.takes_folder, options.pace,
            KLING_TIME.now, rooms.continuation.asked.all,
        )  # fmt: skip
        window = window or Window()
        stack.callback(window.put_away)
        callbacks = Callbacks(vault, studio.feed, studio.apply_hint)
        stack.push_async_callback(callbacks.close)
        seam_stills = SeamStillMaker(studio.feed, studio.background.run, data_dir / "seam_stills")
        stack.callback(seam_stills.close)
        listing = Listing(library.database, KLING_TIME.now, KLING_TIME.surely)
        services = Services(
            studio, rooms, budget, history, preferences, callbacks, seam_stills,
            _build_sweeper(library, studio, data_dir),
            Reporter(library, vault, preferences, data_dir), Updates(), ProgramFile(own_file()),
            AwaitedFilms(data_dir / "awaited.json"), Lister(listing, studio.background.run), data_dir, _recognise,
        )  # fmt: skip
        verdicts = Verdicts(
            library, listing, studio.analyzer.seams, lambda: kept_limits(preferences), feed, studio.background.run
        )
        feed.subscribe(verdicts.hear)
        lister = Lister(listing, studio.background.run)
        seam, film = studio.analyzer.newest_seam, partial(file_of, services)
        rows = StudioRows(studio, listing, lister, rooms.tree, seam, film)
        screen = Screen(window, rows, studio.feed, partial(wire, window, services))
        stack.callback(screen.close)
        screen.furnish()
        preferences.tell_trouble(lambda error: studio.feed.publish(Noticed(error.trouble)))
        stack.enter_context(strays_caught(lambda trouble: studio.feed.publish(Noticed(trouble))))
        for told in (*([trouble] if trouble else []), *(error.trouble for error in preferences.unread)):
            studio.feed.publish(Noticed(told))
        resume = partial(
            _resume, studio, rooms, budget, screen.wired.exports, verdicts, after_crash=run.ended_badly_before
        )
        stack.callback(asyncio.get_running_loop().call_soon(resume).cancel)  # after the first paint
        yield Program(studio, window, preferences, data_dir)


def _resume(
    studio: Studio,
    rooms: FilmRooms,
    budget: Budget,
    exports: ExportWiring,
    verdicts: Verdicts,
    *,
    after_crash: bool,
) -> None:
    """Tasks first: a plan goes on from what they become; but none of a plan that is paused."""
    with suppress(StoreBusy):  # else a little later, with the others
        rooms.runner.hold_paused()
    studio.resume(after_crash=after_crash)
    studio.background.run(_resume_plans(rooms.runner))
    studio.background.run(budget.run(studio.watch))
    studio.background.run(studio.analyzer.measure_again(rooms.continuation.measure_again))
    studio.background.run(verdicts.judge_all())
    exports.resume()


async def _resume_plans(runner: Runner) -> None:
    """As soon as no other program holds the library."""
    while True:
        try:
            runner.resume()
            return
        except StoreBusy:
            await asyncio.sleep(0.5)


def _build_budget(library: Library, feed: Feed) -> tuple[Budget, Prices]:
    records = UnitRecords(library.database)
    prices = Prices(records, library.clip, units, extend_units)
    budget = Budget(records, feed, prices.estimate, KLING_TIME.now)
    feed.subscribe(budget.hear)
    return budget, prices


def _build_films(
    library: Library, studio: Studio, prices: Prices, preferences: Preferences, data_dir: Path, pace: Pace
) -> FilmRooms:
    feed, analyzer, background = studio.feed, studio.analyzer, studio.background.run
    records, plan_records = FilmRecords(library.database), PlanRecords(library.database)
    undo = Undo(feed=feed, run=background)
    tree = Tree(records, lambda state: studio.analyzer.newest_seam(state.clip))
    picks = Picks(records, feed, undo, studio.ledger.note, studio.forget, studio.restore)
    films = Films(records, feed, undo, _now)
    handover = Handover(
        films, tree, studio.clips.find, studio.analyzer.seams, studio.analyzer.newest_seam,
        seam_words.in_full, seam_words.title,
    )  # fmt: skip
    continuation = Continuation(
        tree, studio.clips.find, analyzer, feed, background, data_dir, studio.clips.keep, handover.take, pace
    )
    judge = Judge(continuation.find_seams, continuation.measure_drift, background, known_drift=analyzer.drift)
    runner = Runner(
        plan_records,
        tree,
        picks,
        judge,
        feed,
        studio.restore,
        _now,
        HeldTasks(tree, studio.lines.is_unsent, studio.stop_watching, studio.watch),
        HopSeeds(continuation.seed, background),
    )
    plans = Plans(plan_records, feed, undo, _now, partial(_usual_hop, records, tree))
    planner = Planner(
        prices.estimate,
        studio.typical_times.seconds,
        studio.lines.limit,
        analyzer.drift,
        lambda: Tolerance().times(preferences.now.drift_tolerance),
        lambda: preferences.unit_price,
    )
    feed.subscribe(tree.hear)
    feed.subscribe(runner.hear)
    feed.subscribe(continuation.on_facts)
    imports = Imports(
        films,
        studio.clips.find,
        library.clip_of_file,
        studio.clips.note,
        feed,
        background,
        lambda: preferences.takes_folder,
        lambda: preferences.now.links_imports,
    )
    adoption = Adoption(
        records, feed, studio.ledger.note, studio.clips.note, studio.ledger.find, studio.clips.find,
        HalfTaken(data_dir / "half_taken.json"),
    )  # fmt: skip
    desk = Desk(films, tree, handover, continuation.fit)
    joined = JoinedFilms(data_dir / "renders", background)
    feed.subscribe(joined.on_facts)
    return FilmRooms(
        films, tree, picks, plans, runner, planner, continuation, Pictures(data_dir / "pictures"),
        undo, imports, desk, adoption, Openings(feed, adoption, library.clip_of_file), library.clip_of_file, joined,
    )  # fmt: skip


def _build_sweeper(library: Library, studio: Studio, data_dir: Path) -> Sweeper:
    needed = partial(needed_clips, library.database)
    return Sweeper(
        library,
        studio.ledger,
        studio.feed,
        data_dir / "trash",
        KLING_TIME.now,
        dragged=data_dir / "dragged",
        needed=needed,
        surely=KLING_TIME.surely,
    )


def _usual_hop(records: FilmRecords, tree: Tree, film_id: str) -> PlannedHop:
    tip = tree.path(film_id).tip
    return usual_hop(records.film(film_id), tip.clip if tip else None, tree.last_way(film_id), KLING_TIME.surely())


def _now() -> datetime:
    return datetime.now(UTC)


def _build_studio(
    options: Options,
    library: Library,
    vault: Vault,
    accounts: Accounts,
    preferences: Preferences,
    data_dir: Path,
    feed: Feed,
    budget: Budget,
) -> Studio:
    downloader = Downloader(accounts, feed, lambda: _download_settings(preferences, data_dir), options.pace)
    analyzer = ClipAnalyzer(library, feed, data_dir, lambda: kept_limits(preferences))
    catalogue = Catalogue(library, accounts, feed, downloader.posters_at_hand)
    keys = Keys(vault, accounts, feed)
    return Studio(
        library,
        feed,
        accounts,
        downloader,
        catalogue,
        keys,
        analyzer,
        options.pace,
        reserve=budget.reservation,
        needs_date=budget.needs_date,
    )


def _download_settings(preferences: Preferences, data_dir: Path) -> DownloadSettings:
    chosen = preferences.now
    return DownloadSettings(
        takes=preferences.takes_folder,
        posters=data_dir / "posters",
        parallel=chosen.parallel_downloads,
        bytes_per_second=chosen.speed_limit_kb * 1000,
    )


def _data_dir(options: Options) -> Path:
    return made_private(data_folder(options.data_dir))


def _know_drives(preferences: Preferences) -> None:
    """Those that folders lay on are remembered over the end of the program, whichever thread sees one."""
    loop = asyncio.get_running_loop()

    def remember(drives: tuple[str, ...]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lambda: preferences.change(drives=drives))

    DRIVES.know(preferences.now.drives, remember)


def _session_keys(options: Options, environment: Mapping[str, str]) -> tuple[Vault, tuple[Profile, ...]]:
    """The vault, and the profile that the environment or the command line brings for this session, if any."""
    vault = Vault()
    credentials = from_environment(environment)
    if options.sandbox or not (credentials or options.api_base):
        return vault, ()
    address = options.api_base.rstrip("/")
    profile = Profile(SESSION, Region.CUSTOM if address else Region.SINGAPORE, address)
    if credentials:
        vault.keep_for_session(profile.name, credentials)
    return vault, (profile,)


def _open_library(path: Path) -> tuple[Library, Trouble | None]:
    try:
        return Library.open(path), None
    except StoreDamaged as damage:  # it has been set aside: start with a new one, and say so
        log.error("%s", damage)
        return Library.open(path), damage.trouble


def _recognise(pasted: str) -> Credentials | None:
    from kling_desktop.kling.auth import recognise  # loads the JWT library: not before somebody pastes keys

    return recognise(pasted)
