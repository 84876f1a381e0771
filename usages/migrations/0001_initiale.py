"""Les indicateurs et les usages, d'un seul tenant : aucune base n'en a encore."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import programme.socle.champs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("programme", "0001_initiale"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalHorairesAllumes",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("cse_le", models.DateField(verbose_name="CSE consulté le")),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=160, verbose_name="référence de la consultation"
                    ),
                ),
                (
                    "allume_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="allumé le"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "allume_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="allumé par",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical connexions par heure et lieu",
                "verbose_name_plural": "historical connexions par heure et lieu",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalVersionSolution",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=60, verbose_name="version")),
                (
                    "apports",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="ce qu'elle apporte"
                    ),
                ),
                ("prevue_le", models.DateField(blank=True, null=True, verbose_name="annoncée pour le")),
                ("sortie_le", models.DateField(blank=True, null=True, verbose_name="sortie le")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.solution",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical version d'une solution",
                "verbose_name_plural": "historical versions des solutions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HorairesAllumes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cse_le", models.DateField(verbose_name="CSE consulté le")),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=160, verbose_name="référence de la consultation"
                    ),
                ),
                (
                    "allume_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="allumé le"),
                ),
                (
                    "allume_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="allumé par",
                    ),
                ),
                (
                    "parcours",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="horaires_allumes",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "connexions par heure et lieu",
                "verbose_name_plural": "connexions par heure et lieu",
            },
        ),
        migrations.CreateModel(
            name="Indicateur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="nom")),
                (
                    "famille",
                    models.CharField(
                        choices=[("deploiement", "Déploiement"), ("usage", "Usage"), ("maintien", "Maintien")],
                        max_length=12,
                        verbose_name="famille",
                    ),
                ),
                (
                    "forme",
                    models.CharField(
                        choices=[
                            ("rapport", "Rapport"),
                            ("compte", "Compte"),
                            ("repartition", "Répartition"),
                            ("montant", "Montant"),
                            ("duree", "Durée"),
                            ("texte", "Texte"),
                        ],
                        max_length=12,
                        verbose_name="forme",
                    ),
                ),
                ("numerateur", programme.socle.champs.TexteCourtField(max_length=240, verbose_name="ce qu'on compte")),
                (
                    "denominateur",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=240, verbose_name="rapporté à"),
                ),
                (
                    "population",
                    models.CharField(
                        choices=[
                            ("aucun", "Sans dénominateur"),
                            ("presents", "Personnes présentes à la date du relevé"),
                            ("file_active", "File active sur la fenêtre dite"),
                            ("effectif", "Effectif au 31 décembre"),
                            ("en_poste", "Utilisateurs prévus en poste"),
                            ("autre", "Autre, dit dans la définition"),
                        ],
                        default="aucun",
                        max_length=12,
                        verbose_name="population de référence",
                    ),
                ),
                ("fenetre", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="fenêtre")),
                ("unite", programme.socle.champs.TexteCourtField(blank=True, max_length=40, verbose_name="unité")),
                (
                    "sens",
                    models.CharField(
                        choices=[
                            ("hausse", "Plus c'est haut, mieux c'est"),
                            ("baisse", "Plus c'est bas, mieux c'est"),
                            ("neutre", "Ni l'un ni l'autre"),
                        ],
                        default="neutre",
                        max_length=8,
                        verbose_name="sens",
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[("mois", "Chaque mois"), ("trimestre", "Chaque trimestre"), ("annee", "Chaque année")],
                        default="mois",
                        max_length=10,
                        verbose_name="cadence",
                    ),
                ),
                (
                    "origine",
                    models.CharField(
                        choices=[("calcule", "Calculé"), ("saisi", "Saisi"), ("importe", "Importé")],
                        max_length=8,
                        verbose_name="origine",
                    ),
                ),
                ("calcul", models.SlugField(blank=True, max_length=60, verbose_name="calcul")),
                (
                    "sert_a",
                    programme.socle.champs.TexteCourtField(max_length=240, verbose_name="à qui sert ce chiffre"),
                ),
                (
                    "definition",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1200, verbose_name="définition"
                    ),
                ),
                ("source", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="source")),
                (
                    "plafonne",
                    models.BooleanField(default=False, verbose_name="le numérateur ne dépasse pas le dénominateur"),
                ),
                (
                    "borne_min",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="valeur la plus basse attendue",
                    ),
                ),
                (
                    "borne_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="valeur la plus haute attendue",
                    ),
                ),
                (
                    "seuil_chute",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.30"),
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="chute qui demande un mot",
                    ),
                ),
                (
                    "transmis_au_financeur",
                    models.BooleanField(default=True, verbose_name="lu par le financeur une fois transmis"),
                ),
                ("est_officiel", models.BooleanField(default=False, verbose_name="définition officielle")),
                ("rang", models.PositiveSmallIntegerField(default=0, verbose_name="rang")),
                ("retire_le", models.DateField(blank=True, null=True, verbose_name="retiré le")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=240, verbose_name="tri"),
                ),
                (
                    "denominateur_commun",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rapportes",
                        to="usages.indicateur",
                        verbose_name="dénominateur partagé",
                    ),
                ),
                (
                    "non_concernees",
                    models.ManyToManyField(
                        blank=True,
                        related_name="indicateurs_non_concernes",
                        to="programme.categorie",
                        verbose_name="catégories non concernées",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicateur",
                "ordering": ["famille", "rang", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("famille__in", ["deploiement", "usage", "maintien"])),
                        name="indicateur_famille_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forme__in", ["rapport", "compte", "repartition", "montant", "duree", "texte"])
                        ),
                        name="indicateur_forme_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cadence__in", ["mois", "trimestre", "annee"])),
                        name="indicateur_cadence_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origine", "calcule"), models.Q(("calcul", ""), _negated=True)),
                            models.Q(models.Q(("origine", "calcule"), _negated=True), ("calcul", "")),
                            _connector="OR",
                        ),
                        name="indicateur_calcul",
                        violation_error_message="Un indicateur calculé dit par quoi ; les autres n'ont pas de calcul.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("forme", "rapport"), models.Q(("denominateur", ""), _negated=True)),
                            models.Q(("forme", "rapport"), _negated=True),
                            _connector="OR",
                        ),
                        name="indicateur_rapport_rapporte",
                        violation_error_message="Un rapport dit à quoi l'on rapporte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("borne_min__isnull", True),
                            ("borne_max__isnull", True),
                            ("borne_min__lte", models.F("borne_max")),
                            _connector="OR",
                        ),
                        name="indicateur_bornes",
                        violation_error_message="La valeur la plus basse dépasse la plus haute.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seuil_chute__gt", 0), ("seuil_chute__lte", 1)),
                        name="indicateur_seuil_chute",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSuivi",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("depuis", models.DateField(verbose_name="depuis")),
                ("jusqu_au", models.DateField(blank=True, null=True, verbose_name="jusqu'au")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "choisi_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="choisi par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.grappe",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="usages.indicateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical indicateur suivi",
                "verbose_name_plural": "historical indicateurs suivis",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRegleIndicateur",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("seuil", "Seuil franchi"),
                            ("chute", "Chute sur plusieurs relevés"),
                            ("cible", "Cible manquée à son échéance"),
                            ("routine", "Routine fragilisée"),
                        ],
                        max_length=8,
                        verbose_name="ce qu'elle surveille",
                    ),
                ),
                (
                    "part",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.30"),
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="chute",
                    ),
                ),
                (
                    "releves",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="sur combien de relevés",
                    ),
                ),
                ("est_active", models.BooleanField(default=True, verbose_name="active")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.grappe",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="usages.indicateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical règle d'alerte",
                "verbose_name_plural": "historical règles d'alerte",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIndicateur",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, verbose_name="code")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="nom")),
                (
                    "famille",
                    models.CharField(
                        choices=[("deploiement", "Déploiement"), ("usage", "Usage"), ("maintien", "Maintien")],
                        max_length=12,
                        verbose_name="famille",
                    ),
                ),
                (
                    "forme",
                    models.CharField(
                        choices=[
                            ("rapport", "Rapport"),
                            ("compte", "Compte"),
                            ("repartition", "Répartition"),
                            ("montant", "Montant"),
                            ("duree", "Durée"),
                            ("texte", "Texte"),
                        ],
                        max_length=12,
                        verbose_name="forme",
                    ),
                ),
                ("numerateur", programme.socle.champs.TexteCourtField(max_length=240, verbose_name="ce qu'on compte")),
                (
                    "denominateur",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=240, verbose_name="rapporté à"),
                ),
                (
                    "population",
                    models.CharField(
                        choices=[
                            ("aucun", "Sans dénominateur"),
                            ("presents", "Personnes présentes à la date du relevé"),
                            ("file_active", "File active sur la fenêtre dite"),
                            ("effectif", "Effectif au 31 décembre"),
                            ("en_poste", "Utilisateurs prévus en poste"),
                            ("autre", "Autre, dit dans la définition"),
                        ],
                        default="aucun",
                        max_length=12,
                        verbose_name="population de référence",
                    ),
                ),
                ("fenetre", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="fenêtre")),
                ("unite", programme.socle.champs.TexteCourtField(blank=True, max_length=40, verbose_name="unité")),
                (
                    "sens",
                    models.CharField(
                        choices=[
                            ("hausse", "Plus c'est haut, mieux c'est"),
                            ("baisse", "Plus c'est bas, mieux c'est"),
                            ("neutre", "Ni l'un ni l'autre"),
                        ],
                        default="neutre",
                        max_length=8,
                        verbose_name="sens",
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[("mois", "Chaque mois"), ("trimestre", "Chaque trimestre"), ("annee", "Chaque année")],
                        default="mois",
                        max_length=10,
                        verbose_name="cadence",
                    ),
                ),
                (
                    "origine",
                    models.CharField(
                        choices=[("calcule", "Calculé"), ("saisi", "Saisi"), ("importe", "Importé")],
                        max_length=8,
                        verbose_name="origine",
                    ),
                ),
                ("calcul", models.SlugField(blank=True, max_length=60, verbose_name="calcul")),
                (
                    "sert_a",
                    programme.socle.champs.TexteCourtField(max_length=240, verbose_name="à qui sert ce chiffre"),
                ),
                (
                    "definition",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1200, verbose_name="définition"
                    ),
                ),
                ("source", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="source")),
                (
                    "plafonne",
                    models.BooleanField(default=False, verbose_name="le numérateur ne dépasse pas le dénominateur"),
                ),
                (
                    "borne_min",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="valeur la plus basse attendue",
                    ),
                ),
                (
                    "borne_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="valeur la plus haute attendue",
                    ),
                ),
                (
                    "seuil_chute",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.30"),
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="chute qui demande un mot",
                    ),
                ),
                (
                    "transmis_au_financeur",
                    models.BooleanField(default=True, verbose_name="lu par le financeur une fois transmis"),
                ),
                ("est_officiel", models.BooleanField(default=False, verbose_name="définition officielle")),
                ("rang", models.PositiveSmallIntegerField(default=0, verbose_name="rang")),
                ("retire_le", models.DateField(blank=True, null=True, verbose_name="retiré le")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "denominateur_commun",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="usages.indicateur",
                        verbose_name="dénominateur partagé",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical indicateur",
                "verbose_name_plural": "historical indicateurs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCible",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "valeur",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="cible"),
                ),
                (
                    "seuil",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="seuil d'alerte"
                    ),
                ),
                ("du", models.DateField(verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                ("source", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="source")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.grappe",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.versioninstruction",
                        verbose_name="instruction",
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="usages.indicateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cible",
                "verbose_name_plural": "historical cibles",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="CumulIndicateur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "maille",
                    models.CharField(
                        choices=[
                            ("grappe", "Grappe"),
                            ("og", "Organisme gestionnaire"),
                            ("region", "Région"),
                            ("national", "National"),
                        ],
                        max_length=8,
                        verbose_name="maille",
                    ),
                ),
                ("territoire", models.CharField(blank=True, default="", max_length=12, verbose_name="territoire")),
                (
                    "cadence",
                    models.CharField(
                        choices=[("mois", "Chaque mois"), ("trimestre", "Chaque trimestre"), ("annee", "Chaque année")],
                        max_length=10,
                        verbose_name="cadence",
                    ),
                ),
                ("debut", models.DateField(verbose_name="premier jour")),
                ("cle", models.CharField(blank=True, default="", max_length=40, verbose_name="part")),
                (
                    "secteur",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PA", "Personnes âgées"),
                            ("PH_ADULTE", "Handicap, adultes"),
                            ("PH_ENFANT", "Handicap, enfants"),
                            ("DOMICILE", "Domicile"),
                            ("SOCIAL", "Social"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="secteur",
                    ),
                ),
                (
                    "taille",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Taille inconnue"),
                            ("petite", "Moins de 25 utilisateurs"),
                            ("moyenne", "De 25 à 74 utilisateurs"),
                            ("grande", "75 utilisateurs ou plus"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="taille",
                    ),
                ),
                ("nb_attendus", models.IntegerField(default=0, verbose_name="chiffres attendus")),
                ("nb_repondants", models.IntegerField(default=0, verbose_name="ESMS qui ont répondu")),
                ("nb_non_mesurables", models.IntegerField(default=0, verbose_name="non mesurables")),
                ("nb_non_concernes", models.IntegerField(default=0, verbose_name="non concernés")),
                ("numerateur", models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="somme")),
                ("denominateur", models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="sur")),
                (
                    "indicateur",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cumuls",
                        to="usages.indicateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "total gardé",
                "verbose_name_plural": "totaux gardés",
                "ordering": ["maille", "territoire", "debut", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("maille", "territoire", "cadence", "debut", "indicateur", "cle", "secteur", "taille"),
                        name="cumul_indicateur_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cible",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "valeur",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="cible"),
                ),
                (
                    "seuil",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="seuil d'alerte"
                    ),
                ),
                ("du", models.DateField(verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                ("source", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="source")),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cibles",
                        to="programme.grappe",
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cibles",
                        to="programme.versioninstruction",
                        verbose_name="instruction",
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cibles", to="usages.indicateur"
                    ),
                ),
            ],
            options={
                "verbose_name": "cible",
                "ordering": ["indicateur", "grappe", "-du", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grappe__isnull", True), ("instruction__isnull", False)),
                            models.Q(("grappe__isnull", False), ("instruction__isnull", True)),
                            _connector="OR",
                        ),
                        name="cible_grappe_ou_instruction",
                        violation_error_message="Une cible est celle d'une grappe, ou celle d'une version d'instruction.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valeur__isnull", False), ("seuil__isnull", False), _connector="OR"),
                        name="cible_dite",
                        violation_error_message="Donnez la cible, le seuil d'alerte, ou les deux.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("au__isnull", True), ("au__gte", models.F("du")), _connector="OR"),
                        name="cible_dates",
                        violation_error_message="La cible finit avant de commencer : corrigez l'une des deux dates.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("grappe__isnull", False)),
                        fields=("indicateur", "grappe", "du"),
                        name="cible_grappe_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("grappe__isnull", True)),
                        fields=("indicateur", "instruction", "du"),
                        name="cible_instruction_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Irritant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="irritant")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "editeur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="irritants",
                        to="programme.editeur",
                        verbose_name="éditeur",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="irritants", to="programme.grappe"
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="irritants",
                        to="programme.module",
                    ),
                ),
            ],
            options={
                "verbose_name": "irritant",
                "ordering": ["grappe", "tri", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grappe", "editeur", "tri"),
                        name="irritant_unique",
                        violation_error_message="Cet irritant existe déjà dans cette grappe pour cet éditeur.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDemandeEditeur",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("anomalie", "Une anomalie à corriger"),
                            ("evolution", "Une évolution"),
                            ("question", "Une réponse"),
                            ("donnees", "Un accès aux données"),
                        ],
                        max_length=10,
                        verbose_name="ce qu'on attend",
                    ),
                ),
                ("objet", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="objet")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=80, verbose_name="référence chez l'éditeur"
                    ),
                ),
                ("envoyee_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="envoyée le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("envoyee", "Envoyée"),
                            ("repondue", "Réponse reçue"),
                            ("close", "Close"),
                            ("abandonnee", "Abandonnée"),
                        ],
                        db_index=True,
                        default="envoyee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "creee_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "editeur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.editeur",
                        verbose_name="éditeur",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.grappe",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.module",
                    ),
                ),
                (
                    "parametrage",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.demandeparametrage",
                        verbose_name="demande de paramétrage",
                    ),
                ),
                (
                    "irritant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="usages.irritant",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical demande à l'éditeur",
                "verbose_name_plural": "historical demandes à l'éditeur",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DemandeEditeur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("anomalie", "Une anomalie à corriger"),
                            ("evolution", "Une évolution"),
                            ("question", "Une réponse"),
                            ("donnees", "Un accès aux données"),
                        ],
                        max_length=10,
                        verbose_name="ce qu'on attend",
                    ),
                ),
                ("objet", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="objet")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=80, verbose_name="référence chez l'éditeur"
                    ),
                ),
                ("envoyee_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="envoyée le")),
                (
                    "repondue_le",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="réponse reçue le"),
                ),
                (
                    "abandonnee_le",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="abandonnée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("envoyee", "Envoyée"),
                            ("repondue", "Réponse reçue"),
                            ("close", "Close"),
                            ("abandonnee", "Abandonnée"),
                        ],
                        db_index=True,
                        default="envoyee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "editeur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demandes",
                        to="programme.editeur",
                        verbose_name="éditeur",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demandes_editeurs",
                        to="programme.grappe",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demandes_editeurs",
                        to="programme.module",
                    ),
                ),
                (
                    "parametrage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="demandes_editeurs",
                        to="programme.demandeparametrage",
                        verbose_name="demande de paramétrage",
                    ),
                ),
                (
                    "irritant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="demandes",
                        to="usages.irritant",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande à l'éditeur",
                "verbose_name_plural": "demandes à l'éditeur",
                "ordering": ["-envoyee_le", "pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["grappe", "editeur", "etat"], name="demande_editeur_grappe")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["envoyee", "repondue", "close", "abandonnee"])),
                        name="demande_editeur_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["anomalie", "evolution", "question", "donnees"])),
                        name="demande_editeur_nature_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("repondue_le__isnull", True),
                                ("repondue_le__gte", models.F("envoyee_le")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("abandonnee_le__isnull", True),
                                ("abandonnee_le__gte", models.F("envoyee_le")),
                                _connector="OR",
                            ),
                        ),
                        name="demande_editeur_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreuveUsage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("arretee_au", models.DateField(verbose_name="chiffres arrêtés au")),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="à savoir"
                    ),
                ),
                ("contenu", models.JSONField(blank=True, editable=False, null=True, verbose_name="chiffres figés")),
                ("empreinte", models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte")),
                (
                    "signataire",
                    programme.socle.champs.TexteCourtField(
                        blank=True, editable=False, max_length=120, verbose_name="en qualité de"
                    ),
                ),
                ("signee_le", models.DateField(blank=True, editable=False, null=True, verbose_name="signée le")),
                (
                    "preparee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="préparée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[("preparee", "En préparation"), ("signee", "Signée"), ("annulee", "Annulée")],
                        db_index=True,
                        default="preparee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "indicateurs",
                    models.ManyToManyField(related_name="preuves", to="usages.indicateur", verbose_name="indicateurs"),
                ),
                (
                    "jalon",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="preuves", to="programme.jalon"
                    ),
                ),
                (
                    "preparee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="préparée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "preuve d'usage",
                "verbose_name_plural": "preuves d'usage",
                "ordering": ["-arretee_au", "pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["preparee", "signee", "annulee"])), name="preuve_etat_connu"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegleIndicateur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("seuil", "Seuil franchi"),
                            ("chute", "Chute sur plusieurs relevés"),
                            ("cible", "Cible manquée à son échéance"),
                            ("routine", "Routine fragilisée"),
                        ],
                        max_length=8,
                        verbose_name="ce qu'elle surveille",
                    ),
                ),
                (
                    "part",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.30"),
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="chute",
                    ),
                ),
                (
                    "releves",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="sur combien de relevés",
                    ),
                ),
                ("est_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="regles_indicateurs",
                        to="programme.grappe",
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="regles", to="usages.indicateur"
                    ),
                ),
            ],
            options={
                "verbose_name": "règle d'alerte",
                "verbose_name_plural": "règles d'alerte",
                "ordering": ["grappe", "indicateur", "nature", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["seuil", "chute", "cible", "routine"])),
                        name="regle_nature_connue",
                    ),
                    models.CheckConstraint(condition=models.Q(("part__gt", 0), ("part__lte", 1)), name="regle_part"),
                    models.CheckConstraint(
                        condition=models.Q(("releves__gte", 1), ("releves__lte", 12)), name="regle_releves"
                    ),
                    models.UniqueConstraint(
                        fields=("grappe", "indicateur", "nature"),
                        name="regle_unique",
                        violation_error_message="Cette grappe a déjà cette règle pour cet indicateur : changez-la.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Releve",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("debut", models.DateField(verbose_name="premier jour")),
                (
                    "cadence",
                    models.CharField(
                        choices=[("mois", "Chaque mois"), ("trimestre", "Chaque trimestre"), ("annee", "Chaque année")],
                        max_length=10,
                        verbose_name="cadence",
                    ),
                ),
                ("echeance", models.DateField(verbose_name="attendu le")),
                (
                    "secteur",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PA", "Personnes âgées"),
                            ("PH_ADULTE", "Handicap, adultes"),
                            ("PH_ENFANT", "Handicap, enfants"),
                            ("DOMICILE", "Domicile"),
                            ("SOCIAL", "Social"),
                        ],
                        max_length=10,
                        verbose_name="secteur",
                    ),
                ),
                (
                    "taille",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Taille inconnue"),
                            ("petite", "Moins de 25 utilisateurs"),
                            ("moyenne", "De 25 à 74 utilisateurs"),
                            ("grande", "75 utilisateurs ou plus"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="taille",
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("saisi", "En saisie"),
                            ("transmis", "Transmis"),
                            ("valide", "Validé"),
                            ("verrouille", "Verrouillé"),
                        ],
                        db_index=True,
                        default="saisi",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("calcule_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="calculé le")),
                ("transmis_le", models.DateField(blank=True, editable=False, null=True, verbose_name="transmis le")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releves", to="programme.grappe"
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releves",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "relevé",
                "ordering": ["-debut", "cadence", "parcours", "pk"],
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["grappe", "cadence", "debut"], name="releve_grappe"),
                    models.Index(fields=["cadence", "debut", "etat"], name="releve_periode"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["saisi", "transmis", "valide", "verrouille"])),
                        name="releve_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cadence__in", ["mois", "trimestre", "annee"])),
                        name="releve_cadence_connue",
                    ),
                    models.UniqueConstraint(
                        fields=("parcours", "debut", "cadence"),
                        name="releve_unique",
                        violation_error_message="Cet ESMS a déjà un relevé pour cette période.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suivi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depuis", models.DateField(verbose_name="depuis")),
                ("jusqu_au", models.DateField(blank=True, null=True, verbose_name="jusqu'au")),
                (
                    "choisi_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="choisi par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="suivis", to="programme.grappe"
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suivis", to="usages.indicateur"
                    ),
                ),
            ],
            options={
                "verbose_name": "indicateur suivi",
                "verbose_name_plural": "indicateurs suivis",
                "ordering": ["grappe", "indicateur__famille", "indicateur__rang", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("jusqu_au__isnull", True)),
                        fields=("grappe", "indicateur"),
                        name="suivi_en_cours_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("jusqu_au__isnull", True), ("jusqu_au__gte", models.F("depuis")), _connector="OR"
                        ),
                        name="suivi_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", programme.socle.champs.TexteCourtField(max_length=60, verbose_name="outil d'assistance")),
                ("numero", programme.socle.champs.TexteCourtField(max_length=60, verbose_name="numéro")),
                ("cree_le", models.DateField(verbose_name="créé le")),
                ("traite_le", models.DateField(blank=True, null=True, verbose_name="traité le")),
                ("ferme_le", models.DateField(blank=True, null=True, verbose_name="fermé le")),
                ("est_bloquant", models.BooleanField(default=False, verbose_name="bloquant")),
                ("a_contournement", models.BooleanField(default=False, verbose_name="contournement connu")),
                (
                    "editeur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="programme.editeur",
                        verbose_name="éditeur",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tickets", to="programme.grappe"
                    ),
                ),
                (
                    "irritant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="usages.irritant",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="programme.module",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "ordering": ["-cree_le", "pk"],
                "indexes": [
                    models.Index(fields=["parcours", "ferme_le"], name="ticket_parcours"),
                    models.Index(fields=["grappe", "cree_le"], name="ticket_grappe"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("grappe", "source", "numero"), name="ticket_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("traite_le__isnull", True), ("traite_le__gte", models.F("cree_le")), _connector="OR"
                            ),
                            models.Q(
                                ("ferme_le__isnull", True), ("ferme_le__gte", models.F("cree_le")), _connector="OR"
                            ),
                        ),
                        name="ticket_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageMensuel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mois", models.DateField(verbose_name="mois")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("journal", "Journal des connexions"),
                            ("liste", "Liste d'utilisateurs et dernière connexion"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("actifs", models.PositiveIntegerField(verbose_name="comptes actifs")),
                ("partages", models.PositiveIntegerField(default=0, verbose_name="comptes partagés")),
                ("inconnus", models.PositiveIntegerField(default=0, verbose_name="comptes non rapprochés")),
                ("connexions", models.PositiveBigIntegerField(default=0, verbose_name="connexions")),
                ("premier_jour", models.DateField(blank=True, null=True, verbose_name="premier jour lu")),
                ("dernier_jour", models.DateField(blank=True, null=True, verbose_name="dernier jour lu")),
                ("est_complet", models.BooleanField(default=True, verbose_name="mois entier")),
                ("empreinte", models.CharField(blank=True, max_length=64, verbose_name="empreinte du fichier")),
                ("importe_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="importé le")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="usages_mensuels",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "usage d'un mois",
                "verbose_name_plural": "usages par mois",
                "ordering": ["parcours", "-mois", "source"],
                "constraints": [
                    models.UniqueConstraint(fields=("parcours", "mois", "source"), name="usage_mensuel_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["journal", "liste"])), name="usage_source_connue"
                    ),
                    models.CheckConstraint(condition=models.Q(("mois__day", 1)), name="usage_premier_du_mois"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrancheUsage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tranche",
                    models.CharField(
                        choices=[
                            ("matin", "De 6 h à 14 h"),
                            ("apres_midi", "De 14 h à 21 h"),
                            ("nuit", "De 21 h à 6 h"),
                        ],
                        max_length=10,
                        verbose_name="tranche du jour",
                    ),
                ),
                (
                    "lieu",
                    models.CharField(
                        blank=True,
                        choices=[("", "Lieu non dit"), ("sur_place", "Dans l'ESMS"), ("a_distance", "À distance")],
                        default="",
                        max_length=10,
                        verbose_name="lieu",
                    ),
                ),
                ("connexions", models.PositiveIntegerField(verbose_name="connexions")),
                ("comptes", models.PositiveIntegerField(verbose_name="comptes")),
                (
                    "usage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tranches", to="usages.usagemensuel"
                    ),
                ),
            ],
            options={
                "verbose_name": "connexions d'une tranche",
                "verbose_name_plural": "connexions par tranche",
                "ordering": ["usage", "tranche", "lieu"],
                "constraints": [
                    models.UniqueConstraint(fields=("usage", "tranche", "lieu"), name="tranche_usage_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("tranche__in", ["matin", "apres_midi", "nuit"])), name="tranche_connue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lieu__in", ["", "sur_place", "a_distance"])), name="tranche_lieu_connu"
                    ),
                    models.CheckConstraint(condition=models.Q(("comptes__gte", 10)), name="tranche_dix_comptes"),
                    models.CheckConstraint(
                        condition=models.Q(("connexions__gte", models.F("comptes"))), name="tranche_connexions"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Valeur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cle", models.SlugField(blank=True, db_index=False, default="", max_length=40, verbose_name="part")),
                (
                    "numerateur",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="valeur"),
                ),
                (
                    "denominateur",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="sur"),
                ),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="texte"
                    ),
                ),
                (
                    "motif",
                    models.CharField(
                        blank=True,
                        choices=[("non_mesurable", "Non mesurable dans notre DUI"), ("non_concerne", "Non concerné")],
                        default="",
                        max_length=14,
                        verbose_name="pourquoi il manque",
                    ),
                ),
                (
                    "origine",
                    models.CharField(
                        blank=True,
                        choices=[("calcule", "Calculé"), ("saisi", "Saisi"), ("importe", "Importé")],
                        default="",
                        max_length=8,
                        verbose_name="origine",
                    ),
                ),
                (
                    "extraite_numerateur",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="valeur extraite"
                    ),
                ),
                (
                    "extraite_denominateur",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="extraite, sur"
                    ),
                ),
                (
                    "raison",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=240, verbose_name="raison de la correction"
                    ),
                ),
                (
                    "commentaire",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=300, verbose_name="commentaire"),
                ),
                ("mot_attendu", models.BooleanField(default=False, editable=False, verbose_name="un mot est attendu")),
                ("ecrite_le", models.DateTimeField(blank=True, null=True, verbose_name="écrite le")),
                (
                    "ecrite_par",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrite par",
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="valeurs",
                        to="usages.indicateur",
                    ),
                ),
                (
                    "releve",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="valeurs", to="usages.releve"
                    ),
                ),
            ],
            options={
                "verbose_name": "chiffre",
                "ordering": ["releve", "indicateur__famille", "indicateur__rang", "cle", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("releve", "indicateur", "cle"), name="valeur_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("motif", ""),
                            models.Q(("denominateur__isnull", True), ("numerateur__isnull", True)),
                            _connector="OR",
                        ),
                        name="valeur_ou_motif",
                        violation_error_message="Un chiffre non mesurable ou non concerné n'a pas de valeur.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("motif", ""), ("motif__in", ["non_mesurable", "non_concerne"]), _connector="OR"
                        ),
                        name="valeur_motif_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origine", ""), ("origine__in", ["calcule", "saisi", "importe"]), _connector="OR"
                        ),
                        name="valeur_origine_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("numerateur__isnull", True), ("numerateur__gte", 0), _connector="OR"),
                            models.Q(("denominateur__isnull", True), ("denominateur__gte", 0), _connector="OR"),
                        ),
                        name="valeur_positive",
                        violation_error_message="Un chiffre ne descend pas sous zéro.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cle", ""), models.Q(("motif", ""), ("texte", "")), _connector="OR"),
                        name="valeur_part_sans_motif",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Precision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "question",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="question"
                    ),
                ),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="réponse"
                    ),
                ),
                (
                    "demandee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="demandée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("demandee", "Précision demandée"),
                            ("repondue", "Réponse donnée"),
                            ("close", "Close"),
                        ],
                        db_index=True,
                        default="demandee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "demandee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="demandée par",
                    ),
                ),
                (
                    "valeur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="precisions",
                        to="usages.valeur",
                        verbose_name="chiffre",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande de précision",
                "verbose_name_plural": "demandes de précision",
                "ordering": ["demandee_le", "pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["demandee", "repondue", "close"])), name="precision_etat_connu"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("etat", "close"), _negated=True),
                        fields=("valeur",),
                        name="precision_une_a_la_fois",
                        violation_error_message="Une précision est déjà demandée sur ce chiffre.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionSolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=60, verbose_name="version")),
                (
                    "apports",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="ce qu'elle apporte"
                    ),
                ),
                ("prevue_le", models.DateField(blank=True, null=True, verbose_name="annoncée pour le")),
                ("sortie_le", models.DateField(blank=True, null=True, verbose_name="sortie le")),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="programme.solution"
                    ),
                ),
            ],
            options={
                "verbose_name": "version d'une solution",
                "verbose_name_plural": "versions des solutions",
                "ordering": [
                    "solution",
                    models.OrderBy(models.F("sortie_le"), descending=True, nulls_first=True),
                    "-prevue_le",
                    "pk",
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("solution", "nom"),
                        name="version_solution_unique",
                        violation_error_message="Cette version est déjà connue pour cette solution.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonteeDeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prevue_le", models.DateField(blank=True, null=True, verbose_name="prévue le")),
                ("faite_le", models.DateField(blank=True, null=True, verbose_name="faite le")),
                ("note", programme.socle.champs.TexteCourtField(blank=True, max_length=240, verbose_name="à savoir")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="montees_de_version",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="montees", to="usages.versionsolution"
                    ),
                ),
            ],
            options={
                "verbose_name": "montée de version",
                "verbose_name_plural": "montées de version",
                "ordering": ["parcours", "-faite_le", "-prevue_le", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("parcours", "version"),
                        name="montee_unique",
                        violation_error_message="Cette montée de version est déjà notée pour cet ESMS.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prevue_le__isnull", False), ("faite_le__isnull", False), _connector="OR"),
                        name="montee_datee",
                        violation_error_message="Donnez le jour prévu, ou celui où elle s'est faite.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMonteeDeVersion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("prevue_le", models.DateField(blank=True, null=True, verbose_name="prévue le")),
                ("faite_le", models.DateField(blank=True, null=True, verbose_name="faite le")),
                ("note", programme.socle.champs.TexteCourtField(blank=True, max_length=240, verbose_name="à savoir")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="usages.versionsolution",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical montée de version",
                "verbose_name_plural": "historical montées de version",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
