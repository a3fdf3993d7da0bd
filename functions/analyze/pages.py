"""The console's files, as they lie in the artefact."""

import gzip
import mimetypes
from dataclasses import dataclass
from pathlib import Path

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Page:
    """A file to be served.

    Parameters
    ----------
    packed
        Whether the content is compressed with gzip.
    """

    content: bytes
    media_type: str
    cache_control: str
    packed: bool = False

    def unpacked(self) -> bytes:
        """Return the content as it was before it was compressed."""
        return gzip.decompress(self.content) if self.packed else self.content


class Pages:
    """Serves the files below some folders, and nothing outside of them.

    Parameters
    ----------
    roots
        Folders whose files are served. The build names files under ``assets/`` by their content, so browsers may
        keep those for ever; large ones lie there compressed, with ``.gz`` behind the name that they are asked for by.
    """

    def __init__(self, *roots: Path) -> None:
        self._files = {
            path.relative_to(root).as_posix(): path for root in roots for path in root.rglob("*") if path.is_file()
        }

    def get(self, name: str) -> Page | None:
        """Return a file by its path below a root."""
        path, packed = self._files.get(name), False
        if path is None:
            path, packed = self._files.get(name + _PACKED), True
        if path is None:
            return None
        media_type, _ = mimetypes.guess_type(name)
        return Page(
            content=path.read_bytes(),
            media_type=media_type or "application/octet-stream",
            cache_control=_FOREVER if name.startswith("assets/") else _ASK_AGAIN,
            packed=packed,
        )
