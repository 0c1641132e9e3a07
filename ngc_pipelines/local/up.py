"""`make up`: the embedded site with Dagster's UI, kept running until Ctrl-C."""

from __future__ import annotations

import sys
import time

from ngc_pipelines.local.console import ROOT, AlreadyRunning, Narrator, site_in
from ngc_pipelines.local.processes import ChildFailed


def main() -> int:
    """Runs the site; 0 after Ctrl-C, 1 where a server does not come or stay up."""
    say = Narrator()
    try:
        with site_in(ROOT / ".local", say) as site:
            site.start_servers()
            site.provide_genome_data()
            site.start_dagster()
            say(f"the site is up; the UI is at {site.ui_url}")
            say("`. .local/site.env` lets .venv/bin/ngc work on it; Ctrl-C ends it")
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
    sys.exit(main())
