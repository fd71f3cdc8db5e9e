"""PDF documents: a Typst template and a dictionary in, PDF bytes out; no network, no temporary files, repeatable bytes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, cast

import segno
import typst

from wandeng.kernel.errors import Refused

FONT = "WenQuanYi Micro Hei"
"""The Chinese font the templates ask for; Debian's package ``fonts-wqy-microhei``."""


class FontMissing(Refused):
    """No Chinese font: the document would be empty boxes."""

    code = "FONT_MISSING"


@lru_cache(maxsize=1)
def require_font() -> None:
    """Raise :class:`FontMissing` unless the Chinese font is installed."""
    if shutil.which("fc-list") is None:
        raise FontMissing("fontconfig is not installed: install the packages fontconfig and fonts-wqy-microhei")
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True).stdout
    if FONT not in listed:
        raise FontMissing(f"the font '{FONT}' is not installed: install the package fonts-wqy-microhei")


class Typesetter:
    """One compiled template, used for many documents: keep it, the first document pays for loading the fonts."""

    def __init__(self, template: str) -> None:
        require_font()
        self._template = template.encode()
        self._compiler = typst.Compiler(self._template)

    def pdf(self, data: Mapping[str, Any], *, made_on: date) -> bytes:
        """Set one document; the template reads ``data`` as JSON from ``sys.inputs.data``.

        ``made_on`` goes into the file's metadata, so equal input gives equal bytes.
        """
        made_at = datetime.combine(made_on, time(), tzinfo=UTC)
        body = json.dumps(data, ensure_ascii=False, sort_keys=True)
        return cast(
            bytes,
            self._compiler.compile(
                input=self._template, format="pdf", sys_inputs={"data": body}, timestamp=int(made_at.timestamp())
            ),
        )


def qr_svg(text: str) -> str:
    """A QR code as SVG text, error correction M, without quiet zone (the template keeps the distance)."""
    return str(segno.make(text, error="m").svg_inline(border=0, omitsize=True))


def qr_uri(text: str) -> str:
    """A QR code for a page: black on white whatever the theme, with its quiet zone, as a data address."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff"))
