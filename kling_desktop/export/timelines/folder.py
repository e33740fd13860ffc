"""Writes the folder: media as they are, every timeline file, the table of seams, the papers, and a short README."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kling_desktop.errors import ExportDiffers
from kling_desktop.export import original
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.papers.carriers import FOLDER_RECORD, sidecar
from kling_desktop.export.papers.record import file_names, papers_of, sha256_of
from kling_desktop.export.placing import hidden, named, require_space
from kling_desktop.export.timelines.fcpxml import fcpxml
from kling_desktop.export.timelines.marker_edl import marker_edl
from kling_desktop.export.timelines.otio_files import fits_premiere, has_otio, has_premiere, write_otio, write_premiere
from kling_desktop.export.timelines.tables import prompts_csv, seams_csv
from kling_desktop.export.timelines.timeline import Timeline, timeline_of
from kling_desktop.export.unchanged import unchanged
from kling_desktop.media.frames import Abandoned


def write_folder(
    film: ExportFilm,
    folder: Path,
    *,
    progress: Callable[[int, int], object] = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
    mark: str = "",
) -> Path:
    """Write the folder, or one of that name with ` -1` where there is such a one, and return it. For a thread.

    It appears whole or not at all. `progress` is told in bytes; `mark` is that of the request. Raises
    what `film_plan` does, ExportFull, FileTrouble, Abandoned.
    """
    names = file_names(film)
    timeline = timeline_of(film, names)
    with hidden(folder, mark) as part:
        require_space(part.parent, sum(map(original.size_of, names)))
        (part / "media").mkdir(parents=True)
        with unchanged(names):
            copy_all(names, part / "media", progress, stopped)
            sums = _sums(names, part / "media", stopped)
        _write_files(film, timeline, part, sums)
        return named(part, folder)


def copy_all(
    names: dict[Path, str], folder: Path, progress: Callable[[int, int], object], stopped: Callable[[], bool]
) -> None:
    """Copy files byte for byte under these names. Raises FileGone, FileTrouble, Abandoned, OSError."""
    total, done = sum(map(original.size_of, names)), 0
    for file, name in names.items():
        for moved in original.copy_within(file, folder / name):
            if stopped():
                raise Abandoned
            progress(done + moved.received_bytes, total)
        done += original.size_of(file)


def _sums(names: dict[Path, str], folder: Path, stopped: Callable[[], bool]) -> dict[Path, str]:
    """Of the copies, which are so read back: one that is not its original is not what the papers name either. Raises
    ExportDiffers, Abandoned, OSError.
    """
    sums: dict[Path, str] = {}
    for file, name in names.items():
        if stopped():
            raise Abandoned
        sums[file] = sha256_of(file)
        if sha256_of(folder / name) != sums[file]:
            raise ExportDiffers(f"{name} is not its original")
    return sums


def _write_files(film: ExportFilm, timeline: Timeline, part: Path, sums: dict[Path, str]) -> None:
    (part / "film.fcpxml").write_bytes(fcpxml(timeline))
    (part / "markers.edl").write_text(marker_edl(timeline), encoding="utf-8")
    # Spreadsheets take a table for UTF-8 only with this mark.
    (part / "seams.csv").write_text(seams_csv(timeline), encoding="utf-8-sig", newline="")
    (part / "prompts.csv").write_text(prompts_csv(film), encoding="utf-8-sig", newline="")
    (part / FOLDER_RECORD).write_bytes(sidecar(papers_of(film, sums=sums), film))
    if has_otio():
        write_otio(timeline, part / "film.otio")
    if has_premiere() and fits_premiere(timeline.fps):
        write_premiere(timeline, part / "premiere.xml")
    (part / "README.txt").write_text(readme(film, timeline), encoding="utf-8")


def readme(film: ExportFilm, timeline: Timeline) -> str:
    """What lies in the folder and how it is opened; what is missing and why."""
    missing = [name for name, is_there in (("film.otio", has_otio()), ("premiere.xml", has_premiere())) if not is_there]
    lines = [
        f"{timeline.name}: {len(timeline.clips)} clips, {timeline.frames} frames at {float(timeline.fps):g} a second,"
        f" {timeline.width} x {timeline.height}",
        "",
        "media/          the clips, byte for byte as they are in the library",
        "film.otio       DaVinci Resolve 18.5 and later, Kdenlive, Flame",
        "premiere.xml    Premiere Pro (File > Import)",
        "film.fcpxml     Final Cut Pro (File > Import > XML)",
        "markers.edl     the seams as markers for Resolve; the timeline begins at 01:00:00:00",
        "seams.csv       where the seams are and how they were judged",
        "prompts.csv     what each hop was asked with",
        "",
        "The film is on track 1. Other takes lie above it, muted. Clips have handles where their files go on.",
        "The folder can be moved as a whole. If your editor does not find the media, show it the media folder.",
    ]
    if missing:
        lines += ["", f"Missing: {', '.join(missing)}. This installation lacks opentimelineio, which writes them."]
    elif not fits_premiere(timeline.fps):
        rate = f"{float(timeline.fps):g}"
        lines += ["", f"Missing: premiere.xml. Its format has no way to say {rate} frames a second."]
    if any(part.colour for part in film.parts):
        lines += ["", "Some clips are colour-matched in the program; the media here are not, so match them again."]
    if timeline.has_hdr:
        lines += ["", "Some clips are HDR. They are here as they are: manage their colours in your editor."]
    return "\n".join(lines) + "\n"
