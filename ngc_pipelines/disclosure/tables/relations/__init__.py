"""From tables to one system: which cells are the same, and what adds up to what."""
