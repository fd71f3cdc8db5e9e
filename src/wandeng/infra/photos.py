"""Photos of customers (客户照片): looked into, set upright, made smaller and written anew, without what a telephone writes into them
(place, time, device)."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from wandeng.kernel.errors import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP")
MILLION = 1_000_000
QUALITY = 85


def cleaned(content: bytes, *, most_pixels: int, longest_side: int) -> bytes:
    """A photo as JPEG of at most ``longest_side`` pixels a side, its picture alone: whatever else the file held is gone.

    Raises :class:`InvalidInput` for what is no photo, whatever its name says, and for one of too many pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as found:
            # The head says how large it is: what would fill the memory is refused before it is unpacked.
            if found.width * found.height > most_pixels:
                raise InvalidInput(f"a photo has {most_pixels // MILLION} million pixels at most", field="photos")
            found.draft("RGB", (longest_side, longest_side))
            upright = ImageOps.exif_transpose(found)
            upright.thumbnail((longest_side, longest_side))
            return _written(upright)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InvalidInput("this is no photo that can be read: JPEG, PNG or WebP", field="photos") from None


def _written(picture: Image.Image) -> bytes:
    plain = Image.new("RGB", picture.size, "white")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        plain.paste(whole, mask=whole.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
