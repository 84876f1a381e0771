"""Les alertes : les donner, y répondre, les rouvrir ; la liste, la page, celles d'un ESMS."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import EtatAlerte, OrigineAlerte, TypeInstance
from gouvernance.models import Alerte
from gouvernance.models.alertes import SANS_REPONSE
from gouvernance.services.alertes import DEJA_DONNEE, donner
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv, nb_requetes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import AlerteFactory, InstanceFactory, mandater

LISTE = "/alertes/"
TEXTE = "L'éditeur ne répond plus"
NIR = "1 85 05 78 006 084 91"


def lu(reponse: Any) -> str:
    """Le corps, tel qu'on le lit."""
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


@pytest.fixture
def parcours(db: None) -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(parcours: Parcours) -> Utilisateur:
    return cheffe_de(parcours.grappe)


@pytest.fixture
def alerte(parcours: Parcours, directrice: Utilisateur) -> Alerte:
    return donner(cible=parcours, par=directrice, intitule=TEXTE, texte="Trois relances sans suite.")


def _jours(n: int) -> Any:
    return timezone.localdate() + timedelta(days=n)


def _refus(**valeurs: Any) -> Refus:
    with pytest.raises(Refus) as refus:
        donner(**valeurs)
    return refus.value


# --- donner --------------------------------------------------------------------------------------------------------


def test_donnee_par_un_esms_ou_par_la_conduite_du_projet(
    parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    siege = affecter(Role.SIEGE, parcours.esms.og)
    attendues = {directrice: OrigineAlerte.ESMS, siege: OrigineAlerte.ESMS, cheffe: OrigineAlerte.GRAPPE}
    for rang, (par, origine) in enumerate(attendues.items()):
        donnee = donner(cible=parcours, par=par, intitule=f"{TEXTE} {rang}")
        assert (donnee.origine, donnee.parcours, donnee.grappe) == (origine, parcours, parcours.grappe)
        assert (donnee.levee_par, donnee.etat, donnee.echeance) == (par, EtatAlerte.LEVEE, _jours(21))
    de_grappe = donner(cible=parcours.grappe, par=cheffe, intitule=TEXTE)
    assert (de_grappe.parcours, de_grappe.origine, de_grappe.pour) == (None, OrigineAlerte.GRAPPE, "toute la grappe")


def test_le_delai_est_celui_que_le_comop_se_donne(parcours: Parcours, directrice: Utilisateur) -> None:
    grappe = parcours.grappe
    InstanceFactory(grappe=grappe, type=TypeInstance.COSTRAT, delai_alerte=3)
    InstanceFactory(grappe=grappe, delai_alerte=2, close_le=timezone.localdate())
    InstanceFactory(delai_alerte=1)
    assert donner(cible=parcours, par=directrice, intitule="Sans COMOP").echeance == _jours(21)
    InstanceFactory(grappe=grappe, delai_alerte=30)
    InstanceFactory(grappe=grappe, delai_alerte=10)
    assert donner(cible=parcours, par=directrice, intitule="Le plus court des deux").echeance == _jours(10)


def test_qui_n_en_donne_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    grappe = parcours.grappe
    autres = [
        affecter(Role.ARS, grappe.region),
        affecter(Role.MEMBRE, grappe),
        affecter(Role.APPUI, parcours.esms.og),
        affecter(Role.ADMIN),
        directrice_de(ParcoursFactory(grappe=grappe)),
    ]
    for par in autres:
        assert _refus(cible=parcours, par=par, intitule=TEXTE).code == "droit"
    assert _refus(cible=grappe, par=directrice, intitule=TEXTE).code == "droit"
    assert not Alerte.objects.exists()


@pytest.mark.parametrize(
    ("faute", "champ"),
    [
        ({"intitule": ""}, "intitule"),
        ({"intitule": "x" * 161}, "intitule"),
        ({"intitule": f"Voir {NIR}"}, "intitule"),
        ({"texte": "x" * 1001}, "texte"),
        ({"texte": f"Pour {NIR}"}, "texte"),
    ],
)
def test_une_saisie_fautive_est_refusee_a_son_champ(
    parcours: Parcours, directrice: Utilisateur, faute: dict[str, str], champ: str
) -> None:
    refus = _refus(cible=parcours, par=directrice, **({"intitule": TEXTE} | faute))
    assert champ in refus.champs and not Alerte.objects.exists()


def test_la_meme_alerte_ne_se_donne_pas_deux_fois(parcours: Parcours, directrice: Utilisateur, cheffe: Any) -> None:
    alerte = donner(cible=parcours, par=directrice, intitule=TEXTE)
    refus = _refus(cible=parcours, par=cheffe, intitule="L'EDITEUR ne repond plus")
    assert refus.champs == {"intitule": [DEJA_DONNEE]}
    donner(cible=parcours.grappe, par=cheffe, intitule=TEXTE)
    changer_etat(alerte, "clore", par=cheffe, reponse="Il a répondu.")
    donner(cible=parcours, par=directrice, intitule=TEXTE)


def test_pas_d_alerte_pour_un_esms_sorti_du_projet(parcours: Parcours, directrice: Utilisateur) -> None:
    changer_etat(parcours, "sortir", par=cheffe_de(parcours.grappe), raison="retrait", motif="Retrait")
    refus = _refus(cible=parcours, par=directrice, intitule=TEXTE)
    assert refus.code == "etat" and "sorti du projet" in refus.motif


# --- répondre ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reponse", ["", "  \n ", f"Voir {NIR}", "x" * 1001])
def test_on_ne_clot_pas_sans_une_reponse_lisible(alerte: Alerte, cheffe: Utilisateur, reponse: str) -> None:
    with pytest.raises(Refus) as refus:
        changer_etat(alerte, "clore", par=cheffe, reponse=reponse)
    assert refus.value.code == "champ" and "reponse" in refus.value.champs
    alerte.refresh_from_db()
    assert (alerte.etat, alerte.reponse, Passage.objects.de(alerte).count()) == (EtatAlerte.LEVEE, "", 0)


def test_y_repond_qui_conduit_ou_anime_le_comop_ou_le_costrat(alerte: Alerte, directrice: Utilisateur) -> None:
    grappe = alerte.grappe
    comop = InstanceFactory(grappe=grappe)
    utilisateurs = InstanceFactory(grappe=grappe, type=TypeInstance.UTILISATEURS)
    ailleurs = InstanceFactory()
    membre = mandater(comop).utilisateur
    hier = timezone.localdate() - timedelta(days=1)
    refuses = [
        directrice,
        membre,
        mandater(utilisateurs, anime=True).utilisateur,
        mandater(ailleurs, anime=True).utilisateur,
        mandater(comop, anime=True, au=hier).utilisateur,
        affecter(Role.ARS, grappe.region),
    ]
    for par in refuses:
        for transition in ("prendre_en_charge", "clore", "porter"):
            with pytest.raises(Refus) as refus:
                changer_etat(alerte, transition, par=par, motif="Non", reponse="Non")
            assert refus.value.code == "droit"
    assert changer_etat(alerte, "prendre_en_charge", par=mandater(comop, anime=True).utilisateur).vers
    costrat = InstanceFactory(grappe=grappe, type=TypeInstance.COSTRAT)
    changer_etat(alerte, "clore", par=mandater(costrat, anime=True).utilisateur, reponse="Un autre contact est nommé.")
    alerte.refresh_from_db()
    assert alerte.etat == EtatAlerte.CLOSE


def test_l_esms_lit_la_reponse_et_qui_l_a_donnee(alerte: Alerte, directrice: Utilisateur, cheffe: Utilisateur) -> None:
    url = reverse("programme:passage", args=["alerte", alerte.pk, "clore"])
    client = connecte(cheffe)
    saisie = {"version": alerte.version, "date_effet": timezone.localdate().isoformat(), "reponse": ""}
    vide = client.post(url, saisie)
    assert vide.status_code == 422 and SANS_REPONSE in lu(vide)
    fautive = client.post(url, saisie | {"reponse": f"Appeler, dossier {NIR}"})
    assert fautive.status_code == 422 and "Appeler, dossier" in lu(fautive)
    faite = client.post(url, saisie | {"reponse": "L'éditeur rappelle <b>lundi</b>."})
    assert faite.status_code == 302 and faite.url == reverse("gouvernance:alerte-detail", args=[alerte.pk])
    corps = lu(connecte(directrice).get(faite.url))
    assert "L'éditeur rappelle <b>lundi</b>." in corps and f"par {cheffe} (chef de projet)" in corps
    assert "<b>lundi</b>" not in connecte(directrice).get(faite.url).content.decode()
    sur_sa_page = lu(connecte(directrice).get(reverse("gouvernance:parcours-alertes", args=[alerte.parcours_id])))
    assert "L'éditeur rappelle" in sur_sa_page


def test_deux_reponses_a_la_fois_la_seconde_est_gardee_a_l_ecran(alerte: Alerte, cheffe: Utilisateur) -> None:
    url = reverse("programme:passage", args=["alerte", alerte.pk, "clore"])
    jour = timezone.localdate().isoformat()
    changer_etat(alerte, "prendre_en_charge", par=cheffe_de(alerte.grappe))
    reponse = connecte(cheffe).post(url, {"version": 0, "date_effet": jour, "reponse": "La mienne"})
    assert reponse.status_code == 409 and "Entre-temps" in lu(reponse) and "La mienne" in lu(reponse)
    assert Alerte.objects.get().etat == EtatAlerte.PRISE_EN_CHARGE


def test_rouverte_elle_retrouve_un_delai_et_garde_ses_reponses(
    alerte: Alerte, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    Alerte.objects.update(echeance=_jours(-3))
    alerte.refresh_from_db()
    changer_etat(alerte, "clore", par=cheffe, reponse="Patientez.")
    changer_etat(alerte, "rouvrir", par=directrice, motif="Rien n'a bougé")
    assert (alerte.etat, alerte.echeance) == (EtatAlerte.LEVEE, _jours(21))
    page = reverse("gouvernance:alerte-detail", args=[alerte.pk])
    corps = lu(connecte(directrice).get(page))
    assert "ne suffisait pas" in corps and "Réponse : « Patientez. »" in corps and 'id="t-reponse"' not in corps
    changer_etat(alerte, "clore", par=cheffe, reponse="Un autre éditeur reprend.")
    corps = lu(connecte(directrice).get(page))
    assert corps.count("Un autre éditeur reprend.") == 1 and "Réponse : « Patientez. »" in corps


def test_portee_elle_attend_toujours_une_reponse(alerte: Alerte, cheffe: Utilisateur) -> None:
    with pytest.raises(Refus):
        changer_etat(alerte, "porter", par=cheffe)
    changer_etat(alerte, "porter", par=cheffe, motif="Hors de notre portée")
    assert not alerte.est_en_retard(_jours(900))
    changer_etat(alerte, "clore", par=cheffe, reponse="Le COSTRAT saisit l'éditeur.")
    assert Alerte.objects.get().etat == EtatAlerte.CLOSE


# --- la liste ------------------------------------------------------------------------------------------------------


def test_chacun_lit_les_siennes(alerte: Alerte, directrice: Utilisateur, cheffe: Utilisateur) -> None:
    grappe, parcours = alerte.grappe, alerte.parcours
    de_grappe = AlerteFactory(grappe=grappe, origine="grappe", intitule="Toute la grappe attend")
    ailleurs = AlerteFactory(intitule="Ailleurs")
    voisin = directrice_de(ParcoursFactory(grappe=grappe))
    comop = InstanceFactory(grappe=grappe)
    membre = mandater(comop).utilisateur
    parti = mandater(comop, au=timezone.localdate() - timedelta(days=1)).utilisateur
    financeur, de_loin = affecter(Role.ARS, grappe.region), affecter(Role.MEMBRE, grappe)
    vues = {
        directrice: {alerte, de_grappe},
        affecter(Role.APPUI, parcours.esms.og): {alerte, de_grappe},
        cheffe: {alerte, de_grappe},
        membre: {alerte, de_grappe},
        voisin: {de_grappe},
        parti: set(),
        de_loin: set(),
        financeur: set(),
        cheffe_de(ailleurs.grappe): {ailleurs},
    }
    for par, attendues in vues.items():
        assert set(Alerte.objects.visibles_par(par)) == attendues, par
    corps = lu(connecte(financeur).get(LISTE))
    assert "Aucune alerte sans réponse" in corps and TEXTE not in corps


def test_la_liste_tait_les_closes_et_montre_d_abord_les_plus_pressees(
    parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    close = AlerteFactory(grappe=parcours.grappe, parcours=parcours, intitule="Close hier")
    changer_etat(close, "clore", par=cheffe, reponse="Fait")
    AlerteFactory(grappe=parcours.grappe, parcours=parcours, intitule="Pas pressée", echeance=_jours(9))
    AlerteFactory(grappe=parcours.grappe, intitule="Très pressée", echeance=_jours(-1))
    AlerteFactory(grappe=parcours.grappe, intitule="Pour bientôt", echeance=_jours(7), origine="grappe")
    client = connecte(directrice)

    def intitules(criteres: str) -> list[str]:
        return [ligne[0] for ligne in lignes_csv(client.get(f"{LISTE}?format=csv{criteres}"))[1:]]

    assert intitules("") == ["Très pressée", "Pour bientôt", "Pas pressée"]
    assert intitules("&etat=close") == ["Close hier"]
    assert set(intitules("&etat=toutes")) == {"Close hier", "Pas pressée", "Très pressée", "Pour bientôt"}
    assert intitules("&delai=passe") == ["Très pressée"] and intitules("&delai=7") == ["Pour bientôt"]
    assert intitules("&portee=esms") == ["Pas pressée"] and intitules(f"&parcours={parcours.pk}") == ["Pas pressée"]
    assert intitules("&recherche=tres") == ["Très pressée"] and intitules("&provenance=grappe") == ["Pour bientôt"]
    corps = lu(client.get(LISTE))
    assert "dont 1 au délai passé" in corps and "Close hier" not in corps


def test_autant_de_requetes_a_une_alerte_qu_a_cinquante(parcours: Parcours, cheffe: Utilisateur) -> None:
    def peupler(n: int) -> None:
        for rang in range(n):
            p = ParcoursFactory(grappe=parcours.grappe) if rang % 2 else None
            AlerteFactory(grappe=parcours.grappe, parcours=p)

    exiger_requetes_constantes(connecte(cheffe), LISTE, peupler)


# --- donner, à l'écran ---------------------------------------------------------------------------------------------


def test_on_la_donne_depuis_la_page_de_son_esms(parcours: Parcours, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    page = client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    fragment = reverse("gouvernance:parcours-alertes", args=[parcours.pk])
    assert f'hx-get="{fragment}"' in page
    encart = client.get(fragment).content.decode()
    url = f"/alertes/ajouter/?parcours={parcours.pk}"
    assert url in encart
    formulaire = lu(client.get(url))
    assert (
        parcours.esms.nom in formulaire and "elle monte au COSTRAT" in formulaire and "À qui m'adresser" in formulaire
    )
    faute = client.post(url, {"intitule": "", "texte": "Ce que j'ai tapé"})
    assert faute.status_code == 422 and "Ce que j'ai tapé" in lu(faute) and not Alerte.objects.exists()
    faite = client.post(url, {"intitule": TEXTE, "texte": ""}, follow=True)
    assert faite.redirect_chain[-1][0] == reverse("gouvernance:alerte-detail", args=[Alerte.objects.get().pk])
    assert f"L'alerte « {TEXTE} » est donnée" in lu(faite)
    deux = client.post(url, {"intitule": TEXTE, "texte": ""})
    assert deux.status_code == 422 and DEJA_DONNEE in lu(deux)
    assert TEXTE in lu(client.get(fragment))


def test_sans_cible_on_la_demande_sauf_s_il_n_y_en_a_qu_une(parcours: Parcours, directrice: Utilisateur) -> None:
    assert "Ce qui se passe" in lu(connecte(directrice).get("/alertes/ajouter/"))
    affecter(Role.DIRECTEUR, ParcoursFactory().esms, utilisateur=directrice)
    client = connecte(directrice)
    assert "Pour quoi ?" in lu(client.get("/alertes/ajouter/"))
    suite = client.post("/alertes/ajouter/", {"cible": f"parcours-{parcours.pk}"})
    assert suite.status_code == 302 and suite.url.endswith(f"?cible=parcours-{parcours.pk}")
    assert connecte(cheffe_de(parcours.grappe)).get(f"/alertes/ajouter/?grappe={parcours.grappe_id}").status_code == 200


def test_hors_perimetre_404_sans_droit_403(parcours: Parcours, directrice: Utilisateur) -> None:
    autre = ParcoursFactory()
    client = connecte(directrice)
    for cible in (f"parcours={autre.pk}", f"grappe={autre.grappe_id}", "parcours=non", "cible=rien"):
        assert client.get(f"/alertes/ajouter/?{cible}").status_code == 404, cible
    assert client.get(f"/alertes/ajouter/?grappe={parcours.grappe_id}").status_code == 403
    assert client.post(f"/alertes/ajouter/?grappe={parcours.grappe_id}", {"intitule": TEXTE}).status_code == 403


# --- la page, et celles d'un ESMS ----------------------------------------------------------------------------------


def test_un_membre_du_comop_lit_l_alerte_sans_lien_vers_un_esms_qu_il_ne_voit_pas(
    alerte: Alerte, directrice: Utilisateur
) -> None:
    voisin = directrice_de(ParcoursFactory(grappe=alerte.grappe))
    mandater(InstanceFactory(grappe=alerte.grappe), voisin)
    url, page = reverse("gouvernance:alerte-detail", args=[alerte.pk]), f'href="/parcours/{alerte.parcours_id}/"'
    corps = connecte(voisin).get(url).content.decode()
    assert alerte.parcours.esms.nom in corps and page not in corps and "a-qui-m-adresser" not in corps
    corps = connecte(directrice).get(url).content.decode()
    assert page in corps and "a-qui-m-adresser" in corps


def test_la_page_dit_le_delai_passe_et_ce_qui_n_est_plus_le_cas(alerte: Alerte, directrice: Utilisateur) -> None:
    url = reverse("gouvernance:alerte-detail", args=[alerte.pk])
    assert "délai passé" not in lu(connecte(directrice).get(url))
    Alerte.objects.update(echeance=_jours(-1), cessee_le=timezone.localdate())
    corps = lu(connecte(directrice).get(url))
    assert "délai passé" in corps and "Ce n'est plus le cas" in corps


def test_l_encart_ne_montre_que_les_reponses_recentes(parcours: Parcours, cheffe: Utilisateur) -> None:
    fragment = reverse("gouvernance:parcours-alertes", args=[parcours.pk])
    jadis = AlerteFactory(grappe=parcours.grappe, parcours=parcours, intitule="Il y a longtemps")
    changer_etat(jadis, "clore", par=cheffe, reponse="Vieille réponse", date_effet=_jours(-61))
    corps = lu(connecte(cheffe).get(fragment))
    assert "Vieille réponse" not in corps and "Aucune alerte sans réponse" in corps
    recente = AlerteFactory(grappe=parcours.grappe, parcours=parcours, intitule="Il y a peu")
    changer_etat(recente, "clore", par=cheffe, reponse="Réponse fraîche", date_effet=_jours(-59))
    assert "Réponse fraîche" in lu(connecte(cheffe).get(fragment))


def test_l_encart_est_vide_pour_qui_n_en_lit_ni_n_en_donne(alerte: Alerte) -> None:
    accompagnateur = affecter(Role.GRADES, alerte.grappe.region)
    fragment = reverse("gouvernance:parcours-alertes", args=[alerte.parcours_id])
    reponse = connecte(accompagnateur).get(fragment)
    assert reponse.status_code == 200 and not lu(reponse).strip()


def test_autant_de_requetes_pour_une_alerte_d_esms_que_pour_cinquante(parcours: Parcours, cheffe: Utilisateur) -> None:
    client, url = connecte(cheffe), reverse("gouvernance:parcours-alertes", args=[parcours.pk])

    def peupler(n: int) -> None:
        for rang in range(n):
            ouverte = AlerteFactory(grappe=parcours.grappe, parcours=parcours)
            close = AlerteFactory(grappe=parcours.grappe, parcours=parcours, intitule=f"Close {rang}")
            changer_etat(close, "clore", par=cheffe, reponse="Fait")
            assert ouverte.est_ouverte

    peupler(1)
    a_une = nb_requetes(client, url)
    peupler(20)
    assert nb_requetes(client, url) == a_une
