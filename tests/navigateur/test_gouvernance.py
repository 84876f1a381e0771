"""Un COMOP de bout en bout, dans un vrai navigateur : on le prépare, on y lève une condition, deux ESMS passent."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from gouvernance.models import Decision, Instance, Seance
from programme.documents.feu_vert import dossier_de
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.conditions import pour
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import (
    InstanceFactory,
    SeanceFactory,
    levee_de,
    mandater,
    presents,
    seance_ouverte,
)
from tests.navigateur.gestes import Poste, entrer, franchir

pytestmark = pytest.mark.django_db(transaction=True)
NOMS = ("IME du Chai", "IME des Rives", "IME du Coteau")


def au_cadrage(comop: Instance, nom: str, direction: Utilisateur) -> Parcours:
    """Un ESMS à qui tout est réuni pour se préparer, sauf la vague de déploiement (qui barre)."""
    parcours = ParcoursFactory(grappe=comop.grappe, esms=EsmsFactory(nom=nom))
    affecter(Role.DIRECTEUR, parcours.esms, utilisateur=direction)
    changer_etat(parcours, "engager", par=direction, motif="l'annonce est prévue")
    par = affecter(Role.DIRECTEUR, utilisateur=affecter(Role.CHEF_PROJET))
    for condition in pour("programme.parcours", "preparer"):
        if condition.code != "vague":
            condition.remplir(Parcours.objects.get(pk=parcours.pk), par)
    return Parcours.objects.get(pk=parcours.pk)


def est_refuse(page: Page, serveur: str, parcours: Parcours) -> None:
    """La porte refuse, en le disant ; rien n'a bougé."""
    page.goto(f"{serveur}/passages/parcours/{parcours.pk}/preparer/")
    with page.expect_response(lambda r: r.request.method == "POST") as reponse:
        page.get_by_role("region", name="Votre décision").get_by_role("button").click(force=True)
    assert reponse.value.status == 409
    expect(page.get_by_text("vague de déploiement choisie").first).to_be_visible()
    assert Parcours.objects.get(pk=parcours.pk).etat == "cadrage"


def instruire(page: Page, serveur: str, seance: Seance, nommes: list[Parcours]) -> Decision:
    """Depuis un point de la séance : la condition, les ESMS, la fin ; la légale n'est pas dans la liste."""
    point = seance.points.order_by("rang", "pk")[0]
    page.goto(f"{serveur}/grappes/{seance.comite.grappe_id}/decisions/ajouter/?point={point.pk}")
    page.get_by_label("Décision", exact=False).first.fill("Se préparer sans attendre la vague")
    page.get_by_text("Nommer des ESMS").click()
    for parcours in nommes:
        page.get_by_label(re.compile(re.escape(parcours.esms.nom))).check()
    page.get_by_label("Une condition levée").check()
    condition = page.get_by_label("Condition levée", exact=False).last
    expect(condition.get_by_role("option", name=re.compile("CSE"))).to_have_count(0)
    condition.select_option("vague")
    page.get_by_label("Jusqu'au", exact=False).fill(f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}")
    page.get_by_role("button", name="Instruire la décision").click()
    expect(page.get_by_text("instruite, à arbitrer en séance")).to_be_visible()
    return Decision.objects.get()


def test_un_comop_leve_une_condition_pour_deux_esms(
    new_context: Poste, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    serveur = live_server.url
    comop = InstanceFactory(grappe=GrappeFactory(nom="Vignes hautes"), nom="COMOP", quorum=50)
    cheffe, direction = cheffe_de(comop.grappe), affecter(Role.DIRECTEUR, EsmsFactory())
    siege = mandater(comop, cheffe, anime=True)
    premier, second, troisieme = (au_cadrage(comop, nom, direction) for nom in NOMS)
    seance = SeanceFactory(comite=comop, debut=timezone.now() - timedelta(minutes=5))

    # La cheffe prépare le COMOP d'un geste : ce qui attend s'y inscrit de soi-même.
    page = entrer(new_context, serveur, cheffe)
    page.goto(f"{serveur}/seances/{seance.pk}/propositions/")
    page.get_by_role("button", name="Tout inscrire").click()
    expect(page.get_by_text(re.compile("Inscrits? à l’ordre du jour"))).to_be_visible()

    # La direction n'attend plus que la vague : refusée, pour les trois.
    directrice = entrer(new_context, serveur, direction)
    est_refuse(directrice, serveur, premier)

    # On tient la séance : sans quorum, rien ne s'arbitre ; la cheffe présente, la décision se prend.
    franchir(page, serveur, seance, "ouvrir")
    decision = instruire(page, serveur, seance, [premier, second])
    page.goto(f"{serveur}/passages/decision/{decision.pk}/arbitrer/")
    expect(page.get_by_text("quorum").first).to_be_visible()
    page.goto(f"{serveur}/seances/{seance.pk}/")
    page.get_by_label(str(cheffe)).select_option("present")
    page.get_by_role("button", name="Noter les présences").click()
    franchir(page, serveur, decision, "arbitrer")
    page.goto(f"{serveur}/decisions/{decision.pk}/")
    expect(page.get_by_text("en cours", exact=False).first).to_be_visible()
    franchir(page, serveur, seance, "clore")
    franchir(page, serveur, seance, "diffuser")
    page.goto(f"{serveur}/seances/{seance.pk}/")
    decision.refresh_from_db()
    for mots in (
        "Se préparer sans attendre la vague",
        f"n° {decision.numero}",
        "Quorum atteint : 1 voix présente sur 1",
    ):
        expect(page.get_by_text(re.compile(mots)).first).to_be_visible()
    for forme, debut in (("pdf", b"%PDF"), ("docx", b"PK")):
        emporte = page.request.get(f"{serveur}/seances/{seance.pk}/compte-rendu.{forme}")
        assert emporte.ok and emporte.body().startswith(debut)

    # Deux passent, un troisième est encore refusé ; le journal et le dossier citent la décision.
    for parcours in (premier, second):
        franchir(directrice, serveur, parcours, "preparer")
    est_refuse(directrice, serveur, troisieme)
    directrice.goto(f"{serveur}/parcours/{premier.pk}/")
    expect(directrice.get_by_role("link", name="Se préparer sans attendre la vague")).to_be_visible()
    constats = directrice.locator("details.constats").filter(has_text="levée").first
    constats.locator("summary").click()
    expect(constats.get_by_text(f"(levée : {decision.reference}")).to_be_visible()
    passage = Passage.objects.de(premier).last()
    dossier = dossier_de(Parcours.objects.get(pk=premier.pk), par=direction, passage=passage).donnees
    assert decision.reference in dossier["levees"][0]["decision"]
    pdf = directrice.request.get(f"{serveur}/api/v1/parcours/{premier.pk}/feu-vert.pdf?passage={passage.pk}")
    assert pdf.ok and pdf.body().startswith(b"%PDF")

    # Une autre séance nomme le troisième : la porte s'ouvre. La levée finie, elle se referme.
    suivante = seance_ouverte(comop)
    presents(suivante, siege)
    changer_etat(levee_de(comop, "vague", troisieme, numero=2, seance=suivante), "arbitrer", par=cheffe)
    directrice.goto(f"{serveur}/passages/parcours/{troisieme.pk}/preparer/")
    expect(directrice.get_by_text("condition levée").first).to_be_visible()
    lendemain = timezone.localdate() + timedelta(days=31)
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: lendemain)
    est_refuse(directrice, serveur, troisieme)
