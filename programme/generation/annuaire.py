"""L'annuaire inventé : organismes gestionnaires et ESMS, par département, à numéros justes dans leur clé."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from programme.generation import noms
from programme.models import Categorie, Departement, Esms, OrganismeGestionnaire
from programme.models.annuaire import formes_de_recherche
from programme.socle.finess.numero import est_valide
from programme.socle.lots import ecrire

CATEGORIES = {
    "500": 22, "202": 7, "460": 12, "354": 6, "183": 4, "182": 6, "186": 2, "189": 2, "190": 1, "192": 1, "188": 1,
    "246": 4, "249": 1, "252": 3, "255": 2, "382": 4, "437": 3, "445": 2, "446": 4, "448": 1, "449": 2, "177": 5,
    "214": 3, "197": 2,
}  # fmt: skip
"""Codes FINESS et poids : beaucoup d'EHPAD, peu de CAMSP."""

_CHAMPS_OG = ("finess", "siren", "nom", "nom_long", "statut_juridique", "recherche", "tri")
_CHAMPS_ESMS = (
    "finess", "og_id", "nom", "nom_long", "categorie_id", "siret", "departement_id", "commune_cog", "code_postal",
    "ville", "adresse", "longitude", "latitude", "ouvert_le", "est_actif", "millesime", "recherche", "tri",
)  # fmt: skip
_LOIN = {"971": 6, "972": 5, "973": 4, "974": 10, "975": 1, "976": 3, "2A": 4, "2B": 4}
_ESMS_PAR_OG = (1, 1, 1, 2, 2, 3, 4, 6, 9, 14)


@dataclass(frozen=True, slots=True)
class Annuaire:
    """Ce que la suite doit savoir des ESMS, dans l'ordre où ils ont été écrits."""

    esms: list[int]
    regions: list[str]
    ogs: list[int]


def numeros(departement: str, tranche: str) -> Iterator[str]:
    """Numéros FINESS à clé juste du département : deux caractères, une tranche d'un chiffre, un rang, la clé."""
    for rang in range(100_000):
        huit = f"{departement[:2]}{tranche}{rang:05d}"
        yield next(numero for cle in range(10) if est_valide(numero := f"{huit}{cle}"))


def _repartir(hasard: Random, departements: list[tuple[str, str]], nombre: int) -> list[tuple[str, str]]:
    """Le département (et la région) de chaque ESMS, groupés par région."""
    poids = [_LOIN.get(code, hasard.randint(8, 40)) for code, _ in departements]
    return sorted(hasard.choices(departements, poids, k=nombre), key=lambda d: (d[1], d[0]))


def creer_annuaire(hasard: Random, nombre: int, au: date) -> Annuaire:
    """Écrit `nombre` ESMS et leurs OG ; un OG tient des ESMS voisins, de un à quatorze."""
    departements = list(Departement.objects.order_by("code").values_list("code", "region_id"))
    lieux = _repartir(hasard, departements, nombre)
    # Cinq départements d'outre-mer commencent par 97 : la suite de numéros est par préfixe.
    suites = {code[:2]: numeros(code, "7") for code, _ in departements}
    suites_og = {code[:2]: numeros(code, "8") for code, _ in departements}
    ogs: list[tuple] = []
    appartenances: list[str] = []
    while len(appartenances) < nombre:
        departement = lieux[len(appartenances)][0]
        finess, nom = next(suites_og[departement[:2]]), noms.organisme(hasard, len(ogs) + 1)
        siren = f"9{len(ogs):08d}"
        ogs.append((finess, siren, nom, nom, "60", *formes_de_recherche(nom, nom, finess, siren)))
        appartenances += [finess] * hasard.choice(_ESMS_PAR_OG)
    ecrire(OrganismeGestionnaire, _CHAMPS_OG, ogs)
    cles_og = dict(OrganismeGestionnaire.objects.values_list("finess", "pk"))
    sigles = dict(Categorie.objects.filter(code__in=CATEGORIES).values_list("code", "sigle"))
    categories = hasard.choices(list(CATEGORIES), list(CATEGORIES.values()), k=nombre)
    ordre: list[str] = []

    def lignes() -> Iterator[tuple]:
        for (departement, _), categorie, og in zip(lieux, categories, appartenances, strict=False):
            finess = next(suites[departement[:2]])
            ordre.append(finess)
            yield _ligne(hasard, finess, cles_og[og], categorie, sigles[categorie], departement, au)

    ecrire(Esms, _CHAMPS_ESMS, lignes())
    cles = dict(Esms.objects.values_list("finess", "pk"))
    return Annuaire([cles[f] for f in ordre], [r for _, r in lieux], [cles_og[og] for og in appartenances[:nombre]])


def _ligne(
    hasard: Random, finess: str, og: int | None, categorie: str, sigle: str, departement: str, au: date
) -> tuple:
    nom, ville = noms.enseigne(hasard, sigle or "ESMS"), noms.lieu(hasard)
    chiffres = departement.replace("A", "0").replace("B", "0")
    code_postal = f"{chiffres}{hasard.randint(1, 99) * 10:03d}"[:5].ljust(5, "0")
    commune = f"{departement}{hasard.randint(1, 899):03d}"[:5]
    adresse = f"{hasard.randint(1, 99)} chemin des Essais"
    ouvert_le = date(1965, 1, 1) + timedelta(days=hasard.randint(0, 20_000))
    # Des coordonnées inventées placeraient des points faux sur une carte : on n'en donne pas.
    return (
        finess, og, nom, nom, categorie, "", departement, commune, code_postal, ville, adresse, None, None, ouvert_le,
        True, au, *formes_de_recherche(nom, nom, ville, code_postal, finess),
    )  # fmt: skip
