"""Les pages du traitement : le tableau, la liste, un retour ; qui les ouvre, ce qu'elles taisent et coûtent."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.models import Piece
from tests.aides import FRAGMENT, connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import ActionFactory, UniteFactory, affecter
from tests.usages.retours.fabriques import RelaisFactory, RetourFactory, SoutienFactory, conduire
from tests.usages.retours.mondes import Monde, dire, monde, page
from usages.enums import EtatRetour, GraviteRetour, NatureSuite, NiveauRetour
from usages.models import Retour, SuiteDeRetour
from usages.services.retours.tableau import CARTES

pytestmark = pytest.mark.django_db


@pytest.fixture
def m() -> Monde:
    return monde()


def _de_l_unite(m: Monde, **champs: Any) -> Retour:
    return RetourFactory(parcours=m.ici, unite=m.unite, niveau=NiveauRetour.UNITE, **champs)


# --- le tableau ----------------------------------------------------------------------------------------------------


def test_chaque_retour_est_dans_la_colonne_de_son_etat(m: Monde) -> None:
    suites = {
        EtatRetour.NOUVEAU: (),
        EtatRetour.QUALIFIE: ("qualifier",),
        EtatRetour.EN_COURS: ("qualifier", "prendre_en_charge"),
        EtatRetour.RESOLU: ("qualifier", "prendre_en_charge", "resoudre"),
        EtatRetour.PUBLIE: ("qualifier", "publier"),
        EtatRetour.NON_RETENU: ("ne_pas_retenir",),
    }
    for transitions in suites.values():
        conduire(RetourFactory(parcours=m.ici), *transitions, par=m.directrice)
    colonnes = connecte(m.directrice).get(page("parcours-retours", m.ici)).context["colonnes"]
    assert [[r.etat for r in c.cartes] for c in colonnes] == [
        ["nouveau"], ["qualifie"], ["en_cours"], ["resolu"], ["non_retenu", "publie"],
    ]  # fmt: skip


def test_une_carte_dit_le_resume_les_voix_qui_et_le_retard(m: Monde) -> None:
    retour = _de_l_unite(m, gravite=GraviteRetour.BLOQUANTE, recu_le=timezone.localdate() - timedelta(days=40))
    SoutienFactory(retour=retour)
    conduire(RetourFactory(parcours=m.ici), "regrouper", par=m.directrice, sous=retour.pk)
    Retour.objects.filter(pk=retour.pk).update(confie_a=m.directrice)
    texte = dire(connecte(m.directrice), page("parcours-retours", m.ici))
    for mot in (
        retour.debut,
        "Internat",
        "semaine du",
        "On ne peut plus travailler",
        "3 voix",
        "à lire, délai passé le",
    ):
        assert mot in texte, mot
    assert f"confié à {m.directrice}" in texte


def test_une_colonne_montre_vingt_cartes_et_dit_les_autres(m: Monde) -> None:
    for _ in range(CARTES + 3):
        RetourFactory(parcours=m.ici)
    client = connecte(m.cheffe)
    texte = dire(client, page("grappe-retours", m.grappe))
    lien = f"{reverse('usages:retour-liste')}?grappe={m.grappe.pk}&etat=nouveau"
    assert f'href="{lien}"' in texte and "Voir les 3 autres" in texte and texte.count("<article") == CARTES
    assert client.get(lien).context["liste"].total == CARTES + 3


def test_le_bloquant_passe_devant_puis_le_plus_ancien(m: Monde) -> None:
    au = timezone.localdate()
    recent, ancien, bloque = (
        RetourFactory(parcours=m.ici, recu_le=au, gravite=GraviteRetour.MINEURE),
        RetourFactory(parcours=m.ici, recu_le=au - timedelta(days=9), gravite=GraviteRetour.MINEURE),
        RetourFactory(parcours=m.ici, recu_le=au, gravite=GraviteRetour.BLOQUANTE),
    )
    colonne = connecte(m.directrice).get(page("parcours-retours", m.ici)).context["colonnes"][0]
    assert colonne.cartes == [bloque, ancien, recent]


def test_sans_retour_le_tableau_dit_d_ou_ils_viennent(m: Monde) -> None:
    for nom, objet in (("parcours-retours", m.ici), ("grappe-retours", m.grappe)):
        assert "Aucun retour pour l’instant" in dire(connecte(m.cheffe), page(nom, objet))


def test_repondu_depuis_plus_d_un_mois_sort_du_tableau_et_de_son_lien(m: Monde) -> None:
    retour = conduire(RetourFactory(parcours=m.ici), "qualifier", "publier", par=m.directrice)
    client, liste = connecte(m.directrice), reverse("usages:retour-liste") + "?etat=repondus_recents"
    assert client.get(page("parcours-retours", m.ici)).context["colonnes"][-1].total == 1
    assert client.get(liste).context["liste"].total == 1
    Retour.objects.filter(pk=retour.pk).update(repondu_le=timezone.localdate() - timedelta(days=31))
    assert client.get(page("parcours-retours", m.ici)).context["colonnes"][-1].total == 0
    assert client.get(liste).context["liste"].total == 0


# --- qui ouvre quoi ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", ["retour-detail", "retour-proches", "retour-confier", "retour-regrouper"])
def test_le_financeur_et_le_voisin_ne_voient_aucun_retour(m: Monde, nom: str) -> None:
    url = page(nom, RetourFactory(parcours=m.ici))
    assert [connecte(qui).get(url).status_code for qui in (m.financeur, m.voisin)] == [404, 404]


def test_le_financeur_n_ouvre_pas_le_tableau_et_sa_liste_dit_pourquoi(m: Monde) -> None:
    RetourFactory(parcours=m.ici)
    client = connecte(m.financeur)
    for nom, objet in (("parcours-retours", m.ici), ("grappe-retours", m.grappe), ("parcours-relais", m.ici)):
        assert client.get(page(nom, objet)).status_code == 403
    assert "le financeur lit les chiffres transmis" in dire(client, reverse("usages:retour-liste"))


@pytest.mark.parametrize("nom", ["retour-confier", "retour-regrouper"])
def test_qui_lit_sans_traiter_est_refuse_avec_un_motif(m: Monde, nom: str) -> None:
    retour = _de_l_unite(m)
    assert connecte(m.membre).get(page(nom, retour)).status_code == 403
    assert connecte(m.relais).get(page(nom, retour)).status_code == 200
    assert connecte(m.relais).get(page(nom, RetourFactory(parcours=m.ici))).status_code == 403


def test_la_directrice_ne_lit_du_tableau_de_la_grappe_que_les_siens(m: Monde) -> None:
    sien, autre = RetourFactory(parcours=m.ici), RetourFactory(parcours=m.ailleurs)
    texte = dire(connecte(m.directrice), page("grappe-retours", m.grappe))
    assert sien.debut in texte and autre.debut not in texte
    assert autre.debut in dire(connecte(m.cheffe), page("grappe-retours", m.grappe))


# --- un retour -----------------------------------------------------------------------------------------------------


def test_la_page_reunit_les_voix_sans_montrer_ce_qu_on_ne_lit_pas(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici)
    ici, ailleurs = (RetourFactory(parcours=p, probleme=f"Texte de {p.pk}.") for p in (m.ici, m.ailleurs))
    for porte in (ici, ailleurs):
        conduire(porte, "regrouper", par=m.cheffe, sous=retour.pk)
    SoutienFactory(retour=ailleurs)
    texte = dire(connecte(m.directrice), page("retour-detail", retour))
    assert ici.probleme in texte and ailleurs.probleme not in texte
    assert "4 voix" in texte and "1 autre retour regroupé vient d’un ESMS que vous ne lisez pas" in texte
    assert "1 équipe a dit « nous aussi »" in texte
    assert ailleurs.probleme in dire(connecte(m.cheffe), page("retour-detail", retour))


def test_regroupe_il_mene_a_son_porteur_s_il_se_lit(m: Monde) -> None:
    porteur, porte = RetourFactory(parcours=m.ailleurs), RetourFactory(parcours=m.ici)
    conduire(porte, "regrouper", par=m.cheffe, sous=porteur.pk)
    lien = f'href="{page("retour-detail", porteur)}"'
    assert lien in dire(connecte(m.cheffe), page("retour-detail", porte))
    texte = dire(connecte(m.directrice), page("retour-detail", porte))
    assert lien not in texte and "un autre retour de la grappe" in texte


def test_non_retenu_le_motif_est_la_reponse(m: Monde) -> None:
    retour = conduire(RetourFactory(parcours=m.ici), "ne_pas_retenir", par=m.directrice)
    texte = dire(connecte(m.directrice), page("retour-detail", retour))
    assert "Pourquoi on ne le retient pas" in texte and "Hors de notre portée" in texte


def test_la_photo_se_montre_par_la_vue_des_pieces(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici)
    piece = Piece(objet=retour, nom="photo.jpg", type="image/jpeg", taille=3, empreinte="a" * 64)
    piece.fichier.save("photo.jpg", ContentFile(b"abc"), save=False)
    piece.save(force_insert=True)
    url = reverse("programme:piece", args=[piece.pk])
    assert f'<img src="{url}"' in dire(connecte(m.directrice), page("retour-detail", retour))
    assert connecte(m.financeur).get(url).status_code == 404


def test_les_proches_se_proposent_sans_rien_rapprocher(m: Monde) -> None:
    dit = "Mot de passe à changer tous les mois, tout le monde l'oublie."
    retour = RetourFactory(parcours=m.ici, probleme=dit, amelioration="")
    proche = RetourFactory(parcours=m.ici, probleme="On change trop souvent de mot de passe.", amelioration="")
    ailleurs = RetourFactory(probleme=dit, amelioration="")
    porte = RetourFactory(parcours=m.ici, probleme=dit, amelioration="")
    for autre in ("La borne wifi du deuxième étage est en panne.", "L'impression du projet prend quatorze pages."):
        RetourFactory(parcours=m.ici, probleme=autre, amelioration="")
    conduire(porte, "regrouper", par=m.directrice, sous=proche.pk)
    texte = dire(connecte(m.directrice), page("retour-proches", retour))
    assert page("retour-detail", proche) in texte and f"?sous={proche.pk}" in texte
    assert page("retour-detail", ailleurs) not in texte and page("retour-detail", porte) not in texte
    assert Retour.objects.get(pk=retour.pk).etat == EtatRetour.NOUVEAU
    assert "Regrouper avec" not in dire(connecte(m.membre), page("retour-proches", retour))


def test_les_proches_d_une_autre_grappe_ou_d_un_esms_qu_on_ne_lit_pas_se_taisent(m: Monde) -> None:
    dit = "Mot de passe à changer tous les mois, tout le monde l'oublie."
    retour, autre = (RetourFactory(parcours=p, probleme=dit) for p in (m.ici, m.ailleurs))
    assert page("retour-detail", autre) in dire(connecte(m.cheffe), page("retour-proches", retour))
    assert page("retour-detail", autre) not in dire(connecte(m.directrice), page("retour-proches", retour))


def test_une_suite_mene_a_son_objet_si_on_le_voit(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici)
    action = ActionFactory(grappe=m.grappe, parcours=m.ici, libelle="Ajouter une borne")
    genre = ContentType.objects.get_for_model(action)
    SuiteDeRetour.objects.create(
        retour=retour, nature=NatureSuite.ACTION, objet_type=genre, objet_id=action.pk, faite_par=m.directrice
    )
    texte = dire(connecte(m.directrice), page("retour-detail", retour))
    assert "Une action" in texte and reverse("programme:action-detail", args=[action.pk]) in texte
    cachee = ActionFactory(grappe=m.grappe, parcours=m.ailleurs, libelle="Chose d'ailleurs")
    SuiteDeRetour.objects.update(objet_id=cachee.pk)
    assert "Chose d" not in dire(connecte(m.directrice), page("retour-detail", retour))


# --- la liste ------------------------------------------------------------------------------------------------------


def _trouves(qui: Utilisateur, demande: str) -> list[str]:
    reponse = connecte(qui).get(f"{reverse('usages:retour-liste')}?{demande}", headers=FRAGMENT)
    assert reponse.status_code == 200
    return [r.probleme for r in reponse.context["liste"].table.data]


def test_la_liste_montre_ce_qui_attend_et_se_filtre(m: Monde) -> None:
    au = timezone.localdate()
    nouveau = RetourFactory(parcours=m.ici, probleme="Écran figé.", recu_le=au - timedelta(days=8))
    RetourFactory(parcours=m.ailleurs, probleme="Imprimante.", gravite=GraviteRetour.BLOQUANTE, recu_le=au)
    conduire(RetourFactory(parcours=m.ici, probleme="Répondu."), "qualifier", "publier", par=m.directrice)
    pris = RetourFactory(parcours=m.ici, probleme="Pris.", recu_le=au)
    conduire(pris, "qualifier", par=m.directrice)
    Retour.objects.filter(pk=pris.pk).update(confie_a=m.cheffe)
    _de_l_unite(m, probleme="De l'internat.", recu_le=au)
    tous = {"Écran figé.", "Imprimante.", "Pris.", "De l'internat."}
    assert set(_trouves(m.cheffe, "vue=aucune")) == tous
    assert set(_trouves(m.cheffe, "etat=toutes")) == tous | {"Répondu."}
    for demande, attendus in {
        "recherche=ecran+fige": {"Écran figé."},
        "etat=qualifie": {"Pris."},
        "gravite=bloquante": {"Imprimante."},
        "theme=ergonomie": {"Pris."},
        f"unite={m.unite.pk}": {"De l'internat."},
        f"parcours={m.ailleurs.pk}": {"Imprimante."},
        "confie=moi": {"Pris."},
        "confie=personne": tous - {"Pris."},
        "retard=oui": {nouveau.probleme},
    }.items():
        assert set(_trouves(m.cheffe, demande)) == attendus, demande


def test_la_liste_se_trie_par_voix_gravite_et_age(m: Monde) -> None:
    au = timezone.localdate()
    a = RetourFactory(parcours=m.ici, probleme="A", gravite=GraviteRetour.MINEURE, recu_le=au)
    RetourFactory(parcours=m.ici, probleme="B", gravite=GraviteRetour.BLOQUANTE, recu_le=au - timedelta(days=1))
    c = RetourFactory(parcours=m.ici, probleme="C", gravite=GraviteRetour.GENANTE, recu_le=au - timedelta(days=2))
    SoutienFactory.create_batch(2, retour=a)
    SoutienFactory(retour=c)
    assert _trouves(m.cheffe, "tri=-voix") == ["A", "C", "B"]
    assert _trouves(m.cheffe, "tri=-gravite") == ["B", "C", "A"]
    assert _trouves(m.cheffe, "tri=semaine") == ["C", "B", "A"]
    assert _trouves(m.cheffe, "tri=echeance") == ["C", "B", "A"]


def test_la_liste_s_emporte_a_la_semaine(m: Monde) -> None:
    jour = timezone.localdate() - timedelta(days=timezone.localdate().weekday()) + timedelta(days=2)
    RetourFactory(parcours=m.ici, recu_le=jour - timedelta(days=7))
    entetes, ligne = lignes_csv(connecte(m.cheffe).get(reverse("usages:retour-liste") + "?format=csv"))
    lundi = jour - timedelta(days=9)
    assert ligne[entetes.index("Reçu")] == lundi.isoformat() or ligne[entetes.index("Reçu")] == f"{lundi:%d/%m/%Y}"


# --- ce qu'elles coûtent -------------------------------------------------------------------------------------------


def _peupler(m: Monde) -> Any:
    def ajouter(nombre: int) -> None:
        for _ in range(nombre):
            retour = _de_l_unite(m, confie_a=m.directrice)
            SoutienFactory(retour=retour)

    return ajouter


@pytest.mark.parametrize("nom", ["parcours-retours", "grappe-retours", "retour-liste"])
def test_autant_de_requetes_a_un_retour_qu_a_cinquante(m: Monde, nom: str) -> None:
    url = {
        "parcours-retours": page("parcours-retours", m.ici),
        "grappe-retours": page("grappe-retours", m.grappe),
        "retour-liste": reverse("usages:retour-liste"),
    }[nom]
    exiger_requetes_constantes(connecte(m.cheffe), url, _peupler(m))


def test_la_page_d_un_retour_ne_coute_pas_plus_a_cinquante_voix(m: Monde) -> None:
    retour = _de_l_unite(m)

    def porter(nombre: int) -> None:
        for _ in range(nombre):
            conduire(_de_l_unite(m), "regrouper", par=m.directrice, sous=retour.pk)

    exiger_requetes_constantes(connecte(m.directrice), page("retour-detail", retour), porter)


def test_les_proches_ne_coutent_pas_plus_de_requetes_a_cinquante(m: Monde) -> None:
    retour = _de_l_unite(m)
    exiger_requetes_constantes(connecte(m.directrice), page("retour-proches", retour), _peupler(m))


def test_les_relais_ne_coutent_pas_plus_a_cinquante(m: Monde) -> None:
    def nommer(nombre: int) -> None:
        for _ in range(nombre):
            RelaisFactory(parcours=m.ici, unite=UniteFactory(parcours=m.ici), compte=affecter(Role.MEMBRE, m.grappe))

    exiger_requetes_constantes(connecte(m.directrice), page("parcours-relais", m.ici), nommer)
