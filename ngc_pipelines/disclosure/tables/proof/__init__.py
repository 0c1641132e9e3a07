"""Why an answer is right, in a form that anyone can check in seconds.

A disclosure is shown by the relations that give it away, a safe cell by two
whole tables that print the same. Checking uses whole numbers and fractions
alone, and nothing of the solver.
"""
