"""What can be switched in a sandbox, and stays switched over a restart."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from kling_desktop.sandbox.records import Account

PHASES: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    # speed: (seconds before processing), (seconds from creation to the end), each drawn between two bounds
    "instant": ((0.05, 0.05), (0.1, 0.1)),
    "demo": ((1.0, 2.5), (8.0, 15.0)),
    "realistic": ((3.0, 9.0), (200.0, 330.0)),
}


@dataclass(slots=True)
class Settings:
    """One per state directory."""

    own: Account
    other: Account
    """Another account on the same server: its videos are foreign to us."""
    media_secret: str = field(repr=False)
    size: str = "small"
    speed: str = "instant"
    retired: bool = False
    """True: extensions of V1.x clips answer 1203 as well. Whether Kling does that since 2026-09-15 was never tried."""
    old_models: bool = False
    """True: the world before 2026-09-15, new clips are made with V1.0 to V2.1 too; else these answer 1203."""
    slots: int = 5
    granted_units: float = 1000.0
    """Units ever bought; what was charged is subtracted from it."""
    balance_lag_hours: float = 0.0
    """How old the remaining quantity of /account/costs is; the real one is 12 hours old."""
    shift_ms: int = 0
    """Server clock minus this machine's."""
    lenient_ids: bool = False
    """True: a repeated external id is not refused but makes a second task, as a server that forgets would."""
    late_seconds: float = 0.0
    """How long a new task is not found by its ids and stands in no list yet."""
    webhook_secret: str = field(default="", repr=False)
    strict_media: bool = False
    """True: media asked with an Authorization header is refused (403) as well as recorded."""

    @staticmethod
    def fresh(size: str) -> Settings:
        return Settings(_account("muse-own"), _account("muse-other"), secrets.token_hex(32), size)

    @staticmethod
    def read(record: dict[str, Any]) -> Settings:
        data = {key: value for key, value in record.items() if key not in ("what", "id")}
        return Settings(**{**data, "own": Account(**data["own"]), "other": Account(**data["other"])})

    def record(self) -> dict[str, Any]:
        return {"what": "settings", **asdict(self)}


def _account(name: str) -> Account:
    return Account(
        name=name,
        access_key=secrets.token_hex(16),
        secret_key=secrets.token_hex(24),
        api_key=f"api-key-kling-sandbox-{secrets.token_hex(18)}",
    )
