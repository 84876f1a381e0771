"""Les enseignements du pilote : ce que les suivants lisent, ce qu'il faut régler avant d'ouvrir (metier §3, §9)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_fsm import transition

from programme.models import Grappe, Module, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser
from usages.enums import EtatEnseignement
from usages.models.communs import grappes_de_pres

E = EtatEnseignement


class EnseignementQuerySet(ModeleAEtatsQuerySet):
    """Enseignements."""

    def visibles_par(self, utilisateur: Any) -> "EnseignementQuerySet":
        """Ceux des grappes dont il est : un fait de grappe, sans chiffre (conception §9.14)."""
        return self.filter(grappe__in=grappes_de_pres(utilisateur))

    def ouverts(self) -> "EnseignementQuerySet":
        """Pas encore clos."""
        return self.filter(etat=E.OUVERT)

    def a_regler_avant(self) -> "EnseignementQuerySet":
        """Ceux qui demandent d'être réglés avant d'ouvrir ailleurs."""
        return self.filter(a_regler=True)

    def clos(self) -> "EnseignementQuerySet":
        """Réglés, ou sans objet."""
        return self.filter(etat=E.CLOS)

    def chercher(self, texte: str) -> "EnseignementQuerySet":
        """Ceux dont le libellé porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def pour_lecture(self) -> "EnseignementQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "pilote__esms__departement", "module", "ecrit_par")


class Enseignement(ModeleAEtats):
    """Ce qu'un pilote a appris, écrit pour les ESMS suivants. `a_regler` : barre l'ouverture tant qu'il est ouvert."""

    pilote_dit: str
    se_nomme: bool
    nb_lectures: int
    raison: str
    """Posés par `lecture_enseignements` : le pilote selon qui lit, combien l'ont lu, pourquoi il est clos."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="enseignements")
    pilote = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="enseignements", verbose_name="ESMS pilote"
    )
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="enseignements")
    libelle = TexteCourtField("ce qu'on a appris", max_length=160)
    conseil = TexteLibreField("ce qu'on conseille aux suivants", max_length=1000)
    a_regler = models.BooleanField("à régler avant d'ouvrir", default=False)
    ecrit_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="écrit par")
    ecrit_le = models.DateField("écrit le", default=timezone.localdate)
    etat = champ_etat(EtatEnseignement, E.OUVERT)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe",)

    objects = EnseignementQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "enseignement du pilote"
        verbose_name_plural = "enseignements du pilote"
        ordering = ["-a_regler", "-ecrit_le", "pk"]
        constraints = [etats_connus(EtatEnseignement, "enseignement_etat_connu")]
        indexes = [models.Index(fields=["grappe", "etat"], name="enseignement_grappe")]

    def __str__(self) -> str:
        return self.libelle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.libelle)[:160]
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe

    @property
    def est_ouvert(self) -> bool:
        """Vrai tant qu'il n'est pas clos."""
        return self.etat == E.OUVERT

    @transition("etat", E.OUVERT, E.CLOS, custom={"verbe": "Clore", "motif_requis": True})
    def clore(self) -> None:
        """Réglé, ou sans objet : on dit pourquoi."""

    @transition("etat", E.CLOS, retour_a(E.OUVERT), custom={"verbe": "Rouvrir", "motif_requis": True, "de_cote": True})
    def rouvrir(self) -> None:
        """Il se pose encore."""


class LectureEnseignement(models.Model):
    """Un ESMS dit avoir lu un enseignement."""

    enseignement = models.ForeignKey(Enseignement, models.CASCADE, related_name="lectures")
    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="enseignements_lus", verbose_name="ESMS")
    lu_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lu_le = models.DateField("lu le", default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = "lecture d'un enseignement"
        verbose_name_plural = "lectures des enseignements"
        constraints = [models.UniqueConstraint(fields=["enseignement", "parcours"], name="lecture_enseignement_unique")]

    def __str__(self) -> str:
        return f"{self.parcours}, {self.enseignement}"
