"""What the failure doctor says: whether it cost, whether it is safe to ask again, what helps, and every fact."""

from __future__ import annotations

from datetime import datetime

from kling_desktop import __version__
from kling_desktop.domain.models import next_model
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.errors import KlingDesktopError, ModelUnserved, Remedy, Vanished, is_said_by_kling, kind_of
from kling_desktop.studio.tasks.recovery import remedy_of, trouble_of
from kling_desktop.ui import formatting
from kling_desktop.ui.budget.price import price_of
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import Shape

_SPEND = (Remedy.TRY_AGAIN, Remedy.SEND_AGAIN, Remedy.SEND_ANYWAY)
"""What sends a take that Kling may charge."""


def error_of(task: Task) -> type[KlingDesktopError]:
    """The kind of what is in the way of this task; the root of all when nothing is."""
    trouble = trouble_of(task)
    return kind_of(trouble) if trouble else KlingDesktopError


def model_of(extension: Extension) -> str:
    """The model that a new clip is asked of; empty for Kling's own extension."""
    return extension.generation.model if extension.generation else ""


def title_of(error: type[KlingDesktopError], model: str = "") -> str:
    """What happened; of a new clip's model that is gone, with its name."""
    if issubclass(error, ModelUnserved) and model:
        return tr("Kling no longer serves {model}", model=model)
    return tr(error.title)


def button_words(remedy: Remedy, model: str = "") -> str:
    """What the button is called; empty for what is no button. `model` is the one that was asked for."""
    other = next_model(model)
    return {
        Remedy.USE_MODEL: tr("Use {model}", model=other.name) if other else "",
        Remedy.EDIT_PROMPT: tr("Edit prompt"),
        Remedy.PICK_CLIP: tr("Pick another clip"),
        Remedy.CHECK_KEYS: tr("Check keys"),
        Remedy.CHECK_CLOCK: tr("Check the clock"),
        Remedy.OPEN_CONSOLE: tr("Open the Kling console"),
        Remedy.TRY_AGAIN: tr("Try again"),
        Remedy.SEND_AGAIN: tr("Send again"),
        Remedy.LOOK_UP: tr("Look it up"),
        Remedy.IDENTIFY: tr("Look it up"),
        Remedy.SEND_NOW: tr("Try now"),
        Remedy.SEND_ANYWAY: tr("Send once anyway"),
        Remedy.FETCH: tr("Download again"),
        Remedy.FREE_SPACE: tr("Choose another folder"),
    }.get(remedy, "")


def priced(label: str, remedy: Remedy, task: Task) -> str:
    """A button that spends says what it is likely to cost."""
    price = price_of(task.extension) if remedy in _SPEND else None
    return tr("{act} · ≈ {price} units", act=label, price=price.words()) if price else label


def second_remedy(task: Task) -> Remedy:
    """What may be tried beside the one that helps: the same words again, where that cannot cost twice."""
    other_words = remedy_of(task) is Remedy.EDIT_PROMPT
    safe = task.status is Status.FAILED and error_of(task).retry_safe
    return Remedy.TRY_AGAIN if other_words and safe else Remedy.NONE


def charge_words(task: Task) -> tuple[str, bool | None]:
    """Was I charged? What Kling said counts; else how the task stands; else what is known of this kind of error.

    With it whether that is good news; None while it is not known.
    """
    if task.units is not None:
        if not task.units:
            return tr("No. Nothing was charged."), True
        return tr("Yes: {units} units.", units=formatting.units(task.units)), False
    if task.status.at_kling:
        return tr("Not known.") if _is_vanished(task) else tr("Kling says so when it is done."), None
    unknown = tr("Not known yet: only if Kling took it."), None
    if task.status in (Status.SENDING, Status.UNCERTAIN) or formatting.waits_after_sending(task):
        return unknown
    charged = tr("Yes, for the take; the download costs nothing."), False
    if task.status is Status.SUCCEEDED:
        return charged
    answers: dict[str, tuple[str, bool | None]] = {
        "Not charged": (tr("No. Nothing was charged."), True),
        "Charged": charged,
        "Not known yet": unknown,
    }
    return answers[error_of(task).charge.value]


def again_words(task: Task) -> tuple[str, bool]:
    """Is it safe to ask again? With it whether that is good news."""
    if task.status is Status.SUCCEEDED:
        return tr("Downloading again is safe."), True
    if formatting.waits_after_sending(task):
        return tr("Yes: it is looked up first, and keeps its ID."), True
    if task.status is Status.QUEUED:
        return tr("Nothing of it is at Kling yet."), True
    if _is_vanished(task):
        return tr("No: Kling had taken it, so asking again could cost twice."), False
    if task.status.at_kling:
        return tr("Kling has it: no need to ask again."), True
    if task.status is Status.FAILED and task.units:
        return tr("Kling charged for this one: asking again may cost again."), False
    if error_of(task).retry_safe:
        return tr("Yes, asking again is safe: it cannot cost twice."), True
    return tr("No: asking again could cost twice. “Send again” cannot."), False


def _is_vanished(task: Task) -> bool:
    return issubclass(error_of(task), Vanished)


def own_words(task: Task) -> str:
    """The reason in the words of whoever gave it, its code and the request: two lines at most."""
    trouble = trouble_of(task)
    message = (trouble.message if trouble else "") or task.message
    request = (trouble.request_id if trouble else "") or task.request_id
    facts = (
        tr("Code {code}", code=trouble.code) if trouble and trouble.code is not None else "",
        tr("request {id}", id=request) if request else "",
    )
    return "\n".join(filter(None, (message, " · ".join(filter(None, facts)))))


def is_from_kling(task: Task) -> bool:
    """Whether those words are Kling's, not this computer's."""
    trouble = trouble_of(task)
    return is_said_by_kling(trouble) if trouble else bool(task.message)


def shape_of_trouble(task: Task) -> Shape:
    """How bad it is, as a shape."""
    if task.status is Status.FAILED:
        return Shape.FAILED
    return Shape.WAITING if passes_by_itself(task) else Shape.UNCERTAIN


def details(task: Task) -> str:
    """All that somebody who looks into it wants to know, one fact a line; no address with a signature."""
    trouble = trouble_of(task)
    facts = (
        (tr("Kling says"), trouble.message if trouble and is_said_by_kling(trouble) else task.message),
        (tr("In detail"), trouble.message if trouble and not is_said_by_kling(trouble) else ""),
        (tr("Code"), str(trouble.code) if trouble and trouble.code is not None else ""),
        (tr("HTTP status"), str(trouble.http) if trouble and trouble.http is not None else ""),
        (tr("Kind"), trouble.error if trouble else ""),
        (tr("Request ID"), (trouble.request_id if trouble else "") or task.request_id),
        (tr("Kling's task ID"), task.kling_id),
        (tr("Our task ID"), task.id),
        (tr("Video ID"), task.extension.video_id),
        (tr("Profile"), f"{task.profile.name}, {task.profile.address or task.profile.region.value}"),
        (tr("State"), task.raw_status or task.status.value),
        (tr("Asked"), _time(task.asked_at)),
        (tr("Sent"), _time(task.sent_at)),
        (tr("Accepted"), _time(task.accepted_at)),
        (tr("Last change at Kling"), _time(task.updated_at)),
        (tr("Ended"), _time(task.ended_at)),
        (tr("Program"), f"Kling Desktop {__version__}"),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def passes_by_itself(task: Task) -> bool:
    """Whether nothing needs to be done about it."""
    return remedy_of(task) in (Remedy.SEND_NOW, Remedy.FETCH) and error_of(task).remedy is Remedy.WAIT
