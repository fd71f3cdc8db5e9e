"""What people ask of notices: the outbox, the templates, who wants no more, and when anything may be sent (``sending``)."""

from wandeng.domains.notices.queries.letters import letters
from wandeng.domains.notices.queries.opting_out import opt_out_rows, opted_out_of
from wandeng.domains.notices.queries.outbox import (
    anything_due,
    counts,
    gateways,
    letter_batch_rows,
    purposes_told,
    reached,
    reached_first,
    recipient,
    recipient_rows,
)
from wandeng.domains.notices.queries.preferring import contact_preference
from wandeng.domains.notices.queries.templates import (
    preview,
    slots_explained,
    template,
    template_codes,
    template_rows,
    version,
)

__all__ = [
    "anything_due",
    "contact_preference",
    "counts",
    "gateways",
    "letter_batch_rows",
    "letters",
    "opt_out_rows",
    "opted_out_of",
    "preview",
    "purposes_told",
    "reached",
    "reached_first",
    "recipient",
    "recipient_rows",
    "slots_explained",
    "template",
    "template_codes",
    "template_rows",
    "version",
]
