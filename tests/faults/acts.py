"""What the creator did, written down where no fault reaches: the judge compares it with what was made and charged."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Acts:
    """One line an act, appended at one stroke, so that a killed process leaves whole lines."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "acts.jsonl"

    def note(self, act: str, **more: Any) -> None:
        line = json.dumps({"act": act, **more}).encode() + b"\n"
        file = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(file, line)
        os.close(file)

    def history(self) -> History:
        """All acts so far, summed up."""
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        history = History()
        for line in map(json.loads, lines):
            history.add(line)
        return history


@dataclass
class History:
    """What the library must know, and what Kling may have made."""

    asked: set[str] = field(default_factory=set)
    """Ids of tasks that the studio has taken on."""
    withdrawn: set[str] = field(default_factory=set)
    """Of these, those that the creator was taking back when the program died, or took back."""
    again: Counter[str] = field(default_factory=Counter)
    """How often the creator decided to send a task once more, knowing that it may cost twice."""
    drafts: list[str] = field(default_factory=list)
    """What may stand in the form: the last text that was surely saved, and those typed since."""
    unwritten: list[str] = field(default_factory=list)
    """Ids that left before the library had them as about to be sent."""

    films: dict[str, str] = field(default_factory=dict)
    """Files of the films up to continued takes, by the takes' tasks, as they were found in the end."""
    unsound: list[str] = field(default_factory=list)
    """Files that got the name of a film without being whole."""

    def add(self, line: dict[str, Any]) -> None:
        match line["act"]:
            case "asked":
                self.asked.add(line["task"])
            case "withdraws":
                self.withdrawn.add(line["task"])
            case "restored":
                self.withdrawn.discard(line["task"])
            case "again":
                self.again[line["task"]] += 1
            case "types":
                self.drafts.append(line["text"])
            case "typed":
                self.drafts = [line["text"]]
            case "film":
                self.films[line["task"]] = line["file"]
            case "unsound":
                self.unsound.append(line["file"])
            case "unwritten":
                self.unwritten.append(line["task"])
