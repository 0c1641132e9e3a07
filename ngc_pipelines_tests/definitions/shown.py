"""What a run shows in the UI: its checks and an asset's metadata."""

from __future__ import annotations

from typing import Any

import dagster as dg


def checks(run: dg.ExecuteInProcessResult) -> dict[str, bool]:
    """Each check of the run, and whether it passed."""
    return {evaluation.check_name: evaluation.passed for evaluation in run.get_asset_check_evaluations()}


def metadata(run: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    """The metadata of the asset's materialization."""
    (made,) = run.asset_materializations_for_node(asset)
    return {name: value.value for name, value in made.metadata.items()}
