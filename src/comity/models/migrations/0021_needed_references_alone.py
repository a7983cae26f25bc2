"""What a version could do without is read from its bytes: no row is kept of it any more."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def drop_mentions(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Delete the rows of what is merely mentioned."""
    apps.get_model("comity", "Reference").objects.using(editor.connection.alias).filter(group=-1).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0020_crosswalks'),
    ]

    operations = [
        migrations.RunPython(drop_mentions, migrations.RunPython.noop, elidable=True),
    ]
