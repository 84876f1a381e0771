"""Les demandes de paramétrage : les écrire, les corriger. Leur état passe par la porte."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.enums import EtatParcours
from programme.models import DemandeParametrage, Module, Parcours, Utilisateur
from programme.permissions import peut_demander
from programme.services.controles import exiger, signer, valider
from programme.services.ensembles import esms_par_grappe
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.versions import exiger_inchange

CHAMPS = ("libelle", "module", "demandee_par", "ouverte_le", "precision")
CLOSE = "Cette demande est close : rouvrez-la d'abord."
SORTI = "Cet ESMS est sorti du projet : réintégrez-le avant d'y écrire une demande."
A_VENIR = "Une demande ne s'ouvre pas dans l'avenir : donnez le jour où l'équipe l'a faite."
APRES_SA_SUITE = "Une suite lui a déjà été donnée le {:%d/%m/%Y} : elle ne peut pas s'être ouverte après."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def esms_ou_demander(par: Utilisateur) -> list[tuple[str, list[tuple[str, str]]]]:
    """Par grappe, les ESMS pour qui ce compte peut écrire une demande : groupes de (clé, nom)."""
    groupes = esms_par_grappe(par, peut_demander)
    return [(f"Grappe {nom}", [(str(cle), esms) for cle, esms in lignes]) for nom, lignes in groupes.items()]


def _enregistrer(demande: DemandeParametrage, valeurs: dict[str, Any], par: Utilisateur) -> DemandeParametrage:
    for nom, valeur in valeurs.items():
        setattr(demande, nom, valeur)
    if demande.ouverte_le and demande.ouverte_le > timezone.localdate():
        raise _refuser("ouverte_le", A_VENIR)
    valider(demande)
    signer(demande, par)
    demande.save()
    return demande


@transaction.atomic
def demander(
    *,
    parcours: Parcours,
    libelle: str,
    par: Utilisateur,
    module: Module | None = None,
    demandee_par: str = "",
    precision: str = "",
    ouverte_le: date | None = None,
) -> DemandeParametrage:
    """Écrit une demande pour un ESMS, à quelque état qu'il soit, sauf sorti. Lève `Refus` (droit, champ)."""
    exiger(peut_demander(par, parcours))
    if parcours.etat == EtatParcours.SORTI:
        raise _refuser("parcours", SORTI)
    jour = ouverte_le or timezone.localdate()
    valeurs = dict(zip(CHAMPS, (libelle, module, demandee_par, jour, precision), strict=True))
    return _enregistrer(DemandeParametrage(parcours=parcours, creee_par=par), valeurs, par)


@transaction.atomic
def corriger(
    *, demande: DemandeParametrage, par: Utilisateur, vu: int | None = None, **valeurs: Any
) -> DemandeParametrage:
    """Corrige une demande ouverte (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, etat, champ, concurrence)."""
    exiger(peut_demander(par, demande))
    relue = DemandeParametrage.objects.select_for_update(of=("self",)).pour_lecture().get(pk=demande.pk)
    if not relue.est_ouverte:
        raise Refus("etat", CLOSE)
    exiger_inchange(DemandeParametrage.history.filter(id=demande.pk), vu, valeurs.keys())
    premier = Passage.objects.de(relue).first()
    if premier and valeurs.get("ouverte_le") and valeurs["ouverte_le"] > premier.date_effet:
        raise _refuser("ouverte_le", APRES_SA_SUITE.format(premier.date_effet))
    return _enregistrer(relue, valeurs, par)
