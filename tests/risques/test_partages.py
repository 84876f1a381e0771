"""Partages avec le financeur : ouvrir, fermer, ce qui reste lisible, à qui, et ce que le financeur lit alors."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.a_faire import Demande, Urgence, lignes_de
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.enums import ObjetPartage
from risques.models import PartageRisques, Risque
from risques.models.partages import confiees
from risques.permissions import RISQUES_RESERVES, peut_lire_de_pres
from risques.services import partages as services
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    GrilleFactory,
    PartageFactory,
    RisqueFactory,
    analyse_transmise,
    campagne_ouverte,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    parcours = ParcoursFactory()
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    return parcours


@pytest.fixture
def ars(parcours: Parcours) -> Utilisateur:
    return affecter(Role.ARS, parcours.grappe.region)


def _demain(jours: int = 30) -> date:
    return timezone.localdate() + timedelta(days=jours)


def _ouvrir(cible: Parcours | Grappe, par: Any, **valeurs: Any) -> PartageRisques:
    donnees = {"objet": "risques", "pourquoi": "Préparer la revue annuelle", "au": _demain()}
    return services.ouvrir(cible=cible, par=par, **(donnees | valeurs))


def _ligne_ouverte(qui: Any) -> Any:
    qui.__dict__.pop("perimetre", None)
    lues = lignes_de(Demande(qui, timezone.localdate()))
    return next((x for x in lues if x.titre.startswith("Partagé avec vous")), None)


def test_le_financeur_trouve_ce_qu_on_lui_ouvre(parcours: Parcours, ars: Utilisateur) -> None:
    directrice = directrice_de(parcours)
    assert _ligne_ouverte(ars) is None
    partage = _ouvrir(parcours, directrice)
    ligne = _ligne_ouverte(ars)
    assert ligne.titre == f"Partagé avec vous : {parcours}" and ligne.urgence == Urgence.PEUT_ATTENDRE
    assert connecte(ars).get(ligne.liens[0].url).status_code == 200
    accueil = unescape(connecte(ars).get(reverse("programme:accueil")).content.decode())
    assert "Partagé avec vous" in accueil and ligne.liens[0].url in accueil
    assert _ligne_ouverte(directrice) is None and _ligne_ouverte(affecter(Role.ARS, ParcoursFactory().grappe)) is None
    _ouvrir(parcours.grappe, cheffe_de(parcours.grappe))
    _ouvrir(parcours, directrice, objet="leviers")
    assert [connecte(ars).get(x.url).status_code for x in _ligne_ouverte(ars).liens] == [200, 200, 200]
    services.fermer(partage=partage, par=directrice)
    assert len(_ligne_ouverte(ars).liens) == 2


def _page_risques(qui: Any, parcours: Parcours) -> str:
    reponse = connecte(qui).get(reverse("risques:parcours-risques", args=[parcours.pk]))
    assert reponse.status_code == 200
    return unescape(reponse.content.decode())


def test_la_direction_lit_que_le_partage_court_et_le_ferme_de_la(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    assert "le financeur n’en lit rien" in _page_risques(directrice, parcours)
    _ouvrir(parcours, directrice, objet="leviers")
    assert "le financeur n’en lit rien" in _page_risques(directrice, parcours), "les leviers ne sont pas les risques"
    partage = _ouvrir(parcours, directrice)
    corps, fermer = _page_risques(directrice, parcours), reverse("risques:partage-fermer", args=[partage.pk])
    assert f"Partage ouvert au financeur jusqu’au {date_courte(partage.au)}" in corps and fermer in corps
    assert "n’en lit rien" not in corps
    formulaire = connecte(directrice).get(reverse("risques:parcours-analyse", args=[parcours.pk]))
    assert "le financeur lira aussi" in formulaire.content.decode()
    assert fermer not in _page_risques(cheffe_de(parcours.grappe), parcours), "elle n'a pas à le fermer"


def test_la_page_de_l_esms_y_mene_le_financeur_tant_que_c_est_ouvert(parcours: Parcours, ars: Utilisateur) -> None:
    esms, risques = (reverse(n, args=[parcours.pk]) for n in ("programme:parcours-detail", "risques:parcours-risques"))
    assert risques not in connecte(ars).get(esms).content.decode()
    partage = _ouvrir(parcours, directrice_de(parcours))
    assert risques in connecte(ars).get(esms).content.decode()
    services.fermer(partage=partage, par=partage.ouvert_par)
    assert risques not in connecte(ars).get(esms).content.decode()


def test_le_partage_dit_la_meme_liste_des_deux_cotes(parcours: Parcours, ars: Utilisateur) -> None:
    directrice = directrice_de(parcours)
    _ouvrir(parcours, directrice)
    promesse = services.promesse_de(parcours)
    page = reverse("risques:parcours-partages", args=[parcours.pk])
    ouvre, lit = unescape(connecte(directrice).get(page).content.decode()), _page_risques(ars, parcours)
    for phrase in (*promesse.lira, *promesse.ne_lira_pas):
        assert f"<li>{phrase}</li>" in ouvre and f"<li>{phrase}</li>" in lit, phrase


# --- services ------------------------------------------------------------------------------------------------------


def test_la_direction_ouvre_pour_son_esms_le_chef_pour_sa_grappe(parcours: Parcours) -> None:
    directrice, cheffe = directrice_de(parcours), cheffe_de(parcours.grappe)
    sien, de_grappe = _ouvrir(parcours, directrice), _ouvrir(parcours.grappe, cheffe)
    assert (sien.parcours, sien.grappe, sien.est_en_vigueur) == (parcours, parcours.grappe, True)
    assert (de_grappe.parcours, de_grappe.ouvert_par) == (None, cheffe)
    for cible, par in ((parcours, cheffe), (parcours.grappe, directrice), (parcours, affecter(Role.ADMIN))):
        with pytest.raises(Refus, match="revient à la direction") as refus:
            _ouvrir(cible, par)
        assert refus.value.code == "droit"
    assert PartageRisques.objects.count() == 2


def test_une_fin_se_donne_a_venir_ou_pas_du_tout(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    with pytest.raises(Refus, match="aujourd'hui au plus tôt") as refus:
        _ouvrir(parcours, directrice, au=_demain(-1))
    assert list(refus.value.champs) == ["au"] and not PartageRisques.objects.exists()
    assert _ouvrir(parcours, directrice, au=_demain(0)).est_en_vigueur, "le dernier jour compte"
    assert _ouvrir(parcours, directrice, objet="leviers", au=None).est_en_vigueur


def test_un_partage_deja_ouvert_ne_s_ouvre_pas_deux_fois(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    premier = _ouvrir(parcours, directrice)
    with pytest.raises(Refus, match="déjà ouvert, jusqu'au"):
        _ouvrir(parcours, directrice)
    assert _ouvrir(parcours, directrice, objet="leviers"), "un autre objet s'ouvre"
    assert _ouvrir(parcours.grappe, cheffe_de(parcours.grappe)), "celui de la grappe n'est pas celui de l'ESMS"
    services.fermer(partage=premier, par=directrice)
    assert _ouvrir(parcours, directrice).pk != premier.pk


def test_fermer_est_immediat_reste_ecrit_et_ne_se_refait_pas(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    partage = _ouvrir(parcours, directrice)
    with pytest.raises(Refus, match="revient à la direction"):
        services.fermer(partage=partage, par=cheffe_de(parcours.grappe))
    ferme = services.fermer(partage=partage, par=directrice)
    assert not ferme.est_en_vigueur and ferme.revoque_par == directrice and ferme.revoque_le
    with pytest.raises(Refus, match=f"déjà fermé, par {directrice}"):
        services.fermer(partage=partage, par=directrice)
    passe = PartageFactory(parcours=parcours, au=date(2026, 2, 1))
    with pytest.raises(Refus, match="ne court plus"):
        services.fermer(partage=passe, par=directrice)
    tenus = services.tenus(parcours, directrice)
    assert (tenus.ouverts, {p.pk for p in tenus.passes}) == ((), {partage.pk, passe.pk})


def test_qui_lira_se_nomme_et_depend_du_depot(parcours: Parcours, ars: Utilisateur) -> None:
    national, designe = affecter(Role.ARS), affecter(Role.ARS, parcours.grappe)
    affecter(Role.ARS, ParcoursFactory().grappe)
    noms = services.financeurs_de(parcours, timezone.localdate())
    assert sorted(noms) == sorted(
        [f"{ars.nom} (Nouvelle-Aquitaine)", f"{national.nom} (national)", f"{designe.nom} ({parcours.grappe})"]
    )
    assert services.financeurs_de(parcours.grappe, timezone.localdate()) == noms
    assert services.financeurs_de(ParcoursFactory(), timezone.localdate()) == [], "son dossier n'est pas déposé"


def test_ce_qui_serait_lu_se_dit_exactement(parcours: Parcours) -> None:
    risques, *_ = services.promesses(parcours)
    assert "une fois transmise" in risques.lira[0] and "0 risque aujourd'hui" in risques.lira[1]
    analyse_transmise(parcours)
    RisqueFactory(parcours=parcours)
    RisqueFactory(grappe=parcours.grappe)
    risques, *_ = services.promesses(parcours)
    assert "transmise le" in risques.lira[0] and "1 risque aujourd'hui" in risques.lira[1]
    de_grappe, *_ = services.promesses(parcours.grappe)
    assert "1 risque aujourd'hui" in de_grappe.lira[0] and "restent fermés" in de_grappe.lira[1]
    assert {p.objet for p in services.promesses(parcours)} == set(ObjetPartage)


# --- confiance : ce que lit le financeur, page par page ---------------------------------------------------------------


def _statuts(compte: Utilisateur, parcours: Parcours) -> dict[str, int]:
    pages = {
        "risques:grappe-risques": parcours.grappe_id,
        "risques:parcours-risques-pdf": parcours.pk,
        "api:grappe-risques": parcours.grappe_id,
        "api:parcours-risques": parcours.pk,
    }
    client = connecte(compte)
    return {nom: client.get(reverse(nom, args=[cle])).status_code for nom, cle in pages.items()}


FERME = dict.fromkeys(
    ("risques:grappe-risques", "risques:parcours-risques-pdf", "api:grappe-risques", "api:parcours-risques"), 403
)
D_ESMS = FERME | {"risques:parcours-risques-pdf": 200, "api:parcours-risques": 200}
DE_GRAPPE = FERME | {"risques:grappe-risques": 200, "api:grappe-risques": 200}


def test_sans_partage_le_financeur_ne_lit_rien(parcours: Parcours, ars: Utilisateur) -> None:
    analyse_transmise(parcours)
    assert _statuts(ars, parcours) == FERME
    url = reverse("risques:grappe-risques", args=[parcours.grappe_id])
    assert escape(RISQUES_RESERVES) in connecte(ars).get(url).content.decode()
    grappe = reverse("programme:grappe-detail", args=[parcours.grappe_id])
    assert url not in connecte(ars).get(grappe).content.decode(), "l'onglet ne s'offre pas"
    assert url in connecte(directrice_de(parcours)).get(grappe).content.decode()


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({}, D_ESMS),
        ({"objet": "leviers"}, FERME),
        ({"du": date(2026, 1, 1), "au": date(2026, 1, 31)}, FERME),
        ({"du": date(2099, 1, 1)}, FERME),
        ({"revoque_le": timezone.now()}, FERME),
    ],
    ids=["en vigueur", "autre objet", "fini", "à venir", "révoqué"],
)
def test_le_partage_d_un_esms(parcours: Parcours, ars: Utilisateur, champs: Any, attendu: Any) -> None:
    analyse_transmise(parcours)
    PartageFactory(parcours=parcours, **champs)
    assert _statuts(ars, parcours) == attendu
    autre = ParcoursFactory(grappe=parcours.grappe)
    assert _statuts(ars, autre) == FERME, "le partage d'un ESMS n'en ouvre pas un autre"


def test_le_partage_de_grappe_n_ouvre_aucun_esms(parcours: Parcours, ars: Utilisateur) -> None:
    autre = ParcoursFactory(grappe=parcours.grappe)
    for p, lignes in ((parcours, (4, 4)), (autre, (3, 3))):
        analyse_transmise(p, lignes=lignes)
        RisqueFactory(parcours=p, libelle=f"Le risque de {p.esms.nom}")
    RisqueFactory(grappe=parcours.grappe, libelle="Le risque de la grappe")
    PartageFactory(grappe=parcours.grappe)
    assert _statuts(ars, parcours) == DE_GRAPPE
    url = reverse("risques:grappe-risques", args=[parcours.grappe_id])
    page = connecte(ars).get(url).content.decode()
    assert "Le risque de la grappe" in page and "Aucun ESMS de la grappe n’a ouvert" in page
    assert parcours.esms.nom not in page and "Le risque de IME" not in page and "Les autres ESMS" not in page
    PartageFactory(parcours=parcours)
    page = connecte(ars).get(url).content.decode()
    assert f"Le risque de {parcours.esms.nom}" in page and autre.esms.nom not in page
    corps = connecte(ars).get(reverse("api:grappe-risques", args=[parcours.grappe_id])).json()
    assert [a["parcours"] for a in corps["analyses"]] == [parcours.pk]
    assert {r["parcours"] for r in corps["registre"]} == {None, parcours.pk}


def test_le_financeur_ne_lit_pas_ce_qui_n_est_pas_transmis(parcours: Parcours, ars: Utilisateur) -> None:
    directrice = directrice_de(parcours)
    analyse = analyse_transmise(parcours, lignes=(4, 4))
    PartageFactory(parcours=parcours)
    url = reverse("api:parcours-risques", args=[parcours.pk])
    assert connecte(ars).get(url).json()["analyse"]["categories"][0]["niveau"] == "inacceptable"
    changer_etat(analyse, "revoir", par=directrice)
    assert connecte(ars).get(url).json()["analyse"] is None


def test_le_financeur_ne_lit_ni_qui_suit_un_risque_ni_sa_precision(parcours: Parcours, ars: Utilisateur) -> None:
    RisqueFactory(grappe=parcours.grappe, precision="À taire", proprietaire_nom="La référente tue")
    RisqueFactory(parcours=parcours, precision="À taire", proprietaire_nom="La référente tue")
    PartageFactory(grappe=parcours.grappe)
    PartageFactory(parcours=parcours)
    pages = [
        reverse("risques:grappe-risques", args=[parcours.grappe_id]),
        reverse("api:grappe-risques", args=[parcours.grappe_id]),
        reverse("api:parcours-risques", args=[parcours.pk]),
    ]
    for url in pages:
        lu = connecte(ars).get(url).content.decode()
        assert "À taire" not in lu and "La référente tue" not in lu and "Suivi par" not in lu, url
        assert "La référente tue" in connecte(affecter(Role.CHEF_PROJET, parcours.grappe)).get(url).content.decode()


def _ordre(client: Any, criteres: str) -> list[str]:
    return [ligne[0] for ligne in lignes_csv(client.get(f"/risques/?format=csv&colonnes=risque&{criteres}"))[1:]]


def test_ni_tri_ni_filtre_ne_disent_au_financeur_qui_suit_un_risque(parcours: Parcours, ars: Utilisateur) -> None:
    PartageFactory(parcours=parcours)
    directrice = directrice_de(parcours)
    RisqueFactory(parcours=parcours, libelle="Premier", proprietaire_nom="Zoé")
    RisqueFactory(parcours=parcours, libelle="Second", proprietaire_nom="Abel", precision="À taire")
    RisqueFactory(parcours=parcours, libelle="Troisième", proprietaire=directrice)
    client, de_pres = connecte(ars), connecte(directrice)
    for criteres in ("tri=proprietaire", "tri=-proprietaire", "proprietaire=compte", "proprietaire=personne"):
        assert _ordre(client, criteres) == _ordre(client, ""), criteres
        assert _ordre(de_pres, criteres) != _ordre(de_pres, ""), criteres
    assert 'name="proprietaire"' not in client.get("/risques/?panneau=filtres").content.decode()
    assert 'name="proprietaire"' in de_pres.get("/risques/?panneau=filtres").content.decode()


def test_qui_finance_et_conduit_ailleurs_lit_de_pres_ce_qui_est_a_lui(parcours: Parcours, ars: Utilisateur) -> None:
    """« Financeur » se juge risque par risque : chez lui tout, ailleurs ce qu'un partage ouvre."""
    sien = ParcoursFactory()
    affecter(Role.CHEF_PROJET, sien.grappe, utilisateur=ars)
    PartageFactory(parcours=parcours)
    RisqueFactory(parcours=sien, libelle="Chez lui", proprietaire_nom="Zoé", precision="À lire")
    RisqueFactory(parcours=parcours, libelle="Ailleurs", proprietaire_nom="La référente tue", precision="À taire")
    client = connecte(ars)
    lues = lignes_csv(client.get("/risques/?format=csv&colonnes=risque,proprietaire,precision"))[1:]
    assert sorted(lues) == [["Ailleurs", "réservé", "réservé"], ["Chez lui", "Zoé", "À lire"]]
    assert _ordre(client, "proprietaire=personne") == ["Chez lui"] and not _ordre(client, "proprietaire=compte")
    page = client.get(reverse("risques:grappe-risques", args=[sien.grappe_id])).content.decode()
    assert "Zoé" in page and "Suivi par" in page
    PartageFactory(grappe=parcours.grappe)
    page = client.get(reverse("risques:grappe-risques", args=[parcours.grappe_id])).content.decode()
    assert "Ailleurs" in page and "La référente tue" not in page and "Suivi par" not in page


def test_l_administrateur_trouve_les_partages_depuis_la_grappe(parcours: Parcours) -> None:
    admin, partages = connecte(affecter(Role.ADMIN)), reverse("risques:grappe-partages", args=[parcours.grappe_id])
    assert partages in admin.get(reverse("risques:grappe-risques", args=[parcours.grappe_id])).content.decode()
    assert admin.get(partages).status_code == 200


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CHEF_PROJET, Role.DIRECTEUR, Role.ARS, Role.GRADES])
@pytest.mark.parametrize("quoi", ["parcours", "grappe"])
def test_lire_de_pres_dit_ce_que_lisent_les_requetes(parcours: Parcours, role: Role, quoi: str) -> None:
    ou = {Role.ADMIN: (), Role.CHEF_PROJET: (parcours.grappe,), Role.DIRECTEUR: (parcours.esms,)}
    compte = affecter(role, *ou.get(role, (parcours.grappe.region,)))
    cible = parcours if quoi == "parcours" else parcours.grappe
    risque = RisqueFactory(**{quoi: cible})
    lu = Risque.objects.filter(confiees(compte, "parcours", "grappe"), pk=risque.pk).exists()
    assert bool(peut_lire_de_pres(compte, cible)) is bool(peut_lire_de_pres(compte, risque)) is lu
    assert lu is not (role == Role.ARS or (role, quoi) == (Role.GRADES, "grappe"))


def test_le_financeur_lit_un_resultat_jamais_une_reponse(parcours: Parcours, ars: Utilisateur) -> None:
    campagne = campagne_ouverte(grappe=parcours.grappe)
    grille = GrilleFactory(evaluation=campagne.evaluations.get(), notes={"A1": 9, "A2": 7, "B1": 3})
    grille.reponses.update(mot="Mot que nul ne doit lire")
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    PartageFactory(grappe=parcours.grappe)
    page = connecte(ars).get(reverse("risques:grappe-risques", args=[parcours.grappe_id])).content.decode()
    corps = connecte(ars).get(reverse("api:grappe-risques", args=[parcours.grappe_id]))
    assert corps.json()["total"] == 467 and ">467<" in page
    for lu in (page, corps.content.decode()):
        assert "Mot que nul" not in lu and grille.evaluateur.nom not in lu and "Énoncé" not in lu


# --- pages ---------------------------------------------------------------------------------------------------------


def test_ouvrir_puis_fermer_par_les_pages(parcours: Parcours, ars: Utilisateur) -> None:
    client, url = connecte(directrice_de(parcours)), reverse("risques:parcours-partages", args=[parcours.pk])
    page = client.get(url).content.decode()
    assert "Rien n’est ouvert" in page and f"{ars.nom} (Nouvelle-Aquitaine)" in page
    assert "la réponse d&#x27;une personne à une question" in page
    fautive = client.post(url, {"objet": "risques", "au": "2020-01-01", "pourquoi": "Une revue"})
    assert fautive.status_code == 422 and "à venir" in fautive.content.decode()
    reponse = client.post(url, {"objet": "risques", "au": _demain(), "pourquoi": "Une revue"}, follow=True)
    page = reponse.content.decode()
    assert reponse.redirect_chain and "le financeur le lit dès maintenant" in page and "« Une revue »" in page
    assert _statuts(ars, parcours) == D_ESMS
    fermer = reverse("risques:partage-fermer", args=[PartageRisques.objects.get().pk])
    assert "L’effet est immédiat" in client.get(fermer).content.decode()
    assert PartageRisques.objects.get().est_en_vigueur, "GET n'écrit pas"
    page = client.post(fermer, follow=True).content.decode()
    assert "n’y lit plus rien" in page and "1 partage passé" in page and "fermé par" in page
    assert _statuts(ars, parcours) == FERME
    assert "déjà fermé" in client.post(fermer, follow=True).content.decode()


def test_le_chef_de_projet_voit_ce_que_ses_esms_ouvrent_sans_le_fermer(parcours: Parcours) -> None:
    PartageFactory(parcours=parcours, pourquoi="Une revue à deux")
    client = connecte(cheffe_de(parcours.grappe))
    page = client.get(reverse("risques:grappe-partages", args=[parcours.grappe_id])).content.decode()
    assert "Une revue à deux" in page and "Fermer ce partage" not in page
    fermer = reverse("risques:partage-fermer", args=[PartageRisques.objects.get().pk])
    assert client.post(fermer).status_code == 403 and PartageRisques.objects.get().est_en_vigueur


def test_un_voisin_ne_lit_pas_les_partages_d_un_autre_esms(parcours: Parcours) -> None:
    PartageFactory(parcours=parcours, pourquoi="Une revue à deux")
    voisine = directrice_de(ParcoursFactory(grappe=parcours.grappe))
    page = connecte(voisine).get(reverse("risques:grappe-partages", args=[parcours.grappe_id])).content.decode()
    assert "Une revue à deux" not in page and parcours.esms.nom not in page
    assert connecte(voisine).get(reverse("risques:parcours-partages", args=[parcours.pk])).status_code == 404


def test_autant_de_requetes_a_un_partage_qu_a_cinquante(parcours: Parcours) -> None:
    def peupler(n: int) -> None:
        for rang in range(n):
            PartageFactory(parcours=ParcoursFactory(grappe=parcours.grappe))
            PartageFactory(grappe=parcours.grappe, revoque_le=timezone.now() if rang % 2 else None)

    url = reverse("risques:grappe-partages", args=[parcours.grappe_id])
    exiger_requetes_constantes(connecte(cheffe_de(parcours.grappe)), url, peupler)


# --- à faire -------------------------------------------------------------------------------------------------------


def test_un_partage_qui_finit_se_rappelle_a_qui_peut_le_renouveler(parcours: Parcours, ars: Utilisateur) -> None:
    au = timezone.localdate()
    PartageFactory(parcours=parcours, au=au + timedelta(days=14))
    PartageFactory(parcours=parcours, objet="leviers", au=au + timedelta(days=15))
    PartageFactory(parcours=parcours, objet="prediagnostic", au=au + timedelta(days=3), revoque_le=timezone.now())
    PartageFactory(grappe=parcours.grappe, au=au)

    def lus(compte: Utilisateur) -> list[Any]:
        return [x for x in lignes_de(Demande(compte, au)) if x.titre.startswith("Partage avec le financeur")]

    (siens,) = lus(directrice_de(parcours))
    assert str(parcours) in siens.titre and siens.urgence == Urgence.RAPPEL
    (de_grappe,) = lus(cheffe_de(parcours.grappe))
    assert str(parcours.grappe) in de_grappe.titre and de_grappe.url.endswith("/risques/partages/")
    assert not lus(ars) and not lus(affecter(Role.REFERENT, parcours.esms))
