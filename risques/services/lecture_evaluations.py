"""Ce qu'une personne lit d'une évaluation : les écarts d'abord, la moyenne ensuite, puis ce qu'on a retenu ensemble.

Qui doit encore répondre ne voit que l'avancement. Qui ne conduit ni ne répond, et le financeur par un partage, lisent
le résultat seul, une fois qu'il n'est plus la réponse d'une seule personne (`EvaluationQuerySet.rendues_a`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.models import Utilisateur
from programme.socle.nombres import nombre
from risques.calculs.dispersion import DispersionQuestion, disperser, plus_dispersees
from risques.calculs.echelle import Question
from risques.calculs.mots import LECTURES
from risques.calculs.notation import Resultat, noter
from risques.calculs.reponses import PAS_REPONDU
from risques.dessins import dispersion as bandes
from risques.dessins import radar as profil
from risques.dessins import tendance as courbe
from risques.donnees_partagees import Mediane, mediane_de
from risques.enums import NatureGrille, ObjetQuestionnaire, Regard
from risques.models import Evaluation, Grille, Instantane
from risques.models import Question as QuestionPosee
from risques.permissions import peut_repondre_a
from risques.services import comparaisons, confrontations
from risques.services.evaluations import Accord, a_repondre_d_abord, accord_de
from risques.services.grilles import total_dit
from risques.services.lecture_campagnes import Ligne, lignes_de
from risques.services.resultats import MOYENNE, GrilleLue, ResultatEvaluation, moyenne, resultat_de

D_ABORD = 10
"""Questions dont on montre d'emblée la dispersion : celles qui divisent."""
SOURCES: dict[str, str] = {
    str(NatureGrille.CONSENSUS): "Consensus",
    str(NatureGrille.REUNION): "Réunion",
    MOYENNE: "Moyenne des réponses",
}
SENS_INCONNU = (
    "Le sens de cette version n'est pas connu : les réponses se lisent, rien ne se totalise ni ne se compare avant "
    "qu'une version dise ce que vaut une note haute."
)


@dataclass(frozen=True, slots=True)
class Vue:
    """Une grille transmise, et comment on la nomme : son regard et la personne."""

    lue: GrilleLue
    nom: str
    resultat: Resultat

    @property
    def total(self) -> str:
        """Le total à l'écran ; « — » si la grille ne dit pas tout."""
        return _ecrire(self.resultat.affiche)


@dataclass(frozen=True, slots=True)
class Retenu:
    """Une réponse collective : réunion ou consensus. `histoire` : chaque transmission, telle qu'elle fut figée."""

    grille: Grille
    resultat: Resultat
    transmise: bool
    histoire: list[Instantane]


@dataclass
class Page:
    """La page d'une évaluation. `attend` : sa propre grille à transmettre ; le reste est alors fermé.

    `detaillee` : il lit ce que chacun a répondu, et qui. `par_partage` : il ne la lit que par un partage.
    """

    evaluation: Evaluation
    ligne: Ligne
    titre: str
    sens: str
    attend: Grille | None = None
    detaillee: bool = False
    par_partage: bool = False
    lu: ResultatEvaluation | None = None
    vues: list[Vue] = field(default_factory=list)
    dispersion: bandes.Dispersion | None = None
    nb_dispersees: int = 0
    nb_montrees: int = 0
    moyenne: Resultat | None = None
    radar: profil.Radar | None = None
    reunion: Retenu | None = None
    consensus: Retenu | None = None
    croises: confrontations.RegardsCroises | None = None
    cote_a_cote: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    rapprochements: list[comparaisons.Rapprochement] = field(default_factory=list)
    mediane: Mediane | None = None
    sections: list[tuple[str, str, str, str]] = field(default_factory=list)
    tendance: courbe.Tendance | None = None

    @property
    def resultat(self) -> Resultat | None:
        """Le résultat qui vaut : consensus, réunion ou moyenne."""
        return self.lu.resultat if self.lu else None

    @property
    def sections_a_dire(self) -> bool:
        """Vrai si leur table dit plus que le profil : une médiane, ou des sections qui ne valent pas cent."""
        return self.mediane is not None or any(sur != "100" for _, _, sur, _ in self.sections)

    @property
    def sens_inconnu(self) -> str:
        """Pourquoi rien ne se totalise ; vide d'ordinaire."""
        return SENS_INCONNU if self.resultat and self.resultat.sens_inconnu else ""


def _ecrire(valeur: int | None) -> str:
    return "—" if valeur is None else nombre(valeur)


def page_de(evaluation: Evaluation, lecteur: Utilisateur, au: date, *, toutes: bool = False) -> Page:
    """Ce que ce lecteur voit de cette évaluation ; `toutes` : la dispersion de toutes les questions."""
    titre, sens = LECTURES[ObjetQuestionnaire(evaluation.campagne.version_posee.questionnaire.objet)]
    page = Page(evaluation, lignes_de(evaluation.campagne, [evaluation], lecteur, au)[0], titre, sens)
    page.attend = a_repondre_d_abord(lecteur, evaluation)
    if page.attend:
        return page
    page.par_partage = page.ligne.par_partage
    page.detaillee = Evaluation.objects.detaillees_a(lecteur).filter(pk=evaluation.pk).exists()
    if not page.detaillee and not Evaluation.objects.rendues_a(lecteur).filter(pk=evaluation.pk).exists():
        return page
    autres = comparaisons.autres_evaluations(evaluation, lecteur)
    lus = comparaisons.lire([evaluation, *autres])
    page.lu = lus.pop(evaluation.pk)
    if page.detaillee:
        _detailler(page, toutes)
    if not page.par_partage:
        histoires = _histoires(page.lu)
        page.reunion = _retenu(page.lu, NatureGrille.REUNION, histoires)
        page.consensus = _retenu(page.lu, NatureGrille.CONSENSUS, histoires)
        page.mediane = mediane_de(evaluation, lecteur)
    if page.resultat:
        page.radar = _radar(page)
        page.sections = _sections(page)
        page.rapprochements = comparaisons.rapprocher(page.lu, lus.values())
        page.tendance = comparaisons.tendance_de(page.lu, lus.values(), f"{titre}, au fil des évaluations")
    return page


def _detailler(page: Page, toutes: bool) -> None:
    """Ce que seul lit qui conduit ou répond : qui a répondu quoi."""
    lu = page.lu
    assert lu is not None
    version = page.evaluation.campagne.version_posee
    noms = _noms(lu.individuelles)
    page.vues = [Vue(g, noms[g.grille.pk], noter(g.sections, g.reponses, version.total)) for g in lu.individuelles]
    enonces = _enonces(page.evaluation) if len(page.vues) > 1 else {}
    _disperser(page, lu, enonces, toutes)
    if page.vues:
        page.moyenne = noter(lu.sections, moyenne(lu.individuelles), version.total)
        if len(page.vues) > 1:
            page.cote_a_cote = _cote_a_cote(page)
            if version.questionnaire.objet in confrontations.CROISES:
                page.croises = confrontations.croiser(lu, {code: q.enonce for code, q in enonces.items()})


def _enonces(evaluation: Evaluation) -> dict[str, QuestionPosee]:
    return {q.code: q for q in QuestionPosee.objects.filter(section__version=evaluation.campagne.version_posee_id)}


def _noms(grilles: list[GrilleLue]) -> dict[int, str]:
    """Comment nommer chaque évaluateur : son regard et lui ; deux du même nom se numérotent."""
    noms = {g.grille.pk: f"{g.grille.get_regard_display()} ({g.grille.evaluateur})" for g in grilles}
    compte: dict[str, int] = {}
    plusieurs = {n for n in noms.values() if list(noms.values()).count(n) > 1}
    rendu = {}
    for cle, nom in noms.items():
        compte[nom] = compte.get(nom, 0) + 1
        rendu[cle] = f"{nom} {compte[nom]}" if nom in plusieurs else nom
    return rendu


def _disperser(page: Page, lu: ResultatEvaluation, enonces: Mapping[str, QuestionPosee], toutes: bool) -> None:
    if len(page.vues) < 2:
        return
    dispersees = disperser(lu.sections, [v.lue.reponses for v in page.vues])
    choisies = sorted(dispersees, key=lambda d: d.rang) if toutes else plus_dispersees(dispersees, D_ABORD)
    page.nb_dispersees, page.nb_montrees = len(dispersees), len(choisies)
    if not choisies:
        return
    posees = {q.code: q for s in lu.sections for q in s.questions}
    page.dispersion = bandes.dessiner(
        [_bande(d, posees[d.code], page, enonces) for d in choisies],
        [bandes.Evaluateur(v.nom, Regard(v.lue.grille.regard)) for v in page.vues],
        titre="Toutes les questions, celles qui divisent d’abord" if toutes else "Celles qui divisent",
    )


def _bande(
    vue: DispersionQuestion, question: Question, page: Page, enonces: Mapping[str, QuestionPosee]
) -> bandes.QuestionLue:
    bornes = range(question.minimum, question.maximum + 1)
    notes = [v.lue.reponses.get(vue.code) for v in page.vues]
    return bandes.QuestionLue(
        code=vue.code,
        texte=enonces[vue.code].enonce,
        notes=tuple(float(n.valeur) if n and n.valeur is not None and n.valeur in bornes else None for n in notes),
        mot=vue.mots,
        etalement=vue.etalement,
        minimum=question.minimum,
        maximum=question.maximum,
    )


def _cote_a_cote(page: Page) -> list[tuple[str, list[tuple[str, str]]]]:
    """Une ligne par section, puis le total ; le nom et la valeur de chaque évaluateur."""
    lignes = [
        (s.nom, [(v.nom, _ecrire(v.resultat.sections[rang].affiche)) for v in page.vues])
        for rang, s in enumerate(page.vues[0].resultat.sections)
    ]
    return [*lignes, ("Total", [(v.nom, v.total) for v in page.vues])]


def _histoires(lu: ResultatEvaluation) -> dict[int, list[Instantane]]:
    collectives = [g.grille.pk for g in lu.grilles if g.grille.nature != NatureGrille.INDIVIDUELLE]
    rendu: dict[int, list[Instantane]] = {cle: [] for cle in collectives}
    if collectives:
        for fige in Instantane.objects.filter(grille__in=collectives).select_related("par").order_by("-rang"):
            rendu[fige.grille_id].append(fige)
    return rendu


def _retenu(lu: ResultatEvaluation, nature: str, histoires: Mapping[int, list[Instantane]]) -> Retenu | None:
    lue = next((g for g in lu.grilles if g.grille.nature == nature), None)
    if lue is None:
        return None
    resultat = noter(lue.sections, lue.reponses, lu.evaluation.campagne.version_posee.total)
    histoire: list[Any] = histoires[lue.grille.pk]
    for fige in histoire:
        fige.dit = total_dit(fige, lue.sections, lu.evaluation.campagne.version_posee)
    return Retenu(lue.grille, resultat, lue.est_transmise, histoire)


def _radar(page: Page) -> profil.Radar | None:
    """Le profil qui vaut, et derrière lui la moyenne des réponses quand on s'en est écarté ensemble."""
    resultat = page.resultat
    if resultat is None or resultat.sens_inconnu:
        return None
    series = [profil.Serie(_de_quoi(page), _fractions(resultat))]
    if page.moyenne and page.lu and page.lu.nature != MOYENNE:
        series.append(profil.Serie("Moyenne des réponses", _fractions(page.moyenne)))
    note = f"{page.sens.capitalize()}. Chaque section est ramenée sur 100."
    return profil.dessiner([s.nom for s in resultat.sections], series, titre=f"{page.titre} par section", note=note)


def _de_quoi(page: Page) -> str:
    return SOURCES[page.lu.nature] if page.lu else ""


def _fractions(resultat: Resultat) -> tuple[float | None, ...]:
    return tuple(None if s.fraction is None else float(s.fraction) for s in resultat.sections)


def _sections(page: Page) -> list[tuple[str, str, str, str]]:
    """Par section : nom, valeur, sur combien, médiane de la grappe (vide si elle ne se dit pas)."""
    resultat = page.resultat
    if resultat is None:
        return []
    medianes = page.mediane.sections if page.mediane else (None,) * len(resultat.sections)
    return [
        (s.nom, _ecrire(s.affiche), nombre(round(s.sur)), "" if m is None else nombre(m))
        for s, m in zip(resultat.sections, medianes, strict=True)
    ]


# --- tenir le consensus ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotesDeChacun:
    """Ce que chacun a répondu à une question, à côté de la saisie du consensus. `etendue` : « divisés, de 2 à 8 »."""

    notes: tuple[tuple[str, str], ...]
    etendue: str


def notes_de_chacun(grille: Grille, lecteur: Utilisateur) -> dict[str, NotesDeChacun]:
    """Par code de question, pour qui tient ce consensus ; rien à qui doit encore répondre, ou ne le tient pas."""
    evaluation = grille.evaluation
    if grille.nature != NatureGrille.CONSENSUS or not peut_repondre_a(lecteur, grille):
        return {}
    lu = resultat_de(evaluation)
    noms = _noms(lu.individuelles)
    etendues = {
        d.code: f"{d.mots}, de {d.notes[0]} à {d.notes[-1]}" if d.ecart else f"{d.mots}, à {d.notes[0]}"
        for d in disperser(lu.sections, [g.reponses for g in lu.individuelles])
    }
    rendu: dict[str, list[tuple[str, str]]] = {}
    for g in lu.individuelles:
        for code, note in g.reponses.items():
            if note != PAS_REPONDU:
                dite = "sans objet" if note.sans_objet else str(note.valeur)
                rendu.setdefault(code, []).append((noms[g.grille.pk], dite))
    return {code: NotesDeChacun(tuple(notes), etendues.get(code, "")) for code, notes in rendu.items()}


@dataclass(frozen=True, slots=True)
class AvantConsensus:
    """De quoi tenir le consensus. `attend` : sa propre grille, à transmettre d'abord.

    `restent` : combien de réponses communes ne sont pas encore reprises.
    """

    accord: Accord
    attend: Grille | None
    grille: Grille | None
    ecartees: list[tuple[DispersionQuestion, str]]
    restent: int


def avant_consensus(evaluation: Evaluation, lecteur: Utilisateur) -> AvantConsensus:
    """Combien de questions sont d'accord, lesquelles non ; rien à qui doit encore répondre."""
    grille = evaluation.grilles.filter(nature=NatureGrille.CONSENSUS).first()
    if attend := a_repondre_d_abord(lecteur, evaluation):
        return AvantConsensus(Accord(0, 0, {}), attend, grille, [], 0)
    lu = comparaisons.lire([evaluation])[evaluation.pk]
    accord = accord_de(lu)
    ecartees = plus_dispersees(disperser(lu.sections, [g.reponses for g in lu.individuelles]), D_ABORD)
    dites = set(grille.reponses.dites().values_list("question__code", flat=True)) if grille else set()
    enonces = _enonces(evaluation) if ecartees else {}
    restent = len(accord.communes.keys() - dites)
    return AvantConsensus(accord, None, grille, [(d, enonces[d.code].enonce) for d in ecartees], restent)
