"""What a new clip is made with, in a few words."""

from __future__ import annotations

from kling_desktop.domain.models import MODELS
from kling_desktop.domain.tasks import Generation
from kling_desktop.ui.i18n import tr


def model_label(generation: Generation) -> str:
    """As creators call the model; one of another time by Kling's own name for it."""
    known = MODELS.get(generation.model)
    return known.label if known is not None else generation.model


def generation_words(generation: Generation) -> list[str]:
    """Model, mode, length, and shape and sound where they were asked for."""
    said = [
        model_label(generation),
        generation.mode,
        tr("{n} s", n=generation.seconds),
        generation.aspect_ratio,
        tr("sound") if generation.sound else "",
    ]
    return [word for word in said if word]
