"""Les séances dans un agenda : ce que dit le fichier, ce que montre l'adresse, quand elle meurt."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from gouvernance.calculs.calendrier import Rendezvous, en_ics
from gouvernance.models import CompteRendu, Instance, Mandat, PartageSeance, Seance
from gouvernance.services import calendriers as services
from programme.enums import Role
from programme.models import Utilisateur
from programme.services.comptes import fermer_compte, rouvrir_compte
from programme.socle.enums import UsageJeton
from programme.socle.erreurs import Refus
from programme.socle.jetons import creer_jeton, hacher
from programme.socle.models import Jeton
from programme.socle.porte import changer_etat
from tests.aides import connecte, nb_requetes
from tests.fabriques import RegionFactory, UtilisateurFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory, SeanceFactory, mandater, seance_close

PARIS = ZoneInfo("Europe/Paris")


# --- le fichier ----------------------------------------------------------------------------------------------------


def _rendezvous(**champs: Any) -> Rendezvous:
    debut = datetime(2026, 7, 2, 12, 0, tzinfo=UTC)
    valeurs: dict[str, Any] = {
        "uid": "seance-1@treille",
        "titre": "COMOP ; l'été, « à Bourg »",
        "debut": debut,
        "fin": debut + timedelta(hours=2),
        "version": 3,
        "change_le": datetime(2026, 6, 1, 7, 30, 12, 345, tzinfo=UTC),
        "page": "https://treille.exemple/seances/1/",
        "lieu": "Salle des Érables, 2e étage ; entrée par la cour",
    }
    return Rendezvous(**(valeurs | champs))


def _lire(octets: bytes) -> tuple[Calendar, list[Event]]:
    calendrier = Calendar.from_ical(octets)
    return calendrier, [c for c in calendrier.walk("VEVENT") if isinstance(c, Event)]


def test_le_fichier_se_relit_tel_qu_on_l_a_dit() -> None:
    calendrier, (lu,) = _lire(en_ics([_rendezvous()], nom="Mes séances", fuseau=PARIS))
    assert (calendrier["version"], calendrier["x-wr-calname"]) == ("2.0", "Mes séances") and calendrier["prodid"]
    assert lu["summary"] == "COMOP ; l'été, « à Bourg »"
    assert lu["location"] == "Salle des Érables, 2e étage ; entrée par la cour"
    assert (lu["uid"], lu["sequence"], lu["status"]) == ("seance-1@treille", 3, "CONFIRMED")
    assert lu.decoded("dtstart") == datetime(2026, 7, 2, 14, 0, tzinfo=PARIS), "14 h à Paris, l'été"
    assert lu.decoded("dtend") - lu.decoded("dtstart") == timedelta(hours=2)
    assert lu.decoded("dtstamp") == datetime(2026, 6, 1, 7, 30, 12, tzinfo=UTC), "en UTC, comme la norme le veut"


def test_le_fichier_tient_la_norme() -> None:
    octets = en_ics([_rendezvous(lieu="é" * 160)], nom="Mes séances", fuseau=PARIS)
    lignes = octets.split(b"\r\n")
    assert octets.endswith(b"END:VCALENDAR\r\n") and b"\n" not in octets.replace(b"\r\n", b"")
    assert max(map(len, lignes)) <= 75, "une ligne tient en 75 octets, ou se replie"
    assert lignes.count(b"BEGIN:VTIMEZONE") == 1 and b"DTSTART;TZID=Europe/Paris:20260702T140000" in lignes
    assert octets == en_ics([_rendezvous(lieu="é" * 160)], nom="Mes séances", fuseau=PARIS)


def test_le_fuseau_couvre_l_ete_et_l_hiver_des_seances() -> None:
    hiver = _rendezvous(uid="b", debut=datetime(2028, 1, 11, 9, tzinfo=UTC), fin=datetime(2028, 1, 11, 10, tzinfo=UTC))
    calendrier, lus = _lire(en_ics([_rendezvous(), hiver], nom="n", fuseau=PARIS))
    assert [e.decoded("dtstart").utcoffset() for e in lus] == [timedelta(hours=2), timedelta(hours=1)]
    (fuseau,) = calendrier.walk("VTIMEZONE")
    assert {c.name for c in fuseau.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_une_annulation_est_un_changement_de_plus() -> None:
    _, (lu,) = _lire(en_ics([_rendezvous(annulee=True)], nom="n", fuseau=PARIS))
    assert (lu["status"], lu["sequence"], lu["transp"]) == ("CANCELLED", 4, "TRANSPARENT")
    assert lu["summary"].startswith("Annulée : ")


def test_sans_seance_le_calendrier_est_vide_et_juste() -> None:
    calendrier, lus = _lire(en_ics([], nom="n", fuseau=PARIS))
    assert lus == [] and calendrier["version"] == "2.0"


# --- l'adresse -----------------------------------------------------------------------------------------------------


@pytest.fixture
def comop(db: None) -> Instance:
    return InstanceFactory(nom="COMOP", quorum=0)


@pytest.fixture
def membre(comop: Instance) -> Utilisateur:
    """Siège au COMOP, et n'a pas d'autre rôle dans la grappe."""
    compte = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, compte)
    return compte


def _flux(clair: str) -> Any:
    return Client().get(reverse("gouvernance:calendrier-flux", args=[clair]))


def _vues(compte: Utilisateur) -> list[Event]:
    reponse = _flux(services.creer_adresse(par=compte))
    assert reponse.status_code == 200 and reponse["Content-Type"].startswith("text/calendar")
    return _lire(reponse.content)[1]


def test_l_adresse_montre_les_seances_ou_l_on_siege(comop: Instance, membre: Utilisateur) -> None:
    seance = SeanceFactory(comite=comop, titre="Séance de rentrée", lieu="Bourg", lien="https://visio.exemple/a")
    SeanceFactory(comite=InstanceFactory(grappe=comop.grappe, nom="COSTRAT"))
    SeanceFactory()
    (lu,) = _vues(membre)
    assert lu["summary"] == f"COMOP : Séance de rentrée, {comop.grappe}"
    assert lu["location"] == "Bourg, https://visio.exemple/a"
    assert lu["url"].endswith(reverse("gouvernance:seance-detail", args=[seance.pk]))
    assert lu.decoded("dtstart") == seance.debut.replace(microsecond=0)


def test_un_suppleant_a_la_seance_dans_son_agenda(comop: Instance) -> None:
    suppleant = UtilisateurFactory()
    mandater(comop, suppleant=suppleant)
    SeanceFactory(comite=comop)
    assert len(_vues(suppleant)) == 1


def test_la_cheffe_a_celles_de_ses_grappes_l_administrateur_celles_ou_il_siege(comop: Instance) -> None:
    SeanceFactory(comite=comop)
    SeanceFactory()
    assert len(_vues(cheffe_de(comop.grappe))) == 1
    assert _vues(affecter(Role.ADMIN, None)) == [], "sinon ce serait l'agenda de tout le pays"
    assert _vues(affecter(Role.ARS, RegionFactory())) == []


def test_un_mandat_dit_quelles_seances(comop: Instance, membre: Utilisateur) -> None:
    """Ni celles d'avant son début, ni celles d'après sa fin ; fini, il n'en montre plus aucune."""
    jour = timezone.localdate()
    Mandat.objects.update(du=jour - timedelta(days=10), au=jour + timedelta(days=10))
    for ecart in (-20, -5, 5, 20):
        SeanceFactory(comite=comop, debut=timezone.now() + timedelta(days=ecart))
    assert len(_vues(membre)) == 2
    Mandat.objects.update(au=jour - timedelta(days=1))
    assert _vues(membre) == []


def test_le_flux_garde_six_mois(comop: Instance, membre: Utilisateur) -> None:
    for ecart in (-200, -170, 400):
        SeanceFactory(comite=comop, debut=timezone.now() + timedelta(days=ecart))
    assert len(_vues(membre)) == 2


def test_le_flux_ne_dit_rien_de_l_ordre_du_jour(comop: Instance, membre: Utilisateur) -> None:
    seance = SeanceFactory(comite=comop)
    seance.points.create(titre="Le départ de la cheffe de service")
    assert "départ".encode() not in _flux(services.creer_adresse(par=membre)).content


def test_une_seance_qui_bouge_garde_son_identite_et_change_de_numero(comop: Instance, membre: Utilisateur) -> None:
    seance = SeanceFactory(comite=comop)
    clair = services.creer_adresse(par=membre)
    avant = _flux(clair).content
    assert _flux(clair).content == avant, "rien n'a bougé : mêmes octets"
    seance.debut += timedelta(days=3)
    seance.sequence += 1
    seance.save()
    (lu,), (relu,) = _lire(avant)[1], _lire(_flux(clair).content)[1]
    assert lu["uid"] == relu["uid"] and (lu["sequence"], relu["sequence"]) == (0, 1)
    assert relu.decoded("dtstart") - lu.decoded("dtstart") == timedelta(days=3)
    changer_etat(seance, "annuler", par=cheffe_de(comop.grappe), motif="Salle prise")
    (annulee,) = _lire(_flux(clair).content)[1]
    assert (annulee["uid"], annulee["status"], annulee["sequence"]) == (lu["uid"], "CANCELLED", 2)


def test_le_numero_de_changement_date_du_dernier_enregistrement(comop: Instance, membre: Utilisateur) -> None:
    seance = SeanceFactory(comite=comop)
    hier = timezone.now() - timedelta(days=1)
    Seance.history.filter(id=seance.pk).update(history_date=hier)
    (lu,) = _vues(membre)
    assert lu.decoded("dtstamp") == hier.replace(microsecond=0)


# --- ce qui la fait mourir -----------------------------------------------------------------------------------------


def test_revoquee_elle_ne_rend_plus_rien(comop: Instance, membre: Utilisateur) -> None:
    clair = services.creer_adresse(par=membre)
    assert _flux(clair).status_code == 200
    services.revoquer_adresse(par=membre)
    assert _flux(clair).status_code == 404
    with pytest.raises(Refus, match="rien à révoquer"):
        services.revoquer_adresse(par=membre)


def test_remplacee_l_ancienne_meurt(membre: Utilisateur) -> None:
    ancienne, neuve = (services.creer_adresse(par=membre) for _ in range(2))
    assert (_flux(ancienne).status_code, _flux(neuve).status_code) == (404, 200)
    assert Jeton.objects.filter(utilisateur=membre, revoque_le=None).count() == 1


def test_compte_ferme_puis_rouvert_l_adresse_reste_morte(membre: Utilisateur) -> None:
    admin, clair = affecter(Role.ADMIN, None), services.creer_adresse(par=membre)
    Utilisateur.objects.filter(pk=membre.pk).update(is_active=False)
    assert _flux(clair).status_code == 404
    Utilisateur.objects.filter(pk=membre.pk).update(is_active=True)
    assert _flux(clair).status_code == 200
    fermer_compte(compte=membre, par=admin)
    rouvrir_compte(compte=membre, par=admin)
    assert _flux(clair).status_code == 404


def test_un_jeton_d_api_n_ouvre_pas_le_calendrier_et_l_inverse(membre: Utilisateur, client: Client) -> None:
    _, api = creer_jeton(utilisateur=membre)
    agenda = services.creer_adresse(par=membre)
    assert _flux(api).status_code == 404
    lus = [client.get("/api/v1/parcours/", headers={"Authorization": f"Jeton {c}"}) for c in (api, agenda)]
    assert [r.status_code for r in lus] == [200, 401]
    services.creer_adresse(par=membre)
    assert Jeton.objects.get(usage=UsageJeton.API).revoque_le is None, "remplacer l'un ne touche pas l'autre"


def test_la_base_ne_garde_que_l_empreinte_et_la_derniere_lecture(membre: Utilisateur) -> None:
    clair = services.creer_adresse(par=membre)
    jeton = Jeton.objects.get()
    assert jeton.empreinte == hacher(clair) and clair not in [str(v) for v in Jeton.objects.values().get().values()]
    assert jeton.derniere_utilisation is None and jeton.expire_le is None
    _flux(clair)
    premiere = Jeton.objects.get().derniere_utilisation
    _flux(clair)
    assert premiere is not None and Jeton.objects.get().derniere_utilisation == premiere


def test_le_nombre_de_requetes_ne_depend_pas_des_seances(comop: Instance, membre: Utilisateur) -> None:
    client, clair = Client(), services.creer_adresse(par=membre)
    url = reverse("gouvernance:calendrier-flux", args=[clair])
    SeanceFactory(comite=comop)
    une = nb_requetes(client, url)
    SeanceFactory.create_batch(49, comite=comop)
    assert nb_requetes(client, url) == une <= 3


# --- les pages -----------------------------------------------------------------------------------------------------


def test_la_page_montre_l_adresse_une_fois(comop: Instance, membre: Utilisateur) -> None:
    SeanceFactory(comite=comop, titre="Rentrée")
    client, url = connecte(membre), reverse("gouvernance:calendrier")
    page = client.get(url).content.decode()
    assert "Créer mon adresse" in page and "COMOP : Rentrée" in page and not Jeton.objects.exists()
    montree = client.post(url).content.decode()
    adresse = montree.split('value="http://testserver')[1].split('"')[0]
    assert Client().get(adresse).status_code == 200
    assert f'href="webcal://testserver{adresse}"' in montree
    relue = client.get(url).content.decode()
    assert adresse not in relue and "en service" in relue and "Remplacer l’adresse" in relue


def test_revoquer_depuis_la_page(membre: Utilisateur) -> None:
    client, url = connecte(membre), reverse("gouvernance:calendrier")
    client.post(url)
    reponse = client.post(url, {"geste": "revoquer"}, follow=True)
    assert "est révoquée" in reponse.content.decode() and "Créer mon adresse" in reponse.content.decode()
    encore = client.post(url, {"geste": "revoquer"}, follow=True).content.decode()
    assert "rien à révoquer" in encore.replace("&#x27;", "'")


def test_l_adresse_ne_se_garde_dans_aucun_cache(membre: Utilisateur) -> None:
    client, url = connecte(membre), reverse("gouvernance:calendrier")
    assert "no-store" in client.post(url)["Cache-Control"]
    flux = _flux(services.creer_adresse(par=membre))
    assert "private" in flux["Cache-Control"] and flux["X-Robots-Tag"] == "noindex" and not flux.cookies


def test_une_seance_seule_se_prend_avec_son_compte(comop: Instance, membre: Utilisateur) -> None:
    seance, autre = SeanceFactory(comite=comop), SeanceFactory()
    client = connecte(membre)
    reponse = client.get(reverse("gouvernance:seance-ics", args=[seance.pk]))
    assert f"seance-{seance.pk}.ics" in reponse["Content-Disposition"]
    (lu,), (du_flux,) = _lire(reponse.content)[1], _vues(membre)
    assert lu["uid"] == du_flux["uid"], "ajoutée puis abonnée : la même, pas deux"
    assert client.get(reverse("gouvernance:seance-ics", args=[autre.pk])).status_code == 404


def test_un_compte_rendu_partage_n_ouvre_pas_l_agenda_au_financeur(comop: Instance) -> None:
    cheffe, ars = cheffe_de(comop.grappe), affecter(Role.ARS, comop.grappe.region)
    changer_etat(comop.grappe, "deposer", par=cheffe)
    seance = seance_close(comop)
    CompteRendu.objects.create(seance=seance, contenu={}, empreinte="0", diffuse_par=cheffe)
    PartageSeance.objects.create(seance=seance, pourquoi="Lire ensemble", ouvert_par=cheffe)
    reponse = connecte(ars).get(reverse("gouvernance:seance-ics", args=[seance.pk]))
    assert reponse.status_code == 403 and "se lisent par les membres" in reponse.content.decode()
    assert _vues(ars) == []
