"""Letters (信函): those that wait in a unit are taken as a batch, and a batch is one PDF, the same as often as it is asked."""

from wandeng.flows.notice_letters.pages import document, print_batch

__all__ = ["document", "print_batch"]
