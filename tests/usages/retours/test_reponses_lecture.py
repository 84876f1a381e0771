"""« Vous avez dit, nous avons fait » : ce qui se lit, depuis quand, sous quel mois, avec combien de voix."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.usages.retours.fabriques import SoutienFactory, conduire
from tests.usages.retours.mondes_reponses import SECRET, Decor, decor, dernier_lundi
from usages.models import Retour
from usages.models.retours import semaine_de
from usages.services.retours.reponses import lire_de_l_esms, lire_de_la_grappe, pour_l_affiche

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _titres(d: Decor) -> tuple[list[str], list[str]]:
    lu = lire_de_l_esms(d.parcours, timezone.localdate())
    return [x.titre for x in lu.en_cours], [x.titre for m in lu.mois for x in m.dits]


def test_en_cours_puis_repondus_et_rien_de_nouveau(d: Decor) -> None:
    d.publier("Écran lent")
    d.dire("Hors de portée", "ne_pas_retenir")
    d.dire("Compris", "qualifier")
    d.dire("Chez l'éditeur", "qualifier", "prendre_en_charge", voie="editeur")
    d.dire("Rien encore")
    en_cours, repondus = _titres(d)
    assert sorted(en_cours) == ["Chez l'éditeur", "Compris"]
    assert sorted(repondus) == ["Hors de portée", "Écran lent"]


def test_la_semaine_en_cours_ne_se_montre_pas(d: Decor) -> None:
    lundi = semaine_de(timezone.localdate())
    d.publier("De cette semaine", recu_le=lundi)
    d.dire("En cours cette semaine", "qualifier", recu_le=lundi)
    assert _titres(d) == ([], [])
    assert pour_l_affiche(d.parcours, timezone.localdate()) == []
    plus_tard = lire_de_l_esms(d.parcours, lundi + timedelta(days=7))
    assert [x.titre for x in plus_tard.en_cours] == ["En cours cette semaine"]


def test_la_raison_d_un_refus_est_le_motif_du_passage(d: Decor) -> None:
    d.dire("Hors de portée", "ne_pas_retenir")
    (mois,) = lire_de_l_esms(d.parcours, timezone.localdate()).mois
    assert [(x.fait, x.est_retenu) for x in mois.dits] == [("Hors de notre portée", False)]


def test_rouvert_il_revient_en_cours_sans_sa_reponse_d_avant(d: Decor) -> None:
    conduire(d.publier("Écran lent", "Vieille réponse"), "rouvrir", par=d.cheffe)
    lu = lire_de_l_esms(d.parcours, timezone.localdate())
    assert [(x.titre, x.fait) for x in lu.en_cours] == [("Écran lent", "")] and not lu.mois


def test_par_mois_de_reponse_le_plus_recent_d_abord(d: Decor) -> None:
    recent, ancien = d.publier("Récent"), d.publier("Ancien", recu_le=dernier_lundi() - timedelta(days=90))
    Retour.objects.filter(pk=ancien.pk).update(repondu_le=recent.repondu_le - timedelta(days=40))
    lu = lire_de_l_esms(d.parcours, timezone.localdate())
    assert [[x.titre for x in m.dits] for m in lu.mois] == [["Récent"], ["Ancien"]]
    assert all(m.debut.day == 1 for m in lu.mois)


def test_les_voix_d_avant_cette_semaine_seulement(d: Decor) -> None:
    retour = d.dire("Étiquettes", "qualifier")
    SoutienFactory(retour=retour, recu_le=dernier_lundi())
    SoutienFactory(retour=retour, recu_le=semaine_de(timezone.localdate()))
    assert [x.nb_voix for x in lire_de_l_esms(d.parcours, timezone.localdate()).en_cours] == [2]
    assert Retour.objects.avec_voix().get(pk=retour.pk).nb_voix == 3


def test_un_esms_lit_la_reponse_de_qui_porte_son_retour_ou_a_recu_sa_voix(d: Decor) -> None:
    porteur = d.dire("Porté ailleurs", "qualifier", parcours=d.autre)
    soutenu = d.dire("Soutenu ailleurs", "qualifier", parcours=d.autre)
    d.dire("Ailleurs, sans lui", "qualifier", parcours=d.autre)
    conduire(d.dire("Pareil", "qualifier"), "regrouper", par=d.cheffe, sous=porteur.pk)
    SoutienFactory(retour=soutenu, parcours=d.parcours)
    assert sorted(_titres(d)[0]) == ["Porté ailleurs", "Soutenu ailleurs"]
    lu = lire_de_l_esms(d.parcours, timezone.localdate(), ailleurs=True)
    assert [x.titre for x in lu.ailleurs] == ["Ailleurs, sans lui"]


def test_le_texte_d_origine_n_est_pas_meme_lu_en_base(d: Decor) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    d.publier("Écran lent")
    d.dire("Compris", "qualifier")
    with CaptureQueriesContext(connection) as captees:
        lu = lire_de_la_grappe(d.grappe, timezone.localdate())
    assert SECRET not in repr(lu)
    assert not [q["sql"] for q in captees if '"usages_retour"."probleme"' in q["sql"]]


def test_une_affiche_prend_les_reponses_depuis_un_jour_et_se_complete_a_trois(d: Decor) -> None:
    au = timezone.localdate()
    for n in range(10):
        retour = d.publier(f"Dit {n}")
        Retour.objects.filter(pk=retour.pk).update(repondu_le=au - timedelta(days=n))
    d.dire("Hors de portée", "ne_pas_retenir")

    def titres(depuis: date | None = None) -> list[str]:
        return [x.titre for x in pour_l_affiche(d.parcours, au, depuis)]

    assert titres() == [f"Dit {n}" for n in range(8)]
    assert titres(au - timedelta(days=4)) == [f"Dit {n}" for n in range(5)]
    assert titres(au) == ["Dit 0", "Dit 1", "Dit 2"]
    assert len(pour_l_affiche(d.grappe, au)) == 8
