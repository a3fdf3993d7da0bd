"""The Endpoints table: where alerts go, and the policy by which they are raised.

It is small and read whole. An endpoint's shape is one JSON attribute, as a message's is; how it fares stands beside it,
so that a delivery and an admin never overwrite each other.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from hookline_core.alerting.endpoints import (
    MOST_ENDPOINTS,
    TEMPLATE_ID,
    Endpoint,
    Listed,
    Standing,
    TooManyEndpointsError,
)
from hookline_core.alerting.policy import Policy
from hookline_core.clock import isoformat
from hookline_core.errors import NotFoundError, UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_WHAT = "the endpoint store"
_ENDPOINT = "endpoint"
_POLICY = "policy"


class EndpointStore:
    """Keeps endpoints and the policy.

    Parameters
    ----------
    implicit
        The endpoint that the stack's own parameter names, if it names one. It is listed with the others, and has a
        row only for what an admin or a delivery said about it.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, *, implicit: Endpoint | None = None) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._implicit = implicit

    def all(self) -> list[Listed]:
        """Return all endpoints, oldest first."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="#scope = :scope",
                ExpressionAttributeNames={"#scope": "scope"},
                ExpressionAttributeValues={":scope": {"S": _ENDPOINT}},
                ConsistentRead=True,
            )
        found = {row["id"]["S"]: row for row in answer["Items"]}
        if self._implicit:
            found.setdefault(self._implicit.endpoint_id, {})
        listed = [self._read(endpoint_id, row) for endpoint_id, row in found.items()]
        return sorted(
            (entry for entry in listed if entry),
            key=lambda entry: (entry.endpoint.created_at, entry.endpoint.endpoint_id),
        )

    def get(self, endpoint_id: str) -> Listed:
        """Return an endpoint.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        """
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=_key(_ENDPOINT, endpoint_id), ConsistentRead=True
            )
        found = self._read(endpoint_id, answer.get("Item", {}))
        if found is None:
            raise NotFoundError("There is no such endpoint.")
        return found

    def add(self, endpoint: Endpoint) -> None:
        """Keep a new endpoint.

        Raises
        ------
        TooManyEndpointsError
            If there are as many as there may be.
        """
        if len(self.all()) >= MOST_ENDPOINTS:
            raise TooManyEndpointsError(f"There are {MOST_ENDPOINTS} endpoints already. Delete one first.")
        with unavailable_as(_WHAT):
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    **_key(_ENDPOINT, endpoint.endpoint_id),
                    "body": {"S": endpoint.model_dump_json()},
                    "status": {"S": "enabled"},
                },
            )

    def change(self, endpoint: Endpoint) -> None:
        """Put a changed endpoint in the place of the one it was.

        Raises
        ------
        NotFoundError
            If it was deleted meanwhile.
        """
        self._update(endpoint.endpoint_id, "SET body = :body", {":body": {"S": endpoint.model_dump_json()}})

    def enable(self, endpoint_id: str) -> None:
        """Send events to an endpoint again, and forget that it failed.

        Raises
        ------
        NotFoundError
            If it was deleted meanwhile.
        """
        self._update(
            endpoint_id,
            "SET #status = :status REMOVE disabled_reason, failing_since",
            {":status": {"S": "enabled"}},
            names={"#status": "status"},
        )

    def disable(self, endpoint_id: str, reason: Literal["by_admin", "gone", "failing"]) -> bool:
        """Send nothing to an endpoint any more. Return whether it was enabled until now."""
        try:
            self._update(
                endpoint_id,
                "SET #status = :status, disabled_reason = :reason",
                {":status": {"S": "disabled"}, ":reason": {"S": reason}, ":was": {"S": "disabled"}},
                names={"#status": "status"},
                condition="(attribute_not_exists(#status) OR #status <> :was)",
            )
        except NotFoundError:
            return False
        return True

    def note(self, endpoint_id: str, status: str, *, delivered: bool, moment: datetime) -> Standing | None:
        """Write down how the last attempt went. Return how the endpoint fares now; nothing, if it was deleted."""
        values: dict[str, AttributeValueTypeDef] = {":last": {"S": status}, ":at": {"S": isoformat(moment)}}
        change = "SET last_status = :last, last_at = :at"
        change += " REMOVE failing_since" if delivered else ", failing_since = if_not_exists(failing_since, :at)"
        try:
            return _standing(self._update(endpoint_id, change, values))
        except NotFoundError:
            return None

    def delete(self, endpoint_id: str) -> Endpoint:
        """Forget an endpoint and return what it was.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        """
        with unavailable_as(_WHAT):
            answer = self._dynamodb.delete_item(
                TableName=self._table, Key=_key(_ENDPOINT, endpoint_id), ReturnValues="ALL_OLD"
            )
        if "body" not in answer.get("Attributes", {}):
            raise NotFoundError("There is no such endpoint.")
        return Endpoint.model_validate_json(answer["Attributes"]["body"]["S"])

    def policy(self) -> Policy:
        """Return the policy; the usual one, if nobody has set one."""
        with unavailable_as(_WHAT):
            row = self._dynamodb.get_item(TableName=self._table, Key=_key(_POLICY, _POLICY)).get("Item")
        return Policy.model_validate_json(row["body"]["S"]) if row else Policy()

    def set_policy(self, policy: Policy) -> None:
        """Keep a policy."""
        with unavailable_as(_WHAT):
            self._dynamodb.put_item(
                TableName=self._table,
                Item={**_key(_POLICY, _POLICY), "body": {"S": policy.model_dump_json(by_alias=True)}},
            )

    def _read(self, endpoint_id: str, row: "dict[str, AttributeValueTypeDef]") -> Listed | None:
        said = Endpoint.model_validate_json(row["body"]["S"]) if "body" in row else None
        if endpoint_id != TEMPLATE_ID:
            return Listed(endpoint=said, standing=_standing(row)) if said else None
        if self._implicit is None:
            return None
        # What is in the template is the template's to say; the rest is the admin's.
        changes = {"name": said.name, "filter": said.filter} if said else {}
        return Listed(endpoint=self._implicit.model_copy(update=changes), standing=_standing(row))

    def _update(
        self,
        endpoint_id: str,
        change: str,
        values: "dict[str, AttributeValueTypeDef]",
        *,
        names: dict[str, str] | None = None,
        condition: str = "",
    ) -> "dict[str, AttributeValueTypeDef]":
        """Change the row of an endpoint that is there, and return it."""
        implicit = self._implicit is not None and endpoint_id == self._implicit.endpoint_id
        conditions = [text for text in ("" if implicit else "attribute_exists(id)", condition) if text]
        options: dict[str, Any] = {"ConditionExpression": " AND ".join(conditions)} if conditions else {}
        if names:
            options["ExpressionAttributeNames"] = names
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(_ENDPOINT, endpoint_id),
                UpdateExpression=change,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                **options,
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                raise NotFoundError("There is no such endpoint.") from error
            raise UnavailableError(f"{_WHAT} does not answer") from error
        return answer["Attributes"]


def _key(scope: str, identifier: str) -> "dict[str, AttributeValueTypeDef]":
    return {"scope": {"S": scope}, "id": {"S": identifier}}


def _standing(row: "dict[str, AttributeValueTypeDef]") -> Standing:
    return Standing.model_validate({name: row[name]["S"] for name in Standing.model_fields if name in row})
