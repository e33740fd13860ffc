"""Signing in: what is recognised when pasted, what a token says, and that no secret shows."""

from __future__ import annotations

from datetime import timedelta

import httpx
import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair
from kling_desktop.errors import SignInRefused
from kling_desktop.kling.auth import KlingAuth, Unusable, recognise, told_apart

ACCESS, SECRET = "A1b2C3d4E5f6G7h8", "z9Y8x7W6v5U4t3S2"
PAIR = KeyPair(ACCESS, SECRET)
TOKEN = jwt.encode({"iss": ACCESS}, SECRET * 2, algorithm="HS256")
API_KEY = "api-key-kling-0aB1cD2eF3"


@pytest.mark.parametrize(
    "pasted",
    [
        f"AK: {ACCESS} SK: {SECRET}",
        f"ak={ACCESS},sk={SECRET}",
        f"{ACCESS} {SECRET}",
        f"  {ACCESS}\n{SECRET}\n",
        f"'{ACCESS}', '{SECRET}'",
        f"{ACCESS}:{SECRET}",
        f"Access Key\n{ACCESS}\nSecret Key\n{SECRET}",
        f"SecretKey: {SECRET}\nAccessKey: {ACCESS}",
        f"AccessKey：{ACCESS} SecretKey：{SECRET}",
        f"AccessKeyId={ACCESS} AccessKeySecret={SECRET}",
        f'{{"access_key": "{ACCESS}", "secret_key": "{SECRET}"}}',
        f'{{"ak":"{ACCESS}","sk":"{SECRET}"}}',
        f"KLING_ACCESS_KEY={ACCESS}\nKLING_SECRET_KEY={SECRET}",
        f"export KLINGAI_ACCESS_KEY='{ACCESS}'\nexport KLINGAI_SECRET_KEY='{SECRET}'",
        f"\ufeff{ACCESS}\u200b\u00a0{SECRET}",
        f"\u202a{ACCESS}\u202c\n\u2068{SECRET[:4]}\u00ad{SECRET[4:]}\ufe0f\u2069",
        f"ＡｃｃｅｓｓＫｅｙ＝{ACCESS}　ＳｅｃｒｅｔＫｅｙ＝{SECRET}",
    ],
)
def test_a_pair_is_recognised_in_any_form(pasted: str) -> None:
    assert recognise(pasted) == PAIR


@pytest.mark.parametrize(
    "pasted",
    [
        API_KEY,
        f' "{API_KEY}" ',
        f"KLING_API_KEY={API_KEY}",
        f"Authorization: Bearer {API_KEY}",
        f'{{"key":"{API_KEY}"}}',
    ],
)
def test_an_api_key_is_recognised(pasted: str) -> None:
    assert recognise(pasted) == ApiKey(API_KEY)


def test_a_labelled_api_key_may_look_otherwise() -> None:
    assert recognise("KLING_API_KEY=something-new-1") == ApiKey("something-new-1")


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", Unusable.EMPTY),
        (" \u200b\n", Unusable.EMPTY),
        (TOKEN, Unusable.TOKEN),
        (f"Authorization: Bearer {TOKEN}", Unusable.TOKEN),
        (f"api_key={TOKEN}", Unusable.TOKEN),
        (ACCESS, Unusable.HALF),
        (f"Secret Key: {SECRET}", Unusable.HALF),
        ("these are not the keys you are looking for", Unusable.UNCLEAR),
        ("x" * 20_000, Unusable.UNCLEAR),
    ],
)
def test_what_is_no_credential_is_explained(pasted: str, reason: Unusable) -> None:
    assert told_apart(pasted) is reason
    assert recognise(pasted) is None


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_judged_without_a_crash(pasted: str) -> None:
    assert isinstance(told_apart(pasted), KeyPair | ApiKey | Unusable)


def claims(auth: KlingAuth, secret: str = SECRET) -> dict[str, object]:
    decoded: dict[str, object] = jwt.decode(
        auth.bearer(), secret.encode().ljust(32, b"\0"), ["HS256"], options={"verify_exp": False, "verify_nbf": False}
    )
    return decoded


def test_a_token_says_who_and_for_how_long() -> None:
    auth = KlingAuth(PAIR, now=lambda: 1_750_000_000.9)
    assert claims(auth) == {"iss": ACCESS, "exp": 1_750_001_800, "nbf": 1_749_999_995}
    assert jwt.get_unverified_header(auth.bearer()) == {"alg": "HS256", "typ": "JWT"}


@pytest.mark.parametrize("secret", ["k", "k" * 31, "k" * 32, "k" * 64, "k" * 200])
def test_secrets_of_any_length_sign_alike_everywhere(secret: str) -> None:
    """Signed by PyJWT over a filled-up key, and checked against plain HMAC over the key itself."""
    import base64
    import hashlib
    import hmac

    head, payload, signature = KlingAuth(KeyPair("a", secret)).bearer().split(".")
    plain = hmac.digest(secret.encode(), f"{head}.{payload}".encode(), hashlib.sha256)
    assert base64.urlsafe_b64encode(plain).rstrip(b"=").decode() == signature


def test_no_token_can_expire_in_flight() -> None:
    clock = iter(range(1_750_000_000, 1_750_100_000, 1700))
    auth = KlingAuth(PAIR, now=lambda: float(next(clock)))
    lifetimes = [claims(auth)["exp"] for _ in range(5)]
    assert lifetimes == [1_750_001_800 + 1700 * n for n in range(5)]


def test_after_a_correction_tokens_follow_klings_clock() -> None:
    auth = KlingAuth(PAIR, now=lambda: 1_750_003_600.0)
    assert auth.correct(timedelta(hours=1))
    assert claims(auth)["nbf"] == 1_749_999_995


def test_signing_an_api_key_again_is_of_no_use() -> None:
    assert not KlingAuth(ApiKey(API_KEY)).correct(timedelta(hours=1))


@pytest.mark.parametrize("credentials", [PAIR, ApiKey(API_KEY)])
def test_the_header_carries_it_and_nothing_else_shows_it(credentials: Credentials) -> None:
    auth = KlingAuth(credentials)
    request = httpx.Request("GET", "https://example.invalid/")
    sent = next(auth.auth_flow(request))
    assert sent.headers["Authorization"].startswith("Bearer ")
    shown = f"{auth!r} {credentials!r} {credentials} {sent!r} {sent.headers!r}"
    assert SECRET not in shown
    assert API_KEY not in shown


@pytest.mark.parametrize(
    "credentials", [ApiKey("secret\nX-Other: 1"), ApiKey("ключ"), ApiKey(""), KeyPair("a", ""), KeyPair("ä", "b")]
)
def test_keys_that_no_header_can_carry_are_refused_without_being_quoted(credentials: Credentials) -> None:
    with pytest.raises(SignInRefused) as refusal:
        KlingAuth(credentials).bearer()
    assert not any(part in str(refusal.value) for part in ("secret\n", "ключ", "ä"))
