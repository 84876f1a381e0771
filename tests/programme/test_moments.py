"""Le moment d'un ESMS : qui choisit, qui propose, une vague pleine, un désaccord porté au COMOP."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.capacite import Places, apres
from programme.chevauchement import Bornes, chevauchent, se_chevauchent
from programme.enums import EtatMoment, Role
from programme.models import ConflitCalendrier, Grappe, Moment, Parcours, Utilisateur, Vague
from programme.services import moments as services
from programme.services.capacite import prevoir
from programme.services.conduite import mettre_en_vague
from programme.services.parcours import modifier_fiche
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

AU = timezone.localdate()
NIR = "2 55 08 14 168 025 38"
base = pytest.mark.django_db

jours = st.none() | st.dates()


# --- les modules purs ------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(jours, jours, jours, jours)
def test_se_chevaucher_est_partager_un_jour(a: Any, b: Any, c: Any, d: Any) -> None:
    une, autre = Bornes(a, b), Bornes(c, d)
    assert se_chevauchent(une, autre) == se_chevauchent(autre, une)
    droites = all(x is None or y is None or x <= y for x, y in ((a, b), (c, d)))
    if droites:
        debut = max((j for j in (a, c) if j), default=None)
        fin = min((j for j in (b, d) if j), default=None)
        assert se_chevauchent(une, autre) == (debut is None or fin is None or debut <= fin)


def test_une_fenetre_sans_date_ne_touche_rien() -> None:
    periode = Bornes(AU, AU)
    assert chevauchent(Bornes(None, None), [periode]) == []
    assert chevauchent(Bornes(AU, None), [periode]) == [periode]
    assert chevauchent(Bornes(AU + timedelta(days=1), None), [periode]) == []


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


# --- le service ------------------------------------------------------------------------------------------------------


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory(nom="Rives de Garonne")
    for numero, capacite in ((1, 2), (2, 1), (3, None)):
        Vague.objects.create(
            grappe=grappe,
            numero=numero,
            capacite=capacite,
            debut=AU + timedelta(days=100 * numero),
            fin=AU + timedelta(days=100 * numero + 90),
        )
    return grappe


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe, esms__nom="IME Les Acacias")


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def vague(grappe: Grappe, numero: int) -> Vague:
    return grappe.vagues.get(numero=numero)


def remplir(grappe: Grappe, numero: int = 2) -> Parcours:
    return ParcoursFactory(grappe=grappe, vague=vague(grappe, numero), esms__nom="ESAT La Palombière")


def relu(parcours: Parcours) -> Parcours:
    return Parcours.objects.get(pk=parcours.pk)


@base
def test_la_direction_choisit_et_c_est_fait(grappe: Grappe, parcours: Parcours, directrice: Utilisateur) -> None:
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    assert moment.etat == EtatMoment.ACCEPTE and relu(parcours).vague == vague(grappe, 2)
    dernier = Parcours.history.filter(id=parcours.pk).latest("history_id")
    assert dernier.history_user == directrice and dernier.vague == vague(grappe, 2), "l'historique dit par qui"
    assert Passage.objects.de(moment).get().role == "Directeur"


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
def test_proposer_puis_accepter(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    moment = services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe, mot="L'équipe est libre.")
    assert moment.etat == EtatMoment.PROPOSE and relu(parcours).vague is None
    with pytest.raises(Refus, match="directeur"):
        changer_etat(moment, "accepter", par=cheffe)
    changer_etat(moment, "accepter", par=directrice)
    assert relu(parcours).vague == vague(grappe, 1)


@base
def test_un_desaccord_va_au_comop_qui_tranche(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    moment = services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe)
    with pytest.raises(Refus) as sans_motif:
        changer_etat(moment, "demander", par=directrice, vague=vague(grappe, 3))
    assert "motif" in sans_motif.value.champs
    changer_etat(moment, "demander", par=directrice, vague=vague(grappe, 3), motif="Nous déménageons.")
    changer_etat(moment, "porter", par=cheffe, motif="La formation ne se fera pas deux fois.")
    assert list(Moment.objects.portes_au_comop()) == [moment]
    membre = affecter(Role.MEMBRE, grappe)
    assert list(Moment.objects.visibles_par(membre).portes_au_comop()) == [moment]
    changer_etat(
        moment, "arbitrer", par=cheffe, motif="Vague 3", vague=vague(grappe, 3), reference="COMOP du 12, point 4"
    )
    assert relu(parcours).vague == vague(grappe, 3) and not Moment.objects.portes_au_comop()
    assert moment.reference == "COMOP du 12, point 4"


@base
def test_on_peut_se_reparler_avant_le_comop(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    remplir(grappe)
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    changer_etat(moment, "porter", par=directrice, motif="Notre seule fenêtre.")
    changer_etat(moment, "revenir", par=cheffe)
    changer_etat(moment, "proposer", par=cheffe, vague=vague(grappe, 3))
    assert moment.etat == EtatMoment.PROPOSE and moment.vague == vague(grappe, 3)


@base
def test_un_seul_echange_a_la_fois(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe)
    with pytest.raises(Refus, match="déjà attendue"):
        services.choisir_vague(parcours=parcours, vague=vague(grappe, 3), par=directrice)


@base
@pytest.mark.parametrize("comment", ["fiche", "lot"])
def test_la_vague_ecrite_ailleurs_classe_l_echange(
    comment: str, grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    moment = services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe)
    if comment == "fiche":
        modifier_fiche(parcours=parcours, valeurs={"vague": vague(grappe, 3)}, par=cheffe)
    else:
        mettre_en_vague(parcours=[relu(parcours)], vague=vague(grappe, 3), par=cheffe)
    moment.refresh_from_db()
    assert moment.etat == EtatMoment.CLASSE and relu(parcours).vague == vague(grappe, 3)


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
def test_une_vague_d_une_autre_grappe_se_refuse(parcours: Parcours, directrice: Utilisateur) -> None:
    ailleurs = Vague.objects.create(grappe=GrappeFactory(), numero=1)
    with pytest.raises(Refus, match="autre grappe"):
        services.choisir_vague(parcours=parcours, vague=ailleurs, par=directrice)
    assert not Moment.objects.exists()


# --- les pages -------------------------------------------------------------------------------------------------------


def _page(utilisateur: Utilisateur, parcours: Parcours) -> str:
    reponse = connecte(utilisateur).get(reverse("programme:parcours-moment", args=[parcours.pk]))
    assert reponse.status_code == 200
    return reponse.content.decode()


def _choisir(utilisateur: Utilisateur, parcours: Parcours, **donnees: Any) -> Any:
    return connecte(utilisateur).post(reverse("programme:parcours-moment", args=[parcours.pk]), donnees, follow=True)


@base
def test_la_page_dit_les_places_les_conflits_et_ce_qui_suivra(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    remplir(grappe)
    debut = AU + timedelta(days=110)
    ConflitCalendrier.objects.create(parcours=parcours, nature="evaluation", debut=debut, fin=debut + timedelta(days=2))
    page = _page(directrice, parcours)
    assert "pleine" in page and "1 à la fois" in page and "Visite d&#x27;évaluation, du" in page
    assert "ESAT La Palombière" not in page, "qui n'a qu'un ESMS ne lit pas le nom des autres"
    reponse = _choisir(directrice, parcours, vague=vague(grappe, 2).pk, mot="Nous préférons le printemps.")
    assert "votre demande attend le chef de projet" in reponse.content.decode()
    assert "Renoncer à la demande" in _page(directrice, parcours)


@base
def test_le_compte_d_une_vague_se_dit_a_partir_de_cinq(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    Vague.objects.filter(grappe=grappe, numero=1).update(capacite=9)
    for _ in range(4):
        ParcoursFactory(grappe=grappe, vague=vague(grappe, 1))
    assert "de la place · 9 à la fois" in _page(directrice, parcours)
    assert "5 places libres sur 9" in _page(cheffe, parcours)
    ParcoursFactory(grappe=grappe, vague=vague(grappe, 1))
    assert "4 places libres sur 9" in _page(directrice, parcours)


@base
def test_ne_rien_cocher_se_dit_et_garde_le_mot(grappe: Grappe, parcours: Parcours, directrice: Utilisateur) -> None:
    reponse = _choisir(directrice, parcours, mot="Au printemps.")
    assert reponse.status_code == 422 and "Choisissez une vague de déploiement." in reponse.content.decode()
    assert "Au printemps." in reponse.content.decode()


@base
def test_un_conflit_a_l_envers_se_dit_en_une_phrase(parcours: Parcours, directrice: Utilisateur) -> None:
    donnees = {"genre": "conflit", "nature": "travaux", "debut": "2027-03-10", "fin": "2027-03-01"}
    reponse = _choisir(directrice, parcours, **donnees)
    assert reponse.status_code == 422
    assert "La fin (01/03/2027) précède le début (10/03/2027)" in reponse.content.decode()
    assert not ConflitCalendrier.objects.exists()
    _choisir(directrice, parcours, **(donnees | {"fin": "2027-03-12"}))
    assert ConflitCalendrier.objects.get().quand == "du 10 mars 2027 au 12 mars 2027"


@base
def test_le_financeur_et_le_voisin_n_en_lisent_rien(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    changer_etat(grappe, "deposer", par=cheffe)
    services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe)
    ConflitCalendrier.objects.create(parcours=parcours, nature="evaluation", debut=AU)
    voisin = directrice_de(ParcoursFactory(grappe=grappe))
    for lecteur in (affecter(Role.ARS, grappe.region), voisin):
        assert not Moment.objects.visibles_par(lecteur).exists()
        assert not ConflitCalendrier.objects.visibles_par(lecteur).exists()
    ars = connecte(affecter(Role.ARS, grappe.region))
    for nom, cle in (("parcours-moment", parcours.pk), ("grappe-moments", grappe.pk), ("grappe-pilotes", grappe.pk)):
        assert ars.get(reverse(f"programme:{nom}", args=[cle])).status_code == 403


@base
def test_la_cheffe_propose_a_plusieurs_et_suit_ce_qui_attend(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    autre = ParcoursFactory(grappe=grappe, esms__nom="SESSAD du Vignoble")
    adresse = reverse("programme:grappe-moments", args=[grappe.pk])
    client = connecte(cheffe)
    vide = client.post(adresse, {"vague": vague(grappe, 1).pk})
    assert vide.status_code == 422 and "Cochez au moins un ESMS." in vide.content.decode()
    envoi = {"vague": vague(grappe, 1).pk, "parcours": [parcours.pk, autre.pk], "mot": "Ensemble."}
    page = client.post(adresse, envoi, follow=True).content.decode()
    assert "proposée à 2 directions" in page and "Proposés aux directions" in page
    assert Moment.objects.attendent_la_direction().count() == 2
    lignes = a_faire(directrice, AU)
    assert [x.titre for x in lignes if "moment" in x.titre] == ["Choisir votre moment : IME Les Acacias"]


@base
def test_la_cheffe_trouve_la_demande_dans_son_a_faire(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    remplir(grappe)
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    assert "Répondre à une vague demandée" in [x.titre for x in a_faire(cheffe, AU)]
    changer_etat(moment, "porter", par=cheffe, motif="Deux demandes pour une place.")
    assert "Un désaccord à porter au COMOP" in [x.titre for x in a_faire(cheffe, AU)]


@base
def test_l_arbitrage_par_la_page_demande_la_vague_la_seance_et_la_reference(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    remplir(grappe)
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    changer_etat(moment, "porter", par=cheffe, motif="Deux demandes pour une place.")
    adresse, client = reverse("programme:passage", args=["moment", moment.pk, "arbitrer"]), connecte(cheffe)
    assert "Séance du COMOP" in client.get(adresse).content.decode()
    envoi = {"version": moment.version, "date_effet": AU.isoformat(), "motif": "Vague 3, après l'été."}
    page = client.post(adresse, envoi)
    assert page.status_code == 422
    assert "Dites où la décision du COMOP est écrite." in page.content.decode()
    envoi |= {"vague": str(vague(grappe, 3).pk), "reference": "COMOP 12, point 4"}
    assert client.post(adresse, envoi, follow=True).status_code == 200
    assert relu(parcours).vague == vague(grappe, 3)


@base
@pytest.mark.parametrize("page", ["parcours-moment", "grappe-moments"])
def test_les_requetes_ne_suivent_pas_le_nombre(page: str, grappe: Grappe, parcours: Parcours) -> None:
    cheffe = cheffe_de(grappe)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            autre = ParcoursFactory(grappe=grappe)
            services.proposer_vague(parcours=autre, vague=vague(grappe, 3), par=cheffe)
            ParcoursFactory(grappe=grappe, vague=vague(grappe, 1))

    cle = parcours.pk if page == "parcours-moment" else grappe.pk
    exiger_requetes_constantes(connecte(cheffe), reverse(f"programme:{page}", args=[cle]), peupler)


# --- une même phrase, d'où qu'on range -------------------------------------------------------------------------------

TROP = "La vague de déploiement 2 a maintenant 2 ESMS à accompagner pour une capacité de 1"
TROP_PREVU = "La vague de déploiement 2 aurait 2 ESMS à accompagner pour une capacité de 1"


@base
def test_ranger_au_dela_de_la_capacite_avertit_partout(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    remplir(grappe)
    client, pleine = connecte(cheffe), vague(grappe, 2)
    chemins = {
        "programme:grappe-vagues": (grappe.pk, {"vague": pleine.pk, "parcours": [parcours.pk]}),
        "programme:grappe-tableau": (grappe.pk, {"vague": pleine.pk, "parcours": parcours.pk, "vu": ""}),
        "programme:parcours-modifier": (
            parcours.pk,
            {"vague": pleine.pk, "type_projet": "acquisition", "temps_ecriture": "non_decide", "nb_bloquants": 0},
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
    envoi = {"vague": vague(grappe, 2).pk, "temps_ecriture": "non_decide", "nb_bloquants": 0}
    envoi |= {"vu": jeton(Parcours.history.filter(id=parcours.pk))}
    adresse = reverse("programme:parcours-modifier", args=[parcours.pk])
    page = connecte(directrice).post(adresse, envoi, follow=True).content.decode()
    assert relu(parcours).vague == vague(grappe, 2) and "fiche enregistrée" in page
    assert TROP not in page


@base
def test_la_reference_d_un_arbitrage_refuse_un_nir(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    remplir(grappe)
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    changer_etat(moment, "porter", par=cheffe, motif="Deux demandes pour une place.")
    envoi = {"version": moment.version, "date_effet": AU.isoformat(), "vague": vague(grappe, 1).pk, "motif": "Vague 1."}
    adresse = reverse("programme:passage", args=["moment", moment.pk, "arbitrer"])
    reponse = connecte(cheffe).post(adresse, envoi | {"reference": f"CR, {NIR}"})
    assert reponse.status_code == 422 and not Moment.objects.filter(etat=EtatMoment.ARBITRE).exists()


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
def test_une_vague_finie_ne_se_demande_plus(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    finie = Vague.objects.create(grappe=grappe, numero=9, fin=AU - timedelta(days=1))
    moment = services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe)
    page = connecte(directrice_de(parcours)).get(f"/passages/moment/{moment.pk}/demander/").content.decode()
    assert f'value="{vague(grappe, 3).pk}"' in page and f'value="{finie.pk}"' not in page


@base
def test_la_page_de_l_esms_et_celle_de_la_grappe_disent_ce_qui_attend(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    remplir(grappe)
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    client = connecte(cheffe)
    fiche, page = (
        reverse(f"programme:{n}-detail", args=[c]) for n, c in (("parcours", parcours.pk), ("grappe", grappe.pk))
    )
    assert "Une vague est demandée" in client.get(fiche).content.decode()
    assert "Une vague demandée attend le chef de projet." in client.get(page).content.decode()
    changer_etat(moment, "porter", par=cheffe, motif="Deux demandes pour une place.")
    membre = connecte(affecter(Role.MEMBRE, grappe))
    assert "Un désaccord de calendrier attend le COMOP." in membre.get(page).content.decode()


@base
def test_une_vague_proposee_se_dit_a_qui_repond_et_ne_se_dit_pas_definitive(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    moment = services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe)
    fiche = reverse("programme:parcours-detail", args=[parcours.pk])
    assert "Une vague vous est proposée" in connecte(directrice).get(fiche).content.decode()
    assert "Une vague est proposée à la direction" in connecte(cheffe).get(fiche).content.decode()
    accepter = reverse("programme:passage", args=["moment", moment.pk, "accepter"])
    page = connecte(directrice).get(accepter).content.decode()
    assert "une autre pourra se choisir ensuite" in page and "ne se défait pas" not in page
    ligne = next(x for x in a_faire(directrice, AU) if x.titre.startswith("Choisir votre moment"))
    assert ligne.detail.startswith("Vague de déploiement 1 proposée par")


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
