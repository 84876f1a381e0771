"""Les visites d'une étude : les proposer, leur machine, leur programme, leurs rencontres, leurs trames, leurs notes."""

from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.a_faire import Demande
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat, lire
from programme.socle.texte import cle_nir
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.usages.calculs.aides import forcer
from tests.usages.monographies.fabriques import (
    EtudeFactory,
    NoteDeVisiteFactory,
    TempsDeVisiteFactory,
    VisiteFactory,
    equiper,
    passer,
)
from usages.a_faire import visites as a_faire
from usages.enums import FormeDeTemps, RoleEtude, ThemeEffet
from usages.models import Etude, NoteDeVisite, Rencontre, TempsDeVisite, Trame, Visite
from usages.services.visites import choix, gestes, lecture, notes, programme, trames
from usages.services.visites.trames_de_depart import DE_DEPART

pytestmark = pytest.mark.django_db
NIR = f"1850578006084{cle_nir('1850578006084'):02d}"
OBJET = "Voir une relève, entendre chaque métier."


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="IME Les Acacias")


@pytest.fixture
def etude(parcours: Parcours) -> Etude:
    return EtudeFactory()


@pytest.fixture
def pilote(etude: Etude, parcours: Parcours) -> Utilisateur:
    return equiper(etude, cheffe_de(parcours.grappe))


@pytest.fixture
def visite(etude: Etude, parcours: Parcours, pilote: Utilisateur) -> Visite:
    return gestes.proposer_visite(etude=etude, parcours=parcours, objet=OBJET, par=pilote)


def refus(geste: Any, *args: Any, **kwargs: Any) -> Refus:
    with pytest.raises(Refus) as leve:
        geste(*args, **kwargs)
    return leve.value


# --- proposer ------------------------------------------------------------------------------------------------------


def test_on_propose_a_un_esms_qu_on_voit_et_le_pilote_seul(
    etude: Etude, parcours: Parcours, pilote: Utilisateur
) -> None:
    auteur = equiper(etude, cheffe_de(parcours.grappe), RoleEtude.AUTEUR)
    assert refus(gestes.proposer_visite, etude=etude, parcours=parcours, objet=OBJET, par=auteur).code == "droit"
    ailleurs = ParcoursFactory()
    faute = refus(gestes.proposer_visite, etude=etude, parcours=ailleurs, objet=OBJET, par=pilote)
    assert faute.champs == {"parcours": [gestes.HORS_DE_VUE]}
    assert "objet" in refus(gestes.proposer_visite, etude=etude, parcours=parcours, objet="  ", par=pilote).champs
    assert gestes.proposer_visite(etude=etude, parcours=parcours, objet=OBJET, par=pilote).etat == "proposee"
    faute = refus(gestes.proposer_visite, etude=etude, parcours=parcours, objet=OBJET, par=pilote)
    assert faute.champs == {"parcours": [gestes.DEJA]}


def test_l_entonnoir_ouvre_au_dela_de_ce_qu_on_voit(
    etude: Etude, pilote: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    ailleurs = ParcoursFactory()
    monkeypatch.setattr(choix, "structures_retenues", lambda _: [ailleurs])
    assert choix.offertes(etude) == [ailleurs]
    gestes.proposer_visite(etude=etude, parcours=ailleurs, objet=OBJET, par=pilote)
    assert choix.offertes(etude) == []


@pytest.mark.parametrize(("cas", "mot"), [("ferme", "est fermé"), ("sorti", "est sorti du projet")])
def test_un_esms_ferme_ou_sorti_est_refuse_en_une_phrase(
    etude: Etude, parcours: Parcours, pilote: Utilisateur, cas: str, mot: str
) -> None:
    if cas == "ferme":
        parcours.esms.est_actif = False
        parcours.esms.save()
    else:
        forcer(parcours, etat="sorti")
        parcours = Parcours.objects.get(pk=parcours.pk)
    faute = refus(gestes.proposer_visite, etude=etude, parcours=parcours, objet=OBJET, par=pilote)
    assert mot in faute.motif and list(faute.champs) == ["parcours"]
    assert choix.chercher(etude, "acacias", pilote) == []


def test_chercher_dans_son_perimetre(etude: Etude, parcours: Parcours, pilote: Utilisateur) -> None:
    ParcoursFactory(esms__nom="IME Les Acacias du Nord")
    assert choix.chercher(etude, "acacias", pilote) == [parcours]
    assert choix.chercher(etude, "  ", pilote) == []
    gestes.proposer_visite(etude=etude, parcours=parcours, objet=OBJET, par=pilote)
    assert choix.chercher(etude, "acacias", pilote) == []


def test_une_etude_close_ne_propose_plus(etude: Etude, parcours: Parcours, pilote: Utilisateur) -> None:
    forcer(etude, etat="close")
    close = Etude.objects.get(pk=etude.pk)
    assert refus(gestes.proposer_visite, etude=close, parcours=parcours, objet=OBJET, par=pilote).code == "etat"


def test_modifier_se_croise(visite: Visite, pilote: Utilisateur) -> None:
    croise = refus(gestes.modifier_visite, visite=visite, objet="Autre", contraste="", par=pilote, vu="ancienne")
    assert croise.code == "concurrence"
    assert gestes.modifier_visite(visite=visite, objet="Autre", contraste="", par=pilote).objet == "Autre"


# --- la machine ----------------------------------------------------------------------------------------------------


def test_la_direction_accepte_ou_refuse_avec_un_motif(visite: Visite, pilote: Utilisateur) -> None:
    directrice = directrice_de(visite.parcours)
    assert refus(changer_etat, visite, "accepter", par=pilote).code == "droit"
    sans = refus(changer_etat, visite, "refuser", par=directrice)
    assert "motif" in sans.champs
    assert "choisit l'ESMS suivant" in visite.consequence("refuser")
    changer_etat(visite, "refuser", par=directrice, motif="Pas ce trimestre")
    assert Visite.objects.get(pk=visite.pk).etat == "refusee"


def test_on_n_accepte_pas_pour_un_esms_ferme(visite: Visite) -> None:
    directrice = directrice_de(visite.parcours)
    visite.parcours.esms.est_actif = False
    visite.parcours.esms.save()
    assert [o.code for o in lire(visite, "accepter", par=directrice).obstacles] == ["ferme"]
    assert refus(changer_etat, visite, "accepter", par=directrice).code in ("etat", "conditions")
    assert Visite.objects.get(pk=visite.pk).etat == "proposee"


def test_faite_demande_une_rencontre(visite: Visite, pilote: Utilisateur) -> None:
    passer(visite, directrice_de(visite.parcours), "accepter")
    assert refus(changer_etat, visite, "dire_faite", par=pilote).code in ("etat", "conditions")
    programme.ecrire_les_rencontres(visite=visite, lignes=[("éducateur", 2)], par=pilote)
    changer_etat(visite, "dire_faite", par=pilote)
    assert Visite.objects.get(pk=visite.pk).etat == "faite"


def test_annuler_demande_un_motif_et_libere_l_esms(visite: Visite, pilote: Utilisateur) -> None:
    assert "motif" in refus(changer_etat, visite, "annuler", par=pilote).champs
    changer_etat(visite, "annuler", par=pilote, motif="L'étude y renonce")
    gestes.proposer_visite(etude=visite.etude, parcours=visite.parcours, objet=OBJET, par=pilote)
    assert refus(programme.ajouter_temps, visite=Visite.objects.get(pk=visite.pk), par=pilote, **TEMPS).code == "etat"


# --- le programme --------------------------------------------------------------------------------------------------

TEMPS: dict[str, Any] = {
    "jour": date(2026, 6, 2),
    "debut": time(9),
    "fin": time(10),
    "forme": FormeDeTemps.COLLECTIF,
    "theme": ThemeEffet.QVCT,
    "avec": "une équipe",
    "lieu": "",
}


def test_un_temps_finit_apres_son_debut_et_un_chevauchement_se_signale(visite: Visite, pilote: Utilisateur) -> None:
    assert "fin" in refus(programme.ajouter_temps, visite=visite, par=pilote, **TEMPS | {"fin": time(9)}).champs
    un = programme.ajouter_temps(visite=visite, par=pilote, **TEMPS)
    deux = programme.ajouter_temps(visite=visite, par=pilote, **TEMPS | {"debut": time(9, 30), "fin": time(11)})
    suite = programme.ajouter_temps(visite=visite, par=pilote, **TEMPS | {"debut": time(11), "fin": time(12)})
    ailleurs = programme.ajouter_temps(visite=visite, par=pilote, **TEMPS | {"jour": date(2026, 6, 9)})
    heurts = programme.chevauchements(visite.temps.all())
    assert {cle: [t.pk for t in lot] for cle, lot in heurts.items()} == {un.pk: [deux.pk], deux.pk: [un.pk]}
    assert suite.pk not in heurts and ailleurs.pk not in heurts
    assert [(j.rang, j.jour.day, len(j.temps)) for j in programme.journees_de(visite)] == [(1, 2, 3), (2, 9, 1)]


def test_un_nom_de_patient_numerote_ne_passe_pas(visite: Visite, pilote: Utilisateur) -> None:
    assert "avec" in refus(programme.ajouter_temps, visite=visite, par=pilote, **TEMPS | {"avec": NIR}).champs


def test_retirer_un_temps_garde_ses_notes(visite: Visite, pilote: Utilisateur) -> None:
    temps = programme.ajouter_temps(visite=visite, par=pilote, **TEMPS)
    note = NoteDeVisiteFactory(visite=visite, temps=temps)
    programme.modifier_temps(temps=temps, par=pilote, **TEMPS | {"avec": "l'encadrement"})
    assert TempsDeVisite.objects.get(pk=temps.pk).avec == "l'encadrement"
    programme.retirer_temps(temps=temps, par=pilote)
    assert NoteDeVisite.objects.get(pk=note.pk).temps is None


def test_le_programme_type_se_pose_une_fois_sur_deux_jours_qui_ne_se_suivent_pas(
    visite: Visite, pilote: Utilisateur
) -> None:
    jours = {"premier": date(2026, 6, 9), "second": date(2026, 6, 2)}
    assert (
        "second"
        in refus(
            programme.poser_le_programme_type,
            visite=visite,
            par=pilote,
            premier=jours["premier"],
            second=jours["premier"],
        ).champs
    )
    assert programme.poser_le_programme_type(visite=visite, par=pilote, **jours) == 12
    lus = programme.journees_de(visite)
    assert [j.jour.day for j in lus] == [2, 9] and programme.chevauchements(visite.temps.all()) == {}
    assert {t.theme for j in lus for t in j.temps} >= {t.value for t in ThemeEffet if t != ThemeEffet.SECTEUR}
    assert refus(programme.poser_le_programme_type, visite=visite, par=pilote, **jours).code == "etat"


def test_les_rencontres_se_remplacent_d_un_bloc(visite: Visite, pilote: Utilisateur) -> None:
    lignes = [("éducateur", 5), ("", None), ("infirmière", None), ("  ", None)]
    assert programme.ecrire_les_rencontres(visite=visite, lignes=lignes, par=pilote) == 6
    assert list(visite.rencontres.values_list("qui", "nombre")) == [("éducateur", 5), ("infirmière", 1)]
    double = refus(
        programme.ecrire_les_rencontres, visite=visite, lignes=[("Éducateur", 1), ("educateur", 2)], par=pilote
    )
    assert "deux fois" in double.motif
    assert "rôle" in refus(programme.ecrire_les_rencontres, visite=visite, lignes=[("", 3)], par=pilote).motif
    refus(programme.ecrire_les_rencontres, visite=visite, lignes=[(f"éducateur {NIR}", 3)], par=pilote)
    assert Rencontre.objects.count() == 2
    programme.ecrire_les_rencontres(visite=visite, lignes=[("éducateur", 4)], par=pilote)
    assert list(visite.rencontres.values_list("qui", "nombre")) == [("éducateur", 4)]


# --- les trames ----------------------------------------------------------------------------------------------------


def test_le_jeu_de_depart_ne_touche_pas_ce_qui_est_ecrit(etude: Etude, pilote: Utilisateur) -> None:
    trames.ecrire_trame(etude=etude, theme="qvct", forme="collectif", questions="La nôtre ?", par=pilote)
    assert trames.poser_les_trames_de_depart(etude=etude, par=pilote) == len(DE_DEPART) - 1
    assert Trame.objects.get(etude=etude, theme="qvct", forme="collectif").lignes == ["La nôtre ?"]
    assert trames.poser_les_trames_de_depart(etude=etude, par=pilote) == 0
    assert {theme for theme, _ in DE_DEPART} == set(ThemeEffet)
    for trame in Trame.objects.all():
        trame.full_clean()


def test_une_trame_se_croise_s_efface_et_ne_prend_pas_de_nir(etude: Etude, pilote: Utilisateur) -> None:
    ou = {"etude": etude, "theme": "qvct", "forme": "collectif", "par": pilote}
    assert "questions" in refus(trames.ecrire_trame, questions=" ", **ou).champs
    assert "questions" in refus(trames.ecrire_trame, questions=NIR, **ou).champs
    trames.ecrire_trame(questions="Une ?\n\n Deux ?", **ou)
    assert Trame.objects.get().lignes == ["Une ?", "Deux ?"]
    assert refus(trames.ecrire_trame, questions="Trois ?", vu="", **ou).code == "concurrence"
    assert trames.ecrire_trame(questions="", vu="Une ?\n\n Deux ?", **ou) is None
    assert not Trame.objects.exists()


def test_la_trame_d_un_temps(visite: Visite, pilote: Utilisateur) -> None:
    trames.poser_les_trames_de_depart(etude=visite.etude, par=pilote)
    programme.poser_le_programme_type(visite=visite, par=pilote, premier=date(2026, 6, 2), second=date(2026, 6, 3))
    journees = programme.journees_de(visite)
    lecture.donner_les_trames(visite, journees)
    for temps in (t for j in journees for t in j.temps):
        trame = temps.trame  # type: ignore[attr-defined]
        if temps.forme == FormeDeTemps.AUTRE:
            assert trame is None
        else:
            assert trame is not None and trame.theme == temps.theme, temps


# --- les notes -----------------------------------------------------------------------------------------------------


def test_une_cle_une_note_et_pas_avant_l_accord(visite: Visite, pilote: Utilisateur) -> None:
    cle = uuid4()
    assert refus(notes.recevoir_note, visite=visite, cle=cle, texte="Vu.", par=pilote).code == "etat"
    passer(visite, directrice_de(visite.parcours), "accepter")
    premiere = notes.recevoir_note(visite=visite, cle=cle, texte="Vu.", par=pilote, theme="qvct")
    seconde = notes.recevoir_note(visite=visite, cle=cle, texte="Autre chose.", par=pilote)
    assert premiere.neuve and not seconde.neuve and seconde.note == premiere.note
    assert list(NoteDeVisite.objects.values_list("texte", "theme", "prise_le")) == [
        ("Vu.", "qvct", timezone.localdate())
    ]
    assert "texte" in refus(notes.recevoir_note, visite=visite, cle=uuid4(), texte=NIR, par=pilote).champs
    assert "texte" in refus(notes.recevoir_note, visite=visite, cle=uuid4(), texte="  ", par=pilote).champs
    lecteur = equiper(visite.etude, cheffe_de(GrappeFactory()), RoleEtude.LECTEUR)
    assert refus(notes.recevoir_note, visite=visite, cle=uuid4(), texte="Vu.", par=lecteur).code == "droit"


def test_une_note_porte_le_jour_de_son_temps(visite: Visite, pilote: Utilisateur) -> None:
    passer(visite, directrice_de(visite.parcours), "accepter")
    passe = TempsDeVisiteFactory(visite=visite, jour=date(2026, 6, 2))
    futur = TempsDeVisiteFactory(visite=visite, jour=date(2090, 6, 2))
    assert (
        notes.recevoir_note(visite=visite, cle=uuid4(), texte="A", par=pilote, temps=passe).note.prise_le == passe.jour
    )
    au = timezone.localdate()
    assert notes.recevoir_note(visite=visite, cle=uuid4(), texte="B", par=pilote, temps=futur).note.prise_le == au
    ailleurs = TempsDeVisiteFactory()
    assert (
        "temps" in refus(notes.recevoir_note, visite=visite, cle=uuid4(), texte="C", par=pilote, temps=ailleurs).champs
    )


def test_on_ne_corrige_que_la_sienne(visite: Visite, pilote: Utilisateur) -> None:
    note = NoteDeVisiteFactory(visite=visite, prise_par=pilote)
    autre = equiper(visite.etude, cheffe_de(visite.parcours.grappe), RoleEtude.AUTEUR)
    valeurs = {"texte": "Corrigée.", "theme": "", "temps": None}
    assert refus(notes.corriger_note, note=note, par=autre, **valeurs).code == "droit"
    assert refus(notes.corriger_note, note=note, par=pilote, vu="x", **valeurs).code == "concurrence"
    assert notes.corriger_note(note=note, par=pilote, **valeurs).texte == "Corrigée."


# --- à faire -------------------------------------------------------------------------------------------------------


def _lignes(regle: Any, compte: Utilisateur) -> list[Any]:
    return list(regle(Demande(compte, timezone.localdate())))


def test_une_visite_proposee_attend_la_direction_elle_seule(visite: Visite, pilote: Utilisateur) -> None:
    directrice = directrice_de(visite.parcours)
    (ligne,) = _lignes(a_faire.a_repondre, directrice)
    assert (
        ligne.titre == "Une visite proposée attend votre réponse"
        and ligne.url == f"/parcours/{visite.parcours_id}/etudes/"
    )
    for autre in (pilote, affecter(Role.REFERENT, visite.parcours.esms), directrice_de(ParcoursFactory())):
        assert _lignes(a_faire.a_repondre, autre) == []
    passer(visite, directrice, "accepter")
    assert _lignes(a_faire.a_repondre, directrice) == []


def test_un_refus_mene_le_pilote_au_suivant(visite: Visite, pilote: Utilisateur) -> None:
    passer(visite.etude, pilote, "lancer")
    passer(visite, directrice_de(visite.parcours), "refuser")
    auteur = equiper(visite.etude, cheffe_de(visite.parcours.grappe), RoleEtude.AUTEUR)
    (ligne,) = _lignes(a_faire.a_remplacer, pilote)
    assert ligne.url == f"/etudes/{visite.etude_id}/visites/" and "a refusé" in ligne.detail
    assert _lignes(a_faire.a_remplacer, auteur) == []
    lues = lecture.visites_de(visite.etude)
    assert lecture.a_remplacer(lues) == [visite] and lues[0].raison == "essai"  # type: ignore[attr-defined]
    gestes.proposer_visite(
        etude=visite.etude, parcours=ParcoursFactory(grappe=visite.parcours.grappe), objet=OBJET, par=pilote
    )
    assert _lignes(a_faire.a_remplacer, pilote) == [] and lecture.a_remplacer(lecture.visites_de(visite.etude)) == []


def test_une_visite_passee_se_dit_faite(visite: Visite, pilote: Utilisateur) -> None:
    assert _lignes(a_faire.a_programmer, pilote) == []
    passer(visite, directrice_de(visite.parcours), "accepter")
    assert _lignes(a_faire.a_dire_faites, pilote) == []
    (ligne,) = _lignes(a_faire.a_programmer, pilote)
    assert ligne.url == f"/visites/{visite.pk}/" and "a accepté" in ligne.detail
    TempsDeVisiteFactory(visite=visite, jour=timezone.localdate())
    assert _lignes(a_faire.a_programmer, pilote) == []
    assert _lignes(a_faire.a_dire_faites, pilote) == []
    TempsDeVisite.objects.update(jour=date(2026, 6, 2))
    (ligne,) = _lignes(a_faire.a_dire_faites, pilote)
    assert ligne.url == f"/visites/{visite.pk}/"


def test_l_accueil_coute_autant_pour_une_visite_que_pour_cinquante(visite: Visite, pilote: Utilisateur) -> None:
    siege = affecter(Role.SIEGE, visite.parcours.esms.og)
    grappe, og = visite.parcours.grappe, visite.parcours.esms.og

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            VisiteFactory(etude=visite.etude, parcours=ParcoursFactory(grappe=grappe, esms__og=og))
            refusee = VisiteFactory(etude=visite.etude, parcours=ParcoursFactory(grappe=grappe, esms__og=og))
            forcer(refusee, etat="acceptee")

    couts = []
    for nombre in (1, 49):
        peupler(nombre)
        for compte in (siege, pilote):
            lu = Utilisateur.objects.get(pk=compte.pk)
            _ = lu.perimetre.affectes
            with CaptureQueriesContext(connection) as captees:
                for regle in (a_faire.a_repondre, a_faire.a_remplacer, a_faire.a_programmer, a_faire.a_dire_faites):
                    _lignes(regle, lu)
            couts.append(len(captees))
    assert couts[:2] == couts[2:], couts


def test_l_esms_ne_voit_ni_le_contraste_ni_les_brouillons(visite: Visite) -> None:
    lu = lecture.chez(visite.parcours, directrice_de(visite.parcours))
    assert lu.attendent == [visite] and lu.suivies == [] and lu.monographies == []
    VisiteFactory()
    assert lecture.chez(visite.parcours, directrice_de(ParcoursFactory())).attendent == []
