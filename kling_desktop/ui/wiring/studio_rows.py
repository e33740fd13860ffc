"""What the list of all takes asks for rows, answered by the rooms of the studio."""

from __future__ import annotations

from kling_desktop.studio.studio import Studio


class StudioRows:
    """Fulfils `TaskRows`: tasks come from the ledger, stills from the clips, usual times from what has ended."""

    def __init__(self, studio: Studio) -> None:
        self.count = studio.ledger.count
        self.page = studio.ledger.page
        self.place = studio.ledger.place
        self.typical_seconds = studio.typical_times.seconds
        self.want_poster = studio.clips.want_poster
