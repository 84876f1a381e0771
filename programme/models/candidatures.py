"""Candidater au rôle de site pilote : des critères dits, une désignation par le chef de projet (ANAP 3.5)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from programme.enums import FRISE_PARCOURS, AvisCritere, CriterePilote, EtatCandidature, EtatParcours
from programme.models.parcours import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus

E = EtatCandidature
CANDIDATS = (EtatParcours.RECENSE, EtatParcours.CADRAGE, EtatParcours.PREPARATION)
DEPUIS_PILOTE = FRISE_PARCOURS[FRISE_PARCOURS.index(EtatParcours.PILOTE) :]


class CandidatureQuerySet(ModeleAEtatsQuerySet):
    """Candidatures de site pilote."""

    def visibles_par(self, utilisateur: Any) -> "CandidatureQuerySet":
        """Celles des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def en_attente(self) -> "CandidatureQuerySet":
        """Présentées, sans réponse, d'un ESMS toujours dans le projet."""
        return self.filter(etat=E.PRESENTEE).exclude(parcours__etat=EtatParcours.SORTI)


class Candidature(ModeleAEtats):
    """Un ESMS candidat au rôle de site pilote ; retenue, elle le désigne."""

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="candidatures", verbose_name="ESMS")
    mot = TexteLibreField("pourquoi cet ESMS", max_length=500)
    presentee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="candidatures", verbose_name="présentée par"
    )
    presentee_le = models.DateTimeField("présentée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatCandidature, E.PRESENTEE)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "parcours__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("parcours__esms__departement", "parcours__grappe")

    objects = CandidatureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "candidature de site pilote"
        verbose_name_plural = "candidatures de site pilote"
        ordering = ["-presentee_le", "-pk"]
        constraints = [
            etats_connus(EtatCandidature, "candidature_etat_connu"),
            models.UniqueConstraint(
                fields=["parcours"], condition=Q(etat=E.PRESENTEE), name="candidature_une_a_la_fois"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parcours}, candidat site pilote"

    @transition("etat", E.PRESENTEE, E.DESIGNEE, custom={"verbe": "Désigner site pilote"})
    def designer(self) -> None:
        """L'ESMS ouvrira un périmètre restreint avant les autres."""

    @transition(
        "etat",
        E.PRESENTEE,
        E.DECLINEE,
        custom={"verbe": "Décliner la candidature", "motif_requis": True, "de_cote": True},
    )
    def decliner(self) -> None:
        """Pas cette fois, et l'on dit pourquoi."""

    @transition("etat", E.PRESENTEE, E.RETIREE, custom={"verbe": "Retirer la candidature", "de_cote": True})
    def retirer(self) -> None:
        """L'ESMS n'est plus candidat."""

    @transition(
        "etat",
        [E.DESIGNEE, E.DECLINEE],
        GET_STATE(lambda self, **_: E.PRESENTEE, states=[E.PRESENTEE]),
        custom={"verbe": "Revenir sur cette décision", "motif_requis": True, "de_cote": True},
    )
    def revenir(self) -> None:
        """La décision est reprise : la candidature attend de nouveau."""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne désigne que qui peut encore ouvrir en pilote, et cela ne se reprend plus une fois le pilote ouvert.

        Une seule candidature attend à la fois.
        """
        if transition == "designer" and self.parcours.etat not in CANDIDATS:
            etat = self.parcours.get_etat_display().lower()
            return [Manque("plus_en_pilote", "Un ESMS qui peut ouvrir en pilote", f"il est à l'état « {etat} »")]
        if transition != "revenir":
            return []
        if self.etat == E.DESIGNEE and self.parcours.etat in DEPUIS_PILOTE:
            return [Manque("pilote_ouvert", "Un pilote qui n'a pas ouvert", "le pilote est déjà ouvert")]
        if Candidature.objects.filter(parcours=self.parcours_id, etat=E.PRESENTEE).exclude(pk=self.pk).exists():
            return [Manque("autre_candidature", "Une candidature à la fois", "une autre attend déjà")]
        return []

    def apres_passage(self, passage: Any) -> None:
        """Retenue, l'ESMS est désigné ; reprise, il ne l'est plus. L'historique de sa fiche dit par qui."""
        if passage.transition not in ("designer", "revenir") or E.DESIGNEE not in (passage.de, passage.vers):
            return
        parcours = Parcours.objects.select_for_update(of=("self",)).get(pk=self.parcours_id)
        voulu = passage.vers == E.DESIGNEE
        if parcours.est_pilote != voulu:
            parcours.est_pilote = voulu
            signe: Any = parcours
            signe._history_user = passage.par
            parcours.save(update_fields=["est_pilote"])


class ReponseCritere(models.Model):
    """Ce que l'ESMS dit d'un critère de sa candidature."""

    candidature = models.ForeignKey(Candidature, models.CASCADE, related_name="reponses")
    critere = models.CharField("critère", max_length=15, choices=CriterePilote.choices)
    avis = models.CharField("réponse", max_length=8, choices=AvisCritere.choices, default=AvisCritere.PAS_DIT)
    note = TexteCourtField("précision", max_length=200, blank=True)

    class Meta:
        verbose_name = "réponse à un critère de pilote"
        verbose_name_plural = "réponses aux critères de pilote"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["candidature", "critere"], name="critere_une_reponse")]

    def __str__(self) -> str:
        return f"{self.get_critere_display()} : {self.get_avis_display().lower()}"
