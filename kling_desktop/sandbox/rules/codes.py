"""The code table: what a request that makes nothing is answered with."""

from __future__ import annotations

CODES: dict[int, tuple[int, str]] = {
    # code: (HTTP status, message). Texts marked * were seen live or stand in official pages; the others are invented.
    1000: (401, "Authentication failed"),
    1001: (401, "Authorization is empty"),  # *
    1002: (401, "Authorization is invalid"),
    1003: (401, "Authorization is not yet valid"),
    1004: (401, "Authorization has expired"),
    1100: (429, "Account exception"),
    1101: (429, "Account in arrears"),
    1102: (429, "Account balance not enough"),  # *
    1103: (403, "Unauthorized request to this resource or model"),
    1200: (400, "Invalid request parameters"),
    1201: (400, "Invalid parameter value"),
    1202: (404, "The requested method is invalid"),
    1203: (404, "The requested resource does not exist"),
    1300: (400, "Triggered the policy of the platform"),
    1301: (400, "Triggered the content security policy of the platform"),
    1302: (429, "API request is too fast"),
    1303: (429, "parallel task over resource pack limit"),  # *
    1304: (429, "Triggered the IP whitelist policy of the platform"),
    5000: (500, "Internal server error"),
    5001: (503, "Server temporarily unavailable, under maintenance"),
    5002: (504, "Server internal timeout, there may be a backlog"),
}

RISK_MESSAGE = "Failure to pass the risk control system"  # seen live


class Refusal(Exception):
    """A request that makes nothing: one row of the code table, with its own message when there is one."""

    def __init__(self, code: int, message: str = "") -> None:
        self.http, usual = CODES.get(code, (400, "Unknown code"))
        self.code = code
        self.message = message or usual
        super().__init__(f"{self.http}/{code} {self.message}")


def discontinued(model: str) -> Refusal:
    """The real answer for a retired model."""
    return Refusal(1203, f"The model '{model}' has been discontinued and is no longer available.")
