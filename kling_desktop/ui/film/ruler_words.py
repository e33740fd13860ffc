"""The ruler in words, for who cannot see it: where it stands, in which hop, what its seam is like, what is to come."""

from __future__ import annotations

from kling_desktop.ui.film.film_view import Card, CardKind, FilmView
from kling_desktop.ui.film.film_words import clock
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import shape_word


def place_words(view: FilmView, seconds: float) -> str:
    """ "0:12 of 0:23, hop 2, slightly visible, planned to 0:40, limit 3:00"."""
    if not view.made:
        return tr("Nothing is made yet")
    said = [tr("{time} of {end}", time=clock(seconds), end=clock(view.made))]
    if (card := _card_at(view, seconds)) is not None:
        said.append(tr("hop {n}", n=card.hop))
        if card.seam is not None:
            said.append(card.seam_words or shape_word(card.seam))
    if view.coming:
        said.append(tr("planned to {time}", time=clock(view.made + view.coming)))
    if view.limit is not None:
        said.append(tr("limit {time}", time=clock(view.limit)))
    return tr(", ").join(said)


def _card_at(view: FilmView, seconds: float) -> Card | None:
    """The made hop that plays there; at the film's end its last one."""
    ends, found = 0.0, None
    for card in view.cards:
        if card.kind is not CardKind.MADE:
            break
        ends, found = ends + card.seconds, card
        if seconds < ends:
            break
    return found
