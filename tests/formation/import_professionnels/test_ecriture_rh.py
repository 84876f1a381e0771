"""Écrire le fichier du personnel : d'un bloc, pour ses seuls ESMS ; réimporter ne change rien ; qui sort."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from formation.models import Poste, Professionnel
from formation.services import import_professionnels
from formation.services.import_professionnels import ecriture
from programme.enums import Role
from programme.socle.erreurs import Refus
from tests.fabriques import EsmsFactory, ParcoursFactory, affecter
from tests.formation.fabriques import PosteFactory, ProfessionnelFactory
from tests.formation.import_professionnels.aides import (
    comparer_le_fichier,
    csv_de,
    decor,
    importer,
    ligne,
    rejets,
)

pytestmark = pytest.mark.django_db


def hier() -> date:
    return timezone.localdate() - timedelta(days=1)


# --- créer, réimporter, corriger -----------------------------------------------------------------------------------


def test_creer_puis_reimporter_ne_change_rien() -> None:
    d = decor()
    contenu = csv_de(
        ligne(d, 1, unite="Les Petits"),
        ligne(d, 1, esms=d.vergers.esms.finess, entree="01/01/2021", sortie="15/01/2021"),
        ligne(d, 2, metier="Psychologue"),
    )
    assert importer(d, contenu)["nombres"] == {"cree": 3}
    assert Professionnel.objects.count() == 2
    court = Poste.objects.get(parcours=d.vergers)
    assert (court.est_renfort, court.professionnel.nom, court.saisi_par) == (True, "Personne 1", d.siege)
    assert court.professionnel.recherche == "personne 1 m0001"
    encore = importer(d, contenu)
    assert encore["nombres"] == {"inchange": 3} and encore["a_ecrire"] == 0


def test_seules_les_corrections_s_ecrivent_et_un_nom_ne_se_montre_pas() -> None:
    d = decor()
    importer(d, csv_de(ligne(d, 1), ligne(d, 2), ligne(d, 3)))
    resultat = importer(
        d,
        csv_de(
            ligne(d, 1, nom="Personne 1 bis"),
            ligne(d, 2, metier="Infirmier", sortie="30/06/2024", entree="02/09/2020"),
            ligne(d, 3),
        ),
    )
    assert resultat["nombres"] == {"modifie": 2, "inchange": 1}
    un, deux = resultat["lignes"]["modifie"]
    assert un["ecarts"] == [("Nom", "autrement", "comme dans le fichier")] and un["cle"] == "ligne 2"
    assert deux["ecarts"] == [
        ("Entrée", "01/09/2020", "02/09/2020"),
        ("Métier", "Aide-soignant", "Infirmier"),
        ("Sortie", "", "30/06/2024"),
    ]
    assert "Personne" not in str(resultat)
    assert Poste.objects.count() == 3 and Poste.objects.get(professionnel__matricule="M0002").fin == date(2024, 6, 30)
    assert Professionnel.objects.get(matricule="M0001").tri == "personne 1 bis"


def test_une_case_vide_ne_change_rien_sauf_la_sortie() -> None:
    d = decor(courriel="courriel")
    entetes = ["Matricule", "Nom", "Métier", "ESMS", "Unité", "Entrée", "Sortie", "Courriel"]
    plein = [*ligne(d, 1, unite="Les Petits", sortie=f"{hier():%d/%m/%Y}"), "un@exemple.invalid"]
    importer(d, csv_de(plein, entetes=entetes))
    resultat = importer(d, csv_de([*ligne(d, 1), ""], entetes=entetes))
    assert resultat["lignes"]["modifie"][0]["ecarts"] == [("Sortie", f"{hier():%d/%m/%Y}", "")]
    poste = Poste.objects.get()
    assert (poste.fin, str(poste.unite), poste.professionnel.courriel) == (None, "Les Petits", "un@exemple.invalid")


def test_deux_postes_deja_la_aux_memes_dates_se_corrigent_a_la_main() -> None:
    d = decor()
    personne = ProfessionnelFactory(og=d.og, matricule="M0001", nom="Personne 1")
    for debut in (date(2019, 1, 1), date(2020, 1, 1)):
        PosteFactory(parcours=d.coteau, professionnel=personne, debut=debut)
    _, resultat = comparer_le_fichier(d, csv_de(ligne(d, 1)))
    assert "corrigez-les à la main" in rejets(resultat)[0][2]


def test_des_zeros_perdus_par_le_tableur_ne_font_pas_une_autre_personne() -> None:
    d = decor()
    importer(d, csv_de(ligne(d, 1, matricule="00042"), ligne(d, 2, matricule="00043")))
    _, resultat = comparer_le_fichier(d, csv_de(ligne(d, 1, matricule="42"), ligne(d, 3, matricule="43")))
    assert resultat["nombres"] == {"rejete": 1, "cree": 1} and "zéros en tête" in rejets(resultat)[0][2]


def test_un_nom_efface_ne_revient_pas_par_le_fichier() -> None:
    d = decor()
    partie, deux_vies = ligne(d, 1, sortie="30/06/2022"), ligne(d, 2, sortie="30/06/2022")
    contenu = csv_de(partie, deux_vies, ligne(d, 2, esms=d.vergers.esms.finess))
    for _ in range(2):
        resultat = importer(d, contenu)
        assert resultat["nombres"]["inchange"] >= 1 and "pas repris" in resultat["avertissements"][0][0]
    assert resultat["nombres"] == {"inchange": 3}
    assert list(Professionnel.objects.values_list("matricule", flat=True)) == ["M0002"]
    # Encore connue, sa sortie se dit ; effacée ensuite, elle ne revient pas.
    importer(d, csv_de(ligne(d, 3)))
    assert importer(d, csv_de(ligne(d, 3, sortie="30/06/2022")))["nombres"] == {"modifie": 1}


# --- tout ou rien --------------------------------------------------------------------------------------------------


def test_une_panne_en_route_n_ecrit_rien() -> None:
    d = decor()
    plan, _ = comparer_le_fichier(d, csv_de(*[ligne(d, n) for n in range(1, 6)]))
    with patch.object(ecriture.Poste.objects, "bulk_create", side_effect=RuntimeError), pytest.raises(RuntimeError):
        import_professionnels.ecrire(plan)
    assert not Professionnel.objects.exists() and not Poste.objects.exists()


def test_une_ecriture_perimee_n_ecrit_rien() -> None:
    d = decor()
    plan, _ = comparer_le_fichier(d, csv_de(ligne(d, 1), ligne(d, 2)))
    ProfessionnelFactory(og=d.og, matricule="M0002")
    with pytest.raises(Refus, match="changé depuis l'aperçu"):
        import_professionnels.ecrire(plan)
    assert Professionnel.objects.count() == 1


def test_la_couverture_des_esms_touches_se_refait() -> None:
    d = decor()
    with patch.object(ecriture, "rafraichir") as rafraichir:
        importer(d, csv_de(ligne(d, 1)))
        rafraichir.assert_called_once_with({d.coteau.pk})
        importer(d, csv_de(ligne(d, 1)))
        rafraichir.assert_called_once()


# --- les droits, les périmètres ------------------------------------------------------------------------------------


def test_une_direction_n_ecrit_que_chez_elle_et_n_apprend_rien_d_ailleurs() -> None:
    d = decor()
    etranger = ParcoursFactory().esms
    directrice = affecter(Role.DIRECTEUR, d.coteau.esms)
    contenu = csv_de(
        ligne(d, 1),
        ligne(d, 2, esms=d.vergers.esms.finess),
        ligne(d, 3, esms=etranger.finess),
        ligne(d, 4, esms=EsmsFactory.build().finess),
    )
    resultat = importer(d, contenu, par=directrice)
    assert resultat["nombres"] == {"cree": 1, "rejete": 3}
    phrases = {raison.partition(" : ")[2] for _, _, raison in rejets(resultat)}
    assert len(phrases) == 1 and Poste.objects.get().parcours == d.coteau


def test_une_personne_d_un_autre_esms_n_est_ni_renommee_ni_devinee() -> None:
    d = decor()
    importer(d, csv_de(ligne(d, 1, esms=d.vergers.esms.finess), ligne(d, 2, esms=d.vergers.esms.finess)))
    directrice = affecter(Role.DIRECTEUR, d.coteau.esms)
    resultat = importer(d, csv_de(ligne(d, 1), ligne(d, 2, nom="Personne 99")), par=directrice)
    assert resultat["nombres"] == {"cree": 1, "rejete": 1} and "autre personne de l'organisme" in str(resultat)
    assert set(Professionnel.objects.values_list("nom", flat=True)) == {"Personne 1", "Personne 2"}
    assert Poste.objects.filter(professionnel__matricule="M0001").count() == 2


def test_deux_organismes_ont_les_memes_matricules() -> None:
    un, deux = decor(), decor()
    for d in (un, deux):
        assert importer(d, csv_de(ligne(d, 1, nom=f"Personne {d.og.pk}")))["nombres"] == {"cree": 1}
    assert Professionnel.objects.filter(matricule="M0001").count() == 2


def test_un_esms_dans_deux_grappes_s_importe_depuis_sa_page() -> None:
    d = decor()
    ailleurs = ParcoursFactory(esms=d.coteau.esms, solution=None)
    _, resultat = comparer_le_fichier(d, csv_de(ligne(d, 1)))
    assert "deux grappes" in rejets(resultat)[0][2]
    importer(d, csv_de(ligne(d, 1)), depuis=ailleurs.pk)
    assert Poste.objects.get().parcours == ailleurs


# --- un fichier complet --------------------------------------------------------------------------------------------


def test_le_fichier_complet_fait_sortir_qui_n_y_est_plus_et_personne_d_autre() -> None:
    d = decor()
    importer(d, csv_de(*[ligne(d, n) for n in (1, 2, 3)], ligne(d, 2, esms=d.vergers.esms.finess)))
    PosteFactory(parcours=d.coteau, professionnel__og=d.og, professionnel__origine="interim")
    PosteFactory(parcours=d.coteau, professionnel__og=d.og, professionnel__matricule="", professionnel__nom="")
    reste = csv_de(ligne(d, 1), ligne(d, 3))
    _, sans = comparer_le_fichier(d, reste)
    assert sans["nombres"] == {"inchange": 2}
    resultat = importer(d, reste, complet_au=hier())
    assert resultat["nombres"] == {"inchange": 2, "ferme": 1}
    sortie = Professionnel.objects.get(matricule="M0002")
    assert resultat["lignes"]["ferme"][0]["cle"] == sortie.numero and "1 poste se ferme" in resultat["annonces"][0]
    # Les Vergers ne sont pas dans le fichier : personne n'y est sorti.
    assert any("MAS Les Vergers" in phrase for phrase, _ in resultat["avertissements"])
    assert [p.fin for p in Poste.objects.filter(professionnel__matricule="M0002").order_by("parcours")] == [
        hier(),
        None,
    ]
    assert importer(d, reste, complet_au=hier())["nombres"] == {"inchange": 2}


def test_tant_qu_une_ligne_est_rejetee_personne_ne_sort() -> None:
    d = decor()
    importer(d, csv_de(ligne(d, 1), ligne(d, 2)))
    resultat = importer(d, csv_de(ligne(d, 1), ligne(d, 2, entree="31/02/2020")), complet_au=hier())
    assert resultat["nombres"] == {"inchange": 1, "rejete": 1} and "Personne n'est sorti" in resultat["annonces"][0]


def test_deux_periodes_d_un_meme_poste_ne_se_disputent_pas_le_meme() -> None:
    """Un seul poste couvre les deux lignes : l'une le reprend, l'autre en crée un ; refaire ne change rien."""
    d = decor()
    importer(d, csv_de(ligne(d, 1, entree="01/01/2015")))
    contenu = csv_de(ligne(d, 1, entree="08/01/2016", sortie="29/11/2020"), ligne(d, 1, entree="12/06/2025", sortie=""))
    assert importer(d, contenu)["nombres"] == {"modifie": 1, "cree": 1}
    assert importer(d, contenu)["nombres"] == {"inchange": 2}
    assert [p.debut.year for p in Poste.objects.filter(parcours=d.coteau).order_by("debut")] == [2016, 2025]


# --- propriété -----------------------------------------------------------------------------------------------------


jours = st.dates(date(2015, 1, 1), date(2026, 12, 31))
lignes_rh = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.booleans(),
        st.sampled_from(["Aide-soignant", "Psychologue", "IDE", "Inconnu"]),
        jours,
        st.none() | jours,
        st.sampled_from(["", "Les Petits", "Ailleurs"]),
    ),
    max_size=12,
)


# Sans rétrécir : chaque essai d'un exemple est un import entier, et la phrase montrée suffit à le rejouer.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(fichiers=st.lists(lignes_rh, min_size=1, max_size=3))
def test_reimporter_ne_change_jamais_rien(fichiers: list[Any], django_db_blocker: Any) -> None:
    d = decor()
    for lues in fichiers:
        contenu = csv_de(
            *[
                ligne(
                    d,
                    n,
                    esms=(d.coteau if au_coteau else d.vergers).esms.finess,
                    metier=metier,
                    entree=f"{entree:%d/%m/%Y}",
                    sortie=f"{sortie:%d/%m/%Y}" if sortie else "",
                    unite=unite,
                )
                for n, au_coteau, metier, entree, sortie, unite in lues
            ],
            ligne(d, 99),
        )
        premier = importer(d, contenu)
        second = importer(d, contenu)
        assert second["a_ecrire"] == 0 and second["signature"] != "" and "cree" not in second["nombres"]
        assert second["nombres"].get("rejete", 0) == premier["nombres"].get("rejete", 0)
        for poste in Poste.objects.filter(professionnel__og=d.og):
            assert poste.fin is None or poste.fin >= poste.debut
