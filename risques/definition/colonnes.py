"""Les colonnes et les rubriques d'un questionnaire mis en classeur : leurs intitulés, la lecture de leurs cases."""

import re
from dataclasses import dataclass
from typing import Any

from programme.socle.classeur import Cellule
from programme.socle.texte import normaliser
from risques.definition.champs import propre
from risques.definition.modele import Echelon
from risques.definition.verification import CATEGORIES, ECHELON_ECRIT, OBJETS, SENS

TEXTE, NOMBRE, OUI_NON, ECHELLE = "texte", "nombre", "oui ou non", "échelle"
OUI, NON = ("oui", "o", "x", "vrai", "1"), ("non", "n", "faux", "0")

_NOMBRE = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne de la feuille des questions, ou une rubrique du questionnaire.

    `aide` : ce qu'il faut y écrire. `offres` : sa liste déroulante. `autres` : intitulés admis en plus du sien.
    """

    cle: str
    titre: str
    aide: str
    largeur: int = 14
    forme: str = TEXTE
    offres: tuple[str, ...] = ()
    autres: tuple[str, ...] = ()

    @property
    def noms(self) -> set[str]:
        """Ses intitulés, normalisés."""
        return {normaliser(nom) for nom in (self.titre, *self.autres)}


_SENS = tuple(mots[0] for mots in SENS.values())
_OBJETS = tuple(mots[0] for mots in OBJETS.values())
_CATEGORIES = tuple(mots[0] for mots in CATEGORIES.values())

DE_SECTION = "section_"
"""Ce qui précède la clé d'une colonne qui parle de la section."""

RUBRIQUES = (
    Colonne("code", "Code", "Lettres minuscules sans accent, chiffres et tirets : « nos-risques »."),
    Colonne("nom", "Nom", "Tel qu'il se lira à l'écran.", autres=("Titre",)),
    Colonne("objet", "Objet", "Ce que le questionnaire mesure.", offres=_OBJETS),
    Colonne("version", "Version", "Un nombre entier ; vide : 1.", forme=NOMBRE),
    Colonne(
        "sens", "Sens", "Favorable : plus la note est haute, mieux c'est. Inconnu : rien ne sera comparé.", offres=_SENS
    ),
    Colonne("duree_minutes", "Durée (minutes)", "Temps de réponse annoncé.", forme=NOMBRE, autres=("Durée", "Minutes")),
    Colonne("total", "Total", "Ce que vaut le total à l'écran ; vide : la somme des maximums.", forme=NOMBRE),
    Colonne("provenance", "Provenance", "D'où viennent les mots, en une phrase.", autres=("Source",)),
    Colonne("note", "Note", "Ce qu'il faut savoir avant de s'en servir."),
)
COLONNES = (
    Colonne(
        "section_code",
        "Section",
        "1 à 12 signes : « P ». Vide : la section de la ligne au-dessus.",
        10,
        autres=("Code de la section",),
    ),
    Colonne("section_nom", "Nom de la section", "Une fois suffit.", 28),
    Colonne("section_aide", "Aide de la section", "Facultative ; une fois suffit.", 28),
    Colonne(
        "section_points", "Points de la section", "Sa note maximale ; à toutes les sections, ou à aucune.", 12, NOMBRE
    ),
    Colonne(
        "code",
        "Code",
        "1 à 12 signes, majuscules, chiffres et tirets, unique : « P01 ».",
        10,
        autres=("Code de la question",),
    ),
    Colonne("enonce", "Énoncé", "La question, 300 signes au plus.", 60, autres=("Question", "Intitulé")),
    Colonne("aide", "Aide", "Ce qui aide à répondre.", 40),
    Colonne("minimum", "Minimum", "De 0 à 99 ; vide : 1.", 11, NOMBRE, autres=("Min",)),
    Colonne("maximum", "Maximum", "Jusqu'à 100 ; vide : 10.", 11, NOMBRE, autres=("Max",)),
    Colonne("sens", "Sens", "Vide : celui du questionnaire.", 14, offres=_SENS),
    Colonne("poids", "Poids", "Plus grand que 0 ; vide : 1.", 9, NOMBRE),
    Colonne(
        "etoilee", "Étoilée", "Oui : reposée en fin de phase ; vide : non.", 10, OUI_NON, ("oui", "non"), ("Étoile",)
    ),
    Colonne("sans_objet", "Sans objet permis", "Vide : oui.", 12, OUI_NON, ("oui", "non"), ("Sans objet",)),
    Colonne(
        "choix",
        "Choix fermé",
        "Oui : on ne répond que par les échelons ; vide : non.",
        12,
        OUI_NON,
        ("oui", "non"),
        ("Choix",),
    ),
    Colonne("echelle", "Échelons", "« 1 = Pas du tout ; 10 = Tout à fait ».", 40, ECHELLE, autres=("Échelle",)),
    Colonne("categorie", "Catégorie", "Celle du risque nourri.", 18, offres=_CATEGORIES),
    Colonne("action", "Action suggérée", "Proposée quand la réponse inquiète.", 40, autres=("Action",)),
    Colonne("risque", "Risque nourri", "Proposé quand la réponse inquiète.", 40, autres=("Risque",)),
    Colonne("si_question", "Si question", "Code d'une question placée plus haut : celle-ci n'est posée que si…", 12),
    Colonne("si_au_moins", "Si au moins", "… sa réponse atteint cette valeur.", 12, NOMBRE),
)
INDISPENSABLES = ("section_code", "code", "enonce")


def reconnaitre(intitule: str, colonnes: tuple[Colonne, ...]) -> Colonne | None:
    """La colonne que nomme cet intitulé, casse, accents et ponctuation indifférents."""
    nom = normaliser(intitule)
    return next((colonne for colonne in colonnes if nom in colonne.noms), None)


def lire_case(forme: str, cellule: Cellule) -> Any:
    """La valeur d'une case qui n'est pas vide ; ce qui ne se lit pas reste un texte, que la vérification refusera."""
    valeur = cellule.valeur
    if forme == NOMBRE and isinstance(valeur, int | float) and not isinstance(valeur, bool):
        return valeur
    if forme == OUI_NON and isinstance(valeur, bool):
        return valeur
    # Pas `cellule.texte` : il coupe les textes longs et réduit toutes les espaces, même insécables.
    texte = propre(valeur if isinstance(valeur, str) else cellule.texte, lignes=True)
    if forme == NOMBRE and _NOMBRE.fullmatch(texte):
        return float(texte.replace(",", ".")) if re.search("[.,]", texte) else int(texte)
    if forme == OUI_NON and normaliser(texte) in OUI + NON:
        return normaliser(texte) in OUI
    if forme == ECHELLE:
        return lire_echelle(texte) or texte
    return texte


def lire_echelle(texte: str) -> list[dict[str, Any]]:
    """Les échelons d'une case, ou rien si elle ne se lit pas."""
    debuts = list(ECHELON_ECRIT.finditer(texte))
    if not debuts or debuts[0].start():
        return []
    fins = [debut.start() for debut in debuts[1:]] + [len(texte)]
    return [
        {"valeur": int(debut[1]), "libelle": texte[debut.end() : fin]} for debut, fin in zip(debuts, fins, strict=True)
    ]


def ecrire_echelle(echelle: tuple[Echelon, ...]) -> str:
    """L'inverse de `lire_echelle`."""
    return " ; ".join(f"{echelon.valeur} = {echelon.libelle}" for echelon in echelle)
