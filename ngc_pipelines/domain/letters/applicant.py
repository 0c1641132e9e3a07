"""Letters to applicants about an exhibition (G §4.1, §4.5, §4.7, §4.8).

Here: one function a letter. Not here: the frame (`wording`), which counts may be told (`domain/told_account`), when a
letter is due (`domain/exhibition_flow`).
"""

from collections.abc import Sequence
from datetime import date

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import Fault
from ngc_pipelines.domain.letters.wording import Wording, day_da, day_en, letter, wrapped
from ngc_pipelines.domain.told_account import ToldAccount

# More points than anybody corrects in one go; a form of 20,000 nodes could have thousands.
_MOST_FAULTS = 100


def accepted(case: CaseId) -> Wording:
    """Say that the application meets every condition and that the cohort is looked up now."""
    return letter(
        case,
        ("Ansøgningen er godkendt til opslag", "The application was accepted"),
        [
            "Jeres ansøgning om udstilling af data opfylder betingelserne. Vi slår nu de bestilte personer op i Den "
            "Nationale Genomdatabase og i Vævsanvendelsesregisteret (VAR).",
            "I hører fra os, når vi kender antallene. Der udstilles ikke data, før I har svaret på dem.",
            "Ved at indsende institutionens autorisation har I accepteret, at NGC udveksler oplysninger om den med den "
            "myndighed, der har givet den.",
        ],
        [
            "Your application for exhibition of data meets the conditions. We now look the persons ordered up in the "
            "national genome database and in the tissue-use register (VAR).",
            "You hear from us when we know the counts. No data are exhibited before you have answered them.",
            "By sending the institution's authorisation you have accepted that NGC exchanges information about it with "
            "the authority that gave it.",
        ],
    )


def returned(case: CaseId, faults: Sequence[Fault], reply_by: date | None = None) -> Wording:
    """Answer every fault at once.

    faults: at least one; their texts hold no values. reply_by: the last day for a corrected folder, if there is one.
    """
    if not faults:
        raise ValueError("an application is returned for at least one fault")
    points = len(faults)
    shown = faults[:_MOST_FAULTS]
    until_da = f" senest {day_da(reply_by)}" if reply_by else ""
    until_en = f" by {day_en(reply_by)}" if reply_by else ""
    danish = [
        f"Vi kan ikke gå videre med ansøgningen endnu. Her er alle {points} punkter på én gang:"
        if points > 1
        else "Vi kan ikke gå videre med ansøgningen endnu. Der er ét punkt:",
        *_points([(fault.where, fault.rule, fault.da) for fault in shown]),
        *([f"og {points - _MOST_FAULTS} punkter til."] if points > _MOST_FAULTS else []),
        f"Ret mappen i indleveringsområdet{until_da}. Læg submission.yaml ind igen til sidst; så begynder kontrollen "
        "forfra af sig selv.",
    ]
    english = [
        f"We cannot go on with the application yet. Here are all {points} points at once:"
        if points > 1
        else "We cannot go on with the application yet. There is one point:",
        *_points([(fault.where, fault.rule, fault.en) for fault in shown]),
        *([f"and {points - _MOST_FAULTS} points more."] if points > _MOST_FAULTS else []),
        f"Correct the folder in the intake area{until_en}. Put submission.yaml there again as the last file; the check "
        "then begins anew by itself.",
    ]
    return letter(case, ("Ansøgningen skal rettes", "The application needs corrections"), danish, english)


def counts_told(case: CaseId, told: ToldAccount, reply_by: date) -> Wording:
    """Tell the counts and ask whether to go on (CO-4, G §4.5). told: with small counts hidden already."""
    return letter(
        case,
        ("Antal fundet, svar udbedes", "Counts found, please answer"),
        [
            "Opslaget er færdigt. Det gælder CPR-numre:",
            f"  Bestilt:                                   {told.asked}\n"
            f"  Filtreret fra, registreret i VAR:          {told.registered.da}\n"
            f"  Fundet data, som kan udstilles:            {told.kept.da}",
            "Små antal oplyses ikke, og andre er afrundet, hvor de ellers ville røbe et lille antal. Data, som "
            "godkendelsen ikke dækker, er ikke regnet med.",
            f"Vurdér, om I stadig ønsker data udstillet, og svar senest {day_da(reply_by)}: gå videre, ændr "
            "bestillingen, eller træk ansøgningen tilbage. Der udstilles ikke data, før I har svaret.",
        ],
        [
            "The look-up is done. Counted in CPR numbers:",
            f"  Ordered:                                   {told.asked}\n"
            f"  Removed, registered in VAR:                {told.registered.en}\n"
            f"  Data found that can be exhibited:          {told.kept.en}",
            "Small counts are not told, and others are rounded where they would give a small one away. Data that the "
            "approval does not cover are not counted.",
            f"Consider whether you still want the data exhibited, and answer by {day_en(reply_by)}: go on, change the "
            "order, or withdraw the application. No data are exhibited before you have answered.",
        ],
    )


def reminder(case: CaseId, waits_for: tuple[str, str], reply_by: date) -> Wording:
    """Remind of an answer that is due. waits_for: the case's state in Danish and English, from its workflow."""
    return letter(
        case,
        ("Påmindelse: vi afventer jeres svar", "Reminder: we await your answer"),
        [
            f"Sagen står således: {waits_for[0]}.",
            f"Hører vi ikke fra jer senest {day_da(reply_by)}, bortfalder ansøgningen.",
        ],
        [
            f"The case stands like this: {waits_for[1]}.",
            f"If we do not hear from you by {day_en(reply_by)}, the application lapses.",
        ],
    )


def environment_ready(case: CaseId, left_out: bool = False) -> Wording:
    """Say that the data stand in the environment. left_out: whether files that cannot be pseudonymised are missing."""
    danish = [
        "Data er nu udstillet i projektets isolerede analysemiljø. Listen over filer ligger i miljøet.",
        "Adgangsoplysninger udleveres personligt af NGC til hver bruger, som den projektansvarlige har godkendt; de "
        "sendes aldrig med mail.",
        "Data er pseudonymiserede. Det er ikke tilladt at forsøge at identificere personer. Resultater kommer kun ud "
        "gennem NGC's hjemtagelsesprocedure.",
    ]
    english = [
        "The data are now exhibited in the project's isolated environment. The list of files is in the environment.",
        "Credentials are handed over by NGC in person to each user whom the principal investigator has approved; they "
        "are never sent by mail.",
        "The data are pseudonymised. It is not allowed to try to identify persons. Results leave only through NGC's "
        "export procedure.",
    ]
    if left_out:
        danish.insert(1, "Nogle filer kunne ikke pseudonymiseres og er udeladt; de er nævnt i listen i miljøet.")
        english.insert(
            1, "Some files could not be pseudonymised and were left out; the list in the environment says so."
        )
    return letter(case, ("Data er udstillet", "The data are exhibited"), danish, english)


def withdrawn(case: CaseId) -> Wording:
    """Confirm that the applicant has withdrawn."""
    return letter(
        case,
        ("Ansøgningen er trukket tilbage", "The application was withdrawn"),
        ["Ansøgningen er trukket tilbage, og sagen er lukket. Der er ikke udstillet data. I kan altid søge igen."],
        ["The application was withdrawn and the case is closed. No data were exhibited. You may apply again any time."],
    )


def lapsed(case: CaseId) -> Wording:
    """Say that the application lapsed because no answer came in time."""
    return letter(
        case,
        ("Ansøgningen er bortfaldet", "The application has lapsed"),
        [
            "Vi har ikke hørt fra jer inden fristen. Ansøgningen er bortfaldet, og sagen er lukket. Der er ikke "
            "udstillet data. I kan søge igen med en ny mappe."
        ],
        [
            "We have not heard from you in time. The application has lapsed and the case is closed. No data were "
            "exhibited. You may apply again with a new folder."
        ],
    )


def rejected(case: CaseId) -> Wording:
    """Say that the application was rejected; the reason is told by the case officer, whose words this is not."""
    return letter(
        case,
        ("Ansøgningen er afslået", "The application was rejected"),
        ["Ansøgningen er afslået, og sagen er lukket. Sagsbehandleren sender jer begrundelsen."],
        ["The application was rejected and the case is closed. The case officer sends you the reasons."],
    )


def _points(points: Sequence[tuple[str, str, str]]) -> list[str]:
    return [
        f" {number}. {where} [{rule}]\n{wrapped(text, '    ')}" for number, (where, rule, text) in enumerate(points, 1)
    ]
