"""Gestes groupés sur des relevés : valider, verrouiller, par la porte. Le mécanisme : `gestes_lot`."""

from collections.abc import Iterable
from functools import partial

from django.db.models import Max
from django.utils import timezone

from programme.enums import Role
from programme.models import Utilisateur
from programme.services.gestes_lot import Geste, Ligne
from programme.socle.models import Passage
from programme.socle.porte import lire_ensemble, refus_prevu
from programme.socle.porte_lot import Demande, changer_etat_en_lot
from usages.enums import EtatReleve
from usages.models import Releve, Valeur

_DEVIENT = {"valider": EtatReleve.VALIDE, "verrouiller": EtatReleve.VERROUILLE}
PAS_LA = "Il est {} : rien à {}."


def lire_releves(cles: Iterable[int], par: Utilisateur, *, verrou: bool = False) -> list[Releve]:
    """Ces relevés, s'ils sont visibles, par période puis par ESMS."""
    voulus = list(cles)
    if verrou:
        # Le verrou d'abord, sur la table seule : PostgreSQL refuse de verrouiller ce qu'une jointure rend facultatif.
        list(Releve.objects.select_for_update().filter(pk__in=voulus).order_by("pk").values_list("pk"))
    lus = Releve.objects.visibles_par(par).filter(pk__in=voulus).select_related(*Releve.relations_lues)
    return list(lus.order_by("-debut", "cadence", "parcours__esms__tri", "pk"))


def _examiner(transition: str, releves: list[Releve], par: Utilisateur) -> list[Ligne]:
    lectures, au = lire_ensemble(releves, transition, par=par), timezone.localdate()
    passages = Passage.objects.de_plusieurs(Releve, [r.pk for r in releves]).order_by("rang")
    precedentes = {p.objet_id: p.date_effet for p in passages}
    ecrits = _ecrits_le(releves)
    lignes = []
    for releve in releves:
        avant = releve.get_etat_display()
        ligne = Ligne(
            releve,
            {"État": avant, "Chiffres écrits le": ecrits.get(releve.pk, "")},
            avant,
            str(_DEVIENT[transition].label),
            lieu=str(releve.grappe),
        )
        lecture = lectures[releve.pk]
        if lecture.droit and not lecture.depart_ok:
            ligne.refus = PAS_LA.format(avant.lower(), transition)
        elif refus := refus_prevu(releve, lecture, date_effet=au, precedente=precedentes.get(releve.pk)):
            ligne.refus = "; ".join(m.mesure for m in refus.manques) or refus.motif
        lignes.append(ligne)
    return lignes


def _ecrits_le(releves: list[Releve]) -> dict[int, str]:
    """Par relevé, la dernière écriture d'un chiffre : corrigé après l'aperçu, il se relit. Une requête."""
    siens = Valeur.objects.filter(releve__in=[r.pk for r in releves]).order_by().values("releve")
    lus = siens.annotate(le=Max("ecrite_le")).values_list("releve", "le")
    return {cle: f"{timezone.localtime(le):%d/%m/%Y à %H:%M:%S,%f}" if le else "" for cle, le in lus}


def _ecrire(transition: str, releves: list[Releve], par: Utilisateur) -> None:
    au = timezone.localdate()
    changer_etat_en_lot(transition, [Demande(releve, par, au) for releve in releves])


def _geste(code: str, libelle: str, fait: str) -> Geste:
    return Geste(
        code, libelle, fait, (Role.CHEF_PROJET,), partial(_examiner, code), partial(_ecrire, code), lire_releves
    )


GESTES = {
    geste.code: geste
    for geste in (
        _geste("valider", "Valider", "relevé validé,relevés validés"),
        _geste("verrouiller", "Verrouiller", "relevé verrouillé,relevés verrouillés"),
    )
}
