"""Les séances : en prévoir une ou une série, les déplacer, dire aux membres ce qui change.

Ouvrir, clore, diffuser, rouvrir, annuler passent par la porte ; ce qui suit est dans `suites_de_seance`.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gouvernance.calculs.series import dates_de_serie
from gouvernance.enums import MOIS_PAR_CADENCE, Cadence
from gouvernance.models import Instance, Seance
from gouvernance.permissions import peut_tenir_seance
from gouvernance.services.courriels import ecrire, membres_joignables
from gouvernance.services.reports import reprendre
from programme.models import Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import PREMIERE_DATE
from programme.socle.versions import exiger_inchange

CHAMPS = ("titre", "debut", "duree", "lieu", "lien", "invites")
SERIE_MAX = 12
INSTANCE_CLOSE = "« {} » est close : elle ne tient plus de séance."
PLUS_PREPAREE = "Cette séance n'est plus en préparation : sa date et son lieu ne changent plus."
A_LA_DEMANDE = "« {} » se réunit à la demande : prévoyez une séance à la fois, ou donnez-lui une cadence."
TROP_ANCIENNE = "Cette date est trop ancienne : pas avant le {:%d/%m/%Y}."
NOMBRE = "Une série compte entre 1 et 12 séances."


@dataclass(frozen=True, slots=True)
class Modifiee:
    """Une séance corrigée ; `prevenus` : membres à qui l'on écrit qu'elle a bougé."""

    seance: Seance
    deplacee: bool
    prevenus: int

    def __str__(self) -> str:
        return str(self.seance)


def _champ(nom: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={nom: [phrase]})


def debuts_de_serie(instance: Instance, debut: datetime, nombre: int) -> list[datetime]:
    """Les débuts d'une série, à la même heure de Paris d'une séance à l'autre. Lève `Refus` (champ)."""
    if not 1 <= nombre <= SERIE_MAX:
        raise _champ("nombre", NOMBRE)
    mois = MOIS_PAR_CADENCE.get(Cadence(instance.cadence), 0)
    if nombre > 1 and not mois:
        raise _champ("nombre", A_LA_DEMANDE.format(instance))
    local = timezone.localtime(debut)
    jours = dates_de_serie(local.date(), mois, nombre)
    heure = local.time().replace(tzinfo=None)
    return [timezone.make_aware(datetime.combine(jour, heure)) for jour in jours]


def _enregistrer(seance: Seance, valeurs: dict[str, Any], par: Utilisateur) -> Seance:
    for nom, valeur in valeurs.items():
        setattr(seance, nom, valeur)
    if timezone.localdate(seance.debut) < PREMIERE_DATE:
        raise _champ("date", TROP_ANCIENNE.format(PREMIERE_DATE))
    valider(seance)
    signer(seance, par)
    seance.save()
    return seance


@transaction.atomic
def creer_seances(
    *, instance: Instance, debut: datetime, par: Utilisateur, nombre: int = 1, **valeurs: Any
) -> list[Seance]:
    """Prévoit une séance, ou `nombre` séances à la cadence de l'instance (`valeurs` : de `CHAMPS`, hors `debut`).

    La première reprend ce qui restait à traiter. Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_tenir_seance(par, instance))
    if instance.close_le:
        raise Refus("etat", INSTANCE_CLOSE.format(instance))
    debuts = debuts_de_serie(instance, debut, nombre)
    serie = uuid.uuid4() if nombre > 1 else None
    prevues = [
        _enregistrer(Seance(comite=instance, serie=serie, creee_par=par), {"debut": quand} | valeurs, par)
        for quand in debuts
    ]
    reprendre(prevues[0], par=par)
    return prevues


@transaction.atomic
def modifier_seance(*, seance: Seance, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Modifiee:
    """Corrige une séance en préparation (`valeurs` : de `CHAMPS`) ; déplacée, ses membres l'apprennent par courriel.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_seance(par, seance))
    relue = Seance.objects.select_for_update(of=("self",)).pour_lecture().get(pk=seance.pk)
    if not relue.se_prepare:
        raise Refus("etat", PLUS_PREPAREE)
    exiger_inchange(Seance.history.filter(id=relue.pk), vu, valeurs.keys())
    avant = relue.debut
    deplacee = valeurs.get("debut", avant) != avant
    relue.sequence += deplacee
    _enregistrer(relue, valeurs, par)
    prevenus = _dire_le_deplacement(relue, avant) if deplacee else 0
    return Modifiee(relue, deplacee, prevenus)


def _dire_le_deplacement(seance: Seance, avant: datetime) -> int:
    """Combien de membres l'apprendront ; rien pour une séance passée, qu'on ne fait que dater."""
    if max(seance.debut, avant) < timezone.now():
        return 0
    comptes = membres_joignables(seance.comite, timezone.localdate())
    objet = f"Treille : séance déplacée, {seance.comite}"
    transaction.on_commit(lambda: ecrire(objet, "mails/seance_deplacee.txt", seance, comptes, avant=avant))
    return len(comptes)


def dire_l_annulation(seance: Seance, *, passage: Passage) -> None:
    """Les membres d'une séance à venir apprennent qu'elle ne se tiendra pas ; rejouée à une date passée, à personne."""
    if seance.debut < timezone.now() or passage.date_effet != timezone.localdate():
        return
    comptes = membres_joignables(seance.comite, timezone.localdate())
    objet = f"Treille : séance annulée, {seance.comite}"
    transaction.on_commit(lambda: ecrire(objet, "mails/seance_annulee.txt", seance, comptes))
