"""Says in what two builds of the same source differ."""

from __future__ import annotations

from pathlib import Path

from installers.workshop import checksum


def differences(first: Path, second: Path) -> list[str]:
    """Names of the files that differ or that only one of two files or folders has; empty when there is none."""
    if first.is_file() and second.is_file():
        return [] if checksum(first) == checksum(second) else [first.name]
    ours, theirs = _sums(first), _sums(second)
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _sums(folder: Path) -> dict[str, str]:
    """Every file below with its checksum, every link with where it leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink()) if path.is_symlink() else checksum(path)
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }
