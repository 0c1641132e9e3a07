"""What the flows do, step by step, without Dagster: each step takes a case in hand and records what came of it.

`defs/` shows these steps as assets, `commands/` calls some of them from a terminal.
"""
