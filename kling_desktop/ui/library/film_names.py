"""What films are called on the screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from kling_desktop.domain.clips import minted_at
from kling_desktop.domain.takes import Film
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count

_OUR_ID = re.compile("[0-9a-f]{32}")


def shown_name(film: Film) -> str:
    """Its name. One that began without words has none but an ID until its first words: Kling's of its clip, or ours."""
    is_id = minted_at(film.name) is not None or _OUR_ID.fullmatch(film.name)
    return tr("Untitled film") if is_id else film.name


def told_apart(films: Sequence[Film], now: datetime) -> list[str]:
    """Their names, in this order, for lists that show nothing else; those of one name say how many takes each has, and
    when it was last worked on.
    """
    often = Counter(map(shown_name, films))
    return [_with_facts(film, now) if often[shown_name(film)] > 1 else shown_name(film) for film in films]


def _with_facts(film: Film, now: datetime) -> str:
    takes = tr_count(film.takes, "{n} take", "{n} takes")
    return " · ".join((shown_name(film), takes, formatting.ago(film.touched_at, now)))
