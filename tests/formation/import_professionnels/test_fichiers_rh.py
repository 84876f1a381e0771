"""Les fichiers du personnel livrés : tels que la fabrique les refait, lus sans rien relier, fautes comprises."""

from typing import Any

import pytest

from formation.calculs.mots_rh import proposer_colonnes
from formation.services.import_professionnels import lire_portee
from programme.models import OrganismeGestionnaire
from programme.services.reference import charger_reference
from programme.socle.grilles import proposer_lecture
from programme.socle.imports_relies import import_relie
from programme.socle.texte import normaliser
from tests.fabrique_professionnels import ESAT, FAUTES, FOYER, MAS, OG, SAVS, fabriquer
from tests.fabrique_reprise import IMPORTS
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, affecter
from tests.formation.import_professionnels.aides import Decor, importer, rejets, relier

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    charger_reference()
    og = OrganismeGestionnaire.objects.create(finess=OG, nom="Association de la démonstration")
    grappe, noms = GrappeFactory(), {SAVS: "SAVS DE LA FRETA"}
    parcours = [
        ParcoursFactory(grappe=grappe, esms=EsmsFactory(finess=f, og=og, nom=noms.get(f, f"ESMS {f}")))
        for f in (ESAT, FOYER, SAVS, MAS)
    ]
    siege = affecter("siege", og)
    assert len(lire_portee(og, par=siege).parcours) == 4
    return Decor(og, parcours[0], parcours[1], siege, relier(og, siege))


def lire(d: Decor, nom: str) -> dict[str, Any]:
    """Importe un fichier livré, comme Treille le devine."""
    chemin = IMPORTS / nom
    with chemin.open("rb") as fichier:
        classeur = import_relie("professionnels").ouvrir(fichier)
    lecture = proposer_lecture(classeur)
    entetes = classeur.lire(lecture).entetes
    d.correspondance.colonnes = {normaliser(entetes[r]): c for r, c in proposer_colonnes(entetes).items()}
    d.correspondance.options = {"lecture": lecture.en_json()}
    d.correspondance.save()
    return importer(d, chemin.read_bytes())


def test_les_fichiers_sont_ceux_de_la_fabrique() -> None:
    for nom, octets in fabriquer().items():
        assert (IMPORTS / nom).read_bytes() == octets, nom


@pytest.mark.parametrize(("nom", "postes"), [("professionnels-1.csv", 17), ("professionnels-2.xlsx", 12)])
def test_un_fichier_juste_se_lit_sans_rien_relier(d: Decor, nom: str, postes: int) -> None:
    assert lire(d, nom)["nombres"] == {"cree": postes}
    assert lire(d, nom)["nombres"] == {"inchange": postes}


def test_le_fautif_dit_chaque_faute_a_sa_ligne(d: Decor) -> None:
    resultat = lire(d, "professionnels-fautif.csv")
    assert resultat["nombres"] == {"cree": 1, "rejete": len(FAUTES)} and "Personne" not in str(resultat)
    phrases = [raison for _, _, raison in rejets(resultat)]
    attendues = [
        "précède l'entrée", "pas une date du calendrier", "aux lignes 5 et 6", "aux lignes 5 et 6", "lignes 7 et 8",
        "lignes 7 et 8", "ajoutez la personne à la main", "formule", "relié à aucun métier", "que vous gérez ici",
        "que vous gérez ici", "numéro de sécurité sociale",
    ]  # fmt: skip
    for (quoi, _), phrase, attendue in zip(FAUTES, phrases, attendues, strict=True):
        assert attendue in phrase, quoi
