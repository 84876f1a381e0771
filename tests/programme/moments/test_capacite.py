"""La capacité d'une vague : une seule règle, la même phrase d'où qu'on range."""

from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.calculs.capacite import Places, apres
from programme.enums import EtatMoment
from programme.models import Grappe, Moment, Parcours, Utilisateur, Vague
from programme.services import moments as services
from programme.services.capacite import prevoir
from programme.services.parcours import modifier_fiche
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import ParcoursFactory
from tests.programme.moments.aides import page_du_moment, relu, remplir, vague

base = pytest.mark.django_db
TROP = "La vague de déploiement 2 a maintenant 2 ESMS à accompagner pour une capacité de 1"
TROP_PREVU = "La vague de déploiement 2 aurait 2 ESMS à accompagner pour une capacité de 1"


@pytest.mark.parametrize(
    ("capacite", "prises", "reste", "pleine", "depassee"),
    [
        (3, 2, 1, False, False),
        (3, 3, 0, True, False),
        (3, 4, 0, True, True),
        (0, 0, 0, True, False),
        (None, 9, None, False, False),
        (3, None, None, False, False),
    ],
)
def test_les_places(capacite: Any, prises: Any, reste: Any, pleine: bool, depassee: bool) -> None:
    places = Places(capacite, prises)
    assert (places.reste, places.pleine, places.depassee) == (reste, pleine, depassee)


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(1, 4), st.integers(0, 9), min_size=1),
    st.lists(st.tuples(st.none() | st.integers(1, 5), st.none() | st.integers(1, 5)), max_size=9),
)
def test_ranger_ne_cree_ni_ne_perd_personne(prises: dict[int, int], mouvements: Any) -> None:
    entres = sum(vers in prises for _, vers in mouvements) - sum(de in prises for de, _ in mouvements)
    assert sum(apres(prises, mouvements).values()) == sum(prises.values()) + entres


@base
def test_ranger_au_dela_de_la_capacite_avertit_partout(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    remplir(grappe)
    client, pleine = connecte(cheffe), vague(grappe, 2)
    chemins = {
        "programme:grappe-vagues": (grappe.pk, {"vague": pleine.pk, "parcours": [parcours.pk]}),
        "programme:grappe-tableau": (grappe.pk, {"vague": pleine.pk, "parcours": parcours.pk, "vu": ""}),
        "programme:parcours-modifier": (
            parcours.pk,
            {"vague": pleine.pk, "type_projet": "acquisition", "temps_ecriture": "non_decide"},
        ),
    }
    for nom, (cle, envoi) in chemins.items():
        modifier_fiche(parcours=parcours, valeurs={"vague": None}, par=cheffe)
        if "modifier" in nom:
            envoi = envoi | {"vu": jeton(Parcours.history.filter(id=parcours.pk))}
        page = client.post(reverse(nom, args=[cle]), envoi, follow=True).content.decode()
        assert relu(parcours).vague == pleine, nom
        assert TROP in page, nom


@base
def test_qui_ne_voit_pas_la_grappe_n_apprend_pas_combien_sont_dans_une_vague(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    """En service régulier on ne prend pas de place : rien ne se refuse, et le nombre des autres ne se dit pas."""
    for _ in range(2):
        remplir(grappe)
    changer_etat(parcours, "constater", par=cheffe, vers="service_regulier", motif="Reprise")
    envoi = {"vague": vague(grappe, 2).pk, "temps_ecriture": "non_decide"}
    envoi |= {"vu": jeton(Parcours.history.filter(id=parcours.pk))}
    adresse = reverse("programme:parcours-modifier", args=[parcours.pk])
    page = connecte(directrice).post(adresse, envoi, follow=True).content.decode()
    assert relu(parcours).vague == vague(grappe, 2) and "fiche enregistrée" in page
    assert TROP not in page


@base
def test_le_geste_groupe_previent_avant_de_confirmer(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    remplir(grappe)
    envoi = {"action": "vague", "choix": str(parcours.pk), "etape": "apercu", "vague": str(vague(grappe, 2).pk)}
    page = connecte(cheffe).post(reverse("programme:parcours-lot"), envoi).content.decode()
    assert TROP_PREVU in page and relu(parcours).vague is None


@base
def test_la_prevision_ne_compte_que_qui_prend_une_place(grappe: Grappe) -> None:
    remplir(grappe)
    assert prevoir(grappe, [("recense", None, 2)]) == [TROP_PREVU + " : décalez-en un, ou revoyez la capacité."]
    assert prevoir(grappe, [("routine", None, 2), ("recense", 2, 2), ("recense", None, 3)]) == []
    assert prevoir(grappe, [("recense", None, 2), ("recense", 2, 1)]) == []


@base
def test_une_vague_pleine_se_demande_puis_s_accorde_avec_un_motif(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    remplir(grappe)
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    assert moment.etat == EtatMoment.DEMANDE and relu(parcours).vague is None
    with pytest.raises(Refus) as refus:
        changer_etat(moment, "accorder", par=cheffe)
    assert "La vague de déploiement 2 est pleine (1 ESMS à la fois)" in refus.value.champs["motif"][0]
    changer_etat(moment, "accorder", par=cheffe, motif="Les deux équipes se forment ensemble.")
    assert relu(parcours).vague == vague(grappe, 2)


@base
def test_un_esms_en_service_regulier_rend_sa_place(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    occupant = remplir(grappe)
    changer_etat(occupant, "constater", par=cheffe, vers="service_regulier", motif="Reprise")
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    assert moment.etat == EtatMoment.ACCEPTE


@base
def test_proposer_une_vague_pleine_dit_pourquoi(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    remplir(grappe)
    with pytest.raises(Refus) as refus:
        services.proposer_vague(parcours=parcours, vague=vague(grappe, 2), par=cheffe)
    assert "pourquoi vous la proposez quand même" in refus.value.champs["mot"][0]
    assert not Moment.objects.exists()
    moment = services.proposer_vague(parcours=parcours, vague=vague(grappe, 2), par=cheffe, mot="Un ESMS se retire.")
    assert Passage.objects.de(moment).get().motif == "Un ESMS se retire."


@base
def test_la_derniere_place_ne_se_promet_pas_deux_fois_en_silence(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    services.proposer_vague(parcours=ParcoursFactory(grappe=grappe), vague=vague(grappe, 2), par=cheffe)
    with pytest.raises(Refus) as refus:
        services.proposer_vague(parcours=parcours, vague=vague(grappe, 2), par=cheffe)
    assert "sera pleine si les directions déjà sollicitées acceptent (1 ESMS" in refus.value.champs["mot"][0]
    assert Moment.objects.count() == 1
    services.proposer_vague(parcours=parcours, vague=vague(grappe, 2), par=cheffe, mot="Au premier qui répond.")


@base
def test_accorder_une_vague_pleine_demande_le_motif_avant_l_envoi(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    remplir(grappe)
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    url = reverse("programme:passage", args=["moment", moment.pk, "accorder"])
    client = connecte(cheffe)
    formulaire = client.get(url).context["formulaire"]
    assert formulaire.fields["motif"].required and "est pleine (1 ESMS" in formulaire.fields["motif"].help_text
    assert "dites en une ligne pourquoi" in client.post(url, {"version": moment.version}).content.decode()
    Vague.objects.filter(pk=moment.demandee_id).update(capacite=5)
    assert not client.get(url).context["formulaire"].fields["motif"].required


@base
def test_la_fiche_renvoie_la_direction_a_la_demande(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    remplir(grappe)
    with pytest.raises(Refus) as refus:
        modifier_fiche(parcours=parcours, valeurs={"vague": vague(grappe, 2)}, par=directrice)
    assert refus.value.champs["vague"] == [
        "La vague de déploiement 2 est pleine (1 ESMS à la fois) : demandez-la depuis « Choisir mon moment », le chef "
        "de projet décidera."
    ]
    modifier_fiche(parcours=parcours, valeurs={"vague": vague(grappe, 2)}, par=cheffe)
    assert relu(parcours).vague == vague(grappe, 2)


@base
def test_le_compte_d_une_vague_se_dit_a_partir_de_cinq(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    Vague.objects.filter(grappe=grappe, numero=1).update(capacite=9)
    for _ in range(4):
        ParcoursFactory(grappe=grappe, vague=vague(grappe, 1))
    assert "de la place · 9 à la fois" in page_du_moment(directrice, parcours)
    assert "5 places libres sur 9" in page_du_moment(cheffe, parcours)
    ParcoursFactory(grappe=grappe, vague=vague(grappe, 1))
    assert "4 places libres sur 9" in page_du_moment(directrice, parcours)
