"""The case office's list: every open case, where it stands and who is to act, as a table in the UI.

Not here: a case's own page (`defs/metadata`), or the register's list (`register/`). `ngc status` prints the same.
"""

import dagster as dg

from ngc_pipelines.defs.metadata import shown
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.domain.exhibition_flow import WORKFLOWS
from ngc_pipelines.domain.workflow import ACTOR_DA

_TIMEZONE = "Europe/Copenhagen"
# What a page shows without becoming slow; the sum beside it counts all of them.
_MOST_ROWS = 1_000
_COLUMNS = ("sag / case", "projekt / project", "status", "hvem / who", "frist / due")


@dg.asset(
    group_name="case_office",
    kinds={"postgres"},
    description=(
        "Åbne sager: nummer, projekt, hvor sagen står, og hvem der skal handle. Find sagen her, og åbn den under "
        "Partitions på det seneste trin i gruppen exhibition. Tryk Materialize for at se listen, som den er nu. "
        "/ Open cases: number, project, where a case stands and who is to act. Find it here, then open it under "
        "Partitions of its latest step in group exhibition. Materialize for the list of this moment; the same as "
        "`ngc status`."
    ),
)
def open_cases(site: SiteResource) -> dg.MaterializeResult:
    """List the open cases, longest waiting first."""
    with site.connect() as here:
        lines, today = here.register.open_cases(), here.today()
    rows = []
    for line in lines[:_MOST_ROWS]:
        state = WORKFLOWS[line.flow].state(line.state)
        rows.append(
            (
                line.case.value,
                shown(line.title),
                f"{state.da} / {state.en}",
                f"{ACTOR_DA[state.actor]} / {state.actor.value}",
                (f"{line.due_on}" if line.due_on else "–") + (" FOR SENT / OVERDUE" if line.overdue(today) else ""),
            )
        )
    table = [dg.TableRecord(dict(zip(_COLUMNS, row, strict=True))) for row in rows]
    schema = dg.TableSchema([dg.TableColumn(name) for name in _COLUMNS])
    return dg.MaterializeResult(
        metadata={
            "åbne sager / open cases": dg.MetadataValue.int(len(lines)),
            "for sent / overdue": dg.MetadataValue.int(sum(line.overdue(today) for line in lines)),
            "sager / cases": dg.MetadataValue.table(table, schema=schema),
        }
    )


list_job = dg.define_asset_job(
    "case_list", selection=dg.AssetSelection.assets(open_cases), description="Listen over åbne sager. / The case list."
)

ASSETS = (open_cases,)
JOBS = (list_job,)
SCHEDULES = (
    dg.ScheduleDefinition(
        name="case_list_in_working_hours",
        job=list_job,
        cron_schedule="*/15 7-17 * * 1-5",
        execution_timezone=_TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Listen over åbne sager, hvert kvarter. / The list of open cases, every quarter of an hour.",
    ),
)
