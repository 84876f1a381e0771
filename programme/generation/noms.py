"""Noms inventés : lieux, enseignes, grappes. Aucun nom de personne. Module pur."""

from random import Random

from programme.socle.texte import normaliser

_ENSEIGNES = (
    "Les Tilleuls", "La Roseraie", "Les Érables", "Le Clos Fleuri", "Les Genêts", "La Source", "Les Trois Chênes",
    "Le Vieux Moulin", "Les Amandiers", "La Colline", "Les Bruyères", "Le Grand Pré", "Les Cèdres", "La Passerelle",
    "Les Horizons", "Le Verger", "Les Hirondelles", "La Clairière", "Les Embruns", "Le Parc", "Les Glycines",
    "La Vallée", "Les Sorbiers", "Le Belvédère", "Les Alizés", "La Garenne", "Les Coteaux", "Le Colombier",
    "Les Aubépines", "La Fontaine", "Les Peupliers", "Le Ruisseau", "Les Mimosas", "La Licorne", "Les Charmes",
    "Le Chêne Vert", "Les Cigales", "La Prairie", "Les Mésanges", "Le Port", "Les Lavandes", "La Marelle",
)  # fmt: skip
_SUITES = (
    "", "", "", "", "du Val", "du Lac", "de la Rive", "du Plateau", "de la Forêt", "des Sables", "du Levant",
    "du Couchant", "de la Plaine", "du Vallon", "du Haut", "du Bas", "de l'Étang", "des Remparts",
)  # fmt: skip
_LIEUX = (
    "Valbois", "Montclairet", "Rochebrune", "Fontvive", "Belorme", "Champfleuri", "Sourcelle", "Pierreval", "Lormont",
    "Vertrive", "Castelbrun", "Rivemont", "Hautefage", "Noirval", "Clairval", "Aubeterre", "Grandlieu", "Malpertuis",
    "Tournebois", "Brevent", "Ormelay", "Viremont", "Longeval", "Sablerive", "Chantemerle", "Bruyeval", "Fougerette",
    "Marsanne", "Rosevent", "Valsonne", "Combeverte", "Moulinneuf", "Bellecombe", "Genestelle", "Tresval", "Ombreval",
)  # fmt: skip
_PRECISIONS = ("", "", "", "-sur-Rive", "-la-Forêt", "-le-Haut", "-le-Vieux", "-en-Plaine", "-les-Sources", "-Bourg")
_FORMES_OG = (
    "Association", "Fondation", "Union mutualiste", "Centre communal d'action sociale", "Groupement", "Fédération",
    "Société", "Établissement public",
)  # fmt: skip
_PAYS = (
    "Rives", "Pays", "Coteaux", "Vallées", "Portes", "Plateaux", "Sources", "Confluences", "Horizons", "Chemins",
    "Terres", "Bassins", "Passerelles", "Alliances",
)  # fmt: skip


def lieu(hasard: Random) -> str:
    """Une commune inventée."""
    return hasard.choice(_LIEUX) + hasard.choice(_PRECISIONS)


def enseigne(hasard: Random, sigle: str) -> str:
    """Le nom d'un ESMS : « IME Les Tilleuls du Val »."""
    return " ".join(filter(None, (sigle, hasard.choice(_ENSEIGNES), hasard.choice(_SUITES))))


def organisme(hasard: Random, rang: int) -> str:
    """Le nom d'un organisme gestionnaire ; le rang le distingue de ses homonymes."""
    return f"{hasard.choice(_FORMES_OG)} {hasard.choice(_ENSEIGNES)} de {lieu(hasard)} {rang}"


def grappe(hasard: Random, rang: int) -> str:
    """Le nom d'une grappe ; le rang le distingue de ses homonymes."""
    return f"{hasard.choice(_PAYS)} de {hasard.choice(_LIEUX)} {rang}"


def forme_de_tri(nom: str) -> str:
    """Ce que `Grappe.save()` écrirait dans sa colonne de tri."""
    return normaliser(nom)[:120]
