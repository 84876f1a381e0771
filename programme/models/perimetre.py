"""Affectations datées et invitations."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from programme.enums import EtatParcours, Portee, Role, Titre
from programme.models.annuaire import Esms, Groupe, OrganismeGestionnaire
from programme.models.referentiel import Region
from programme.socle.champs import TexteLibreField
from programme.socle.texte import normaliser

_CIBLES = ("region", "grappe", "og", "groupe", "esms")


def _cible_seule(portee: str) -> Q:
    q = Q(portee=portee)
    for nom in _CIBLES:
        q &= Q(**{f"{nom}__isnull": nom != portee})
    return q


class AffectationQuerySet(models.QuerySet):
    """Affectations."""

    def en_cours(self, au: date) -> "AffectationQuerySet":
        """Celles qui courent à cette date (bornes comprises)."""
        return self.filter(Q(du__lte=au) & (Q(au__isnull=True) | Q(au__gte=au)))

    def pour_perimetre(self) -> models.QuerySet:
        """Ce qu'il faut pour bâtir un périmètre, en une requête."""
        return self.values(
            "role", "portee", "titre", "region_id", "grappe_id", "og_id", "groupe_id", "esms_id", "groupe__esms"
        )

    def de_direction(self) -> "AffectationQuerySet":
        """Directions d'ESMS, intérims et délégations compris."""
        return self.filter(role=Role.DIRECTEUR)

    def dirigeant(self, esms: Any) -> "AffectationQuerySet":
        """LA règle « qui dirige cet ESMS » : une direction tenue sur lui, ou sur un de ses groupes.

        `esms` : un objet, une clé ou un `OuterRef`. La même, en mémoire : `Esms.directions` ; son envers sur un
        ensemble : `EsmsQuerySet.sans_direction`.
        """
        return self.de_direction().filter(Q(esms=esms) | Q(groupe__esms=esms))

    def dirige(self, chemin_esms: str) -> Q:
        """`dirigeant`, comme critère d'une requête sur autre chose : l'une d'elles dirige l'ESMS de ce chemin.

        Deux EXISTS plutôt qu'un OU entre deux jointures, que la base jouerait en relisant toutes les directions du pays
        à chaque ligne ; « tenue par un groupe » se dit aussi, pour qu'elle ne parte pas des directions d'un seul ESMS.
        """
        tenues, ici = self.de_direction(), OuterRef(chemin_esms)
        par_groupe = tenues.filter(groupe__isnull=False, groupe__esms=ici)
        return Q(Exists(tenues.filter(esms=ici))) | Q(Exists(par_groupe))

    def par_esms(self, esms: Iterable[int]) -> dict[int, list["Affectation"]]:
        """Par clé d'ESMS, les affectations qui le couvrent : sur lui d'abord, puis par ses groupes ; deux requêtes."""
        rendu: dict[int, list[Affectation]] = {cle: [] for cle in esms}
        tenues: Any = self.filter(Q(esms__in=rendu) | Q(groupe__esms__in=rendu)).distinct()
        lignes: list[Affectation] = list(tenues)
        groupes = {a.groupe_id for a in lignes if a.groupe_id}
        membres: dict[int, list[int]] = {}
        for groupe, cle in Groupe.esms.through.objects.filter(groupe__in=groupes).values_list("groupe", "esms"):
            membres.setdefault(groupe, []).append(cle)
        for a in sorted(lignes, key=lambda a: a.groupe_id is not None):
            for cle in membres.get(a.groupe_id or 0, [a.esms_id or 0]):
                if cle in rendu:
                    rendu[cle].append(a)
        return rendu

    def chercher(self, texte: str) -> "AffectationQuerySet":
        """Affectations dont la personne ou ce qu'elle couvre portent tous les mots."""
        q = Q()
        for mot in normaliser(texte).split():
            personne = Q(utilisateur__nom__icontains=mot) | Q(utilisateur__identifiant__icontains=mot)
            cible = Q(esms__recherche__contains=mot) | Q(og__recherche__contains=mot) | Q(grappe__tri__contains=mot)
            q &= personne | cible | Q(groupe__nom__icontains=mot) | Q(region__nom__icontains=mot)
        return self.filter(q)

    def visibles_par(self, utilisateur: Any) -> "AffectationQuerySet":
        """L'administrateur voit tout ; chacun voit les siennes et celles de ce qu'il conduit ou dirige."""
        p = utilisateur.perimetre
        if p.tient(Role.ADMIN):
            return self
        grappes = [a.cible for a in p.affectes if a.role == Role.CHEF_PROJET and a.portee == Portee.GRAPPE]
        ogs = [a.cible for a in p.affectes if a.role == Role.SIEGE and a.portee == Portee.OG]
        diriges = {a.cible for a in p.affectes if a.role == Role.DIRECTEUR and a.portee == Portee.ESMS}
        groupes = [a.cible for a in p.affectes if a.role == Role.DIRECTEUR and a.portee == Portee.GROUPE]
        diriges = diriges.union(*(p.esms_des_groupes.get(g, frozenset()) for g in groupes))
        # Un ESMS sorti ne donne plus rien à voir : la grappe n'a plus rien à y conduire.
        engages = apps.get_model("programme", "Parcours").objects.filter(grappe__in=grappes)
        conduits = Esms.objects.filter(pk__in=engages.exclude(etat=EtatParcours.SORTI).values("esms"))
        # Par clés, sans jointure : un groupe de quatre ESMS ne rend pas quatre fois la même ligne.
        groupes_conduits = Groupe.objects.filter(esms__in=conduits)
        return self.filter(
            Q(utilisateur=utilisateur)
            | Q(grappe__in=grappes)
            | Q(og__in=ogs)
            | Q(groupe__in=groupes)
            | Q(groupe__og__in=ogs)
            | Q(esms__in=diriges)
            | Q(esms__og__in=ogs)
            | Q(esms__in=conduits)
            | Q(groupe__in=groupes_conduits)
        )


class Affectation(models.Model):
    """Un compte tient un rôle sur une étendue, du… au…"""

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="affectations")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    titre = models.CharField("titre", max_length=12, choices=Titre.choices, default=Titre.TITULAIRE)
    portee = models.CharField("portée", max_length=10, choices=Portee.choices)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="région")
    grappe = models.ForeignKey("programme.Grappe", models.PROTECT, null=True, blank=True, related_name="affectations")
    og = models.ForeignKey(
        OrganismeGestionnaire, models.PROTECT, null=True, blank=True, related_name="affectations", verbose_name="OG"
    )
    groupe = models.ForeignKey(Groupe, models.PROTECT, null=True, blank=True, related_name="affectations")
    esms = models.ForeignKey(Esms, models.PROTECT, null=True, blank=True, related_name="affectations")
    du = models.DateField("du")
    au = models.DateField("au", null=True, blank=True)
    motif = TexteLibreField("motif", max_length=300)
    delegue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    confie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="affectations_confiees",
        verbose_name="confié par",
    )

    objects = AffectationQuerySet.as_manager()
    history = HistoricalRecords()

    traitable: bool
    a_qui: str
    """Ce qu'un lecteur peut en faire, ou à qui s'adresser : posés par `passation.lignes_de`."""

    class Meta:
        verbose_name = "affectation"
        ordering = ["-du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(portee=Portee.NATIONAL, **{f"{n}__isnull": True for n in _CIBLES})
                | _cible_seule("region")
                | _cible_seule("grappe")
                | _cible_seule("og")
                | _cible_seule("groupe")
                | _cible_seule("esms"),
                name="affectation_une_cible",
            ),
            models.CheckConstraint(condition=Q(au__isnull=True) | Q(au__gte=models.F("du")), name="affectation_dates"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="affectation_role_connu"),
            models.CheckConstraint(
                condition=~Q(titre=Titre.DELEGATION) | Q(au__isnull=False), name="delegation_avec_une_fin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.cible or 'national'}"

    @property
    def cible(self) -> Any:
        """Objet couvert ; None au national."""
        return getattr(self, self.portee) if self.portee != Portee.NATIONAL else None


class Invitation(models.Model):
    """Lien d'ouverture de compte : gardé haché, daté, à usage unique."""

    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True)
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations_faites")
    creee_le = models.DateTimeField("créée le", auto_now_add=True)
    expire_le = models.DateTimeField("expire le")
    utilisee_le = models.DateTimeField("utilisée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"

    def __str__(self) -> str:
        return f"invitation de {self.utilisateur}"
