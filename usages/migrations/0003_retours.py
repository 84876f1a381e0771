"""Les retours de terrain, leurs liens, les enseignements du pilote, les pratiques partagées, les verbatims."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import programme.socle.champs
import usages.models.liens_de_retour


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("programme", "0002_usages_et_bloquants_mesures"),
        ("usages", "0002_noms_des_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CleDuJour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("jour", models.DateField(unique=True, verbose_name="jour")),
                ("cle", models.CharField(editable=False, max_length=64, verbose_name="clé")),
            ],
            options={
                "verbose_name": "clé du jour",
                "verbose_name_plural": "clés du jour",
            },
        ),
        migrations.CreateModel(
            name="CompteurDeDepots",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("empreinte", models.CharField(editable=False, max_length=64, verbose_name="empreinte")),
                ("tranche", models.DateTimeField(editable=False, verbose_name="tranche")),
                ("nombre", models.PositiveIntegerField(default=0, editable=False, verbose_name="envois")),
            ],
            options={
                "verbose_name": "compteur de dépôts",
                "verbose_name_plural": "compteurs de dépôts",
                "constraints": [
                    models.UniqueConstraint(fields=("empreinte", "tranche"), name="compteur_de_depots_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Enseignement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("libelle", programme.socle.champs.TexteCourtField(max_length=160, verbose_name="ce qu'on a appris")),
                (
                    "conseil",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="ce qu'on conseille aux suivants"
                    ),
                ),
                ("a_regler", models.BooleanField(default=False, verbose_name="à régler avant d'ouvrir")),
                ("ecrit_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="écrit le")),
                (
                    "etat",
                    models.CharField(
                        choices=[("ouvert", "Ouvert"), ("clos", "Clos")],
                        db_index=True,
                        default="ouvert",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=160, verbose_name="tri"),
                ),
                (
                    "ecrit_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrit par",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enseignements", to="programme.grappe"
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enseignements",
                        to="programme.module",
                    ),
                ),
                (
                    "pilote",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enseignements",
                        to="programme.parcours",
                        verbose_name="ESMS pilote",
                    ),
                ),
            ],
            options={
                "verbose_name": "enseignement du pilote",
                "verbose_name_plural": "enseignements du pilote",
                "ordering": ["-a_regler", "-ecrit_le", "pk"],
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LectureEnseignement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "lu_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="lu le"),
                ),
                (
                    "enseignement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lectures", to="usages.enseignement"
                    ),
                ),
                (
                    "lu_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enseignements_lus",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "lecture d'un enseignement",
                "verbose_name_plural": "lectures des enseignements",
            },
        ),
        migrations.CreateModel(
            name="LienDeRetour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "jeton",
                    models.CharField(
                        default=usages.models.liens_de_retour.tirer_jeton,
                        editable=False,
                        max_length=43,
                        unique=True,
                        verbose_name="jeton",
                    ),
                ),
                (
                    "cree_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="créé le"),
                ),
                ("expire_le", models.DateField(blank=True, null=True, verbose_name="jusqu'au")),
                ("revoque_le", models.DateField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
                (
                    "cree_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créé par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liens_de_retour",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "unite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liens_de_retour",
                        to="programme.unite",
                        verbose_name="unité",
                    ),
                ),
            ],
            options={
                "verbose_name": "lien de retour",
                "verbose_name_plural": "liens de retour",
                "ordering": ["parcours", "unite", "-cree_le", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Pratique",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("titre", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="titre")),
                (
                    "contexte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="le contexte"
                    ),
                ),
                (
                    "fait",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1200, verbose_name="ce que nous avons fait"
                    ),
                ),
                (
                    "effet",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="ce que ça a donné"
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[
                            ("ergonomie", "Écrans et saisie"),
                            ("parametrage", "Paramétrage"),
                            ("acces", "Droits et connexion"),
                            ("materiel", "Matériel et réseau"),
                            ("donnees", "Données reprises"),
                            ("panne", "Panne ou lenteur"),
                            ("formation", "Formation et aide"),
                            ("organisation", "Organisation du travail"),
                        ],
                        max_length=14,
                        verbose_name="thème",
                    ),
                ),
                ("signature", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="signée")),
                (
                    "contact",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="qui contacter (une fonction)"
                    ),
                ),
                ("ecrite_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="écrite le")),
                (
                    "etat",
                    models.CharField(
                        choices=[("brouillon", "Brouillon"), ("partagee", "Partagée"), ("retiree", "Retirée")],
                        db_index=True,
                        default="brouillon",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("tri", models.CharField(default="", editable=False, max_length=2600, verbose_name="tri")),
                (
                    "ecrite_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pratiques", to="programme.grappe"
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pratiques",
                        to="programme.module",
                    ),
                ),
            ],
            options={
                "verbose_name": "pratique partagée",
                "verbose_name_plural": "pratiques partagées",
                "ordering": ["-ecrite_le", "pk"],
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReglageRetours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "jours_qualifier",
                    models.PositiveSmallIntegerField(default=7, verbose_name="jours pour lire un retour"),
                ),
                ("jours_repondre", models.PositiveSmallIntegerField(default=30, verbose_name="jours pour y répondre")),
                (
                    "grappe",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reglage_retours",
                        to="programme.grappe",
                    ),
                ),
            ],
            options={
                "verbose_name": "réglage des retours",
                "verbose_name_plural": "réglages des retours",
            },
        ),
        migrations.CreateModel(
            name="Relais",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relais_des_retours",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relais_des_retours",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "unite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relais_des_retours",
                        to="programme.unite",
                        verbose_name="unité",
                    ),
                ),
            ],
            options={
                "verbose_name": "relais des retours",
                "verbose_name_plural": "relais des retours",
                "ordering": ["parcours", "unite", "compte"],
            },
        ),
        migrations.CreateModel(
            name="RepriseDePratique",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reprise_le",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False, verbose_name="reprise le"
                    ),
                ),
                (
                    "note",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=240, verbose_name="ce que nous en avons changé"
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pratiques_reprises",
                        to="programme.grappe",
                    ),
                ),
                (
                    "pratique",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reprises", to="usages.pratique"
                    ),
                ),
                (
                    "reprise_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "reprise d'une pratique",
                "verbose_name_plural": "reprises des pratiques",
            },
        ),
        migrations.CreateModel(
            name="Retour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "niveau",
                    models.CharField(
                        choices=[("unite", "Mon unité"), ("esms", "L'établissement")],
                        default="unite",
                        editable=False,
                        max_length=10,
                        verbose_name="au nom de",
                    ),
                ),
                (
                    "gravite",
                    models.CharField(
                        choices=[
                            ("mineure", "On fait avec"),
                            ("genante", "Ça gêne le travail"),
                            ("bloquante", "On ne peut plus travailler"),
                        ],
                        default="genante",
                        max_length=10,
                        verbose_name="gravité",
                    ),
                ),
                (
                    "probleme",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="ce qui a posé problème"
                    ),
                ),
                (
                    "amelioration",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="comment l'améliorer"
                    ),
                ),
                (
                    "recu_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="reçu le"),
                ),
                ("cle", models.UUIDField(editable=False, unique=True, verbose_name="clé d'envoi")),
                (
                    "canal",
                    models.CharField(
                        choices=[
                            ("aucun", "Je lirai l'affiche"),
                            ("code", "Par un code que je garde"),
                            ("courriel", "Par courriel"),
                            ("compte", "Dans Treille"),
                        ],
                        default="aucun",
                        editable=False,
                        max_length=10,
                        verbose_name="réponse attendue",
                    ),
                ),
                (
                    "suivi",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        default="",
                        editable=False,
                        max_length=64,
                        verbose_name="empreinte du code",
                    ),
                ),
                (
                    "courriel",
                    models.EmailField(blank=True, default="", editable=False, max_length=254, verbose_name="courriel"),
                ),
                ("titre", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="résumé")),
                (
                    "theme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ergonomie", "Écrans et saisie"),
                            ("parametrage", "Paramétrage"),
                            ("acces", "Droits et connexion"),
                            ("materiel", "Matériel et réseau"),
                            ("donnees", "Données reprises"),
                            ("panne", "Panne ou lenteur"),
                            ("formation", "Formation et aide"),
                            ("organisation", "Organisation du travail"),
                        ],
                        default="",
                        max_length=14,
                        verbose_name="thème",
                    ),
                ),
                (
                    "voie",
                    models.CharField(
                        blank=True,
                        choices=[("interne", "Dans l'ESMS ou la grappe"), ("editeur", "Chez l'éditeur")],
                        default="",
                        max_length=10,
                        verbose_name="qui s'en occupe",
                    ),
                ),
                (
                    "reponse",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="réponse publiée"
                    ),
                ),
                ("repondu_le", models.DateField(blank=True, editable=False, null=True, verbose_name="répondu le")),
                ("lue_le", models.DateField(blank=True, editable=False, null=True, verbose_name="réponse lue le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("nouveau", "Nouveau"),
                            ("qualifie", "Qualifié"),
                            ("en_cours", "En cours"),
                            ("resolu", "Résolu"),
                            ("publie", "Réponse publiée"),
                            ("non_retenu", "Non retenu"),
                            ("regroupe", "Regroupé"),
                        ],
                        db_index=True,
                        default="nouveau",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("tri", models.CharField(default="", editable=False, max_length=4200, verbose_name="tri")),
                (
                    "auteur",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retours",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confie_a",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retours_confies",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confié à",
                    ),
                ),
                (
                    "lien",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="retours",
                        to="usages.lienderetour",
                    ),
                ),
                (
                    "metier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retours",
                        to="programme.metier",
                        verbose_name="métier",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retours",
                        to="programme.module",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retours",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "porte_par",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="portes",
                        to="usages.retour",
                        verbose_name="regroupé sous",
                    ),
                ),
                (
                    "unite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="retours",
                        to="programme.unite",
                        verbose_name="unité",
                    ),
                ),
            ],
            options={
                "verbose_name": "retour de terrain",
                "verbose_name_plural": "retours de terrain",
                "ordering": ["-recu_le", "-pk"],
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Soutien",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recu_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="reçu le"),
                ),
                ("cle", models.UUIDField(editable=False, unique=True, verbose_name="clé d'envoi")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="soutiens",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "retour",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="soutiens", to="usages.retour"
                    ),
                ),
                (
                    "unite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="soutiens",
                        to="programme.unite",
                    ),
                ),
            ],
            options={
                "verbose_name": "nous aussi",
                "verbose_name_plural": "nous aussi",
                "ordering": ["recu_le", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SuiteDeRetour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("action", "Une action"),
                            ("risque", "Un risque"),
                            ("editeur", "Une demande à l'éditeur"),
                            ("seance", "Un point d'ordre du jour"),
                            ("enseignement", "Un enseignement du pilote"),
                            ("arrivant", "Une personne à former"),
                            ("verbatim", "Un verbatim"),
                        ],
                        max_length=14,
                        verbose_name="nature",
                    ),
                ),
                ("objet_id", models.PositiveBigIntegerField()),
                (
                    "faite_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="faite le"),
                ),
                (
                    "faite_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "objet_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "retour",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suites", to="usages.retour"
                    ),
                ),
            ],
            options={
                "verbose_name": "suite d'un retour",
                "verbose_name_plural": "suites des retours",
                "ordering": ["faite_le", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Verbatim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="ce qui a été dit"
                    ),
                ),
                ("qui", programme.socle.champs.TexteCourtField(max_length=80, verbose_name="qui l'a dit (un rôle)")),
                (
                    "consentement",
                    models.CharField(
                        choices=[
                            ("a_demander", "À demander"),
                            ("donne", "Donné"),
                            ("refuse", "Refusé"),
                            ("retire", "Retiré"),
                        ],
                        default="a_demander",
                        max_length=12,
                        verbose_name="accord",
                    ),
                ),
                ("consentement_le", models.DateField(blank=True, null=True, verbose_name="accord du")),
                (
                    "recueilli_le",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="recueilli le"),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verbatims",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "recueilli_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "verbatim",
                "ordering": ["-recueilli_le", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="enseignement",
            index=models.Index(fields=["grappe", "etat"], name="enseignement_grappe"),
        ),
        migrations.AddConstraint(
            model_name="enseignement",
            constraint=models.CheckConstraint(
                condition=models.Q(("etat__in", ["ouvert", "clos"])), name="enseignement_etat_connu"
            ),
        ),
        migrations.AddConstraint(
            model_name="lectureenseignement",
            constraint=models.UniqueConstraint(fields=("enseignement", "parcours"), name="lecture_enseignement_unique"),
        ),
        migrations.AddIndex(
            model_name="pratique",
            index=models.Index(fields=["grappe", "etat"], name="pratique_grappe"),
        ),
        migrations.AddConstraint(
            model_name="pratique",
            constraint=models.CheckConstraint(
                condition=models.Q(("etat__in", ["brouillon", "partagee", "retiree"])), name="pratique_etat_connu"
            ),
        ),
        migrations.AddConstraint(
            model_name="pratique",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "ergonomie",
                            "parametrage",
                            "acces",
                            "materiel",
                            "donnees",
                            "panne",
                            "formation",
                            "organisation",
                        ],
                    )
                ),
                name="pratique_theme_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="reglageretours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("jours_qualifier__gte", 1),
                    ("jours_repondre__gte", models.F("jours_qualifier")),
                    ("jours_repondre__lte", 365),
                ),
                name="reglage_retours_delais",
            ),
        ),
        migrations.AddConstraint(
            model_name="relais",
            constraint=models.UniqueConstraint(fields=("parcours", "unite", "compte"), name="relais_d_unite_unique"),
        ),
        migrations.AddConstraint(
            model_name="relais",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unite__isnull", True)), fields=("parcours", "compte"), name="relais_d_esms_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="reprisedepratique",
            constraint=models.UniqueConstraint(fields=("pratique", "grappe"), name="reprise_de_pratique_unique"),
        ),
        migrations.AddIndex(
            model_name="retour",
            index=models.Index(fields=["parcours", "etat", "-recu_le"], name="retour_parcours"),
        ),
        migrations.AddIndex(
            model_name="retour",
            index=models.Index(fields=["-recu_le", "-id"], name="retour_recent"),
        ),
        migrations.AddConstraint(
            model_name="retour",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("etat__in", ["nouveau", "qualifie", "en_cours", "resolu", "publie", "non_retenu", "regroupe"])
                ),
                name="retour_etat_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="retour",
            constraint=models.CheckConstraint(
                condition=models.Q(("gravite__in", ["mineure", "genante", "bloquante"])), name="retour_gravite_connue"
            ),
        ),
        migrations.AddConstraint(
            model_name="retour",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("etat", "regroupe"), ("porte_par__isnull", False)),
                    models.Q(models.Q(("etat", "regroupe"), _negated=True), ("porte_par__isnull", True)),
                    _connector="OR",
                ),
                name="retour_regroupe_sous_un_autre",
            ),
        ),
        migrations.AddConstraint(
            model_name="retour",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("etat", "publie"), _negated=True),
                    models.Q(("reponse", ""), _negated=True),
                    _connector="OR",
                ),
                name="retour_publie_avec_reponse",
            ),
        ),
        migrations.AddIndex(
            model_name="suitederetour",
            index=models.Index(fields=["objet_type", "objet_id"], name="suite_de_retour_objet"),
        ),
        migrations.AddConstraint(
            model_name="suitederetour",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("nature__in", ["action", "risque", "editeur", "seance", "enseignement", "arrivant", "verbatim"])
                ),
                name="suite_de_retour_nature_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="suitederetour",
            constraint=models.UniqueConstraint(
                fields=("retour", "objet_type", "objet_id"), name="suite_de_retour_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(("consentement__in", ["a_demander", "donne", "refuse", "retire"])),
                name="verbatim_accord_connu",
            ),
        ),
        migrations.AddConstraint(
            model_name="verbatim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consentement", "donne"), _negated=True),
                    ("consentement_le__isnull", False),
                    _connector="OR",
                ),
                name="verbatim_accord_date",
            ),
        ),
    ]
