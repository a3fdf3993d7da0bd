"""The model's life: retrain, promote, go back."""

import pytest

from tests.integration.support import HARMLESS, Api

SCAM_MESSAGES = [
    "Zorblax Rewards: your 900 glims are held, pay the 3 glim release fee at zorblax-release.top now",
    "Final notice Zorblax: release fee of 3 glims due today or your glims are lost zorblax-glims.top",
]
LEGITIMATE_MESSAGES = ["Dinner at 7? I'll bring the salad", "Your library books are due on Friday"]


def test_the_next_message_is_answered_by_the_new_model(client: Api, analyst: Api, admin: Api) -> None:
    before = client.ok("POST", "/analyze", json={"message_content": HARMLESS})["model_version"]
    try:
        body = {"scam_messages": SCAM_MESSAGES, "legitimate_messages": LEGITIMATE_MESSAGES}
        done = admin.ok("POST", "/retrain", json=body)
        assert done["status"] == "success", done
        assert (done["new_training_samples"], done["scam_samples"], done["legitimate_samples"]) == (4, 2, 2)
        after = client.ok("POST", "/analyze", json={"message_content": HARMLESS})
        assert after["model_version"] == done["model_version"] != before
        assert after["risk_level"] == "Low"
        models = analyst.ok("GET", "/models")
        assert (models["champion"], models["previous"]) == (done["model_version"], before)
        assert analyst.ok("GET", f"/models/{done['model_version']}")["aliases"] == ["champion"]
    finally:
        admin.ok("POST", f"/models/{before}/promote")
    assert client.ok("POST", "/analyze", json={"message_content": HARMLESS})["model_version"] == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"scam_messages": [], "legitimate_messages": []}, "invalid_request"),
        ({"scam_messages": ["a"], "legitimate_messages": []}, "invalid_request"),
        ({"scam_messages": ["a"]}, "invalid_request"),
        ({"scam_messages": [1], "legitimate_messages": ["b"]}, "invalid_request"),
        ({"scam_messages": [" "], "legitimate_messages": ["b"]}, "invalid_request"),
        ({"scam_messages": ["x" * 10_001], "legitimate_messages": ["b"]}, "invalid_request"),
        ({"scam_messages": ["same"], "legitimate_messages": ["same"]}, "label_contradiction"),
    ],
)
def test_bad_labels_are_refused(admin: Api, body: dict[str, object], code: str) -> None:
    answer = admin("POST", "/retrain", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_unknown_version_cannot_be_promoted(admin: Api) -> None:
    answer = admin("POST", "/models/no-such-version/promote")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
