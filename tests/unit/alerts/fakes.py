"""Stand-ins for the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.sender import Answer
from hookline_core.errors import HooklineError


@dataclass(frozen=True)
class Request:
    """What a receiver got."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """Takes requests and answers them in turn; the last answer stays."""

    answers: list[Answer | HooklineError | BaseException] = field(default_factory=lambda: [Answer(200, None)])
    requests: list[Request] = field(default_factory=list)

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take a request."""
        self.requests.append(Request(url, headers, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer
