"""The application that a web server calls."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
application = get_wsgi_application()

# All addresses and their views, which the first request would load otherwise.
reverse("console:home")

# What is loaded now stays for good: looking through it again and again for garbage would cost every request. A page makes some
# thousands of objects that go with it, so that looking after every 700 finds nothing.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
