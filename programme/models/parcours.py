"""Parcours d'un ESMS dans une grappe : ses états, ses dates, ses faits, les passages proposés."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from programme.calculs.constat import fautes_de_dates
from programme.calculs.situation import SituationParcours
from programme.enums import (
    A_ACCOMPAGNER,
    FRISE_PARCOURS,
    EtatParcours,
    MotifSortie,
    PointDepart,
    Role,
    TempsEcriture,
    TypeProjet,
)
from programme.models.annuaire import Esms
from programme.models.dates_parcours import DatesEntretenues, premiere_date_prevue
from programme.models.grappes import Grappe, Vague, en_montage
from programme.models.referentiel import Solution
from programme.perimetre import Perimetre
from programme.socle.champs import TexteLibreField
from programme.socle.erreurs import Manque, Refus
from programme.socle.machine import ModeleAEtats, champ_etat, etats_connus, exiger_choix
from programme.socle.recherche import mots_contenus

E = EtatParcours
_EN_COURS = list(FRISE_PARCOURS)

_EN_PREPARATION = Q(etat=E.PREPARATION)
_COURT = Q(type_projet=TypeProjet.MISE_EN_CONFORMITE, est_pilote=False)
SUITES = {
    "engager": Q(etat=E.RECENSE),
    "preparer": Q(etat=E.CADRAGE),
    "piloter": _EN_PREPARATION & Q(est_pilote=True),
    "ouvrir": Q(etat=E.PILOTE) | _EN_PREPARATION & Q(est_pilote=False) & ~_COURT,
    "verifier_service": Q(etat=E.OUVERTURE) | _EN_PREPARATION & _COURT,
    "passer_en_routine": Q(etat=E.SERVICE_REGULIER),
}
"""La même chose en SQL, pour lire un ensemble : transition → parcours qu'elle attend (voir `Parcours.prochaine`)."""


def _couverture(p: Perimetre) -> Q:
    """Les parcours que couvrent des affectations locales (le national ne se filtre pas)."""
    q = Q(pk__in=[])
    if p.esms:
        q |= Q(esms__in=p.esms)
    if p.ogs:
        q |= Q(esms__og__in=p.ogs)
    if p.grappes:
        q |= Q(grappe__in=p.grappes)
    if p.regions:
        q |= Q(esms__departement__region__in=p.regions)
    return q


class ParcoursQuerySet(DatesEntretenues):
    """Parcours."""

    def visibles_par(self, utilisateur: Any) -> "ParcoursQuerySet":
        """Ceux que couvre au moins une affectation en cours ; en financeur, une fois le dossier de grappe déposé."""
        confie, finance = utilisateur.perimetre.sauf(Role.ARS), utilisateur.perimetre.seul(Role.ARS)
        if confie.est_national:
            return self
        if finance.est_national:
            return self.filter(_couverture(confie) | ~en_montage("grappe__"))
        if finance.affectes:
            return self.filter(_couverture(confie) | _couverture(finance) & ~en_montage("grappe__"))
        return self.filter(_couverture(confie))

    def lisibles_par(self, utilisateur: Any) -> "ParcoursQuerySet":
        """Ceux dont on lit aussi la préparation : sans ce qu'on ne voit qu'en financeur (`peut_lire_preparation`)."""
        confie = utilisateur.perimetre.sauf(Role.ARS)
        return self if confie.est_national else self.filter(_couverture(confie))

    def dans_le_projet(self) -> "ParcoursQuerySet":
        """Encore dans le projet, suspendus compris : ce que compte tout « n ESMS » ; les sortis se disent à part."""
        return self.exclude(etat=E.SORTI)

    def en_cours(self) -> "ParcoursQuerySet":
        """Ni suspendus, ni sortis."""
        return self.filter(etat__in=_EN_COURS)

    def chercher(self, texte: str) -> "ParcoursQuerySet":
        """Parcours dont l'ESMS porte tous les mots dans son nom, sa ville ou son numéro, accents ignorés."""
        return self.filter(mots_contenus("esms__recherche", texte))

    def prenant_place(self, vague: Vague) -> "ParcoursQuerySet":
        """Ceux qui prennent une place dans cette vague : rangés là, et encore à accompagner."""
        return self.filter(vague=vague, etat__in=A_ACCOMPAGNER)

    def avec_rang(self) -> "ParcoursQuerySet":
        """Ajoute `rang_etat` : l'ordre de la frise, les états de côté à la fin."""
        ordre = [When(etat=etat, then=Value(rang)) for rang, etat in enumerate(E)]
        return self.annotate(rang_etat=Case(*ordre, output_field=IntegerField()))

    def pour_lecture(self) -> "ParcoursQuerySet":
        """Avec ce qu'une ligne de liste affiche."""
        return self.select_related("esms__categorie", "esms__og", "esms__departement", "grappe", "solution", "vague")


class Parcours(SituationParcours, ModeleAEtats):
    """Un ESMS, une solution, une grappe : c'est lui qui a un état. À l'écran : « ESMS »."""

    esms = models.ForeignKey(Esms, models.PROTECT, related_name="parcours", verbose_name="ESMS")
    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="parcours")
    solution = models.ForeignKey(Solution, models.PROTECT, null=True, blank=True, related_name="parcours")
    vague = models.ForeignKey(
        Vague, models.SET_NULL, null=True, blank=True, related_name="parcours", verbose_name="vague de déploiement"
    )
    type_projet = models.CharField(
        "type de projet", max_length=20, choices=TypeProjet.choices, default=TypeProjet.ACQUISITION
    )
    point_depart = models.CharField("point de départ", max_length=20, choices=PointDepart.choices, blank=True)
    est_pilote = models.BooleanField("site pilote", default=False)
    premier_gain = TexteLibreField("premier gain visible", max_length=300)
    temps_ecriture = models.CharField(
        "temps d'écriture et de lecture", max_length=12, choices=TempsEcriture.choices, default=TempsEcriture.NON_DECIDE
    )
    temps_ecriture_note = TexteLibreField("ce qui est décidé, et par qui", max_length=300)
    referent_maintenu = models.BooleanField("référent ou relais maintenu", default=False)
    etat = champ_etat(EtatParcours, E.RECENSE)
    etat_memoire = models.CharField("état avant suspension", max_length=20, blank=True, editable=False)
    etat_avant_sortie = models.CharField("état avant sortie", max_length=20, blank=True, editable=False)
    motif_sortie = models.CharField("raison de la sortie", max_length=12, choices=MotifSortie.choices, blank=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    depuis_le = models.DateField("dans cet état depuis", null=True, blank=True, editable=False)
    prochaine_le = models.DateField("prochaine date", null=True, blank=True, editable=False)

    chemin_parcours: ClassVar[str | None] = "pk"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("esms__departement",)

    objects = ParcoursQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["depuis_le", "prochaine_le"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        ordering = ["esms__tri", "pk"]
        constraints = [
            etats_connus(EtatParcours, "parcours_etat_connu"),
            models.UniqueConstraint(
                fields=["esms", "solution"], condition=~Q(etat=E.SORTI), name="parcours_esms_solution"
            ),
            models.UniqueConstraint(fields=["esms", "grappe"], condition=~Q(etat=E.SORTI), name="parcours_esms_grappe"),
        ]
        indexes = [
            models.Index(fields=["grappe", "etat"], name="parcours_grappe_etat"),
            models.Index(fields=["prochaine_le", "id"], name="parcours_prochaine"),
            models.Index(fields=["depuis_le", "id"], name="parcours_depuis"),
        ]

    def __str__(self) -> str:
        return self.esms.nom

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre ; un parcours neuf est dans son état depuis aujourd'hui."""
        if self._state.adding:
            self.depuis_le = self.depuis_le or timezone.localdate()
        super().save(*args, **kwargs)

    def _etat_precedent(self) -> str:
        if self.etat == E.OUVERTURE:
            return E.PILOTE if self.est_pilote else E.PREPARATION
        if self.etat == E.SERVICE_REGULIER:
            return E.PREPARATION if self.chemin_court else E.OUVERTURE
        return {E.CADRAGE: E.RECENSE, E.PREPARATION: E.CADRAGE, E.PILOTE: E.PREPARATION}[E(self.etat)]

    @transition("etat", E.RECENSE, E.CADRAGE, custom={"verbe": "Passer au cadrage"})
    def engager(self) -> None:
        """Le directeur engage son ESMS."""

    @transition("etat", E.CADRAGE, E.PREPARATION, custom={"verbe": "Passer en préparation"})
    def preparer(self) -> None:
        """Les cinq chantiers commencent."""

    @transition("etat", E.PREPARATION, E.PILOTE, custom={"verbe": "Ouvrir le pilote"})
    def piloter(self) -> None:
        """Le site pilote ouvre un périmètre restreint."""

    @transition("etat", [E.PREPARATION, E.PILOTE], E.OUVERTURE, custom={"verbe": "Passer en ouverture"})
    def ouvrir(self) -> None:
        """Les unités peuvent ouvrir."""

    @transition(
        "etat",
        [E.PREPARATION, E.OUVERTURE],
        E.SERVICE_REGULIER,
        custom={"verbe": "Passer en service régulier"},
    )
    def verifier_service(self) -> None:
        """Service régulier ; depuis la préparation, en mise en conformité seulement."""

    @transition("etat", E.SERVICE_REGULIER, E.ROUTINE, custom={"verbe": "Passer en routine"})
    def passer_en_routine(self) -> None:
        """La routine n'est pas une fin."""

    @transition(
        "etat",
        [E.CADRAGE, E.PREPARATION, E.PILOTE, E.OUVERTURE, E.SERVICE_REGULIER],
        GET_STATE(lambda self, **_: self._etat_precedent(), states=_EN_COURS),
        custom={"verbe": "Revenir à l'étape précédente", "motif_requis": True, "de_cote": True},
    )
    def revenir(self) -> None:
        """Retour d'une étape."""

    @transition("etat", _EN_COURS, E.SUSPENDU, custom={"verbe": "Suspendre", "motif_requis": True, "de_cote": True})
    def suspendre(self) -> None:
        """Suspension : se souvient d'où."""
        self.etat_memoire = self.etat

    @transition(
        "etat",
        E.SUSPENDU,
        GET_STATE(lambda self, **_: self.etat_memoire, states=_EN_COURS),
        custom={"verbe": "Reprendre", "de_cote": True},
    )
    def reprendre(self) -> None:
        """Reprise là où l'on s'était arrêté."""

    @transition(
        "etat",
        [*_EN_COURS, E.SUSPENDU],
        E.SORTI,
        custom={"verbe": "Sortir du projet", "motif_requis": True, "de_cote": True},
    )
    def sortir(self, raison: str = MotifSortie.RETRAIT, **_: Any) -> None:
        """Sortie du projet ; l'histoire reste."""
        exiger_choix("raison", raison, MotifSortie.values, "Choisissez la raison de la sortie.")
        self.etat_avant_sortie = self.etat
        self.motif_sortie = raison

    @transition(
        "etat",
        E.SORTI,
        GET_STATE(lambda self, **_: self.etat_avant_sortie, states=[*_EN_COURS, E.SUSPENDU]),
        custom={"verbe": "Réintégrer", "motif_requis": True, "de_cote": True},
    )
    def reintegrer(self) -> None:
        """Retour d'un ESMS sorti, là où il en était."""
        self.motif_sortie = ""

    @transition(
        "etat",
        E.RECENSE,
        GET_STATE(lambda self, vers, **_: vers, states=_EN_COURS[1:]),
        custom={"verbe": "Constater la situation", "de_cote": True},
    )
    def constater(self, vers: str = "", etapes: dict[str, date] | None = None, **_: Any) -> None:
        """Reprise de l'existant : situation constatée, non rejouée. `etapes` : dates d'entrée déjà connues."""
        exiger_choix("vers", vers, _EN_COURS[1:], "Choisissez l'état où en est l'ESMS.")
        if fautes := fautes_de_dates(vers, etapes or {}, timezone.localdate()):
            raise Refus("champ", "dates constatées", champs=fautes)
        self._etapes_constatees = etapes or {}

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """Un autre parcours actif de l'ESMS interdit la réintégration ; un constat ne vaut qu'au départ."""
        rendu = []
        if transition == "reintegrer":
            autres = Parcours.objects.filter(esms=self.esms_id).exclude(etat=E.SORTI).exclude(pk=self.pk)
            if autres.filter(Q(grappe=self.grappe_id) | Q(solution=self.solution_id, solution__isnull=False)).exists():
                rendu.append(
                    Manque(
                        "parcours_unique",
                        "Un seul parcours actif",
                        "cet ESMS est déjà engagé ailleurs",
                    )
                )
        if transition == "constater" and self.version:
            rendu.append(Manque("constat_initial", "Constat initial", "ce parcours a déjà une histoire"))
        return rendu

    def apres_passage(self, passage: Any) -> None:
        """Tient les dates réelles (un retour les efface pour les états d'après) et les colonnes qui s'en déduisent."""
        self._clore_les_propositions(passage.transition)
        self._tenir_les_etapes(passage)
        # Par update() : ces colonnes se déduisent, elles n'ont pas d'histoire à elles.
        Parcours.objects.filter(pk=self.pk).update(depuis_le=passage.date_effet, prochaine_le=premiere_date_prevue())

    def _tenir_les_etapes(self, passage: Any) -> None:
        if self.etat not in FRISE_PARCOURS:
            return
        for etat, jour in getattr(self, "_etapes_constatees", {}).items():
            self.etapes.update_or_create(etat=etat, defaults={"reelle": jour})
        etape, _ = self.etapes.get_or_create(etat=self.etat)
        # Reprendre, réintégrer, revenir ramènent dans un état déjà atteint : sa première date reste la vraie.
        if etape.reelle is None or passage.transition not in ("reprendre", "reintegrer", "revenir"):
            etape.reelle = passage.date_effet
            etape.save()
        if passage.transition == "revenir":
            for etape in self.etapes.filter(etat__in=FRISE_PARCOURS[self.rang :], reelle__isnull=False):
                etape.reelle = None
                etape.save()

    def _clore_les_propositions(self, transition: str) -> None:
        self.propositions.clore(transition)

    @classmethod
    def apres_passages(cls, transition: str, couples: Collection[tuple[Any, Any]]) -> None:
        """La même chose pour un lot, d'un coup quand il s'agit de constater ou de mettre de côté."""
        arrivees = {parcours.etat for parcours, _ in couples}
        if transition != "constater" and arrivees & set(FRISE_PARCOURS):
            super().apres_passages(transition, couples)
            return
        cles = [parcours.pk for parcours, _ in couples]
        apps.get_model("programme", "Proposition").objects.filter(parcours__in=cles).clore(transition)
        if transition == "constater":
            reelles = {p.pk: {**p._etapes_constatees, p.etat: passage.date_effet} for p, passage in couples}
            apps.get_model("programme", "Etape").objects.constater(reelles)
        cls.objects.filter(pk__in=cles).rafraichir_dates()
