"""Lists for reading: the seams as a table, the prompts as a table or as text."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from kling_desktop.export.film import ExportFilm, hops
from kling_desktop.export.timelines.timeline import Timeline

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would calculate rather than show."""


def seams_csv(timeline: Timeline) -> str:
    """One row for each seam: frame and time in the film, timecode, verdict, words."""
    rows: list[list[str | int]] = [
        [
            number,
            marker.at,
            _seconds(marker.at / timeline.fps),
            timeline.timecode(marker.at),
            marker.verdict,
            marker.note,
        ]
        for number, marker in enumerate(timeline.markers, 1)
    ]
    return _table(["seam", "frame", "seconds", "timecode", "verdict", "words"], rows)


def prompts_csv(film: ExportFilm) -> str:
    """One row for each hop: what it was asked with, and Kling's ids."""
    rows: list[list[str | int]] = [
        [number, part.clip_id, " ".join(part.task_ids), part.prompt, part.negative_prompt]
        for number, part in enumerate(hop.parts[0] for hop in hops(film))
    ]
    return _table(["hop", "clip", "tasks", "prompt", "negative prompt"], rows)


def prompts_text(film: ExportFilm) -> str:
    """The words of all hops, one after the other, with a blank line between."""
    parts = [hop.parts[0] for hop in hops(film)]
    return "\n\n".join(f"{number}. {part.prompt or '-'}" for number, part in enumerate(parts)) + "\n"


def _table(head: list[str], rows: list[list[str | int]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return file.getvalue()


def _seconds(time: Fraction) -> str:
    return f"{float(time):.3f}"


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
