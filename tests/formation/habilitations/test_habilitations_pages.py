"""Suivre le modèle, revoir, comparer : ce que disent la page de la grappe et celle de l'ESMS."""

from typing import Any

import pytest
from django.utils import timezone

from formation.models import Matrice, Profil
from formation.services import matrices as services
from programme.models import Grappe, Parcours
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.formation.habilitations.aides import cle, modele_valide, texte, url

pytestmark = pytest.mark.django_db


def test_le_modele_a_change_se_dit_chez_l_esms_et_se_reprend(
    grappe: Grappe, parcours: Parcours, cheffe: Any, directrice: Any, educ: Profil, veille: Profil
) -> None:
    modele_valide(grappe, cheffe, {cle(educ, "journal"): ("lecture", "unite")})
    client = connecte(directrice)
    client.post(url("matrice-creer-variante", parcours.pk), {"depuis": "modele"})
    variante = Matrice.objects.get(parcours=parcours)
    assert "Le modèle de la grappe a changé" not in texte(client.get(url("parcours-habilitations", parcours.pk)))
    modele_valide(
        grappe,
        cheffe,
        {
            cle(educ, "journal"): ("ecriture", "unite"),
            cle(educ, "soins"): ("lecture", "unite"),
            cle(veille, "journal"): ("lecture", "unite"),
        },
    )
    for page in (url("parcours-habilitations", parcours.pk), url("matrice-detail", variante.pk)):
        assert "Le modèle de la grappe a changé : 3 cases" in texte(client.get(page))
    rendu = client.post(url("matrice-suivre", variante.pk), follow=True)
    assert "3 cases reprises du modèle." in texte(rendu)
    assert "a changé :" not in texte(client.get(url("matrice-detail", variante.pk)))
    assert "le modèle a changé depuis" not in texte(connecte(cheffe).get(url("grappe-habilitations", grappe.pk)))


def test_ou_en_est_chaque_esms(grappe: Grappe, parcours: Parcours, cheffe: Any, directrice: Any, educ: Profil) -> None:
    client = connecte(cheffe)

    def lu() -> str:
        return texte(client.get(url("grappe-habilitations", grappe.pk)))

    assert "Pas de variante" in lu()
    variante = services.ouvrir_variante(parcours=parcours, par=directrice)
    assert "En travail" in lu()
    services.ecrire_cases(variante, {cle(educ, "journal"): ("lecture", "unite")}, par=directrice)
    changer_etat(variante, "soumettre", par=directrice)
    assert "À valider" in lu() and "à valider" in _signal(parcours, directrice)
    changer_etat(variante, "valider", par=directrice)
    assert "Validée le" in lu() and _signal(parcours, directrice) == ""
    Matrice.objects.filter(pk=variante.pk).update(revue_prevue_le=timezone.localdate())
    assert "À revoir" in lu() and _signal(parcours, directrice) == "à revoir"


def _signal(parcours: Parcours, lecteur: Any) -> str:
    from programme.socle.onglets import pages_d_esms

    page = next(p for p in pages_d_esms if p.route == "formation:parcours-habilitations")
    return page.signal(lecteur, parcours) if page.signal else ""


def test_la_revue_rien_a_changer_ou_une_nouvelle_version(
    parcours: Parcours, variante: Matrice, directrice: Any, cheffe: Any, educ: Profil
) -> None:
    services.ecrire_cases(variante, {cle(educ, "journal"): ("lecture", "unite")}, par=directrice)
    changer_etat(variante, "valider", par=directrice)
    page = url("matrice-revoir", variante.pk)
    # Qui prépare voit la page et peut ouvrir une version ; noter la revue revient à la direction.
    lue = connecte(cheffe).get(page)
    assert lue.status_code == 200 and "Noter la revue" not in texte(lue)
    assert connecte(cheffe).post(page, {"le": timezone.localdate().isoformat()}).status_code == 403
    client = connecte(directrice)
    rendu = client.post(page, {"le": timezone.localdate().isoformat()}, follow=True)
    assert "Revue notée. Prochaine revue le" in texte(rendu)
    client.post(url("matrice-creer-variante", parcours.pk), {"depuis": "avant"})
    neuve = Matrice.objects.get(parcours=parcours, numero=2)
    assert services.cases(neuve) == services.cases(variante)
    differences = client.get(url("matrice-differences", neuve.pk))
    assert "Aucune différence" in texte(differences)
    services.ecrire_cases(neuve, {cle(educ, "journal"): ("aucun", "unite")}, par=directrice)
    lues = texte(client.get(url("matrice-differences", neuve.pk)))
    assert "1 case diffère" in lues and "plus étroit (retirée)" in lues


def test_une_premiere_version_n_a_rien_a_quoi_se_comparer(variante: Matrice, directrice: Any) -> None:
    assert "C’est la première version" in texte(connecte(directrice).get(url("matrice-differences", variante.pk)))


def test_un_modele_ne_se_soumet_a_personne(grappe: Grappe, cheffe: Any, educ: Profil) -> None:
    modele = services.ouvrir_modele(grappe=grappe, par=cheffe)
    services.ecrire_cases(modele, {cle(educ, "journal"): ("lecture", "unite")}, par=cheffe)
    page = texte(connecte(cheffe).get(url("matrice-detail", modele.pk)))
    assert "Valider les droits d'accès" in page and "Soumettre à la direction" not in page
    with pytest.raises(Refus):
        changer_etat(modele, "soumettre", par=cheffe)
