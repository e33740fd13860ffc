"""One export from order to finished file: checked before, written hidden, read back, papers in it, then named."""

from __future__ import annotations

import filecmp
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from kling_desktop.errors import ArchiveNewer, ExportUnfit
from kling_desktop.export.archives.archive import papers_in
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.formats.coded import too_large
from kling_desktop.export.formats.format import FILM_ENDINGS, Format, Order, Written, plan_of
from kling_desktop.export.formats.sources import require_whole, without_absent
from kling_desktop.export.names import free
from kling_desktop.export.options import Options
from kling_desktop.export.original import size_of
from kling_desktop.export.outputs import OUTPUTS, WITH_OTHERS, words_of
from kling_desktop.export.papers import carriers
from kling_desktop.export.papers.record import Papers, papers_of
from kling_desktop.export.placing import hidden, named, require_space, sync_folder
from kling_desktop.export.remarks import remarks_on_absent, remarks_on_poster
from kling_desktop.export.request import Exported, Request
from kling_desktop.export.unchanged import unchanged
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.probe import verify
from kling_desktop.media.writing.stills import write_still

SPARE = 1.2
"""More room than it is likely to take."""


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
    whole = request.film
    request = replace(request, film=without_absent(whole))
    if request.format_key in OUTPUTS:
        done = OUTPUTS[request.format_key](request, progress, stopped)
        absent = remarks_on_absent(whole) if request.format_key in WITH_OTHERS else ()
        return replace(done, notes=(*absent, *done.notes))
    form = BY_KEY[request.format_key]
    _check(request, form, stopped)
    with hidden(request.target, request.mark) as part:
        check_space(request, form)
        papers = papers_of(request.film, form.key)
        with unchanged(each.file for each in request.film.parts):
            written = _written(request, form, part, papers, progress, stopped)
        if stopped():  # said while it was read back
            raise Abandoned
        return _named(request, part, papers, written)


def _check(request: Request, form: Format, stopped: Callable[[], bool]) -> None:
    if request.name.is_absolute() or ".." in request.name.parts:
        raise ExportUnfit("the name leaves the folder")
    require_whole(request.film, stopped)
    if reason := form.unfit(request.film, request.options):
        raise ExportUnfit(reason)


def expected_bytes(film: ExportFilm, form: Format, options: Options) -> int:
    """About how large it becomes. Raises what `film_plan` does."""
    if not form.bits_per_pixel:
        return sum(size_of(part.file) for part in film.parts)
    order = Order(film, film.parts[0].file, options)
    width, height = form.size(order)
    likely = round(order.plan.frames * width * height * form.bits_per_pixel / 8)
    return likely if options.most_bytes is None else min(likely, options.most_bytes)


def check_space(request: Request, form: Format) -> None:
    """Raises DiskFull when the export is not likely to fit."""
    require_space(request.target.parent, round(expected_bytes(request.film, form, request.options) * SPARE))


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
        carriers.mark_pictures(part, request.film)
        (part / carriers.FOLDER_RECORD).write_bytes(carriers.sidecar(papers, request.film))
    else:
        carriers.embed(part, request.film, papers)
        if form.suffix in FILM_ENDINGS:
            carriers.check_tags(part, tags)
            verify(part)
        most = request.options.most_bytes
        if most is not None and part.stat().st_size > most:
            raise ExportUnfit(too_large(most))
    return Written(written.frames, written.seconds, notes)


def _named(request: Request, part: Path, papers: Papers, written: Written) -> Exported:
    """Give it its name, and those that lie beside it theirs: all are whole before the first is named."""
    is_folder = part.is_dir()
    with ExitStack() as stack:
        beside = [
            (_companion(request, papers, suffix, stack), suffix)
            for suffix in _companions(request)
            if suffix != ".json" or not is_folder  # a folder has its papers in it
        ]
        chosen = named(part, request.target, lambda path: [_beside(path, suffix, is_folder) for _, suffix in beside])
        for file, suffix in beside:
            named(file, _beside(chosen, suffix, is_folder))
    sync_folder(chosen.parent)
    missing = remarks_on_poster(request.film) if request.poster else ()
    return Exported(chosen, written.frames, written.seconds, (*written.notes, *missing))


def _companions(request: Request) -> list[str]:
    has_poster = request.poster and not remarks_on_poster(request.film)
    return [suffix for suffix, is_wanted in ((".json", request.sidecar), (".png", has_poster)) if is_wanted]


def _companion(request: Request, papers: Papers, suffix: str, stack: ExitStack) -> Path:
    """A hidden file that is to lie beside the export, whole."""
    file = stack.enter_context(hidden(request.target, request.mark))
    if suffix == ".json":
        file.write_bytes(carriers.sidecar(papers, request.film))
    else:
        write_still(plan_of(request.film), 0, file)
        carriers.embed(file, request.film, papers)
    return file


def _beside(path: Path, suffix: str, is_folder: bool) -> Path:
    """A folder's name has no ending, though it may have a dot in it."""
    return path.with_name(path.name + suffix) if is_folder else path.with_suffix(suffix)


def finished_already(request: Request, since: float) -> Path | None:
    """The finished export of this very request, written after `since` (seconds of the epoch), if there is one.

    For a program that was killed between the finished file and its own note of it. What was to lie beside it and does
    not is written now. Raises OSError.
    """
    request = replace(request, film=without_absent(request.film))
    for file in _numbered(request.target):
        if file.stat().st_mtime >= since and _is_it(request, file):
            with ExitStack() as stack:
                for suffix in _companions(request):
                    missing = _beside(file, suffix, file.is_dir())
                    if not missing.exists() and (suffix != ".json" or file.is_file()):
                        papers = papers_of(request.film, request.format_key)
                        named(_companion(request, papers, suffix, stack), missing)
            return file
    return None


def _is_it(request: Request, file: Path) -> bool:
    if request.format_key == "original":
        return file.is_file() and filecmp.cmp(request.film.parts[0].file, file, shallow=False)
    if (words := words_of(request)) is not None:  # they have no papers
        return file.is_file() and file.read_bytes() == words
    try:
        papers = papers_in(file) if request.format_key == "archive" else carriers.read_papers(file)
    except ArchiveNewer:
        return False
    return (
        papers is not None
        and replace(papers, format=request.format_key) == papers_of(request.film, request.format_key)
        and papers.format in ("", request.format_key)
    )  # a folder of timelines is of no format


def _numbered(target: Path) -> list[Path]:
    """The file of that name, and those with ` -1`, ` -2` as far as they go."""
    found: list[Path] = []
    while (file := free(target, lambda path: path in found, is_folder=target.is_dir())).exists():
        found.append(file)
    return found
