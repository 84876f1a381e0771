"""Les tables des dessins, pour un tableur : les mêmes chiffres que la page, masques compris."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from usages.calculs import reperes
from usages.calculs.agregat import Agregat
from usages.dessins import chaleur
from usages.enums import Forme
from usages.models import Indicateur
from usages.services.tableaux.commun import nombre_de
from usages.services.tableaux.ensemble import TableauEnsemble
from usages.services.tableaux.esms import Fiche, TableauEsms
from usages.services.tableaux.territoire import Part, TableauTerritoire
from usages.services.tableaux.totaux import Ensemble

Lignes = Iterator[list[Any]]
MASQUE = "masqué"
_CHIFFRE = ["Valeur", "Numérateur", "Dénominateur", "Cas", "Neuf sur dix (jours)"]
"""D'une durée : la médiane, combien de cas, et leur neuvième décile ; ni somme ni moyenne de jours."""
_TOTAL = [*_CHIFFRE, "ESMS qui ont répondu", "ESMS concernés", "Non mesurables"]


@dataclass(frozen=True, slots=True)
class Table:
    """Une table à emporter : son nom de fichier, ses intitulés, ses lignes."""

    nom: str
    entetes: list[str]
    lignes: Lignes


def _valeur(indicateur: Indicateur, valeur: float | None) -> Any:
    """Un rapport en pour cent, à une décimale ; vide sans chiffre."""
    if valeur is None:
        return None
    return round(valeur * 100, 1) if indicateur.est_un_rapport else round(valeur, 2)


def _nom(indicateur: Indicateur) -> str:
    if indicateur.forme == Forme.DUREE:
        return f"{indicateur.libelle} (médiane, jours)"
    return f"{indicateur.libelle} (%)" if indicateur.est_un_rapport else indicateur.libelle


def _chiffre(
    indicateur: Indicateur, numerateur: Decimal | None, denominateur: Decimal | None, tranches: Mapping[str, int]
) -> list[Any]:
    """Valeur, numérateur, dénominateur, cas, neuf sur dix."""
    valeur = _valeur(indicateur, reperes.valeur_lue(indicateur.forme, numerateur, denominateur, tranches))
    if indicateur.forme == Forme.DUREE:
        return [valeur, None, None, sum(tranches.values()) or None, reperes.dire_p90(tranches) or None]
    return [valeur, numerateur, denominateur if indicateur.est_un_rapport else None, None, None]


def _detail(fiche: Fiche, rang: Any, derniere: bool) -> str:
    """Ce qu'il dit ; à la dernière période, ses parts."""
    siennes = fiche.chiffre.parts if derniere and fiche.chiffre else ""
    return " : ".join(filter(None, (rang.detail, siennes)))


def courbes_d_esms(page: TableauEsms) -> Table:
    """Une ligne par indicateur et période, la prévision à la suite."""
    entetes = ["Famille", "Indicateur", "À qui sert ce chiffre", "Période", "Valeur", "Détail", "Cible", "Écart"]

    def lignes() -> Lignes:
        for f in page.fiches:
            for rang in f.courbe.rangs:
                derniere = rang.periode == f.periode.nom
                yield [
                    f.indicateur.get_famille_display(), f.indicateur.libelle, f.indicateur.sert_a,
                    rang.periode, rang.valeur, _detail(f, rang, derniere), f.dit_cible, f.ecart if derniere else "",
                ]  # fmt: skip

    return Table("tableau-de-bord", entetes, lignes())


def chaleur_d_ensemble(page: TableauEnsemble) -> Table:
    """Une ligne par ESMS et indicateur."""
    entetes = ["ESMS", "FINESS", "Indicateur", "Période", *_CHIFFRE, "État", "Cible", "Écart"]

    def lignes() -> Lignes:
        for p, ligne in zip(page.parcours, page.lignes, strict=True):
            for colonne, case in zip(page.colonnes, ligne.cases, strict=True):
                i, chiffre = colonne.indicateur, page.chiffres.get((p.pk, colonne.indicateur.pk))
                absence = chaleur.nature(i.forme, chiffre)
                lu: Any = (None, None, {})
                if chiffre is not None and not absence:
                    lu = (chiffre.numerateur, chiffre.denominateur, chiffre.tranches)
                cible = nombre_de(page.cibles.de(p.grappe_id, i.pk))
                yield [
                    str(p), p.esms.finess, _nom(i), colonne.ensemble.periode.nom,
                    *_chiffre(i, *lu),
                    chaleur.DITS[absence] if absence else "transmis", _valeur(i, cible), case.ecart,
                ]  # fmt: skip

    return Table("esms-par-indicateur", entetes, lignes())


def _total(indicateur: Indicateur, total: Agregat | None, masque: bool) -> list[Any]:
    if masque or total is None:
        return [MASQUE if masque else None, *[None] * (len(_TOTAL) - 1)]
    muet = not total.nb_repondants
    lu = (None, None, {}) if muet else (total.numerateur, total.denominateur, total.tranches)
    return [*_chiffre(indicateur, *lu), total.nb_repondants, total.nb_concernes, total.nb_non_mesurables]


def totaux(lignes_lues: Sequence[Ensemble]) -> Table:
    """Une ligne par indicateur et période."""

    def lignes() -> Lignes:
        for e in lignes_lues:
            for periode, total in e.points:
                masque = e.masque and periode == e.periode
                cible = _valeur(e.indicateur, e.cible)
                yield [_nom(e.indicateur), periode.nom, *_total(e.indicateur, total, masque), cible]

    return Table("totaux", ["Indicateur", "Période", *_TOTAL, "Cible"], lignes())


def comparaison(lignes_lues: Sequence[Ensemble]) -> Table:
    """Une ligne par indicateur : les deux périodes, sur les ESMS présents aux deux ; ou pourquoi rien ne se compare."""
    entetes = ["Indicateur", "Période d'avant", "Avant", "Période", "Maintenant", "Écart", "C'est", "Comparé sur"]

    def lignes() -> Lignes:
        for e in lignes_lues:
            i, (avant, ici) = e.indicateur, e.comparees
            dits = [e.ecart, e.mot_du_mouvement, e.mot_du_nombre] if e.se_compare else ["", "", e.pourquoi_pas]
            yield [_nom(i), e.avant.nom, _valeur(i, avant), e.periode.nom, _valeur(i, ici), *dits]

    return Table("comparaison", entetes, lignes())


def _parts(indicateur: Indicateur, parts: Sequence[Part]) -> Lignes:
    for part in parts:
        for periode, total in part.points:
            masque = part.masquee and periode == part.points[-1][0]
            yield [_nom(indicateur), part.nom, periode.nom, *_total(indicateur, total, masque)]


def secteurs(page: TableauTerritoire) -> Table:
    """Une ligne par secteur et période, pour l'indicateur choisi."""
    lues = _parts(page.choisi, page.secteurs) if page.choisi else iter(())
    return Table("par-secteur", ["Indicateur", "Secteur", "Période", *_TOTAL], lues)


def regions(page: TableauTerritoire) -> Table:
    """Une ligne par région et période, pour l'indicateur choisi."""
    lues = _parts(page.choisi, page.regions) if page.choisi else iter(())
    return Table("par-region", ["Indicateur", "Région", "Période", *_TOTAL], lues)
