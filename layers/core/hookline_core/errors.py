"""Every error that Hookline raises on purpose.

::

    HooklineError
    ├── InvalidRequestError        the caller's input is wrong
    │   ├── MessageEmptyError
    │   ├── PhoneNumberInvalidError
    │   ├── CursorInvalidError
    │   └── TimeRangeInvalidError
    ├── MalformedBodyError         the body cannot be read at all
    ├── UnsupportedMediaTypeError
    ├── PayloadTooLargeError
    ├── RoleError                  the key may not do this
    ├── NotFoundError
    ├── ConflictError              somebody else was first
    └── UnavailableError           something we depend on does not answer

Each kind has a stable ``code``; ``hookline_core.web.problems`` maps kinds to HTTP, and nothing looks into messages.
"""

from typing import ClassVar


class HooklineError(Exception):
    """Root of Hookline's errors.

    Parameters
    ----------
    detail
        One sentence for the caller. Never holds message text or a phone number.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidRequestError(HooklineError):
    """The request was understood and its content is wrong."""

    code = "invalid_request"

    def __init__(self, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.pointer = pointer


class MessageEmptyError(InvalidRequestError):
    """A message holds nothing that could be read."""

    code = "message_empty"


class PhoneNumberInvalidError(InvalidRequestError):
    """A phone number cannot exist."""

    code = "phone_number_invalid"


class CursorInvalidError(InvalidRequestError):
    """A cursor was not given out by this API, or for another list."""

    code = "cursor_invalid"


class TimeRangeInvalidError(InvalidRequestError):
    """A range of time ends before it begins, or is too long."""

    code = "time_range_invalid"


class MalformedBodyError(HooklineError):
    """The body is not JSON in UTF-8."""

    code = "malformed_body"


class UnsupportedMediaTypeError(HooklineError):
    """The body is not declared as JSON."""

    code = "unsupported_media_type"


class PayloadTooLargeError(HooklineError):
    """The body is larger than this API takes."""

    code = "payload_too_large"


class RoleError(HooklineError):
    """The key's role does not allow this."""

    code = "role_forbidden"


class NotFoundError(HooklineError):
    """The thing asked for does not exist, or no longer."""

    code = "not_found"


class ConflictError(HooklineError):
    """The thing changed since it was read; read it again."""

    code = "conflict"


class UnavailableError(HooklineError):
    """A part that Hookline depends on does not answer."""

    code = "unavailable"
