"""Whatever stands in the ledger has words."""

from __future__ import annotations

import pytest

from kling_desktop.domain.tasks import Status
from kling_desktop.domain.units import TAKEN_OUT
from kling_desktop.ui.budget.ledger_words import outcome_words


@pytest.mark.parametrize("outcome", [*Status, TAKEN_OUT])
def test_every_outcome_is_said_in_words(outcome: str) -> None:
    assert outcome_words(outcome) != outcome


def test_a_task_that_was_taken_out_is_said_to_be() -> None:
    assert outcome_words(TAKEN_OUT) == "Removed from the list"
