"""L'annonce du projet aux équipes, en trois temps : l'écrire à plusieurs ; tenue, elle date le fait « annonce »."""

from datetime import date
from typing import Any

from django.db import transaction

from formation.models import Annonce
from formation.permissions import peut_saisir_formation
from programme.enums import NatureFait
from programme.models import Fait, Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.services.parcours import dater_fait, exiger_date_passee
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange, jeton

CHAMPS = ("contexte", "ambition", "demarche", "lieu", "date_prevue", "date_tenue")
DEJA_TENUE = "L'annonce a été tenue le {} : corrigez la date plutôt que de l'effacer."


def annonce_de(parcours: Parcours) -> Annonce | None:
    """L'annonce écrite pour cet ESMS. Une requête."""
    return Annonce.objects.filter(parcours=parcours).first()


def version_de(parcours: Parcours) -> int:
    """Ce qu'un formulaire garde de l'annonce qu'il montrait ; 0 si elle n'était pas écrite."""
    return jeton(Annonce.history.filter(parcours_id=parcours.pk))


def fait_de(parcours: Parcours) -> Fait | None:
    """L'annonce, déjà datée parmi les faits de l'ESMS. Une requête."""
    return Fait.objects.filter(parcours=parcours, nature=NatureFait.ANNONCE).first()


@transaction.atomic
def enregistrer(*, parcours: Parcours, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Annonce:
    """Écrit l'annonce (`valeurs` : de `CHAMPS`) ; une date de tenue neuve date le fait « annonce ».

    Lève `Refus` (droit, champ, concurrence) sans rien écrire.
    """
    exiger(peut_saisir_formation(par, parcours))
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    annonce = annonce_de(parcours) or Annonce(parcours=parcours)
    exiger_inchange(Annonce.history.filter(parcours_id=parcours.pk), vu, valeurs.keys())
    tenue_avant = annonce.date_tenue
    for nom, valeur in valeurs.items():
        setattr(annonce, nom, valeur)
    if tenue_avant and not annonce.date_tenue:
        phrase = DEJA_TENUE.format(date_courte(tenue_avant))
        raise Refus("champ", phrase, champs={"date_tenue": [phrase]})
    if annonce.date_tenue and annonce.date_tenue != tenue_avant:
        exiger_date_passee("date_tenue", annonce.date_tenue)
    valider(annonce)
    annonce.version += 1
    signer(annonce, par)
    annonce.save()
    if annonce.date_tenue and annonce.date_tenue != tenue_avant:
        _dater(annonce, annonce.date_tenue, par)
    return annonce


def _dater(annonce: Annonce, le: date, par: Utilisateur) -> None:
    """Le fait du parcours prend cette date ; ce qu'on y avait noté reste."""
    fait = fait_de(annonce.parcours)
    if fait and fait.date == le:
        return
    dater_fait(
        parcours=[annonce.parcours],
        nature=NatureFait.ANNONCE,
        date=le,
        par=par,
        reference=fait.reference if fait else annonce.lieu,
        note=fait.note if fait else "",
    )
