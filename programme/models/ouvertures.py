"""Unités de déploiement et ouvertures unité × module."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django_fsm import GET_STATE, transition

from programme.enums import EtatOuverture, Role
from programme.models.parcours import Parcours
from programme.models.referentiel import Module
from programme.socle.champs import TexteCourtField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, exiger_choix
from programme.socle.models import Passage

E = EtatOuverture
_PRECEDENT = {E.PRETE: E.A_PREPARER, E.OUVERTE: E.PRETE, E.STABILISEE: E.OUVERTE, E.HORS_PERIMETRE: E.A_PREPARER}


class Unite(models.Model):
    """Service ou unité de vie ouverte d'un coup ; par défaut une seule, l'ESMS entier."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="unites")
    nom = TexteCourtField("nom", max_length=80)
    nb_places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    a_nuit = models.BooleanField("travaille la nuit", default=False)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "unité de déploiement"
        verbose_name_plural = "unités de déploiement"
        ordering = ["ordre", "nom", "pk"]
        constraints = [models.UniqueConstraint(fields=["parcours", "nom"], name="unite_nom_unique")]

    def __str__(self) -> str:
        return self.nom


class OuvertureQuerySet(ModeleAEtatsQuerySet):
    """Ouvertures."""

    def visibles_par(self, utilisateur: Any) -> "OuvertureQuerySet":
        """Celles des parcours qu'on voit."""
        if utilisateur.perimetre.sauf(Role.ARS).est_national:
            return self
        return self.filter(unite__parcours__in=Parcours.objects.visibles_par(utilisateur))

    def au_perimetre(self) -> "OuvertureQuerySet":
        """Sauf hors périmètre."""
        return self.exclude(etat=E.HORS_PERIMETRE)


class Ouverture(ModeleAEtats):
    """Un module dans une unité."""

    unite = models.ForeignKey(Unite, models.CASCADE, related_name="ouvertures", verbose_name="unité")
    module = models.ForeignKey(Module, models.PROTECT, related_name="ouvertures")
    etat = champ_etat(EtatOuverture, E.A_PREPARER)
    date_visee = models.DateField("date visée", null=True, blank=True)
    ouverte_le = models.DateField("ouverte le", null=True, blank=True, editable=False)
    ancien_support = TexteCourtField("ancien support", max_length=80, blank=True)
    retire_le = models.DateField("ancien support retiré le", null=True, blank=True)

    chemin_parcours: ClassVar[str | None] = "unite__parcours_id"
    chemin_grappe: ClassVar[str | None] = "unite__parcours__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("unite__parcours__esms__departement", "module")

    objects = OuvertureQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "ouverture"
        ordering = ["unite", "module", "pk"]
        constraints = [
            etats_connus(EtatOuverture, "ouverture_etat_connu"),
            models.UniqueConstraint(fields=["unite", "module"], name="ouverture_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.module}, {self.unite}"

    @transition("etat", E.A_PREPARER, E.PRETE, custom={"verbe": "Déclarer prête"})
    def preparer(self) -> None:
        """Tout est en place dans l'unité."""

    @transition("etat", E.PRETE, E.OUVERTE, custom={"verbe": "Ouvrir"})
    def ouvrir(self) -> None:
        """L'unité travaille dans le DUI pour ce module."""

    @transition("etat", E.OUVERTE, E.STABILISEE, custom={"verbe": "Déclarer stabilisée"})
    def stabiliser(self) -> None:
        """L'usage tient sans appui particulier."""

    @transition(
        "etat",
        [E.A_PREPARER, E.PRETE],
        E.HORS_PERIMETRE,
        custom={"verbe": "Mettre hors périmètre", "motif_requis": True, "de_cote": True},
    )
    def exclure(self) -> None:
        """On n'ouvre pas tout."""

    @transition(
        "etat",
        list(_PRECEDENT),
        GET_STATE(lambda self, **_: _PRECEDENT[E(self.etat)], states=list(E)),
        custom={"verbe": "Revenir en arrière", "motif_requis": True, "de_cote": True},
    )
    def revenir(self) -> None:
        """Retour d'un cran."""

    @transition(
        "etat",
        E.A_PREPARER,
        GET_STATE(lambda self, vers, **_: vers, states=[E.PRETE, E.OUVERTE, E.STABILISEE]),
        custom={"verbe": "Constater la situation", "de_cote": True},
    )
    def constater(self, vers: str = "", **_: Any) -> None:
        """Reprise de l'existant : situation constatée, non rejouée."""
        exiger_choix("vers", vers, (E.PRETE, E.OUVERTE, E.STABILISEE), "Choisissez l'état où en est cette ouverture.")

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne constate que ce qui existait avant Treille : une ouverture neuve, d'un ESMS lui-même constaté."""
        return type(self).obstacles_du_lot(transition, [(self, details)])[self.pk]

    @classmethod
    def obstacles_du_lot(cls, transition: str, lot: Collection[tuple[Any, dict[str, Any]]]) -> dict[Any, list[Manque]]:
        """La même chose pour un lot : une lecture du journal pour tous les parcours."""
        if transition != "constater":
            return {ouverture.pk: [] for ouverture, _ in lot}
        parcours = {ouverture.unite.parcours_id for ouverture, _ in lot}
        premiers = Passage.objects.de_plusieurs(Parcours, parcours).filter(rang=1, transition="constater")
        constates = set(premiers.values_list("objet_id", flat=True))
        trop_tard = Manque("constat_initial", "Constat initial", "l'ouverture se décide, elle ne se constate plus")
        return {o.pk: [trop_tard] if o.version or o.unite.parcours_id not in constates else [] for o, _ in lot}

    def _dater(self, passage: Any) -> None:
        if passage.vers in (E.A_PREPARER, E.PRETE):
            self.ouverte_le = None
        elif passage.vers in (E.OUVERTE, E.STABILISEE) and not self.ouverte_le:
            self.ouverte_le = passage.date_effet

    def apres_passage(self, passage: Any) -> None:
        """Tient la date d'ouverture."""
        self._dater(passage)
        self.save(update_fields=["ouverte_le"])

    @classmethod
    def apres_passages(cls, transition: str, couples: Collection[tuple[Any, Any]]) -> None:
        """Tient la date d'ouverture de tout un lot."""
        for ouverture, passage in couples:
            ouverture._dater(passage)
        cls.objects.bulk_update([ouverture for ouverture, _ in couples], ["ouverte_le"], batch_size=500)
