"""The tree of errors that is read first is the tree that is raised."""

from __future__ import annotations

import re

from kling_desktop import errors

_BRANCH = re.compile(r"^ {4}([│ ]*[├└]── )?([A-Z]\w+)", re.MULTILINE)


def _told() -> dict[str, str]:
    """Each error's name in the module's docstring, with the name of the one it hangs under."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for indent, name in _BRANCH.findall(errors.__doc__ or ""):
        depth = len(indent) // 4
        del above[depth:]
        parents[name] = above[-1] if above else "Exception"
        above.append(name)
    return parents


def test_the_tree_that_is_told_is_the_one_of_the_classes() -> None:
    assert _told() == {error.__name__: error.__bases__[0].__name__ for error in errors.EVERY_ERROR}
