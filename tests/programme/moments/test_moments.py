"""Le moment d'un ESMS : qui choisit, qui propose, qui répond, un désaccord porté au COMOP."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from programme.enums import EtatMoment, Role
from programme.models import ConflitCalendrier, Grappe, Moment, Parcours, Utilisateur, Vague
from programme.services import moments as services
from programme.services.conduite import mettre_en_vague
from programme.services.parcours import modifier_fiche
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.programme.moments.aides import AU, page_du_moment, poster_un_moment, relu, remplir, vague

NIR = "2 55 08 14 168 025 38"
base = pytest.mark.django_db


@base
def test_la_direction_choisit_et_c_est_fait(grappe: Grappe, parcours: Parcours, directrice: Utilisateur) -> None:
    moment = services.choisir_vague(parcours=parcours, vague=vague(grappe, 2), par=directrice)
    assert moment.etat == EtatMoment.ACCEPTE and relu(parcours).vague == vague(grappe, 2)
    dernier = Parcours.history.filter(id=parcours.pk).latest("history_id")
    assert dernier.history_user == directrice and dernier.vague == vague(grappe, 2), "l'historique dit par qui"
    assert Passage.objects.de(moment).get().role == "Directeur"


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
def test_une_vague_d_une_autre_grappe_se_refuse(parcours: Parcours, directrice: Utilisateur) -> None:
    ailleurs = Vague.objects.create(grappe=GrappeFactory(), numero=1)
    with pytest.raises(Refus, match="autre grappe"):
        services.choisir_vague(parcours=parcours, vague=ailleurs, par=directrice)
    assert not Moment.objects.exists()


@base
def test_la_page_dit_les_places_les_conflits_et_ce_qui_suivra(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    remplir(grappe)
    debut = AU + timedelta(days=110)
    ConflitCalendrier.objects.create(parcours=parcours, nature="evaluation", debut=debut, fin=debut + timedelta(days=2))
    page = page_du_moment(directrice, parcours)
    assert "pleine" in page and "1 à la fois" in page and "Visite d&#x27;évaluation, du" in page
    assert "ESAT La Palombière" not in page, "qui n'a qu'un ESMS ne lit pas le nom des autres"
    reponse = poster_un_moment(directrice, parcours, vague=vague(grappe, 2).pk, mot="Nous préférons le printemps.")
    assert "votre demande attend le chef de projet" in reponse.content.decode()
    assert "Renoncer à la demande" in page_du_moment(directrice, parcours)


@base
def test_ne_rien_cocher_se_dit_et_garde_le_mot(grappe: Grappe, parcours: Parcours, directrice: Utilisateur) -> None:
    reponse = poster_un_moment(directrice, parcours, mot="Au printemps.")
    assert reponse.status_code == 422 and "Choisissez une vague de déploiement." in reponse.content.decode()
    assert "Au printemps." in reponse.content.decode()


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
def test_une_proposition_du_soir_se_date_du_jour_d_ici(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur
) -> None:
    soir = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
    services.proposer_vague(parcours=parcours, vague=vague(grappe, 1), par=cheffe, le=soir)
    (ligne,) = [x for x in a_faire(directrice, AU) if x.titre.startswith("Choisir votre moment")]
    assert ligne.detail.endswith("le 15 juil. 2026")


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
