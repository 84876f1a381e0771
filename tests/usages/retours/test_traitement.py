"""Traiter un retour par la porte : chaque passage et ce qu'il demande, regrouper sans perdre une voix."""

from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat, lire
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, directrice_de
from tests.usages.retours.fabriques import RetourFactory, SoutienFactory, conduire
from tests.usages.retours.mondes import Monde, dire, monde, page, passage, saisie
from usages.enums import EtatRetour, NiveauRetour, ThemeRetour, VoieRetour
from usages.models import Retour, Soutien
from usages.services.retours.traitement import redire

pytestmark = pytest.mark.django_db
E = EtatRetour
CHEMINS: dict[str, tuple[str, ...]] = {
    E.NOUVEAU: (),
    E.QUALIFIE: ("qualifier",),
    E.EN_COURS: ("prendre_en_charge",),
    E.RESOLU: ("qualifier", "resoudre"),
    E.PUBLIE: ("qualifier", "publier"),
    E.NON_RETENU: ("ne_pas_retenir",),
    E.REGROUPE: ("regrouper",),
}
ARRIVEES = {
    "qualifier": E.QUALIFIE,
    "prendre_en_charge": E.EN_COURS,
    "resoudre": E.RESOLU,
    "publier": E.PUBLIE,
    "ne_pas_retenir": E.NON_RETENU,
    "regrouper": E.REGROUPE,
    "separer": E.NOUVEAU,
    "rouvrir": E.QUALIFIE,
}
PARTENT = {
    "qualifier": {E.NOUVEAU},
    "prendre_en_charge": {E.NOUVEAU, E.QUALIFIE},
    "resoudre": {E.QUALIFIE, E.EN_COURS},
    "publier": {E.QUALIFIE, E.EN_COURS, E.RESOLU},
    "ne_pas_retenir": {E.NOUVEAU, E.QUALIFIE, E.EN_COURS},
    "regrouper": {E.NOUVEAU, E.QUALIFIE, E.EN_COURS},
    "separer": {E.REGROUPE},
    "rouvrir": {E.RESOLU, E.PUBLIE, E.NON_RETENU},
}


@pytest.fixture
def m() -> Monde:
    return monde()


def _mener(m: Monde, retour: Retour, *transitions: str) -> Retour:
    for transition in transitions:
        details = {"sous": RetourFactory(parcours=m.ici).pk} if transition == "regrouper" else {}
        retour = conduire(retour, transition, par=m.directrice, **details)
    return retour


# --- chaque passage, depuis chaque état ----------------------------------------------------------------------------


@pytest.mark.parametrize("transition", Retour.transitions())
@pytest.mark.parametrize("etat", list(E))
def test_chaque_passage_part_de_ses_etats_et_d_aucun_autre(m: Monde, etat: str, transition: str) -> None:
    retour = _mener(m, RetourFactory(parcours=m.ici), *CHEMINS[etat])
    assert retour.etat == etat
    if etat in PARTENT[transition]:
        assert _mener(m, retour, transition).etat == ARRIVEES[transition]
    else:
        with pytest.raises(Refus) as refus:
            _mener(m, retour, transition)
        assert refus.value.code == "etat" and Retour.objects.get(pk=retour.pk).etat == etat


@pytest.mark.parametrize(
    ("transition", "details", "champ"),
    [
        ("qualifier", {"titre": "Écran lent"}, "theme"),
        ("qualifier", {"theme": "inconnu", "titre": "Écran lent"}, "theme"),
        ("qualifier", {"theme": ThemeRetour.PANNE, "titre": "  "}, "titre"),
        ("prendre_en_charge", {"theme": ThemeRetour.PANNE, "titre": "Écran lent"}, "voie"),
        ("prendre_en_charge", {"voie": VoieRetour.INTERNE, "titre": "Écran lent"}, "theme"),
        ("prendre_en_charge", {"voie": VoieRetour.INTERNE, "theme": ThemeRetour.PANNE}, "titre"),
        ("ne_pas_retenir", {"motif": "Hors de notre portée"}, "titre"),
        ("ne_pas_retenir", {"titre": "Écran lent"}, "motif"),
        ("regrouper", {}, "sous"),
    ],
)
def test_ce_qui_manque_se_dit_au_champ(m: Monde, transition: str, details: dict[str, Any], champ: str) -> None:
    retour = RetourFactory(parcours=m.ici)
    with pytest.raises(Refus) as refus:
        changer_etat(retour, transition, par=m.directrice, **details)
    assert refus.value.code == "champ" and champ in refus.value.champs
    assert Retour.objects.get(pk=retour.pk).etat == E.NOUVEAU


def test_publier_demande_une_reponse_et_rouvrir_un_motif(m: Monde) -> None:
    retour = conduire(RetourFactory(parcours=m.ici), "qualifier", par=m.directrice)
    with pytest.raises(Refus, match="Écrivez la réponse"):
        changer_etat(retour, "publier", par=m.directrice, reponse=" ")
    retour = conduire(retour, "publier", par=m.directrice)
    with pytest.raises(Refus) as refus:
        changer_etat(retour, "rouvrir", par=m.directrice)
    assert "motif" in refus.value.champs


# --- qui ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DIRECTEUR, Role.REFERENT, Role.APPUI])
def test_qui_repond_pour_l_esms_fait_tout(m: Monde, role: str) -> None:
    par = affecter(role, m.ici.esms)
    assert _mener_par(RetourFactory(parcours=m.ici), par).etat == E.PUBLIE


def _mener_par(retour: Retour, par: Utilisateur) -> Retour:
    return conduire(retour, "qualifier", "prendre_en_charge", "resoudre", "publier", par=par)


def test_le_relais_traite_son_unite_et_ne_repond_pas(m: Monde) -> None:
    sien = RetourFactory(parcours=m.ici, unite=m.unite, niveau=NiveauRetour.UNITE)
    sien = conduire(sien, "qualifier", "prendre_en_charge", "resoudre", par=m.relais)
    assert sien.etat == E.RESOLU
    for retour, transition in ((sien, "publier"), (RetourFactory(parcours=m.ici), "qualifier")):
        with pytest.raises(Refus) as refus:
            conduire(retour, transition, par=m.relais)
        assert refus.value.code == "droit"


def test_qui_lit_sans_traiter_et_qui_finance_sont_refuses(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici)
    for par in (m.membre, m.financeur, m.voisin):
        with pytest.raises(Refus) as refus:
            conduire(retour, "qualifier", par=par)
        assert refus.value.code == "droit"
    assert connecte(m.membre).get(passage(retour, "qualifier")).status_code == 403
    assert connecte(m.financeur).get(passage(retour, "qualifier")).status_code == 404


# --- les pages de passage -------------------------------------------------------------------------------------------


def _poster(client: Client, retour: Retour, transition: str, **champs: Any) -> Any:
    return client.post(passage(retour, transition), saisie(retour, **champs))


def test_qualifier_propose_les_premiers_mots_et_rappelle_de_ne_nommer_personne(m: Monde) -> None:
    dit = "L'écran des transmissions met très longtemps à s'ouvrir le matin, puis <mark>tout</mark> se fige."
    retour, client = RetourFactory(parcours=m.ici, probleme=dit), connecte(m.directrice)
    texte = dire(client, passage(retour, "qualifier"))
    assert f"{retour.debut}</textarea>" in texte and "N'y mettez personne" in texte
    assert f"Le texte reçu : « {dit} »" in texte
    assert "<mark>" not in client.get(passage(retour, "qualifier")).content.decode()
    assert _poster(client, retour, "qualifier", theme="panne", titre="Écran lent").status_code == 302
    retour.refresh_from_db()
    assert (retour.etat, retour.theme, retour.titre) == (E.QUALIFIE, "panne", "Écran lent")


def test_un_resume_qui_porte_un_numero_de_securite_sociale_est_refuse_sans_rien_perdre(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici)
    titre = "Dossier 2 55 08 14 168 025 38 illisible"
    reponse = _poster(connecte(m.directrice), retour, "qualifier", theme="panne", titre=titre)
    assert reponse.status_code == 422 and titre in reponse.content.decode()


def test_prendre_en_charge_ne_redemande_pas_ce_qui_est_dit(m: Monde) -> None:
    neuf, client = RetourFactory(parcours=m.ici), connecte(m.directrice)
    lu = conduire(RetourFactory(parcours=m.ici), "qualifier", par=m.directrice)
    assert set(client.get(passage(neuf, "prendre_en_charge")).context["formulaire"].fields) == {
        "version", "voie", "theme", "titre",
    }  # fmt: skip
    assert set(client.get(passage(lu, "prendre_en_charge")).context["formulaire"].fields) == {"version", "voie"}
    _poster(client, lu, "prendre_en_charge", voie="editeur")
    _poster(client, neuf, "prendre_en_charge", voie="interne", theme="panne", titre="Lent")
    assert [Retour.objects.get(pk=r.pk).voie for r in (lu, neuf)] == ["editeur", "interne"]


def test_publier_puis_rouvrir_garde_la_reponse_a_reprendre(m: Monde) -> None:
    retour = conduire(RetourFactory(parcours=m.ici), "qualifier", par=m.directrice)
    client = connecte(m.directrice)
    assert _poster(client, retour, "publier", reponse="").status_code == 422
    assert _poster(client, retour, "publier", reponse="Nous avons ajouté une borne.").status_code == 302
    assert "Nous avons ajouté une borne." in dire(client, page("retour-detail", retour))
    retour = conduire(Retour.objects.get(pk=retour.pk), "rouvrir", par=m.directrice)
    assert "Nous avons ajouté une borne." in dire(client, passage(retour, "publier"))


def test_ne_pas_retenir_dit_que_le_motif_sera_lu(m: Monde) -> None:
    retour, client = RetourFactory(parcours=m.ici), connecte(m.directrice)
    assert "C'est la réponse que son auteur et l'équipe liront" in dire(client, passage(retour, "ne_pas_retenir"))
    assert _poster(client, retour, "ne_pas_retenir", titre="Lent", motif="").status_code == 422
    assert _poster(client, retour, "ne_pas_retenir", titre="Lent", motif="Hors budget.").status_code == 302
    assert "Hors budget." in dire(client, page("retour-detail", retour))


def test_un_resume_se_corrige_sans_changer_l_etat_ni_le_texte(m: Monde) -> None:
    retour = conduire(RetourFactory(parcours=m.ici), "qualifier", "publier", par=m.directrice)
    client, url = connecte(m.directrice), page("retour-resume", retour)
    assert "N'y mettez personne" in dire(client, url)
    assert client.post(url, {"theme": "panne", "titre": "Écran\nlent à s'ouvrir"}).status_code == 302
    corrige = Retour.objects.chercher("lent ouvrir").get()
    assert (corrige.titre, corrige.theme, corrige.etat) == ("Écran lent à s'ouvrir", "panne", E.PUBLIE)
    assert corrige.probleme == retour.probleme
    assert client.post(url, {"theme": "panne", "titre": "2 55 08 14 168 025 38"}).status_code == 422
    assert client.post(url, {"theme": "panne", "titre": ""}).status_code == 422
    assert connecte(m.membre).get(url).status_code == 403
    neuf = RetourFactory(parcours=m.ici)
    assert client.get(page("retour-resume", neuf)).status_code == 302
    with pytest.raises(Refus) as refus:
        redire(retour=neuf, theme="panne", titre="Lent", par=m.directrice)
    assert refus.value.code == "etat"


def test_qualifier_ne_fait_pas_peur_et_regrouper_se_defait(m: Monde) -> None:
    retour, client = RetourFactory(parcours=m.ici), connecte(m.directrice)
    for transition in ("qualifier", "prendre_en_charge", "regrouper"):
        assert "ne se défait pas" not in dire(client, passage(retour, transition))
    assert "on revient en arrière" in dire(client, passage(retour, "regrouper"))


# --- regrouper ------------------------------------------------------------------------------------------------------


def _refuse(retour: Retour, sous: int, par: Utilisateur) -> str:
    with pytest.raises(Refus) as refus:
        changer_etat(retour, "regrouper", par=par, sous=sous)
    assert refus.value.code == "conditions" and Retour.objects.get(pk=retour.pk).etat == E.NOUVEAU
    return ";".join(manque.code for manque in refus.value.manques)


def test_on_ne_regroupe_ni_sous_soi_ni_sous_un_regroupe_ni_hors_de_la_grappe(m: Monde) -> None:
    retour, tete = RetourFactory(parcours=m.ici), RetourFactory(parcours=m.ici)
    porte = conduire(RetourFactory(parcours=m.ici), "regrouper", par=m.directrice, sous=tete.pk)
    assert _refuse(retour, retour.pk, m.directrice) == "soi"
    assert _refuse(retour, porte.pk, m.directrice) == "deja_porte"
    assert _refuse(retour, 10**6, m.directrice) == "ailleurs"
    # D'une autre grappe, même lu par qui est des deux.
    loin = ParcoursFactory()
    affecter(Role.DIRECTEUR, loin.esms, utilisateur=m.directrice)
    assert _refuse(retour, RetourFactory(parcours=loin).pk, m.directrice) == "ailleurs"


def test_on_ne_regroupe_pas_sous_ce_qu_on_ne_lit_pas(m: Monde) -> None:
    retour, autre = RetourFactory(parcours=m.ici), RetourFactory(parcours=m.ailleurs)
    assert _refuse(retour, autre.pk, m.directrice) == "ailleurs"
    assert conduire(retour, "regrouper", par=m.cheffe, sous=autre.pk).porte_par == autre


def test_la_page_du_passage_dit_l_obstacle_et_ne_propose_que_ce_qui_est_permis(m: Monde) -> None:
    retour, autre = RetourFactory(parcours=m.ici), RetourFactory(parcours=m.ailleurs, titre="Wifi absent")
    url = passage(retour, "regrouper")
    assert autre.titre not in dire(connecte(m.directrice), f"{url}?sous={autre.pk}")
    assert autre.titre in dire(connecte(m.cheffe), f"{url}?sous={autre.pk}")
    assert _poster(connecte(m.directrice), retour, "regrouper", sous=autre.pk).status_code == 422
    assert _poster(connecte(m.cheffe), retour, "regrouper", sous="").status_code == 422
    assert _poster(connecte(m.cheffe), retour, "regrouper", sous=autre.pk).status_code == 302
    assert Retour.objects.get(pk=retour.pk).porte_par == autre


def test_chercher_un_autre_retour_mene_au_passage(m: Monde) -> None:
    retour = RetourFactory(parcours=m.ici)
    trouve = RetourFactory(parcours=m.ici, probleme="Pas de wifi au deuxième étage.")
    client = connecte(m.directrice)
    texte = dire(client, f"{page('retour-regrouper', retour)}?recherche=WIFI+etage")
    assert f"{passage(retour, 'regrouper')}?sous={trouve.pk}" in texte
    assert "Aucun retour ne porte ces mots" in dire(client, f"{page('retour-regrouper', retour)}?recherche=zzz")
    fini = conduire(retour, "qualifier", "publier", par=m.directrice)
    assert "il ne se regroupe plus" in dire(client, page("retour-regrouper", fini))


def test_separer_rend_sa_place_a_celui_seul_qu_on_separe(m: Monde) -> None:
    a, b, c = (RetourFactory(parcours=m.ici) for _ in range(3))
    conduire(a, "regrouper", par=m.directrice, sous=b.pk)
    conduire(b, "regrouper", par=m.directrice, sous=c.pk)
    assert set(Retour.objects.filter(porte_par=c)) == {a, b}
    conduire(Retour.objects.get(pk=b.pk), "separer", par=m.directrice)
    assert set(Retour.objects.filter(porte_par=c)) == {a}
    assert not lire(Retour.objects.get(pk=b.pk), "regrouper", par=m.directrice).obstacles


def test_un_porteur_regroupe_entre_temps_confie_a_qui_le_porte(m: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c = (RetourFactory(parcours=m.ici) for _ in range(3))
    conduire(b, "regrouper", par=m.directrice, sous=c.pk)
    # L'obstacle a été lu avant que l'autre ne regroupe : il n'en savait rien.
    monkeypatch.setattr(Retour, "obstacles", lambda self, transition, details: [])
    conduire(a, "regrouper", par=m.directrice, sous=b.pk)
    assert Retour.objects.get(pk=a.pk).porte_par == c


GESTES = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5)), max_size=14)


class TestAucuneVoixPerdue(TestCase):
    """Quelle que soit la suite de regroupements et de séparations."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(gestes=GESTES, soutiens=st.lists(st.integers(0, 5), max_size=6))
    def test_la_somme_des_voix_est_le_nombre_de_retours_et_de_soutiens(
        self, gestes: list[tuple[bool, int, int]], soutiens: list[int]
    ) -> None:
        parcours = ParcoursFactory()
        par = directrice_de(parcours)
        cles = [RetourFactory(parcours=parcours).pk for _ in range(6)]
        for rang in soutiens:
            SoutienFactory(retour_id=cles[rang], parcours=parcours)
        for separer, i, j in gestes:
            retour = Retour.objects.get(pk=cles[i])
            try:
                if separer:
                    changer_etat(retour, "separer", par=par)
                else:
                    changer_etat(retour, "regrouper", par=par, sous=cles[j])
            except Refus:
                pass
        voix = sum(Retour.objects.principaux().avec_voix().values_list("nb_voix", flat=True))
        assert voix == Retour.objects.count() + Soutien.objects.count()
        # Une tête n'est jamais portée : pas de chaîne.
        assert not Retour.objects.filter(porte_par__porte_par__isnull=False).exists()
        assert not Retour.objects.filter(porte_par=F("pk")).exists()
