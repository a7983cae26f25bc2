"""What is older than a week is found without reading all."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comity', '0024_spells_by_stand_alone'),
    ]

    operations = [
        migrations.AlterField(
            model_name='submission',
            name='at',
            field=models.BigIntegerField(db_index=True),
        ),
    ]
