"""Wheel and sdist: what pip installs, made without a network and with the same bytes each time."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from pathlib import Path

from installers.workshop import Workshop
from project_venv import PYTHON, ROOT

_LEFT_OUT = (".git", ".venv", "build", "dist", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis", ".coverage*")


def make_wheel(workshop: Workshop) -> Path:
    """The wheel, in `dist`."""
    return _built(workshop, "wheel")


def make_sdist(workshop: Workshop) -> Path:
    """The sdist, in `dist`: packed again in one order and with one time, which setuptools does not do."""
    path = _built(workshop, "sdist")
    path.write_bytes(repacked(path.read_bytes(), workshop.epoch))
    return path


def _built(workshop: Workshop, kind: str) -> Path:
    """From a copy of the sources, because setuptools leaves its own folders where it builds."""
    source = workshop.work / f"source-{kind}"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    workshop.date_all(source)
    workshop.dist.mkdir(parents=True, exist_ok=True)
    code = f"import sys, setuptools.build_meta as b; sys.stderr.write(b.build_{kind}(sys.argv[1]))"
    before = set(workshop.dist.iterdir())
    workshop.call([PYTHON, "-W", "ignore", "-c", code, workshop.dist], cwd=source)
    suffix = ".whl" if kind == "wheel" else ".tar.gz"
    made = set(workshop.dist.glob(f"*{suffix}"))
    return max(made - before or made, key=lambda path: path.stat().st_mtime)


def repacked(archive: bytes, epoch: int) -> bytes:
    """The same .tar.gz with its files in order, all of one time and owner."""
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as old,
        gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=epoch) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    return packed.getvalue()


def unpacked(sdist: Path, folder: Path) -> Path:
    """The one folder in our own source distribution, laid into `folder`."""
    with tarfile.open(sdist) as archive:
        if hasattr(tarfile, "data_filter"):  # Python 3.11.4 and newer; Debian 12 has an older one
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder)  # noqa: S202 - we have just made it
    (root,) = folder.iterdir()
    return root
