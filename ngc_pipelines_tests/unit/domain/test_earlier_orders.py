"""Which orders are too close for their counts to be told beside each other."""

from __future__ import annotations

from collections.abc import Set

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.earlier_orders import MEASURE_WORDS, Measure, OrderSizes, may_be_close, too_close

FIVE = 5
HIDDEN: Set[int] = frozenset()


class Order:
    """An order as sets of persons. exactly: which of kept and registered the letter gives as numbers."""

    def __init__(self, ordered: Set[int], kept: Set[int], registered: Set[int], exactly: str = "kr") -> None:
        self.sets = {
            Measure.ORDERED: ordered,
            Measure.KEPT: kept,
            Measure.NOT_KEPT: ordered - kept,
            Measure.REGISTERED: registered,
            Measure.NOT_REGISTERED: ordered - registered,
        }
        self.sizes = OrderSizes(len(ordered), len(kept), len(registered), "k" in exactly, "r" in exactly)


def held(new: Order, earlier: Order) -> set[str]:
    common = {measure: len(new.sets[measure] & earlier.sets[measure]) for measure in Measure}
    return {measure.value for measure in too_close(new.sizes, earlier.sizes, common, FIVE)}


def some(*spans: tuple[int, int]) -> set[int]:
    return {person for low, high in spans for person in range(low, high)}


# A hundred persons: 0 to 69 with data, 70 to 89 in VAR, the rest without data.
FIRST = Order(some((0, 100)), some((0, 70)), some((70, 90)))


def test_the_very_same_order_is_told_the_same() -> None:
    assert held(FIRST, FIRST) == set()


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        pytest.param(1, True, id="one_person_more"),
        pytest.param(4, True, id="four_more"),
        pytest.param(5, False, id="five_more"),
    ],
)
def test_orders_that_differ_by_fewer_than_five_persons_are_not_told_beside_each_other(
    added: int, expected: bool
) -> None:
    """Of those added all are kept: with five more the kept differ by five, but nobody of them is registered."""
    more = Order(
        FIRST.sets[Measure.ORDERED] | some((200, 200 + added)), some((0, 70), (200, 200 + added)), some((70, 90))
    )
    assert ("ordered" in held(more, FIRST)) is expected
    assert ("kept" in held(more, FIRST)) is expected
    assert "registered" in held(more, FIRST), "that none of those added is in VAR is a small count too"


def test_a_person_who_entered_var_between_two_equal_orders_is_not_told() -> None:
    later = Order(some((0, 100)), some((1, 70)), some((70, 90), (0, 1)))
    assert held(later, FIRST) == {"kept", "not_kept", "registered", "not_registered"}


def test_ten_more_of_each_kind_may_be_told() -> None:
    more = Order(some((0, 100), (200, 230)), some((0, 70), (200, 210)), some((70, 90), (210, 220)))
    assert held(more, FIRST) == set()


def test_nine_of_ten_more_tell_about_the_tenth() -> None:
    more = Order(some((0, 100), (200, 210)), some((0, 70), (200, 209)), some((70, 90), (209, 210)))
    assert held(more, FIRST) == {"not_kept", "registered"}


def test_what_both_letters_only_bound_tells_no_more_in_two_letters_than_in_one() -> None:
    earlier = Order(some((0, 100)), some((0, 70)), some((70, 72)), exactly="k")
    more = Order(some((0, 100), (200, 230)), some((0, 70), (200, 220)), some((70, 73)), exactly="k")
    assert held(more, earlier) == set()


def test_a_count_that_crosses_the_threshold_gives_the_hidden_one_away() -> None:
    earlier = Order(some((0, 100)), some((0, 70)), some((70, 74)), exactly="k")
    more = Order(some((0, 100), (200, 230)), some((0, 70), (200, 220)), some((70, 75)), exactly="kr")
    assert held(more, earlier) == {"registered"}


def test_orders_without_a_person_in_common_are_not_held_against_each_other() -> None:
    other = Order(some((500, 510)), some((500, 508)), HIDDEN, exactly="")
    assert held(other, Order(some((0, 9)), some((0, 8)), HIDDEN, exactly="")) == set()


persons = st.sets(st.integers(0, 13))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    ordered = draw(persons)
    registered = draw(persons) & ordered
    return Order(
        ordered, (draw(persons) & ordered) - registered, registered, draw(st.sampled_from(["", "k", "r", "kr"]))
    )


@given(orders(), orders())
def test_sizes_alone_never_rule_out_what_is_too_close(new: Order, earlier: Order) -> None:
    if held(new, earlier):
        assert may_be_close(new.sizes, earlier.sizes, FIVE)
    assert held(new, earlier) == held(earlier, new)


def test_every_measure_is_worded_in_both_languages() -> None:
    assert set(MEASURE_WORDS) == set(Measure)


def test_sizes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody is both"):
        OrderSizes(10, 6, 5, kept_exactly=True, registered_exactly=True)
