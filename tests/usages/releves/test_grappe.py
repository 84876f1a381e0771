"""Les relevés d'une grappe : ses périodes, la liste d'une période, valider et verrouiller en lot."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from programme.socle.models import Passage
from tests.aides import connecte, nb_requetes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.usages.fabriques import IndicateurFactory, PrecisionFactory, chiffrer, le_mois_dernier, transmettre
from tests.usages.releves.aides import case, direction, exiger_totaux_justes, relever
from usages.calculs.ponctualite import dire, retard
from usages.enums import EtatReleve
from usages.models import Releve
from usages.services.chiffres.valeurs import Saisie, ecrire
from usages.services.releves.gestes import GESTES
from usages.services.releves.grappe import lire_periodes

LISTE = "usages:releve-liste"


def grappe_de(nombre: int, indicateur: Any, *, transmis: bool = True) -> list[Releve]:
    """`nombre` ESMS d'une même grappe, leur relevé du mois dernier rempli, transmis."""
    grappe, rendu = GrappeFactory(), []
    for _ in range(nombre):
        releve = relever(indicateur, parcours=ParcoursFactory(grappe=grappe))
        releve.valeurs.update(numerateur=30, denominateur=40, origine="saisi")
        rendu.append(transmettre(releve, par=direction(releve.parcours)) if transmis else releve)
    return rendu


def lot(par: Any, geste: str, releves: list[Releve], etape: str = "", **champs: str) -> Any:
    choix = ",".join(str(r.pk) for r in releves)
    return connecte(par).post(reverse("usages:releve-lot"), {"action": geste, "choix": choix, "etape": etape} | champs)


def confirmer(par: Any, geste: str, releves: list[Releve]) -> Any:
    apercu = lot(par, geste, releves, "apercu")
    return lot(par, geste, releves, "confirmer", vus=apercu.context["vus"])


def etats(releves: list[Releve]) -> set[str]:
    return set(Releve.objects.filter(pk__in=[r.pk for r in releves]).values_list("etat", flat=True))


# --- ponctualité ------------------------------------------------------------------------------------------------------

JOURS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(echeance=JOURS, transmis=st.none() | JOURS, au=JOURS)
def test_le_retard_ne_se_compte_qu_apres_l_echeance(echeance: date, transmis: date | None, au: date) -> None:
    jours = retard(echeance, transmis, au)
    venu = transmis or au
    assert jours == ((venu - echeance).days if venu > echeance else 0)
    # Un relevé transmis ne dépend plus du jour où on le lit.
    if transmis:
        assert dire(echeance, transmis, au) == dire(echeance, transmis, au + timedelta(days=400))


def test_la_ponctualite_en_mots() -> None:
    du, jour = date(2026, 11, 15), timedelta(days=1)
    assert [dire(du, du, du), dire(du, du + 3 * jour, du), dire(du, None, du), dire(du, None, du + jour)] == [
        "à temps",
        "3 jours après",
        "attendu",
        "attendu depuis 1 jour",
    ]


# --- la page de la grappe, la liste -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_la_page_compte_par_periode() -> None:
    indicateur = IndicateurFactory()
    releves = grappe_de(3, indicateur)
    grappe = releves[0].grappe
    muet = relever(indicateur, parcours=ParcoursFactory(grappe=grappe))
    Releve.objects.filter(pk=muet.pk).update(echeance=timezone.localdate() - timedelta(days=2))
    PrecisionFactory(valeur=case(releves[0], indicateur))
    ancien = relever(indicateur, parcours=releves[0].parcours, recul=2)
    ailleurs = grappe_de(1, indicateur)
    (ligne, avant) = lire_periodes(grappe, cheffe_de(grappe), timezone.localdate())
    assert (ligne.periode, avant.periode) == (le_mois_dernier(), ancien.periode)
    assert (ligne.esms, ligne.transmis, ligne.a_valider, ligne.a_temps, ligne.en_retard) == (4, 3, 3, 3, 1)
    assert (ligne.chiffres, ligne.repondus, ligne.precisions) == (4, 3, 1)
    lu = connecte(cheffe_de(grappe)).get(reverse("usages:grappe-releves", args=[grappe.pk])).content.decode()
    assert "3 sur 4 ESMS" in lu and reverse("usages:grappe-tableau-de-bord", args=[grappe.pk]) in lu
    assert ailleurs[0].grappe_id != grappe.pk


@pytest.mark.django_db
def test_une_grappe_sans_releve_dit_le_premier_geste() -> None:
    grappe = ParcoursFactory().grappe
    lu = connecte(cheffe_de(grappe)).get(reverse("usages:grappe-releves", args=[grappe.pk])).content.decode()
    assert "Aucun relevé encore" in lu and reverse("usages:grappe-indicateurs", args=[grappe.pk]) in lu


@pytest.mark.django_db
def test_la_liste_d_une_periode_dit_ou_en_est_chacun() -> None:
    indicateur = IndicateurFactory()
    (releve, autre) = grappe_de(2, indicateur)
    PrecisionFactory(valeur=case(releve, indicateur))
    vieux = relever(indicateur, parcours=releve.parcours, recul=2)
    cheffe = cheffe_de(releve.grappe)
    adresse = f"{reverse(LISTE)}?grappe={releve.grappe_id}&periode={le_mois_dernier().code}"
    lu = connecte(cheffe).get(adresse).content.decode()
    assert "1 sur 1" in lu and "à temps" in lu
    assert reverse("usages:releve-detail", args=[autre.pk]) in lu
    assert reverse("usages:releve-detail", args=[vieux.pk]) not in lu
    assert "Valider" in lu and "Verrouiller" in lu
    pend = connecte(cheffe).get(f"{adresse}&precisions=oui").content.decode()
    assert reverse("usages:releve-detail", args=[releve.pk]) in pend
    assert reverse("usages:releve-detail", args=[autre.pk]) not in pend
    assert "Verrouiller" not in connecte(direction(releve.parcours)).get(adresse).content.decode()


@pytest.mark.django_db
def test_le_financeur_n_y_lit_que_ce_qui_est_transmis() -> None:
    indicateur = IndicateurFactory()
    (releve,) = grappe_de(1, indicateur, transmis=False)
    ars = affecter("ars", releve.grappe.region)
    page = reverse("usages:releve-detail", args=[releve.pk])
    assert page not in connecte(ars).get(reverse(LISTE)).content.decode()
    assert connecte(ars).get(reverse("usages:grappe-releves", args=[releve.grappe_id])).status_code in (403, 404)


@pytest.mark.django_db
def test_autant_de_requetes_pour_un_esms_que_pour_cinquante() -> None:
    indicateur = IndicateurFactory()
    mesures = []
    for nombre in (1, 50):
        releves = grappe_de(nombre, indicateur)
        PrecisionFactory(valeur=case(releves[0], indicateur))
        grappe = releves[0].grappe
        cheffe = connecte(cheffe_de(grappe))
        page = reverse("usages:grappe-releves", args=[grappe.pk])
        adresse = f"{reverse(LISTE)}?grappe={grappe.pk}&periode={le_mois_dernier().code}"
        for url in (page, adresse):
            cheffe.get(url)
        mesures.append([nb_requetes(cheffe, url) for url in (page, adresse)])
    assert mesures[0] == mesures[1]


# --- en lot -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_valider_puis_verrouiller_en_lot() -> None:
    indicateur = IndicateurFactory()
    releves = grappe_de(4, indicateur)
    cheffe = cheffe_de(releves[0].grappe)
    pendante = PrecisionFactory(valeur=case(releves[0], indicateur))
    apercu = lot(cheffe, "valider", releves, "apercu")
    assert len(apercu.context["possibles"]) == 3
    # Rien à régler : l'aperçu offre de confirmer, et rien d'autre à changer.
    assert "Confirmer pour 3 relevés" in apercu.content.decode()
    assert "Changer le réglage" not in apercu.content.decode()
    assert "1 précision attend une réponse ou une clôture" in apercu.content.decode()
    assert confirmer(cheffe, "valider", releves).status_code == 302
    assert pendante.valeur.releve_id == releves[0].pk
    assert etats(releves[:1]) == {EtatReleve.TRANSMIS} and etats(releves[1:]) == {EtatReleve.VALIDE}
    confirmer(cheffe, "verrouiller", releves)
    assert etats(releves[1:]) == {EtatReleve.VERROUILLE} and etats(releves[:1]) == {EtatReleve.TRANSMIS}
    journal = Passage.objects.de_plusieurs(Releve, [releves[1].pk]).order_by("rang")
    assert [p.transition for p in journal] == ["transmettre", "valider", "verrouiller"]
    assert all(p.par_id == cheffe.pk for p in journal[1:])
    exiger_totaux_justes()


@pytest.mark.django_db
def test_une_precision_posee_depuis_l_apercu_arrete_tout() -> None:
    indicateur = IndicateurFactory()
    releves = grappe_de(2, indicateur)
    cheffe = cheffe_de(releves[0].grappe)
    apercu = lot(cheffe, "valider", releves, "apercu")
    PrecisionFactory(valeur=case(releves[0], indicateur))
    assert lot(cheffe, "valider", releves, "confirmer", vus=apercu.context["vus"]).status_code == 409
    assert etats(releves) == {EtatReleve.TRANSMIS}


def _corriger(releve: Releve, indicateur: Any) -> None:
    saisie = Saisie(indicateur.pk, numerateur=Decimal(1), denominateur=Decimal(40), raison="Mal lu.")
    ecrire(releve=releve, saisies=[saisie], par=direction(releve.parcours))


@pytest.mark.django_db
def test_un_chiffre_corrige_depuis_l_apercu_arrete_tout() -> None:
    indicateur = IndicateurFactory()
    releves = grappe_de(2, indicateur)
    cheffe = cheffe_de(releves[0].grappe)
    apercu = lot(cheffe, "valider", releves, "apercu")
    _corriger(releves[0], indicateur)
    refus = lot(cheffe, "valider", releves, "confirmer", vus=apercu.context["vus"])
    assert refus.status_code == 409 and "Chiffres écrits le" in refus.content.decode()
    assert etats(releves) == {EtatReleve.TRANSMIS}


@pytest.mark.django_db
def test_un_chiffre_corrige_depuis_la_page_ne_se_valide_pas_sans_etre_relu() -> None:
    indicateur = IndicateurFactory()
    (releve,) = grappe_de(1, indicateur)
    client, url = (
        connecte(cheffe_de(releve.grappe)),
        reverse("programme:passage", args=["releve", releve.pk, "valider"]),
    )
    formulaire = client.get(url).context["formulaire"]
    saisie = {nom: formulaire[nom].value() for nom in ("version", "lus")}
    saisie["date_effet"] = timezone.localdate().isoformat()
    _corriger(releve, indicateur)
    refus = client.post(url, saisie)
    assert refus.status_code == 409 and "a été corrigé depuis" in refus.content.decode()
    assert etats([releve]) == {EtatReleve.TRANSMIS}
    assert client.post(url, saisie | {"lus": refus.context["formulaire"]["lus"].value()}).status_code == 302
    assert etats([releve]) == {EtatReleve.VALIDE}


@pytest.mark.django_db
def test_en_lot_on_ne_valide_ni_ce_qui_n_est_pas_transmis_ni_chez_les_autres() -> None:
    indicateur = IndicateurFactory()
    releves = grappe_de(1, indicateur)
    en_saisie = relever(indicateur, parcours=ParcoursFactory(grappe=releves[0].grappe))
    ailleurs = grappe_de(1, indicateur)
    cheffe = cheffe_de(releves[0].grappe)
    lignes = lot(cheffe, "valider", [*releves, en_saisie, *ailleurs], "apercu").context["lignes"]
    assert {ligne.objet.pk: bool(ligne.refus) for ligne in lignes} == {releves[0].pk: False, en_saisie.pk: True}
    assert lot(direction(releves[0].parcours), "valider", releves, "apercu").status_code == 403


@pytest.mark.django_db
def test_un_lot_se_lit_en_autant_de_requetes_a_un_qu_a_cinquante() -> None:
    indicateur = IndicateurFactory()
    mesures = []
    for nombre in (1, 50):
        releves = grappe_de(nombre, indicateur)
        cheffe = cheffe_de(releves[0].grappe)
        cles = [r.pk for r in releves]
        for geste in GESTES.values():
            geste.examiner(geste.lire(cles, cheffe), cheffe)
            with CaptureQueriesContext(connection) as captees:
                geste.examiner(geste.lire(cles, cheffe), cheffe)
            mesures.append(len(captees))
    assert mesures[:2] == mesures[2:]


@pytest.mark.django_db
def test_un_chiffre_donne_et_pas_transmis_se_compte() -> None:
    releve = relever(parcours=ParcoursFactory())
    chiffrer(releve, IndicateurFactory())
    (ligne,) = lire_periodes(releve.grappe, cheffe_de(releve.grappe), timezone.localdate())
    assert (ligne.chiffres, ligne.repondus, ligne.transmis) == (1, 1, 0)
