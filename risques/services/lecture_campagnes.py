"""Une campagne telle que la lit une personne : sa population, où en est chacun, qui manque."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from programme.models import Affectation, Utilisateur
from programme.socle.models import Passage
from risques.calculs.avancement import MOTS, RENDUES, situation
from risques.enums import EtatCampagne, NatureGrille, PorteeCampagne
from risques.models import Campagne, Evaluation, Grille
from risques.permissions import juger_grille, peut_conduire_evaluation

JUGER = ("valider", "demander_precision")


@dataclass(frozen=True, slots=True)
class Demandee:
    """Une grille attendue, telle que la voit ce lecteur. `nom` : vide si les noms ne lui sont pas ouverts.

    `depuis` : le jour où elle est entrée dans le « À faire » de l'évaluateur ; None si elle n'y est pas. `se_lit` : il
    peut l'ouvrir. `gestes` : les passages que la porte lui laisserait. `a_moi` : c'est à lui d'y répondre, maintenant.
    """

    grille: Grille
    nom: str
    depuis: date | None
    se_lit: bool = False
    gestes: tuple[str, ...] = ()
    a_moi: bool = False

    @property
    def est_rendue(self) -> bool:
        """Transmise ou validée."""
        return self.grille.etat in RENDUES

    @property
    def se_valide(self) -> bool:
        """Vrai si ce lecteur peut la valider."""
        return "valider" in self.gestes


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une évaluation de la population. `vacant` : personne ne dirige cet ESMS.

    `en_retard` : l'échéance est passée, tout n'est pas rendu. `conduit` : ce lecteur désigne, valide. `par_partage` :
    il n'en voit que le résultat, ni la situation, ni les grilles.
    """

    evaluation: Evaluation
    conduit: bool
    par_partage: bool = False
    en_retard: bool = False
    vacant: bool = False
    demandees: list[Demandee] = field(default_factory=list)
    consensus: Grille | None = None

    @property
    def situation(self) -> str:
        """Où elle en est."""
        return situation([d.grille.etat for d in self.demandees])

    @property
    def mot(self) -> str:
        """La situation, à l'écran."""
        return MOTS[self.situation]

    @property
    def nb_rendues(self) -> int:
        """Grilles transmises."""
        return sum(d.est_rendue for d in self.demandees)

    @property
    def nb_relancees(self) -> int:
        """Grilles que l'accueil rappelle déjà à quelqu'un."""
        return sum(d.depuis is not None for d in self.demandees)


def population_de(campagne: Campagne, lecteur: Utilisateur, au: date) -> list[Ligne]:
    """Les évaluations que voit ce lecteur, et leurs grilles ; nombre constant de requêtes."""
    vues = Evaluation.objects.visibles_par(lecteur).filter(campagne=campagne)
    return lignes_de(campagne, list(vues.pour_lecture()), lecteur, au)


def lignes_de(campagne: Campagne, evaluations: list[Evaluation], lecteur: Utilisateur, au: date) -> list[Ligne]:
    """Ces évaluations d'une campagne, et leurs grilles ; nombre constant de requêtes."""
    grilles: dict[int, list[Grille]] = defaultdict(list)
    lues = Evaluation.objects.filter(pk__in=[e.pk for e in evaluations]).order_by()
    attendues = set(lues.a_rendre_par(lecteur).values_list("pk", flat=True))
    confiees = set(lues.confiees_a(lecteur).values_list("pk", flat=True))
    vues = Grille.objects.visibles_par(lecteur).filter(evaluation__in=evaluations)
    for grille in vues.select_related("evaluateur").order_by("creee_le", "pk"):
        grilles[grille.evaluation_id].append(grille)
    ouverte_le = _ouverte_le(campagne)
    sans = [e for e in evaluations if not grilles[e.pk]]
    vacants = _sans_direction(sans, au)
    return [
        _ligne(
            campagne,
            e,
            grilles[e.pk],
            lecteur,
            au,
            ouverte_le=ouverte_le,
            vacant=e.pk in vacants,
            doit_repondre=e.pk in attendues,
        )
        if e.pk in confiees
        else Ligne(e, conduit=False, par_partage=True)
        for e in evaluations
    ]


def _ligne(
    campagne: Campagne,
    evaluation: Evaluation,
    grilles: list[Grille],
    lecteur: Utilisateur,
    au: date,
    *,
    ouverte_le: date | None,
    vacant: bool,
    doit_repondre: bool,
) -> Ligne:
    evaluation.campagne = campagne
    conduit = bool(peut_conduire_evaluation(lecteur, evaluation))
    demandees = []
    for g in grilles:
        if g.nature != NatureGrille.CONSENSUS:
            g.evaluation = evaluation
            lit = _se_lit(g, conduit, doit_repondre, lecteur)
            gestes = _gestes(g, doit_repondre, lecteur) if conduit else ()
            a_moi = g.evaluateur_id == lecteur.pk and g.est_a_remplir
            demandees.append(Demandee(g, _nom(g, conduit, lecteur), _depuis(g, ouverte_le), lit, gestes, a_moi))
    tout_rendu = bool(demandees) and all(d.est_rendue for d in demandees)
    return Ligne(
        evaluation=evaluation,
        conduit=conduit,
        en_retard=campagne.est_en_retard(au) and not tout_rendu,
        vacant=vacant,
        demandees=demandees,
        consensus=next((g for g in grilles if g.nature == NatureGrille.CONSENSUS), None),
    )


def _se_lit(grille: Grille, conduit: bool, doit_repondre: bool, lecteur: Utilisateur) -> bool:
    """Ce que dirait `peut_lire_grille` à qui conduit ou répond, sans relire chaque grille."""
    sienne = grille.evaluateur_id == lecteur.pk
    if sienne and grille.nature == NatureGrille.INDIVIDUELLE:
        return True
    return not doit_repondre and (sienne or conduit and grille.etat in RENDUES)


def _gestes(grille: Grille, doit_repondre: bool, lecteur: Utilisateur) -> tuple[str, ...]:
    """Ce que la porte laisserait à ce lecteur : le droit, l'état de départ, rien qui s'y oppose."""
    if not juger_grille(lecteur, grille, doit_repondre):
        return ()
    return tuple(t for t in JUGER if grille.etat in grille.departs(t) and not grille.obstacles(t, {}))


def _nom(grille: Grille, conduit: bool, lecteur: Utilisateur) -> str:
    return str(grille.evaluateur) if conduit or grille.evaluateur_id == lecteur.pk else ""


def _depuis(grille: Grille, ouverte_le: date | None) -> date | None:
    if ouverte_le is None or grille.etat in RENDUES:
        return None
    return max(ouverte_le, timezone.localdate(grille.creee_le))


def _ouverte_le(campagne: Campagne) -> date | None:
    """Le jour où l'accueil s'est mis à la rappeler : celui de la dernière ouverture."""
    if campagne.etat != EtatCampagne.OUVERTE:
        return None
    dernier = Passage.objects.de(campagne).filter(vers=EtatCampagne.OUVERTE).last()
    return dernier.date_effet if dernier else None


def _sans_direction(evaluations: Iterable[Evaluation], au: date) -> set[int]:
    """Celles dont personne ne dirige l'ESMS ce jour-là. Deux requêtes."""
    d_esms = {e.pk: e.parcours.esms_id for e in evaluations if e.parcours}
    if not d_esms:
        return set()
    actives = Affectation.objects.en_cours(au).de_direction().filter(utilisateur__is_active=True)
    tenues = actives.par_esms(set(d_esms.values()))
    return {cle for cle, esms in d_esms.items() if not tenues[esms]}


def a_designer(campagne: Campagne, lignes: list[Ligne]) -> Evaluation | None:
    """La première évaluation à qui donner quelqu'un, si la campagne n'a, ou n'aurait, personne à qui demander.

    « Chaque ESMS » désigne d'office sa direction à l'ouverture, sauf poste vacant.
    """
    d_office = campagne.portee == PorteeCampagne.ESMS and campagne.est_preparee
    if any(ligne.demandees or (d_office and not ligne.vacant) for ligne in lignes):
        return None
    return lignes[0].evaluation if lignes else None


def absents(lignes: Iterable[Ligne]) -> int:
    """Combien d'évaluations ne sont pas rendues en entier."""
    return sum(ligne.situation not in RENDUES for ligne in lignes if not ligne.par_partage)
