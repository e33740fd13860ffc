"""What else a film can be handed out as: timelines, archives, stills at seams, a contact sheet, its prompts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Final

from kling_desktop.errors import ExportDiffers, ExportUnfit, KlingDesktopError
from kling_desktop.export.archives.archive import write_archive
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.coded import DAMAGED
from kling_desktop.export.formats.format import Order, plan_as_it_is, plan_of
from kling_desktop.export.formats.sources import require_whole
from kling_desktop.export.papers import carriers
from kling_desktop.export.papers.record import file_names, papers_of
from kling_desktop.export.placing import hidden, named
from kling_desktop.export.remarks import remarks_on_media
from kling_desktop.export.request import Exported, Request
from kling_desktop.export.timelines.folder import write_folder
from kling_desktop.export.timelines.tables import prompts_csv, prompts_text
from kling_desktop.export.timelines.timeline import timeline_of
from kling_desktop.export.unchanged import unchanged
from kling_desktop.media.film.conform import film_shape
from kling_desktop.media.film.plan import FilmPlan
from kling_desktop.media.probe import verify
from kling_desktop.media.writing.stills import contact_sheet, ends_of, write_stills

Progress = Callable[[int, int], object]
Stopped = Callable[[], bool]

_MOST_CELLS: Final = 60
"""Pictures on a contact sheet."""


NO_SEAM: Final = "It has no seam."
NOT_WHOLE: Final = "A clip is not whole. It was archived as it is."


def _timelines(request: Request, progress: Progress, stopped: Stopped) -> Exported:
    require_whole(request.film, stopped)  # an editor would stumble over it, when nobody remembers why
    plan, notes = plan_as_it_is(request.film), remarks_on_media(request.film)
    folder = write_folder(request.film, request.target, progress=progress, stopped=stopped, mark=request.mark)
    return Exported(folder, plan.frames, plan.seconds, notes)


def _archive(request: Request, progress: Progress, stopped: Stopped) -> Exported:
    plan = plan_as_it_is(request.film)
    archive = write_archive(
        request.film, request.library, request.target, progress=progress, stopped=stopped, mark=request.mark
    )
    parts = (each for part in request.film.parts for each in (part, *part.alternates))
    are_whole = all(_is_whole(file) for file in dict.fromkeys(part.file for part in parts))
    return Exported(archive, plan.frames, plan.seconds, () if are_whole else (NOT_WHOLE,))


def _is_whole(file: Path) -> bool:
    """An archive is made to keep what there is, so that it refuses nothing that plays."""
    try:
        verify(file)
    except KlingDesktopError:
        return False
    return True


def seam_places(film: ExportFilm) -> tuple[int, ...]:
    """The film's frames on either side of each seam, rising. Raises what `film_plan` does."""
    timeline = timeline_of(film, file_names(film))
    return tuple(sorted({place for marker in timeline.markers for place in (max(0, marker.at - 1), marker.at)}))


def unfit(request: Request) -> str:
    """Why this cannot be written so, in plain English; empty when it can. Raises what `film_plan` does."""
    if request.format_key in ("seam-stills", "contact-sheet"):  # pictures of it, which HDR's would be wrong in
        for file in dict.fromkeys(part.file for part in request.film.parts):
            film_shape(file)
    return NO_SEAM if request.format_key == "seam-stills" and not seam_places(request.film) else ""


def _seam_stills(request: Request, progress: Progress, stopped: Stopped) -> Exported:
    plan, places = plan_of(request.film), seam_places(request.film)
    if not places:
        raise ExportUnfit(NO_SEAM)
    with hidden(request.target, request.mark) as part:
        part.mkdir()
        framing, damage = Order(request.film, part, request.options).framing(plan), list[bool]()
        stills = write_stills(plan, framing, places, part, lambda: damage.append(True))
        with unchanged(each.file for each in request.film.parts), closing(stills) as written:
            off = ends_of(written, len(places), progress, stopped)
        _check_pictures(off, len(list(part.glob("*.png"))), len(places))
        carriers.mark_pictures(part, request.film)
        (part / carriers.FOLDER_RECORD).write_bytes(carriers.sidecar(papers_of(request.film), request.film))
        return Exported(named(part, request.target), plan.frames, plan.seconds, _damaged(damage))


def sheet_places(plan: FilmPlan, seams: tuple[int, ...]) -> tuple[int, ...]:
    """Frames for a sheet: evenly spread, about one in two seconds, and the first of each hop among them."""
    count = min(_MOST_CELLS, max(8, round(plan.seconds / 2)))
    spread = {number * plan.frames // count for number in range(count)}
    return tuple(sorted(spread | set(seams[: _MOST_CELLS - count])))


def _contact_sheet(request: Request, progress: Progress, stopped: Stopped) -> Exported:
    plan = plan_of(request.film)
    seams = tuple(marker.at for marker in timeline_of(request.film, file_names(request.film)).markers)
    damage: list[bool] = []
    with hidden(request.target, request.mark) as part:
        with unchanged(each.file for each in request.film.parts):
            off = contact_sheet(
                plan,
                sheet_places(plan, seams),
                part,
                progress=progress,
                stopped=stopped,
                on_damage=lambda: damage.append(True),
            )
        _check_pictures(off, 1, 1)
        carriers.embed(part, request.film, papers_of(request.film))
        return Exported(named(part, request.target), plan.frames, plan.seconds, _damaged(damage))


def _damaged(damage: list[bool]) -> tuple[str, ...]:
    return (DAMAGED,) if damage else ()


def _check_pictures(off: float, found: int, wanted: int) -> None:
    """`off` is how far, in levels, a picture is from the film's when it is read back."""
    if found != wanted:
        raise ExportDiffers(f"{found} of {wanted} pictures were written")
    if off > 1.0:
        raise ExportDiffers(f"a picture is another than the film's (by {off:.0f} levels)")


def words_of(request: Request) -> bytes | None:
    """What an export of words alone holds; None for any other."""
    match request.format_key:
        case "prompts-csv":
            return prompts_csv(request.film).encode("utf-8-sig")
        case "prompts-text":
            return prompts_text(request.film).encode()
    return None


def _prompts(request: Request, progress: Progress, stopped: Stopped) -> Exported:
    words = words_of(request) or b""
    with hidden(request.target, request.mark) as part:
        part.write_bytes(words)
        if part.read_bytes() != words:
            raise ExportDiffers("the words came back otherwise than they were written")
        progress(1, 1)
        return Exported(named(part, request.target), 0, Fraction(0))


OUTPUTS: Final[dict[str, Callable[[Request, Progress, Stopped], Exported]]] = {
    "timelines": _timelines,
    "archive": _archive,
    "seam-stills": _seam_stills,
    "contact-sheet": _contact_sheet,
    "prompts-csv": _prompts,
    "prompts-text": _prompts,
}
"""Key, as it stands in settings -> what writes it."""

WITH_OTHERS: Final = ("timelines", "archive")
"""Those that hold the files of other takes too."""
