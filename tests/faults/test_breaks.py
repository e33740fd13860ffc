"""The breaks: all that are named are there, and the campaign goes red on the quickest of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.breaks import BREAKS, named
from tests.faults.campaign import campaign

_NAMES = (
    "new id on re-send",
    "automatic re-send",
    "retry after a lost answer",
    "no look-up",
    "same file for all",
    "requests dropped",
    "rename before verify",
    "no verify",
    "no resume",
    "prompt cut",
    "units lost",
    "token to media",
    "draft lost",
    "no write before send",
    '"not found once" = failed',
    "hop sent twice",
    "film not joined",
)
_QUICKEST = ("draft-lost", "same-file-for-all", "token-to-media")


def test_every_break_is_known_by_its_words() -> None:
    assert [named(words) for words in _NAMES] == list(BREAKS)
    with pytest.raises(ValueError, match="no such break"):
        named("no coffee")


def test_the_command_line_lists_them() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--breaks"], capture_output=True, text=True, check=True
    )
    assert listed.stdout.splitlines() == list(BREAKS)


@pytest.mark.parametrize("name", _QUICKEST)
def test_the_campaign_goes_red_on(name: str, media_cache: Path, tmp_path: Path) -> None:
    verdict = campaign(40, 1, tmp_path, media_cache, broken=name)
    assert not verdict.is_clean
    assert verdict.runs < 40


def test_the_campaign_says_so_by_its_exit_code(media_cache: Path, tmp_path: Path) -> None:
    arguments = ["--break", "units lost", "--media-cache", str(media_cache), "--folder", str(tmp_path)]
    ended = subprocess.run([sys.executable, "-m", "tests.faults", *arguments], capture_output=True, text=True)
    assert ended.returncode == 1, ended.stderr
    assert "mischarged" in ended.stdout.splitlines()[-1]
