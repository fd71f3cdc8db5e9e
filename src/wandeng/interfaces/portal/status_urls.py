"""Addresses of the published files, where no web server hands them out itself."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal import files

app_name = "status"

urlpatterns = [path("<str:name>", files.published, name="file")]
