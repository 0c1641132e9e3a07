"""Pictures: png, jpeg, gif, bmp, tiff. The pixels for the officer, the rest read.

One module for each format walks its structure; `directories` reads the tags of
TIFF and EXIF, `showing` hands on pixels and what OCR reads in them.
"""
