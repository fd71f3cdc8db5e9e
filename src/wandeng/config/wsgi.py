"""The application that a web server calls."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
application = get_wsgi_application()

# What is loaded now stays for good: looking through it again and again for garbage would cost every request.
gc.collect()
gc.freeze()
