"""Quand un compte reçoit-il son rappel ? Module pur : ni base, ni horloge.

Une cadence ne tombe jamais deux fois dans la même semaine : le lundi de cette semaine est le créneau du rappel.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from programme.enums import FrequenceRappel, JourRappel

JOUR = timedelta(days=1)
RATTRAPAGE = timedelta(days=2)
"""Un envoi manqué se rattrape jusqu'à deux jours après ; au-delà, la semaine passe sans rappel."""
HORIZON = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Cadence:
    """Ce qu'un compte a choisi. `muet_jusqu_au` : ce jour compris ; `depuis` : rien n'est dû avant ce jour."""

    frequence: str = FrequenceRappel.SEMAINE
    jour: int = JourRappel.LUNDI
    muet_jusqu_au: date | None = None
    depuis: date | None = None

    def est_muette(self, jour: date) -> bool:
        """Vrai si rien ne part ce jour-là : coupée, ou suspendue."""
        suspendue = self.muet_jusqu_au is not None and jour <= self.muet_jusqu_au
        return self.frequence == FrequenceRappel.JAMAIS or suspendue

    def tombe(self, jour: date) -> bool:
        """Vrai si c'est un jour de rappel. Le mois : le premier du mois ; la quinzaine : une semaine sur deux."""
        if jour.isoweekday() != self.jour or self.est_muette(jour) or (self.depuis and jour < self.depuis):
            return False
        if self.frequence == FrequenceRappel.QUINZAINE:
            return lundi(jour).toordinal() // 7 % 2 == 0
        return self.frequence == FrequenceRappel.SEMAINE or jour.day <= 7


def lundi(jour: date) -> date:
    """Le lundi de la semaine de ce jour : le créneau de son rappel."""
    return jour - (jour.isoweekday() - 1) * JOUR


def jour_du(cadence: Cadence, au: date) -> date | None:
    """Le jour de rappel à servir `au` : ce jour, ou l'un des deux d'avant, dans la même semaine ; None sinon."""
    jour = au
    while jour >= max(lundi(au), au - RATTRAPAGE):
        if cadence.tombe(jour):
            # Suspendue depuis : on ne rattrape pas ce que la personne ne veut plus recevoir aujourd'hui.
            return None if cadence.est_muette(au) else jour
        jour -= JOUR
    return None


def prochain(cadence: Cadence, au: date, *, servie: date | None = None) -> date | None:
    """Le prochain jour où un rappel peut partir, `au` compris ; None s'il n'y en a pas.

    `servie` : le lundi de la dernière semaine déjà traitée.
    """
    if servie != lundi(au) and jour_du(cadence, au):
        return au
    debut = max(au, cadence.muet_jusqu_au + JOUR) if cadence.muet_jusqu_au else au
    for ecart in range(HORIZON.days):
        jour = debut + ecart * JOUR
        if cadence.tombe(jour) and lundi(jour) != servie:
            return jour
    return None
