"""Les partages avec le financeur : ce qui est ouvert, à qui, jusqu'à quand ; ouvrir, fermer (metier §1).

Un partage ne s'efface pas : ouvert, fini ou fermé, il garde qui et quand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from programme.enums import EtatGrappe, Portee, Role
from programme.models import Affectation, Grappe, Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from risques.enums import ObjetPartage
from risques.models import AnalyseLocale, PartageRisques, Risque
from risques.permissions import peut_partager

SE_TERMINE = 14
"""Jours avant la fin où l'on rappelle qu'un partage se termine."""
DEJA = "Ce partage est déjà ouvert, jusqu'au {} : fermez-le d'abord pour en changer la fin."
DEJA_SANS_FIN = "Ce partage est déjà ouvert, sans fin : fermez-le d'abord pour lui en donner une."
FINI = "Ce partage ne court plus : le financeur ne lit plus rien par lui."
PASSEE = "Un partage finit aujourd'hui au plus tôt : donnez une date à venir, ou aucune."

Cible = Parcours | Grappe


@dataclass(frozen=True, slots=True)
class Promesse:
    """Ce qu'un partage ouvre : ce que le financeur lira aujourd'hui, ce qu'il ne lira jamais."""

    objet: ObjetPartage
    lira: tuple[str, ...]
    ne_lira_pas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tenus:
    """Les partages d'un ESMS ou d'une grappe : ceux qui courent, et ceux qui ont couru."""

    ouverts: tuple[PartageRisques, ...]
    passes: tuple[PartageRisques, ...]


def de_cible(cible: Cible) -> dict[str, Cible | None]:
    """Le critère qui désigne un ESMS, ou toute une grappe."""
    if isinstance(cible, Parcours):
        return {"grappe": cible.grappe, "parcours": cible}
    return {"grappe": cible, "parcours": None}


def _refus(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


@transaction.atomic
def ouvrir(*, cible: Cible, objet: str, pourquoi: str, par: Utilisateur, au: date | None = None) -> PartageRisques:
    """Ouvre au financeur une part de ce qu'on évalue, d'aujourd'hui à `au` (None : sans fin dite).

    Lève `Refus` (droit, champ).
    """
    exiger(peut_partager(par, cible))
    jour = timezone.localdate()
    if au is not None and au < jour:
        raise _refus("au", PASSEE)
    # Sous le verrou de ce qu'on ouvre : deux personnes n'ouvrent pas deux fois la même chose.
    type(cible)._base_manager.select_for_update(of=("self",)).get(pk=cible.pk)
    critere = {nom: valeur for nom, valeur in de_cible(cible).items() if valeur is not None}
    siens = PartageRisques.objects.en_vigueur().filter(**critere, parcours__isnull=isinstance(cible, Grappe))
    if deja := siens.filter(objet=objet).first():
        raise _refus("objet", DEJA.format(date_courte(deja.au)) if deja.au else DEJA_SANS_FIN)
    partage = PartageRisques(**de_cible(cible), objet=objet, du=jour, au=au, pourquoi=pourquoi, ouvert_par=par)
    valider(partage)
    partage.save()
    return partage


@transaction.atomic
def fermer(*, partage: PartageRisques, par: Utilisateur) -> PartageRisques:
    """Le ferme à l'instant : le financeur ne lit plus rien par lui. Lève `Refus` (droit, etat)."""
    exiger(peut_partager(par, partage))
    relu = PartageRisques.objects.select_for_update(of=("self",)).select_related("revoque_par").get(pk=partage.pk)
    if relu.revoque_le is not None:
        le = date_courte(timezone.localdate(relu.revoque_le))
        raise Refus("etat", f"Ce partage est déjà fermé, par {relu.revoque_par}, le {le}.")
    if not relu.est_en_vigueur:
        raise Refus("etat", FINI)
    relu.revoque_le, relu.revoque_par = timezone.now(), par
    relu.save(update_fields=["revoque_le", "revoque_par"])
    return relu


# --- lire ----------------------------------------------------------------------------------------------------------


def tenus(cible: Cible, par: Utilisateur) -> Tenus:
    """Tout ce qui a été ouvert pour cette cible, que ce lecteur voit, du plus récent au plus ancien."""
    vus = PartageRisques.objects.visibles_par(par).filter(
        grappe=cible if isinstance(cible, Grappe) else cible.grappe_id,
        parcours=cible if isinstance(cible, Parcours) else None,
    )
    return ranger(vus)


def des_esms(grappe: Grappe, par: Utilisateur) -> Tenus:
    """Ce qu'ont ouvert les ESMS de la grappe que ce lecteur voit."""
    return ranger(PartageRisques.objects.visibles_par(par).filter(grappe=grappe, parcours__isnull=False))


def ranger(partages: Iterable[PartageRisques]) -> Tenus:
    """Range des partages : ceux qui courent ce jour, les autres."""
    if hasattr(partages, "select_related"):
        partages = partages.select_related("parcours__esms", "grappe", "ouvert_par", "revoque_par")
    lus = list(partages)
    return Tenus(
        tuple(p for p in lus if p.est_en_vigueur),
        tuple(p for p in lus if not p.est_en_vigueur),
    )


def financeurs_de(cible: Cible, au: date) -> list[str]:
    """Qui lit par un partage de cette cible : les financeurs qui la voient, nommés avec leur étendue."""
    grappe = cible.grappe if isinstance(cible, Parcours) else cible
    if _se_prepare(grappe):
        return []
    regions = _regions_de(cible)
    etendues = Q(portee=Portee.NATIONAL) | Q(grappe=grappe) | Q(region__in=regions)
    tenues = Affectation.objects.en_cours(au).filter(etendues, role=Role.ARS).select_related("utilisateur", "region")
    noms = {f"{a.utilisateur.nom} ({a.cible or 'national'})": None for a in tenues.order_by("utilisateur__nom", "pk")}
    return list(noms)


def _regions_de(cible: Cible) -> set[str]:
    """La région d'un ESMS ; celles d'une grappe, et de chacun de ses ESMS."""
    if isinstance(cible, Parcours):
        departement = cible.esms.departement
        return {departement.region_id} if departement and departement.region_id else set()
    siennes = Parcours.objects.filter(grappe=cible).order_by().values_list("esms__departement__region", flat=True)
    return {region for region in [*siennes.distinct(), cible.region_id] if region}


def _se_prepare(grappe: Grappe) -> bool:
    """Vrai si le dossier n'est pas déposé : un financeur n'en voit encore rien."""
    suspendue = grappe.etat == EtatGrappe.SUSPENDUE and grappe.etat_suspendu == EtatGrappe.MONTAGE
    return grappe.etat == EtatGrappe.MONTAGE or suspendue


_JAMAIS = (
    "la réponse d'une personne à une question, ni qui a répondu quoi",
    "ce qui n'est pas transmis : une analyse en cours, une grille pas encore rendue",
    "qui suit un risque, ce qu'on en précise ; les actions, les suites données ou écartées",
)


def promesses(cible: Cible) -> list[Promesse]:
    """Ce que chaque partage ouvrirait aujourd'hui, objet par objet."""
    d_esms = isinstance(cible, Parcours)
    ou = "de cet ESMS" if d_esms else "de la grappe (ceux de chaque ESMS restent fermés, sauf si l'ESMS les ouvre)"
    risques = [*_analyse(cible), _registre(cible), f"les résultats des questionnaires de risques {ou}"]
    return [
        Promesse(ObjetPartage.RISQUES, tuple(risques), _JAMAIS),
        Promesse(ObjetPartage.PREDIAGNOSTIC, (f"les résultats du pré-diagnostic du changement {ou}",), _JAMAIS),
        Promesse(ObjetPartage.LEVIERS, (f"les résultats des leviers et griefs {ou}",), _JAMAIS),
    ]


def _analyse(cible: Cible) -> list[str]:
    if not isinstance(cible, Parcours):
        return []
    analyse = AnalyseLocale.objects.filter(parcours=cible).first()
    if analyse is None or analyse.transmise_le is None:
        return ["l'analyse locale, une fois transmise : ses six lignes"]
    # Rouverte, elle se referme au financeur : il la relira retransmise (AnalyseLocaleQuerySet.visibles_par).
    quand = "rouverte : ses six lignes, une fois retransmises"
    if not analyse.est_a_remplir:
        quand = f"transmise le {date_courte(analyse.transmise_le)} : ses six lignes"
    return [f"l'analyse locale, {quand}"]


def _registre(cible: Cible) -> str:
    siens = {"parcours": cible} if isinstance(cible, Parcours) else {"grappe": cible, "parcours__isnull": True}
    nb = Risque.objects.filter(**siens).count()
    return f"le registre des risques, clos compris, et ce qui s'y ajoutera : {accorde(nb, 'risque')} aujourd'hui"


def qui_finissent(tenus: Q, au: date) -> list[PartageRisques]:
    """De ceux-là, ceux qui courent encore et finissent dans les deux semaines, le plus proche d'abord. Une requête."""
    proches = PartageRisques.objects.filter(tenus, revoque_le=None, au__range=(au, au + timedelta(days=SE_TERMINE)))
    return list(proches.select_related("parcours__esms", "grappe").order_by("au", "pk"))


def ouvert_de(parcours: Parcours) -> PartageRisques | None:
    """Le partage qui ouvre aujourd'hui les risques de cet ESMS. Une requête."""
    return PartageRisques.objects.en_vigueur().filter(parcours=parcours, objet=ObjetPartage.RISQUES).first()


def promesse_de(parcours: Parcours) -> Promesse:
    """Ce qu'ouvre le partage des risques de cet ESMS, dit dans les mêmes mots à qui l'ouvre et à qui le lit."""
    return next(p for p in promesses(parcours) if p.objet == ObjetPartage.RISQUES)
