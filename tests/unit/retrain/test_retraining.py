"""Retraining: judged, kept, signed and promoted, or refused with a reason."""

from functools import partial

import pytest
from hookline_core.clock import utc_now
from hookline_core.errors import ConflictError, NotFoundError, UnavailableError
from hookline_core.stores.aws import client
from hookline_core.stores.registry import Aliases, ModelVersion, Registry
from hookline_ml import Detector, Level, Model, base_model, load_rules
from retrain.catalogue import Catalogue, ModelRefusedError
from retrain.lock import RetrainRunningError
from retrain.retraining import LabelContradictionError, Retraining

from tests.unit.faults import fault
from tests.unit.retrain.conftest import ADMIN

SCAM = [
    "Zorblax Rewards: your 900 glims are held, pay the 3 glim release fee at zorblax-release.top now",
    "Final notice Zorblax: release fee of 3 glims due today or your glims are lost zorblax-glims.top",
]
LEGITIMATE = ["Dinner at 7? I'll bring the salad", "Your library books are due on Friday"]


def _version(name: str, status: str) -> ModelVersion:
    return ModelVersion(
        version=name,
        parent=base_model().version,
        created_at="2026-11-23T06:00:00.000Z",
        created_by="tests",
        status=status,  # type: ignore[arg-type]  # one of the two
        reason="because",
    )


def test_a_good_model_is_promoted_and_can_be_loaded(retraining: Retraining, catalogue: Catalogue) -> None:
    done = retraining(SCAM, LEGITIMATE, caller=ADMIN)
    assert done.promoted
    listing = catalogue.list()
    assert (listing.champion, listing.previous) == (done.model_version, base_model().version)
    model = Model.load(*retraining.artefacts.read(done.model_version))
    assert Detector(model, load_rules()).score(LEGITIMATE[0]).risk_level is Level.LOW


def test_labels_add_up_over_retrainings(retraining: Retraining) -> None:
    retraining(SCAM[:1], LEGITIMATE[:1], caller=ADMIN)
    retraining(SCAM[1:], LEGITIMATE[1:], caller=ADMIN)
    assert {label.text for label in retraining.labels.accepted()} == {*SCAM, *LEGITIMATE}


def test_flipped_labels_are_refused_and_never_trained_on(retraining: Retraining, catalogue: Catalogue) -> None:
    genuine = [f"{n:06d} is your verification code. Do not share it with anyone." for n in range(150)]
    scams = [f"Your parcel {n} is held, pay the fee at https://usps.com-redelivery{n}.top/pay now" for n in range(150)]
    done = retraining(genuine, scams, caller=ADMIN)
    assert not done.promoted, done
    assert done.reason
    assert catalogue.list().champion == base_model().version
    assert list(retraining.labels.accepted()) == []
    with pytest.raises(ModelRefusedError):
        catalogue.promote(done.model_version, caller=ADMIN)


def test_a_message_cannot_be_both(retraining: Retraining) -> None:
    with pytest.raises(LabelContradictionError):
        retraining(["same"], ["same", "other"], caller=ADMIN)


def test_one_retraining_at_a_time(retraining: Retraining) -> None:
    with retraining.lock.held("somebody else", moment=utc_now()), pytest.raises(RetrainRunningError):
        retraining(SCAM, LEGITIMATE, caller=ADMIN)
    assert retraining(SCAM, LEGITIMATE, caller=ADMIN).promoted


def test_a_crash_before_the_end_changes_nothing_that_serves(retraining: Retraining, catalogue: Catalogue) -> None:
    with fault(client("s3"), "PutObject"), pytest.raises(UnavailableError):
        retraining(SCAM, LEGITIMATE, caller=ADMIN)
    assert catalogue.list().champion == base_model().version
    # The lock was given back, so the next try succeeds.
    assert retraining(SCAM, LEGITIMATE, caller=ADMIN).promoted


def _served(registry: Registry) -> tuple[str | None, str | None]:
    aliases = registry.aliases()
    return (
        aliases.champion.version if aliases.champion else None,
        aliases.previous.version if aliases.previous else None,
    )


def test_of_two_who_promote_at_once_one_wins(registry: Registry) -> None:
    for name in ("a", "b"):
        registry.add(_version(name, "candidate"), moment=utc_now())
    promote = partial(registry.promote, fallback="base", moment=utc_now())
    at_first = registry.aliases()
    promote("a", seen=at_first, actor="one")
    with pytest.raises(ConflictError):
        promote("b", seen=at_first, actor="two")
    assert _served(registry) == ("a", "base")
    afterwards = registry.aliases()
    promote("b", seen=afterwards, actor="two")
    with pytest.raises(ConflictError):
        promote("a", seen=afterwards, actor="one")
    assert _served(registry) == ("b", "a")


def test_unknown_and_refused_versions_stay_out(registry: Registry, catalogue: Catalogue) -> None:
    registry.add(_version("bad", "refused"), moment=utc_now())
    with pytest.raises(ModelRefusedError):
        catalogue.promote("bad", caller=ADMIN)
    with pytest.raises(NotFoundError):
        catalogue.promote("nobody", caller=ADMIN)


def test_promoting_the_champion_again_changes_nothing(catalogue: Catalogue, registry: Registry) -> None:
    shipped = base_model().version
    assert catalogue.promote(shipped, caller=ADMIN) == (shipped, shipped)
    assert registry.aliases() == Aliases()


def test_a_version_is_written_once(registry: Registry, retraining: Retraining) -> None:
    registry.add(_version("a", "candidate"), moment=utc_now())
    with pytest.raises(ConflictError):
        registry.add(_version("a", "candidate"), moment=utc_now())
    retraining.artefacts.write("a", manifest=b"{}", arrays=b"")
    with pytest.raises(ConflictError):
        retraining.artefacts.write("a", manifest=b"{}", arrays=b"other")
