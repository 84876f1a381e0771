"""Le registre des risques : un risque, sa criticité brute et résiduelle, ce qu'on a fait de ce qui inquiétait."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, CharField, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.enums import Role
from programme.models import Action, Grappe, Parcours
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser
from risques.calculs.criticite import SEUIL_INQUIETANT, Bornes, criticite
from risques.enums import CategorieRisque, EtatRisque, Impact, IssueSuite, NiveauRisque, ObjetPartage, Probabilite
from risques.models.analyses import LigneAnalyse
from risques.models.grilles import Grille
from risques.models.partages import confiees, partagees
from risques.models.questionnaires import Question

E = EtatRisque
DE_DEPART = Bornes()
"""Ce qui vaut pour une grappe qui n'a rien réglé."""
RESERVE = "réservé"
"""Ce que le financeur ne lit pas d'un risque qu'un partage lui ouvre."""
OUVERTS = (E.IDENTIFIE, E.TRAITE, E.MAITRISE)


class BaremeRisques(models.Model):
    """Les bornes d'une grappe : à partir de quelle criticité un risque change de niveau, et quelle réponse inquiète.

    Criticité : probabilité × impact, de 1 à 16. `inquietante` : note brute, sur une échelle de 1 à 10 défavorable.
    """

    grappe = models.OneToOneField(Grappe, models.CASCADE, related_name="bareme_risques")
    significatif = models.PositiveSmallIntegerField("significatif à partir de", default=DE_DEPART.significatif)
    critique = models.PositiveSmallIntegerField("critique à partir de", default=DE_DEPART.critique)
    inacceptable = models.PositiveSmallIntegerField("inacceptable à partir de", default=DE_DEPART.inacceptable)
    inquietante = models.PositiveSmallIntegerField("une réponse inquiète à partir de", default=SEUIL_INQUIETANT)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "barème des risques"
        verbose_name_plural = "barèmes des risques"
        constraints = [
            models.CheckConstraint(
                condition=Q(significatif__gt=1, significatif__lt=F("critique"), critique__lt=F("inacceptable"))
                & Q(inacceptable__lte=16),
                name="bareme_bornes_croissantes",
                violation_error_message="Les trois bornes montent, de 2 à 16 : corrigez celle qui ne suit pas.",
            ),
            models.CheckConstraint(condition=Q(inquietante__range=(2, 10)), name="bareme_inquietante_bornee"),
        ]

    def __str__(self) -> str:
        return f"Barème de {self.grappe}"

    @property
    def bornes(self) -> Bornes:
        """Ses trois bornes. Lève `BornesImpossibles` si elles ne montent pas."""
        return Bornes(self.significatif, self.critique, self.inacceptable)


def _borne(niveau: NiveauRisque) -> Coalesce:
    """Où commence ce niveau pour la grappe d'un risque ; sans réglage, où le commence le produit."""
    depart = Value(getattr(DE_DEPART, niveau))
    return Coalesce(f"grappe__bareme_risques__{niveau}", depart, output_field=IntegerField())


class RisqueQuerySet(ModeleAEtatsQuerySet):
    """Risques."""

    def visibles_par(self, utilisateur: Any) -> "RisqueQuerySet":
        """D'un ESMS dont il lit la préparation, d'une grappe dont il est ; au financeur, ce qu'un partage lui ouvre."""
        return self.filter(
            confiees(utilisateur, "parcours", "grappe")
            | partagees(utilisateur, "parcours", "grappe", objet=ObjetPartage.RISQUES)
        )

    def ouverts(self) -> "RisqueQuerySet":
        """Pas encore clos."""
        return self.filter(etat__in=OUVERTS)

    def a_revoir(self, au: date) -> "RisqueQuerySet":
        """Ouverts, la date de revue passée."""
        return self.ouverts().filter(revue_le__lt=au)

    def avec_criticite(self) -> "RisqueQuerySet":
        """Ajoute `criticite_brute`, `criticite` (résiduelle, à défaut brute) et `borne` (inacceptable à partir de)."""
        brute = F("probabilite") * F("impact")
        residuelle = F("probabilite_residuelle") * F("impact_residuel")
        return self.annotate(
            criticite_brute=brute,
            criticite=Coalesce(residuelle, brute, output_field=IntegerField()),
            borne=Coalesce(
                "grappe__bareme_risques__inacceptable", Value(DE_DEPART.inacceptable), output_field=IntegerField()
            ),
        )

    def avec_niveau(self) -> "RisqueQuerySet":
        """Ajoute la criticité et `niveau`, selon le barème de la grappe (à défaut, celui du produit)."""
        parts = []
        for niveau in (NiveauRisque.INACCEPTABLE, NiveauRisque.CRITIQUE, NiveauRisque.SIGNIFICATIF):
            parts.append(When(GreaterThanOrEqual(F("criticite"), _borne(niveau)), then=Value(niveau)))
        niveau_lu = Case(*parts, default=Value(NiveauRisque.ACCEPTABLE), output_field=CharField())
        return self.avec_criticite().annotate(niveau=niveau_lu)

    def inacceptables(self) -> "RisqueQuerySet":
        """Ouverts, au niveau qui appelle un arrêt, selon le barème de leur grappe."""
        return self.ouverts().avec_criticite().filter(criticite__gte=F("borne"))

    def avec_regard(self, utilisateur: Any) -> "RisqueQuerySet":
        """Ajoute `de_pres` : faux pour ce que ce lecteur ne lit qu'en financeur, par un partage."""
        if not utilisateur.perimetre.tient(Role.ARS):
            return self.annotate(de_pres=Value(True, output_field=BooleanField()))
        siens = When(confiees(utilisateur, "parcours", "grappe"), then=Value(True))
        return self.annotate(de_pres=Case(siens, default=Value(False), output_field=BooleanField()))

    def avec_rang(self, utilisateur: Any) -> "RisqueQuerySet":
        """Ajoute `rang_etat` (l'ordre de la frise), `qui` (le propriétaire, compte ou fonction) et `precision_lue`.

        Les deux derniers disent « réservé » de ce que ce lecteur ne lit qu'en financeur : ni tri ni export ne les rend.
        """
        ordre = [When(etat=etat, then=Value(rang)) for rang, etat in enumerate(E)]
        tu = When(de_pres=False, then=Value(RESERVE))
        un_compte = When(proprietaire__isnull=False, then=F("proprietaire__nom"))
        return self.avec_regard(utilisateur).annotate(
            rang_etat=Case(*ordre, output_field=IntegerField()),
            qui=Case(tu, un_compte, default=F("proprietaire_nom"), output_field=CharField()),
            precision_lue=Case(tu, default=F("precision"), output_field=CharField()),
        )

    def chercher(self, texte: str) -> "RisqueQuerySet":
        """Risques dont l'intitulé porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def pour_lecture(self) -> "RisqueQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe__bareme_risques", "parcours__esms", "proprietaire", "question")


class Risque(ModeleAEtats):
    """Un risque de la grappe (sans `parcours`) ou d'un de ses ESMS.

    Brut : avant toute mesure ; résiduel : une fois les actions faites. Le propriétaire est un compte, ou une fonction
    écrite. `question`, `grille`, `ligne` : la réponse d'où il vient, s'il y en a une.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="risques")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="risques", verbose_name="ESMS"
    )
    libelle = TexteCourtField("risque", max_length=160)
    precision = TexteLibreField("précision", max_length=1000)
    categorie = models.CharField("catégorie", max_length=16, choices=CategorieRisque.choices)
    probabilite = models.PositiveSmallIntegerField("probabilité", choices=Probabilite.choices)
    impact = models.PositiveSmallIntegerField("impact", choices=Impact.choices)
    probabilite_residuelle = models.PositiveSmallIntegerField(
        "probabilité résiduelle", null=True, blank=True, choices=Probabilite.choices
    )
    impact_residuel = models.PositiveSmallIntegerField("impact résiduel", null=True, blank=True, choices=Impact.choices)
    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="risques",
        verbose_name="propriétaire",
    )
    proprietaire_nom = TexteCourtField("fonction, sans compte", max_length=120, blank=True)
    revue_le = models.DateField("à revoir le", null=True, blank=True)
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="risques")
    grille = models.ForeignKey(Grille, models.PROTECT, null=True, blank=True, related_name="risques")
    ligne = models.ForeignKey(LigneAnalyse, models.PROTECT, null=True, blank=True, related_name="risques")
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="risques_crees", verbose_name="créé par"
    )
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    etat = champ_etat(EtatRisque, E.IDENTIFIE)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "parcours__esms__departement")

    objects = RisqueQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["tri"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "risque"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            etats_connus(EtatRisque, "risque_etat_connu"),
            models.CheckConstraint(condition=Q(categorie__in=CategorieRisque.values), name="risque_categorie_connue"),
            models.CheckConstraint(
                condition=Q(probabilite__range=(1, 4), impact__range=(1, 4)), name="risque_criticite_bornee"
            ),
            models.CheckConstraint(
                condition=Q(probabilite_residuelle__isnull=True, impact_residuel__isnull=True)
                | Q(probabilite_residuelle__range=(1, 4), impact_residuel__range=(1, 4)),
                name="risque_residuel_entier",
                violation_error_message="Donnez la probabilité et l'impact résiduels, ou aucun des deux.",
            ),
            models.CheckConstraint(
                condition=Q(proprietaire__isnull=True) | Q(proprietaire_nom=""), name="risque_un_proprietaire"
            ),
        ]
        indexes = [
            models.Index(fields=["grappe", "etat"], name="risque_grappe"),
            models.Index(fields=["parcours", "etat"], name="risque_parcours"),
        ]

    def __str__(self) -> str:
        return self.libelle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.libelle)[:160]
        super().save(*args, **kwargs)

    @property
    def cible(self) -> Parcours | Grappe:
        """L'ESMS (son parcours) ou la grappe qu'il menace."""
        return self.parcours or self.grappe

    @property
    def pour(self) -> str:
        """L'ESMS, ou « toute la grappe »."""
        return str(self.parcours) if self.parcours else TOUTE_LA_GRAPPE

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.cible

    @property
    def est_ouvert(self) -> bool:
        """Vrai tant qu'il n'est pas clos."""
        return self.etat in OUVERTS

    @property
    def brut(self) -> int:
        """Criticité brute, de 1 à 16."""
        return criticite(self.probabilite, self.impact)

    @property
    def residuel(self) -> int | None:
        """Criticité résiduelle, de 1 à 16 ; None tant qu'elle n'est pas dite."""
        if self.probabilite_residuelle is None or self.impact_residuel is None:
            return None
        return criticite(self.probabilite_residuelle, self.impact_residuel)

    @property
    def cote(self) -> int:
        """Sa criticité du moment : résiduelle si elle est dite, brute sinon."""
        return self.brut if self.residuel is None else self.residuel

    @property
    def nom_du_proprietaire(self) -> str:
        """Le compte ou la fonction ; vide si personne n'est désigné."""
        return str(self.proprietaire) if self.proprietaire else self.proprietaire_nom

    @transition("etat", E.IDENTIFIE, E.TRAITE, custom={"verbe": "Traiter ce risque"})
    def traiter(self) -> None:
        """Des actions sont lancées."""

    @transition("etat", [E.IDENTIFIE, E.TRAITE], E.MAITRISE, custom={"verbe": "Le dire maîtrisé", "motif_requis": True})
    def maitriser(self) -> None:
        """Ce qui a été fait suffit ; on le surveille."""

    @transition(
        "etat",
        [E.IDENTIFIE, E.TRAITE, E.MAITRISE],
        E.CLOS,
        custom={"verbe": "Clore ce risque", "motif_requis": True, "de_cote": True},
    )
    def clore(self) -> None:
        """Il ne peut plus arriver, ou il est arrivé."""

    @transition(
        "etat",
        [E.MAITRISE, E.CLOS],
        retour_a(E.TRAITE),
        custom={"verbe": "Rouvrir", "motif_requis": True, "de_cote": True},
    )
    def rouvrir(self) -> None:
        """Dit maîtrisé ou clos trop tôt."""


class SuiteDonneeQuerySet(models.QuerySet):
    """Suites données à ce qui inquiétait."""

    def visibles_par(self, utilisateur: Any) -> "SuiteDonneeQuerySet":
        """Comme les risques ; le financeur n'en lit aucune."""
        return self.filter(confiees(utilisateur, "parcours", "grappe"))


class SuiteDonnee(models.Model):
    """Ce qu'on a fait d'une réponse inquiétante : une action, un risque retenus ; ou écartés, avec un motif.

    La proposition elle-même ne s'écrit pas : elle se lit dans la réponse tant qu'aucune suite n'est donnée. `vue` : la
    note de la réponse ou la criticité de la ligne, telle qu'elle était ; pire depuis, elle se propose à nouveau.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="suites_donnees")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="suites_donnees", verbose_name="ESMS"
    )
    grille = models.ForeignKey(Grille, models.PROTECT, null=True, blank=True, related_name="suites_donnees")
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="suites_donnees")
    ligne = models.ForeignKey(LigneAnalyse, models.PROTECT, null=True, blank=True, related_name="suites_donnees")
    vue = models.SmallIntegerField("cote vue")
    issue = models.CharField("issue", max_length=8, choices=IssueSuite.choices)
    motif = TexteCourtField("motif", max_length=200, blank=True)
    risque = models.ForeignKey(Risque, models.PROTECT, null=True, blank=True, related_name="suites")
    action = models.ForeignKey(Action, models.PROTECT, null=True, blank=True, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    le = models.DateTimeField("le", default=timezone.now, editable=False)

    objects = SuiteDonneeQuerySet.as_manager()

    class Meta:
        verbose_name = "suite donnée à une réponse"
        verbose_name_plural = "suites données aux réponses"
        ordering = ["-le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["grille", "question", "vue"], name="suite_une_par_reponse_vue"),
            models.UniqueConstraint(fields=["ligne", "vue"], name="suite_une_par_ligne_vue"),
            models.CheckConstraint(
                condition=Q(ligne__isnull=False, grille__isnull=True, question__isnull=True)
                | Q(ligne__isnull=True, grille__isnull=False, question__isnull=False),
                name="suite_une_origine",
            ),
            models.CheckConstraint(
                condition=Q(issue=IssueSuite.RETENUE) | Q(issue=IssueSuite.ECARTEE) & ~Q(motif=""),
                name="suite_ecartee_motivee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_issue_display()}, {self.parcours or self.grappe}"

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe
