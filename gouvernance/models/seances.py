"""Une séance : son ordre du jour, qui était là, ce qui en sort, son compte rendu (metier §6)."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, Sum
from django.dispatch import Signal
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from gouvernance.calculs.quorum import Quorum, juger
from gouvernance.enums import (
    COMPTENT_AU_QUORUM,
    EtatSeance,
    NaturePoint,
    StatutPresence,
    SuitePoint,
    TypeIssue,
)
from gouvernance.models.instances import Instance, Mandat
from gouvernance.models.partages import partagees
from programme.models import Action, Grappe
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a

E = EtatSeance
QUI_ANIME = "qui anime l'instance"
"""Qui passe aussi, sans que son rôle le dise : son mandat."""
A_VENIR = (E.PREPAREE, E.OUVERTE)
TENUES = (E.CLOSE, E.DIFFUSEE)
EN_COURS = (E.OUVERTE, E.CLOSE)
"""Commencées, le compte rendu pas encore parti : ce qui fait leur quorum ne bouge plus."""
MINUTES = 120

seance_passee = Signal()
"""Émis dans la transaction du passage : `seance`, `passage`. Les services y reportent, y figent, y envoient."""


class SeanceQuerySet(ModeleAEtatsQuerySet):
    """Séances."""

    def visibles_par(self, utilisateur: Any) -> "SeanceQuerySet":
        """Celles des instances où il siège, ou d'une grappe qu'il conduit ; le financeur, ce qu'un partage ouvre."""
        return self.filter(
            Q(comite__in=Instance.objects.suivies_par(utilisateur).order_by().values("pk")) | partagees(utilisateur)
        )

    def suivies_par(self, utilisateur: Any) -> "SeanceQuerySet":
        """Les mêmes, sans ce qu'un partage lui ouvre."""
        return self.filter(comite__in=Instance.objects.suivies_par(utilisateur).order_by().values("pk"))

    def a_venir(self) -> "SeanceQuerySet":
        """Préparées ou ouvertes."""
        return self.filter(etat__in=A_VENIR)

    def pour_lecture(self) -> "SeanceQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("comite__grappe")


class Seance(ModeleAEtats):
    """Une réunion d'une instance. `serie` relie celles qu'on a prévues ensemble ; `sequence` compte ses déplacements.

    `quorum_atteint` : figé quand on la clôt ; nul avant, et quand l'instance n'en demande pas.
    """

    # « comite » et non « instance » : l\'historique prend ce nom.
    comite = models.ForeignKey(Instance, models.PROTECT, related_name="seances", verbose_name="instance")
    titre = TexteCourtField("titre", max_length=120, blank=True)
    debut = models.DateTimeField("début")
    duree = models.PositiveSmallIntegerField("durée prévue, en minutes", default=MINUTES)
    lieu = TexteCourtField("lieu", max_length=160, blank=True)
    lien = models.URLField("lien de visioconférence", max_length=300, blank=True)
    invites = TexteCourtField("invités, par fonction", max_length=300, blank=True)
    serie = models.UUIDField("série", null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField("déplacements", default=0, editable=False)
    quorum_atteint = models.BooleanField("quorum atteint", null=True, blank=True, editable=False)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="seances_creees", verbose_name="créée par"
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatSeance, E.PREPAREE)

    chemin_grappe: ClassVar[str | None] = "comite__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("comite__grappe",)

    objects = SeanceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "séance"
        ordering = ["-debut", "-pk"]
        constraints = [
            etats_connus(EtatSeance, "seance_etat_connu"),
            models.CheckConstraint(
                condition=Q(duree__gte=5, duree__lte=600),
                name="seance_duree",
                violation_error_message="Une séance dure entre 5 minutes et 10 heures.",
            ),
        ]
        indexes = [models.Index(fields=["comite", "etat", "debut"], name="seance_instance")]

    def __str__(self) -> str:
        return f"{self.titre or self.comite}, {timezone.localtime(self.debut):%d/%m/%Y}"

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.comite.grappe

    @property
    def fin(self) -> datetime:
        """Fin prévue."""
        return self.debut + timedelta(minutes=self.duree)

    @property
    def se_prepare(self) -> bool:
        """Vrai tant que l'ordre du jour se compose."""
        return self.etat == E.PREPAREE

    @property
    def se_tient(self) -> bool:
        """Vrai pendant la séance."""
        return self.etat == E.OUVERTE

    @property
    def s_ecrit(self) -> bool:
        """Vrai tant que le compte rendu se complète : ouverte, ou close et pas diffusée."""
        return self.etat in (E.OUVERTE, E.CLOSE)

    @property
    def minutes_prevues(self) -> int:
        """Total des points, en minutes ; une requête."""
        retenus = self.points.exclude(suite=SuitePoint.RETIRE)
        return int(retenus.aggregate(n=Sum("duree"))["n"] or 0)

    def quorum(self) -> Quorum:
        """Les voix présentes face à ce que l'instance demande ; deux requêtes."""
        jour = timezone.localdate(self.debut)
        voix = Mandat.objects.en_cours(jour).filter(comite=self.comite_id, a_voix=True)
        presentes = self.presences.filter(statut__in=COMPTENT_AU_QUORUM, mandat__in=voix.order_by().values("pk"))
        return juger(presentes=presentes.count(), voix=voix.count(), part=self.comite.quorum)

    def consequence(self, transition: str) -> str:
        """Ce que le passage entraîne."""
        if transition == "clore":
            suite = " Les points à traiter iront à la prochaine séance."
            if not self.quorum().atteint:
                return f"Le quorum n'est pas atteint : la séance se clôt ainsi, et n'arbitre rien.{suite}"
            return suite.strip()
        if transition == "diffuser":
            return "Le compte rendu se fige et part par courriel aux membres : il ne se corrigera plus."
        if transition == "annuler":
            return "Ses membres l'apprennent par courriel ; ses points iront à la prochaine séance."
        return ""

    @transition("etat", E.PREPAREE, E.OUVERTE, custom={"verbe": "Ouvrir la séance", "aussi": QUI_ANIME})
    def ouvrir(self) -> None:
        """On commence : les présences et les issues se notent."""

    @transition("etat", E.OUVERTE, E.CLOSE, custom={"verbe": "Clore la séance", "aussi": QUI_ANIME})
    def clore(self) -> None:
        """On a fini : le quorum se fige, ce qui reste à traiter se reporte."""
        self.quorum_atteint = self.quorum().constat

    @transition("etat", E.CLOSE, E.DIFFUSEE, custom={"verbe": "Diffuser le compte rendu", "aussi": QUI_ANIME})
    def diffuser(self) -> None:
        """Le compte rendu est figé et envoyé."""

    @transition(
        "etat",
        E.CLOSE,
        retour_a(E.OUVERTE),
        custom={"verbe": "Rouvrir la séance", "motif_requis": True, "de_cote": True, "aussi": QUI_ANIME},
    )
    def rouvrir(self) -> None:
        """Close trop tôt."""
        self.quorum_atteint = None

    @transition(
        "etat",
        E.PREPAREE,
        E.ANNULEE,
        custom={"verbe": "Annuler la séance", "motif_requis": True, "de_cote": True, "aussi": QUI_ANIME},
    )
    def annuler(self) -> None:
        """Elle ne se tiendra pas ; ses points reviennent à la suivante."""

    def apres_passage(self, passage: Any) -> None:
        """Les points se reportent, le compte rendu se fige : voir les services, qui écoutent."""
        seance_passee.send(sender=Seance, seance=self, passage=passage)


class PointQuerySet(models.QuerySet):
    """Points d'ordre du jour."""

    def visibles_par(self, utilisateur: Any) -> "PointQuerySet":
        """Ceux des séances qu'il voit, et ceux que son comité a inscrits : il en lit la réponse."""
        seances = Seance.objects.visibles_par(utilisateur).order_by().values("pk")
        siennes = Instance.objects.suivies_par(utilisateur).order_by().values("pk")
        return self.filter(Q(seance__in=seances) | Q(demandee_par__in=siennes))

    def a_traiter(self) -> "PointQuerySet":
        """Laissés ouverts."""
        return self.filter(suite=SuitePoint.A_TRAITER)


class Point(models.Model):
    """Un point de l'ordre du jour.

    `origine` : code de la proposition d'où il vient (`programme.socle.propositions`), vide s'il est écrit à la main ;
    `cle` : l'identité de ce qui est proposé, pour ne pas l'inscrire deux fois. `demandee_par` : l'instance (comité
    utilisateurs) qui l'a inscrit et attend une réponse. `reporte_de` : le point qu'il reprend, une seule fois.
    """

    seance = models.ForeignKey(Seance, models.CASCADE, related_name="points", verbose_name="séance")
    rang = models.PositiveSmallIntegerField("rang", default=0)
    titre = TexteCourtField("titre", max_length=160)
    nature = models.CharField("nature", max_length=12, choices=NaturePoint.choices, default=NaturePoint.ECHANGE)
    duree = models.PositiveSmallIntegerField("durée, en minutes", default=10)
    expose = TexteLibreField("de quoi il s'agit", max_length=1000)
    origine = models.CharField("origine", max_length=30, blank=True)
    cle = models.CharField("clé de la proposition", max_length=80, blank=True)
    source_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    source_id = models.PositiveBigIntegerField(null=True, blank=True)
    source = GenericForeignKey("source_type", "source_id")
    demandee_par = models.ForeignKey(
        Instance, models.PROTECT, null=True, blank=True, related_name="points_portes", verbose_name="demandé par"
    )
    reporte_de = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="repris_par", verbose_name="reporté de"
    )
    suite = models.CharField("suite", max_length=10, choices=SuitePoint.choices, default=SuitePoint.A_TRAITER)
    notes = TexteLibreField("ce qui s'est dit", max_length=4000)
    reponse = TexteLibreField("réponse donnée", max_length=1000)

    objects = PointQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "point d'ordre du jour"
        verbose_name_plural = "points d'ordre du jour"
        ordering = ["seance", "rang", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(nature__in=NaturePoint.values), name="point_nature_connue"),
            models.CheckConstraint(condition=Q(suite__in=SuitePoint.values), name="point_suite_connue"),
            models.CheckConstraint(
                condition=Q(duree__gte=1, duree__lte=480),
                name="point_duree",
                violation_error_message="Un point dure entre une minute et huit heures.",
            ),
            models.UniqueConstraint(fields=["seance", "cle"], condition=~Q(cle=""), name="point_propose_une_fois"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.seance.comite.grappe


class Presence(models.Model):
    """Un siège à une séance : présent, suppléé, excusé, absent."""

    seance = models.ForeignKey(Seance, models.CASCADE, related_name="presences", verbose_name="séance")
    mandat = models.ForeignKey(Mandat, models.PROTECT, related_name="presences")
    statut = models.CharField("statut", max_length=8, choices=StatutPresence.choices)

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(fields=["seance", "mandat"], name="presence_unique"),
            models.CheckConstraint(condition=Q(statut__in=StatutPresence.values), name="presence_statut_connu"),
        ]

    def __str__(self) -> str:
        return f"{self.mandat.nom} : {self.get_statut_display().lower()}"


class IssueQuerySet(models.QuerySet):
    """Issues de séance."""

    def visibles_par(self, utilisateur: Any) -> "IssueQuerySet":
        """Celles des séances qu'il voit."""
        return self.filter(seance__in=Seance.objects.visibles_par(utilisateur).order_by().values("pk"))


class Issue(models.Model):
    """Ce qui sort d'une séance : une information, une décision, une action.

    `tardive` : consignée après la clôture, et datée comme telle.
    """

    seance = models.ForeignKey(Seance, models.CASCADE, related_name="issues", verbose_name="séance")
    point = models.ForeignKey(Point, models.CASCADE, null=True, blank=True, related_name="issues")
    type = models.CharField("type", max_length=12, choices=TypeIssue.choices)
    texte = TexteLibreField("texte", max_length=1000, blank=False)
    decision = models.OneToOneField(
        "gouvernance.Decision", models.PROTECT, null=True, blank=True, related_name="issue", verbose_name="décision"
    )
    action = models.OneToOneField(Action, models.PROTECT, null=True, blank=True, related_name="issue_de_seance")
    tardive = models.BooleanField("consignée après la clôture", default=False, editable=False)
    consignee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="consignée par"
    )
    consignee_le = models.DateTimeField("consignée le", default=timezone.now, editable=False)

    objects = IssueQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "issue de séance"
        verbose_name_plural = "issues de séance"
        ordering = ["seance", "point__rang", "consignee_le", "pk"]
        constraints = [models.CheckConstraint(condition=Q(type__in=TypeIssue.values), name="issue_type_connu")]

    def __str__(self) -> str:
        return self.texte[:80]

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.seance.comite.grappe


class CompteRendu(models.Model):
    """Le compte rendu tel qu'il est parti : figé à la diffusion, il ne change plus."""

    seance = models.OneToOneField(Seance, models.PROTECT, related_name="compte_rendu", verbose_name="séance")
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte", max_length=64)
    diffuse_le = models.DateTimeField("diffusé le", default=timezone.now, editable=False)
    diffuse_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="diffusé par"
    )
    nb_envoyes = models.PositiveSmallIntegerField("courriels envoyés", default=0)

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"

    def __str__(self) -> str:
        return f"compte rendu, {self.seance}"


class DossierSeanceQuerySet(models.QuerySet):
    """Dossiers de séance."""

    def visibles_par(self, utilisateur: Any) -> "DossierSeanceQuerySet":
        """Ceux des séances qu'il suit ; un partage n'en ouvre aucun."""
        return self.filter(seance__in=Seance.objects.suivies_par(utilisateur).order_by().values("pk"))


class DossierSeance(models.Model):
    """Le dossier d'une séance à un instant : des chapitres faits depuis les données, figés (metier §6)."""

    seance = models.ForeignKey(Seance, models.CASCADE, related_name="dossiers", verbose_name="séance")
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte", max_length=64)
    fait_le = models.DateTimeField("fait le", default=timezone.now, editable=False)
    fait_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="fait par")

    objects = DossierSeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier de séance"
        verbose_name_plural = "dossiers de séance"
        ordering = ["-fait_le", "-pk"]

    def __str__(self) -> str:
        return f"dossier, {self.seance}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """S'écrit une fois ; lève `ValueError` si l'on veut le réécrire."""
        if not self._state.adding:
            raise ValueError("Un dossier de séance ne se réécrit pas : on en fait un autre.")
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.seance.comite.grappe
