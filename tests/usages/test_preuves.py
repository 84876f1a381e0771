"""La preuve d'usage : les chiffres transmis à la date d'arrêt, figés à la signature, lus alors par le financeur."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Jalon, Parcours
from programme.socle.empreintes import empreinte_de
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import (
    ConventionFactory,
    DepartementFactory,
    EsmsFactory,
    JalonFactory,
    ParcoursFactory,
    RegionFactory,
    affecter,
    cheffe_de,
    pdf,
)
from tests.usages.fabriques import (
    CibleFactory,
    IndicateurFactory,
    SuiviFactory,
    chiffrer,
    releve_de,
    transmettre,
)
from usages.documents import preuve as document
from usages.models import Indicateur, PreuveUsage, Valeur
from usages.services import preuves as services

pytestmark = pytest.mark.django_db


def _prouver(parcours: Parcours, indicateur: Indicateur, **champs: Any) -> PreuveUsage:
    grappe = parcours.grappe
    convention = getattr(grappe, "convention", None) or ConventionFactory(grappe=grappe)
    jalon = JalonFactory(convention=convention, rang=convention.jalons.count() + 1, preuve_usage=True)
    valeurs = {"arretee_au": timezone.localdate(), "indicateurs": [indicateur], "note": ""} | champs
    return services.preparer(jalon=jalon, par=cheffe_de(grappe), **valeurs)


def _directeur(parcours: Parcours) -> Any:
    return affecter(Role.DIRECTEUR, parcours.esms)


def _un_parcours() -> tuple[Parcours, Indicateur]:
    parcours = ParcoursFactory()
    return parcours, SuiviFactory(grappe=parcours.grappe).indicateur


def test_le_dernier_chiffre_transmis_a_la_date_d_arret() -> None:
    parcours, indicateur = _un_parcours()
    for recul, sur in ((3, (10, 40)), (2, (20, 40)), (1, (30, 40))):
        releve = releve_de(parcours, recul)
        chiffrer(releve, indicateur, sur)
        if recul > 1:
            transmettre(releve, par=_directeur(parcours))
    (lue,) = services.lire(_prouver(parcours, indicateur))
    assert lue.lignes[0].numerateur == 20, "le mois dernier n'est pas transmis"
    ancien: date = releve_de(ParcoursFactory(), 3).periode.fin
    (lue,) = services.lire(_prouver(parcours, indicateur, arretee_au=ancien))
    assert lue.lignes[0].numerateur == 10, "arrêtée plus tôt, elle ne voit pas la suite"


def test_la_cible_de_la_grappe_et_les_muets_se_disent() -> None:
    parcours, indicateur = _un_parcours()
    ParcoursFactory(grappe=parcours.grappe)
    CibleFactory(grappe=parcours.grappe, indicateur=indicateur, valeur=Decimal("0.7"))
    releve = releve_de(parcours)
    chiffrer(releve, indicateur, (30, 40))
    transmettre(releve, par=_directeur(parcours))
    (lue,) = services.lire(_prouver(parcours, indicateur))
    assert (lue.verdict, lue.total.nb_repondants, lue.total.nb_concernes) == ("atteinte", 1, 2)
    assert lue.nb_non_valides == 1


def test_signer_fige_et_le_financeur_lit_alors(client: Client) -> None:
    parcours, indicateur = _un_parcours()
    releve = releve_de(parcours)
    valeur = chiffrer(releve, indicateur, (30, 40))
    transmettre(releve, par=_directeur(parcours))
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    preuve = _prouver(parcours, indicateur)
    url = reverse("usages:preuveusage-detail", args=[preuve.pk])
    client.force_login(affecter(Role.ARS, parcours.grappe))
    assert client.get(url).status_code == 404
    changer_etat(preuve, "signer", par=cheffe_de(parcours.grappe), qualite="Cheffe de projet")
    Valeur.objects.filter(pk=valeur.pk).update(numerateur=1)
    relue = PreuveUsage.objects.get(pk=preuve.pk)
    assert services.lire(relue)[0].lignes[0].numerateur == 30, "figée"
    assert relue.empreinte == empreinte_de(relue.contenu) and relue.signee_le
    page = client.get(url)
    assert page.status_code == 200 and "30 sur 40" in page.text
    assert client.get(reverse("usages:preuve-pdf", args=[preuve.pk])).content[:5] == b"%PDF-"


def test_sans_qualite_on_ne_signe_pas(client: Client) -> None:
    parcours, indicateur = _un_parcours()
    preuve = _prouver(parcours, indicateur)
    client.force_login(cheffe_de(parcours.grappe))
    url = reverse("programme:passage", args=["preuveusage", preuve.pk, "signer"])
    saisie = {"version": 0, "date_effet": timezone.localdate().isoformat(), "qualite": ""}
    assert "en quelle qualité" in client.post(url, saisie).text
    assert "retirez le numéro" in client.post(url, saisie | {"qualite": "Chef 1 85 05 78 006 084 91"}).text
    client.post(url, saisie | {"qualite": "Cheffe de projet"})
    assert PreuveUsage.objects.get(pk=preuve.pk).etat == "signee"


def test_signee_rien_ne_change_plus() -> None:
    parcours, indicateur = _un_parcours()
    preuve, cheffe = _prouver(parcours, indicateur), cheffe_de(parcours.grappe)
    services.joindre(preuve=preuve, fichier=pdf(), par=cheffe)
    changer_etat(preuve, "signer", par=cheffe, qualite="Cheffe de projet")
    for geste in (
        lambda: services.joindre(preuve=preuve, fichier=pdf(), par=cheffe),
        lambda: services.corriger(
            preuve=preuve, arretee_au=timezone.localdate(), indicateurs=[indicateur], note="", par=cheffe
        ),
    ):
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.code == "etat"


def test_ni_avenir_ni_preuve_vide(client: Client) -> None:
    parcours, indicateur = _un_parcours()
    jalon = JalonFactory(convention=ConventionFactory(grappe=parcours.grappe), preuve_usage=True)
    client.force_login(cheffe_de(parcours.grappe))
    url = reverse("usages:preuve-creer", args=[jalon.pk])
    page = client.post(url, {"arretee_au": "2999-01-01", "indicateurs": [indicateur.pk]})
    assert page.status_code == 422 and "à venir" in page.text
    page = client.post(url, {"arretee_au": timezone.localdate().isoformat()})
    assert page.status_code == 422 and "au moins un indicateur" in page.text
    reserve = IndicateurFactory(transmis_au_financeur=False)
    SuiviFactory(grappe=parcours.grappe, indicateur=reserve)
    page = client.post(url, {"arretee_au": timezone.localdate().isoformat(), "indicateurs": [reserve.pk]})
    assert page.status_code == 422, "ce que le financeur ne lit pas ne prouve rien"
    assert not PreuveUsage.objects.exists()


def test_le_fichier_dit_la_meme_chose_que_la_page() -> None:
    parcours, indicateur = _un_parcours()
    releve = releve_de(parcours)
    chiffrer(releve, indicateur, (Decimal("30.5"), 40))
    transmettre(releve, par=_directeur(parcours))
    preuve = _prouver(parcours, indicateur)
    (_, ligne) = services.en_lignes(services.lire(preuve))
    assert ligne[5:7] == ["30,5", "40"]
    assert document.indicateurs(services.lire(preuve))[0]["lignes"][0]["chiffre"] == "30,5 sur 40"


@pytest.mark.parametrize("nombre", [1, 50])
def test_autant_de_requetes_a_un_esms_qu_a_cinquante(nombre: int) -> None:
    parcours, indicateur = _un_parcours()
    autres = [ParcoursFactory(grappe=parcours.grappe) for _ in range(nombre - 1)]
    for p in (parcours, *autres):
        releve = releve_de(p)
        chiffrer(releve, indicateur)
        transmettre(releve, par=_directeur(p))
    preuve = _prouver(parcours, indicateur)
    with CaptureQueriesContext(connection) as requetes:
        services.lire(PreuveUsage.objects.pour_lecture().get(pk=preuve.pk))
    assert len(requetes) == 6


def _page_a_signer(client: Client, preuve: PreuveUsage) -> tuple[str, dict[str, Any]]:
    """L'adresse de la signature, et ce qu'en rend la page telle qu'on l'a ouverte."""
    url = reverse("programme:passage", args=["preuveusage", preuve.pk, "signer"])
    formulaire = client.get(url).context["formulaire"]
    saisie = {nom: formulaire[nom].value() for nom in ("version", "vue")}
    return url, saisie | {"date_effet": timezone.localdate().isoformat(), "qualite": "Cheffe de projet"}


@pytest.mark.parametrize("change", ["chiffre", "note", "pièce"])
def test_on_ne_signe_pas_ce_qui_a_change_depuis_qu_on_l_a_lu(client: Client, change: str) -> None:
    parcours, indicateur = _un_parcours()
    releve = releve_de(parcours)
    valeur = chiffrer(releve, indicateur, (30, 40))
    transmettre(releve, par=_directeur(parcours))
    preuve, cheffe = _prouver(parcours, indicateur), cheffe_de(parcours.grappe)
    client.force_login(cheffe)
    url, saisie = _page_a_signer(client, preuve)
    if change == "chiffre":
        Valeur.objects.filter(pk=valeur.pk).update(numerateur=1)
    elif change == "note":
        services.corriger(
            preuve=preuve, arretee_au=preuve.arretee_au, indicateurs=[indicateur], note="Autre mot.", par=cheffe
        )
    else:
        services.joindre(preuve=preuve, fichier=pdf(), par=cheffe)
    refus = client.post(url, saisie)
    assert refus.status_code == 409 and "a changé depuis" in refus.text
    assert PreuveUsage.objects.get(pk=preuve.pk).contenu is None
    # Relue, elle se signe : la page rendue porte le nouveau sceau.
    relue = saisie | {"vue": refus.context["formulaire"]["vue"].value()}
    assert client.post(url, relue).status_code == 302
    assert PreuveUsage.objects.get(pk=preuve.pk).etat == "signee"


def test_une_piece_ne_se_joint_pas_a_une_preuve_signee_entre_temps() -> None:
    """L'objet que tient la page est d'avant la signature : c'est la base qui compte."""
    parcours, indicateur = _un_parcours()
    preuve, cheffe = _prouver(parcours, indicateur), cheffe_de(parcours.grappe)
    piece = services.joindre(preuve=preuve, fichier=pdf(), par=cheffe)
    changer_etat(PreuveUsage.objects.get(pk=preuve.pk), "signer", par=cheffe, qualite="Cheffe de projet")
    assert preuve.etat == "preparee"
    for geste in (
        lambda: services.joindre(preuve=preuve, fichier=pdf(nom="autre.pdf"), par=cheffe),
        lambda: services.retirer_piece(preuve=preuve, piece=piece, par=cheffe),
    ):
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.code == "etat"


def test_le_financeur_de_la_region_voisine_ne_lit_pas_la_preuve() -> None:
    """Un ESMS de sa région le fait voir la grappe et ses jalons, pas le chiffre de chacun des autres."""
    parcours, indicateur = _un_parcours()
    releve = releve_de(parcours)
    chiffrer(releve, indicateur, (30, 40))
    transmettre(releve, par=_directeur(parcours))
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    voisine = RegionFactory(code="R9", nom="Région voisine")
    departement = DepartementFactory(code="D9", nom="Département voisin", code_finess="D9", region=voisine)
    ParcoursFactory(grappe=parcours.grappe, esms=EsmsFactory(departement=departement))
    preuve = _prouver(parcours, indicateur)
    changer_etat(preuve, "signer", par=cheffe_de(parcours.grappe), qualite="Cheffe de projet")
    lecteurs = [affecter(Role.ARS, ou) for ou in (voisine, parcours.grappe.region, parcours.grappe, None)]
    assert all(Jalon.objects.visibles_par(lecteur).exists() for lecteur in lecteurs)
    assert [PreuveUsage.objects.visibles_par(lecteur).exists() for lecteur in lecteurs] == [False, True, True, True]


def test_une_seule_entree_de_navigation_est_courante_chez_le_financeur(client: Client) -> None:
    parcours, indicateur = _un_parcours()
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    preuve = _prouver(parcours, indicateur)
    client.force_login(affecter(Role.ARS, parcours.grappe))
    page = client.get(reverse("usages:jalon-preuves", args=[preuve.jalon_id])).content.decode()
    nav = page.split("nav-principale")[1].split("</nav>")[0]
    courante = nav.split('aria-current="page"')
    assert len(courante) == 2 and "Jalons" in courante[1].split("</a>")[0]
