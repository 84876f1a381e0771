"""Quelqu'un part : ses rôles confiés, terminés ou gardés, tout ou rien."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role, Titre
from programme.models import Affectation, Parcours, Proposition, Utilisateur
from programme.permissions import peut_conduire
from programme.services.passation import CONFIER, GARDER, TERMINER, Bilan, Geste, Successeur, apercevoir, passer_la_main
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.jetons import creer_jeton
from programme.socle.models import Jeton
from tests.aides import connecte, nb_requetes
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
)

pytestmark = pytest.mark.django_db


def _jour(ecart: int) -> Any:
    return timezone.localdate() + timedelta(days=ecart)


def _page(compte: Utilisateur) -> str:
    return reverse("programme:passation", args=[compte.pk])


def _faire(compte: Utilisateur, action: str, a: Utilisateur | None = None, **arguments: Any) -> Bilan:
    """Le même geste pour tous ses rôles."""
    suite = Successeur(a, a.identifiant) if a else None
    gestes = [Geste(ligne, action, suite) for ligne in compte.affectations.all()]
    valeurs = {"compte": compte, "gestes": gestes, "dernier_jour": _jour(0)} | arguments
    return passer_la_main(**valeurs)


def _saisie(compte: Utilisateur, action: str, **champs: str) -> dict[str, str]:
    lignes = {f"role-{a.pk}-action": action for a in compte.affectations.all()}
    return {"dernier_jour": _jour(0).isoformat()} | lignes | champs


# --- confier, terminer, garder -------------------------------------------------------------------------------------


def test_la_grappe_passe_a_son_successeur_le_lendemain() -> None:
    grappe, admin, suite = GrappeFactory(), affecter(Role.ADMIN), UtilisateurFactory()
    cheffe = cheffe_de(grappe)
    bilan = _faire(cheffe, CONFIER, suite, par=admin)
    assert cheffe.affectations.get().au == _jour(0)
    nouvelle = suite.affectations.get()
    assert (nouvelle.role, nouvelle.grappe, nouvelle.du, nouvelle.confie_par) == (
        "chef_projet",
        grappe,
        _jour(1),
        admin,
    )
    assert len(bilan.faits) == 1 and not bilan.vacances


def test_une_direction_et_ce_qui_resterait_sans_personne() -> None:
    parcours = ParcoursFactory(esms__nom="IME du Bac")
    siege, directrice = affecter(Role.SIEGE, parcours.esms.og), affecter(Role.DIRECTEUR, parcours.esms)
    assert _faire(directrice, TERMINER, par=siege, dernier_jour=_jour(5)).vacances == [
        f"Sans direction à partir du {_en_mots(6)} : IME du Bac."
    ]


def _en_mots(ecart: int) -> str:
    return date_courte(_jour(ecart))


def test_confiee_la_direction_ne_manque_pas() -> None:
    parcours = ParcoursFactory()
    siege, directrice = affecter(Role.SIEGE, parcours.esms.og), affecter(Role.DIRECTEUR, parcours.esms)
    bilan = _faire(directrice, CONFIER, UtilisateurFactory(), par=siege)
    assert not bilan.vacances


def test_la_direction_d_un_groupe_compte_chacun_de_ses_esms() -> None:
    groupe = GroupeFactory()
    for nom in ("IME A", "IME B"):
        groupe.esms.add(ParcoursFactory(esms=EsmsFactory(og=groupe.og, nom=nom)).esms)
    siege, directrice = affecter(Role.SIEGE, groupe.og), affecter(Role.DIRECTEUR, groupe)
    assert _faire(directrice, TERMINER, par=siege).vacances == [
        f"Sans direction à partir du {_en_mots(1)} : IME A et IME B."
    ]


def test_garder_ne_touche_rien_et_rien_a_faire_se_dit() -> None:
    cheffe = cheffe_de(GrappeFactory())
    with pytest.raises(Refus, match="Rien n'est confié"):
        _faire(cheffe, GARDER, par=affecter(Role.ADMIN))


# --- refus ---------------------------------------------------------------------------------------------------------


def test_le_dernier_chef_de_projet_ne_part_pas_sans_successeur() -> None:
    grappe = GrappeFactory(nom="Rives")
    cheffe, admin = cheffe_de(grappe), affecter(Role.ADMIN)
    with pytest.raises(Refus) as refus:
        _faire(cheffe, TERMINER, par=admin)
    ligne = cheffe.affectations.get()
    assert "Personne d'autre ne conduirait « Rives »" in refus.value.champs[f"role-{ligne.pk}"][0]
    assert ligne.au is None
    cheffe_de(grappe)
    _faire(cheffe, TERMINER, par=admin)


def test_le_dernier_administrateur_non_plus() -> None:
    admin = affecter(Role.ADMIN)
    affecter(Role.ADMIN, utilisateur=UtilisateurFactory(is_active=False))
    with pytest.raises(Refus) as refus:
        _faire(admin, TERMINER, par=admin)
    assert "plus d'administrateur" in refus.value.champs[f"role-{admin.affectations.get().pk}"][0]


def test_tout_ou_rien_une_ligne_fautive_ne_laisse_rien_d_ecrit() -> None:
    grappe, admin, suite = GrappeFactory(), affecter(Role.ADMIN), UtilisateurFactory()
    cheffe = cheffe_de(grappe)
    affecter(Role.CHEF_PROJET, GrappeFactory(), utilisateur=cheffe)
    premiere, seconde = cheffe.affectations.order_by("pk")
    gestes = [Geste(premiere, CONFIER, Successeur(suite, suite.identifiant)), Geste(seconde, TERMINER)]
    with pytest.raises(Refus):
        passer_la_main(compte=cheffe, gestes=gestes, dernier_jour=_jour(0), par=admin)
    assert not suite.affectations.exists() and not cheffe.affectations.exclude(au=None).exists()


def test_une_ligne_hors_de_mes_droits_ne_se_passe_pas() -> None:
    parcours = ParcoursFactory()
    directrice = affecter(Role.DIRECTEUR, parcours.esms)
    with pytest.raises(Refus) as refus:
        _faire(directrice, TERMINER, par=cheffe_de(parcours.grappe))
    assert refus.value.code == "droit"


def test_un_role_change_entre_temps_fait_relire() -> None:
    cheffe, admin = cheffe_de(GrappeFactory()), affecter(Role.ADMIN)
    vu = f"{cheffe.affectations.get().pk}:"
    cheffe.affectations.update(au=_jour(3))
    with pytest.raises(Refus) as refus:
        _faire(cheffe, CONFIER, UtilisateurFactory(), par=admin, vu=vu)
    assert refus.value.code == "concurrence"


def test_une_delegation_ne_se_transmet_pas() -> None:
    parcours = ParcoursFactory()
    delegue = affecter(Role.DIRECTEUR, parcours.esms, titre=Titre.DELEGATION, au=_jour(20))
    with pytest.raises(Refus, match="ne se transmet pas"):
        _faire(delegue, CONFIER, UtilisateurFactory(), par=affecter(Role.SIEGE, parcours.esms.og))


def test_l_apercu_n_ecrit_rien_et_n_envoie_rien(django_capture_on_commit_callbacks: Any) -> None:
    cheffe, admin = cheffe_de(GrappeFactory()), affecter(Role.ADMIN)
    suite = Successeur(None, "nouvelle", "Nouvelle cheffe", "nouvelle@exemple.invalid")
    gestes = [Geste(a, CONFIER, suite) for a in cheffe.affectations.all()]
    with django_capture_on_commit_callbacks(execute=True):
        bilan = apercevoir(compte=cheffe, gestes=gestes, dernier_jour=_jour(0), par=admin, adresse=lambda j: j)
    assert "confié à Nouvelle cheffe" in bilan.faits[0] and not mail.outbox
    assert not Utilisateur.objects.filter(identifiant="nouvelle").exists()
    assert cheffe.affectations.get().au is None


# --- fermer le compte ----------------------------------------------------------------------------------------------


def test_fermer_revoque_les_jetons_et_demande_que_plus_rien_ne_reste() -> None:
    grappe, admin, suite = GrappeFactory(), affecter(Role.ADMIN), UtilisateurFactory()
    cheffe = cheffe_de(grappe)
    creer_jeton(utilisateur=cheffe)
    affecter(Role.MEMBRE, grappe, utilisateur=cheffe)
    conduite = cheffe.affectations.get(role=Role.CHEF_PROJET)
    with pytest.raises(Refus, match="Un compte fermé ne tient plus de rôle"):
        passer_la_main(
            compte=cheffe,
            gestes=[Geste(conduite, CONFIER, Successeur(suite, suite.identifiant))],
            dernier_jour=_jour(0),
            par=admin,
            fermer=True,
        )
    membre = cheffe.affectations.get(role=Role.MEMBRE)
    gestes = [Geste(conduite, CONFIER, Successeur(suite, suite.identifiant)), Geste(membre, TERMINER)]
    assert passer_la_main(compte=cheffe, gestes=gestes, dernier_jour=_jour(0), par=admin, fermer=True).ferme
    cheffe.refresh_from_db()
    assert not cheffe.is_active and not Jeton.objects.filter(utilisateur=cheffe, revoque_le=None).exists()


def test_un_compte_ne_se_ferme_pas_avant_le_depart() -> None:
    cheffe, admin = cheffe_de(GrappeFactory()), affecter(Role.ADMIN)
    with pytest.raises(Refus, match="se ferme à partir de là"):
        _faire(cheffe, CONFIER, UtilisateurFactory(), par=admin, fermer=True, dernier_jour=_jour(4))


# --- la page -------------------------------------------------------------------------------------------------------


def _confirmer(client: Client, compte: Utilisateur, saisie: dict[str, str]) -> Any:
    apercu = client.post(_page(compte), saisie)
    assert apercu.status_code == 200, apercu.content.decode()
    assert "Ce qui va s’écrire" in apercu.content.decode()
    cachees = dict(apercu.context["saisie"].cachees())
    return client.post(_page(compte), cachees | {"geste": "confirmer"}, follow=True)


def test_apercu_puis_confirmation_avec_une_invitation() -> None:
    cheffe, admin = cheffe_de(GrappeFactory()), affecter(Role.ADMIN)
    client = connecte(admin)
    saisie = _saisie(
        cheffe,
        CONFIER,
        **{"suite-identifiant": "relais", "suite-nom": "Relais", "suite-courriel": "relais@exemple.invalid"},
    )
    reponse = _confirmer(client, cheffe, saisie)
    assert "Passation faite" in reponse.content.decode() and "/invitations/" in reponse.content.decode()
    assert Affectation.objects.get(utilisateur__identifiant="relais").role == Role.CHEF_PROJET


def test_un_autre_nom_sur_une_ligne_passe_avant_le_successeur_commun() -> None:
    cheffe, admin = cheffe_de(GrappeFactory()), affecter(Role.ADMIN)
    commun, propre = UtilisateurFactory(), UtilisateurFactory()
    ligne = cheffe.affectations.get()
    saisie = _saisie(
        cheffe, CONFIER, **{"suite-identifiant": commun.identifiant, f"role-{ligne.pk}-identifiant": propre.identifiant}
    )
    _confirmer(connecte(admin), cheffe, saisie)
    assert propre.affectations.exists() and not commun.affectations.exists()


def test_une_faute_dit_ou_et_garde_la_saisie() -> None:
    cheffe, admin = cheffe_de(GrappeFactory()), affecter(Role.ADMIN)
    reponse = connecte(admin).post(_page(cheffe), _saisie(cheffe, CONFIER))
    assert reponse.status_code == 422 and "Dites à qui confier ce rôle" in reponse.content.decode()
    assert "checked" in reponse.content.decode()
    sans_nom = connecte(admin).post(_page(cheffe), _saisie(cheffe, CONFIER, **{"suite-identifiant": "inconnue"}))
    assert sans_nom.status_code == 422 and "donnez un nom pour l&#x27;inviter" in sans_nom.content.decode()


def test_sa_propre_passation_dit_a_qui_s_adresser() -> None:
    parcours = ParcoursFactory()
    directrice = affecter(Role.DIRECTEUR, parcours.esms, confie_par=affecter(Role.ADMIN))
    texte = connecte(directrice).get(_page(directrice)).content.decode()
    assert "Ce qui ne se passe pas d’ici" in texte and "adressez-vous" in texte


def test_les_propositions_sans_reponse_sont_dites_si_on_les_lit() -> None:
    parcours: Parcours = ParcoursFactory(esms__nom="IME du Bac")
    cheffe = cheffe_de(parcours.grappe)
    Proposition.objects.create(parcours=parcours, transition="engager", proposee_par=cheffe)
    assert "IME du Bac" in connecte(affecter(Role.ADMIN)).get(_page(cheffe)).content.decode()


def test_le_successeur_conduit_le_lendemain_pas_avant() -> None:
    grappe, suite = GrappeFactory(), UtilisateurFactory()
    _faire(cheffe_de(grappe), CONFIER, suite, par=affecter(Role.ADMIN), dernier_jour=_jour(-1))
    suite.__dict__.pop("perimetre", None)
    assert peut_conduire(suite, grappe)


def test_hors_perimetre_404_visible_sans_droit_403() -> None:
    parcours = ParcoursFactory()
    referent = affecter(Role.REFERENT, parcours.esms)
    assert connecte(cheffe_de(GrappeFactory())).get(_page(referent)).status_code == 404
    assert connecte(cheffe_de(parcours.grappe)).get(_page(referent)).status_code == 403


def test_requetes_constantes() -> None:
    admin, cheffe = affecter(Role.ADMIN), cheffe_de(GrappeFactory())
    client = connecte(admin)
    a_un = nb_requetes(client, _page(cheffe))
    for _ in range(12):
        affecter(Role.CHEF_PROJET, GrappeFactory(), utilisateur=cheffe)
    assert nb_requetes(client, _page(cheffe)) == a_un
