"""Les actions : un seul modèle pour tout le produit (métier §6)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.enums import EtatAction, Role
from programme.models.grappes import Grappe
from programme.models.parcours import Parcours
from programme.models.perimetre import Affectation
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.origines import libelle_de
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser

E = EtatAction
OUVERTES = (E.A_FAIRE, E.EN_COURS)
TOUTE_LA_GRAPPE = "toute la grappe"
SON_RESPONSABLE = "son responsable"
PAR_ECHEANCE = (F("echeance").asc(nulls_last=True), F("pk").asc())
"""La plus pressée d'abord ; sans échéance, à la fin."""


class ActionQuerySet(ModeleAEtatsQuerySet):
    """Actions."""

    def visibles_par(self, utilisateur: Any) -> "ActionQuerySet":
        """Celles d'un ESMS dont il lit la préparation, et celles d'une grappe dont il est.

        Qui n'est que de la région lit, d'une grappe, celles dont il est responsable. Le financeur n'en lit aucune.
        """
        confie = utilisateur.perimetre.sauf(Role.ARS)
        if confie.est_national:
            return self
        if not confie.affectes:
            return self.none()
        lisibles = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
        siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
        de_loin = Q(responsable=utilisateur, grappe__region__in=confie.regions)
        de_grappe = Q(parcours__isnull=True) & (Q(grappe__in=siennes) | de_loin)
        return self.filter(Q(parcours__in=lisibles) | de_grappe)

    def ouvertes(self) -> "ActionQuerySet":
        """Ni faites, ni abandonnées."""
        return self.filter(etat__in=OUVERTES)

    def en_retard(self, au: date) -> "ActionQuerySet":
        """Ouvertes, l'échéance passée à cette date."""
        return self.ouvertes().filter(echeance__lt=au)

    def sans_relais(self, au: date) -> "ActionQuerySet":
        """Celles dont Treille ne prévient personne : pas de compte, un compte fermé, ou qui n'a plus aucun rôle."""
        roles = Affectation.objects.en_cours(au).filter(utilisateur=OuterRef("responsable"))
        return self.filter(Q(responsable__isnull=True) | Q(responsable__is_active=False) | ~Exists(roles))

    def chercher(self, texte: str) -> "ActionQuerySet":
        """Actions dont l'intitulé porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def avec_rang(self) -> "ActionQuerySet":
        """Ajoute `rang_etat` (ordre de la frise) et `qui` (le nom du responsable, compte ou fonction)."""
        ordre = [When(etat=etat, then=Value(rang)) for rang, etat in enumerate(E)]
        qui = Case(When(responsable__isnull=False, then=F("responsable__nom")), default=F("responsable_nom"))
        return self.annotate(rang_etat=Case(*ordre, output_field=IntegerField()), qui=qui)

    def pour_lecture(self) -> "ActionQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "parcours__esms", "responsable")


class Action(ModeleAEtats):
    """Une chose à faire, pour une grappe ou un de ses ESMS : qui, pour quand, d'où elle vient, où elle en est.

    Le responsable est un compte, ou une fonction écrite (« le prestataire réseau »), ou reste à désigner. `origine` :
    code du registre `programme.socle.origines` ; `source` : l'objet d'où elle vient, s'il y en a un.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="actions")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name="ESMS"
    )
    libelle = TexteCourtField("action", max_length=160)
    precision = TexteLibreField("précision", max_length=1000)
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    responsable_nom = TexteCourtField("fonction, sans compte", max_length=120, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    origine = models.CharField("origine", max_length=20)
    source_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    source_id = models.PositiveBigIntegerField(null=True, blank=True)
    source = GenericForeignKey("source_type", "source_id")
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="actions_creees")
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatAction, E.A_FAIRE)
    faite_le = models.DateField("faite le", null=True, blank=True, editable=False)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "parcours__esms__departement")

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["faite_le", "tri"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "action"
        ordering = [*PAR_ECHEANCE]
        constraints = [
            etats_connus(EtatAction, "action_etat_connu"),
            models.CheckConstraint(
                condition=Q(responsable__isnull=True) | Q(responsable_nom=""), name="action_un_responsable"
            ),
            models.CheckConstraint(
                condition=Q(source_type__isnull=True, source_id__isnull=True)
                | Q(source_type__isnull=False, source_id__isnull=False),
                name="action_source_entiere",
            ),
        ]
        indexes = [
            models.Index(fields=["grappe", "etat", "echeance"], name="action_grappe"),
            models.Index(fields=["parcours", "etat", "echeance"], name="action_parcours"),
            models.Index(fields=["responsable", "etat", "echeance"], name="action_responsable"),
            models.Index(fields=["source_type", "source_id"], name="action_source"),
        ]

    def __str__(self) -> str:
        return self.libelle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.libelle)[:160]
        super().save(*args, **kwargs)

    @property
    def cible(self) -> Parcours | Grappe:
        """L'ESMS (son parcours) ou la grappe que l'action concerne."""
        return self.parcours or self.grappe

    @property
    def pour(self) -> str:
        """L'ESMS, ou « toute la grappe »."""
        return str(self.parcours) if self.parcours else TOUTE_LA_GRAPPE

    @property
    def est_ouverte(self) -> bool:
        """Vrai tant qu'elle n'est ni faite, ni abandonnée."""
        return self.etat in OUVERTES

    @property
    def nom_du_responsable(self) -> str:
        """Le compte ou la fonction ; vide si personne n'est désigné."""
        return str(self.responsable) if self.responsable else self.responsable_nom

    @property
    def origine_en_mots(self) -> str:
        """« Saisie à la main », ou le mot de l'app d'où elle vient."""
        return libelle_de(self.origine)

    def est_en_retard(self, au: date) -> bool:
        """Vrai si elle est ouverte et son échéance passée."""
        return self.est_ouverte and self.echeance is not None and self.echeance < au

    @transition("etat", E.A_FAIRE, E.EN_COURS, custom={"verbe": "Commencer", "aussi": SON_RESPONSABLE})
    def commencer(self) -> None:
        """Quelqu'un s'y est mis."""

    @transition("etat", list(OUVERTES), E.FAITE, custom={"verbe": "Marquer faite", "aussi": SON_RESPONSABLE})
    def terminer(self) -> None:
        """C'est fait."""

    @transition(
        "etat",
        E.EN_COURS,
        retour_a(E.A_FAIRE),
        custom={"verbe": "Remettre à faire", "de_cote": True, "aussi": SON_RESPONSABLE},
    )
    def revenir(self) -> None:
        """Commencée trop tôt."""

    @transition(
        "etat",
        list(OUVERTES),
        E.ABANDONNEE,
        custom={"verbe": "Abandonner cette action", "motif_requis": True, "de_cote": True},
    )
    def abandonner(self) -> None:
        """On ne la fera pas, et l'on dit pourquoi."""

    @transition(
        "etat",
        [E.FAITE, E.ABANDONNEE],
        retour_a(E.EN_COURS),
        custom={"verbe": "Rouvrir", "motif_requis": True, "de_cote": True, "aussi": SON_RESPONSABLE},
    )
    def rouvrir(self) -> None:
        """Close trop tôt : elle reprend, en cours."""

    def apres_passage(self, passage: Any) -> None:
        """Tient le jour où elle a été faite ; la rouvrir l'efface."""
        # Par update() : cette date se déduit du journal, elle n'a pas d'histoire à elle.
        faite_le = passage.date_effet if passage.vers == E.FAITE else None
        Action.objects.filter(pk=self.pk).update(faite_le=faite_le)
