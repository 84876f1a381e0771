"""La page d'un parcours et ses saisies : ce qu'on y lit, ce qu'on y écrit, à qui elle le refuse."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Etape, Fait, Parcours, Vague
from programme.services import parcours as services
from programme.socle.models import Derogation, ReglageCondition
from programme.socle.porte import changer_etat
from programme.socle.texte import en_phrase
from tests.fabriques import (
    ModuleFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db

NIR = "Voir le dossier 2 55 08 14 168 025 38 pour la suite."


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(parcours: Parcours) -> Any:
    return cheffe_de(parcours.grappe)


def _chez(client: Client, qui: Any) -> Client:
    client.force_login(qui)
    return client


def _url(parcours: Parcours, page: str, *args: Any) -> str:
    return reverse(f"programme:parcours-{page}", args=[parcours.pk, *args])


def _jour(n: int) -> str:
    return (timezone.localdate() + timedelta(days=n)).isoformat()


# --- lire ----------------------------------------------------------------------------------------------------------


def test_la_page_dit_tout_d_un_parcours(client: Client, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="l'équipe est prête")
    OuvertureFactory(unite=UniteFactory(parcours=parcours, nom="Internat", nb_places=18), module=ModuleFactory())
    services.dater_fait(parcours=[parcours], nature="cse", date=timezone.localdate(), par=directrice)
    contenu = _chez(client, directrice).get(_url(parcours, "detail")).content.decode()
    for attendu in (
        "Cadrage",
        "sans objet ici",
        "Reste à réunir pour passer en préparation",
        "Hébergement et sous-traitance",
        "condition réunie",
        "Internat",
        "À préparer",
        "rien ne s’y réécrit",
        "l&#x27;équipe est prête",
        "non réunies",
        str(directrice),
    ):
        assert attendu in contenu, attendu


def test_levees_et_masquees_se_disent(client: Client, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    ReglageCondition.objects.create(grappe=parcours.grappe, condition="concertation", severite="masquee")
    Derogation.objects.create(
        parcours=parcours,
        condition="vague",
        du=timezone.localdate(),
        au=timezone.localdate(),
        libelle_decision="COSTRAT du 3 novembre",
        creee_par=directrice,
    )
    contenu = _chez(client, directrice).get(_url(parcours, "detail")).content.decode()
    assert "COSTRAT du 3 novembre" in contenu and "Masquées par la grappe : Concertation des équipes" in contenu


def test_le_financeur_lit_les_jalons_pas_ce_qui_se_prepare(client: Client, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    changer_etat(parcours, "engager", par=directrice, motif="l'équipe doute encore")
    contenu = _chez(client, affecter(Role.ARS, parcours.grappe.region)).get(_url(parcours, "detail")).content.decode()
    assert "Recensé → Cadrage" in contenu
    for tu in ("doute encore", "Concertation", "Pré-diagnostic", "sous réserve"):
        assert tu not in contenu, tu


@pytest.mark.parametrize("etat", ["suspendu", "sorti", "routine"])
def test_un_parcours_de_cote_ou_arrive_se_lit(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any, etat: str
) -> None:
    if etat == "suspendu":
        changer_etat(parcours, "suspendre", par=cheffe, motif="travaux")
    elif etat == "sorti":
        changer_etat(parcours, "sortir", par=cheffe, motif="fusion", raison="fusion")
    else:
        changer_etat(parcours, "constater", par=cheffe, vers="routine")
    reponse = _chez(client, directrice).get(_url(parcours, "detail"))
    assert reponse.status_code == 200 and reponse.context["lecture"] is None


def test_la_page_coute_autant_pour_une_ou_cinquante_ouvertures(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    modules = [ModuleFactory(code=f"m{i}", nom=f"Module {i}") for i in range(10)]
    OuvertureFactory(unite__parcours=parcours, module=modules[0])
    _chez(client, directrice).get(_url(parcours, "detail"))
    with CaptureQueriesContext(connection) as une:
        client.get(_url(parcours, "detail"))
    for _ in range(5):
        unite = UniteFactory(parcours=parcours)
        for module in modules:
            changer_etat(OuvertureFactory(unite=unite, module=module), "preparer", par=directrice)
    with CaptureQueriesContext(connection) as cinquante:
        client.get(_url(parcours, "detail"))
    assert len(cinquante) == len(une)


# --- droits --------------------------------------------------------------------------------------------------------

PAGES = [
    ("modifier", ()),
    ("fait", ("cse",)),
    ("dates", ()),
    ("unites", ()),
    ("proposer", ("engager",)),
]


@pytest.mark.parametrize(("quoi", "args"), PAGES)
def test_hors_perimetre_404(client: Client, parcours: Parcours, quoi: str, args: tuple[str, ...]) -> None:
    _chez(client, directrice_de(ParcoursFactory()))
    assert client.get(_url(parcours, quoi, *args)).status_code == 404
    assert client.get(_url(parcours, "detail")).status_code == 404


@pytest.mark.parametrize(("quoi", "args"), PAGES)
def test_qui_lit_seulement_recoit_403_et_le_motif(
    client: Client, parcours: Parcours, quoi: str, args: tuple[str, ...]
) -> None:
    _chez(client, affecter(Role.APPUI, parcours.grappe))
    for methode in (client.get, client.post):
        reponse = methode(_url(parcours, quoi, *args))
        assert reponse.status_code == 403 and "revient" in reponse.content.decode()


def test_chaque_role_ouvre_ce_qui_lui_revient(client: Client, parcours: Parcours, directrice: Any, cheffe: Any) -> None:
    referent, admin = affecter(Role.REFERENT, parcours.esms), affecter(Role.ADMIN)
    siege = affecter(Role.SIEGE, parcours.esms.og)
    attendus = {
        "modifier": (directrice, cheffe, referent, siege),
        "dates": (directrice, cheffe, referent, siege),
        "unites": (directrice, cheffe, referent, siege),
        "proposer": (cheffe,),
    }
    for page, permis in attendus.items():
        args = ("engager",) if page == "proposer" else ()
        for qui in (directrice, cheffe, referent, siege, admin):
            status = _chez(client, qui).get(_url(parcours, page, *args)).status_code
            assert status == (200 if qui in permis else 403), (page, qui.affectations.get().role)


# --- écrire --------------------------------------------------------------------------------------------------------


def test_dater_un_fait_puis_le_corriger(client: Client, parcours: Parcours, directrice: Any) -> None:
    url = _url(parcours, "fait", "cse")
    _chez(client, directrice).post(url, {"vu": "", "date": _jour(-3), "reference": "PV 12", "note": ""})
    vu = client.get(url).context["formulaire"]["vu"].value()
    client.post(url, {"vu": vu, "date": _jour(-2), "reference": "PV 13", "note": ""})
    assert Fait.objects.get().reference == "PV 13"
    assert client.get(_url(parcours, "fait", "inconnu")).status_code == 404


def test_un_fait_a_venir_revient_au_champ_avec_la_saisie(client: Client, parcours: Parcours, directrice: Any) -> None:
    reponse = _chez(client, directrice).post(
        _url(parcours, "fait", "cse"), {"vu": "", "date": _jour(9), "reference": "PV 12", "note": "à suivre"}
    )
    assert reponse.status_code == 422 and "à venir" in reponse.context["formulaire"].errors["date"][0]
    assert "PV 12" in reponse.content.decode() and "à suivre" in reponse.content.decode()


def test_un_nir_dans_une_precision_est_refuse_sans_perte(client: Client, parcours: Parcours, directrice: Any) -> None:
    reponse = _chez(client, directrice).post(
        _url(parcours, "fait", "cse"), {"vu": "", "date": _jour(-1), "reference": "PV 12", "note": NIR}
    )
    assert reponse.status_code == 422 and "note" in reponse.context["formulaire"].errors
    assert NIR in reponse.content.decode() and not Fait.objects.exists()


def test_une_date_de_naissance_avertit_sans_refuser(client: Client, parcours: Parcours, directrice: Any) -> None:
    reponse = _chez(client, directrice).post(
        _url(parcours, "fait", "cse"),
        {"vu": "", "date": _jour(-1), "reference": "", "note": "Dossier d'un jeune né le 3 mars 2012"},
        follow=True,
    )
    assert Fait.objects.exists() and "date de naissance" in reponse.content.decode()


def test_deux_personnes_datent_le_meme_fait(client: Client, parcours: Parcours, directrice: Any) -> None:
    referent, url = affecter(Role.REFERENT, parcours.esms), _url(parcours, "fait", "cse")
    saisie = {"vu": "", "date": _jour(-2), "reference": "PV 14", "note": ""}
    services.dater_fait(parcours=[parcours], nature="cse", date=timezone.localdate(), par=referent)
    reponse = _chez(client, directrice).post(url, saisie)
    contenu = reponse.content.decode()
    assert reponse.status_code == 409 and "Entre-temps" in contenu and referent.nom in contenu
    assert reponse.context["formulaire"]["reference"].value() == "PV 14"
    encore = client.post(url, saisie | {"vu": reponse.context["formulaire"]["vu"].value()})
    assert encore.status_code == 302 and Fait.objects.get().reference == "PV 14"


def _fiche(**champs: Any) -> dict[str, Any]:
    vide = {"vague": "", "point_depart": "", "premier_gain": "", "temps_ecriture": "non_decide"}
    return vide | {"temps_ecriture_note": ""} | champs


@pytest.mark.parametrize(("autres", "dit"), [(4, False), (5, True)])
def test_la_charge_d_une_vague_ne_se_dit_qu_a_partir_de_cinq(
    client: Client, parcours: Parcours, directrice: Any, autres: int, dit: bool
) -> None:
    vague = Vague.objects.create(grappe=parcours.grappe, numero=1, capacite=6)
    par = affecter(Role.CHEF_PROJET, parcours.grappe)
    for voisin in ParcoursFactory.create_batch(autres, grappe=parcours.grappe, vague=vague):
        changer_etat(voisin, "constater", par=par, vers="preparation")
    page = _chez(client, directrice).get(_url(parcours, "modifier"))
    assert (f"{autres} ESMS en chemin" in page.text) is dit


def test_la_fiche_n_ecrit_que_ce_qui_revient_a_chacun(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any
) -> None:
    vague = Vague.objects.create(grappe=parcours.grappe, numero=1, capacite=4)
    page = _chez(client, directrice).get(_url(parcours, "modifier"))
    assert "est_pilote" not in page.context["formulaire"].fields
    assert "à 4 ESMS à la fois" in page.text and "revient au chef de projet" in page.text
    vu = page.context["formulaire"]["vu"].value()
    saisie = _fiche(vu=vu, vague=vague.pk, temps_ecriture="refuse", est_pilote="on", temps_ecriture_note="par le siège")
    client.post(_url(parcours, "modifier"), saisie)
    parcours.refresh_from_db()
    assert (parcours.vague, parcours.temps_ecriture, parcours.est_pilote) == (vague, "refuse", False)
    page = _chez(client, cheffe).get(_url(parcours, "modifier"))
    vu = page.context["formulaire"]["vu"].value()
    client.post(_url(parcours, "modifier"), saisie | {"vu": vu, "type_projet": "usages"})
    parcours.refresh_from_db()
    assert parcours.est_pilote and parcours.type_projet == "usages"


def test_deux_personnes_sur_la_fiche(client: Client, parcours: Parcours, directrice: Any, cheffe: Any) -> None:
    vu = _chez(client, directrice).get(_url(parcours, "modifier")).context["formulaire"]["vu"].value()
    services.modifier_fiche(parcours=parcours, valeurs={"premier_gain": "agenda"}, par=cheffe)
    reponse = client.post(_url(parcours, "modifier"), _fiche(vu=vu, premier_gain="transmissions"))
    contenu = reponse.content.decode()
    assert reponse.status_code == 409 and cheffe.nom in contenu and "premier gain visible" in contenu
    assert reponse.context["formulaire"]["premier_gain"].value() == "transmissions"
    parcours.refresh_from_db()
    assert parcours.premier_gain == "agenda"


def test_reviser_puis_figer_les_dates(client: Client, parcours: Parcours, directrice: Any, cheffe: Any) -> None:
    url = _url(parcours, "dates")
    page = _chez(client, directrice).get(url)
    assert "pilote" not in page.context["formulaire"].fields
    saisie = {"vu": page.context["formulaire"]["vu"].value(), "cadrage": _jour(30), "preparation": _jour(10)}
    faute = client.post(url, saisie)
    assert faute.status_code == 422 and "preparation" in faute.context["formulaire"].errors
    assert client.post(url, saisie | {"preparation": _jour(90)}).status_code == 302
    assert client.post(url, {"geste": "figer"}).status_code == 403
    _chez(client, cheffe).post(url, {"geste": "figer"})
    assert Etape.objects.get(parcours=parcours, etat="cadrage").reference == timezone.localdate() + timedelta(days=30)
    encore = client.post(url, {"geste": "figer"}, follow=True)
    assert "Aucune date à figer" in encore.content.decode()


def test_reporter_se_lit_au_journal(client: Client, parcours: Parcours, directrice: Any, cheffe: Any) -> None:
    services.proposer(parcours=parcours, transition="engager", par=cheffe)
    url = _url(parcours, "reporter", "engager")
    assert _chez(client, cheffe).get(url).status_code == 403
    assert _chez(client, directrice).post(url, {"motif": "", "date_visee": ""}).status_code == 422
    client.post(url, {"motif": "après l'été", "date_visee": _jour(60)})
    contenu = client.get(_url(parcours, "detail")).content.decode().replace("\xa0", " ")
    assert "Report : passer au cadrage" in contenu and "après l&#x27;été" in contenu
    assert client.get(url).status_code == 404, "il n'y a plus rien à reporter"


def test_unites_et_ouvertures(client: Client, parcours: Parcours, directrice: Any) -> None:
    module, url = ModuleFactory(), _url(parcours, "unites")
    _chez(client, directrice)
    client.post(url, {"nom": "Internat", "nb_places": "18", "a_nuit": "on", "modules": [module.pk]})
    assert client.post(url, {"nom": "internat"}).status_code == 422
    unite = parcours.unites.get()
    client.post(f"{url}?unite={unite.pk}", {"nom": "Internat Les Cèdres", "nb_places": ""})
    unite.refresh_from_db()
    assert (unite.nom, unite.nb_places) == ("Internat Les Cèdres", None)
    assert client.get(f"{url}?unite={UniteFactory().pk}").status_code == 404
    ouverture = unite.ouvertures.get()
    page = reverse("programme:ouverture-detail", args=[ouverture.pk])
    assert "Information des personnes accompagnées" in client.get(page).content.decode()
    assert client.post(page, {"retire_le": _jour(0)}).status_code == 422
    assert client.post(page, {"date_visee": _jour(20), "ancien_support": "cahier"}).status_code == 302
    ouverture.refresh_from_db()
    assert ouverture.ancien_support == "cahier"
    _chez(client, affecter(Role.APPUI, parcours.grappe))
    assert client.get(page).status_code == 200 and client.post(page, {}).status_code == 403
    _chez(client, directrice_de(ParcoursFactory()))
    assert client.get(page).status_code == 404


# --- ce que la relecture a demandé ---------------------------------------------------------------------------------


def test_un_refus_ne_montre_pas_la_valeur_refusee(client: Client, parcours: Parcours, directrice: Any) -> None:
    ouverture = OuvertureFactory(unite__parcours=parcours, date_visee=timezone.localdate() + timedelta(days=30))
    url = reverse("programme:ouverture-detail", args=[ouverture.pk])
    page = _chez(client, directrice).post(url, {"date_visee": _jour(-3), "ancien_support": ""})
    assert page.status_code == 422 and page.context["ouverture"].date_visee == ouverture.date_visee
    assert page.context["formulaire"].errors["date_visee"] == [
        "La date visée est passée : donnez la date d'ouverture prévue."
    ]


def test_une_date_visee_deja_passee_n_empeche_pas_le_reste(client: Client, parcours: Parcours, directrice: Any) -> None:
    ouverture = OuvertureFactory(unite__parcours=parcours, date_visee=timezone.localdate() - timedelta(days=3))
    url = reverse("programme:ouverture-detail", args=[ouverture.pk])
    page = _chez(client, directrice).post(url, {"date_visee": _jour(-3), "ancien_support": "Cahier"})
    assert page.status_code == 302


def test_les_cases_et_la_liste_comptent_les_memes_conditions(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    OuvertureFactory(unite__parcours=parcours)
    page = _chez(client, directrice).get(_url(parcours, "detail"))
    reste, contenu = page.context["reste_ouvrir"], page.content.decode().replace("\xa0", " ")
    assert f"« 0/{len(reste.manques)} »" in contenu
    barrent = [c.condition.libelle for c, _ in reste.manques if c.barre]
    assert len(barrent) > 2 and "Barre d’abord : ESMS en pilote ou en ouverture, " in contenu
    assert all(en_phrase(libelle).replace("'", "&#x27;") in contenu for libelle in barrent)


def test_une_unite_qui_vise_avant_son_esms_se_signale(client: Client, parcours: Parcours, directrice: Any) -> None:
    au = timezone.localdate()
    Etape.objects.create(parcours=parcours, etat="ouverture", revisee=au + timedelta(days=40))
    ouverture = OuvertureFactory(unite__parcours=parcours, date_visee=au + timedelta(days=30))
    detail = _chez(client, directrice).get(_url(parcours, "detail"))
    assert "1 date visée tombe avant l’ouverture de l’ESMS" in detail.content.decode()
    ouverture.date_visee = au + timedelta(days=41)
    ouverture.save()
    assert "avant l’ouverture de l’ESMS" not in client.get(_url(parcours, "detail")).content.decode()


def test_le_lien_mene_au_champ_et_la_direction_peut_deleguer(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any
) -> None:
    OuvertureFactory(unite__parcours=parcours)
    contenu = _chez(client, directrice).get(_url(parcours, "detail")).content.decode()
    assert _url(parcours, "ressources") + "#bloc-temps" in contenu
    assert 'id="id_temps_ecriture"' in client.get(_url(parcours, "modifier")).content.decode()
    assert "Déléguer jusqu’à une date" in contenu
    assert "Déléguer jusqu’à" not in _chez(client, cheffe).get(_url(parcours, "detail")).content.decode()
