"""How well a clip made from a last frame is joined, on clips whose truth is known; and how fast films are rendered.

    python -m tests.benchmarks.continuations [number of continuations; 60] [seconds of the rendered films; 180]

Prints: how often the repeated frame is found exactly and a stall's trim to within one frame; what is left of the
planted colours over the whole new clip; the shift of seed frames over ten hops; frames added or lost at joins; the
render's time beside that of the ffmpeg program on the same parts with the same settings (wall and processor); and
its memory at 1080p. Bounds in brackets are those of the project.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import av
import numpy as np
from av.video.reformatter import Colorspace

from kling_desktop.domain.takes import ColourMap
from kling_desktop.media.analysis.colour import difference, lab
from kling_desktop.media.film.colour_map import Painter
from kling_desktop.media.film.colour_match import match_clip
from kling_desktop.media.film.conform import film_shape
from kling_desktop.media.film.duplicate_frame import find_start
from kling_desktop.media.film.pictures import read_picture, rgb_of
from kling_desktop.media.film.plan import FilmPart, film_plan
from kling_desktop.media.film.render import Encoding, render
from kling_desktop.media.film.seed_frame import take_seed
from tests.harness.media.continuations import (
    Image,
    Scene,
    positions,
    recoloured,
    rgb_pictures,
    softened,
    write_clip,
    yuv_of,
)
from tests.harness.media.films import film, number_of

LAST = 20
"""Number of the parent's last frame."""

SETTINGS = Encoding()

OURSELVES = (sys.executable, "-m", "tests.benchmarks.continuations")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Outcome:
    """One continuation: what was planted and what was found."""

    repeated: int
    found: int
    stall: int
    trim: int
    before: float
    """Mean CIEDE2000 to the truth over the whole new clip."""
    after: float
    planted: bool


def outcomes(folder: Path, count: int) -> Iterator[Outcome]:
    for number in range(count):
        draw = np.random.default_rng(number)
        width, height = ((640, 360), (360, 640), (480, 480))[number % 3]
        scene = Scene(number, width, height, pixels_per_frame=float(draw.uniform(1.2, 6)))
        repeated, stall = 1 + (0, 1, 0, 2, 0)[number % 5], (0, 0, 4, 0, 8, 12)[number % 6]
        plant = draw.uniform((0.88, 1.05, 0.9, 0.4), (0.96, 1.2, 1.1, 1.2)) if number % 10 else (1.0, 1.0, 1.0, 0.0)
        tagged = number % 2 == 0
        # Untagged and small is BT.601 to every player, and so it is here.
        matrix = Colorspace.ITU709 if tagged or height > 576 else Colorspace.ITU601
        views = [scene.view(n) for n in range(LAST + 1)]
        parent = write_clip(folder / "parent.mp4", views, tagged=tagged, matrix=matrix)
        seed = take_seed(parent, folder / "seed", film_shape(parent))
        places = positions(48, repeated - 1, stall, 0.4)
        shown = [softened(recoloured(scene.view(LAST + place), *plant), draw) for place in places]
        clip = write_clip(folder / "clip.mp4", shown, crf=20)
        start = find_start(seed.file, parent, clip)
        colour = match_clip(seed.file, clip, width, height).colour
        before, after = distances(scene, places, clip, colour)
        yield Outcome(repeated, start.repeated, stall, start.trim, before, after, bool(number % 10))


def distances(scene: Scene, places: list[float], clip: Path, colour: ColourMap | None) -> tuple[float, float]:
    """Mean difference to the truth over the clip, as delivered and as shown; grain averaged away."""
    painter = Painter(colour or ColourMap())
    before: list[float] = []
    after: list[float] = []
    with av.open(str(clip)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 6 == 0:
                truth = lab(coarse(rgb_of(yuv_of(scene.view(LAST + places[number]))).to_ndarray().astype(np.float32)))
                for found, picture in ((before, frame), (after, painter.painted(frame))):
                    given = lab(coarse(rgb_of(picture).to_ndarray().astype(np.float32)))
                    found.append(float(difference(truth, given).mean()))
    return float(np.mean(before)), float(np.mean(after))


def coarse(image: Image) -> Image:
    rows, columns = (side // 8 * 8 for side in image.shape[:2])
    means: Image = image[:rows, :columns].reshape(rows // 8, 8, columns // 8, 8, 3).mean(axis=(1, 3))
    return means


def judge_joins(folder: Path, count: int) -> None:
    made = list(outcomes(folder, count))
    exact = np.mean([each.repeated == each.found for each in made])
    trims = np.mean([abs(each.stall - each.trim) <= 1 for each in made])
    planted = [each for each in made if each.planted]
    parts = [each.after / each.before for each in planted]
    worse = sum(each.after > each.before * 1.001 for each in made)
    say(f"repeated frame found exactly: {100 * exact:.1f} % of {count} [>= 99]")
    say(f"suggested trim within one frame of the stall: {100 * trims:.1f} %")
    mean = sum(each.after for each in planted) / sum(each.before for each in planted)
    say(
        f"colours over the whole clip, left of before: {mean:.3f} [<= 0.25]; worst clip {max(parts):.3f}; "
        f"worse than before: {worse} of {count} [0], {count - len(planted)} of them without a planted map"
    )


def judge_hops(folder: Path) -> None:
    image, first, worst = Scene(3, 1280, 720).view(0), None, 0.0
    for hop in range(10):
        file = write_clip(folder / "hop.mp4", [image], crf=0, tagged=hop % 2 == 0)
        seed = take_seed(file, folder / "hop", film_shape(file))
        image = read_picture(seed.file).to_ndarray().astype(np.float32)
        first = image if first is None else first
        worst = max(worst, float(np.abs((image - rgb_pictures(file)[0]).mean(axis=(0, 1))).max()))
    drift = float(np.abs((image - first).mean(axis=(0, 1))).max()) if first is not None else 0.0
    say(f"seed frame against the decoded original: mean shift {worst:.3f} levels, {drift:.3f} after ten hops [<= 0.2]")


def judge_frames(folder: Path) -> None:
    added = lost = total = 0
    for number in range(12):
        draw = np.random.default_rng(number)
        files = [
            film(folder / f"n{n}.mp4", range(200 * n, 200 * n + 40), gop=int(draw.integers(3, 50))) for n in (0, 1)
        ]
        out, start = int(draw.integers(20, 41)), int(draw.integers(0, 6))
        plan = film_plan([FilmPart(files[0], end=Fraction(out, 24)), FilmPart(files[1], Fraction(start, 24))])
        with av.open(str(render(plan, folder / "n.mp4", Encoding("ultrafast", 10)))) as container:
            shown = [number_of(f.to_ndarray(format="rgb24").astype(np.uint8)) for f in container.decode(video=0)]
        wanted = [*range(out), *range(200 + start, 240)]
        total, lost = total + len(wanted), lost + len(set(wanted) - set(shown))
        added += len(shown) - len(set(shown)) + len(set(shown) - set(wanted))
    say(f"frames at 12 joins: {added} added, {lost} lost, of {total} [0, 0]")


def sources(folder: Path, width: int, height: int, seconds: int) -> list[Path]:
    """Three files that are together so long, with sound: a few seconds of a scene, repeated without encoding."""
    made = []
    for number in range(3):
        scene = Scene(number, width, height, pixels_per_frame=2)
        turn = write_clip(folder / "turn.mp4", [scene.view(n) for n in range(72)], crf=20, tone_hz=300 + 100 * number)
        made.append(repeated_file(turn, folder / f"{width}-{number}.mp4", max(1, seconds // 9)))
    return made


def repeated_file(source: Path, target: Path, times: int) -> Path:
    with av.open(str(target), "w") as write, av.open(str(source)) as model:
        tracks = [write.add_stream_from_template(stream) for stream in model.streams]
        newest = [-(10**9)] * len(tracks)
        for turn in range(times):
            with av.open(str(source)) as read:
                for packet in read.demux():
                    if packet.dts is None or packet.pts is None:
                        continue
                    ticks = round(turn * 3 / packet.time_base)
                    packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
                    if packet.dts <= newest[packet.stream.index]:
                        continue  # sound is a little longer than the pictures
                    newest[packet.stream.index] = packet.dts
                    packet.stream = tracks[packet.stream.index]
                    write.mux(packet)
    return target


COLOUR = ColourMap((0.95, 0.02, 0.01), (1.05, 0.02, 0.001, 0.01, 1.02, 0.002))


def parts_of(files: list[Path]) -> list[FilmPart]:
    return [FilmPart(files[0]), *(FilmPart(file, Fraction(1, 24), None, COLOUR) for file in files[1:])]


def by_ffmpeg(files: list[Path], target: Path) -> None:
    """The same parts, without colour maps and fades: ffmpeg has less to do."""
    cut = "trim=start_frame=1,setpts=PTS-STARTPTS", "atrim=start=0.0416667,asetpts=PTS-STARTPTS"
    chains = ";".join(f"[{n}:v]{cut[0]}[v{n}];[{n}:a]{cut[1]}[a{n}]" for n in (1, 2))
    graph = f"{chains};[0:v][0:a][v1][a1][v2][a2]concat=n=3:v=1:a=1[v][a]"
    inputs = [word for file in files for word in ("-i", str(file))]
    settings = ["-c:v", "libx264", "-preset", SETTINGS.preset, "-crf", str(SETTINGS.crf), "-g", "24"]
    command = ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", graph, "-map", "[v]", "-map", "[a]"]
    subprocess.run([*command, *settings, "-c:a", "aac", "-b:a", "192k", str(target)], check=True)  # ours


def timed(of: int, call: list[str] | None, files: list[Path], target: Path) -> tuple[float, float]:
    """Wall and processor seconds of a child process; of ffmpeg when there is no call."""
    used, began = resource.getrusage(of), perf_counter()
    if call:
        subprocess.run([*call, str(target), *map(str, files)], check=True)  # this very program
    else:
        by_ffmpeg(files, target)
    after = resource.getrusage(of)
    return perf_counter() - began, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


def judge_render(folder: Path, seconds: int) -> None:
    files, ours = (
        sources(folder, 1280, 720, seconds),
        [sys.executable, "-m", "tests.benchmarks.continuations", "render"],
    )
    if shutil.which("ffmpeg") is None:
        say("render against ffmpeg: no ffmpeg program here to compare with")
        return
    runs = []
    for _ in range(2):  # in turn, because other work on the machine comes and goes
        us = timed(resource.RUSAGE_CHILDREN, ours, files, folder / "o.mp4")
        them = timed(resource.RUSAGE_CHILDREN, None, files, folder / "f.mp4")
        runs.append((us[0] / them[0], us[1] / them[1]))
    wall, processor = (float(np.median([run[n] for run in runs])) for n in (0, 1))
    say(f"render of {seconds} s at 720p against ffmpeg: wall {wall:.2f}, processor {processor:.2f} [<= 1.3]")


def judge_memory(folder: Path, seconds: int) -> None:
    files, tool = (
        sources(folder, 1920, 1080, seconds),
        [sys.executable, "-m", "tests.benchmarks.continuations", "memory"],
    )
    told = subprocess.run(  # this very program
        [*tool, str(folder / "m.mp4"), *map(str, files)], check=True, capture_output=True, text=True
    ).stdout
    say(f"memory while rendering {seconds} s of 1080p: {told.strip()} MB at most [<= 600]")


def memory_mb() -> int:
    """The most that this process has ever held. Not `ru_maxrss`: that remembers the process that started us."""
    line = next(line for line in Path("/proc/self/status").read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def main(arguments: list[str]) -> None:
    if arguments[:1] in (["render"], ["memory"]):
        render(film_plan(parts_of([Path(name) for name in arguments[2:]])), Path(arguments[1]), SETTINGS)
        if arguments[0] == "memory":
            say(str(memory_mb()))
        return
    count, seconds = (int(word) for word in (*arguments[:2], *("60", "180")[len(arguments) :]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        judge_joins(folder, count)
        judge_hops(folder)
        judge_frames(folder)
        judge_render(folder, seconds)
        judge_memory(folder, seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
