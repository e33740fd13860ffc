"""What films are called in lists that show nothing of them but their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from kling_desktop.domain.takes import Film
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr_count


def told_apart(films: Sequence[Film], now: datetime) -> list[str]:
    """Their names, in this order; those of one name say how many takes each has, and when it was last worked on."""
    often = Counter(film.name for film in films)
    return [_with_facts(film, now) if often[film.name] > 1 else film.name for film in films]


def _with_facts(film: Film, now: datetime) -> str:
    takes = tr_count(film.takes, "{n} take", "{n} takes")
    return " · ".join((film.name, takes, formatting.ago(film.touched_at, now)))
