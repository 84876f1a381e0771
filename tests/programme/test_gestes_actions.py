"""Gestes groupés sur les actions : l'aperçu ligne à ligne, et rien d'écrit si une ligne a changé entre-temps."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programme.enums import Role
from programme.models import Action
from programme.services import actions as services
from programme.services.gestes_actions import GESTES, lire_actions
from programme.services.gestes_lot import PARTI, LotPerime, a_retrouver, confirmer
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.aides import EnEnvoyant, connecte, exiger_requetes_constantes
from tests.fabriques import ActionFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db
URL = "/actions/lot/"
AUJOURD_HUI = timezone.localdate()
HIER, DEMAIN = AUJOURD_HUI - timedelta(days=1), AUJOURD_HUI + timedelta(days=1)


@pytest.fixture
def lot() -> dict[str, Any]:
    """Une directrice, deux actions de son ESMS, une close, une de sa grappe qu'elle lit sans la tenir."""
    parcours = ParcoursFactory()
    cheffe, directrice = cheffe_de(parcours.grappe), directrice_de(parcours)
    une = ActionFactory(parcours=parcours, libelle="Une", echeance=HIER)
    deux = ActionFactory(parcours=parcours, libelle="Deux", echeance=DEMAIN, responsable_nom="Le prestataire")
    close = ActionFactory(parcours=parcours, libelle="Close")
    changer_etat(close, "terminer", par=directrice)
    grappe = ActionFactory(grappe=parcours.grappe, libelle="Grappe")
    return {
        "parcours": parcours,
        "cheffe": cheffe,
        "directrice": directrice,
        "une": une,
        "deux": deux,
        "toutes": [une, deux, close, grappe],
    }


def envoyer(client: Client, actions: list[Action], action: str, etape: str = "", **champs: Any) -> Any:
    corps = {"action": action, "choix": ",".join(str(a.pk) for a in actions), "etape": etape, **champs}
    return client.post(f"{URL}?etat=toutes", corps)


def _refus(apercu: Any) -> dict[str, str]:
    return {str(x.objet): x.refus for x in apercu.context["ecartees"]}


def _possibles(apercu: Any) -> list[tuple[str, str, str]]:
    return [(str(x.objet), x.avant, x.apres) for x in apercu.context["possibles"]]


def test_changer_l_echeance(lot: dict[str, Any]) -> None:
    client, jour = connecte(lot["directrice"]), AUJOURD_HUI + timedelta(days=1)
    apercu = envoyer(client, lot["toutes"], "echeance", "apercu", echeance=jour.isoformat())
    assert [nom for nom, _, _ in _possibles(apercu)] == ["Une"]
    refus = _refus(apercu)
    assert refus["Deux"] == "Rien à changer : c'est déjà son échéance." and refus["Close"] == services.CLOSE
    assert "par le chef de projet" in refus["Grappe"]
    vus = apercu.context["vus"]
    reponse = envoyer(client, lot["toutes"], "echeance", "confirmer", echeance=jour.isoformat(), vus=vus)
    assert (reponse.status_code, reponse["Location"]) == (302, "/actions/?etat=toutes")
    lot["une"].refresh_from_db()
    assert lot["une"].echeance == jour and lot["une"].history.first().history_user == lot["directrice"]
    passee = envoyer(client, lot["toutes"], "echeance", "apercu", echeance=HIER.isoformat())
    assert passee.status_code == 422 and "est déjà passé" in passee.content.decode()


def test_changer_le_responsable(lot: dict[str, Any]) -> None:
    client, directrice = connecte(lot["directrice"]), lot["directrice"]
    reglage = envoyer(client, lot["toutes"], "responsable")
    choix = [libelle for _, libelle in reglage.context["formulaire"].fields["responsable"].choices]
    assert f"{directrice} · Directeur" in choix and f"{lot['cheffe']} · Chef de projet" in choix
    apercu = envoyer(client, lot["toutes"], "responsable", "apercu", responsable=directrice.pk)
    assert _possibles(apercu) == [("Une", "à désigner", str(directrice)), ("Deux", "Le prestataire", str(directrice))]
    envoyer(client, lot["toutes"], "responsable", "confirmer", responsable=directrice.pk, vus=apercu.context["vus"])
    assert set(Action.objects.filter(responsable=directrice)) == {lot["une"], lot["deux"]}
    retirer = envoyer(client, lot["toutes"], "responsable", "apercu", responsable="personne")
    assert [x[2] for x in _possibles(retirer)] == ["à désigner"] * 2


def test_un_responsable_qui_ne_verrait_pas_une_ligne_y_est_refuse(lot: dict[str, Any]) -> None:
    autre = ParcoursFactory(grappe=lot["parcours"].grappe)
    ailleurs = ActionFactory(parcours=autre, libelle="Autre ESMS")
    apercu = envoyer(
        connecte(lot["cheffe"]), [lot["une"], ailleurs], "responsable", "apercu", responsable=lot["directrice"].pk
    )
    assert [nom for nom, _, _ in _possibles(apercu)] == ["Une"]
    assert "ne voit pas" in _refus(apercu)["Autre ESMS"]


def test_marquer_faites_passe_par_la_porte(lot: dict[str, Any]) -> None:
    client = connecte(lot["directrice"])
    reglage = envoyer(client, lot["toutes"], "terminer")
    assert reglage.context["formulaire"]["date_effet"].value() == AUJOURD_HUI
    apercu = envoyer(client, lot["toutes"], "terminer", "apercu", date_effet=HIER.isoformat())
    assert [nom for nom, _, _ in _possibles(apercu)] == ["Une", "Deux"]
    assert "ne part pas de l'état « Faite »" in _refus(apercu)["Close"]
    vus = apercu.context["vus"]
    envoyer(client, lot["toutes"], "terminer", "confirmer", date_effet=HIER.isoformat(), vus=vus)
    for action in (lot["une"], lot["deux"]):
        action.refresh_from_db()
        assert (action.etat, action.faite_le) == ("faite", HIER)
        assert Passage.objects.de(action).get().par == lot["directrice"]
    demain = envoyer(client, [lot["une"]], "terminer", "apercu", date_effet=DEMAIN.isoformat())
    assert not demain.context["possibles"]


def test_le_responsable_marque_les_siennes_et_elles_seules(lot: dict[str, Any]) -> None:
    membre = affecter(Role.MEMBRE, lot["parcours"].grappe)
    lot["deux"].responsable_nom, lot["deux"].responsable = "", membre
    lot["deux"].save()
    client = connecte(membre)
    actions = [g["valeur"] for g in client.get("/actions/").context["liste"].actions]
    assert actions == ["terminer", "emporter"]
    apercu = envoyer(client, lot["toutes"], "terminer", "apercu", date_effet=AUJOURD_HUI.isoformat())
    assert [nom for nom, _, _ in _possibles(apercu)] == ["Deux"]
    assert envoyer(client, lot["toutes"], "echeance").status_code == 403


def test_des_lignes_changees_entre_temps_rien_a_moitie(lot: dict[str, Any]) -> None:
    client, deux = connecte(lot["directrice"]), [lot["une"], lot["deux"]]
    jour = (AUJOURD_HUI + timedelta(days=9)).isoformat()
    for action, champs in {
        "echeance": {"echeance": jour},
        "responsable": {"responsable": lot["directrice"].pk},
    }.items():
        apercu = envoyer(client, deux, action, "apercu", **champs)
        assert len(apercu.context["possibles"]) == 2
        services.modifier_action(
            action=lot["deux"],
            par=lot["cheffe"],
            echeance=AUJOURD_HUI + timedelta(days=4),
            responsable=lot["cheffe"],
            responsable_nom="",
        )
        reponse = envoyer(client, deux, action, "confirmer", vus=apercu.context["vus"], **champs)
        assert reponse.status_code == 409 and [nom for nom, _ in reponse.context["changees"]] == ["Deux"]
        services.modifier_action(
            action=lot["deux"], par=lot["cheffe"], echeance=DEMAIN, responsable=None, responsable_nom="Le prestataire"
        )
    lot["une"].refresh_from_db()
    assert lot["une"].echeance == HIER and lot["une"].responsable is None


def test_faite_entre_temps_par_quelqu_un_d_autre(lot: dict[str, Any]) -> None:
    client, deux, jour = connecte(lot["directrice"]), [lot["une"], lot["deux"]], AUJOURD_HUI.isoformat()
    apercu = envoyer(client, deux, "terminer", "apercu", date_effet=jour)
    changer_etat(lot["deux"], "terminer", par=lot["cheffe"])
    reponse = envoyer(client, deux, "terminer", "confirmer", date_effet=jour, vus=apercu.context["vus"])
    assert reponse.status_code == 409 and Passage.objects.de(lot["une"]).count() == 0
    assert "État : « À faire » à l'aperçu, « Faite » maintenant" in reponse.context["changees"][0][1]


def test_un_droit_perdu_entre_temps(lot: dict[str, Any]) -> None:
    geste, directrice = GESTES["echeance"], lot["directrice"]
    details = {"echeance": AUJOURD_HUI + timedelta(days=9)}
    vus = a_retrouver(geste.examiner(lire_actions([lot["une"].pk], directrice), directrice, **details))
    directrice.affectations.update(au=HIER)
    relue = type(directrice).objects.get(pk=directrice.pk)
    with pytest.raises(LotPerime) as refus:
        confirmer(geste=geste, cles=[lot["une"].pk], vus=vus, par=relue, details=details)
    assert refus.value.lignes == [("Une", [PARTI])]


def test_emporter_et_se_tromper(lot: dict[str, Any]) -> None:
    client = connecte(lot["directrice"])
    reponse = client.post(f"{URL}?etat=toutes", {"action": "emporter", "choix": [lot["une"].pk]})
    assert reponse["Location"] == f"/actions/?etat=toutes&choix={lot['une'].pk}&format=xlsx"
    assert client.get(reponse["Location"])["Content-Type"].endswith("spreadsheetml.sheet")
    personne = client.post(URL, {"action": "terminer"}, follow=True)
    assert "Cochez au moins une action" in personne.content.decode()


@pytest.mark.parametrize("action", list(GESTES))
def test_autant_de_requetes_pour_une_que_pour_cinquante(action: str, lot: dict[str, Any]) -> None:
    cheffe, grappe = lot["cheffe"], lot["parcours"].grappe
    client = connecte(cheffe)
    champs = {
        "echeance": {"echeance": (AUJOURD_HUI + timedelta(days=9)).isoformat()},
        "responsable": {"responsable": cheffe.pk},
        "terminer": {"date_effet": AUJOURD_HUI.isoformat()},
    }[action]

    envoi = EnEnvoyant(client, {"action": action, "tout": "1", "etape": "apercu", **champs})

    def peupler(n: int) -> None:
        ActionFactory.create_batch(n, grappe=grappe)
        for _ in range(n):
            ActionFactory(parcours=ParcoursFactory(grappe=grappe))

    exiger_requetes_constantes(envoi, URL, peupler)
