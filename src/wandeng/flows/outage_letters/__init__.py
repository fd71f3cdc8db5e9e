"""Notices for the door (停电通知单): whoever no message reached is told on paper, area by area, with a list for the deliverer."""

from wandeng.flows.outage_letters.pages import document

__all__ = ["document"]
