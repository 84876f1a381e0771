"""L'annuaire de la démonstration : l'échantillon réel, et des ESMS inventés, reconnaissables à leur nom."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from programme.models import Editeur, Esms, Groupe, OrganismeGestionnaire, Solution
from programme.services.annuaire import analyser
from programme.socle.finess.numero import est_valide
from programme.socle.finess.source import ouvrir

ECHANTILLON = settings.RACINE / "fixtures" / "demo" / "finess-structures-echantillon.json.gz"
FICTIF = "(fictif)"

SOLUTIONS = (
    ("Éditeur des Coteaux (démonstration)", "Lisière", True),
    ("Atelier du Levant (démonstration)", "Margelle", True),
    ("Comptoir du Marais (démonstration)", "Ardoise", False),
)
"""Éditeur, solution, référencée Ségur : tous inventés."""


@dataclass(frozen=True)
class Invente:
    """Un ESMS inventé ; son numéro est de fantaisie, sa clé est juste."""

    finess: str
    nom: str
    categorie: str
    ville: str
    departement: str
    code_postal: str


def finess_de_fantaisie(departement: str, rang: int) -> str:
    """Numéro à clé juste (Luhn) dans une tranche que le répertoire n'attribue pas (« 999 »)."""
    huit = f"{departement}999{rang:03d}"
    return next(numero for cle in range(10) if est_valide(numero := f"{huit}{cle}"))


def charger_l_echantillon() -> None:
    """Importe l'échantillon réel par le service d'import."""
    source = ouvrir(ECHANTILLON)
    with analyser(source.lignes(), millesime=source.millesime) as analyse:
        analyse.ecrire()


def creer_les_solutions() -> dict[str, Solution]:
    """Crée éditeurs et solutions ; rend les solutions par nom."""
    return {
        nom: Solution.objects.create(
            editeur=Editeur.objects.get_or_create(nom=editeur)[0], nom=nom, est_referencee=referencee
        )
        for editeur, nom, referencee in SOLUTIONS
    }


def creer_les_esms(og: OrganismeGestionnaire, inventes: Iterable[Invente]) -> list[Esms]:
    """Crée ces ESMS pour un OG."""
    return [
        Esms.objects.create(
            finess=i.finess,
            og=og,
            nom=i.nom,
            categorie_id=i.categorie,
            departement_id=i.departement,
            ville=i.ville,
            code_postal=i.code_postal,
        )
        for i in inventes
    ]


def creer_un_groupe(nom: str, og: OrganismeGestionnaire, *finess: str) -> Groupe:
    """Réunit des ESMS d'un OG en un pôle."""
    groupe = Groupe.objects.create(nom=nom, og=og)
    groupe.esms.set(Esms.objects.filter(finess__in=finess, og=og))
    return groupe
