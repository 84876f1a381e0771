"""Les arrivants d'un ESMS : qui reste à former, et le délai de l'entrée au compte, puis à la formation."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Min

from formation.calculs.arrivants import Repartition, delai_de_formation, repartir
from formation.models import Acquis, CompteDui, ModuleFormation, PlanFormation, Poste
from formation.models.plan import DELAI_ARRIVANT
from formation.services.couverture import exigences
from programme.calculs.delais import jours
from programme.models import Grappe, Parcours

RECUL = timedelta(days=365)
"""On regarde les entrées d'un an : au-delà, ce n'est plus une arrivée."""


@dataclass(slots=True)
class Arrivant:
    """Un poste pris depuis moins d'un an, ce qu'il lui faut, ce qui lui manque, et depuis quand il attend."""

    poste: Poste
    attend: int
    en_retard: bool
    dus: set[int] = field(default_factory=set)
    manquent: list[ModuleFormation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LectureArrivants:
    """Ceux qui restent à former, les plus anciens d'abord ; les délais de tous ceux entrés dans l'année."""

    a_former: list[Arrivant]
    nb_entres: int
    vers_compte: Repartition
    vers_formation: Repartition
    delai: int

    @property
    def en_retard(self) -> int:
        """Combien attendent depuis plus longtemps que le délai de la grappe."""
        return sum(a.en_retard for a in self.a_former)


def delai_arrivant(grappe: Grappe) -> int:
    """Jours pour former un arrivant : le réglage de la grappe, ou celui du produit."""
    regle = PlanFormation.objects.filter(grappe=grappe).values_list("delai_arrivant", flat=True).first()
    return DELAI_ARRIVANT if regle is None else regle


def lire_arrivants(parcours: Parcours, au: date) -> LectureArrivants:
    """Les entrées de l'année dans cet ESMS ; six requêtes, quel que soit leur nombre."""
    delai = delai_arrivant(parcours.grappe)
    cet_esms = Parcours.objects.filter(pk=parcours.pk)
    postes = (
        Poste.objects.filter(parcours=parcours).arrives_depuis(au - RECUL, au).pour_lecture().order_by("debut", "pk")
    )
    entres = {p.pk: Arrivant(p, jours(p.debut, au), jours(p.debut, au) > delai) for p in postes}
    modules = ModuleFormation.objects.filter(grappe=parcours.grappe_id).in_bulk()
    lignes = exigences(cet_esms, au).filter(debut__gte=au - RECUL).values_list("pk", "module", "manque")
    for poste, module, manque in lignes:
        entres[poste].dus.add(module)
        if manque:
            entres[poste].manquent.append(modules[module])
    personnes = [a.poste.professionnel_id for a in entres.values()]
    suivis = [a for a in entres.values() if a.dus]
    return LectureArrivants(
        [a for a in suivis if a.manquent],
        len(suivis),
        repartir(_vers_compte(parcours, personnes, suivis)),
        repartir(_vers_formation(personnes, suivis, au)),
        delai,
    )


def _vers_compte(parcours: Parcours, personnes: list[int], suivis: list[Arrivant]) -> list[int]:
    """Jours de l'entrée au premier compte du DUI, quand l'éditeur a dit sa date."""
    comptes = CompteDui.objects.filter(parcours=parcours, professionnel__in=personnes, cree_le__isnull=False)
    crees = dict(comptes.order_by().values_list("professionnel").annotate(premier=Min("cree_le")))
    return [jours(a.poste.debut, crees[p]) for a in suivis if (p := a.poste.professionnel_id) in crees]


def _vers_formation(personnes: list[int], suivis: list[Arrivant], au: date) -> list[int]:
    """Jours de l'entrée au dernier module du socle, pour ceux qui les ont tous eus."""
    premiers: dict[int, dict[int, Any]] = defaultdict(dict)
    acquis = Acquis.objects.filter(professionnel__in=personnes, obtenu_le__lte=au).order_by()
    for personne, module, le in acquis.values_list("professionnel", "module").annotate(le=Min("obtenu_le")):
        premiers[personne][module] = le
    delais = (delai_de_formation(a.poste.debut, a.dus, premiers[a.poste.professionnel_id]) for a in suivis)
    return [d for d in delais if d is not None]
