"""Les cibles et les seuils d'un indicateur, datés : ceux d'une grappe, ceux d'une version d'instruction."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from programme.models import Grappe, Utilisateur, VersionInstruction
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange
from usages.enums import NatureSurveillance
from usages.models import Cible, Indicateur, RegleIndicateur
from usages.permissions import peut_conduire_les_chiffres, peut_fixer_les_cibles

CHAMPS = ("valeur", "seuil", "du", "au", "source")
DEJA_DATEE = "Une cible commence déjà ce jour-là : corrigez-la, ou changez la date."
TROP_HAUT = "Un rapport va de 0 à 100 %."
SANS_CHUTE = "Une chute se juge sur un nombre : cet indicateur est un texte."


def _ecrire(cible: Cible, valeurs: dict[str, Any], par: Utilisateur) -> Cible:
    for nom, valeur in valeurs.items():
        setattr(cible, nom, valeur)
    fautes = {n: [TROP_HAUT] for n in ("valeur", "seuil") if cible.indicateur.plafonne and (getattr(cible, n) or 0) > 1}
    memes = Cible.objects.filter(
        indicateur=cible.indicateur_id, grappe=cible.grappe_id, instruction=cible.instruction_id, du=cible.du
    )
    if memes.exclude(pk=cible.pk).exists():
        fautes["du"] = [DEJA_DATEE]
    if fautes:
        raise Refus("champ", " ".join(p for phrases in fautes.values() for p in phrases), champs=fautes)
    valider(cible)
    signer(cible, par)
    cible.save()
    return cible


@transaction.atomic
def poser(
    *,
    indicateur: Indicateur,
    par: Utilisateur,
    grappe: Grappe | None = None,
    instruction: VersionInstruction | None = None,
    **valeurs: Any,
) -> Cible:
    """Pose une cible (`valeurs` : de `CHAMPS` ; un rapport se dit de 0 à 1), pour une grappe ou pour une instruction.

    Celle d'avant vaut jusqu'à ce jour : la plus récente l'emporte. Lève `Refus` (droit, champ).
    """
    exiger(peut_fixer_les_cibles(par, grappe))
    return _ecrire(Cible(indicateur=indicateur, grappe=grappe, instruction=instruction), valeurs, par)


@transaction.atomic
def corriger(*, cible: Cible, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Cible:
    """Corrige une cible. `vu` : jeton de la version lue. Lève `Refus` (droit, champ, concurrence)."""
    relue = Cible.objects.select_for_update(of=("self",)).select_related("indicateur", "grappe").get(pk=cible.pk)
    exiger(peut_fixer_les_cibles(par, relue.grappe))
    exiger_inchange(Cible.history.filter(id=cible.pk), vu, valeurs.keys())
    return _ecrire(relue, valeurs, par)


@transaction.atomic
def retirer(*, cible: Cible, par: Utilisateur) -> None:
    """Retire une cible posée par erreur ; celle d'avant vaut de nouveau. Lève `Refus` (droit)."""
    exiger(peut_fixer_les_cibles(par, cible.grappe))
    signer(cible, par)
    cible.delete()


@transaction.atomic
def surveiller(
    *,
    grappe: Grappe,
    indicateur: Indicateur,
    natures: Collection[str],
    par: Utilisateur,
    part: Any = None,
    releves: int | None = None,
) -> list[RegleIndicateur]:
    """Ce que la grappe surveille de cet indicateur, et rien d'autre : les règles décochées s'éteignent.

    `part` (0..1), `releves` : ce qu'est une chute. Lève `Refus` (droit, champ).
    """
    exiger(peut_conduire_les_chiffres(par, grappe))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    if NatureSurveillance.CHUTE in natures and indicateur.forme == "texte":
        raise Refus("champ", SANS_CHUTE, champs={"natures": [SANS_CHUTE]})
    connues = {r.nature: r for r in RegleIndicateur.objects.filter(grappe=grappe, indicateur=indicateur)}
    for nature in natures:
        connues.setdefault(nature, RegleIndicateur(grappe=grappe, indicateur=indicateur, nature=nature))
    for nature, regle in connues.items():
        regle.est_active = nature in natures
        if nature == NatureSurveillance.CHUTE and regle.est_active:
            regle.part = regle.part if part is None else part
            regle.releves = regle.releves if releves is None else releves
        valider(regle)
        signer(regle, par)
        regle.save()
    return [r for r in connues.values() if r.est_active]
