"""Rewriting read headers against what the same library does without us: decompress, compress, nothing between.

Run: `python -m benchmarks.headers [--megabytes 150] [--rounds 5]`. Both sides read the same gzipped FASTQ from memory
in the same pieces, with the same library, level and block size, in turns; what is compared is the best round of each.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from ngc_pipelines.adapters.provisioning.gzip_streams import deflate, inflate, made_ahead, rewrite_headers
from ngc_pipelines.adapters.provisioning.read_headers import HeaderRewriter

PIECE = 8 << 20
_BASES = bytes(b"ACGT"[value & 3] for value in range(256))
# Few qualities, as instruments give since they bin them.
_QUALITIES = bytes(b"FFFFFFFFFFFF:,F#"[value & 15] for value in range(256))


def reads(megabytes: int) -> bytes:
    """Illumina reads of 151 bases, in pieces that repeat further apart than gzip looks back."""
    chance = random.Random(1)
    lines = []
    for _ in range(8 * 1_000_000 // 380):
        tile, x, y = chance.randint(1101, 2678), chance.randint(1000, 32000), chance.randint(1000, 37000)
        header = f"@A01234:118:HJ7KLDSX3:1:{tile}:{x}:{y} 1:N:0:ACGTACGTAC+TTGCATGCAA".encode()
        bases, qualities = chance.randbytes(151).translate(_BASES), chance.randbytes(151).translate(_QUALITIES)
        lines.append(b"%b\n%b\n+\n%b\n" % (header, bases, qualities))
    block = b"".join(lines)
    return block * max(1, megabytes * 1_000_000 // len(block))


def pieces(data: bytes) -> Iterator[bytes]:
    """The file as it comes from the object store."""
    return (data[begin : begin + PIECE] for begin in range(0, len(data), PIECE))


def bare(data: bytes) -> int:
    """Decompress and compress again; gives the compressed size."""
    return sum(len(piece) for piece in deflate(inflate(pieces(data))))


def rewriting(data: bytes) -> int:
    """The same with every header rewritten."""
    rewriter = HeaderRewriter(bytes(32))
    return sum(len(piece) for piece in deflate(made_ahead(rewrite_headers(inflate(pieces(data)), rewriter))))


def main() -> None:
    """Measures both sides in turns and prints a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    plain = reads(args.megabytes)
    size, data = len(plain) / 1e6, b"".join(deflate([plain]))
    del plain
    for workers in (1, 2):
        best = {bare: 0.0, rewriting: 0.0}
        for _ in range(args.rounds):
            for side in best:
                with ThreadPoolExecutor(workers) as pool:
                    began = time.perf_counter()
                    list(pool.map(side, [data] * workers))
                    best[side] = max(best[side], workers * size / (time.perf_counter() - began))
        sys.stdout.write(
            f"{workers} at a time: decompress + compress {best[bare]:.0f} MB/s, with headers rewritten "
            f"{best[rewriting]:.0f} MB/s (uncompressed), ratio {best[rewriting] / best[bare]:.2f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
