"""La capacité d'une vague, dite partout de la même façon : avant d'y ranger quelqu'un, et après."""

from collections.abc import Iterable

from django.db import transaction

from programme.calculs import capacite
from programme.enums import A_ACCOMPAGNER
from programme.models import Grappe, Parcours, Utilisateur, Vague
from programme.permissions import peut_conduire, voit_toute_la_grappe
from programme.socle.erreurs import Refus


def depassees(vagues: Iterable[Vague | None], par: Utilisateur) -> list[str]:
    """Une phrase par vague qui compte plus d'ESMS à accompagner que de places ; à dire après avoir écrit.

    Elle dit un nombre : à qui voit toute la grappe seulement, les autres ne comptent pas ceux qu'ils ne voient pas.
    """
    cles = {v.pk for v in vagues if v is not None and voit_toute_la_grappe(par, v.grappe)}
    lues = Vague.objects.filter(pk__in=cles).avec_places() if cles else []
    return [
        capacite.dire_depassee(v.numero, v.capacite, v.prises)
        for v in lues
        if capacite.Places(v.capacite, v.prises).depassee
    ]


def prevoir(grappe: Grappe, changements: Iterable[tuple[str, int | None, int | None]]) -> list[str]:
    """La même chose avant d'écrire. `changements` : (état de l'ESMS, numéro quitté, numéro rejoint)."""
    mouvements = [(de, vers) for etat, de, vers in changements if etat in A_ACCOMPAGNER and de != vers]
    if not mouvements:
        return []
    lues = {v.numero: v for v in grappe.vagues.avec_places()}
    apres = capacite.apres({n: v.prises for n, v in lues.items()}, mouvements)
    rejointes = {vers for _, vers in mouvements}
    return [
        capacite.dire_depassee(n, v.capacite, apres[n], prevu=True)
        for n, v in lues.items()
        if n in rejointes and capacite.Places(v.capacite, apres[n]).depassee
    ]


def est_pleine_pour(vague: Vague, parcours: Parcours) -> bool:
    """Vrai si cet ESMS n'y aurait pas de place. La vague est verrouillée : la dernière ne se prend pas deux fois."""
    if parcours.etat not in A_ACCOMPAGNER:
        return False
    with transaction.atomic():
        relue = Vague.objects.select_for_update().get(pk=vague.pk)
    autres = Parcours.objects.prenant_place(relue).exclude(pk=parcours.pk)
    return capacite.Places(relue.capacite, autres.count()).pleine


def doit_demander(parcours: Parcours, vague: Vague | None, par: Utilisateur) -> bool:
    """Vrai si cette personne ne peut que demander cette vague : plus de place, et elle ne conduit pas la grappe."""
    if vague is None or vague.pk == parcours.vague_id or peut_conduire(par, parcours):
        return False
    return est_pleine_pour(vague, parcours)


def exiger_une_place(parcours: Parcours, vague: Vague | None, par: Utilisateur) -> None:
    """Qui ne conduit pas la grappe ne prend pas seul une place que la vague n'a plus : il la demande."""
    if vague is not None and doit_demander(parcours, vague, par):
        phrase = capacite.dire_pleine(vague.numero, vague.capacite)
        raise Refus("champ", phrase, champs={"vague": [phrase]})
