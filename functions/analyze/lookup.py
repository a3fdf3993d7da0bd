"""The one read of an analysis: the sender's entry and the models' pointers, in a single round trip."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hookline_core import challenger as challengers
from hookline_core.challenger import CHALLENGER_KEY, Challenger
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import unavailable_as
from hookline_core.stores.registry import CHAMPION_KEY
from hookline_core.stores.senders import SenderEntry, to_entry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEYS_PER_CALL = 100
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a message is scored."""

    champion: str | None
    challenger: Challenger | None
    senders: dict[str, SenderEntry]


class Lookup:
    """Reads what an analysis must know."""

    def __init__(self, dynamodb: "DynamoDBClient", *, table_senders: str, table_models: str) -> None:
        self._dynamodb = dynamodb
        self._senders = table_senders
        self._models = table_models

    def __call__(self, phone_numbers: Iterable[str], *, moment: datetime) -> Known:
        """Return the champion's version, the challenger, and the entries that hold for these senders.

        One ``BatchGetItem`` for up to 98 different senders, a second one for more.
        """
        wanted: list[tuple[str, Any]] = [(self._models, CHAMPION_KEY), (self._models, CHALLENGER_KEY)]
        wanted += [(self._senders, {"phone_number": {"S": number}}) for number in sorted(set(phone_numbers))]
        champion: str | None = None
        challenger: Challenger | None = None
        senders: dict[str, SenderEntry] = {}
        for start in range(0, len(wanted), _KEYS_PER_CALL):
            for table, row in self._rows(wanted[start : start + _KEYS_PER_CALL]):
                if table == self._models and row["sk"] == CHALLENGER_KEY["sk"]:
                    challenger = challengers.from_row(row)
                elif table == self._models:
                    champion = row["version"]["S"]
                else:
                    entry = to_entry(row)
                    if entry.holds_at(moment):
                        senders[entry.phone_number] = entry
        return Known(champion, challenger, senders)

    def _rows(self, keys: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        request: Any = {}
        for table, key in keys:
            request.setdefault(table, {"Keys": []})["Keys"].append(key)
        found: list[tuple[str, Any]] = []
        for _ in range(_TRIES):
            with unavailable_as("the sender store"):
                answer = self._dynamodb.batch_get_item(RequestItems=request)
            found += [(table, row) for table, rows in answer["Responses"].items() for row in rows]
            request = answer.get("UnprocessedKeys", {})
            if not request:
                return found
        raise UnavailableError("the sender store does not answer in full now")
