"""Where things are: the repository's parts, and the home of a local stack."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
CACHE = LOCAL / "cache"
TEMPLATE = ROOT / "infra" / "template.yaml"
REQUIREMENTS = ROOT / "requirements"
CONSOLE = ROOT / "console"
SAMPLE = ROOT / "stack" / "sample.jsonl"
BUILT = ROOT / ".aws-sam" / "build"


@dataclass(frozen=True, slots=True)
class Home:
    """The files of one local stack. Everything that must survive ``make down`` is in here.

    Parameters
    ----------
    path
        The folder; it is made when it is first written to.
    """

    path: Path = LOCAL

    @property
    def state(self) -> Path:
        """Return the folder where the emulator keeps its state."""
        return self.path / "state"

    @property
    def objects(self) -> Path:
        """Return the folder where the emulator keeps S3 objects."""
        return self.path / "s3"

    @property
    def log(self) -> Path:
        """Return the emulator's log."""
        return self.path / "emulator.log"

    @property
    def process(self) -> Path:
        """Return the file that tells the emulator's process and port."""
        return self.path / "emulator.json"

    @property
    def keys(self) -> Path:
        """Return the file with the generated API keys; only its owner may read it."""
        return self.path / "keys.json"

    @property
    def deployed(self) -> Path:
        """Return the file that tells what was deployed last."""
        return self.path / "deployed.json"

    @property
    def stack(self) -> Path:
        """Return the file that tells tools and tests where the stack is."""
        return self.path / "stack.json"
