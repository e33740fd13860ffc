"""Where a frozen program begins: the window, or what the window starts as a child of itself: sandbox, an export."""

from __future__ import annotations

import sys

_SANDBOX = ["-m", "kling_desktop.sandbox"]
_EXPORT = ["-m", "kling_desktop.export.process"]
"""How `sandbox/child.py` and `export/process/child.py` start their children. In a frozen program `sys.executable` is no
Python, but this file.
"""


def main() -> int:
    """Exit code of what the command line asks for."""
    if sys.argv[1:3] == _SANDBOX:
        from kling_desktop.sandbox.__main__ import main as sandbox

        sys.argv[1:3] = []
        return sandbox()
    if sys.argv[1:3] == _EXPORT:
        from kling_desktop.export.process.__main__ import main as export

        export()
    from kling_desktop.__main__ import main as program

    return program()


if __name__ == "__main__":
    sys.exit(main())
