"""Les études, leurs visites, leurs constats, les monographies ; ce qui rend un verbatim citable."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import programme.socle.champs


def dire_les_voix(apps, schema_editor):
    """Les verbatims d'avant venaient tous d'un retour : c'est une équipe qui parle."""
    apps.get_model("usages", "Verbatim").objects.filter(voix="").update(voix="professionnel")


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0002_usages_et_bloquants_mesures"),
        ("risques", "0001_initiale"),
        ("usages", "0004_enseignements_dates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TempsDeVisite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("jour", models.DateField(verbose_name="jour")),
                ("debut", models.TimeField(verbose_name="début")),
                ("fin", models.TimeField(verbose_name="fin")),
                (
                    "forme",
                    models.CharField(
                        choices=[
                            ("observation", "Observation"),
                            ("individuel", "Entretien individuel"),
                            ("collectif", "Entretien collectif"),
                            ("autre", "Accueil, bilan"),
                        ],
                        default="collectif",
                        max_length=11,
                        verbose_name="forme",
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deploiement", "Déploiement"),
                            ("organisation", "Organisation et métiers"),
                            ("qvct", "Qualité de vie et conditions de travail"),
                            ("autodetermination", "Autodétermination des personnes"),
                            ("accompagnement", "Accompagnement des personnes"),
                            ("pilotage", "Pilotage de la structure"),
                            ("efficience", "Efficience économique"),
                            ("secteur", "Transformation du secteur"),
                        ],
                        max_length=17,
                        verbose_name="thème",
                    ),
                ),
                (
                    "avec",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=160, verbose_name="avec (des rôles, jamais des noms)"
                    ),
                ),
                ("lieu", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="lieu")),
            ],
            options={
                "verbose_name": "temps de visite",
                "verbose_name_plural": "temps de visite",
                "ordering": ["jour", "debut", "pk"],
            },
        ),
        migrations.AddField(
            model_name="verbatim",
            name="accord_representant",
            field=models.CharField(
                choices=[("a_demander", "À demander"), ("donne", "Donné"), ("refuse", "Refusé"), ("retire", "Retiré")],
                default="a_demander",
                max_length=12,
                verbose_name="accord du représentant",
            ),
        ),
        migrations.AddField(
            model_name="verbatim",
            name="accord_representant_le",
            field=models.DateField(blank=True, null=True, verbose_name="accord du représentant du"),
        ),
        migrations.AddField(
            model_name="verbatim",
            name="anonymat",
            field=models.CharField(
                choices=[
                    ("a_faire", "À relire"),
                    ("fait", "Personne ne s'y reconnaît"),
                    ("reconnaissable", "On reconnaît qui parle"),
                ],
                default="a_faire",
                max_length=14,
                verbose_name="anonymat",
            ),
        ),
        migrations.AddField(
            model_name="verbatim",
            name="situation",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Non dite"),
                    ("majeur", "Majeure"),
                    ("mineur", "Mineure"),
                    ("protege", "Majeure protégée"),
                ],
                max_length=8,
                verbose_name="situation",
            ),
        ),
        migrations.AddField(
            model_name="verbatim",
            name="theme",
            field=models.CharField(
                blank=True,
                choices=[
                    ("deploiement", "Déploiement"),
                    ("organisation", "Organisation et métiers"),
                    ("qvct", "Qualité de vie et conditions de travail"),
                    ("autodetermination", "Autodétermination des personnes"),
                    ("accompagnement", "Accompagnement des personnes"),
                    ("pilotage", "Pilotage de la structure"),
                    ("efficience", "Efficience économique"),
                    ("secteur", "Transformation du secteur"),
                ],
                max_length=17,
                verbose_name="thème",
            ),
        ),
        migrations.AddField(
            model_name="verbatim",
            name="voix",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Non dit"),
                    ("professionnel", "Un professionnel"),
                    ("direction", "Une direction"),
                    ("personne", "Une personne accompagnée"),
                    ("proche", "Un proche"),
                ],
                max_length=13,
                verbose_name="qui parle",
            ),
        ),
        migrations.CreateModel(
            name="Constat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[("effet", "Un effet"), ("levier", "Un levier"), ("frein", "Un frein")],
                        default="effet",
                        max_length=6,
                        verbose_name="nature",
                    ),
                ),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=240, verbose_name="constat")),
                (
                    "theme_propose",
                    models.CharField(
                        choices=[
                            ("deploiement", "Déploiement"),
                            ("organisation", "Organisation et métiers"),
                            ("qvct", "Qualité de vie et conditions de travail"),
                            ("autodetermination", "Autodétermination des personnes"),
                            ("accompagnement", "Accompagnement des personnes"),
                            ("pilotage", "Pilotage de la structure"),
                            ("efficience", "Efficience économique"),
                            ("secteur", "Transformation du secteur"),
                        ],
                        max_length=17,
                        verbose_name="thème",
                    ),
                ),
                (
                    "recurrence",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="se rapproche de"),
                ),
                (
                    "ecrit_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="écrit le"),
                ),
                (
                    "ecrit_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "verbatim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="constats",
                        to="usages.verbatim",
                    ),
                ),
            ],
            options={
                "verbose_name": "constat",
                "ordering": ["theme_propose", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Codage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.CharField(
                        choices=[
                            ("deploiement", "Déploiement"),
                            ("organisation", "Organisation et métiers"),
                            ("qvct", "Qualité de vie et conditions de travail"),
                            ("autodetermination", "Autodétermination des personnes"),
                            ("accompagnement", "Accompagnement des personnes"),
                            ("pilotage", "Pilotage de la structure"),
                            ("efficience", "Efficience économique"),
                            ("secteur", "Transformation du secteur"),
                        ],
                        max_length=17,
                        verbose_name="thème",
                    ),
                ),
                (
                    "sens",
                    models.CharField(
                        choices=[
                            ("positif", "Positif"),
                            ("negatif", "Négatif"),
                            ("mitige", "Mitigé"),
                            ("aucun", "Sans effet"),
                        ],
                        max_length=7,
                        verbose_name="sens",
                    ),
                ),
                (
                    "force",
                    models.CharField(
                        choices=[("faible", "Faible"), ("moyenne", "Moyenne"), ("forte", "Forte")],
                        max_length=7,
                        verbose_name="force",
                    ),
                ),
                (
                    "preuve",
                    models.CharField(
                        choices=[
                            ("dite", "Dit par une personne"),
                            ("croisee", "Dit par plusieurs métiers"),
                            ("observee", "Observé sur place"),
                            ("mesuree", "Mesuré"),
                        ],
                        max_length=8,
                        verbose_name="preuve",
                    ),
                ),
                (
                    "commentaire",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=500, verbose_name="ce qui a fait hésiter"
                    ),
                ),
                ("code_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="codé le")),
                (
                    "codeur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "constat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codages", to="usages.constat"
                    ),
                ),
            ],
            options={
                "verbose_name": "codage",
                "ordering": ["constat", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Etude",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="titre")),
                (
                    "question",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="ce qu'on cherche à comprendre"
                    ),
                ),
                (
                    "methode",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=4000, verbose_name="comment on s'y prend"
                    ),
                ),
                (
                    "filtres",
                    programme.socle.champs.DonneesField(blank=True, default=dict, verbose_name="filtres de la base"),
                ),
                ("base", programme.socle.champs.DonneesField(blank=True, default=list, verbose_name="base")),
                ("base_le", models.DateField(blank=True, null=True, verbose_name="base prise le")),
                (
                    "creee_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[("preparation", "En préparation"), ("en_cours", "En cours"), ("close", "Close")],
                        db_index=True,
                        default="preparation",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "campagnes",
                    models.ManyToManyField(
                        blank=True,
                        related_name="etudes",
                        to="risques.campagne",
                        verbose_name="campagnes du questionnaire des effets",
                    ),
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
            ],
            options={
                "verbose_name": "étude",
                "ordering": ["-creee_le", "-pk"],
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="EtapeEtude",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="titre")),
                ("palier", programme.socle.champs.TexteCourtField(blank=True, max_length=80, verbose_name="palier")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("filtre", "Des prérequis"),
                            ("passage", "Un changement d'unité"),
                            ("exceptions", "Des exceptions"),
                            ("selection", "Un classement et des places"),
                        ],
                        max_length=10,
                        verbose_name="genre",
                    ),
                ),
                (
                    "definition",
                    programme.socle.champs.DonneesField(blank=True, default=dict, verbose_name="définition"),
                ),
                ("resultat", models.JSONField(blank=True, editable=False, null=True, verbose_name="résultat figé")),
                ("figee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="figée le")),
                (
                    "figee_par",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "etude",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="etapes",
                        to="usages.etude",
                        verbose_name="étude",
                    ),
                ),
            ],
            options={
                "verbose_name": "étape d'une étude",
                "verbose_name_plural": "étapes des études",
                "ordering": ["etude", "rang", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Equipier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("pilote", "Pilote l'étude"), ("auteur", "Visite, code et écrit"), ("lecteur", "Lit")],
                        default="auteur",
                        max_length=8,
                        verbose_name="rôle dans l'étude",
                    ),
                ),
                (
                    "depuis",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="depuis le"),
                ),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="etudes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
                (
                    "etude",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="equipe",
                        to="usages.etude",
                        verbose_name="étude",
                    ),
                ),
            ],
            options={
                "verbose_name": "équipier",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Monographie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="titre")),
                (
                    "sous_titre",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=240, verbose_name="sous-titre"),
                ),
                (
                    "commencee_le",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False, verbose_name="commencée le"
                    ),
                ),
                (
                    "valide",
                    models.JSONField(blank=True, editable=False, null=True, verbose_name="contenu validé"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("relecture", "En relecture par l'ESMS"),
                            ("validee", "Validée par la direction"),
                            ("publiee", "Publiée"),
                        ],
                        db_index=True,
                        default="brouillon",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=200, verbose_name="tri"),
                ),
                (
                    "commencee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "monographie",
                "ordering": ["-commencee_le", "-pk"],
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="HistoricalSectionMonographie",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("fiche", "Fiche d'identité"),
                            ("visite", "Déroulé de la visite"),
                            ("historique", "Historique et contexte du projet"),
                            ("motivations", "Motivations au déploiement"),
                            ("acteurs", "Acteurs du pilotage"),
                            ("strategie", "Stratégie d'accompagnement et de formation"),
                            ("questionnaire", "Données du questionnaire"),
                            ("organisation", "Effets sur l'organisation"),
                            ("qvct", "Effets sur la qualité de vie et les conditions de travail"),
                            ("autodetermination", "Effets sur l'autodétermination des personnes"),
                            ("accompagnement", "Effets sur l'accompagnement des personnes"),
                            ("pilotage", "Effets sur le pilotage de la structure"),
                            ("efficience", "Effets sur l'efficience économique"),
                            ("resume", "Résumé des effets par thème"),
                            ("perspectives", "Perspectives"),
                            ("glossaire", "Glossaire"),
                            ("documents", "Documents consultés"),
                            ("methode", "Annexe : la méthode"),
                        ],
                        max_length=17,
                        verbose_name="section",
                    ),
                ),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=200000, verbose_name="texte"
                    ),
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
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "monographie",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="usages.monographie",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical section d'une monographie",
                "verbose_name_plural": "historical sections des monographies",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="FaitMonographie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("type", "Type d'établissement"),
                            ("raison_sociale", "Raison sociale"),
                            ("og", "Organisme gestionnaire"),
                            ("statut", "Statut juridique"),
                            ("finess_juridique", "FINESS juridique"),
                            ("finess", "FINESS géographique"),
                            ("region", "Région"),
                            ("departement", "Département"),
                            ("ars", "ARS qui finance"),
                            ("etp", "Professionnels, en ETP"),
                            ("personnes", "Personnes accompagnées"),
                            ("typologie", "Public accompagné"),
                            ("financement", "Année de financement"),
                            ("parametrage", "Fin du paramétrage pour les ESMS de la grappe"),
                            ("vsr", "Fin de la VSR pour les ESMS de la grappe"),
                            ("formes_dui", "Tous les professionnels formés au DUI"),
                            ("formes_socles", "Tous les professionnels formés aux services socles"),
                            ("utilisation", "Niveau d'utilisation par les professionnels"),
                            ("effets_positifs", "Effets positifs perçus"),
                            ("effets_negatifs", "Effets négatifs perçus"),
                            ("effet_qvct", "Effets sur la QVCT"),
                            ("motivation", "Effets sur la motivation et la satisfaction des équipes"),
                            ("effet_autodetermination", "Capacité d'autodétermination"),
                            ("effet_accompagnement", "Accompagnement des personnes"),
                            ("effet_pilotage", "Effets sur le pilotage et la gestion"),
                        ],
                        max_length=24,
                        verbose_name="fait",
                    ),
                ),
                (
                    "valeur",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="valeur"
                    ),
                ),
                ("source", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="source")),
                (
                    "monographie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="faits", to="usages.monographie"
                    ),
                ),
            ],
            options={
                "verbose_name": "fait d'une monographie",
                "verbose_name_plural": "faits des monographies",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveSmallIntegerField(verbose_name="édition")),
                ("contenu", models.JSONField(default=dict, verbose_name="contenu")),
                ("publiee_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="publiée le")),
                (
                    "publiee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "monographie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="usages.monographie"
                    ),
                ),
            ],
            options={
                "verbose_name": "édition",
                "ordering": ["-numero"],
            },
        ),
        migrations.CreateModel(
            name="DocumentConsulte",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=240, verbose_name="titre")),
                (
                    "monographie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="usages.monographie"
                    ),
                ),
            ],
            options={
                "verbose_name": "document consulté",
                "verbose_name_plural": "documents consultés",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="NoteDeVisite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deploiement", "Déploiement"),
                            ("organisation", "Organisation et métiers"),
                            ("qvct", "Qualité de vie et conditions de travail"),
                            ("autodetermination", "Autodétermination des personnes"),
                            ("accompagnement", "Accompagnement des personnes"),
                            ("pilotage", "Pilotage de la structure"),
                            ("efficience", "Efficience économique"),
                            ("secteur", "Transformation du secteur"),
                        ],
                        max_length=17,
                        verbose_name="thème",
                    ),
                ),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=8000, verbose_name="note"
                    ),
                ),
                ("cle", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé de l'appareil")),
                ("prise_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="prise le")),
                (
                    "prise_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prise par",
                    ),
                ),
                (
                    "temps",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notes",
                        to="usages.tempsdevisite",
                    ),
                ),
            ],
            options={
                "verbose_name": "note de visite",
                "verbose_name_plural": "notes de visite",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="constat",
            name="note",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="constats",
                to="usages.notedevisite",
            ),
        ),
        migrations.CreateModel(
            name="SectionMonographie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("fiche", "Fiche d'identité"),
                            ("visite", "Déroulé de la visite"),
                            ("historique", "Historique et contexte du projet"),
                            ("motivations", "Motivations au déploiement"),
                            ("acteurs", "Acteurs du pilotage"),
                            ("strategie", "Stratégie d'accompagnement et de formation"),
                            ("questionnaire", "Données du questionnaire"),
                            ("organisation", "Effets sur l'organisation"),
                            ("qvct", "Effets sur la qualité de vie et les conditions de travail"),
                            ("autodetermination", "Effets sur l'autodétermination des personnes"),
                            ("accompagnement", "Effets sur l'accompagnement des personnes"),
                            ("pilotage", "Effets sur le pilotage de la structure"),
                            ("efficience", "Effets sur l'efficience économique"),
                            ("resume", "Résumé des effets par thème"),
                            ("perspectives", "Perspectives"),
                            ("glossaire", "Glossaire"),
                            ("documents", "Documents consultés"),
                            ("methode", "Annexe : la méthode"),
                        ],
                        max_length=17,
                        verbose_name="section",
                    ),
                ),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=200000, verbose_name="texte"
                    ),
                ),
                ("modifiee_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "monographie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="usages.monographie"
                    ),
                ),
            ],
            options={
                "verbose_name": "section d'une monographie",
                "verbose_name_plural": "sections des monographies",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Commentaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bloc", models.PositiveIntegerField(default=0, verbose_name="rang du bloc")),
                (
                    "extrait",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="passage"
                    ),
                ),
                (
                    "avant",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=80, verbose_name="ce qui précède"),
                ),
                (
                    "apres",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=80, verbose_name="ce qui suit"),
                ),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="remarque"
                    ),
                ),
                (
                    "ecrit_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="écrit le"),
                ),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="réponse"
                    ),
                ),
                ("resolu_le", models.DateTimeField(blank=True, null=True, verbose_name="réglé le")),
                (
                    "ecrit_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "repondu_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commentaires",
                        to="usages.sectionmonographie",
                    ),
                ),
            ],
            options={
                "verbose_name": "commentaire de relecture",
                "verbose_name_plural": "commentaires de relecture",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Sigle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sigle", programme.socle.champs.TexteCourtField(max_length=20, verbose_name="sigle")),
                ("sens", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="sens")),
                (
                    "monographie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sigles", to="usages.monographie"
                    ),
                ),
            ],
            options={
                "verbose_name": "sigle",
                "ordering": ["sigle"],
            },
        ),
        migrations.CreateModel(
            name="Trame",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.CharField(
                        choices=[
                            ("deploiement", "Déploiement"),
                            ("organisation", "Organisation et métiers"),
                            ("qvct", "Qualité de vie et conditions de travail"),
                            ("autodetermination", "Autodétermination des personnes"),
                            ("accompagnement", "Accompagnement des personnes"),
                            ("pilotage", "Pilotage de la structure"),
                            ("efficience", "Efficience économique"),
                            ("secteur", "Transformation du secteur"),
                        ],
                        max_length=17,
                        verbose_name="thème",
                    ),
                ),
                (
                    "forme",
                    models.CharField(
                        choices=[
                            ("observation", "Observation"),
                            ("individuel", "Entretien individuel"),
                            ("collectif", "Entretien collectif"),
                            ("autre", "Accueil, bilan"),
                        ],
                        max_length=11,
                        verbose_name="forme",
                    ),
                ),
                (
                    "questions",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=4000, verbose_name="questions, une par ligne"
                    ),
                ),
                (
                    "etude",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trames",
                        to="usages.etude",
                        verbose_name="étude",
                    ),
                ),
            ],
            options={
                "verbose_name": "trame",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Visite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "objet",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="ce qu'on vient voir, et ce qu'on en fera"
                    ),
                ),
                (
                    "contraste",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=240, verbose_name="cas de contraste, gardé parce que"
                    ),
                ),
                (
                    "proposee_le",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False, verbose_name="proposée le"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("proposee", "Proposée"),
                            ("acceptee", "Acceptée"),
                            ("faite", "Faite"),
                            ("refusee", "Refusée"),
                            ("annulee", "Annulée"),
                        ],
                        db_index=True,
                        default="proposee",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "etude",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visites",
                        to="usages.etude",
                        verbose_name="étude",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visites_d_etude",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "proposee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "visite d'étude",
                "verbose_name_plural": "visites d'étude",
                "ordering": ["-proposee_le", "-pk"],
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="tempsdevisite",
            name="visite",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="temps", to="usages.visite"
            ),
        ),
        migrations.CreateModel(
            name="Rencontre",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("qui", programme.socle.champs.TexteCourtField(max_length=80, verbose_name="rôle")),
                ("nombre", models.PositiveSmallIntegerField(default=1, verbose_name="nombre")),
                ("rang", models.PositiveSmallIntegerField(default=0, verbose_name="rang")),
                (
                    "visite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rencontres", to="usages.visite"
                    ),
                ),
            ],
            options={
                "verbose_name": "rencontre",
                "ordering": ["rang", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PhotoDeVisite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("legende", programme.socle.champs.TexteCourtField(max_length=240, verbose_name="légende")),
                (
                    "description",
                    programme.socle.champs.TexteCourtField(
                        max_length=300, verbose_name="description, pour qui ne la voit pas"
                    ),
                ),
                ("credit", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="crédit")),
                (
                    "droit",
                    models.CharField(
                        choices=[
                            ("a_demander", "À demander"),
                            ("accorde", "Accordé"),
                            ("refuse", "Refusé"),
                            ("retire", "Retiré"),
                        ],
                        default="a_demander",
                        max_length=12,
                        verbose_name="droit",
                    ),
                ),
                ("droit_le", models.DateField(blank=True, null=True, verbose_name="droit du")),
                (
                    "section",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fiche", "Fiche d'identité"),
                            ("visite", "Déroulé de la visite"),
                            ("historique", "Historique et contexte du projet"),
                            ("motivations", "Motivations au déploiement"),
                            ("acteurs", "Acteurs du pilotage"),
                            ("strategie", "Stratégie d'accompagnement et de formation"),
                            ("questionnaire", "Données du questionnaire"),
                            ("organisation", "Effets sur l'organisation"),
                            ("qvct", "Effets sur la qualité de vie et les conditions de travail"),
                            ("autodetermination", "Effets sur l'autodétermination des personnes"),
                            ("accompagnement", "Effets sur l'accompagnement des personnes"),
                            ("pilotage", "Effets sur le pilotage de la structure"),
                            ("efficience", "Effets sur l'efficience économique"),
                            ("resume", "Résumé des effets par thème"),
                            ("perspectives", "Perspectives"),
                            ("glossaire", "Glossaire"),
                            ("documents", "Documents consultés"),
                            ("methode", "Annexe : la méthode"),
                        ],
                        max_length=17,
                        verbose_name="section",
                    ),
                ),
                (
                    "ajoutee_le",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False, verbose_name="ajoutée le"
                    ),
                ),
                (
                    "ajoutee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="usages.visite"
                    ),
                ),
            ],
            options={
                "verbose_name": "photo de visite",
                "verbose_name_plural": "photos de visite",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="notedevisite",
            name="visite",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="usages.visite"
            ),
        ),
        migrations.AddField(
            model_name="monographie",
            name="visite",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="monographie", to="usages.visite"
            ),
        ),
        migrations.AddField(
            model_name="constat",
            name="visite",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="constats", to="usages.visite"
            ),
        ),
        migrations.AddField(
            model_name="verbatim",
            name="visite",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verbatims",
                to="usages.visite",
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(("voix__in", ["", "professionnel", "direction", "personne", "proche"])),
                name="verbatim_voix_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(("situation__in", ["", "majeur", "mineur", "protege"])),
                name="verbatim_situation_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(("anonymat__in", ["a_faire", "fait", "reconnaissable"])),
                name="verbatim_anonymat_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "",
                            "deploiement",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "secteur",
                        ],
                    )
                ),
                name="verbatim_theme_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(("accord_representant__in", ["a_demander", "donne", "refuse", "retire"])),
                name="verbatim_representant_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accord_representant", "donne"), _negated=True),
                    ("accord_representant_le__isnull", False),
                    _connector="OR",
                ),
                name="verbatim_representant_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="codage",
            constraint=models.UniqueConstraint(fields=("constat", "codeur"), name="codage_un_par_codeur"),
        ),
        migrations.AddConstraint(
            model_name="codage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "deploiement",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "secteur",
                        ],
                    )
                ),
                name="codage_theme_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="codage",
            constraint=models.CheckConstraint(
                condition=models.Q(("sens__in", ["positif", "negatif", "mitige", "aucun"])), name="codage_sens_connu"
            ),
        ),
        migrations.AddConstraint(
            model_name="codage",
            constraint=models.CheckConstraint(
                condition=models.Q(("force__in", ["faible", "moyenne", "forte"])), name="codage_force_connue"
            ),
        ),
        migrations.AddConstraint(
            model_name="codage",
            constraint=models.CheckConstraint(
                condition=models.Q(("preuve__in", ["dite", "croisee", "observee", "mesuree"])),
                name="codage_preuve_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="etude",
            constraint=models.CheckConstraint(
                condition=models.Q(("etat__in", ["preparation", "en_cours", "close"])), name="etude_etat_connu"
            ),
        ),
        migrations.AddConstraint(
            model_name="etapeetude",
            constraint=models.UniqueConstraint(fields=("etude", "code"), name="etape_etude_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="etapeetude",
            constraint=models.CheckConstraint(
                condition=models.Q(("genre__in", ["filtre", "passage", "exceptions", "selection"])),
                name="etape_etude_genre_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="etapeetude",
            constraint=models.CheckConstraint(
                condition=models.Q(("resultat__isnull", True), ("figee_le__isnull", False), _connector="OR"),
                name="etape_etude_figee_datee",
            ),
        ),
        migrations.AddConstraint(
            model_name="equipier",
            constraint=models.UniqueConstraint(fields=("etude", "compte"), name="equipier_unique"),
        ),
        migrations.AddConstraint(
            model_name="equipier",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["pilote", "auteur", "lecteur"])), name="equipier_role_connu"
            ),
        ),
        migrations.AddConstraint(
            model_name="faitmonographie",
            constraint=models.UniqueConstraint(fields=("monographie", "code"), name="fait_monographie_unique"),
        ),
        migrations.AddConstraint(
            model_name="faitmonographie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "type",
                            "raison_sociale",
                            "og",
                            "statut",
                            "finess_juridique",
                            "finess",
                            "region",
                            "departement",
                            "ars",
                            "etp",
                            "personnes",
                            "typologie",
                            "financement",
                            "parametrage",
                            "vsr",
                            "formes_dui",
                            "formes_socles",
                            "utilisation",
                            "effets_positifs",
                            "effets_negatifs",
                            "effet_qvct",
                            "motivation",
                            "effet_autodetermination",
                            "effet_accompagnement",
                            "effet_pilotage",
                        ],
                    )
                ),
                name="fait_monographie_code_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("monographie", "numero"), name="edition_numero_unique"),
        ),
        migrations.AddConstraint(
            model_name="sectionmonographie",
            constraint=models.UniqueConstraint(fields=("monographie", "code"), name="section_unique"),
        ),
        migrations.AddConstraint(
            model_name="sectionmonographie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "fiche",
                            "visite",
                            "historique",
                            "motivations",
                            "acteurs",
                            "strategie",
                            "questionnaire",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "resume",
                            "perspectives",
                            "glossaire",
                            "documents",
                            "methode",
                        ],
                    )
                ),
                name="section_code_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="sigle",
            constraint=models.UniqueConstraint(fields=("monographie", "sigle"), name="sigle_unique"),
        ),
        migrations.AddConstraint(
            model_name="trame",
            constraint=models.UniqueConstraint(fields=("etude", "theme", "forme"), name="trame_unique"),
        ),
        migrations.AddConstraint(
            model_name="trame",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "deploiement",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "secteur",
                        ],
                    )
                ),
                name="trame_theme_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="trame",
            constraint=models.CheckConstraint(
                condition=models.Q(("forme__in", ["observation", "individuel", "collectif", "autre"])),
                name="trame_forme_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="visite",
            constraint=models.CheckConstraint(
                condition=models.Q(("etat__in", ["proposee", "acceptee", "faite", "refusee", "annulee"])),
                name="visite_etat_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="visite",
            constraint=models.UniqueConstraint(
                condition=models.Q(("etat__in", ("proposee", "acceptee", "faite"))),
                fields=("etude", "parcours"),
                name="visite_une_par_esms",
            ),
        ),
        migrations.AddConstraint(
            model_name="tempsdevisite",
            constraint=models.CheckConstraint(
                condition=models.Q(("fin__gt", models.F("debut"))), name="temps_de_visite_fin_apres_debut"
            ),
        ),
        migrations.AddConstraint(
            model_name="tempsdevisite",
            constraint=models.CheckConstraint(
                condition=models.Q(("forme__in", ["observation", "individuel", "collectif", "autre"])),
                name="temps_de_visite_forme_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="tempsdevisite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "",
                            "deploiement",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "secteur",
                        ],
                    )
                ),
                name="temps_de_visite_theme_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="rencontre",
            constraint=models.UniqueConstraint(fields=("visite", "qui"), name="rencontre_un_role"),
        ),
        migrations.AddConstraint(
            model_name="rencontre",
            constraint=models.CheckConstraint(condition=models.Q(("nombre__gte", 1)), name="rencontre_au_moins_une"),
        ),
        migrations.AddConstraint(
            model_name="photodevisite",
            constraint=models.CheckConstraint(
                condition=models.Q(("droit__in", ["a_demander", "accorde", "refuse", "retire"])),
                name="photo_de_visite_droit_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="photodevisite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("droit", "accorde"), _negated=True), ("droit_le__isnull", False), _connector="OR"
                ),
                name="photo_de_visite_droit_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="photodevisite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "section__in",
                        [
                            "",
                            "fiche",
                            "visite",
                            "historique",
                            "motivations",
                            "acteurs",
                            "strategie",
                            "questionnaire",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "resume",
                            "perspectives",
                            "glossaire",
                            "documents",
                            "methode",
                        ],
                    )
                ),
                name="photo_de_visite_section_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="notedevisite",
            constraint=models.UniqueConstraint(fields=("visite", "cle"), name="note_de_visite_cle_unique"),
        ),
        migrations.AddConstraint(
            model_name="notedevisite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "",
                            "deploiement",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "secteur",
                        ],
                    )
                ),
                name="note_de_visite_theme_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="monographie",
            constraint=models.CheckConstraint(
                condition=models.Q(("etat__in", ["brouillon", "relecture", "validee", "publiee"])),
                name="monographie_etat_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="constat",
            constraint=models.CheckConstraint(
                condition=models.Q(("nature__in", ["effet", "levier", "frein"])), name="constat_nature_connue"
            ),
        ),
        migrations.AddConstraint(
            model_name="constat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme_propose__in",
                        [
                            "deploiement",
                            "organisation",
                            "qvct",
                            "autodetermination",
                            "accompagnement",
                            "pilotage",
                            "efficience",
                            "secteur",
                        ],
                    )
                ),
                name="constat_theme_connu",
            ),
        ),
        migrations.RunPython(dire_les_voix, migrations.RunPython.noop, elidable=True),
    ]
