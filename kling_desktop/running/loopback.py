"""Keeps what stays on this computer out of the system's proxy, for libraries that ask nobody but the environment."""

from __future__ import annotations

from collections.abc import MutableMapping

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_HERE = ("localhost", "127.0.0.1", "::1")


def spare_loopback(environment: MutableMapping[str, str]) -> None:
    """Where a proxy is named, name this computer among what no proxy is for. Our own client needs no such word; what
    plays films from the sandbox's addresses does.
    """
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if exempt.strip() != "*" and any(environment.get(name) for name in _PROXIES):
        there = [entry.strip() for entry in exempt.split(",") if entry.strip()]
        environment["no_proxy"] = ",".join([*there, *(name for name in _HERE if name not in there)])
