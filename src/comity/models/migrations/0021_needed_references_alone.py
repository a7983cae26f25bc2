"""What a version could do without is read from its bytes: no row is kept of it any more."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def drop_mentions(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Delete the rows of what is merely mentioned."""
    editor.execute('DELETE FROM comity_reference WHERE "group" = -1')


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0020_crosswalks'),
    ]

    operations = [
        migrations.RunPython(drop_mentions, migrations.RunPython.noop, elidable=True),
    ]
