"""Les relevés d'une grappe, période par période ; et ce que leur liste dit de chacun. Requêtes constantes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from programme.models import Grappe, Utilisateur
from usages.calculs.periodes import Periode
from usages.calculs.ponctualite import dire
from usages.enums import EtatReleve
from usages.models import Precision, Releve, Valeur

PERIODES = 18
"""Un an de mois, et les trimestres qui vont avec."""


@dataclass(frozen=True, slots=True)
class LignePeriode:
    """Une période : combien d'ESMS, où ils en sont ; `a_temps` : transmis avant leur échéance."""

    periode: Periode
    esms: int
    transmis: int
    a_valider: int
    a_verrouiller: int
    verrouilles: int
    a_temps: int
    en_retard: int
    chiffres: int
    repondus: int
    precisions: int


def lire_periodes(grappe: Grappe, utilisateur: Utilisateur, au: date) -> list[LignePeriode]:
    """Les dernières périodes de cette grappe, la plus récente d'abord ; trois requêtes."""
    siens: Any = Releve.objects.visibles_par(utilisateur).filter(grappe=grappe).order_by()
    en_saisie = Q(etat=EtatReleve.SAISI)
    lignes = (
        siens.values("debut", "cadence")
        .annotate(
            esms=Count("pk"),
            transmis=Count("pk", filter=~en_saisie),
            a_valider=Count("pk", filter=Q(etat=EtatReleve.TRANSMIS)),
            a_verrouiller=Count("pk", filter=Q(etat=EtatReleve.VALIDE)),
            verrouilles=Count("pk", filter=Q(etat=EtatReleve.VERROUILLE)),
            a_temps=Count("pk", filter=Q(transmis_le__lte=F("echeance"))),
            en_retard=Count("pk", filter=en_saisie & Q(echeance__lt=au)),
        )
        .order_by("-debut", "cadence")[:PERIODES]
    )
    lues = list(lignes)
    if not lues:
        return []
    cases = Valeur.objects.totaux().filter(releve__in=siens.filter(debut__gte=lues[-1]["debut"]).values("pk"))
    donnes = _compter(cases, nombre=Count("pk"))
    repondus = _compter(cases.repondues(), nombre=Count("pk"))
    pendantes = Precision.objects.visibles_par(utilisateur).pendantes().filter(valeur__releve__in=siens.values("pk"))
    precisions = {
        (debut, cadence): nombre
        for debut, cadence, nombre in pendantes.order_by()
        .values("valeur__releve__debut", "valeur__releve__cadence")
        .annotate(nombre=Count("pk"))
        .values_list("valeur__releve__debut", "valeur__releve__cadence", "nombre")
    }
    return [
        LignePeriode(
            periode=Periode(cle[0], cle[1]),
            chiffres=donnes.get(cle, 0),
            repondus=repondus.get(cle, 0),
            precisions=precisions.get(cle, 0),
            **comptes,
        )
        for ligne in lues
        for cle, comptes in [((ligne.pop("debut"), ligne.pop("cadence")), ligne)]
    ]


def _compter(cases: Any, **annotation: Any) -> dict[tuple[date, str], int]:
    lues = cases.order_by().values("releve__debut", "releve__cadence").annotate(**annotation)
    return {(d, c): n for d, c, n in lues.values_list("releve__debut", "releve__cadence", "nombre")}


def completer(releves: Sequence[Any], utilisateur: Utilisateur, au: date) -> None:
    """Pose sur ces relevés `completude`, `ponctualite` et `nb_precisions` ; deux requêtes, pour un comme pour cent."""
    cles = [r.pk for r in releves]
    comptes = {r.pk: (r.nb_chiffres, r.nb_repondus) for r in Releve.objects.filter(pk__in=cles).avec_completude()}
    lues = Precision.objects.visibles_par(utilisateur).pendantes().filter(valeur__releve__in=cles).order_by()
    precisions = dict(
        lues.values("valeur__releve").annotate(nombre=Count("pk")).values_list("valeur__releve", "nombre")
    )
    for releve in releves:
        chiffres, repondus = comptes[releve.pk]
        releve.completude = f"{repondus} sur {chiffres}"
        releve.ponctualite = dire(releve.echeance, releve.transmis_le, au)
        releve.nb_precisions = precisions.get(releve.pk, 0)
