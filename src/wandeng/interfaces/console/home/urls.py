from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.home import views

urlpatterns = [path("", views.home, name="home")]
