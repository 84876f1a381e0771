"""Dire qu'une personne était déjà formée, avant Treille ou ailleurs ; s'en dédire."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from formation.enums import OrigineAcquis
from formation.models import Acquis, ModuleFormation, Professionnel
from formation.permissions import peut_gerer_professionnels
from formation.services.couverture import rafraichir_depuis
from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus

A_VENIR = "Cette date est à venir : donnez le jour où la formation a été reçue."
DEJA_DIT = "Rien à ajouter : ces personnes sont déjà dites formées à ces modules ce jour-là."
PAS_D_ICI = "Une de ces personnes n'est pas, ou plus, en poste dans cet ESMS : rechargez la page."
PAS_UN_CONSTAT = "Cette formation vient d'une session : c'est la feuille de présence qui se corrige."


def valable_jusqu_au(le: date, validite_mois: int | None) -> date | None:
    """Le dernier jour où un acquis vaut : la veille du même jour, `validite_mois` plus tard ; None sans limite."""
    if not validite_mois:
        return None
    annee, mois = divmod(le.year * 12 + le.month - 1 + validite_mois, 12)
    premier = date(annee, mois + 1, 1)
    suivant = (premier + timedelta(days=31)).replace(day=1)
    return min(premier + timedelta(days=le.day - 1), suivant) - timedelta(days=1)


@transaction.atomic
def constater(
    *,
    parcours: Parcours,
    professionnels: Collection[Professionnel],
    modules: Collection[ModuleFormation],
    le: date,
    par: Utilisateur,
) -> list[Acquis]:
    """Ces personnes étaient formées à ces modules ce jour-là ; ce qui est déjà dit ne se redit pas."""
    if not (droit := peut_gerer_professionnels(par, parcours)):
        raise Refus("droit", droit.motif)
    if le > timezone.localdate():
        raise Refus("champ", A_VENIR, champs={"le": [A_VENIR]})
    d_ici = set(parcours.postes.values_list("professionnel", flat=True))
    if not d_ici.issuperset(p.pk for p in professionnels):
        raise Refus("champ", PAS_D_ICI, champs={"professionnels": [PAS_D_ICI]})
    connus = set(
        Acquis.objects.filter(professionnel__in=professionnels, module__in=modules, obtenu_le=le).values_list(
            "professionnel", "module"
        )
    )
    acquis = Acquis.objects.bulk_create(
        Acquis(
            professionnel=qui,
            module=quoi,
            origine=OrigineAcquis.CONSTAT,
            obtenu_le=le,
            valable_jusqu_au=valable_jusqu_au(le, quoi.validite_mois),
            constate_par=par,
        )
        for qui in professionnels
        for quoi in modules
        if (qui.pk, quoi.pk) not in connus
    )
    if not acquis:
        raise Refus("champ", DEJA_DIT)
    _recompter(professionnels, le)
    return acquis


@transaction.atomic
def retirer(*, acquis: Acquis, parcours: Parcours, par: Utilisateur) -> None:
    """Dit par erreur : le constat s'ôte, la couverture se recompte."""
    if not (droit := peut_gerer_professionnels(par, parcours)):
        raise Refus("droit", droit.motif)
    if acquis.origine != OrigineAcquis.CONSTAT:
        raise Refus("etat", PAS_UN_CONSTAT)
    acquis.delete()
    _recompter([acquis.professionnel], acquis.obtenu_le)


def _recompter(professionnels: Collection[Professionnel], le: date) -> None:
    """Tous les ESMS où ces personnes tiennent un poste : on est formé partout à la fois."""
    touches = Parcours.objects.filter(postes__professionnel__in=professionnels).order_by().values_list("pk", flat=True)
    rafraichir_depuis(sorted(set(touches)), le)
