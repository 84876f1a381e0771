"""Le registre des décisions : instruire, corriger ; ce qui est refusé, et où."""

from typing import Any

import pytest
from django.urls import reverse

from gouvernance.models import Decision, Instance, Issue
from gouvernance.services import decisions as services
from gouvernance.services.choix_decision import conditions_qui_se_levent
from gouvernance.services.decisions import instruire, modifier
from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.gouvernance.aides import dans, lu, saisie_de
from tests.gouvernance.fabriques import (
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    levee_de,
    mandater,
    seance_close,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db


def fautes(**valeurs: Any) -> dict[str, list[str]]:
    """Ce que refuse le service, champ par champ ; rien n'est écrit."""
    avant = Decision.objects.count()
    with pytest.raises(Refus) as refus:
        instruire(**{"intitule": "Former la nuit d'abord"} | valeurs)
    assert Decision.objects.count() == avant
    return refus.value.champs


# --- instruire -----------------------------------------------------------------------------------------------------


def test_le_numero_suit_dans_chaque_grappe(comop: Instance, cheffe: Any) -> None:
    costrat = InstanceFactory(grappe=comop.grappe, type="costrat")
    ailleurs = InstanceFactory()
    numeros = [instruire(comite=c, par=cheffe, intitule="Une").numero for c in (comop, costrat, comop)]
    fautes(comite=comop, par=cheffe, intitule="")
    assert [*numeros, instruire(comite=comop, par=cheffe, intitule="Une").numero] == [1, 2, 3, 4]
    assert instruire(comite=ailleurs, par=cheffe_de(ailleurs.grappe), intitule="Une").numero == 1


def test_qui_instruit(comop: Instance) -> None:
    membre, animateur = (affecter(Role.MEMBRE, comop.grappe) for _ in range(2))
    mandater(comop, membre)
    mandater(comop, animateur, anime=True)
    assert instruire(comite=comop, par=animateur, intitule="Une").creee_par == animateur
    for qui in (membre, affecter(Role.ADMIN), affecter(Role.ARS, comop.grappe.region), cheffe_de(GrappeFactory())):
        with pytest.raises(Refus) as refus:
            instruire(comite=comop, par=qui, intitule="Une")
        assert refus.value.code == "droit"


@pytest.mark.parametrize(
    ("valeurs", "champ", "phrase"),
    [
        ({"intitule": ""}, "intitule", ""),
        ({"intitule": "NIR 1 85 05 78 006 084 91"}, "intitule", ""),
        ({"intitule": "x" * 161}, "intitule", ""),
        ({"texte": "x" * 2001}, "texte", ""),
        ({"effet": "autre"}, "effet", ""),
        ({"effet": "cible"}, "changement", services.CHANGEMENT_A_DIRE),
        ({"effet": "levee"}, "condition", services.CONDITION_A_DIRE),
        ({"effet": "levee"}, "parcours", services.SANS_ESMS),
        ({"effet": "levee"}, "levee_du", services.DEBUT_A_DIRE),
        ({"effet": "levee"}, "levee_au", services.FIN_A_DIRE),
        ({"effet": "levee", "condition": "cse"}, "condition", "plancher légal"),
        ({"effet": "levee", "condition": "mise_en_conformite"}, "condition", "pas de sens"),
        ({"effet": "levee", "condition": "nulle_part"}, "condition", services.CONDITION_INCONNUE),
        ({"revue_le": -1}, "revue_le", "déjà passé"),
        ({"effet": "levee", "levee_du": 3, "levee_au": 1}, "levee_au", services.FIN_AVANT_DEBUT),
        ({"effet": "levee", "levee_du": -9, "levee_au": -1}, "levee_au", "déjà passé"),
    ],
)
def test_une_saisie_fautive_est_refusee_a_son_champ(
    comop: Instance, cheffe: Any, valeurs: dict[str, Any], champ: str, phrase: str
) -> None:
    lues = {nom: dans(v) if isinstance(v, int) else v for nom, v in valeurs.items()}
    dites = fautes(comite=comop, par=cheffe, **lues)
    assert phrase in " ".join(dites[champ])
    assert "__all__" not in dites


def test_une_condition_de_jalon_ne_se_leve_pas(comop: Instance, cheffe: Any) -> None:
    from programme.socle.conditions import conditions

    de_jalon = [c.code for c in conditions if not c.suit_un_parcours and c.est_reglable]
    assert de_jalon
    for code in de_jalon:
        dites = fautes(comite=comop, par=cheffe, effet="levee", condition=code)
        assert dites["condition"] == [services.D_UN_ESMS_SEULEMENT]
    proposees = [code for _, choix in conditions_qui_se_levent(comop.grappe) for code, _ in choix]
    assert not {*de_jalon, "cse", "mise_en_conformite"} & set(proposees) and "vague" in proposees


def test_un_comite_utilisateurs_ne_leve_rien(comop: Instance, cheffe: Any) -> None:
    comite = InstanceFactory(grappe=comop.grappe, type="utilisateurs")
    assert "seuls un COMOP et un COSTRAT" in fautes(comite=comite, par=cheffe, effet="levee")["effet"][0]
    assert instruire(comite=comite, par=cheffe, intitule="Se réunir en visio").effet == "suite"


def test_une_portee_d_une_autre_grappe_est_refusee(comop: Instance, cheffe: Any) -> None:
    ailleurs = ParcoursFactory()
    assert str(ailleurs) in fautes(comite=comop, par=cheffe, parcours=[ailleurs])["parcours"][0]


def test_une_instance_close_n_instruit_plus(comop: Instance, cheffe: Any) -> None:
    comop.close_le = dans(0)
    comop.save()
    assert fautes(comite=comop, par=cheffe)["comite"] == [services.INSTANCE_CLOSE]


def test_la_seance_est_celle_de_l_instance_et_peut_encore_trancher(comop: Instance, cheffe: Any) -> None:
    ailleurs = SeanceFactory(comite=InstanceFactory(grappe=comop.grappe))
    assert "autre instance" in fautes(comite=comop, par=cheffe, seance=ailleurs)["seance"][0]
    diffusee, annulee = seance_close(comop), SeanceFactory(comite=comop)
    changer_etat(diffusee, "diffuser", par=cheffe)
    changer_etat(annulee, "annuler", par=cheffe, motif="grève")
    for seance in (diffusee, annulee):
        assert fautes(comite=comop, par=cheffe, seance=seance)["seance"] == [services.SEANCE_PASSEE]
    assert instruire(comite=comop, par=cheffe, seance=seance_close(comop), intitule="Tardive").seance


def test_ce_qu_on_remplace(comop: Instance, cheffe: Any) -> None:
    ailleurs = DecisionFactory()
    changer_etat(ailleurs, "arbitrer", par=cheffe_de(ailleurs.grappe))
    assert "autre grappe" in fautes(comite=comop, par=cheffe, remplace=ailleurs)["remplace"][0]
    instruite = DecisionFactory(comite=comop, numero=1)
    assert "ne vaut pas" in fautes(comite=comop, par=cheffe, remplace=instruite)["remplace"][0]
    with pytest.raises(Refus) as refus:
        modifier(decision=instruite, par=cheffe, remplace=instruite)
    assert refus.value.champs["remplace"] == [services.SE_REMPLACE]
    changer_etat(instruite, "arbitrer", par=cheffe)
    assert instruire(comite=comop, par=cheffe, intitule="Autre", remplace=instruite).remplace == instruite
    # Qui n'anime que le comité utilisateurs ne défait pas ce qu'a tranché le COMOP.
    comite = InstanceFactory(grappe=comop.grappe, type="utilisateurs")
    animatrice = affecter(Role.MEMBRE, comop.grappe)
    mandater(comite, animatrice, anime=True)
    assert "anime l'instance" in fautes(comite=comite, par=animatrice, remplace=instruite)["remplace"][0]


def test_d_un_point_elle_devient_une_issue_de_la_seance(comop: Instance, cheffe: Any) -> None:
    ouverte, preparee = PointFactory(seance=seance_ouverte(comop)), PointFactory(seance=SeanceFactory(comite=comop))
    close = PointFactory(seance=seance_close(comop))
    prises = [instruire(comite=comop, par=cheffe, point=p, intitule="Une") for p in (ouverte, preparee, close)]
    assert [d.seance for d in prises] == [ouverte.seance, preparee.seance, close.seance]
    issues = {i.decision: i for i in Issue.objects.all()}
    assert set(issues) == {prises[0], prises[2]}, "d'une séance qui se prépare, rien n'est encore sorti"
    assert (issues[prises[0]].tardive, issues[prises[2]].tardive) == (False, True)
    assert issues[prises[0]].point == ouverte


def test_l_effet_change_la_levee_ne_reste_pas(comop: Instance, cheffe: Any) -> None:
    decision = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe))
    modifier(decision=decision, par=cheffe, effet="suite")
    decision.refresh_from_db()
    assert (decision.condition, decision.levee_du, decision.levee_au) == ("", None, None)


# --- corriger ------------------------------------------------------------------------------------------------------


def test_arbitree_elle_ne_se_corrige_plus(comop: Instance, cheffe: Any) -> None:
    decision = DecisionFactory(comite=comop)
    changer_etat(decision, "arbitrer", par=cheffe)
    with pytest.raises(Refus, match="ne se corrige plus"):
        modifier(decision=decision, par=cheffe, intitule="Autre")
    reponse = connecte(cheffe).get(reverse("gouvernance:decision-modifier", args=[decision.pk]), follow=True)
    assert services.ARBITREE in lu(reponse)


def test_deux_corrections_ne_s_ecrasent_pas(comop: Instance, cheffe: Any) -> None:
    decision = DecisionFactory(comite=comop)
    client, url = connecte(cheffe), reverse("gouvernance:decision-modifier", args=[decision.pk])
    saisie = saisie_de(client, url, intitule="Le mien")
    autre = cheffe_de(comop.grappe)
    modifier(decision=decision, par=autre, intitule="Le sien")
    reponse = client.post(url, saisie)
    assert reponse.status_code == 409 and f"{autre} a changé : décision" in lu(reponse) and "Le mien" in lu(reponse)
    assert Decision.objects.get().intitule == "Le sien"
    assert client.post(url, saisie | {"vu": reponse.context["formulaire"].data["vu"]}).status_code == 302
    assert Decision.objects.get().intitule == "Le mien"


def test_les_esms_nommes_ne_s_ecrasent_pas_non_plus(comop: Instance, cheffe: Any) -> None:
    un, deux = ParcoursFactory(grappe=comop.grappe), ParcoursFactory(grappe=comop.grappe)
    decision = instruire(comite=comop, par=cheffe, intitule="Une", parcours=[un])
    client, url = connecte(cheffe), reverse("gouvernance:decision-modifier", args=[decision.pk])
    saisie = saisie_de(client, url)
    assert saisie["parcours"] == [un.pk]
    modifier(decision=decision, par=cheffe_de(comop.grappe), parcours=[un, deux])
    reponse = client.post(url, saisie)
    assert reponse.status_code == 409 and "les ESMS concernés" in lu(reponse)
    assert set(decision.portees.values_list("parcours", flat=True)) == {un.pk, deux.pk}
    assert client.post(url, saisie | {"vu": reponse.context["formulaire"].data["vu"]}).status_code == 302
    assert list(decision.portees.values_list("parcours", flat=True)) == [un.pk]
    assert "ESMS concernés changés" in lu(client.get(f"/decisions/{decision.pk}/"))
