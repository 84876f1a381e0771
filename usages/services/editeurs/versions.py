"""Les versions d'une solution, ce que l'éditeur en annonce, et les ESMS qui y passent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.models import Parcours, Solution, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange
from usages.models import MonteeDeVersion, VersionSolution
from usages.permissions import peut_noter_une_montee, peut_tenir_les_versions

A_VENIR = "Ce jour n'est pas encore venu : écrivez-le comme une date prévue."
PAS_LA_SOLUTION = "{} n'emploie pas {} : cette version n'est pas pour lui."
PERSONNE = "Cochez au moins un ESMS."
SANS_DATE = "Donnez le jour prévu, ou celui où elle s'est faite."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def _pas_a_venir(champ: str, jour: date | None) -> None:
    if jour and jour > timezone.localdate():
        raise _refuser(champ, A_VENIR)


@transaction.atomic
def enregistrer_version(
    *,
    solution: Solution,
    nom: str,
    par: Utilisateur,
    version: VersionSolution | None = None,
    vu: int | None = None,
    apports: str = "",
    prevue_le: date | None = None,
    sortie_le: date | None = None,
) -> VersionSolution:
    """Ajoute une version à la feuille de route, ou la corrige. Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_tenir_les_versions(par))
    _pas_a_venir("sortie_le", sortie_le)
    valeurs: dict[str, Any] = {"nom": nom, "apports": apports, "prevue_le": prevue_le, "sortie_le": sortie_le}
    ecrite = VersionSolution(solution=solution)
    if version:
        ecrite = VersionSolution.objects.select_for_update(of=("self",)).get(pk=version.pk)
        exiger_inchange(VersionSolution.history.filter(id=version.pk), vu, valeurs.keys())
    for champ, valeur in valeurs.items():
        setattr(ecrite, champ, valeur)
    valider(ecrite)
    signer(ecrite, par)
    ecrite.save()
    return ecrite


@dataclass(frozen=True, slots=True)
class Notees:
    """Ce qu'une saisie en lot a écrit."""

    creees: int
    changees: int


@transaction.atomic
def noter_montees(
    *,
    version: VersionSolution,
    parcours: Collection[Parcours],
    par: Utilisateur,
    prevue_le: date | None = None,
    faite_le: date | None = None,
    note: str = "",
) -> Notees:
    """Prévoit ou dit faite la montée de ces ESMS, d'un coup ; une date laissée vide ne touche pas celle qui existe.

    Lève `Refus` : droit ; champ (aucun ESMS, aucune date, date faite à venir) ; etat (ESMS d'une autre solution).
    """
    if not parcours:
        raise _refuser("parcours", PERSONNE)
    if not (prevue_le or faite_le):
        raise _refuser("prevue_le", SANS_DATE)
    _pas_a_venir("faite_le", faite_le)
    for p in parcours:
        exiger(peut_noter_une_montee(par, p))
        if p.solution_id != version.solution_id:
            raise Refus("etat", PAS_LA_SOLUTION.format(p, version.solution))
    cles = [p.pk for p in parcours]
    deja = MonteeDeVersion.objects.select_for_update(of=("self",)).filter(version=version, parcours__in=cles)
    connues = {m.parcours_id: m for m in deja}
    dites = {"prevue_le": prevue_le, "faite_le": faite_le, "note": note}
    for p in parcours:
        montee = connues.get(p.pk) or MonteeDeVersion(parcours=p, version=version)
        for champ, valeur in dites.items():
            if valeur:
                setattr(montee, champ, valeur)
        valider(montee)
        signer(montee, par)
        montee.save()
    return Notees(len(cles) - len(connues), len(connues))


@transaction.atomic
def corriger_montee(
    *, montee: MonteeDeVersion, par: Utilisateur, vu: int | None = None, **valeurs: Any
) -> MonteeDeVersion:
    """Corrige une montée (`prevue_le`, `faite_le`, `note`). Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_noter_une_montee(par, montee))
    _pas_a_venir("faite_le", valeurs.get("faite_le"))
    relue = MonteeDeVersion.objects.select_for_update(of=("self",)).get(pk=montee.pk)
    exiger_inchange(MonteeDeVersion.history.filter(id=montee.pk), vu, valeurs.keys())
    for champ, valeur in valeurs.items():
        setattr(relue, champ, valeur)
    if not (relue.prevue_le or relue.faite_le):
        raise _refuser("prevue_le", SANS_DATE)
    valider(relue)
    signer(relue, par)
    relue.save()
    return relue


@transaction.atomic
def retirer_montee(*, montee: MonteeDeVersion, par: Utilisateur) -> None:
    """Efface une montée notée par erreur ; son histoire reste. Lève `Refus` (droit)."""
    exiger(peut_noter_une_montee(par, montee))
    signer(montee, par)
    montee.delete()
