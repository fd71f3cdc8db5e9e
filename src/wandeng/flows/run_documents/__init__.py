"""The sheet of a run as it is printed."""

from wandeng.flows.run_documents.pages import run_pdf

__all__ = ["run_pdf"]
