"""The words of Help: getting started, why takes are refused, and what the program is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kling_desktop import __version__
from kling_desktop.errors import (
    AccountEmpty,
    ContentRefused,
    KlingDesktopError,
    RiskControl,
    SignInRefused,
    SlotsFull,
    VideoIneligible,
    VideoUnknown,
)
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap, written


@dataclass(frozen=True, slots=True)
class Page:
    """One page of help."""

    title: str
    paragraphs: tuple[tuple[str, str], ...]
    """Heading (may be empty) and text of each."""
    rows: tuple[tuple[str, ...], ...] = ()
    """A table below the last paragraph."""


def getting_started(keys: KeyMap) -> Page:
    """From the first start to an exported film, with the keys that the program has now."""
    pick, reject, undo = (keys.shown(name) for name in ("pick", "reject", "undo"))
    keep = tr("Pick it, reject the others, or give stars: in the menu Take.")
    if pick and reject and undo:
        keep = tr(
            "{pick} picks, {reject} rejects, 1 to 5 give stars. {undo} takes it back.",
            pick=pick,
            reject=reject,
            undo=undo,
        )
    return Page(
        tr("Getting started"),
        (
            (tr("1. Pick a clip"), tr("Open the library, or drop a video on the window. The sandbox costs nothing.")),
            (
                tr("2. Write what happens next"),
                tr("Then {key}. Kling takes some minutes for each take.", key=written("Ctrl+Return")),
            ),
            (tr("3. Keep the take that fits"), keep),
            (
                tr("4. Go on"),
                tr("Plan several hops in the film below, and run them: the plan stops where you said."),
            ),
            (tr("5. Export"), tr("The film goes out as one file, or as parts for your editing program.")),
        ),
    )


def why_refused() -> Page:
    """The usual refusals and what helps, in the words of the doctor."""
    kinds: tuple[type[KlingDesktopError], ...] = (
        ContentRefused,
        RiskControl,
        VideoIneligible,
        VideoUnknown,
        AccountEmpty,
        SlotsFull,
        SignInRefused,
    )
    about = tr("Choose a take in the list to read what happened to it. These are the usual reasons:")
    return Page(tr("Why was this refused?"), (("", about), *((tr(kind.title), tr(kind.advice)) for kind in kinds)))


def about(libraries: Path, texts: Path | None = None, made_of: tuple[tuple[str, ...], ...] = ()) -> Page:
    """What the program is, and the licences of what it is made of.

    `libraries` is the folder of Qt's, `texts` that of all licences in full where there is one; `made_of` comes when it
    has been read: name, version and licence of each.
    """
    qt = tr(
        "LGPL 3. Its libraries are files of their own in {folder}: put your own build of the same version there, and "
        "the program uses it.",
        folder=str(libraries),
    )
    full = ((tr("All licences in full"), str(texts)),) if texts else ()
    return Page(
        f"Kling Desktop {__version__}",
        (
            ("", tr("Extends AI videos with Kling. Not made by, or affiliated with, Kling or Kuaishou.")),
            (tr("Licences"), tr("The source of this program is under the MIT licence.")),
            ("Qt, PySide6", qt),
            ("FFmpeg, x264, x265", tr("A bundle with the media library holds x264 and x265 and is under the GPL.")),
            ("Inter", tr("The typeface is under the SIL Open Font License 1.1.")),
            *full,
            (tr("Everything it is made of"), "" if made_of else tr("Looking…")),
        ),
        made_of,
    )
