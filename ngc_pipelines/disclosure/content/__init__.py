"""Openers: one for each type of file, and for what may lie inside files.

An opener yields pieces with exact places (see `pieces`); it does not judge
them. `OPENERS` names them all; a module is imported when its type is met, and
imports its own libraries only then.
"""

from __future__ import annotations

_HERE = "ngc_pipelines.disclosure.content"

OPENERS: dict[str, str] = {
    "text": f"{_HERE}.text:open_text",
    "html": f"{_HERE}.html:open_html",
    "xml": f"{_HERE}.xml:open_xml",
    "json": f"{_HERE}.notebook:open_json",
    "notebook": f"{_HERE}.notebook:open_json",
    "python": f"{_HERE}.code:open_python",
    "r": f"{_HERE}.code:open_r",
    "zip": f"{_HERE}.archives:open_zip",
    "tar": f"{_HERE}.archives:open_tar",
    "gzip": f"{_HERE}.archives:open_gzip",
    "bzip2": f"{_HERE}.archives:open_bzip2",
    "xz": f"{_HERE}.archives:open_xz",
    "zstd": f"{_HERE}.archives:open_zstd",
    "zlib": f"{_HERE}.archives:open_zlib",
    "pdf": f"{_HERE}.pdf.opener:open_pdf",
    "ole": f"{_HERE}.ole.opener:open_ole",
    "doc": f"{_HERE}.ole.opener:open_ole",
    "xls": f"{_HERE}.ole.opener:open_ole",
    "ppt": f"{_HERE}.ole.opener:open_ole",
    "biff": f"{_HERE}.ole.workbooks:open_biff",
    "rtf": f"{_HERE}.rtf.opener:open_rtf",
    "png": f"{_HERE}.pictures.png:open_png",
    "jpeg": f"{_HERE}.pictures.jpeg:open_jpeg",
    "gif": f"{_HERE}.pictures.gif:open_gif",
    "bmp": f"{_HERE}.pictures.bmp:open_bmp",
    "tiff": f"{_HERE}.pictures.tiff:open_tiff",
    "svg": f"{_HERE}.svg.opener:open_svg",
    "flat_xml": f"{_HERE}.flat_xml.opener:open_flat_xml",
    "xlsx": f"{_HERE}.ooxml.opener:open_ooxml",
    "xlsm": f"{_HERE}.ooxml.opener:open_ooxml",
    "xlsb": f"{_HERE}.ooxml.opener:open_ooxml",
    "docx": f"{_HERE}.ooxml.opener:open_ooxml",
    "docm": f"{_HERE}.ooxml.opener:open_ooxml",
    "pptx": f"{_HERE}.ooxml.opener:open_ooxml",
    "pptm": f"{_HERE}.ooxml.opener:open_ooxml",
    "ooxml": f"{_HERE}.ooxml.opener:open_ooxml",
}
"""Type name -> `module:function`."""
