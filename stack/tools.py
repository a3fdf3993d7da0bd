"""The stack's own environments, apart from the project's.

``tools`` holds the SAM command line. ``emulator`` holds the emulator and nothing else: functions run in its
interpreter, and what their artefacts lack must be missing there as it would be on AWS.
"""

import sys
from pathlib import Path

from stack.commands import run
from stack.places import LOCAL, REQUIREMENTS
from stack.progress import step

UV = Path(sys.executable).parent / "uv"
SAM = LOCAL / "tools" / "bin" / "sam"
EMULATOR_PYTHON = LOCAL / "emulator" / "bin" / "python"
SAM_PACKAGES = LOCAL / "tools" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def install(name: str) -> Path:
    """Make an environment from its lock file, unless it is there and up to date. Return its folder."""
    folder, lock = LOCAL / name, REQUIREMENTS / f"{name}.txt"
    ready = folder / ".ready"
    wanted = f"{sys.version}\n{lock.read_text()}"
    if not ready.is_file() or ready.read_text() != wanted:
        with step(f"Installing {lock.relative_to(REQUIREMENTS.parent)} into {folder.relative_to(LOCAL.parent)}"):
            run([UV, "venv", "--quiet", "--clear", "--python", sys.executable, folder], what=f"making {folder}")
            python = folder / "bin" / "python"
            run(
                [UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "--requirement", lock],
                what=f"installing {lock.name}",
            )
            ready.write_text(wanted)
    return folder
