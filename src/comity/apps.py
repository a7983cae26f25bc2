"""The Django application of a Comity node."""

from django.apps import AppConfig


class ComityConfig(AppConfig):
    """One application: its tables stand in `comity.models`."""

    name = "comity"
    verbose_name = "Comity"
