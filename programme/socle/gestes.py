"""Les passages qu'un objet peut franchir, pour cette personne : ce que le composant de boutons montre."""

from dataclasses import dataclass
from typing import Any

from programme.socle.droits import Droit, droit_de
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture, lire
from programme.socle.texte import en_phrase


@dataclass(frozen=True, slots=True)
class Geste:
    """Un passage possible depuis l'état actuel. `lecture` est absente quand le droit manque."""

    transition: str
    verbe: str
    de_cote: bool
    droit: Droit
    lecture: Lecture | None = None

    @property
    def attend(self) -> list[str]:
        """Ce qui barre, en mots."""
        if self.lecture is None:
            return []
        noms = [o.libelle for o in self.lecture.obstacles]
        noms += [c.condition.libelle for c in self.lecture.constats if c.barre]
        return [en_phrase(nom) for nom in noms]

    @property
    def sous_reserve(self) -> bool:
        """Possible, avec une ligne de motif."""
        return bool(self.lecture and self.lecture.sous_reserve)


def gestes_de(objet: ModeleAEtats, par: Any, lue: Lecture | None = None) -> list[Geste]:
    """Passages qui partent de l'état actuel, l'étape suivante en tête, puis les autres dans l'ordre déclaré.

    L'étape suivante est celle que nomme `objet.prochaine`, sinon la première qui n'est pas de côté. Une autre étape
    que rien n'ouvre (« site pilote » pour qui ne l'est pas) n'est pas montrée. `lue` évite de relire la prochaine.
    """
    connues = type(objet).transitions()
    suivante = getattr(objet, "prochaine", None)
    rendu: list[Geste] = []
    for nom in objet.possibles:
        regles = connues[nom].custom
        droit = droit_de(par, objet, nom)
        de_cote = bool(regles.get("de_cote"))
        lecture = (lue if lue and lue.transition == nom else lire(objet, nom, par=par)) if droit else None
        geste = Geste(nom, regles["verbe"], de_cote, droit, lecture)
        detour_ferme = suivante not in (None, nom) and not de_cote and bool(geste.attend)
        impossible = de_cote and bool(lecture and lecture.obstacles)
        if not detour_ferme and not impossible:
            rendu.append(geste)
    return sorted(rendu, key=lambda g: (g.de_cote, g.transition != suivante if suivante else False))
