"""Les raisons données : motivées, datées, signées ; personne ne les juge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from formation.calculs.coherence import PORTEE, TOUTE_LA_MATRICE
from formation.enums import MotifType
from formation.models import Matrice, RaisonHabilitation
from formation.models.habilitations import EN_TRAVAIL
from formation.permissions import peut_preparer_matrice
from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus

TOUTES_LES_PORTEES = (PORTEE, TOUTE_LA_MATRICE)
VALIDEE = "Ces droits d'accès sont validés : leurs raisons ne changent plus. Ouvrez une nouvelle version."
PHRASE = "« Autre raison » : dites laquelle, en une phrase."


@dataclass(frozen=True, slots=True)
class RaisonDite:
    """Une raison type, et ce qu'on y ajoute."""

    motif_type: str
    motif: str = ""


@transaction.atomic
def donner_raisons(
    *,
    matrice: Matrice,
    raisons: Mapping[tuple[str, str], RaisonDite],
    par: Utilisateur,
    decidee_le: date | None = None,
) -> int:
    """Enregistre ces raisons ((règle, ce qu'elle vise) → raison) et rend combien ont changé ; tout, ou rien.

    Lève `Refus` (droit, etat, champ : au nom « règle:ce qu'elle vise »).
    """
    exiger(peut_preparer_matrice(par, matrice))
    relue = Matrice.objects.select_for_update(of=("self",)).pour_lecture().get(pk=matrice.pk)
    if relue.etat not in EN_TRAVAIL:
        raise Refus("etat", VALIDEE)
    jour = decidee_le or timezone.localdate()
    if jour > timezone.localdate():
        raise Refus("champ", "date", champs={"decidee_le": ["Une raison se date d'aujourd'hui ou d'un jour passé."]})
    attendues = {(m.regle, m.cle) for m in relue.a_expliquer()} | {TOUTES_LES_PORTEES}
    connues = {(r.regle, r.cle): r for r in relue.raisons.all()}
    changees = []
    for cle, dite in raisons.items():
        if cle not in attendues:
            phrase = "Ce choix n'est plus à expliquer : relisez la page."
            raise Refus("champ", phrase, champs={":".join(cle): [phrase]})
        raison = connues.get(cle) or RaisonHabilitation(matrice=relue, regle=cle[0], cle=cle[1])
        if (raison.motif_type, raison.motif) == (dite.motif_type, dite.motif):
            continue
        if dite.motif_type == MotifType.AUTRE and not dite.motif.strip():
            raise Refus("champ", PHRASE, champs={":".join(cle): [PHRASE]})
        raison.motif_type, raison.motif, raison.decidee_le, raison.donnee_par = dite.motif_type, dite.motif, jour, par
        _valider(raison, cle)
        changees.append(raison)
    for raison in changees:
        raison.save()
    return len(changees)


def _valider(raison: RaisonHabilitation, cle: tuple[str, str]) -> None:
    try:
        valider(raison)
    except Refus as refus:
        phrases = [phrase for dites in refus.champs.values() for phrase in dites]
        raise Refus("champ", refus.motif, champs={":".join(cle): phrases}) from refus
