"""One module a command of `ngc`; each is imported when its name was typed."""
