"""De quoi poser un relevé et ses cases, et vérifier que les totaux gardés disent ce que disent les relevés."""

from decimal import Decimal
from typing import Any

from programme.models import Parcours, Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.fabriques import IndicateurFactory, SuiviFactory, releve_de
from usages.enums import Denominateur, Forme, Origine
from usages.models import CumulIndicateur, Indicateur, Releve, Valeur

_CLES = ("maille", "territoire", "cadence", "debut", "indicateur", "cle", "secteur", "taille")
_COMPTES = ("nb_attendus", "nb_repondants", "nb_non_mesurables", "nb_non_concernes", "numerateur", "denominateur")


def direction(parcours: Parcours) -> Utilisateur:
    """Une directrice de cet ESMS."""
    return affecter("directeur", parcours.esms)


def avancer(parcours: Parcours, vers: str, **dates: Any) -> Parcours:
    """Cet ESMS, à cet état : situation constatée."""
    changer_etat(parcours, "constater", par=direction(parcours), vers=vers, **dates)
    return parcours


def presents(**champs: Any) -> Indicateur:
    """Les personnes présentes : le nombre que d'autres partagent."""
    voulu = {
        "libelle": "Personnes présentes à la date du relevé",
        "forme": Forme.COMPTE,
        "numerateur": "Personnes présentes",
        "denominateur": "",
        "population": Denominateur.AUCUN,
        "plafonne": False,
        "sens": "neutre",
    }
    return IndicateurFactory(**voulu | champs)


def calcule(**champs: Any) -> Indicateur:
    """Un compte que Treille calcule."""
    voulu = {
        "forme": Forme.COMPTE,
        "origine": Origine.CALCULE,
        "calcul": "essai",
        "denominateur": "",
        "plafonne": False,
    }
    return IndicateurFactory(**voulu | champs)


def relever(*indicateurs: Indicateur, parcours: Parcours | None = None, recul: int = 1) -> Releve:
    """Le relevé d'il y a `recul` mois, une case vide par indicateur, attendu par les totaux."""
    releve = releve_de(parcours or ParcoursFactory(), recul)
    for indicateur in indicateurs:
        if not releve.grappe.suivis.filter(indicateur=indicateur).exists():
            SuiviFactory(grappe=releve.grappe, indicateur=indicateur)
        Valeur.objects.create(releve=releve, indicateur=indicateur)
    CumulIndicateur.objects.porter_attendus(Valeur.objects.filter(releve=releve), 1)
    return releve


def case(releve: Releve, indicateur: Indicateur, cle: str = "") -> Valeur:
    """La case, relue."""
    return Valeur.objects.get(releve=releve, indicateur=indicateur, cle=cle)


def paire(valeur: Valeur) -> tuple[Decimal | None, Decimal | None]:
    return valeur.numerateur, valeur.denominateur


def _totaux() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    lus = CumulIndicateur.objects.order_by().values_list(*_CLES, *_COMPTES)
    lignes = {ligne[: len(_CLES)]: ligne[len(_CLES) :] for ligne in lus}
    return {cle: comptes for cle, comptes in lignes.items() if any(comptes)}


def exiger_totaux_justes() -> None:
    """Les totaux entretenus à mesure disent ce que dirait tout refaire."""
    entretenus = _totaux()
    CumulIndicateur.objects.refaire()
    assert entretenus == _totaux()
