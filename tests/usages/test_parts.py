"""Les parts d'une répartition portent le nom que leur donne le catalogue, partout où elles se lisent."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.enums import NatureProfil
from programme.enums import EtatOuverture
from programme.services.reference import charger_reference
from programme.socle.indicateurs import Mesure
from risques.enums import NiveauRisque
from tests.aides import connecte, nb_requetes
from tests.fabriques import affecter
from tests.usages.fabriques import transmettre
from tests.usages.releves.aides import calcule, direction, relever
from usages.calculs import parts
from usages.enums import Forme
from usages.models import Indicateur, Releve
from usages.services.chiffres.valeurs import poser_calcules
from usages.services.releves.classeur import exporter

NOMS = {"prete": "Prête", "a_preparer": "À préparer"}


def test_le_catalogue_se_lit_et_se_recrit() -> None:
    texte = "prete = Prête | a_preparer = À préparer"
    assert parts.lire(texte) == parts.lire("prete=Prête|a_preparer =  À  préparer|") == NOMS
    assert parts.ecrire(NOMS) == texte and parts.lire("") == {}


@pytest.mark.parametrize("texte", ["prete", "prête = Prête", "= Prête", "prete =", f"prete = {'x' * 81}", "a=A | a=B"])
def test_une_part_mal_nommee_se_dit(texte: str) -> None:
    with pytest.raises(ValueError, match="part"):
        parts.lire(texte)


def test_une_part_inconnue_ou_une_tranche_se_lit_quand_meme() -> None:
    assert parts.nommer("prete", NOMS) == "Prête"
    assert parts.nommer("j007", {}) == "de 4 à 7 jours"
    assert parts.nommer("educateur_specialise", NOMS) == "Educateur specialise"
    lues = [("autre", Decimal("1.00")), ("a_preparer", Decimal(4)), ("prete", Decimal(2))]
    assert parts.dire(lues, NOMS) == "Prête 2 · À préparer 4 · Autre 1"


@pytest.fixture
def releve(db: None) -> Releve:
    etats = calcule(code="etats", libelle="Ouvertures", forme=Forme.REPARTITION, unite="ouvertures", parts=NOMS)
    releve = relever(etats)
    mesures = [Mesure(6), Mesure(4, cle="a_preparer"), Mesure(2, cle="prete")]
    poser_calcules(releve_cles=[releve.pk], mesures={etats.pk: {releve.parcours_id: mesures}}, le=timezone.now())
    return releve


DIT = "Prête 2 · À préparer 4"


def test_dans_la_grille_le_releve_le_chiffre_et_le_classeur(releve: Releve) -> None:
    par = direction(releve.parcours)
    pages = [
        reverse("usages:releve-detail", args=[releve.pk]),
        reverse("usages:parcours-tableau-de-bord", args=[releve.parcours_id]),
    ]
    for page in pages:
        assert DIT in connecte(par).get(page).content.decode(), page
    detail = connecte(par).get(reverse("usages:valeur-detail", args=[releve.valeurs.get(cle="").pk])).content.decode()
    assert detail.index("Prête") < detail.index("À préparer") and "A preparer" not in detail
    assert "<td>4</td>" in detail
    (ligne,) = exporter(releve.grappe, releve.periode, par)[1]
    assert ligne[-1] == DIT
    transmettre(releve, par=par)
    assert DIT in connecte(par).get(pages[0]).content.decode()


def test_le_tableau_ne_coute_pas_plus_a_dix_repartitions(releve: Releve) -> None:
    client = connecte(direction(releve.parcours))
    url = reverse("usages:parcours-tableau-de-bord", args=[releve.parcours_id])
    avant = nb_requetes(client, url)
    for rang in range(9):
        i = calcule(code=f"r{rang}", forme=Forme.REPARTITION, parts=NOMS)
        releve.valeurs.create(indicateur=i, numerateur=2)
        releve.valeurs.create(indicateur=i, numerateur=2, cle="prete")
    assert nb_requetes(client, url) == avant


@pytest.mark.django_db
def test_le_catalogue_livre_nomme_toutes_les_parts_que_treille_calcule() -> None:
    charger_reference()
    noms: dict[str, Any] = dict(Indicateur.objects.filter(forme=Forme.REPARTITION).values_list("code", "parts"))
    ouvertures = {v: str(label) for v, label in EtatOuverture.choices if v != EtatOuverture.HORS_PERIMETRE}
    assert noms["ouvertures-par-etat"] == ouvertures
    assert noms["comptes-par-profil"] == dict(NatureProfil.choices) | {"sans_profil": "Sans profil"}
    assert noms["risques-par-niveau"] == dict(NiveauRisque.choices)
    api = connecte(affecter("admin")).get("/api/v1/indicateurs/").json()["results"]
    assert any(ligne["parts"].get("a_preparer") == "À préparer" for ligne in api)
