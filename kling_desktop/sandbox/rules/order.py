"""The order: a create request whose fields are all right."""

from __future__ import annotations

from dataclasses import dataclass

from kling_desktop.sandbox.rules.pictures import Picture

LONGEST_SECONDS = 180
RETENTION_MS = 30 * 24 * 3600 * 1000

REFUSED_WORD = "forbidden"
"""The sandbox's own convention: this word in a prompt is refused at submission (1301)."""
RISKY_WORD = "risky"
"""The sandbox's own convention: this word is accepted, and the task then fails with RISK_MESSAGE."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted. What depends on other tasks is checked by the world."""

    kind: str
    prompt: str = ""
    negative_prompt: str = ""
    cfg_scale: float | None = None
    watermark: bool | None = None
    callback_url: str = ""
    external_id: str = ""
    video_id: str = ""
    model: str = ""
    mode: str = "std"
    aspect: str = "16:9"
    """Of text to video; a clip from a picture follows the picture."""
    seconds: int = 5
    sound: bool = False
    voices: bool = False
    picture: Picture | None = None
    """What the clip begins with."""
    tail: Picture | None = None
    """What it ends with."""

    @property
    def risky(self) -> bool:
        return RISKY_WORD in self.prompt.lower()
