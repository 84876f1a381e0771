"""Le socle, tel qu'il est à la première mise en service."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import programme.socle.champs
import programme.socle.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("programme", "0001_initiale"),
        ("programme", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correspondance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("genre", models.CharField(max_length=40, verbose_name="genre d'import")),
                ("code", models.SlugField(blank=True, default="", max_length=60, verbose_name="code")),
                ("nom", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="nom")),
                ("colonnes", models.JSONField(default=dict, verbose_name="colonnes")),
                ("valeurs", models.JSONField(blank=True, default=dict, verbose_name="mots reconnus")),
                ("options", models.JSONField(blank=True, default=dict, verbose_name="lecture")),
                ("modifiee_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="correspondances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="correspondances",
                        to="programme.organismegestionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "correspondance de colonnes",
                "verbose_name_plural": "correspondances de colonnes",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("og__isnull", True)),
                        fields=("genre", "par", "code"),
                        name="correspondance_code_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("og__isnull", False)),
                        fields=("genre", "og", "code"),
                        name="correspondance_code_unique_og",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Derogation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("condition", models.CharField(max_length=60, verbose_name="condition")),
                ("du", models.DateField(verbose_name="du")),
                ("au", models.DateField(verbose_name="au")),
                (
                    "libelle_decision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="décision qui la lève"
                    ),
                ),
                ("lien", models.CharField(blank=True, max_length=300, verbose_name="lien")),
                ("creee_le", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="derogations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="derogations", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "dérogation",
                "indexes": [models.Index(fields=["condition", "au"], name="derogation_condition_au")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("au__gte", models.F("du"))), name="derogation_dates")
                ],
            },
        ),
        migrations.CreateModel(
            name="Filtre",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("liste", models.CharField(max_length=80, verbose_name="liste")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=80, verbose_name="nom")),
                ("criteres", models.JSONField(default=dict, verbose_name="critères")),
                (
                    "partage",
                    models.CharField(
                        choices=[("moi", "Moi seulement"), ("grappe", "Une grappe"), ("role", "Un rôle")],
                        default="moi",
                        max_length=8,
                        verbose_name="partage",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="rôle")),
                ("est_defaut", models.BooleanField(default=False, verbose_name="ouverte par défaut")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filtres",
                        to="programme.grappe",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filtres",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "vue enregistrée",
                "verbose_name_plural": "vues enregistrées",
                "ordering": ["nom", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("partage__in", ["moi", "grappe", "role"])), name="filtre_partage_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grappe__isnull", True), ("partage", "moi"), ("role", "")),
                            models.Q(("grappe__isnull", False), ("partage", "grappe")),
                            models.Q(
                                ("grappe__isnull", True), ("partage", "role"), models.Q(("role", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="filtre_a_qui",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("est_defaut", True), ("partage", "moi")),
                        fields=("liste", "par"),
                        name="filtre_defaut_de_moi",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("est_defaut", True), ("partage", "grappe")),
                        fields=("liste", "grappe", "role"),
                        name="filtre_defaut_de_grappe",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("est_defaut", True), ("partage", "role")),
                        fields=("liste", "role"),
                        name="filtre_defaut_de_role",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Jeton",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefixe", models.CharField(max_length=20, verbose_name="début du jeton")),
                ("empreinte", models.CharField(max_length=64, unique=True, verbose_name="empreinte du jeton")),
                (
                    "usage",
                    models.CharField(
                        choices=[("api", "L'API"), ("calendrier", "Le calendrier des séances")],
                        default="api",
                        max_length=12,
                        verbose_name="usage",
                    ),
                ),
                ("lecture_seule", models.BooleanField(default=False, verbose_name="lecture seule")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("expire_le", models.DateTimeField(blank=True, null=True, verbose_name="expire le")),
                (
                    "derniere_utilisation",
                    models.DateTimeField(blank=True, null=True, verbose_name="dernière utilisation"),
                ),
                ("revoque_le", models.DateTimeField(blank=True, null=True, verbose_name="révoqué le")),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="jetons", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "jeton",
                "ordering": ["-cree_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("usage__in", ["api", "calendrier"])), name="jeton_usage_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("usage", "calendrier"), ("expire_le__isnull", False), _connector="OR"),
                        name="jeton_d_api_expire",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("objet_id", models.PositiveBigIntegerField(verbose_name="clé de l'objet")),
                ("rang", models.PositiveIntegerField(verbose_name="rang")),
                ("de", models.CharField(max_length=20, verbose_name="de")),
                ("vers", models.CharField(max_length=20, verbose_name="vers")),
                ("transition", models.CharField(max_length=30, verbose_name="transition")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("decide", "Décidé"),
                            ("sous_reserve", "Sous réserve"),
                            ("constat", "Situation constatée, non rejouée"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("enregistre_le", models.DateTimeField(verbose_name="enregistré le")),
                ("date_effet", models.DateField(verbose_name="date d'effet")),
                ("role", models.CharField(max_length=40, verbose_name="rôle")),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="motif"
                    ),
                ),
                ("constats", models.JSONField(default=list, verbose_name="constats")),
                ("precedente", models.CharField(blank=True, max_length=64, verbose_name="empreinte précédente")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "objet_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contenttypes.contenttype",
                        verbose_name="type d'objet",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "constraints": [
                    models.UniqueConstraint(fields=("objet_type", "objet_id", "rang"), name="passage_rang_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["decide", "sous_reserve", "constat"])),
                        name="passage_nature_connue",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="identifiant",
                    ),
                ),
                ("objet_id", models.PositiveBigIntegerField(verbose_name="clé de l'objet")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="nom du fichier")),
                ("type", models.CharField(max_length=100, verbose_name="type")),
                ("taille", models.PositiveIntegerField(verbose_name="taille en octets")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
                ("fichier", models.FileField(upload_to=programme.socle.models.chemin_depose, verbose_name="fichier")),
                ("deposee_le", models.DateTimeField(auto_now_add=True, verbose_name="déposée le")),
                (
                    "deposee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "objet_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contenttypes.contenttype",
                        verbose_name="type d'objet",
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce",
                "ordering": ["-deposee_le"],
                "indexes": [models.Index(fields=["objet_type", "objet_id"], name="piece_objet")],
            },
        ),
        migrations.CreateModel(
            name="ReglageCondition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("condition", models.CharField(max_length=60, verbose_name="condition")),
                (
                    "severite",
                    models.CharField(
                        choices=[("barre", "Barre"), ("avertit", "Avertit"), ("masquee", "Masquée")],
                        max_length=8,
                        verbose_name="sévérité",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reglages", to="programme.grappe"
                    ),
                ),
            ],
            options={
                "verbose_name": "réglage de condition",
                "constraints": [
                    models.UniqueConstraint(fields=("grappe", "condition"), name="reglage_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("severite", "legale"), _negated=True), name="reglage_pas_legal"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Travail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("genre", models.CharField(max_length=40, verbose_name="genre")),
                ("objet", models.CharField(blank=True, max_length=200, verbose_name="objet")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("en_attente", "En attente"),
                            ("en_cours", "En cours"),
                            ("termine", "Terminé"),
                            ("echec", "Échec"),
                            ("interrompu", "Interrompu"),
                        ],
                        default="en_attente",
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("fait", models.PositiveBigIntegerField(default=0, verbose_name="fait")),
                ("total", models.PositiveBigIntegerField(default=0, verbose_name="total")),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="message")),
                ("parametres", models.JSONField(blank=True, default=dict, verbose_name="paramètres")),
                ("resultat", models.JSONField(blank=True, null=True, verbose_name="résultat")),
                ("erreur", models.CharField(blank=True, max_length=500, verbose_name="erreur")),
                (
                    "fichier",
                    models.FileField(
                        blank=True, upload_to=programme.socle.models.chemin_depose, verbose_name="fichier déposé"
                    ),
                ),
                ("nom_fichier", models.CharField(blank=True, max_length=200, verbose_name="nom du fichier")),
                ("empreinte", models.CharField(blank=True, max_length=64, verbose_name="empreinte du fichier")),
                (
                    "rapport",
                    models.FileField(
                        blank=True, upload_to=programme.socle.models.chemin_depose, verbose_name="rapport"
                    ),
                ),
                (
                    "creneau",
                    models.CharField(blank=True, max_length=80, null=True, unique=True, verbose_name="créneau"),
                ),
                ("tache", models.CharField(blank=True, max_length=64, verbose_name="tâche")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("commence_le", models.DateTimeField(blank=True, null=True, verbose_name="commencé le")),
                ("fini_le", models.DateTimeField(blank=True, null=True, verbose_name="fini le")),
                ("battement", models.DateTimeField(blank=True, null=True, verbose_name="dernier battement")),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="travaux",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "suite_de",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="suites",
                        to="socle.travail",
                        verbose_name="suite de",
                    ),
                ),
            ],
            options={
                "verbose_name": "travail",
                "verbose_name_plural": "travaux",
                "ordering": ["-cree_le", "-pk"],
                "indexes": [models.Index(fields=["etat", "battement"], name="travail_etat_battement")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["en_attente", "en_cours", "termine", "echec", "interrompu"])),
                        name="travail_etat_connu",
                    )
                ],
            },
        ),
    ]
