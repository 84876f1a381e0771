"""Où en est un parcours : ce qui se déduit de ses champs, qu'il soit lu en objet ou en valeurs. Module pur."""

from programme.enums import FRISE_PARCOURS, EtatParcours, TypeProjet

E = EtatParcours

PROCHAINE = {
    E.RECENSE: "engager",
    E.CADRAGE: "preparer",
    E.PREPARATION: "ouvrir",
    E.PILOTE: "ouvrir",
    E.OUVERTURE: "verifier_service",
    E.SERVICE_REGULIER: "passer_en_routine",
}
"""Transition qui attend d'abord un parcours, par état ; un pilote désigné passe d'abord par `piloter`."""
ARRIVEES = {
    "engager": E.CADRAGE,
    "preparer": E.PREPARATION,
    "piloter": E.PILOTE,
    "ouvrir": E.OUVERTURE,
    "verifier_service": E.SERVICE_REGULIER,
    "passer_en_routine": E.ROUTINE,
}
"""Où mène chacune."""


def prochaine(etat: str, est_pilote: bool, chemin_court: bool) -> str:
    """Transition qui attend un parcours dans cet état ; vide s'il n'en attend pas."""
    if etat == E.PREPARATION:
        if est_pilote:
            return "piloter"
        if chemin_court:
            return "verifier_service"
    return PROCHAINE.get(E(etat), "")


def etat_suivant(etat: str, est_pilote: bool, chemin_court: bool) -> str:
    """L'état où mène le chemin de ce parcours ; vide en routine et de côté."""
    transition = prochaine(etat, est_pilote, chemin_court)
    return ARRIVEES[transition].value if transition else ""


class SituationParcours:
    """Ce que disent d'un parcours son état et son projet."""

    __slots__ = ()
    etat: str
    etat_memoire: str
    etat_avant_sortie: str
    est_pilote: bool
    type_projet: str

    @property
    def chemin_court(self) -> bool:
        """Mise en conformité : la préparation peut mener droit au service régulier."""
        return self.type_projet == TypeProjet.MISE_EN_CONFORMITE

    @property
    def prochaine(self) -> str:
        """Transition qui attend ce parcours ; vide s'il n'en attend pas."""
        return prochaine(self.etat, self.est_pilote, self.chemin_court)

    @property
    def etapes_restantes(self) -> list[tuple[str, str]]:
        """Le chemin jusqu'à la routine : (état quitté, état atteint), dans l'ordre ; vide en routine et de côté."""
        rendu, de = [], self.etat
        while vers := etat_suivant(de, self.est_pilote, self.chemin_court):
            rendu.append((de, vers))
            de = vers
        return rendu

    @property
    def rang(self) -> int:
        """Crans franchis, de 1 (recensé) à 7 (routine) ; ceux d'avant pour un état de côté."""
        etat = self.etat_memoire if self.etat == E.SUSPENDU else self.etat
        etat = self.etat_avant_sortie if etat == E.SORTI else etat
        return FRISE_PARCOURS.index(E(etat)) + 1 if etat in FRISE_PARCOURS else 1
