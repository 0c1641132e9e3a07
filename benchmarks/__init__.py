"""Benchmarks whose figures stand in the README. Each is run by itself; none is part of the tests."""
