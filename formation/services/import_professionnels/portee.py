"""Ce qu'un compte gère dans un organisme : les seuls ESMS où son fichier peut écrire."""

from dataclasses import dataclass
from functools import cached_property

from formation.models.communs import parcours_geres
from programme.models import Metier, OrganismeGestionnaire, Parcours, Unite, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

SANS_ESMS = "« {} » ne gère aucun ESMS de « {} » : dites qui importe avec --par."


@dataclass
class Portee:
    """Les ESMS de l'organisme que ce compte gère : FINESS → parcours.

    `doubles` : ceux qui sont dans deux grappes à la fois ; leur page dit laquelle, le fichier non.
    """

    og: OrganismeGestionnaire
    par: Utilisateur
    parcours: dict[str, Parcours]
    doubles: frozenset[str] = frozenset()

    @cached_property
    def metiers(self) -> dict[str, Metier]:
        """Code → métier."""
        return {m.code: m for m in Metier.objects.all()}

    @cached_property
    def unites(self) -> dict[int, dict[str, Unite]]:
        """Parcours → nom normalisé → unité."""
        rendu: dict[int, dict[str, Unite]] = {p.pk: {} for p in self.parcours.values()}
        for unite in Unite.objects.filter(parcours__in=rendu):
            rendu[unite.parcours_id][normaliser(unite.nom)] = unite
        return rendu


def parcours_de(og: OrganismeGestionnaire, par: Utilisateur) -> list[Parcours]:
    """Les parcours de l'organisme dont ce compte gère l'ESMS, encore dans le projet."""
    geres = parcours_geres(par).dans_le_projet().filter(esms__og=og)
    return list(geres.select_related("esms", "grappe").order_by("esms__tri", "pk"))


def lire_portee(og: OrganismeGestionnaire, *, par: Utilisateur, depuis: int | None = None) -> Portee:
    """`depuis` : le parcours d'où l'on importe, qui tranche si son ESMS est dans deux grappes."""
    retenus: dict[str, Parcours] = {}
    doubles: set[str] = set()
    for parcours in parcours_de(og, par):
        finess = parcours.esms.finess
        if finess in retenus and depuis not in (retenus[finess].pk, parcours.pk):
            doubles.add(finess)
        if finess not in retenus or parcours.pk == depuis:
            retenus[finess] = parcours
    return Portee(og, par, {f: p for f, p in retenus.items() if f not in doubles}, frozenset(doubles))


def exiger_portee(correspondance: Correspondance, par: Utilisateur) -> Portee:
    """Ce que ce compte gère dans l'organisme de la correspondance. Lève `Refus` s'il n'y gère rien."""
    assert correspondance.og is not None  # une correspondance d'organisme
    portee = lire_portee(correspondance.og, par=par)
    if not portee.parcours or not par.is_active:
        raise Refus("droit", SANS_ESMS.format(par.identifiant, correspondance.og))
    return portee
