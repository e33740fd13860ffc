"""The commands of the comparison: what each is called, its icon and its keys."""

from __future__ import annotations

from dataclasses import replace

from kling_desktop.ui.compare.compare_stage import Mode
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command, Place

HIDES = ("hide_first", "hide_second", "hide_third", "hide_fourth")


def commands() -> tuple[Command, ...]:
    """All of them, in the order of the bar. A key that a player has as well does the same as there.

    They are heard while the focus is in the comparison, and go before those of the window around it.
    """
    return tuple(replace(command, place=Place.VIEWER) for command in _listed())


def _listed() -> tuple[Command, ...]:
    return (
        Command("frame_back", tr("One frame back"), (",",), "step-back"),
        Command("toggle", tr("Play or pause"), ("Space", "K", "Media Play", "Toggle Media Play/Pause"), "play"),
        Command("frame_forward", tr("One frame forward"), (".",), "step-forward"),
        Command("second_back", tr("1 second back"), ("Left",)),
        Command("second_forward", tr("1 second forward"), ("Right",)),
        Command("to_start", tr("To the start"), ("Home",)),
        Command("to_end", tr("To the end"), ("End",)),
        Command("to_seam", tr("To the seam, where the takes part"), ("Up", "Down"), "seam", repeats=False),
        Command("slower", tr("Slower"), ("J", "[")),
        Command("faster", tr("Faster"), ("L", "]")),
        Command("normal_speed", tr("Normal speed"), ("Backspace",)),
        Command(Mode.SIDE, tr("Side by side"), (), "compare", switches=True),
        Command(Mode.WIPE, tr("Wipe (drag the line, or Shift with the arrows)"), (), "wipe", switches=True),
        Command(Mode.OVERLAY, tr("Overlay, half and half"), (), "overlay", switches=True),
        Command(Mode.DIFFERENCE, tr("Difference, four times as bright"), ("0",), "difference", switches=True),
        Command("next_mode", tr("Next way to compare"), ("N",), repeats=False),
        Command("line_left", tr("Wipe's line to the left"), ("Shift+Left",)),
        Command("line_right", tr("Wipe's line to the right"), ("Shift+Right",)),
        Command("swap", tr("Swap the first two"), ("S",), "swap", repeats=False),
        Command("next_take", tr("Next take against the first (Tab on the film)"), ("Ctrl+PgDown",), "next"),
        Command("hear_next", tr("Hear the next take"), ("M",), "volume", repeats=False),
        Command("pick", tr("Pick the take that is heard"), ("P",), "check", repeats=False),
        Command("reject", tr("Reject the take that is heard, and hear the next"), ("X",), "close", repeats=False),
        Command("extend", tr("Extend the take that is heard"), ("Ctrl+E",), "extend", repeats=False),
        *(
            Command(name, text, (key,), switches=True, repeats=False)
            for name, text, key in zip(HIDES, _hiding(), "1234", strict=True)
        ),
        Command("words_down", tr("Scroll the words down"), ("PgDown",)),
        Command("words_up", tr("Scroll the words up"), ("PgUp",)),
    )


def _hiding() -> tuple[str, str, str, str]:
    return tr("Hide the first take"), tr("Hide the second take"), tr("Hide the third take"), tr("Hide the fourth take")
