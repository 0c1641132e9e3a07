"""Where files of strangers are parsed: a process that may do next to nothing.

`sealing` takes the rights away, `foundry` is the process that forks one child
a file, `pool` keeps as many foundries busy as there are cores. What judges a
file lives in `judging`; nothing here knows a file type.
"""
