"""Journal du projet : écrire, publier, retirer ; chacun ne lit que ce qui lui est adressé, là où il est."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import Public
from gouvernance.models import Entree, Publication
from gouvernance.services import journal as services
from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import EntreeFactory, InstanceFactory, mandater

pytestmark = pytest.mark.django_db
NIR = "1 85 05 78 006 084 91"


@pytest.fixture
def parcours() -> Parcours:
    parcours = ParcoursFactory()
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    return parcours


def _publiee(public: str, cible: Parcours | Grappe, **champs: Any) -> Entree:
    entree = EntreeFactory(**services.de_cible(cible), **champs)
    Publication.objects.create(entree=entree, public=public, publiee_par=entree.auteur)
    return entree


def _lit(compte: Any, entree: Entree) -> bool:
    compte.__dict__.pop("perimetre", None)
    return Entree.objects.visibles_par(compte).filter(pk=entree.pk).exists()


# --- qui lit quoi --------------------------------------------------------------------------------------------------


LECTEURS = ("directrice", "referent", "siege", "appui", "ars", "membre", "voisine", "etrangere")


def _lecteurs(parcours: Parcours) -> dict[str, Any]:
    esms, grappe = parcours.esms, parcours.grappe
    return {
        "directrice": directrice_de(parcours),
        "referent": affecter(Role.REFERENT, esms),
        "siege": affecter(Role.SIEGE, esms.og),
        "appui": affecter(Role.APPUI, esms),
        "ars": affecter(Role.ARS, grappe.region),
        "membre": affecter(Role.MEMBRE, grappe),
        "voisine": directrice_de(ParcoursFactory(grappe=grappe)),
        "etrangere": directrice_de(ParcoursFactory()),
    }


TIENNENT = {"directrice", "referent", "siege"}


@pytest.mark.parametrize(
    ("public", "attendus"),
    [
        (None, TIENNENT),
        (Public.EQUIPES, TIENNENT | {"appui", "membre"}),
        (Public.DIRECTIONS, TIENNENT),
        (Public.INSTANCES, TIENNENT | {"membre"}),
        (Public.FINANCEUR, TIENNENT | {"ars"}),
        (Public.PERSONNES, TIENNENT | {"appui", "ars", "membre"}),
    ],
    ids=lambda v: v if isinstance(v, str) else "lecteurs" if v else "personne",
)
def test_l_entree_d_un_esms(parcours: Parcours, public: str | None, attendus: set[str]) -> None:
    entree = _publiee(public, parcours) if public else EntreeFactory(grappe=parcours.grappe, parcours=parcours)
    lecteurs = _lecteurs(parcours)
    assert {nom for nom, compte in lecteurs.items() if _lit(compte, entree)} == attendus
    assert _lit(cheffe_de(parcours.grappe), entree) and _lit(affecter(Role.ADMIN), entree)
    assert not _lit(cheffe_de(GrappeFactory()), entree)


@pytest.mark.parametrize(
    ("public", "attendus"),
    [
        (None, set()),
        (Public.EQUIPES, {"directrice", "referent", "siege", "appui", "membre", "voisine"}),
        (Public.DIRECTIONS, {"directrice", "siege", "voisine"}),
        (Public.INSTANCES, {"membre"}),
        (Public.FINANCEUR, {"ars"}),
        (Public.PERSONNES, {"directrice", "referent", "siege", "appui", "ars", "membre", "voisine"}),
    ],
    ids=lambda v: v if isinstance(v, str) else "lecteurs" if v else "personne",
)
def test_l_entree_d_une_grappe(parcours: Parcours, public: str | None, attendus: set[str]) -> None:
    entree = _publiee(public, parcours.grappe) if public else EntreeFactory(grappe=parcours.grappe)
    assert {nom for nom, compte in _lecteurs(parcours).items() if _lit(compte, entree)} == attendus


def test_on_est_d_un_public_la_ou_l_on_est(parcours: Parcours) -> None:
    """Diriger ici, siéger là, financer ailleurs : aucun de ces rôles n'ouvre ce qui s'adresse aux mêmes, ailleurs."""
    compte = affecter(Role.ARS, parcours.grappe.region)
    ailleurs = ParcoursFactory()
    affecter(Role.DIRECTEUR, ailleurs.esms, utilisateur=compte)
    affecter(Role.MEMBRE, ailleurs.grappe, utilisateur=compte)
    for public in (Public.EQUIPES, Public.DIRECTIONS, Public.INSTANCES):
        for cible in (parcours, parcours.grappe):
            assert not _lit(compte, _publiee(public, cible)), (public, cible)
        assert _lit(compte, _publiee(public, ailleurs.grappe)), public


def test_qui_siege_lit_ce_qui_s_adresse_aux_instances_de_sa_grappe(parcours: Parcours) -> None:
    entree = _publiee(Public.INSTANCES, parcours.grappe)
    compte = affecter(Role.APPUI, parcours.esms)
    assert not _lit(compte, entree)
    mandat = mandater(InstanceFactory(grappe=parcours.grappe), compte)
    assert _lit(compte, entree)
    mandat.au = timezone.localdate() - timedelta(days=1)
    mandat.save()
    assert not _lit(compte, entree)


def test_le_financeur_ne_lit_rien_d_une_grappe_en_montage() -> None:
    parcours = ParcoursFactory()
    entree = _publiee(Public.FINANCEUR, parcours.grappe)
    ars = affecter(Role.ARS, parcours.grappe.region)
    assert not _lit(ars, entree)
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    assert _lit(ars, entree)


# --- écrire, publier, retirer --------------------------------------------------------------------------------------


def _ecrire(cible: Any, par: Any, **valeurs: Any) -> Entree:
    depart = {"le": timezone.localdate(), "titre": "Le journal de bord est ouvert", "texte": "Au foyer d'abord."}
    return services.ecrire(cible=cible, par=par, **(depart | valeurs))


def test_ecrire_attend_ou_publie_aussitot(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    gardee = _ecrire(parcours, directrice)
    assert services.publics_de(gardee) == [] and gardee.grappe == parcours.grappe
    publiee = _ecrire(parcours, directrice, publics=["financeur", "equipes"])
    assert services.publics_de(publiee) == [Public.EQUIPES, Public.FINANCEUR]
    assert publiee.history.get().history_user == directrice


def test_chacun_ecrit_chez_soi(parcours: Parcours) -> None:
    for role in (Role.REFERENT, Role.DIRECTEUR):
        assert _ecrire(parcours, affecter(role, parcours.esms))
    assert _ecrire(parcours.grappe, cheffe_de(parcours.grappe)).parcours is None
    refuses = [
        (parcours.grappe, directrice_de(parcours)),
        (parcours, affecter(Role.ARS, parcours.grappe.region)),
        (parcours, affecter(Role.MEMBRE, parcours.grappe)),
        (parcours, affecter(Role.ADMIN)),
    ]
    for cible, par in refuses:
        with pytest.raises(Refus) as refus:
            _ecrire(cible, par)
        assert refus.value.code == "droit"


@pytest.mark.parametrize(
    ("valeurs", "champ", "phrase"),
    [
        ({"le": timezone.localdate() + timedelta(days=2)}, "le", "aujourd'hui au plus tard"),
        ({"texte": f"Pour {NIR}"}, "texte", "personne"),
        ({"titre": ""}, "titre", ""),
        ({"publics": ["presse"]}, "publics", "n'existe pas"),
    ],
)
def test_une_entree_fausse_n_ecrit_rien(parcours: Parcours, valeurs: Any, champ: str, phrase: str) -> None:
    with pytest.raises(Refus) as refus:
        _ecrire(parcours, directrice_de(parcours), **valeurs)
    assert phrase in " ".join(refus.value.champs[champ])
    assert not Entree.objects.exists() and not Publication.objects.exists()


def test_publier_deux_fois_ne_publie_qu_une_et_retirer_garde_la_trace(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    entree = _ecrire(parcours, directrice)
    assert services.publier(entree=entree, publics=["equipes"], par=directrice) == [Public.EQUIPES]
    assert services.publier(entree=entree, publics=["equipes", "financeur"], par=directrice) == [Public.FINANCEUR]
    assert services.retirer(entree=entree, publics=["equipes"], par=directrice) == [Public.EQUIPES]
    assert services.publics_de(entree) == [Public.FINANCEUR]
    retiree = Publication.objects.get(public="equipes")
    assert retiree.retiree_le and retiree.publiee_par == directrice
    assert services.publier(entree=entree, publics=["equipes"], par=directrice) == [Public.EQUIPES]
    assert services.retirer(entree=entree, par=directrice) == [Public.EQUIPES, Public.FINANCEUR]
    assert services.retirer(entree=entree, par=directrice) == []
    for geste in (services.publier, services.retirer):
        with pytest.raises(Refus) as refus:
            geste(entree=entree, publics=["equipes"], par=affecter(Role.APPUI, parcours.esms))
        assert refus.value.code == "droit"


def test_retiree_elle_ne_se_lit_plus(parcours: Parcours) -> None:
    ars, directrice = affecter(Role.ARS, parcours.grappe.region), directrice_de(parcours)
    entree = _ecrire(parcours, directrice, publics=["financeur"])
    assert _lit(ars, entree)
    services.retirer(entree=entree, par=directrice)
    assert not _lit(ars, entree) and _lit(directrice, entree)


def test_deux_personnes_publient_en_meme_temps_sans_se_defaire(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    entree = _ecrire(parcours, directrice, publics=["equipes"])
    services.publier(entree=entree, publics=["financeur"], par=directrice)
    change = services.adresser(entree=entree, publics=["directions"], vus=["equipes"], par=directrice)
    assert change == ([Public.DIRECTIONS], [Public.EQUIPES])
    assert services.publics_de(entree) == [Public.DIRECTIONS, Public.FINANCEUR], (
        "le financeur n'était pas sous ses yeux"
    )


def test_modifier_dit_ce_qui_a_change_entre_temps(parcours: Parcours) -> None:
    directrice, cheffe = directrice_de(parcours), cheffe_de(parcours.grappe)
    entree = _ecrire(parcours, directrice)
    vu = jeton(entree.history.all())
    valeurs = {"le": entree.le, "texte": entree.texte}
    services.modifier(entree=entree, par=cheffe, titre="Corrigé par la cheffe", vu=vu, **valeurs)
    with pytest.raises(Refus, match=f"{cheffe} a changé : titre") as refus:
        services.modifier(entree=entree, par=directrice, titre="Autre", vu=vu, **valeurs)
    assert refus.value.code == "concurrence"
    entree.refresh_from_db()
    assert entree.titre == "Corrigé par la cheffe" and entree.auteur == directrice


# --- pages ---------------------------------------------------------------------------------------------------------


def _page(cible: Parcours | Grappe) -> str:
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    return reverse(f"gouvernance:{nom}-journal", args=[cible.pk])


def _saisie(**valeurs: Any) -> dict[str, Any]:
    depart = {"titre": "Le foyer écrit", "texte": "Depuis lundi.", "le": timezone.localdate().isoformat()}
    return depart | valeurs


def test_ecrire_en_place_puis_publier_et_retirer(parcours: Parcours) -> None:
    client = connecte(directrice_de(parcours))
    reponse = client.post(_page(parcours), _saisie(publics=["equipes"]), follow=True)
    corps = unescape(reponse.content.decode())
    assert "« Le foyer écrit » est écrite, et publiée : les équipes." in corps and "Les équipes" in corps
    entree = Entree.objects.get()
    publier = reverse("gouvernance:entree-publier", args=[entree.pk])
    reponse = client.post(publier, {"publics": ["personnes"], "vus": "equipes"})
    assert reponse.url == f"{_page(parcours)}#entree-{entree.pk}"
    assert services.publics_de(entree) == [Public.PERSONNES]
    reponse = client.post(reverse("gouvernance:entree-retirer", args=[entree.pk]), follow=True)
    assert "est retirée : les personnes accompagnées" in unescape(reponse.content.decode())
    assert services.publics_de(entree) == []


def test_une_saisie_fausse_reste_a_l_ecran(parcours: Parcours) -> None:
    demain = (timezone.localdate() + timedelta(days=1)).isoformat()
    reponse = connecte(directrice_de(parcours)).post(_page(parcours), _saisie(le=demain))
    assert reponse.status_code == 422 and not Entree.objects.exists()
    corps = unescape(reponse.content.decode())
    assert services.A_VENIR in corps and "Depuis lundi." in corps
    assert 'class="ecrire" open' in corps


def test_corriger_apres_un_autre_garde_la_saisie(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    entree = _ecrire(parcours, directrice)
    vu = jeton(entree.history.all())
    valeurs = {"le": entree.le, "texte": entree.texte}
    services.modifier(entree=entree, par=cheffe_de(parcours.grappe), titre="Entre-temps", **valeurs)
    client, url = connecte(directrice), reverse("gouvernance:entree-modifier", args=[entree.pk])
    reponse = client.post(url, _saisie(titre="Le mien", vu=vu))
    corps = unescape(reponse.content.decode())
    assert reponse.status_code == 409 and "Entre-temps" in corps and 'value="Le mien"' in corps
    relu = reponse.context["formulaire"].data["vu"]
    assert client.post(url, _saisie(titre="Le mien", vu=relu)).status_code == 302
    assert Entree.objects.get().titre == "Le mien"


def test_le_fil_d_un_esms_porte_aussi_sa_grappe_pas_les_autres(parcours: Parcours) -> None:
    voisin = ParcoursFactory(grappe=parcours.grappe)
    EntreeFactory(grappe=parcours.grappe, parcours=parcours, titre="Chez nous")
    EntreeFactory(grappe=parcours.grappe, parcours=voisin, titre="Chez le voisin")
    _publiee(Public.DIRECTIONS, parcours.grappe, titre="Pour toute la grappe")
    EntreeFactory(grappe=parcours.grappe, titre="Pas encore dit")
    corps = connecte(directrice_de(parcours)).get(_page(parcours)).content.decode()
    assert "Chez nous" in corps and "Pour toute la grappe" in corps
    assert "Chez le voisin" not in corps and "Pas encore dit" not in corps
    corps = connecte(cheffe_de(parcours.grappe)).get(_page(parcours.grappe)).content.decode()
    for titre in ("Chez nous", "Chez le voisin", "Pour toute la grappe", "Pas encore dit"):
        assert titre in corps, titre


def test_qui_ne_fait_que_lire_n_apprend_ni_les_publics_ni_les_gestes(parcours: Parcours) -> None:
    _publiee(Public.EQUIPES, parcours, titre="Aux équipes")
    corps = unescape(connecte(affecter(Role.APPUI, parcours.esms)).get(_page(parcours)).content.decode())
    assert "Aux équipes" in corps
    for mot in ("Publiée :", "Publier, retirer", "Écrire une entrée", "page-ouverte", "Modifier"):
        assert mot not in corps, mot


def test_une_page_vide_dit_pourquoi(parcours: Parcours) -> None:
    ars = affecter(Role.ARS, parcours.grappe.region)
    assert "Rien ne vous est encore adressé" in unescape(connecte(ars).get(_page(parcours)).content.decode())
    corps = unescape(connecte(directrice_de(parcours)).get(_page(parcours)).content.decode())
    assert "Rien n’est encore écrit" in corps and 'class="ecrire" open' in corps
    filtre = connecte(directrice_de(parcours)).get(f"{_page(parcours)}?public=equipes").content.decode()
    assert "Rien n’est publié à ce public" in unescape(filtre)


def test_un_filtre_inconnu_et_une_page_folle_ne_cassent_rien(parcours: Parcours) -> None:
    EntreeFactory(grappe=parcours.grappe, parcours=parcours)
    reponse = connecte(directrice_de(parcours)).get(f"{_page(parcours)}?public=presse&page=zut")
    assert reponse.status_code == 200 and "Le journal de bord est ouvert" in reponse.content.decode()


def test_le_journal_se_trouve_depuis_l_esms_et_sa_grappe(parcours: Parcours) -> None:
    client = connecte(directrice_de(parcours))
    assert _page(parcours) in client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    grappe = reverse("programme:grappe-detail", args=[parcours.grappe_id])
    assert _page(parcours.grappe) in client.get(grappe).content.decode()


@pytest.mark.parametrize("de_grappe", [False, True])
def test_le_fil_demande_autant_de_requetes_a_une_et_cinquante_entrees(parcours: Parcours, de_grappe: bool) -> None:
    auteurs = UtilisateurFactory.create_batch(3)

    def peupler(nombre: int) -> None:
        for rang in range(nombre):
            entree = EntreeFactory(
                grappe=parcours.grappe, parcours=parcours if rang % 2 == 0 else None, auteur=auteurs[rang % 3]
            )
            Publication.objects.create(entree=entree, public="directions", publiee_par=auteurs[0])

    compte = cheffe_de(parcours.grappe) if de_grappe else directrice_de(parcours)
    exiger_requetes_constantes(connecte(compte), _page(parcours.grappe if de_grappe else parcours), peupler)


def test_les_pages_se_suivent(parcours: Parcours) -> None:
    for rang in range(services.MONTREES + 1):
        EntreeFactory(
            grappe=parcours.grappe,
            parcours=parcours,
            titre=f"Entrée {rang:02}",
            le=timezone.localdate() - timedelta(days=rang),
        )
    client = connecte(directrice_de(parcours))
    premiere = client.get(_page(parcours)).content.decode()
    assert "Entrée 00" in premiere and "Entrée 20" not in premiere and "?page=2" in premiere
    seconde = client.get(f"{_page(parcours)}?page=2").content.decode()
    assert "Entrée 20" in seconde and "Entrée 00" not in seconde
