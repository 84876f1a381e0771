"""Répondre : pour un ESMS, un niveau, plusieurs ; ce qui est refusé ; les versions du modèle."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme.conditions import dater
from programme.enums import Niveau, Role, StatutAction
from programme.models import LigneChecklist, Parcours, ReponseChecklist, VersionChecklist, VersionPubliee
from programme.services.checklist import modele
from programme.services.checklist.lecture import lire_checklist, lire_checklists
from programme.services.checklist.reponses import joindre_piece, repondre, repondre_pour_plusieurs
from programme.services.reference import charger_reference
from programme.socle.erreurs import Refus
from programme.socle.pieces import peut_lire
from tests.fabriques import (
    EsmsFactory,
    GroupeFactory,
    OgFactory,
    ParcoursFactory,
    affecter,
    cheffe_de,
    directrice_de,
    modele_publie,
    pdf,
)

pytestmark = pytest.mark.django_db
S, N = StatutAction, Niveau


@pytest.fixture
def parcours() -> Parcours:
    parcours = ParcoursFactory(esms=EsmsFactory(og=OgFactory()))
    modele_publie({"instances": N.GRAPPE, "si": N.OG, "kit": N.GROUPE, "cvs": N.ESMS})
    return parcours


def dire(parcours: Parcours, code: str, niveau: str, cible: Any, par: Any, **champs: Any) -> ReponseChecklist:
    return repondre(grappe=parcours.grappe, code=code, niveau=niveau, cible=cible, par=par, **champs)


def statuts(parcours: Parcours) -> dict[str, str]:
    return {x.ligne.code: x.statut for x in lire_checklist(parcours).lignes}


def test_chaque_niveau_repond_pour_tous_dessous(parcours: Parcours) -> None:
    voisin = ParcoursFactory(grappe=parcours.grappe, esms=EsmsFactory(og=parcours.esms.og))
    ailleurs = ParcoursFactory(grappe=parcours.grappe)
    groupe = GroupeFactory(og=parcours.esms.og)
    groupe.esms.add(parcours.esms)
    dire(parcours, "instances", N.GRAPPE, parcours.grappe, cheffe_de(parcours.grappe), statut=S.FAIT)
    dire(parcours, "si", N.OG, parcours.esms.og, affecter(Role.SIEGE, parcours.esms.og), statut=S.EN_COURS)
    dire(parcours, "kit", N.GROUPE, groupe, affecter(Role.DIRECTEUR, groupe), statut=S.FAIT)
    assert statuts(parcours) == {"instances": S.FAIT, "si": S.EN_COURS, "kit": S.FAIT, "cvs": S.A_FAIRE}
    assert statuts(voisin) == {"instances": S.FAIT, "si": S.EN_COURS, "kit": S.A_FAIRE, "cvs": S.A_FAIRE}
    assert statuts(ailleurs) == {"instances": S.FAIT, "si": S.A_FAIRE, "kit": S.A_FAIRE, "cvs": S.A_FAIRE}


def test_une_directrice_de_quatre_esms_repond_une_fois(parcours: Parcours) -> None:
    autres = [ParcoursFactory(grappe=parcours.grappe, esms=EsmsFactory(og=parcours.esms.og)) for _ in range(3)]
    groupe = GroupeFactory(og=parcours.esms.og)
    groupe.esms.add(parcours.esms, *(p.esms for p in autres))
    directrice = affecter(Role.DIRECTEUR, groupe)
    repondre_pour_plusieurs(parcours=[parcours, *autres], code="cvs", par=directrice, statut=S.FAIT)
    assert ReponseChecklist.objects.filter(code="cvs", niveau=N.ESMS, statut=S.FAIT).count() == 4


def test_sans_objet_demande_un_motif_et_n_ecrit_rien_sans(parcours: Parcours) -> None:
    with pytest.raises(Refus) as refus:
        dire(parcours, "cvs", N.ESMS, parcours, directrice_de(parcours), statut=S.SANS_OBJET)
    assert "en une ligne" in refus.value.champs["motif"][0] and not ReponseChecklist.objects.exists()


def test_quitter_sans_objet_efface_son_motif(parcours: Parcours) -> None:
    par = directrice_de(parcours)
    dire(parcours, "cvs", N.ESMS, parcours, par, statut=S.SANS_OBJET, motif="Pas de CVS ici.")
    assert dire(parcours, "cvs", N.ESMS, parcours, par, statut=S.EN_COURS).motif == ""


@pytest.mark.parametrize(("code", "niveau"), [("instances", N.GRAPPE), ("si", N.OG), ("kit", N.GROUPE)])
def test_une_directrice_d_esms_ne_repond_pas_pour_plus_large(parcours: Parcours, code: str, niveau: str) -> None:
    groupe = GroupeFactory(og=parcours.esms.og)
    groupe.esms.add(parcours.esms)
    cible = {N.GRAPPE: parcours.grappe, N.OG: parcours.esms.og, N.GROUPE: groupe}[Niveau(niveau)]
    with pytest.raises(Refus) as refus:
        dire(parcours, code, niveau, cible, directrice_de(parcours), statut=S.FAIT)
    assert refus.value.code == "droit"


def test_on_ne_repond_pas_pour_un_og_d_une_autre_grappe(parcours: Parcours) -> None:
    etranger = OgFactory()
    with pytest.raises(Refus) as refus:
        dire(parcours, "si", N.OG, etranger, affecter(Role.SIEGE, etranger), statut=S.FAIT)
    assert "personne de la grappe" in str(refus.value.champs)


def test_une_action_d_esms_ne_se_repond_pas_d_en_haut(parcours: Parcours) -> None:
    with pytest.raises(Refus) as refus:
        dire(parcours, "cvs", N.OG, parcours.esms.og, cheffe_de(parcours.grappe), statut=S.FAIT)
    assert "plus près du terrain" in str(refus.value.champs)


def test_ce_que_treille_constate_ne_se_coche_pas(parcours: Parcours) -> None:
    modele_publie({"cse": N.OG}, mesure="cse")
    par = directrice_de(parcours)
    with pytest.raises(Refus) as refus:
        dire(parcours, "cse", N.ESMS, parcours, par, statut=S.FAIT)
    assert "se constate" in refus.value.champs["statut"][0]
    assert statuts(parcours) == {"cse": S.A_FAIRE}
    dater("cse")(parcours, par)
    lue = lire_checklist(parcours).lignes[0]
    assert (lue.statut, lue.resolue.herite_de) == (S.FAIT, "mesure")


def test_deux_personnes_ne_s_ecrasent_pas(parcours: Parcours) -> None:
    par = directrice_de(parcours)
    reponse = dire(parcours, "cvs", N.ESMS, parcours, par, statut=S.EN_COURS)
    vu = reponse.history.latest().history_id
    dire(parcours, "cvs", N.ESMS, parcours, cheffe_de(parcours.grappe), statut=S.EN_ATTENTE)
    with pytest.raises(Refus) as refus:
        dire(parcours, "cvs", N.ESMS, parcours, par, statut=S.FAIT, vu=vu)
    assert refus.value.code == "concurrence"
    reponse.refresh_from_db()
    assert reponse.statut == S.EN_ATTENTE


def test_un_responsable_voit_l_esms(parcours: Parcours) -> None:
    par, dehors = directrice_de(parcours), directrice_de(ParcoursFactory())
    with pytest.raises(Refus) as refus:
        dire(parcours, "cvs", N.ESMS, parcours, par, responsable=dehors)
    assert "responsable" in refus.value.champs
    referent = affecter(Role.REFERENT, parcours.esms)
    assert dire(parcours, "cvs", N.ESMS, parcours, par, responsable=referent).responsable == referent


# --- pièces --------------------------------------------------------------------------------------------------------


def test_seule_une_verification_demande_une_piece_et_elle_se_lit_dans_le_perimetre(parcours: Parcours) -> None:
    modele_publie({"va": N.GRAPPE, "cvs": N.ESMS}, piece_attendue=True)
    LigneChecklist.objects.filter(code="cvs").update(piece_attendue=False)
    cheffe = cheffe_de(parcours.grappe)
    with pytest.raises(Refus) as refus:
        dire(parcours, "va", N.GRAPPE, parcours.grappe, cheffe, statut=S.FAIT)
    assert "procès-verbal" in refus.value.champs["statut"][0]
    commun = {"grappe": parcours.grappe, "niveau": N.GRAPPE, "cible": parcours.grappe, "par": cheffe}
    piece = joindre_piece(code="va", fichier=pdf(), **commun)
    assert dire(parcours, "va", N.GRAPPE, parcours.grappe, cheffe, statut=S.FAIT).statut == S.FAIT
    assert peut_lire(directrice_de(parcours), piece)
    assert not peut_lire(directrice_de(ParcoursFactory()), piece)
    assert not peut_lire(affecter(Role.ARS, parcours.grappe), piece)
    with pytest.raises(Refus):
        joindre_piece(
            grappe=parcours.grappe, code="cvs", niveau=N.ESMS, cible=parcours, fichier=pdf("b.pdf"), par=cheffe
        )


def test_un_executable_renomme_est_refuse_et_ne_laisse_rien(parcours: Parcours) -> None:
    modele_publie({"va": N.GRAPPE}, piece_attendue=True)
    faux = pdf("pv.pdf")
    faux.file.seek(0)
    faux.file.truncate()
    faux.file.write(b"MZ" + b"\0" * 400)
    faux.file.seek(0)
    faux.size = 402
    with pytest.raises(Refus) as refus:
        joindre_piece(
            grappe=parcours.grappe, code="va", niveau=N.GRAPPE, cible=parcours.grappe, fichier=faux,
            par=cheffe_de(parcours.grappe),
        )  # fmt: skip
    assert "fichier" in refus.value.champs and not ReponseChecklist.objects.exists()


# --- versions ------------------------------------------------------------------------------------------------------


def test_une_version_publiee_ne_change_plus(parcours: Parcours) -> None:
    ligne = LigneChecklist.objects.first()
    assert ligne is not None
    with pytest.raises(VersionPubliee):
        ligne.save()
    with pytest.raises(VersionPubliee):
        ligne.delete()


def test_une_version_ajoute_retire_reformule_et_deplace_sans_rien_perdre(parcours: Parcours) -> None:
    cheffe, directrice = cheffe_de(parcours.grappe), directrice_de(parcours)
    dire(parcours, "cvs", N.ESMS, parcours, directrice, statut=S.FAIT, commentaire="Le 3 mars.")
    dire(parcours, "si", N.OG, parcours.esms.og, cheffe, statut=S.FAIT)
    dire(parcours, "instances", N.GRAPPE, parcours.grappe, cheffe, statut=S.EN_COURS)
    avant = set(ReponseChecklist.objects.values_list("pk", "statut", "commentaire"))
    version = modele.preparer_version(grappe=parcours.grappe, par=cheffe)
    lignes = {x.code: x for x in version.lignes.all()}
    modele.enregistrer_ligne(version=version, par=cheffe, code="si", ligne=lignes["si"], niveau=N.ESMS)
    modele.enregistrer_ligne(version=version, par=cheffe, code="cvs", ligne=lignes["cvs"], libelle="Réunir le CVS")
    modele.retirer_ligne(ligne=lignes["instances"], par=cheffe)
    neuve = {"role": "relais", "phase": "recense", "niveau": N.ESMS, "libelle": "Poser des affiches"}
    modele.enregistrer_ligne(version=version, par=cheffe, code="affiches", **neuve)
    ecarts = modele.publier_version(version=version, par=cheffe, note="Le siège ne répond plus pour tous.")
    assert ecarts.ajoutees == ["affiches"] and ecarts.retirees == ["instances"] and ecarts.reformulees == ["cvs"]
    assert ecarts.deplacees == {"si": ("og", "esms")}
    lue = lire_checklist(parcours)
    assert statuts(parcours) == {"si": S.A_FAIRE, "kit": S.A_FAIRE, "cvs": S.FAIT, "affiches": S.A_FAIRE}
    par_code = {x.ligne.code: x for x in lue.lignes}
    assert par_code["cvs"].resolue.est_reformulee and par_code["si"].resolue.anciennes[0].statut == S.FAIT
    assert [r.code for r in lue.retirees] == ["instances"]
    assert set(ReponseChecklist.objects.values_list("pk", "statut", "commentaire")) == avant


def test_une_version_qui_ne_change_rien_ne_se_publie_pas(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    version = modele.preparer_version(grappe=parcours.grappe, par=cheffe)
    with pytest.raises(Refus, match="ne change rien"):
        modele.publier_version(version=version, par=cheffe)
    with pytest.raises(Refus, match="déjà en préparation"):
        modele.preparer_version(grappe=parcours.grappe, par=cheffe)


def test_le_modele_de_treille_se_charge_une_fois_et_chaque_mesure_existe(db: None) -> None:
    charger_reference()
    charger_reference()
    version = VersionChecklist.objects.get()
    assert version.lignes.count() == 62 and not version.est_brouillon
    parcours = ParcoursFactory()
    checklist = lire_checklist(parcours)
    assert len(checklist.lignes) == 62
    for lue in checklist.lignes:
        assert bool(lue.lien) == bool(lue.ligne.mesure), lue.ligne.code
    assert checklist.nb_reglees == 0


def test_le_nombre_de_requetes_ne_suit_ni_les_esms_ni_les_reponses(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    for p in [parcours, *(ParcoursFactory(grappe=parcours.grappe) for _ in range(9))]:
        dire(p, "cvs", N.ESMS, p, cheffe, statut=S.FAIT)
    lus = list(Parcours.objects.select_related("esms__og", "grappe"))
    nombres = []
    for ensemble in (lus[:1], lus):
        with CaptureQueriesContext(connection) as lues:
            lire_checklists(ensemble)
        nombres.append(len(lues))
    assert nombres[0] == nombres[1] <= 7
