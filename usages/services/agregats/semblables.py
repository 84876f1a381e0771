"""Un ESMS et ceux qui lui ressemblent (secteur, taille) : leurs sommes, jamais leurs noms ni un rang.

On additionne tout le pays : le secteur et la taille de l'ESMS ; son secteur seul si le premier groupe se tait.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from programme.enums import Secteur
from programme.models import Parcours, Utilisateur
from programme.socle.nombres import accorde, euros, nombre, pourcentage
from usages.calculs.dire import au_singulier
from usages.calculs.distribution import MEDIANE, lire
from usages.calculs.masquage import RIEN, TROP_PEU, Montre
from usages.calculs.periodes import Periode
from usages.enums import Forme, Maille, Taille
from usages.models import Indicateur, Releve
from usages.services.agregats.lecture import lire_esms_pour, lire_pour

Parts = dict[str, Montre]
"""Par part d'un indicateur ; vide : le total."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """Une valeur en mots. `taux` : de quoi la dessiner ; `detail` : d'où elle vient ; `est_dite` : c'en est une."""

    texte: str
    detail: str = ""
    taux: float | None = None
    est_dite: bool = True


AUCUN_AUTRE = Lecture("aucun autre ESMS n'a répondu", est_dite=False)


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Une ligne : l'indicateur, l'ESMS, ses semblables et lesquels, combien ont répondu."""

    indicateur: Indicateur
    periode: Periode
    mien: Lecture
    semblables: Lecture
    groupe: str
    reponses: str
    est_masquee: bool


def lire_valeur(indicateur: Indicateur, parts: Parts, *, ensemble: bool = False) -> Lecture:
    """Ce que vaut un indicateur, en mots ; `ensemble` : pour plusieurs ESMS, une somme se ramène à chacun."""
    total = parts.get("", RIEN)
    if total.est_masque:
        return Lecture("masqué", TROP_PEU, est_dite=False)
    if total.numerateur is None:
        return Lecture("pas de chiffre", est_dite=False)
    if indicateur.forme == Forme.RAPPORT:
        detail = f"{nombre(_entier(total.numerateur))} sur {nombre(_entier(total.denominateur))}"
        return Lecture(pourcentage(total.taux), detail, total.taux)
    if indicateur.forme == Forme.DUREE:
        cas = {cle: int(m.numerateur or 0) for cle, m in parts.items() if cle}
        mediane = lire(cas, MEDIANE)
        return (
            Lecture(mediane.texte, f"durée médiane de {accorde(sum(cas.values()), 'cas,cas')}")
            if mediane
            else Lecture("aucun cas")
        )
    chacun = total.numerateur / total.nb_repondants
    unite = au_singulier(indicateur.unite) if chacun < 2 else indicateur.unite
    texte = euros(chacun) if indicateur.forme == Forme.MONTANT else f"{nombre(_entier(chacun))} {unite}".strip()
    return Lecture(texte, "en moyenne par ESMS" if ensemble else "")


def _entier(valeur: Any) -> Any:
    """Sans décimales s'il n'en a pas ; une seule sinon."""
    return int(valeur) if valeur == int(valeur) else round(valeur, 1)


def derniers_releves(utilisateur: Utilisateur, parcours: Parcours) -> list[Releve]:
    """Le dernier relevé transmis de chaque cadence. Une requête."""
    releves = Releve.objects.visibles_par(utilisateur).comptes().filter(parcours=parcours).order_by("cadence", "-debut")
    rendu: dict[str, Releve] = {}
    for releve in releves:
        rendu.setdefault(releve.cadence, releve)
    return list(rendu.values())


def comparer(utilisateur: Utilisateur, parcours: Parcours) -> list[Comparaison]:
    """Les indicateurs du dernier relevé transmis de chaque cadence, face aux semblables ; sans les textes."""
    rendu: list[Comparaison] = []
    for releve in derniers_releves(utilisateur, parcours):
        lus = Indicateur.objects.filter(valeurs__releve=releve, valeurs__cle="").exclude(forme=Forme.TEXTE)
        rendu += _comparer(utilisateur, releve, list(lus.order_by("famille", "rang", "pk")))
    return rendu


def _comparer(utilisateur: Utilisateur, releve: Releve, indicateurs: list[Indicateur]) -> Iterable[Comparaison]:
    periode, cles = releve.periode, [i.pk for i in indicateurs]
    miens = _par_indicateur(
        (cle[1:], m) for cle, m in lire_esms_pour(utilisateur, [releve.parcours_id], [periode], cles).items()
    )
    groupes = [
        (libelle, _du_pays(utilisateur, periode, cles, releve.secteur, taille)) for libelle, taille in _groupes(releve)
    ]
    for indicateur in indicateurs:
        lus = [(libelle, parts.get(indicateur.pk, {})) for libelle, parts in groupes]
        mien = miens.get(indicateur.pk, {})
        siens = mien.get("", RIEN).nb_repondants
        peuples = [lu for lu in lus if lu[1].get("", RIEN).nb_repondants > siens] or lus[-1:]
        montres = [lu for lu in peuples if not lu[1].get("", RIEN).est_masque]
        groupe, parts = (montres or peuples)[0]
        total = parts.get("", RIEN)
        seul = total.nb_repondants <= siens
        yield Comparaison(
            indicateur,
            periode,
            lire_valeur(indicateur, mien),
            AUCUN_AUTRE if seul else lire_valeur(indicateur, parts, ensemble=True),
            groupe,
            total.reponses,
            total.est_masque,
        )


def _groupes(releve: Releve) -> list[tuple[str, str | None]]:
    """(en mots, taille) : du plus proche au plus large."""
    secteur = Secteur(releve.secteur).label if releve.secteur else "Secteur inconnu"
    de_sa_taille = [(f"{secteur}, {Taille(releve.taille).label.lower()}", releve.taille)] if releve.taille else []
    return [*de_sa_taille, (f"{secteur}, toutes tailles", None)]


def _du_pays(
    utilisateur: Utilisateur, periode: Periode, cles: Collection[int], secteur: str, taille: str | None
) -> dict[int, Parts]:
    lus = lire_pour(utilisateur, Maille.NATIONAL, "", [periode], indicateurs=cles, secteur=secteur, taille=taille)
    return _par_indicateur(lus.items())


def _par_indicateur(lus: Iterable[tuple[Any, Montre]]) -> dict[int, Parts]:
    rendu: dict[int, Parts] = {}
    for (indicateur, _, cle), montre in lus:
        rendu.setdefault(indicateur, {})[cle] = montre
    return rendu
