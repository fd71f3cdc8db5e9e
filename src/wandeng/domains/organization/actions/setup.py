"""The utility's own words, name, logo and colours."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wandeng.domains.organization import branding, dictionaries
from wandeng.domains.organization.models import Brand, DictionaryEntry
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

_CODE = re.compile(r"[A-Z0-9_]{1,32}")


@transaction.atomic
def set_entry(
    *, dictionary: str, code: str, label: str, actor: Actor, at: datetime, place: int = 0, is_offered: bool = True
) -> None:
    """Add a word to an open dictionary, or change the one with this code.

    Raises :class:`NotFound` for a dictionary that is not open, :class:`InvalidInput` for a code that ships with the
    product or is not written in capitals, or an empty label.
    """
    require_root(actor, Role.ADMINISTRATOR)
    kind = dictionaries.kind(dictionary)
    if not _CODE.fullmatch(code):
        raise InvalidInput(f"the code of a word has 1 to 32 capitals, digits or '_', not '{code}'")
    if code in {shipped for shipped, _, _ in kind.shipped}:
        raise InvalidInput(f"{code} ships with the product and stays as it is")
    if not 0 < len(label.strip()) <= 128:
        raise InvalidInput("a word needs a label of 1 to 128 characters")
    before = DictionaryEntry.objects.filter(dictionary=dictionary, code=code).first()
    values = {"label": label.strip(), "place": place, "is_offered": is_offered}
    if before is None:
        DictionaryEntry.objects.create(id=ids.reserve(DictionaryEntry, 1), dictionary=dictionary, code=code, **values)
    else:
        DictionaryEntry.objects.filter(pk=before.pk).update(**values)
    facts = {
        "label": label.strip(), "was_label": before.label if before else "",
        "offered": int(is_offered), "was_offered": int(before.is_offered) if before else "",
    }  # fmt: skip
    audit.record(
        actor=actor, action="dictionary.set", subject=("organization.DictionaryEntry", f"{dictionary}/{code}"),
        facts=facts, at=at,
    )  # fmt: skip


@transaction.atomic
def set_brand(
    *,
    title: str,
    colours: Mapping[str, str],
    actor: Actor,
    at: datetime,
    logo: bytes | None = None,
    remove_logo: bool = False,
    reason: str = "",
) -> None:
    """Give the pages the utility's name, colours and logo. ``logo`` ``None`` keeps the one that is there.

    An empty title and empty colours are what ships. Raises :class:`InvalidInput` for a picture that is no plain PNG,
    ``branding.Unreadable`` for a colour without contrast.
    """
    require_root(actor, Role.ADMINISTRATOR)
    if len(title.strip()) > 64:
        raise InvalidInput("a name has at most 64 characters")
    chosen = branding.checked_colours({name: value for name, value in colours.items() if value.strip()})
    before = Brand.objects.order_by("-id").first()
    picture = bytes(before.logo) if before and logo is None and not remove_logo else b""
    if logo:
        picture = branding.clean_png(logo)
    row = Brand.objects.create(
        id=ids.reserve(Brand, 1),
        name=title.strip(),
        logo=picture,
        logo_hash=hashlib.sha256(picture).hexdigest() if picture else "",
        colours=json.dumps(chosen, sort_keys=True),
        set_by=actor.code,
        set_at=at,
    )
    facts: dict[str, object] = {"title": row.name, "was_title": before.name if before else ""}
    facts |= {"logo": row.logo_hash[:12], "was_logo": before.logo_hash[:12] if before else ""}
    was = json.loads(before.colours) if before else branding.COLOURS
    facts |= dict(chosen) | {f"was_{name}": was[name] for name in chosen}
    audit.record(actor=actor, action="brand.set", subject=row, facts=facts, at=at, reason=reason)
