"""Une vue enregistrée peut garder les réglages de la page d'un objet, et se partager avec un organisme."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def oublier_les_pages(apps: Any, schema_editor: Any) -> None:
    """En arrière : ce que l'ancien modèle ne sait pas dire s'efface, ce ne sont que des raccourcis."""
    filtres = apps.get_model("socle", "Filtre").objects
    filtres.filter(models.Q(partage="og") | ~models.Q(objet="")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0001_initiale"),
        ("socle", "0001_initiale"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="filtre", name="filtre_partage_connu"),
        migrations.RemoveConstraint(model_name="filtre", name="filtre_a_qui"),
        migrations.AddField(
            model_name="filtre",
            name="objet",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="objet de la page"),
        ),
        migrations.AddField(
            model_name="filtre",
            name="og",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="filtres",
                to="programme.organismegestionnaire",
                verbose_name="OG",
            ),
        ),
        migrations.AlterField(
            model_name="filtre",
            name="partage",
            field=models.CharField(
                choices=[
                    ("moi", "Moi seulement"),
                    ("grappe", "Une grappe"),
                    ("og", "Un organisme"),
                    ("role", "Un rôle"),
                ],
                default="moi",
                max_length=8,
                verbose_name="partage",
            ),
        ),
        migrations.AddConstraint(
            model_name="filtre",
            constraint=models.CheckConstraint(
                condition=models.Q(("partage__in", ["moi", "grappe", "og", "role"])), name="filtre_partage_connu"
            ),
        ),
        migrations.AddConstraint(
            model_name="filtre",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grappe__isnull", True), ("og__isnull", True), ("partage", "moi"), ("role", "")),
                    models.Q(("grappe__isnull", False), ("og__isnull", True), ("partage", "grappe")),
                    models.Q(("grappe__isnull", True), ("og__isnull", False), ("partage", "og"), ("role", "")),
                    models.Q(
                        ("grappe__isnull", True),
                        ("og__isnull", True),
                        ("partage", "role"),
                        models.Q(("role", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="filtre_a_qui",
            ),
        ),
        migrations.AddConstraint(
            model_name="filtre",
            constraint=models.UniqueConstraint(
                condition=models.Q(("est_defaut", True), ("partage", "og")),
                fields=("liste", "og"),
                name="filtre_defaut_d_og",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, oublier_les_pages),
    ]
