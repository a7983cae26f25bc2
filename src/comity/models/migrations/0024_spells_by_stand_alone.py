"""One index serves both the counts and the look-ups: with two, SQLite takes the worse one for the counts."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0023_consents_by_scope'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='spell',
            name='spells_of_an_instrument',
        ),
    ]
