"""Une valeur à la fois : la lire sous sa forme, ou dire pourquoi elle ne va pas."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from programme.socle.texte import nettoyer, normaliser, porte_nir
from risques.definition.fautes import INECRIVABLES, Brut, Releve, en_mots, extrait

ENONCE = 300
COURT = 120
LONG = 1_000
ACTION, RISQUE = 200, 160
DECIMALES = 4
NOMBRE_MAXIMAL = 100_000
INCONNUES_DITES = 10

VIDE = "{} est vide : {}."
PAS_UN_TEXTE = "{} doit être un texte, pas {} : corrigez sa valeur."
TROP_LONG = "{} a {} signes, {} au plus : raccourcissez le texte."
NIR = (
    "{} contient un numéro de sécurité sociale (NIR ou INS) : retirez-le, Treille ne reçoit aucune donnée de personne "
    "accompagnée."
)
PAS_UN_ENTIER = "{} doit être un nombre entier de {} à {}, pas {} : corrigez la valeur."
PAS_UN_NOMBRE = "{} doit être un nombre {}, pas {} : corrigez la valeur."
DECIMALES_DE_TROP = "{} a plus de quatre décimales ({}) : arrondissez."
PAS_OUI_NON = "{} se dit par oui ou non, pas {} : corrigez la valeur."
HORS_LISTE = "{} {} n'est pas dans la liste : écrivez {}."
CLE_INCONNUE = "{} n'est pas connu ici{} : corrigez ce nom, ou retirez-le."


def propre(texte: str, *, lignes: bool = False) -> str:
    """Le texte tel qu'on le garde : sans signe invisible nuisible, blancs réduits, d'une ligne sauf si `lignes`."""
    net = nettoyer(INECRIVABLES.sub("", texte))
    if not lignes:
        return re.sub(r"[ \t\n]+", " ", net).strip()
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", net))).strip()


class Champs:
    """Les valeurs d'un objet lu, une à une ; chaque faute part au relevé, et la lecture continue."""

    def __init__(self, brut: Brut, releve: Releve, de: str = "") -> None:
        """`de` : de quoi l'on parle, en fin de groupe (« de la question P03 »)."""
        self.brut, self.releve, self.de = brut, releve, de

    def _nom(self, nom: str) -> str:
        return f"{nom} {self.de}".strip()

    def dire(self, cle: str, raison: str) -> None:
        """Une faute sur cette clé."""
        self.releve.dire(self.brut.place(cle), raison)

    def connues(self, cles: Collection[str]) -> None:
        """Une faute par clé qui n'est pas au format, avec celle qu'on a sans doute voulu écrire."""
        inconnues = [cle for cle in self.brut if cle not in cles]
        for cle in inconnues[:INCONNUES_DITES]:
            proches = get_close_matches(en_mots(cle), cles, 1)
            suite = f" (vouliez-vous « {proches[0]} » ?)" if proches else ""
            self.dire(en_mots(cle), CLE_INCONNUE.format(extrait(cle), suite))
        if (reste := len(inconnues) - INCONNUES_DITES) > 0:
            self.dire("", f"Et {reste} autres noms inconnus : repartez du modèle.")

    def texte(
        self,
        cle: str,
        nom: str,
        maximum: int = COURT,
        *,
        requis: str = "",
        lignes: bool = False,
        echelon: bool = False,
    ) -> str:
        """Le texte de cette clé, en signes au plus. `requis` : ce qu'il faut écrire s'il est vide, sinon facultatif.

        `lignes` : il peut en avoir plusieurs. `echelon` : sans point-virgule au bord.
        """
        valeur = self.brut.get(cle)
        if valeur is not None and not isinstance(valeur, str):
            self.dire(cle, PAS_UN_TEXTE.format(self._nom(nom), extrait(valeur)))
            return ""
        texte = propre(valeur or "", lignes=lignes)
        if echelon:
            texte = sans_bords(texte)
        if requis and not _se_voit(texte):
            self.dire(cle, VIDE.format(self._nom(nom), requis))
        elif len(texte) > maximum:
            self.dire(cle, TROP_LONG.format(self._nom(nom), len(texte), maximum))
        if porte_nir(texte):
            self.dire(cle, NIR.format(self._nom(nom)))
        return texte

    def entier(self, cle: str, nom: str, bornes: tuple[int, int], defaut: int | None) -> int | None:
        """L'entier de cette clé, bornes comprises ; `defaut` s'il n'y est pas, et None s'il ne va pas."""
        valeur = self.brut.get(cle)
        if valeur is None:
            return defaut
        if isinstance(valeur, float) and valeur.is_integer():
            valeur = int(valeur)
        if not isinstance(valeur, int) or isinstance(valeur, bool) or not bornes[0] <= valeur <= bornes[1]:
            self.dire(cle, PAS_UN_ENTIER.format(self._nom(nom), *bornes, extrait(self.brut[cle])))
            return None
        return valeur

    def nombre(self, cle: str, nom: str, defaut: int | None) -> int | float | None:
        """Le nombre de cette clé, strictement positif ; `defaut` s'il n'y est pas, None s'il ne va pas."""
        valeur = self.brut.get(cle)
        if valeur is None:
            return defaut
        attendu = f"plus grand que 0, {NOMBRE_MAXIMAL} au plus"
        if not est_nombre(valeur) or not 0 < valeur <= NOMBRE_MAXIMAL:
            self.dire(cle, PAS_UN_NOMBRE.format(self._nom(nom), attendu, extrait(valeur)))
            return None
        if round(valeur, DECIMALES) != valeur:
            self.dire(cle, DECIMALES_DE_TROP.format(self._nom(nom), extrait(valeur)))
            return None
        return int(valeur) if valeur == int(valeur) else valeur

    def ouinon(self, cle: str, nom: str, defaut: bool) -> bool:
        """Le oui ou non de cette clé."""
        valeur = self.brut.get(cle)
        if valeur is None:
            return defaut
        if not isinstance(valeur, bool):
            self.dire(cle, PAS_OUI_NON.format(self._nom(nom), extrait(valeur)))
            return defaut
        return valeur

    def parmi(self, cle: str, nom: str, choix: Mapping[str, tuple[str, ...]], *, defaut: str | None = None) -> str:
        """Une valeur de la liste (code → mots, le premier se dit), casse et accents indifférents.

        `defaut` si elle est vide ; None la rend obligatoire.
        """
        valeur = self.brut.get(cle)
        if valeur is None or valeur == "":
            if defaut is None:
                self.dire(cle, VIDE.format(self._nom(nom), f"écrivez {ou_bien(choix)}"))
            return defaut or ""
        if isinstance(valeur, str):
            voulu = _sans_forme(valeur)
            for code, mots in choix.items():
                if voulu in map(_sans_forme, (code, *mots)):
                    return code
        self.dire(cle, HORS_LISTE.format(self._nom(nom), extrait(valeur), ou_bien(choix)))
        return ""


def sans_bords(libelle: str) -> str:
    """Le libellé d'un échelon, sans blanc ni point-virgule au bord : en une case, il sépare les échelons."""
    return re.sub(r"^[\s;]+|[\s;]+$", "", libelle)


def _se_voit(texte: str) -> bool:
    """Faux si le texte n'est fait que de blancs et de signes sans dessin (espace nulle, marque de sens)."""
    return any(not signe.isspace() and unicodedata.category(signe) != "Cf" for signe in texte)


def _sans_forme(texte: str) -> str:
    return normaliser(texte).replace(" ", "")


def est_nombre(valeur: Any) -> bool:
    """Vrai pour un entier ou un décimal ; « NaN » et l'infini en sont, mais ne tiennent entre aucunes bornes."""
    return isinstance(valeur, int | float) and not isinstance(valeur, bool)


def ou_bien(choix: Mapping[str, tuple[str, ...]]) -> str:
    """« défavorable », « favorable » ou « inconnu »."""
    mots = [f"« {mot} »" for mot, *_ in choix.values()]
    return " ou ".join([", ".join(mots[:-1]), mots[-1]]) if len(mots) > 1 else "".join(mots)
