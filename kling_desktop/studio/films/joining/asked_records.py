"""What continued takes were asked for, in small files beside the library: Kling tells nobody what a clip goes on from.

A library that is lost can be had again from Kling's lists, but for that: each continuation would be a film of its own.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kling_desktop.domain.tasks import Extension, Task
from kling_desktop.store.files import write_atomically
from kling_desktop.store.generations import generation_of, generation_text

log = logging.getLogger(__name__)


class AskedRecords:
    """Its calls read and write the disk: for worker threads."""

    def __init__(self, folder: Path, seeds: Path) -> None:
        """`seeds` is where the pictures lie that clips begin with."""
        self._folder = folder
        self._seeds = seeds

    def keep(self, task: Task) -> None:
        """Once for each task. Raises FileTrouble."""
        asked, generation = task.extension, task.extension.generation
        file = self._folder / f"{hashlib.sha256(task.id.encode('utf-8', 'replace')).hexdigest()[:32]}.json"
        if generation is None or not asked.video_id or file.exists():
            return
        seed = generation.first_frame
        bare = replace(generation, first_frame=Path(seed.name) if seed else None, end_frame=None)
        record = {
            "task": task.id,
            "clip": asked.video_id,
            "prompt": asked.prompt,
            "negative_prompt": asked.negative_prompt,
            "generation": generation_text(bare),
        }
        write_atomically(file, json.dumps(record).encode())

    def all(self) -> Mapping[str, Extension]:
        """By the ids of the tasks; what cannot be read is left out."""
        found: dict[str, Extension] = {}
        for file in self._folder.glob("*.json"):
            try:
                task_id, asked = self._read(json.loads(file.read_bytes()))
            except (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
                log.info("a record of what was asked for cannot be read: %s", type(error).__name__)
            else:
                found[task_id] = asked
        return found

    def _read(self, record: Mapping[str, object]) -> tuple[str, Extension]:
        task_id, clip_id, text = record["task"], record["clip"], record["generation"]
        words, without = record["prompt"], record["negative_prompt"]
        generation = generation_of(text) if isinstance(text, str) else None
        if not (isinstance(task_id, str) and isinstance(clip_id, str) and clip_id and generation is not None):
            raise ValueError("no task, no clip or no options")
        seed = generation.first_frame
        whole = replace(generation, first_frame=self._seeds / seed.name if seed else None)
        return task_id, Extension(clip_id, str(words), str(without), generation=whole)
