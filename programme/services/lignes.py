"""Les lignes qu'un ESMS dit de lui-même : document, application, besoin, personne ressource, temps d'un métier,
données à reprendre, conflit de calendrier.

Toutes s'ajoutent, se corrigent et se retirent de la même façon ; une ligne de l'état des lieux peut valoir pour tous
les ESMS de l'OG dans la grappe. Un refus (droit, champ, concurrence) lève `Refus` sans rien écrire.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from programme.calculs.temps import resumer
from programme.enums import TempsEcriture
from programme.models import (
    Application,
    Besoin,
    ConflitCalendrier,
    DocumentSi,
    LigneReprise,
    Parcours,
    PersonneRessource,
    TempsMetier,
    Utilisateur,
)
from programme.models.etat_des_lieux import LigneSi
from programme.permissions import peut_repondre_pour_tous, peut_saisir
from programme.services.controles import exiger, signer, valider
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange

Ligne = Application | DocumentSi | Besoin | PersonneRessource | TempsMetier | LigneReprise | ConflitCalendrier

RETIREE = "Cette ligne vient d'être retirée par une autre personne : rien n'est écrit."


def lignes_de(parcours: Parcours, modele: type[Any]) -> QuerySet[Any]:
    """Ce qui est dit pour cet ESMS : ses lignes, et pour l'état des lieux celles de son OG dans la grappe."""
    lignes: Any = modele._default_manager
    if issubclass(modele, LigneSi):
        return lignes.pour(parcours).select_related("og")
    relations = [champ.name for champ in modele._meta.fields if champ.name in ("metier", "module", "commun")]
    lues = lignes.filter(parcours=parcours)
    return lues.select_related(*relations) if relations else lues


def peut_ecrire(utilisateur: Utilisateur, parcours: Parcours, ligne: Ligne | None = None) -> Droit:
    """Écrire une ligne de l'ESMS : qui saisit ; une ligne de tout l'OG : le siège ou le chef de projet."""
    if ligne is not None and ligne.parcours_id is None:
        return peut_repondre_pour_tous(utilisateur, parcours)
    return peut_saisir(utilisateur, parcours)


def _relire(ligne: Any) -> Any:
    relue = type(ligne)._default_manager.select_for_update(of=("self",)).filter(pk=ligne.pk).first()
    if relue is None:
        raise Refus("concurrence", RETIREE)
    return relue


@transaction.atomic
def enregistrer(
    *,
    parcours: Parcours,
    modele: type[Any],
    valeurs: Mapping[str, Any],
    par: Utilisateur,
    ligne: Ligne | None = None,
    vu: int | None = None,
    pour_og: bool = False,
) -> Any:
    """Ajoute une ligne à un ESMS, ou corrige `ligne`. `pour_og` : elle vaut pour tous ceux de l'OG dans la grappe."""
    exiger(peut_ecrire(par, parcours, ligne))
    if pour_og:
        exiger(peut_repondre_pour_tous(par, parcours))
    # Deux saisies sur le même ESMS se suivent : la seconde juge ce que la première a écrit.
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    if ligne is not None:
        ligne = _relire(ligne)
        exiger_inchange(modele.history.filter(id=ligne.pk), vu, valeurs.keys())
    ecrite: Any = ligne or _neuve(parcours, modele, pour_og)
    for nom, valeur in valeurs.items():
        setattr(ecrite, nom, valeur)
    valider(ecrite)
    signer(ecrite, par)
    ecrite.save()
    _apres(parcours, modele, par)
    return ecrite


def _neuve(parcours: Parcours, modele: type[Any], pour_og: bool) -> Any:
    if not issubclass(modele, LigneSi):
        return modele(parcours=parcours)
    if not pour_og:
        return modele(parcours=parcours, grappe=parcours.grappe)
    if parcours.esms.og is None:
        raise Refus("champ", "Cet ESMS n'a pas d'organisme gestionnaire : écrivez la ligne pour lui seul.")
    return modele(grappe=parcours.grappe, og=parcours.esms.og)


@transaction.atomic
def retirer(*, parcours: Parcours, ligne: Ligne, par: Utilisateur) -> None:
    """Retire une ligne ; son histoire reste. Lève `Refus` (droit, concurrence)."""
    exiger(peut_ecrire(par, parcours, ligne))
    relue = _relire(ligne)
    signer(relue, par)
    relue.delete()
    _apres(parcours, type(ligne), par)


def _apres(parcours: Parcours, modele: type[Any], par: Utilisateur) -> None:
    """Le temps dit métier par métier fait la réponse de l'ESMS : une seule vérité, celle du détail."""
    if modele is not TempsMetier:
        return
    decisions = list(TempsMetier.objects.filter(parcours=parcours).values_list("decision", flat=True))
    resume = TempsEcriture(resumer(decisions)) if decisions else None
    if resume is None or resume == parcours.temps_ecriture:
        return
    parcours.temps_ecriture = resume
    signer(parcours, par)
    parcours.save(update_fields=["temps_ecriture"])
