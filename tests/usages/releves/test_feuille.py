"""La feuille vide d'un relevé : une case par chiffre tapé, rien d'exécutable, et le PDF."""

from typing import Any

import pytest
import typst
from django.urls import reverse

from programme.documents.rendu import GABARITS, entrees
from tests.aides import connecte
from tests.fabriques import affecter
from tests.usages.fabriques import IndicateurFactory, transmettre
from tests.usages.releves.aides import calcule, direction, presents, relever
from usages.documents.feuille import GABARIT, feuille_de
from usages.models import Releve
from usages.services.releves.page import lire_page

pytestmark = pytest.mark.django_db


def cases(releve: Releve, par: Any) -> str:
    return typst.query(
        str(GABARITS / GABARIT),
        "<releve>",
        root=str(GABARITS),
        ignore_system_fonts=True,
        sys_inputs=entrees(feuille_de(lire_page(releve, par)).donnees),
    )


def test_une_ligne_par_chiffre_tape_et_le_reste_est_nomme() -> None:
    commun = presents(code="presents")
    projets = IndicateurFactory(code="projets", denominateur_commun=commun, libelle="#panic(1) *gras*")
    texte = IndicateurFactory(code="mots", forme="texte", denominateur="", numerateur="Ce qui gêne")
    compte = calcule(code="comptes", libelle="Comptes actifs")
    releve = relever(commun, projets, texte, compte)
    directrice = direction(releve.parcours)
    donnees = feuille_de(lire_page(releve, directrice)).donnees
    assert [
        (ligne["code"], bool(ligne["sur"]), ligne["partage"], ligne["texte"]) for ligne in donnees["a_remplir"]
    ] == [
        ("presents", False, False, False),
        ("projets", True, True, False),
        ("mots", False, False, True),
    ]
    assert donnees["deja_la"] == ["Comptes actifs"]
    trouvees = cases(releve, directrice)
    assert all(f'"{code}"' in trouvees for code in ("presents", "projets", "mots")) and '"comptes"' not in trouvees


def test_elle_se_rend_vide_et_remplie_de_rien() -> None:
    releve = relever(calcule(code="comptes"))
    directrice = direction(releve.parcours)
    reponse = connecte(directrice).get(reverse("usages:releve-feuille", args=[releve.pk]))
    assert reponse["Content-Type"] == "application/pdf" and reponse.content.startswith(b"%PDF")
    assert releve.periode.code in reponse["Content-Disposition"]


def test_la_grille_y_mene_et_le_financeur_ne_l_a_pas() -> None:
    releve = relever(IndicateurFactory())
    directrice, page = direction(releve.parcours), reverse("usages:releve-feuille", args=[releve.pk])
    assert page in connecte(directrice).get(reverse("usages:releve-detail", args=[releve.pk])).content.decode()
    ars = affecter("ars", releve.grappe.region)
    assert connecte(ars).get(page).status_code == 404
    transmettre(releve, par=directrice)
    assert connecte(ars).get(page).status_code in (403, 404)
