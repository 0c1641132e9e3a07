"""What a change of a table costs its readers: the information about persons that is lost.

Two measures that agree in what they prefer. For choosing cells one by one, a
weight that adds up: the persons of a cell whose count is no longer told (the
"frequency" weight of τ-ARGUS; Hundepool et al., Statistical Disclosure
Control, 2012, §4.4), totals far behind their parts, zeros never. For
comparing whole proposals, bits: a person whose cell of n is only known to be
among M persons has lost log2(M / n) bits, and a table loses their sum (the
entropy measure of Gionis and Tassa, k-Anonymization with minimal loss of
information, IEEE TKDE 2009; for tables Willenborg and de Waal, Elements of
Statistical Disclosure Control, 2001, ch. 6). Merged categories and blanked
cells are compared by it on one scale.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from ngc_pipelines.disclosure.tables.solving.problem import Floats
from ngc_pipelines.disclosure.tables.system import System

# Blanking a total costs its readers more than any of its parts.
TOTAL_COSTS = 8.0


def totals_of(system: System) -> np.ndarray:
    """Which cells are the sum of others."""
    total = np.zeros(len(system.cells), dtype=np.bool_)
    for relation in system.relations:
        if not relation.share and relation.low == relation.high:
            total[[cell for cell, factor in relation.terms if factor < 0]] = True
    return total


def weights(system: System) -> Floats:
    """What blanking each cell costs, in persons; 0 where nothing is printed.

    A cell of few persons costs a little more than them, so that many small
    cells are not cheaper than one that does the same.
    """
    counts = np.array([float(cell.low) for cell in system.cells])
    printed = np.array([not cell.blanked and not cell.implied for cell in system.cells])
    weight = (counts + 5.0) * np.where(totals_of(system), TOTAL_COSTS, 1.0)
    return np.where(printed, weight, 0.0)


def bits_lost(system: System, table: Floats, hidden: Collection[int], known_within: Mapping[int, float]) -> float:
    """The bits that all persons together lose where some cells are not told.

    Args:
        system: cells and relations of the table before any change.
        table: a whole table that fits, by the system's cells.
        hidden: cells that are no longer printed.
        known_within: for cells merged into another, the persons of that one.
    """
    among = dict.fromkeys(hidden, np.inf)
    for relation in system.relations:
        if relation.share or relation.low != relation.high:
            continue
        here = [(cell, factor) for cell, factor in relation.terms if cell in among]
        parts = float(sum(table[cell] for cell, factor in here if factor > 0))
        whole = next((cell for cell, factor in here if factor < 0), None)
        for cell, factor in here:
            group = parts if factor > 0 and whole is None else float(table[whole]) if whole is not None else np.inf
            if factor > 0 or len(here) == 1:
                among[cell] = min(among[cell], group)
    everybody = float(table.max(initial=1.0))
    lost = 0.0
    for cell in hidden:
        persons = float(table[cell])
        group = min(among[cell], known_within.get(cell, np.inf))
        if persons > 0:
            lost += persons * float(np.log2(max(group if np.isfinite(group) else 2.0 * everybody, persons) / persons))
    return lost
