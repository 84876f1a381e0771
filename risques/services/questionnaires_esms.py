"""Les questionnaires d'un ESMS : ce qu'on lui demande, ce qu'il a transmis, campagnes closes comprises."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from programme.models import Parcours, Utilisateur
from risques.calculs.avancement import MOTS, situation
from risques.enums import EtatCampagne, NatureGrille
from risques.models import Campagne, Evaluation, Grille


@dataclass(frozen=True, slots=True)
class QuestionnaireEsms:
    """Une évaluation de l'ESMS, telle que la voit ce lecteur.

    `grilles` : celles qu'il sait exister, consensus à part ; aucune pour le financeur. `sienne` : la sienne.
    `transmise_le` : la dernière transmission.
    """

    evaluation: Evaluation
    grilles: tuple[Grille, ...]
    sienne: Grille | None
    transmise_le: date | None

    @property
    def campagne(self) -> Campagne:
        """La campagne qui le pose."""
        return self.evaluation.campagne

    @property
    def mot(self) -> str:
        """Où il en est ; « close » l'emporte, on n'y répond plus."""
        if self.campagne.etat == EtatCampagne.CLOSE:
            return str(self.campagne.get_etat_display()).lower()
        return MOTS[situation([g.etat for g in self.grilles])].lower() if self.grilles else ""

    @property
    def a_repondre(self) -> bool:
        """Vrai si ce lecteur a encore à transmettre la sienne."""
        return self.sienne is not None and self.sienne.est_a_remplir


def questionnaires_de(parcours: Parcours, lecteur: Utilisateur) -> list[QuestionnaireEsms]:
    """Ceux que ce lecteur voit, le plus récent d'abord ; deux requêtes, plus son périmètre."""
    vues = Evaluation.objects.visibles_par(lecteur).filter(parcours=parcours).pour_lecture()
    evaluations = list(vues.order_by("-campagne__creee_le", "-pk"))
    if not evaluations:
        return []
    par_evaluation: dict[int, list[Grille]] = {e.pk: [] for e in evaluations}
    connues = {e.pk: e for e in evaluations}
    grilles = Grille.objects.visibles_par(lecteur).filter(evaluation__in=list(connues))
    grilles = grilles.exclude(nature=NatureGrille.CONSENSUS).annotate(transmise_le=Max("instantanes__le"))
    for grille in grilles.order_by("pk"):
        grille.evaluation = connues[grille.evaluation_id]
        par_evaluation[grille.evaluation_id].append(grille)
    return [_lire(e, par_evaluation[e.pk], lecteur) for e in evaluations]


def _lire(evaluation: Evaluation, grilles: list[Grille], lecteur: Utilisateur) -> QuestionnaireEsms:
    jours = [jour for g in grilles if (jour := getattr(g, "transmise_le", None))]
    sienne = next((g for g in grilles if g.evaluateur_id == lecteur.pk), None)
    return QuestionnaireEsms(evaluation, tuple(grilles), sienne, max(jours, default=None))
