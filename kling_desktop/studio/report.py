"""Writes the support report: what a helper needs to know, and nothing that opens an account or a film."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.tasks import Filter, Task
from kling_desktop.store.files import write_atomically
from kling_desktop.store.settings import Settings
from kling_desktop.studio.preferences import Preferences

if TYPE_CHECKING:
    from kling_desktop.store.library import Library
    from kling_desktop.store.vault import Vault

TASKS = 50
"""How many of the newest tasks are told."""

_LOG_BYTES = 40_000
_REMOVED = "[removed]"
_LONGEST = 2_000
# Compiled when a report is written: few starts see one, and these take longer than all else that is loaded here.
_PATTERNS = (
    (r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/?#\"'<>@]*@", r"\1"),
    (r"(?i)\b([a-z][a-z0-9+.-]*://[^\s?#\"'<>]*)[?#][^\s\"'<>]*", rf"\1?{_REMOVED}"),
    (r"eyJ[\w-]+\.[\w-]+(\.[\w-]*)?", _REMOVED),
    (r"(?i)\b(bearer|basic)\s+[^\s\"',]+", rf"\1 {_REMOVED}"),
    (r"(?i)api-key-[\w-]{8,}", _REMOVED),
    (r"whsec_[\w+/=-]+", _REMOVED),
    (r"(?i)((?:secret|password|passwd|token|signature|credential|access|api)[\w-]*\"?\s*[=:]\s*)"
     r"(?!\[removed\])[\"']?[^\s\"',;&}]+", rf"\1{_REMOVED}"),
)  # fmt: skip
_RANDOM = r"(?<![\w/+-])(?=[\w+/-]*[A-Za-z])(?=[\w+/-]*\d)[\w+-]{28,}={0,2}(?![\w/+-])"
"""Long words of letters and digits, as keys are; ids of ours and of Kling's requests are spared by `_is_id`."""

_ID = r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\d{1,20}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report is made of."""

    versions: Mapping[str, str]
    settings: Settings
    tasks: Sequence[Task]
    """Newest first."""
    log: str
    secrets: Sequence[str]
    """Keys that are known now: wherever they stand, they are cut out."""
    home: Path


def versions(**more: str) -> dict[str, str]:
    """Of what lies under the program; `more` names what this floor does not know."""
    import platform  # not before a report is wanted

    return {"Python": sys.version.split()[0], "System": platform.platform(), "Machine": platform.machine(), **more}


def written(facts: Facts, *, with_prompts: bool) -> str:
    """The whole report as text. Prompts only with the creator's leave."""
    censor = Censor(facts.secrets, facts.home)
    tasks = [line for task in facts.tasks[:TASKS] for line in _task_lines(task, censor, with_prompts=with_prompts)]
    parts = (
        ("Kling Desktop report", [f"Written {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"]),
        ("Versions", [censor.id(f"{name}: {value}") for name, value in facts.versions.items()]),
        ("Settings", [censor.words(line) for line in _settings_lines(facts.settings)]),
        (f"The newest tasks, up to {TASKS}", tasks or ["(none)"]),
        ("End of the log", [censor.words(line) for line in facts.log.splitlines()] or ["(empty)"]),
    )
    return "\n\n".join("\n".join((title, "-" * len(title), *lines)) for title, lines in parts) + "\n"


class Censor:
    """Cuts out what must not leave the computer: known keys, what looks like one, signatures, the home folder."""

    def __init__(self, secrets: Iterable[str], home: Path) -> None:
        self._secrets = sorted((s for s in secrets if len(s) > 3), key=len, reverse=True)
        self._home = "" if home == Path(home.anchor) else str(home)

    def words(self, text: str) -> str:
        """A line that anybody may have written."""
        return re.sub(_RANDOM, lambda found: found[0] if re.fullmatch(_ID, found[0]) else _REMOVED, self.id(text))

    def id(self, text: str) -> str:
        """A line that holds an id of Kling's, which may look as random as a key."""
        for secret in self._secrets:
            text = text.replace(secret, _REMOVED)
        text = " ".join(text[:_LONGEST].splitlines())
        for pattern, shown in _PATTERNS:
            text = re.sub(pattern, shown, text)
        return text.replace(self._home, "~") if self._home else text


def end_of_log(folder: Path) -> str:
    """The last lines of the program's logs. Blocks; what cannot be read is left out."""
    return "\n".join(text for name in ("crash.log", "kling-desktop.log") if (text := _tail(folder / name)))


def _tail(file: Path) -> str:
    try:
        with file.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(0, size - _LOG_BYTES))
            text = log.read().decode("utf-8", "replace")
    except OSError:  # no crash yet, or a log that somebody removed
        return ""
    return text if size <= _LOG_BYTES else text.partition("\n")[2]


def _settings_lines(settings: Settings) -> list[str]:
    shown = asdict(settings)
    shown["window"] = f"{len(settings.window)} characters"
    shown["profiles"] = [f"{p.name} ({p.region.value}{', own address' * bool(p.base_url)})" for p in settings.profiles]
    return [f"{name}: {value}" for name, value in shown.items()]


def _task_lines(task: Task, censor: Censor, *, with_prompts: bool) -> list[str]:
    trouble, clip, prompt = task.trouble, task.clip, task.extension.prompt
    ids = {
        "id": task.id,
        "kling": task.kling_id,
        "video": task.extension.video_id,
        "clip": clip.id if clip else "",
        "retry of": task.retry_of,
        "request": task.request_id,
        "trouble request": trouble.request_id if trouble else "",
    }
    facts = {
        "profile": f"{task.profile.name} ({task.profile.region.value})",
        "times": ", ".join(_times(task)),
        "units": "" if task.units is None else str(task.units),
        "message": task.message,
        "trouble": f"{trouble.error} {'' if trouble.code is None else trouble.code} {trouble.message}"
        if trouble
        else "",
        "HTTP status": str(trouble.http) if trouble and trouble.http is not None else "",
        "seconds": str(clip.seconds) if clip and clip.seconds is not None else "",
        "kept": "yes" if clip and clip.file else "",
        "watched": "" if task.watched else "no",
        "prompt": repr(prompt) if with_prompts else f"{len(prompt)} characters",
    }
    return [
        censor.words(f"* {task.raw_status or task.status.value}"),
        *(censor.id(f"    {name}: {value}") for name, value in ids.items() if value),
        *(censor.words(f"    {name}: {value}") for name, value in facts.items() if value),
    ]


def _times(task: Task) -> list[str]:
    moments: dict[str, datetime | None] = {
        "asked": task.asked_at,
        "sent": task.sent_at,
        "accepted": task.accepted_at,
        "updated": task.updated_at,
        "ended": task.ended_at,
    }
    return [f"{name} {moment:%Y-%m-%d %H:%M:%S}" for name, moment in moments.items() if moment]


class Reporter:
    """Gathers what a report is made of."""

    def __init__(self, library: Library, vault: Vault, preferences: Preferences, data_dir: Path) -> None:
        self._library = library
        self._vault = vault
        self._preferences = preferences
        self._data_dir = data_dir

    async def write(self, *, with_prompts: bool, **more_versions: str) -> str:
        """The report as it would be saved now."""
        tasks = self._library.page(Filter(), 0, TASKS)
        settings, secrets = self._preferences.now, self._vault.at_hand()
        return await asyncio.to_thread(self._compose, tasks, settings, secrets, with_prompts, more_versions)

    def _compose(
        self,
        tasks: Sequence[Task],
        settings: Settings,
        secrets: Sequence[str],
        with_prompts: bool,
        more: dict[str, str],
    ) -> str:
        log = end_of_log(self._data_dir / "logs")
        return written(Facts(versions(**more), settings, tasks, log, secrets, Path.home()), with_prompts=with_prompts)


async def save(text: str, target: Path) -> None:
    """Put a report into a file. Raises FileTrouble."""
    await asyncio.to_thread(write_atomically, target, text.encode("utf-8", "replace"))
