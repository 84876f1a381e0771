"""Le registre des décisions : instruire, corriger, qui lit quoi ; la liste, l'API, la page d'un ESMS."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import Decision, Instance, Issue, Portee
from gouvernance.services import decisions as services
from gouvernance.services.choix_decision import AVERTISSENT, BARRENT, conditions_qui_se_levent
from gouvernance.services.decisions import instruire, modifier
from programme.enums import Role
from programme.models import Action
from programme.socle.erreurs import Refus
from programme.socle.models import ReglageCondition
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, MomentFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
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
LISTE = "/decisions/"


def lu(reponse: Any) -> str:
    """Le corps, tel qu'on le lit."""
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def dans(jours: int) -> Any:
    return timezone.localdate() + timedelta(days=jours)


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(grappe=GrappeFactory(), nom="COMOP", quorum=0)


@pytest.fixture
def cheffe(comop: Instance) -> Any:
    return cheffe_de(comop.grappe)


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


def _saisie(client: Any, url: str, **champs: Any) -> dict[str, Any]:
    """Ce que la page propose, tel qu'un navigateur le renverrait, corrigé de `champs`."""
    formulaire = client.get(url).context["formulaire"]
    lus = {nom: formulaire[nom].value() for nom in formulaire.fields}
    return {nom: valeur for nom, valeur in (lus | champs).items() if valeur is not None}


def test_deux_corrections_ne_s_ecrasent_pas(comop: Instance, cheffe: Any) -> None:
    decision = DecisionFactory(comite=comop)
    client, url = connecte(cheffe), reverse("gouvernance:decision-modifier", args=[decision.pk])
    saisie = _saisie(client, url, intitule="Le mien")
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
    saisie = _saisie(client, url)
    assert saisie["parcours"] == [un.pk]
    modifier(decision=decision, par=cheffe_de(comop.grappe), parcours=[un, deux])
    reponse = client.post(url, saisie)
    assert reponse.status_code == 409 and "les ESMS concernés" in lu(reponse)
    assert set(decision.portees.values_list("parcours", flat=True)) == {un.pk, deux.pk}
    assert client.post(url, saisie | {"vu": reponse.context["formulaire"].data["vu"]}).status_code == 302
    assert list(decision.portees.values_list("parcours", flat=True)) == [un.pk]
    assert "ESMS concernés changés" in lu(client.get(f"/decisions/{decision.pk}/"))


# --- les pages -----------------------------------------------------------------------------------------------------


def test_instruire_depuis_un_point(comop: Instance, cheffe: Any) -> None:
    point = PointFactory(seance=seance_ouverte(comop), titre="Ouvrir sans la recette ?", expose="Elle tarde.")
    parcours = ParcoursFactory(grappe=comop.grappe)
    client = connecte(cheffe)
    url = reverse("gouvernance:decision-creer", args=[comop.grappe_id]) + f"?point={point.pk}&parcours={parcours.pk}"
    saisie = _saisie(client, url, effet="levee", condition="va", levee_au=dans(20))
    assert (saisie["intitule"], saisie["seance"], saisie["parcours"]) == (point.titre, point.seance_id, [parcours.pk])
    reponse = client.post(url, saisie, follow=True)
    decision = Decision.objects.get()
    assert reponse.redirect_chain[-1][0] == f"/decisions/{decision.pk}/"
    assert "Décision n° 1" in lu(reponse) and "pas encore : la décision reste à arbitrer" in lu(reponse)
    assert decision.issue.point == point and decision.condition == "va"


def test_une_saisie_refusee_reste_affichee(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    client, url = connecte(cheffe), reverse("gouvernance:decision-creer", args=[comop.grappe_id])
    saisie = _saisie(client, url, intitule="Mon idée", effet="levee", condition="va", levee_au=dans(-1))
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


# --- qui lit quoi --------------------------------------------------------------------------------------------------


def test_qui_lit_une_decision(comop: Instance, cheffe: Any) -> None:
    nomme, voisin = (ParcoursFactory(grappe=comop.grappe) for _ in range(2))
    membre, autre_membre = (affecter(Role.MEMBRE, comop.grappe) for _ in range(2))
    mandater(comop, membre)
    comptes = {
        "cheffe": cheffe,
        "membre": membre,
        "autre membre": autre_membre,
        "directrice": directrice_de(nomme),
        "voisine": directrice_de(voisin),
        "siege": affecter(Role.SIEGE, nomme.esms.og),
        "ars": affecter(Role.ARS, comop.grappe.region),
        "ailleurs": directrice_de(ParcoursFactory()),
    }

    def lecteurs(decision: Decision) -> set[str]:
        return {nom for nom, c in comptes.items() if Decision.objects.visibles_par(c).filter(pk=decision.pk).exists()}

    decision = instruire(comite=comop, par=cheffe, seance=seance_ouverte(comop), intitule="Une", parcours=[nomme])
    assert lecteurs(decision) == {"cheffe", "membre"}
    changer_etat(decision, "arbitrer", par=cheffe)
    assert lecteurs(decision) == {"cheffe", "membre", "directrice", "siege"}
    pour_tous = instruire(comite=comop, par=cheffe, seance=seance_ouverte(comop), intitule="Deux")
    changer_etat(pour_tous, "arbitrer", par=cheffe)
    assert lecteurs(pour_tous) == {"cheffe", "membre", "directrice", "voisine", "siege"}
    abandonnee = instruire(comite=comop, par=cheffe, intitule="Trois", parcours=[nomme])
    changer_etat(abandonnee, "abandonner", par=cheffe, motif="sans objet")
    assert lecteurs(abandonnee) == {"cheffe", "membre"}, "jamais arbitrée, elle n'a jamais touché personne"


def test_une_directrice_ne_lit_pas_le_nom_des_esms_qu_elle_ne_voit_pas(comop: Instance, cheffe: Any) -> None:
    sien, voisin = (ParcoursFactory(grappe=comop.grappe) for _ in range(2))
    decision = DecisionFactory(comite=comop)
    for parcours in (sien, voisin):
        Portee.objects.create(decision=decision, parcours=parcours)
    changer_etat(decision, "arbitrer", par=cheffe)
    client = connecte(directrice_de(sien))
    for url in (LISTE, f"/decisions/{decision.pk}/"):
        page = lu(client.get(url))
        assert sien.esms.nom in page and "1 autre ESMS" in page and voisin.esms.nom not in page
    assert voisin.esms.nom in lu(connecte(cheffe).get(LISTE))


# --- la liste, l'API -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("critere", "attendus"),
    [
        ("", {"levee", "finie", "tous", "instruite"}),
        ("etat=instruite", {"instruite"}),
        ("effet=levee", {"levee", "finie"}),
        ("condition=va", {"levee"}),
        ("levee=en_cours", {"levee"}),
        ("levee=finie", {"finie"}),
        ("portee=grappe", {"tous", "instruite"}),
        ("portee=esms", {"levee", "finie"}),
        ("revue=arrivee", {"tous"}),
        ("revue=30", {"levee"}),
        ("revue=sans", {"finie", "instruite"}),
        ("instance=comop", {"levee", "finie", "tous", "instruite"}),
        ("instance=costrat", set()),
        ("esms=bastide", {"levee"}),
        ("recherche=nuit", {"levee"}),
    ],
)
def test_chaque_filtre_garde_ce_qu_il_dit(comop: Instance, cheffe: Any, critere: str, attendus: set[str]) -> None:
    bastide = ParcoursFactory(grappe=comop.grappe, esms__nom="IME La Bastide")
    levee = levee_de(comop, "va", bastide, intitule="Ouvrir la nuit", revue_le=dans(9))
    finie = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe), intitule="Sans vague")
    tous = DecisionFactory(comite=comop, intitule="Se voir chaque mois", revue_le=dans(-1))
    for decision in (levee, finie, tous):
        changer_etat(decision, "arbitrer", par=cheffe)
    changer_etat(finie, "reviser", par=cheffe, motif="vague choisie")
    instruite = DecisionFactory(comite=comop, intitule="À trancher")
    noms = {levee: "levee", finie: "finie", tous: "tous", instruite: "instruite"}
    lignes = connecte(cheffe).get(f"{LISTE}?{critere}").context["liste"].table.rows
    assert {noms[ligne.record] for ligne in lignes} == attendus


def test_celles_qui_touchent_un_esms_une_fois_chacune(comop: Instance, cheffe: Any) -> None:
    un, deux = (ParcoursFactory(grappe=comop.grappe) for _ in range(2))
    commune, pour_un, pour_deux, pour_tous = (DecisionFactory(comite=comop, intitule=n) for n in "abcd")
    DecisionFactory()
    for decision, nommes in ((commune, (un, deux)), (pour_un, (un,)), (pour_deux, (deux,))):
        for parcours in nommes:
            Portee.objects.create(decision=decision, parcours=parcours)
    reponse = connecte(cheffe).get(f"/api/v1/decisions/?parcours={un.pk}").json()
    assert {d["intitule"] for d in reponse["results"]} == {"a", "b", "d"} and reponse["count"] == 3
    par_nom = {d["intitule"]: d["portee"] for d in reponse["results"]}
    assert par_nom["d"] == {"toute": True, "parcours": [], "autres": 0}
    assert set(par_nom["a"]["parcours"]) == {un.pk, deux.pk}
    assert connecte(cheffe).get("/api/v1/decisions/?parcours=999999").json()["count"] == 0


def test_le_financeur_ne_lit_aucune_decision(comop: Instance, cheffe: Any) -> None:
    changer_etat(DecisionFactory(comite=comop), "arbitrer", par=cheffe)
    client = connecte(affecter(Role.ARS, comop.grappe.region))
    assert client.get("/api/v1/decisions/").json()["count"] == 0
    assert "Aucune décision" in lu(client.get(LISTE))


@pytest.mark.parametrize("url", [LISTE, f"{LISTE}?format=csv", "/api/v1/decisions/"])
def test_la_liste_lit_en_requetes_constantes(comop: Instance, cheffe: Any, url: str) -> None:
    seance = seance_ouverte(comop)

    def peupler(n: int) -> None:
        for _ in range(n):
            decision = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe), seance=seance)
            Portee.objects.create(decision=decision, parcours=ParcoursFactory(grappe=comop.grappe))

    exiger_requetes_constantes(connecte(cheffe), url, peupler)


def test_la_liste_dit_ou_en_instruire_une(comop: Instance, cheffe: Any) -> None:
    url = reverse("gouvernance:decision-creer", args=[comop.grappe_id])
    animateur = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, animateur, anime=True)
    for qui in (cheffe, animateur):
        assert lu(connecte(qui).get(LISTE)).count(url) == 2, "en tête, et sur la page vide"
    autre = GrappeFactory()
    affecter(Role.CHEF_PROJET, autre, utilisateur=cheffe)
    client = connecte(cheffe)
    assert "Instruire une décision" not in lu(client.get(LISTE)), "deux grappes : on dit d'abord laquelle"
    assert url in lu(client.get(f"{LISTE}?grappe={comop.grappe_id}"))
    assert "Instruire une décision" not in lu(connecte(directrice_de(ParcoursFactory(grappe=comop.grappe))).get(LISTE))


def test_l_export_dit_les_memes_mots(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    levee_de(comop, "vague", parcours, intitule="=cmd|' /C calc'!A0")
    colonnes = "numero,portee,effet,condition,etat,levee_au"
    entete, ligne = lignes_csv(connecte(cheffe).get(f"{LISTE}?format=csv&colonnes={colonnes}"))
    dit = dict(zip(entete, ligne, strict=True))
    assert dit["Pour"] == str(parcours) and dit["Ce qu'elle change"] == "Une condition levée"
    assert dit["Condition levée"] == "Vague de déploiement choisie" and dit["État"] == "Instruite"
    assert not dit["Décision"].startswith("="), "une formule ne s'emporte pas"


# --- la page d'un ESMS ---------------------------------------------------------------------------------------------


def test_la_page_d_un_esms_montre_les_decisions_qui_le_touchent(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    levee = levee_de(comop, "va", parcours, intitule="Ouvrir sans la VA")
    changer_etat(levee, "arbitrer", par=cheffe)
    changer_etat(DecisionFactory(comite=comop, intitule="Se voir chaque mois"), "arbitrer", par=cheffe)
    levee_de(comop, "va", ParcoursFactory(grappe=comop.grappe), intitule="Pour un autre")
    client, url = connecte(directrice_de(parcours)), reverse("gouvernance:parcours-decisions", args=[parcours.pk])
    assert f'hx-get="{url}"' in client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    fragment = lu(client.get(url, headers={"HX-Request": "true"}))
    assert "<html" not in fragment and "Instruire une décision" not in fragment
    assert "Ouvrir sans la VA" in fragment and "Condition levée jusqu’au" in fragment
    assert "Se voir chaque mois" in fragment and "toute la grappe" in fragment and "Pour un autre" not in fragment
    assert "<html" in lu(client.get(url)), "sans script, c'est une page"
    assert "Instruire une décision" in lu(connecte(cheffe).get(url, headers={"HX-Request": "true"}))


def test_le_fragment_lit_en_requetes_constantes(comop: Instance, cheffe: Any) -> None:
    parcours, seance = ParcoursFactory(grappe=comop.grappe), seance_ouverte(comop)
    url = reverse("gouvernance:parcours-decisions", args=[parcours.pk])
    exiger_requetes_constantes(
        connecte(cheffe), url, lambda n: [levee_de(comop, "va", parcours, seance=seance) for _ in range(n)]
    )


def test_la_page_d_une_decision_lit_en_requetes_constantes(comop: Instance, cheffe: Any) -> None:
    decision = DecisionFactory(comite=comop)

    def peupler(n: int) -> None:
        for _ in range(n):
            Portee.objects.create(decision=decision, parcours=ParcoursFactory(grappe=comop.grappe))
            services.ajouter_une_action(decision=decision, par=cheffe, libelle="Une")

    peupler(1)  # deux ESMS au moins : les actions sont celles de la grappe
    exiger_requetes_constantes(connecte(cheffe), f"/decisions/{decision.pk}/", peupler)
