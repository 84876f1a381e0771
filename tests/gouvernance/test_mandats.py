"""Les mandats : confier, corriger, finir ; le rôle de membre qui va avec ; ce qui se refuse."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gouvernance.enums import Represente
from gouvernance.models import Instance, Mandat
from gouvernance.services import mandats as services
from programme.enums import Role
from programme.models import Affectation, Grappe, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.versions import jeton
from tests.fabriques import ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import InstanceFactory, mandater, presents, seance_ouverte

pytestmark = pytest.mark.django_db


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory()


@pytest.fixture
def cheffe(comop: Instance) -> Utilisateur:
    return cheffe_de(comop.grappe)


def _jour(ecart: int = 0) -> date:
    return timezone.localdate() + timedelta(days=ecart)


def _confier(comop: Instance, par: Utilisateur, **valeurs: Any) -> services.Confie:
    donnees = {"represente": Represente.UTILISATEURS, "du": _jour()}
    return services.confier(instance=comop, par=par, **(donnees | valeurs))


def _membres(grappe: Grappe) -> list[tuple[Any, ...]]:
    lues = Affectation.objects.filter(grappe=grappe, role=Role.MEMBRE).order_by("du", "pk")
    return list(lues.values_list("utilisateur__identifiant", "du", "au"))


def _refus(code: str, champ: str, phrase: str, geste: Any) -> None:
    with pytest.raises(Refus) as leve:
        geste()
    assert leve.value.code == code
    dit = " ".join(leve.value.champs.get(champ, [])) if champ else leve.value.motif
    assert phrase in dit, leve.value.champs or leve.value.motif


# --- confier -------------------------------------------------------------------------------------------------------


def test_un_compte_sans_role_devient_membre_aux_memes_dates(comop: Instance, cheffe: Utilisateur) -> None:
    compte = UtilisateurFactory(identifiant="nora")
    confie = _confier(comop, cheffe, utilisateur=compte, du=_jour(3), au=_jour(90))
    assert confie.membres == (compte,) and confie.mandat.confie_par == cheffe
    assert _membres(comop.grappe) == [("nora", _jour(3), _jour(90))]


def test_un_compte_deja_de_la_grappe_garde_ses_roles(comop: Instance, cheffe: Utilisateur) -> None:
    directrice = directrice_de(ParcoursFactory(grappe=comop.grappe))
    assert _confier(comop, cheffe, utilisateur=directrice).membres == ()
    assert _confier(comop, cheffe, utilisateur=cheffe, represente=Represente.CONDUITE).membres == ()
    assert _membres(comop.grappe) == []


def test_le_suppleant_aussi_devient_membre_et_lit_l_instance(comop: Instance, cheffe: Utilisateur) -> None:
    suppleant = UtilisateurFactory()
    confie = _confier(comop, cheffe, fonction="La présidente du CVS", suppleant=suppleant)
    assert confie.membres == (suppleant,)
    lu = Utilisateur.objects.get(pk=suppleant.pk)
    assert list(Instance.objects.suivies_par(lu)) == [comop]
    assert Grappe.objects.visibles_par(lu).filter(pk=comop.grappe_id).exists()


def test_un_role_donne_a_la_main_ne_se_double_pas(comop: Instance, cheffe: Utilisateur) -> None:
    compte = affecter(Role.MEMBRE, comop.grappe, du=_jour(5))
    assert _confier(comop, cheffe, utilisateur=compte).membres == ()
    assert len(_membres(comop.grappe)) == 1


def test_une_fonction_sans_compte_suffit(comop: Instance, cheffe: Utilisateur) -> None:
    confie = _confier(comop, cheffe, fonction="La présidente du CVS", represente=Represente.PERSONNES)
    assert confie.mandat.nom == "La présidente du CVS" and confie.membres == ()


def test_la_conduite_et_les_utilisateurs_ne_gardent_aucune_cible(comop: Instance, cheffe: Utilisateur) -> None:
    esms = ParcoursFactory(grappe=comop.grappe).esms
    mandat = _confier(comop, cheffe, fonction="La référente", esms=esms, og=esms.og).mandat
    assert (mandat.esms, mandat.og) == (None, None)


# --- refuser -------------------------------------------------------------------------------------------------------


def test_un_financeur_ne_siege_pas(comop: Instance, cheffe: Utilisateur) -> None:
    ars = affecter(Role.ARS, comop.grappe.region)
    for champ, valeurs in (("utilisateur", {}), ("suppleant", {"fonction": "Une directrice"})):
        voulu: dict[str, Any] = {champ: ars} | valeurs
        _refus("champ", champ, "invitez-le à une séance", lambda v=voulu: _confier(comop, cheffe, **v))
    assert not Mandat.objects.exists() and _membres(comop.grappe) == []
    # Financeur par ailleurs, mais de la grappe par un ESMS : il siège au titre de l'ESMS.
    affecter(Role.DIRECTEUR, ParcoursFactory(grappe=comop.grappe).esms, utilisateur=ars)
    assert _confier(comop, cheffe, utilisateur=ars).mandat.pk


def test_les_cas_faux_se_disent_au_champ_et_rien_ne_s_ecrit(comop: Instance, cheffe: Utilisateur) -> None:
    compte, ferme = UtilisateurFactory(), UtilisateurFactory(is_active=False)
    ailleurs = ParcoursFactory().esms
    cas: list[tuple[str, str, dict[str, Any]]] = [
        ("utilisateur", "un compte, ou une fonction", {}),
        ("fonction", "pas les deux", {"utilisateur": compte, "fonction": "La directrice"}),
        ("utilisateur", "est fermé", {"utilisateur": ferme}),
        ("suppleant", "soi-même", {"utilisateur": compte, "suppleant": compte}),
        ("au", "finit avant de commencer", {"utilisateur": compte, "au": _jour(-1)}),
        ("represente", "Aucun ESMS de la grappe", {"utilisateur": compte, "represente": "esms", "esms": ailleurs}),
        ("represente", "Aucun ESMS de la grappe", {"utilisateur": compte, "represente": "og", "og": ailleurs.og}),
        ("represente", "Dites lequel", {"utilisateur": compte, "represente": "og"}),
    ]
    ParcoursFactory(grappe=comop.grappe)
    for champ, phrase, valeurs in cas:
        _refus("champ", champ, phrase, lambda v=valeurs: _confier(comop, cheffe, **v))
    assert not Mandat.objects.exists() and _membres(comop.grappe) == []


def test_le_meme_siege_ne_se_confie_pas_deux_fois(comop: Instance, cheffe: Utilisateur) -> None:
    compte = UtilisateurFactory()
    _confier(comop, cheffe, utilisateur=compte, au=_jour(10))
    _refus("champ", "utilisateur", "tient déjà ce siège", lambda: _confier(comop, cheffe, utilisateur=compte))
    _confier(comop, cheffe, utilisateur=compte, represente=Represente.PERSONNES)
    _confier(comop, cheffe, utilisateur=compte, du=_jour(11))


def test_seul_le_chef_de_projet_confie(comop: Instance) -> None:
    animatrice = mandater(comop, anime=True).utilisateur
    for compte in (directrice_de(ParcoursFactory(grappe=comop.grappe)), animatrice, affecter(Role.ADMIN)):
        _refus("droit", "", "chef de projet", lambda c=compte: _confier(comop, c, utilisateur=UtilisateurFactory()))


def test_une_instance_close_ne_confie_plus_rien(comop: Instance, cheffe: Utilisateur) -> None:
    Instance.objects.filter(pk=comop.pk).update(close_le=_jour())
    _refus("etat", "", "close", lambda: _confier(comop, cheffe, utilisateur=UtilisateurFactory()))


# --- corriger ------------------------------------------------------------------------------------------------------


def test_deux_personnes_sur_le_meme_siege_ne_s_ecrasent_pas(comop: Instance, cheffe: Utilisateur) -> None:
    mandat = _confier(comop, cheffe, utilisateur=UtilisateurFactory()).mandat
    vu = jeton(Mandat.history.filter(id=mandat.pk))
    services.modifier(mandat=mandat, par=cheffe, vu=vu, au=_jour(5))
    _refus("concurrence", "", "a changé : au", lambda: services.modifier(mandat=mandat, par=cheffe, vu=vu, au=_jour(9)))
    mandat.refresh_from_db()
    assert mandat.au == _jour(5)


def test_le_role_de_membre_suit_la_fin_du_mandat(comop: Instance, cheffe: Utilisateur) -> None:
    compte = UtilisateurFactory(identifiant="nora")
    mandat = _confier(comop, cheffe, utilisateur=compte, au=_jour(30)).mandat
    services.modifier(mandat=mandat, par=cheffe, au=_jour(10))
    assert _membres(comop.grappe) == [("nora", _jour(), _jour(10))]
    services.modifier(mandat=mandat, par=cheffe, au=_jour(60))
    assert _membres(comop.grappe) == [("nora", _jour(), _jour(10)), ("nora", _jour(11), _jour(60))]
    services.modifier(mandat=mandat, par=cheffe, au=None)
    assert _membres(comop.grappe)[2:] == [("nora", _jour(61), None)]
    services.modifier(mandat=mandat, par=cheffe, au=_jour(5))
    assert _membres(comop.grappe) == [("nora", _jour(), _jour(5))], "ce qui n'avait pas commencé s'efface"


def test_avancer_le_debut_d_un_mandat_avance_le_role(comop: Instance, cheffe: Utilisateur) -> None:
    mandat = _confier(comop, cheffe, utilisateur=UtilisateurFactory(identifiant="nora"), du=_jour(20)).mandat
    services.modifier(mandat=mandat, par=cheffe, du=_jour(2))
    assert _membres(comop.grappe) == [("nora", _jour(2), _jour(19)), ("nora", _jour(20), None)]


def test_changer_de_titulaire_rend_le_role_a_l_un_et_le_donne_a_l_autre(comop: Instance, cheffe: Utilisateur) -> None:
    avant, apres = UtilisateurFactory(identifiant="avant"), UtilisateurFactory(identifiant="apres")
    mandat = _confier(comop, cheffe, utilisateur=avant).mandat
    assert services.modifier(mandat=mandat, par=cheffe, utilisateur=apres).membres == (apres,)
    au = {identifiant: fin for identifiant, _, fin in _membres(comop.grappe)}
    assert au["apres"] is None and au["avant"] is not None and au["avant"] <= _jour()


def test_un_siege_qui_a_compte_a_une_seance_ne_change_pas_de_titulaire(comop: Instance, cheffe: Utilisateur) -> None:
    mandat = mandater(comop)
    presents(seance_ouverte(comop), mandat)
    _refus(
        "champ",
        "utilisateur",
        "a déjà compté",
        lambda: services.modifier(mandat=mandat, par=cheffe, utilisateur=UtilisateurFactory()),
    )
    services.modifier(mandat=mandat, par=cheffe, suppleant=UtilisateurFactory())


# --- finir ---------------------------------------------------------------------------------------------------------


def test_finir_un_mandat_clot_le_role_qu_il_portait_et_le_dit(comop: Instance, cheffe: Utilisateur) -> None:
    compte = UtilisateurFactory(identifiant="nora", nom="Nora")
    mandat = _confier(comop, cheffe, utilisateur=compte).mandat
    phrase = services.clore(mandat=mandat, au=_jour(), par=cheffe)
    assert phrase.startswith("Le mandat de Nora finit le") and "cesse d'être membre" in phrase
    assert _membres(comop.grappe) == [("nora", _jour(), _jour())]


def test_un_autre_mandat_garde_le_role(comop: Instance, cheffe: Utilisateur) -> None:
    compte = UtilisateurFactory(identifiant="nora")
    costrat = InstanceFactory(grappe=comop.grappe, type="costrat", nom="COSTRAT")
    mandat = _confier(comop, cheffe, utilisateur=compte).mandat
    _confier(costrat, cheffe, utilisateur=compte)
    assert "cesse" not in services.clore(mandat=mandat, au=_jour(), par=cheffe)
    assert _membres(comop.grappe) == [("nora", _jour(), None)]


def test_un_role_donne_a_la_main_survit_au_mandat(comop: Instance, cheffe: Utilisateur) -> None:
    compte = affecter(Role.MEMBRE, comop.grappe)
    mandat = _confier(comop, cheffe, utilisateur=compte).mandat
    assert "cesse" not in services.clore(mandat=mandat, au=_jour(), par=cheffe)
    assert _membres(comop.grappe)[0][2] is None


def test_un_role_confie_par_une_autre_cheffe_ne_bloque_pas_la_fin(comop: Instance, cheffe: Utilisateur) -> None:
    mandat = _confier(comop, cheffe, utilisateur=UtilisateurFactory()).mandat
    assert "cesse" not in services.clore(mandat=mandat, au=_jour(), par=cheffe_de(comop.grappe))
    mandat.refresh_from_db()
    assert mandat.au == _jour() and _membres(comop.grappe)[0][2] is None


def test_un_mandat_qui_n_a_pas_commence_s_efface_avec_son_role(comop: Instance, cheffe: Utilisateur) -> None:
    mandat = _confier(comop, cheffe, utilisateur=UtilisateurFactory(), du=_jour(20)).mandat
    assert "est retiré" in services.clore(mandat=mandat, au=_jour(), par=cheffe)
    assert not Mandat.objects.exists() and _membres(comop.grappe) == []


def test_une_fin_impossible_se_refuse(comop: Instance, cheffe: Utilisateur) -> None:
    mandat = mandater(comop, du=_jour(-10), au=_jour(10))
    _refus("champ", "au", "ne peut pas être avant", lambda: services.clore(mandat=mandat, au=_jour(-11), par=cheffe))
    _refus("champ", "au", "Il finit déjà", lambda: services.clore(mandat=mandat, au=_jour(11), par=cheffe))
    _refus("droit", "", "chef de projet", lambda: services.clore(mandat=mandat, au=_jour(), par=mandat.utilisateur))
