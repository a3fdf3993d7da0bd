"""Retraining: judged, kept, signed and promoted, or refused with a reason."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hookline_core.clock import utc_now
from hookline_core.errors import ConflictError, NotFoundError, UnavailableError
from hookline_core.stores.aws import client
from hookline_core.stores.labels import text_hash
from hookline_core.stores.registry import Aliases, ModelVersion, Registry
from hookline_ml import Detector, Level, Model, base_model, load_rules
from hookline_ml.artefact import ARRAYS, Manifest, fingerprint, read_arrays, write_arrays
from retrain import trainer as trainer_module
from retrain.catalogue import ModelRefusedError
from retrain.labels import ClassMissingError, LabelContradictionError, held_out, merged
from retrain.lock import ONE_RUN, RetrainRunningError
from retrain.retraining import Retrained, Work
from retrain.trainer import Candidate, Labelled, train

from tests.unit.faults import fault
from tests.unit.retrain.conftest import ADMIN, LEGITIMATE, SCAM, QuickTrainer, Room, label

SHIPPED = base_model().version


def _kept(room: Room) -> set[str]:
    return {found.text for found in room.retraining.labels.all()}


def _version(name: str, status: str) -> ModelVersion:
    return ModelVersion(
        version=name,
        parent=SHIPPED,
        created_at="2026-11-23T06:00:00.000Z",
        created_by="tests",
        status=status,  # type: ignore[arg-type]  # one of the two
        reason="because",
    )


def test_a_good_model_is_promoted_and_can_be_loaded(room: Room) -> None:
    done = room.desk.messages(SCAM, LEGITIMATE, caller=ADMIN)
    assert isinstance(done, Retrained)
    assert (done.promoted, done.refusal) == (True, "")
    assert done.samples == {"scam": 2, "legitimate": 2}
    assert done.metrics["candidate"]["by_category"]["parcel_delivery"]["messages"] > 50
    listing = room.catalogue.list()
    assert (listing.champion, listing.previous) == (done.model_version, SHIPPED)
    model = Model.load(*room.retraining.artefacts.read(done.model_version))
    assert Detector(model, load_rules()).score(LEGITIMATE[0]).risk_level is Level.LOW
    card = room.catalogue.entry(done.model_version).known
    assert card.data["rows"] == {"import": {"scam": 2, "legit": 2}}
    assert card.data["split"] == {"labels": 4, "held_out": 0}
    assert card.code_version
    assert room.registry.audit(limit=9)[-1].action in {"retrain", "promote"}


def test_flipped_labels_are_refused_and_never_trained_on(quick: Room) -> None:
    genuine = [f"{n:06d} is your verification code. Do not share it with anyone." for n in range(40)]
    scams = [f"Your parcel {n} is held, pay the fee at https://usps.com-redelivery{n}.top/pay now" for n in range(40)]
    done = quick.desk.messages(genuine, scams, caller=ADMIN)
    assert isinstance(done, Retrained)
    assert (done.promoted, done.refusal) == (False, "labels_implausible")
    assert quick.champion() == SHIPPED
    assert _kept(quick) == set()
    with pytest.raises(ModelRefusedError):
        quick.catalogue.promote(done.model_version, caller=ADMIN)


def test_labels_add_up_over_retrainings(quick: Room, trainer: QuickTrainer) -> None:
    quick.desk.messages(SCAM[:1], LEGITIMATE[:1], caller=ADMIN)
    quick.desk.messages(SCAM[1:], LEGITIMATE[1:], caller=ADMIN)
    assert _kept(quick) == {*SCAM, *LEGITIMATE}
    done = quick.desk.kept_labels(caller=ADMIN)
    assert isinstance(done, Retrained)
    assert done.samples == {"scam": 2, "legitimate": 2}
    learned = [{each.text for each in asked["labels"]} for asked in trainer.asked]
    assert [len(texts) for texts in learned] == [2, 4, 4]


def test_a_message_cannot_be_both(quick: Room) -> None:
    with pytest.raises(LabelContradictionError):
        quick.desk.messages(["same"], ["SAME ", "other"], caller=ADMIN)
    quick.lock.take("nobody holds it", moment=utc_now())


def test_the_kept_labels_must_hold_both_classes(quick: Room) -> None:
    quick.retraining.labels.put_all([label(SCAM[0])])
    with pytest.raises(ClassMissingError, match="legitimate"):
        quick.desk.kept_labels(caller=ADMIN)
    assert quick.catalogue.list().entries[0].known.version == SHIPPED


def test_an_analysts_word_beats_what_a_request_brings() -> None:
    kept = [label("one", "legitimate", "analyst"), label("two", "legitimate"), label("three", "spam", "analyst")]
    found = merged(kept, [label("ONE", "scam"), label("two", "scam"), label("four", "scam")])
    assert {each.text: (each.label, each.source) for each in found} == {
        "one": ("legit", "analyst"),
        "two": ("scam", "import"),
        "three": ("spam", "analyst"),
        "four": ("scam", "import"),
    }
    assert [each.text for each in found] == sorted((each.text for each in found), key=text_hash)


def test_a_tenth_of_many_labels_is_held_out() -> None:
    labels = [Labelled(f"message {number}", "scam") for number in range(1000)]
    apart = held_out(labels)
    assert 60 < len(apart) < 140
    assert held_out(labels[:199]) == frozenset()


def test_one_retraining_at_a_time(quick: Room) -> None:
    with quick.lock.held("somebody else", moment=utc_now()), pytest.raises(RetrainRunningError):
        quick.desk.messages(SCAM, LEGITIMATE, caller=ADMIN)
    assert isinstance(quick.desk.messages(SCAM, LEGITIMATE, caller=ADMIN), Retrained)


def test_a_lock_that_somebody_else_took_meanwhile_stays_theirs(quick: Room) -> None:
    quick.lock.take("first", moment=utc_now())
    quick.lock.free("second")
    with pytest.raises(RetrainRunningError):
        quick.lock.take("second", moment=utc_now())


def test_a_crash_before_the_end_changes_nothing_that_serves(quick: Room) -> None:
    with fault(client("s3"), "PutObject"), pytest.raises(UnavailableError):
        quick.desk.messages(SCAM, LEGITIMATE, caller=ADMIN)
    assert quick.champion() == SHIPPED
    # The lock was given back, so the next try succeeds.
    assert isinstance(quick.desk.messages(SCAM, LEGITIMATE, caller=ADMIN), Retrained)


@pytest.mark.parametrize("operation", ["BatchWriteItem", "TransactWriteItems"])
def test_doing_it_again_after_a_crash_gives_the_same_version_once(quick: Room, operation: str) -> None:
    fresh = [*map(label, SCAM), *(label(text, "legitimate") for text in LEGITIMATE)]
    work = Work("01KAQXPB00EXAMP1ECR1T1CA1A", "tests", utc_now(), fresh)
    with fault(client("dynamodb"), operation), pytest.raises(UnavailableError):
        quick.retraining(work)
    assert quick.champion() == SHIPPED
    done = quick.retraining(work)
    assert quick.champion() == done.model_version
    assert [entry.version for entry in quick.registry.versions()] == [done.model_version]
    # Once more, after somebody rolled it back: it stays rolled back.
    quick.catalogue.roll_back(caller=ADMIN)
    assert quick.retraining(work).model_version == done.model_version
    assert quick.champion() == SHIPPED


def _spoiled(candidate: Candidate) -> Candidate:
    manifest = Manifest.parse(candidate.manifest)
    arrays = read_arrays(candidate.arrays, manifest)
    arrays["dense"] = np.full_like(arrays["dense"], np.inf)
    packed = write_arrays(arrays)
    return replace(candidate, arrays=packed, manifest=replace(manifest, files={ARRAYS: fingerprint(packed)}).dump())


def test_a_model_that_is_not_finite_is_refused_and_listed(quick: Room, trainer: QuickTrainer) -> None:
    def spoil(*labels: Any, **more: Any) -> Candidate:
        return _spoiled(trainer(*labels, **more))

    desk = replace(quick.desk, retraining=replace(quick.retraining, train=spoil))
    done = desk.messages(SCAM, LEGITIMATE, caller=ADMIN)
    assert isinstance(done, Retrained)
    assert (done.promoted, done.refusal) == (False, "not_finite")
    assert quick.catalogue.entry(done.model_version).known.status == "refused"
    assert quick.champion() == SHIPPED


def test_a_model_that_fails_on_labels_it_has_not_seen_is_refused(quick: Room, trainer: QuickTrainer) -> None:
    """The champion knows these scams; a probe that has lost them speaks against the labels."""
    scams = [f"USPS: parcel {n} is held. Pay 1.99 at https://usps.com-redelivery{n}.top/pay" for n in range(300)]
    genuine = [f"See you at {n % 12}, bring the papers number {n}" for n in range(20)]

    def forget(*labels: Any, **more: Any) -> Candidate:
        candidate = trainer(*labels, **more)
        arrays = read_arrays(candidate.arrays, Manifest.parse(candidate.manifest))
        packed = write_arrays(arrays | {name: arrays[name] * 0 for name in ("head", "chars", "words", "dense")})
        empty = replace(Manifest.parse(candidate.manifest), files={ARRAYS: fingerprint(packed)})
        return replace(candidate, probe=Model.load(empty.dump(), packed))

    desk = replace(quick.desk, retraining=replace(quick.retraining, train=forget), at_once=1000)
    done = desk.messages(scams, genuine, caller=ADMIN)
    assert isinstance(done, Retrained)
    assert (done.promoted, done.refusal) == (False, "worse_on_labels")
    assert done.metrics["held_out"]["candidate"]["recall"] < done.metrics["held_out"]["champion"]["recall"]
    assert done.metrics["candidate"]["recall"] == done.metrics["champion"]["recall"]


def test_the_probe_does_not_see_what_is_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer_module, "_REPLAYED", 300)
    scams = [Labelled(f"Quibble locker {n}: the grey box was moved, keep slot {n}", "scam") for n in range(40)]
    labels = [*scams, Labelled("Dinner at seven then", "legit")]
    plain = train(labels, parent=base_model(), seed=1)
    candidate = train(labels, parent=base_model(), seed=1, held_out=frozenset(range(40)))
    assert plain.probe is None
    assert candidate.arrays == plain.arrays  # what serves has seen all labels
    assert candidate.probe is not None
    score = "Quibble locker 77: the grey box was moved, keep slot 77"
    probe, whole = (
        Detector(model, load_rules()).score(score).probability
        for model in (candidate.probe, Model.load(candidate.manifest, candidate.arrays))
    )
    assert probe < whole / 2


def _served(registry: Registry) -> tuple[str | None, str | None]:
    aliases = registry.aliases()
    return (
        aliases.champion.version if aliases.champion else None,
        aliases.previous.version if aliases.previous else None,
    )


def test_of_two_who_promote_at_once_one_wins(quick: Room) -> None:
    registry = quick.registry
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


def test_unknown_and_refused_versions_stay_out(quick: Room) -> None:
    quick.registry.add(_version("bad", "refused"), moment=utc_now())
    with pytest.raises(ModelRefusedError):
        quick.catalogue.promote("bad", caller=ADMIN)
    with pytest.raises(NotFoundError):
        quick.catalogue.promote("nobody", caller=ADMIN)


def test_promoting_the_champion_again_changes_nothing(quick: Room) -> None:
    assert quick.catalogue.promote(SHIPPED, caller=ADMIN) == (SHIPPED, SHIPPED)
    assert quick.registry.aliases() == Aliases()


def test_a_version_is_written_once(quick: Room) -> None:
    quick.registry.add(_version("a", "candidate"), moment=utc_now())
    with pytest.raises(ConflictError):
        quick.registry.add(_version("a", "candidate"), moment=utc_now())
    artefacts = quick.retraining.artefacts
    artefacts.write("a", manifest=b"{}", arrays=b"")
    artefacts.write("a", manifest=b"{}", arrays=b"")
    with pytest.raises(ConflictError):
        artefacts.write("a", manifest=b"{}", arrays=b"other")


def test_a_run_that_was_killed_stands_in_the_way_for_minutes_only(quick: Room) -> None:
    quick.lock.take("killed", moment=utc_now() - ONE_RUN, lease=ONE_RUN)
    assert isinstance(quick.desk.messages(SCAM, LEGITIMATE, caller=ADMIN), Retrained)
