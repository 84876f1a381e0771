"""Les pages d'un siège : ce que la saisie comprend, ce qu'elle refuse, ce qui reste à l'écran."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import Represente
from gouvernance.models import Instance, Mandat
from programme.enums import Role
from programme.models import Affectation, Utilisateur
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import InstanceFactory, mandater

pytestmark = pytest.mark.django_db


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(nom="COMOP")


@pytest.fixture
def cheffe(comop: Instance) -> Utilisateur:
    return cheffe_de(comop.grappe)


def _saisie(**valeurs: Any) -> dict[str, Any]:
    depart = {"represente": "utilisateurs", "a_voix": "on", "du": str(timezone.localdate())}
    return depart | valeurs


def _poster(comop: Instance, par: Utilisateur, **valeurs: Any) -> tuple[int, str]:
    ici = reverse("gouvernance:mandat-creer", args=[comop.pk])
    reponse = connecte(par).post(ici, _saisie(**valeurs), follow=True)
    return reponse.status_code, unescape(reponse.content.decode())


def test_un_compte_se_designe_par_son_nom_son_courriel_ou_son_identifiant(comop: Instance, cheffe: Utilisateur) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    connue = affecter(Role.DIRECTEUR, parcours.esms, utilisateur=UtilisateurFactory(identifiant="nora", nom="Nora Fil"))
    for rang, ecrit in enumerate(("Nora Fil (nora)", "nora fil", connue.courriel, "NORA")):
        cible = ("conduite", "utilisateurs", "personnes", f"esms-{parcours.esms_id}")[rang]
        code, page = _poster(comop, cheffe, utilisateur=ecrit, represente=cible)
        assert code == 200 and "Nora Fil siège à « COMOP »" in page, ecrit
    assert Mandat.objects.filter(utilisateur=connue).count() == 4
    inconnue = UtilisateurFactory(identifiant="invitee", nom="Inconnue d'ici")
    code, page = _poster(comop, cheffe, utilisateur="Inconnue d'ici")
    assert code == 422 and "Aucun compte de ce nom" in page, "un nom ne s'apprend pas en cherchant"
    code, page = _poster(comop, cheffe, utilisateur="invitee")
    assert code == 200 and "devient membre de la grappe, aux mêmes dates" in page
    assert Affectation.objects.get(utilisateur=inconnue).role == Role.MEMBRE


def test_des_homonymes_se_departagent(comop: Instance, cheffe: Utilisateur) -> None:
    for identifiant in ("fil-a", "fil-b"):
        esms = ParcoursFactory(grappe=comop.grappe).esms
        affecter(Role.DIRECTEUR, esms, utilisateur=UtilisateurFactory(identifiant=identifiant, nom="Nora Fil"))
    code, page = _poster(comop, cheffe, utilisateur="Nora Fil")
    assert code == 422 and "Nora Fil (fil-a) et Nora Fil (fil-b)" in page


def test_une_categorie_chez_un_organisme(comop: Instance, cheffe: Utilisateur) -> None:
    esms = ParcoursFactory(grappe=comop.grappe).esms
    cles = {"represente": f"categorie-{esms.categorie_id}", "precise": f"og-{esms.og_id}"}
    _poster(comop, cheffe, fonction="La cadre", **cles)
    mandat = Mandat.objects.get()
    assert (mandat.represente, mandat.categorie, mandat.og) == (Represente.CATEGORIE, esms.categorie, esms.og)
    page = connecte(cheffe).get(reverse("gouvernance:mandat-modifier", args=[mandat.pk])).content.decode()
    assert all(f'value="{cle}" selected' in page for cle in cles.values()), "le formulaire la relit telle quelle"
    code, page = _poster(comop, cheffe, fonction="Une autre", represente="utilisateurs", precise=cles["precise"])
    assert code == 422 and "Une catégorie se précise par un organisme" in page
    ailleurs = ParcoursFactory().esms
    code, page = _poster(comop, cheffe, fonction="Une autre", represente=f"esms-{ailleurs.pk}")
    assert code == 422 and "n'est pas de la grappe" in page


def test_un_refus_reste_au_champ_et_la_saisie_demeure(comop: Instance, cheffe: Utilisateur) -> None:
    ars = affecter(Role.ARS, comop.grappe.region)
    code, page = _poster(comop, cheffe, utilisateur=ars.identifiant, suppleant_fonction="La suppléante")
    assert code == 422 and "partagez-lui le compte rendu" in page and 'value="La suppléante"' in page
    code, page = _poster(comop, cheffe, fonction="La cadre", au="2001-01-01")
    assert code == 422 and "finit avant de commencer" in page and 'value="La cadre"' in page
    code, page = _poster(comop, cheffe)
    assert code == 422 and "Dites qui siège" in page
    code, page = _poster(comop, cheffe, fonction="La mère de 1 85 05 78 006 084 91")
    assert code == 422, "un NIR ne passe pas"
    assert not Mandat.objects.exists()


def test_modifier_et_finir_depuis_la_page(comop: Instance, cheffe: Utilisateur) -> None:
    mandat = mandater(comop, directrice_de(ParcoursFactory(grappe=comop.grappe)))
    ici, client = reverse("gouvernance:mandat-modifier", args=[mandat.pk]), connecte(cheffe)
    vu = jeton(Mandat.history.filter(id=mandat.pk))
    saisie = _saisie(vu=vu, utilisateur=mandat.utilisateur.identifiant, represente="conduite", du=str(mandat.du))
    assert client.post(ici, saisie | {"anime": "on"}).status_code == 302
    mandat.refresh_from_db()
    assert mandat.anime and mandat.a_voix
    croise = client.post(ici, saisie)
    assert croise.status_code == 409 and "a changé" in croise.content.decode()
    mandat.refresh_from_db()
    assert mandat.anime
    jour = timezone.localdate()
    page = client.post(reverse("gouvernance:mandat-clore", args=[mandat.pk]), {"au": str(jour)}, follow=True)
    assert f"Le mandat de {mandat.nom} finit le" in unescape(page.content.decode())
    mandat.refresh_from_db()
    assert mandat.au == jour


def test_animer_ne_donne_pas_de_composer(comop: Instance) -> None:
    animatrice = directrice_de(ParcoursFactory(grappe=comop.grappe))
    mandat = mandater(comop, animatrice, anime=True)
    client = connecte(animatrice)
    detail = client.get(reverse("gouvernance:instance-detail", args=[comop.pk])).content.decode()
    assert reverse("gouvernance:mandat-creer", args=[comop.pk]) not in detail
    for route, pk in (("mandat-creer", comop.pk), ("mandat-modifier", mandat.pk), ("mandat-clore", mandat.pk)):
        assert client.post(reverse(f"gouvernance:{route}", args=[pk]), _saisie()).status_code == 403
