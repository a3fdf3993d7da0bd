"""An artefact holds its package, compiled, and nothing that a function never reads."""

import importlib.util
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from stack import archives
from stack import build as building
from stack.artefacts import ARTEFACTS, Artefact
from stack.build import Builder
from stack.errors import StackError
from stack.prune import prune
from stack.sizes import measure
from stack.targets import Target

HERE = Target("here", (), Path(sys.executable))


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    return Builder(HERE, uv=Path("uv-is-not-needed"), cache=tmp_path / "cache")


def declare(monkeypatch: pytest.MonkeyPatch, artefact: Artefact) -> None:
    monkeypatch.setitem(ARTEFACTS, artefact.logical_id, artefact)


def package(folder: Path, name: str = "hello") -> Path:
    path = folder / name
    (path / "__pycache__").mkdir(parents=True)
    (path / "__pycache__" / "old.pyc").write_text("old")
    (path / "__init__.py").write_text("")
    (path / "app.py").write_text("def handler(event, context): return 42\n")
    return path


def test_function_holds_its_package_with_bytecode_for_any_time(
    tmp_path: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, Artefact("HelloFunction", package(tmp_path)))
    builder.build("HelloFunction", tmp_path / "out")
    compiled = Path(importlib.util.cache_from_source(str(tmp_path / "out" / "hello" / "app.py")))
    flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
    assert flags == 0b01  # by hash, and not checked against the source
    assert not (compiled.parent / "old.pyc").exists()


def test_layer_lies_in_the_folder_python(tmp_path: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch, Artefact("HelloLayer", package(tmp_path)))
    builder.build("HelloLayer", tmp_path / "out")
    assert (tmp_path / "out" / "python" / "hello" / "app.py").is_file()


def test_page_goes_into_the_package(tmp_path: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "dist"
    declare(monkeypatch, Artefact("HelloFunction", package(tmp_path), static=page))
    with pytest.raises(StackError, match="make console"):
        builder.build("HelloFunction", tmp_path / "early")
    page.mkdir()
    (page / "index.html").write_text("<p>")
    committed = tmp_path / "hello" / "static"
    committed.mkdir()
    (committed / "openapi.json").write_text("{}")
    builder.build("HelloFunction", tmp_path / "out")
    packaged = {path.name for path in (tmp_path / "out" / "hello" / "static").iterdir()}
    assert packaged == {"index.html", "openapi.json"}


def test_unknown_artefact_is_named(builder: Builder, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="NoFunction"):
        builder.build("NoFunction", tmp_path)


def test_fingerprint_follows_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = package(tmp_path)
    monkeypatch.setattr(building, "ARTEFACTS", {"HelloFunction": Artefact("HelloFunction", source)})
    first = building.fingerprint(HERE)
    assert building.fingerprint(HERE) == first
    (source / "app.py").write_text("def handler(event, context): return 43\n")
    second = building.fingerprint(HERE)
    assert second != first
    (source / "__pycache__" / "new.pyc").write_text("new")
    assert building.fingerprint(HERE) == second


def test_prune_takes_what_is_never_read(tmp_path: Path) -> None:
    kept = ["p/__init__.py", "p/a.so", "p-1.dist-info/METADATA", "p-1.dist-info/licenses/LICENSE", "p/testing/x.py"]
    kept += ["numpy/_core/tests/_natype.py", "pydantic/main.py", "other/pydantic/v1/main.py"]
    gone = ["p/tests/test_a.py", "p/a.pyi", "p/include/a.h", "p-1.dist-info/RECORD", "bin/tool", "p/__pycache__/a.pyc"]
    gone += ["pydantic/v1/main.py"]
    for name in kept + gone:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    prune(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(kept)
    assert not (tmp_path / "bin").exists()


def fill(built: Path, sizes: dict[str, int]) -> None:
    for name in ARTEFACTS:
        (built / name).mkdir(parents=True)
        (built / name / "file").write_bytes(b"x" * sizes.get(name, 1))


def test_sizes_count_layers(tmp_path: Path) -> None:
    fill(tmp_path, {"MlLayer": 1000, "CoreLayer": 200, "AnalyzeFunction": 30})
    sizes = {size.artefact.logical_id: size for size in measure(tmp_path)}
    assert sizes["AnalyzeFunction"].own == 30
    assert sizes["AnalyzeFunction"].total == 1230
    assert sizes["AuthorizerFunction"].total == 201


def test_an_artefact_over_its_budget_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, {"AnalyzeFunction": 30})
    small = Artefact("AnalyzeFunction", tmp_path, layers=("MlLayer",), budget=30)
    monkeypatch.setitem(ARTEFACTS, "AnalyzeFunction", small)
    with pytest.raises(StackError, match=r"AnalyzeFunction.*budget"):
        measure(tmp_path)


def test_nothing_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="make build"):
        measure(tmp_path)


def template_of(built: Path) -> None:
    lines = (f"    {'ContentUri' if name.endswith('Layer') else 'CodeUri'}: {name}\n" for name in ARTEFACTS)
    (built / "template.yaml").write_text("".join(lines))


def test_only_what_has_changed_is_packed_again(tmp_path: Path) -> None:
    built, cache = tmp_path / "built", tmp_path / "cache"
    fill(built, {})
    template_of(built)
    first = archives.pack(built, cache).read_text()
    made = {path.name: path.stat().st_ino for path in cache.iterdir()}
    assert len(made) == len(ARTEFACTS)
    assert archives.pack(built, cache).read_text() == first
    (built / "AlertsFunction" / "file").write_bytes(b"changed")
    packed = archives.pack(built, cache).read_text()
    kept = {path.name: path.stat().st_ino for path in cache.iterdir()}
    (changed,) = kept.keys() - made.keys()
    assert [line for line in packed.splitlines() if line not in first] == [f"    CodeUri: {cache / changed}"]
    assert made.items() - kept.items() == {(name, made[name]) for name in made if name.startswith("AlertsFunction-")}
    with ZipFile(cache / changed) as archive:
        assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {"file": b"changed"}


def test_a_template_with_other_artefacts_is_not_deployed(tmp_path: Path) -> None:
    fill(tmp_path, {})
    (tmp_path / "template.yaml").write_text("    CodeUri: AlertsFunction\n")
    with pytest.raises(StackError, match="names 1 artefacts"):
        archives.pack(tmp_path, tmp_path / "cache")
