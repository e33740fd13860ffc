"""Runs the campaign: `python -m tests.faults --runs 1000 --seed 1`; its last line is the verdict."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.campaign import campaign


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where a run that fails leaves its files")
    parser.add_argument("--media-cache", type=Path, help="folder of clips that the sandbox has made before")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="kling-faults-"))
    verdict = campaign(options.runs, options.seed, folder, options.media_cache)
    sys.stdout.write(f"{verdict}\n")
    return 0 if verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
