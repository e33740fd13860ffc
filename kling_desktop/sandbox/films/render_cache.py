"""Turns films into files: a cache on disk, two workers, nothing rendered twice."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from kling_desktop.sandbox.records import Abandoned, Film

_LOOK_AGAIN = 0.2
"""Seconds between two looks whether the workers are idle."""


class RenderCache:
    """Files are named by what they show, so any number of sandboxes can share one folder."""

    def __init__(self, cache: Path, pictures: Path = Path()) -> None:
        """`pictures` is the folder of those that films begin and end with."""
        self._cache = cache
        self._pictures = pictures
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="sandbox-render_cache")
        self._busy: dict[str, Future[Path]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def render(self, film: Film) -> Future[Path]:
        """The file of a film, now or later. A cached one is there at once."""
        path = self.path(film)
        with self._lock:
            if path.exists():
                done: Future[Path] = Future()
                done.set_result(path)
                return done
            if film.key not in self._busy:
                self._busy[film.key] = self._pool.submit(self._made, film)
            return self._busy[film.key]

    def prepare(self, films: Iterable[Film]) -> None:
        """Renders these in a thread of its own, one at a time and only while nobody waits for another."""
        threading.Thread(target=self._prepare, args=(list(films),), name="sandbox-preparing", daemon=True).start()

    def _prepare(self, films: Sequence[Film]) -> None:
        for film in films:
            while self._is_busy() and not self._closing.wait(_LOOK_AGAIN):
                pass
            if self._closing.is_set():
                return
            # Closed in the middle of one, or no room on the disk: it is rendered when somebody asks for it.
            with suppress(Abandoned, OSError):
                if not self.path(film).exists():
                    self._made(film)

    def _is_busy(self) -> bool:
        with self._lock:
            return bool(self._busy)

    def path(self, film: Film) -> Path:
        return self._cache / f"{film.key}.mp4"

    def close(self) -> None:
        """Drops what has not begun and gives up what is being rendered."""
        self._closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _made(self, film: Film) -> Path:
        """Renders a film after its parents, each once, whoever asks."""
        path = self.path(film)
        with self._lock:
            turn = self._locks.setdefault(film.key, threading.Lock())
        try:
            with turn:
                if not path.exists():
                    parent = self._made(film.parent) if len(film.segments) > 1 else None
                    self._write(film, parent, path)
        finally:
            with self._lock:
                self._busy.pop(film.key, None)
        return path

    def _write(self, film: Film, parent: Path | None, path: Path) -> None:
        # Imported here: numpy and PyAV take longer to load than the server takes to start.
        from kling_desktop.sandbox.films.mp4_writer import write

        self._cache.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.stem}.{os.getpid()}.new")
        try:
            write(film, parent, fresh, self._closing.is_set, self._pictures)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
