"""Makes and revokes API keys: one in API Gateway, which meters it, and a row that tells what it may do."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.errors import HooklineError, UnavailableError
from hookline_core.identity import Role
from hookline_core.stores.access import digest, key_id
from hookline_core.stores.keys import ACCOUNT, KeyEntry, KeyStore, Plan
from hookline_core.stores.plans import GatewayKeys

PLAN_OF: dict[Role, Plan] = {Role.CLIENT: "standard", Role.ANALYST: "staff", Role.ADMIN: "staff"}


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new key.

    Parameters
    ----------
    secret
        The key itself. It is shown once and kept nowhere in the clear but in API Gateway.
    """

    entry: KeyEntry
    secret: str


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Makes and revokes keys.

    Parameters
    ----------
    stack_name
        What the keys' names in API Gateway begin with.
    """

    store: KeyStore
    gateway: GatewayKeys
    stack_name: str

    def create(
        self, role: Role, *, name: str, moment: datetime, expires_at: datetime | None = None, by: str = ACCOUNT
    ) -> NewKey:
        """Make a key that works at once.

        Parameters
        ----------
        name
            Who or what uses it, for people.
        expires_at
            From when on it opens nothing; None for never.
        by
            Public id of the key that asks for it.

        Raises
        ------
        UnavailableError
            If one of the two halves cannot be made. Then the other one is not there either.

        Notes
        -----
        The row comes last: a key that API Gateway knows and the table does not is refused. So whatever stops this
        half-way, a crash included, leaves nothing open.
        """
        secret = f"hk_{secrets.token_urlsafe(32)}"
        key_hash = digest(secret)
        entry = KeyEntry(
            key_hash=key_hash,
            name=name,
            role=role,
            plan=PLAN_OF[role],
            status="active",
            created_at=isoformat(moment),
            expires_at=epoch_seconds(expires_at) if expires_at else None,
            created_by=by,
        )
        label = f"{self.stack_name}-{role.value}-{key_id(key_hash)}"
        api_key_id = self.gateway.add(secret, plan=entry.plan, name=label, description=name)
        entry = replace(entry, api_key_id=api_key_id)
        try:
            self.store.add(entry)
        except HooklineError:
            with suppress(UnavailableError):  # what counts is that the row is not there; the caller hears of that
                self.gateway.remove(api_key_id)
            raise
        return NewKey(entry, secret)

    def revoke(self, entry: KeyEntry, *, moment: datetime, by: str = ACCOUNT) -> None:
        """Make a key open nothing any more. Revoking it again finishes what failed the first time.

        Raises
        ------
        ConflictError
            If it is the last admin's key that works, or keys change at the same time.
        UnavailableError
            If one of the two halves does not answer. Once the row says so the key is refused, whatever becomes of
            the other half; the caller should ask again.
        """
        if entry.status == "active":
            self.store.revoke(entry, moment=moment, by=by)
        if entry.api_key_id is not None:
            self.gateway.remove(entry.api_key_id)
            self.store.forget_api_key(entry)
