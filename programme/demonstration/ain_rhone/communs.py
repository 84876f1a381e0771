"""Ce que partagent les fils de la grappe : unités types, réserves types, ouverture étalée des modules."""

from datetime import date, timedelta

from programme.demonstration.annuaire import FICTIF, Invente, finess_de_fantaisie
from programme.demonstration.scenario import Exclure, Lieu, Ouvrir

ABSORBE = Invente(finess_de_fantaisie("01", 1), f"Accueil de jour L'Escale {FICTIF}", "207", "Ornex", "01", "01210")
ABSORBANT = "010004059"

EHPAD = (
    Lieu("Rez-de-jardin", 26, nuit=True),
    Lieu("Premier étage", 32, nuit=True),
    Lieu("Unité protégée", 14, nuit=True),
)
INTERNAT = (Lieu("Internat", 18, nuit=True), Lieu("Accueil de jour", 24), Lieu("Ambulatoire"))
MAISON = (Lieu("Maison des petits", 10, nuit=True), Lieu("Maison des grands", 12, nuit=True))
ATELIERS = (Lieu("Ateliers", 48), Lieu("Espaces verts", 18))
HEBERGEMENT = (Lieu("Maison commune", 22, nuit=True), Lieu("Studios", 10))
FOYER = (Lieu("Les Tilleuls", 12, nuit=True), Lieu("Les Érables", 12, nuit=True))
TOURNEES = (Lieu("Tournées du nord"), Lieu("Tournées du sud"))

RESERVE_TEMPS = "Le temps d'écriture et de lecture n'est pas encore décidé ; point prévu au prochain COMOP."
RESERVE_REFUS = "Le temps d'écriture est refusé pour l'instant par le siège ; les équipes veulent ouvrir quand même."
_SANS_SOINS = "Pas de soins dans cet ESMS : le module reste fermé."


def etaler(
    le: date, *, rythme: int = 30, ecart: int = 18, soins: bool = True, retrait: int = 40, motif: str = "", **reste: str
) -> tuple[Ouvrir, ...]:
    """Cinq modules l'un après l'autre : journal de bord d'abord, projet personnalisé en dernier."""
    suite = [
        ("journal-de-bord", 6, "Cahier de transmission"),
        ("agenda", rythme, "Planning mural"),
        ("dossier-administratif", 2 * rythme, "Classeur du secrétariat"),
        ("projet-personnalise", 4 * rythme, "Projet sur traitement de texte"),
    ]
    if soins:
        suite.insert(3, ("soins", 3 * rythme, "Classeur de soins"))
    return tuple(
        Ouvrir(
            code,
            le + timedelta(days=apres),
            ecart,
            support=support,
            tient_apres=0 if code == "projet-personnalise" else 75,
            retrait=0 if code == "dossier-administratif" else retrait,
            motif=motif,
        )
        for code, apres, support in suite
    )


def sans_soins(le: date) -> tuple[Exclure, ...]:
    return (Exclure("soins", le, _SANS_SOINS),)
