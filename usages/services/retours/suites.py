"""Les suites d'un retour : ce qu'il est devenu ailleurs, une seule fois, et ce qu'un lecteur en voit."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.urls import reverse

from formation.models import SessionFormation
from gouvernance.models import Point
from programme.models import Action, Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from risques.models import Risque
from usages.enums import EtatRetour, NatureSuite
from usages.models import DemandeEditeur, Enseignement, Retour, SuiteDeRetour, Verbatim
from usages.permissions import peut_donner_suite, peut_traiter, seances_tenues
from usages.permissions.suites import VERBES
from usages.services.retours.natures import SORTES
from usages.services.retours.verbatims import VerbatimLu

REGROUPE = "Ce retour est regroupé sous un autre : donnez suite à celui qui le porte."
ENTRE_TEMPS = (
    "Entre-temps, {qui} a déjà tiré de ce retour : {quoi}. Relisez-le avant d'en faire un autre ; si vous envoyez de "
    "nouveau, le vôtre s'ajoute."
)


# --- écrire --------------------------------------------------------------------------------------------------------


def combien(retour: Retour, nature: str) -> int:
    """Suites de cette nature déjà faites : ce que la personne avait sous les yeux. Une requête."""
    return retour.suites.filter(nature=nature).count()


@transaction.atomic
def donner_suite(
    *, retour: Retour, en: str, par: Utilisateur, vues: int | None = None, **valeurs: Any
) -> SuiteDeRetour:
    """Crée l'objet et dit qu'il vient de ce retour. `en` : sa nature ; `vues` : combien il y en avait à l'écran.

    Le second clic d'un double clic rend la suite du premier. Lève `Refus` : droit, etat, champ, conditions,
    concurrence (quelqu'un d'autre en a tiré une depuis).
    """
    relu = Retour.objects.select_for_update(of=("self",)).pour_lecture().get(pk=retour.pk)
    exiger(peut_donner_suite(par, relu, en))
    if relu.etat == EtatRetour.REGROUPE:
        raise Refus("etat", REGROUPE)
    if (deja := _faite_depuis(relu, en, vues, par, valeurs)) is not None:
        return deja
    objet = SORTES[en].ecrire(relu, par, **valeurs)
    suite, _ = SuiteDeRetour.objects.get_or_create(
        retour=relu,
        objet_type=ContentType.objects.get_for_model(objet),
        objet_id=objet.pk,
        defaults={"nature": en, "faite_par": par},
    )
    return suite


def _faite_depuis(
    retour: Retour, nature: str, vues: int | None, par: Utilisateur, valeurs: dict[str, Any]
) -> SuiteDeRetour | None:
    """La suite qu'on vient d'écrire d'un premier clic ; None si rien n'a bougé depuis que la page s'est lue."""
    faites = list(retour.suites.filter(nature=nature).select_related("faite_par").order_by("pk"))
    if vues is None or len(faites) <= vues:
        return None
    derniere = faites[-1]
    if derniere.faite_par_id == par.pk and derniere.objet and SORTES[nature].meme(derniere.objet, valeurs):
        return derniere
    lue = next((s for s in suites_de(retour, par) if s.suite.pk == derniere.pk and s.texte), None)
    quoi = f"« {lue.texte} »" if lue else str(derniere).lower()
    raise Refus("concurrence", ENTRE_TEMPS.format(qui=derniere.faite_par, quoi=quoi))


# --- lire ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SuiteLue:
    """Une suite, telle que ce lecteur la lit. `texte`, `etat`, `url` : vides s'il ne voit pas l'objet."""

    suite: SuiteDeRetour
    texte: str = ""
    etat: str = ""
    url: str = ""

    @property
    def nature(self) -> str:
        """Ce qu'elle est, en mots."""
        return str(self.suite)

    @property
    def faite_par(self) -> Utilisateur:
        """Qui l'a faite."""
        qui: Utilisateur = self.suite.faite_par
        return qui

    @property
    def faite_le(self) -> date:
        """Quand."""
        quand: date = self.suite.faite_le
        return quand


@dataclass(frozen=True, slots=True)
class Offerte:
    """Ce que ce lecteur peut tirer du retour : la nature, le bouton, la page."""

    nature: str
    verbe: str
    url: str


def _etat(objet: Any, _: Retour) -> str:
    return str(objet.get_etat_display())


def _page(route: str) -> Callable[[Any], str]:
    return lambda objet: reverse(route, args=[objet.pk])


LECTURES: dict[type[Model], tuple[tuple[str, ...], Callable[[Any, Retour], str], Callable[[Any], str]]] = {
    Action: ((), _etat, _page("programme:action-detail")),
    Risque: ((), _etat, _page("risques:risque-detail")),
    DemandeEditeur: ((), _etat, _page("usages:demandeediteur-detail")),
    Point: (
        ("seance__comite",),
        lambda point, _: f"{point.get_suite_display()}, {point.seance}",
        lambda point: f"{reverse('gouvernance:seance-detail', args=[point.seance_id])}#point-{point.pk}",
    ),
    Enseignement: ((), _etat, _page("usages:enseignement-detail")),
    SessionFormation: (("module",), _etat, _page("formation:sessionformation-detail")),
    Verbatim: (
        (),
        lambda verbatim, retour: f"Accord {VerbatimLu(verbatim, retour).accord.lower()}",
        lambda verbatim: f"{reverse('usages:parcours-verbatims', args=[verbatim.parcours_id])}#verbatim-{verbatim.pk}",
    ),
}
"""De chaque objet : ce que nomme son texte, son état en mots, sa page."""


def suites_de(retour: Retour, lecteur: Utilisateur) -> list[SuiteLue]:
    """Les suites d'un retour, dans l'ordre ; d'un objet qu'il ne voit pas, seule sa nature. Une requête par modèle."""
    faites = list(retour.suites.select_related("faite_par").order_by("faite_le", "pk"))
    cles: dict[int, list[int]] = defaultdict(list)
    for suite in faites:
        cles[suite.objet_type_id].append(suite.objet_id)
    vus = {sorte: _visibles(sorte, voulues, lecteur) for sorte, voulues in cles.items()}
    return [_lire(suite, vus[suite.objet_type_id].get(suite.objet_id), retour) for suite in faites]


def _visibles(sorte: int, cles: list[int], lecteur: Utilisateur) -> dict[int, Any]:
    modele = ContentType.objects.get_for_id(sorte).model_class()
    if modele not in LECTURES:
        return {}
    lus: Any = modele._default_manager
    return {o.pk: o for o in lus.visibles_par(lecteur).filter(pk__in=cles).select_related(*LECTURES[modele][0])}


def _lire(suite: SuiteDeRetour, objet: Any, retour: Retour) -> SuiteLue:
    if objet is None:
        return SuiteLue(suite)
    _, etat, page = LECTURES[type(objet)]
    return SuiteLue(suite, str(objet), etat(objet, retour), page(objet))


def offertes_a(retour: Retour, lecteur: Utilisateur) -> list[Offerte]:
    """Ce que ce lecteur peut tirer de ce retour ; rien d'un retour regroupé. Un nombre constant de requêtes."""
    if retour.etat == EtatRetour.REGROUPE or not peut_traiter(lecteur, retour):
        return []
    permises = [sorte for nature, sorte in SORTES.items() if VERBES[nature](lecteur, retour)]
    if any(s.nature == NatureSuite.SEANCE for s in permises) and not seances_tenues(lecteur, retour).exists():
        permises = [s for s in permises if s.nature != NatureSuite.SEANCE]
    return [
        Offerte(s.nature, s.verbe, reverse("usages:retour-suite", args=[retour.pk, s.nature.value])) for s in permises
    ]


def retours_a_l_origine(objet: Model, lecteur: Utilisateur) -> list[Retour]:
    """Les retours que voit ce lecteur et d'où vient cet objet, pour y revenir. Une requête."""
    sorte = ContentType.objects.get_for_model(objet)
    siens = SuiteDeRetour.objects.filter(objet_type=sorte, objet_id=objet.pk).order_by().values("retour")
    return list(Retour.objects.visibles_par(lecteur).filter(pk__in=siens).order_by("pk"))
