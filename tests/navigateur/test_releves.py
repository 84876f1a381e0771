"""Le relevé du mois dans un vrai navigateur : peu de gestes, rien de perdu, une question, sa réponse."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.indicateurs import Mesure
from programme.socle.porte import changer_etat
from tests.fabriques import EsmsFactory, ParcoursFactory, affecter, cheffe_de
from tests.navigateur.gestes import Compteur, Poste, entrer, franchir
from tests.usages.fabriques import IndicateurFactory, transmettre
from tests.usages.releves.aides import calcule, case, presents, relever
from usages.enums import EtatReleve, Forme
from usages.models import CumulIndicateur, Indicateur, Precision, Releve
from usages.services.chiffres.valeurs import Saisie, ecrire, poser_calcules

pytestmark = pytest.mark.django_db(transaction=True)
GESTES_AU_PLUS = 10


@dataclass
class Decor:
    """Un ESMS, son relevé du mois dernier en saisie, et onze transmis avant lui."""

    parcours: Parcours
    directrice: Utilisateur
    cheffe: Utilisateur
    financeur: Utilisateur
    releve: Releve
    presents: Indicateur
    projets: Indicateur
    contrats: Indicateur
    unites: Indicateur
    comptes: Indicateur
    tickets: Indicateur
    mois: list[Releve] = field(default_factory=list)


@pytest.fixture
def d() -> Decor:
    parcours = ParcoursFactory(esms=EsmsFactory(nom="IME du Chai"))
    directrice, cheffe = affecter(Role.DIRECTEUR, parcours.esms), cheffe_de(parcours.grappe)
    commun = presents(unite="personnes", rang=1)
    projets = IndicateurFactory(libelle="Projets personnalisés à jour", denominateur_commun=commun, rang=2)
    contrats = IndicateurFactory(
        libelle="Contrats de séjour tenus dans le DUI",
        numerateur="Personnes présentes dont le contrat signé est dans le DUI",
        denominateur_commun=commun,
        rang=3,
    )
    unites = calcule(
        libelle="Ouvertures faites, sur le périmètre",
        numerateur="Ouvertures faites",
        denominateur="Ouvertures du périmètre",
        forme=Forme.RAPPORT,
        famille="deploiement",
    )
    comptes = calcule(libelle="Comptes actifs de personnes en poste", unite="comptes", rang=4)
    tickets = calcule(
        libelle="Tickets bloquants sans contournement", unite="tickets", famille="maintien", sens="baisse"
    )
    tous = (commun, projets, contrats, unites, comptes, tickets)
    mois = [relever(*tous, parcours=parcours, recul=n) for n in range(12, 0, -1)]
    for rang, releve in enumerate(mois):
        par_calcul = {unites: Mesure(min(3 + rang, 12), 14), comptes: Mesure(20 + 3 * rang), tickets: Mesure(rang % 3)}
        poser_calcules(
            releve_cles=[releve.pk],
            mesures={i.pk: {parcours.pk: [m]} for i, m in par_calcul.items()},
            le=timezone.now() - timedelta(hours=7),
        )
        if releve is mois[-1]:
            continue
        saisies = [
            Saisie(commun.pk, numerateur=Decimal(72 + rang % 4)),
            Saisie(projets.pk, numerateur=Decimal(24 + 4 * rang)),
            Saisie(contrats.pk, motif="non_mesurable")
            if rang < 5
            else Saisie(contrats.pk, numerateur=Decimal(40 + rang)),
        ]
        ecrire(releve=releve, saisies=saisies, par=directrice)
        transmettre(releve, par=directrice)
    changer_etat(parcours.grappe, "constater", par=cheffe, vers="deploiement")
    financeur = affecter(Role.ARS, parcours.esms.departement.region)
    return Decor(
        parcours, directrice, cheffe, financeur, mois[-1], commun, projets, contrats, unites, comptes, tickets, mois
    )


def bloc(page: Page, indicateur: Indicateur) -> Locator:
    return page.locator(f"[data-chiffre='{indicateur.code}']")


def champ(page: Page, lettre: str, indicateur: Indicateur) -> Locator:
    return page.locator(f"#{lettre}-{indicateur.code}")


def url(serveur: LiveServer, route: str, pk: int) -> str:
    return str(serveur.url) + reverse(f"usages:{route}", args=[pk])


def test_du_releve_au_verrou(d: Decor, live_server: LiveServer, new_context: Poste) -> None:
    """Transmettre en dix gestes au plus ; le financeur demande, elle répond et corrige ; on valide, on verrouille."""
    page, gestes = entrer(new_context, live_server.url, d.directrice), Compteur()
    page.goto(live_server.url)
    gestes.clic(page.get_by_role("link", name="Compléter").first)
    expect(bloc(page, d.unites)).to_contain_text("12 sur 14, soit")
    gestes.tape(champ(page, "n", d.presents), "74")
    gestes.tape(champ(page, "n", d.projets), "31")
    gestes.clic(bloc(page, d.contrats).get_by_label("Non mesurable dans notre DUI"))
    expect(page.locator("[data-enregistrement]")).to_have_text("Tout est enregistré, rien n’est encore transmis")
    expect(bloc(page, d.projets).locator("[data-surprises]")).to_contain_text("Il passe de")
    gestes.tape(champ(page, "c", d.projets), "Deux référents en arrêt")
    expect(page.locator("[data-resume]")).to_have_text("Tout y est : il ne reste qu'à transmettre.")
    gestes.clic(page.get_by_role("button", name="Enregistrer et transmettre"))
    gestes.clic(page.get_by_role("region", name="Votre décision").get_by_role("button"))
    expect(page.get_by_text("Transmis", exact=True).first).to_be_visible()
    assert gestes.nombre <= GESTES_AU_PLUS, gestes.nombre
    d.releve.refresh_from_db()
    assert d.releve.etat == EtatReleve.TRANSMIS
    assert (case(d.releve, d.projets).numerateur, case(d.releve, d.projets).denominateur) == (31, 74)

    reponse = _demander(d, entrer(new_context, live_server.url, d.financeur), live_server)
    _repondre(reponse, page, live_server)
    corrige = case(d.releve, d.projets)
    assert (corrige.numerateur, corrige.extraite_numerateur) == (63, 31)
    assert CumulIndicateur.objects.get(maille="national", debut=d.releve.debut, indicateur=d.projets).numerateur == 63

    cheffe = entrer(new_context, live_server.url, d.cheffe)
    franchir(cheffe, live_server.url, reponse, "clore")
    franchir(cheffe, live_server.url, d.releve, "valider")
    franchir(cheffe, live_server.url, d.releve, "verrouiller")
    d.releve.refresh_from_db()
    assert d.releve.etat == EtatReleve.VERROUILLE


def _demander(d: Decor, page: Page, serveur: LiveServer) -> Precision:
    page.goto(url(serveur, "releve-detail", d.releve.pk))
    page.get_by_role("link", name="Projets personnalisés à jour").click()
    page.get_by_role("link", name="Demander une précision").click()
    page.get_by_label("Votre question").fill("31 projets, contre 64 le mois d'avant ?")
    page.get_by_role("button", name="Poser la question").click()
    expect(page.get_by_text("Votre question est posée")).to_be_visible()
    return Precision.objects.get()


def _repondre(precision: Precision, page: Page, serveur: LiveServer) -> None:
    page.goto(serveur.url)
    page.get_by_role("link", name="Répondre").first.click()
    page.get_by_label("Votre réponse").fill("Une feuille oubliée au comptage")
    page.get_by_text("Le chiffre était faux").click()
    page.get_by_label("Le bon chiffre").fill("63")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Votre réponse est donnée")).to_be_visible()


def test_un_chiffre_refuse_se_dit_et_n_empeche_pas_les_autres(
    d: Decor, live_server: LiveServer, new_context: Poste
) -> None:
    page = entrer(new_context, live_server.url, d.directrice)
    page.goto(url(live_server, "releve-detail", d.releve.pk))
    champ(page, "n", d.presents).fill("40")
    champ(page, "n", d.projets).fill("52")
    champ(page, "n", d.projets).press("Tab")
    expect(bloc(page, d.projets).locator("[data-etat]")).to_contain_text("52 dépasse 40")
    expect(page.locator("[data-enregistrement]")).to_have_text("1 chiffre pas enregistré")
    assert (case(d.releve, d.presents).numerateur, case(d.releve, d.projets).numerateur) == (40, None)
    champ(page, "n", d.projets).fill("32")
    champ(page, "n", d.projets).press("Tab")
    expect(bloc(page, d.projets).locator("[data-etat]")).to_contain_text("enregistré à")
    assert case(d.releve, d.projets).numerateur == 32


def test_sans_reseau_la_page_le_dit_et_garde_tout(d: Decor, live_server: LiveServer, new_context: Poste) -> None:
    page = entrer(new_context, live_server.url, d.directrice)
    page.goto(url(live_server, "releve-detail", d.releve.pk))
    coupure = "**/saisir/"
    page.route(coupure, lambda route: route.abort())
    champ(page, "n", d.presents).fill("70")
    champ(page, "n", d.presents).press("Tab")
    expect(page.locator("[data-bandeau]")).to_contain_text("Connexion perdue : 1 chiffre attend dans cette page")
    assert case(d.releve, d.presents).numerateur is None
    page.unroute(coupure)
    page.get_by_role("button", name="Réessayer maintenant").click()
    expect(page.locator("[data-bandeau]")).to_be_hidden()
    expect(page.locator("[data-enregistrement]")).to_contain_text("Tout est enregistré")
    assert case(d.releve, d.presents).numerateur == 70


def test_sans_script_un_bouton_enregistre(d: Decor, live_server: LiveServer, new_context: Poste) -> None:
    page = entrer(new_context, live_server.url, d.directrice, java_script_enabled=False)
    page.goto(url(live_server, "releve-detail", d.releve.pk))
    champ(page, "n", d.presents).fill("70")
    champ(page, "n", d.projets).fill("71")
    page.get_by_role("button", name="Enregistrer seulement").click()
    expect(page.get_by_role("alert")).to_contain_text("71 dépasse 70")
    assert case(d.releve, d.presents).numerateur == 70
    expect(champ(page, "n", d.projets)).to_have_value("71")
    champ(page, "n", d.projets).fill("65")
    bloc(page, d.contrats).get_by_label("Non concerné").check()
    page.get_by_role("button", name="Enregistrer et transmettre").click()
    page.get_by_role("region", name="Votre décision").get_by_role("button").click()
    d.releve.refresh_from_db()
    assert d.releve.etat == EtatReleve.TRANSMIS


def test_un_calcul_se_corrige_en_disant_pourquoi(d: Decor, live_server: LiveServer, new_context: Poste) -> None:
    page = entrer(new_context, live_server.url, d.directrice)
    page.goto(url(live_server, "releve-detail", d.releve.pk))
    bloc(page, d.comptes).get_by_text("Corriger").click()
    champ(page, "n", d.comptes).fill("49")
    champ(page, "n", d.comptes).press("Tab")
    expect(bloc(page, d.comptes).locator("[data-etat]")).to_contain_text("Dites en une ligne pourquoi")
    champ(page, "r", d.comptes).fill("Cinq comptes de remplaçants comptés deux fois")
    champ(page, "r", d.comptes).press("Tab")
    expect(bloc(page, d.comptes).locator("[data-etat]")).to_contain_text("enregistré à")
    lu = case(d.releve, d.comptes)
    assert (lu.numerateur, lu.extraite_numerateur) == (49, 53)
