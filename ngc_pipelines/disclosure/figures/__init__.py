"""Figures that show persons instead of summaries, or carry their data (DC-8).

Reading marks back out of vectors, charts and widgets is the openers' work
(`content`); text in pictures is read by OCR there.
"""
