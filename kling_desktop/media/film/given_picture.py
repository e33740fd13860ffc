"""Brings a picture that somebody gives into the form in which a clip can begin, or end, with it."""

from __future__ import annotations

from fractions import Fraction

from kling_desktop.media.film.pictures import decoded, jpeg_of_full_colour, png_of, rgb_of_jpeg
from kling_desktop.media.stills import turned


def upright(content: bytes) -> bytes:
    """A PNG or JPEG as it is shown: the bytes themselves, unless a camera notes in them how to turn the picture.

    Kling's pages do not say whether that note is heeded, so what is sent needs none. Raises PictureUnfit and its
    family for what cannot be read to its end.
    """
    picture = decoded(content)
    if not picture.rotation:
        return content
    still = picture if picture.format.is_rgb else rgb_of_jpeg(picture)
    level = still.reformat(format="rgb24")
    level.time_base = Fraction(1, 25)  # the filter insists on one
    straight = turned(level, picture.rotation)
    return png_of(straight) if content.startswith(b"\x89PNG") else jpeg_of_full_colour(straight)
