"""Les besoins : dits par un ESMS, rapprochés par la grappe sans perdre qui les demande ; cela se défait."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import NatureFait, PrioriteBesoin
from programme.models import Besoin, BesoinCommun, Fait, Grappe, Parcours, Utilisateur
from programme.services import besoins as services
from programme.services.parcours import dater_fait
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def dits(grappe: Grappe) -> list[Besoin]:
    """Le même besoin dit par trois ESMS, chacun dans ses mots."""
    mots = ("Lire la nuit en une page", "Une relève sur un écran", "Savoir ce qui s'est passé")
    return [Besoin.objects.create(parcours=ParcoursFactory(grappe=grappe), libelle=m) for m in mots]


def rapprocher(grappe: Grappe, par: Utilisateur, besoins: list[Besoin], **reste: Any) -> BesoinCommun:
    return services.rapprocher(grappe=grappe, besoins=besoins, par=par, **({"libelle": "Une relève lisible"} | reste))


# --- rapprocher, défaire -------------------------------------------------------------------------------------------


def test_rapprocher_garde_chaque_besoin_a_son_esms(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    avant = {b.pk: (b.parcours_id, b.libelle) for b in dits}
    commun = rapprocher(grappe, cheffe, dits)
    apres = {b.pk: (b.parcours_id, b.libelle) for b in commun.besoins.all()}
    assert apres == avant


def test_completer_un_besoin_commun_puis_le_redire(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    commun = rapprocher(grappe, cheffe, dits[:2])
    assert rapprocher(grappe, cheffe, dits[2:], commun=commun, libelle="") == commun
    services.renommer(commun=commun, libelle="La relève, jour et nuit", par=cheffe)
    assert [b.libelle for b in commun.besoins.all()] == [b.libelle for b in dits]


def test_un_besoin_seul_n_a_rien_a_rapprocher(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    with pytest.raises(Refus, match="au moins deux"):
        rapprocher(grappe, cheffe, dits[:1])
    assert not BesoinCommun.objects.exists()


def test_on_ne_rapproche_pas_par_dela_les_grappes(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    ailleurs = Besoin.objects.create(parcours=ParcoursFactory(), libelle="Ailleurs")
    with pytest.raises(Refus, match="plus dans cette grappe"):
        rapprocher(grappe, cheffe, [dits[0], ailleurs])
    autre = BesoinCommun.objects.create(grappe=ailleurs.parcours.grappe, libelle="D'ailleurs")
    with pytest.raises(Refus, match="autre grappe"):
        rapprocher(grappe, cheffe, dits, commun=autre)


def test_rapprocher_autrement_ne_laisse_pas_de_besoin_commun_vide(
    grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]
) -> None:
    ancien = rapprocher(grappe, cheffe, dits[:2])
    rapprocher(grappe, cheffe, dits, libelle="Autrement")
    assert not BesoinCommun.objects.filter(pk=ancien.pk).exists()
    assert Besoin.objects.filter(commun__libelle="Autrement").count() == 3


def test_detacher_puis_defaire(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    commun = rapprocher(grappe, cheffe, dits)
    assert services.detacher(commun=commun, besoins=dits[:1], par=cheffe) == 1
    assert commun.besoins.count() == 2
    assert services.detacher(commun=commun, besoins=commun.besoins.all(), par=cheffe) == 2
    assert not BesoinCommun.objects.exists() and Besoin.objects.count() == 3


def test_la_directrice_ne_rapproche_pas(grappe: Grappe, dits: list[Besoin]) -> None:
    directrice = directrice_de(dits[0].parcours)
    with pytest.raises(Refus) as refus:
        rapprocher(grappe, directrice, dits)
    assert refus.value.code == "droit"


# --- les pages -----------------------------------------------------------------------------------------------------


def test_de_la_liste_au_besoin_commun(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    client, adresse = connecte(cheffe), reverse("programme:besoin-rapprocher")
    choix = [b.pk for b in dits[:2]]
    texte = client.post(adresse, {"action": "rapprocher", "choix": choix}).content.decode()
    assert "Rapprocher 2 besoins" in texte and dits[0].libelle in texte
    reponse = client.post(adresse, {"geste": "confirmer", "choix": choix, "libelle": ""})
    assert reponse.status_code == 422 and "Dites le besoin commun" in reponse.content.decode()
    envoi = {"geste": "confirmer", "choix": choix, "libelle": "La relève"}
    texte = client.post(adresse, envoi, follow=True).content.decode()
    assert "2 besoins rapprochés sous « La relève »" in texte and str(dits[1].parcours) in texte
    page = reverse("programme:besoin-commun", args=[BesoinCommun.objects.get().pk])
    assert (
        "1 besoin rendu" in client.post(page, {"geste": "detacher", "choix": choix[:1]}, follow=True).content.decode()
    )
    assert client.post(page, {"geste": "defaire"}).url.endswith(f"?grappe={grappe.pk}")


def test_tout_ce_que_montre_le_filtre(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    adresse = reverse("programme:besoin-rapprocher") + "?recherche=releve"
    texte = connecte(cheffe).post(adresse, {"action": "rapprocher", "tout": "1"}).content.decode()
    assert "Rapprocher 1 besoin" in texte and dits[1].libelle in texte and dits[0].libelle not in texte


def test_des_besoins_de_deux_grappes_ou_d_aucune(grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]) -> None:
    client, adresse = connecte(cheffe), reverse("programme:besoin-rapprocher")
    assert "Cochez au moins deux besoins" in client.post(adresse, {}, follow=True).content.decode()
    d_ailleurs = Besoin.objects.create(parcours=ParcoursFactory(), libelle="Hors de vue")
    envoi = {"action": "rapprocher", "choix": [dits[0].pk, d_ailleurs.pk]}
    assert "Hors de vue" not in client.post(adresse, envoi).content.decode()


def test_un_besoin_commun_ne_se_lit_que_si_l_on_est_de_ceux_qui_le_demandent(
    grappe: Grappe, cheffe: Utilisateur, dits: list[Besoin]
) -> None:
    commun = rapprocher(grappe, cheffe, dits[:2])
    page = reverse("programme:besoin-commun", args=[commun.pk])
    client = connecte(directrice_de(dits[0].parcours))
    texte = client.get(page).content.decode()
    assert dits[0].libelle in texte and dits[1].libelle not in texte and "Détacher" not in texte
    assert client.post(page, {"geste": "defaire"}).status_code == 403
    assert connecte(directrice_de(dits[2].parcours)).get(page).status_code == 404


def test_la_priorite_trie_par_rang_et_non_par_lettre(cheffe: Utilisateur, dits: list[Besoin]) -> None:
    for besoin, priorite in zip(dits, (PrioriteBesoin.PLUS_TARD, "utile", "indispensable"), strict=True):
        besoin.priorite = priorite
        besoin.save()
    texte = connecte(cheffe).get(reverse("programme:besoin-liste") + "?tri=priorite").content.decode()
    places = [texte.index(b.libelle.replace("'", "&#x27;")) for b in (dits[2], dits[1], dits[0])]
    assert places == sorted(places)


def test_la_liste_s_emporte(cheffe: Utilisateur, dits: list[Besoin]) -> None:
    reponse = connecte(cheffe).get(reverse("programme:besoin-liste") + "?format=csv")
    texte = b"".join(reponse).decode()
    assert all(b.libelle in texte and str(b.parcours) in texte for b in dits)


# --- concertation, diffusion ---------------------------------------------------------------------------------------


def test_la_concertation_dit_qui_et_ce_qui_a_change() -> None:
    parcours: Parcours = ParcoursFactory()
    client = connecte(directrice_de(parcours))
    saisie = {"date": "2026-03-03", "services": "internat, nuit", "changement": "L'agenda passe en premier."}
    client.post(reverse("programme:parcours-fait", args=[parcours.pk, "concertation"]), saisie | {"vu": ""})
    fait = Fait.objects.get()
    assert (fait.services, fait.changement) == ("internat, nuit", "L'agenda passe en premier.")
    texte = client.get(reverse("programme:parcours-besoins", args=[parcours.pk])).content.decode()
    assert "internat, nuit" in texte and "L&#x27;agenda passe en premier." in texte


def test_une_reponse_commune_ne_vide_pas_ce_que_la_concertation_disait() -> None:
    parcours = ParcoursFactory()
    par = directrice_de(parcours)
    jour = timezone.localdate()
    commun = {"parcours": [parcours], "nature": NatureFait.CONCERTATION, "date": jour, "par": par}
    dater_fait(**commun, services="nuit", changement="Un poste de plus")
    dater_fait(**commun, reference="PV")
    assert Fait.objects.get().changement == "Un poste de plus"


def test_les_autres_faits_ne_demandent_pas_les_services() -> None:
    parcours = ParcoursFactory()
    adresse = reverse("programme:parcours-fait", args=[parcours.pk, "diffusion"])
    texte = connecte(directrice_de(parcours)).get(adresse).content.decode()
    assert "Services rencontrés" not in texte and "Date de la diffusion des résultats" in texte
