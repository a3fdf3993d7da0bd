"""Makes API keys from outside: the first ones of a deployment, and the local stack's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hookline_core.errors import HooklineError
from hookline_core.identity import Role
from hookline_core.keys import KeyRing
from hookline_core.stores.keys import KeyStore
from hookline_core.stores.plans import GatewayKeys

from stack.account import Account
from stack.errors import StackError


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A new key.

    Parameters
    ----------
    key_id
        Its public id.
    secret
        The key itself. It is shown once.
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

    Raises
    ------
    StackError
        If it cannot be made. Then nothing of it is there.
    """
    moment = moment or datetime.now(UTC)
    outputs = account.outputs()
    ring = KeyRing(
        KeyStore(account.client("dynamodb"), outputs["KeysTableName"]),
        GatewayKeys(
            lambda: account.client("apigateway"),
            lambda: {"standard": outputs["StandardPlanId"], "staff": outputs["StaffPlanId"]},
        ),
        account.stack_name,
    )
    try:
        made = ring.create(role, name=name, moment=moment, expires_at=moment + life if life else None)
    except HooklineError as error:
        raise StackError(f"The key could not be made: {error.detail} ({error.__cause__}).") from error
    return ApiKey(made.entry.identity.key_id, made.secret)


def is_known(account: Account, secret: str) -> bool:
    """Tell whether a key of the stack works."""
    entry = KeyStore(account.client("dynamodb"), account.outputs()["KeysTableName"]).behind(secret)
    return entry is not None and entry.state_at(datetime.now(UTC)) == "active"
