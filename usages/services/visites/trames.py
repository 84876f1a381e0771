"""Les trames d'une étude : ce qu'on demande, ce qu'on regarde, par thème et par forme."""

from dataclasses import dataclass

from django.db import transaction

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.enums import FormeDeTemps, ThemeEffet
from usages.models import Etude, TempsDeVisite, Trame
from usages.permissions import peut_ecrire_dans_l_etude
from usages.services.visites.trames_de_depart import DE_DEPART

FORMES = (FormeDeTemps.INDIVIDUEL, FormeDeTemps.COLLECTIF, FormeDeTemps.OBSERVATION)
"""Celles qui se préparent : un accueil, un bilan n'ont pas de trame."""
SANS_QUESTION = "Écrivez au moins une question, une par ligne."
CROISEE = "Cette trame a changé pendant que vous l'écriviez : relisez-la, puis envoyez de nouveau."


@dataclass(frozen=True, slots=True)
class Rangee:
    """Un thème, et sa trame par forme (ou rien)."""

    theme: ThemeEffet
    cases: list[tuple[FormeDeTemps, Trame | None]]


def rangees_de(etude: Etude) -> list[Rangee]:
    """Tous les thèmes, dans l'ordre, et leurs trames. Une requête."""
    trames = {(t.theme, t.forme): t for t in etude.trames.all()}
    return [Rangee(theme, [(f, trames.get((theme, f))) for f in FORMES]) for theme in ThemeEffet]


def trame_du_temps(temps: TempsDeVisite, trames: dict[tuple[str, str], Trame]) -> Trame | None:
    """Celle de son thème et de sa forme ; à défaut, l'entretien du même thème, pour un entretien."""
    if not temps.theme or temps.forme == FormeDeTemps.AUTRE:
        return None
    if trouvee := trames.get((temps.theme, temps.forme)):
        return trouvee
    if temps.forme == FormeDeTemps.OBSERVATION:
        return None
    autre = FormeDeTemps.COLLECTIF if temps.forme == FormeDeTemps.INDIVIDUEL else FormeDeTemps.INDIVIDUEL
    return trames.get((temps.theme, autre))


@transaction.atomic
def ecrire_trame(
    *, etude: Etude, theme: str, forme: str, questions: str, par: Utilisateur, vu: str | None = None
) -> Trame | None:
    """Écrit les questions d'une trame ; vides, la trame s'efface, et rien n'est rendu.

    `vu` : les questions qu'on avait sous les yeux. Lève `Refus` (droit, champ, concurrence).
    """
    exiger(peut_ecrire_dans_l_etude(par, etude))
    trame = Trame.objects.select_for_update(of=("self",)).filter(etude=etude, theme=theme, forme=forme).first()
    if vu is not None and vu != (trame.questions if trame else ""):
        raise Refus("concurrence", CROISEE)
    if not questions.strip():
        if trame is None:
            raise Refus("champ", SANS_QUESTION, champs={"questions": [SANS_QUESTION]})
        trame.delete()
        return None
    trame = trame or Trame(etude=etude, theme=theme, forme=forme)
    trame.questions = questions
    valider(trame, exclure=("etude",))
    trame.save()
    return trame


@transaction.atomic
def poser_les_trames_de_depart(*, etude: Etude, par: Utilisateur) -> int:
    """Pose le jeu de départ là où rien n'est écrit ; rend combien. Lève `Refus` (droit)."""
    exiger(peut_ecrire_dans_l_etude(par, etude))
    prises = set(etude.trames.values_list("theme", "forme"))
    neuves = [
        Trame(etude=etude, theme=theme, forme=forme, questions="\n".join(questions))
        for (theme, forme), questions in DE_DEPART.items()
        if (theme, forme) not in prises
    ]
    Trame.objects.bulk_create(neuves)
    return len(neuves)
