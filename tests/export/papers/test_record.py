"""Papers come from anywhere: what cannot be is no record, and takes neither time nor memory."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kling_desktop.export.papers.record import exact, from_json, papers_of, to_json
from tests.export.films import joined

HUGE = "1e300000000"
"""A number that Fraction would write out, with three hundred million digits."""


@pytest.mark.parametrize("text", ["12", "-1/24", "0.5", "1001/30000"])
def test_numbers_come_back(text: str) -> None:
    assert exact(text) == Fraction(text)


@pytest.mark.parametrize("text", [HUGE, "nan", "inf", "", " 1", "1/", "0x1", "9" * 100, 1, None, True])
def test_what_is_no_number_is_none(text: object) -> None:
    with pytest.raises(ValueError, match="no number"):
        exact(text)


@pytest.mark.parametrize("place", ["start", "end", "at"])
def test_papers_with_such_a_number_are_none(place: str, tmp_path: Path) -> None:
    record: dict[str, Any] = json.loads(to_json(papers_of(joined(tmp_path))))
    assert from_json(json.dumps(record)) is not None
    part = record["parts"][1]
    (part["seams"][0] if place == "at" else part)[place] = HUGE
    assert from_json(json.dumps(record)) is None
