"""Finding tables in what openers yield, and telling what each number is."""
