"""What the checks say before an extension is sent, and that they never raise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_desktop.domain.clips import Clip, minted_at
from kling_desktop.domain.tasks import Extension
from kling_desktop.studio.tasks import checks
from kling_desktop.studio.tasks.checks import Finding, check, is_well_formed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRESH_ID = "949645292200787968"
OLD_ID = "743211632612511839"
GOOD = Extension(FRESH_ID, prompt="The camera goes on")


def said(extension: Extension, clip: Clip | None = None) -> dict[str, list[str]]:
    """Sentences by field."""
    found: dict[str, list[str]] = {}
    for finding in check(extension, clip, NOW):
        found.setdefault(finding.field, []).append(finding.sentence)
    return found


def blocked(extension: Extension, clip: Clip | None = None) -> set[str]:
    return {finding.field for finding in check(extension, clip, NOW) if finding.blocks}


def test_the_fresh_id_of_these_tests_is_fresh() -> None:
    minted = minted_at(FRESH_ID)
    assert minted is not None
    assert NOW - timedelta(days=25) < minted < NOW


def test_nothing_is_said_of_a_good_extension() -> None:
    assert check(GOOD, Clip(FRESH_ID, seconds=Decimal("10.2"), model="kling-v1-6"), NOW) == ()


@pytest.mark.parametrize(
    ("video_id", "sentence"),
    [
        ("", checks.NO_ID),
        ("  ", checks.NO_ID),
        ("https://kling.ai/video/949645292200787968", checks.ADDRESS_AS_ID),
        ("www.kling.ai", checks.ADDRESS_AS_ID),
        ("9140 0000", checks.SPACE_IN_ID),
        (f"{FRESH_ID}\n{OLD_ID}", checks.SPACE_IN_ID),
        ("a/b", checks.NOT_AN_ID),
        ("视频", checks.NOT_AN_ID),
        ("９１４０００００００００００００００", checks.NOT_AN_ID),
        ("1" * 129, checks.ID_TOO_LONG),
        ("1" * 9000, checks.ID_TOO_LONG),
    ],
)
def test_what_cannot_be_an_id_blocks(video_id: str, sentence: str) -> None:
    assert Finding("video_id", True, sentence) in check(replace(GOOD, video_id=video_id), None, NOW)
    assert not is_well_formed(video_id)


@pytest.mark.parametrize("video_id", ["CjikY2gHPbcAAAAABlkE-w", "0b8b6a0c-56b1-4f1e-9f0e-6a2f3d1c5b7a", FRESH_ID])
def test_every_known_form_of_id_passes_in_silence(video_id: str) -> None:
    assert "video_id" not in said(replace(GOOD, video_id=video_id))


@pytest.mark.parametrize(
    ("video_id", "sentence"), [("91400000", checks.ID_TOO_SHORT), ("my_clip", checks.ID_UNFAMILIAR)]
)
def test_an_odd_id_is_a_hint_only(video_id: str, sentence: str) -> None:
    assert said(replace(GOOD, video_id=video_id))["video_id"] == [sentence]
    assert not blocked(replace(GOOD, video_id=video_id))


@pytest.mark.parametrize("sign", ["🎬", "镜", "a"])
def test_prompts_are_counted_in_code_points(sign: str) -> None:
    full, over = sign * 2500, sign * 2503  # the film clapper: 5000 UTF-16 units, 10 000 bytes
    assert check(replace(GOOD, prompt=full, negative_prompt=full), None, NOW) == ()
    values = {"over": 3, "limit": 2500}
    assert check(replace(GOOD, prompt=over, negative_prompt=over), None, NOW) == (
        Finding("prompt", True, checks.PROMPT_TOO_LONG, values),
        Finding("negative_prompt", True, checks.PROMPT_TOO_LONG, values),
    )


def test_an_empty_prompt_is_a_hint() -> None:
    assert said(replace(GOOD, prompt=" \n")) == {"prompt": [checks.NO_PROMPT]}
    assert not blocked(replace(GOOD, prompt=""))


@pytest.mark.parametrize("guidance", [-0.01, 1.01, float("nan"), float("inf")])
def test_guidance_outside_its_bounds_blocks(guidance: float) -> None:
    assert blocked(replace(GOOD, guidance=guidance)) == {"guidance"}


@pytest.mark.parametrize("guidance", [None, 0.0, 0.5, 1.0])
def test_guidance_within_its_bounds_passes(guidance: float | None) -> None:
    assert said(replace(GOOD, guidance=guidance)) == {}


@pytest.mark.parametrize(
    "address", ["kling", "ftp://example.com/x", "https://", "https:///x", "http://[::1", "https://a b", "https://a:x"]
)
def test_a_callback_that_is_no_web_address_blocks(address: str) -> None:
    assert said(replace(GOOD, callback_url=address)) == {"callback_url": [checks.CALLBACK_MALFORMED]}
    assert blocked(replace(GOOD, callback_url=address))


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/k", "http://localhost/", "http://192.168.1.4", "http://[::1]/"]
)
def test_a_callback_to_this_computer_is_a_hint(address: str) -> None:
    assert said(replace(GOOD, callback_url=address)) == {"callback_url": [checks.CALLBACK_PRIVATE]}
    assert not blocked(replace(GOOD, callback_url=address))


@pytest.mark.parametrize("address", ["", "https://example.com", "http://203.0.114.7:8080/kling?x=1"])
def test_a_public_callback_passes(address: str) -> None:
    assert said(replace(GOOD, callback_url=address)) == {}


@pytest.mark.parametrize(
    ("own_id", "sentence"),
    [
        ("a" * 65, checks.OWN_ID_TOO_LONG),
        ("my take", checks.OWN_ID_MALFORMED),
        ("a/b", checks.OWN_ID_MALFORMED),
        ("..", checks.OWN_ID_MALFORMED),
        ("镜头", checks.OWN_ID_MALFORMED),
    ],
)
def test_an_own_id_we_do_not_trust_blocks(own_id: str, sentence: str) -> None:
    assert said(replace(GOOD, own_id=own_id)) == {"own_id": [sentence]}
    assert blocked(replace(GOOD, own_id=own_id))


def test_an_own_id_may_have_letters_digits_and_three_signs() -> None:
    assert said(replace(GOOD, own_id="Shot_7-b.2")) == {}


@pytest.mark.parametrize(
    ("seconds", "field_blocked", "sentences"),
    [
        ("170", False, []),
        ("170.1", False, [checks.CLIP_NEARLY_FULL]),
        ("175", False, [checks.CLIP_NEARLY_FULL]),
        ("175.01", True, [checks.CLIP_TOO_LONG]),
        ("1E+999999", True, [checks.CLIP_TOO_LONG]),
        ("NaN", False, []),
        ("-3", False, []),
    ],
)
def test_length_is_held_to_three_minutes(seconds: str, field_blocked: bool, sentences: list[str]) -> None:
    clip = Clip(FRESH_ID, seconds=Decimal(seconds))
    assert said(GOOD, clip).get("video_id", []) == sentences
    assert bool(blocked(GOOD, clip)) is field_blocked


def test_the_facts_of_another_clip_do_not_count() -> None:
    assert said(GOOD, Clip(OLD_ID, seconds=Decimal(179), model="kling-v2-6")) == {}


@pytest.mark.parametrize("model", ["", "kling-v1", "kling-v1-5", "kling-v1-6", "V1.6"])
def test_clips_of_the_first_models_can_be_extended(model: str) -> None:
    assert said(GOOD, Clip(FRESH_ID, model=model)) == {}


def test_a_newer_model_blocks_by_name() -> None:
    found = check(GOOD, Clip(FRESH_ID, model="kling-v2-6"), NOW)
    assert found == (Finding("video_id", True, checks.MODEL_TOO_NEW, {"model": "kling-v2-6"}),)


def test_the_oldest_model_may_ignore_two_fields() -> None:
    touched = replace(GOOD, negative_prompt="blur", guidance=0.7)
    assert said(touched, Clip(FRESH_ID, model="kling-v1")) == {
        "negative_prompt": [checks.NEGATIVE_PROMPT_IDLE],
        "guidance": [checks.GUIDANCE_IDLE],
    }
    assert not blocked(touched, Clip(FRESH_ID, model="kling-v1"))
    assert said(touched, Clip(FRESH_ID, model="kling-v1-6")) == {}


@pytest.mark.parametrize(
    ("hours_left", "sentence", "values"),
    [
        (-1, checks.EXPIRED, {}),
        (0, checks.EXPIRED, {}),
        (23, checks.EXPIRES_TODAY, {}),
        (25, checks.EXPIRES_SOON, {"days": 2}),
        (72, checks.EXPIRES_SOON, {"days": 3}),
    ],
)
def test_age_is_told_and_never_blocks(hours_left: int, sentence: str, values: dict[str, object]) -> None:
    left = timedelta(hours=hours_left)
    finding = Finding("video_id", False, sentence, values)
    assert check(GOOD, Clip(FRESH_ID, expires_at=NOW + left), NOW) == (finding,)
    assert check(GOOD, Clip(FRESH_ID, made_at=NOW + left - timedelta(days=30)), NOW) == (finding,)


def test_age_is_not_told_before_it_matters() -> None:
    assert check(GOOD, Clip(FRESH_ID, expires_at=NOW + timedelta(hours=73)), NOW) == ()


def test_an_age_read_from_the_id_is_told_as_a_guess() -> None:
    old = replace(GOOD, video_id=OLD_ID)
    assert said(old) == {"video_id": [checks.EXPIRED_BY_ID]}
    assert "probably" in checks.EXPIRED_BY_ID
    assert not blocked(old)
    minted = minted_at(FRESH_ID)
    assert minted is not None
    assert check(GOOD, None, minted + timedelta(days=28)) == (
        Finding("video_id", False, checks.EXPIRES_SOON_BY_ID, {"days": 2}),
    )


def test_kling_s_word_about_the_age_beats_the_guess() -> None:
    old = replace(GOOD, video_id=OLD_ID)
    assert said(old, Clip(OLD_ID, expires_at=NOW + timedelta(days=9))) == {}


SENTENCES = {value for name, value in vars(checks).items() if name.isupper() and isinstance(value, str)}

MOMENTS = st.datetimes(timezones=st.just(UTC))
CLIPS = st.builds(
    Clip,
    id=st.just("x"),
    seconds=st.none() | st.decimals(),
    made_at=st.none() | MOMENTS,
    expires_at=st.none() | MOMENTS,
    model=st.text(max_size=12),
)
ADDRESSES = st.text(max_size=20) | st.text(max_size=20).map("https://".__add__)
EXTENSIONS = st.builds(
    Extension,
    video_id=st.just("x") | st.text(max_size=40) | st.from_regex(r"\d{1,200}", fullmatch=True),
    prompt=st.text(),
    negative_prompt=st.text(),
    guidance=st.none() | st.floats(),
    callback_url=ADDRESSES,
    own_id=st.text(),
)


@settings(max_examples=300, deadline=None)
@given(extension=EXTENSIONS, clip=st.none() | CLIPS, now=MOMENTS)
def test_no_input_makes_the_checks_raise(extension: Extension, clip: Clip | None, now: datetime) -> None:
    for finding in check(extension, clip, now):
        assert finding.sentence in SENTENCES
        assert finding.sentence.format(**finding.values)
