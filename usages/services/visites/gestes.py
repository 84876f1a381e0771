"""Proposer une visite, corriger ce qu'on en dit. Son état passe par la porte."""

from django.db import transaction

from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.enums import EtatEtude
from usages.models import Etude, Visite
from usages.models.visites import hors_du_projet
from usages.permissions import peut_conduire_l_etude, peut_ecrire_dans_l_etude
from usages.permissions.etudes import ETUDE_CLOSE
from usages.services.retours.croisements import exiger_meme
from usages.services.visites.choix import de_l_entonnoir, deja_visites

CHAMPS = ("objet", "contraste")
FERMEE = "On ne propose pas cette visite : {}. Choisissez un autre ESMS."
DEJA = "Cet ESMS a déjà une visite dans cette étude : ouvrez-la, ou choisissez-en un autre."
HORS_DE_VUE = "Cet ESMS n'est ni retenu par l'entonnoir, ni dans votre périmètre : choisissez dans la liste."
SANS_OBJET = "Dites ce que vous venez voir, et ce que vous en ferez : c'est ce que lira la direction."
FINIE = "Cette visite est refusée ou annulée : son programme ne change plus."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def exiger_preparable(visite: Visite) -> None:
    """Lève `Refus("etat")` si la visite n'aura pas lieu."""
    if not visite.se_prepare:
        raise Refus("etat", FINIE)


@transaction.atomic
def proposer_visite(*, etude: Etude, parcours: Parcours, objet: str, par: Utilisateur, contraste: str = "") -> Visite:
    """Propose une visite à un ESMS retenu par l'entonnoir, ou qu'on voit. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_conduire_l_etude(par, etude))
    relue = Etude.objects.select_for_update(of=("self",)).get(pk=etude.pk)
    if relue.etat == EtatEtude.CLOSE:
        raise Refus("etat", ETUDE_CLOSE)
    _exiger_recevable(etude, parcours, par)
    if not objet.strip():
        raise _refuser("objet", SANS_OBJET)
    visite = Visite(etude=etude, parcours=parcours, objet=objet, contraste=contraste, proposee_par=par)
    valider(visite, exclure=("etude", "parcours"))
    visite.save()
    return visite


def _exiger_recevable(etude: Etude, parcours: Parcours, par: Utilisateur) -> None:
    if raison := hors_du_projet(parcours):
        raise _refuser("parcours", FERMEE.format(raison))
    if parcours.pk in deja_visites(etude):
        raise _refuser("parcours", DEJA)
    vu = Parcours.objects.visibles_par(par).filter(pk=parcours.pk).exists()
    if not vu and parcours.pk not in {p.pk for p in de_l_entonnoir(etude)}:
        raise _refuser("parcours", HORS_DE_VUE)


@transaction.atomic
def modifier_visite(*, visite: Visite, objet: str, contraste: str, par: Utilisateur, vu: str | None = None) -> Visite:
    """Corrige ce qu'on en dit, tant qu'elle peut avoir lieu. Lève `Refus` (droit, etat, champ, concurrence)."""
    relue = Visite.objects.select_for_update(of=("self",)).get(pk=visite.pk)
    exiger(peut_ecrire_dans_l_etude(par, relue))
    exiger_preparable(relue)
    exiger_meme(relue, CHAMPS, vu)
    if not objet.strip():
        raise _refuser("objet", SANS_OBJET)
    relue.objet, relue.contraste = objet, contraste
    valider(relue, exclure=("etude", "parcours"))
    relue.save()
    return relue
