"""Le plan d'une grappe : partir du plan type, tenir ses modules, leurs supports, ses seuils, ses formateurs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from formation.enums import EtatSession, NatureFormation
from formation.models import Formateur, ModuleFormation, PlanFormation, SessionFormation
from formation.services import formateurs, plan, plan_type
from programme.enums import Role
from programme.services.reference import DOSSIER, charger_reference
from programme.socle.erreurs import Refus
from programme.socle.pieces import pieces_de
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter
from tests.formation.fabriques import (
    FormateurFactory,
    MetierFactory,
    ModuleFormationFactory,
    SessionFormationFactory,
    equipe,
    former,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _cheffe(grappe):
    return affecter(Role.CHEF_PROJET, grappe)


def _page(grappe) -> str:
    return reverse("formation:grappe-formation-plan", args=[grappe.pk])


def _saisie(module: ModuleFormation, **autres) -> dict:
    """Ce qu'envoie la page qui corrige ce module, sans rien y changer d'autre."""
    dites = {nom: getattr(module, nom) for nom in plan.CHAMPS_DU_MODULE}
    dites |= {"est_socle": "on", "vu": jeton(ModuleFormation.history.filter(id=module.pk))}
    return {nom: "" if valeur is None else valeur for nom, valeur in (dites | autres).items()}


# --- le plan type --------------------------------------------------------------------------------------------------


def test_le_plan_type_se_charge_et_ne_nomme_que_des_metiers_connus() -> None:
    effets = charger_reference()
    types = plan_type.lire_plan_type()
    assert effets["plan_formation"].inchanges == len(types) == 5 and not ModuleFormation.objects.exists()
    assert {t.champs["nature"] for t in types} == set(NatureFormation)
    assert len({t.code for t in types}) == len({t.champs["ordre"] for t in types}) == 5


def test_les_ecrits_professionnels_viennent_avant_le_dui() -> None:
    rangs = {t.champs["nature"]: t.champs["ordre"] for t in plan_type.lire_plan_type()}
    assert rangs[NatureFormation.ECRITS] < rangs[NatureFormation.DUI]


def test_un_clic_cree_les_modules_types_et_n_ecrase_rien() -> None:
    charger_reference()
    grappe = GrappeFactory()
    sien = ModuleFormationFactory(grappe=grappe, code="prise-en-main-dui", nom="Le nôtre", duree_minutes=60)
    client = connecte(_cheffe(grappe))
    reponse = client.post(_page(grappe), follow=True)
    assert "4 modules ajoutés" in reponse.content.decode()
    sien.refresh_from_db()
    assert (sien.nom, sien.duree_minutes, sien.publics.count()) == ("Le nôtre", 60, 0)
    ecrits = ModuleFormation.objects.get(grappe=grappe, code="ecrits-professionnels")
    assert ecrits.publics.filter(code="surveillant-de-nuit").exists() and ecrits.est_socle
    assert "déjà tous les modules" in client.post(_page(grappe), follow=True).content.decode()
    assert ModuleFormation.objects.filter(grappe=grappe).count() == 5


def test_un_module_type_retire_n_est_pas_recree() -> None:
    charger_reference()
    grappe = GrappeFactory()
    par = _cheffe(grappe)
    retire = plan_type.partir_du_plan_type(grappe=grappe, par=par)[0]
    plan.retirer_module(module=retire, par=par)
    assert plan_type.absents_du_plan(grappe) == []


def test_sans_referentiel_des_metiers_rien_ne_se_cree() -> None:
    grappe = GrappeFactory()
    with pytest.raises(Refus, match="référentiel des métiers"):
        plan_type.partir_du_plan_type(grappe=grappe, par=_cheffe(grappe))
    assert not ModuleFormation.objects.exists()


def test_un_dossier_sans_plan_type_se_charge(tmp_path) -> None:
    for fichier in DOSSIER.glob("*.csv"):
        if fichier.name != plan_type.FICHIER:
            (tmp_path / fichier.name).write_bytes(fichier.read_bytes())
    assert charger_reference(dossier=tmp_path)["plan_formation"].inchanges == 0
    ligne = "code;nom;nature;modalite;duree_minutes;est_socle;validite_mois;places_par_session;ordre;publics;objectif"
    contenu = f"{ligne}\na;A;dui;interne;60;oui;;8;1;devin;"
    (tmp_path / plan_type.FICHIER).write_text(contenu, encoding="utf-8")
    with pytest.raises(ValueError, match="devin"):
        charger_reference(dossier=tmp_path)


def test_le_plan_vide_propose_le_plan_type_a_qui_le_tient_seulement() -> None:
    grappe = GrappeFactory()
    parcours = ParcoursFactory(grappe=grappe)
    assert "Partir du plan type" in connecte(_cheffe(grappe)).get(_page(grappe)).content.decode()
    lue = connecte(affecter(Role.DIRECTEUR, parcours.esms)).get(_page(grappe)).content.decode()
    assert "Le plan est vide" in lue and "Partir du plan type" not in lue


# --- les modules ---------------------------------------------------------------------------------------------------


def test_creer_un_module_lui_donne_un_code_libre_et_ses_publics() -> None:
    grappe, metier = GrappeFactory(), MetierFactory()
    par = _cheffe(grappe)
    ModuleFormationFactory(grappe=grappe, code="le-dui-la-nuit", nom="Un ancien", retire_le=timezone.localdate())
    saisie = {
        "nom": " Le DUI,  la nuit ", "nature": "dui", "modalite": "pairs", "duree_minutes": 45, "est_socle": "on",
        "places_par_session": 4, "validite_mois": "", "ordre": 3, "objectif": "", "publics": [metier.pk],
    }  # fmt: skip
    client = connecte(par)
    reponse = client.post(reverse("formation:moduleformation-creer", args=[grappe.pk]), saisie, follow=True)
    cree = ModuleFormation.objects.get(nom="Le DUI, la nuit")
    assert cree.code == "le-dui-la-nuit-2" and list(cree.publics.all()) == [metier]
    assert "45\u00a0min" in reponse.content.decode()
    encore = client.post(reverse("formation:moduleformation-creer", args=[grappe.pk]), saisie)
    assert encore.status_code == 422 and "porte déjà ce nom" in encore.content.decode()


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("duree_minutes", "0", "entre 1 et 6 000"),
        ("places_par_session", "-3", "entre 1 et 500"),
        ("validite_mois", "31/02", "entre 1 et 120"),
        ("nature", "inconnue", ""),
        ("nom", "", ""),
        ("nom", "Pour 1 85 05 78 006 084 91", "sécurité sociale"),
    ],
)
def test_une_mauvaise_saisie_se_dit_au_champ_et_n_ecrit_rien(champ: str, valeur: str, phrase: str) -> None:
    module = ModuleFormationFactory()
    client = connecte(_cheffe(module.grappe))
    url = reverse("formation:moduleformation-modifier", args=[module.pk])
    reponse = client.post(url, _saisie(module, **{champ: valeur}))
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    avant = str(module.nom)
    module.refresh_from_db()
    assert module.nom == avant and not ModuleFormation.history.filter(id=module.pk).count() > 1


def test_deux_personnes_sur_le_meme_module_la_seconde_l_apprend() -> None:
    module, metier = ModuleFormationFactory(), MetierFactory()
    par = _cheffe(module.grappe)
    vue = _saisie(module)
    plan.modifier_module(module=module, par=par, publics=[metier], nom="Autre nom")
    url = reverse("formation:moduleformation-modifier", args=[module.pk])
    reponse = connecte(par).post(url, vue)
    assert reponse.status_code == 409 and "Entre-temps" in reponse.content.decode()
    module.refresh_from_db()
    assert module.nom == "Autre nom"


def test_les_publics_d_un_autre_ne_s_ecrasent_pas_en_silence() -> None:
    module, metier = ModuleFormationFactory(), MetierFactory()
    par = _cheffe(module.grappe)
    vu = jeton(ModuleFormation.history.filter(id=module.pk))
    plan.modifier_module(module=module, par=par, publics=[metier])
    with pytest.raises(Refus, match="à qui il s'adresse"):
        plan.modifier_module(module=module, par=par, vu=vu, duree_minutes=60)
    assert list(module.publics.all()) == [metier]


def test_retirer_dit_ce_qui_reste_garde_les_acquis_et_se_reprend() -> None:
    module = ModuleFormationFactory()
    client = connecte(_cheffe(module.grappe))
    retirer = reverse("formation:moduleformation-retirer", args=[module.pk])
    for rang, poste in enumerate(equipe(ParcoursFactory(grappe=module.grappe), 6)):
        former(poste, module)
        if rang == 1:
            assert "Moins de 5 personnes" in client.get(retirer).content.decode()
    SessionFormationFactory(module=module)
    page = client.get(retirer).content.decode()
    assert "6 personnes y sont formées" in page and "1 session à venir reste" in page
    client.post(retirer)
    module.refresh_from_db()
    assert module.retire_le == timezone.localdate() and module.acquis.count() == 6
    dite = client.post(reverse("formation:moduleformation-modifier", args=[module.pk]), _saisie(module), follow=True)
    assert "retiré du plan depuis" in dite.content.decode()
    client.post(reverse("formation:moduleformation-remettre", args=[module.pk]))
    module.refresh_from_db()
    assert module.retire_le is None


def test_ce_qui_change_le_socle_recompte_la_couverture_de_la_grappe(monkeypatch: pytest.MonkeyPatch) -> None:
    recomptes: list[list[int]] = []
    monkeypatch.setattr("formation.services.plan.rafraichir", recomptes.append)
    parcours, autre = ParcoursFactory(), ParcoursFactory()
    par = _cheffe(parcours.grappe)
    module = plan.creer_module(grappe=parcours.grappe, par=par, nom="Le DUI")
    plan.modifier_module(module=module, par=par, est_socle=False)
    plan.remettre_module(module=plan.retirer_module(module=module, par=par), par=par)
    assert recomptes == [[parcours.pk]] * 4 and autre.pk != parcours.pk


# --- les supports --------------------------------------------------------------------------------------------------


def test_un_support_joint_se_lit_par_qui_lit_le_module_seulement() -> None:
    module = ModuleFormationFactory()
    parcours = ParcoursFactory(grappe=module.grappe)
    cheffe = _cheffe(module.grappe)
    url = reverse("formation:moduleformation-detail", args=[module.pk])
    fichier = SimpleUploadedFile("deroule.pdf", PDF, "application/pdf")
    assert "est joint" in connecte(cheffe).post(url, {"fichier": fichier}, follow=True).content.decode()
    piece = pieces_de(module).get()
    lire = reverse("programme:piece", args=[piece.pk])
    assert connecte(affecter(Role.REFERENT, parcours.esms)).get(lire).status_code == 200
    assert connecte(affecter(Role.ARS, module.grappe.region)).get(lire).status_code == 404
    assert connecte(_cheffe(GrappeFactory())).get(lire).status_code == 404
    assert "1 pièce" in connecte(cheffe).get(_page(module.grappe)).content.decode()
    assert "est retiré" in connecte(cheffe).post(url, {"retirer": piece.pk}, follow=True).content.decode()
    assert not pieces_de(module).exists()


def test_un_faux_pdf_est_refuse() -> None:
    module = ModuleFormationFactory()
    url = reverse("formation:moduleformation-detail", args=[module.pk])
    faux = SimpleUploadedFile("deroule.pdf", b"<html>", "application/pdf")
    assert connecte(_cheffe(module.grappe)).post(url, {"fichier": faux}).status_code == 422


# --- les seuils ----------------------------------------------------------------------------------------------------


def test_les_seuils_se_reglent_et_se_bornent() -> None:
    grappe = GrappeFactory()
    client = connecte(_cheffe(grappe))
    url = reverse("formation:plan-regler", args=[grappe.pk])
    saisie = {
        "seuil_couverture": 90, "seuil_satisfaction": 60, "seuil_acquis": 70, "delai_arrivant": 21, "delai_a_froid": 40,
        "vu": "0",
    }  # fmt: skip
    fautive = client.post(url, saisie | {"seuil_couverture": 120})
    assert fautive.status_code == 422 and "entre 0 et 100" in fautive.content.decode()
    assert not PlanFormation.objects.exists()
    client.post(url, saisie)
    assert PlanFormation.objects.get().seuil_couverture == 90
    assert client.post(url, saisie | {"seuil_couverture": 50}).status_code == 409
    page = client.get(_page(grappe)).content.decode()
    assert "90 %" in page and "21 jours" in page and "ceux du produit" not in page


# --- les formateurs ------------------------------------------------------------------------------------------------


def test_le_temps_d_un_formateur_vient_de_ses_sessions() -> None:
    module = ModuleFormationFactory()
    formateur = FormateurFactory(grappe=module.grappe, heures_accordees=8)
    SessionFormationFactory(module=module, formateur=formateur)
    passee = timezone.now() - timedelta(days=20)
    tenue = SessionFormationFactory(module=module, formateur=formateur, debut=passee)
    annulee = SessionFormationFactory(module=module, formateur=formateur)
    _mettre(tenue, EtatSession.TENUE)
    _mettre(annulee, EtatSession.ANNULEE)
    (temps,) = formateurs.lire(module.grappe, _cheffe(module.grappe))
    assert (temps.animees, temps.promises, temps.restent, temps.deborde) == (3, 3, 2, False)
    formateur.heures_accordees = 4
    formateur.save()
    (temps,) = formateurs.lire(module.grappe, _cheffe(module.grappe))
    assert temps.deborde and temps.depassement == 2 and formateurs.heures_disponibles([temps]) == 0


def _mettre(session: SessionFormation, etat: str) -> None:
    """Dans cet état, sans passer par la porte."""
    from django.db import connection

    with connection.cursor() as curseur:
        table = SessionFormation._meta.db_table
        curseur.execute(f"UPDATE {table} SET etat = %s WHERE id = %s", [etat, session.pk])


def test_un_formateur_est_de_la_grappe_ou_d_une_entreprise() -> None:
    parcours = ParcoursFactory()
    par = _cheffe(parcours.grappe)
    with pytest.raises(Refus, match="l'un des deux"):
        formateurs.creer(grappe=parcours.grappe, par=par, fonction="Formateur", parcours=parcours, organisme="Éditeur")
    interne = formateurs.creer(grappe=parcours.grappe, par=par, fonction="Référente DUI", parcours=parcours)
    assert interne.og == parcours.esms.og and not interne.organisme
    with pytest.raises(Refus) as refus:
        formateurs.creer(grappe=parcours.grappe, par=par, fonction="Référente DUI")
    assert refus.value.champs["fonction"]


def test_creer_corriger_et_retirer_un_formateur_par_les_pages() -> None:
    module = ModuleFormationFactory()
    client = connecte(_cheffe(module.grappe))
    url = reverse("formation:formateur-creer", args=[module.grappe_id])
    client.post(url, {"fonction": "Référente du pôle", "heures_accordees": 12, "modules": [module.pk]})
    formateur = Formateur.objects.get()
    assert list(formateur.modules.all()) == [module]
    session = SessionFormationFactory(module=module, formateur=formateur)
    assert "12\u00a0h" in client.get(_page(module.grappe)).content.decode()
    vu = jeton(Formateur.history.filter(id=formateur.pk))
    modifier = reverse("formation:formateur-modifier", args=[formateur.pk])
    client.post(modifier, {"fonction": "Référent du pôle", "vu": vu, "heures_accordees": "2"})
    formateur.refresh_from_db()
    assert (formateur.fonction, formateur.heures_accordees) == ("Référent du pôle", 2)
    assert "dépasse de 1" in client.get(_page(module.grappe)).content.decode()
    retirer = reverse("formation:formateur-retirer", args=[formateur.pk])
    assert "1 session à venir" in client.get(retirer).content.decode()
    client.post(retirer)
    session.refresh_from_db()
    assert session.formateur is None and not Formateur.objects.exists()
