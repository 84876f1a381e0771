"""Les tables des dessins des retours, pour un tableur : les mêmes chiffres que la page, masques compris."""

from collections.abc import Callable, Iterable

from usages.calculs.delais_editeurs import Delais
from usages.calculs.retours import Charge
from usages.dessins.delais import en_mots
from usages.dessins.retours import Barre
from usages.services.retours.dus import Dus
from usages.services.retours.themes import Lecture
from usages.services.tableaux.emporter import MASQUE, Lignes, Table

Tables = dict[str, Callable[[], Table]]


def tables(lecture: Lecture, dus: Dus, charge: Charge) -> Tables:
    """Par nom de dessin, de quoi faire sa table."""
    return {
        "themes": lambda: _themes(lecture),
        "modules": lambda: _barres("retours-par-module", "Module", lecture.modules),
        "metiers": lambda: _barres("retours-par-metier", "Métier", lecture.metiers_dits),
        "esms": lambda: _barres("retours-par-esms", "ESMS", lecture.esms),
        "delais": lambda: _delais(lecture),
        "editeur": lambda: _dus(dus),
        "charge": lambda: _charge(charge),
    }


def _themes(lecture: Lecture) -> Table:
    entetes = ["Thème", *(m.nom for m in lecture.mois), "Total"]
    return Table("retours-par-theme", entetes, ([t.nom, *t.par_mois, t.total] for t in lecture.themes))


def _barres(nom: str, titre: str, barres: Iterable[Barre]) -> Table:
    def lignes() -> Lignes:
        for b in barres:
            yield [b.compte.nom, *([MASQUE, "", ""] if b.tue else _comptes(b))]

    return Table(nom, [titre, "Reçus", "Répondus", "Sans réponse"], lignes())


def _comptes(barre: Barre) -> list[int]:
    return [barre.compte.recus, barre.compte.repondus, barre.compte.attendent]


def _delais(lecture: Lecture) -> Table:
    def ligne(nom: str, delais: Delais) -> list[object]:
        return [nom, en_mots(delais.mediane), en_mots(delais.p90), delais.nb_repondues, delais.nb_sans_reponse]

    lignes = iter([ligne("Lire un retour", lecture.lecture), ligne("Y répondre", lecture.reponse)])
    return Table("retours-delais", ["Délai", "La moitié en", "Neuf sur dix en", "Faits", "Attendent"], lignes)


def _dus(dus: Dus) -> Table:
    lignes = ([m.nom, m.nombre, m.jours, m.sans_demande] for m in dus.modules)
    return Table("retours-chez-l-editeur", ["Module", "Retours", "Le plus ancien (jours)", "Sans demande"], lignes)


def _charge(charge: Charge) -> Table:
    entetes = ["Semaine du", "Retours reçus", "Tickets créés", "En tout", "Par personne", "Semaine saturée"]

    def lignes() -> Lignes:
        for s in charge.semaines:
            chacun = charge.par_personne(s)
            sature = "oui" if s in charge.saturees else ""
            yield [s.lundi, s.retours, s.tickets, s.total, None if chacun is None else round(chacun, 2), sature]

    return Table("charge-de-l-aide", entetes, lignes())
