"""État des lieux du SI, besoins, personnes ressources et temps par métier ; la concertation dit qui et quoi."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import programme.socle.champs


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0008_actions"),
    ]

    operations = [
        migrations.AddField(
            model_name="fait",
            name="changement",
            field=programme.socle.champs.TexteLibreField(
                blank=True, default="", max_length=500, verbose_name="ce qui a changé grâce à eux"
            ),
        ),
        migrations.AddField(
            model_name="fait",
            name="services",
            field=programme.socle.champs.TexteCourtField(
                blank=True, max_length=300, verbose_name="services rencontrés"
            ),
        ),
        migrations.AlterField(
            model_name="fait",
            name="nature",
            field=models.CharField(
                choices=[
                    ("annonce", "Annonce du projet aux équipes"),
                    ("prediagnostic", "Pré-diagnostic du changement discuté"),
                    ("concertation", "Concertation des équipes"),
                    ("besoins", "Besoins exprimés"),
                    ("diffusion", "Résultats des besoins diffusés aux équipes"),
                    ("cse", "Consultation du CSE"),
                    ("aipd", "AIPD ou inscription au registre des traitements"),
                    ("hebergement", "Hébergement et sous-traitance"),
                    ("prerequis", "Prérequis techniques validés"),
                    ("enseignements", "Enseignements du pilote rédigés"),
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
        migrations.AlterField(
            model_name="historicalinterlocuteur",
            name="sujet",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="interlocuteur",
            name="sujet",
            field=models.CharField(
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
            ],
            options={
                "verbose_name": "besoin",
                "ordering": ["pk"],
            },
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
    ]
