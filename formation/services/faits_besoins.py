"""Ce qui se lit en base pour dire les besoins d'une grappe : une fois, quel que soit le nombre d'ESMS."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils import timezone

from formation.calculs.besoins import Offre, Tenu, Vise
from formation.enums import Modalite, StatutInscription
from formation.models import Acquis, Declinaison, Inscription, ModuleFormation, Poste, SessionFormation
from formation.models.sessions import SessionFormationQuerySet
from programme.models import Grappe, Parcours

SANS_SESSION = (Modalite.E_LEARNING, Modalite.PAIRS)
"""Ce qui s'apprend sans session : il reste des personnes à former, il ne manque pas de place."""

RIEN: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Faits:
    """Postes, acquis, inscriptions, places libres et déclinaisons d'une grappe, par clé de module."""

    postes: list[Tenu]
    formees: Mapping[int, set[int]]
    inscrites: Mapping[int, set[int]]
    offres: Mapping[int, list[Offre[int]]]
    sans_objet: Mapping[int, set[int]]
    modalites: Mapping[tuple[int, int], str]

    def vise(self, module: ModuleFormation) -> Vise:
        """À qui s'adresse ce module ; ses publics sont déjà lus."""
        publics = frozenset(m.pk for m in module.publics.all())
        return Vise(module.pk, publics, frozenset(self.sans_objet.get(module.pk, RIEN)))

    def sans_session(self, module: ModuleFormation, parcours: Iterable[int]) -> set[int]:
        """Les ESMS où ce module s'apprend sans session."""
        return {p for p in parcours if self.modalites.get((module.pk, p), module.modalite) in SANS_SESSION}


def _par_cle(couples: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    rendu: dict[int, set[int]] = defaultdict(set)
    for cle, valeur in couples:
        rendu[cle].add(valeur)
    return rendu


def _sessions_a_venir(grappe: Grappe, au: date) -> SessionFormationQuerySet:
    minuit = timezone.make_aware(datetime.combine(au, time.min))
    sessions: SessionFormationQuerySet = SessionFormation.objects.filter(grappe=grappe, debut__gte=minuit)
    return sessions.a_venir().order_by()


def lire_les_offres(grappe: Grappe, au: date) -> Mapping[int, list[Offre[int]]]:
    """Par module, les places libres des sessions à venir ; une session pleine y est, sans place. Une requête."""
    pris = Count("inscriptions", filter=Q(inscriptions__statut=StatutInscription.INSCRIT))
    lignes = _sessions_a_venir(grappe, au).annotate(pris=pris).values_list("module", "parcours", "capacite", "pris")
    offres: dict[int, list[Offre[int]]] = defaultdict(list)
    for module, parcours, capacite, prises in lignes:
        offres[module].append(Offre(parcours, max(0, capacite - prises)))
    return offres


def lire(grappe: Grappe, parcours: Collection[Parcours], modules: Collection[ModuleFormation], au: date) -> Faits:
    """Les faits de la grappe à cette date, pour ces ESMS et ces modules. Cinq requêtes."""
    cles = [m.pk for m in modules]
    postes = Poste.objects.prevus(au).filter(parcours__in=parcours).order_by()
    acquis = Acquis.objects.filter(module__in=cles).valables(au).order_by()
    inscrites = Inscription.objects.inscrites().filter(session__in=_sessions_a_venir(grappe, au)).order_by()
    declinaisons = Declinaison.objects.filter(module__in=cles).order_by()
    dits = list(declinaisons.values_list("module", "parcours", "sans_objet", "modalite"))
    return Faits(
        postes=[Tenu(*ligne) for ligne in postes.values_list("professionnel", "parcours", "metier")],
        formees=_par_cle(acquis.values_list("module", "professionnel")),
        inscrites=_par_cle(inscrites.values_list("session__module", "professionnel")),
        offres=lire_les_offres(grappe, au),
        sans_objet=_par_cle((m, p) for m, p, ecarte, _ in dits if ecarte),
        modalites={(m, p): modalite for m, p, _, modalite in dits if modalite},
    )
