"""The exhibition's transition table, from a folder handed in to an environment with data in it (G §4).

Here: the table, and the names of its states and events. Not here: what the words of a table mean (`domain/workflow`)
and what the assets do (`defs/exhibition`). The diagram in the README is generated from this table.

Where the guide names no time limit (it names one for exports only), ours stand here and are assumptions: an applicant
has 60 working days to correct an application and 30 to answer the counts, with reminders on the way; a case officer
has 10; what the system does is overdue after one to three.
"""

from enum import StrEnum

from ngc_pipelines.domain.cases import Flow
from ngc_pipelines.domain.workflow import BEFORE, Actor, AtLimit, Move, State, Workflow

_SYSTEM = frozenset({Actor.SYSTEM})
_OFFICER = frozenset({Actor.CASE_OFFICER})
# A case officer may record what the applicant wrote or said; the event then names the officer and the reason.
_ANSWER = frozenset({Actor.APPLICANT, Actor.CASE_OFFICER})


class On(StrEnum):
    """Names of the exhibition's states."""

    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LIST_LOCKED = "list_locked"
    COHORT_FOUND = "cohort_found"
    COUNTS_HELD = "counts_held"
    ANSWER_AWAITED = "answer_awaited"
    MEETING_AWAITED = "meeting_awaited"
    PROVISIONING = "provisioning"
    STOPPED = "stopped"
    EXHIBITED = "exhibited"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REJECTED = "rejected"


class Did(StrEnum):
    """Kinds of the exhibition's events: first what moves a case, then the notes."""

    OPENED = "opened"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    HANDED_IN_AGAIN = "handed_in_again"
    LIST_LOCKED = "list_locked"
    LIST_OPENED = "list_opened"
    COHORT_FOUND = "cohort_found"
    COUNTS_HELD = "counts_held"
    COUNTS_RELEASED = "counts_released"
    COUNTS_WITHHELD = "counts_withheld"
    COUNTS_TOLD = "counts_told"
    WENT_ON = "went_on"
    ORDER_CHANGED = "order_changed"
    WITHDREW = "withdrew"
    MEETING_HELD = "meeting_held"
    EXHIBITED = "exhibited"
    STOPPED = "stopped"
    RESUMED = "resumed"
    LAPSED = "lapsed"
    REJECTED = "rejected"

    ATTEMPT_FAILED = "attempt_failed"
    REMINDED = "reminded"
    OVERDUE = "overdue"
    NOTED = "noted"


NOTES = frozenset({Did.OPENED, Did.ATTEMPT_FAILED, Did.REMINDED, Did.OVERDUE, Did.NOTED})

_STOPPED = Move(Did.STOPPED, On.STOPPED, _SYSTEM, "standset, kræver en sagsbehandler", "stopped, needs a case officer")
_REJECTED = Move(Did.REJECTED, On.REJECTED, _OFFICER, "afslået", "rejected")
_WITHDREW = Move(Did.WITHDREW, On.WITHDRAWN, _ANSWER, "trukket tilbage", "withdrawn")
_RETURNED = Move(Did.RETURNED, On.RETURNED, _SYSTEM, "sendt retur med alle fejl", "returned with every fault")
_LAPSED = Move(Did.LAPSED, On.LAPSED, _SYSTEM, "bortfaldet, intet svar inden fristen", "lapsed, no answer in time")

EXHIBITION = Workflow(
    flow=Flow.EXHIBITION,
    first=On.RECEIVED,
    notes=NOTES,
    states=(
        State(
            On.RECEIVED,
            "modtaget",
            "received",
            Actor.SYSTEM,
            asset="application",
            limit=1,
            moves=(
                Move(Did.ACCEPTED, On.ACCEPTED, _SYSTEM, "betingelserne er opfyldt", "every condition is met"),
                _RETURNED,
                _STOPPED,
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(
            On.RETURNED,
            "sendt retur til rettelse",
            "returned for correction",
            Actor.APPLICANT,
            limit=60,
            reminders=(20, 40, 55),
            at_limit=AtLimit.LAPSE,
            moves=(
                Move(Did.HANDED_IN_AGAIN, On.RECEIVED, _SYSTEM, "indsendt igen", "handed in again"),
                _WITHDREW,
                _LAPSED,
                _REJECTED,
            ),
        ),
        State(
            On.ACCEPTED,
            "godkendt til opslag",
            "accepted, the cohort is looked up",
            Actor.SYSTEM,
            asset="cohort_manifest",
            limit=1,
            moves=(
                Move(Did.COHORT_FOUND, On.COHORT_FOUND, _SYSTEM, "kohorten er slået op", "the cohort was looked up"),
                Move(Did.LIST_LOCKED, On.LIST_LOCKED, _SYSTEM, "CPR-listen er krypteret", "the CPR list is encrypted"),
                _RETURNED,
                _STOPPED,
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(
            On.LIST_LOCKED,
            "CPR-listen afventer sin adgangskode",
            "the CPR list waits for its password",
            Actor.CASE_OFFICER,
            limit=10,
            reminders=(3,),
            moves=(
                Move(Did.LIST_OPENED, On.ACCEPTED, _OFFICER, "listen er låst op", "the list was unlocked"),
                Move(Did.RETURNED, On.RETURNED, _OFFICER, "sendt retur", "returned"),
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(
            On.COHORT_FOUND,
            "kohorten sammenkøres med VAR",
            "the cohort is matched against VAR",
            Actor.SYSTEM,
            asset="var_filtered_cohort",
            limit=1,
            moves=(
                Move(Did.COUNTS_TOLD, On.ANSWER_AWAITED, _SYSTEM, "antallene er meddelt", "the counts were told"),
                Move(
                    Did.COUNTS_HELD,
                    On.COUNTS_HELD,
                    _SYSTEM,
                    "antallene ville røbe enkelte",
                    "the counts would tell about single persons",
                ),
                _STOPPED,
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(
            On.COUNTS_HELD,
            "antallene er holdt tilbage, afventer en sagsbehandler",
            "the counts are held back, waits for a case officer",
            Actor.CASE_OFFICER,
            asset="exhibition_decision",
            limit=10,
            reminders=(3,),
            moves=(
                Move(Did.COUNTS_WITHHELD, On.COHORT_FOUND, _OFFICER, "går videre uden antal", "goes on without counts"),
                Move(Did.COUNTS_RELEASED, On.COHORT_FOUND, _OFFICER, "antallene må meddeles", "the counts may be told"),
                Move(Did.RETURNED, On.RETURNED, _OFFICER, "sendt retur", "returned"),
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(
            On.ANSWER_AWAITED,
            "afventer ansøgers svar på antallene",
            "waits for the applicant's answer to the counts",
            Actor.APPLICANT,
            asset="exhibition_decision",
            limit=30,
            reminders=(10, 20, 27),
            at_limit=AtLimit.LAPSE,
            moves=(
                Move(Did.WENT_ON, On.MEETING_AWAITED, _ANSWER, "ansøger ønsker data udstillet", "go on"),
                Move(Did.ORDER_CHANGED, On.RETURNED, _ANSWER, "ansøger ændrer bestillingen", "the order is changed"),
                _WITHDREW,
                _LAPSED,
                _REJECTED,
            ),
        ),
        State(
            On.MEETING_AWAITED,
            "afventer afklaringsmøde",
            "waits for the clarification meeting",
            Actor.CASE_OFFICER,
            asset="exhibition_decision",
            limit=20,
            reminders=(5, 15),
            moves=(
                Move(Did.MEETING_HELD, On.PROVISIONING, _OFFICER, "afklaringsmøde holdt", "clarification meeting held"),
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(
            On.PROVISIONING,
            "data klargøres i det isolerede miljø",
            "data are provisioned",
            Actor.SYSTEM,
            asset="provisioned_environment_snapshot",
            limit=3,
            moves=(
                Move(Did.EXHIBITED, On.EXHIBITED, _SYSTEM, "data er udstillet", "data are exhibited"),
                _STOPPED,
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(
            On.STOPPED,
            "standset, kræver en sagsbehandler",
            "stopped, needs a case officer",
            Actor.CASE_OFFICER,
            asset="exhibition_decision",
            limit=3,
            reminders=(1,),
            moves=(
                Move(Did.RESUMED, BEFORE, _OFFICER, "genoptaget", "resumed"),
                Move(Did.RETURNED, On.RETURNED, _OFFICER, "sendt retur", "returned"),
                _WITHDREW,
                _REJECTED,
            ),
        ),
        State(On.EXHIBITED, "udstillet", "exhibited", Actor.NOBODY),
        State(On.WITHDRAWN, "trukket tilbage af ansøger", "withdrawn by the applicant", Actor.NOBODY),
        State(On.LAPSED, "bortfaldet", "lapsed", Actor.NOBODY),
        State(On.REJECTED, "afslået", "rejected", Actor.NOBODY),
    ),
)

WORKFLOWS = {EXHIBITION.flow: EXHIBITION}
