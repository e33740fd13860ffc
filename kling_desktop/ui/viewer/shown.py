"""What the viewer is to show: a clip, and where and how it goes on from what was on the stage before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain.clips import Clip


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip as the stage has it; times are seconds from its start."""

    clip: Clip | None = None
    """None empties the stage."""
    poster: Path | None = None
    """A still of it, until its first frame is there."""
    title: str = ""
    """Its words, for the head of the full screen and for a screen reader."""
    start: float | None = None
    """Where it opens; None lets a longer clip go on from where the one before stands."""
    later: float = 0.0
    """By so much later the same is to be seen in the file that has come for the clip on show."""
    beside: bool = False
    """It is another take of the same parent, which a continued clip does not tell by itself."""
    named: str = ""
    """What pictures of it are called; empty for the name of its file."""
    film: str = ""
    """Id of its film: nothing goes on in another one."""
    is_awaited: bool = False
    """On the empty stage one is awaited."""

    @property
    def picture_name(self) -> str:
        """What a picture of it is called, without the frame."""
        file = self.clip.file if self.clip else None
        return self.named or (file.stem if file else self.clip.id if self.clip else "")

    def is_same_as(self, before: Shown) -> bool:
        """Whether it is the clip that was on show, perhaps with other facts."""
        return self.clip is not None and before.clip is not None and self.clip.id == before.clip.id

    def is_of_another_film(self, before: Shown) -> bool:
        """Whether it is known to be of another film than what was on show."""
        return bool(self.film and before.film) and self.film != before.film

    def is_sibling_of(self, before: Shown) -> bool:
        """Whether it was made from what the clip on show was made from."""
        parents = [shown.clip.parent_id if shown.clip else "" for shown in (self, before)]
        return self.beside or (bool(parents[0]) and parents[0] == parents[1])
