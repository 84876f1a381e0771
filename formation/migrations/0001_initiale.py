"""Les premières tables de la formation : personnes et postes, plan, sessions, couverture, changement, droits d'accès."""

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
        ("programme", "0001_initiale"),
        ("programme", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Professionnel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "matricule",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=40, verbose_name="matricule"),
                ),
                ("nom", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="nom")),
                ("courriel", models.EmailField(blank=True, max_length=254, verbose_name="courriel professionnel")),
                (
                    "origine",
                    models.CharField(
                        choices=[
                            ("paie", "Paie de l'organisme"),
                            ("mis_a_disposition", "Mise à disposition"),
                            ("interim", "Intérim"),
                            ("liberal", "Libéral"),
                            ("stage", "Stage"),
                        ],
                        default="paie",
                        max_length=20,
                        verbose_name="origine",
                    ),
                ),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créé le"),
                ),
                (
                    "pseudonymise_le",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="pseudonymisé le"),
                ),
                (
                    "recherche",
                    models.CharField(
                        db_index=True, default="", editable=False, max_length=200, verbose_name="recherche"
                    ),
                ),
                (
                    "tri",
                    models.CharField(db_index=True, default="", editable=False, max_length=120, verbose_name="tri"),
                ),
                (
                    "og",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="professionnels",
                        to="programme.organismegestionnaire",
                        verbose_name="organisme gestionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "professionnel",
                "ordering": ["tri", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origine__in", ["paie", "mis_a_disposition", "interim", "liberal", "stage"])
                        ),
                        name="professionnel_origine_connue",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("matricule", ""), _negated=True),
                        fields=("og", "matricule"),
                        name="professionnel_matricule_unique",
                        violation_error_message="Ce matricule est déjà celui d'une autre personne de l'organisme.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pseudonymise_le__isnull", True),
                            models.Q(("courriel", ""), ("matricule", ""), ("nom", "")),
                            _connector="OR",
                        ),
                        name="professionnel_pseudonymise_sans_nom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Profil",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=80, verbose_name="nom")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("direction", "Direction et encadrement"),
                            ("administratif", "Administratif"),
                            ("educatif", "Accompagnement éducatif et social"),
                            ("soin", "Soins"),
                            ("medical", "Médical"),
                            ("technique", "Technique et logistique"),
                            ("administration", "Administration du DUI"),
                        ],
                        max_length=16,
                        verbose_name="nature",
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("retire_le", models.DateField(blank=True, editable=False, null=True, verbose_name="retiré le")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="profils", to="programme.grappe"
                    ),
                ),
                (
                    "metiers",
                    models.ManyToManyField(
                        blank=True, related_name="profils", to="programme.metier", verbose_name="métiers"
                    ),
                ),
            ],
            options={
                "verbose_name": "profil",
                "ordering": ["ordre", "nom", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "nature__in",
                                [
                                    "direction",
                                    "administratif",
                                    "educatif",
                                    "soin",
                                    "medical",
                                    "technique",
                                    "administration",
                                ],
                            )
                        ),
                        name="profil_nature_connue",
                    ),
                    models.UniqueConstraint(
                        fields=("grappe", "code"),
                        name="profil_code_unique",
                        violation_error_message="Un profil de cette grappe porte déjà ce code.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Poste",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rythme",
                    models.CharField(
                        choices=[("jour", "De jour"), ("nuit", "De nuit"), ("jour_et_nuit", "De jour et de nuit")],
                        default="jour",
                        max_length=14,
                        verbose_name="travaille",
                    ),
                ),
                ("debut", models.DateField(verbose_name="entrée")),
                ("fin", models.DateField(blank=True, null=True, verbose_name="sortie")),
                (
                    "est_renfort",
                    models.BooleanField(default=False, editable=False, verbose_name="renfort de moins d'un mois"),
                ),
                (
                    "metier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postes",
                        to="programme.metier",
                        verbose_name="métier",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postes",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "saisi_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saisi par",
                    ),
                ),
                (
                    "unite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="postes",
                        to="programme.unite",
                        verbose_name="unité",
                    ),
                ),
                (
                    "professionnel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="postes", to="formation.professionnel"
                    ),
                ),
                (
                    "profil",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="postes",
                        to="formation.profil",
                        verbose_name="profil",
                    ),
                ),
            ],
            options={
                "verbose_name": "poste",
                "ordering": ["parcours", "professionnel__tri", "pk"],
                "indexes": [
                    models.Index(fields=["parcours", "est_renfort", "debut", "fin"], name="poste_en_poste"),
                    models.Index(fields=["unite", "debut", "fin"], name="poste_unite"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rythme__in", ["jour", "nuit", "jour_et_nuit"])), name="poste_rythme_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fin__isnull", True), ("fin__gte", models.F("debut")), _connector="OR"),
                        name="poste_dates",
                        violation_error_message="La sortie précède l'entrée : corrigez l'une des deux dates.",
                    ),
                    models.UniqueConstraint(
                        fields=("professionnel", "parcours", "debut"),
                        name="poste_unique",
                        violation_error_message="Cette personne a déjà un poste dans cet ESMS à cette date d'entrée.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModuleFormation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("dui", "Prise en main du DUI"),
                            ("ecrits", "Écrits professionnels"),
                            ("services_socles", "Services socles"),
                            ("numerique", "Numérique de base"),
                            ("autre", "Autre"),
                        ],
                        default="dui",
                        max_length=16,
                        verbose_name="nature",
                    ),
                ),
                (
                    "modalite",
                    models.CharField(
                        choices=[
                            ("interne", "En interne"),
                            ("externe", "Par un organisme extérieur"),
                            ("e_learning", "À distance, à son rythme"),
                            ("pairs", "Entre pairs"),
                        ],
                        default="interne",
                        max_length=12,
                        verbose_name="modalité",
                    ),
                ),
                (
                    "objectif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="à la fin, on sait"
                    ),
                ),
                ("duree_minutes", models.PositiveSmallIntegerField(default=180, verbose_name="durée, en minutes")),
                ("est_socle", models.BooleanField(default=True, verbose_name="au socle : tout son public le suit")),
                (
                    "validite_mois",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="à refaire après, en mois"),
                ),
                ("places_par_session", models.PositiveSmallIntegerField(default=10, verbose_name="places par session")),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "retire_le",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="retiré du plan le"),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="modules_formation",
                        to="programme.grappe",
                    ),
                ),
                (
                    "modules",
                    models.ManyToManyField(
                        blank=True,
                        related_name="modules_formation",
                        to="programme.module",
                        verbose_name="modules du DUI enseignés",
                    ),
                ),
                (
                    "publics",
                    models.ManyToManyField(
                        blank=True, related_name="modules_formation", to="programme.metier", verbose_name="publics"
                    ),
                ),
            ],
            options={
                "verbose_name": "module de formation",
                "verbose_name_plural": "modules de formation",
                "ordering": ["ordre", "nom", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("nature__in", ["dui", "ecrits", "services_socles", "numerique", "autre"])),
                        name="moduleformation_nature",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("modalite__in", ["interne", "externe", "e_learning", "pairs"])),
                        name="moduleformation_modalite",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duree_minutes__gt", 0), ("places_par_session__gt", 0)),
                        name="moduleformation_nombres",
                        violation_error_message="Une durée et un nombre de places sont au moins de 1.",
                    ),
                    models.UniqueConstraint(
                        fields=("grappe", "code"),
                        name="moduleformation_code_unique",
                        violation_error_message="Un module de formation de cette grappe porte déjà ce code.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Formateur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fonction", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="fonction")),
                (
                    "organisme",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="entreprise, s'il est extérieur"
                    ),
                ),
                (
                    "heures_prevues",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="temps prévu, en heures"),
                ),
                (
                    "heures_accordees",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="temps accordé, en heures"),
                ),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créé le"),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="formateurs", to="programme.grappe"
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
                        verbose_name="organisme",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="formateurs",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "modules",
                    models.ManyToManyField(
                        blank=True, related_name="formateurs", to="formation.moduleformation", verbose_name="anime"
                    ),
                ),
            ],
            options={
                "verbose_name": "formateur",
                "ordering": ["fonction", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grappe", "fonction"),
                        name="formateur_unique",
                        violation_error_message="Un formateur de cette grappe porte déjà cette fonction.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionFormation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("fin", models.DateTimeField(verbose_name="fin")),
                ("lieu", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="lieu")),
                ("capacite", models.PositiveSmallIntegerField(verbose_name="places")),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="à savoir avant de venir"
                    ),
                ),
                (
                    "code_presence",
                    models.CharField(blank=True, editable=False, max_length=8, verbose_name="code de présence"),
                ),
                (
                    "jeton_a_chaud",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="adresse de l'avis à chaud"
                    ),
                ),
                (
                    "jeton_a_froid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="adresse de l'avis à froid"
                    ),
                ),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("planifiee", "Planifiée"),
                            ("ouverte", "Ouverte aux inscriptions"),
                            ("tenue", "Tenue"),
                            ("evaluee", "Évaluée"),
                            ("annulee", "Annulée"),
                        ],
                        db_index=True,
                        default="planifiee",
                        max_length=20,
                        verbose_name="état",
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
                (
                    "formateur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sessions",
                        to="formation.formateur",
                        verbose_name="formateur",
                    ),
                ),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions_formation",
                        to="programme.grappe",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="formation.moduleformation",
                        verbose_name="module",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions_formation",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "session de formation",
                "verbose_name_plural": "sessions de formation",
                "ordering": ["debut", "pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["grappe", "etat", "debut"], name="session_grappe")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["planifiee", "ouverte", "tenue", "evaluee", "annulee"])),
                        name="session_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fin__gt", models.F("debut"))),
                        name="session_dates",
                        violation_error_message="La session finit avant de commencer : corrigez l'une des deux heures.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacite__gt", 0)),
                        name="session_places",
                        violation_error_message="Une session a au moins une place.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "statut",
                    models.CharField(
                        choices=[("inscrit", "Inscrit"), ("en_attente", "En liste d'attente"), ("desiste", "Désisté")],
                        default="inscrit",
                        max_length=10,
                        verbose_name="statut",
                    ),
                ),
                (
                    "pointage",
                    models.CharField(
                        choices=[("non_pointe", "À pointer"), ("present", "Présent"), ("absent", "Absent")],
                        default="non_pointe",
                        max_length=10,
                        verbose_name="présence",
                    ),
                ),
                (
                    "inscrite_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="inscrite le"),
                ),
                (
                    "convoquee_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="convoquée le"),
                ),
                (
                    "inscrite_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inscrite par",
                    ),
                ),
                (
                    "poste",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="inscriptions", to="formation.poste"
                    ),
                ),
                (
                    "professionnel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inscriptions",
                        to="formation.professionnel",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inscriptions",
                        to="formation.sessionformation",
                    ),
                ),
            ],
            options={
                "verbose_name": "inscription",
                "ordering": ["session", "professionnel__tri", "pk"],
                "indexes": [models.Index(fields=["session", "statut"], name="inscription_session")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("statut__in", ["inscrit", "en_attente", "desiste"])),
                        name="inscription_statut_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pointage__in", ["non_pointe", "present", "absent"])),
                        name="inscription_pointage_connu",
                    ),
                    models.UniqueConstraint(
                        fields=("session", "professionnel"),
                        name="inscription_unique",
                        violation_error_message="Cette personne est déjà inscrite à cette session.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acquis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origine",
                    models.CharField(
                        choices=[("session", "Une session"), ("constat", "Formation déjà reçue")],
                        default="session",
                        max_length=8,
                        verbose_name="origine",
                    ),
                ),
                ("obtenu_le", models.DateField(verbose_name="formé le")),
                ("valable_jusqu_au", models.DateField(blank=True, null=True, verbose_name="valable jusqu'au")),
                (
                    "constate_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="constaté par",
                    ),
                ),
                (
                    "inscription",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acquis",
                        to="formation.inscription",
                        verbose_name="inscription",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acquis",
                        to="formation.moduleformation",
                        verbose_name="module",
                    ),
                ),
                (
                    "professionnel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="acquis", to="formation.professionnel"
                    ),
                ),
            ],
            options={
                "verbose_name": "acquis",
                "verbose_name_plural": "acquis",
                "ordering": ["professionnel", "module", "-obtenu_le", "pk"],
                "indexes": [models.Index(fields=["module", "professionnel", "obtenu_le"], name="acquis_module")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("origine__in", ["session", "constat"])), name="acquis_origine_connue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valable_jusqu_au__isnull", True),
                            ("valable_jusqu_au__gte", models.F("obtenu_le")),
                            _connector="OR",
                        ),
                        name="acquis_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("inscription__isnull", False), ("origine", "session")),
                            models.Q(("inscription__isnull", True), ("origine", "constat")),
                            _connector="OR",
                        ),
                        name="acquis_source",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("inscription__isnull", True)),
                        fields=("professionnel", "module", "obtenu_le"),
                        name="acquis_constat_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Annonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "contexte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="1. Pourquoi maintenant"
                    ),
                ),
                (
                    "ambition",
                    programme.socle.champs.TexteLibreField(
                        blank=True,
                        default="",
                        max_length=1000,
                        verbose_name="2. Ce qui va changer, et ce qui ne changera pas",
                    ),
                ),
                (
                    "demarche",
                    programme.socle.champs.TexteLibreField(
                        blank=True,
                        default="",
                        max_length=1000,
                        verbose_name="3. Comment on s'y prend, et la place de vos idées",
                    ),
                ),
                ("lieu", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="où")),
                ("date_prevue", models.DateField(blank=True, null=True, verbose_name="prévue le")),
                ("date_tenue", models.DateField(blank=True, null=True, verbose_name="tenue le")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "parcours",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="annonce",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "annonce du projet",
                "verbose_name_plural": "annonces du projet",
            },
        ),
        migrations.CreateModel(
            name="AvisFormation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "moment",
                    models.CharField(
                        choices=[("a_chaud", "À chaud"), ("a_froid", "À froid")], max_length=8, verbose_name="moment"
                    ),
                ),
                ("satisfaction", models.PositiveSmallIntegerField(verbose_name="satisfaction")),
                ("acquis", models.PositiveSmallIntegerField(verbose_name="acquis")),
                (
                    "remarque",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="à revoir, à garder"
                    ),
                ),
                (
                    "depose_le",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="déposé le"),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="avis",
                        to="formation.sessionformation",
                    ),
                ),
            ],
            options={
                "verbose_name": "avis sur une formation",
                "verbose_name_plural": "avis sur les formations",
                "ordering": ["session", "moment", "satisfaction", "acquis", "remarque"],
                "indexes": [models.Index(fields=["session", "moment"], name="avis_session")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moment__in", ["a_chaud", "a_froid"])), name="avis_moment_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("satisfaction__range", (1, 5)), ("acquis__range", (1, 5))),
                        name="avis_notes_de_1_a_5",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BilanChangement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "texte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=2000, verbose_name="ce qu'on retient"
                    ),
                ),
                ("contenu", models.JSONField(default=dict, verbose_name="chiffres du jour")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
                ("arrete_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="arrêté le")),
                (
                    "arrete_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="arrêté par",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bilans",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "bilan du changement",
                "verbose_name_plural": "bilans du changement",
                "ordering": ["-arrete_le", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CompteDui",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identifiant", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="identifiant")),
                (
                    "profil_signale",
                    programme.socle.champs.TexteCourtField(blank=True, max_length=80, verbose_name="profil signalé"),
                ),
                ("est_actif", models.BooleanField(default=True, verbose_name="actif")),
                ("est_partage", models.BooleanField(default=False, verbose_name="partagé")),
                ("cree_le", models.DateField(blank=True, null=True, verbose_name="créé le")),
                ("derniere_connexion", models.DateField(blank=True, null=True, verbose_name="dernière connexion")),
                ("signale_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="signalé le")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comptes_dui",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "professionnel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comptes_dui",
                        to="formation.professionnel",
                    ),
                ),
                (
                    "profil",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comptes_dui",
                        to="formation.profil",
                        verbose_name="profil",
                    ),
                ),
            ],
            options={
                "verbose_name": "compte du DUI",
                "verbose_name_plural": "comptes du DUI",
                "ordering": ["parcours", "identifiant", "pk"],
                "indexes": [models.Index(fields=["professionnel", "parcours"], name="compte_dui_personne")],
                "constraints": [
                    models.UniqueConstraint(fields=("parcours", "identifiant"), name="compte_dui_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("est_partage", False), ("professionnel__isnull", True), _connector="OR"),
                        name="compte_dui_partage_sans_personne",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConnexionVerifiee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verifiee_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="vérifiée le")),
                (
                    "unite",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="connexion_verifiee",
                        to="programme.unite",
                        verbose_name="unité",
                    ),
                ),
                (
                    "verifiee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="vérifiée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "connexion vérifiée",
                "verbose_name_plural": "connexions vérifiées",
            },
        ),
        migrations.CreateModel(
            name="CumulCouverture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mois", models.DateField(verbose_name="mois")),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dui", "Prise en main du DUI"),
                            ("ecrits", "Écrits professionnels"),
                            ("services_socles", "Services socles"),
                            ("numerique", "Numérique de base"),
                            ("autre", "Autre"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="nature",
                    ),
                ),
                ("en_poste", models.PositiveIntegerField(verbose_name="en poste")),
                ("formes", models.PositiveIntegerField(verbose_name="formés")),
                ("arrete_le", models.DateField(verbose_name="compté au")),
                ("calcule_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="calculé le")),
                (
                    "metier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.metier",
                        verbose_name="métier",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="couvertures",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "compte de couverture",
                "verbose_name_plural": "comptes de couverture",
                "ordering": ["mois", "parcours", "nature", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("formes__lte", models.F("en_poste"))), name="cumul_formes_en_poste"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nature", ""), ("metier__isnull", True), _connector="OR"),
                        name="cumul_une_coupe",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("metier__isnull", True)),
                        fields=("parcours", "mois", "nature"),
                        name="cumul_nature_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("metier__isnull", False)),
                        fields=("mois", "parcours", "metier"),
                        name="cumul_metier_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declinaison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sans_objet", models.BooleanField(default=False, verbose_name="sans objet ici")),
                ("motif", programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="pourquoi")),
                (
                    "modalite",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("interne", "En interne"),
                            ("externe", "Par un organisme extérieur"),
                            ("e_learning", "À distance, à son rythme"),
                            ("pairs", "Entre pairs"),
                        ],
                        max_length=12,
                        verbose_name="modalité ici",
                    ),
                ),
                ("date_visee", models.DateField(blank=True, null=True, verbose_name="à finir avant le")),
                (
                    "parcours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declinaisons",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declinaisons",
                        to="formation.moduleformation",
                    ),
                ),
            ],
            options={
                "verbose_name": "déclinaison du plan",
                "verbose_name_plural": "déclinaisons du plan",
                "ordering": ["parcours", "module__ordre", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("module", "parcours"), name="declinaison_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sans_objet", False), models.Q(("motif", ""), _negated=True), _connector="OR"
                        ),
                        name="declinaison_motif",
                        violation_error_message="Dites pourquoi ce module est sans objet ici.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("modalite", ""),
                            ("modalite__in", ["interne", "externe", "e_learning", "pairs"]),
                            _connector="OR",
                        ),
                        name="declinaison_modalite",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Matrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("numero", models.PositiveSmallIntegerField(default=1, verbose_name="numéro")),
                ("revue_prevue_le", models.DateField(blank=True, null=True, verbose_name="à revoir le")),
                ("revue_le", models.DateField(blank=True, editable=False, null=True, verbose_name="revue le")),
                ("saisie", models.PositiveIntegerField(default=0, editable=False, verbose_name="version de saisie")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("soumise", "À valider"),
                            ("validee", "Validée"),
                            ("remplacee", "Remplacée"),
                        ],
                        db_index=True,
                        default="brouillon",
                        max_length=20,
                        verbose_name="état",
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
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matrices", to="programme.grappe"
                    ),
                ),
                (
                    "modele",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variantes",
                        to="formation.matrice",
                        verbose_name="modèle",
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matrices",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "matrice des droits d'accès",
                "verbose_name_plural": "matrices des droits d'accès",
                "ordering": ["grappe", "parcours", "-numero", "pk"],
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["grappe", "etat"], name="matrice_grappe")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["brouillon", "soumise", "validee", "remplacee"])),
                        name="matrice_etat_connu",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("parcours__isnull", True)),
                        fields=("grappe", "numero"),
                        name="matrice_modele_numero",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("parcours__isnull", False)),
                        fields=("parcours", "numero"),
                        name="matrice_variante_numero",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("etat__in", ("brouillon", "soumise")), ("parcours__isnull", True)),
                        fields=("grappe",),
                        name="matrice_un_modele_en_travail",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("etat__in", ("brouillon", "soumise")), ("parcours__isnull", False)),
                        fields=("parcours",),
                        name="matrice_une_variante_en_travail",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Habilitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "droit",
                    models.CharField(
                        choices=[
                            ("aucun", "Aucun"),
                            ("lecture", "Lecture"),
                            ("ecriture", "Écriture"),
                            ("validation", "Validation"),
                            ("administration", "Administration"),
                        ],
                        max_length=14,
                        verbose_name="droit",
                    ),
                ),
                (
                    "portee",
                    models.CharField(
                        choices=[
                            ("toutes", "Toutes les personnes"),
                            ("unite", "Les personnes de l'unité"),
                            ("suivies", "Les personnes suivies"),
                        ],
                        default="unite",
                        max_length=8,
                        verbose_name="portée",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="habilitations", to="programme.module"
                    ),
                ),
                (
                    "matrice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="habilitations",
                        to="formation.matrice",
                    ),
                ),
                (
                    "profil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="habilitations", to="formation.profil"
                    ),
                ),
            ],
            options={
                "verbose_name": "habilitation",
                "ordering": ["profil__ordre", "module__ordre", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("droit__in", ["lecture", "ecriture", "validation", "administration"])),
                        name="habilitation_droit_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("portee__in", ["toutes", "unite", "suivies"])),
                        name="habilitation_portee_connue",
                    ),
                    models.UniqueConstraint(fields=("matrice", "profil", "module"), name="habilitation_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MesureChangement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "levier",
                    models.CharField(
                        choices=[
                            ("information", "Information"),
                            ("communication", "Communication"),
                            ("formation", "Formation"),
                            ("inclusion", "Inclusion"),
                        ],
                        max_length=14,
                        verbose_name="levier",
                    ),
                ),
                (
                    "public",
                    models.CharField(
                        choices=[
                            ("equipes", "Les équipes"),
                            ("encadrement", "L'encadrement"),
                            ("representants", "Les représentants du personnel"),
                            ("personnes", "Les personnes accompagnées et leurs proches"),
                            ("partenaires", "Les partenaires"),
                        ],
                        default="equipes",
                        max_length=14,
                        verbose_name="public",
                    ),
                ),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mesure_changement",
                        to="programme.action",
                    ),
                ),
            ],
            options={
                "verbose_name": "action du plan de changement",
                "verbose_name_plural": "actions du plan de changement",
                "ordering": ["levier", "action__echeance", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("levier__in", ["information", "communication", "formation", "inclusion"])),
                        name="mesure_levier_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("public__in", ["equipes", "encadrement", "representants", "personnes", "partenaires"])
                        ),
                        name="mesure_public_connu",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objectif",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("intitule", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="objectif")),
                (
                    "mesure",
                    models.CharField(
                        choices=[
                            ("couverture", "Couverture de formation"),
                            ("ouvertures", "Unités ouvertes"),
                            ("actions", "Actions du plan faites"),
                            ("satisfaction", "Satisfaction après formation"),
                            ("supports", "Anciens supports retirés"),
                            ("a_dire", "À dire par l'équipe"),
                        ],
                        default="a_dire",
                        max_length=14,
                        verbose_name="mesuré par",
                    ),
                ),
                (
                    "part_visee",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="part visée, en %"),
                ),
                (
                    "resultat",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="ce qu'on en dit"
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("pose_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="posé le")),
                (
                    "grappe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objectifs", to="programme.grappe"
                    ),
                ),
                (
                    "parcours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectifs",
                        to="programme.parcours",
                        verbose_name="ESMS",
                    ),
                ),
            ],
            options={
                "verbose_name": "objectif de départ",
                "verbose_name_plural": "objectifs de départ",
                "ordering": ["ordre", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "mesure__in",
                                ["couverture", "ouvertures", "actions", "satisfaction", "supports", "a_dire"],
                            )
                        ),
                        name="objectif_mesure_connue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part_visee__isnull", True), ("part_visee__lte", 100), _connector="OR"),
                        name="objectif_part_visee",
                        violation_error_message="Une part visée va de 0 à 100.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanFormation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seuil_couverture",
                    models.PositiveSmallIntegerField(default=80, verbose_name="couverture demandée pour ouvrir, en %"),
                ),
                (
                    "seuil_satisfaction",
                    models.PositiveSmallIntegerField(default=60, verbose_name="satisfaction attendue, en %"),
                ),
                ("seuil_acquis", models.PositiveSmallIntegerField(default=60, verbose_name="acquis attendu, en %")),
                (
                    "delai_arrivant",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="délai pour former un arrivant, en jours"
                    ),
                ),
                (
                    "delai_a_froid",
                    models.PositiveSmallIntegerField(default=42, verbose_name="avis à froid après, en jours"),
                ),
                (
                    "grappe",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan_formation",
                        to="programme.grappe",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan de formation",
                "verbose_name_plural": "plans de formation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seuil_acquis__lte", 100), ("seuil_couverture__lte", 100), ("seuil_satisfaction__lte", 100)
                        ),
                        name="plan_seuils",
                        violation_error_message="Un seuil est une part : entre 0 et 100.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RaisonHabilitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("regle", models.CharField(max_length=40, verbose_name="règle")),
                ("cle", models.CharField(max_length=90, verbose_name="ce qu'elle vise")),
                (
                    "motif_type",
                    models.CharField(
                        choices=[
                            ("suivi", "On n'ouvre que les dossiers des personnes qu'on suit"),
                            ("equipe", "Toute l'équipe se relaie auprès des mêmes personnes"),
                            ("continuite", "Continuité la nuit, les fins de semaine, en remplacement"),
                            ("unite", "Chaque unité vit à part"),
                            ("accord_medical", "Données de santé ciblées, partagées après accord médical"),
                            ("petite_equipe", "Petite équipe : une personne tient plusieurs rôles"),
                            ("autre", "Autre raison"),
                        ],
                        max_length=16,
                        verbose_name="raison",
                    ),
                ),
                (
                    "motif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=300, verbose_name="en une phrase"
                    ),
                ),
                ("decidee_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="décidée le")),
                (
                    "donnee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="donnée par",
                    ),
                ),
                (
                    "matrice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="raisons",
                        to="formation.matrice",
                    ),
                ),
            ],
            options={
                "verbose_name": "raison d'un choix d'habilitation",
                "verbose_name_plural": "raisons des choix d'habilitation",
                "ordering": ["matrice", "regle", "cle"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "motif_type__in",
                                ["suivi", "equipe", "continuite", "unite", "accord_medical", "petite_equipe", "autre"],
                            )
                        ),
                        name="raison_motif_connu",
                    ),
                    models.UniqueConstraint(fields=("matrice", "regle", "cle"), name="raison_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegleCoherence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("libelle", models.CharField(max_length=160, verbose_name="libellé")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("droit_inattendu", "Un droit inattendu pour ce profil"),
                            ("personne_ne", "Personne n'a ce droit"),
                            ("metier_sans_profil", "Un métier sans profil"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("natures", models.JSONField(blank=True, default=list, verbose_name="profils visés")),
                ("modules", models.JSONField(blank=True, default=list, verbose_name="modules visés")),
                (
                    "droit",
                    models.CharField(
                        choices=[
                            ("aucun", "Aucun"),
                            ("lecture", "Lecture"),
                            ("ecriture", "Écriture"),
                            ("validation", "Validation"),
                            ("administration", "Administration"),
                        ],
                        default="lecture",
                        max_length=14,
                        verbose_name="à partir du droit",
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
            ],
            options={
                "verbose_name": "règle de cohérence",
                "verbose_name_plural": "règles de cohérence",
                "ordering": ["ordre", "code"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAnnonce",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "contexte",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=1000, verbose_name="1. Pourquoi maintenant"
                    ),
                ),
                (
                    "ambition",
                    programme.socle.champs.TexteLibreField(
                        blank=True,
                        default="",
                        max_length=1000,
                        verbose_name="2. Ce qui va changer, et ce qui ne changera pas",
                    ),
                ),
                (
                    "demarche",
                    programme.socle.champs.TexteLibreField(
                        blank=True,
                        default="",
                        max_length=1000,
                        verbose_name="3. Comment on s'y prend, et la place de vos idées",
                    ),
                ),
                ("lieu", programme.socle.champs.TexteCourtField(blank=True, max_length=120, verbose_name="où")),
                ("date_prevue", models.DateField(blank=True, null=True, verbose_name="prévue le")),
                ("date_tenue", models.DateField(blank=True, null=True, verbose_name="tenue le")),
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
                "verbose_name": "historical annonce du projet",
                "verbose_name_plural": "historical annonces du projet",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalConnexionVerifiee",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("verifiee_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="vérifiée le")),
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
                    "unite",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.unite",
                        verbose_name="unité",
                    ),
                ),
                (
                    "verifiee_par",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="vérifiée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical connexion vérifiée",
                "verbose_name_plural": "historical connexions vérifiées",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDeclinaison",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("sans_objet", models.BooleanField(default=False, verbose_name="sans objet ici")),
                ("motif", programme.socle.champs.TexteCourtField(blank=True, max_length=200, verbose_name="pourquoi")),
                (
                    "modalite",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("interne", "En interne"),
                            ("externe", "Par un organisme extérieur"),
                            ("e_learning", "À distance, à son rythme"),
                            ("pairs", "Entre pairs"),
                        ],
                        max_length=12,
                        verbose_name="modalité ici",
                    ),
                ),
                ("date_visee", models.DateField(blank=True, null=True, verbose_name="à finir avant le")),
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
                    "module",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="formation.moduleformation",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical déclinaison du plan",
                "verbose_name_plural": "historical déclinaisons du plan",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFormateur",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("fonction", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="fonction")),
                (
                    "organisme",
                    programme.socle.champs.TexteCourtField(
                        blank=True, max_length=120, verbose_name="entreprise, s'il est extérieur"
                    ),
                ),
                (
                    "heures_prevues",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="temps prévu, en heures"),
                ),
                (
                    "heures_accordees",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="temps accordé, en heures"),
                ),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créé le"),
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
                        verbose_name="organisme",
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
                "verbose_name": "historical formateur",
                "verbose_name_plural": "historical formateurs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMatrice",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("numero", models.PositiveSmallIntegerField(default=1, verbose_name="numéro")),
                ("revue_prevue_le", models.DateField(blank=True, null=True, verbose_name="à revoir le")),
                ("revue_le", models.DateField(blank=True, editable=False, null=True, verbose_name="revue le")),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("soumise", "À valider"),
                            ("validee", "Validée"),
                            ("remplacee", "Remplacée"),
                        ],
                        db_index=True,
                        default="brouillon",
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
                    "modele",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="formation.matrice",
                        verbose_name="modèle",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical matrice des droits d'accès",
                "verbose_name_plural": "historical matrices des droits d'accès",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalModuleFormation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=120, verbose_name="nom")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("dui", "Prise en main du DUI"),
                            ("ecrits", "Écrits professionnels"),
                            ("services_socles", "Services socles"),
                            ("numerique", "Numérique de base"),
                            ("autre", "Autre"),
                        ],
                        default="dui",
                        max_length=16,
                        verbose_name="nature",
                    ),
                ),
                (
                    "modalite",
                    models.CharField(
                        choices=[
                            ("interne", "En interne"),
                            ("externe", "Par un organisme extérieur"),
                            ("e_learning", "À distance, à son rythme"),
                            ("pairs", "Entre pairs"),
                        ],
                        default="interne",
                        max_length=12,
                        verbose_name="modalité",
                    ),
                ),
                (
                    "objectif",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="à la fin, on sait"
                    ),
                ),
                ("duree_minutes", models.PositiveSmallIntegerField(default=180, verbose_name="durée, en minutes")),
                ("est_socle", models.BooleanField(default=True, verbose_name="au socle : tout son public le suit")),
                (
                    "validite_mois",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="à refaire après, en mois"),
                ),
                ("places_par_session", models.PositiveSmallIntegerField(default=10, verbose_name="places par session")),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "retire_le",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="retiré du plan le"),
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
                "verbose_name": "historical module de formation",
                "verbose_name_plural": "historical modules de formation",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalObjectif",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("intitule", programme.socle.champs.TexteCourtField(max_length=200, verbose_name="objectif")),
                (
                    "mesure",
                    models.CharField(
                        choices=[
                            ("couverture", "Couverture de formation"),
                            ("ouvertures", "Unités ouvertes"),
                            ("actions", "Actions du plan faites"),
                            ("satisfaction", "Satisfaction après formation"),
                            ("supports", "Anciens supports retirés"),
                            ("a_dire", "À dire par l'équipe"),
                        ],
                        default="a_dire",
                        max_length=14,
                        verbose_name="mesuré par",
                    ),
                ),
                (
                    "part_visee",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="part visée, en %"),
                ),
                (
                    "resultat",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="ce qu'on en dit"
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("pose_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="posé le")),
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
                "verbose_name": "historical objectif de départ",
                "verbose_name_plural": "historical objectifs de départ",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlanFormation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "seuil_couverture",
                    models.PositiveSmallIntegerField(default=80, verbose_name="couverture demandée pour ouvrir, en %"),
                ),
                (
                    "seuil_satisfaction",
                    models.PositiveSmallIntegerField(default=60, verbose_name="satisfaction attendue, en %"),
                ),
                ("seuil_acquis", models.PositiveSmallIntegerField(default=60, verbose_name="acquis attendu, en %")),
                (
                    "delai_arrivant",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="délai pour former un arrivant, en jours"
                    ),
                ),
                (
                    "delai_a_froid",
                    models.PositiveSmallIntegerField(default=42, verbose_name="avis à froid après, en jours"),
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
                "verbose_name": "historical plan de formation",
                "verbose_name_plural": "historical plans de formation",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProfil",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("nom", programme.socle.champs.TexteCourtField(max_length=80, verbose_name="nom")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("direction", "Direction et encadrement"),
                            ("administratif", "Administratif"),
                            ("educatif", "Accompagnement éducatif et social"),
                            ("soin", "Soins"),
                            ("medical", "Médical"),
                            ("technique", "Technique et logistique"),
                            ("administration", "Administration du DUI"),
                        ],
                        max_length=16,
                        verbose_name="nature",
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("retire_le", models.DateField(blank=True, editable=False, null=True, verbose_name="retiré le")),
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
                "verbose_name": "historical profil",
                "verbose_name_plural": "historical profils",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSessionFormation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("fin", models.DateTimeField(verbose_name="fin")),
                ("lieu", programme.socle.champs.TexteCourtField(blank=True, max_length=160, verbose_name="lieu")),
                ("capacite", models.PositiveSmallIntegerField(verbose_name="places")),
                (
                    "note",
                    programme.socle.champs.TexteLibreField(
                        blank=True, default="", max_length=600, verbose_name="à savoir avant de venir"
                    ),
                ),
                (
                    "creee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("planifiee", "Planifiée"),
                            ("ouverte", "Ouverte aux inscriptions"),
                            ("tenue", "Tenue"),
                            ("evaluee", "Évaluée"),
                            ("annulee", "Annulée"),
                        ],
                        db_index=True,
                        default="planifiee",
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
                    "formateur",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="formation.formateur",
                        verbose_name="formateur",
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
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="formation.moduleformation",
                        verbose_name="module",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical session de formation",
                "verbose_name_plural": "historical sessions de formation",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
