"""The exhibition's assets and their checks: application, cohort, VAR, decision, environment (G §4).

Here: what Dagster shows and in which order. Not here: the work of each step (`flows/`), the transition table
(`domain/exhibition_flow`), or what starts a run (`defs/exhibition_sensors`). Checks show; each step decides for itself
and fails closed, because a blocking check holds back only the rest of its own run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import dagster as dg
from pydantic import Field

from ngc_pipelines.adapters.provisioning.filling import Progress
from ngc_pipelines.defs.metadata import IN_LAUNCHPAD, case_metadata, counts, plain
from ngc_pipelines.defs.partitions import APPLICATIONS
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.domain.applications import PROPERTIES
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import NgcError, Unavailable
from ngc_pipelines.domain.exhibition_flow import Did, On
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.flows import application as application_step
from ngc_pipelines.flows import cohort, provisioning
from ngc_pipelines.flows.deciding import decide_and_tell, parse_day
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.decisions import Decision, Meeting
from ngc_pipelines.register.steps import Step, step

_GROUP = "exhibition"


class AnswerInLaunchpad(StrEnum):
    """The decisions by names that the launchpad can offer (Dagster's enums take no hyphen)."""

    go_on = "go_on"
    change_order = "change_order"
    withdraw = "withdraw"
    meeting_held = "meeting_held"
    reject = "reject"
    return_case = "return_case"
    resume = "resume"
    withhold_counts = "withhold_counts"
    tell_counts = "tell_counts"


class RoleInLaunchpad(StrEnum):
    """The roles that a decision can be taken in."""

    case_officer = "case_officer"
    applicant = "applicant"


_ANSWERS = {AnswerInLaunchpad(name): answer for answer, name in IN_LAUNCHPAD.items()}
_SENTENCES = {entry.name: f"{entry.da} / {entry.en} ({entry.rule})" for entry in PROPERTIES} | {
    application_step.SUBMISSION_CAN_BE_READ: "Formularen kan læses. / The form can be read. (AP-4)",
    application_step.CPR_LIST_FOLLOWS_THE_RULES: "CPR-listen følger reglerne. / The CPR list follows the rules. (CO-1)",
    application_step.PERSONS_ARE_WITHIN_THE_APPROVAL: (
        "Godkendelsen dækker antallet af personer. / The approval covers the number of persons. (AP-1)"
    ),
}


@contextmanager
def _in_hand(site: Site, context: dg.AssetExecutionContext, asset: str) -> Iterator[Step | None]:
    """Hold the partition's case for this asset; errors of the domain become failures that Dagster does not retry.

    The register asks for the next attempt; a retry by Dagster would be a second one beside it.
    """
    case = CaseId.parse(context.partition_key)
    try:
        with step(site.worker(context.run_id), case, asset) as in_hand:
            yield in_hand
    except NgcError as error:
        raise dg.Failure(
            description=str(error),
            metadata={"what to do next": plain(error.remedy), **_standing(site, case, error)},
            allow_retries=False,
        ) from error


def _standing(site: Site, case: CaseId, error: NgcError) -> dict[str, dg.MetadataValue]:
    try:
        return case_metadata(site, case)
    except NgcError as second:
        # The register itself is away: the first error is what matters.
        return {"case": plain(f"{case}: {second.why if isinstance(error, Unavailable) else error.why}")}


def _nothing_to_do(site: Site, case: CaseId, done: Did) -> dg.MaterializeResult:
    """Say that an attempt came too late; fail where the step was never done, so that nothing later runs."""
    standing = site.register.standing(case)
    if done not in standing.facts or not standing.facts[done]:
        raise dg.Failure(
            description=f"Case {case} stands at '{standing.state.en}'; this step is not what it needs now.",
            metadata=case_metadata(site, case),
            allow_retries=False,
        )
    return dg.MaterializeResult(metadata=case_metadata(site, case))


@dg.asset(
    partitions_def=APPLICATIONS,
    group_name=_GROUP,
    kinds={"s3", "postgres"},
    description=(
        "Ansøgning / application: Betingelserne AP-1 til AP-5 og CPR-listens form. Alle fejl besvares på én gang. "
        "/ The conditions AP-1 to AP-5 and the form of the CPR list; every fault is answered at once."
    ),
    check_specs=[
        dg.AssetCheckSpec(name, asset="application", blocking=True, description=_SENTENCES[name])
        for name in application_step.PROPERTY_NAMES
    ],
)
def application(context: dg.AssetExecutionContext, site: SiteResource) -> dg.MaterializeResult:
    """Hold an application against every rule, and accept it or return it."""
    with site.connect() as here, _in_hand(here, context, "application") as in_hand:
        case = CaseId.parse(context.partition_key)
        if in_hand is None:
            return _checks_again(here, case)
        checked, _ = application_step.examine(here, in_hand)
        passed = {name: not checked.faults.get(name) for name in application_step.PROPERTY_NAMES}
        if checked.form is None:
            # Of a form that cannot be read nothing else is known to hold.
            passed = dict.fromkeys(passed, False)
        return dg.MaterializeResult(
            metadata=case_metadata(here, case),
            check_results=[_check_result(name, passed[name], checked) for name in application_step.PROPERTY_NAMES],
        )


def _check_result(name: str, passed: bool, checked: application_step.CheckedApplication) -> dg.AssetCheckResult:
    faults = checked.faults.get(name, ())
    told = {f"{place} {fault.where}": plain(f"{fault.da} / {fault.en}") for place, fault in enumerate(faults, 1)}
    return dg.AssetCheckResult(check_name=name, passed=passed, metadata=told)


def _checks_again(site: Site, case: CaseId) -> dg.MaterializeResult:
    """An attempt that came too late: the application was accepted, so everything held."""
    _nothing_to_do(site, case, Did.ACCEPTED)
    return dg.MaterializeResult(
        metadata=case_metadata(site, case),
        check_results=[dg.AssetCheckResult(check_name=name, passed=True) for name in application_step.PROPERTY_NAMES],
    )


@dg.asset(
    partitions_def=APPLICATIONS,
    group_name=_GROUP,
    deps=[application],
    kinds={"postgres"},
    description=(
        "Kohorte / cohort: Hvem der blev spurgt om, og hvad der blev fundet for hver. "
        "/ Who was asked for, and what was found for each (CO-1, CO-2)."
    ),
    check_specs=[
        dg.AssetCheckSpec(
            "everybody_asked_for_is_accounted_for",
            asset="cohort_manifest",
            description="Alle, der blev spurgt om, er gjort op. / Everybody asked for is accounted for. (CO-1)",
        )
    ],
)
def cohort_manifest(context: dg.AssetExecutionContext, site: SiteResource) -> dg.MaterializeResult:
    """Build the cohort of an accepted application."""
    with site.connect() as here, _in_hand(here, context, "cohort_manifest") as in_hand:
        case = CaseId.parse(context.partition_key)
        if in_hand is not None:
            manifest, standing = cohort.build(here, in_hand)
            if manifest is None:
                raise dg.Failure(
                    description=f"Case {case} now waits for somebody else: {standing.state.en}.",
                    metadata=case_metadata(here, case),
                    allow_retries=False,
                )
        else:
            _nothing_to_do(here, case, Did.COHORT_FOUND)
        return dg.MaterializeResult(
            metadata=case_metadata(here, case),
            check_results=[
                dg.AssetCheckResult(check_name="everybody_asked_for_is_accounted_for", passed=here.cohorts.verify(case))
            ],
        )


@dg.asset(
    partitions_def=APPLICATIONS,
    group_name=_GROUP,
    deps=[cohort_manifest],
    kinds={"postgres"},
    description=(
        "Kohorten efter VAR / the cohort after VAR: Registrerede i Vævsanvendelsesregisteret er taget ud; "
        "antallene er meddelt. / Persons registered in the tissue-use register are taken out; the counts were told "
        "(CO-3, CO-4)."
    ),
    check_specs=[
        dg.AssetCheckSpec(
            "the_account_is_closed",
            asset="var_filtered_cohort",
            description=(
                "Spurgt = tilbage + i VAR + uden data + ugyldige. "
                "/ Asked = kept + in VAR + without data + invalid. (CO-3)"
            ),
        ),
        dg.AssetCheckSpec(
            "counts_can_be_told_beside_those_of_earlier_orders",
            asset="var_filtered_cohort",
            description=(
                "Antallene røber ingen sammen med tidligere bestillingers. "
                "/ The counts tell about nobody beside those of earlier orders. (CO-4)"
            ),
        ),
    ],
)
def var_filtered_cohort(context: dg.AssetExecutionContext, site: SiteResource) -> dg.MaterializeResult:
    """Hold the cohort against VAR and tell the applicant the counts."""
    with site.connect() as here, _in_hand(here, context, "var_filtered_cohort") as in_hand:
        case = CaseId.parse(context.partition_key)
        if in_hand is not None:
            cohort.filter_by_var(here, in_hand)
            here.claims.finish(case, context.run_id)
        elif here.register.standing(case).state.name != On.COUNTS_HELD:
            _nothing_to_do(here, case, Did.COUNTS_TOLD)
        standing = here.register.standing(case)
        held = standing.state.name == On.COUNTS_HELD
        counted = standing.fact(Did.COUNTS_HELD if held else Did.COUNTS_TOLD)
        return dg.MaterializeResult(
            metadata={
                **case_metadata(here, case),
                **counts(counted.get("told", {})),
                "kohortens kontrolsum / the cohort's digest": plain(counted["digest"]),
                "VAR": plain(f"{counted['var']['delivery']}"),
            },
            check_results=[
                dg.AssetCheckResult(check_name="the_account_is_closed", passed=here.cohorts.verify(case)),
                dg.AssetCheckResult(check_name="counts_can_be_told_beside_those_of_earlier_orders", passed=not held),
            ],
        )


class ExhibitionDecision(dg.Config):
    """A person's decision, as it is filled in in the launchpad; the same as `ngc decide`."""

    answer: AnswerInLaunchpad = Field(
        description=(
            "Afgørelsen: go_on (gå videre), change_order (ændr bestillingen), withdraw (træk tilbage), meeting_held "
            "(afklaringsmøde holdt), reject (afslå), return_case (send retur), resume (genoptag), withhold_counts "
            "(gå videre uden antal), tell_counts (meddel antallene). / The decision."
        )
    )
    decided_by: str = Field(description="Initialer på den, der afgør; aldrig et CPR-nummer. / Who decides: initials.")
    role: RoleInLaunchpad = Field(
        default=RoleInLaunchpad.case_officer,
        description=(
            "case_officer, også når ansøgers skriftlige svar registreres; ellers applicant. "
            "/ In which role; case_officer also where an applicant's written answer is recorded."
        ),
    )
    why: str = Field(description="Begrundelsen, som den skal stå på sagen. / The reason, as it goes into the record.")
    judged: str | None = Field(
        default=None,
        description=(
            "Kontrolsummen for den kohorte, der er vurderet (sha256:…), fra var_filtered_cohort; kræves til go_on, "
            "meeting_held, withhold_counts og tell_counts. / Digest of the cohort that was judged; needed for these."
        ),
    )
    meeting_held_on: str | None = Field(
        default=None, description="Afklaringsmødets dato, ÅÅÅÅ-MM-DD. / Day of the clarification meeting, YYYY-MM-DD."
    )
    tools: list[str] = Field(default=[], description="Værktøjer, der skal installeres. / Tools to install.")
    own_data: str = Field(default="", description="Egne data, der kombineres med. / Own data to be combined.")
    help_agreed: str = Field(default="", description="Aftalt bioinformatisk hjælp. / Bioinformatic help agreed.")

    def decision(self) -> Decision:
        """Give the decision; raises Refused where the date is none."""
        meeting = None
        if self.meeting_held_on is not None:
            meeting = Meeting(parse_day(self.meeting_held_on), tuple(self.tools), self.own_data, self.help_agreed)
        role = Actor.APPLICANT if self.role is RoleInLaunchpad.applicant else Actor.CASE_OFFICER
        return Decision(_ANSWERS[self.answer], Person(self.decided_by, role), self.why, self.judged, meeting)


@dg.asset(
    partitions_def=APPLICATIONS,
    group_name=_GROUP,
    deps=[var_filtered_cohort],
    kinds={"postgres"},
    description=(
        "Afgørelse / decision: Kun en person materialiserer dette asset: åbn launchpad, og udfyld afgørelsen. "
        "/ Only a person materializes this: open the launchpad and fill in the decision. "
        "Det samme gør / the same as `ngc decide` (CO-4, EN-2)."
    ),
)
def exhibition_decision(
    context: dg.AssetExecutionContext, config: ExhibitionDecision, site: SiteResource
) -> dg.MaterializeResult:
    """Record a person's decision on a case."""
    case = CaseId.parse(context.partition_key)
    with site.connect() as here:
        try:
            decide_and_tell(here, case, config.decision(), run=context.run_id)
        except (NgcError, ValueError) as error:
            raise dg.Failure(description=str(error), metadata=case_metadata(here, case), allow_retries=False) from error
        return dg.MaterializeResult(metadata=case_metadata(here, case))


@dg.asset(
    partitions_def=APPLICATIONS,
    group_name=_GROUP,
    deps=[exhibition_decision],
    kinds={"s3", "postgres"},
    description=(
        "Det isolerede miljø / the isolated environment: Data er kopieret under pseudonym, efterprøvet og åbnet "
        "for de godkendte brugere. / Data are copied under pseudonyms, verified, and opened for the approved users "
        "(EN-1 to EN-6)."
    ),
    check_specs=[
        dg.AssetCheckSpec(
            "the_environment_is_what_its_snapshot_says",
            asset="provisioned_environment_snapshot",
            description="Miljøet er, hvad øjebliksbilledet siger. / The environment is what its snapshot says. (EN-6)",
        )
    ],
)
def provisioned_environment_snapshot(context: dg.AssetExecutionContext, site: SiteResource) -> dg.MaterializeResult:
    """Provision the isolated environment of a decided case."""
    with site.connect() as here, _in_hand(here, context, "provisioned_environment_snapshot") as in_hand:
        case = CaseId.parse(context.partition_key)
        if in_hand is not None:

            def told(so_far: Progress) -> None:
                context.log.info(
                    f"{so_far.files_done} of {so_far.files} files, {so_far.bytes_done:,} of {so_far.bytes:,} bytes"
                )

            provisioning.provision(here, in_hand, told)
        else:
            _nothing_to_do(here, case, Did.EXHIBITED)
        recorded = here.register.standing(case).fact(Did.EXHIBITED)
        drift = provisioning.drift_of(here, case)
        return dg.MaterializeResult(
            metadata={
                **case_metadata(here, case),
                "miljø / environment": plain(recorded["environment"]),
                "filer / files": dg.MetadataValue.int(recorded["files"]),
                "bytes": dg.MetadataValue.int(recorded["bytes"]),
                "kontrolsum / digest": plain(recorded["snapshot"]),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="the_environment_is_what_its_snapshot_says",
                    passed=not drift,
                    metadata={"afvigelser / drift": dg.MetadataValue.int(len(drift))},
                )
            ],
        )


ASSETS = (application, cohort_manifest, var_filtered_cohort, exhibition_decision, provisioned_environment_snapshot)
