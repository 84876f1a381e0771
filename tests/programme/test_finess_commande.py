"""`importer_finess` et la mise à jour de l'annuaire : l'échantillon réel, ses suites, et les fichiers fautifs."""

import gzip
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from programme.enums import NatureEvenement, Role
from programme.models import Categorie, Esms, EvenementEsms, OrganismeGestionnaire
from programme.services.annuaire import Analyse, Choix, analyser
from programme.services.fusions import declarer_fusion
from programme.services.reference import charger_reference
from programme.socle.erreurs import Refus
from programme.socle.finess.lignes import Ligne, LigneESMS, LigneOG
from programme.socle.finess.refus import FichierRefuse
from programme.socle.finess.source import ouvrir
from tests.fabriques import EsmsFactory, affecter, finess_valide

pytestmark = pytest.mark.django_db

ECHANTILLON = settings.RACINE / "fixtures" / "demo" / "finess-structures-echantillon.json.gz"
IMPORTS = settings.RACINE / "fixtures" / "imports"
AOUT, MAI = date(2026, 8, 13), date(2026, 5, 1)

Lancer = Callable[..., str]


@pytest.fixture(autouse=True)
def reference() -> None:
    charger_reference()


@pytest.fixture
def lancer(capsys: pytest.CaptureFixture[str]) -> Lancer:
    def importer(fichier: Any, *options: str) -> str:
        call_command("importer_finess", str(fichier), *options)
        return capsys.readouterr().out

    return importer


def derniere(sortie: str) -> str:
    return sortie.strip().splitlines()[-1]


def importer(lignes: Iterable[Ligne], *, millesime: date | None = AOUT, **choix: Any) -> Analyse:
    with analyser(lignes, millesime=millesime, choix=Choix(**choix)) as analyse:
        analyse.ecrire()
    return analyse


OG = LigneOG(1, finess_valide(9001), "", "Association A", "Association A", "60", "", "", "", "33", None, None)
LIGNE = LigneESMS(
    ligne=1,
    finess=finess_valide(1),
    finess_og=OG.finess,
    nom="IME Les Tilleuls",
    nom_long="Institut Les Tilleuls",
    categorie="183",
    siret="",
    commune_cog="33227",
    code_postal="33210",
    ville="LANGON",
    departement="33",
    adresse="1 RUE HAUTE",
    ouvert_le=date(1980, 1, 1),
    ferme_le=None,
    actif=True,
    longitude=-0.2,
    latitude=44.5,
)


# --- l'échantillon réel --------------------------------------------------------------------------------------------


def test_a_blanc_par_defaut(lancer: Lancer) -> None:
    sortie = lancer(ECHANTILLON)
    assert derniere(sortie).startswith("1753 lus") and "841 en activité" in sortie and "À blanc" in sortie
    assert not Esms.objects.exists() and not OrganismeGestionnaire.objects.exists()


def test_l_echantillon_entier_puis_rien_ne_change(lancer: Lancer) -> None:
    premiere = lancer(ECHANTILLON, "--ecrire", "--tout")
    assert derniere(premiere) == "1753 lus, 1753 créés, 0 modifiés, 0 inchangés, 0 fermés, 0 rejetés"
    assert Esms.objects.count() == 1753 and Esms.objects.en_activite().count() == 841
    assert OrganismeGestionnaire.objects.count() <= 30
    seconde = lancer(ECHANTILLON, "--ecrire", "--tout")
    assert derniere(seconde) == "1753 lus, 0 créés, 0 modifiés, 1753 inchangés, 0 fermés, 0 rejetés"


def test_par_defaut_les_categories_a_secteur_et_les_inconnues(lancer: Lancer) -> None:
    lancer(ECHANTILLON, "--ecrire")
    hors = Esms.objects.filter(categorie__secteur="")
    assert Esms.objects.count() == 940 and hors.exists()
    assert all(nom.startswith("Catégorie ") for nom in hors.values_list("categorie__libelle", flat=True))
    seconde = lancer(ECHANTILLON, "--ecrire")
    assert derniere(seconde) == "1753 lus, 0 créés, 0 modifiés, 940 inchangés, 0 fermés, 0 rejetés"
    assert "813 hors des catégories" in seconde


def test_les_categories_demandees_et_elles_seules(lancer: Lancer) -> None:
    lancer(ECHANTILLON, "--ecrire", "--categories", "183, 500")
    assert set(Esms.objects.values_list("categorie_id", flat=True)) == {"183", "500"}
    with pytest.raises(CommandError, match="pas les deux"):
        lancer(ECHANTILLON, "--tout", "--categories", "183")


def test_l_extrait_etalab_dit_la_meme_chose_que_finess_plus(lancer: Lancer) -> None:
    lancer(ECHANTILLON, "--ecrire")
    actifs = set(Esms.objects.en_activite().values_list("finess", flat=True))
    extrait = [e.finess for e in ouvrir(IMPORTS / "finess-etalab-451.csv").lignes() if isinstance(e, LigneESMS)]
    assert len(extrait) == 451 and actifs.issuperset(extrait)
    sortie = lancer(IMPORTS / "finess-etalab-451.csv", "--ecrire")
    assert derniere(sortie) == "451 lus, 0 créés, 0 modifiés, 451 inchangés, 0 fermés, 0 rejetés"


def test_un_esms_du_fichier_se_retrouve_sans_accents(lancer: Lancer) -> None:
    lancer(ECHANTILLON, "--ecrire")
    esms = Esms.objects.en_activite().exclude(og=None).first()
    assert esms in Esms.objects.chercher(f"{esms.ville.lower()} {esms.finess}")
    assert esms.og.nom and esms.millesime == AOUT


# --- fichiers fautifs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fichier", "compte", "mot"),
    [
        ("mauvaise-cle", "3 lus, 2 créés, 0 modifiés, 0 inchangés, 0 fermés, 1 rejetés", "ligne 3"),
        ("doublon", "3 lus, 2 créés, 0 modifiés, 0 inchangés, 0 fermés, 1 rejetés", "ligne 2"),
        ("tronque", "3 lus, 2 créés, 0 modifiés, 0 inchangés, 0 fermés, 1 rejetés", "18 champs"),
        ("zero-perdu", "3 lus, 3 créés, 0 modifiés, 0 inchangés, 0 fermés, 0 rejetés", "zéro de tête"),
        ("categorie-inconnue", "3 lus, 3 créés, 0 modifiés, 0 inchangés, 0 fermés, 0 rejetés", "« 999 »"),
    ],
)
def test_les_lignes_fautives_sont_dites_les_bonnes_entrent(lancer: Lancer, fichier: str, compte: str, mot: str) -> None:
    sortie = lancer(IMPORTS / f"finess-etalab-{fichier}.csv", "--ecrire")
    assert derniere(sortie) == compte and mot in sortie


def test_une_categorie_inconnue_est_gardee_sans_secteur_meme_au_second_passage(lancer: Lancer) -> None:
    for _ in range(2):
        sortie = lancer(IMPORTS / "finess-etalab-categorie-inconnue.csv", "--ecrire")
    assert derniere(sortie) == "3 lus, 0 créés, 0 modifiés, 3 inchangés, 0 fermés, 0 rejetés"
    inconnue = Categorie.objects.get(code="999")
    assert inconnue.secteur == "" and not Esms.objects.du_champ().filter(categorie=inconnue).exists()


@pytest.mark.parametrize("fabriquer", ["coupe", "tabulations", "vide", "absent", "autre"])
def test_un_fichier_refuse_n_ecrit_rien_et_le_dit(lancer: Lancer, tmp_path: Path, fabriquer: str) -> None:
    fichier = tmp_path / "fichier"
    if fabriquer == "coupe":
        fichier.write_bytes(ECHANTILLON.read_bytes()[:60_000])
    elif fabriquer == "tabulations":
        fichier = IMPORTS / "finess-etalab-tabulations.csv"
    elif fabriquer == "vide":
        fichier.write_bytes(b"")
    elif fabriquer == "autre":
        fichier.write_bytes(b"PK\x03\x04 un classeur")
    with pytest.raises(CommandError, match="Fichier refusé, rien n'est écrit"):
        lancer(fichier, "--ecrire")
    assert not Esms.objects.exists() and not OrganismeGestionnaire.objects.exists()


def test_le_plafond_de_taille_est_le_meme_qu_a_l_ecran(lancer: Lancer, settings: Any) -> None:
    settings.TREILLE_TAILLE_IMPORT = 1000
    with pytest.raises(CommandError, match="le maximum est"):
        lancer(ECHANTILLON)


def test_tous_les_rejets_sont_comptes_et_la_liste_est_bornee(lancer: Lancer, tmp_path: Path) -> None:
    modele = (IMPORTS / "finess-etalab-451.csv").read_text(encoding="utf-8").splitlines()[1]
    fautives = [modele.replace(modele.split(";")[1], f"33000{rang:03d}X", 1) for rang in range(130)]
    fichier = tmp_path / "rejets.csv"
    fichier.write_text("finess;etalab;111;2026-08-13\n" + "\n".join(fautives) + "\n", encoding="utf-8")
    sortie = lancer(fichier, "--ecrire")
    assert derniere(sortie).endswith("130 rejetés") and sortie.count("Rejet, ligne") == 100
    assert "et 30 autres rejets" in sortie


def test_sans_reference_l_import_dit_quoi_faire(lancer: Lancer) -> None:
    from programme.models import Departement

    Departement.objects.all().delete()
    with pytest.raises(CommandError, match="charger_reference"):
        lancer(ECHANTILLON)


def test_une_archive_compressee_de_l_extrait_se_lit(lancer: Lancer, tmp_path: Path) -> None:
    fichier = tmp_path / "extrait.csv.gz"
    fichier.write_bytes(gzip.compress((IMPORTS / "finess-etalab-451.csv").read_bytes()))
    assert derniere(lancer(fichier)).startswith("451 lus, 451 créés")


# --- mises à jour --------------------------------------------------------------------------------------------------


def test_une_modification_est_comptee_et_decrite() -> None:
    importer([OG, LIGNE])
    ecarts: list[Any] = []
    with analyser([replace(LIGNE, ville="BAZAS")], millesime=AOUT, noter=ecarts.append) as analyse:
        analyse.ecrire()
    assert analyse.bilan.modifies == 1 and ecarts[0].valeurs == (("ville", "LANGON", "BAZAS"),)
    esms = Esms.objects.get()
    assert esms.ville == "BAZAS" and esms in Esms.objects.chercher("bazas")


def test_analyser_sans_ecrire_ne_change_rien() -> None:
    with analyser([OG, LIGNE], millesime=AOUT) as analyse:
        assert analyse.bilan.crees == 1
    assert not Esms.objects.exists()


def test_une_absence_ne_ferme_rien() -> None:
    importer([OG, LIGNE, replace(LIGNE, finess=finess_valide(2))])
    importer([OG, LIGNE])
    assert Esms.objects.en_activite().count() == 2


def test_une_fermeture_se_lit_dans_le_fichier_et_reste_dans_l_histoire() -> None:
    importer([OG, LIGNE])
    bilan = importer([OG, replace(LIGNE, actif=False, ferme_le=date(2026, 6, 30))]).bilan
    assert (bilan.fermes, bilan.modifies) == (1, 0)
    evenement = EvenementEsms.objects.get()
    assert evenement.nature == NatureEvenement.FERMETURE and evenement.date_effet == date(2026, 6, 30)
    importer([OG, LIGNE])
    esms = Esms.objects.get()
    assert esms.est_actif and esms.ferme_le is None
    assert EvenementEsms.objects.filter(nature=NatureEvenement.REOUVERTURE).count() == 1


def test_un_changement_d_og_reste_dans_l_histoire() -> None:
    autre = replace(OG, finess=finess_valide(9002), nom="Association B")
    importer([OG, LIGNE])
    importer([autre, replace(LIGNE, finess_og=autre.finess)])
    assert Esms.objects.get().og.nom == "Association B"
    evenement = EvenementEsms.objects.get()
    assert (evenement.nature, evenement.avant, evenement.apres) == (NatureEvenement.OG, OG.finess, autre.finess)
    assert OrganismeGestionnaire.objects.count() == 2


def test_ce_que_le_fichier_tait_n_est_pas_efface() -> None:
    importer([OG, LIGNE])
    muet = replace(LIGNE, finess_og="", adresse="", longitude=None, latitude=None, ouvert_le=None)
    assert importer([muet]).bilan.inchanges == 1
    esms = Esms.objects.get()
    assert esms.og.finess == OG.finess and esms.adresse == "1 RUE HAUTE" and esms.longitude == -0.2


def test_une_adresse_a_taire_s_efface() -> None:
    importer([OG, LIGNE])
    importer([OG, replace(LIGNE, categorie="238", adresse="", longitude=None, latitude=None)])
    esms = Esms.objects.get()
    assert esms.adresse == "" and esms.longitude is None


def test_un_fichier_plus_ancien_ne_defait_rien() -> None:
    importer([OG, replace(LIGNE, actif=False)], millesime=AOUT)
    bilan = importer([OG, replace(LIGNE, ville="BAZAS")], millesime=MAI).bilan
    assert (bilan.inchanges, bilan.plus_anciens) == (1, 1)
    assert not Esms.objects.get().est_actif


def test_un_fichier_plus_recent_et_identique_ne_modifie_que_la_date() -> None:
    importer([OG, LIGNE], millesime=MAI)
    assert importer([OG, LIGNE], millesime=AOUT).bilan.inchanges == 1
    assert Esms.objects.get().millesime == AOUT
    assert importer([OG, replace(LIGNE, ville="BAZAS")], millesime=MAI).bilan.plus_anciens == 1


def test_un_og_sans_esms_retenu_n_entre_pas_mais_le_sien_suit_ses_nouvelles() -> None:
    pharmacie = replace(LIGNE, categorie="620")
    assert importer([OG, pharmacie]).bilan.hors_categories == 1
    assert not OrganismeGestionnaire.objects.exists()
    importer([OG, LIGNE])
    bilan = importer([replace(OG, nom="Association renommée"), LIGNE]).bilan
    assert bilan.og_modifies == 1 and OrganismeGestionnaire.objects.get().nom == "Association renommée"


def test_un_og_a_cheval_sur_deux_paquets_garde_son_nom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programme.services.annuaire.TAILLE_DE_PAQUET", 2)
    lignes = [replace(LIGNE, finess=finess_valide(rang)) for rang in range(1, 6)]
    bilan = importer([OG, replace(LIGNE, finess=finess_valide(9), categorie="620"), *lignes]).bilan
    assert bilan.og_crees == 1 and bilan.crees == 5
    assert OrganismeGestionnaire.objects.get().nom == "Association A"
    assert set(Esms.objects.values_list("og__finess", flat=True)) == {OG.finess}


def test_un_og_inconnu_de_l_extrait_est_cree_par_son_numero_puis_nomme() -> None:
    importer([LIGNE])
    assert OrganismeGestionnaire.objects.get().nom.startswith("OG 33")
    importer([OG, LIGNE])
    assert OrganismeGestionnaire.objects.get().nom == "Association A"


def test_un_og_inconnu_cite_par_deux_paquets_n_est_compte_qu_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programme.services.annuaire.TAILLE_DE_PAQUET", 2)
    assert importer([replace(LIGNE, finess=finess_valide(rang)) for rang in range(1, 6)]).bilan.og_crees == 1


def test_un_nouvel_esms_d_une_categorie_encore_inconnue_entre_aussi_plus_tard() -> None:
    importer([OG, replace(LIGNE, categorie="999")])
    assert importer([OG, replace(LIGNE, categorie="999", finess=finess_valide(2))]).bilan.crees == 1


def test_un_esms_deja_la_est_suivi_meme_s_il_change_pour_une_categorie_sans_secteur() -> None:
    importer([OG, LIGNE])
    importer([OG, replace(LIGNE, categorie="620")])
    assert Esms.objects.get().categorie_id == "620"


def test_ce_que_la_base_ne_saurait_garder_est_coupe_et_dit() -> None:
    demesuree = replace(LIGNE, nom="N" * 500, siret="1" * 40, departement="ZZ", categorie="12345", ville="A\x00B")
    analyse = importer([OG, demesuree])
    esms = Esms.objects.get()
    assert len(esms.nom) == 200 and esms.departement is None and esms.categorie_id == "000" and esms.ville == "AB"
    assert any("coupé" in a for a in analyse.avertissements) and any("Département" in a for a in analyse.avertissements)


def test_un_refus_en_cours_de_lecture_n_ecrit_rien() -> None:
    def lignes() -> Iterable[Ligne]:
        yield OG
        yield LIGNE
        raise FichierRefuse("coupé")

    with pytest.raises(FichierRefuse):
        importer(lignes())
    assert not Esms.objects.exists()


def test_une_ecriture_qui_echoue_en_route_n_ecrit_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programme.services.annuaire.TAILLE_DE_PAQUET", 2)

    def casser(faits: int) -> None:
        if faits > 1:
            raise RuntimeError("panne")

    lignes = [OG, *(replace(LIGNE, finess=finess_valide(rang)) for rang in range(1, 6))]
    with pytest.raises(RuntimeError), analyser(lignes, millesime=AOUT) as analyse:
        analyse.ecrire(temoin=casser)
    assert not Esms.objects.exists() and not OrganismeGestionnaire.objects.exists()


# --- fusion --------------------------------------------------------------------------------------------------------


def test_une_fusion_declaree_tient_face_au_fichier_suivant() -> None:
    importer([OG, LIGNE, replace(LIGNE, finess=finess_valide(2))])
    absorbe, absorbant = Esms.objects.order_by("finess")
    declarer_fusion(absorbe=absorbe, absorbant=absorbant, le=MAI, par=affecter(Role.ADMIN))
    assert importer([OG, LIGNE, replace(LIGNE, finess=finess_valide(2))]).bilan.inchanges == 2
    absorbe.refresh_from_db()
    assert (absorbe.remplace_par, absorbe.est_actif, absorbe.ferme_le) == (absorbant, False, MAI)
    assert EvenementEsms.objects.get().nature == NatureEvenement.FUSION


def test_une_fusion_suivie_d_une_autre_mene_au_dernier() -> None:
    premier, deuxieme, dernier = EsmsFactory.create_batch(3)
    declarer_fusion(absorbe=premier, absorbant=deuxieme, le=MAI, par=affecter(Role.ADMIN))
    declarer_fusion(absorbe=deuxieme, absorbant=dernier, le=AOUT, par=affecter(Role.ADMIN))
    premier.refresh_from_db()
    assert premier.remplace_par == dernier


def test_une_fusion_qui_ne_tient_pas_est_refusee() -> None:
    un, deux, trois = EsmsFactory.create_batch(3)
    declarer_fusion(absorbe=un, absorbant=deux, le=MAI, par=affecter(Role.ADMIN))
    for absorbe, absorbant, le in (
        (deux, deux, MAI),
        (un, trois, MAI),
        (deux, un, MAI),
        (deux, trois, date(2100, 1, 1)),
    ):
        with pytest.raises(Refus):
            declarer_fusion(absorbe=absorbe, absorbant=absorbant, le=le, par=affecter(Role.ADMIN))
    assert EvenementEsms.objects.count() == 1


# --- t-finess -------------------------------------------------------------------------------------------------------


def test_t_finess_s_importe_comme_les_autres_et_sans_difference_la_seconde_fois(lancer: Lancer) -> None:
    fichier = IMPORTS / "finess-t-finess.csv"
    premiere = lancer(fichier, "--ecrire", "--tout")
    assert derniere(premiere).startswith("58 lus, 58 créés") and derniere(premiere).endswith("0 rejetés")
    assert OrganismeGestionnaire.objects.filter(nom__startswith="OG ").count() == 0
    assert derniere(lancer(fichier, "--ecrire", "--tout")).startswith("58 lus, 0 créés, 0 modifiés, 58 inchangés")


def test_t_finess_apres_finess_plus_n_efface_rien(lancer: Lancer) -> None:
    lancer(ECHANTILLON, "--ecrire")
    avant = dict(OrganismeGestionnaire.objects.values_list("finess", "nom_long"))
    longs = dict(Esms.objects.values_list("finess", "nom_long"))
    lancer(IMPORTS / "finess-t-finess.csv", "--ecrire")
    assert dict(OrganismeGestionnaire.objects.values_list("finess", "nom_long")) == avant
    assert dict(Esms.objects.values_list("finess", "nom_long")) == longs
