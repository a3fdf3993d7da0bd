"""Who calls: the role behind an API key or a WebSocket ticket."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a key may do. Each role may do all that the one before it may."""

    CLIENT = "client"
    ANALYST = "analyst"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Tell whether this role may do what ``other`` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Identity:
    """An authenticated caller.

    Parameters
    ----------
    key_id
        Public id of the key: the first 12 hex digits of its SHA-256. Safe to log and to store.
    role
        What the key may do.
    """

    key_id: str
    role: Role
