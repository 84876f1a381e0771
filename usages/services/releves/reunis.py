"""Les relevés d'un ESMS qui se donnent d'un coup : le mois, et le trimestre ou l'année qui attendent avec lui."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte_lot import Demande, changer_etat_en_lot
from usages.calculs.periodes import Periode, reunir
from usages.enums import EtatReleve
from usages.models import Releve

PARTI = "Le relevé {} n'est plus en saisie : il a été transmis entre-temps. Rien de cet envoi n'est écrit."
DEUX_FOIS = "Ces relevés ne se donnent pas ensemble : deux sont de la même cadence. Reprenez de la page « Relevés »."


def reunis(releves: Iterable[Releve]) -> list[list[Releve]]:
    """Ces relevés en saisie, par ESMS et par page ; l'ordre des ESMS, puis le plus ancien d'abord."""
    par_esms: dict[int, dict[Periode, Releve]] = defaultdict(dict)
    for releve in releves:
        par_esms[releve.parcours_id][releve.periode] = releve
    return [[siens[periode] for periode in groupe] for siens in par_esms.values() for groupe in reunir(siens)]


def geste_de(groupe: Sequence[Releve]) -> str:
    """Ce que l'ESMS en fait : le compléter, ou le transmettre s'il n'y manque rien. Après `avec_completude`."""
    return max((r.geste for r in groupe), key=("Transmettre", "Compléter").index)


def a_donner_avec(releve: Releve) -> list[Releve]:
    """Ce relevé en saisie, et ceux qui se donnent avec lui, le plus court d'abord. Une requête."""
    siens = Releve.objects.filter(parcours=releve.parcours_id, etat=EtatReleve.SAISI).pour_lecture()
    groupes = reunis(siens)
    return next((groupe for groupe in groupes if releve in groupe), [releve])


def encore_en_saisie(releves: Sequence[Releve]) -> None:
    """Lève `Refus` (etat) si l'un d'eux n'est plus à saisir, ou si deux se disputent les mêmes chiffres."""
    for releve in releves:
        if not releve.est_en_saisie:
            raise Refus("etat", PARTI.format(releve.periode.complement))
    if len({r.cadence for r in releves}) < len(releves):
        raise Refus("etat", DEUX_FOIS)


@transaction.atomic
def transmettre(*, releves: Sequence[Releve], par: Utilisateur) -> None:
    """Transmet tous ces relevés, ou aucun, par la porte."""
    au = timezone.localdate()
    changer_etat_en_lot("transmettre", [Demande(releve, par, au) for releve in releves])
