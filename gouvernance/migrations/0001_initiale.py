"""La gouvernance, telle qu'elle est à la première mise en service."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import programme.socle.champs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("programme", "0001_initiale"),
        ("socle", "0001_initiale"),
        ("programme", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("le", models.DateField(default=django.utils.timezone.localdate, verbose_name="le")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="titre")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="texte"
                    ),
                ),
                (
                    "ecrite_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="écrite le"),
                ),
                (
                    "auteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entrees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrite par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entrees", to="programme.grappe"
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entrees",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "entrée du journal",
                "verbose_name_plural": "entrées du journal",
                "ordering": ["-le", "-pk"],
                "indexes": [models.Index(fields=["grappe", "parcours", "le"], name="entree_grappe")],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAlerte",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("intitule", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="ce qui se passe")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "origine",
                    models.CharField(
                        choices=[
                            ("esms", "Un ESMS"),
                            ("grappe", "La conduite du projet"),
                            ("regle", "Une règle de Treille"),
                        ],
                        default="esms",
                        max_length=8,
                        verbose_name="origine",
                    ),
                ),
                ("regle", models.CharField(blank=True, max_length=40, verbose_name="règle")),
                ("cle", models.CharField(blank=True, max_length=80, verbose_name="clé")),
                (
                    "levee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="donnée le"),
                ),
                ("echeance", models.DateField(verbose_name="à traiter avant le")),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="réponse"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("levee", "À prendre en charge"),
                            ("prise_en_charge", "Prise en charge"),
                            ("portee", "Portée au COSTRAT"),
                            ("close", "Close"),
                        ],
                        db_index=True,
                        default="levee",
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
                    "levee_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="donnée par",
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
                "verbose_name": "historical alerte",
                "verbose_name_plural": "historical alertes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEntree",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("le", models.DateField(default=django.utils.timezone.localdate, verbose_name="le")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="titre")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="texte"
                    ),
                ),
                (
                    "ecrite_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="écrite le"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "auteur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrite par",
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
                "verbose_name": "historical entrée du journal",
                "verbose_name_plural": "historical entrées du journal",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalInstance",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("costrat", "COSTRAT"),
                            ("comop", "COMOP"),
                            ("utilisateurs", "Comité utilisateurs"),
                            ("copil", "COPIL"),
                            ("cosuiv", "COSUIV"),
                            ("codir", "CODIR adossé"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "objet",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="ce qu'elle traite"
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("mensuelle", "Tous les mois"),
                            ("bimestrielle", "Tous les deux mois"),
                            ("trimestrielle", "Tous les trois mois"),
                            ("semestrielle", "Deux fois par an"),
                            ("libre", "À la demande"),
                        ],
                        default="libre",
                        max_length=14,
                        verbose_name="cadence",
                    ),
                ),
                ("quorum", models.PositiveSmallIntegerField(default=50, verbose_name="quorum, en % des voix")),
                (
                    "effectif_max",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="effectif au-delà duquel on le signale"
                    ),
                ),
                (
                    "delai_alerte",
                    models.PositiveSmallIntegerField(default=21, verbose_name="délai d'une alerte, en jours"),
                ),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                ("close_le", models.DateField(blank=True, null=True, verbose_name="close le")),
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
            ],
            options={
                "verbose_name": "historical instance",
                "verbose_name_plural": "historical instances",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Instance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("costrat", "COSTRAT"),
                            ("comop", "COMOP"),
                            ("utilisateurs", "Comité utilisateurs"),
                            ("copil", "COPIL"),
                            ("cosuiv", "COSUIV"),
                            ("codir", "CODIR adossé"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "objet",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="ce qu'elle traite"
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("mensuelle", "Tous les mois"),
                            ("bimestrielle", "Tous les deux mois"),
                            ("trimestrielle", "Tous les trois mois"),
                            ("semestrielle", "Deux fois par an"),
                            ("libre", "À la demande"),
                        ],
                        default="libre",
                        max_length=14,
                        verbose_name="cadence",
                    ),
                ),
                ("quorum", models.PositiveSmallIntegerField(default=50, verbose_name="quorum, en % des voix")),
                (
                    "effectif_max",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="effectif au-delà duquel on le signale"
                    ),
                ),
                (
                    "delai_alerte",
                    models.PositiveSmallIntegerField(default=21, verbose_name="délai d'une alerte, en jours"),
                ),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                ("close_le", models.DateField(blank=True, null=True, verbose_name="close le")),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances_creees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instances", to="programme.grappe"
                    ),
                ),
            ],
            options={
                "verbose_name": "instance",
                "ordering": ["grappe", "type", "nom", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("type__in", ["costrat", "comop", "utilisateurs", "copil", "cosuiv", "codir"])
                        ),
                        name="instance_type_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cadence__in", ["mensuelle", "bimestrielle", "trimestrielle", "semestrielle", "libre"])
                        ),
                        name="instance_cadence_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quorum__lte", 100)),
                        name="instance_quorum",
                        violation_error_message="Le quorum est une part des voix : entre 0 et 100.",
                    ),
                    models.UniqueConstraint(
                        fields=("grappe", "nom"),
                        name="instance_nom_unique",
                        violation_error_message="Une instance de cette grappe porte déjà ce nom.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSeance",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("titre", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="titre")),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("duree", models.PositiveSmallIntegerField(default=120, verbose_name="durée prévue, en minutes")),
                ("lieu", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="lieu")),
                ("lien", models.URLField(blank=True, max_length=300, verbose_name="lien de visioconférence")),
                (
                    "invites",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=300, verbose_name="invités, par fonction"
                    ),
                ),
                ("serie", models.UUIDField(blank=True, editable=False, null=True, verbose_name="série")),
                ("sequence", models.PositiveIntegerField(default=0, editable=False, verbose_name="déplacements")),
                (
                    "quorum_atteint",
                    models.BooleanField(blank=True, editable=False, null=True, verbose_name="quorum atteint"),
                ),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("preparee", "Préparée"),
                            ("ouverte", "Ouverte"),
                            ("close", "Close"),
                            ("diffusee", "Compte rendu diffusé"),
                            ("annulee", "Annulée"),
                        ],
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
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "comite",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.instance",
                        verbose_name="instance",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical séance",
                "verbose_name_plural": "historical séances",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMandat",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "fonction",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="fonction"),
                ),
                (
                    "suppleant_fonction",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="fonction du suppléant"
                    ),
                ),
                (
                    "represente",
                    models.CharField(
                        choices=[
                            ("conduite", "La conduite du projet"),
                            ("og", "Un organisme gestionnaire"),
                            ("categorie", "Une catégorie d'ESMS"),
                            ("zone", "Une zone"),
                            ("esms", "Un ESMS"),
                            ("utilisateurs", "Les utilisateurs du DUI"),
                            ("personnes", "Les personnes accompagnées et leurs proches"),
                        ],
                        max_length=12,
                        verbose_name="représente",
                    ),
                ),
                ("a_voix", models.BooleanField(default=True, verbose_name="a une voix")),
                ("anime", models.BooleanField(default=False, verbose_name="préside ou anime")),
                ("du", models.DateField(default=django.utils.timezone.localdate, verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "categorie",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.categorie",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "confie_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confié par",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.departement",
                        verbose_name="zone (département)",
                    ),
                ),
                (
                    "esms",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.esms",
                        verbose_name="ESMS",
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
                    "og",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
                (
                    "suppleant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suppléant",
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
                (
                    "comite",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.instance",
                        verbose_name="instance",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical mandat",
                "verbose_name_plural": "historical mandats",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("numero", models.PositiveIntegerField(editable=False, verbose_name="numéro")),
                ("intitule", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="décision")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="ce qui est décidé"
                    ),
                ),
                (
                    "pourquoi",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="pourquoi"
                    ),
                ),
                (
                    "effet",
                    models.CharField(
                        choices=[
                            ("suite", "Une suite à donner"),
                            ("levee", "Une condition levée"),
                            ("reglage", "Ce que demande un passage"),
                            ("calendrier", "Une date ou une vague de déploiement"),
                            ("cible", "Une cible"),
                        ],
                        default="suite",
                        max_length=12,
                        verbose_name="ce qu'elle change",
                    ),
                ),
                (
                    "changement",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=200, verbose_name="ce qui change, précisément"
                    ),
                ),
                ("condition", models.CharField(blank=True, max_length=60, verbose_name="condition levée")),
                ("levee_du", models.DateField(blank=True, null=True, verbose_name="levée du")),
                ("levee_au", models.DateField(blank=True, null=True, verbose_name="levée jusqu'au")),
                ("revue_le", models.DateField(blank=True, null=True, verbose_name="à revoir le")),
                ("arbitree_le", models.DateField(blank=True, editable=False, null=True, verbose_name="arbitrée le")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("instruite", "Instruite"),
                            ("arbitree", "Arbitrée"),
                            ("appliquee", "Appliquée"),
                            ("abandonnee", "Abandonnée"),
                            ("revisee", "Révisée"),
                        ],
                        db_index=True,
                        default="instruite",
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
                        related_name="decisions_creees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="programme.grappe"
                    ),
                ),
                (
                    "remplace",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remplacee_par",
                        to="gouvernance.decision",
                        verbose_name="remplace",
                    ),
                ),
                (
                    "comite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="gouvernance.instance",
                        verbose_name="instance",
                    ),
                ),
            ],
            options={
                "verbose_name": "décision",
                "ordering": ["-creee_le", "-pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["grappe", "etat"], name="decision_grappe")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["instruite", "arbitree", "appliquee", "abandonnee", "revisee"])
                        ),
                        name="decision_etat_connu",
                    ),
                    models.UniqueConstraint(fields=("grappe", "numero"), name="decision_numero_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("effet__in", ["suite", "levee", "reglage", "calendrier", "cible"])),
                        name="decision_effet_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remplace", models.F("pk")), _negated=True),
                        name="decision_ne_se_remplace_pas",
                        violation_error_message="Une décision ne se remplace pas elle-même : choisissez-en une autre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("effet", "levee"), _negated=True),
                            models.Q(
                                ("levee_au__isnull", False),
                                ("levee_du__isnull", False),
                                models.Q(("condition", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="decision_levee_entiere",
                        violation_error_message="Une levée nomme sa condition, son début et sa fin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("levee_au__isnull", True), ("levee_au__gte", models.F("levee_du")), _connector="OR"
                        ),
                        name="decision_levee_dates",
                        violation_error_message="La levée finit avant de commencer : corrigez l'une des deux dates.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fonction",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="fonction"),
                ),
                (
                    "suppleant_fonction",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="fonction du suppléant"
                    ),
                ),
                (
                    "represente",
                    models.CharField(
                        choices=[
                            ("conduite", "La conduite du projet"),
                            ("og", "Un organisme gestionnaire"),
                            ("categorie", "Une catégorie d'ESMS"),
                            ("zone", "Une zone"),
                            ("esms", "Un ESMS"),
                            ("utilisateurs", "Les utilisateurs du DUI"),
                            ("personnes", "Les personnes accompagnées et leurs proches"),
                        ],
                        max_length=12,
                        verbose_name="représente",
                    ),
                ),
                ("a_voix", models.BooleanField(default=True, verbose_name="a une voix")),
                ("anime", models.BooleanField(default=False, verbose_name="préside ou anime")),
                ("du", models.DateField(default=django.utils.timezone.localdate, verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                (
                    "categorie",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandats",
                        to="programme.categorie",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "comite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandats",
                        to="gouvernance.instance",
                        verbose_name="instance",
                    ),
                ),
                (
                    "confie_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confié par",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandats",
                        to="programme.departement",
                        verbose_name="zone (département)",
                    ),
                ),
                (
                    "esms",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandats",
                        to="programme.esms",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandats",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
                (
                    "suppleant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandats_de_suppleant",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suppléant",
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandats",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandat",
                "ordering": ["comite", "-anime", "represente", "pk"],
                "indexes": [
                    models.Index(fields=["utilisateur", "comite"], name="mandat_titulaire"),
                    models.Index(fields=["suppleant", "comite"], name="mandat_suppleant"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "represente__in",
                                ["conduite", "og", "categorie", "zone", "esms", "utilisateurs", "personnes"],
                            )
                        ),
                        name="mandat_represente_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("au__isnull", True), ("au__gte", models.F("du")), _connector="OR"),
                        name="mandat_dates",
                        violation_error_message="Le mandat finit avant de commencer : corrigez l'une des deux dates.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("utilisateur__isnull", False), models.Q(("fonction", ""), _negated=True), _connector="OR"
                        ),
                        name="mandat_quelqu_un",
                        violation_error_message="Dites qui siège : un compte, ou une fonction.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suppleant__isnull", True),
                            ("utilisateur__isnull", True),
                            models.Q(("suppleant", models.F("utilisateur")), _negated=True),
                            _connector="OR",
                        ),
                        name="mandat_suppleant_autre",
                        violation_error_message="On ne se supplée pas soi-même : choisissez quelqu'un d'autre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("og__isnull", False), ("represente", "og")),
                            models.Q(("categorie__isnull", False), ("represente", "categorie")),
                            models.Q(("departement__isnull", False), ("represente", "zone")),
                            models.Q(("esms__isnull", False), ("represente", "esms")),
                            ("represente__in", ["conduite", "utilisateurs", "personnes"]),
                            _connector="OR",
                        ),
                        name="mandat_de_quoi",
                        violation_error_message="Dites lequel : l'organisme, la catégorie, la zone ou l'ESMS représenté.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PageOuverte",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("jeton", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="jeton")),
                (
                    "presentation",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="en quelques mots simples"
                    ),
                ),
                (
                    "contact",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=160, verbose_name="à qui poser une question"
                    ),
                ),
                (
                    "ouverte_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="ouverte le"),
                ),
                ("fermee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="fermée le")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pages_ouvertes",
                        to="programme.grappe",
                    ),
                ),
                (
                    "ouverte_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ouverte par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pages_ouvertes",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "page ouverte",
                "verbose_name_plural": "pages ouvertes",
                "ordering": ["-ouverte_le", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("fermee_le__isnull", True)),
                        fields=("parcours",),
                        name="page_ouverte_une_par_esms",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("fermee_le__isnull", True), ("parcours__isnull", True)),
                        fields=("grappe",),
                        name="page_ouverte_une_par_grappe",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Portee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portees",
                        to="gouvernance.decision",
                        verbose_name="décision",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="portees",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "derogation",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="socle.derogation",
                        verbose_name="dérogation écrite",
                    ),
                ),
            ],
            options={
                "verbose_name": "portée d'une décision",
                "verbose_name_plural": "portées des décisions",
                "constraints": [models.UniqueConstraint(fields=("decision", "parcours"), name="portee_unique")],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="parcours",
            field=models.ManyToManyField(
                blank=True,
                related_name="decisions",
                through="gouvernance.Portee",
                to="programme.parcours",
                verbose_name="ESMS concernés",
            ),
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public",
                    models.CharField(
                        choices=[
                            ("instances", "Les membres des instances"),
                            ("directions", "Les directions et les sièges"),
                            ("equipes", "Les équipes"),
                            ("financeur", "Le financeur"),
                            ("personnes", "Les personnes accompagnées et leurs proches"),
                        ],
                        max_length=12,
                        verbose_name="public",
                    ),
                ),
                (
                    "publiee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="publiée le"),
                ),
                ("retiree_le", models.DateTimeField(blank=True, null=True, verbose_name="retirée le")),
                (
                    "entree",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publications",
                        to="gouvernance.entree",
                        verbose_name="entrée",
                    ),
                ),
                (
                    "publiee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="publiée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "ordering": ["entree", "public", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("public__in", ["instances", "directions", "equipes", "financeur", "personnes"])
                        ),
                        name="publication_public_connu",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retiree_le__isnull", True)),
                        fields=("entree", "public"),
                        name="publication_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("titre", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="titre")),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("duree", models.PositiveSmallIntegerField(default=120, verbose_name="durée prévue, en minutes")),
                ("lieu", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="lieu")),
                ("lien", models.URLField(blank=True, max_length=300, verbose_name="lien de visioconférence")),
                (
                    "invites",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=300, verbose_name="invités, par fonction"
                    ),
                ),
                ("serie", models.UUIDField(blank=True, editable=False, null=True, verbose_name="série")),
                ("sequence", models.PositiveIntegerField(default=0, editable=False, verbose_name="déplacements")),
                (
                    "quorum_atteint",
                    models.BooleanField(blank=True, editable=False, null=True, verbose_name="quorum atteint"),
                ),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("preparee", "Préparée"),
                            ("ouverte", "Ouverte"),
                            ("close", "Close"),
                            ("diffusee", "Compte rendu diffusé"),
                            ("annulee", "Annulée"),
                        ],
                        db_index=True,
                        default="preparee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "comite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seances",
                        to="gouvernance.instance",
                        verbose_name="instance",
                    ),
                ),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seances_creees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "séance",
                "ordering": ["-debut", "-pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["comite", "etat", "debut"], name="seance_instance")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["preparee", "ouverte", "close", "diffusee", "annulee"])),
                        name="seance_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duree__gte", 5), ("duree__lte", 600)),
                        name="seance_duree",
                        violation_error_message="Une séance dure entre 5 minutes et 10 heures.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("present", "Présent"),
                            ("supplee", "Suppléé"),
                            ("excuse", "Excusé"),
                            ("absent", "Absent"),
                        ],
                        max_length=8,
                        verbose_name="statut",
                    ),
                ),
                (
                    "mandat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="presences", to="gouvernance.mandat"
                    ),
                ),
                (
                    "seance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "présence",
                "constraints": [
                    models.UniqueConstraint(fields=("seance", "mandat"), name="presence_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("statut__in", ["present", "supplee", "excuse", "absent"])),
                        name="presence_statut_connu",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Point",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(default=0, verbose_name="rang")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="titre")),
                (
                    "nature",
                    models.CharField(
                        choices=[("information", "Information"), ("echange", "Échange"), ("decision", "Décision")],
                        default="echange",
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("duree", models.PositiveSmallIntegerField(default=10, verbose_name="durée, en minutes")),
                (
                    "expose",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="de quoi il s'agit"
                    ),
                ),
                ("origine", models.CharField(blank=True, max_length=30, verbose_name="origine")),
                ("cle", models.CharField(blank=True, max_length=80, verbose_name="clé de la proposition")),
                ("source_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "suite",
                    models.CharField(
                        choices=[
                            ("a_traiter", "À traiter"),
                            ("traite", "Traité"),
                            ("reporte", "Reporté"),
                            ("retire", "Retiré"),
                        ],
                        default="a_traiter",
                        max_length=10,
                        verbose_name="suite",
                    ),
                ),
                (
                    "notes",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=4000, verbose_name="ce qui s'est dit"
                    ),
                ),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="réponse donnée"
                    ),
                ),
                (
                    "demandee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points_portes",
                        to="gouvernance.instance",
                        verbose_name="demandé par",
                    ),
                ),
                (
                    "reporte_de",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repris_par",
                        to="gouvernance.point",
                        verbose_name="reporté de",
                    ),
                ),
                (
                    "source_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "seance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "point d'ordre du jour",
                "verbose_name_plural": "points d'ordre du jour",
                "ordering": ["seance", "rang", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["information", "echange", "decision"])),
                        name="point_nature_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("suite__in", ["a_traiter", "traite", "reporte", "retire"])),
                        name="point_suite_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duree__gte", 1), ("duree__lte", 480)),
                        name="point_duree",
                        violation_error_message="Un point dure entre une minute et huit heures.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cle", ""), _negated=True),
                        fields=("seance", "cle"),
                        name="point_propose_une_fois",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartageSeance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("du", models.DateField(default=django.utils.timezone.localdate, verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                ("pourquoi", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="pourquoi")),
                (
                    "ouvert_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="ouvert le"),
                ),
                ("revoque_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
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
                (
                    "seance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partages",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "partage d'un compte rendu",
                "verbose_name_plural": "partages de comptes rendus",
                "ordering": ["-ouvert_le", "-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("au__isnull", True), ("au__gte", models.F("du")), _connector="OR"),
                        name="partage_seance_dates",
                        violation_error_message="La fin du partage précède son début : corrigez l'une des deux dates.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[("information", "Information"), ("decision", "Décision"), ("action", "Action")],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="texte"
                    ),
                ),
                (
                    "tardive",
                    models.BooleanField(default=False, editable=False, verbose_name="consignée après la clôture"),
                ),
                (
                    "consignee_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="consignée le"
                    ),
                ),
                (
                    "action",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issue_de_seance",
                        to="programme.action",
                    ),
                ),
                (
                    "consignee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="consignée par",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issue",
                        to="gouvernance.decision",
                        verbose_name="décision",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="issues",
                        to="gouvernance.point",
                    ),
                ),
                (
                    "seance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="issues",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "issue de séance",
                "verbose_name_plural": "issues de séance",
                "ordering": ["seance", "point__rang", "consignee_le", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("type__in", ["information", "decision", "action"])), name="issue_type_connu"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPoint",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(default=0, verbose_name="rang")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="titre")),
                (
                    "nature",
                    models.CharField(
                        choices=[("information", "Information"), ("echange", "Échange"), ("decision", "Décision")],
                        default="echange",
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("duree", models.PositiveSmallIntegerField(default=10, verbose_name="durée, en minutes")),
                (
                    "expose",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="de quoi il s'agit"
                    ),
                ),
                ("origine", models.CharField(blank=True, max_length=30, verbose_name="origine")),
                ("cle", models.CharField(blank=True, max_length=80, verbose_name="clé de la proposition")),
                ("source_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "suite",
                    models.CharField(
                        choices=[
                            ("a_traiter", "À traiter"),
                            ("traite", "Traité"),
                            ("reporte", "Reporté"),
                            ("retire", "Retiré"),
                        ],
                        default="a_traiter",
                        max_length=10,
                        verbose_name="suite",
                    ),
                ),
                (
                    "notes",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=4000, verbose_name="ce qui s'est dit"
                    ),
                ),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="réponse donnée"
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
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source_type",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "demandee_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.instance",
                        verbose_name="demandé par",
                    ),
                ),
                (
                    "reporte_de",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.point",
                        verbose_name="reporté de",
                    ),
                ),
                (
                    "seance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical point d'ordre du jour",
                "verbose_name_plural": "historical points d'ordre du jour",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIssue",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[("information", "Information"), ("decision", "Décision"), ("action", "Action")],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="texte"
                    ),
                ),
                (
                    "tardive",
                    models.BooleanField(default=False, editable=False, verbose_name="consignée après la clôture"),
                ),
                (
                    "consignee_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="consignée le"
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
                    "action",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.action",
                    ),
                ),
                (
                    "consignee_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="consignée par",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.decision",
                        verbose_name="décision",
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
                    "point",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.point",
                    ),
                ),
                (
                    "seance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical issue de séance",
                "verbose_name_plural": "historical issues de séance",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDecision",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("numero", models.PositiveIntegerField(editable=False, verbose_name="numéro")),
                ("intitule", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="décision")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="ce qui est décidé"
                    ),
                ),
                (
                    "pourquoi",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="pourquoi"
                    ),
                ),
                (
                    "effet",
                    models.CharField(
                        choices=[
                            ("suite", "Une suite à donner"),
                            ("levee", "Une condition levée"),
                            ("reglage", "Ce que demande un passage"),
                            ("calendrier", "Une date ou une vague de déploiement"),
                            ("cible", "Une cible"),
                        ],
                        default="suite",
                        max_length=12,
                        verbose_name="ce qu'elle change",
                    ),
                ),
                (
                    "changement",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=200, verbose_name="ce qui change, précisément"
                    ),
                ),
                ("condition", models.CharField(blank=True, max_length=60, verbose_name="condition levée")),
                ("levee_du", models.DateField(blank=True, null=True, verbose_name="levée du")),
                ("levee_au", models.DateField(blank=True, null=True, verbose_name="levée jusqu'au")),
                ("revue_le", models.DateField(blank=True, null=True, verbose_name="à revoir le")),
                ("arbitree_le", models.DateField(blank=True, editable=False, null=True, verbose_name="arbitrée le")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("instruite", "Instruite"),
                            ("arbitree", "Arbitrée"),
                            ("appliquee", "Appliquée"),
                            ("abandonnee", "Abandonnée"),
                            ("revisee", "Révisée"),
                        ],
                        db_index=True,
                        default="instruite",
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
                    "remplace",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.decision",
                        verbose_name="remplace",
                    ),
                ),
                (
                    "comite",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.instance",
                        verbose_name="instance",
                    ),
                ),
                (
                    "seance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical décision",
                "verbose_name_plural": "historical décisions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DossierSeance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contenu", models.JSONField(verbose_name="contenu")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "fait_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="fait le"),
                ),
                (
                    "fait_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="fait par",
                    ),
                ),
                (
                    "seance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dossiers",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier de séance",
                "verbose_name_plural": "dossiers de séance",
                "ordering": ["-fait_le", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="seance",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="gouvernance.seance",
                verbose_name="séance",
            ),
        ),
        migrations.CreateModel(
            name="CompteRendu",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contenu", models.JSONField(verbose_name="contenu")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "diffuse_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="diffusé le"),
                ),
                ("nb_envoyes", models.PositiveSmallIntegerField(default=0, verbose_name="courriels envoyés")),
                (
                    "diffuse_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="diffusé par",
                    ),
                ),
                (
                    "seance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compte_rendu",
                        to="gouvernance.seance",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "compte rendu",
                "verbose_name_plural": "comptes rendus",
            },
        ),
        migrations.CreateModel(
            name="Alerte",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("intitule", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="ce qui se passe")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "origine",
                    models.CharField(
                        choices=[
                            ("esms", "Un ESMS"),
                            ("grappe", "La conduite du projet"),
                            ("regle", "Une règle de Treille"),
                        ],
                        default="esms",
                        max_length=8,
                        verbose_name="origine",
                    ),
                ),
                ("regle", models.CharField(blank=True, max_length=40, verbose_name="règle")),
                ("cle", models.CharField(blank=True, max_length=80, verbose_name="clé")),
                (
                    "levee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="donnée le"),
                ),
                ("echeance", models.DateField(verbose_name="à traiter avant le")),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="réponse"
                    ),
                ),
                (
                    "cessee_le",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="ce n'est plus le cas depuis le"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("levee", "À prendre en charge"),
                            ("prise_en_charge", "Prise en charge"),
                            ("portee", "Portée au COSTRAT"),
                            ("close", "Close"),
                        ],
                        db_index=True,
                        default="levee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alertes", to="programme.grappe"
                    ),
                ),
                (
                    "levee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alertes_levees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="donnée par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alertes",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "alerte",
                "ordering": ["echeance", "pk"],
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["grappe", "etat", "echeance"], name="alerte_grappe"),
                    models.Index(fields=["parcours", "etat"], name="alerte_parcours"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["levee", "prise_en_charge", "portee", "close"])),
                        name="alerte_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origine__in", ["esms", "grappe", "regle"])), name="alerte_origine_connue"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("regle", ""), _negated=True), models.Q(("etat", "close"), _negated=True)
                        ),
                        fields=("grappe", "regle", "cle"),
                        name="alerte_de_regle_unique",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["seance"], name="decision_seance"),
        ),
    ]
