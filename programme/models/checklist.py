"""Checklist du directeur : le modèle d'une grappe, en versions, et les réponses, qui ne tiennent qu'au code."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from programme.enums import EtatParcours, Niveau, Role, RoleDuDirecteur, SansObjetSi, StatutAction
from programme.models.annuaire import Groupe, OrganismeGestionnaire
from programme.models.grappes import Grappe
from programme.models.parcours import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField

CIBLES = {Niveau.OG: "og", Niveau.GROUPE: "groupe", Niveau.ESMS: "parcours"}
"""Champ qui désigne à qui vaut une réponse, par niveau ; au niveau de la grappe, elle vaut pour toute la grappe."""


class VersionPubliee(Exception):
    """Une version publiée du modèle ne change plus : on en prépare une autre."""


class VersionChecklistQuerySet(models.QuerySet):
    """Versions du modèle."""

    def publiees(self) -> "VersionChecklistQuerySet":
        """Celles qui ne changent plus."""
        return self.filter(publiee_le__isnull=False)

    def en_vigueur(self, grappes: Collection[int]) -> dict[int, "VersionChecklist"]:
        """La version qui vaut pour chaque grappe : la dernière de la grappe, à défaut la dernière de Treille."""
        lignes = list(self.publiees().filter(Q(grappe__in=grappes) | Q(grappe__isnull=True)).order_by("numero"))
        commune = [v for v in lignes if v.grappe_id is None][-1:]
        siennes = {v.grappe_id: v for v in lignes if v.grappe_id is not None}
        rendu = {g: siennes.get(g) or (commune[0] if commune else None) for g in grappes}
        return {grappe: version for grappe, version in rendu.items() if version is not None}


class VersionChecklist(models.Model):
    """Une version du modèle, d'une grappe ou (sans grappe) de Treille ; publiée, elle ne change plus.

    `empreinte` : celle du fichier de référence dont vient une version de Treille.
    """

    grappe = models.ForeignKey(Grappe, models.CASCADE, null=True, blank=True, related_name="versions_checklist")
    numero = models.PositiveSmallIntegerField("numéro")
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="publiée par"
    )
    note = TexteLibreField("ce qui change, et pourquoi", max_length=500)
    empreinte = models.CharField("empreinte du fichier", max_length=64, blank=True)

    objects = VersionChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = "version de la checklist"
        verbose_name_plural = "versions de la checklist"
        ordering = ["grappe", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["grappe", "numero"], name="checklist_version_unique"),
            models.UniqueConstraint(
                fields=["numero"], condition=Q(grappe__isnull=True), name="checklist_version_commune"
            ),
            models.UniqueConstraint(
                fields=["grappe"], condition=Q(publiee_le__isnull=True), name="checklist_un_brouillon"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.numero}" if self.grappe_id else f"modèle de Treille, version {self.numero}"

    @property
    def est_brouillon(self) -> bool:
        """Encore modifiable, et sans effet."""
        return self.publiee_le is None


class LigneChecklist(models.Model):
    """Une action du modèle : quoi, quand, à quel niveau on y répond, ce qui en dispense.

    `phase` : l'état où elle se fait. `mesure` : code du fait ou de la condition qui la constate, quand Treille le sait
    déjà ; on n'y répond alors pas « fait » à la main. Échéance : `echeance_jours` après l'entrée dans `echeance_etat`.
    """

    version = models.ForeignKey(VersionChecklist, models.CASCADE, related_name="lignes")
    code = models.SlugField("code", max_length=40)
    ordre = models.PositiveSmallIntegerField("ordre")
    role = models.CharField("rôle du directeur", max_length=12, choices=RoleDuDirecteur.choices)
    phase = models.CharField("phase", max_length=20, choices=EtatParcours.choices)
    niveau = models.CharField("niveau", max_length=8, choices=Niveau.choices)
    libelle = TexteCourtField("action", max_length=200)
    aide = TexteLibreField("aide", max_length=500)
    source = TexteCourtField("source", max_length=80, blank=True)
    mesure = models.CharField("constatée par", max_length=40, blank=True)
    sans_objet_si = models.CharField("sans objet si", max_length=16, choices=SansObjetSi.choices, blank=True)
    piece_attendue = models.BooleanField("pièce attendue", default=False)
    echeance_etat = models.CharField("échéance : entrée en", max_length=20, choices=EtatParcours.choices, blank=True)
    echeance_jours = models.SmallIntegerField("échéance : jours après", null=True, blank=True)

    class Meta:
        verbose_name = "action de la checklist"
        verbose_name_plural = "actions de la checklist"
        ordering = ["version", "ordre", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="checklist_code_unique")]

    def __str__(self) -> str:
        return self.libelle

    def _exiger_brouillon(self) -> None:
        if not self.version.est_brouillon:
            raise VersionPubliee(f"{self.version} est publiée : préparez-en une autre.")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre ; lève `VersionPubliee` si la version ne change plus."""
        self._exiger_brouillon()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Retire du brouillon ; lève `VersionPubliee` si la version ne change plus."""
        self._exiger_brouillon()
        return super().delete(*args, **kwargs)


class ReponseChecklistQuerySet(models.QuerySet):
    """Réponses."""

    def lisibles_par(self, utilisateur: Any) -> "ReponseChecklistQuerySet":
        """Celles qui valent pour un parcours dont on lit la préparation, et celles des grappes qu'on couvre."""
        confie = utilisateur.perimetre.sauf(Role.ARS)
        if confie.est_national:
            return self
        lus = Parcours.objects.lisibles_par(utilisateur)
        tout = Q(grappe__in=confie.grappes) | Q(parcours__in=lus)
        de_loin = lus.filter(grappe=models.OuterRef("grappe"))
        return self.filter(
            tout
            | Q(niveau=Niveau.GRAPPE) & models.Exists(de_loin)
            | Q(niveau=Niveau.OG) & models.Exists(de_loin.filter(esms__og=models.OuterRef("og")))
            | Q(niveau=Niveau.GROUPE) & models.Exists(de_loin.filter(esms__groupes=models.OuterRef("groupe")))
        )

    def visibles_par(self, utilisateur: Any) -> "ReponseChecklistQuerySet":
        """Une réponse est de la préparation : qui la voit la lit."""
        return self.lisibles_par(utilisateur)


class ReponseChecklist(models.Model):
    """Ce qu'un ESMS, un groupe, un OG ou la grappe répond à une action, dans une grappe.

    Tient au code de l'action, pas à sa version. `libelle_repondu` : l'intitulé lu ce jour-là.
    """

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="reponses_checklist")
    code = models.SlugField("code de l'action", max_length=40)
    niveau = models.CharField("niveau", max_length=8, choices=Niveau.choices)
    og = models.ForeignKey(OrganismeGestionnaire, models.PROTECT, null=True, blank=True, related_name="+")
    groupe = models.ForeignKey(Groupe, models.PROTECT, null=True, blank=True, related_name="+")
    parcours = models.ForeignKey(Parcours, models.CASCADE, null=True, blank=True, related_name="reponses_checklist")
    statut = models.CharField("statut", max_length=12, choices=StatutAction.choices, default=StatutAction.A_FAIRE)
    motif = TexteLibreField("pourquoi c'est sans objet", max_length=300)
    commentaire = TexteLibreField("commentaire", max_length=1000)
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="actions_checklist"
    )
    echeance = models.DateField("échéance choisie", null=True, blank=True)
    libelle_repondu = TexteCourtField("intitulé lu", max_length=200, blank=True)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    objects = ReponseChecklistQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réponse à la checklist"
        verbose_name_plural = "réponses à la checklist"
        constraints = [
            models.CheckConstraint(condition=Q(statut__in=StatutAction.values), name="checklist_statut_connu"),
            models.CheckConstraint(
                condition=Q(niveau=Niveau.GRAPPE, og__isnull=True, groupe__isnull=True, parcours__isnull=True)
                | Q(niveau=Niveau.OG, og__isnull=False, groupe__isnull=True, parcours__isnull=True)
                | Q(niveau=Niveau.GROUPE, og__isnull=True, groupe__isnull=False, parcours__isnull=True)
                | Q(niveau=Niveau.ESMS, og__isnull=True, groupe__isnull=True, parcours__isnull=False),
                name="checklist_a_qui",
            ),
            *(
                models.UniqueConstraint(
                    fields=["grappe", "code", *([CIBLES[niveau]] if niveau in CIBLES else [])],
                    condition=Q(niveau=niveau),
                    name=f"checklist_reponse_{niveau.value}",
                )
                for niveau in Niveau
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} : {self.get_statut_display().lower()}"

    @property
    def cible(self) -> Any:
        """À qui elle vaut : la grappe, un OG, un groupe ou un parcours."""
        return getattr(self, CIBLES[Niveau(self.niveau)]) if self.niveau in CIBLES else self.grappe


def cible_de_grappe(grappe: Grappe, niveau: str, cle: int) -> Any:
    """L'OG ou le groupe `cle`, s'il a un ESMS dans cette grappe ; None sinon."""
    modele: Any = {Niveau.OG: OrganismeGestionnaire, Niveau.GROUPE: Groupe}[Niveau(niveau)]
    engages = apps.get_model("programme", "Parcours").objects.filter(grappe=grappe)
    chemin = "esms__og" if niveau == Niveau.OG else "esms__groupes"
    return modele.objects.filter(pk=cle, pk__in=engages.values(chemin)).first()
