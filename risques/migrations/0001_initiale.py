"""Les questionnaires et les risques, tels qu'ils sont à la première mise en service."""

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
        ("programme", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("enonce", programme.socle.champs.TexteCourtField(max_length=300, verbose_name="énoncé")),
                (
                    "aide",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="aide"
                    ),
                ),
                ("minimum", models.PositiveSmallIntegerField(default=1, verbose_name="minimum")),
                ("maximum", models.PositiveSmallIntegerField(default=10, verbose_name="maximum")),
                (
                    "sens",
                    models.CharField(
                        choices=[
                            ("defavorable", "Plus la note est haute, plus c'est un risque"),
                            ("favorable", "Plus la note est haute, mieux c'est"),
                            ("inconnu", "Sens inconnu"),
                        ],
                        max_length=12,
                        verbose_name="sens",
                    ),
                ),
                ("poids", models.DecimalField(decimal_places=4, default=1, max_digits=10, verbose_name="poids")),
                ("etoilee", models.BooleanField(default=False, verbose_name="étoilée")),
                ("sans_objet", models.BooleanField(default=True, verbose_name="« sans objet » permis")),
                ("choix", models.BooleanField(default=False, verbose_name="réponse par les échelons seuls")),
                ("echelle", models.JSONField(blank=True, default=list, verbose_name="échelons")),
                (
                    "categorie",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("organisationnel", "Organisationnel"),
                            ("financier", "Financier"),
                            ("humain", "Humain"),
                            ("juridique", "Juridique"),
                            ("technique", "Technique"),
                            ("strategique", "Stratégique"),
                        ],
                        max_length=16,
                        verbose_name="catégorie de risque",
                    ),
                ),
                (
                    "action",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="action suggérée"),
                ),
                (
                    "risque",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="risque nourri"),
                ),
                ("si_question", models.CharField(blank=True, max_length=12, verbose_name="posée si la question")),
                ("si_au_moins", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="vaut au moins")),
            ],
            options={
                "verbose_name": "question",
                "ordering": ["section__rang", "rang"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("maximum__gt", models.F("minimum"))), name="question_echelle"
                    ),
                    models.CheckConstraint(condition=models.Q(("poids__gt", 0)), name="question_poids_positif"),
                    models.CheckConstraint(
                        condition=models.Q(("sens__in", ["defavorable", "favorable", "inconnu"])),
                        name="question_sens_connu",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "aide",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="aide"
                    ),
                ),
                ("points", models.PositiveIntegerField(blank=True, null=True, verbose_name="points")),
            ],
            options={
                "verbose_name": "section",
                "ordering": ["version", "rang"],
            },
        ),
        migrations.CreateModel(
            name="AnalyseLocale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("transmise_le", models.DateField(blank=True, editable=False, null=True, verbose_name="transmise le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_faire", "À faire"),
                            ("transmise", "Transmise"),
                            ("precision", "Précision demandée"),
                            ("acceptee", "Acceptée"),
                        ],
                        db_index=True,
                        default="a_faire",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "parcours",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="analyse_locale",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "analyse locale des risques",
                "verbose_name_plural": "analyses locales des risques",
                "ordering": ["parcours__esms__tri", "pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["a_faire", "transmise", "precision", "acceptee"])),
                        name="analyse_etat_connu",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BaremeRisques",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("significatif", models.PositiveSmallIntegerField(default=4, verbose_name="significatif à partir de")),
                ("critique", models.PositiveSmallIntegerField(default=8, verbose_name="critique à partir de")),
                ("inacceptable", models.PositiveSmallIntegerField(default=12, verbose_name="inacceptable à partir de")),
                (
                    "inquietante",
                    models.PositiveSmallIntegerField(default=8, verbose_name="une réponse inquiète à partir de"),
                ),
                (
                    "grappe",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bareme_risques",
                        to="programme.grappe",
                    ),
                ),
            ],
            options={
                "verbose_name": "barème des risques",
                "verbose_name_plural": "barèmes des risques",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("critique__lt", models.F("inacceptable")),
                            ("significatif__gt", 1),
                            ("significatif__lt", models.F("critique")),
                            ("inacceptable__lte", 16),
                        ),
                        name="bareme_bornes_croissantes",
                        violation_error_message="Les trois bornes montent, de 2 à 16 : corrigez celle qui ne suit pas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("inquietante__range", (2, 10))), name="bareme_inquietante_bornee"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Campagne",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "phase",
                    models.CharField(
                        choices=[("demarrage", "Démarrage"), ("fin_de_phase", "Fin de phase"), ("bilan", "Bilan")],
                        default="demarrage",
                        max_length=14,
                        verbose_name="phase",
                    ),
                ),
                (
                    "portee",
                    models.CharField(
                        choices=[("grappe", "La grappe, une fois"), ("esms", "Chaque ESMS")],
                        max_length=8,
                        verbose_name="portée",
                    ),
                ),
                ("etoilees", models.BooleanField(default=False, verbose_name="les questions étoilées seulement")),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[("preparee", "Préparée"), ("ouverte", "Ouverte"), ("close", "Close")],
                        db_index=True,
                        default="preparee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=120, verbose_name="tri"),
                ),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campagnes_creees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="campagnes", to="programme.grappe"
                    ),
                ),
            ],
            options={
                "verbose_name": "campagne",
                "ordering": ["-creee_le", "-pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["grappe", "etat"], name="campagne_grappe")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["preparee", "ouverte", "close"])), name="campagne_etat_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("portee__in", ["grappe", "esms"])), name="campagne_portee_connue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ["demarrage", "fin_de_phase", "bilan"])),
                        name="campagne_phase_connue",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campagne",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="risques.campagne"
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "évaluation",
                "ordering": ["campagne", models.OrderBy(models.F("parcours__esms__tri"), nulls_first=True), "pk"],
                "indexes": [models.Index(fields=["parcours", "campagne"], name="evaluation_parcours")],
                "constraints": [
                    models.UniqueConstraint(fields=("campagne", "parcours"), name="evaluation_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("parcours__isnull", True)),
                        fields=("campagne",),
                        name="evaluation_de_grappe_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grille",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("individuelle", "Réponse d'une personne"),
                            ("reunion", "Réponse en réunion"),
                            ("consensus", "Consensus"),
                        ],
                        default="individuelle",
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "regard",
                    models.CharField(
                        choices=[
                            ("projet", "Conduite du projet"),
                            ("direction", "Direction"),
                            ("codir", "CODIR"),
                            ("terrain", "Équipe de terrain"),
                            ("numerique", "Équipe numérique"),
                            ("autre", "Autre regard"),
                        ],
                        default="autre",
                        max_length=10,
                        verbose_name="regard",
                    ),
                ),
                (
                    "participants",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=300, verbose_name="participants"),
                ),
                (
                    "pourquoi",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=200, verbose_name="pourquoi sans deux réponses"
                    ),
                ),
                ("tenue_le", models.DateField(blank=True, null=True, verbose_name="tenue le")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_repondre", "À répondre"),
                            ("commencee", "Commencée"),
                            ("transmise", "Transmise"),
                            ("precision", "Précision demandée"),
                            ("validee", "Validée"),
                        ],
                        db_index=True,
                        default="a_repondre",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "designee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="désignée par",
                    ),
                ),
                (
                    "evaluateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grilles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="évaluateur",
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grilles",
                        to="risques.evaluation",
                        verbose_name="évaluation",
                    ),
                ),
                (
                    "sections",
                    models.ManyToManyField(
                        blank=True, related_name="grilles", to="risques.section", verbose_name="sections confiées"
                    ),
                ),
            ],
            options={
                "verbose_name": "grille de réponses",
                "verbose_name_plural": "grilles de réponses",
                "ordering": ["evaluation", "nature", "pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["evaluateur", "etat"], name="grille_evaluateur")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["a_repondre", "commencee", "transmise", "precision", "validee"])
                        ),
                        name="grille_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["individuelle", "reunion", "consensus"])),
                        name="grille_nature_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("regard__in", ["projet", "direction", "codir", "terrain", "numerique", "autre"])
                        ),
                        name="grille_regard_connu",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("nature", "individuelle")),
                        fields=("evaluation", "evaluateur"),
                        name="grille_une_par_personne",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("nature", "individuelle"), _negated=True),
                        fields=("evaluation", "nature"),
                        name="grille_une_par_nature",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalBaremeRisques",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("significatif", models.PositiveSmallIntegerField(default=4, verbose_name="significatif à partir de")),
                ("critique", models.PositiveSmallIntegerField(default=8, verbose_name="critique à partir de")),
                ("inacceptable", models.PositiveSmallIntegerField(default=12, verbose_name="inacceptable à partir de")),
                (
                    "inquietante",
                    models.PositiveSmallIntegerField(default=8, verbose_name="une réponse inquiète à partir de"),
                ),
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
            ],
            options={
                "verbose_name": "historical barème des risques",
                "verbose_name_plural": "historical barèmes des risques",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalGrille",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("individuelle", "Réponse d'une personne"),
                            ("reunion", "Réponse en réunion"),
                            ("consensus", "Consensus"),
                        ],
                        default="individuelle",
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "regard",
                    models.CharField(
                        choices=[
                            ("projet", "Conduite du projet"),
                            ("direction", "Direction"),
                            ("codir", "CODIR"),
                            ("terrain", "Équipe de terrain"),
                            ("numerique", "Équipe numérique"),
                            ("autre", "Autre regard"),
                        ],
                        default="autre",
                        max_length=10,
                        verbose_name="regard",
                    ),
                ),
                (
                    "participants",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=300, verbose_name="participants"),
                ),
                (
                    "pourquoi",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=200, verbose_name="pourquoi sans deux réponses"
                    ),
                ),
                ("tenue_le", models.DateField(blank=True, null=True, verbose_name="tenue le")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_repondre", "À répondre"),
                            ("commencee", "Commencée"),
                            ("transmise", "Transmise"),
                            ("precision", "Précision demandée"),
                            ("validee", "Validée"),
                        ],
                        db_index=True,
                        default="a_repondre",
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
                    "designee_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="désignée par",
                    ),
                ),
                (
                    "evaluateur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="évaluateur",
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risques.evaluation",
                        verbose_name="évaluation",
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
            ],
            options={
                "verbose_name": "historical grille de réponses",
                "verbose_name_plural": "historical grilles de réponses",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLigneAnalyse",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "categorie",
                    models.CharField(
                        choices=[
                            ("organisationnel", "Organisationnel"),
                            ("financier", "Financier"),
                            ("humain", "Humain"),
                            ("juridique", "Juridique"),
                            ("technique", "Technique"),
                            ("strategique", "Stratégique"),
                        ],
                        max_length=16,
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "probabilite",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Rare"), (2, "Occasionnel"), (3, "Fréquent"), (4, "Certain")],
                        null=True,
                        verbose_name="probabilité",
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Mineur"), (2, "Moyen"), (3, "Important"), (4, "Bloquant")],
                        null=True,
                        verbose_name="impact",
                    ),
                ),
                (
                    "mot",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="en une ligne"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "analyse",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risques.analyselocale",
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
            ],
            options={
                "verbose_name": "historical ligne d'analyse",
                "verbose_name_plural": "historical lignes d'analyse",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Instantane",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("le", models.DateField(verbose_name="transmis le")),
                ("contenu", models.JSONField(verbose_name="contenu")),
                (
                    "total",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="total"),
                ),
                (
                    "grille",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instantanes", to="risques.grille"
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "instantané d'une grille",
                "verbose_name_plural": "instantanés des grilles",
                "ordering": ["grille", "rang"],
                "constraints": [models.UniqueConstraint(fields=("grille", "rang"), name="instantane_rang_unique")],
            },
        ),
        migrations.CreateModel(
            name="InstantaneAnalyse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("le", models.DateField(verbose_name="transmise le")),
                ("contenu", models.JSONField(verbose_name="contenu")),
                (
                    "analyse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instantanes",
                        to="risques.analyselocale",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "instantané d'une analyse",
                "verbose_name_plural": "instantanés des analyses",
                "ordering": ["analyse", "rang"],
                "constraints": [
                    models.UniqueConstraint(fields=("analyse", "rang"), name="instantane_analyse_rang_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="LigneAnalyse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "categorie",
                    models.CharField(
                        choices=[
                            ("organisationnel", "Organisationnel"),
                            ("financier", "Financier"),
                            ("humain", "Humain"),
                            ("juridique", "Juridique"),
                            ("technique", "Technique"),
                            ("strategique", "Stratégique"),
                        ],
                        max_length=16,
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "probabilite",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Rare"), (2, "Occasionnel"), (3, "Fréquent"), (4, "Certain")],
                        null=True,
                        verbose_name="probabilité",
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Mineur"), (2, "Moyen"), (3, "Important"), (4, "Bloquant")],
                        null=True,
                        verbose_name="impact",
                    ),
                ),
                (
                    "mot",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="en une ligne"),
                ),
                (
                    "analyse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lignes", to="risques.analyselocale"
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne d'analyse",
                "verbose_name_plural": "lignes d'analyse",
                "ordering": ["analyse", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("analyse", "categorie"), name="ligne_analyse_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "categorie__in",
                                ["organisationnel", "financier", "humain", "juridique", "technique", "strategique"],
                            )
                        ),
                        name="ligne_categorie_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("probabilite__isnull", True), ("probabilite__range", (1, 4)), _connector="OR"
                        ),
                        name="ligne_probabilite_bornee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("impact__isnull", True), ("impact__range", (1, 4)), _connector="OR"),
                        name="ligne_impact_borne",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartageRisques",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "objet",
                    models.CharField(
                        choices=[
                            ("risques", "Analyse et registre des risques"),
                            ("prediagnostic", "Pré-diagnostic du changement"),
                            ("leviers", "Leviers et griefs"),
                        ],
                        max_length=16,
                        verbose_name="ce qui est ouvert",
                    ),
                ),
                ("du", models.DateField(default=django.utils.timezone.localdate, verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                ("pourquoi", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="pourquoi")),
                (
                    "ouvert_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="ouvert le"),
                ),
                ("revoque_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partages_risques",
                        to="programme.grappe",
                    ),
                ),
                (
                    "ouvert_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ouvert par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partages_risques",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "revoque_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="révoqué par",
                    ),
                ),
            ],
            options={
                "verbose_name": "partage avec le financeur",
                "verbose_name_plural": "partages avec le financeur",
                "ordering": ["-ouvert_le", "-pk"],
                "indexes": [models.Index(fields=["parcours", "objet"], name="partage_parcours")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("objet__in", ["risques", "prediagnostic", "leviers"])),
                        name="partage_objet_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("au__isnull", True), ("au__gte", models.F("du")), _connector="OR"),
                        name="partage_dates",
                        violation_error_message="La fin du partage précède son début : corrigez l'une des deux dates.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalRisque",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="risque")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "categorie",
                    models.CharField(
                        choices=[
                            ("organisationnel", "Organisationnel"),
                            ("financier", "Financier"),
                            ("humain", "Humain"),
                            ("juridique", "Juridique"),
                            ("technique", "Technique"),
                            ("strategique", "Stratégique"),
                        ],
                        max_length=16,
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "probabilite",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Rare"), (2, "Occasionnel"), (3, "Fréquent"), (4, "Certain")],
                        verbose_name="probabilité",
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Mineur"), (2, "Moyen"), (3, "Important"), (4, "Bloquant")], verbose_name="impact"
                    ),
                ),
                (
                    "probabilite_residuelle",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Rare"), (2, "Occasionnel"), (3, "Fréquent"), (4, "Certain")],
                        null=True,
                        verbose_name="probabilité résiduelle",
                    ),
                ),
                (
                    "impact_residuel",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Mineur"), (2, "Moyen"), (3, "Important"), (4, "Bloquant")],
                        null=True,
                        verbose_name="impact résiduel",
                    ),
                ),
                (
                    "proprietaire_nom",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="fonction, sans compte"
                    ),
                ),
                ("revue_le", models.DateField(blank=True, null=True, verbose_name="à revoir le")),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créé le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("identifie", "Identifié"),
                            ("traite", "En traitement"),
                            ("maitrise", "Maîtrisé"),
                            ("clos", "Clos"),
                        ],
                        db_index=True,
                        default="identifie",
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
                    "cree_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créé par",
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
                    "grille",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risques.grille",
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
                (
                    "proprietaire",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="propriétaire",
                    ),
                ),
                (
                    "ligne",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risques.ligneanalyse",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risques.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical risque",
                "verbose_name_plural": "historical risques",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "objet",
                    models.CharField(
                        choices=[
                            ("risques", "Risques du projet"),
                            ("effets", "Effets du DUI"),
                            ("prediagnostic", "Ampleur du changement"),
                            ("leviers", "Leviers et griefs"),
                            ("autre", "Autre sujet"),
                        ],
                        max_length=16,
                        verbose_name="objet",
                    ),
                ),
            ],
            options={
                "verbose_name": "questionnaire",
                "ordering": ["nom"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("objet__in", ["risques", "effets", "prediagnostic", "leviers", "autre"])),
                        name="questionnaire_objet_connu",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valeur", models.SmallIntegerField(blank=True, null=True, verbose_name="note")),
                ("sans_objet", models.BooleanField(default=False, verbose_name="sans objet")),
                (
                    "mot",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="commentaire"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="enregistrée le")),
                (
                    "grille",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reponses", to="risques.grille"
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reponses", to="risques.question"
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse",
                "ordering": ["grille", "question"],
                "constraints": [
                    models.UniqueConstraint(fields=("grille", "question"), name="reponse_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("sans_objet", False), ("valeur__isnull", True), _connector="OR"),
                        name="reponse_note_ou_rien",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Risque",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="risque")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "categorie",
                    models.CharField(
                        choices=[
                            ("organisationnel", "Organisationnel"),
                            ("financier", "Financier"),
                            ("humain", "Humain"),
                            ("juridique", "Juridique"),
                            ("technique", "Technique"),
                            ("strategique", "Stratégique"),
                        ],
                        max_length=16,
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "probabilite",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Rare"), (2, "Occasionnel"), (3, "Fréquent"), (4, "Certain")],
                        verbose_name="probabilité",
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Mineur"), (2, "Moyen"), (3, "Important"), (4, "Bloquant")], verbose_name="impact"
                    ),
                ),
                (
                    "probabilite_residuelle",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Rare"), (2, "Occasionnel"), (3, "Fréquent"), (4, "Certain")],
                        null=True,
                        verbose_name="probabilité résiduelle",
                    ),
                ),
                (
                    "impact_residuel",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Mineur"), (2, "Moyen"), (3, "Important"), (4, "Bloquant")],
                        null=True,
                        verbose_name="impact résiduel",
                    ),
                ),
                (
                    "proprietaire_nom",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="fonction, sans compte"
                    ),
                ),
                ("revue_le", models.DateField(blank=True, null=True, verbose_name="à revoir le")),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créé le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("identifie", "Identifié"),
                            ("traite", "En traitement"),
                            ("maitrise", "Maîtrisé"),
                            ("clos", "Clos"),
                        ],
                        db_index=True,
                        default="identifie",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "cree_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risques_crees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créé par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="risques", to="programme.grappe"
                    ),
                ),
                (
                    "grille",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risques",
                        to="risques.grille",
                    ),
                ),
                (
                    "ligne",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risques",
                        to="risques.ligneanalyse",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risques",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "proprietaire",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risques",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="propriétaire",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risques",
                        to="risques.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "risque",
                "ordering": ["-cree_le", "-pk"],
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["grappe", "etat"], name="risque_grappe"),
                    models.Index(fields=["parcours", "etat"], name="risque_parcours"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["identifie", "traite", "maitrise", "clos"])),
                        name="risque_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "categorie__in",
                                ["organisationnel", "financier", "humain", "juridique", "technique", "strategique"],
                            )
                        ),
                        name="risque_categorie_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("impact__range", (1, 4)), ("probabilite__range", (1, 4))),
                        name="risque_criticite_bornee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("impact_residuel__isnull", True), ("probabilite_residuelle__isnull", True)),
                            models.Q(("impact_residuel__range", (1, 4)), ("probabilite_residuelle__range", (1, 4))),
                            _connector="OR",
                        ),
                        name="risque_residuel_entier",
                        violation_error_message="Donnez la probabilité et l'impact résiduels, ou aucun des deux.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proprietaire__isnull", True), ("proprietaire_nom", ""), _connector="OR"),
                        name="risque_un_proprietaire",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="risques.section"
            ),
        ),
        migrations.CreateModel(
            name="SuiteDonnee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vue", models.SmallIntegerField(verbose_name="cote vue")),
                (
                    "issue",
                    models.CharField(
                        choices=[("retenue", "Retenue"), ("ecartee", "Écartée")], max_length=8, verbose_name="issue"
                    ),
                ),
                ("motif", programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="motif")),
                ("le", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="le")),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.action",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suites_donnees",
                        to="programme.grappe",
                    ),
                ),
                (
                    "grille",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suites_donnees",
                        to="risques.grille",
                    ),
                ),
                (
                    "ligne",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suites_donnees",
                        to="risques.ligneanalyse",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suites_donnees",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suites_donnees",
                        to="risques.question",
                    ),
                ),
                (
                    "risque",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suites",
                        to="risques.risque",
                    ),
                ),
            ],
            options={
                "verbose_name": "suite donnée à une réponse",
                "verbose_name_plural": "suites données aux réponses",
                "ordering": ["-le", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("grille", "question", "vue"), name="suite_une_par_reponse_vue"),
                    models.UniqueConstraint(fields=("ligne", "vue"), name="suite_une_par_ligne_vue"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grille__isnull", True), ("ligne__isnull", False), ("question__isnull", True)),
                            models.Q(("grille__isnull", False), ("ligne__isnull", True), ("question__isnull", False)),
                            _connector="OR",
                        ),
                        name="suite_une_origine",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issue", "retenue"),
                            models.Q(("issue", "ecartee"), models.Q(("motif", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="suite_ecartee_motivee",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionQuestionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("numero", models.PositiveSmallIntegerField(verbose_name="numéro")),
                (
                    "sens",
                    models.CharField(
                        choices=[
                            ("defavorable", "Plus la note est haute, plus c'est un risque"),
                            ("favorable", "Plus la note est haute, mieux c'est"),
                            ("inconnu", "Sens inconnu"),
                        ],
                        max_length=12,
                        verbose_name="sens",
                    ),
                ),
                ("total", models.PositiveIntegerField(blank=True, null=True, verbose_name="total à l'écran")),
                ("duree_minutes", models.PositiveSmallIntegerField(default=30, verbose_name="durée, en minutes")),
                (
                    "provenance",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="d'où viennent les mots"
                    ),
                ),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="à savoir"
                    ),
                ),
                (
                    "comparable_depuis",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="se compare depuis la version"
                    ),
                ),
                ("empreinte", models.CharField(blank=True, max_length=64, verbose_name="empreinte du fichier")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[("brouillon", "Brouillon"), ("publiee", "Publiée"), ("retiree", "Retirée")],
                        db_index=True,
                        default="brouillon",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "creee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions_questionnaires",
                        to="programme.grappe",
                        verbose_name="grappe",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="risques.questionnaire"
                    ),
                ),
            ],
            options={
                "verbose_name": "version d'un questionnaire",
                "verbose_name_plural": "versions des questionnaires",
                "ordering": ["questionnaire", models.OrderBy(models.F("grappe"), nulls_first=True), "numero"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["brouillon", "publiee", "retiree"])), name="version_etat_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sens__in", ["defavorable", "favorable", "inconnu"])),
                        name="version_sens_connu",
                    ),
                    models.UniqueConstraint(fields=("questionnaire", "grappe", "numero"), name="version_numero_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("grappe__isnull", True)),
                        fields=("questionnaire", "numero"),
                        name="version_numero_commun",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("comparable_depuis__isnull", True),
                            ("comparable_depuis__lte", models.F("numero")),
                            _connector="OR",
                        ),
                        name="version_comparable_en_arriere",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="section",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="risques.versionquestionnaire"
            ),
        ),
        migrations.CreateModel(
            name="HistoricalCampagne",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "phase",
                    models.CharField(
                        choices=[("demarrage", "Démarrage"), ("fin_de_phase", "Fin de phase"), ("bilan", "Bilan")],
                        default="demarrage",
                        max_length=14,
                        verbose_name="phase",
                    ),
                ),
                (
                    "portee",
                    models.CharField(
                        choices=[("grappe", "La grappe, une fois"), ("esms", "Chaque ESMS")],
                        max_length=8,
                        verbose_name="portée",
                    ),
                ),
                ("etoilees", models.BooleanField(default=False, verbose_name="les questions étoilées seulement")),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[("preparee", "Préparée"), ("ouverte", "Ouverte"), ("close", "Close")],
                        db_index=True,
                        default="preparee",
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
                    "version_posee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risques.versionquestionnaire",
                        verbose_name="version du questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical campagne",
                "verbose_name_plural": "historical campagnes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="campagne",
            name="version_posee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campagnes",
                to="risques.versionquestionnaire",
                verbose_name="version du questionnaire",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("section", "code"), name="question_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(fields=("version", "code"), name="section_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(fields=("version", "rang"), name="section_rang_unique"),
        ),
    ]
