"""Qui dirige un ESMS : une règle, lue partout ; ceux que personne ne dirige, ou plus pour longtemps."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role, Titre
from programme.models import Affectation, Esms, Parcours
from programme.permissions import peut_nommer
from programme.services.perimetre import sieges_vacants
from programme.services.propositions import sans_direction
from programme.socle.conditions import evaluer
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, GroupeFactory, ParcoursFactory, affecter, cheffe_de

pytestmark = pytest.mark.django_db
URL = "/esms-sans-direction/"


def _jour(ecart: int) -> Any:
    return timezone.localdate() + timedelta(days=ecart)


def _par_groupe(parcours: Parcours, **dates: Any) -> None:
    groupe = GroupeFactory(og=parcours.esms.og)
    groupe.esms.add(parcours.esms)
    affecter(Role.DIRECTEUR, groupe, **dates)


@pytest.mark.parametrize(
    ("nommer", "dirige"),
    [
        (lambda p: None, False),
        (lambda p: affecter(Role.DIRECTEUR, p.esms), True),
        (lambda p: affecter(Role.DIRECTEUR, p.esms, titre=Titre.INTERIM), True),
        (lambda p: affecter(Role.DIRECTEUR, p.esms, titre=Titre.DELEGATION, au=_jour(9)), True),
        (lambda p: affecter(Role.DIRECTEUR, p.esms, au=_jour(-1)), False),
        (lambda p: affecter(Role.DIRECTEUR, p.esms, du=_jour(1)), False),
        (lambda p: affecter(Role.REFERENT, p.esms), False),
        (_par_groupe, True),
        (lambda p: _par_groupe(p, au=_jour(-1)), False),
        (lambda p: affecter(Role.DIRECTEUR, ParcoursFactory().esms), False),
    ],
)
def test_une_seule_reponse_ou_qu_on_la_demande(nommer: Any, dirige: bool) -> None:
    parcours = ParcoursFactory()
    admin = affecter(Role.ADMIN)
    nommer(parcours)
    esms, au = Esms.objects.get(pk=parcours.esms_id), timezone.localdate()
    assert Affectation.objects.en_cours(au).dirigeant(esms).exists() is dirige
    assert (esms not in Esms.objects.sans_direction(au)) is dirige
    assert (esms not in sieges_vacants(admin)) is dirige
    assert (parcours.pk not in sans_direction([parcours])) is dirige
    constats = evaluer(Parcours.objects.filter(pk=parcours.pk), "engager")[parcours.pk]
    assert next(c for c in constats if c.condition.code == "directeur").ok is dirige
    en_memoire = [a for a in esms.directions if a.du <= au and (a.au is None or a.au >= au)]
    assert bool(en_memoire) is dirige
    assert bool(Affectation.objects.en_cours(au).de_direction().par_esms([esms.pk])[esms.pk]) is dirige
    fiche = connecte(admin).get(reverse("programme:esms-detail", args=[esms.finess])).content.decode()
    assert ("Poste vacant" not in fiche) is dirige


def test_une_direction_a_venir_ferme_la_nomination_au_chef_de_projet() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    assert peut_nommer(cheffe, Role.DIRECTEUR, parcours.esms)
    affecter(Role.DIRECTEUR, parcours.esms, du=_jour(10))
    assert not peut_nommer(cheffe, Role.DIRECTEUR, Esms.objects.get(pk=parcours.esms_id))


# --- la liste ------------------------------------------------------------------------------------------------------


def test_vacant_depuis_quand_et_qui_dirigeait() -> None:
    parcours = ParcoursFactory()
    ancienne = affecter(Role.DIRECTEUR, parcours.esms, au=_jour(-11))
    client = connecte(cheffe_de(parcours.grappe))
    entetes, ligne = lignes_csv(client.get(URL, {"format": "csv"}))
    lue = dict(zip(entetes, ligne, strict=True))
    assert lue["Situation"] == "sans direction"
    assert ancienne.nom in lue["Dernière direction connue"]
    assert f"?esms={parcours.esms.finess}" in client.get(URL).content.decode()


def test_bientot_et_ceux_qui_ont_une_suite() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    finit, releve, tenu, vacant = (ParcoursFactory(grappe=grappe) for _ in range(4))
    affecter(Role.DIRECTEUR, finit.esms, titre=Titre.INTERIM, au=_jour(12))
    affecter(Role.DIRECTEUR, releve.esms, au=_jour(12))
    affecter(Role.DIRECTEUR, releve.esms, du=_jour(13))
    affecter(Role.DIRECTEUR, tenu.esms, au=_jour(90))

    def lus(**criteres: str) -> set[str]:
        return {ligne.record.nom for ligne in connecte(cheffe).get(URL, criteres).context["liste"].table.rows}

    assert lus() == {finit.esms.nom, vacant.esms.nom}
    assert lus(situation="bientot") == {finit.esms.nom}
    assert lus(situation="vacant") == {vacant.esms.nom}


def test_deux_perimetres_et_le_financeur() -> None:
    parcours = ParcoursFactory()
    for qui in (cheffe_de(GrappeFactory()), affecter(Role.ARS, parcours.grappe.region)):
        assert "Toutes les directions sont tenues" in connecte(qui).get(URL).content.decode()
    membre = connecte(affecter(Role.MEMBRE, parcours.grappe)).get(URL).content.decode()
    assert parcours.esms.nom in membre and "Nommer" not in membre


def test_requetes_constantes() -> None:
    grappe = GrappeFactory()

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            affecter(Role.DIRECTEUR, ParcoursFactory(grappe=grappe).esms, au=_jour(-3))

    exiger_requetes_constantes(connecte(cheffe_de(grappe)), URL, peupler)
