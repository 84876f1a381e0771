"""La fiche réflexe d'un renfort : une page, de quoi appeler, aucun nom de personne."""

import re

import pytest
from django.utils import timezone

from formation.documents.reflexe import SUJETS, reflexe_de
from programme.enums import Role, Sujet
from programme.models import Interlocuteur, Parcours
from tests.fabriques import ApplicationFactory, ParcoursFactory, affecter, directrice_de
from tests.formation.fabriques import PosteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="Institut médico-éducatif des Coteaux de la Vallée et de ses environs immédiats")


def test_elle_tient_sur_une_page_meme_bien_remplie(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    for rang in range(9):
        ApplicationFactory(parcours=parcours, nom=f"Un outil au nom plutôt long, n° {rang}", domaine="soins")
    for sujet in SUJETS:
        Interlocuteur.objects.create(
            esms=parcours.esms,
            sujet=sujet,
            nom="Une personne",
            fonction="Référente du dossier usager informatisé pour le pôle enfance et les services",
            telephone="05 55 00 00 00 poste 1234",
        )
    fiche = reflexe_de(parcours, par=directrice, au=timezone.localdate()).en_pdf()
    assert len(re.findall(rb"/Type\s*/Page[^s]", fiche)) == 1
    vide = reflexe_de(ParcoursFactory(), par=affecter(Role.ADMIN), au=timezone.localdate()).en_pdf()
    assert vide.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page[^s]", vide)) == 1


def test_elle_ne_nomme_personne(parcours: Parcours) -> None:
    PosteFactory(parcours=parcours, professionnel__nom="Camille Secret")
    Interlocuteur.objects.create(
        esms=parcours.esms,
        sujet=Sujet.PANNE,
        nom="Dominique Nommé",
        fonction="Assistance",
        telephone="05 55 00 00 00",
        courriel="dominique.nomme@essai.example",
    )
    referente = affecter(Role.REFERENT, parcours.esms)
    donnees = reflexe_de(parcours, par=referente, au=timezone.localdate()).donnees
    dit = str(donnees)
    assert not [mot for mot in ("Camille", "Dominique", "dominique", str(referente)) if mot in dit]
    assert ["Panne, connexion, matériel", "Assistance", "05 55 00 00 00"] in donnees["contacts"]
    assert len(donnees["contacts"]) == len(SUJETS), "ce qui manque se remplit à la main"
