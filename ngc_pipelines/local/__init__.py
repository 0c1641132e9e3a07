"""A whole site on one machine: real servers as child processes, a synthetic genome database, the demo.

Sits on top of everything; nothing of the flows imports it, and no flow asks whether it runs here.
"""
