"""Ce qu'on peut tirer d'un retour, nature par nature : ce qui s'écrit, par le service de chaque objet.

Chaque service juge son droit et son texte ; le droit sur le retour, le verrou et la trace sont dans `suites`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from formation.models import Poste, SessionFormation
from formation.services.inscriptions import TOUS, UNITE, inscrire
from gouvernance.models import Point, Seance
from gouvernance.services.ordre_du_jour import ajouter_point
from programme.models import Action, Utilisateur
from programme.services.actions import creer_action
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.models import Risque
from risques.services.registre import creer_risque
from usages.enums import EtatRetour, NatureSuite, VoieRetour
from usages.models import DemandeEditeur, Enseignement, Retour, Verbatim
from usages.models.communs import a_ete_pilote
from usages.origines import RETOUR
from usages.permissions import peut_donner_suite
from usages.propositions import RETOURS, cle_du_retour
from usages.services.editeurs.demandes import envoyer
from usages.services.retours.enseignements import ecrire_enseignement

DEJA_A_L_ORDRE_DU_JOUR = (
    "Ce retour est déjà à l'ordre du jour de cette séance, ou en a été retiré : choisissez-en une autre, ou "
    "remettez-le depuis sa page."
)
SANS_NOM = "dit sans nom"
"""Qui a dit un verbatim tiré d'un retour sans compte."""


@dataclass(frozen=True, slots=True)
class Sorte:
    """Une nature de suite. `verbe` : le bouton ; `fait` : ce qu'on dit ensuite ; `meme` : reconnaît un double clic."""

    nature: NatureSuite
    verbe: str
    fait: str
    ecrire: Callable[..., Model]
    meme: Callable[[Any, dict[str, Any]], bool]


def _action(retour: Retour, par: Utilisateur, **valeurs: Any) -> Action:
    return creer_action(cible=retour.parcours, par=par, origine=RETOUR, source=retour, **valeurs)


def _risque(retour: Retour, par: Utilisateur, **valeurs: Any) -> Risque:
    return creer_risque(cible=retour.parcours, par=par, **valeurs)


def _demande(retour: Retour, par: Utilisateur, theme: str = "", **valeurs: Any) -> DemandeEditeur:
    """La demande part, et le retour passe « en cours, chez l'éditeur » s'il n'était pas déjà pris en charge."""
    demande = envoyer(grappe=retour.grappe, par=par, **valeurs)
    if retour.etat in (EtatRetour.NOUVEAU, EtatRetour.QUALIFIE):
        changer_etat(
            retour, "prendre_en_charge", par=par, voie=VoieRetour.EDITEUR, theme=theme, titre=demande.objet[:120]
        )
    return demande


def _point(retour: Retour, par: Utilisateur, seance: Seance, **valeurs: Any) -> Point:
    cle = cle_du_retour(retour)
    if Point.objects.filter(seance=seance, cle=cle).exists():
        raise Refus("champ", DEJA_A_L_ORDRE_DU_JOUR, champs={"seance": [DEJA_A_L_ORDRE_DU_JOUR]})
    return ajouter_point(seance=seance, par=par, origine=RETOURS, cle=cle, source=retour, **valeurs)


def _enseignement(retour: Retour, par: Utilisateur, **valeurs: Any) -> Enseignement:
    pilote = retour.parcours if a_ete_pilote(retour.parcours) else None
    return ecrire_enseignement(grappe=retour.grappe, pilote=pilote, par=par, **valeurs)


def _arrivant(
    retour: Retour, par: Utilisateur, session: SessionFormation | None, qui: Poste | None, besoin: str
) -> SessionFormation | Action:
    """Une place à une session ouverte ; sans session, le besoin s'écrit en action, et ne nomme personne.

    La suite garde la session, jamais la personne : d'un retour sans compte, son nom dirait qui a parlé.
    """
    if session is None:
        libelle = f"Former {retour.unite or retour.parcours} : {besoin}"[:160]
        return _action(retour, par, libelle=libelle)
    groupe = f"{UNITE}:{retour.unite_id}" if retour.unite_id else TOUS
    choix: dict[str, Any] = {"postes": [qui.pk]} if qui else {"groupes": [groupe]}
    inscrire(session=session, par=par, parcours=retour.parcours, **choix)
    return session


def _meme_besoin(objet: Any, valeurs: dict[str, Any]) -> bool:
    if isinstance(objet, SessionFormation):
        return objet == valeurs["session"]
    return valeurs["session"] is None and objet.libelle.endswith(f" : {valeurs['besoin']}"[:160])


def _verbatim(retour: Retour, par: Utilisateur, **valeurs: Any) -> Verbatim:
    """L'accord reste à demander ; d'un retour sans compte, on ne sait à qui : il est réputé non donné."""
    exiger(peut_donner_suite(par, retour, NatureSuite.VERBATIM))
    verbatim = Verbatim(parcours=retour.parcours, recueilli_par=par, **valeurs)
    valider(verbatim)
    verbatim.save()
    return verbatim


def _memes_mots(champ: str) -> Callable[[Any, dict[str, Any]], bool]:
    return lambda objet, valeurs: getattr(objet, champ) == valeurs[champ].strip()


SORTES: dict[str, Sorte] = {
    s.nature: s
    for s in (
        Sorte(NatureSuite.ACTION, "En faire une action", "L'action est écrite.", _action, _memes_mots("libelle")),
        Sorte(
            NatureSuite.EDITEUR,
            "Demander à l'éditeur",
            "La demande à l'éditeur est consignée : son délai court depuis l'envoi.",
            _demande,
            _memes_mots("objet"),
        ),
        Sorte(
            NatureSuite.ARRIVANT,
            "Former quelqu'un",
            "C'est noté : la formation suit son cours.",
            _arrivant,
            _meme_besoin,
        ),
        Sorte(NatureSuite.RISQUE, "En faire un risque", "Le risque est au registre.", _risque, _memes_mots("libelle")),
        Sorte(
            NatureSuite.SEANCE,
            "Porter en séance",
            "Le point est à l'ordre du jour.",
            _point,
            lambda point, valeurs: point.seance_id == valeurs["seance"].pk,
        ),
        Sorte(
            NatureSuite.ENSEIGNEMENT,
            "En tirer un enseignement",
            "L'enseignement est écrit : les ESMS suivants le liront.",
            _enseignement,
            _memes_mots("libelle"),
        ),
        Sorte(
            NatureSuite.VERBATIM,
            "Garder un verbatim",
            "Le verbatim est gardé ; sans accord, il ne sort d'aucun document.",
            _verbatim,
            _memes_mots("texte"),
        ),
    )
}
"""Dans l'ordre où la page les offre : ce qui sert le plus souvent d'abord."""
