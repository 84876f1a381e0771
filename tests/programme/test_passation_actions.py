"""Les actions ouvertes de qui part : elles suivent leur rôle, ou vont à quelqu'un qu'on nomme ; tout ou rien."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.services.passation import (
    CONFIER,
    GARDER,
    TERMINER,
    Bilan,
    Geste,
    Successeur,
    lignes_de,
    passer_la_main,
)
from programme.services.passation_actions import actions_de
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, nb_requetes
from tests.fabriques import (
    ActionFactory,
    GroupeFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="IME du Bac")


@pytest.fixture
def admin() -> Utilisateur:
    return affecter(Role.ADMIN)


@pytest.fixture
def cheffe(parcours: Parcours) -> Utilisateur:
    return cheffe_de(parcours.grappe)


def _passer(compte: Utilisateur, action: str, *, par: Utilisateur, suite: Any = None, **arguments: Any) -> Bilan:
    lignes = lignes_de(compte, par=par)
    gestes = [Geste(a, action, Successeur(suite, suite.identifiant) if suite else None) for a in lignes]
    valeurs = {"actions": actions_de(compte, lignes, par=par), "dernier_jour": timezone.localdate()} | arguments
    return passer_la_main(compte=compte, gestes=gestes, par=par, **valeurs)


def _page(compte: Utilisateur) -> str:
    return reverse("programme:passation", args=[compte.pk])


# --- suivre le rôle ------------------------------------------------------------------------------------------------


def test_l_action_va_au_successeur_du_role(parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur) -> None:
    suite = UtilisateurFactory()
    cable = ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    prises = ActionFactory(parcours=parcours, responsable=cheffe)
    bilan = _passer(cheffe, CONFIER, par=admin, suite=suite)
    assert {a.responsable for a in Action.objects.all()} == {suite}
    assert bilan.actions == [f"« {a} », {a.pour} : à {suite}." for a in (cable, prises)]
    assert cable.history.latest().history_user == admin


def test_un_successeur_invite_la_recoit_aussi(parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur) -> None:
    ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    lignes = lignes_de(cheffe, par=admin)
    a_inviter = Successeur(None, "relais", "Relais", "relais@exemple.invalid")
    passer_la_main(
        compte=cheffe,
        gestes=[Geste(lignes[0], CONFIER, a_inviter)],
        dernier_jour=timezone.localdate(),
        par=admin,
        actions=actions_de(cheffe, lignes, par=admin),
    )
    assert Action.objects.get().responsable == Utilisateur.objects.get(identifiant="relais")


def test_le_role_le_plus_proche_l_emporte(parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur) -> None:
    """Cheffe de la grappe et directrice de l'ESMS : l'action de l'ESMS va au successeur de la direction."""
    affecter(Role.DIRECTEUR, parcours.esms, utilisateur=cheffe)
    conduite, direction = UtilisateurFactory(), UtilisateurFactory()
    prises = ActionFactory(parcours=parcours, responsable=cheffe)
    cable = ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    lignes = lignes_de(cheffe, par=admin)
    suites = {Role.CHEF_PROJET: conduite, Role.DIRECTEUR: direction}
    passer_la_main(
        compte=cheffe,
        gestes=[Geste(a, CONFIER, Successeur(suites[a.role], suites[a.role].identifiant)) for a in lignes],
        dernier_jour=timezone.localdate(),
        par=admin,
        actions=actions_de(cheffe, lignes, par=admin),
    )
    for action, attendu in ((prises, direction), (cable, conduite)):
        action.refresh_from_db()
        assert action.responsable == attendu


@pytest.mark.parametrize("portee", ["esms", "groupe", "og", "grappe", "region"])
def test_chaque_etendue_couvre_les_actions_de_ses_esms_et_de_leur_grappe(
    parcours: Parcours, admin: Utilisateur, portee: str
) -> None:
    groupe = GroupeFactory(og=parcours.esms.og)
    groupe.esms.add(parcours.esms)
    cible: Any = {
        "esms": parcours.esms, "groupe": groupe, "og": parcours.esms.og, "grappe": parcours.grappe,
        "region": parcours.esms.departement.region,
    }[portee]  # fmt: skip
    role = {"og": Role.APPUI, "region": Role.GRADES}.get(portee, Role.APPUI if portee == "grappe" else Role.DIRECTEUR)
    compte = affecter(role, cible)
    ailleurs = ParcoursFactory(esms__departement=None, grappe__region=None)
    for une in (parcours, ailleurs):
        ActionFactory(parcours=une, responsable=compte)
        ActionFactory(grappe=une.grappe, responsable=compte)
    lues = actions_de(compte, lignes_de(compte, par=admin), par=admin)
    assert {x.action.grappe_id for x in lues} == {parcours.grappe_id}, "ailleurs, aucun de ses rôles ne la couvre"
    assert all(x.role == compte.affectations.get() for x in lues) and len(lues) == 2


@pytest.mark.parametrize("geste", [GARDER, TERMINER])
def test_sans_successeur_elle_reste_et_cela_se_dit(
    parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur, geste: str
) -> None:
    cheffe_de(parcours.grappe)
    ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    membre = affecter(Role.MEMBRE, parcours.grappe, utilisateur=cheffe).affectations.get(role=Role.MEMBRE)
    lignes = lignes_de(cheffe, par=admin)
    gestes = [Geste(a, TERMINER if a == membre else geste) for a in lignes]
    actions = actions_de(cheffe, lignes, par=admin)
    jour = timezone.localdate()
    bilan = passer_la_main(compte=cheffe, gestes=gestes, dernier_jour=jour, par=admin, actions=actions)
    assert "reste à son nom" in bilan.actions[0] and Action.objects.get().responsable == cheffe


def test_une_action_close_ou_d_un_autre_ne_bouge_pas(
    parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur
) -> None:
    close = ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    changer_etat(close, "terminer", par=cheffe)
    d_un_autre = ActionFactory(grappe=parcours.grappe, responsable=cheffe_de(parcours.grappe))
    _passer(cheffe, CONFIER, par=admin, suite=UtilisateurFactory())
    for action in (close, d_un_autre):
        avant = action.responsable
        action.refresh_from_db()
        assert action.responsable == avant


# --- à quelqu'un d'autre -------------------------------------------------------------------------------------------


def test_a_quelqu_un_qui_les_voit_deja(parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur) -> None:
    referent = affecter(Role.REFERENT, parcours.esms)
    ActionFactory(parcours=parcours, responsable=cheffe)
    _passer(cheffe, CONFIER, par=admin, suite=UtilisateurFactory(), actions_a=referent)
    assert Action.objects.get().responsable == referent


def test_confier_ses_seules_actions_suffit(parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur) -> None:
    referent = affecter(Role.REFERENT, parcours.esms)
    ActionFactory(parcours=parcours, responsable=cheffe)
    _passer(cheffe, GARDER, par=admin, actions_a=referent)
    assert Action.objects.get().responsable == referent and cheffe.affectations.get().au is None


def test_a_quelqu_un_qui_ne_les_voit_pas_rien_n_est_ecrit(
    parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur
) -> None:
    ailleurs = directrice_de(ParcoursFactory())
    ActionFactory(parcours=parcours, responsable=cheffe)
    with pytest.raises(Refus, match="ne voit pas") as refus:
        _passer(cheffe, CONFIER, par=admin, suite=UtilisateurFactory(), actions_a=ailleurs)
    assert "actions-identifiant" in refus.value.champs


# --- qui, et la page -----------------------------------------------------------------------------------------------


def test_on_ne_passe_que_ce_que_l_on_tient_ou_dont_on_passe_le_role(parcours: Parcours, cheffe: Utilisateur) -> None:
    """Le siège passe la direction d'un de ses ESMS : ses actions de cet ESMS suivent, pas celles d'un autre OG."""
    siege, directrice = affecter(Role.SIEGE, parcours.esms.og), directrice_de(parcours)
    voisin = ParcoursFactory(grappe=parcours.grappe)
    affecter(Role.DIRECTEUR, voisin.esms, utilisateur=directrice)
    sienne = ActionFactory(parcours=parcours, responsable=directrice)
    ActionFactory(parcours=voisin, responsable=directrice)
    lues = actions_de(directrice, lignes_de(directrice, par=siege), par=siege)
    assert [x.action for x in lues] == [sienne]


def _saisie(compte: Utilisateur, suite: Utilisateur, actions: list[Action]) -> dict[str, Any]:
    (ligne,) = compte.affectations.all()
    return {
        "dernier_jour": timezone.localdate().isoformat(), f"role-{ligne.pk}-action": CONFIER,
        "suite-identifiant": suite.identifiant, "actions-actions": [a.pk for a in actions],
    }  # fmt: skip


def test_de_la_saisie_a_la_confirmation_ce_qui_est_decoche_reste(
    parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur
) -> None:
    client, suite = connecte(admin), UtilisateurFactory()
    suivie, gardee = (ActionFactory(grappe=parcours.grappe, responsable=cheffe) for _ in range(2))
    corps = unescape(client.get(_page(cheffe)).content.decode())
    assert "2 actions ouvertes à son nom" in corps and suivie.libelle in corps
    apercu = client.post(_page(cheffe), _saisie(cheffe, suite, [suivie]))
    texte = unescape(apercu.content.decode()).replace("\u00a0", " ")
    assert "Ses actions ouvertes" in texte and f"« {suivie} »" in texte and f"« {gardee} »" not in texte
    assert not Action.objects.filter(responsable=suite).exists(), "l'aperçu n'écrit rien"
    cachees = dict(apercu.context["saisie"].cachees())
    client.post(_page(cheffe), cachees | {"geste": "confirmer"})
    assert [a.responsable for a in Action.objects.order_by("pk")] == [suite, cheffe]


def test_une_action_close_entre_temps_fait_relire(parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur) -> None:
    client, suite = connecte(admin), UtilisateurFactory()
    action = ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    saisie = _saisie(cheffe, suite, [action]) | {"geste": "confirmer"}
    changer_etat(action, "terminer", par=cheffe)
    ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    reponse = client.post(_page(cheffe), saisie)
    assert reponse.status_code == 422 and "relisez-la" in reponse.content.decode()
    assert cheffe.affectations.get().au is None, "rien n'est écrit"


def test_un_identifiant_inconnu_se_dit_a_son_champ(parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur) -> None:
    action = ActionFactory(grappe=parcours.grappe, responsable=cheffe)
    saisie = _saisie(cheffe, UtilisateurFactory(), [action]) | {"actions-identifiant": "personne"}
    reponse = connecte(admin).post(_page(cheffe), saisie)
    assert reponse.status_code == 422 and "Aucun compte ouvert" in reponse.content.decode()


def test_autant_de_requetes_a_une_action_qu_a_trente(
    parcours: Parcours, cheffe: Utilisateur, admin: Utilisateur
) -> None:
    def peupler(grappe: Grappe) -> None:
        ActionFactory(grappe=grappe, responsable=cheffe)
        ActionFactory(parcours=ParcoursFactory(grappe=grappe), responsable=cheffe)

    client = connecte(admin)
    peupler(parcours.grappe)
    une = nb_requetes(client, _page(cheffe))
    for _ in range(15):
        peupler(parcours.grappe)
    assert nb_requetes(client, _page(cheffe)) == une
