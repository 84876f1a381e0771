"""Une campagne : une version posée à une grappe ou à chacun de ses ESMS, jusqu'à une échéance."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.socle.champs import TexteCourtField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from risques.enums import EtatCampagne, EtatVersion, PhaseCampagne, PorteeCampagne
from risques.models.partages import confiees, partagees
from risques.models.questionnaires import VersionQuestionnaire
from risques.reponses import SectionNotee

E = EtatCampagne


class CampagneQuerySet(ModeleAEtatsQuerySet):
    """Campagnes."""

    def visibles_par(self, utilisateur: Any) -> "CampagneQuerySet":
        """Celles d'une grappe dont il est, et celles où il voit une évaluation."""
        if utilisateur.perimetre.sauf(Role.ARS).est_national:
            return self
        siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
        vues = Evaluation.objects.visibles_par(utilisateur).order_by().values("campagne")
        return self.filter(Q(grappe__in=siennes) | Q(pk__in=vues))

    def ouvertes(self) -> "CampagneQuerySet":
        """Celles où l'on répond."""
        return self.filter(etat=E.OUVERTE)

    def pour_lecture(self) -> "CampagneQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "version_posee__questionnaire", "version_posee__grappe")


class Campagne(ModeleAEtats):
    """Une version de questionnaire, posée à une population connue : la grappe une fois, ou chacun de ses ESMS.

    `etoilees` : seules les questions étoilées se posent (fin de phase).
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="campagnes")
    version_posee = models.ForeignKey(
        VersionQuestionnaire, models.PROTECT, related_name="campagnes", verbose_name="version du questionnaire"
    )
    nom = TexteCourtField("nom", max_length=120)
    phase = models.CharField("phase", max_length=14, choices=PhaseCampagne.choices, default=PhaseCampagne.DEMARRAGE)
    portee = models.CharField("portée", max_length=8, choices=PorteeCampagne.choices)
    etoilees = models.BooleanField("les questions étoilées seulement", default=False)
    echeance = models.DateField("échéance", null=True, blank=True)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="campagnes_creees", verbose_name="créée par"
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatCampagne, E.PREPAREE)

    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "version_posee__questionnaire")

    objects = CampagneQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "campagne"
        ordering = ["-creee_le", "-pk"]
        constraints = [
            etats_connus(EtatCampagne, "campagne_etat_connu"),
            models.CheckConstraint(condition=Q(portee__in=PorteeCampagne.values), name="campagne_portee_connue"),
            models.CheckConstraint(condition=Q(phase__in=PhaseCampagne.values), name="campagne_phase_connue"),
        ]
        indexes = [models.Index(fields=["grappe", "etat"], name="campagne_grappe")]

    def __str__(self) -> str:
        return self.nom

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe

    def sections_posees(self) -> list[SectionNotee]:
        """Les sections et les questions qu'elle pose."""
        return self.version_posee.sections_notees(etoilees=self.etoilees)

    def est_en_retard(self, au: date) -> bool:
        """Vrai si elle est ouverte et son échéance passée."""
        return self.etat == E.OUVERTE and self.echeance is not None and self.echeance < au

    @transition("etat", E.PREPAREE, E.OUVERTE, custom={"verbe": "Ouvrir la campagne"})
    def ouvrir(self) -> None:
        """Les évaluateurs désignés peuvent répondre ; l'accueil le leur dit."""

    @transition("etat", E.OUVERTE, E.CLOSE, custom={"verbe": "Clore la campagne"})
    def clore(self) -> None:
        """Plus personne ne répond ; les réponses restent."""

    @transition(
        "etat",
        E.CLOSE,
        retour_a(E.OUVERTE),
        custom={"verbe": "Rouvrir la campagne", "motif_requis": True, "de_cote": True},
    )
    def rouvrir(self) -> None:
        """Close trop tôt."""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On n'ouvre que sur une version publiée, et si l'on sait à qui l'on demande."""
        if transition != "ouvrir":
            return []
        manques = []
        if self.version_posee.etat != EtatVersion.PUBLIEE:
            etat = self.version_posee.get_etat_display().lower()
            manques.append(Manque("version", "Une version publiée", f"{self.version_posee} : {etat}"))
        if not self.evaluations.exists():
            manques.append(Manque("population", "Une population à interroger", "aucun ESMS choisi"))
        return manques


class EvaluationQuerySet(models.QuerySet):
    """Évaluations."""

    def visibles_par(self, utilisateur: Any) -> "EvaluationQuerySet":
        """De grappe : à qui en est ; d'ESMS : à qui lit sa préparation. Le financeur : ce qu'un partage lui ouvre."""
        return self.filter(
            confiees(utilisateur, "parcours", "campagne__grappe")
            | partagees(
                utilisateur, "parcours", "campagne__grappe", objet="campagne__version_posee__questionnaire__objet"
            )
        )

    def pour_lecture(self) -> "EvaluationQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("parcours__esms", "campagne__grappe", "campagne__version_posee__questionnaire")


class Evaluation(models.Model):
    """Ce qu'on évalue dans une campagne : la grappe (sans `parcours`), ou un de ses ESMS."""

    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="evaluations")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="evaluations", verbose_name="ESMS"
    )

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        ordering = ["campagne", "parcours__esms__tri", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campagne", "parcours"], name="evaluation_unique"),
            models.UniqueConstraint(
                fields=["campagne"], condition=Q(parcours__isnull=True), name="evaluation_de_grappe_unique"
            ),
        ]
        indexes = [models.Index(fields=["parcours", "campagne"], name="evaluation_parcours")]

    def __str__(self) -> str:
        return f"{self.campagne}, {self.objet}"

    @property
    def objet(self) -> Parcours | Grappe:
        """L'ESMS ou la grappe qu'on évalue."""
        return self.parcours or self.campagne.grappe

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.objet
