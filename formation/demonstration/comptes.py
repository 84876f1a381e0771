"""Les comptes qu'un éditeur inventé a signalés : presque tous, avec les écarts qu'on trouve partout."""

from datetime import date, timedelta

from django.utils.text import slugify

from formation.models import CompteDui, Poste
from programme.models import Parcours


def signaler(parcours: Parcours, aujourdhui: date) -> None:
    """Un compte par personne, sauf une ; ceux d'une personne partie, d'un inconnu et d'un poste partagé en plus."""
    postes = list(Poste.objects.filter(parcours=parcours, est_renfort=False).select_related("professionnel"))
    if not postes:
        return
    partis = [p for p in postes if p.fin and p.fin < aujourdhui]
    presents = [p for p in postes if not p.fin or p.fin >= aujourdhui]
    signale = aujourdhui - timedelta(days=2)
    lignes = [
        CompteDui(
            parcours=parcours,
            identifiant=_identifiant(poste.professionnel.nom, rang),
            professionnel=poste.professionnel,
            profil_signale="Équipe",
            cree_le=poste.debut + timedelta(days=6 if poste.debut > aujourdhui - timedelta(days=90) else 0),
            derniere_connexion=signale - timedelta(days=rang % 9),
            signale_le=signale,
        )
        for rang, poste in enumerate([*presents[:-1], *partis[:1]])
    ]
    lignes += [
        CompteDui(parcours=parcours, identifiant="veille-batiment-a", est_partage=True, signale_le=signale),
        CompteDui(parcours=parcours, identifiant="stagiaire2", signale_le=signale),
    ]
    CompteDui.objects.bulk_create(lignes)


def _identifiant(nom: str, rang: int) -> str:
    return f"{slugify(nom)}{rang}"
