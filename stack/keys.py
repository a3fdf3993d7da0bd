"""Makes API keys: one in API Gateway, which meters it, and its hash in the Keys table, which tells what it may do."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.identity import Role
from hookline_core.stores.access import digest, key_id

from stack.account import Account

Plan = Literal["standard", "staff"]

PLAN_OF: dict[Role, Plan] = {Role.CLIENT: "standard", Role.ANALYST: "staff", Role.ADMIN: "staff"}
_PLAN_OUTPUTS: dict[Plan, str] = {"standard": "StandardPlanId", "staff": "StaffPlanId"}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A new key.

    Parameters
    ----------
    key_id
        Its public id.
    secret
        The key itself. It is shown once and kept nowhere in the clear but in API Gateway.
    """

    key_id: str
    secret: str


def create(
    account: Account, role: Role, *, name: str, moment: datetime | None = None, life: timedelta | None = None
) -> ApiKey:
    """Make a key that works at once.

    Parameters
    ----------
    name
        Who or what uses it, for people.
    life
        How long it works; None for good.

    Notes
    -----
    The row comes last: a key that API Gateway knows and the table does not is refused, so a failure in between leaves
    nothing open.
    """
    moment = moment or datetime.now(UTC)
    outputs = account.outputs()
    secret = f"hk_{secrets.token_urlsafe(32)}"
    key_hash = digest(secret)
    plan = PLAN_OF[role]
    gateway = account.client("apigateway")
    api_key = gateway.create_api_key(
        name=f"{account.stack_name}-{role.value}-{key_id(key_hash)}", description=name, enabled=True, value=secret
    )
    gateway.create_usage_plan_key(usagePlanId=outputs[_PLAN_OUTPUTS[plan]], keyId=api_key["id"], keyType="API_KEY")
    row = {
        "key_hash": {"S": key_hash},
        "role": {"S": role.value},
        "plan": {"S": plan},
        "name": {"S": name},
        "created_at": {"S": isoformat(moment)},
        "status": {"S": "active"},
        "api_key_id": {"S": api_key["id"]},
    }
    if life is not None:
        row["expires_at"] = {"N": str(epoch_seconds(moment + life))}
    account.client("dynamodb").put_item(TableName=outputs["KeysTableName"], Item=row)
    return ApiKey(key_id(key_hash), secret)


def is_known(account: Account, secret: str) -> bool:
    """Tell whether a key has a row in the stack's Keys table."""
    answer = account.client("dynamodb").get_item(
        TableName=account.outputs()["KeysTableName"], Key={"key_hash": {"S": digest(secret)}}
    )
    return "Item" in answer
