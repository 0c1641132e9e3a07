"""What openers yield of some bytes, sorted by kind: for tests of openers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ngc_pipelines.disclosure.findings import Finding, Kind
from ngc_pipelines.disclosure.limits import Budget, Limits
from ngc_pipelines.disclosure.opening import Context, Source, open_source
from ngc_pipelines.disclosure.pieces import Code, Figure, NotRead, Opened, Picture, Raw, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY


@dataclass(frozen=True)
class Contents:
    """All that was opened, in order."""

    items: tuple[Opened, ...]

    @cached_property
    def findings(self) -> list[Finding]:
        return [item for item in self.items if isinstance(item, Finding)]

    @cached_property
    def kinds(self) -> set[Kind]:
        return {finding.kind for finding in self.findings}

    @cached_property
    def said(self) -> str:
        """The English of all findings."""
        return "\n".join(finding.message.en for finding in self.findings)

    @cached_property
    def tables(self) -> list[Table]:
        return [item for item in self.items if isinstance(item, Table)]

    @cached_property
    def figures(self) -> list[Figure]:
        return [item for item in self.items if isinstance(item, Figure)]

    @cached_property
    def pictures(self) -> list[Picture]:
        return [item for item in self.items if isinstance(item, Picture)]

    @cached_property
    def code(self) -> list[Code]:
        return [item for item in self.items if isinstance(item, Code)]

    @cached_property
    def not_read(self) -> list[NotRead]:
        return [item for item in self.items if isinstance(item, NotRead)]

    @cached_property
    def texts(self) -> list[Text]:
        return [item for item in self.items if isinstance(item, Text)]

    @cached_property
    def text(self) -> str:
        """All texts, one after another."""
        return "\n".join(item.text for item in self.texts)

    @cached_property
    def raw(self) -> list[Raw]:
        return [item for item in self.items if isinstance(item, Raw)]


def opened(data: bytes, extension: str | None = None, limits: Limits | None = None) -> Contents:
    """Open bytes as the checker does; None for what lies inside another file."""
    context = Context(DEFAULT_POLICY, date(2026, 11, 21), extension or "", Budget(limits or Limits()))
    return Contents(tuple(open_source(Source(data), Place(), context, extension=extension)))
