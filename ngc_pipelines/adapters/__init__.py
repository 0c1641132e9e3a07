"""The outside systems, one module each, named after the system. No rule of a flow lives here."""
