"""Les instances d'une grappe et leurs mandats : qui siège, au nom de qui, jusqu'à quand (metier §6)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from gouvernance.enums import LEVENT_UNE_CONDITION, Cadence, Represente, TypeInstance
from programme.enums import Role
from programme.models import Categorie, Departement, Esms, Grappe, OrganismeGestionnaire, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField

QUORUM = 50
DELAI_ALERTE = 21
"""Valeurs du produit : la moitié des voix présentes ; trois semaines avant qu'une alerte monte au COSTRAT."""
_CIBLES = {
    Represente.OG: "og",
    Represente.CATEGORIE: "categorie",
    Represente.ZONE: "departement",
    Represente.ESMS: "esms",
}
_PRECISABLES = ("og", "categorie", "departement")


def conduit_ou_administre(utilisateur: Any, chemin: str) -> Q:
    """Les lignes d'une grappe qu'il conduit ; toutes, pour qui administre. `chemin` : de la ligne à sa grappe."""
    p = utilisateur.perimetre
    if p.seul(Role.ADMIN).est_national:
        return Q(pk__isnull=False)
    return Q(**{f"{chemin}__in": p.seul(Role.CHEF_PROJET).grappes})


def concernent(utilisateur: Any, parcours: str, grappe: str) -> Q:
    """Les lignes qui touchent ses ESMS, ou toute une grappe dont il est ; ni en financeur, ni au titre d'une instance.

    `parcours` : chemin vers l'ESMS, nul si la ligne vaut pour toute la grappe.
    """
    confie = utilisateur.perimetre.sauf(Role.ARS).sauf(Role.MEMBRE)
    siens = Q(esms__in=confie.esms) | Q(esms__og__in=confie.ogs) | Q(grappe__in=confie.grappes)
    engages = Parcours.objects.filter(siens).order_by()
    grappes = Parcours.objects.dans_le_projet().filter(siens).order_by().values("grappe")
    toute = Q(**{f"{parcours}__isnull": True}) & (
        Q(**{f"{grappe}__in": grappes}) | Q(**{f"{grappe}__in": confie.grappes})
    )
    return Q(**{f"{parcours}__in": engages.values("pk")}) | toute


class InstanceQuerySet(models.QuerySet):
    """Instances."""

    def visibles_par(self, utilisateur: Any) -> "InstanceQuerySet":
        """Leur composition : à qui y siège, conduit, administre, et aux ESMS de la grappe, qu'elle représente.

        Un membre ne voit que les siennes ; le financeur, aucune.
        """
        return self.filter(
            Q(pk__in=Instance.objects.suivies_par(utilisateur).order_by().values("pk"))
            | Q(grappe__in=_grappes_de(utilisateur))
        )

    def suivies_par(self, utilisateur: Any) -> "InstanceQuerySet":
        """Celles dont il lit les séances : il y siège aujourd'hui, il conduit la grappe, il administre."""
        siege = Mandat.objects.en_cours(timezone.localdate()).de(utilisateur).filter(comite=OuterRef("pk"))
        return self.filter(conduit_ou_administre(utilisateur, "grappe") | Exists(siege))

    def actives(self) -> "InstanceQuerySet":
        """Pas closes."""
        return self.filter(close_le__isnull=True)

    def pour_lecture(self) -> "InstanceQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe")


def _grappes_de(utilisateur: Any) -> models.QuerySet:
    """Les grappes dont il est par un ESMS, un OG ou un rôle de grappe, hors instance et financement."""
    confie = utilisateur.perimetre.sauf(Role.ARS).sauf(Role.MEMBRE)
    engages = Parcours.objects.dans_le_projet().filter(
        Q(esms__in=confie.esms) | Q(esms__og__in=confie.ogs), grappe=OuterRef("pk")
    )
    return Grappe.objects.filter(Q(pk__in=confie.grappes) | Exists(engages)).order_by().values("pk")


class Instance(models.Model):
    """Une instance d'une grappe : ce qu'elle est, à quel rythme elle se réunit, ce qu'il faut pour qu'elle arbitre.

    `quorum` : part des voix présentes, en pour cent (0 : aucun). `effectif_max` : au-delà, on le signale.
    `delai_alerte` : jours laissés au COMOP avant qu'une alerte monte au COSTRAT.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="instances")
    type = models.CharField("type", max_length=12, choices=TypeInstance.choices)
    nom = TexteCourtField("nom", max_length=120)
    objet = TexteLibreField("ce qu'elle traite", max_length=500)
    cadence = models.CharField("cadence", max_length=14, choices=Cadence.choices, default=Cadence.LIBRE)
    quorum = models.PositiveSmallIntegerField("quorum, en % des voix", default=QUORUM)
    effectif_max = models.PositiveSmallIntegerField("effectif au-delà duquel on le signale", null=True, blank=True)
    delai_alerte = models.PositiveSmallIntegerField("délai d'une alerte, en jours", default=DELAI_ALERTE)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="instances_creees", verbose_name="créée par"
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    close_le = models.DateField("close le", null=True, blank=True)

    objects = InstanceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "instance"
        ordering = ["grappe", "type", "nom", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=TypeInstance.values), name="instance_type_connu"),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="instance_cadence_connue"),
            models.CheckConstraint(
                condition=Q(quorum__lte=100),
                name="instance_quorum",
                violation_error_message="Le quorum est une part des voix : entre 0 et 100.",
            ),
            models.UniqueConstraint(
                fields=["grappe", "nom"],
                name="instance_nom_unique",
                violation_error_message="Une instance de cette grappe porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe

    @property
    def peut_lever(self) -> bool:
        """Vrai si elle peut lever une condition qui barre."""
        return self.type in LEVENT_UNE_CONDITION


class MandatQuerySet(models.QuerySet):
    """Mandats."""

    def visibles_par(self, utilisateur: Any) -> "MandatQuerySet":
        """Ceux des instances dont il voit la composition."""
        return self.filter(comite__in=Instance.objects.visibles_par(utilisateur).order_by().values("pk"))

    def en_cours(self, au: date) -> "MandatQuerySet":
        """Ceux qui courent à cette date (bornes comprises)."""
        return self.filter(Q(du__lte=au) & (Q(au__isnull=True) | Q(au__gte=au)))

    def confies_a(self, utilisateur: Any) -> "MandatQuerySet":
        """Ceux qui le nomment, titulaire ou suppléant ; un compte pas encore enregistré n'en tient aucun."""
        if utilisateur.pk is None:
            return self.none()
        return self.filter(Q(utilisateur=utilisateur) | Q(suppleant=utilisateur))

    def de(self, utilisateur: Any) -> "MandatQuerySet":
        """Ceux qu'il tient vraiment : qui n'a plus de rôle dans la grappe garde son nom au siège, rien d'autre."""
        # Un ancien chef de projet anime encore sur le papier : son affectation finie, il ne lit ni ne tient plus rien.
        siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
        return self.confies_a(utilisateur).filter(comite__grappe__in=siennes)

    def pour_lecture(self) -> "MandatQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related(
            "comite__grappe", "utilisateur", "suppleant", "og", "categorie", "departement", "esms"
        )


class Mandat(models.Model):
    """Un siège dans une instance : qui le tient, son suppléant, au nom de qui, du… au… (metier §6).

    Le titulaire est un compte, ou une fonction écrite. Une catégorie ou une zone se restreint à un OG, un OG à une
    catégorie : « par OG, un représentant par catégorie ».
    """

    # « comite » et non « instance » : l\'historique prend ce nom.
    comite = models.ForeignKey(Instance, models.PROTECT, related_name="mandats", verbose_name="instance")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="mandats", verbose_name="compte"
    )
    fonction = TexteCourtField("fonction", max_length=120, blank=True)
    suppleant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mandats_de_suppleant",
        verbose_name="suppléant",
    )
    suppleant_fonction = TexteCourtField("fonction du suppléant", max_length=120, blank=True)
    represente = models.CharField("représente", max_length=12, choices=Represente.choices)
    og = models.ForeignKey(
        OrganismeGestionnaire, models.PROTECT, null=True, blank=True, related_name="mandats", verbose_name="OG"
    )
    categorie = models.ForeignKey(
        Categorie, models.PROTECT, null=True, blank=True, related_name="mandats", verbose_name="catégorie"
    )
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="mandats", verbose_name="zone (département)"
    )
    esms = models.ForeignKey(Esms, models.PROTECT, null=True, blank=True, related_name="mandats", verbose_name="ESMS")
    a_voix = models.BooleanField("a une voix", default=True)
    anime = models.BooleanField("préside ou anime", default=False)
    du = models.DateField("du", default=timezone.localdate)
    au = models.DateField("au", null=True, blank=True)
    confie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="confié par"
    )

    objects = MandatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mandat"
        ordering = ["comite", "-anime", "represente", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(represente__in=Represente.values), name="mandat_represente_connu"),
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="mandat_dates",
                violation_error_message="Le mandat finit avant de commencer : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(utilisateur__isnull=False) | ~Q(fonction=""),
                name="mandat_quelqu_un",
                violation_error_message="Dites qui siège : un compte, ou une fonction.",
            ),
            models.CheckConstraint(
                condition=Q(suppleant__isnull=True) | Q(utilisateur__isnull=True) | ~Q(suppleant=F("utilisateur")),
                name="mandat_suppleant_autre",
                violation_error_message="On ne se supplée pas soi-même : choisissez quelqu'un d'autre.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(represente=Represente.OG, og__isnull=False)
                    | Q(represente=Represente.CATEGORIE, categorie__isnull=False)
                    | Q(represente=Represente.ZONE, departement__isnull=False)
                    | Q(represente=Represente.ESMS, esms__isnull=False)
                    | Q(represente__in=[Represente.CONDUITE, Represente.UTILISATEURS, Represente.PERSONNES])
                ),
                name="mandat_de_quoi",
                violation_error_message="Dites lequel : l'organisme, la catégorie, la zone ou l'ESMS représenté.",
            ),
        ]
        indexes = [
            models.Index(fields=["utilisateur", "comite"], name="mandat_titulaire"),
            models.Index(fields=["suppleant", "comite"], name="mandat_suppleant"),
        ]

    def __str__(self) -> str:
        return f"{self.nom}, {self.comite}"

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.comite.grappe

    @property
    def nom(self) -> str:
        """Le compte, ou la fonction."""
        return str(self.utilisateur) if self.utilisateur else self.fonction

    @property
    def nom_du_suppleant(self) -> str:
        """Le compte ou la fonction du suppléant ; vide s'il n'y en a pas."""
        return str(self.suppleant) if self.suppleant else self.suppleant_fonction

    @property
    def au_nom_de(self) -> str:
        """« la catégorie IME, Association des Tilleuls » : qui ce siège représente, en mots."""
        champ = _CIBLES.get(Represente(self.represente))
        if champ is None:
            return str(self.get_represente_display())
        autres = [str(v) for nom in _PRECISABLES if nom != champ and (v := getattr(self, nom))]
        return ", ".join([str(getattr(self, champ)), *autres])

    def est_en_cours(self, au: date) -> bool:
        """Vrai s'il court ce jour-là."""
        return self.du <= au and (self.au is None or self.au >= au)
