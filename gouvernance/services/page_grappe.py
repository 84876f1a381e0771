"""La page d'entrée de la gouvernance d'une grappe, et celle d'une instance : ce que chacun y lit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from gouvernance.calculs.composition import Composition, composer
from gouvernance.calculs.representation import Engage, sans_personne
from gouvernance.enums import EtatSeance, TypeInstance
from gouvernance.models import Alerte, Decision, Instance, Mandat, Point, Seance
from gouvernance.models.seances import TENUES, SeanceQuerySet
from gouvernance.services.ordre_du_jour import points_portes
from gouvernance.services.representation import en_siege, engages_de, mandats_de
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import voit_toute_la_grappe

MONTREES = 5
SEANCES_MONTREES = 12


@dataclass(frozen=True, slots=True)
class InstanceLue:
    """Une instance : ses sièges, sa règle, sa prochaine séance si le lecteur la suit, et ses sièges à lui."""

    instance: Instance
    mandats: tuple[Mandat, ...]
    composition: Composition
    prochaine: Seance | None
    siens: tuple[Mandat, ...]
    suivie: bool


@dataclass(frozen=True, slots=True)
class PageDeGrappe:
    """La gouvernance d'une grappe pour un lecteur. `sans` : ceux de ses ESMS que personne ne représente."""

    instances: tuple[InstanceLue, ...]
    closes: tuple[Instance, ...]
    aucune: bool
    sans: tuple[Engage, ...]
    nb_esms: int
    entiere: bool
    decisions: tuple[Decision, ...]
    alertes: tuple[Alerte, ...]
    nb_alertes: int

    @property
    def siennes(self) -> tuple[InstanceLue, ...]:
        """Celles où il siège."""
        return tuple(i for i in self.instances if i.siens)


@dataclass(frozen=True, slots=True)
class Suivie:
    """Une instance que suit le lecteur : ses sièges à lui (aucun s'il la conduit seulement), sa prochaine séance."""

    instance: Instance
    siens: tuple[Mandat, ...]
    prochaine: Seance | None


@dataclass(frozen=True, slots=True)
class PageDInstance:
    """Une instance pour un lecteur. `tenues` et `a_venir` : les séances qu'il lit ; `points` : portés au COMOP."""

    lue: InstanceLue
    finis: tuple[Mandat, ...]
    a_commencer: tuple[Mandat, ...]
    a_venir: tuple[Seance, ...]
    tenues: tuple[Seance, ...]
    points: tuple[Point, ...]


def _lire(
    instance: Instance,
    mandats: Iterable[Mandat],
    engages: list[Engage],
    prochaine: Seance | None,
    par: Utilisateur,
    suivie: bool,
) -> InstanceLue:
    sieges = tuple(mandats)
    composition = composer(
        instance.type,
        engages,
        [en_siege(m) for m in sieges],
        maximum=instance.effectif_max,
        animee=any(m.anime for m in sieges),
    )
    siens = tuple(m for m in sieges if par.pk in (m.utilisateur_id, m.suppleant_id))
    return InstanceLue(instance, sieges, composition, prochaine, siens, suivie)


def _rang(instance: Instance) -> tuple[int, str, int]:
    """Qui arbitre d'abord, puis qui suit : l'ordre de l'énumération."""
    return list(TypeInstance).index(TypeInstance(instance.type)), instance.nom, instance.pk


def lire_la_grappe(grappe: Grappe, par: Utilisateur, au: date) -> PageDeGrappe:
    """Instances, ESMS que personne ne représente, décisions récentes, alertes ouvertes : ce que voit ce lecteur.

    Le même nombre de requêtes, quel que soit le nombre d'ESMS et de sièges.
    """
    vues = sorted(Instance.objects.visibles_par(par).filter(grappe=grappe).pour_lecture(), key=_rang)
    suivies = set(Instance.objects.suivies_par(par).filter(grappe=grappe).values_list("pk", flat=True))
    mandats, prochaines = mandats_de(grappe, au), _prochaines(Seance.objects.filter(comite__grappe=grappe), par)
    tous = engages_de(Parcours.objects.filter(grappe=grappe))
    entiere = voit_toute_la_grappe(par, grappe)
    vus = Parcours.objects.visibles_par(par).filter(grappe=grappe).order_by().values_list("pk", flat=True)
    lisibles = {e.cle for e in tous} if entiere else set(vus)
    engages = [e for e in tous if e.cle in lisibles]
    ouvertes = [
        _lire(i, [m for m in mandats if m.comite_id == i.pk], tous, prochaines.get(i.pk), par, i.pk in suivies)
        for i in vues
        if i.close_le is None
    ]
    alertes = Alerte.objects.visibles_par(par).filter(grappe=grappe).ouvertes()
    return PageDeGrappe(
        instances=tuple(ouvertes),
        closes=tuple(i for i in vues if i.close_le),
        aucune=not vues and not Instance.objects.filter(grappe=grappe).exists(),
        sans=tuple(sans_personne(engages, [en_siege(m) for m in mandats])),
        nb_esms=len(engages),
        entiere=entiere,
        decisions=tuple(_decisions(grappe, par)),
        alertes=tuple(alertes.select_related("parcours__esms").order_by("echeance", "pk")[:MONTREES]),
        nb_alertes=alertes.count(),
    )


def _prochaines(seances: SeanceQuerySet, par: Utilisateur) -> dict[int, Seance]:
    """Par instance, la première de ces séances à venir que suit ce lecteur. Une requête."""
    a_venir = seances.suivies_par(par).a_venir()
    rendu: dict[int, Seance] = {}
    for seance in a_venir.select_related("comite").order_by("debut", "pk"):
        rendu.setdefault(seance.comite_id, seance)
    return rendu


def _decisions(grappe: Grappe, par: Utilisateur) -> list[Decision]:
    """Les dernières arbitrées que lit ce compte. Une requête."""
    prises = Decision.objects.visibles_par(par).filter(grappe=grappe, arbitree_le__isnull=False)
    return list(prises.select_related("comite").order_by("-arbitree_le", "-pk")[:MONTREES])


def lire_les_siennes(par: Utilisateur, au: date) -> list[Suivie]:
    """Les instances ouvertes où il siège, ou qu'il conduit, par grappe. Trois requêtes."""
    suivies = Instance.objects.suivies_par(par).actives().pour_lecture()
    tenus = list(Mandat.objects.en_cours(au).de(par).pour_lecture().order_by("-anime", "represente", "pk"))
    prochaines = _prochaines(Seance.objects.all(), par)
    rangees = sorted(suivies, key=lambda i: (i.grappe.tri, i.grappe_id, _rang(i)))
    return [Suivie(i, tuple(m for m in tenus if m.comite_id == i.pk), prochaines.get(i.pk)) for i in rangees]


def lire_l_instance(instance: Instance, par: Utilisateur, au: date, *, suivie: bool) -> PageDInstance:
    """Ses sièges, sa règle, ses séances si le lecteur les suit, les points qu'elle a portés."""
    mandats = list(instance.mandats.pour_lecture().order_by("-anime", "represente", F("du").asc(), "pk"))
    engages = engages_de(Parcours.objects.filter(grappe=instance.grappe_id))
    seances: list[Seance] = list(
        Seance.objects.suivies_par(par).filter(comite=instance).select_related("comite").order_by("-debut")
    )
    a_venir = [s for s in reversed(seances) if s.etat in (EtatSeance.PREPAREE, EtatSeance.OUVERTE)]
    courent = [m for m in mandats if m.est_en_cours(au)]
    return PageDInstance(
        lue=_lire(instance, courent, engages, a_venir[0] if a_venir else None, par, suivie),
        finis=tuple(m for m in mandats if m.au is not None and m.au < au),
        a_commencer=tuple(m for m in mandats if m.du > au),
        a_venir=tuple(a_venir),
        tenues=tuple(s for s in seances if s.etat in TENUES)[:SEANCES_MONTREES],
        points=tuple(points_portes(instance, par=par)[:SEANCES_MONTREES]),
    )
