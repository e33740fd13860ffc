"""What the panels are wired to: it stays when they are made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain.accounts import Credentials
from kling_desktop.domain.clips import Clip
from kling_desktop.studio.account.callbacks import Callbacks
from kling_desktop.studio.analysis.seam_stills import SeamStillMaker
from kling_desktop.studio.files.joined_films import JoinedFilms
from kling_desktop.studio.files.pictures import Pictures
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.handing_over.desk import Desk
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.planning.planner import Planner
from kling_desktop.studio.films.planning.plans import Plans
from kling_desktop.studio.films.planning.runner import Runner
from kling_desktop.studio.films.taking_in.adoption import Adoption
from kling_desktop.studio.films.taking_in.awaited import AwaitedFilms
from kling_desktop.studio.films.taking_in.openings import Openings
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.studio.history import History
from kling_desktop.studio.imports import Imports
from kling_desktop.studio.lister import Lister
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.program.program_file import ProgramFile
from kling_desktop.studio.program.updates import Updates
from kling_desktop.studio.report import Reporter
from kling_desktop.studio.studio import Studio
from kling_desktop.studio.tasks.trash import Sweeper


@dataclass(frozen=True, slots=True)
class FilmRooms:
    """The services of films, built for each other."""

    films: Films
    tree: Tree
    picks: Picks
    plans: Plans
    runner: Runner
    planner: Planner
    continuation: Continuation
    pictures: Pictures
    undo: Undo
    imports: Imports
    desk: Desk
    adoption: Adoption
    openings: Openings
    clip_of_file: Callable[[Path], Clip | None]
    joined: JoinedFilms


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a panel may ask for."""

    studio: Studio
    rooms: FilmRooms
    budget: Budget
    history: History
    preferences: Preferences
    callbacks: Callbacks
    seam_stills: SeamStillMaker
    sweeper: Sweeper
    reporter: Reporter
    updates: Updates
    program_file: ProgramFile
    awaited: AwaitedFilms
    searching: Lister
    data_dir: Path
    recognise: Callable[[str], Credentials | None]
    """What kind of keys a pasted text holds, if any."""
