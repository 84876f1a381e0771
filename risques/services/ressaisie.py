"""Reprendre une grille remplie sur papier : examiner sans écrire, puis tout écrire d'un bloc, ou rien."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from programme.models import Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from risques.calculs.reponses import Note, questions_posees
from risques.calculs.ressaisie import Faute, Saisie, TropLong, a_montrer, lire
from risques.models import Grille
from risques.permissions import peut_repondre_a
from risques.services.grilles import GrilleDetaillee, QuestionLue, detailler, dire, exiger_a_remplir, verrouiller
from risques.services.reponses import ecrire, entamer, faute_de_valeur

ENTRE_TEMPS = "Entre-temps, des réponses de cette grille ont changé : relisez l'aperçu, refait, puis confirmez."


@dataclass(frozen=True, slots=True)
class Changement:
    """Une réponse que le texte change, avant et après, en mots."""

    lue: QuestionLue
    saisie: Saisie
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Examen:
    """Ce que donnerait un texte. `vu` : ce sur quoi l'aperçu s'appuie ; rien ne s'écrit s'il y a une faute.

    `fautes` : les premières ; `autres` : combien suivent, qu'on ne montre pas.
    """

    changements: tuple[Changement, ...]
    inchangees: int
    fautes: tuple[Faute, ...]
    autres: int
    vu: str

    @property
    def nb_fautes(self) -> int:
        """Toutes, montrées ou non."""
        return len(self.fautes) + self.autres


def empreinte(detail: GrilleDetaillee) -> str:
    """Les versions de toutes les réponses, en un mot : il change dès que l'une change."""
    versions = ".".join(f"{q.reponse.pk}-{q.version}" for q in detail.questions.values() if q.reponse)
    return sha256(versions.encode()).hexdigest()[:16]


def examiner(grille: Grille, texte: str) -> Examen:
    """Lit et vérifie un texte, sans rien écrire. Lève `Refus("champ")` s'il ne peut pas être une grille."""
    detail = detailler(grille)
    questions = detail.questions
    try:
        lecture = lire(texte, questions)
    except TropLong as trop:
        raise Refus("champ", str(trop), champs={"texte": [str(trop)]}) from trop
    fautes = [*lecture.fautes, *_hors_echelle(lecture.saisies, questions)]
    if not fautes:
        fautes += _plus_posees(detail, lecture.saisies)
    montrees, autres = a_montrer(fautes)
    changements = [c for s in lecture.saisies if (c := _comparer(questions[s.code], s)) is not None]
    return Examen(
        tuple(changements),
        len(lecture.saisies) - len(changements),
        montrees,
        autres,
        empreinte(detail),
    )


def _hors_echelle(saisies: tuple[Saisie, ...], questions: dict[str, QuestionLue]) -> list[Faute]:
    dites = ((s, faute_de_valeur(questions[s.code].question, s.valeur, s.sans_objet)) for s in saisies)
    return [Faute(s.ligne, phrase) for s, phrase in dites if phrase]


def _plus_posees(detail: GrilleDetaillee, saisies: tuple[Saisie, ...]) -> list[Faute]:
    """Celles que leur condition écarte, une fois tout le texte pris en compte."""
    notes = {
        code: Note(q.reponse.valeur, q.reponse.sans_objet) for code, q in detail.questions.items() if q.reponse
    } | {s.code: Note(s.valeur, s.sans_objet) for s in saisies}
    posees = questions_posees(detail.grille.sections_posees(), notes)
    phrase = "{} ne se pose pas ici : la réponse dont elle dépend l'écarte. Retirez-la."
    return [Faute(s.ligne, phrase.format(s.code)) for s in saisies if s.code not in posees]


def _comparer(lue: QuestionLue, saisie: Saisie) -> Changement | None:
    en_base = (lue.reponse.valeur, lue.reponse.sans_objet) if lue.reponse else (None, False)
    if en_base == (saisie.valeur, saisie.sans_objet):
        return None
    return Changement(lue, saisie, lue.dit, dire(lue.question, saisie.valeur, saisie.sans_objet))


@transaction.atomic
def ressaisir(*, grille: Grille, texte: str, vu: str, par: Utilisateur) -> Examen:
    """Écrit tout le texte, ou rien ; les commentaires demeurent.

    `vu` : celui de l'aperçu confirmé. Lève `Refus` : droit, etat, champ (une faute), concurrence (elle a changé).
    """
    tenue = verrouiller(grille)
    exiger(peut_repondre_a(par, tenue))
    exiger_a_remplir(tenue)
    examen = examiner(tenue, texte)
    if examen.fautes:
        phrases = [f"Ligne {f.ligne} : {f.phrase}" for f in examen.fautes]
        if examen.autres:
            phrases.append(f"Et {accorde(examen.autres, 'autre faute,autres fautes')} : corrigez celles-ci d'abord.")
        raise Refus("champ", "Rien n'est enregistré : corrigez les fautes.", champs={"texte": phrases})
    if examen.vu != vu:
        raise Refus("concurrence", ENTRE_TEMPS)
    for c in examen.changements:
        mot = c.lue.reponse.mot if c.lue.reponse else ""
        ecrire(tenue, c.lue, c.saisie.valeur, c.saisie.sans_objet, mot, par)
    entamer(tenue, par)
    return examen
