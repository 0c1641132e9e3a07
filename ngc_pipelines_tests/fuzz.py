"""Mutated documents for as long as one likes: none may raise, hang or be forgotten.

Run `python -m ngc_pipelines_tests.fuzz --minutes 10 [--seed 1]`. Every document of the recall table is a beginning;
bytes are flipped, cut out, repeated and spliced from others. What goes wrong is printed with the seed and the round
that make it again, and ends in exit code 1.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from ngc_pipelines_tests.disclosure_places.table import hidings, judged

# A document of this size is read in milliseconds; one that takes so long stands still.
SECONDS_EACH = 60
LARGEST = 300_000


class StandsStill(BaseException):
    """One document took longer than any of its size may."""


def main() -> int:
    """Fuzz until the time is up; 0 where every document was answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    seeds = [(hiding.extension, hiding.data) for hiding in hidings() if len(hiding.data) <= LARGEST]
    signal.signal(signal.SIGALRM, _stand_still)
    deadline = time.monotonic() + 60 * args.minutes
    rounds = wrong = 0
    while time.monotonic() < deadline:
        draw = random.Random(f"{args.seed}/{rounds}")
        extension, data = draw.choice(seeds)
        wrong += not _answered(mutated(data, draw, draw.choice(seeds)[1]), extension, f"{args.seed}/{rounds}")
        rounds += 1
    sys.stdout.write(f"{rounds} mutated files, {rounds - wrong} answered\n")
    return 1 if wrong else 0


def mutated(data: bytes, draw: random.Random, other: bytes) -> bytes:
    """`data` with one to four changes."""
    changed = bytearray(data)
    changes: tuple[Callable[[bytearray, random.Random, bytes], None], ...] = (_flip, _cut, _repeat, _splice, _number)
    for _ in range(draw.randint(1, 4)):
        if changed:
            draw.choice(changes)(changed, draw, other)
    return bytes(changed)


def _flip(data: bytearray, draw: random.Random, _: bytes) -> None:
    for _once in range(draw.randint(1, 16)):
        data[draw.randrange(len(data))] = draw.randrange(256)


def _cut(data: bytearray, draw: random.Random, _: bytes) -> None:
    start = draw.randrange(len(data))
    del data[start : start + draw.choice((1, 7, 64, 1024, len(data)))]


def _repeat(data: bytearray, draw: random.Random, _: bytes) -> None:
    start = draw.randrange(len(data))
    data[start:start] = data[start : start + draw.randint(1, 2048)] * draw.randint(1, 8)


def _splice(data: bytearray, draw: random.Random, other: bytes) -> None:
    start = draw.randrange(len(data))
    data[start:start] = other[draw.randrange(max(1, len(other))) :][: draw.randint(1, 4096)]


def _number(data: bytearray, draw: random.Random, _: bytes) -> None:
    """A length or an offset that lies."""
    width = draw.choice((2, 4, 8))
    start = draw.randrange(len(data))
    value = draw.choice((0, 1, 2 ** (8 * width) - 1, 2 ** (8 * width - 1), draw.randrange(2 ** (8 * width))))
    data[start : start + width] = value.to_bytes(width, draw.choice(("little", "big")))


def _answered(data: bytes, extension: str, name: str) -> bool:
    signal.alarm(SECONDS_EACH)
    try:
        judged(data, extension)
    except (Exception, StandsStill) as fault:  # Whatever it was, it is told: the point of the exercise
        sys.stdout.write(f"round {name} ({extension}): {type(fault).__name__}\n")
        return False
    finally:
        signal.alarm(0)
    return True


def _stand_still(_signal: int, _frame: FrameType | None) -> None:
    raise StandsStill


if __name__ == "__main__":
    sys.exit(main())
