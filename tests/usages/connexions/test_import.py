"""L'import des connexions : ce qu'il compte, ce qu'il remplace, ce qu'il dit, qui peut le mener."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from formation.models import CompteDui, Poste
from programme.socle.enums import EtatTravail
from programme.socle.erreurs import Refus
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import confirmer, imports
from programme.socle.models import Travail
from programme.socle.travaux import executer, lancer
from tests.fabriques import affecter
from tests.formation.fabriques import PosteFactory
from tests.usages.connexions.aides import Decor, apercu, decor, importer, journal, mois_entier, ouvrir
from usages.enums import SourceUsage
from usages.models import HorairesAllumes, TrancheUsage, UsageMensuel
from usages.resources.connexions import demander
from usages.services.connexions import comparer, ecrire
from usages.services.connexions.correspondances import GENRE

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _usages() -> set[tuple[Any, ...]]:
    champs = ("parcours__esms__nom", "mois", "source", "actifs", "partages", "inconnus", "connexions", "est_complet")
    return set(UsageMensuel.objects.values_list(*champs))


def _octobre(d: Decor) -> list[str]:
    finess = d.chai.esms.finess
    return [
        *mois_entier(finess),
        f"AGENT1;15/10/2026 10:00;{finess}",
        f"m002;16-10-2026;{finess}",
        f"salle-de-soins;2026-10-17 11:00;{finess}",
        f"x-inconnu;2026-10-17 11:00;{finess}",
    ]


def test_un_journal_compte_les_comptes_de_personnes_en_poste_et_met_a_part_les_autres(d: Decor) -> None:
    travail = importer(d, journal(*_octobre(d)))
    assert travail.etat == EtatTravail.TERMINE, travail.erreur
    assert _usages() == {("IME du Chai", date(2026, 10, 1), "journal", 3, 1, 1, 6, True)}
    assert travail.resultat is not None and "aucune ligne mise de côté" in travail.resultat["annonces"][0]


def test_une_personne_partie_n_est_plus_en_poste(d: Decor) -> None:
    Poste.objects.filter(professionnel__matricule="M000").update(fin=date(2026, 9, 30))
    importer(d, journal(*_octobre(d)))
    assert {u[3:6] for u in _usages()} == {(2, 1, 2)}


def test_deux_fois_le_meme_import_ne_change_rien(d: Decor) -> None:
    contenu = journal(*_octobre(d))
    importer(d, contenu)
    avant = list(UsageMensuel.objects.values())
    encore = apercu(d, contenu)
    assert encore.resultat is not None
    assert encore.resultat["nombres"] == {"inchange": 1} and encore.resultat["a_ecrire"] == 0
    assert list(UsageMensuel.objects.values()) == avant


def test_un_fichier_remplace_en_entier_chaque_mois_de_chaque_esms_qu_il_cite_et_rien_d_autre(d: Decor) -> None:
    chai, coteau = d.chai.esms.finess, d.coteau.esms.finess
    importer(d, journal(*_octobre(d), *mois_entier(chai, "agent1", "2026-09", 30), *mois_entier(coteau)))
    importer(d, journal(*mois_entier(chai, "agent2")))
    assert {(u[0], u[1].month, *u[3:7]) for u in _usages()} == {
        ("IME du Chai", 9, 1, 0, 0, 2),
        ("IME du Chai", 10, 1, 0, 0, 2),
        ("Coteau", 10, 0, 0, 1, 2),
    }


def test_un_mois_incomplet_est_signale_et_le_dire_en_entier_se_peut(d: Decor) -> None:
    contenu = journal(f"agent0;2026-10-05;{d.chai.esms.finess}", f"agent0;2026-10-20;{d.chai.esms.finess}")
    vu = apercu(d, contenu)
    assert vu.resultat is not None and any("octobre 2026" in a and "incomplet" in a for a in vu.resultat["annonces"])
    importer(d, contenu)
    assert {u[-1] for u in _usages()} == {False}
    importer(d, contenu, du="2026-10-01", au="2026-10-31")
    assert {u[-1] for u in _usages()} == {True}
    retour = apercu(d, contenu)
    assert retour.resultat is not None and any("remplacé par une partie" in a for a in retour.resultat["annonces"])


def test_ce_qui_est_mis_de_cote_se_dit_ligne_a_ligne_avec_le_total_et_sans_le_citer(d: Decor) -> None:
    finess = d.chai.esms.finess
    vu = apercu(
        d,
        journal(
            *mois_entier(finess),
            f"agent1;32/10/2026;{finess}",
            "agent1;2026-10-05;330000000",
            f"jean.vigne@exemple.fr;2026-10-05;{finess}",
        ),
    )
    assert vu.resultat is not None
    assert [li["ligne"] for li in vu.resultat["lignes"]["rejete"]] == [5, 4, 6]
    assert "3 lignes mises de côté" in vu.resultat["annonces"][0] and "jean" not in str(vu.resultat)
    assert "jean" not in vu.rapport.read().decode()


def test_une_liste_d_utilisateurs_ne_dit_que_le_mois_de_son_extraction(d: Decor) -> None:
    d.correspondance.options["source"] = SourceUsage.LISTE.value
    d.correspondance.save()
    finess = d.chai.esms.finess
    contenu = journal(
        f"agent0;12/10/2026;{finess}", f"agent1;02/09/2026;{finess}", f"agent2;;{finess}", f"z;30/10/2026;{finess}"
    )
    assert "dites quel jour" in apercu(d, contenu).erreur
    importer(d, contenu, au="2026-10-20")
    assert _usages() == {("IME du Chai", date(2026, 10, 1), "liste", 1, 0, 0, 0, False)}
    importer(d, contenu, au="2026-10-31")
    assert _usages() == {("IME du Chai", date(2026, 10, 1), "liste", 1, 0, 1, 0, True)}


def test_sans_colonne_d_esms_le_fichier_est_celui_de_l_esms_d_ou_l_on_depose(d: Decor) -> None:
    d.correspondance.colonnes = {"utilisateur": "compte", "date": "instant"}
    d.correspondance.save()
    importer(d, journal("agent0;2026-10-05;peu importe"))
    assert {u[:4] for u in _usages()} == {("IME du Chai", date(2026, 10, 1), "journal", 1)}


def test_un_mot_d_unite_se_relie_a_son_esms(d: Decor) -> None:
    d.correspondance.valeurs = {"esms": {"pavillon nord": d.coteau.esms.finess}}
    d.correspondance.save()
    importer(d, journal("a;2026-10-05;Pavillon Nord", "agent0;2026-10-05;ime du CHAI"))
    assert {(u[0], u[3], u[5]) for u in _usages()} == {("Coteau", 0, 1), ("IME du Chai", 1, 0)}


def test_un_esms_sans_compte_connu_le_dit(d: Decor) -> None:
    vu = apercu(d, journal(*mois_entier(d.coteau.esms.finess)))
    assert vu.resultat is not None and "Coteau" in vu.resultat["avertissements"][0][0]


# --- les heures et les lieux ---------------------------------------------------------------------------------------


def _equipe(d: Decor, combien: int) -> None:
    for rang in range(10, 10 + combien):
        PosteFactory(parcours=d.chai, professionnel__matricule=f"M{rang:03d}")


def _de_jour(d: Decor, combien: int) -> list[str]:
    finess = d.chai.esms.finess
    return [f"m{rang:03d};2026-10-{jour:02d} 09:00;{finess}" for rang in range(10, 10 + combien) for jour in (1, 31)]


def test_les_heures_sont_eteintes_par_defaut(d: Decor) -> None:
    importer(d, journal(*_de_jour(d, 12)))
    assert not TrancheUsage.objects.exists()


def test_allumees_elles_se_comptent_des_dix_comptes_et_jamais_la_veilleuse(d: Decor) -> None:
    HorairesAllumes.objects.create(parcours=d.chai, cse_le=date(2026, 9, 10), allume_par=d.siege)
    nuit = f"veilleuse;2026-10-03 23:10;{d.chai.esms.finess}"
    importer(d, journal(*_de_jour(d, 12)))
    assert list(TrancheUsage.objects.values_list("tranche", "lieu", "connexions", "comptes")) == [("matin", "", 24, 12)]
    importer(d, journal(*_de_jour(d, 12), nuit))
    assert not TrancheUsage.objects.exists(), "le total moins le matin dirait la nuit"


def test_avant_le_cse_rien_ne_se_lit_par_heure(d: Decor) -> None:
    HorairesAllumes.objects.create(parcours=d.chai, cse_le=date(2026, 10, 2), allume_par=d.siege)
    importer(d, journal(*_de_jour(d, 12)))
    assert not TrancheUsage.objects.exists()


def test_la_base_refuse_une_tranche_de_moins_de_dix_comptes(d: Decor) -> None:
    importer(d, journal(*_octobre(d)))
    with pytest.raises(IntegrityError), transaction.atomic():
        TrancheUsage.objects.create(usage=UsageMensuel.objects.get(), tranche="nuit", connexions=12, comptes=9)


# --- tenir ---------------------------------------------------------------------------------------------------------


def test_le_fichier_s_efface_une_fois_ecrit(d: Decor) -> None:
    depot = apercu(d, journal(*_octobre(d)))
    chemin = Path(depot.fichier.path)
    assert chemin.exists()
    suite = confirmer(depot, par=d.siege)
    executer(suite.pk)
    assert not chemin.exists() and not Travail.objects.exclude(fichier="").exists()


def test_un_fichier_oublie_s_efface_au_bout_d_un_jour(d: Decor) -> None:
    depot = apercu(d, journal(*_octobre(d)))
    Travail.objects.filter(pk=depot.pk).update(cree_le="2026-01-01T00:00:00Z")
    menage = lancer("connexions-menage")
    executer(menage.pk)
    depot.refresh_from_db()
    assert not depot.fichier.name


def test_qui_ne_gere_rien_dans_l_organisme_ne_mene_pas_l_import(d: Decor) -> None:
    peut = imports[GENRE].peut
    assert peut(d.siege, d.parametres) and peut(affecter("directeur", d.coteau.esms), d.parametres)
    assert not peut(affecter("chef_projet", d.chai.grappe), d.parametres)
    assert not peut(affecter("admin", None), d.parametres)


def test_qui_a_perdu_son_role_n_ecrit_plus(d: Decor) -> None:
    plan = comparer(demander(d.parametres, d.siege), ouvrir(journal(*_octobre(d))))
    with pytest.raises(Refus) as refus:
        ecrire(plan=plan, par=affecter("chef_projet", d.chai.grappe))
    assert refus.value.code == "droit" and not UsageMensuel.objects.exists()


def test_qui_dirige_un_esms_n_ecrit_pas_dans_l_autre(d: Decor) -> None:
    d.siege = affecter("directeur", d.chai.esms)
    vu = apercu(d, journal(*mois_entier(d.chai.esms.finess), *mois_entier(d.coteau.esms.finess)))
    assert vu.resultat is not None and vu.resultat["nombres"] == {"cree": 1, "rejete": 2}


def test_deux_fichiers_a_la_fois_se_suivent(d: Decor) -> None:
    demande = demander(d.parametres, d.siege)
    plan = comparer(demande, ouvrir(journal(*_octobre(d))))
    importer(d, journal(*mois_entier(d.chai.esms.finess)))
    with pytest.raises(Refus) as refus:
        ecrire(plan=plan, par=d.siege)
    assert refus.value.code == "concurrence"


def test_un_refus_au_milieu_n_ecrit_rien(d: Decor, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = comparer(demander(d.parametres, d.siege), ouvrir(journal(*_octobre(d), *mois_entier(d.coteau.esms.finess))))
    monkeypatch.setattr("usages.services.connexions.ecriture.LOT", 1)
    tours = iter([None])
    with pytest.raises(StopIteration):
        ecrire(plan=plan, par=d.siege, continuer=lambda: next(tours))
    assert not UsageMensuel.objects.exists()


def test_un_fichier_de_trois_gigaoctets_est_refuse_sans_etre_lu(d: Decor, tmp_path: Path) -> None:
    chemin = tmp_path / "enorme.csv"
    with chemin.open("wb") as fichier:
        fichier.truncate(3 << 30)
    with chemin.open("rb") as lu, pytest.raises(FichierRefuse, match=f"{settings.TREILLE_TAILLE_IMPORT >> 20} Mo"):
        comparer(demander(d.parametres, d.siege), lu)


def test_les_requetes_ne_dependent_ni_des_esms_ni_des_comptes(d: Decor, django_assert_num_queries: Any) -> None:
    demande = demander(d.parametres, d.siege)
    demande.portee.unites  # noqa: B018
    combien: list[int] = []
    for contenu in (
        journal(*mois_entier(d.chai.esms.finess)),
        journal(*_octobre(d), *mois_entier(d.coteau.esms.finess)),
    ):
        with django_assert_num_queries(4):
            plan = comparer(demande, ouvrir(contenu))
        # Droits, verrou, relecture, remplacement (deux), écriture, et la transaction de chaque lot.
        with CaptureQueriesContext(connection) as vues:
            ecrire(plan=plan, par=d.siege)
        combien.append(len(vues))
        UsageMensuel.objects.all().delete()
    assert len(set(combien)) == 1, combien
    assert CompteDui.objects.count() == 4
