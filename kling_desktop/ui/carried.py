"""What the creator has typed, chosen and opened in the window, carried over when its panels are made anew."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from kling_desktop.domain.tasks import Extension
from kling_desktop.ui.seams.seam_stage import Look
from kling_desktop.ui.window import Window


@dataclass(frozen=True, slots=True)
class Carried:
    """Nothing of it is kept over the end of the program: that is the settings' part."""

    layout: str
    rail: int
    extension: Extension
    is_sent: bool
    is_planned: bool
    cursor: int
    """Where the words of the form go on."""
    takes: int
    filter_text: str
    filter_choices: tuple[int, ...]
    folds: tuple[str, ...]
    """Heads of the list of takes that are folded."""
    marks: tuple[float | None, float | None, bool]
    """In and out of the marked range, and whether it is looped."""
    seam: int | None
    """The seam whose frames are looked at, from 0; None while the film is."""
    look: Look
    seconds: float
    rate: float
    is_playing: bool
    is_muted: bool
    is_in_form: bool
    """Whether the keyboard was in the form."""


def carried_from(window: Window) -> Carried:
    """How the window stands now; drafts are flushed."""
    form, viewer = window.form, window.viewer
    form.flush()
    return Carried(
        layout=window.layout_text(),
        rail=window.rail.page,
        extension=form.extension(),
        is_sent=form.sent,
        is_planned=form.is_planned,
        cursor=form.fields.prompt.edit.textCursor().position(),
        takes=form.foot.count,
        filter_text=window.tasks.filter.box.text(),
        filter_choices=window.tasks.filter.kept(),
        folds=window.tasks.model.folds,
        marks=(viewer.marks.start, viewer.marks.end, viewer.marks.loops),
        seam=window.seams.at if window.seams.is_open else None,
        look=window.seams.stage.look,
        seconds=viewer.position_seconds,
        rate=viewer.rate,
        is_playing=viewer.playing,
        is_muted=viewer.muted,
        is_in_form=form.isAncestorOf(window.focusWidget() or window),
    )


def carry_to(window: Window, kept: Carried) -> None:
    """Bring the panels back to how the others were left."""
    form, viewer, prompt = window.form, window.viewer, window.form.fields.prompt.edit
    window.restore_layout(kept.layout)
    window.show_rail(kept.rail)
    form.show_draft(kept.extension, sent=kept.is_sent)
    if kept.is_planned:
        form.was_planned()
    form.foot.show_count(kept.takes)
    cursor = prompt.textCursor()
    cursor.setPosition(min(kept.cursor, len(prompt.toPlainText())))
    prompt.setTextCursor(cursor)
    window.tasks.filter.box.setText(kept.filter_text)
    window.tasks.filter.restore(kept.filter_choices)
    window.tasks.stand(window.tasks.model.order, kept.folds)
    start, end, loops = kept.marks
    viewer.marks.mark_start(start)
    viewer.marks.mark_end(end)
    viewer.marks.set_looping(loops)
    viewer.set_volume(viewer.volume, muted=kept.is_muted)
    viewer.set_rate(kept.rate)
    viewer.seek(kept.seconds)
    if kept.is_playing:
        viewer.play()
    if kept.is_in_form:
        prompt.setFocus(Qt.FocusReason.OtherFocusReason)
    if kept.seam is not None:
        window.seams.open_when_found(kept.seam, kept.look)
