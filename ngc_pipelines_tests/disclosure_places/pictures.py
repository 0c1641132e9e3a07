"""Pictures with the secret in each place that is no pixel."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, TiffImagePlugin

from ngc_pipelines_tests.disclosure_places.planting import SECRET, Hiding

_SIZE = (40, 30)


def _picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", _SIZE, (200, 220, 240)).save(out, kind, **options)
    return out.getvalue()


def clean(kind: str) -> bytes:
    """The twin without a secret; `kind` as Pillow calls it."""
    return _picture(kind)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _before_end(png: bytes, chunk: bytes) -> bytes:
    at = png.rfind(b"IEND") - 4
    return png[:at] + chunk + png[at:]


def _exif() -> bytes:
    exif = Image.Exif()
    exif[270] = SECRET
    return exif.tobytes()


def _exif_deep() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[37510] = b"ASCII\0\0\0" + SECRET.encode()
    return exif.tobytes()


def _pngs() -> Iterator[tuple[str, bytes]]:
    plain = _picture("PNG")
    secret = SECRET.encode()
    yield "text", _before_end(plain, _chunk(b"tEXt", b"note\0" + secret))
    yield "packed text", _before_end(plain, _chunk(b"zTXt", b"note\0\0" + zlib.compress(secret)))
    yield "international text", _before_end(plain, _chunk(b"iTXt", b"note\0\0\0\0\0" + secret))
    yield "packed international text", _before_end(plain, _chunk(b"iTXt", b"note\0\1\0\0\0" + zlib.compress(secret)))
    yield "keyword of a text", _before_end(plain, _chunk(b"tEXt", secret + b"\0x"))
    yield "XMP", _before_end(plain, _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>" + secret + b"</x>"))
    yield "EXIF", _picture("PNG", exif=_exif())
    yield "colour profile", _before_end(plain, _chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(128) + secret)))
    yield "private chunk", _before_end(plain, _chunk(b"prVt", secret))
    yield "packed private chunk", _before_end(plain, _chunk(b"prVt", zlib.compress(secret * 4)))
    yield "after the end", plain + secret
    yield "zip after the end", plain + _zipped()
    yield "behind the pixels", _surplus(plain)


def _zipped() -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("note.txt"), SECRET)
    return out.getvalue()


def _surplus(png: bytes) -> bytes:
    at = png.find(b"IDAT") - 4
    size = int.from_bytes(png[at : at + 4], "big")
    pixels = zlib.decompress(png[at + 8 : at + 8 + size]) + SECRET.encode()
    return png[:at] + _chunk(b"IDAT", zlib.compress(pixels)) + png[at + 12 + size :]


def jpeg_with_comment(text: str) -> bytes:
    """A JPEG that says something in its comment."""
    return _picture("JPEG", comment=text.encode())


def _jpegs() -> Iterator[tuple[str, bytes]]:
    plain = _picture("JPEG")
    secret = SECRET.encode()
    yield "comment", jpeg_with_comment(SECRET)
    yield "EXIF", _picture("JPEG", exif=_exif())
    yield "EXIF user comment", _picture("JPEG", exif=_exif_deep())
    yield "EXIF thumbnail", _with_segment(plain, 0xE1, b"Exif\0\0" + _thumbnail())
    yield "XMP", _picture("JPEG", xmp=b"<x:xmpmeta>" + secret + b"</x:xmpmeta>")
    iptc = b"\x1c\x02\x78" + len(secret).to_bytes(2, "big") + secret
    resource = b"8BIM\x04\x04\0\0" + len(iptc).to_bytes(4, "big") + iptc + b"\0" * (len(iptc) % 2)
    yield "IPTC", _with_segment(plain, 0xED, b"Photoshop 3.0\0" + resource)
    yield "colour profile", _picture("JPEG", icc_profile=bytes(128) + secret)
    yield "private segment", _with_segment(plain, 0xE9, secret)
    yield "after the end", plain + secret
    yield "zip after the end", plain + _zipped()
    yield "second picture after the end", plain + jpeg_with_comment(SECRET)


def _with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


def _thumbnail() -> bytes:
    inner = jpeg_with_comment(SECRET)
    start = 8 + 2 + 12 * 2 + 4
    first = struct.pack("<HI", 0, 8 + 2 + 4)
    entries = struct.pack("<HHII", 0x201, 4, 1, start + 6) + struct.pack("<HHII", 0x202, 4, 1, len(inner))
    return b"II*\0" + struct.pack("<I", 8) + first + struct.pack("<H", 2) + entries + struct.pack("<I", 0) + inner


def _gifs() -> Iterator[tuple[str, bytes]]:
    plain = _picture("GIF")
    secret = SECRET.encode()
    block = bytes([len(secret)]) + secret + b"\0"
    body = plain[:-1]
    yield "comment", _picture("GIF", comment=secret)
    yield "application data", body + b"\x21\xff\x0bPLANTED1.00" + block + b";"
    yield "plain text", body + b"\x21\x01\x0c" + bytes(12) + block + b";"
    yield "unknown extension", body + b"\x21\x77" + block + b";"
    yield "after the end", plain + secret
    out = io.BytesIO()
    frames = [Image.new("RGB", _SIZE, colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], comment=secret)
    yield "comment between frames", out.getvalue()


def _bmps() -> Iterator[tuple[str, bytes]]:
    plain = _picture("BMP")
    secret = SECRET.encode()
    (offset,) = struct.unpack_from("<I", plain, 10)
    yield "after the end", plain + secret
    yield (
        "before the pixels",
        plain[:10] + struct.pack("<I", offset + len(secret)) + plain[14:offset] + secret + plain[offset:],
    )


def _tiffs() -> Iterator[tuple[str, bytes]]:
    plain = _picture("TIFF")
    secret = SECRET.encode()
    yield "description", _picture("TIFF", tiffinfo={270: SECRET})
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    directory[65_000] = secret
    directory.tagtype[65_000] = 7
    yield "private tag", _picture("TIFF", tiffinfo=directory)
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    directory[700] = b"<x>" + secret + b"</x>"
    directory.tagtype[700] = 1
    yield "XMP", _picture("TIFF", tiffinfo=directory)
    yield "after the end", plain + secret
    yield "bytes that no tag refers to", plain + bytes(4) + secret + bytes(4)
    yield "description of the second page", _two_pages()


def _two_pages() -> bytes:
    out = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(out, True) as writer:
        for description in ("first", SECRET):
            Image.new("RGB", _SIZE, "red").save(writer, "TIFF", tiffinfo={270: description})
            writer.newFrame()
    return out.getvalue()


def hidings() -> Iterator[Hiding]:
    """Every place of every kind of picture."""
    of_types = (("png", _pngs), ("jpg", _jpegs), ("gif", _gifs), ("bmp", _bmps), ("tif", _tiffs))
    for extension, make in (*of_types, ("jpeg", _jpegs), ("tiff", _tiffs)):
        for place, data in make():
            yield Hiding(extension, place, data)
