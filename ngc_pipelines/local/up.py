"""`make up`: the embedded site with Dagster's UI, kept running until Ctrl-C.

`python -m ngc_pipelines.local.up [FOLDER]`: FOLDER is where everything is written, `.local` when left out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ngc_pipelines.local.console import ROOT, AlreadyRunning, Narrator, site_in
from ngc_pipelines.local.programs import ChildFailed


def main(folder: Path = ROOT / ".local") -> int:
    """Runs the site in the folder; 0 after Ctrl-C, 1 where a server does not come or stay up."""
    say = Narrator()
    try:
        with site_in(folder, say) as site:
            site.start_servers()
            site.provide_genome_data()
            site.start_dagster()
            say(f"the site is up; the UI is at {site.ui_url}")
            say(f"`. {site.env_file}` lets .venv/bin/ngc work on it; Ctrl-C ends it")
            while True:
                # The supervisor reports and restarts what dies, until it gives something up.
                site.supervisor.check()
                time.sleep(0.5)
    except KeyboardInterrupt:
        say("everything has ended")
        return 0
    except (ChildFailed, AlreadyRunning) as reason:
        say(str(reason))
        return 1


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
