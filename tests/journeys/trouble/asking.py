"""A take is asked for while something answers in Kling's place."""

from __future__ import annotations

from tests.journeys.creator import Creator

PAGE = b"<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>"


UNTRUE = (
    "Nothing was made",
    "othing was charged",
    "Nothing was sent",
    "cannot cost twice.",
    "Nothing of it is at Kling",
)


def card(creator: Creator) -> str:
    """All that the card on the stage says."""
    doctor = creator.window.doctor
    rows = (doctor.charge, doctor.again, doctor.advice, doctor.said)
    return " | ".join([doctor.accessibleName(), *(row.answer.text() for row in rows)])


async def ask(creator: Creator) -> None:
    creator.tell("lenient", ids=True)  # a repeated id would be made twice
    creator.asks(creator.clip_id("dawn-lake"), "Snow begins to fall")
    await creator.sees(creator.newest, "the task")
    creator.clicks_row(0)
