"""Runs the campaign: `python -m tests.faults --runs 1000 --seed 1`; its last line is the verdict."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from kling_desktop.sandbox.server import Sandbox
from tests.faults import budget
from tests.faults.breaks import BREAKS, named
from tests.faults.campaign import campaign, media_cache
from tests.faults.judge import Verdict
from tests.faults.trace import is_at_hand, traced

_RUNS, _RUNS_OF_A_BREAK = 1000, 40


def main() -> int:
    """0 when the runs are clean. With --break that is the failure of the judge: it should have seen it."""
    if "--budget" in sys.argv[1:]:
        return budget.main([argument for argument in sys.argv[1:] if argument != "--budget"])
    options = _parser().parse_args()
    if options.breaks:
        sys.stdout.writelines(f"{name}\n" for name in BREAKS)
        return 0
    folder = options.folder or Path(tempfile.mkdtemp(prefix="kling-faults-"))
    runs = options.runs or (_RUNS_OF_A_BREAK if options.broken else _RUNS)
    verdict = campaign(
        runs, options.seed, folder, options.media_cache, lenient=not options.strict, broken=options.broken or ""
    )
    if not options.broken:
        verdict.add(_traced(folder, options.media_cache))
    sys.stdout.write(f"{verdict}\n")
    return 0 if verdict.is_clean else 1


def _traced(folder: Path, cache: Path | None) -> Verdict:
    """Two more tasks, their system calls traced where that can be done: synced, then sent."""
    if not is_at_hand():
        sys.stdout.write("the order of syncing and sending was not traced: strace is not at hand\n")
        return Verdict()
    story = folder / "traced"
    shutil.rmtree(story, ignore_errors=True)
    with media_cache(cache) as media, Sandbox(story / "sandbox", speed="instant", cache_dir=media) as sandbox:
        sends = traced(sandbox, story)
    sys.stdout.write(f"traced: {len(sends.synced)} paid requests left after the disk was synced, ")
    sys.stdout.write(f"{len(sends.unsynced)} before\n")
    return Verdict(unwritten=len(sends.unsynced) or int(not sends.synced))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--runs", type=int, help=f"default {_RUNS}, and {_RUNS_OF_A_BREAK} with --break")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--break", dest="broken", type=_known, help="run a product that is broken there")
    parser.add_argument("--breaks", action="store_true", help="print the names of the breaks, one a line")
    parser.add_argument("--budget", action="store_true", help="the budget campaign instead; see its own --help")
    parser.add_argument("--strict", action="store_true", help="Kling never forgets, and nothing stands before it")
    parser.add_argument("--folder", type=Path, help="where a run that fails leaves its files")
    parser.add_argument("--media-cache", type=Path, help="folder of clips that the sandbox has made before")
    return parser


def _known(name: str) -> str:
    try:
        return named(name)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
