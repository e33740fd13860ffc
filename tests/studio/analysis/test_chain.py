"""A clip's way back to its base is walked in the library, with the best hint for each hop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.analysis.chain import LONGEST, chain_of


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield library
    library.close()


def test_a_base_clip_has_no_hops(library: Library) -> None:
    assert chain_of(Clip("base"), library) == ()


def test_a_chain_is_told_from_its_base_with_prompts_files_and_hints(library: Library) -> None:
    library.put_clip(Clip("base", file=Path("/base.mp4"), seconds=Decimal("5.042")))
    first = Clip("first", parent_id="base", parent_seconds=Decimal("5"), seconds=Decimal("9.7"))
    extension = Extension("base", "A boat comes")
    library.put(Task("t1", extension, SANDBOX, Status.SUCCEEDED, datetime.now(UTC), clip=first))
    second = Clip("second", parent_id="first", parent_seconds=Decimal("9.71"))
    links = chain_of(second, library)
    assert [(link.hop, link.prompt, link.parent_file) for link in links] == [
        (1, "A boat comes", Path("/base.mp4")),
        (2, "", None),
    ]
    assert [link.parent_seconds for link in links] == [5.042, 9.71]  # the text with more digits
    assert [link.slack_seconds for link in links] == pytest.approx([0.0005, 0.005])


def test_without_any_length_the_usual_one_is_guessed(library: Library) -> None:
    (link,) = chain_of(Clip("take", parent_id="unknown", seconds=Decimal("10.1")), library)
    assert link.parent_seconds == pytest.approx(5.1)
    assert (link.slack_seconds, link.hop) == (1.0, 1)


def test_a_chain_that_bites_its_own_tail_ends(library: Library) -> None:
    library.put_clip(Clip("a", parent_id="b"))
    library.put_clip(Clip("b", parent_id="a"))
    clip = library.clip("a")
    assert clip is not None
    assert len(chain_of(clip, library)) <= LONGEST + 1
