"""`make demo`: a whole site, and a synthetic case of every flow carried to its end, told and verified.

The demo acts as people do: it hands in folders, reads mail and decides with `ngc`. Everything else is done by the
sensors. What it then claims is found out by `demo_facts`, not by asking the flows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from secrets import choice
from typing import TypeVar

from ngc_pipelines.adapters import clock
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.exhibition_flow import On
from ngc_pipelines.local.console import ROOT, AlreadyRunning, Narrator, site_in
from ngc_pipelines.local.demo_applications import (
    Applicant,
    Project,
    write_criteria_application,
    write_list_application,
)
from ngc_pipelines.local.demo_facts import Facts, NotTrue, Wishes, demand, fingerprint, names_found
from ngc_pipelines.local.genome_data import deliver_var_again
from ngc_pipelines.local.programs import ChildFailed
from ngc_pipelines.local.site import Site
from ngc_pipelines.register.register import Register
from ngc_pipelines.register.standing_text import Described, describe

# A step of a case takes seconds; a machine that does ten other things may need minutes.
PATIENCE_SECONDS = 900.0
TELL_SECONDS = 30.0
T = TypeVar("T")
CRITERIA = {"sex": ["F"], "age": {"from": 18, "to": 90}, "sample_type": ["germline"]}
CRITERIA_IN_SQL = "s.sex = 'F' AND s.age BETWEEN 18 AND 90 AND s.sample_type = 'germline'"


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """A case on its way.

    Args:
        case: its number.
        project: what was applied for.
        expected: gives fingerprints of the files that must be delivered, each once and no other, as VAR stands now.
    """

    case: str
    project: Project
    expected: Callable[[], frozenset[str]]


class Demo:
    """The story of the exhibition, told while it happens."""

    def __init__(self, site: Site, say: Narrator) -> None:
        self._site = site
        self._say = say
        self._client = s3_client(site.settings().s3)
        self._register = Register.connect(site.settings().register.url)
        self._facts = Facts(site.postgres, site.settings().s3, self._client)

    def tell(self) -> None:
        """Carries an application by list and one by criteria through, side by side.

        Raises:
            NotTrue: something that the project promises does not hold.
            ChildFailed: a server was given up.
        """
        self._say.section("Two applications are handed in")
        wishes = self._facts.wishes(with_data=14, registered=3, unknown=4)
        demonstrated = [self._by_list(wishes), self._by_criteria()]
        self._say.section("Sensors take them up; the applicants are told counts, and nothing is exhibited yet")
        for one in demonstrated:
            self._answer(one)
        self._say.section("Meanwhile one of the persons registers in VAR")
        deliver_var_again(self._site.postgres, self._site.settings().s3, self._site.folder, also=(wishes.with_data[0],))
        self._say("a new delivery of VAR holds one more of the persons that were counted a moment ago")
        self._say.section("After the clarification meeting the data are provisioned")
        for one in demonstrated:
            self._hold_meeting(one)
        for one in demonstrated:
            self._wait(one.case, On.EXHIBITED)
            self._say(f"{one.case}: the data stand in the new environment")
        self._say.section("What was promised is looked at, object by object")
        for one in demonstrated:
            self._verify(one)
        self._verify_record()

    def _by_list(self, wishes: Wishes) -> Demonstrated:
        project = _project("LISTE", "Demonstration: arvelig sygdom, efter CPR-liste", "Petra Eksempel", "peteks")
        folder = write_list_application(self._site.folder / "demo" / project.acronym, project, wishes.all)
        self._say(
            f"{project.acronym}: a CPR list of {len(wishes.all)}: {len(wishes.with_data)} with data,"
            f" {len(wishes.registered)} with data but registered in VAR, {len(wishes.unknown)} never sequenced"
        )
        return self._hand_in(folder, project, lambda: self._facts.files_of(wishes.all))

    def _by_criteria(self) -> Demonstrated:
        project = _project("KRIT", "Demonstration: voksne kvinder, efter kriterier", "Kim Eksempel", "kimeks")
        folder = write_criteria_application(self._site.folder / "demo" / project.acronym, project, CRITERIA)
        self._say(f"{project.acronym}: germline samples of women sequenced at 18 to 90, by metadata criteria")
        return self._hand_in(folder, project, lambda: self._facts.files_matching(CRITERIA_IN_SQL))

    def _hand_in(self, folder: Path, project: Project, expected: Callable[[], frozenset[str]]) -> Demonstrated:
        self._ngc("submit", "application", str(folder))
        case = self._until(f"a case for {project.acronym}", lambda: self._case_of(project))
        self._say(f"{project.acronym} is case {case}")
        return Demonstrated(case, project, expected)

    def _case_of(self, project: Project) -> str | None:
        lines = self._register.open_cases()
        return next((line.case.value for line in lines if project.acronym in line.title), None)

    def _answer(self, one: Demonstrated) -> None:
        self._wait(one.case, On.ANSWER_AWAITED)
        demand(not self._buckets_of(one.case), "nothing is exhibited before the applicant has answered")
        letter = self._letter(one, "counts")
        self._say(f"{one.case}: a letter to {one.project.applicant.email}:")
        self._say(_excerpt(letter))
        judged = str(self._standing(one.case).judged)
        who = one.project.applicant.name
        self._ngc(
            "decide", one.case, "go-on", "--as", "applicant", "--by", who, "--judged", judged,
            "--why", "Antallene er som ventet; vi ønsker data udstillet.",
        )  # fmt: skip
        self._say(f"{one.case}: {who} answers: go on")

    def _hold_meeting(self, one: Demonstrated) -> None:
        judged = str(self._standing(one.case).judged)
        self._ngc(
            "decide", one.case, "meeting-held", "--by", "Dina Demo", "--judged", judged, "--tool", "bcftools",
            "--held-on", clock.today().isoformat(), "--why", "Værktøjer og hjælp er aftalt.",
        )  # fmt: skip
        self._say(f"{one.case}: Dina Demo, case officer, records the meeting")

    def _verify(self, one: Demonstrated) -> None:
        (bucket,) = self._buckets_of(one.case)
        names = self._facts.names()
        objects = list(self._facts.objects(bucket))
        delivered = [fingerprint(thing.content) for thing in objects if thing.key.endswith(".fastq.gz")]
        demand(len(delivered) == len(set(delivered)), "every file was delivered once")
        demand(set(delivered) == one.expected(), "the files ordered were delivered, and nobody's who is in VAR")
        demand(sum(names_found(thing, names) for thing in objects) == 0, "no source name or CPR number is in it")
        self._facts.environment_is_closed(bucket, objects[0].key)
        size = sum(len(thing.content) for thing in objects) / 1e6
        self._say(
            f"{one.case}: {len(delivered)} files ({size:.1f} MB), each once, as ordered, nothing of anybody in VAR,\n"
            f"no name of the source in {len(objects)} objects; without credentials they cannot be read"
        )
        self._letter(one, "exhibited")

    def _verify_record(self) -> None:
        self._ngc("audit", "verify")
        self._say("the audit chain is whole from its first event")
        names = [name for name in self._facts.names() if name.isdigit()]
        letters = [letter.as_bytes() for letter in self._site.mail.letters()]
        demand(not any(name in letter for letter in letters for name in names), "no letter holds a CPR number")
        self._say(f"{len(letters)} letters were sent, none with a CPR number in it")

    def _letter(self, one: Demonstrated, about: str) -> EmailMessage:
        """The newest letter about the case to its applicant."""

        def newest() -> EmailMessage | None:
            found = [
                letter
                for letter in self._site.mail.letters()
                if one.case in str(letter["Subject"]) and one.project.applicant.email in str(letter["To"])
            ]
            return found[-1] if found else None

        return self._until(f"a letter about {one.case} ({about})", newest)

    def _buckets_of(self, case: str) -> list[str]:
        prefix = self._site.settings().s3.environment_prefix
        names = [bucket["Name"] for bucket in self._client.list_buckets()["Buckets"]]
        return [name for name in names if name.startswith(prefix) and case.lower() in name]

    def _wait(self, case: str, state: str) -> None:
        """Waits until the case stands there, telling each state it passes."""
        told = ""

        def arrived() -> bool | None:
            nonlocal told
            now = self._standing(case)
            if now.state.name != told:
                told = now.state.name
                self._say(f"{case}: {now.state.en}")
            demand(told not in (On.STOPPED, On.RETURNED, On.REJECTED), f"{case} goes on (it does not: {now.why_en})")
            return True if told == state else None

        self._until(f"{case} is {state}", arrived)

    def _until(self, what: str, look: Callable[[], T | None]) -> T:
        """Looks until there is something, saying now and then that it still waits.

        Raises:
            NotTrue: not within PATIENCE_SECONDS.
            ChildFailed: a server was given up meanwhile.
        """
        started = time.monotonic()
        said = started
        while (found := look()) is None:
            self._site.supervisor.check()
            if time.monotonic() - started > PATIENCE_SECONDS:
                raise NotTrue(
                    f"not within {PATIENCE_SECONDS:.0f} s: {what}; the logs are in {self._site.folder / 'logs'}"
                )
            if time.monotonic() - said > TELL_SECONDS:
                said = time.monotonic()
                self._say(f"waiting for {what}")
            time.sleep(1)
        return found

    def _standing(self, case: str) -> Described:
        return describe(self._register, CaseId.parse(case), clock.today())

    def _ngc(self, *arguments: str) -> str:
        """Runs `ngc` as anybody would, and gives what it prints."""
        program = Path(sys.executable).with_name("ngc")
        done = subprocess.run(
            (str(program), *arguments),
            env=os.environ | self._site.environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotTrue(f"ngc {arguments[0]} ended with exit code {done.returncode}:\n{done.stderr}")
        return done.stdout


def _project(stem: str, title: str, applicant: str, hpc_user: str) -> Project:
    """A project of its own for every run: the same one handed in twice would be one case."""
    mark = "".join(choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4))
    email = f"{applicant.split()[0].lower()}.{mark.lower()}@forskning.example"
    return Project(f"{stem}-{mark}", f"{title} ({stem}-{mark})", Applicant(applicant, email, hpc_user), clock.today())


def _excerpt(letter: EmailMessage) -> str:
    """The subject of a letter and its English half."""
    body = letter.get_body(("plain",))
    text = str((body or letter).get_content())
    # The Danish half comes first, then a rule of hyphens.
    english = text.rpartition("-" * 20)[2] or text
    lines = [line.rstrip() for line in english.splitlines() if line.strip()]
    return "\n".join(f"  | {line}" for line in (str(letter["Subject"]), *lines))


def main() -> int:
    """Tells the story; 0 only if every flow reached its end and everything promised was found true."""
    say = Narrator()
    try:
        with site_in(ROOT / ".local", say) as site:
            say.section("A whole site is started on this machine")
            site.start_servers()
            site.provide_genome_data()
            site.start_dagster()
            say(f"the UI is at {site.ui_url} while this runs")
            Demo(site, say).tell()
            say.section("All of it is true")
            say("`make up` starts this site again, with the UI: find both cases there, and every letter, file and log")
            say(f"letters: {site.mail.maildir}; settings for `ngc`: {site.env_file}; logs: {site.folder / 'logs'}")
    except KeyboardInterrupt:
        say("interrupted; everything has ended")
        return 130
    except (NotTrue, ChildFailed, AlreadyRunning) as reason:
        say(str(reason))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
