"""Conduire une grappe : vagues de déploiement, vérifications (VA, VSR), sévérité des conditions."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from programme.models import Grappe, OrganismeGestionnaire, Parcours, Utilisateur, Vague, Verification
from programme.permissions import peut_conduire, peut_regler_conditions
from programme.services.controles import exiger, valider
from programme.services.moments import classer_ailleurs, verrouiller_les_echanges
from programme.socle.conditions import conditions
from programme.socle.enums import Severite
from programme.socle.erreurs import Refus
from programme.socle.models import ReglageCondition

REGLABLES = (Severite.BARRE, Severite.AVERTIT, Severite.MASQUEE)


@transaction.atomic
def enregistrer_vague(
    *,
    grappe: Grappe,
    par: Utilisateur,
    numero: int,
    nom: str = "",
    debut: date | None = None,
    fin: date | None = None,
    capacite: int | None = None,
    vague: Vague | None = None,
) -> Vague:
    """Crée une vague de déploiement, ou modifie `vague`. Lève `Refus` (droit, champ)."""
    exiger(peut_conduire(par, grappe))
    if debut and fin and fin < debut:
        phrase = "La fin de la vague ne peut pas précéder son début : corrigez l'une des deux dates."
        raise Refus("champ", phrase, champs={"fin": [phrase]})
    vague = vague or Vague(grappe=grappe)
    vague.numero, vague.nom, vague.debut, vague.fin, vague.capacite = numero, nom, debut, fin, capacite
    if Vague.objects.filter(grappe=grappe, numero=numero).exclude(pk=vague.pk).exists():
        phrase = f"La grappe a déjà une vague de déploiement {numero} : modifiez-la, ou prenez un autre numéro."
        raise Refus("champ", phrase, champs={"numero": [phrase]})
    valider(vague)
    vague.save()
    return vague


@transaction.atomic
def mettre_en_vague(*, parcours: Iterable[Parcours], vague: Vague | None, par: Utilisateur) -> int:
    """Range des parcours dans une vague (ou les en retire si None) et rend le nombre de parcours changés."""
    lignes = list(parcours)
    for ligne in lignes:
        exiger(peut_conduire(par, ligne))
        if vague and ligne.grappe_id != vague.grappe_id:
            phrase = f"{ligne} n'est pas dans la grappe de cette vague de déploiement."
            raise Refus("champ", phrase, champs={"parcours": [phrase]})
    changes = [ligne for ligne in lignes if ligne.vague_id != (vague.pk if vague else None)]
    verrouiller_les_echanges(changes)
    for ligne in changes:
        ligne.vague = vague
    bulk_update_with_history(changes, Parcours, ["vague"], default_user=par)
    classer_ailleurs(changes, par)
    return len(changes)


@transaction.atomic
def consigner_verification(
    *,
    grappe: Grappe,
    par: Utilisateur,
    type: str,
    issue: str,
    prononcee_le: date,
    debut: date | None = None,
    og: OrganismeGestionnaire | None = None,
    parcours: Parcours | None = None,
    reference: str = "",
    reserves: str = "",
) -> Verification:
    """Consigne une VA ou une VSR sur toute la grappe, sur les ESMS d'un OG, ou sur un seul parcours."""
    exiger(peut_conduire(par, grappe))
    _verifier_objet(grappe, og, parcours)
    _verifier_dates(debut, prononcee_le)
    verification = Verification(
        grappe=grappe,
        type=type,
        og=og,
        parcours=parcours,
        debut=debut,
        prononcee_le=prononcee_le,
        issue=issue,
        reference=reference,
        reserves=reserves,
    )
    valider(verification)
    verification.save()
    return verification


def _verifier_dates(debut: date | None, prononcee_le: date) -> None:
    if prononcee_le > timezone.localdate():
        phrase = "La date du procès-verbal ne peut pas être à venir : consignez la vérification une fois prononcée."
    elif debut and prononcee_le < debut:
        phrase = "Le procès-verbal ne peut pas précéder le début de la vérification : corrigez l'une des deux dates."
    else:
        return
    raise Refus("champ", phrase, champs={"prononcee_le": [phrase]})


def _verifier_objet(grappe: Grappe, og: OrganismeGestionnaire | None, parcours: Parcours | None) -> None:
    if og and parcours:
        phrase = "Choisissez un organisme gestionnaire ou un ESMS, pas les deux."
    elif parcours and parcours.grappe_id != grappe.pk:
        phrase = f"{parcours} n'est pas dans cette grappe."
    elif og and not Parcours.objects.filter(grappe=grappe, esms__og=og).exists():
        phrase = f"{og} n'a aucun ESMS dans cette grappe."
    else:
        return
    raise Refus("champ", phrase, champs={"objet": [phrase]})


@transaction.atomic
def regler_conditions(*, grappe: Grappe, reglages: dict[str, str], par: Utilisateur) -> int:
    """Règle la sévérité de conditions pour la grappe et rend le nombre de changements.

    Une sévérité égale au défaut retire le réglage. Le plancher légal ne se règle pas : `Refus("champ")`.
    """
    exiger(peut_regler_conditions(par, grappe))
    for code, severite in reglages.items():
        if code not in conditions or severite not in REGLABLES:
            phrase = f"« {code} » : sévérité ou condition inconnue."
            raise Refus("champ", phrase, champs={code: [phrase]})
        if verrou := conditions[code].verrou:
            phrase = f"{conditions[code].libelle} : {verrou}."
            raise Refus("champ", phrase, champs={code: [phrase]})
    actuels = dict(ReglageCondition.objects.filter(grappe=grappe).values_list("condition", "severite"))
    nb_changes = 0
    for code, severite in reglages.items():
        if severite == actuels.get(code, conditions[code].severite):
            continue
        nb_changes += 1
        if severite == conditions[code].severite:
            ReglageCondition.objects.filter(grappe=grappe, condition=code).delete()
        else:
            ReglageCondition.objects.update_or_create(grappe=grappe, condition=code, defaults={"severite": severite})
    return nb_changes
