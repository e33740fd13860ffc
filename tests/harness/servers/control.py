"""The control routes of a running sandbox: what it knows, and its switches."""

from __future__ import annotations

from typing import Any

import httpx


def ask(url: str, name: str) -> Any:
    """What the route of this name answers."""
    return _sent("GET", url, name).json()


def tell(url: str, name: str, **body: Any) -> None:
    """Throw one of the switches."""
    _sent("POST", url, name, json=body)


def clear_faults(url: str) -> None:
    """Nothing goes wrong any more."""
    _sent("DELETE", url, "faults")


def _sent(method: str, url: str, name: str, **what: Any) -> httpx.Response:
    # Plain HTTP on loopback. A client that might speak TLS reads all the system's certificates first, 20 ms for each of
    # the thousands of questions of a run.
    answer = httpx.request(method, f"{url}/_sandbox/{name}", verify=False, trust_env=False, **what)  # noqa: S501 - no TLS
    return answer.raise_for_status()
