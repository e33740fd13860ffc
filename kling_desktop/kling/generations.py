"""Writes creates of new clips: by continuing from a picture (image2video) or from words alone (text2video)."""

from __future__ import annotations

import json

from kling_desktop.domain.models import MODELS, Mode
from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.errors import BadRequest, FrameMissing, PictureUnfit, PromptMissing
from kling_desktop.kling.pictures import base64_of


def written_from_picture(extension: Extension, task_id: str) -> bytes:
    """The JSON body for image2video, with the pictures as raw Base64. Reads them: for a thread.

    Never `cfg_scale` (V1.x only) and never `multi_shot` (its default here is false; true would cut to another shot).
    Raises, before anything is sent, PromptMissing, FrameMissing, PictureUnfit, and BadRequest for what
    the model does not offer.
    """
    generation = _checked(extension)
    if extension.video_id and (generation.first_frame is None or not generation.first_frame.exists()):
        raise FrameMissing("the frame of the film has gone")
    if generation.first_frame is None:
        raise PictureUnfit("there is no picture to begin with")
    pictures = {"image": base64_of(generation.first_frame)}
    if generation.end_frame is not None:
        pictures["image_tail"] = base64_of(generation.end_frame)
    return _body(extension, generation, task_id, pictures)


def written_from_words(extension: Extension, task_id: str) -> bytes:
    """The JSON body for text2video; the pictures' shape as Kling's default when none is asked for.

    Raises, before anything is sent, PromptMissing, BadRequest for what the model does not offer, and FrameMissing for
    what goes on from a clip: of words alone Kling would make something else, and charge for it.
    """
    generation = _checked(extension)
    if extension.video_id:
        raise FrameMissing("nothing tells which frame of the film it begins with")
    return _body(extension, generation, task_id, {"aspect_ratio": generation.aspect_ratio})


def _checked(extension: Extension) -> Generation:
    generation = extension.generation
    if generation is None:
        raise BadRequest("nothing says how the clip is to be made")
    if not extension.prompt.strip():
        raise PromptMissing("prompt is empty")
    model = MODELS.get(generation.model)
    if model is None:  # newer than this program, or gone: Kling says so
        return generation
    if generation.mode not in list(Mode) or Mode(generation.mode) not in model.modes:
        raise BadRequest(f"mode: {model.name} has no {generation.mode}")
    mode = Mode(generation.mode)
    if generation.seconds not in model.seconds:
        raise BadRequest(f"duration: {model.name} makes no {generation.seconds} s")
    if generation.sound and not model.has_sound(mode):
        raise BadRequest(f"sound: {model.name} has none in {mode.value}")
    if generation.end_frame is not None and not model.takes_end_frame(mode, generation.sound):
        raise BadRequest(f"image_tail: {model.name} takes none in {mode.value}, sound {_switch(generation.sound)}")
    return generation


def _body(extension: Extension, generation: Generation, task_id: str, more: dict[str, str]) -> bytes:
    """Only what the model takes and the creator set, and always our id. `duration` is a string, as the page has it."""
    fields: dict[str, object] = {
        "model_name": generation.model,
        "prompt": extension.prompt,
        "negative_prompt": extension.negative_prompt,
        "mode": generation.mode,
        "duration": str(generation.seconds),
        "sound": _switch(generation.sound) if _speaks_of_sound(generation) else "",
        **more,
        "watermark_info": None if extension.watermark is None else {"enabled": extension.watermark},
        "callback_url": extension.callback_url,
        "external_task_id": task_id,
    }
    body = {name: value for name, value in fields.items() if value not in ("", None)}
    # "replace": half a surrogate pair out of a broken paste must not stop the other words
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _speaks_of_sound(generation: Generation) -> bool:
    """Whether the model knows the field in that mode; one that we do not know is asked only when sound is wanted."""
    model = MODELS.get(generation.model)
    return generation.sound if model is None else model.has_sound(Mode(generation.mode))


def _switch(on: bool) -> str:
    return "on" if on else "off"
