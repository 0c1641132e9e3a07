"""The exhibition's jobs and sensors: what starts a run.

Here: which run does which step, and asking for runs. Not here: what came in (`flows/intake`) or what a step does. The
register says what is to be done, so a lost cursor, a purged run or a week without the daemon changes nothing: the next
tick asks for what is still open. The cost of a tick grows with open cases in which the system is to act.
"""

from collections.abc import Iterable, Iterator

import dagster as dg

from ngc_pipelines.defs import partitions
from ngc_pipelines.defs.exhibition import ASSETS
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.errors import Refused
from ngc_pipelines.domain.exhibition_flow import EXHIBITION
from ngc_pipelines.domain.workflow import Actor
from ngc_pipelines.flows.intake import take_up
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.claims import Wanted

# A tick may take a minute; opening a case takes some milliseconds, requesting a run some tens.
_MOST_FOLDERS = 500
_MOST_RUNS = 50

CASE_TAG = "ngc/case"
_WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]
_UNDER_WAY = [*_WAITING, dg.DagsterRunStatus.STARTED]

# One run carries an application from hand-in to the letter with the counts.
_INTAKE_STEPS = ("application", "cohort_manifest", "var_filtered_cohort")
_BY_NAME = {asset.key.to_user_string(): asset for asset in ASSETS}

intake_job = dg.define_asset_job(
    "exhibition_intake",
    selection=dg.AssetSelection.assets(*(_BY_NAME[name] for name in _INTAKE_STEPS)),
    partitions_def=partitions.APPLICATIONS,
    description="Fra ansøgning til antal: betingelser, kohorte, VAR. / From application to counts.",
)
decision_job = dg.define_asset_job(
    "exhibition_decision_by_a_person",
    selection=dg.AssetSelection.assets(_BY_NAME["exhibition_decision"]),
    partitions_def=partitions.APPLICATIONS,
    description="En persons afgørelse; startes fra launchpad. / A person's decision; started from the launchpad.",
)
provisioning_job = dg.define_asset_job(
    "exhibition_provisioning",
    selection=dg.AssetSelection.assets(_BY_NAME["provisioned_environment_snapshot"]),
    partitions_def=partitions.APPLICATIONS,
    description="Klargøring af det isolerede miljø. / Provisioning of the isolated environment.",
)


def request_for(wanted: Wanted) -> dg.RunRequest:
    """Give the run that does a step, and what follows it in the same run."""
    if wanted.step in _INTAKE_STEPS:
        steps = _INTAKE_STEPS[_INTAKE_STEPS.index(wanted.step) :]
        job = intake_job.name
    else:
        steps, job = (wanted.step,), provisioning_job.name
    return dg.RunRequest(
        run_key=wanted.run_key,
        job_name=job,
        partition_key=wanted.case.value,
        asset_selection=[_BY_NAME[name].key for name in steps],
        # The register asks for the next attempt; Dagster's own retries would be a second voice.
        tags={CASE_TAG: wanted.case.value, "ngc/step": wanted.step, "dagster/max_retries": "0"},
    )


def _requests(site: Site, instance: dg.DagsterInstance, cases: Iterable[CaseId]) -> Iterator[dg.RunRequest]:
    """Ask for the next attempt at each of these open cases, unless somebody is at it."""
    for case in cases:
        if _is_under_way(site, instance, case):
            continue
        state = site.register.standing(case).state
        if state.actor is not Actor.SYSTEM or state.asset is None:
            continue
        wanted = site.claims.want(case, state.asset)
        if wanted is not None:
            partitions.show(instance, [case])
            yield request_for(wanted)


def _is_under_way(site: Site, instance: dg.DagsterInstance, case: CaseId) -> bool:
    """Whether Dagster has a run of this case in its queue; a started one that no longer lives is declared dead.

    Only cases whose claim has run out come here. A started run keeps its claim alive, so one without a claim was
    killed: Dagster would show it as running for ever, and it would hold its place in the queue.
    """
    runs = instance.get_runs(dg.RunsFilter(tags={CASE_TAG: case.value}, statuses=_UNDER_WAY))
    waiting = False
    for run in runs:
        if run.status in _WAITING:
            waiting = True
        elif site.claims.holder(case) in {run.run_id, None}:
            instance.report_run_failed(run, "The run gave no sign of life; the case is taken up again.")
    return waiting


def _case_of(cursor: str | None) -> CaseId | None:
    try:
        return CaseId.parse(cursor or "")
    except Refused:
        return None  # none yet, lost, or what another release wrote


@dg.sensor(
    jobs=[intake_job],
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=5,
    description=(
        "Nye og rettede ansøgninger i indleveringsområdet. / New and corrected applications in the intake area."
    ),
)
def new_applications(context: dg.SensorEvaluationContext, site: SiteResource) -> dg.SensorResult | dg.SkipReason:
    """Open cases for handed-in folders and ask for their first run.

    Each tick looks at a part of the intake area and the next one at the part after it, round and round. The cursor
    says where to go on, by the case of a folder: without it, it begins at the first folder, and no folder is lost.
    """
    after = _case_of(context.cursor)
    with site.connect() as here:
        taken_up = take_up(here, Flow.EXHIBITION, _MOST_FOLDERS, after=after)
        if taken_up.here != after:
            context.update_cursor(taken_up.here.value if taken_up.here else "")
        came = taken_up.cases
        if not came:
            return dg.SkipReason("Ingen nye mapper. / No new folders.")
        partitions.show(context.instance, came)
        return dg.SensorResult(run_requests=list(_requests(here, context.instance, came[:_MOST_RUNS])))


@dg.sensor(
    jobs=[intake_job, provisioning_job],
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=5,
    description="Åbne sager, hvor systemet skal handle. / Open cases in which the system is to act.",
)
def exhibition_cases(context: dg.SensorEvaluationContext, site: SiteResource) -> dg.SensorResult | dg.SkipReason:
    """Ask for a run for every open case that the system is to act on."""
    with site.connect() as here:
        requests = list(_requests(here, context.instance, here.claims.open_work(EXHIBITION.flow, _MOST_RUNS)))
        if not requests:
            return dg.SkipReason("Systemet har intet at gøre. / Nothing for the system to do.")
        return dg.SensorResult(run_requests=requests)


JOBS = (intake_job, decision_job, provisioning_job)
SENSORS = (new_applications, exhibition_cases)
