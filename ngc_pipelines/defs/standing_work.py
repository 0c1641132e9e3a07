"""Work that no case asks for: letters, time limits, the audit chain, partitions. Jobs and when they run.

Not here: what any of it does (`flows/`, `register/`).
"""

import dagster as dg

from ngc_pipelines.defs import partitions
from ngc_pipelines.defs.metadata import plain
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.flows.audit import verify_and_anchor
from ngc_pipelines.flows.deadlines import keep_deadlines


@dg.op(description="Sender breve, der venter. / Sends the letters that wait.")
def letters_sent(context: dg.OpExecutionContext, site: SiteResource) -> None:
    """Send what waits in the outbox; fail where a letter was not accepted, so that somebody sees it."""
    with site.connect() as here:
        sent, troubles = here.outbox.send_all(here.mailer, context.run_id, here.now())
        context.log.info(f"{sent} letters sent")
        if troubles:
            raise dg.Failure(
                description=f"{len(troubles)} letters were not accepted; they stay in the outbox and are tried again.",
                metadata={"why": plain("; ".join(troubles))},
                allow_retries=False,
            )


@dg.op(description="Påmindelser, frister og bortfald. / Reminders, time limits and lapses.")
def deadlines_kept(context: dg.OpExecutionContext, site: SiteResource) -> None:
    """Remind, close what has lapsed, tell the case officers what is overdue."""
    with site.connect() as here:
        kept = keep_deadlines(here)
        context.log.info(
            f"{len(kept.reminded)} reminded, {len(kept.lapsed)} lapsed, {len(kept.overdue)} overdue, "
            f"{len(kept.troubles)} could not be done"
        )
        if kept.troubles:
            raise dg.Failure(
                description=f"{len(kept.troubles)} time limits could not be kept.",
                metadata={"why": plain("; ".join(kept.troubles))},
                allow_retries=False,
            )


@dg.op(description="Efterprøver registerets kæde og forankrer dens ende. / Verifies the audit chain, anchors its end.")
def audit_chain_verified(context: dg.OpExecutionContext, site: SiteResource) -> None:
    """Verify the chain against every anchor, and keep its end outside the database where it is sound."""
    with site.connect() as here:
        report = verify_and_anchor(here)
        context.log.info(f"{report.events} events of {report.cases} cases verified")
        if not report.sound:
            raise dg.Failure(
                description="THE AUDIT CHAIN IS BROKEN. Stop all work and run `ngc audit verify`.",
                metadata={"faults": plain("; ".join(fault.message for fault in report.faults))},
                allow_retries=False,
            )


@dg.op(description="Sætter manglende partitioner ind igen. / Puts missing partitions back from the register.")
def partitions_rebuilt(context: dg.OpExecutionContext, site: SiteResource) -> None:
    """Add the partitions that the register knows and Dagster does not."""
    with site.connect() as here:
        context.log.info(f"{partitions.rebuild(context.instance, here.register)} partitions put back")


@dg.job(description="Breve / letters")
def outbox_job() -> None:
    """Send letters."""
    letters_sent()


@dg.job(description="Frister / time limits")
def deadlines_job() -> None:
    """Keep time limits."""
    deadlines_kept()


@dg.job(description="Revisionskæde / audit chain")
def audit_job() -> None:
    """Verify the audit chain."""
    audit_chain_verified()


@dg.job(description="Partitioner / partitions")
def partitions_job() -> None:
    """Rebuild partitions."""
    partitions_rebuilt()


@dg.sensor(
    job=outbox_job,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=5,
    description="Breve, der venter i udbakken. / Letters waiting in the outbox.",
)
def waiting_letters(context: dg.SensorEvaluationContext, site: SiteResource) -> dg.RunRequest | dg.SkipReason:
    """Ask for a sending round while letters wait and none is under way."""
    with site.connect() as here:
        if not here.outbox.waiting(here.now()):
            return dg.SkipReason("Ingen breve venter. / No letters are waiting.")
    under_way = [
        dg.DagsterRunStatus.QUEUED,
        dg.DagsterRunStatus.NOT_STARTED,
        dg.DagsterRunStatus.STARTING,
        dg.DagsterRunStatus.STARTED,
    ]
    if context.instance.get_runs_count(dg.RunsFilter(job_name=outbox_job.name, statuses=under_way)) > 1:
        return dg.SkipReason("Breve er ved at blive sendt. / Letters are being sent.")
    return dg.RunRequest(tags={"dagster/max_retries": "0"})


_TIMEZONE = "Europe/Copenhagen"
_RUNNING = dg.DefaultScheduleStatus.RUNNING
SCHEDULES = (
    dg.ScheduleDefinition(
        name="time_limits_on_working_mornings",
        job=deadlines_job,
        cron_schedule="15 7-17/2 * * 1-5",
        description="Påmindelser, frister og bortfald. / Reminders, time limits and lapses.",
        execution_timezone=_TIMEZONE,
        default_status=_RUNNING,
    ),
    dg.ScheduleDefinition(
        name="audit_chain_every_hour",
        job=audit_job,
        cron_schedule="40 * * * *",
        description="Kæden efterprøves og forankres. / The audit chain is verified and anchored.",
        execution_timezone=_TIMEZONE,
        default_status=_RUNNING,
    ),
    dg.ScheduleDefinition(
        name="partitions_every_night",
        job=partitions_job,
        cron_schedule="30 3 * * *",
        description="Manglende partitioner sættes ind igen. / Missing partitions are put back.",
        execution_timezone=_TIMEZONE,
        default_status=_RUNNING,
    ),
)
JOBS = (outbox_job, deadlines_job, audit_job, partitions_job)
SENSORS = (waiting_letters,)
