"""What a count over many instruments asks for stands in one index, so that no row is read for it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0021_needed_references_alone'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='spell',
            index=models.Index(fields=['instrument', 'stand', 'effective_from', 'effective_until', 'known_from', 'known_until', 'party'], name='spells_by_stand'),
        ),
    ]
