"""Values cannot be changed, and are dataclasses to everything that knows dataclasses."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace

import pytest

from kling_desktop.frozen import frozen


@frozen
class Point:
    """With and without what is usual."""

    x: int
    y: int = 7
    names: list[str] = field(default_factory=list)


@frozen
class Named(Point):
    """Adds to another."""

    name: str = ""


@frozen
class Key:
    """Keeps a secret."""

    owner: str
    secret: str = field(repr=False)


@frozen
class Upper:
    """Tidies what it is made of."""

    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", self.words.upper())


@frozen
class Empty:
    """Holds nothing."""


@frozen
class Whatever:
    """Has its own way of being equal."""

    words: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Whatever)

    def __hash__(self) -> int:
        return 1


@frozen
class Summed:
    """Reckons once what follows from its fields."""

    parts: tuple[int, ...]
    total: int = field(init=False, compare=False, default=0)
    others: list[int] = field(init=False, default_factory=list)
    largest: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.parts))
        object.__setattr__(self, "largest", max(self.parts))


@dataclass(frozen=True, slots=True)
class Usual:
    """What Python makes of it."""

    x: int
    y: int = 7
    names: list[str] = field(default_factory=list)


def test_fields_are_given_by_place_by_name_or_not_at_all() -> None:
    assert (Point(1).x, Point(1).y, Point(1).names) == (1, 7, [])
    assert Point(1, y=2) == Point(1, 2, [])
    assert Point(1).names is not Point(1).names
    assert Named(1, name="a").name == "a"


@pytest.mark.parametrize("wrong", [{}, {"x": 1, "z": 2}])
def test_a_wrong_field_is_refused_as_python_refuses_it(wrong: dict[str, int]) -> None:
    with pytest.raises(TypeError) as ours:
        Point(**wrong)  # type: ignore[arg-type]  # it is wrong
    with pytest.raises(TypeError) as theirs:
        Usual(**wrong)  # type: ignore[arg-type]  # it is wrong
    assert str(ours.value).replace("Point", "Usual") == str(theirs.value)


def test_nothing_of_a_value_can_be_changed() -> None:
    point = Named(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2  # type: ignore[misc]  # that is what is tried
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    with pytest.raises(FrozenInstanceError):
        point.other = 2  # type: ignore[attr-defined]  # that is what is tried
    assert not hasattr(point, "__dict__")


def test_values_are_equal_where_all_fields_are_and_the_class() -> None:
    assert Point(1) == Point(1)
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert hash(Key("a", "b")) == hash(Key("a", "b"))
    assert len({Empty(), Empty()}) == 1
    assert {Upper("a"), Upper("A")} == {Upper("A")}


def test_a_secret_is_not_shown() -> None:
    assert repr(Key("me", "s3cret")) == "Key(owner='me')"
    assert repr(Point(1)) == repr(Usual(1)).replace("Usual", "Point")


def test_what_a_class_defines_itself_stays() -> None:
    assert Upper("a").words == "A"
    assert replace(Upper("a"), words="b").words == "B"
    assert Whatever("a") == Whatever("b")
    assert len({Whatever("a"), Whatever("b")}) == 1


def test_a_field_may_be_reckoned_and_take_no_part_in_comparing() -> None:
    summed = Summed((1, 2))
    assert (summed.total, summed.largest, summed.others) == (3, 2, [])
    other = Summed((1, 2))
    object.__setattr__(other, "total", 9)
    assert other == summed
    assert repr(summed) == "Summed(parts=(1, 2), total=3, others=[])"
    assert replace(summed, parts=(5,)).total == 5
    with pytest.raises(TypeError):
        Summed((1,), total=3)  # type: ignore[call-arg]  # that is what is tried


def test_it_is_a_dataclass_to_all_that_know_them() -> None:
    assert all(map(is_dataclass, (Point, Empty, Key)))
    assert [each.name for each in fields(Named)] == ["x", "y", "names", "name"]
    assert replace(Point(1), x=2) == Point(2)
    assert asdict(Named(1)) == {"x": 1, "y": 7, "names": [], "name": ""}
    match Point(3):
        case Point(x, 7):
            assert x == 3


@pytest.mark.parametrize("value", [Point(1, 2, ["a"]), Named(1), Empty(), Key("a", "b"), Summed((1, 2))])
def test_a_copy_is_equal(value: object) -> None:
    assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made here
