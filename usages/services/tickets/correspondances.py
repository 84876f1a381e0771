"""Ce que veulent dire les mots d'un export de tickets, dans une grappe."""

from typing import Any

from programme.services.correspondances import choix_d_esms
from programme.socle.liaisons import ESMS, RIEN, Choix, Traducteur
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser
from usages.calculs.mots_tickets import (
    AILLEURS,
    BLOQUANT,
    CONTOURNEMENT,
    GRAVITES,
    MODULE,
    OUI_NON,
    finess_de,
    proposer,
)
from usages.services.tickets.importation import Portee

GENRE = "tickets"


def choix_de(portee: Portee) -> dict[str, list[Choix]]:
    """Colonne à mots → ce que ses mots peuvent vouloir dire dans cette grappe."""
    return {
        ESMS: choix_d_esms(portee.parcours),
        MODULE: [Choix(m.code, m.nom) for m in portee.modules.values()],
        BLOQUANT: list(GRAVITES),
        CONTOURNEMENT: list(OUI_NON),
    }


def traducteur(correspondance: Correspondance, portee: Portee) -> Traducteur:
    """Un mot du fichier → sa valeur : celle qui a été reliée, sinon la seule qu'il puisse dire."""
    choix, vus = choix_de(portee), dict[tuple[str, str], str | None]()
    connus = {ESMS: portee.parcours.keys(), MODULE: portee.modules.keys()}

    def traduire(code: str, mot: str) -> str | None:
        cle = code, mot
        if cle not in vus:
            vus[cle] = _traduire(code, mot)
        return vus[cle]

    def _traduire(code: str, mot: str) -> str | None:
        reliee: Any = correspondance.valeurs.get(code, {}).get(normaliser(mot))
        if reliee is None and code == ESMS and (numero := finess_de(mot)):
            return numero if numero in portee.parcours else None
        trouvee = reliee if reliee is not None else proposer(code, mot, choix[code])
        # Reliée à un ESMS sorti de la grappe, à un module retiré : la ligne redevient une faute, à relire.
        return trouvee if trouvee in (RIEN, AILLEURS) or trouvee in connus.get(code, (trouvee,)) else None

    return traduire
