"""What messages must have in common to belong to one alert."""

from hookline_core.alerting.policy import GroupBy, Policy
from hookline_core.contracts import Message
from hookline_core.stores.alerts import Group

from broadcast.campaign import campaign_of


def group_of(message: Message, policy: Policy) -> Group:
    """Return the group that a message belongs to. Without a cool-down each message is a group of its own."""
    if policy.cooldown_minutes == 0:
        return Group(f"message:{message.message_id}")
    return _group(message, policy.group_by)


def _group(message: Message, by: GroupBy) -> Group:
    if by == "sender" and message.phone_number:
        return Group(f"sender:{message.phone_number}", message.phone_number)
    if by == "rule" and message.reasons:
        rules = [reason for reason in message.reasons if reason.source == "rule"] or message.reasons
        return Group(f"rule:{max(rules, key=lambda reason: reason.points).code}")
    return Group(f"campaign:{campaign_of(message.message_content)}")
