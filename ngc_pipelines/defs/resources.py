"""Dagster's resources: shells that create plain objects, and an IO manager that refuses to store anything.

Not here: what the objects do. A resource's fields are shown in Dagster's UI, so no address and no secret is one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import dagster as dg

from ngc_pipelines.adapters import clock
from ngc_pipelines.flows.site import Site, connected
from ngc_pipelines.settings import Settings, load_settings


class SiteResource(dg.ConfigurableResource):
    """The site that the process's environment describes; read when a run or a tick begins."""

    @contextmanager
    def connect(self) -> Iterator[Site]:
        """Give the site's systems, and close them afterwards."""
        with connected(self.settings(), self.clock()) as site:
            yield site

    def settings(self) -> Settings:
        """Read the settings; tests have a resource of their own that is given them."""
        return load_settings()

    def clock(self) -> Callable[[], datetime]:
        """Give the clock; tests may have another."""
        return clock.now


class RefusingIOManager(dg.ConfigurableIOManager):
    """Stores nothing: assets hand on ids and digests in the register, never data through Dagster's storage.

    Without it Dagster would pickle whatever an asset returns into a file that nobody guards.
    """

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        """Refuse everything but nothing."""
        if obj is not None:
            raise TypeError(f"{context.step_key} returned data; assets return MaterializeResult")

    def load_input(self, context: dg.InputContext) -> Any:
        """Refuse: there is nothing stored."""
        raise TypeError(f"{context.name} is not stored; read the register")
