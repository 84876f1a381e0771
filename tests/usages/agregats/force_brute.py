"""La vérité, sans SQL : les totaux recomptés chiffre par chiffre, en décimaux exacts."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from usages.enums import Absence, EtatReleve, Forme, Maille
from usages.models import CumulIndicateur, Valeur

Comptes = tuple[int, int, int, int, Decimal, Decimal]
COMPTES = ("nb_attendus", "nb_repondants", "nb_non_mesurables", "nb_non_concernes", "numerateur", "denominateur")
CLES = ("maille", "territoire", "debut", "cadence", "secteur", "taille", "indicateur_id", "cle")
RIEN: Comptes = (0, 0, 0, 0, Decimal(0), Decimal(0))


def est_une_reponse(valeur: Valeur) -> bool:
    """Un nombre ; et ce à quoi on le rapporte, si l'indicateur est un rapport ou une durée."""
    rapporte = valeur.indicateur.forme in (Forme.RAPPORT, Forme.DUREE) and not valeur.cle
    return valeur.numerateur is not None and not (rapporte and valeur.denominateur is None)


def _comptes(valeur: Valeur) -> Comptes:
    transmis = valeur.releve.etat != EtatReleve.SAISI
    oui = transmis and est_une_reponse(valeur)
    return (
        int(not valeur.cle),
        int(oui),
        int(transmis and valeur.motif == Absence.NON_MESURABLE),
        int(transmis and valeur.motif == Absence.NON_CONCERNE),
        valeur.numerateur or Decimal(0) if oui else Decimal(0),
        valeur.denominateur or Decimal(0) if oui else Decimal(0),
    )


def recompter() -> dict[tuple[Any, ...], Comptes]:
    """Tous les totaux, par clé ; sans ceux où il n'y a rien."""
    rendu: dict[tuple[Any, ...], Comptes] = defaultdict(lambda: RIEN)
    for valeur in Valeur.objects.select_related("releve", "indicateur"):
        releve = valeur.releve
        lieux = [(Maille.NATIONAL, "")] + [
            (maille, str(cle))
            for maille, cle in (
                (Maille.GRAPPE, releve.grappe_id),
                (Maille.OG, releve.og_id),
                (Maille.REGION, releve.region_id),
            )
            if cle is not None
        ]
        for maille, lieu in lieux:
            cle = (maille.value, lieu, releve.debut, releve.cadence, releve.secteur, releve.taille)
            cle += (valeur.indicateur_id, valeur.cle)
            rendu[cle] = tuple(a + b for a, b in zip(rendu[cle], _comptes(valeur), strict=True))  # type: ignore[assignment]
    return {cle: comptes for cle, comptes in rendu.items() if any(comptes)}


def gardes() -> dict[tuple[Any, ...], Comptes]:
    """Les totaux gardés, tels qu'on les lit ; sans les lignes à zéro."""
    lignes = CumulIndicateur.objects.order_by().values_list(*CLES, *COMPTES)
    return {ligne[:8]: ligne[8:] for ligne in lignes if any(ligne[8:])}
