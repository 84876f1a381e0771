"""Un classeur de comité opérationnel déjà relié : à déposer, ou à rendre sous ses propres intitulés."""

from django.conf import settings

from programme.models import Utilisateur
from programme.reprise.correspondance import proposer_correspondance
from programme.reprise.mots import mots_rencontres
from programme.services.correspondances import enregistrer
from programme.services.reprise.correspondances import GENRE
from programme.socle.grilles import ouvrir_classeur, proposer_lecture
from programme.socle.liaisons import Reglages
from programme.socle.models import Correspondance

CLASSEUR = settings.RACINE / "fixtures" / "imports" / "reprise-2.xlsx"
CHOISIS = {"etat": {"termine": "routine"}, "va_issue": {"ok": "prononcee"}}
"""Les deux mots que Treille ne devine pas, et ce que la cheffe de projet en a dit."""


def relier_le_classeur(cheffe: Utilisateur) -> Correspondance:
    """Retient le classeur du comité, comme l'aurait fait l'écran."""
    with CLASSEUR.open("rb") as fichier:
        classeur = ouvrir_classeur(fichier)
    lecture = proposer_lecture(classeur)
    grille = classeur.lire(lecture)
    relie = proposer_correspondance(grille, lecture)
    valeurs = {code: mots | CHOISIS.get(code, {}) for code, mots in relie["valeurs"].items()}
    ecrits = {
        code: {cle: rencontre.mot for cle, rencontre in mots.items()}
        for code, mots in mots_rencontres(grille, relie["colonnes"]).items()
    }
    reglages = Reglages(relie["lecture"], relie["colonnes"], valeurs, grille.entetes, ecrits)
    vierge = Correspondance(genre=GENRE, par=cheffe)
    nom = "Tableau du comité opérationnel"
    return enregistrer(correspondance=vierge, nom=nom, code="tableau-comop", reglages=reglages, par=cheffe)
