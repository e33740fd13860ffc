"""The script of faults: what goes wrong with which request, how often, with which parameters."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

REFUSALS = {
    "slots": 1303,
    "too_fast": 1302,
    "empty": 1102,
    "arrears": 1101,
    "account": 1100,
    "permission": 1103,
    "ip": 1304,
    "policy": 1300,
    "content": 1301,
    "maintenance": 5001,
}
"""Faults that answer a row of the code table and make nothing. Any other row: `refuse` with `code`."""

ANSWERS = (
    *REFUSALS,
    "refuse",
    "internal_before",
    "internal_after",
    "gateway_before",
    "gateway_after",
    "proxy_before",
    "proxy_after",
    "html_502",
    "drop_before",
    "drop_after",
    "slow",
    "slow_body",
    "hang",
    "code_in_200",
    "no_optional_keys",
    "extra_keys",
    "empty_body",
    "broken_json",
    "no_array",
    "unknown_status",
    "vanish",
    "time_backwards",
    "media_no_extension",
)
"""Faults of one answer of the API."""

TASKS = (
    "risk",
    "stuck",
    "seam",
    "rendition",
    "unknown_status",
    "vanish",
    "time_backwards",
    "no_optional_keys",
    "extra_keys",
)
"""Faults that a create plants in its task; they stay with it. `rendition`: how its clip is made, see RENDITION."""

RENDITION = {
    "fps": (24, 30),
    "tagged": (False, True),
    "stall": range(13),
    "colour": (0.0, 3.0),
}
"""What `rendition` takes: frames a second; whether colours are named; frames that stand still at the beginning;
how strong the colour map is in [0, 3], 1 = as usual, 0 = none. What is left out is drawn by the clip's seed."""


MEDIA = (
    "media_no_length",
    "media_no_range",
    "media_truncated",
    "media_html",
    "media_expired",
    "media_slow",
    "media_drop",
    "media_hang",
)

PLANTS = ("colour", "brightness", "softness", "freeze", "jump", "lost_frame")
"""What the fault `seam` can plant at a join."""

REQUESTS = ("create", "query", "list", "costs", "media", "any")

_CHAOS = {
    "create": ("slots", "too_fast", "internal_before", "internal_after", "gateway_before", "gateway_after",
               "proxy_before", "proxy_after", "html_502", "drop_before", "drop_after", "code_in_200", "empty_body",
               "maintenance", "no_optional_keys", "extra_keys"),
    "query": ("internal_before", "gateway_before", "html_502", "drop_before", "code_in_200", "empty_body",
              "broken_json", "unknown_status", "time_backwards", "no_optional_keys", "extra_keys", "too_fast",
              "maintenance"),
    "media": ("media_no_length", "media_no_range", "media_truncated", "media_html", "media_drop"),
}  # fmt: skip
_CHAOS["list"] = _CHAOS["query"]
_CHAOS["costs"] = ("no_array", "internal_before", "html_502", "drop_before")


@dataclass(slots=True)
class Fault:
    """One entry of the script."""

    on: str
    do: str
    times: int = 1
    """How many requests it spoils; -1 = all, until cleared."""
    after: int = 0
    """How many matching requests pass first."""
    match: str = ""
    """Only requests whose path, query or body contains this text."""
    more: dict[str, Any] = field(default_factory=dict)
    """Parameters of the fault itself: seconds, code, message, plant, amount, bytes..."""

    @staticmethod
    def read(data: dict[str, Any]) -> Fault:
        """Raises:
        ValueError: an unknown request or fault name.
        """
        rest = dict(data)
        do = str(rest.pop("do", ""))
        on = str(rest.pop("on", "media" if do in MEDIA else "create" if do in TASKS else "any"))
        if do not in (*ANSWERS, *TASKS, *MEDIA) or on not in REQUESTS:
            raise ValueError(f"no such fault: {do!r} on {on!r}")
        if (do in MEDIA) != (on == "media"):
            raise ValueError(f"{do!r} cannot happen on {on!r}")
        if do in TASKS and do not in ANSWERS and on != "create":
            raise ValueError(f"{do!r} is planted by a create, not by {on!r}")
        if do == "seam" and rest.get("plant") not in PLANTS:
            raise ValueError(f"no such plant: {rest.get('plant')!r}")
        if do == "rendition" and not rest.keys() <= {*RENDITION, "match", "times", "after"}:
            raise ValueError(f"a rendition takes {', '.join(RENDITION)}")
        numbers = {name: int(rest.pop(name)) for name in ("times", "after") if name in rest}
        return Fault(on, do, match=str(rest.pop("match", "")), more=rest, **numbers)

    def fits(self, on: str, text: str) -> bool:
        return self.on in (on, "any") and self.times != 0 and self.match in text


class Script:
    """The queue of faults; the first that fits is used. Safe in threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._chaos: random.Random | None = None
        self._rate = 0.0
        self._names: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self.used: list[dict[str, str]] = []
        """What went wrong so far, in order: {"on", "do"}."""

    def push(self, faults: Iterable[Fault]) -> None:
        with self._lock:
            self._faults.extend(faults)

    def clear(self) -> None:
        """No faults, no chaos."""
        with self._lock:
            self._faults.clear()
            self._rate = 0.0

    def chaos(self, seed: int, rate: float, names: Iterable[str] = ()) -> None:
        """From now on each request is spoiled with this probability in [0, 1], by a seeded draw."""
        with self._lock:
            self._chaos = random.Random(seed)  # noqa: S311 - repeatable by its seed, which is the point
            self._rate, self._names = rate, tuple(names)

    def pending(self) -> list[dict[str, Any]]:
        with self._lock:
            return [{"on": fault.on, "do": fault.do, "times": fault.times, **fault.more} for fault in self._faults]

    def draw(self, on: str, text: str) -> list[Fault]:
        """The faults of this request: at most one of its answer, and those of the task it may make."""
        with self._lock:
            found = self._scripted(on, text)
            if not found and self._chaos is not None and self._chaos.random() < self._rate:
                names = [name for name in _CHAOS[on] if not self._names or name in self._names]
                found = [Fault(on, self._chaos.choice(names))] if names else []
            self.used.extend({"on": on, "do": fault.do} for fault in found)
            return found

    def _scripted(self, on: str, text: str) -> list[Fault]:
        found: list[Fault] = []
        answer_taken = False
        for fault in [fault for fault in self._faults if fault.fits(on, text)]:
            of_task = on == "create" and fault.do in TASKS
            if (fault.do in MEDIA) != (on == "media") or (answer_taken and not of_task):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= fault.times > 0
            answer_taken = answer_taken or not of_task
            found.append(fault)
        self._faults = [fault for fault in self._faults if fault.times != 0]
        return found
