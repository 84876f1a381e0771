"""Le compte rendu partagé au financeur : sans partage il n'en lit aucun, avec un partage il lit celui-là."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from gouvernance.a_faire import partages as a_faire
from gouvernance.models import CompteRendu, PartageSeance, Seance
from gouvernance.permissions import peut_suivre_seance
from gouvernance.services import partages as services
from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.a_faire import Demande
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import GrappeFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory, mandater, seance_close

pytestmark = pytest.mark.django_db


def _diffusee() -> Seance:
    """Une séance dont le compte rendu est parti, dans une grappe que le financeur voit."""
    comop = InstanceFactory(quorum=0)
    changer_etat(comop.grappe, "deposer", par=cheffe_de(comop.grappe))
    seance = seance_close(comop)
    _diffuser(seance)
    return seance


def _diffuser(seance: Seance) -> None:
    cheffe = cheffe_de(seance.comite.grappe)
    changer_etat(seance, "diffuser", par=cheffe)
    CompteRendu.objects.get_or_create(
        seance=seance, defaults={"contenu": {}, "empreinte": "e" * 64, "diffuse_par": cheffe}
    )
    seance.refresh_from_db()


@pytest.fixture
def seance() -> Seance:
    return _diffusee()


@pytest.fixture
def ars(seance: Seance) -> Utilisateur:
    return affecter(Role.ARS, seance.comite.grappe.region)


def _ouvrir(seance: Seance, par: Any = None, **valeurs: Any) -> PartageSeance:
    depart = {"pourquoi": "Préparer le dialogue annuel", "au": timezone.localdate() + timedelta(days=30)}
    return services.ouvrir(seance=seance, par=par or cheffe_de(seance.comite.grappe), **(depart | valeurs))


def _lues(compte: Utilisateur) -> set[int]:
    compte.__dict__.pop("perimetre", None)
    return set(Seance.objects.visibles_par(compte).values_list("pk", flat=True))


# --- confiance -----------------------------------------------------------------------------------------------------


def test_le_financeur_ne_lit_aucun_compte_rendu_sans_partage(seance: Seance, ars: Utilisateur) -> None:
    assert _lues(ars) == set() and _lues(affecter(Role.ARS)) == set()
    autre = seance_close(seance.comite)
    _diffuser(autre)
    partage = _ouvrir(seance)
    assert _lues(ars) == {seance.pk}, "celui-là, et pas l'autre de la même instance"
    assert not peut_suivre_seance(ars, seance), "le compte rendu seulement : ni notes, ni dossier, ni ordre du jour"
    services.fermer(partage=partage, par=cheffe_de(seance.comite.grappe))
    assert _lues(ars) == set()


@pytest.mark.parametrize(
    "champs",
    [
        {"du": timezone.localdate() - timedelta(days=9), "au": timezone.localdate() - timedelta(days=1)},
        {"du": timezone.localdate() + timedelta(days=1), "au": None},
        {"revoque_le": timezone.now()},
    ],
    ids=["fini", "à venir", "révoqué"],
)
def test_un_partage_qui_ne_court_pas_n_ouvre_rien(seance: Seance, ars: Utilisateur, champs: Any) -> None:
    partage = _ouvrir(seance)
    PartageSeance.objects.filter(pk=partage.pk).update(**champs)
    assert _lues(ars) == set()


def test_le_financeur_d_ailleurs_ne_lit_pas_ce_qu_on_a_ouvert(seance: Seance) -> None:
    _ouvrir(seance)
    assert _lues(affecter(Role.ARS, GrappeFactory())) == set()


def _pages(seance: Seance) -> list[str]:
    """Les pages d'une séance que la gouvernance sert : celles qui existent."""
    adresses = []
    pages = "seance-detail seance-compte-rendu-pdf seance-compte-rendu-docx seance-dossier seance-propositions"
    for nom in (*pages.split(), "seance-partage"):
        try:
            adresses.append(reverse(f"gouvernance:{nom}", args=[seance.pk]))
        except NoReverseMatch:
            continue
    return adresses


def test_ni_par_une_page_ni_par_une_autre(seance: Seance, ars: Utilisateur) -> None:
    assert {connecte(ars).get(url).status_code for url in _pages(seance)} == {404}
    _ouvrir(seance)
    assert connecte(ars).get(reverse("gouvernance:seance-partage", args=[seance.pk])).status_code == 403


def _lignes(compte: Utilisateur, declaration: Any) -> list[Any]:
    compte.__dict__.pop("perimetre", None)
    return list(declaration(Demande(compte, timezone.localdate())))


def test_le_financeur_trouve_a_l_accueil_ce_qu_on_lui_ouvre(
    seance: Seance, ars: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(a_faire, "_lecture", lambda partage: f"/seances/{partage.seance_id}/")
    assert _lignes(ars, a_faire.ouverts) == []
    partage = _ouvrir(seance)
    (ligne,) = _lignes(ars, a_faire.ouverts)
    assert ligne.titre == f"Partagé avec vous : compte rendu, {seance}" and ligne.url == f"/seances/{seance.pk}/"
    assert _lignes(partage.ouvert_par, a_faire.ouverts) == []
    services.fermer(partage=partage, par=partage.ouvert_par)
    assert _lignes(ars, a_faire.ouverts) == []


def test_le_chef_de_projet_apprend_qu_un_partage_se_ferme(seance: Seance, ars: Utilisateur) -> None:
    partage = _ouvrir(seance)
    assert _lignes(partage.ouvert_par, a_faire.qui_finissent) == [], "dans un mois, rien ne presse"
    PartageSeance.objects.filter(pk=partage.pk).update(au=timezone.localdate() + timedelta(days=3))
    (ligne,) = _lignes(partage.ouvert_par, a_faire.qui_finissent)
    assert str(seance) in ligne.titre and ligne.url.endswith(f"/seances/{seance.pk}/partage/")
    assert _lignes(ars, a_faire.qui_finissent) == [] == _lignes(cheffe_de(GrappeFactory()), a_faire.qui_finissent)


# --- ouvrir, fermer ------------------------------------------------------------------------------------------------


def test_seul_le_chef_de_projet_ouvre_et_ferme(seance: Seance) -> None:
    animateur = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, animateur, anime=True)
    partage = _ouvrir(seance)
    for par in (animateur, affecter(Role.ADMIN), affecter(Role.ARS)):
        with pytest.raises(Refus, match="chef de projet") as refus:
            _ouvrir(seance, par)
        assert refus.value.code == "droit"
        with pytest.raises(Refus, match="chef de projet"):
            services.fermer(partage=partage, par=par)
    assert PartageSeance.objects.get().est_en_vigueur


def test_rien_ne_s_ouvre_avant_la_diffusion() -> None:
    seance = seance_close(InstanceFactory(quorum=0))
    with pytest.raises(Refus) as refus:
        _ouvrir(seance)
    assert (refus.value.code, refus.value.motif) == ("etat", services.PAS_DIFFUSE)
    assert not PartageSeance.objects.exists()


def test_un_partage_a_la_fois_une_fin_a_venir(seance: Seance) -> None:
    cheffe = cheffe_de(seance.comite.grappe)
    with pytest.raises(Refus, match="aujourd'hui au plus tôt"):
        _ouvrir(seance, au=timezone.localdate() - timedelta(days=1))
    premier = _ouvrir(seance, au=None)
    with pytest.raises(Refus, match="déjà ouvert, sans fin"):
        _ouvrir(seance)
    services.fermer(partage=premier, par=cheffe)
    with pytest.raises(Refus, match="déjà fermé"):
        services.fermer(partage=premier, par=cheffe)
    assert _ouvrir(seance).pk != premier.pk
    tenus = services.tenus(seance)
    assert (len(tenus.ouverts), [p.pk for p in tenus.passes]) == (1, [premier.pk])


# --- la page -------------------------------------------------------------------------------------------------------


def test_ouvrir_puis_fermer_par_la_page(seance: Seance, ars: Utilisateur) -> None:
    client, url = connecte(cheffe_de(seance.comite.grappe)), reverse("gouvernance:seance-partage", args=[seance.pk])
    avant = unescape(client.get(url).content.decode())
    assert "Rien n’est ouvert" in avant and ars.nom in avant and services.LIRA[0] in avant
    reponse = client.post(url, {"pourquoi": "Revue annuelle", "au": ""}, follow=True)
    corps = unescape(reponse.content.decode())
    assert "Le partage est ouvert" in corps and "sans fin" in corps and _lues(ars) == {seance.pk}
    partage = PartageSeance.objects.get()
    corps = unescape(client.post(url, {"geste": "fermer", "partage": partage.pk}, follow=True).content.decode())
    assert "Le partage est fermé" in corps and "1 partage passé" in corps and _lues(ars) == set()
    assert client.post(url, {"geste": "fermer", "partage": "zut"}).status_code == 404


def test_on_ne_ferme_pas_par_cette_page_le_partage_d_une_autre(seance: Seance) -> None:
    autre = _ouvrir(_diffusee())
    url = reverse("gouvernance:seance-partage", args=[seance.pk])
    client = connecte(cheffe_de(seance.comite.grappe))
    assert client.post(url, {"geste": "fermer", "partage": autre.pk}).status_code == 404
    autre.refresh_from_db()
    assert autre.est_en_vigueur


def test_un_membre_lit_ce_qui_est_ouvert_sans_pouvoir_l_ouvrir(seance: Seance) -> None:
    membre = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, membre)
    url = reverse("gouvernance:seance-partage", args=[seance.pk])
    _ouvrir(seance)
    corps = unescape(connecte(membre).get(url).content.decode())
    assert "Ouvert le" in corps and "Fermer ce partage" not in corps and "revient au chef de projet" in corps
    assert connecte(membre).post(url, {"pourquoi": "Moi aussi"}).status_code == 403


def test_avant_la_diffusion_la_page_dit_pourquoi() -> None:
    seance = seance_close(InstanceFactory(quorum=0))
    url = reverse("gouvernance:seance-partage", args=[seance.pk])
    client = connecte(cheffe_de(seance.comite.grappe))
    assert "rien à ouvrir" in unescape(client.get(url).content.decode())
    reponse = client.post(url, {"pourquoi": "Trop tôt"})
    assert reponse.status_code == 422 and services.PAS_DIFFUSE in unescape(reponse.content.decode())
