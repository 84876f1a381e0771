"""Comment se lit le fichier d'un organisme : relié une fois, tout son siège s'en sert."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from formation.calculs.mots_rh import A_MOTS, METIER, RYTHME, UNITE, choix_de_rythme, proposer
from formation.services.import_professionnels.feuille import ENTETES, FEUILLE, RENDUES
from formation.services.import_professionnels.portee import Portee
from programme.models import Utilisateur
from programme.services.correspondances import Chez, choix_d_esms
from programme.socle.grilles import Lecture
from programme.socle.liaisons import ESMS, RIEN, Choix, Traducteur
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

GENRE = "professionnels"
CODE_DE_LA_FEUILLE = "feuille-de-treille"


@transaction.atomic
def de_la_feuille(*, chez: Chez, par: Utilisateur) -> Correspondance:
    """Celle de la feuille que Treille rend : ses intitulés et ses mots sont les siens, il n'y a rien à relier."""
    colonnes = {normaliser(intitule): code for code, intitule in RENDUES.items()}
    siennes = chez.toutes().filter(code__startswith=CODE_DE_LA_FEUILLE)
    if connue := siennes.filter(code=CODE_DE_LA_FEUILLE, colonnes=colonnes).first():
        return connue
    neuve = chez.neuve(par, nom="Feuille rendue par Treille", colonnes=colonnes)
    neuve.code = (
        f"{CODE_DE_LA_FEUILLE}-{par.pk}" if siennes.filter(code=CODE_DE_LA_FEUILLE).exists() else CODE_DE_LA_FEUILLE
    )
    neuve.options = {"lecture": Lecture(FEUILLE, 1).en_json(), "entetes": ENTETES}
    neuve.save()
    return neuve


# --- des mots aux valeurs ------------------------------------------------------------------------------------------


def choix_de(portee: Portee) -> dict[str, list[Choix]]:
    """Colonne à mots → ce que ses mots peuvent vouloir dire ici."""
    noms = {u.nom for unites in portee.unites.values() for u in unites.values()}
    return {
        METIER: [Choix(m.code, m.nom) for m in portee.metiers.values()],
        ESMS: choix_d_esms(portee.parcours),
        UNITE: [Choix(nom, nom) for nom in sorted(noms)],
        RYTHME: choix_de_rythme(),
    }


def traducteur(correspondance: Correspondance, portee: Portee) -> Traducteur:
    """Un mot du fichier → sa valeur : celle qui a été reliée, sinon la seule qu'il puisse dire."""
    choix, vus = choix_de(portee), dict[tuple[str, str], str | None]()
    proposees: dict[str, Callable[[str], Any]] = {c: _proposeur(c, choix[c]) for c in A_MOTS}

    def traduire(code: str, mot: str) -> str | None:
        cle = code, normaliser(mot)
        if cle not in vus:
            reliee = correspondance.valeurs.get(code, {}).get(cle[1])
            vus[cle] = None if reliee == RIEN else reliee or proposees[code](mot)
        return vus[cle]

    return traduire


def _proposeur(code: str, choix: list[Choix]) -> Callable[[str], str | None]:
    return lambda mot: proposer(code, mot, choix)
