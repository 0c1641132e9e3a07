"""What can be calculated back from tables (DC-5, DC-6, DC-7).

Rooms: `reading` finds tables and says what each number is; `relations` makes
one system of them; `solving` answers for every blanked cell; `proof` shows
why; `repair` proposes what to blank besides.
"""
