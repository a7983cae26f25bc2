"""Prints the ids of the versions that a collection of the node holds, as JSON."""

import json
import sys

import django

django.setup()

from comity.models import StoredVersion  # noqa: E402 - after Django is set up

if __name__ == "__main__":
    rows = StoredVersion.objects.filter(collection__alias=sys.argv[2]).values_list("stix_id", flat=True)
    print(json.dumps(list(rows)))
