"""acro asked about the same persons; runs in the peers' own environment, with nothing of this package.

Standard input: JSON, a list of rows of counts. Standard output: JSON with what acro said of the cross table.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import tempfile
import time


def main() -> None:
    """One cross table with suppression, as an analyst would make it."""
    import acro
    import numpy as np
    import pandas as pd

    counts = np.array(json.load(sys.stdin))
    row, column = np.unravel_index(np.repeat(np.arange(counts.size), counts.reshape(-1)), counts.shape)
    persons = pd.DataFrame({"a": row, "b": column})
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.chdir(folder)
        start = time.process_time()
        session = acro.ACRO(suppress=True)
        session.crosstab(persons.a, persons.b)
        seconds = time.process_time() - start
        said = session.results.get_index(0)
        os.chdir("/")
    flagged = int(
        said.outcome.astype(str).apply(lambda line: line.str.contains("threshold", case=False)).to_numpy().sum()
    )
    told = {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "persons": len(persons),
        "status": said.status,
        "flagged": flagged,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
