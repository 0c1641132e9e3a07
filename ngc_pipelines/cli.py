"""`ngc`: the same work from a terminal.

Here: the table of commands, exit codes, and turning errors into plain words. Not here: any command's work; each has a
module in `commands/` that is imported when its name was typed, so that `ngc check` starts without servers' libraries.

Exit codes: 0 done, nothing found; 1 done, and there are findings or a refusal; 2 could not be done.
"""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

DONE, FOUND, FAILED = 0, 1, 2
# What applicants meet when they name a file; the rest is told in the operating system's words.
_IN_DANISH = {
    errno.ENOENT: "filen eller mappen findes ikke / ",
    errno.EACCES: "ingen adgang / ",
    errno.EISDIR: "det er en mappe og ikke en fil / ",
    errno.ENOTDIR: "en del af stien er ikke en mappe / ",
    errno.ENOSPC: "der er ikke mere plads / ",
    errno.ENAMETOOLONG: "navnet er for langt / ",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module with `configure(parser)` and `run(args) -> int`, and one line about it."""

    module: str
    about: str


COMMANDS = {
    "check": Command("check", "the disclosure check of files or folders"),
    "audit-table": Command("audit_table", "what can be calculated back from a table with blanked cells"),
    "known-ids": Command("known_ids", "make a list of known ids that can be handed on without the ids themselves"),
    "ledger": Command("ledger", "what has left to a project: add a release, or list them"),
    "check-list": Command("check_list", "a CPR list against the rules for lists"),
    "submit": Command("submit", "check a folder and hand it in"),
    "decide": Command("decide", "record a person's decision on a case"),
    "status": Command("status", "open cases, who is to act, what is overdue; or the story of one"),
    "overview": Command("overview", "how much data exists for some metadata criteria"),
    "migrate": Command("migrate", "bring the databases to this version's tables, as their owners"),
    "audit": Command("audit", "verify the audit chain from its first event"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(_overview())  # noqa: T201 - this is what the command prints
        return DONE if arguments else FAILED
    if arguments[0] == "--version":
        from importlib.metadata import version

        print(version("ngc-pipelines"))  # noqa: T201 - this is what the command prints
        return DONE
    name, *rest = arguments
    command = COMMANDS.get(name)
    if command is None:
        return _fail(f"there is no command of that name; `ngc --help` lists them: {', '.join(COMMANDS)}")
    parser = argparse.ArgumentParser(prog=f"ngc {name}", description=command.about)
    try:
        module = importlib.import_module(f"ngc_pipelines.commands.{command.module}")
        module.configure(parser)
        return int(module.run(parser.parse_args(rest)))
    except SystemExit as leaving:  # argparse leaves like this after --help and after bad usage
        return leaving.code if isinstance(leaving.code, int) else FAILED
    except KeyboardInterrupt:
        return _fail("interrupted")
    except BrokenPipeError:
        # Whoever read our output (`| head`) has had enough.
        sys.stderr.close()
        return FAILED
    except Exception as error:  # the border to the terminal: plain words, no traceback, no values
        return _explain(error)


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.about}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: ngc COMMAND …  (ngc COMMAND --help says more)", "", *lines])


def _explain(error: Exception) -> int:
    from ngc_pipelines.domain.errors import NgcError, Refused

    if isinstance(error, Refused):
        print(error.tried, file=sys.stderr)  # noqa: T201 - messages go to standard error
        for fault in error.faults:
            print(f"  {fault.where} [{fault.rule}]: {fault.da} / {fault.en}", file=sys.stderr)  # noqa: T201 - as above
        print(error.remedy, file=sys.stderr)  # noqa: T201 - as above
        return FOUND
    if isinstance(error, NgcError):
        return _fail(str(error))
    if type(error).__name__ == "SettingsError":
        return _fail(str(error))
    if isinstance(error, OSError):
        from ngc_pipelines.commands.arguments import printable

        name = f": {printable(os.fsdecode(error.filename))}" if isinstance(error.filename, str | bytes) else ""
        told = _IN_DANISH.get(error.errno or 0, "")
        return _fail(f"{told}{error.strerror or type(error).__name__}{name}")
    # The text of a library's exception may quote what it was reading; its type and place are enough to report it.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}, line {trace.tb_lineno}" if trace else ""
    return _fail(f"unexpected {type(error).__name__}{where}; please report this line")


def _fail(message: str) -> int:
    print(f"ngc: {message}", file=sys.stderr)  # noqa: T201 - messages go to standard error
    return FAILED


if __name__ == "__main__":
    raise SystemExit(main())
