"""Les pages des droits d'accès coûtent autant à un ou cinquante ESMS, à un ou quinze profils."""

from typing import Any

import pytest

from formation.models import Matrice, Profil, RaisonHabilitation
from formation.services import matrices as services
from formation.services.references import charger_regles
from programme.models import Grappe, Parcours
from programme.services.reference import DOSSIER
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, nb_requetes
from tests.fabriques import ModuleFactory, ParcoursFactory, directrice_de
from tests.formation.fabriques import MetierFactory, PosteFactory, ProfilFactory
from tests.formation.habilitations.aides import cle, modele_valide, url

pytestmark = pytest.mark.django_db


def test_la_page_de_la_grappe_coute_autant_a_cinquante_esms(
    grappe: Grappe, parcours: Parcours, cheffe: Any, directrice: Any, educ: Profil
) -> None:
    modele_valide(grappe, cheffe, {cle(educ, "journal"): ("lecture", "unite")})

    def meubler(combien: int) -> None:
        for rang in range(combien):
            p = ParcoursFactory(grappe=grappe)
            v = services.ouvrir_variante(parcours=p, par=cheffe, au_modele=True)
            if rang % 2:
                changer_etat(v, "valider", par=directrice_de(p))

    meubler(2)
    exiger_requetes_constantes(connecte(cheffe), url("grappe-habilitations", grappe.pk), meubler)


PAGES = ("matrice-detail", "matrice-saisir", "matrice-raison", "matrice-differences")


def test_les_pages_d_une_matrice_coutent_autant_a_quinze_profils(
    grappe: Grappe, parcours: Parcours, cheffe: Any, directrice: Any, educ: Profil
) -> None:
    charger_regles(DOSSIER)
    _pour_toutes(_ouvert(grappe, cheffe, educ), cheffe)
    modele = Matrice.objects.get()
    changer_etat(modele, "valider", par=cheffe)
    variante = services.ouvrir_variante(parcours=parcours, par=directrice, au_modele=True)
    services.ecrire_cases(variante, {cle(educ, "journal"): ("ecriture", "suivies")}, par=directrice)
    PosteFactory(parcours=parcours)

    profils = [ProfilFactory(grappe=grappe) for _ in range(14)]
    profils[0].metiers.add(MetierFactory(code="metier-0"))
    client = connecte(directrice)
    pages = [url(nom, variante.pk) for nom in PAGES] + [url("parcours-habilitations", parcours.pk)]
    avant = [nb_requetes(client, page) for page in pages]
    for rang, profil in enumerate(profils):
        profil.metiers.add(MetierFactory(code=f"metier-{rang}"))
        PosteFactory(parcours=parcours, metier__code=f"autre-{rang}")
        grappe.modules.add(ModuleFactory())
        services.ecrire_cases(variante, {cle(profil, "soins"): ("ecriture", "toutes")}, par=directrice)
    assert [nb_requetes(client, page) for page in pages] == avant


def _ouvert(grappe: Grappe, cheffe: Any, educ: Profil) -> Matrice:
    modele = services.ouvrir_modele(grappe=grappe, par=cheffe)
    services.ecrire_cases(modele, {cle(educ, "journal"): ("lecture", "unite")}, par=cheffe)
    return modele


def _pour_toutes(matrice: Matrice, par: Any) -> None:
    """Une raison par règle chargée, pour que rien n'attende."""
    for m in matrice.a_expliquer():
        RaisonHabilitation.objects.get_or_create(
            matrice=matrice, regle=m.regle, cle=m.cle, defaults={"motif_type": "equipe", "donnee_par": par}
        )
