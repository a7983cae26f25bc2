"""Of a version is kept what its id and its instant do not tell: less to store, less to look through."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from comity.stix.timestamps import version_at

_SHORT = "UPDATE comity_storedversion SET spelling = '' WHERE length(spelling) = 24 AND substr(spelling, 18, 2) <> '60'"


def shorten(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Forget what the instant tells."""
    editor.execute(_SHORT)


def lengthen(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write all versions out again."""
    rows: Any = apps.get_model("comity", "StoredVersion").objects.using(editor.connection.alias)
    for pk, stix_id, instant, spelling in list(rows.values_list("pk", "stix_id", "instant", "spelling")):
        rows.filter(pk=pk).update(spelling=version_at(instant, spelling), type=stix_id.partition("--")[0])


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0025_statuses_by_age'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='storedversion',
            name='a_version_once',
        ),
        migrations.RenameField(
            model_name='storedversion',
            old_name='version',
            new_name='spelling',
        ),
        migrations.AlterField(
            model_name='storedversion',
            name='spelling',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='storedversion',
            name='type',
            field=models.CharField(default='', max_length=120),
        ),
        migrations.RunPython(shorten, lengthen),
        migrations.RemoveField(
            model_name='storedversion',
            name='type',
        ),
        migrations.AddConstraint(
            model_name='storedversion',
            constraint=models.UniqueConstraint(fields=('collection', 'stix_id', 'instant', 'spelling'), name='a_version_once'),
        ),
    ]
