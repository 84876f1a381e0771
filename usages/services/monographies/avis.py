"""Ce que l'éditeur signale sans rien refuser : un sigle que personne n'explique, des mots qui ne peuvent pas sortir."""

from programme.socle.nombres import liste
from usages.calculs.propos_cites import redits, references
from usages.calculs.prose import lire
from usages.calculs.rendus_prose import sigles
from usages.models import Monographie
from usages.services.monographies.annexes import sigles_connus
from usages.services.monographies.relecture import Propos, propos_de

MONTRES = 8


def avis_sur(monographie: Monographie, texte: str, propos: Propos | None = None) -> list[str]:
    """Des phrases, la plus grave d'abord ; vide si rien n'est à dire. Quatre requêtes."""
    propos = propos or propos_de(monographie.visite_id)
    phrases = []
    if absents := [str(cle) for cle in references(texte) if cle not in propos.citables]:
        un = len(absents) == 1
        phrases.append(
            f"{'Le verbatim' if un else 'Les verbatims'} {liste(absents)} ne {'peut' if un else 'peuvent'} pas être "
            f"{'cité' if un else 'cités'} : {'il ne sortira' if un else 'ils ne sortiront'} pas du document."
        )
    for passage in redits(texte, propos.interdits):
        debut = passage if len(passage) < 80 else f"{passage[:79]}…"
        phrases.append(f"« {debut} » redit un verbatim qui ne peut pas être cité : ce passage ne sortira pas.")
    inconnus = [s.sigle for s in sigles(lire(texte), sigles_connus(monographie)) if not s.sens]
    if inconnus:
        montres = liste([*inconnus[:MONTRES], "d'autres"] if len(inconnus) > MONTRES else inconnus)
        phrases.append(f"{'Un sigle reste' if len(inconnus) == 1 else 'Des sigles restent'} à expliquer : {montres}.")
    return phrases
