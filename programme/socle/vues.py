"""Vues enregistrées d'une liste : ce qu'on en garde, laquelle s'ouvre d'abord, le menu qui les montre."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from programme.socle.enums import Partage
from programme.socle.erreurs import Refus
from programme.socle.filtres import ChoixObjet
from programme.socle.models import Filtre
from programme.socle.reglages import AUCUNE, VUE, Reglages
from programme.socle.selection import Selection
from programme.socle.texte import REFUS_NIR, porte_nir

VALEURS_MAX = 30
LONGUEUR_MAX = 200
MONTREES = 12
_RANG = {Partage.MOI: 0, Partage.GRAPPE: 1, Partage.OG: 2, Partage.ROLE: 3}


def criteres_a_garder(selection: Reglages) -> dict[str, list[str]]:
    """Critères, tri et colonnes de l'adresse, au plus court. Lève `Refus("champ")` s'ils ne valent pas.

    Ne garde que des paramètres que la page connaît ; `VALEURS_MAX` valeurs par critère, `LONGUEUR_MAX` signes chacune.
    Ce qu'on a cherché est un texte tapé : un NIR s'y refuse comme ailleurs.
    """
    if fautes := selection.fautes():
        phrase = f"Un critère n'a pas été compris : {' '.join(p for phrases in fautes.values() for p in phrases)}"
        raise Refus("champ", phrase, champs={"": [phrase]})
    poses = selection.criteres_poses()
    longues = [v for nom, valeurs in poses.items() if nom != "colonnes" for v in valeurs if len(v) > LONGUEUR_MAX]
    if longues or any(len(valeurs) > VALEURS_MAX for valeurs in poses.values()):
        phrase = f"Une vue garde {VALEURS_MAX} valeurs par critère, de {LONGUEUR_MAX} signes chacune au plus."
        raise Refus("champ", phrase, champs={"": [phrase]})
    if any(porte_nir(v) for valeurs in poses.values() for v in valeurs):
        raise Refus("champ", REFUS_NIR, champs={"": [REFUS_NIR]})
    return poses


def par_defaut(vues: Iterable[Filtre]) -> Filtre | None:
    """Celle qui s'ouvre en arrivant : la mienne, à défaut celle de ma grappe, de mon organisme, de mon rôle."""
    candidates = [v for v in vues if v.est_defaut]
    return min(candidates, key=lambda v: (_RANG[Partage(v.partage)], v.pk), default=None)


def adresse_de(criteres: dict[str, list[str]]) -> str:
    """Ces critères, en paramètres d'adresse."""
    return urlencode(criteres, doseq=True, safe=",")


@dataclass(frozen=True, slots=True)
class Entree:
    """Une vue du menu ; `detail` : à qui elle s'adresse, si ce n'est pas qu'à soi."""

    nom: str
    url: str
    detail: str
    courante: bool
    defaut: bool


@dataclass(slots=True)
class Menu:
    """Le menu « Vues » d'une liste ou d'une page, et où l'on en est de la vue ouverte."""

    miennes: list[Entree] = field(default_factory=list)
    partagees: list[Entree] = field(default_factory=list)
    reste: int = 0
    ouverte: Filtre | None = None
    modifiee: bool = False
    est_mienne: bool = False
    url_vue: str = ""
    url_tout: str = ""
    route: str = ""
    objet: str = ""
    criteres: str = ""
    invite: str = ""
    mot_tout: str = ""

    @property
    def nombre(self) -> int:
        """Vues ouvertes au lecteur."""
        return len(self.miennes) + len(self.partagees) + self.reste


def menu_de(selection: Reglages) -> Menu | None:
    """Le menu de cette page pour ce lecteur, sans requête de plus ; None si elle ne garde pas de vue."""
    if not selection.garde_des_vues:
        return None
    moi, ici, ouverte = selection.request.user.pk, selection.request.path, selection.vue_ouverte
    defaut = par_defaut(selection.enregistrees)
    menu = Menu(
        ouverte=ouverte,
        modifiee=selection.est_modifiee,
        est_mienne=ouverte is not None and ouverte.par_id == moi,
        url_vue=f"{ici}?{VUE}={ouverte.pk}" if ouverte else "",
        url_tout=f"{ici}?{VUE}={AUCUNE}" if defaut else ici,
        route=selection.route,
        objet=selection.objet,
        invite=selection.invite,
        mot_tout=selection.mot_tout,
        criteres=adresse_de(selection.criteres_poses()),
        reste=max(0, len(selection.enregistrees) - MONTREES),
    )
    rangees = sorted(selection.enregistrees, key=lambda v: (v.par_id != moi, v is not ouverte, v.nom.lower(), v.pk))
    for vue in rangees[:MONTREES]:
        entree = Entree(vue.nom, f"{ici}?{VUE}={vue.pk}", a_qui(vue), vue is ouverte, vue is defaut)
        (menu.miennes if vue.par_id == moi else menu.partagees).append(entree)
    return menu


def a_qui(vue: Filtre) -> str:
    """À qui s'adresse une vue, là où le lecteur en est : sa grappe, son OG nommés, son rôle ; rien pour soi seul."""
    if vue.partage == Partage.GRAPPE:
        return str(vue.grappe)
    if vue.partage == Partage.OG:
        return str(vue.og)
    return "un rôle" if vue.partage == Partage.ROLE else ""


def parametres_de_depart(selection: Selection) -> list[tuple[str, str]]:
    """Ce que le formulaire d'une liste rend sans le montrer, pour que rien ne se perde d'un envoi à l'autre."""
    gardes: list[tuple[str, Any]] = []
    if selection.vue_ouverte is not None:
        gardes.append(("modifiee", selection.vue_ouverte.pk))
    elif par_defaut(selection.enregistrees):
        gardes.append((VUE, AUCUNE))
    if selection.parametres.get("tri"):
        gardes.append(("tri", selection.parametres["tri"]))
    if selection.request.GET.get("par_page"):
        gardes.append(("par_page", selection.request.GET["par_page"]))
    if selection.choix is not None:
        gardes.append(("choix", ",".join(map(str, selection.choix))))
    return [(nom, str(valeur)) for nom, valeur in gardes]


def lire_criteres(vues: Iterable[Filtre], selection: Selection) -> None:
    """Pose sur chaque vue `criteres_lus` : ses critères, moins les objets que ce lecteur ne voit pas.

    `selection` est la liste de ces vues, lue par lui. Une requête par filtre d'objets, quel que soit leur nombre.
    """
    vues = list(vues)
    for vue in vues:
        vue.criteres_lus = {nom: v for nom, v in vue.criteres.items() if nom in selection.noms_connus}
    filtres = selection.criteres.filters if selection.criteres is not None else {}
    for nom, filtre in filtres.items():
        lus = [v.criteres_lus for v in vues if nom in v.criteres_lus]
        if not isinstance(filtre, ChoixObjet) or not lus:
            continue
        visibles = {str(cle) for cle in filtre.field.queryset.values_list("pk", flat=True)}
        for criteres in lus:
            criteres[nom] = [valeur for valeur in criteres[nom] if valeur in visibles]
            if not criteres[nom]:
                del criteres[nom]
