"""How well seams are found and meters tell faults from clean joins, on films whose truth is known; and how fast.

    python -m tests.benchmarks.seams [number of base films, 8 extensions each; 20]
    python -m tests.benchmarks.seams --films DIR [--half tune|check]

The second judges real footage: any folder with a manifest.json (tests/benchmarks.footage.py says what is in it).

Prints, for joins found with the parent's file, by the hint alone, and in copies coded again: how many are right to
within one frame; for each meter the area under its ROC curve, planted against clean and against all other joins; and
the time of decoding beside that of the ffmpeg program.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import av
import numpy as np
from numpy.typing import NDArray

from kling_desktop import __version__
from kling_desktop.domain.analysis import Measure, Seam
from kling_desktop.media.analysis.meters import measured
from kling_desktop.media.analysis.seams import Hop, seams
from kling_desktop.media.frames import open_frames
from kling_desktop.sandbox.api.answers import seconds_text
from tests.benchmarks.footage import area, half, judge
from tests.harness.media.reels import CLEAN, Join, joins

MEASURED_BY = {
    "colour": Measure.COLOUR,
    "brightness": Measure.BRIGHTNESS,
    "softness": Measure.SHARPNESS,
    "jump": Measure.MOTION,
    "lost_frame": Measure.MOTION,
    "freeze": Measure.FREEZE,
}
"""Which meter has to show which plant."""


@dataclass(frozen=True)
class Taken:
    """A join and what the meters said about it."""

    plant: str
    values: dict[Measure, float]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def areas(taken: Iterable[Taken], measure: Measure) -> tuple[float, float]:
    """Of one meter: its plants against clean joins, and against all joins that it has nothing to say about."""
    rows = [(each.plant, abs(each.values[measure])) for each in taken]
    planted = [value for plant, value in rows if MEASURED_BY.get(plant) is measure]
    clean = [value for plant, value in rows if plant == CLEAN]
    others = [value for plant, value in rows if MEASURED_BY.get(plant) is not measure]
    return area(planted, clean), area(planted, others)


def hop_of(join: Join, number: int, with_parent: bool) -> Hop:
    """What the studio would know: the parent's length with 0 to 3 digits, as Kling states it."""
    text = seconds_text(join.film.parent.seconds, str(number))
    digits = len(text.partition(".")[2])
    return Hop(1, float(text), 0.5 * 10.0**-digits, join.parent if with_parent else None)


def recoded(source: Path, folder: Path, quality: int = 26) -> Path:
    """A copy coded again at x264's CRF 26, which shows, with B-frames and its key frames elsewhere."""
    target = folder / f"again-{source.name}"
    with av.open(str(source)) as read, av.open(str(target), "w") as write:
        video = read.streams.video[0]
        options = {"preset": "veryfast", "crf": str(quality), "g": "90", "bf": "2"}
        stream = write.add_stream("libx264", rate=video.average_rate, options=options)
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        for frame in read.decode(video):
            frame.pict_type = av.video.frame.PictureType.NONE
            write.mux(stream.encode(frame))
        write.mux(stream.encode())
    return target


def _found(films: Sequence[Join], files: Sequence[Path], with_parent: bool) -> list[tuple[Join, Seam | None, float]]:
    rows = []
    for number, (join, file) in enumerate(zip(films, files, strict=True)):
        begin = perf_counter()
        found = seams(file, (hop_of(join, number, with_parent),))
        rows.append((join, found[0] if found else None, perf_counter() - begin))
    return rows


def _tell_places(title: str, rows: Sequence[tuple[Join, Seam | None, float]]) -> None:
    off = np.array([abs(seam.frame - join.frame) if seam else 999 for join, seam, _ in rows])
    sure = [seam.confidence for _, seam, _ in rows if seam]
    usual = 1000 * float(np.median([seconds for _, _, seconds in rows]))
    say(
        f"  {title:36} exact {np.mean(off == 0):7.2%}   within 1 frame {np.mean(off <= 1):7.2%}"
        f"   confidence {np.min(sure):.2f} to {np.max(sure):.2f}   {usual:4.0f} ms"
    )


def _tell_meters(rows: Sequence[Taken]) -> None:
    for measure in Measure:
        clean, others = areas(rows, measure)
        say(f"  {measure:12} AUC against clean {clean:.4f}, against all others {others:.4f}")
        for plant in (CLEAN, *(plant for plant, by in MEASURED_BY.items() if by is measure)):
            values = [abs(row.values[measure]) for row in rows if row.plant == plant]
            low, middle, high = np.percentile(values, (5, 50, 95))
            say(f"      {plant or 'clean':12} 5 % {low:7.2f}   median {middle:7.2f}   95 % {high:7.2f}")


def _meters_at_truth(films: Iterable[Join], files: Iterable[Path]) -> list[Taken]:
    rows = []
    for join, file in zip(films, files, strict=True):
        with open_frames(file) as reader:
            rows.append(Taken(join.plant, measured(reader.read(join.frame - 20, join.frame + 20), join.frame).values))
    return rows


def _decode_all(file: Path) -> NDArray[np.float64]:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return np.array([frame.time for frame in container.decode(stream)])


def _by_program(file: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-i", str(file), "-f", "null", "-"]
    subprocess.run(command, check=True)


def _milliseconds(work: Callable[[], object], times: int = 5) -> float:
    spent = []
    for _ in range(times):
        begin = perf_counter()
        work()
        spent.append(perf_counter() - begin)
    return 1000 * float(np.median(spent))


def _tell_time(join: Join, file: Path) -> None:
    hop = hop_of(join, 0, with_parent=True)
    film = join.film
    say(f"\nDecoding {film.frames} frames of {film.width}x{film.height}, {file.stat().st_size / 1e6:.1f} MB")
    say(f"  seam and meters                      {_milliseconds(lambda: seams(file, (hop,))):7.0f} ms")
    say(f"  every frame, PyAV                    {_milliseconds(lambda: _decode_all(file)):7.0f} ms")
    if shutil.which("ffmpeg"):
        say(f"  every frame, ffmpeg program          {_milliseconds(lambda: _by_program(file)):7.0f} ms")


def main(bases: int) -> None:
    cache = Path(tempfile.gettempdir()) / f"kling-desktop-media-{__version__}"
    films = list(joins(cache, bases))
    files = [join.child for join in films]
    say(f"{len(films)} sandbox extensions of {bases} films\n\nSeams")
    _tell_places("with the parent's file", _found(films, files, with_parent=True))
    _tell_places("by the stated length only", _found(films, files, with_parent=False))
    with tempfile.TemporaryDirectory() as folder:
        again = [recoded(file, Path(folder)) for file in files]
        _tell_places("coded again, with the parent's file", _found(films, again, with_parent=True))
        _tell_places("coded again, by the stated length", _found(films, again, with_parent=False))
        say("\nMeters")
        _tell_meters(_meters_at_truth(films, files))
        say("\nMeters, coded again")
        _tell_meters(_meters_at_truth(films, again))
    _tell_time(films[0], files[0])
    _tell_time(*_large(cache))


def _large(cache: Path) -> tuple[Join, Path]:
    """A long one in 720p, as Kling makes them."""
    from kling_desktop.sandbox.films.render_cache import RenderCache
    from kling_desktop.sandbox.records import Film, Segment

    renders = RenderCache(cache)
    base = Film(1280, 720, 24, (Segment(121, 31, "Dawn over a still lake"),))
    film = base.extended(Segment(110, 32, "A boat comes", "colour"))
    child, parent = renders.render(film).result(), renders.render(base).result()
    renders.close()
    return Join(film, parent, child), child


def decoded_by_program(file: Path) -> float:
    """Seconds that ffmpeg takes for all of a film; not a number where it is not installed."""
    return _milliseconds(lambda: _by_program(file), 1) / 1000 if shutil.which("ffmpeg") else float("nan")


if __name__ == "__main__":
    reads = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    reads.add_argument("bases", type=int, nargs="?", default=20)
    reads.add_argument("--films", type=Path)
    reads.add_argument("--half", choices=["", "tune", "check"], default="")
    asked = reads.parse_args()
    if asked.films:
        judge(asked.films, lambda shot: half(shot, asked.half))
    else:
        main(asked.bases)
