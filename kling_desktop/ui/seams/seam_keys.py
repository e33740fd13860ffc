"""The commands of the seam view: what each is called and its keys."""

from __future__ import annotations

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command


def seam_commands() -> tuple[Command, ...]:
    """In the order in which the cheat sheet lists them. The seam view itself opens and leaves by the first."""
    group = tr("Seams")
    return (
        Command("seam_view", tr("Look at the seam"), ("V",), "seam", switches=True, group=group, repeats=False),
        Command("worst_seam", tr("Show worst seam"), ("Shift+V",), group=group, repeats=False),
        Command("seam_blink", tr("Blink, while held"), ("B",), group=group, repeats=False),
        Command("seam_difference", tr("Difference"), ("D",), switches=True, group=group, repeats=False),
        Command("seam_loop", tr("Loop ±1 s"), ("R",), "loop", switches=True, group=group, repeats=False),
    )
