"""The registry as the API shows it: cards, aliases, the way back, and who changed what."""

from functools import partial

import pytest
from hookline_core.challenger import Challenger
from hookline_core.clock import utc_now
from hookline_core.errors import ConflictError
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hookline_core.stores.registry import ModelVersion, Registry
from hookline_ml import base_model
from retrain.bootstrap import bootstrap
from retrain.gate import gate_set

from tests.unit.analyze.conftest import Api

SHIPPED = base_model().version


def _version(name: str, status: str = "candidate") -> ModelVersion:
    return ModelVersion(
        version=name,
        parent=SHIPPED,
        created_at=f"2026-11-23T06:00:00.00{len(name)}Z",
        created_by="0123456789ab",
        status=status,  # type: ignore[arg-type]  # one of the two
        reason="because",
        metrics={"candidate": {"recall": 0.9}},
        refusal="worse_recall" if status == "refused" else "",
    )


@pytest.fixture
def registry(environment: dict[str, str]) -> Registry:
    """Return a registry with two good versions and a bad one."""
    made = Registry(client("dynamodb"), environment["TABLE_MODELS"])
    for entry in (_version("good"), _version("better"), _version("bad", "refused")):
        made.add(entry, moment=utc_now())
    return made


@pytest.fixture
def api(environment: dict[str, str], registry: Registry) -> Api:
    """Return the API of the model's life."""
    return Api(bootstrap(environment={**environment, "RETRAIN_QUEUE_URL": "unused"}).app)


def test_a_card_says_what_the_version_is(api: Api) -> None:
    shipped = api("GET", f"/models/{SHIPPED}").json()
    assert shipped["aliases"] == ["champion"]
    assert shipped["thresholds"]["high"] == pytest.approx(base_model().manifest.thresholds["high"])
    assert shipped["rules_version"] == base_model().manifest.rules_version
    assert len(shipped["code_version"]) == 12
    kinds = {message.kind for message in gate_set() if message.label == "legit"}
    assert set(shipped["gate"]["by_kind"]) == kinds >= {"otp", "bank_notice", "delivery", "appointment"}
    assert shipped["gate"]["by_category"]["parcel_delivery"]["flagged"] > 0.5
    bad = api("GET", "/models/bad").json()
    assert (bad["status"], bad["refusal"], bad["gate"]) == ("refused", "worse_recall", {"recall": 0.9})
    assert api("GET", "/models/nobody").json()["code"] == "not_found"


def test_rolling_back_goes_to_what_served_before(api: Api) -> None:
    refused = api("POST", "/models/rollback", role=Role.ADMIN)
    assert (refused.status, refused.json()["code"]) == (409, "no_previous_model")
    api("POST", "/models/good/promote", role=Role.ADMIN)
    api("POST", "/models/better/promote", role=Role.ADMIN)
    back = api("POST", "/models/rollback", role=Role.ADMIN)
    assert back.json() == {"champion": "good", "previous": "better"}
    # Rolling back twice goes back and forth.
    assert api("POST", "/models/rollback", role=Role.ADMIN).json()["champion"] == "better"
    listing = api("GET", "/models").json()
    assert (listing["champion"], listing["previous"], listing["challenger"]) == ("better", "good", None)


def test_a_challenger_is_set_shown_and_taken_away(api: Api) -> None:
    put = partial(api, "PUT", "/models/challenger", role=Role.ADMIN)
    assert put(body={"version": "good"}).json() == {"version": "good", "mode": "shadow", "percent": 0}
    live = {"version": "good", "mode": "live", "percent": 12.5}
    assert put(body=live).json() == live
    assert api("GET", "/models").json()["challenger"] == live
    assert api("GET", "/models/good").json()["aliases"] == ["challenger"]
    # What becomes the champion is no challenger any more.
    api("POST", "/models/good/promote", role=Role.ADMIN)
    assert api("GET", "/models").json()["challenger"] is None
    put(body={"version": "better"})
    assert api("DELETE", "/models/challenger", role=Role.ADMIN).status == 204
    assert api("DELETE", "/models/challenger", role=Role.ADMIN).status == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"version": "nobody"}, 404, "not_found"),
        ({"version": SHIPPED}, 422, "invalid_request"),
        ({"version": "bad", "mode": "live", "percent": 5}, 409, "model_refused"),
        ({"version": "good", "mode": "live", "percent": 101}, 422, "invalid_request"),
        ({"version": "good", "mode": "sometimes"}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
    ],
)
def test_a_bad_challenger_is_refused(api: Api, body: dict[str, object], status: int, code: str) -> None:
    answer = api("PUT", "/models/challenger", body=body, role=Role.ADMIN)
    assert (answer.status, answer.json()["code"]) == (status, code)
    assert api("GET", "/models").json()["challenger"] is None


def test_a_refused_version_may_be_looked_at_in_the_shadow(api: Api) -> None:
    assert api("PUT", "/models/challenger", body={"version": "bad"}, role=Role.ADMIN).status == 200


def test_of_two_who_change_the_challenger_at_once_one_wins(registry: Registry) -> None:
    challenge = partial(registry.challenge, actor="tests", moment=utc_now())
    challenge(Challenger("good", "shadow", 0), seen=None)
    with pytest.raises(ConflictError):
        challenge(Challenger("better", "shadow", 0), seen=None)
    assert registry.aliases().challenger is not None


def test_the_audit_tells_who_did_what_page_by_page(api: Api) -> None:
    api("POST", "/models/good/promote", role=Role.ADMIN)
    api("PUT", "/models/challenger", body={"version": "better", "mode": "live", "percent": 5}, role=Role.ADMIN)
    api("DELETE", "/models/challenger", role=Role.ADMIN)
    api("POST", "/models/rollback", role=Role.ADMIN)
    first = api("GET", "/models/audit", query={"limit": "3"}).json()
    rest = api("GET", "/models/audit", query={"limit": "100", "cursor": first["next"]}).json()
    told = [(item["action"], item["version"]) for item in (*first["items"], *rest["items"])]
    assert set(told[:4]) == {
        ("rollback", SHIPPED),
        ("withdraw", "better"),
        ("challenge", "better"),
        ("promote", "good"),
    }
    assert {action for action, _ in told[4:]} == {"retrain"}
    assert first["items"][0]["by"] == "0123456789ab"
    assert rest["next"] is None
    assert api("GET", "/models/audit", query={"cursor": "x"}).json()["code"] == "cursor_invalid"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/models/good/promote"),
        ("POST", "/models/rollback"),
        ("PUT", "/models/challenger"),
        ("DELETE", "/models/challenger"),
    ],
)
def test_changes_are_for_admins(api: Api, method: str, path: str) -> None:
    body = {"version": "good"} if method == "PUT" else None
    answer = api(method, path, body=body, role=Role.ANALYST)
    assert (answer.status, answer.json()["code"]) == (403, "role_forbidden")
