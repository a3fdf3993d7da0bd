"""The versions of the model: those of the registry, and the one that ships with Hookline."""

from collections.abc import Callable
from dataclasses import dataclass

from hookline_core.clock import Clock, utc_now
from hookline_core.errors import ConflictError, NotFoundError
from hookline_core.identity import Identity
from hookline_core.stores.registry import ModelVersion, Registry
from hookline_ml import Model


class ModelRefusedError(ConflictError):
    """The gate refused this version, so it cannot serve."""

    code = "model_refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version and the aliases that point to it."""

    known: ModelVersion
    aliases: list[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """All versions, and the two that matter most."""

    entries: list[Entry]
    champion: str
    previous: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Lists versions and moves the champion's alias."""

    registry: Registry
    base: Callable[[], Model]
    clock: Clock = utc_now

    def list(self) -> Listing:
        """Return all versions, newest first, the shipped one last."""
        aliases = {"champion": self.base().version, **self.registry.aliases()}
        versions = [*self.registry.versions(), self._shipped()]
        return Listing(
            entries=[
                Entry(known, sorted(name for name, version in aliases.items() if version == known.version))
                for known in versions
            ],
            champion=aliases["champion"],
            previous=aliases.get("previous"),
        )

    def entry(self, version: str) -> Entry:
        """Return one version.

        Raises
        ------
        NotFoundError
            If there is no such version.
        """
        found = next((entry for entry in self.list().entries if entry.known.version == version), None)
        if found is None:
            raise NotFoundError("There is no such version of the model.")
        return found

    def promote(self, version: str, *, caller: Identity) -> tuple[str, str]:
        """Make a version the champion and return it with the one that served before.

        Promoting the champion again changes nothing.

        Raises
        ------
        NotFoundError
            If there is no such version.
        ModelRefusedError
            If the gate refused it.
        ConflictError
            If somebody else moved the champion at the same time.
        """
        known = self.entry(version).known
        if known.status == "refused":
            raise ModelRefusedError(f"The gate refused this version: {known.reason}")
        aliases = self.registry.aliases()
        shipped = self.base().version
        champion = aliases.get("champion")
        if (champion or shipped) == version:
            return version, aliases.get("previous", version)
        self.registry.promote(version, champion=champion, fallback=shipped, actor=caller.key_id, moment=self.clock())
        return version, champion or shipped

    def _shipped(self) -> ModelVersion:
        manifest = self.base().manifest
        return ModelVersion(
            version=manifest.version,
            parent="",
            created_at=manifest.created_at,
            created_by="hookline",
            status="candidate",
            reason="Ships with Hookline.",
            metrics=manifest.metrics,
            data=manifest.data,
        )
