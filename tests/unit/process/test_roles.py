"""Which roles a process plays."""

import pytest

from kentongan.process.host import chosen_roles

OFFERED = ("api", "consumer", "relay")


def test_all_where_none_is_asked() -> None:
    assert chosen_roles((), OFFERED) == OFFERED


def test_those_asked_in_the_order_of_the_service() -> None:
    assert chosen_roles(("relay", "api"), OFFERED) == ("api", "relay")


def test_an_unknown_one_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="courier; offered: api, consumer, relay"):
        chosen_roles(("api", "courier"), OFFERED)
