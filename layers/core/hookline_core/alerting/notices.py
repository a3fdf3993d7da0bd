"""Events as plain text: for e-mail, and short for a phone."""

from hookline_core.alerting.events import Event
from hookline_core.plain import plain

_LONGEST_SUBJECT = 99
"""SNS takes less than 100 ASCII characters, in one line."""

_LONGEST_TITLE = 200
_LONGEST_NAME = 80
_LONGEST_FACT = 300
_LONGEST_SMS = 140
"""Characters of one short message, even where each needs a byte and there is a header."""


def title_of(event: Event) -> str:
    """Return the headline, made harmless as plain text."""
    return plain(event.notice.title)[:_LONGEST_TITLE]


def facts_of(event: Event) -> dict[str, str]:
    """Return what there is to say, made harmless as plain text. No value is empty."""
    return {
        plain(name)[:_LONGEST_NAME]: plain(text)[:_LONGEST_FACT] or "unknown"
        for name, text in event.notice.facts.items()
    }


def subject_of(event: Event) -> str:
    """Return an e-mail's subject: ASCII, one line, short."""
    return f"Hookline: {title_of(event)}".encode("ascii", "replace").decode()[:_LONGEST_SUBJECT]


def text_of(event: Event) -> str:
    """Return an e-mail's text. All that a stranger could have a hand in is made harmless."""
    facts = facts_of(event)
    width = max(map(len, facts), default=0) + 1
    lines = [title_of(event), "", *(f"{name + ':':{width}} {text}" for name, text in facts.items())]
    if event.notice.url:
        lines += ["", f"Console: {event.notice.url}"]
    return "\n".join(lines)


def sms_of(event: Event) -> str:
    """Return a short message. It holds nothing that a stranger wrote."""
    return f"Hookline: {title_of(event)}"[:_LONGEST_SMS]
