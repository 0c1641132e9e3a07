"""Office packages: xlsx, xlsm, xlsb, docx, docm, pptx, pptm.

Every part of the zip is walked, listed or not; what a part is, its root
element tells. Cells, paragraphs and slides come as people see them, everything
else as text of the part it stands in.
"""
