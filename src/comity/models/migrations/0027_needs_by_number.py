"""What a version needs is kept by number: each object's id once, and not with each need of it."""

from django.db import migrations, models
import django.db.models.deletion

_TARGETS = ("INSERT INTO comity_target (collection_id, stix_id)"
            " SELECT DISTINCT collection_id, target FROM comity_reference ORDER BY collection_id, target")
_NEEDS = ("INSERT INTO comity_need (version_id, target_id, \"group\")"
          " SELECT r.version_id, t.id, r.\"group\" FROM comity_reference r"
          " JOIN comity_target t ON t.collection_id = r.collection_id AND t.stix_id = r.target ORDER BY r.id")
_REFERENCES = ("INSERT INTO comity_reference (version_id, target, \"group\", collection_id)"
               " SELECT n.version_id, t.stix_id, n.\"group\", t.collection_id FROM comity_need n"
               " JOIN comity_target t ON t.id = n.target_id ORDER BY n.id")


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0026_versions_by_instant'),
    ]

    operations = [
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stix_id', models.CharField(max_length=200)),
                ('collection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='comity.collection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('collection', 'stix_id'), name='a_target_once')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.SmallIntegerField()),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='comity.target')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='comity.storedversion')),
            ],
        ),
        migrations.RunSQL(_TARGETS, migrations.RunSQL.noop),
        migrations.RunSQL(_NEEDS, _REFERENCES),
        migrations.DeleteModel(
            name='Reference',
        ),
    ]
