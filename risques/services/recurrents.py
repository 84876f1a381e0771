"""Les risques récurrents d'une grappe : ce que plusieurs ESMS portent, et qui se traite mieux une fois ensemble."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from programme.models import Parcours
from risques.calculs.criticite import Bornes, niveau
from risques.enums import CategorieRisque, NiveauRisque
from risques.models import Risque
from risques.services.chaleur import EsmsLu

A_PARTIR_DE = 2
MONTRES = 10
QUESTION, LIBELLE, CATEGORIE = "question", "libelle", "categorie"
_GRAVES = (NiveauRisque.CRITIQUE, NiveauRisque.INACCEPTABLE)
_MOTS = {
    QUESTION: "la même question les a fait naître",
    LIBELLE: "écrit de la même façon",
    CATEGORIE: "critique ou inacceptable dans cette catégorie",
}


@dataclass(frozen=True, slots=True)
class Recurrent:
    """Un risque de plusieurs ESMS. `genre` dit ce qui les rapproche ; `esms` : ceux que le lecteur lit."""

    genre: str
    libelle: str
    categorie: CategorieRisque
    esms: tuple[Parcours, ...]

    @property
    def pourquoi(self) -> str:
        """Ce qui les rapproche, en mots."""
        return _MOTS[self.genre]


def recurrents(risques: Iterable[Risque], esms: Iterable[EsmsLu], bornes: Bornes) -> list[Recurrent]:
    """Ceux de deux ESMS au moins, les plus répandus d'abord. Aucune requête : tout est déjà lu.

    `risques` : ouverts, avec leur question, sa version et leur ESMS. `esms` : leurs analyses transmises, qui comptent
    pour les catégories.
    """
    lus = [r for r in risques if r.parcours_id is not None]
    par_question = _grouper(QUESTION, _par_question(lus))
    # Nés de la même question et écrits pareil : le même rapprochement ne se dit qu'une fois.
    dits = [cles for cles, _ in par_question]
    par_libelle = [(c, r) for c, r in _grouper(LIBELLE, _par_libelle(lus)) if not any(c <= deja for deja in dits)]
    trouves = [r for _, r in [*par_question, *par_libelle]] + _par_categorie(lus, esms, bornes)
    ordre = {QUESTION: 0, LIBELLE: 0, CATEGORIE: 1}
    return sorted(trouves, key=lambda g: (ordre[g.genre], -len(g.esms), g.libelle.casefold()))[:MONTRES]


def _grouper(genre: str, groupes: Iterable[list[Risque]]) -> list[tuple[frozenset[int], Recurrent]]:
    """Ceux de deux ESMS au moins, avec les clés des risques rapprochés."""
    rendu = []
    for siens in groupes:
        esms = _esms(r.parcours for r in siens if r.parcours)
        if len(esms) >= A_PARTIR_DE:
            premier = min(siens, key=lambda r: r.pk)
            libelle = premier.question.risque if genre == QUESTION and premier.question else ""
            recurrent = Recurrent(genre, libelle or premier.libelle, CategorieRisque(premier.categorie), esms)
            rendu.append((frozenset(r.pk for r in siens), recurrent))
    return rendu


def _esms(parcours: Iterable[Parcours]) -> tuple[Parcours, ...]:
    return tuple(sorted({p.pk: p for p in parcours}.values(), key=lambda p: (p.esms.tri, p.pk)))


def _par_question(risques: list[Risque]) -> Iterable[list[Risque]]:
    groupes: dict[tuple[int, str], list[Risque]] = defaultdict(list)
    for r in risques:
        if r.question:
            groupes[r.question.section.version.questionnaire_id, r.question.code].append(r)
    return groupes.values()


def _par_libelle(risques: list[Risque]) -> Iterable[list[Risque]]:
    groupes: dict[str, list[Risque]] = defaultdict(list)
    for r in risques:
        groupes[r.tri].append(r)
    return groupes.values()


def _par_categorie(risques: list[Risque], esms: Iterable[EsmsLu], bornes: Bornes) -> list[Recurrent]:
    graves: dict[CategorieRisque, list[Parcours]] = defaultdict(list)
    for r in risques:
        if r.parcours and niveau(r.cote, bornes) in _GRAVES:
            graves[CategorieRisque(r.categorie)].append(r.parcours)
    for e in esms:
        for categorie, ligne in e.lignes.items():
            if ligne.criticite and niveau(ligne.criticite, bornes) in _GRAVES:
                graves[CategorieRisque(categorie)].append(e.parcours)
    return [
        Recurrent(CATEGORIE, str(categorie.label), categorie, siens)
        for categorie, parcours in graves.items()
        if len(siens := _esms(parcours)) >= A_PARTIR_DE
    ]
