"""Autour du traitement : confier, agir en lot, délais, relais, ce que dit l'accueil."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.a_faire import Demande, Ligne, Urgence
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, UniteFactory, affecter, directrice_de
from tests.usages.retours.fabriques import RelaisFactory, RetourFactory, conduire
from tests.usages.retours.mondes import Monde, dire, monde, page
from usages.a_faire import retours as a_faire
from usages.enums import EtatRetour, NiveauRetour
from usages.models import ReglageRetours, Relais, Retour
from usages.services.retours.traitement import DELAIS, REPONDU

pytestmark = pytest.mark.django_db
AU = timezone.localdate


@pytest.fixture
def m() -> Monde:
    return monde()


# --- confier --------------------------------------------------------------------------------------------------------


def test_confier_a_qui_lit_l_esms_puis_a_personne(m: Monde) -> None:
    retour, client = RetourFactory(parcours=m.ici), connecte(m.directrice)
    url = page("retour-confier", retour)
    offres = dict(client.get(url).context["formulaire"].fields["confie_a"].choices)
    assert str(m.cheffe.pk) in offres and str(m.relais.pk) in offres
    assert not {str(m.voisin.pk), str(m.financeur.pk)} & offres.keys()
    assert client.post(url, {"confie_a": m.cheffe.pk}).status_code == 302
    assert Retour.objects.get(pk=retour.pk).confie_a == m.cheffe
    assert client.post(url, {"confie_a": ""}).status_code == 302
    assert Retour.objects.get(pk=retour.pk).confie_a is None
    assert client.post(url, {"confie_a": m.voisin.pk}).status_code == 422


def test_un_retour_repondu_ne_se_confie_plus(m: Monde) -> None:
    retour = conduire(RetourFactory(parcours=m.ici), "qualifier", "publier", par=m.directrice)
    reponse = connecte(m.directrice).post(page("retour-confier", retour), {"confie_a": m.cheffe.pk})
    assert reponse.status_code == 422 and REPONDU in reponse.context["formulaire"].errors["confie_a"]


def test_qui_ne_lit_plus_reste_nomme_sur_la_page(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici, confie_a=m.voisin)
    assert "ne lit plus ce retour" in dire(connecte(m.directrice), page("retour-confier", retour))


# --- en lot ---------------------------------------------------------------------------------------------------------


def _en_lot(client: Any, action: str, retours: list[Retour], **reglage: Any) -> Any:
    envoi = {"action": action, "choix": ",".join(str(r.pk) for r in retours)} | reglage
    apercu = client.post(reverse("usages:retour-lot"), envoi | {"etape": "apercu"})
    assert apercu.status_code == 200, apercu.context["formulaire"].errors
    vus = apercu.context["vus"]
    client.post(reverse("usages:retour-lot"), envoi | {"etape": "confirmer", "vus": vus})
    return apercu.context


def test_prendre_en_charge_en_lot_passe_par_la_porte_et_laisse_ceux_qu_on_n_a_pas_lus(m: Monde) -> None:
    lus = [conduire(RetourFactory(parcours=m.ici), "qualifier", par=m.directrice) for _ in range(3)]
    neuf, fini = RetourFactory(parcours=m.ici), conduire(lus.pop(), "publier", par=m.directrice)
    vu = _en_lot(connecte(m.directrice), "prendre_en_charge", [*lus, neuf, fini], voie="editeur")
    assert {x.objet for x in vu["possibles"]} == set(lus)
    assert any("qualifiez-le d'abord" in x.refus for x in vu["ecartees"])
    assert [Retour.objects.get(pk=r.pk).etat for r in (*lus, neuf, fini)] == ["en_cours"] * 2 + ["nouveau", "publie"]
    assert Retour.objects.filter(voie="editeur").count() == 2
    vu = _en_lot(connecte(m.directrice), "resoudre", lus)
    assert [Retour.objects.get(pk=r.pk).etat for r in lus] == ["resolu"] * 2


def test_confier_en_lot_refuse_ceux_que_le_compte_ne_lit_pas(m: Monde) -> None:
    ici, ailleurs = RetourFactory(parcours=m.ici), RetourFactory(parcours=m.ailleurs)
    vu = _en_lot(connecte(m.cheffe), "confier", [ici, ailleurs], confie_a=m.directrice.pk)
    assert [x.objet for x in vu["possibles"]] == [ici] and "ne lit pas les retours" in vu["ecartees"][0].refus
    assert [Retour.objects.get(pk=r.pk).confie_a for r in (ici, ailleurs)] == [m.directrice, None]


def test_les_gestes_groupes_sont_a_qui_traite_et_aux_relais(m: Monde) -> None:
    sien = RetourFactory(parcours=m.ici, unite=m.unite, niveau=NiveauRetour.UNITE)
    autre = RetourFactory(parcours=m.ici)
    url = reverse("usages:retour-liste") + "?vue=aucune"
    offerts = {q: [a["valeur"] for a in connecte(q).get(url).context["liste"].actions] for q in (m.relais, m.membre)}
    assert "confier" in offerts[m.relais] and "confier" not in offerts[m.membre]
    vu = _en_lot(connecte(m.relais), "confier", [sien, autre], confie_a=m.relais.pk)
    assert [x.objet for x in vu["possibles"]] == [sien]
    refus = connecte(m.membre).post(reverse("usages:retour-lot"), {"action": "confier", "choix": str(sien.pk)})
    assert refus.status_code == 403


def test_examiner_un_lot_ne_coute_pas_plus_a_cinquante(m: Monde) -> None:
    def apercu(nombre: int) -> int:
        retours = [conduire(RetourFactory(parcours=m.ici), "qualifier", par=m.directrice) for _ in range(nombre)]
        envoi = {"choix": ",".join(str(r.pk) for r in retours), "etape": "apercu", "voie": "interne"}
        with CaptureQueriesContext(connection) as captees:
            client.post(reverse("usages:retour-lot"), envoi | {"action": "prendre_en_charge"})
        return len(captees)

    client = connecte(m.directrice)
    apercu(1)
    assert apercu(1) == apercu(50)


# --- délais ---------------------------------------------------------------------------------------------------------


def _recu(m: Monde, jours: int, etat: str = EtatRetour.NOUVEAU, **champs: Any) -> Retour:
    retour = RetourFactory(**{"parcours": m.ici} | champs, recu_le=AU() - timedelta(days=jours))
    return retour if etat == EtatRetour.NOUVEAU else conduire(retour, "qualifier", par=m.directrice)


def test_sans_reglage_on_lit_en_sept_jours_et_on_repond_en_trente(m: Monde) -> None:
    neuf = Retour.objects.avec_echeance().get(pk=_recu(m, 0).pk)
    assert neuf.a_qualifier_avant == AU() + timedelta(days=7) and neuf.echeance == neuf.a_qualifier_avant
    lu = Retour.objects.avec_echeance().get(pk=_recu(m, 0, EtatRetour.QUALIFIE).pk)
    assert lu.echeance == lu.a_repondre_avant == AU() + timedelta(days=30)


@pytest.mark.parametrize("reglage", [None, (2, 5), (7, 7), (1, 365)])
def test_en_retard_est_ce_dont_l_echeance_est_passee(m: Monde, reglage: tuple[int, int] | None) -> None:
    lire, repondre = reglage or (7, 30)
    if reglage:
        ReglageRetours.objects.create(grappe=m.grappe, jours_qualifier=lire, jours_repondre=repondre)
    # Une autre grappe et son réglage : ils ne se mêlent pas.
    ReglageRetours.objects.create(grappe=GrappeFactory(), jours_qualifier=3, jours_repondre=4)
    attendus = set()
    for etat, delai in ((EtatRetour.NOUVEAU, lire), (EtatRetour.QUALIFIE, repondre)):
        _recu(m, delai, etat)
        attendus.add(_recu(m, delai + 1, etat).pk)
    repondu = conduire(_recu(m, 400), "qualifier", "publier", par=m.directrice)
    conduire(_recu(m, 400), "regrouper", par=m.directrice, sous=repondu.pk)
    tardifs = set(Retour.objects.en_retard(AU()).values_list("pk", flat=True))
    par_echeance = Retour.objects.a_traiter().avec_echeance().filter(echeance__lt=AU())
    assert tardifs == attendus == set(par_echeance.values_list("pk", flat=True))


def test_regler_les_delais_d_une_grappe(m: Monde) -> None:
    client, url = connecte(m.cheffe), page("retours-reglage", m.grappe)
    faux = client.post(url, {"jours_qualifier": 10, "jours_repondre": 5})
    assert faux.status_code == 422 and DELAIS in faux.context["formulaire"].errors["jours_repondre"]
    assert client.post(url, {"jours_qualifier": 0, "jours_repondre": 5}).status_code == 422
    for lire in (3, 4):
        assert client.post(url, {"jours_qualifier": lire, "jours_repondre": 15}).status_code == 302
    assert list(ReglageRetours.objects.values_list("jours_qualifier", "jours_repondre")) == [(4, 15)]
    assert "on lit un retour en 4 jours" in dire(client, page("parcours-retours", m.ici))
    assert connecte(m.directrice).get(url).status_code == 403


# --- relais ---------------------------------------------------------------------------------------------------------


def test_nommer_et_retirer_un_relais(m: Monde) -> None:
    client, url = connecte(m.directrice), page("parcours-relais", m.ici)
    assert client.post(url, {"compte": m.membre.pk, "unite": ""}).status_code == 302
    assert client.post(url, {"compte": m.membre.pk, "unite": m.unite.pk}).status_code == 302
    double = client.post(url, {"compte": m.membre.pk, "unite": ""})
    assert double.status_code == 422 and "est déjà relais" in str(double.context["formulaire"].errors)
    for champs in ({"compte": ""}, {"compte": m.voisin.pk}, {"compte": m.membre.pk, "unite": UniteFactory().pk}):
        assert client.post(url, champs).status_code == 422
    relais = Relais.objects.get(compte=m.membre, unite=None)
    retrait = page("relais-retirer", relais)
    assert "Retirer le relais" in dire(client, retrait) and Relais.objects.filter(pk=relais.pk).exists()
    assert client.post(retrait).status_code == 302 and not Relais.objects.filter(pk=relais.pk).exists()


def test_les_relais_se_lisent_et_ne_se_nomment_que_par_qui_repond_pour_l_esms(m: Monde) -> None:
    url, relais = page("parcours-relais", m.ici), Relais.objects.get()
    texte = dire(connecte(m.membre), url)
    assert str(m.relais) in texte and "Nommer ce relais" not in texte
    assert connecte(m.membre).post(url, {"compte": m.membre.pk}).status_code == 403
    assert connecte(m.membre).post(page("relais-retirer", relais)).status_code == 403
    assert connecte(m.voisin).post(page("relais-retirer", relais)).status_code == 404


def test_un_relais_de_tout_l_esms_traite_chaque_unite(m: Monde) -> None:
    RelaisFactory(parcours=m.ici, compte=m.membre)
    for champs in ({}, {"unite": m.unite, "niveau": NiveauRetour.UNITE}):
        assert conduire(RetourFactory(parcours=m.ici, **champs), "qualifier", par=m.membre).etat == "qualifie"


# --- à l'accueil ----------------------------------------------------------------------------------------------------


def _lignes(qui: Utilisateur) -> list[Ligne]:
    demande = Demande(qui, AU())
    return [x for dit in (a_faire.a_lire, a_faire.a_repondre, a_faire.confies) for x in dit(demande)]


def _titres(qui: Utilisateur) -> list[str]:
    return [ligne.titre for ligne in _lignes(qui)]


def test_rien_a_faire_sans_retour(m: Monde) -> None:
    assert [_titres(q) for q in (m.directrice, m.cheffe, m.relais, m.membre)] == [[], [], [], []]


def test_la_direction_et_le_relais_lisent_les_leurs(m: Monde) -> None:
    seul = RetourFactory(parcours=m.ici, unite=m.unite, niveau=NiveauRetour.UNITE)
    assert _titres(m.directrice) == _titres(m.relais) == ["Lire 1 retour du terrain"]
    assert _lignes(m.relais)[0].url == page("retour-detail", seul)
    RetourFactory(parcours=m.ici)
    RetourFactory(parcours=m.ailleurs)
    (ligne,) = _lignes(m.directrice)
    assert ligne.titre == "Lire 2 retours du terrain" and ligne.url == page("parcours-retours", m.ici)
    assert _titres(m.relais) == ["Lire 1 retour du terrain"] and _titres(m.membre) == []


def test_le_chef_de_projet_ne_lit_que_ce_qui_tarde(m: Monde) -> None:
    _recu(m, 7)
    assert _titres(m.cheffe) == []
    _recu(m, 8)
    _recu(m, 8, parcours=m.ailleurs)
    (ligne,) = _lignes(m.cheffe)
    assert ligne.titre == "Lire 2 retours du terrain" and len(ligne.noms) == 2
    assert ligne.url == reverse("usages:retour-liste") + "?etat=nouveau"


def test_un_retour_resolu_attend_sa_reponse(m: Monde) -> None:
    retour = conduire(RetourFactory(parcours=m.ici), "qualifier", "resoudre", par=m.directrice)
    (ligne,) = _lignes(m.directrice)
    assert ligne.titre == "Répondre à 1 retour résolu" and ligne.urgence == Urgence.REPONDRE
    assert _titres(m.relais) == _titres(m.cheffe) == []
    conduire(retour, "publier", par=m.directrice)
    assert _titres(m.directrice) == []


def test_ce_qu_on_m_a_confie_tant_que_je_le_lis(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici, confie_a=m.membre)
    assert _titres(m.membre) == ["Suivre 1 retour qui vous est confié"]
    Retour.objects.filter(pk=retour.pk).update(confie_a=m.voisin)
    assert _titres(m.voisin) == []


def test_l_accueil_ne_coute_pas_plus_a_cinquante_retours(m: Monde) -> None:
    def mesurer(qui: Utilisateur) -> int:
        with CaptureQueriesContext(connection) as captees:
            _lignes(Utilisateur.objects.get(pk=qui.pk))
        return len(captees)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            RetourFactory(parcours=m.ici, unite=m.unite, niveau=NiveauRetour.UNITE, confie_a=m.directrice)
            _recu(m, 60, EtatRetour.QUALIFIE)

    peupler(1)
    a_un = [mesurer(qui) for qui in (m.directrice, m.cheffe, m.relais)]
    peupler(49)
    assert [mesurer(qui) for qui in (m.directrice, m.cheffe, m.relais)] == a_un


def test_un_siege_traite_sans_qu_on_lui_demande_de_tout_lire(m: Monde) -> None:
    RetourFactory(parcours=m.ici)
    assert _titres(affecter(Role.SIEGE, m.ici.esms.og)) == []
    autre = ParcoursFactory()
    assert _titres(directrice_de(autre)) == []
