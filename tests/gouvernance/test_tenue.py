"""Tenir une séance : présences, notes à plusieurs, issues ; ce qui se refuse, ce qui reste à l'écran."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import Decision, Issue, Point, Presence, Seance
from gouvernance.services.ordre_du_jour import DIFFUSE
from gouvernance.services.tenue import (
    PAS_OUVERTE,
    PRESENCES_FIGEES,
    consigner_action,
    consigner_decision,
    consigner_information,
    noter_point,
    noter_presences,
    retirer_issue,
)
from programme.enums import Role
from programme.models import Action
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import (
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    mandater,
    seance_close,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seance() -> Seance:
    return seance_ouverte(InstanceFactory(quorum=50))


@pytest.fixture
def point(seance: Seance) -> Point:
    return PointFactory(seance=seance)


@pytest.fixture
def cheffe(seance: Seance) -> Any:
    return cheffe_de(seance.comite.grappe)


def lu(reponse: Any) -> str:
    return reponse.content.decode().replace("&#x27;", "'").replace("\xa0", " ").replace("\u202f", " ")


def _page(seance: Seance) -> str:
    return reverse("gouvernance:seance-detail", args=[seance.pk])


# --- les présences -------------------------------------------------------------------------------------------------


def test_les_presences_font_le_quorum(seance: Seance, cheffe: Any) -> None:
    un, deux, trois = (mandater(seance.comite) for _ in range(3))
    mandater(seance.comite, a_voix=False)
    noter_presences(seance=seance, par=cheffe, statuts={un.pk: ("", "present"), deux.pk: ("", "excuse")})
    assert (seance.quorum().presentes, seance.quorum().requis, seance.quorum().atteint) == (1, 2, False)
    noter_presences(seance=seance, par=cheffe, statuts={trois.pk: ("", "present")})
    assert seance.quorum().atteint
    noter_presences(seance=seance, par=cheffe, statuts={trois.pk: ("present", "")})
    assert not Presence.objects.filter(mandat=trois).exists()


def test_deux_personnes_notent_les_presences_sans_s_ecraser(seance: Seance, cheffe: Any) -> None:
    un, deux = mandater(seance.comite), mandater(seance.comite)
    client, url = connecte(cheffe), reverse("gouvernance:seance-presences", args=[seance.pk])
    # L'autre a noté le premier siège ; je note le second, sur une page d'avant.
    noter_presences(seance=seance, par=cheffe, statuts={un.pk: ("", "present")})
    saisie = {f"lu_{un.pk}": "", f"siege_{un.pk}": "", f"lu_{deux.pk}": "", f"siege_{deux.pk}": "absent"}
    assert client.post(url, saisie).status_code == 302
    assert dict(Presence.objects.values_list("mandat", "statut")) == {un.pk: "present", deux.pk: "absent"}
    # Le même siège, autrement : on l'apprend.
    reponse = client.post(url, {f"lu_{un.pk}": "", f"siege_{un.pk}": "excuse"})
    assert reponse.status_code == 409 and un.nom in lu(reponse)
    assert Presence.objects.get(mandat=un).statut == "present"


def test_noter_les_presents_d_un_geste(seance: Seance, cheffe: Any) -> None:
    un, deux, trois = (mandater(seance.comite) for _ in range(3))
    saisie = {f"siege_{un.pk}": "excuse", "tous": "1"}
    connecte(cheffe).post(reverse("gouvernance:seance-presences", args=[seance.pk]), saisie)
    notees = dict(Presence.objects.values_list("mandat", "statut"))
    assert notees == {un.pk: "excuse", deux.pk: "present", trois.pk: "present"}


def test_sans_quorum_la_seance_se_clot_et_le_dit(seance: Seance, cheffe: Any) -> None:
    mandater(seance.comite)
    changer_etat(seance, "clore", par=cheffe)
    assert seance.quorum_atteint is False
    assert "Séance tenue sans quorum" in lu(connecte(cheffe).get(_page(seance)))
    with pytest.raises(Refus, match=PRESENCES_FIGEES):
        noter_presences(seance=seance, par=cheffe, statuts={})


# --- les notes -----------------------------------------------------------------------------------------------------


def _noter(client: Any, point: Point, vu: int, notes: str, **entetes: Any) -> Any:
    nom = f"p{point.pk}"
    saisie = {f"{nom}-suite": "traite", f"{nom}-notes": notes, f"{nom}-vu": vu}
    return client.post(reverse("gouvernance:point-noter", args=[point.pk]), saisie, **entetes)


def test_deux_personnes_prennent_des_notes_rien_ne_s_ecrase(seance: Seance, point: Point, cheffe: Any) -> None:
    animatrice = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, animatrice, anime=True)
    vu = Point.history.filter(id=point.pk).latest().history_id
    assert _noter(connecte(animatrice), point, vu, "Ce qu'elle a entendu").status_code == 302
    mienne = _noter(connecte(cheffe), point, vu, "Ce que j'ai entendu")
    corps = lu(mienne)
    assert mienne.status_code == 409 and f"{animatrice} a changé" in corps
    assert "Ce qu'elle a entendu" in corps and "Ce que j'ai entendu" in corps
    assert Point.objects.get().notes == "Ce qu'elle a entendu"
    # Relu, le second envoi passe, en connaissance de cause.
    jeton = mienne.context["lu"].formulaire.data[f"p{point.pk}-vu"]
    assert _noter(connecte(cheffe), point, jeton, "Les deux").status_code == 302
    assert Point.objects.get().notes == "Les deux"


def test_htmx_ne_rend_que_le_point(seance: Seance, point: Point, cheffe: Any) -> None:
    vu = Point.history.filter(id=point.pk).latest().history_id
    reponse = _noter(connecte(cheffe), point, vu, "Dit", headers={"HX-Request": "true"})
    corps = lu(reponse)
    assert reponse.status_code == 200 and "Enregistré à" in corps and "<textarea" not in corps and "<html" not in corps
    neuf = reponse.context["formulaire"].initial["vu"]
    assert neuf > vu, "le jeton suit : la note d'après ne se croise pas elle-même"
    croisee = _noter(connecte(cheffe), point, vu, "Dit autrement", headers={"HX-Request": "true"})
    assert croisee.status_code == 409 and croisee["HX-Retarget"] == f"#notes-{point.pk}"
    assert "Dit autrement" in lu(croisee) and "Ce qui est enregistré maintenant" in lu(croisee)
    entetes, nom = {"HX-Request": "true"}, f"p{point.pk}"
    saisie = {f"{nom}-suite": "traite", f"{nom}-notes": "Dit autrement", f"{nom}-vu": neuf, "refusee": "1"}
    reglee = connecte(cheffe).post(reverse("gouvernance:point-noter", args=[point.pk]), saisie, headers=entetes)
    assert "Enregistré à" in lu(reglee) and "Ce qui est enregistré maintenant" not in lu(reglee)


def test_enregistrer_deux_fois_la_meme_chose_n_ajoute_rien(seance: Seance, point: Point, cheffe: Any) -> None:
    for _ in range(2):
        noter_point(point=point, par=cheffe, suite="traite", notes="Dit")
    assert Point.history.filter(id=point.pk).count() == 2


def test_diffusee_plus_rien_ne_se_change_et_la_saisie_reste(seance: Seance, point: Point, cheffe: Any) -> None:
    changer_etat(seance, "clore", par=cheffe)
    changer_etat(seance, "diffuser", par=cheffe)
    point.refresh_from_db()
    reponse = _noter(connecte(cheffe), point, 0, "Trop tard")
    assert reponse.status_code == 409 and DIFFUSE in lu(reponse) and "Trop tard" in lu(reponse)
    for geste in (
        lambda: noter_point(point=point, par=cheffe, suite="traite"),
        lambda: consigner_information(point=point, texte="Trop tard", par=cheffe),
        lambda: consigner_decision(point=point, texte="Trop tard", par=cheffe),
        lambda: consigner_action(point=point, libelle="Trop tard", par=cheffe),
        lambda: noter_presences(seance=seance, statuts={}, par=cheffe),
    ):
        with pytest.raises(Refus, match=DIFFUSE):
            geste()
    url = reverse("gouvernance:issue-creer", args=[point.pk])
    reponse = connecte(cheffe).post(url, {"texte": "Trop tard"})
    assert reponse.status_code == 409 and DIFFUSE in lu(reponse) and "Trop tard" in lu(reponse)
    assert connecte(cheffe).get(url, follow=True).status_code == 200
    assert not Issue.objects.exists() and not Decision.objects.exists() and not Action.objects.exists()


def test_avant_l_ouverture_rien_ne_se_note(cheffe: Any, seance: Seance) -> None:
    point = PointFactory(seance=SeanceFactory(comite=seance.comite))
    with pytest.raises(Refus, match=PAS_OUVERTE):
        noter_point(point=point, par=cheffe, suite="traite")
    assert PAS_OUVERTE in lu(connecte(cheffe).get(reverse("gouvernance:point-noter", args=[point.pk]), follow=True))


def test_un_nir_se_refuse_a_son_champ_et_reste_ecrit(seance: Seance, point: Point, cheffe: Any) -> None:
    reponse = _noter(connecte(cheffe), point, 0, "NIR 1 85 05 78 006 084 91")
    assert reponse.status_code == 422 and not Point.objects.get().notes
    assert "1 85 05 78 006 084 91" in lu(reponse)


# --- les issues ----------------------------------------------------------------------------------------------------


def test_une_action_de_seance_est_a_faire_chez_son_responsable_et_nulle_part_ailleurs(
    seance: Seance, point: Point, cheffe: Any
) -> None:
    parcours = ParcoursFactory(grappe=seance.comite.grappe)
    directrice, voisine = directrice_de(parcours), directrice_de(ParcoursFactory(grappe=seance.comite.grappe))
    membre = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, membre)
    client, url = connecte(cheffe), reverse("gouvernance:issue-creer", args=[point.pk]) + "?nature=action"
    saisie = {
        "libelle": "Poser deux bornes",
        "cible": str(parcours.pk),
        "responsable": str(directrice.pk),
        "echeance": f"{timezone.localdate() + timedelta(days=5):%Y-%m-%d}",
    }
    assert client.post(url, saisie).status_code == 302
    action = Action.objects.get()
    assert (action.origine, action.source, action.parcours) == ("seance", point, parcours)
    assert Issue.objects.get().action == action and not Issue.objects.get().tardive

    def lignes(compte: Any) -> str:
        compte.__dict__.pop("perimetre", None)
        return " ".join(f"{x.titre} {x.detail} {x.liens}" for x in a_faire(compte, timezone.localdate()))

    assert "Poser deux bornes" in lignes(directrice)
    for autre in (cheffe, voisine, membre):
        assert "Poser deux bornes" not in lignes(autre)
    # De l'action, qui suit l'instance revient au point ; les autres lisent l'action sans la séance.
    fiche = reverse("programme:action-detail", args=[action.pk])
    assert f"/seances/{seance.pk}/#point-{point.pk}" in lu(client.get(fiche))
    assert f"/seances/{seance.pk}/" not in lu(connecte(directrice).get(fiche))


def test_un_responsable_qui_ne_voit_pas_la_grappe_se_refuse(seance: Seance, point: Point, cheffe: Any) -> None:
    with pytest.raises(Refus) as refus:
        consigner_action(point=point, libelle="Non", par=cheffe, responsable=UtilisateurFactory())
    assert "responsable" in refus.value.champs and not Issue.objects.exists() and not Action.objects.exists()


def test_qui_anime_sans_conduire_ne_cree_pas_d_action(seance: Seance, point: Point) -> None:
    animatrice = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, animatrice, anime=True)
    url = reverse("gouvernance:issue-creer", args=[point.pk]) + "?nature=action"
    assert "s’écrit par le chef de projet" in lu(connecte(animatrice).get(url))
    assert consigner_information(point=point, texte="Noté", par=animatrice)


def test_une_decision_entre_au_registre_instruite_numerotee(seance: Seance, point: Point, cheffe: Any) -> None:
    consigner_decision(point=point, texte="Former la nuit d'abord", par=cheffe)
    issue = consigner_decision(point=point, texte="Reporter la vague 2", par=cheffe)
    assert [d.numero for d in Decision.objects.order_by("pk")] == [1, 2]
    decision = issue.decision
    assert (decision.etat, decision.seance, decision.comite) == ("instruite", seance, seance.comite)
    with pytest.raises(Refus, match="abandonnez-la"):
        retirer_issue(issue=issue, par=cheffe)


def test_consignee_apres_la_cloture_elle_le_dit(seance: Seance, point: Point, cheffe: Any) -> None:
    issue = consigner_information(point=point, texte="Pendant", par=cheffe)
    assert not issue.tardive
    changer_etat(seance, "clore", par=cheffe)
    tardive = consigner_information(point=point, texte="Après", par=cheffe)
    assert tardive.tardive and timezone.localdate(tardive.consignee_le) == timezone.localdate()
    assert "consignée après la clôture" in lu(connecte(cheffe).get(_page(seance)))
    connecte(cheffe).post(reverse("gouvernance:issue-retirer", args=[issue.pk]))
    assert [i.texte for i in Issue.objects.all()] == ["Après"]


def test_consigner_sur_place(seance: Seance, point: Point, cheffe: Any) -> None:
    client, url = connecte(cheffe), reverse("gouvernance:issue-creer", args=[point.pk])
    entetes = {"HX-Request": "true"}
    for nature, nom in (("information", "texte"), ("decision", "texte"), ("action", "libelle")):
        ouvert = lu(client.get(f"{url}?nature={nature}", headers=entetes))
        assert f'name="{nom}"' in ouvert and "<html" not in ouvert
        fautif = client.post(f"{url}?nature={nature}", {nom: ""}, headers=entetes)
        assert fautif.status_code == 422 and f'name="{nom}"' in lu(fautif)
    ecrit = lu(client.post(url, {"texte": "Le réseau est refait"}, headers=entetes))
    assert "Le réseau est refait" in ecrit and 'name="texte"' not in ecrit
    assert client.get(f"{url}?nature=voeu").status_code == 404


def test_un_membre_lit_mais_n_ecrit_pas(seance: Seance, point: Point) -> None:
    membre = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, membre)
    client = connecte(membre)
    assert "Projet de compte rendu" in lu(client.get(_page(seance)))
    assert _noter(client, point, 0, "Non").status_code == 403
    for nom in ("point-modifier", "issue-creer"):
        assert client.get(reverse(f"gouvernance:{nom}", args=[point.pk])).status_code == 403
    ailleurs = SeanceFactory(comite=InstanceFactory(grappe=seance.comite.grappe))
    assert client.get(_page(ailleurs)).status_code == 404
    mandater(ailleurs.comite, affecter(Role.MEMBRE, seance.comite.grappe))
    with pytest.raises(Refus):
        consigner_information(point=point, texte="Non", par=membre)


def test_ouverte_ou_close_la_page_en_requetes_constantes(cheffe: Any, seance: Seance) -> None:
    def peupler(n: int) -> None:
        for _ in range(n):
            mandater(seance.comite)
            point = PointFactory(seance=seance)
            consigner_information(point=point, texte="Dit", par=cheffe)
            consigner_action(point=point, libelle="Faire", par=cheffe)
            consigner_decision(point=point, texte="Décider", par=cheffe)

    exiger_requetes_constantes(connecte(cheffe), _page(seance), peupler)
    changer_etat(seance, "clore", par=cheffe)

    def repeupler(n: int) -> None:
        for _ in range(n):
            consigner_decision(point=PointFactory(seance=seance), texte="Décider", par=cheffe)

    exiger_requetes_constantes(connecte(cheffe), _page(seance), repeupler)


def test_close_on_note_sur_une_seance_sans_suivante(cheffe: Any, seance: Seance) -> None:
    close = seance_close(InstanceFactory(grappe=seance.comite.grappe, quorum=0))
    point = PointFactory(seance=close)
    assert noter_point(point=point, par=cheffe, suite="a_traiter", notes="Vu").suite == "reporte"
