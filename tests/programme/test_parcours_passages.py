"""La page de passage : ce que la porte répondrait, mot pour mot, et rien de saisi n'est perdu."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from formation.models import Matrice, SessionFormation
from gouvernance.models import Alerte, Decision, Seance
from programme.conditions import dater
from programme.enums import EtatOuverture, EtatParcours, PointDepart, Role, TypeProjet
from programme.models import (
    Action,
    Candidature,
    DemandeParametrage,
    Grappe,
    Jalon,
    Moment,
    Ouverture,
    Parcours,
    Vague,
    Verification,
)
from programme.socle import gestes
from programme.socle.erreurs import Refus
from programme.socle.machine import machines
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from risques.models import AnalyseLocale, Campagne, Grille, Risque, VersionQuestionnaire
from tests.fabriques import OuvertureFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from usages.models import (
    DemandeEditeur,
    Enseignement,
    Etude,
    Monographie,
    Pratique,
    Precision,
    PreuveUsage,
    Releve,
    Retour,
    Visite,
)

pytestmark = pytest.mark.django_db

NIR = "Voir le dossier 2 55 08 14 168 025 38 pour la suite."


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(parcours: Parcours) -> Any:
    return cheffe_de(parcours.grappe)


def _chez(client: Client, qui: Any) -> Client:
    client.force_login(qui)
    return client


def _url(objet: Any, transition: str) -> str:
    return reverse("programme:passage", args=[objet._meta.model_name, objet.pk, transition])


def _saisie(objet: Any, **champs: Any) -> dict[str, Any]:
    return {"version": objet.version, "date_effet": timezone.localdate().isoformat(), "motif": ""} | champs


def test_les_machines_se_trouvent_par_leur_nom() -> None:
    connues = {"grappe": Grappe, "parcours": Parcours, "ouverture": Ouverture, "jalon": Jalon, "action": Action}
    connues |= {"demandeparametrage": DemandeParametrage, "moment": Moment, "candidature": Candidature}
    connues |= {"versionquestionnaire": VersionQuestionnaire, "campagne": Campagne, "grille": Grille}
    connues |= {"analyselocale": AnalyseLocale, "risque": Risque}
    connues |= {"seance": Seance, "decision": Decision, "alerte": Alerte}
    connues |= {"sessionformation": SessionFormation, "matrice": Matrice}
    connues |= {"releve": Releve, "precision": Precision, "demandeediteur": DemandeEditeur, "preuveusage": PreuveUsage}
    connues |= {"enseignement": Enseignement, "pratique": Pratique}
    connues |= {"retour": Retour, "etude": Etude, "visite": Visite, "monographie": Monographie}
    assert machines() == connues


def test_la_page_dit_ce_qui_reste_puis_le_passage_est_franchi(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    page = _chez(client, directrice).get(_url(parcours, "engager"))
    contenu = page.content.decode()
    assert page.status_code == 200 and "Annonce du projet aux équipes" in contenu and "sous réserve" in contenu
    assert not Passage.objects.exists(), "lire n'écrit pas"
    reponse = client.post(_url(parcours, "engager"), _saisie(parcours, motif="annonce le mois prochain"))
    assert reponse.url == reverse("programme:parcours-detail", args=[parcours.pk])
    assert Passage.objects.de(parcours).get().nature == "sous_reserve"


def test_sous_reserve_sans_motif_l_erreur_est_au_champ(client: Client, parcours: Parcours, directrice: Any) -> None:
    reponse = _chez(client, directrice).post(_url(parcours, "engager"), _saisie(parcours))
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "engager", par=directrice)
    assert reponse.status_code == 422
    assert reponse.context["formulaire"].errors["motif"] == refus.value.champs["motif"]


def test_un_non_pilote_avant_la_va_est_refuse_de_meme_a_la_page_et_a_la_porte(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    changer_etat(parcours, "constater", par=directrice, vers="preparation")
    reponse = _chez(client, directrice).post(_url(parcours, "ouvrir"), _saisie(parcours, motif="Nous sommes prêts"))
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "ouvrir", par=directrice, motif="Nous sommes prêts")
    assert reponse.status_code == 409
    montre = reponse.context["refus"]
    assert (montre.code, montre.motif, montre.manques) == (
        refus.value.code,
        refus.value.motif,
        refus.value.manques,
    )
    contenu = reponse.content.decode()
    assert reponse.context["formulaire"]["motif"].value() == "Nous sommes prêts"
    assert "En attente de : vérification d&#x27;aptitude (VA) prononcée" in contenu
    assert all(m.lien in contenu for m in refus.value.manques)


def test_le_bouton_barre_reste_lisible_et_dit_ce_qu_il_attend(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    changer_etat(parcours, "constater", par=directrice, vers="preparation")
    _chez(client, directrice)
    for url in (_url(parcours, "ouvrir"), reverse("programme:parcours-detail", args=[parcours.pk])):
        contenu = client.get(url).content.decode().replace("\xa0", " ")
        assert 'aria-disabled="true"' in contenu and "En attente de : vérification d&#x27;aptitude" in contenu


def test_sans_droit_403_avec_le_motif(client: Client, parcours: Parcours, cheffe: Any) -> None:
    for methode in ("get", "post"):
        reponse = getattr(_chez(client, cheffe), methode)(_url(parcours, "engager"), _saisie(parcours))
        assert reponse.status_code == 403 and "décision revient au directeur" in reponse.content.decode()


def test_hors_perimetre_et_passage_inconnu_404(client: Client, parcours: Parcours) -> None:
    _chez(client, directrice_de(ParcoursFactory()))
    assert client.get(_url(parcours, "engager")).status_code == 404
    _chez(client, directrice_de(parcours))
    for modele, transition in (("esms", "engager"), ("parcours", "inventer"), ("grappe", "engager")):
        assert client.get(f"/passages/{modele}/{parcours.pk}/{transition}/").status_code == 404


def test_le_second_apprend_ce_qui_a_change_et_garde_sa_saisie(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any
) -> None:
    vu = _saisie(parcours, motif="Fin de l'étude de faisabilité")
    changer_etat(parcours, "suspendre", par=cheffe, motif="travaux")
    reponse = _chez(client, directrice).post(_url(parcours, "engager"), vu)
    contenu = reponse.content.decode()
    assert reponse.status_code == 409 and "Entre-temps" in contenu and cheffe.nom in contenu
    formulaire = reponse.context["formulaire"]
    assert formulaire["motif"].value() == vu["motif"] and formulaire["date_effet"].value() == vu["date_effet"]
    assert formulaire["version"].value() == "1"


def test_un_nir_est_refuse_sans_rien_perdre(client: Client, parcours: Parcours, directrice: Any) -> None:
    hier = (timezone.localdate() - timedelta(days=1)).isoformat()
    reponse = _chez(client, directrice).post(_url(parcours, "engager"), _saisie(parcours, motif=NIR, date_effet=hier))
    assert reponse.status_code == 422
    assert "numéro de sécurité sociale" in reponse.context["formulaire"].errors["motif"][0]
    assert NIR in reponse.content.decode() and hier in reponse.content.decode()
    assert not Passage.objects.exists()


@pytest.mark.parametrize("ecart", [1, -400])
def test_une_date_d_effet_fautive_revient_au_champ(
    client: Client, parcours: Parcours, directrice: Any, ecart: int
) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x", date_effet=timezone.localdate() - timedelta(days=30))
    jour = timezone.localdate() + timedelta(days=ecart)
    reponse = _chez(client, directrice).post(
        _url(parcours, "revenir"), _saisie(parcours, motif="y", date_effet=jour.isoformat())
    )
    assert reponse.status_code == 422 and "date_effet" in reponse.context["formulaire"].errors


def test_sortir_demande_sa_raison(client: Client, parcours: Parcours, cheffe: Any) -> None:
    _chez(client, cheffe)
    manquante = client.post(_url(parcours, "sortir"), _saisie(parcours, motif="Fusion au 1er janvier"))
    assert manquante.status_code == 422 and "raison" in manquante.context["formulaire"].errors
    client.post(_url(parcours, "sortir"), _saisie(parcours, motif="Fusion au 1er janvier", raison="fusion"))
    parcours.refresh_from_db()
    assert (parcours.etat, parcours.motif_sortie) == ("sorti", "fusion")


def test_constat_initial_avec_ses_dates(client: Client, parcours: Parcours, cheffe: Any) -> None:
    jour = timezone.localdate() - timedelta(days=100)
    saisie = {"version": 0, "vers": "ouverture", "etape_ouverture": jour.isoformat(), "motif": ""}
    faute = _chez(client, cheffe).post(_url(parcours, "constater"), saisie | {"etape_routine": jour.isoformat()})
    assert faute.status_code == 422 and "etape_routine" in faute.context["formulaire"].errors
    client.post(_url(parcours, "constater"), saisie)
    parcours.refresh_from_db()
    passage = Passage.objects.de(parcours).get()
    assert (parcours.etat, passage.nature, passage.date_effet) == ("ouverture", "constat", jour)


def test_un_parcours_constate_se_conduit_comme_un_autre(client: Client, parcours: Parcours, directrice: Any) -> None:
    _chez(client, directrice).post(
        _url(parcours, "constater"), {"version": 0, "vers": "ouverture", "motif": "reprise de l'existant"}
    )
    parcours.refresh_from_db()
    client.post(_url(parcours, "verifier_service"), _saisie(parcours))
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.SERVICE_REGULIER
    assert "constater" not in [g.transition for g in gestes.gestes_de(parcours, directrice)]


def test_la_grappe_et_l_ouverture_passent_par_la_meme_page(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any
) -> None:
    grappe = parcours.grappe
    _chez(client, cheffe).post(_url(grappe, "deposer"), _saisie(grappe))
    grappe.refresh_from_db()
    assert grappe.etat == "deposee"
    ouverture = OuvertureFactory(unite__parcours=parcours)
    suite = _chez(client, directrice).post(_url(ouverture, "preparer"), _saisie(ouverture))
    ouverture.refresh_from_db()
    assert ouverture.etat == EtatOuverture.PRETE
    assert suite.url == reverse("programme:ouverture-detail", args=[ouverture.pk])
    assert client.get(_url(ouverture, "ouvrir")).status_code == 200


def test_la_mise_en_conformite_prend_le_chemin_court(client: Client, directrice: Any, parcours: Parcours) -> None:
    Parcours.objects.filter(pk=parcours.pk).update(
        type_projet=TypeProjet.MISE_EN_CONFORMITE, point_depart=PointDepart.MEME_DUI
    )
    parcours.refresh_from_db()
    changer_etat(parcours, "constater", par=directrice, vers="preparation")
    page = _chez(client, directrice).get(reverse("programme:parcours-detail", args=[parcours.pk]))
    assert "Passer en service régulier" in page.content.decode()
    assert [n.statut for n in page.context["frise"]][3:5] == ["sans-objet", "sans-objet"]
    client.post(_url(parcours, "verifier_service"), _saisie(parcours))
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.SERVICE_REGULIER


def test_l_ime_de_la_monographie_arrive_en_routine_sans_mentir(client: Client, directrice: Any, cheffe: Any) -> None:
    """Usage moyen, papier encore là, rien de maintenu : il y arrive sous réserve, et le journal le dit."""
    ime = ParcoursFactory()
    affecter(Role.DIRECTEUR, ime.esms, utilisateur=directrice)
    Vague.objects.create(grappe=ime.grappe, numero=1)
    debut = timezone.localdate() - timedelta(days=1000)
    changer_etat(ime, "constater", par=directrice, vers="ouverture", date_effet=debut)
    Verification.objects.create(grappe=ime.grappe, type="vsr", prononcee_le=debut, issue="prononcee")
    OuvertureFactory(unite__parcours=ime)
    _chez(client, directrice)
    for transition, motif in (
        ("verifier_service", "Le journal de bord est ouvert, le papier reste pour le reste"),
        ("passer_en_routine", "Trois ans après la VSR, l'usage est moyen ; nous le disons"),
    ):
        ime.refresh_from_db()
        assert client.post(_url(ime, transition), _saisie(ime, motif=motif)).status_code == 302
    ime.refresh_from_db()
    assert ime.etat == EtatParcours.ROUTINE
    dernier = Passage.objects.de(ime).last()
    assert dernier is not None and dernier.nature == "sous_reserve"
    non_reunies = {c["code"] for c in dernier.constats if c["ok"] is False}
    assert non_reunies == {"arrivants", "referent_maintenu", "bilan", "usages_suivis"}
    page = client.get(reverse("programme:parcours-detail", args=[ime.pk])).content.decode()
    assert "sous réserve" in page and "l&#x27;usage est moyen" in page and "non réunies" in page


def test_les_gestes_suivent_l_etat_et_le_droit(parcours: Parcours, directrice: Any, cheffe: Any) -> None:
    changer_etat(parcours, "constater", par=directrice, vers="preparation")
    cote_directrice = gestes.gestes_de(parcours, directrice)
    assert [g.transition for g in cote_directrice if g.droit] == ["ouvrir", "revenir"]
    assert cote_directrice[0].attend == ["vérification d'aptitude (VA) prononcée"]
    cote_cheffe = [g.transition for g in gestes.gestes_de(parcours, cheffe) if g.droit]
    assert cote_cheffe == ["suspendre", "sortir"]


def test_une_proposition_se_voit_sur_la_page_du_passage(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any
) -> None:
    _chez(client, cheffe).post(
        reverse("programme:parcours-proposer", args=[parcours.pk, "engager"]), {"mot": "L'équipe vous attend"}
    )
    contenu = _chez(client, directrice).get(_url(parcours, "engager")).content.decode()
    assert "L&#x27;équipe vous attend" in contenu and cheffe.nom in contenu
    for nature in ("annonce", "prediagnostic"):
        dater(nature)(parcours, directrice)
    client.post(_url(parcours, "engager"), _saisie(parcours))
    assert parcours.propositions.get().issue == "acceptee"


def test_un_passage_deja_fait_le_dit_sans_formulaire(client: Client, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    _chez(client, directrice)
    fait = client.get(_url(parcours, "engager")).content.decode()
    assert "C&#x27;est déjà fait" in fait and "« Cadrage »" in fait.replace("\xa0", " ")
    ailleurs = client.get(_url(parcours, "passer_en_routine")).content.decode()
    assert "Ce passage n&#x27;attend pas" in ailleurs
    assert not any('name="date_effet"' in page for page in (fait, ailleurs))


def test_se_declarer_prete_dit_ce_que_l_ouverture_redemandera(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    ouverture = OuvertureFactory(unite__parcours=parcours)
    _chez(client, directrice)
    contenu = client.get(_url(ouverture, "preparer")).content.decode().replace("\xa0", " ")
    assert "Restent 5 conditions qui barrent et 6 qui avertissent : elles seront redemandées" in contenu
    page = client.get(reverse("programme:ouverture-detail", args=[ouverture.pk])).content.decode()
    assert f'class="btn btn-outline-primary" href="{_url(ouverture, "preparer")}"' in page


def test_sous_reserve_ne_se_presse_pas_et_compte_ce_qui_est_ouvert(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    changer_etat(parcours, "constater", par=directrice, vers="ouverture")
    OuvertureFactory(unite__parcours=parcours)
    page = _chez(client, directrice).get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    assert f'class="btn btn-outline-primary" href="{_url(parcours, "verifier_service")}"' in page
    assert "0 ouverte sur 1" in page and "Vous pouvez passer, sous réserve" in page.replace("\xa0", " ")
