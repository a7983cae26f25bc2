import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_HASH = 32


def together(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the hashes of the tree to the leaves with which they are complete."""
    alias = editor.connection.alias
    entry, node, leaf = (apps.get_model('comity', name) for name in ('LedgerEntry', 'LedgerNode', 'LedgerLeaf'))
    nodes = node.objects.using(alias).order_by('log_id', 'id').values_list('hash', 'level')
    waiting = nodes.iterator(1000)
    held = next(waiting, None)
    made = []
    for row in entry.objects.using(alias).order_by('log_id', 'index').iterator(1000):
        hashes: list[bytes] = []
        while held is not None and held[1] == len(hashes):  # the next leaf's own hash is of level 0 again
            hashes.append(bytes(held[0]))
            held = next(waiting, None)
        made.append(leaf(log_id=row.log_id, index=row.index, leaf=bytes(row.leaf), items=bytes(row.items),
                         subtrees=b''.join(hashes)))
        if len(made) == 1000:
            leaf.objects.using(alias).bulk_create(made)
            made = []
    leaf.objects.using(alias).bulk_create(made)


def apart(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give the hashes of the tree a table of their own again."""
    alias = editor.connection.alias
    entry, node, leaf = (apps.get_model('comity', name) for name in ('LedgerEntry', 'LedgerNode', 'LedgerLeaf'))
    for row in leaf.objects.using(alias).order_by('log_id', 'index').iterator(1000):
        entry.objects.using(alias).create(log_id=row.log_id, index=row.index, leaf=bytes(row.leaf),
                                          items=bytes(row.items))
        hashes = bytes(row.subtrees)
        node.objects.using(alias).bulk_create(
            node(log_id=row.log_id, level=level, index=row.index >> level,
                 hash=hashes[_HASH * level:_HASH * (level + 1)])
            for level in range(len(hashes) // _HASH))


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0011_api_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerLeaf',
            fields=[
                ('pk', models.CompositePrimaryKey('log_id', 'index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('index', models.BigIntegerField()),
                ('leaf', models.BinaryField()),
                ('items', models.BinaryField(default=bytes)),
                ('subtrees', models.BinaryField(default=bytes)),
                ('log', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comity.log')),
            ],
        ),
        migrations.RunPython(together, apart),
        migrations.DeleteModel(name='LedgerNode'),
        migrations.DeleteModel(name='LedgerEntry'),
        migrations.RenameModel(old_name='LedgerLeaf', new_name='LedgerEntry'),
    ]
