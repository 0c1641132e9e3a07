"""The code location on a site of a test's own, with real servers, its runs done in the test's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import dagster as dg

from ngc_pipelines.definitions import build_definitions
from ngc_pipelines.defs.exhibition_sensors import exhibition_cases, new_applications
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.settings import Settings, load_settings

MORNING = datetime(2026, 11, 20, 9, tzinfo=UTC)


class GivenSite(SiteResource):
    """A site whose settings and time are those of the code location that is at work, instead of read."""

    def settings(self) -> Settings:
        return load_settings(_AT_WORK[-1].environ)

    def clock(self) -> Callable[[], datetime]:
        moment = _AT_WORK[-1].moment
        return lambda: moment


_AT_WORK: list[CodeLocation] = []


@cache
def _definitions() -> dg.Definitions:
    """Built once a process: it takes a second, and nothing in it differs between tests but the site."""
    return build_definitions(resource_overrides={"site": GivenSite()})


@dataclass
class CodeLocation:
    """The code location with an instance of its own: ticks its sensors and does the runs they ask for, here and now."""

    environ: dict[str, str]
    instance: dg.DagsterInstance
    moment: datetime = MORNING
    results: list[dg.ExecuteInProcessResult] = field(default_factory=list)
    # What the daemon would keep between the ticks of a sensor.
    cursors: dict[str, str | None] = field(default_factory=dict)

    @property
    def definitions(self) -> dg.Definitions:
        """The code location's definitions, with this one at work."""
        _AT_WORK[:] = [self]
        return _definitions()

    def requests(self, sensor: dg.SensorDefinition) -> list[dg.RunRequest]:
        """One tick of a sensor."""
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursors.get(sensor.name),
            definitions=self.definitions,
            resources={"site": GivenSite()},
        )
        # The daemon's context brings the partitions with it; the one for tests does not.
        with dg.partition_loading_context(dynamic_partitions_store=self.instance):
            ticked = sensor.evaluate_tick(context)
        self.cursors[sensor.name] = ticked.cursor
        return list(ticked.run_requests or ())

    def run(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        """Do a requested run."""
        assert request.job_name is not None
        job = self.definitions.resolve_job_def(request.job_name)
        result = job.execute_in_process(
            partition_key=request.partition_key,
            instance=self.instance,
            asset_selection=request.asset_selection,
            tags=dict(request.tags),
            raise_on_error=False,
        )
        self.results.append(result)
        return result

    def tick(self) -> list[dg.ExecuteInProcessResult]:
        """One tick of both sensors, and every run that they ask for."""
        requests = [*self.requests(new_applications), *self.requests(exhibition_cases)]
        return [self.run(request) for request in requests]

    def do(
        self, job_name: str, *, partition_key: str | None = None, run_config: Mapping[str, Any] | None = None
    ) -> dg.ExecuteInProcessResult:
        """Run a job as its schedule does, or with a configuration of one's own."""
        return self.definitions.resolve_job_def(job_name).execute_in_process(
            instance=self.instance, partition_key=partition_key, run_config=run_config, raise_on_error=False
        )

    def decide(self, case: str, config: Mapping[str, Any]) -> dg.ExecuteInProcessResult:
        """Materialize the decision as a person does in the launchpad."""
        return self.definitions.resolve_job_def("exhibition_decision_by_a_person").execute_in_process(
            partition_key=case,
            instance=self.instance,
            run_config={"ops": {"exhibition_decision": {"config": dict(config)}}},
            raise_on_error=False,
        )
