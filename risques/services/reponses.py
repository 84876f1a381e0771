"""Écrire une réponse : sous verrou, sur ce qu'on a lu, sans jamais effacer en silence celle d'un autre."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.services.controles import exiger
from programme.socle.dates import date_courte, heure
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.texte import nettoyer
from risques.enums import EtatGrille
from risques.models import Grille, Question, Reponse
from risques.permissions import peut_repondre_a
from risques.services.grilles import QuestionLue, detailler, dire, exiger_a_remplir, verrouiller

SANS_OBJET = "so"
"""Ce qu'on écrit pour « sans objet », à l'écran comme sur papier."""

INCONNUE = "Cette question n'est pas dans cette grille : rechargez la page."
PLUS_POSEE = "Cette question n'est plus posée : la réponse dont elle dépend a changé."
ILLISIBLE = "Une réponse est un nombre de l'échelle, ou « so » pour sans objet."


@dataclass
class Croisement(Refus):
    """Quelqu'un (ou un autre onglet) a répondu entre-temps : `actuelle` est ce qui est en base."""

    actuelle: Reponse | None = None


def instant_court(reponse: Reponse) -> str:
    """« 14 h 02 », ou « 3 mars 2026 à 14 h 02 » si ce n'était pas aujourd'hui."""
    le = timezone.localtime(reponse.le)
    if le.date() == timezone.localdate():
        return heure(le)
    return f"{date_courte(le.date())} à {heure(le)}"


def lire_valeur(texte: str) -> tuple[int | None, bool]:
    """(note, sans objet) d'une saisie : « 7 », « so », ou rien. Lève `Refus("champ")`."""
    texte = texte.strip()
    if texte.lower() == SANS_OBJET:
        return None, True
    if not texte:
        return None, False
    if not (texte.isascii() and texte.isdigit() and len(texte) < 5):
        raise _refuser(ILLISIBLE)
    return int(texte), False


def echelle_en_mots(question: Question) -> str:
    """Ce que cette question admet : « de 1 à 10, ou sans objet »."""
    if question.choix:
        valeurs = ", ".join(str(e["valeur"]) for e in question.echelle)
        bornes = f"l'une de ces réponses : {valeurs}"
    else:
        bornes = f"de {question.minimum} à {question.maximum}"
    return f"{bornes}, ou sans objet" if question.sans_objet else bornes


def faute_de_valeur(question: Question, valeur: int | None, sans_objet: bool) -> str:
    """Pourquoi cette réponse n'est pas de l'échelle de la question, en une phrase ; vide si elle l'est."""
    if sans_objet and not question.sans_objet:
        return f"« Sans objet » n'est pas permis à {question.code} : répondez {echelle_en_mots(question)}."
    if valeur is None:
        return ""
    if question.choix:
        admise = valeur in {e["valeur"] for e in question.echelle}
    else:
        admise = question.minimum <= valeur <= question.maximum
    return "" if admise else f"{valeur} n'est pas sur l'échelle de {question.code} : {echelle_en_mots(question)}."


@transaction.atomic
def repondre(
    *,
    grille: Grille,
    code: str,
    valeur: int | None = None,
    sans_objet: bool = False,
    mot: str = "",
    vu: int,
    par: Utilisateur,
) -> Reponse:
    """Écrit une réponse et rend ce qui est en base. Ni note ni « sans objet » : l'efface, le commentaire demeure.

    `vu` : la version lue, 0 si rien n'était dit. Redire la même chose ne fait rien : un envoi dont l'accusé s'est perdu
    se rejoue sans dommage. Lève `Refus` (droit, etat, champ) ou `Croisement`, sans rien écrire.
    """
    tenue = verrouiller(grille)
    exiger(peut_repondre_a(par, tenue))
    exiger_a_remplir(tenue)
    lue = _question(tenue, code)
    mot = nettoyer(mot)
    if faute := faute_de_valeur(lue.question, valeur, sans_objet):
        raise _refuser(faute)
    reponse = _exiger_lue(lue, valeur, sans_objet, mot, vu)
    if reponse is not None:
        return reponse
    ecrite = ecrire(tenue, lue, valeur, sans_objet, mot, par)
    entamer(tenue, par)
    return ecrite


def _question(grille: Grille, code: str) -> QuestionLue:
    lue = detailler(grille).questions.get(code)
    if lue is None:
        raise _refuser(INCONNUE)
    if not lue.posee:
        raise Refus("champ", PLUS_POSEE, champs={"code": [PLUS_POSEE]})
    return lue


def _exiger_lue(lue: QuestionLue, valeur: int | None, sans_objet: bool, mot: str, vu: int) -> Reponse | None:
    """La réponse en base si elle dit déjà cela ; lève `Croisement` si elle a changé depuis `vu`."""
    actuelle = lue.reponse
    if actuelle is None:
        if valeur is None and not sans_objet and not mot:
            return Reponse(question=lue.question, version=0)
        return None
    if (actuelle.valeur, actuelle.sans_objet, actuelle.mot) == (valeur, sans_objet, mot):
        return actuelle
    if actuelle.version != vu:
        raise Croisement("concurrence", _dire_croisement(lue, valeur, sans_objet), actuelle=actuelle)
    return None


def _dire_croisement(lue: QuestionLue, valeur: int | None, sans_objet: bool) -> str:
    actuelle = lue.reponse
    assert actuelle is not None
    fait = f"a répondu « {lue.dit} »" if lue.dit else "a effacé la réponse"
    commente = f", avec ce commentaire : « {actuelle.mot} »" if actuelle.mot else ""
    la_mienne = dire(lue.question, valeur, sans_objet)
    suite = f"Votre réponse, « {la_mienne} », n'est pas enregistrée." if la_mienne else "Rien n'est effacé."
    return f"Entre-temps, {actuelle.par} {fait} ({instant_court(actuelle)}){commente}. {suite}"


def ecrire(
    grille: Grille, lue: QuestionLue, valeur: int | None, sans_objet: bool, mot: str, par: Utilisateur
) -> Reponse:
    """Écrit sans plus rien vérifier que le texte ; réservé aux services qui tiennent la grille."""
    reponse = lue.reponse or Reponse(grille=grille, question=lue.question, version=0)
    reponse.valeur, reponse.sans_objet, reponse.mot = valeur, sans_objet, mot
    reponse.version += 1
    reponse.par, reponse.le = par, timezone.now()
    try:
        reponse.clean_fields(exclude=["grille", "question", "par"])
    except ValidationError as fautes:
        raise Refus("champ", " ".join(fautes.messages), champs=fautes.message_dict) from fautes
    reponse.save()
    return reponse


def entamer(grille: Grille, par: Utilisateur) -> None:
    """La première réponse fait commencer la grille, par la porte."""
    if grille.etat == EtatGrille.A_REPONDRE and grille.reponses.dites().exists():
        changer_etat(grille, "commencer", par=par)


def _refuser(phrase: str) -> Refus:
    return Refus("champ", phrase, champs={"valeur": [phrase]})
