"""A template is judged and shown before there is anything to export."""

from __future__ import annotations

import pytest

from kling_desktop.studio.films.handing_over.choices import DEFAULT, TOKENS
from kling_desktop.studio.films.handing_over.example_names import EXAMPLE, example_names


def test_the_usual_template_names_two_takes() -> None:
    first, second = example_names(DEFAULT)
    assert first == "Lantern Lake/2026-11-25_First snow, very light_h05_t01_28s.mp4"
    assert second == first.replace("_t01_", "_t02_")


def test_a_template_that_gives_two_takes_one_name_is_refused() -> None:
    with pytest.raises(ValueError, match="Two takes would get one name"):
        example_names("{title}{ext}")


def test_no_token_is_without_an_example() -> None:
    assert set(EXAMPLE) == set(TOKENS)
