"""What can be chosen beside the format of an export. Loads no media library: the dialog shows it at once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen beside the format. A format that has no use for one ignores it."""

    aspect: Fraction | None = None
    """Width over height; None keeps the film's."""
    crop: bool = True
    """Whether another aspect cuts off what does not fit; else bars are added."""
    longest: int | None = None
    """Longer side in pixels, at most; None keeps the film's."""
    rate: Fraction | None = None
    """Pictures a second of a loop; None: 12 or the film's own when that is less."""
    blend_seconds: Fraction = Fraction(0)
    """How much of a loop's end is blended into its beginning, so that it closes without a jump."""
    most_bytes: int | None = None
    """How large the file may become; None: as it comes. Kept by H.264, for others it is a condition."""
