"""The growing edge of a log is kept now and then, not with every entry: the columns stay, and hold what was kept."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from comity.ledger.tree import HASH_BYTES, Frontier


def keep(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Keep all edges as they are, which is what was read before."""
    logs: Any = apps.get_model("comity", "Log").objects.using(editor.connection.alias)
    entries: Any = apps.get_model("comity", "LedgerEntry").objects.using(editor.connection.alias)
    for log in logs.all():
        beyond = entries.filter(log=log, index__gte=log.kept_size).order_by("index").values_list("subtrees", flat=True)
        edge, _ = Frontier.decode(bytes(log.kept_edge)).extend(bytes(found)[:HASH_BYTES] for found in beyond)
        logs.filter(pk=log.pk).update(kept_size=edge.size, kept_edge=edge.encode())


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0027_needs_by_number'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.RenameField(model_name='log', old_name='size', new_name='kept_size'),
            migrations.AlterField(model_name='log', name='kept_size',
                                  field=models.BigIntegerField(db_column='size', default=0)),
            migrations.RenameField(model_name='log', old_name='frontier', new_name='kept_edge'),
            migrations.AlterField(model_name='log', name='kept_edge',
                                  field=models.BinaryField(db_column='frontier', default=bytes)),
        ]),
        migrations.RunPython(migrations.RunPython.noop, keep),
    ]
