import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("socle", "0001_initiale"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Jeton",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefixe", models.CharField(max_length=20, verbose_name="début du jeton")),
                ("empreinte", models.CharField(max_length=64, unique=True, verbose_name="empreinte du jeton")),
                ("lecture_seule", models.BooleanField(default=False, verbose_name="lecture seule")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("expire_le", models.DateTimeField(verbose_name="expire le")),
                (
                    "derniere_utilisation",
                    models.DateTimeField(blank=True, null=True, verbose_name="dernière utilisation"),
                ),
                ("revoque_le", models.DateTimeField(blank=True, null=True, verbose_name="révoqué le")),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="jetons",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "jeton d'API",
                "verbose_name_plural": "jetons d'API",
                "ordering": ["-cree_le", "-pk"],
            },
        ),
    ]
