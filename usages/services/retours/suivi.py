"""Suivre son retour par le code qu'on en a gardé : où il en est, ce qu'on a répondu ; jamais un texte d'autrui."""

from dataclasses import dataclass
from datetime import date

from programme.socle.models import Passage
from usages.calculs import codes_de_suivi
from usages.enums import EtatRetour, VoieRetour
from usages.models import Retour
from usages.models.retours import semaine_de

OU_EN_EST = {
    EtatRetour.NOUVEAU: "Il est arrivé, et attend d'être lu.",
    EtatRetour.QUALIFIE: "Il est lu et compris ; quelqu'un va s'en occuper.",
    EtatRetour.EN_COURS: "Quelqu'un s'en occupe.",
    EtatRetour.RESOLU: "Le problème ne devrait plus se poser ; la réponse reste à publier.",
    EtatRetour.PUBLIE: "Une réponse est publiée.",
    EtatRetour.NON_RETENU: "Il n'est pas retenu, et voici pourquoi.",
    EtatRetour.REGROUPE: "Il est regroupé avec un autre qui dit la même chose ; sa voix compte avec lui.",
}
CHEZ_L_EDITEUR = "L'éditeur s'en occupe."


@dataclass(frozen=True, slots=True)
class SuiviLu:
    """Ce que son auteur lit. `titre` : le résumé fait pour tous. `reponse` : ce qui fut répondu, ou le motif."""

    semaine: date
    etat: str
    ou_en_est: str
    titre: str = ""
    reponse: str = ""
    avec_un_autre: bool = False


def lire(ecrit: str, au: date) -> SuiviLu | None:
    """Le retour de ce code, tel qu'on l'a recopié ; None si aucun n'a ce code. Trois requêtes au plus."""
    code = codes_de_suivi.compacter(ecrit)
    if not code:
        return None
    retours = Retour.objects.filter(suivi=codes_de_suivi.empreinte(code)).select_related("porte_par")
    retour = retours.order_by("pk").first()
    if retour is None:
        return None
    principal = retour.porte_par
    # Celui qui le porte est d'une autre équipe : on n'en lit que ce qui est public, et pas avant le lundi d'après.
    lu = principal if principal is not None and principal.recu_le < semaine_de(au) else None
    montre = lu or retour
    return SuiviLu(
        semaine_de(retour.recu_le),
        str(EtatRetour(montre.etat).label),
        _ou_en_est(montre),
        montre.titre,
        _reponse(montre),
        principal is not None,
    )


def _ou_en_est(retour: Retour) -> str:
    if retour.etat == EtatRetour.EN_COURS and retour.voie == VoieRetour.EDITEUR:
        return CHEZ_L_EDITEUR
    return OU_EN_EST[EtatRetour(retour.etat)]


def _reponse(retour: Retour) -> str:
    if retour.etat == EtatRetour.PUBLIE:
        return retour.reponse
    if retour.etat != EtatRetour.NON_RETENU:
        return ""
    dernier = Passage.objects.de(retour).filter(transition="ne_pas_retenir").last()
    return dernier.motif if dernier else ""
