"""The one script to set up, run and test Kling Desktop; it needs nothing but Python 3.11 or newer.

python3 packaging/dev.py run [arguments of the program]
python3 packaging/dev.py test [--keep-going] [arguments of pytest]
python3 packaging/dev.py lint | coverage | tour [DIR] | bench [NAMES] | clean
python3 packaging/dev.py lowest [arguments of pytest]
python3 packaging/dev.py package [NAMES] [--try] [--twice] [--no-trial]
"""

from __future__ import annotations

import sys

OLDEST = (3, 11)


def main() -> int:
    """Exit code of the command on the command line; this much runs on any Python 3, to say which one is needed."""
    if sys.version_info < OLDEST:
        wanted, own = ".".join(map(str, OLDEST)), ".".join(map(str, sys.version_info[:3]))
        print(f"Kling Desktop needs Python {wanted} or newer; this is {own}. Start it with a newer one.")
        return 1
    from commands import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
