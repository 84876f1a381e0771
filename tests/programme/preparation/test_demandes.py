"""Les demandes de paramétrage : à toute étape, par la porte, avec une issue, un délai, et qui doit y répondre."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatParcours, Role
from programme.models import DemandeParametrage, Module, Parcours, Utilisateur
from programme.services import demandes as services
from programme.services import lecture_demandes as lecture
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import (
    DemandeParametrageFactory,
    GrappeFactory,
    ModuleFactory,
    ParcoursFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
LISTE = reverse("programme:demandeparametrage-liste")


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(parcours: Parcours) -> Utilisateur:
    return cheffe_de(parcours.grappe)


def il_y_a(jours: int) -> Any:
    return timezone.localdate() - timedelta(days=jours)


def page(demande: DemandeParametrage) -> str:
    return reverse("programme:demandeparametrage-detail", args=[demande.pk])


# --- la machine ----------------------------------------------------------------------------------------------------


def test_de_la_demande_a_la_reponse(parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur) -> None:
    demande = DemandeParametrageFactory(parcours=parcours, ouverte_le=il_y_a(30))
    assert (demande.suite, demande.delai_a_ce_jour) == ("en attente du chef de projet", 30)
    changer_etat(demande, "instruire", par=cheffe, attente="direction", date_effet=il_y_a(20))
    assert demande.suite == "en attente de la direction"
    changer_etat(demande, "conclure", par=directrice, issue="pratique", motif="On note à 14 h.", date_effet=il_y_a(10))
    assert (demande.suite, demande.close_le, demande.delai_a_ce_jour) == ("On change la pratique", il_y_a(10), 20)
    assert lecture.reponse_a(demande) == "On note à 14 h."
    changer_etat(demande, "rouvrir", par=directrice, motif="Cela ne tient pas la nuit.")
    assert (demande.etat, demande.issue, demande.close_le, demande.attente) == ("ouverte", "", None, "projet")
    changer_etat(demande, "retirer", par=directrice, motif="Le module n'est plus au projet.")
    assert demande.close_le == timezone.localdate() and demande.suite == ""


@pytest.mark.parametrize(
    ("transition", "details", "champ"),
    [
        ("instruire", {}, "attente"),
        ("instruire", {"attente": "personne"}, "attente"),
        ("conclure", {"motif": "Oui"}, "issue"),
        ("conclure", {"motif": "Oui", "issue": "autre"}, "issue"),
        ("conclure", {"issue": "reglage"}, "motif"),
        ("retirer", {}, "motif"),
    ],
)
def test_ce_qui_manque_se_dit_au_champ(
    parcours: Parcours, directrice: Utilisateur, transition: str, details: dict[str, str], champ: str
) -> None:
    demande = DemandeParametrageFactory(parcours=parcours)
    with pytest.raises(Refus) as refus:
        changer_etat(demande, transition, par=directrice, **details)
    assert refus.value.code == "champ" and champ in refus.value.champs
    demande.refresh_from_db()
    assert demande.etat == "ouverte" and demande.version == 0


def test_rien_ne_lui_arrive_avant_qu_elle_soit_faite(parcours: Parcours, directrice: Utilisateur) -> None:
    demande = DemandeParametrageFactory(parcours=parcours, ouverte_le=il_y_a(5))
    with pytest.raises(Refus) as refus:
        changer_etat(demande, "conclure", par=directrice, issue="droit", motif="Non.", date_effet=il_y_a(6))
    assert "ouverte depuis le" in refus.value.champs["date_effet"][0]
    assert changer_etat(demande, "conclure", par=directrice, issue="droit", motif="Non.", date_effet=il_y_a(5))


def test_qui_fait_quoi(parcours: Parcours, cheffe: Utilisateur) -> None:
    referent = affecter(Role.REFERENT, parcours.esms)
    demande = DemandeParametrageFactory(parcours=parcours)
    for transition, details in (("instruire", {"attente": "projet"}), ("conclure", {"issue": "droit"})):
        with pytest.raises(Refus) as refus:
            changer_etat(demande, transition, par=referent, motif="x", **details)
        assert refus.value.code == "droit"
    changer_etat(demande, "instruire", par=cheffe, attente="editeur")
    changer_etat(demande, "retirer", par=referent, motif="Plus besoin.")
    with pytest.raises(Refus):
        changer_etat(demande, "rouvrir", par=affecter(Role.APPUI, parcours.esms), motif="x")


@pytest.mark.parametrize(
    "valeurs",
    [{"etat": "close", "issue": ""}, {"etat": "ouverte", "issue": "reglage"}, {"attente": "x"}, {"etat": "x"}],
)
def test_la_base_garde_ce_qu_elle_peut(parcours: Parcours, valeurs: dict[str, str]) -> None:
    demande = DemandeParametrageFactory(parcours=parcours)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(DemandeParametrage).filter(pk=demande.pk).update(**valeurs)


# --- écrire --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", [e for e in EtatParcours if e != EtatParcours.SORTI])
def test_une_demande_s_ecrit_a_tout_etat(parcours: Parcours, directrice: Utilisateur, etat: str) -> None:
    models.QuerySet(Parcours).filter(pk=parcours.pk).update(etat=etat)
    lu = Parcours.objects.get(pk=parcours.pk)
    assert services.demander(parcours=lu, libelle="Un champ pour le régime", par=directrice).est_ouverte


def test_sorti_du_projet_on_n_y_demande_plus_rien(parcours: Parcours, directrice: Utilisateur) -> None:
    models.QuerySet(Parcours).filter(pk=parcours.pk).update(etat="sorti")
    with pytest.raises(Refus) as refus:
        services.demander(parcours=Parcours.objects.get(pk=parcours.pk), libelle="Un champ", par=directrice)
    assert "sorti du projet" in refus.value.champs["parcours"][0]


def test_sorti_du_projet_on_clot_sans_rouvrir(parcours: Parcours, directrice: Utilisateur) -> None:
    demande = DemandeParametrageFactory(parcours=parcours)
    models.QuerySet(Parcours).filter(pk=parcours.pk).update(etat="sorti")
    demande = DemandeParametrage.objects.get(pk=demande.pk)
    changer_etat(demande, "retirer", par=directrice, motif="L'ESMS est parti.")
    with pytest.raises(Refus) as refus:
        changer_etat(demande, "rouvrir", par=directrice, motif="Quand même.")
    assert refus.value.manques[0].code == "sorti"


def test_ecrire_depuis_la_page_de_l_esms(parcours: Parcours, directrice: Utilisateur) -> None:
    adresse = reverse("programme:demandeparametrage-creer") + f"?parcours={parcours.pk}"
    client = connecte(directrice)
    texte = client.get(adresse).content.decode()
    assert 'name="parcours"' not in texte and parcours.esms.nom in texte
    saisie = {"libelle": "Dire qui a lu la consigne", "demandee_par": "Équipe de nuit", "ouverte_le": str(il_y_a(3))}
    reponse = client.post(adresse, saisie)
    assert reponse.status_code == 302
    assert reponse["Location"] == reverse("programme:parcours-preparation", args=[parcours.pk])
    demande = DemandeParametrage.objects.get()
    assert (demande.demandee_par, demande.ouverte_le, demande.creee_par) == ("Équipe de nuit", il_y_a(3), directrice)
    assert "Dire qui a lu la consigne" in client.get(reponse["Location"]).content.decode()


def test_sans_esms_dans_l_adresse_on_le_choisit_avec_le_reste(parcours: Parcours, directrice: Utilisateur) -> None:
    ailleurs = ParcoursFactory()
    adresse, client = reverse("programme:demandeparametrage-creer"), connecte(directrice)
    saisie = {"libelle": "Un agenda par unité", "ouverte_le": str(il_y_a(0))}
    assert "Choisissez l&#x27;ESMS" in client.post(adresse, saisie).content.decode()
    reponse = client.post(adresse, saisie | {"parcours": ailleurs.pk})
    assert reponse.status_code == 422 and "de la liste" in reponse.content.decode()
    assert client.post(adresse, saisie | {"parcours": parcours.pk}).status_code == 302
    assert DemandeParametrage.objects.get().parcours == parcours


@pytest.mark.parametrize(
    ("saisie", "faute"),
    [({"libelle": ""}, "en une ligne"), ({"ouverte_le": str(il_y_a(-2))}, "dans l’avenir")],
)
def test_une_saisie_fautive_se_dit_et_ne_perd_rien(
    parcours: Parcours, directrice: Utilisateur, saisie: dict[str, str], faute: str
) -> None:
    adresse = reverse("programme:demandeparametrage-creer") + f"?parcours={parcours.pk}"
    correcte = {"libelle": "Un champ", "demandee_par": "Accueil", "ouverte_le": str(il_y_a(0))}
    reponse = connecte(directrice).post(adresse, correcte | saisie)
    texte = reponse.content.decode().replace("&#x27;", "’")
    assert reponse.status_code == 422 and faute in texte and 'value="Accueil"' in texte


def test_corriger_puis_plus_une_fois_close(parcours: Parcours, directrice: Utilisateur) -> None:
    demande = DemandeParametrageFactory(parcours=parcours, ouverte_le=il_y_a(9))
    adresse = reverse("programme:demandeparametrage-modifier", args=[demande.pk])
    client = connecte(directrice)
    vu = DemandeParametrage.history.latest("history_id").history_id
    saisie = {"libelle": "Mieux dit", "ouverte_le": str(il_y_a(9)), "vu": vu}
    assert client.post(adresse, saisie).status_code == 302
    assert client.post(adresse, saisie | {"libelle": "En retard"}).status_code == 409
    changer_etat(
        demande, "conclure", par=directrice, issue="droit", motif="Le secret l'interdit.", date_effet=il_y_a(4)
    )
    assert client.get(adresse).status_code == 302
    with pytest.raises(Refus) as refus:
        services.corriger(demande=demande, par=directrice, libelle="Encore")
    assert refus.value.code == "etat"
    changer_etat(demande, "rouvrir", par=directrice, motif="À revoir.")
    with pytest.raises(Refus) as refus:
        services.corriger(demande=demande, par=directrice, ouverte_le=il_y_a(2))
    assert "ouverte_le" in refus.value.champs


# --- lire ----------------------------------------------------------------------------------------------------------


def _close(parcours: Parcours, par: Utilisateur, jours: int, issue: str, **champs: Any) -> DemandeParametrage:
    demande = DemandeParametrageFactory(parcours=parcours, ouverte_le=il_y_a(jours), **champs)
    changer_etat(demande, "conclure", par=par, issue=issue, motif="Réponse.")
    return demande


def test_la_synthese_compte_par_module_et_par_issue(parcours: Parcours, cheffe: Utilisateur) -> None:
    autre, agenda = ParcoursFactory(grappe=parcours.grappe), ModuleFactory(code="agenda", nom="Agenda")
    _close(parcours, cheffe, 10, "pratique", module=agenda)
    _close(autre, cheffe, 30, "reglage", module=agenda)
    DemandeParametrageFactory(parcours=autre, module=agenda)
    retiree = DemandeParametrageFactory(parcours=parcours)
    changer_etat(retiree, "retirer", par=cheffe, motif="Erreur.")
    DemandeParametrageFactory(parcours=parcours)
    synthese = lecture.synthese_de(DemandeParametrage.objects.all())
    assert [(x.module, x.esms, x.ouvertes, x.demandes) for x in synthese.lignes] == [
        ("Agenda", 2, 1, 3),
        (lecture.SANS_MODULE, 1, 1, 1),
    ]
    assert [nombre for _, nombre in synthese.lignes[0].par_issue] == [1, 1, 0, 0]
    assert (synthese.ouvertes, synthese.closes, synthese.delai.mediane, synthese.delai.nombre) == (2, 2, 20, 2)
    texte = connecte(cheffe).get(LISTE).content.decode()
    assert "2 demandes attendent une suite" in texte and "la moitié en 20 jours ou moins" in texte


def test_la_liste_montre_ce_qui_attend_et_filtre(parcours: Parcours, cheffe: Utilisateur) -> None:
    ouverte = DemandeParametrageFactory(parcours=parcours, libelle="Consigne de nuit", ouverte_le=il_y_a(7))
    close = _close(parcours, cheffe, 3, "droit", libelle="Lire tous les dossiers")
    client = connecte(cheffe)
    texte = client.get(LISTE).content.decode()
    assert "Consigne de nuit" in texte and "Lire tous les dossiers" not in texte
    for critere, attendues in (
        ("etat=toutes", {ouverte, close}),
        ("etat=close", {close}),
        ("etat=toutes&issue=droit", {close}),
        ("attente=projet", {ouverte}),
        ("attente=editeur", set()),
        ("etat=toutes&recherche=dossiers", {close}),
        (f"etat=toutes&parcours={parcours.pk}", {ouverte, close}),
        (f"etat=toutes&parcours={parcours.pk + 1}", set()),
    ):
        lignes = lignes_csv(client.get(f"{LISTE}?{critere}&format=csv"))
        assert {ligne[0] for ligne in lignes[1:]} == {d.libelle for d in attendues}, critere
    entetes, ligne = lignes_csv(client.get(f"{LISTE}?format=csv"))
    assert (
        ligne[entetes.index("Délai")] == "7" and ligne[entetes.index("Suite, issue")] == "en attente du chef de projet"
    )


@pytest.mark.parametrize("tri", ["delai", "-delai", "suite", "esms", "module", "etat", "demande"])
def test_la_liste_se_trie(parcours: Parcours, cheffe: Utilisateur, tri: str) -> None:
    for jours in (2, 9, 4):
        DemandeParametrageFactory(parcours=parcours, ouverte_le=il_y_a(jours))
    entetes, *lignes = lignes_csv(connecte(cheffe).get(f"{LISTE}?tri={tri}&format=csv"))
    delais = [int(ligne[entetes.index("Délai")]) for ligne in lignes]
    assert sorted(delais) == [2, 4, 9]
    if tri.endswith("delai"):
        assert delais == sorted(delais, reverse=tri.startswith("-"))


def test_la_liste_coute_un_nombre_constant_de_requetes() -> None:
    grappe = GrappeFactory()

    def peupler(nombre: int) -> None:
        for p in ParcoursFactory.create_batch(nombre, grappe=grappe):
            DemandeParametrageFactory(parcours=p, module=ModuleFactory())

    exiger_requetes_constantes(connecte(cheffe_de(grappe)), LISTE, peupler)


def test_une_demande_montre_ce_que_d_autres_demandent_au_meme_module(parcours: Parcours, cheffe: Utilisateur) -> None:
    agenda = ModuleFactory(code="agenda", nom="Agenda")
    demande = DemandeParametrageFactory(parcours=parcours, module=agenda)
    voisine = DemandeParametrageFactory(parcours__grappe=parcours.grappe, module=agenda, libelle="Un agenda par unité")
    DemandeParametrageFactory(module=agenda, libelle="Ailleurs")
    texte = connecte(cheffe).get(page(demande)).content.decode()
    assert "Un agenda par unité" in texte and "Ailleurs" not in texte
    assert "Un agenda par unité" not in connecte(directrice_de(parcours)).get(page(demande)).content.decode()
    assert lecture.voisines_de(DemandeParametrageFactory(parcours=parcours), par=cheffe) == (0, [])
    assert voisine.module == Module.objects.get(code="agenda")


def test_le_financeur_n_en_lit_aucune(parcours: Parcours, cheffe: Utilisateur) -> None:
    demande = DemandeParametrageFactory(parcours=parcours, libelle="Ce qui gêne")
    changer_etat(parcours.grappe, "deposer", par=cheffe)
    ars = affecter(Role.ARS, parcours.esms.departement.region)
    client = connecte(ars)
    assert client.get(page(demande)).status_code == 404
    assert "Ce qui gêne" not in client.get(LISTE).content.decode()
    assert client.get(reverse("api:demandeparametrage-liste")).json()["count"] == 0


# --- à faire -------------------------------------------------------------------------------------------------------


def _titres(compte: Utilisateur) -> list[str]:
    relu = Utilisateur.objects.get(pk=compte.pk)
    return [x.titre for x in a_faire(relu, timezone.localdate()) if "demande" in x.titre]


def test_chacun_voit_ce_qui_l_attend(parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur) -> None:
    assert _titres(cheffe) == _titres(directrice) == []
    demande = DemandeParametrageFactory(parcours=parcours, ouverte_le=il_y_a(12))
    assert _titres(cheffe) == ["Répondre à une demande de paramétrage"] and _titres(directrice) == []
    changer_etat(demande, "instruire", par=cheffe, attente="direction")
    assert _titres(cheffe) == [] and _titres(directrice) == ["Répondre à une demande de paramétrage"]
    DemandeParametrageFactory.create_batch(2, parcours=parcours)
    assert _titres(cheffe) == ["Répondre à 2 demandes de paramétrage"]
    changer_etat(demande, "conclure", par=directrice, issue="pratique", motif="On note à 14 h.")
    assert _titres(directrice) == []
    assert _titres(affecter(Role.REFERENT, parcours.esms)) == []


def test_d_un_esms_sorti_rien_n_attend_plus_le_chef_de_projet(parcours: Parcours, cheffe: Utilisateur) -> None:
    DemandeParametrageFactory(parcours=parcours)
    changer_etat(parcours, "sortir", par=cheffe, motif="Retrait.", raison="retrait")
    assert _titres(cheffe) == []


def test_l_accueil_cite_sans_envoyer_par_courriel(parcours: Parcours, cheffe: Utilisateur) -> None:
    DemandeParametrageFactory(parcours=parcours, libelle="Phrase écrite par quelqu'un")
    ligne = next(
        x for x in a_faire(Utilisateur.objects.get(pk=cheffe.pk), timezone.localdate()) if "demande" in x.titre
    )
    assert "Phrase" in ligne.texte and "Phrase" not in ligne.titre + ligne.detail


# --- l'api ---------------------------------------------------------------------------------------------------------


def test_l_api_rend_les_lignes_et_franchit(parcours: Parcours, cheffe: Utilisateur) -> None:
    demande = DemandeParametrageFactory(parcours=parcours, ouverte_le=il_y_a(4))
    client = connecte(cheffe)
    lue = client.get(reverse("api:demandeparametrage-liste")).json()
    assert lue["count"] == 1 and lue["results"][0]["delai"] == 4 and lue["results"][0]["issue"] == ""
    adresse = reverse("api:demandeparametrage-transitions", args=[demande.pk])

    def passer(**corps: str) -> Any:
        return client.post(adresse, corps, content_type="application/json")

    assert passer(transition="conclure", motif="Non").json() == {"issue": ["Dites ce qui a été décidé."]}
    assert "Ne se donne que pour" in passer(transition="retirer", motif="x", issue="droit").json()["issue"][0]
    rendu = passer(transition="conclure", issue="droit", motif="Le secret l'interdit.")
    assert rendu.status_code == 200 and rendu.json()["demandeparametrage"]["issue"] == "droit"
    assert client.get(reverse("api:demandeparametrage-liste")).json()["count"] == 0
    assert client.get(reverse("api:demandeparametrage-liste") + "?etat=toutes").json()["count"] == 1
