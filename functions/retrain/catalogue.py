"""The versions of the model: those of the registry, and the one that ships with Hookline."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from hookline_core.challenger import Challenger, Mode
from hookline_core.clock import Clock, utc_now
from hookline_core.errors import ConflictError, InvalidRequestError, NotFoundError
from hookline_core.identity import Identity
from hookline_core.stores.registry import Aliases, ModelVersion, Registry
from hookline_ml import Model

from retrain.gate import gate_set, rates
from retrain.provenance import code_version


class ModelRefusedError(ConflictError):
    """The gate refused this version, so it cannot serve."""

    code = "model_refused"


class NoPreviousError(ConflictError):
    """No other version served before this one."""

    code = "no_previous_model"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version and the aliases that point to it."""

    known: ModelVersion
    aliases: list[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """All versions, and the three that matter most."""

    entries: list[Entry]
    champion: str
    previous: str | None
    challenger: Challenger | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Which versions are at work, and since when the champion is."""

    champion: str
    promoted_at: str | None
    challenger: Challenger | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Shows versions and moves the aliases."""

    registry: Registry
    base: Callable[[], Model]
    clock: Clock = utc_now

    def list(self) -> Listing:
        """Return all versions, newest first, the shipped one last."""
        aliases = self.registry.aliases()
        named = self._named(aliases)
        return Listing(
            entries=[_entry(known, named) for known in (*self.registry.versions(), _shipped(self.base()))],
            champion=named["champion"],
            previous=named.get("previous"),
            challenger=aliases.challenger,
        )

    def standing(self) -> Standing:
        """Return which versions are at work."""
        aliases = self.registry.aliases()
        return Standing(
            champion=aliases.champion.version if aliases.champion else self.base().version,
            promoted_at=aliases.champion.updated_at if aliases.champion else None,
            challenger=aliases.challenger,
        )

    def entry(self, version: str) -> Entry:
        """Return one version.

        Raises
        ------
        NotFoundError
            If there is no such version.
        """
        return _entry(self._known(version), self._named(self.registry.aliases()))

    def rates(self, version: str) -> Mapping[str, Any]:
        """Return what a version did on the gate set; nothing if it never came that far.

        Raises
        ------
        NotFoundError
            If there is no such version.
        """
        if version == self.base().version:
            return _rates_of_shipped(self.base)
        measured: Mapping[str, Any] = self._known(version).metrics.get("candidate", {})
        return measured

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
        self._may_serve(version)
        aliases = self.registry.aliases()
        named = self._named(aliases)
        if named["champion"] == version:
            return version, named.get("previous", version)
        self.registry.promote(
            version, seen=aliases, fallback=self.base().version, actor=caller.key_id, moment=self.clock()
        )
        return version, named["champion"]

    def roll_back(self, *, caller: Identity) -> tuple[str, str]:
        """Make the version that served before the champion, and return it with the one that it takes over from.

        Raises
        ------
        NoPreviousError
            If nothing else has served yet.
        ConflictError
            If somebody else moved the champion at the same time.
        """
        aliases = self.registry.aliases()
        if aliases.champion is None or aliases.previous is None:
            raise NoPreviousError("No other version has served yet.")
        self.registry.promote(
            aliases.previous.version,
            seen=aliases,
            fallback=self.base().version,
            actor=caller.key_id,
            moment=self.clock(),
            action="rollback",
        )
        return aliases.previous.version, aliases.champion.version

    def challenge(self, version: str, *, mode: Mode, percent: float, caller: Identity) -> Challenger:
        """Try a version beside the champion.

        Raises
        ------
        NotFoundError
            If there is no such version.
        ModelRefusedError
            If the gate refused it, and it is to answer callers. In the shadow, a refused version may be looked at.
        InvalidRequestError
            If it is the champion.
        ConflictError
            If somebody else changed the challenger at the same time.
        """
        if mode == "live":
            self._may_serve(version)
        else:
            self._known(version)
        aliases = self.registry.aliases()
        if self._named(aliases)["champion"] == version:
            raise InvalidRequestError("This version is the champion.", pointer="/body/version")
        self.registry.challenge(
            Challenger(version, mode, percent), seen=aliases.challenger, actor=caller.key_id, moment=self.clock()
        )
        return Challenger(version, mode, percent)

    def withdraw(self, *, caller: Identity) -> None:
        """Stop trying the challenger.

        Raises
        ------
        NotFoundError
            If there is none.
        ConflictError
            If somebody else changed it at the same time.
        """
        challenger = self.registry.aliases().challenger
        if challenger is None:
            raise NotFoundError("There is no challenger.")
        self.registry.withdraw(challenger, actor=caller.key_id, moment=self.clock())

    def _may_serve(self, version: str) -> None:
        known = self._known(version)
        if known.status == "refused":
            raise ModelRefusedError(f"The gate refused this version: {known.reason}")

    def _known(self, version: str) -> ModelVersion:
        base = self.base()
        known = _shipped(base) if version == base.version else self.registry.version(version)
        if known is None:
            raise NotFoundError("There is no such version of the model.")
        return known

    def _named(self, aliases: Aliases) -> dict[str, str]:
        """Return the version behind each alias. While no champion is set, the shipped version serves."""
        named = {"champion": self.base().version}
        for name in ("champion", "previous", "challenger"):
            pointer = getattr(aliases, name)
            if pointer is not None:
                named[name] = pointer.version
        return named


def _entry(known: ModelVersion, named: dict[str, str]) -> Entry:
    return Entry(known, sorted(name for name, version in named.items() if version == known.version))


def _shipped(base: Model) -> ModelVersion:
    manifest = base.manifest
    return ModelVersion(
        version=manifest.version,
        parent="",
        created_at=manifest.created_at,
        created_by="hookline",
        status="candidate",
        reason="Ships with Hookline.",
        metrics=manifest.metrics,
        data=manifest.data,
        thresholds=manifest.thresholds,
        rules_version=manifest.rules_version,
        code_version=code_version(),
    )


@cache
def _rates_of_shipped(base: Callable[[], Model]) -> Mapping[str, Any]:
    """Let the shipped version answer the gate set; that takes a second, once in a container's life."""
    return asdict(rates(base(), gate_set()))
