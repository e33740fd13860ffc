"""Decides where a clip is played from, and says it when it cannot be."""

from __future__ import annotations

from PySide6.QtCore import QUrl

from kling_desktop.domain.clips import Clip
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.viewer.playing.picture import Notice
from kling_desktop.ui.viewer.playing.player import Fault


def source_of(clip: Clip | None) -> tuple[QUrl, Notice | None]:
    """The address to play, or an empty one and what to say instead."""
    if clip is None:
        return QUrl(), None
    if clip.file is not None:
        return _source_of_file(clip)
    if clip.url:
        return QUrl(clip.url), None
    return QUrl(), Notice(
        tr("This clip is not on this computer"),
        tr("Its address at Kling is not known either. It may appear once its task is looked up."),
        "film",
    )


def _source_of_file(clip: Clip) -> tuple[QUrl, Notice | None]:
    assert clip.file is not None  # noqa: S101 - its only caller has asked
    try:
        size = clip.file.stat().st_size
    except OSError:
        return QUrl(), Notice(tr("The file is no longer in its place: {path}", path=clip.file), icon="folder")
    if not size:
        return QUrl(), _unplayable()
    return QUrl.fromLocalFile(str(clip.file)), None


def invitation(new_film: str = "") -> Notice:
    """What an empty stage says; `new_film` is the key that begins one, if any does."""
    ways = tr("Choose a take in the list, pick or drop a clip, or begin a new film.")
    if new_film:
        ways = tr("Choose a take in the list, pick or drop a clip, or begin a new film: {key}.", key=new_film)
    return Notice(tr("Your film plays here"), ways, "film")


def awaited_notice() -> Notice:
    """What a stage says on which a film is to begin."""
    return Notice(
        tr("Your film begins here"), tr("Its first clip is being made, and plays here as soon as it is in."), "clock"
    )


def opening_notice(source: QUrl) -> Notice:
    """What is said while a film takes long to open."""
    return Notice(tr("Opening…") if source.isLocalFile() else tr("Opening Kling's copy…"), icon="clock")


def fault_notice(fault: Fault, source: QUrl, codec: str = "", key: str = "") -> Notice:
    """What is said of a source that does not play; `codec` is that of its pictures, where it is known, and `key` the
    one that tries again, if any does.
    """
    again = tr("Press {key} to try again.", key=key) if key else ""
    if fault == Fault.PICTURELESS:
        title = tr("This computer finds no picture in this file")
        return Notice(title, tr("It may hold only sound, or a kind of video that is unknown here."), "warning")
    if fault == Fault.UNSHOWN and not source.isLocalFile():  # three seconds prove nothing about a line to somewhere
        words = tr("The connection may be slow, or this computer may not know this kind of video.")
        return Notice(tr("No picture of Kling's copy has come yet"), f"{words} {again}".rstrip(), "warning")
    if fault == Fault.UNSHOWN:
        return _unshown(codec)
    if not source.isLocalFile():
        if fault == Fault.BROKEN_OFF:
            return Notice(tr("The connection to Kling's copy broke off"), again, "warning")
        return Notice(tr("Kling's copy could not be opened (it may have expired)"), again, "warning")
    if fault == Fault.BROKEN_OFF:
        return Notice(tr("This file is damaged: it ends too early"), again, "warning")
    return _unplayable()


def _unplayable() -> Notice:
    return Notice(
        tr("This file is not a playable video"),
        tr("It may have been cut off or overwritten. If Kling still has the clip, download it again."),
        "warning",
    )


def _unshown(codec: str) -> Notice:
    named, nameless = (
        tr("This computer cannot show {codec} video", codec=codec),
        tr("This computer cannot show this video"),
    )
    detail = tr("The file itself may be in order: it can be exported, and played elsewhere.")
    return Notice(named if codec else nameless, detail, "warning")
