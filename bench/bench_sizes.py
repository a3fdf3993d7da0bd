"""What each function takes unzipped, with its layers, on AWS and on this machine.

``python -m bench.bench_sizes``. Builds everything into a scratch folder; budgets are those of the build itself.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from stack import console, tools
from stack.artefacts import ARTEFACTS, MEGABYTE
from stack.build import Builder
from stack.places import CACHE
from stack.sizes import Size, measure
from stack.targets import target


def sizes_on(place: str) -> dict[str, Size]:
    """Build for a place and return the sizes by logical id."""
    with TemporaryDirectory() as folder:
        builder = Builder(target(place, uv=tools.UV), uv=tools.UV, cache=CACHE)
        for name in ARTEFACTS:
            builder.build(name, Path(folder) / name)
        return {size.artefact.logical_id: size for size in measure(Path(folder))}


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    console.build()
    aws, local = sizes_on("aws"), sizes_on("local")
    print(f"{'megabytes unzipped':<20} {'own, AWS':>9} {'total, AWS':>11} {'total, here':>12} {'budget':>7}")
    for name, size in aws.items():
        here, budget = local[name], size.artefact.budget / MEGABYTE
        print(
            f"{name:<20} {size.own / MEGABYTE:>9.1f} {size.total / MEGABYTE:>11.1f}"
            f" {here.total / MEGABYTE:>12.1f} {budget:>7.0f}"
        )


if __name__ == "__main__":
    main()
