"""Each role may do what the one before it may."""

import pytest
from hookline_core.identity import Role


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.CLIENT, {Role.CLIENT}),
        (Role.ANALYST, {Role.CLIENT, Role.ANALYST}),
        (Role.ADMIN, {Role.CLIENT, Role.ANALYST, Role.ADMIN}),
    ],
)
def test_roles_include_the_lesser_ones(role: Role, may: set[Role]) -> None:
    assert {other for other in Role if role.includes(other)} == may
