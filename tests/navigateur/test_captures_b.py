import pytest
from django.urls import reverse
from tests.navigateur.test_grille import *
from tests.navigateur.test_grille import _choisir, _etat, _tout_enregistre
pytestmark = pytest.mark.django_db(transaction=True)
D="/tmp/moi/b-shots/"

def test_captures(new_context, live_server, cheffe, cent):
    codes=[c for c in Question.objects.order_by("section__rang","rang").values_list("code", flat=True)]
    qs={q.code:q for q in Question.objects.all()}
    for i,c in enumerate(codes[:44]):
        Reponse.objects.create(grille=cent, question=qs[c], valeur=None if i in (5,17) else (i*7)%8+1, sans_objet=i in (5,17), par=cheffe)
    page = entrer(new_context, live_server.url, cheffe, viewport={"width":1280,"height":900})
    page.goto(adresse(live_server.url, cent, "A"))
    _choisir(page,"A03","9")
    _choisir(page,"A05","4")
    _tout_enregistre(page)
    page.screenshot(path=D+"saisie-1280.png", full_page=True)
    page.route("**/reponses/**", lambda r: r.abort())
    _choisir(page,"A06","4"); _choisir(page,"A07","4")
    expect(page.locator("[data-bandeau]")).to_be_visible()
    page.screenshot(path=D+"panne-1280.png")
    page.set_viewport_size({"width":360,"height":740})
    page.screenshot(path=D+"saisie-360.png", full_page=True)
    page.screenshot(path=D+"panne-360.png")
    page.unroute("**/reponses/**")
    page.get_by_role("button", name="Réessayer maintenant").click()
    _tout_enregistre(page)
    page.set_viewport_size({"width":1280,"height":900})
    page.goto(live_server.url+reverse("risques:grille-ressaisir", args=[cent.pk]))
    page.locator("textarea").fill("P01 7 ; P02 3\nP03 so\nA10 12")
    page.get_by_role("button", name="Voir ce qui va changer").click()
    page.screenshot(path=D+"ressaisir-fautes.png", full_page=True)
    page.locator("textarea").fill("P01 7 ; P02 3\nP03 so")
    page.get_by_role("button", name="Voir ce qui va changer").click()
    page.screenshot(path=D+"ressaisir.png", full_page=True)
    page.set_viewport_size({"width":360,"height":740})
    page.screenshot(path=D+"ressaisir-360.png", full_page=True)
    page.set_viewport_size({"width":1280,"height":900})
    cent.refresh_from_db()
    changer_etat(cent, "transmettre", par=cheffe)
    changer_etat(cent, "demander_precision", par=cheffe, motif="P03 : sans objet, vraiment ?")
    page.goto(adresse(live_server.url, cent, "P"))
    page.screenshot(path=D+"precision.png")
    changer_etat(cent, "transmettre", par=cheffe)
    page.goto(adresse(live_server.url, cent))
    page.screenshot(path=D+"lecture-1280.png")
    page.set_viewport_size({"width":360,"height":740})
    page.screenshot(path=D+"lecture-360.png")
    v = instrument("effets-dui", cheffe.affectations.get().grappe)
    g = grille_de(cheffe, campagne_ouverte(grappe=v.grappe, version_posee=v).evaluations.get(), nature="reunion") if False else None
    from tests.risques.fabriques import GrilleFactory
    g = GrilleFactory(evaluation=campagne_ouverte(grappe=v.grappe, version_posee=v).evaluations.get(), evaluateur=cheffe, notes={}, participants="", tenue_le=None)
    page.set_viewport_size({"width":1280,"height":900})
    page.goto(adresse(live_server.url, g))
    page.screenshot(path=D+"reunion-1280.png", full_page=True)
    page.set_viewport_size({"width":360,"height":740})
    page.screenshot(path=D+"reunion-360.png", full_page=True)
