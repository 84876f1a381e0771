"""Le catalogue nomme les parts d'une répartition."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usages", "0001_initiale")]

    operations = [
        migrations.AddField(
            model_name=modele,
            name="parts",
            field=models.JSONField(blank=True, default=dict, verbose_name="noms des parts"),
        )
        for modele in ("indicateur", "historicalindicateur")
    ]
