"""Functions carry what neither their layers nor the Lambda runtime bring."""

from pathlib import Path

from stack import locks

LOCK = """\
# a comment
boto3==1.0 \\
    --hash=sha256:aa
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:bb
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:cc
SciPy==1.17.1 \\
    --hash=sha256:dd \\
    --hash=sha256:ee
"""


def write(folder: Path, text: str, name: str = "lock.txt") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_entries_keep_hashes_and_variants(tmp_path: Path) -> None:
    found = list(locks.entries(write(tmp_path, LOCK)))
    assert [name for name, _ in found] == ["boto3", "numpy", "numpy", "scipy"]
    assert found[3][1].count("--hash") == 2


def test_without_layers_and_runtime(tmp_path: Path) -> None:
    layer = write(tmp_path, "numpy==2.4.6 \\\n    --hash=sha256:bb\n", "layer.txt")
    left = locks.without(write(tmp_path, LOCK), [layer])
    assert left.startswith("SciPy==1.17.1")
    assert "numpy" not in left
    assert "boto3" not in left
