"""Le tronc, tel qu'il est à la première mise en service."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import programme.calculs.situation
import programme.socle.champs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Utilisateur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("identifiant", models.CharField(max_length=60, unique=True, verbose_name="identifiant")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom affiché")),
                ("courriel", models.EmailField(blank=True, max_length=254, verbose_name="courriel professionnel")),
                ("is_active", models.BooleanField(default=True, verbose_name="compte actif")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
            ],
            options={
                "verbose_name": "utilisateur",
                "ordering": ["nom", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Categorie",
            fields=[
                ("code", models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name="code")),
                ("libelle", models.CharField(max_length=200, verbose_name="libellé")),
                ("sigle", models.CharField(blank=True, max_length=40, verbose_name="sigle")),
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
            ],
            options={
                "verbose_name": "catégorie",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Departement",
            fields=[
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name="code INSEE")),
                ("nom", models.CharField(max_length=60, verbose_name="nom")),
                ("code_finess", models.CharField(max_length=2, verbose_name="code de l'ancien extrait FINESS")),
            ],
            options={
                "verbose_name": "département",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Editeur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=120, unique=True, verbose_name="nom")),
            ],
            options={
                "verbose_name": "éditeur",
                "ordering": ["nom"],
            },
        ),
        migrations.CreateModel(
            name="Grappe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "annee_financement",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="année de financement"),
                ),
                (
                    "presentation",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="présentation"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("montage", "Montage"),
                            ("deposee", "Déposée"),
                            ("conventionnee", "Conventionnée"),
                            ("consultation", "Consultation"),
                            ("modele_commun", "Modèle commun"),
                            ("pilote", "Pilote"),
                            ("deploiement", "Déploiement"),
                            ("mesure_usages", "Mesure des usages"),
                            ("soldee", "Soldée"),
                            ("non_retenue", "Non retenue"),
                            ("suspendue", "Suspendue"),
                            ("resiliee", "Résiliée"),
                        ],
                        db_index=True,
                        default="montage",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "etat_suspendu",
                    models.CharField(blank=True, editable=False, max_length=20, verbose_name="état à la suspension"),
                ),
                ("creee_le", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=120, verbose_name="tri"),
                ),
            ],
            options={
                "verbose_name": "grappe",
                "ordering": ["tri", "pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "etat__in",
                                [
                                    "montage",
                                    "deposee",
                                    "conventionnee",
                                    "consultation",
                                    "modele_commun",
                                    "pilote",
                                    "deploiement",
                                    "mesure_usages",
                                    "soldee",
                                    "non_retenue",
                                    "suspendue",
                                    "resiliee",
                                ],
                            )
                        ),
                        name="grappe_etat_connu",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Metier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("nom", models.CharField(max_length=80, verbose_name="nom")),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
            ],
            options={
                "verbose_name": "métier",
                "ordering": ["ordre", "nom"],
            },
        ),
        migrations.CreateModel(
            name="Module",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("nom", models.CharField(max_length=80, verbose_name="nom")),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("est_medical", models.BooleanField(default=False, verbose_name="module médical")),
            ],
            options={
                "verbose_name": "module",
                "ordering": ["ordre", "nom"],
            },
        ),
        migrations.CreateModel(
            name="OrganismeGestionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "finess",
                    models.CharField(blank=True, max_length=9, null=True, unique=True, verbose_name="FINESS juridique"),
                ),
                ("siren", models.CharField(blank=True, max_length=9, verbose_name="SIREN")),
                ("nom", models.CharField(max_length=200, verbose_name="nom")),
                ("nom_long", models.CharField(blank=True, max_length=300, verbose_name="raison sociale")),
                ("statut_juridique", models.CharField(blank=True, max_length=10, verbose_name="statut juridique")),
                ("ferme_le", models.DateField(blank=True, null=True, verbose_name="fermé le")),
                ("recherche", models.TextField(default="", editable=False, verbose_name="recherche")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=200, verbose_name="tri"),
                ),
            ],
            options={
                "verbose_name": "organisme gestionnaire",
                "verbose_name_plural": "organismes gestionnaires",
                "ordering": ["tri", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name="code INSEE")),
                ("nom", models.CharField(max_length=60, verbose_name="nom")),
            ],
            options={
                "verbose_name": "région",
                "ordering": ["nom"],
            },
        ),
        migrations.CreateModel(
            name="VersionInstruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                ("publiee_le", models.DateField(blank=True, null=True, verbose_name="publiée le")),
                ("source", programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="source")),
                ("est_officielle", models.BooleanField(default=False, verbose_name="texte officiel")),
            ],
            options={
                "verbose_name": "version d'instruction",
                "verbose_name_plural": "versions d'instruction",
                "ordering": ["-publiee_le", "nom"],
            },
        ),
        migrations.CreateModel(
            name="DureesObservees",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "portee",
                    models.CharField(
                        choices=[
                            ("national", "National"),
                            ("region", "Région"),
                            ("grappe", "Grappe"),
                            ("og", "Organisme gestionnaire"),
                            ("groupe", "Groupe d'ESMS"),
                            ("esms", "ESMS"),
                        ],
                        max_length=8,
                        verbose_name="portée",
                    ),
                ),
                ("cle", models.CharField(blank=True, max_length=20, verbose_name="clé")),
                (
                    "de",
                    models.CharField(
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        max_length=20,
                        verbose_name="état quitté",
                    ),
                ),
                (
                    "vers",
                    models.CharField(
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        max_length=20,
                        verbose_name="état atteint",
                    ),
                ),
                ("durees", models.JSONField(verbose_name="durées")),
                ("relevees_le", models.DateField(verbose_name="relevées le")),
            ],
            options={
                "verbose_name": "durées observées",
                "verbose_name_plural": "durées observées",
                "constraints": [
                    models.UniqueConstraint(fields=("portee", "cle", "de", "vers"), name="durees_observees_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Esms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("finess", models.CharField(max_length=9, unique=True, verbose_name="FINESS géographique")),
                ("nom", models.CharField(max_length=200, verbose_name="nom")),
                ("nom_long", models.CharField(blank=True, max_length=300, verbose_name="raison sociale")),
                ("siret", models.CharField(blank=True, max_length=14, verbose_name="SIRET")),
                ("commune_cog", models.CharField(blank=True, max_length=5, verbose_name="code commune")),
                ("code_postal", models.CharField(blank=True, max_length=5, verbose_name="code postal")),
                ("ville", models.CharField(blank=True, max_length=100, verbose_name="ville")),
                ("adresse", models.CharField(blank=True, max_length=200, verbose_name="adresse")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="longitude")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="latitude")),
                ("ouvert_le", models.DateField(blank=True, null=True, verbose_name="ouvert le")),
                ("ferme_le", models.DateField(blank=True, null=True, verbose_name="fermé le")),
                ("est_actif", models.BooleanField(db_index=True, default=True, verbose_name="en activité")),
                ("millesime", models.DateField(blank=True, null=True, verbose_name="millésime FINESS")),
                ("recherche", models.TextField(default="", editable=False, verbose_name="recherche")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=200, verbose_name="tri"),
                ),
                (
                    "categorie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="esms",
                        to="programme.categorie",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="esms",
                        to="programme.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "remplace_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remplace",
                        to="programme.esms",
                        verbose_name="remplacé par",
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="esms",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
            ],
            options={
                "verbose_name": "ESMS",
                "verbose_name_plural": "ESMS",
                "ordering": ["tri", "pk"],
                "indexes": [models.Index(fields=["ville", "code_postal", "tri", "id"], name="esms_ville")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("remplace_par", models.F("id")), _negated=True),
                        name="esms_pas_remplace_par_soi",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvenementEsms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("og", "Changement d'organisme gestionnaire"),
                            ("fermeture", "Fermeture"),
                            ("reouverture", "Réouverture"),
                            ("fusion", "Fusion déclarée"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("date_effet", models.DateField(blank=True, null=True, verbose_name="date")),
                ("avant", models.CharField(blank=True, max_length=9, verbose_name="numéro avant")),
                ("apres", models.CharField(blank=True, max_length=9, verbose_name="numéro après")),
                ("enregistre_le", models.DateTimeField(auto_now_add=True, verbose_name="enregistré le")),
                ("traite_le", models.DateTimeField(blank=True, null=True, verbose_name="suite donnée le")),
                (
                    "suite",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="suite donnée"
                    ),
                ),
                (
                    "esms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evenements",
                        to="programme.esms",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "traite_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suite donnée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "événement d'un ESMS",
                "verbose_name_plural": "événements des ESMS",
                "ordering": ["esms", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Convention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="référence")),
                (
                    "financeur",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="financeur"),
                ),
                ("signee_le", models.DateField(verbose_name="signée le")),
                ("fin", models.DateField(blank=True, null=True, verbose_name="fin prévue")),
                (
                    "montant",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="montant de l'aide"
                    ),
                ),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="à savoir"
                    ),
                ),
                (
                    "grappe",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="convention", to="programme.grappe"
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programme.versioninstruction",
                        verbose_name="version d'instruction",
                    ),
                ),
            ],
            options={
                "verbose_name": "convention de financement",
                "verbose_name_plural": "conventions de financement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fin__isnull", True), ("fin__gte", models.F("signee_le")), _connector="OR"),
                        name="convention_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("montant__isnull", True), ("montant__gte", 0), _connector="OR"),
                        name="convention_montant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BesoinCommun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="besoin")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="besoins_communs",
                        to="programme.grappe",
                    ),
                ),
            ],
            options={
                "verbose_name": "besoin commun",
                "verbose_name_plural": "besoins communs",
                "ordering": ["libelle", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Groupe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "esms",
                    models.ManyToManyField(
                        blank=True, related_name="groupes", to="programme.esms", verbose_name="ESMS"
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groupes",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
            ],
            options={
                "verbose_name": "groupe",
                "ordering": ["nom"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalBesoinCommun",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="besoin")),
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
                "verbose_name": "historical besoin commun",
                "verbose_name_plural": "historical besoins communs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalJalon",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="libellé")),
                (
                    "piece_attendue",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="pièce attendue"),
                ),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance")),
                (
                    "montant",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="montant prévu"
                    ),
                ),
                ("preuve_usage", models.BooleanField(default=False, verbose_name="preuve d'usage demandée")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_produire", "À produire"),
                            ("transmis", "Transmis"),
                            ("precision", "Précision demandée"),
                            ("accepte", "Accepté"),
                            ("verse", "Versé"),
                            ("abandonne", "Abandonné"),
                        ],
                        db_index=True,
                        default="a_produire",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "montant_verse",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="montant versé"
                    ),
                ),
                ("verse_le", models.DateField(blank=True, editable=False, null=True, verbose_name="versé le")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "convention",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.convention",
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
                "verbose_name": "historical jalon",
                "verbose_name_plural": "historical jalons",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("empreinte", models.CharField(max_length=64, unique=True, verbose_name="empreinte du jeton")),
                ("creee_le", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                ("expire_le", models.DateTimeField(verbose_name="expire le")),
                ("utilisee_le", models.DateTimeField(blank=True, null=True, verbose_name="utilisée le")),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations_faites",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
            },
        ),
        migrations.AddField(
            model_name="grappe",
            name="modules",
            field=models.ManyToManyField(
                blank=True, related_name="grappes", to="programme.module", verbose_name="modules au périmètre"
            ),
        ),
        migrations.CreateModel(
            name="HistoricalInterlocuteur",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "sujet",
                    models.CharField(
                        choices=[
                            ("usage", "Me servir du DUI au quotidien"),
                            ("panne", "Panne, connexion, matériel"),
                            ("droits", "Mon compte, mes droits d'accès"),
                            ("formation", "Me former, former un arrivant"),
                            ("donnees", "Données personnelles"),
                            ("services_socles", "INS, messagerie sécurisée, Mon espace santé"),
                            ("editeur", "Une demande à l'éditeur"),
                            ("projet", "Le projet, le calendrier, une décision"),
                            ("financement", "Le financement, les pièces"),
                            ("si", "Le système d'information, ses applications"),
                        ],
                        max_length=20,
                        verbose_name="sujet",
                    ),
                ),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom ou service")),
                (
                    "fonction",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="fonction"),
                ),
                (
                    "telephone",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=30, verbose_name="téléphone professionnel"
                    ),
                ),
                ("courriel", models.EmailField(blank=True, max_length=254, verbose_name="courriel professionnel")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=200, verbose_name="quand et comment le joindre"
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
            ],
            options={
                "verbose_name": "historical interlocuteur",
                "verbose_name_plural": "historical interlocuteurs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="grappe",
            name="porteur",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grappes_portees",
                to="programme.organismegestionnaire",
            ),
        ),
        migrations.CreateModel(
            name="Parcours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "type_projet",
                    models.CharField(
                        choices=[
                            ("acquisition", "Acquisition"),
                            ("mise_en_conformite", "Mise en conformité"),
                            ("usages", "Usages"),
                        ],
                        default="acquisition",
                        max_length=20,
                        verbose_name="type de projet",
                    ),
                ),
                (
                    "point_depart",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("papier", "Papier"),
                            ("bureautique", "Bureautique"),
                            ("autre_dui", "Autre DUI à migrer"),
                            ("meme_dui", "Même DUI à mettre en conformité"),
                            ("deja_conforme", "DUI déjà conforme"),
                        ],
                        max_length=20,
                        verbose_name="point de départ",
                    ),
                ),
                ("est_pilote", models.BooleanField(default=False, verbose_name="site pilote")),
                (
                    "premier_gain",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="premier gain visible"
                    ),
                ),
                (
                    "temps_ecriture",
                    models.CharField(
                        choices=[("non_decide", "Non décidé"), ("decide", "Décidé"), ("refuse", "Refusé")],
                        default="non_decide",
                        max_length=12,
                        verbose_name="temps d'écriture et de lecture",
                    ),
                ),
                (
                    "temps_ecriture_note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="ce qui est décidé, et par qui"
                    ),
                ),
                ("referent_maintenu", models.BooleanField(default=False, verbose_name="référent ou relais maintenu")),
                ("usages_suivis", models.BooleanField(default=False, verbose_name="usages suivis")),
                (
                    "nb_bloquants",
                    models.PositiveSmallIntegerField(default=0, verbose_name="tickets bloquants sans contournement"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        db_index=True,
                        default="recense",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "etat_memoire",
                    models.CharField(blank=True, editable=False, max_length=20, verbose_name="état avant suspension"),
                ),
                (
                    "etat_avant_sortie",
                    models.CharField(blank=True, editable=False, max_length=20, verbose_name="état avant sortie"),
                ),
                (
                    "motif_sortie",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retrait", "Retrait avant convention"),
                            ("avenant", "Sortie par avenant"),
                            ("fermeture", "Fermeture"),
                            ("fusion", "Fusion avec un autre ESMS"),
                            ("transfert", "Changement d'organisme gestionnaire"),
                        ],
                        max_length=12,
                        verbose_name="raison de la sortie",
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                (
                    "depuis_le",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="dans cet état depuis"),
                ),
                (
                    "prochaine_le",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="prochaine date"),
                ),
                (
                    "esms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parcours",
                        to="programme.esms",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parcours", to="programme.grappe"
                    ),
                ),
            ],
            options={
                "verbose_name": "parcours",
                "verbose_name_plural": "parcours",
                "ordering": ["esms__tri", "pk"],
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["grappe", "etat"], name="parcours_grappe_etat"),
                    models.Index(fields=["prochaine_le", "id"], name="parcours_prochaine"),
                    models.Index(fields=["depuis_le", "id"], name="parcours_depuis"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "etat__in",
                                [
                                    "recense",
                                    "cadrage",
                                    "preparation",
                                    "pilote",
                                    "ouverture",
                                    "service_regulier",
                                    "routine",
                                    "suspendu",
                                    "sorti",
                                ],
                            )
                        ),
                        name="parcours_etat_connu",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("etat", "sorti"), _negated=True),
                        fields=("esms", "grappe"),
                        name="parcours_esms_grappe",
                    ),
                ],
            },
            bases=(programme.calculs.situation.SituationParcours, models.Model),
        ),
        migrations.CreateModel(
            name="LigneReprise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quoi", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="données")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("papier", "Papier"),
                            ("bureautique", "Bureautique"),
                            ("ancien_dui", "Ancien DUI"),
                            ("autre", "Autre logiciel"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                (
                    "moyen",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("interne", "Saisie par l'équipe"),
                            ("editeur", "Import par l'éditeur"),
                            ("prestataire", "Prestataire, renfort"),
                            ("numerisation", "Numérisation"),
                            ("aucun", "Pas reprises, consultées où elles sont"),
                        ],
                        max_length=12,
                        verbose_name="moyen",
                    ),
                ),
                (
                    "qui",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="qui s'en charge"),
                ),
                ("volume", models.PositiveIntegerField(blank=True, null=True, verbose_name="volume")),
                (
                    "unite",
                    programme.socle.champs.TexteCourtField(default="dossiers", max_length=40, verbose_name="unité"),
                ),
                ("reste", models.PositiveIntegerField(blank=True, null=True, verbose_name="reste")),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="pour le")),
                ("securite_soins", models.BooleanField(default=False, verbose_name="la sécurité des soins en dépend")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reprises", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "données à reprendre",
                "verbose_name_plural": "données à reprendre",
                "ordering": ["-securite_soins", "pk"],
                "indexes": [models.Index(fields=["parcours", "securite_soins"], name="reprise_parcours")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["papier", "bureautique", "ancien_dui", "autre"]),
                            ("moyen__in", ["", "interne", "editeur", "prestataire", "numerisation", "aucun"]),
                        ),
                        name="reprise_valeurs_connues",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("volume__isnull", True),
                            ("reste__isnull", True),
                            ("reste__lte", models.F("volume")),
                            _connector="OR",
                        ),
                        name="reprise_reste_au_plus",
                        violation_error_message="Il ne peut pas rester plus que le volume : corrigez l'un des deux.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalTempsMetier",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[("non_decide", "Non décidé"), ("decide", "Décidé"), ("refuse", "Refusé")],
                        default="non_decide",
                        max_length=12,
                        verbose_name="décision",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                240, "240 minutes par jour au plus : vérifiez l'unité."
                            )
                        ],
                        verbose_name="minutes par jour",
                    ),
                ),
                (
                    "decide_par",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="par qui"),
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
                    "metier",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.metier",
                        verbose_name="métier",
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
                    ),
                ),
            ],
            options={
                "verbose_name": "historical temps d'écriture d'un métier",
                "verbose_name_plural": "historical temps d'écriture par métier",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalReponseChecklist",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code de l'action")),
                (
                    "niveau",
                    models.CharField(
                        choices=[
                            ("grappe", "Grappe"),
                            ("og", "Organisme gestionnaire"),
                            ("groupe", "Groupe d'ESMS"),
                            ("esms", "ESMS"),
                        ],
                        max_length=8,
                        verbose_name="niveau",
                    ),
                ),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("a_faire", "À faire"),
                            ("en_cours", "En cours"),
                            ("en_attente", "En attente d'autrui"),
                            ("fait", "Fait"),
                            ("deja_fait", "Déjà fait avant le projet"),
                            ("sans_objet", "Sans objet"),
                        ],
                        default="a_faire",
                        max_length=12,
                        verbose_name="statut",
                    ),
                ),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="pourquoi c'est sans objet"
                    ),
                ),
                (
                    "commentaire",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="commentaire"
                    ),
                ),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance choisie")),
                (
                    "libelle_repondu",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="intitulé lu"),
                ),
                ("modifiee_le", models.DateTimeField(blank=True, editable=False, verbose_name="modifiée le")),
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
                    "groupe",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.groupe",
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
                    "responsable",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
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
                    ),
                ),
            ],
            options={
                "verbose_name": "historical réponse à la checklist",
                "verbose_name_plural": "historical réponses à la checklist",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPersonneRessource",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("fonction", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="fonction")),
                ("nom", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="nom")),
                (
                    "expertise",
                    models.CharField(
                        choices=[
                            ("pilotage", "Piloter le projet dans l'ESMS"),
                            ("metier", "Connaître un métier, ses écrits"),
                            ("informatique", "L'informatique, le réseau"),
                            ("formation", "Former, accompagner les collègues"),
                            ("qualite", "La qualité, les procédures"),
                            ("donnees", "Les données, leur reprise, leur protection"),
                        ],
                        max_length=12,
                        verbose_name="apporte",
                    ),
                ),
                (
                    "heures_demandees",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                160, "160 heures par mois au plus : au-delà, ce sont sans doute des heures par an."
                            )
                        ],
                        verbose_name="heures demandées",
                    ),
                ),
                (
                    "heures_accordees",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                160, "160 heures par mois au plus : au-delà, ce sont sans doute des heures par an."
                            )
                        ],
                        verbose_name="heures accordées",
                    ),
                ),
                (
                    "heures_degagees",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                160, "160 heures par mois au plus : au-delà, ce sont sans doute des heures par an."
                            )
                        ],
                        verbose_name="heures réellement dégagées",
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
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical personne ressource",
                "verbose_name_plural": "historical personnes ressources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLigneReprise",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("quoi", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="données")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("papier", "Papier"),
                            ("bureautique", "Bureautique"),
                            ("ancien_dui", "Ancien DUI"),
                            ("autre", "Autre logiciel"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                (
                    "moyen",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("interne", "Saisie par l'équipe"),
                            ("editeur", "Import par l'éditeur"),
                            ("prestataire", "Prestataire, renfort"),
                            ("numerisation", "Numérisation"),
                            ("aucun", "Pas reprises, consultées où elles sont"),
                        ],
                        max_length=12,
                        verbose_name="moyen",
                    ),
                ),
                (
                    "qui",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="qui s'en charge"),
                ),
                ("volume", models.PositiveIntegerField(blank=True, null=True, verbose_name="volume")),
                (
                    "unite",
                    programme.socle.champs.TexteCourtField(default="dossiers", max_length=40, verbose_name="unité"),
                ),
                ("reste", models.PositiveIntegerField(blank=True, null=True, verbose_name="reste")),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="pour le")),
                ("securite_soins", models.BooleanField(default=False, verbose_name="la sécurité des soins en dépend")),
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
                    ),
                ),
            ],
            options={
                "verbose_name": "historical données à reprendre",
                "verbose_name_plural": "historical données à reprendre",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEtape",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("reference", models.DateField(blank=True, null=True, verbose_name="référence")),
                ("revisee", models.DateField(blank=True, null=True, verbose_name="révisée")),
                ("reelle", models.DateField(blank=True, null=True, verbose_name="réelle")),
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
                    ),
                ),
            ],
            options={
                "verbose_name": "historical étape",
                "verbose_name_plural": "historical étapes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEquipement",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "postes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="postes où l'on peut écrire"),
                ),
                (
                    "simultanes",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="personnes qui écrivent en même temps"
                    ),
                ),
                (
                    "tablettes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="tablettes et téléphones"),
                ),
                (
                    "reseau",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("partout", "Partout où l'on écrit"),
                            ("en_partie", "En partie"),
                            ("absent", "Nulle part"),
                        ],
                        max_length=10,
                        verbose_name="réseau",
                    ),
                ),
                (
                    "wifi",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("partout", "Partout où l'on écrit"),
                            ("en_partie", "En partie"),
                            ("absent", "Nulle part"),
                        ],
                        max_length=10,
                        verbose_name="wifi",
                    ),
                ),
                (
                    "remarque",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="à savoir"
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
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical équipement",
                "verbose_name_plural": "historical équipements",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDocumentSi",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("schema", "Schéma directeur, feuille de route"),
                            ("cartographie", "Cartographie, inventaire des applications"),
                            ("securite", "Politique de sécurité, charte informatique"),
                            ("contrats", "Contrats : hébergement, maintenance, infogérance"),
                            ("registre", "Registre des traitements"),
                            ("continuite", "Plan de continuité, procédure dégradée"),
                            ("reseau", "Plan du réseau, relevé du wifi"),
                            ("maturite", "Autodiagnostic de maturité numérique"),
                            ("autre", "Autre document"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "intitule",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="intitulé"),
                ),
                ("lieu", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="où il se trouve")),
                ("date", models.DateField(blank=True, null=True, verbose_name="daté du")),
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
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical document du SI",
                "verbose_name_plural": "historical documents du SI",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDemandeParametrage",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="demande")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "demandee_par",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="demandée par"),
                ),
                ("ouverte_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="ouverte le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("ouverte", "Ouverte"),
                            ("instruite", "Instruite"),
                            ("close", "Close"),
                            ("retiree", "Retirée"),
                        ],
                        db_index=True,
                        default="ouverte",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "attente",
                    models.CharField(
                        choices=[
                            ("projet", "Le chef de projet"),
                            ("direction", "La direction de l'ESMS"),
                            ("editeur", "L'éditeur"),
                        ],
                        default="projet",
                        editable=False,
                        max_length=10,
                        verbose_name="en attente de",
                    ),
                ),
                (
                    "issue",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pratique", "On change la pratique"),
                            ("reglage", "Le réglage est fait"),
                            ("editeur", "L'éditeur fait évoluer le DUI"),
                            ("droit", "C'est une question de droit"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="issue",
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
                "verbose_name": "historical demande de paramétrage",
                "verbose_name_plural": "historical demandes de paramétrage",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalConflitCalendrier",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("projet", "Autre projet"),
                            ("evaluation", "Visite d'évaluation"),
                            ("travaux", "Travaux"),
                            ("demenagement", "Déménagement"),
                            ("fermeture", "Congés, fermeture"),
                            ("autre", "Autre conflit"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("debut", models.DateField(verbose_name="début")),
                ("fin", models.DateField(blank=True, null=True, verbose_name="fin")),
                ("note", programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="précision")),
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
            ],
            options={
                "verbose_name": "historical conflit de calendrier",
                "verbose_name_plural": "historical conflits de calendrier",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCandidature",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "mot",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="pourquoi cet ESMS"
                    ),
                ),
                (
                    "presentee_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="présentée le"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("presentee", "Présentée"),
                            ("designee", "Retenue"),
                            ("declinee", "Déclinée"),
                            ("retiree", "Retirée"),
                        ],
                        db_index=True,
                        default="presentee",
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
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "presentee_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="présentée par",
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
                "verbose_name": "historical candidature de site pilote",
                "verbose_name_plural": "historical candidatures de site pilote",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalBesoin",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="besoin")),
                (
                    "priorite",
                    models.CharField(
                        choices=[("indispensable", "Indispensable"), ("utile", "Utile"), ("plus_tard", "Plus tard")],
                        default="utile",
                        max_length=14,
                        verbose_name="priorité",
                    ),
                ),
                (
                    "perimetre",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unite", "Un service, une unité"),
                            ("metier", "Un métier"),
                            ("esms", "Tout l'ESMS"),
                            ("personnes", "Les personnes accompagnées et leurs proches"),
                            ("og", "Le siège, les fonctions support"),
                        ],
                        max_length=10,
                        verbose_name="à qui l'on a demandé",
                    ),
                ),
                (
                    "methode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reunion", "En réunion d'équipe"),
                            ("atelier", "En atelier entre métiers"),
                            ("entretien", "En entretien"),
                            ("enquete", "Par questionnaire"),
                            ("observation", "En observant le travail"),
                        ],
                        max_length=12,
                        verbose_name="comment",
                    ),
                ),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="précision"
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
                    "commun",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.besoincommun",
                        verbose_name="besoin commun",
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
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical besoin",
                "verbose_name_plural": "historical besoins",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAvisChantier",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "chantier",
                    models.CharField(
                        choices=[
                            ("parametrage", "Paramétrage local"),
                            ("droits", "Droits d'accès"),
                            ("formation", "Formation et écrits"),
                            ("materiel", "Matériel et accès"),
                            ("reprise", "Reprise des données"),
                        ],
                        max_length=12,
                        verbose_name="chantier",
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_commencer", "À commencer"),
                            ("en_cours", "En cours"),
                            ("pret", "Prêt"),
                            ("sans_objet", "Sans objet"),
                        ],
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="pourquoi"
                    ),
                ),
                ("le", models.DateTimeField(blank=True, editable=False, verbose_name="dit le")),
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
                    "par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
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
                    ),
                ),
            ],
            options={
                "verbose_name": "historical avis sur un chantier",
                "verbose_name_plural": "historical avis sur les chantiers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalApplication",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                ("editeur", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="éditeur")),
                (
                    "domaine",
                    models.CharField(
                        choices=[
                            ("dossier", "Dossier de la personne, transmissions"),
                            ("soins", "Soins, circuit du médicament"),
                            ("agenda", "Agenda, rendez-vous, transports"),
                            ("temps", "Plannings et temps du personnel"),
                            ("paie", "Paie, ressources humaines"),
                            ("facturation", "Facturation, comptabilité"),
                            ("qualite", "Qualité, événements indésirables"),
                            ("documents", "Documents, partage de fichiers"),
                            ("messagerie", "Messagerie, téléphonie, appels"),
                            ("hotellerie", "Restauration, hôtellerie, maintenance"),
                            ("services", "Services socles et portails nationaux"),
                            ("autre", "Autre usage"),
                        ],
                        max_length=12,
                        verbose_name="usage",
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("a_decider", "À décider"),
                            ("gardee", "Gardée telle quelle"),
                            ("interfacee", "Gardée, à relier au DUI"),
                            ("remplacee", "Remplacée par le DUI"),
                            ("arretee", "À arrêter"),
                        ],
                        default="a_decider",
                        max_length=12,
                        verbose_name="sort",
                    ),
                ),
                (
                    "interface",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=200, verbose_name="lien attendu avec le DUI"
                    ),
                ),
                (
                    "pour_qui",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="pour qui"),
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
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical application",
                "verbose_name_plural": "historical applications",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAction",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="action")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "responsable_nom",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="fonction, sans compte"
                    ),
                ),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance")),
                ("origine", models.CharField(max_length=20, verbose_name="origine")),
                ("source_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_faire", "À faire"),
                            ("en_cours", "En cours"),
                            ("faite", "Faite"),
                            ("abandonnee", "Abandonnée"),
                        ],
                        db_index=True,
                        default="a_faire",
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
                    "responsable",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
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
                "verbose_name": "historical action",
                "verbose_name_plural": "historical actions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Fait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("annonce", "Annonce du projet aux équipes"),
                            ("prediagnostic", "Pré-diagnostic du changement discuté"),
                            ("concertation", "Concertation des équipes"),
                            ("besoins", "Besoins exprimés"),
                            ("diffusion", "Résultats des besoins diffusés aux équipes"),
                            ("cse", "Consultation du CSE"),
                            ("cvs", "Information du conseil de la vie sociale (CVS)"),
                            ("aipd", "AIPD ou inscription au registre des traitements"),
                            ("hebergement", "Hébergement et sous-traitance"),
                            ("parametrage", "Paramétrage local vérifié avec les équipes"),
                            ("prerequis", "Prérequis techniques validés"),
                            ("enseignements", "Enseignements du pilote rédigés"),
                            ("lecture", "Enseignements du pilote lus"),
                            ("information", "Information des personnes accompagnées et de leurs proches"),
                            ("materiel", "Matériel et accès en place"),
                            ("procedures", "Procédures à jour, dégradée comprise"),
                            ("reprise", "Reprise des données faite"),
                            ("ecrits", "Écrits professionnels travaillés"),
                            ("arrivants", "Formation des arrivants au socle obligatoire"),
                            ("bilan", "Bilan du changement"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="référence"),
                ),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="précision"
                    ),
                ),
                (
                    "services",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=300, verbose_name="services rencontrés"
                    ),
                ),
                (
                    "changement",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="ce qui a changé grâce à eux"
                    ),
                ),
                ("saisi_le", models.DateTimeField(auto_now=True, verbose_name="saisi le")),
                (
                    "saisi_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="faits_saisis",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="faits", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "fait daté",
                "verbose_name_plural": "faits datés",
                "indexes": [models.Index(fields=["nature", "parcours"], name="fait_par_nature")],
                "constraints": [models.UniqueConstraint(fields=("parcours", "nature"), name="fait_unique")],
            },
        ),
        migrations.CreateModel(
            name="Etape",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("reference", models.DateField(blank=True, null=True, verbose_name="référence")),
                ("revisee", models.DateField(blank=True, null=True, verbose_name="révisée")),
                ("reelle", models.DateField(blank=True, null=True, verbose_name="réelle")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="etapes", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "étape",
                "constraints": [models.UniqueConstraint(fields=("parcours", "etat"), name="etape_unique")],
            },
        ),
        migrations.CreateModel(
            name="Equipement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "postes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="postes où l'on peut écrire"),
                ),
                (
                    "simultanes",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="personnes qui écrivent en même temps"
                    ),
                ),
                (
                    "tablettes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="tablettes et téléphones"),
                ),
                (
                    "reseau",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("partout", "Partout où l'on écrit"),
                            ("en_partie", "En partie"),
                            ("absent", "Nulle part"),
                        ],
                        max_length=10,
                        verbose_name="réseau",
                    ),
                ),
                (
                    "wifi",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("partout", "Partout où l'on écrit"),
                            ("en_partie", "En partie"),
                            ("absent", "Nulle part"),
                        ],
                        max_length=10,
                        verbose_name="wifi",
                    ),
                ),
                (
                    "remarque",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="à savoir"
                    ),
                ),
                (
                    "parcours",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="equipement", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "équipement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reseau__in", ["", "partout", "en_partie", "absent"]),
                            ("wifi__in", ["", "partout", "en_partie", "absent"]),
                        ),
                        name="equipement_couvertures",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentSi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("schema", "Schéma directeur, feuille de route"),
                            ("cartographie", "Cartographie, inventaire des applications"),
                            ("securite", "Politique de sécurité, charte informatique"),
                            ("contrats", "Contrats : hébergement, maintenance, infogérance"),
                            ("registre", "Registre des traitements"),
                            ("continuite", "Plan de continuité, procédure dégradée"),
                            ("reseau", "Plan du réseau, relevé du wifi"),
                            ("maturite", "Autodiagnostic de maturité numérique"),
                            ("autre", "Autre document"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "intitule",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="intitulé"),
                ),
                ("lieu", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="où il se trouve")),
                ("date", models.DateField(blank=True, null=True, verbose_name="daté du")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="programme.grappe"
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "document du SI",
                "verbose_name_plural": "documents du SI",
                "ordering": ["nature", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("og__isnull", True), ("parcours__isnull", False)),
                            models.Q(("og__isnull", False), ("parcours__isnull", True)),
                            _connector="OR",
                        ),
                        name="document_si_une_cible",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DemandeParametrage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="demande")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "demandee_par",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="demandée par"),
                ),
                ("ouverte_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="ouverte le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("ouverte", "Ouverte"),
                            ("instruite", "Instruite"),
                            ("close", "Close"),
                            ("retiree", "Retirée"),
                        ],
                        db_index=True,
                        default="ouverte",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "attente",
                    models.CharField(
                        choices=[
                            ("projet", "Le chef de projet"),
                            ("direction", "La direction de l'ESMS"),
                            ("editeur", "L'éditeur"),
                        ],
                        default="projet",
                        editable=False,
                        max_length=10,
                        verbose_name="en attente de",
                    ),
                ),
                (
                    "issue",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pratique", "On change la pratique"),
                            ("reglage", "Le réglage est fait"),
                            ("editeur", "L'éditeur fait évoluer le DUI"),
                            ("droit", "C'est une question de droit"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="issue",
                    ),
                ),
                ("close_le", models.DateField(blank=True, editable=False, null=True, verbose_name="close le")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demandes_creees",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demandes",
                        to="programme.module",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demandes",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande de paramétrage",
                "verbose_name_plural": "demandes de paramétrage",
                "ordering": ["ouverte_le", "pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["parcours", "etat"], name="demande_parcours")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["ouverte", "instruite", "close", "retiree"])),
                        name="demande_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attente__in", ["projet", "direction", "editeur"])),
                        name="demande_attente_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "close"), ("issue__in", ["pratique", "reglage", "editeur", "droit"])),
                            models.Q(models.Q(("etat", "close"), _negated=True), ("issue", "")),
                            _connector="OR",
                        ),
                        name="demande_issue_si_close",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("close_le__isnull", True), ("close_le__gte", models.F("ouverte_le")), _connector="OR"
                        ),
                        name="demande_delai",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflitCalendrier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("projet", "Autre projet"),
                            ("evaluation", "Visite d'évaluation"),
                            ("travaux", "Travaux"),
                            ("demenagement", "Déménagement"),
                            ("fermeture", "Congés, fermeture"),
                            ("autre", "Autre conflit"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("debut", models.DateField(verbose_name="début")),
                ("fin", models.DateField(blank=True, null=True, verbose_name="fin")),
                ("note", programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="précision")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflits",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflit de calendrier",
                "verbose_name_plural": "conflits de calendrier",
                "ordering": ["debut", "pk"],
                "indexes": [models.Index(fields=["parcours", "debut"], name="conflit_par_esms")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fin__isnull", True), ("fin__gte", models.F("debut")), _connector="OR"),
                        name="conflit_dates",
                        violation_error_message="La fin précède le début : corrigez l'une des deux dates.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "mot",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="pourquoi cet ESMS"
                    ),
                ),
                (
                    "presentee_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="présentée le"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("presentee", "Présentée"),
                            ("designee", "Retenue"),
                            ("declinee", "Déclinée"),
                            ("retiree", "Retirée"),
                        ],
                        db_index=True,
                        default="presentee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "presentee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidatures",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="présentée par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidatures",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "candidature de site pilote",
                "verbose_name_plural": "candidatures de site pilote",
                "ordering": ["-presentee_le", "-pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["presentee", "designee", "declinee", "retiree"])),
                        name="candidature_etat_connu",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("etat", "presentee")),
                        fields=("parcours",),
                        name="candidature_une_a_la_fois",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Besoin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="besoin")),
                (
                    "priorite",
                    models.CharField(
                        choices=[("indispensable", "Indispensable"), ("utile", "Utile"), ("plus_tard", "Plus tard")],
                        default="utile",
                        max_length=14,
                        verbose_name="priorité",
                    ),
                ),
                (
                    "perimetre",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unite", "Un service, une unité"),
                            ("metier", "Un métier"),
                            ("esms", "Tout l'ESMS"),
                            ("personnes", "Les personnes accompagnées et leurs proches"),
                            ("og", "Le siège, les fonctions support"),
                        ],
                        max_length=10,
                        verbose_name="à qui l'on a demandé",
                    ),
                ),
                (
                    "methode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reunion", "En réunion d'équipe"),
                            ("atelier", "En atelier entre métiers"),
                            ("entretien", "En entretien"),
                            ("enquete", "Par questionnaire"),
                            ("observation", "En observant le travail"),
                        ],
                        max_length=12,
                        verbose_name="comment",
                    ),
                ),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="précision"
                    ),
                ),
                ("recherche", models.CharField(default="", editable=False, max_length=300, verbose_name="recherche")),
                (
                    "commun",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="besoins",
                        to="programme.besoincommun",
                        verbose_name="besoin commun",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="besoins",
                        to="programme.module",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="besoins", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "besoin",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AvisChantier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "chantier",
                    models.CharField(
                        choices=[
                            ("parametrage", "Paramétrage local"),
                            ("droits", "Droits d'accès"),
                            ("formation", "Formation et écrits"),
                            ("materiel", "Matériel et accès"),
                            ("reprise", "Reprise des données"),
                        ],
                        max_length=12,
                        verbose_name="chantier",
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_commencer", "À commencer"),
                            ("en_cours", "En cours"),
                            ("pret", "Prêt"),
                            ("sans_objet", "Sans objet"),
                        ],
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="pourquoi"
                    ),
                ),
                ("le", models.DateTimeField(auto_now=True, verbose_name="dit le")),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="avis_de_chantier",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="avis_de_chantier",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "avis sur un chantier",
                "verbose_name_plural": "avis sur les chantiers",
                "constraints": [
                    models.UniqueConstraint(fields=("parcours", "chantier"), name="avis_chantier_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("chantier__in", ["parametrage", "droits", "formation", "materiel", "reprise"]),
                            ("etat__in", ["a_commencer", "en_cours", "pret", "sans_objet"]),
                        ),
                        name="avis_chantier_connu",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                ("editeur", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="éditeur")),
                (
                    "domaine",
                    models.CharField(
                        choices=[
                            ("dossier", "Dossier de la personne, transmissions"),
                            ("soins", "Soins, circuit du médicament"),
                            ("agenda", "Agenda, rendez-vous, transports"),
                            ("temps", "Plannings et temps du personnel"),
                            ("paie", "Paie, ressources humaines"),
                            ("facturation", "Facturation, comptabilité"),
                            ("qualite", "Qualité, événements indésirables"),
                            ("documents", "Documents, partage de fichiers"),
                            ("messagerie", "Messagerie, téléphonie, appels"),
                            ("hotellerie", "Restauration, hôtellerie, maintenance"),
                            ("services", "Services socles et portails nationaux"),
                            ("autre", "Autre usage"),
                        ],
                        max_length=12,
                        verbose_name="usage",
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("a_decider", "À décider"),
                            ("gardee", "Gardée telle quelle"),
                            ("interfacee", "Gardée, à relier au DUI"),
                            ("remplacee", "Remplacée par le DUI"),
                            ("arretee", "À arrêter"),
                        ],
                        default="a_decider",
                        max_length=12,
                        verbose_name="sort",
                    ),
                ),
                (
                    "interface",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=200, verbose_name="lien attendu avec le DUI"
                    ),
                ),
                (
                    "pour_qui",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="pour qui"),
                ),
                ("recherche", models.CharField(default="", editable=False, max_length=300, verbose_name="recherche")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="programme.grappe"
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "ordering": ["nom", "pk"],
                "indexes": [models.Index(fields=["grappe", "domaine"], name="application_domaine")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("og__isnull", True), ("parcours__isnull", False)),
                            models.Q(("og__isnull", False), ("parcours__isnull", True)),
                            _connector="OR",
                        ),
                        name="application_une_cible",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="action")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="précision"
                    ),
                ),
                (
                    "responsable_nom",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="fonction, sans compte"
                    ),
                ),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance")),
                ("origine", models.CharField(max_length=20, verbose_name="origine")),
                ("source_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_faire", "À faire"),
                            ("en_cours", "En cours"),
                            ("faite", "Faite"),
                            ("abandonnee", "Abandonnée"),
                        ],
                        db_index=True,
                        default="a_faire",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("faite_le", models.DateField(blank=True, editable=False, null=True, verbose_name="faite le")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "creee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions_creees",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "responsable",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to=settings.AUTH_USER_MODEL,
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
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="programme.grappe"
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "ordering": [models.OrderBy(models.F("echeance"), nulls_last=True), models.OrderBy(models.F("pk"))],
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["grappe", "etat", "echeance"], name="action_grappe"),
                    models.Index(fields=["parcours", "etat", "echeance"], name="action_parcours"),
                    models.Index(fields=["responsable", "etat", "echeance"], name="action_responsable"),
                    models.Index(fields=["source_type", "source_id"], name="action_source"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["a_faire", "en_cours", "faite", "abandonnee"])),
                        name="action_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("responsable__isnull", True), ("responsable_nom", ""), _connector="OR"),
                        name="action_un_responsable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source_id__isnull", True), ("source_type__isnull", True)),
                            models.Q(("source_id__isnull", False), ("source_type__isnull", False)),
                            _connector="OR",
                        ),
                        name="action_source_entiere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonneRessource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fonction", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="fonction")),
                ("nom", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="nom")),
                (
                    "expertise",
                    models.CharField(
                        choices=[
                            ("pilotage", "Piloter le projet dans l'ESMS"),
                            ("metier", "Connaître un métier, ses écrits"),
                            ("informatique", "L'informatique, le réseau"),
                            ("formation", "Former, accompagner les collègues"),
                            ("qualite", "La qualité, les procédures"),
                            ("donnees", "Les données, leur reprise, leur protection"),
                        ],
                        max_length=12,
                        verbose_name="apporte",
                    ),
                ),
                (
                    "heures_demandees",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                160, "160 heures par mois au plus : au-delà, ce sont sans doute des heures par an."
                            )
                        ],
                        verbose_name="heures demandées",
                    ),
                ),
                (
                    "heures_accordees",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                160, "160 heures par mois au plus : au-delà, ce sont sans doute des heures par an."
                            )
                        ],
                        verbose_name="heures accordées",
                    ),
                ),
                (
                    "heures_degagees",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                160, "160 heures par mois au plus : au-delà, ce sont sans doute des heures par an."
                            )
                        ],
                        verbose_name="heures réellement dégagées",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ressources", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "personne ressource",
                "verbose_name_plural": "personnes ressources",
                "ordering": ["expertise", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PreferenceRappel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "frequence",
                    models.CharField(
                        choices=[
                            ("semaine", "Chaque semaine"),
                            ("quinzaine", "Toutes les deux semaines"),
                            ("mois", "Chaque mois"),
                            ("jamais", "Jamais"),
                        ],
                        default="semaine",
                        max_length=10,
                        verbose_name="fréquence",
                    ),
                ),
                (
                    "frequence_avant",
                    models.CharField(
                        choices=[
                            ("semaine", "Chaque semaine"),
                            ("quinzaine", "Toutes les deux semaines"),
                            ("mois", "Chaque mois"),
                            ("jamais", "Jamais"),
                        ],
                        default="semaine",
                        max_length=10,
                        verbose_name="fréquence d'avant la coupure",
                    ),
                ),
                (
                    "jour",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Lundi"), (2, "Mardi"), (3, "Mercredi"), (4, "Jeudi"), (5, "Vendredi")],
                        default=1,
                        verbose_name="jour",
                    ),
                ),
                ("muet_jusqu_au", models.DateField(blank=True, null=True, verbose_name="suspendu jusqu'au")),
                ("depuis", models.DateField(default=django.utils.timezone.localdate, verbose_name="réglé le")),
                (
                    "utilisateur",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference_rappel",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="utilisateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "réglage des rappels",
                "verbose_name_plural": "réglages des rappels",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("frequence__in", ["semaine", "quinzaine", "mois", "jamais"])),
                        name="preference_rappel_frequence_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("jour__in", [1, 2, 3, 4, 5])), name="preference_rappel_jour_connu"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transition", models.CharField(max_length=30, verbose_name="passage proposé")),
                ("date_visee", models.DateField(blank=True, null=True, verbose_name="date visée")),
                (
                    "mot",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="mot au directeur"
                    ),
                ),
                ("proposee_le", models.DateTimeField(auto_now_add=True, verbose_name="proposée le")),
                ("close_le", models.DateTimeField(blank=True, null=True, verbose_name="close le")),
                ("issue", models.CharField(blank=True, max_length=10, verbose_name="issue")),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="réponse du directeur"
                    ),
                ),
                ("reportee_au", models.DateField(blank=True, null=True, verbose_name="reportée au")),
                (
                    "close_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reponses",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="close par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="propositions",
                        to="programme.parcours",
                    ),
                ),
                (
                    "proposee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="propositions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "proposition de passage",
                "verbose_name_plural": "propositions de passage",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("close_le__isnull", True)),
                        fields=("parcours", "transition"),
                        name="proposition_en_attente",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rappel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("creneau", models.DateField(verbose_name="semaine du")),
                (
                    "issue",
                    models.CharField(
                        choices=[
                            ("reserve", "Réservé"),
                            ("envoye", "Envoyé"),
                            ("rien", "Rien à dire"),
                            ("echec", "Échec"),
                        ],
                        default="reserve",
                        max_length=8,
                        verbose_name="issue",
                    ),
                ),
                ("nb_lignes", models.PositiveSmallIntegerField(default=0, verbose_name="lignes")),
                ("reserve_le", models.DateTimeField(auto_now_add=True, verbose_name="réservé le")),
                ("envoye_le", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rappels",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="utilisateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "rappel",
                "ordering": ["-creneau", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("utilisateur", "creneau"), name="rappel_un_par_semaine"),
                    models.CheckConstraint(
                        condition=models.Q(("issue__in", ["reserve", "envoye", "rien", "echec"])),
                        name="rappel_issue_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("envoye_le__isnull", False), ("issue", "envoye")),
                            models.Q(models.Q(("issue", "envoye"), _negated=True), ("envoye_le__isnull", True)),
                            _connector="OR",
                        ),
                        name="rappel_envoye_avec_sa_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAffectation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chef_projet", "Chef de projet"),
                            ("directeur", "Directeur"),
                            ("referent", "Référent local"),
                            ("siege", "Siège de l'organisme gestionnaire"),
                            ("ars", "Référent ARS"),
                            ("grades", "Accompagnateur GRADeS"),
                            ("appui", "Équipe d'appui"),
                            ("membre", "Membre d'instance"),
                            ("admin", "Administrateur"),
                        ],
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "titre",
                    models.CharField(
                        choices=[
                            ("titulaire", "Titulaire"),
                            ("interim", "Par intérim"),
                            ("delegation", "Par délégation"),
                        ],
                        default="titulaire",
                        max_length=12,
                        verbose_name="titre",
                    ),
                ),
                (
                    "portee",
                    models.CharField(
                        choices=[
                            ("national", "National"),
                            ("region", "Région"),
                            ("grappe", "Grappe"),
                            ("og", "Organisme gestionnaire"),
                            ("groupe", "Groupe d'ESMS"),
                            ("esms", "ESMS"),
                        ],
                        max_length=10,
                        verbose_name="portée",
                    ),
                ),
                ("du", models.DateField(verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="motif"
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
                    "delegue_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "groupe",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.groupe",
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
                    "utilisateur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
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
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical affectation",
                "verbose_name_plural": "historical affectations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="grappe",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grappes",
                to="programme.region",
                verbose_name="région instructrice",
            ),
        ),
        migrations.AddField(
            model_name="departement",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departements",
                to="programme.region",
                verbose_name="région",
            ),
        ),
        migrations.CreateModel(
            name="Affectation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chef_projet", "Chef de projet"),
                            ("directeur", "Directeur"),
                            ("referent", "Référent local"),
                            ("siege", "Siège de l'organisme gestionnaire"),
                            ("ars", "Référent ARS"),
                            ("grades", "Accompagnateur GRADeS"),
                            ("appui", "Équipe d'appui"),
                            ("membre", "Membre d'instance"),
                            ("admin", "Administrateur"),
                        ],
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "titre",
                    models.CharField(
                        choices=[
                            ("titulaire", "Titulaire"),
                            ("interim", "Par intérim"),
                            ("delegation", "Par délégation"),
                        ],
                        default="titulaire",
                        max_length=12,
                        verbose_name="titre",
                    ),
                ),
                (
                    "portee",
                    models.CharField(
                        choices=[
                            ("national", "National"),
                            ("region", "Région"),
                            ("grappe", "Grappe"),
                            ("og", "Organisme gestionnaire"),
                            ("groupe", "Groupe d'ESMS"),
                            ("esms", "ESMS"),
                        ],
                        max_length=10,
                        verbose_name="portée",
                    ),
                ),
                ("du", models.DateField(verbose_name="du")),
                ("au", models.DateField(blank=True, null=True, verbose_name="au")),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="motif"
                    ),
                ),
                (
                    "confie_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affectations_confiees",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confié par",
                    ),
                ),
                (
                    "delegue_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affectations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "esms",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affectations",
                        to="programme.esms",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affectations",
                        to="programme.grappe",
                    ),
                ),
                (
                    "groupe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affectations",
                        to="programme.groupe",
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affectations",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programme.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "affectation",
                "ordering": ["-du", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("esms__isnull", True),
                                ("grappe__isnull", True),
                                ("groupe__isnull", True),
                                ("og__isnull", True),
                                ("portee", "national"),
                                ("region__isnull", True),
                            ),
                            models.Q(
                                ("portee", "region"),
                                ("region__isnull", False),
                                ("grappe__isnull", True),
                                ("og__isnull", True),
                                ("groupe__isnull", True),
                                ("esms__isnull", True),
                            ),
                            models.Q(
                                ("portee", "grappe"),
                                ("region__isnull", True),
                                ("grappe__isnull", False),
                                ("og__isnull", True),
                                ("groupe__isnull", True),
                                ("esms__isnull", True),
                            ),
                            models.Q(
                                ("portee", "og"),
                                ("region__isnull", True),
                                ("grappe__isnull", True),
                                ("og__isnull", False),
                                ("groupe__isnull", True),
                                ("esms__isnull", True),
                            ),
                            models.Q(
                                ("portee", "groupe"),
                                ("region__isnull", True),
                                ("grappe__isnull", True),
                                ("og__isnull", True),
                                ("groupe__isnull", False),
                                ("esms__isnull", True),
                            ),
                            models.Q(
                                ("portee", "esms"),
                                ("region__isnull", True),
                                ("grappe__isnull", True),
                                ("og__isnull", True),
                                ("groupe__isnull", True),
                                ("esms__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="affectation_une_cible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("au__isnull", True), ("au__gte", models.F("du")), _connector="OR"),
                        name="affectation_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "chef_projet",
                                    "directeur",
                                    "referent",
                                    "siege",
                                    "ars",
                                    "grades",
                                    "appui",
                                    "membre",
                                    "admin",
                                ],
                            )
                        ),
                        name="affectation_role_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("titre", "delegation"), _negated=True), ("au__isnull", False), _connector="OR"
                        ),
                        name="delegation_avec_une_fin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReponseChecklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code de l'action")),
                (
                    "niveau",
                    models.CharField(
                        choices=[
                            ("grappe", "Grappe"),
                            ("og", "Organisme gestionnaire"),
                            ("groupe", "Groupe d'ESMS"),
                            ("esms", "ESMS"),
                        ],
                        max_length=8,
                        verbose_name="niveau",
                    ),
                ),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("a_faire", "À faire"),
                            ("en_cours", "En cours"),
                            ("en_attente", "En attente d'autrui"),
                            ("fait", "Fait"),
                            ("deja_fait", "Déjà fait avant le projet"),
                            ("sans_objet", "Sans objet"),
                        ],
                        default="a_faire",
                        max_length=12,
                        verbose_name="statut",
                    ),
                ),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="pourquoi c'est sans objet"
                    ),
                ),
                (
                    "commentaire",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="commentaire"
                    ),
                ),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance choisie")),
                (
                    "libelle_repondu",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="intitulé lu"),
                ),
                ("modifiee_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reponses_checklist",
                        to="programme.grappe",
                    ),
                ),
                (
                    "groupe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.groupe",
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
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reponses_checklist",
                        to="programme.parcours",
                    ),
                ),
                (
                    "responsable",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="actions_checklist",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse à la checklist",
                "verbose_name_plural": "réponses à la checklist",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("statut__in", ["a_faire", "en_cours", "en_attente", "fait", "deja_fait", "sans_objet"])
                        ),
                        name="checklist_statut_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("groupe__isnull", True),
                                ("niveau", "grappe"),
                                ("og__isnull", True),
                                ("parcours__isnull", True),
                            ),
                            models.Q(
                                ("groupe__isnull", True),
                                ("niveau", "og"),
                                ("og__isnull", False),
                                ("parcours__isnull", True),
                            ),
                            models.Q(
                                ("groupe__isnull", False),
                                ("niveau", "groupe"),
                                ("og__isnull", True),
                                ("parcours__isnull", True),
                            ),
                            models.Q(
                                ("groupe__isnull", True),
                                ("niveau", "esms"),
                                ("og__isnull", True),
                                ("parcours__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="checklist_a_qui",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("niveau", "grappe")),
                        fields=("grappe", "code"),
                        name="checklist_reponse_grappe",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("niveau", "og")),
                        fields=("grappe", "code", "og"),
                        name="checklist_reponse_og",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("niveau", "groupe")),
                        fields=("grappe", "code", "groupe"),
                        name="checklist_reponse_groupe",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("niveau", "esms")),
                        fields=("grappe", "code", "parcours"),
                        name="checklist_reponse_esms",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReponseCritere",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "critere",
                    models.CharField(
                        choices=[
                            ("volontaire", "Direction volontaire"),
                            ("disponible", "Équipe disponible"),
                            ("stable", "Équipe stable"),
                            ("taille", "Taille raisonnable"),
                            ("representatif", "Semblable à ceux qui suivront"),
                            ("transmet", "Prêt à raconter aux suivants"),
                        ],
                        max_length=15,
                        verbose_name="critère",
                    ),
                ),
                (
                    "avis",
                    models.CharField(
                        choices=[("oui", "Oui"), ("non", "Non"), ("pas_dit", "Pas encore dit")],
                        default="pas_dit",
                        max_length=8,
                        verbose_name="réponse",
                    ),
                ),
                ("note", programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="précision")),
                (
                    "candidature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reponses", to="programme.candidature"
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse à un critère de pilote",
                "verbose_name_plural": "réponses aux critères de pilote",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("candidature", "critere"), name="critere_une_reponse")],
            },
        ),
        migrations.CreateModel(
            name="Solution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=120, verbose_name="nom")),
                ("est_referencee", models.BooleanField(default=False, verbose_name="référencée Ségur")),
                (
                    "editeur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="solutions",
                        to="programme.editeur",
                        verbose_name="éditeur",
                    ),
                ),
            ],
            options={
                "verbose_name": "solution",
                "ordering": ["nom"],
                "constraints": [models.UniqueConstraint(fields=("editeur", "nom"), name="solution_unique")],
            },
        ),
        migrations.AddField(
            model_name="parcours",
            name="solution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parcours",
                to="programme.solution",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalGrappe",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "annee_financement",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="année de financement"),
                ),
                (
                    "presentation",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="présentation"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("montage", "Montage"),
                            ("deposee", "Déposée"),
                            ("conventionnee", "Conventionnée"),
                            ("consultation", "Consultation"),
                            ("modele_commun", "Modèle commun"),
                            ("pilote", "Pilote"),
                            ("deploiement", "Déploiement"),
                            ("mesure_usages", "Mesure des usages"),
                            ("soldee", "Soldée"),
                            ("non_retenue", "Non retenue"),
                            ("suspendue", "Suspendue"),
                            ("resiliee", "Résiliée"),
                        ],
                        db_index=True,
                        default="montage",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "etat_suspendu",
                    models.CharField(blank=True, editable=False, max_length=20, verbose_name="état à la suspension"),
                ),
                ("creee_le", models.DateTimeField(blank=True, editable=False, verbose_name="créée le")),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=120, verbose_name="tri"),
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
                    "porteur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.organismegestionnaire",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.region",
                        verbose_name="région instructrice",
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
                "verbose_name": "historical grappe",
                "verbose_name_plural": "historical grappes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="grappe",
            name="solution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grappes",
                to="programme.solution",
            ),
        ),
        migrations.CreateModel(
            name="Avenant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveSmallIntegerField(verbose_name="numéro")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("entree", "Entrée d'ESMS"),
                            ("sortie", "Sortie d'ESMS"),
                            ("calendrier", "Calendrier"),
                            ("editeur", "Changement d'éditeur"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("signe_le", models.DateField(verbose_name="signé le")),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="référence"),
                ),
                (
                    "objet",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="objet"
                    ),
                ),
                ("nouvelle_fin", models.DateField(blank=True, null=True, verbose_name="nouvelle fin")),
                ("saisi_le", models.DateTimeField(auto_now_add=True, verbose_name="saisi le")),
                (
                    "saisi_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="avenants_saisis",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="avenants", to="programme.convention"
                    ),
                ),
                (
                    "parcours",
                    models.ManyToManyField(
                        blank=True, related_name="avenants", to="programme.parcours", verbose_name="ESMS concernés"
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.solution",
                        verbose_name="nouvelle solution",
                    ),
                ),
            ],
            options={
                "verbose_name": "avenant",
                "ordering": ["convention", "numero"],
                "constraints": [
                    models.UniqueConstraint(fields=("convention", "numero"), name="avenant_numero_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["entree", "sortie", "calendrier", "editeur"])),
                        name="avenant_nature_connue",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TempsMetier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[("non_decide", "Non décidé"), ("decide", "Décidé"), ("refuse", "Refusé")],
                        default="non_decide",
                        max_length=12,
                        verbose_name="décision",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MaxValueValidator(
                                240, "240 minutes par jour au plus : vérifiez l'unité."
                            )
                        ],
                        verbose_name="minutes par jour",
                    ),
                ),
                (
                    "decide_par",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="par qui"),
                ),
                (
                    "metier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="temps",
                        to="programme.metier",
                        verbose_name="métier",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="temps_par_metier",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "temps d'écriture d'un métier",
                "verbose_name_plural": "temps d'écriture par métier",
                "ordering": ["metier__ordre", "metier__nom", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("parcours", "metier"),
                        name="temps_metier_unique",
                        violation_error_message="Ce métier a déjà sa ligne dans cet ESMS : corrigez-la.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "decide"), _negated=True),
                            models.Q(("minutes__gt", 0), ("minutes__isnull", False)),
                            _connector="OR",
                        ),
                        name="temps_metier_decide_chiffre",
                        violation_error_message="Un temps décidé se dit en minutes par jour.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=80, verbose_name="nom")),
                ("nb_places", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="places")),
                ("a_nuit", models.BooleanField(default=False, verbose_name="travaille la nuit")),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unites", to="programme.parcours"
                    ),
                ),
            ],
            options={
                "verbose_name": "unité de déploiement",
                "verbose_name_plural": "unités de déploiement",
                "ordering": ["ordre", "nom", "pk"],
                "constraints": [models.UniqueConstraint(fields=("parcours", "nom"), name="unite_nom_unique")],
            },
        ),
        migrations.CreateModel(
            name="Ouverture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_preparer", "À préparer"),
                            ("prete", "Prête"),
                            ("ouverte", "Ouverte"),
                            ("stabilisee", "Stabilisée"),
                            ("hors_perimetre", "Hors périmètre"),
                        ],
                        db_index=True,
                        default="a_preparer",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("date_visee", models.DateField(blank=True, null=True, verbose_name="date visée")),
                ("ouverte_le", models.DateField(blank=True, editable=False, null=True, verbose_name="ouverte le")),
                (
                    "ancien_support",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=80, verbose_name="ancien support"),
                ),
                ("retire_le", models.DateField(blank=True, null=True, verbose_name="ancien support retiré le")),
                (
                    "module",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ouvertures", to="programme.module"
                    ),
                ),
                (
                    "unite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ouvertures",
                        to="programme.unite",
                        verbose_name="unité",
                    ),
                ),
            ],
            options={
                "verbose_name": "ouverture",
                "ordering": ["unite", "module", "pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["a_preparer", "prete", "ouverte", "stabilisee", "hors_perimetre"])
                        ),
                        name="ouverture_etat_connu",
                    ),
                    models.UniqueConstraint(fields=("unite", "module"), name="ouverture_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vague",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("nom", programme.socle.champs.TexteCourtField(blank=True, max_length=80, verbose_name="nom")),
                ("debut", models.DateField(blank=True, null=True, verbose_name="début")),
                ("fin", models.DateField(blank=True, null=True, verbose_name="fin")),
                (
                    "capacite",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ESMS accompagnés à la fois"),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="vagues", to="programme.grappe"
                    ),
                ),
            ],
            options={
                "verbose_name": "vague de déploiement",
                "verbose_name_plural": "vagues de déploiement",
                "ordering": ["grappe", "numero"],
                "constraints": [
                    models.UniqueConstraint(fields=("grappe", "numero"), name="vague_numero_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("debut__isnull", True),
                            ("fin__isnull", True),
                            ("fin__gte", models.F("debut")),
                            _connector="OR",
                        ),
                        name="vague_dates",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="parcours",
            name="vague",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parcours",
                to="programme.vague",
                verbose_name="vague de déploiement",
            ),
        ),
        migrations.CreateModel(
            name="Moment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "mot",
                    programme.socle.champs.TexteLibreField(blank=True, default="", max_length=300, verbose_name="mot"),
                ),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(
                        blank=True, editable=False, max_length=120, verbose_name="référence de la décision du COMOP"
                    ),
                ),
                (
                    "ouvert_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="ouvert le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_dire", "À dire"),
                            ("propose", "Proposé à la direction"),
                            ("demande", "Demandé au chef de projet"),
                            ("accepte", "Accepté"),
                            ("porte", "Porté au COMOP"),
                            ("arbitre", "Arbitré par le COMOP"),
                            ("retire", "Retiré"),
                            ("classe", "Classé sans suite"),
                        ],
                        db_index=True,
                        default="a_dire",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "ouvert_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moments_ouverts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ouvert par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moments",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "demandee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.vague",
                        verbose_name="vague demandée",
                    ),
                ),
                (
                    "proposee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.vague",
                        verbose_name="vague proposée",
                    ),
                ),
                (
                    "retenue",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.vague",
                        verbose_name="vague retenue",
                    ),
                ),
            ],
            options={
                "verbose_name": "moment d'un ESMS",
                "verbose_name_plural": "moments des ESMS",
                "ordering": ["-ouvert_le", "-pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["etat", "parcours"], name="moment_par_etat")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "etat__in",
                                ["a_dire", "propose", "demande", "accepte", "porte", "arbitre", "retire", "classe"],
                            )
                        ),
                        name="moment_etat_connu",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("etat__in", ("a_dire", "propose", "demande", "porte"))),
                        fields=("parcours",),
                        name="moment_un_a_la_fois",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proposee__isnull", False), ("demandee__isnull", False), _connector="OR"),
                        name="moment_une_vague",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalParcours",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "type_projet",
                    models.CharField(
                        choices=[
                            ("acquisition", "Acquisition"),
                            ("mise_en_conformite", "Mise en conformité"),
                            ("usages", "Usages"),
                        ],
                        default="acquisition",
                        max_length=20,
                        verbose_name="type de projet",
                    ),
                ),
                (
                    "point_depart",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("papier", "Papier"),
                            ("bureautique", "Bureautique"),
                            ("autre_dui", "Autre DUI à migrer"),
                            ("meme_dui", "Même DUI à mettre en conformité"),
                            ("deja_conforme", "DUI déjà conforme"),
                        ],
                        max_length=20,
                        verbose_name="point de départ",
                    ),
                ),
                ("est_pilote", models.BooleanField(default=False, verbose_name="site pilote")),
                (
                    "premier_gain",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="premier gain visible"
                    ),
                ),
                (
                    "temps_ecriture",
                    models.CharField(
                        choices=[("non_decide", "Non décidé"), ("decide", "Décidé"), ("refuse", "Refusé")],
                        default="non_decide",
                        max_length=12,
                        verbose_name="temps d'écriture et de lecture",
                    ),
                ),
                (
                    "temps_ecriture_note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="ce qui est décidé, et par qui"
                    ),
                ),
                ("referent_maintenu", models.BooleanField(default=False, verbose_name="référent ou relais maintenu")),
                ("usages_suivis", models.BooleanField(default=False, verbose_name="usages suivis")),
                (
                    "nb_bloquants",
                    models.PositiveSmallIntegerField(default=0, verbose_name="tickets bloquants sans contournement"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        db_index=True,
                        default="recense",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "etat_memoire",
                    models.CharField(blank=True, editable=False, max_length=20, verbose_name="état avant suspension"),
                ),
                (
                    "etat_avant_sortie",
                    models.CharField(blank=True, editable=False, max_length=20, verbose_name="état avant sortie"),
                ),
                (
                    "motif_sortie",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retrait", "Retrait avant convention"),
                            ("avenant", "Sortie par avenant"),
                            ("fermeture", "Fermeture"),
                            ("fusion", "Fusion avec un autre ESMS"),
                            ("transfert", "Changement d'organisme gestionnaire"),
                        ],
                        max_length=12,
                        verbose_name="raison de la sortie",
                    ),
                ),
                ("cree_le", models.DateTimeField(blank=True, editable=False, verbose_name="créé le")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
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
                (
                    "vague",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.vague",
                        verbose_name="vague de déploiement",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical parcours",
                "verbose_name_plural": "historical parcours",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMoment",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "mot",
                    programme.socle.champs.TexteLibreField(blank=True, default="", max_length=300, verbose_name="mot"),
                ),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(
                        blank=True, editable=False, max_length=120, verbose_name="référence de la décision du COMOP"
                    ),
                ),
                (
                    "ouvert_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="ouvert le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_dire", "À dire"),
                            ("propose", "Proposé à la direction"),
                            ("demande", "Demandé au chef de projet"),
                            ("accepte", "Accepté"),
                            ("porte", "Porté au COMOP"),
                            ("arbitre", "Arbitré par le COMOP"),
                            ("retire", "Retiré"),
                            ("classe", "Classé sans suite"),
                        ],
                        db_index=True,
                        default="a_dire",
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
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ouvert_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ouvert par",
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
                    "demandee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.vague",
                        verbose_name="vague demandée",
                    ),
                ),
                (
                    "proposee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.vague",
                        verbose_name="vague proposée",
                    ),
                ),
                (
                    "retenue",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.vague",
                        verbose_name="vague retenue",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical moment d'un ESMS",
                "verbose_name_plural": "historical moments des ESMS",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("va", "Vérification d'aptitude (VA)"),
                            ("vsr", "Vérification de service régulier (VSR)"),
                        ],
                        max_length=3,
                        verbose_name="type",
                    ),
                ),
                ("debut", models.DateField(blank=True, null=True, verbose_name="début")),
                ("prononcee_le", models.DateField(verbose_name="date du procès-verbal")),
                (
                    "issue",
                    models.CharField(
                        choices=[
                            ("prononcee", "Prononcée"),
                            ("avec_reserves", "Prononcée avec réserves"),
                            ("ajournee", "Ajournée"),
                            ("rejetee", "Rejetée"),
                        ],
                        max_length=14,
                        verbose_name="issue",
                    ),
                ),
                (
                    "reference",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="référence du procès-verbal"
                    ),
                ),
                (
                    "reserves",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="réserves"
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verifications", to="programme.grappe"
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programme.organismegestionnaire",
                        verbose_name="OG (lot)",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="programme.parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "vérification",
                "ordering": ["-prononcee_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("og__isnull", True), ("parcours__isnull", True), _connector="OR"),
                        name="verification_objet",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("debut__isnull", True), ("prononcee_le__gte", models.F("debut")), _connector="OR"
                        ),
                        name="verification_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionChecklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("publiee_le", models.DateTimeField(blank=True, null=True, verbose_name="publiée le")),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="ce qui change, et pourquoi"
                    ),
                ),
                ("empreinte", models.CharField(blank=True, max_length=64, verbose_name="empreinte du fichier")),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions_checklist",
                        to="programme.grappe",
                    ),
                ),
                (
                    "publiee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="publiée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "version de la checklist",
                "verbose_name_plural": "versions de la checklist",
                "ordering": ["grappe", "numero"],
                "constraints": [
                    models.UniqueConstraint(fields=("grappe", "numero"), name="checklist_version_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("grappe__isnull", True)),
                        fields=("numero",),
                        name="checklist_version_commune",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("publiee_le__isnull", True)),
                        fields=("grappe",),
                        name="checklist_un_brouillon",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LigneChecklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("ordre", models.PositiveSmallIntegerField(verbose_name="ordre")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("gouvernance", "Membre de la gouvernance"),
                            ("sponsor", "Sponsor du projet"),
                            ("relais", "Relais de terrain"),
                            ("pilote_local", "Pilote local"),
                            ("soutien", "Soutien après le déploiement"),
                        ],
                        max_length=12,
                        verbose_name="rôle du directeur",
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        max_length=20,
                        verbose_name="phase",
                    ),
                ),
                (
                    "niveau",
                    models.CharField(
                        choices=[
                            ("grappe", "Grappe"),
                            ("og", "Organisme gestionnaire"),
                            ("groupe", "Groupe d'ESMS"),
                            ("esms", "ESMS"),
                        ],
                        max_length=8,
                        verbose_name="niveau",
                    ),
                ),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="action")),
                (
                    "aide",
                    programme.socle.champs.TexteLibreField(blank=True, default="", max_length=500, verbose_name="aide"),
                ),
                ("source", programme.socle.champs.TexteCourtField(blank=True, max_length=80, verbose_name="source")),
                ("mesure", models.CharField(blank=True, max_length=40, verbose_name="constatée par")),
                (
                    "sans_objet_si",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("marche_passe", "le marché est passé"),
                            ("conformite", "c'est une mise en conformité"),
                            ("deja_conforme", "le DUI en place est déjà conforme"),
                        ],
                        max_length=16,
                        verbose_name="sans objet si",
                    ),
                ),
                ("piece_attendue", models.BooleanField(default=False, verbose_name="pièce attendue")),
                (
                    "echeance_etat",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recense", "Recensé"),
                            ("cadrage", "Cadrage"),
                            ("preparation", "Préparation"),
                            ("pilote", "Pilote"),
                            ("ouverture", "Ouverture"),
                            ("service_regulier", "Service régulier"),
                            ("routine", "Routine"),
                            ("suspendu", "Suspendu"),
                            ("sorti", "Sorti du projet"),
                        ],
                        max_length=20,
                        verbose_name="échéance : entrée en",
                    ),
                ),
                (
                    "echeance_jours",
                    models.SmallIntegerField(blank=True, null=True, verbose_name="échéance : jours après"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lignes",
                        to="programme.versionchecklist",
                    ),
                ),
            ],
            options={
                "verbose_name": "action de la checklist",
                "verbose_name_plural": "actions de la checklist",
                "ordering": ["version", "ordre", "pk"],
                "constraints": [models.UniqueConstraint(fields=("version", "code"), name="checklist_code_unique")],
            },
        ),
        migrations.CreateModel(
            name="Tranche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="libellé")),
                (
                    "piece_attendue",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="pièce attendue"),
                ),
                (
                    "taux",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="part du montant",
                    ),
                ),
                ("preuve_usage", models.BooleanField(default=False, verbose_name="preuve d'usage demandée")),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tranches",
                        to="programme.versioninstruction",
                    ),
                ),
            ],
            options={
                "verbose_name": "tranche",
                "ordering": ["instruction", "rang"],
                "constraints": [
                    models.UniqueConstraint(fields=("instruction", "rang"), name="tranche_rang_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taux__isnull", True), models.Q(("taux__gte", 0), ("taux__lte", 1)), _connector="OR"
                        ),
                        name="tranche_taux_borne",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalConvention",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("reference", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="référence")),
                (
                    "financeur",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="financeur"),
                ),
                ("signee_le", models.DateField(verbose_name="signée le")),
                ("fin", models.DateField(blank=True, null=True, verbose_name="fin prévue")),
                (
                    "montant",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="montant de l'aide"
                    ),
                ),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="à savoir"
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
                    "instruction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.versioninstruction",
                        verbose_name="version d'instruction",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical convention de financement",
                "verbose_name_plural": "historical conventions de financement",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Jalon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="libellé")),
                (
                    "piece_attendue",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="pièce attendue"),
                ),
                ("echeance", models.DateField(blank=True, null=True, verbose_name="échéance")),
                (
                    "montant",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="montant prévu"
                    ),
                ),
                ("preuve_usage", models.BooleanField(default=False, verbose_name="preuve d'usage demandée")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_produire", "À produire"),
                            ("transmis", "Transmis"),
                            ("precision", "Précision demandée"),
                            ("accepte", "Accepté"),
                            ("verse", "Versé"),
                            ("abandonne", "Abandonné"),
                        ],
                        db_index=True,
                        default="a_produire",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "montant_verse",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="montant versé"
                    ),
                ),
                ("verse_le", models.DateField(blank=True, editable=False, null=True, verbose_name="versé le")),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="jalons", to="programme.convention"
                    ),
                ),
            ],
            options={
                "verbose_name": "jalon",
                "verbose_name_plural": "jalons",
                "ordering": ["convention", "rang"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["a_produire", "transmis", "precision", "accepte", "verse", "abandonne"])
                        ),
                        name="jalon_etat_connu",
                    ),
                    models.UniqueConstraint(fields=("convention", "rang"), name="jalon_rang_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("montant__isnull", True), ("montant__gte", 0), _connector="OR"),
                            models.Q(("montant_verse__isnull", True), ("montant_verse__gte", 0), _connector="OR"),
                        ),
                        name="jalon_montants",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interlocuteur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sujet",
                    models.CharField(
                        choices=[
                            ("usage", "Me servir du DUI au quotidien"),
                            ("panne", "Panne, connexion, matériel"),
                            ("droits", "Mon compte, mes droits d'accès"),
                            ("formation", "Me former, former un arrivant"),
                            ("donnees", "Données personnelles"),
                            ("services_socles", "INS, messagerie sécurisée, Mon espace santé"),
                            ("editeur", "Une demande à l'éditeur"),
                            ("projet", "Le projet, le calendrier, une décision"),
                            ("financement", "Le financement, les pièces"),
                            ("si", "Le système d'information, ses applications"),
                        ],
                        max_length=20,
                        verbose_name="sujet",
                    ),
                ),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom ou service")),
                (
                    "fonction",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="fonction"),
                ),
                (
                    "telephone",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=30, verbose_name="téléphone professionnel"
                    ),
                ),
                ("courriel", models.EmailField(blank=True, max_length=254, verbose_name="courriel professionnel")),
                (
                    "precision",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=200, verbose_name="quand et comment le joindre"
                    ),
                ),
                (
                    "esms",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interlocuteurs",
                        to="programme.esms",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interlocuteurs",
                        to="programme.grappe",
                    ),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interlocuteurs",
                        to="programme.organismegestionnaire",
                        verbose_name="OG",
                    ),
                ),
            ],
            options={
                "verbose_name": "interlocuteur",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("esms__isnull", True), ("grappe__isnull", False), ("og__isnull", True)),
                            models.Q(("esms__isnull", True), ("grappe__isnull", True), ("og__isnull", False)),
                            models.Q(("esms__isnull", False), ("grappe__isnull", True), ("og__isnull", True)),
                            _connector="OR",
                        ),
                        name="interlocuteur_une_cible",
                    ),
                    models.UniqueConstraint(fields=("sujet", "grappe"), name="interlocuteur_grappe"),
                    models.UniqueConstraint(fields=("sujet", "og"), name="interlocuteur_og"),
                    models.UniqueConstraint(fields=("sujet", "esms"), name="interlocuteur_esms"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="parcours",
            constraint=models.UniqueConstraint(
                condition=models.Q(("etat", "sorti"), _negated=True),
                fields=("esms", "solution"),
                name="parcours_esms_solution",
            ),
        ),
    ]
