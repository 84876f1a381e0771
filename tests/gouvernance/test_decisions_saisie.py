"""Saisir une décision : depuis un point, selon la grappe ; ce qu'on y propose, ce qui en naît."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import Decision, Instance, Portee
from gouvernance.services import decisions as services
from gouvernance.services.choix_decision import AVERTISSENT, BARRENT, conditions_qui_se_levent
from gouvernance.services.decisions import instruire
from programme.enums import Role
from programme.models import Action
from programme.socle.erreurs import Refus
from programme.socle.models import ReglageCondition
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import GrappeFactory, MomentFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.aides import dans, lu, saisie_de
from tests.gouvernance.fabriques import (
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    mandater,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db


# --- les pages -----------------------------------------------------------------------------------------------------


def test_instruire_depuis_un_point(comop: Instance, cheffe: Any) -> None:
    point = PointFactory(seance=seance_ouverte(comop), titre="Ouvrir sans la recette ?", expose="Elle tarde.")
    parcours = ParcoursFactory(grappe=comop.grappe)
    client = connecte(cheffe)
    url = reverse("gouvernance:decision-creer", args=[comop.grappe_id]) + f"?point={point.pk}&parcours={parcours.pk}"
    saisie = saisie_de(client, url, effet="levee", condition="va", levee_au=dans(20))
    assert (saisie["intitule"], saisie["seance"], saisie["parcours"]) == (point.titre, point.seance_id, [parcours.pk])
    reponse = client.post(url, saisie, follow=True)
    decision = Decision.objects.get()
    assert reponse.redirect_chain[-1][0] == f"/decisions/{decision.pk}/"
    assert "Décision n° 1" in lu(reponse) and "pas encore : la décision reste à arbitrer" in lu(reponse)
    assert decision.issue.point == point and decision.condition == "va"


def test_une_saisie_refusee_reste_affichee(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    client, url = connecte(cheffe), reverse("gouvernance:decision-creer", args=[comop.grappe_id])
    saisie = saisie_de(client, url, intitule="Mon idée", effet="levee", condition="va", levee_au=dans(-1))
    reponse = client.post(url, saisie | {"parcours": [parcours.pk]})
    assert reponse.status_code == 422 and "Mon idée" in lu(reponse)
    assert reponse.context["formulaire"]["parcours"].value() == [str(parcours.pk)]
    assert reponse.context["formulaire"].errors["levee_au"]
    legale = client.post(url, saisie | {"condition": "cse", "levee_au": dans(9)})
    assert legale.status_code == 422 and legale.context["formulaire"].errors["condition"]
    assert not Decision.objects.exists()


def test_sans_instance_la_page_dit_pourquoi(cheffe: Any) -> None:
    grappe = GrappeFactory()
    page = connecte(cheffe_de(grappe)).get(reverse("gouvernance:decision-creer", args=[grappe.pk]))
    assert "Aucune instance pour trancher" in lu(page)


def test_l_animateur_ne_choisit_que_ses_instances(comop: Instance) -> None:
    autre = InstanceFactory(grappe=comop.grappe, type="costrat")
    animateur = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, animateur, anime=True)
    client, url = connecte(animateur), reverse("gouvernance:decision-creer", args=[comop.grappe_id])
    assert list(client.get(url).context["formulaire"].fields["comite"].queryset) == [comop]
    reponse = client.post(url, {"intitule": "Une", "comite": autre.pk, "effet": "suite"})
    assert reponse.status_code == 422 and "comite" in reponse.context["formulaire"].errors


def test_les_conditions_se_proposent_selon_la_grappe(comop: Instance) -> None:
    groupes = {titre: dict(choix) for titre, choix in conditions_qui_se_levent(comop.grappe)}
    assert "vague" in groupes[BARRENT] and "concertation" in groupes[AVERTISSENT]
    ReglageCondition.objects.create(grappe=comop.grappe, condition="concertation", severite="barre")
    ReglageCondition.objects.create(grappe=comop.grappe, condition="vague", severite="masquee")
    groupes = {titre: dict(choix) for titre, choix in conditions_qui_se_levent(comop.grappe)}
    assert "concertation" in groupes[BARRENT] and not any("vague" in choix for choix in groupes.values())


def test_l_arbitrage_propose_le_jour_de_la_seance(comop: Instance, cheffe: Any) -> None:
    seance = seance_ouverte(comop, debut=timezone.now() - timedelta(days=3))
    decision = DecisionFactory(comite=comop, seance=seance)
    url = reverse("programme:passage", args=["decision", decision.pk, "arbitrer"])
    client = connecte(cheffe)
    formulaire = client.get(url).context["formulaire"]
    assert formulaire.initial["date_effet"] == timezone.localdate(seance.debut)
    client.post(url, {"version": 0, "date_effet": dans(-3), "motif": ""})
    decision.refresh_from_db()
    assert (decision.etat, decision.arbitree_le) == ("arbitree", dans(-3))
    assert decision.reference == f"décision n° {decision.numero}, COMOP, {dans(-3):%d/%m/%Y}"


def test_une_action_nait_d_une_decision_et_y_ramene(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    decision = instruire(comite=comop, par=cheffe, intitule="Former la nuit", parcours=[parcours])
    client, url = connecte(cheffe), reverse("gouvernance:decision-action", args=[decision.pk])
    client.post(url, {"libelle": "Réserver la salle"})
    action = Action.objects.get()
    assert (action.origine, action.source, action.parcours) == ("decision", decision, parcours)
    assert "Réserver la salle" in lu(client.get(f"/decisions/{decision.pk}/"))
    page = lu(client.get(reverse("programme:action-detail", args=[action.pk])))
    assert f"/decisions/{decision.pk}/" in page and "Former la nuit" in page
    # La direction voit l'action, pas la décision tant qu'elle n'est pas arbitrée.
    de_loin = lu(connecte(directrice_de(parcours)).get(reverse("programme:action-detail", args=[action.pk])))
    assert f"/decisions/{decision.pk}/" not in de_loin
    changer_etat(decision, "abandonner", par=cheffe, motif="sans objet")
    assert services.SANS_EFFET in lu(client.get(url, follow=True))
    with pytest.raises(Refus):
        services.ajouter_une_action(decision=decision, par=cheffe, libelle="Trop tard")


def test_une_decision_de_calendrier_mene_aux_moments_portes(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    moment = MomentFactory(parcours=parcours)
    changer_etat(moment, "demander", par=directrice_de(parcours))
    changer_etat(moment, "porter", par=cheffe, motif="désaccord")
    decision = DecisionFactory(comite=comop, effet="calendrier", changement="vague 3", intitule="Attendre juin")
    Portee.objects.create(decision=decision, parcours=parcours)
    client, page = connecte(cheffe), f"/decisions/{decision.pk}/"
    assert "Consigner la vague retenue" not in lu(client.get(page))
    changer_etat(decision, "arbitrer", par=cheffe)
    corps = client.get(page).content.decode()
    adresse = html.unescape(corps.split(f'href="/passages/moment/{moment.pk}/arbitrer/')[1].split('"')[0])
    formulaire = client.get(f"/passages/moment/{moment.pk}/arbitrer/{adresse}").context["formulaire"]
    assert formulaire.initial["reference"] == Decision.objects.get().reference
    assert formulaire.initial["motif"] == "Attendre juin"
