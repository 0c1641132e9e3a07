"""What to change in a table so that nothing can be calculated back, at least cost."""
