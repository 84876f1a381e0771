"""Le fichier de l'éditeur : la matrice, une ligne par profil et par module, et la même en grille pour qui la lit."""

from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db.models import prefetch_related_objects
from django.utils.text import slugify

from formation.enums import DroitAcces, PorteeAcces
from formation.models import Matrice, Profil
from formation.services.matrices import cases
from programme.models import Module
from programme.socle import exports
from programme.socle.dates import date_courte
from programme.socle.models import Passage

Cle = tuple[int, int]
Case = tuple[str, str]
FEUILLE, GRILLE = "Droits", "Grille"
COLONNES: dict[str, str] = {
    "profil_code": "Code du profil",
    "profil": "Profil",
    "module_code": "Code du module",
    "module": "Module",
    "droit": "Droit",
    "portee": "Portée",
    "pour": "ESMS",
    "finess": "FINESS",
    "numero": "N° de matrice",
    "etat": "État",
    "au": "Au",
}
"""Chaque ligne dit de quelle matrice elle est : un éditeur en reçoit une par ESMS, et les met bout à bout."""
_LARGEURS = [22, 30, 26, 34, 16, 28, 34, 14, 14, 14, 12]


@dataclass(frozen=True, slots=True)
class Lue:
    """Une matrice prête à être écrite : ses profils, ses modules, ses cases."""

    matrice: Matrice
    profils: list[Profil]
    modules: list[Module]
    cases: dict[Cle, Case]

    def case(self, profil: Profil, module: Module) -> Case:
        """Le droit et la portée, « aucun » compris."""
        return self.cases.get((profil.pk, module.pk), (DroitAcces.AUCUN.value, ""))


def lire(matrice: Matrice, *, avec_metiers: bool = False) -> Lue:
    """La matrice, ses profils et ses modules tels que sa grille les montre. Un nombre constant de requêtes."""
    profils = matrice.profils_montres()
    if avec_metiers:
        prefetch_related_objects(profils, "metiers")
    return Lue(matrice, profils, matrice.modules_montres(), cases(matrice))


def validee_le(matrice: Matrice) -> date | None:
    """Le jour où elle a fait foi, d'après le journal."""
    passage = Passage.objects.de(matrice).filter(transition="valider").last()
    return passage.date_effet if passage else None


def lignes(lue: Lue, au: date) -> list[list[Any]]:
    """Une ligne par profil et par module, les « aucun » compris : l'éditeur n'a rien à deviner."""
    m = lue.matrice
    esms = m.parcours.esms if m.parcours else None
    pour, finess = (esms.nom, esms.finess) if esms else (f"Modèle de la grappe {m.grappe.nom}", "")
    fin = [pour, finess, m.numero, m.get_etat_display(), au]
    return [
        [profil.code, profil.nom, module.code, module.nom, DroitAcces(droit).label, _portee(portee), *fin]
        for profil in lue.profils
        for module in lue.modules
        for droit, portee in [lue.case(profil, module)]
    ]


def _portee(portee: str) -> str:
    return str(PorteeAcces(portee).label) if portee else ""


def titre_de(matrice: Matrice, au: date) -> str:
    """« Droits d'accès n° 2, IME Les Tilleuls : validée, au 4 mars 2027 »."""
    pour = matrice.parcours or f"modèle de la grappe {matrice.grappe.nom}"
    return f"Droits d'accès au DUI n° {matrice.numero}, {pour} : {matrice.get_etat_display()}, au {date_courte(au)}"


def grille(lue: Lue, au: date) -> exports.Feuille:
    """La même, une ligne par module et une colonne par profil."""
    rangees = [[module.nom, *(_en_mots(lue.case(profil, module)) for profil in lue.profils)] for module in lue.modules]
    return exports.Feuille(
        GRILLE,
        ["Module", *(p.nom for p in lue.profils)],
        rangees,
        exports.MiseEnForme([34, *[24] * len(lue.profils)], a_la_ligne=True),
        au_dessus=[[titre_de(lue.matrice, au)], ["Une case vide : aucun droit."], []],
    )


def _en_mots(case: Case) -> str:
    droit, portee = case
    if droit == DroitAcces.AUCUN:
        return ""
    return f"{DroitAcces(droit).label} : {PorteeAcces(portee).label.lower()}"


def en_xlsx(matrice: Matrice, au: date) -> IO[bytes]:
    """Le classeur : les lignes pour l'éditeur, la grille pour qui la lit."""
    lue = lire(matrice)
    choix = {4: [str(d.label) for d in DroitAcces], 5: [str(p.label) for p in PorteeAcces]}
    droits = exports.Feuille(
        FEUILLE, list(COLONNES.values()), lignes(lue, au), exports.MiseEnForme(_LARGEURS, choix=choix)
    )
    return exports.classeur([droits, grille(lue, au)])


def en_csv(matrice: Matrice, au: date) -> bytes:
    """Les mêmes lignes, en CSV."""
    return b"".join(exports.csv_en_flux(list(COLONNES.values()), lignes(lire(matrice), au)))


def nom_du_fichier(matrice: Matrice, au: date, forme: str) -> str:
    """« droits-acces-ime-les-tilleuls-n2-2027-03-04.xlsx »."""
    pour = matrice.parcours.esms.nom if matrice.parcours else f"modele-{matrice.grappe.nom}"
    return f"droits-acces-{slugify(pour)[:60]}-n{matrice.numero}-{au:%Y-%m-%d}.{forme}"
