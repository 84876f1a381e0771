"""Un ESMS ferme, fusionne, change d'OG, arrive tard : dit, guidé, jamais d'office."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatParcours, MotifSortie, NatureEvenement, Role
from programme.models import EvenementEsms, Grappe, Ouverture, Parcours, Unite
from programme.services import evenements as services
from programme.services.fusions import declarer_fusion
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    ModuleFactory,
    OgFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


def _ferme(parcours: Parcours) -> EvenementEsms:
    parcours.esms.est_actif = False
    parcours.esms.save()
    return EvenementEsms.objects.create(
        esms=parcours.esms, nature=NatureEvenement.FERMETURE, date_effet=timezone.localdate()
    )


def _page(evenement: EvenementEsms) -> str:
    return reverse("programme:evenement-detail", args=[evenement.pk])


class Fusion:
    """Deux ESMS d'une grappe : l'absorbé a deux unités, dont une au nom que l'absorbant emploie déjà."""

    def __init__(self, *, absorbant_dans_la_grappe: bool = True) -> None:
        self.grappe: Grappe = GrappeFactory()
        self.grappe.modules.add(ModuleFactory())
        self.cheffe = cheffe_de(self.grappe)
        self.absorbe = ParcoursFactory(grappe=self.grappe, esms__nom="IME du Bac")
        self.absorbant_esms = EsmsFactory(nom="IME des Rives")
        self.absorbant = (
            ParcoursFactory(grappe=self.grappe, esms=self.absorbant_esms) if absorbant_dans_la_grappe else None
        )
        if self.absorbant:
            UniteFactory(parcours=self.absorbant, nom="Internat")
        directrice = directrice_de(self.absorbe)
        self.ouverture = OuvertureFactory(unite=UniteFactory(parcours=self.absorbe, nom="Internat"))
        OuvertureFactory(unite=UniteFactory(parcours=self.absorbe, nom="Ateliers"))
        changer_etat(self.ouverture, "preparer", par=directrice)
        admin = affecter(Role.ADMIN)
        declarer_fusion(absorbe=self.absorbe.esms, absorbant=self.absorbant_esms, le=timezone.localdate(), par=admin)
        self.evenement = EvenementEsms.objects.get(esms=self.absorbe.esms)

    def arrivee(self) -> services.Arrivee:
        return services.arrivees(self.evenement, self.cheffe)[0]

    def deplacer(self, **arguments: Any) -> services.Arrivee:
        valeurs = {"evenement": self.evenement, "parcours": self.absorbe, "par": self.cheffe} | arguments
        return services.deplacer_les_unites(**valeurs)


# --- ce qui attend une suite ---------------------------------------------------------------------------------------


def test_une_fermeture_attend_tant_que_l_esms_est_du_projet() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    evenement = _ferme(parcours)
    assert list(EvenementEsms.objects.a_traiter()) == [evenement]
    changer_etat(parcours, "sortir", par=cheffe, motif="Fermé", raison=MotifSortie.FERMETURE)
    assert not EvenementEsms.objects.a_traiter().exists()


def test_ce_qui_precede_l_entree_dans_le_projet_n_attend_rien() -> None:
    esms = EsmsFactory()
    EvenementEsms.objects.create(esms=esms, nature=NatureEvenement.OG)
    ParcoursFactory(esms=esms)
    assert not EvenementEsms.objects.a_traiter().exists()


def test_une_fermeture_dementie_par_finess_n_attend_plus() -> None:
    parcours = ParcoursFactory()
    _ferme(parcours)
    parcours.esms.est_actif = True
    parcours.esms.save()
    assert not EvenementEsms.objects.a_traiter().exists()


def test_une_reouverture_attend_si_l_esms_etait_sorti_pour_fermeture() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours, "sortir", par=cheffe, motif="Fermé", raison=MotifSortie.FERMETURE)
    evenement = EvenementEsms.objects.create(esms=parcours.esms, nature=NatureEvenement.REOUVERTURE)
    assert list(EvenementEsms.objects.a_traiter()) == [evenement]
    assert "Réintégrer" in connecte(cheffe).get(_page(evenement)).content.decode()


def test_a_faire_le_dit_a_qui_peut_agir_et_a_lui_seul() -> None:
    parcours = ParcoursFactory()
    cheffe, siege, directrice = (
        cheffe_de(parcours.grappe),
        affecter(Role.SIEGE, parcours.esms.og),
        directrice_de(parcours),
    )
    evenement = _ferme(parcours)
    for qui, attendu in ((cheffe, True), (siege, True), (directrice, False)):
        urls = {ligne.url for ligne in a_faire(qui, timezone.localdate())}
        assert (_page(evenement) in urls) is attendu
    assert (
        "Un ESMS a fermé"
        in connecte(cheffe).get(reverse("programme:grappe-detail", args=[parcours.grappe_id])).content.decode()
    )


def test_le_perimetre_le_financeur_et_la_page() -> None:
    parcours = ParcoursFactory()
    evenement = _ferme(parcours)
    ailleurs, ars = cheffe_de(GrappeFactory()), affecter(Role.ARS, parcours.grappe.region)
    for qui in (ailleurs, ars):
        assert connecte(qui).get(_page(evenement)).status_code == 404
        assert not EvenementEsms.objects.visibles_par(qui).exists()


def test_la_page_ne_nomme_pas_une_grappe_que_le_lecteur_ne_voit_pas() -> None:
    parcours = ParcoursFactory(grappe__nom="Grappe vue", solution=None)
    ParcoursFactory(esms=parcours.esms, grappe__nom="Grappe tue", solution=None)
    texte = connecte(cheffe_de(parcours.grappe)).get(_page(_ferme(parcours))).content.decode()
    assert "Grappe vue" in texte and "Grappe tue" not in texte


# --- les gestes, un par un -----------------------------------------------------------------------------------------


def test_sortir_est_propose_avec_sa_raison_et_rien_ne_se_fait_d_office() -> None:
    parcours = ParcoursFactory()
    client = connecte(cheffe_de(parcours.grappe))
    lecture = client.get(_page(_ferme(parcours))).context["lecture"]
    formulaire = client.get(lecture.gestes[0].url)
    assert formulaire.context["formulaire"]["raison"].value() == "fermeture"
    assert formulaire.context["formulaire"]["motif"].value() == "Fermeture lue dans FINESS"
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.RECENSE


def test_sans_le_droit_de_conduire_on_lit_a_qui_le_geste_revient() -> None:
    parcours = ParcoursFactory()
    reponse = connecte(affecter(Role.SIEGE, parcours.esms.og)).get(_page(_ferme(parcours)))
    assert "Ce geste revient au chef de projet de la grappe" in reponse.content.decode()
    assert not any(g.url for g in reponse.context["lecture"].gestes)


def test_changement_d_og_qui_perd_qui_gagne_et_le_groupe_a_quitter() -> None:
    parcours, nouveau = ParcoursFactory(), OgFactory(nom="Fondation des Rives")
    ancien = parcours.esms.og
    affecter(Role.SIEGE, ancien)
    groupe = GroupeFactory(og=ancien, nom="Pôle de l'ancien")
    groupe.esms.add(parcours.esms)
    parcours.esms.og = nouveau
    parcours.esms.save()
    evenement = EvenementEsms.objects.create(
        esms=parcours.esms, nature=NatureEvenement.OG, avant=ancien.finess, apres=nouveau.finess
    )
    lecture = services.lire(evenement, par=cheffe_de(parcours.grappe))
    effets = " ".join(lecture.effets)
    assert f"Le siège de {ancien} (1 compte) ne le voit plus" in effets
    assert "Le siège de Fondation des Rives (aucun compte encore) le voit désormais" in effets
    titres = [g.titre for g in lecture.gestes]
    assert "Le retirer du groupe « Pôle de l'ancien »" in titres and any(
        "raison=transfert" in g.url for g in lecture.gestes
    )


# --- prendre acte --------------------------------------------------------------------------------------------------


def test_prendre_acte_une_ligne_et_l_evenement_n_attend_plus() -> None:
    parcours = ParcoursFactory()
    evenement, client = _ferme(parcours), connecte(cheffe_de(parcours.grappe))
    assert client.post(_page(evenement), {"suite": " "}).status_code == 422
    suite = client.post(_page(evenement), {"suite": "Il reste : fermeture provisoire."}, follow=True)
    assert "la suite est consignée" in suite.content.decode()
    evenement.refresh_from_db()
    assert evenement.suite == "Il reste : fermeture provisoire." and evenement.traite_par
    assert not EvenementEsms.objects.a_traiter().exists()


def test_deux_suites_au_meme_evenement_la_seconde_apprend_la_premiere() -> None:
    parcours = ParcoursFactory()
    evenement = _ferme(parcours)
    cheffe, siege = cheffe_de(parcours.grappe), affecter(Role.SIEGE, parcours.esms.og)
    services.prendre_acte(evenement=evenement, suite="Il reste.", par=cheffe)
    with pytest.raises(Refus, match="Il reste.") as refus:
        services.prendre_acte(evenement=evenement, suite="Il sort.", par=siege)
    assert refus.value.code == "concurrence"
    assert connecte(siege).post(_page(evenement), {"suite": "Il sort."}).status_code == 409


def test_la_directrice_lit_mais_ne_donne_pas_suite() -> None:
    parcours = ParcoursFactory()
    evenement, client = _ferme(parcours), connecte(directrice_de(parcours))
    assert client.get(_page(evenement)).status_code == 200
    assert client.post(_page(evenement), {"suite": "Vu"}).status_code == 403


# --- fusion --------------------------------------------------------------------------------------------------------


def test_les_unites_arrivent_avec_leur_etat_leur_journal_et_un_nom_distinct() -> None:
    f = Fusion()
    assert f.absorbant is not None
    journal = list(Passage.objects.de(f.ouverture).values_list("pk", flat=True))
    f.deplacer(vu=f.arrivee().vu)
    noms = set(f.absorbant.unites.values_list("nom", flat=True))
    assert noms == {"Internat", "Internat (IME du Bac)", "Ateliers"} and not f.absorbe.unites.exists()
    f.ouverture.refresh_from_db()
    assert f.ouverture.etat == "prete" and f.ouverture.unite.parcours_id == f.absorbant.pk
    assert list(Passage.objects.de(f.ouverture).values_list("pk", flat=True)) == journal
    f.absorbant.refresh_from_db()
    f.absorbe.refresh_from_db()
    assert f.absorbant.etat == f.absorbe.etat == EtatParcours.RECENSE
    f.evenement.refresh_from_db()
    assert "2 unités arrivées" in f.evenement.suite and f.evenement.traite_le is None


def test_l_absorbant_absent_de_la_grappe_y_entre_avec_ces_seules_unites() -> None:
    f = Fusion(absorbant_dans_la_grappe=False)
    f.deplacer()
    entre = Parcours.objects.get(esms=f.absorbant_esms, grappe=f.grappe)
    assert set(entre.unites.values_list("nom", flat=True)) == {"Internat", "Ateliers"}


def test_un_absorbant_qui_ne_peut_pas_entrer_fait_tout_refuser() -> None:
    f = Fusion(absorbant_dans_la_grappe=False)
    ParcoursFactory(esms=f.absorbant_esms, solution=f.grappe.solution)
    avant = list(Unite.objects.values_list("pk", "parcours", "nom"))
    with pytest.raises(Refus):
        f.deplacer()
    assert list(Unite.objects.values_list("pk", "parcours", "nom")) == avant
    assert not Parcours.objects.filter(esms=f.absorbant_esms, grappe=f.grappe).exists()


def test_les_unites_ont_change_depuis_l_apercu() -> None:
    f = Fusion()
    vu = f.arrivee().vu
    UniteFactory(parcours=f.absorbe, nom="Ambulatoire")
    with pytest.raises(Refus) as refus:
        f.deplacer(vu=vu)
    assert refus.value.code == "concurrence" and f.absorbe.unites.count() == 3


def test_la_seconde_confirmation_dit_que_c_est_fait() -> None:
    f = Fusion()
    f.deplacer()
    with pytest.raises(Refus, match="déjà arrivées"):
        f.deplacer()


def test_seule_la_conduite_deplace_et_l_apercu_precede() -> None:
    f = Fusion()
    siege = affecter(Role.SIEGE, f.absorbe.esms.og)
    with pytest.raises(Refus) as refus:
        f.deplacer(par=siege)
    assert refus.value.code == "droit"
    url, client = f"{_page(f.evenement)}?unites={f.absorbe.pk}", connecte(f.cheffe)
    assert connecte(siege).get(url).status_code == 403
    apercu = client.get(url)
    assert "Internat (IME du Bac)" in apercu.content.decode() and f.absorbe.unites.count() == 2
    saisie = {"geste": "unites", "parcours": f.absorbe.pk, "vu": apercu.context["arrivee"].vu}
    assert client.post(_page(f.evenement), saisie | {"vu": "faux"}).status_code == 409
    suite = client.post(_page(f.evenement), saisie, follow=True)
    assert "2 unités sont arrivées" in suite.content.decode()
    assert Ouverture.objects.filter(unite__parcours=f.absorbant).count() == 2


# --- arrivée tardive -----------------------------------------------------------------------------------------------


def _arrivee_tardive(parcours: Parcours, client: Client) -> str:
    return client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()


def test_un_esms_entre_apres_la_convention_lit_ce_qui_le_raccroche() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    tot = ParcoursFactory(grappe=grappe)
    changer_etat(grappe, "constater", par=cheffe, vers="conventionnee")
    tard = ParcoursFactory(grappe=grappe)
    client = connecte(cheffe)
    texte = _arrivee_tardive(tard, client)
    assert "Entré après la convention" in texte and "Choisir la vague" in texte and "Constater la situation" in texte
    assert "Entré après la convention" not in _arrivee_tardive(tot, client)


# --- la liste ------------------------------------------------------------------------------------------------------


def test_la_liste_montre_d_abord_ce_qui_attend() -> None:
    parcours = ParcoursFactory()
    evenement = _ferme(parcours)
    client, url = connecte(cheffe_de(parcours.grappe)), reverse("programme:evenement-liste")
    assert parcours.esms.nom in client.get(url).content.decode()
    services.prendre_acte(evenement=evenement, suite="Il reste.", par=cheffe_de(parcours.grappe))
    assert "Rien à traiter" in client.get(url).content.decode()
    assert "Il reste." in client.get(url, {"suite": "traites"}).content.decode()


def test_requetes_constantes() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            _ferme(ParcoursFactory(grappe=grappe))

    exiger_requetes_constantes(connecte(cheffe), reverse("programme:evenement-liste"), peupler)


def test_a_faire_en_nombre_constant(django_assert_max_num_queries: Any) -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    for _ in range(6):
        _ferme(ParcoursFactory(grappe=grappe))
    assert cheffe.perimetre
    with django_assert_max_num_queries(2):
        assert len(services.a_traiter_pour(cheffe)) == 6


def test_un_evenement_ancien_garde_sa_date() -> None:
    parcours = ParcoursFactory()
    evenement = _ferme(parcours)
    evenement.date_effet = timezone.localdate() - timedelta(days=40)
    evenement.save()
    ligne = next(x for x in a_faire(cheffe_de(parcours.grappe), timezone.localdate()) if x.url == _page(evenement))
    assert ligne.echeance == evenement.date_effet


@pytest.mark.django_db(transaction=True)
def test_deux_confirmations_au_meme_instant_une_seule_deplace() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : le verrou se prouve sur PostgreSQL.
        return
    f = Fusion()
    depart, arguments = Barrier(2), {"evenement": f.evenement, "parcours": f.absorbe, "par": f.cheffe}

    def confirmer(_: int) -> str:
        try:
            depart.wait(5)
            services.deplacer_les_unites(**arguments)
            return "passe"
        except Refus as refus:
            return refus.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        assert sorted(fils.map(confirmer, range(2))) == ["etat", "passe"]
    assert f.absorbant is not None and f.absorbant.unites.count() == 3
