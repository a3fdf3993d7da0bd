"""The challenger: a version that is tried beside the champion, first in the shadow, then on a share of the senders."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Mode = Literal["shadow", "live"]
"""``shadow``: its scores are kept beside the champion's and never returned. ``live``: it answers some senders."""

CHALLENGER_KEY: "dict[str, AttributeValueTypeDef]" = {"pk": {"S": "alias"}, "sk": {"S": "challenger"}}

_STEPS = 10_000  # shares down to a hundredth of a per cent


@dataclass(frozen=True, slots=True)
class Challenger:
    """The version behind the alias, and how much it may do.

    Parameters
    ----------
    percent
        0..100: the share of senders that it answers when live. In the shadow it answers none.
    """

    version: str
    mode: Mode
    percent: float
    updated_at: str = ""
    updated_by: str = ""

    def answers(self, phone_number: str | None) -> bool:
        """Tell whether this version answers a sender.

        A sender's place in 0..100 comes from its number alone. So it is answered by the same version each time, and
        a sender that is in at some percentage stays in at every higher one. Messages without a number stay with
        the champion.

        Examples
        --------
        >>> Challenger("labels-1", "live", 100).answers("+12025550123")
        True
        >>> Challenger("labels-1", "shadow", 100).answers("+12025550123")
        False
        """
        if self.mode == "shadow" or phone_number is None:
            return False
        digest = hashlib.sha256(f"challenger:{phone_number}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % _STEPS < self.percent * _STEPS / 100


def from_row(row: Mapping[str, "AttributeValueTypeDef"]) -> Challenger:
    """Read the alias as the Models table keeps it."""
    return Challenger(
        version=row["version"]["S"],
        mode=cast("Mode", row["mode"]["S"]),
        percent=float(row["percent"]["N"]),
        updated_at=row["updated_at"]["S"],
        updated_by=row["updated_by"]["S"],
    )


def to_row(challenger: Challenger) -> "dict[str, AttributeValueTypeDef]":
    """Make the alias as the Models table keeps it."""
    return {
        **CHALLENGER_KEY,
        "version": {"S": challenger.version},
        "mode": {"S": challenger.mode},
        "percent": {"N": f"{challenger.percent:g}"},
        "updated_at": {"S": challenger.updated_at},
        "updated_by": {"S": challenger.updated_by},
    }
