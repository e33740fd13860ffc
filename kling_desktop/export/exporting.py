"""One export from order to finished file: checked before, written hidden, read back, papers in it, then named."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from kling_desktop.errors import DiskFull, ExportUnfit, FileTrouble
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.formats.format import Format, Options, Order, Written, plan_of
from kling_desktop.export.names import free
from kling_desktop.export.papers import carriers
from kling_desktop.export.papers.record import Papers, papers_of
from kling_desktop.media.probe import verify
from kling_desktop.media.writing.stills import write_still
from kling_desktop.media.writing.trouble import writing

_SPARE = 1.2
"""More room than it is likely to take."""

_LEAST_FREE = 50_000_000
"""Bytes that stay free on the disk."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported, where to, and how."""

    film: ExportFilm
    format_key: str
    folder: Path
    name: Path
    """Relative to the folder, as `names.filled` makes it, with its ending."""
    options: Options = field(default_factory=Options)
    sidecar: bool = False
    """Whether the papers are to lie beside it as JSON; a folder has them always."""
    poster: bool = False
    """Whether its first frame is to lie beside it as PNG."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export."""

    file: Path
    """The file, or the folder of a sequence."""
    frames: int
    seconds: Fraction
    notes: tuple[str, ...] = ()
    """What the creator should know: where a cut fell, what was lost."""


def export(
    request: Request,
    *,
    progress: Callable[[int, int], object] = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Exported:
    """Write one export. For a thread. Nothing stands under its name before it has been read back; a file that is there
    stays, and the new one gets ` -1`.

    Raises ExportUnfit, ExportDiffers, DiskFull, FileTrouble, NotAVideo and its family, HdrVideo; Abandoned soon after
    `stopped` became true. Then no trace is left.
    """
    form = BY_KEY[request.format_key]
    before = _checked(request, form)
    target = request.folder / request.name
    part = target.with_name(f".{uuid.uuid4().hex[:8]}.part")
    with writing(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            check_space(request, form)
            papers = papers_of(request.film, form.key)
            written = _written(request, form, part, papers, progress, stopped)
            if _states(request.film) != before:
                raise FileTrouble("a source changed while it was read")
            return _named(request, part, target, papers, written)
        finally:
            _remove(part)


def _checked(request: Request, form: Format) -> list[tuple[int, int]]:
    if request.name.is_absolute() or ".." in request.name.parts:
        raise ExportUnfit("the name leaves the folder")
    for file in dict.fromkeys(part.file for part in request.film.parts):
        verify(file)
    if reason := form.unfit(request.film, request.options):
        raise ExportUnfit(reason)
    return _states(request.film)


def _states(film: ExportFilm) -> list[tuple[int, int]]:
    try:
        return [(state.st_size, state.st_mtime_ns) for state in (part.file.stat() for part in film.parts)]
    except OSError as error:
        raise FileTrouble(f"a source cannot be read: {error.strerror}") from error


def expected_bytes(film: ExportFilm, form: Format, options: Options) -> int:
    """About how large it becomes. Raises what `film_plan` does."""
    if not form.bits_per_pixel:
        return sum(part.file.stat().st_size for part in film.parts)
    plan = plan_of(film)
    framing = Order(film, film.parts[0].file, options).framing(plan)
    return round(plan.frames * framing.width * framing.height * form.bits_per_pixel / 8)


def check_space(request: Request, form: Format) -> None:
    """Raises DiskFull when the export is not likely to fit."""
    wanted = round(expected_bytes(request.film, form, request.options) * _SPARE) + _LEAST_FREE
    free_bytes = shutil.disk_usage((request.folder / request.name).parent).free
    if free_bytes < wanted:
        raise DiskFull(f"about {wanted // 1_000_000} MB are needed, {free_bytes // 1_000_000} MB are free")


def _written(
    request: Request,
    form: Format,
    part: Path,
    papers: Papers,
    progress: Callable[[int, int], object],
    stopped: Callable[[], bool],
) -> Written:
    tags = carriers.tags_for(request.film, papers)
    written = form.write(Order(request.film, part, request.options, tags, progress, stopped))
    if form.keeps_bytes:
        return written
    notes = (*written.notes, *carriers.lost(request.film))
    if part.is_dir():
        (part / carriers.FOLDER_RECORD).write_bytes(carriers.sidecar(papers, request.film))
    else:
        carriers.embed(part, request.film, papers)
        if form.suffix in (".mp4", ".mov"):
            carriers.check_tags(part, tags)
            verify(part)
    return Written(written.frames, written.seconds, notes)


def _named(request: Request, part: Path, target: Path, papers: Papers, written: Written) -> Exported:
    """Give it its name: one that no file has, nor any of those that go beside it."""
    _sync(part)
    while True:
        chosen = free(target, lambda path: any(each.exists() for each in (path, *_beside(request, path))))
        try:
            _renamed(part, chosen)
            break
        except FileExistsError:
            continue  # somebody took the name in this very moment
    if request.sidecar and chosen.is_file():
        chosen.with_suffix(".json").write_bytes(carriers.sidecar(papers, request.film))
    if request.poster:
        write_still(plan_of(request.film), 0, chosen.with_suffix(".png"))
    _sync_folder(chosen.parent)
    return Exported(chosen, written.frames, written.seconds, written.notes)


def _beside(request: Request, path: Path) -> list[Path]:
    wanted = ((request.sidecar, ".json"), (request.poster, ".png"))
    return [path.with_suffix(suffix) for is_wanted, suffix in wanted if is_wanted]


def _renamed(part: Path, chosen: Path) -> None:
    """Raises FileExistsError rather than replace a file."""
    if part.is_dir():
        part.rename(chosen)
        return
    try:
        os.link(part, chosen)  # unlike a rename, this replaces nothing
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if chosen.exists():
            raise FileExistsError(chosen) from None
        part.rename(chosen)
    else:
        part.unlink()


def _sync(part: Path) -> None:
    for file in sorted(part.iterdir()) if part.is_dir() else [part]:
        with file.open("rb+") as data:
            os.fsync(data.fileno())


def _sync_folder(folder: Path) -> None:
    with suppress(OSError, AttributeError):  # a system that cannot sync a folder renames durably by itself
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(part: Path) -> None:
    with suppress(OSError):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> int:
    """Delete hidden parts that an earlier run left in a folder of exports when it was killed; how many there were."""
    parts = [path for path in folder.glob(".????????.part") if _is_ours(path)]
    for part in parts:
        _remove(part)
    return len(parts)


def _is_ours(part: Path) -> bool:
    return all(character in "0123456789abcdef" for character in part.name[1:9])
