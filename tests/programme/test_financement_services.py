"""Convention, jalons, avenants : ce que les services acceptent, refusent, et à qui."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from programme.enums import EtatJalon, NatureAvenant, Role
from programme.models import Convention, Grappe, Jalon, Tranche, VersionInstruction
from programme.services import financement as services
from programme.socle.droits import droits
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.pieces import pieces_de
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.fabriques import (
    AvenantFactory,
    ConventionFactory,
    GrappeFactory,
    JalonFactory,
    ParcoursFactory,
    RegionFactory,
    SolutionFactory,
    affecter,
    cheffe_de,
    pdf,
)

pytestmark = pytest.mark.django_db
HIER = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Grappe) -> Any:
    return cheffe_de(grappe)


@pytest.fixture
def convention(grappe: Grappe) -> Convention:
    return ConventionFactory(grappe=grappe)


@pytest.fixture
def instruction() -> VersionInstruction:
    version = VersionInstruction.objects.create(code="essai", nom="Essai")
    for rang, taux in enumerate(("0.3333", "0.3333", "0.3334"), 1):
        Tranche.objects.create(
            instruction=version, rang=rang, libelle=f"Tranche {rang}", piece_attendue="PV", taux=Decimal(taux)
        )
    return version


def _champ(refus: Any, champ: str) -> str:
    (phrase,) = refus.value.champs[champ]
    return phrase


# --- convention ----------------------------------------------------------------------------------------------------


def test_les_tranches_deviennent_les_jalons(grappe: Grappe, cheffe: Any, instruction: VersionInstruction) -> None:
    convention = services.enregistrer_convention(
        grappe=grappe,
        par=cheffe,
        reference="C-1",
        signee_le=HIER,
        montant=Decimal("100.00"),
        instruction=instruction,
        vu=0,
    )
    assert [j.montant for j in convention.jalons.all()] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert {(j.etat, j.piece_attendue) for j in convention.jalons.all()} == {("a_produire", "PV")}
    services.enregistrer_convention(
        grappe=grappe, par=cheffe, reference="C-2", signee_le=HIER, montant=Decimal("900"), instruction=instruction
    )
    assert convention.jalons.count() == 3 and convention.jalons.first().montant == Decimal("33.33")


@pytest.mark.parametrize(
    ("champs", "champ", "mot"),
    [
        ({"signee_le": timezone.localdate() + timedelta(days=1)}, "signee_le", "à venir"),
        ({"signee_le": date(1999, 1, 1)}, "signee_le", "ancienne"),
        ({"fin": HIER - timedelta(days=1)}, "fin", "précéder"),
        ({"montant": Decimal("-1")}, "__all__", "convention_montant"),
    ],
)
def test_une_convention_fautive_n_ecrit_rien(
    grappe: Grappe, cheffe: Any, champs: dict[str, Any], champ: str, mot: str
) -> None:
    valeurs = {"reference": "C-1", "signee_le": HIER} | champs
    with pytest.raises(Refus) as refus:
        services.enregistrer_convention(grappe=grappe, par=cheffe, **valeurs)
    assert mot in _champ(refus, champ) and not Convention.objects.exists()


def test_la_signature_ne_passe_pas_apres_ce_qui_en_depend(convention: Convention, cheffe: Any) -> None:
    JalonFactory(convention=convention, echeance=date(2024, 5, 1))
    with pytest.raises(Refus) as refus:
        services.enregistrer_convention(grappe=convention.grappe, par=cheffe, reference="C", signee_le=date(2024, 6, 1))
    assert "1er mai 2024" in _champ(refus, "signee_le")
    Jalon.objects.all().delete()
    AvenantFactory(convention=convention, signe_le=date(2024, 5, 1))
    with pytest.raises(Refus) as refus:
        services.enregistrer_convention(grappe=convention.grappe, par=cheffe, reference="C", signee_le=date(2024, 6, 1))
    assert "avenant 1" in _champ(refus, "signee_le")


def test_deux_personnes_sur_la_meme_convention(grappe: Grappe, cheffe: Any) -> None:
    autre = cheffe_de(grappe)
    services.enregistrer_convention(grappe=grappe, par=autre, reference="A", signee_le=HIER, vu=0)
    with pytest.raises(Refus) as refus:
        services.enregistrer_convention(grappe=grappe, par=cheffe, reference="B", signee_le=HIER, vu=0)
    assert refus.value.code == "concurrence" and autre.nom in refus.value.motif
    vu = jeton(Convention.history.filter(grappe=grappe))
    services.enregistrer_convention(grappe=grappe, par=cheffe, reference="B", signee_le=HIER, vu=vu)
    assert Convention.objects.get().reference == "B"


# --- jalons --------------------------------------------------------------------------------------------------------


def test_une_echeance_ne_precede_pas_la_signature(convention: Convention, cheffe: Any) -> None:
    with pytest.raises(Refus) as refus:
        services.enregistrer_jalon(convention=convention, par=cheffe, libelle="J", echeance=date(2024, 2, 29))
    assert "1er mars 2024" in _champ(refus, "echeance") and not Jalon.objects.exists()
    assert (
        services.enregistrer_jalon(convention=convention, par=cheffe, libelle="J", echeance=date(2024, 3, 1)).rang == 1
    )
    assert services.enregistrer_jalon(convention=convention, par=cheffe, libelle="K").rang == 2


def test_un_jalon_parti_ne_se_corrige_plus(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention)
    changer_etat(jalon, "transmettre", par=cheffe)
    gestes = (
        lambda: services.enregistrer_jalon(convention=convention, par=cheffe, jalon=jalon, libelle="Autre"),
        lambda: services.joindre_piece(jalon=jalon, fichier=pdf(), par=cheffe),
    )
    for geste in gestes:
        with pytest.raises(Refus, match="transmis"):
            geste()
    jalon.refresh_from_db()
    assert jalon.libelle != "Autre" and not pieces_de(jalon).exists()


def test_deux_personnes_sur_le_meme_jalon(convention: Convention, cheffe: Any) -> None:
    jalon = services.enregistrer_jalon(convention=convention, par=cheffe, libelle="J")
    vu = jeton(Jalon.history.filter(id=jalon.pk))
    services.enregistrer_jalon(convention=convention, par=cheffe, jalon=jalon, libelle="Premier", vu=vu)
    with pytest.raises(Refus) as refus:
        services.enregistrer_jalon(convention=convention, par=cheffe, jalon=jalon, libelle="Second", vu=vu)
    assert refus.value.code == "concurrence"


# --- la porte du jalon ---------------------------------------------------------------------------------------------


def _mener(jalon: Jalon, cheffe: Any, *transitions: str) -> None:
    for transition in transitions:
        changer_etat(jalon, transition, par=cheffe, motif="essai", date_effet=HIER)


def test_une_piece_attendue_barre_tant_qu_elle_manque(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention, piece_attendue="PV de VA")
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "transmettre", par=cheffe)
    (manque,) = refus.value.manques
    assert (manque.code, manque.severite) == ("piece_jointe", "barre") and f"/jalons/{jalon.pk}/" in manque.lien
    services.joindre_piece(jalon=jalon, fichier=pdf(), par=cheffe)
    assert changer_etat(jalon, "transmettre", par=cheffe).vers == EtatJalon.TRANSMIS


def test_verser_avant_l_echeance_demande_un_motif(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention, echeance=timezone.localdate() + timedelta(days=30))
    _mener(jalon, cheffe, "transmettre", "accepter")
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "verser", par=cheffe, montant=Decimal("40000"))
    assert "avant l'échéance" in _champ(refus, "motif").replace("d'avant", "avant")
    changer_etat(jalon, "verser", par=cheffe, montant=Decimal("40000"), motif="avance prévue à la convention")
    assert jalon.montant_verse == 40_000 and jalon.verse_le == timezone.localdate()


def test_verser_plus_que_prevu_demande_un_motif(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention)
    _mener(jalon, cheffe, "transmettre", "accepter")
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "verser", par=cheffe, montant=Decimal("40000.01"))
    assert "prévus" in _champ(refus, "motif")
    changer_etat(jalon, "verser", par=cheffe, montant=Decimal("39999.99"))
    assert jalon.montant_verse == Decimal("39999.99")
    changer_etat(jalon, "revenir", par=cheffe, motif="mauvaise ligne")
    assert (jalon.etat, jalon.montant_verse, jalon.verse_le) == (EtatJalon.ACCEPTE, None, None)


def test_verser_avant_l_acceptation_est_refuse_par_la_porte(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention)
    changer_etat(jalon, "transmettre", par=cheffe, date_effet=HIER)
    changer_etat(jalon, "accepter", par=cheffe)
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "verser", par=cheffe, date_effet=HIER)
    assert "précéder" in _champ(refus, "date_effet")


@pytest.mark.parametrize("montant", ["0", "-1", "abc", "NaN", "Infinity", "1e12", "0.001"])
def test_une_somme_impossible_est_refusee_au_champ(convention: Convention, cheffe: Any, montant: str) -> None:
    jalon = JalonFactory(convention=convention)
    _mener(jalon, cheffe, "transmettre", "accepter")
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "verser", par=cheffe, montant=montant, motif="essai")
    assert "somme reçue" in _champ(refus, "montant")
    assert Passage.objects.de(jalon).count() == 2


def test_un_jalon_sans_montant_demande_la_somme(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention, montant=None)
    _mener(jalon, cheffe, "transmettre", "accepter")
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "verser", par=cheffe)
    assert "montant" in refus.value.champs
    changer_etat(jalon, "verser", par=cheffe, montant=Decimal(12))
    assert jalon.montant_verse == 12


def test_la_reponse_au_financeur_est_un_motif_exige(convention: Convention, cheffe: Any) -> None:
    jalon, ars = JalonFactory(convention=convention), affecter(Role.ARS, convention.grappe)
    changer_etat(jalon, "transmettre", par=cheffe)
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "demander_precision", par=ars)
    assert "motif" in refus.value.champs
    changer_etat(jalon, "demander_precision", par=ars, motif="Quelle date ?")
    with pytest.raises(Refus) as refus:
        changer_etat(jalon, "transmettre", par=cheffe)
    assert "motif" in refus.value.champs
    changer_etat(jalon, "transmettre", par=cheffe, motif="Le 12 mars.")
    assert jalon.etat == EtatJalon.TRANSMIS


ECRIT = {"transmettre", "accepter", "verser", "abandonner", "revenir"}


@pytest.mark.parametrize("transition", [*sorted(ECRIT), "demander_precision"])
def test_qui_franchit_quoi(transition: str) -> None:
    grappe = GrappeFactory(porteur=ParcoursFactory().esms.og)
    parcours = ParcoursFactory(grappe=grappe)
    jalon = JalonFactory(convention__grappe=grappe)
    comptes = {
        Role.CHEF_PROJET: cheffe_de(grappe),
        Role.ARS: affecter(Role.ARS, grappe.region),
        Role.SIEGE: affecter(Role.SIEGE, grappe.porteur),
        Role.MEMBRE: affecter(Role.MEMBRE, grappe),
        Role.ADMIN: affecter(Role.ADMIN),
        Role.GRADES: affecter(Role.GRADES, grappe.region),
        Role.APPUI: affecter(Role.APPUI, grappe),
        Role.DIRECTEUR: affecter(Role.DIRECTEUR, parcours.esms),
        "autre ars": affecter(Role.ARS, RegionFactory(code="11", nom="Île-de-France")),
        "autre cheffe": cheffe_de(GrappeFactory()),
    }
    permis = {role for role, compte in comptes.items() if droits[f"programme.jalon:{transition}"](compte, jalon)}
    assert permis == ({Role.CHEF_PROJET} if transition in ECRIT else {Role.ARS})


# --- avenants ------------------------------------------------------------------------------------------------------


def _avenant(convention: Convention, cheffe: Any, **champs: Any) -> Any:
    valeurs = {"numero": 1, "nature": NatureAvenant.ENTREE, "signe_le": HIER} | champs
    return services.consigner_avenant(convention=convention, par=cheffe, **valeurs)


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"signe_le": timezone.localdate() + timedelta(days=1)}, "signe_le"),
        ({"signe_le": date(2024, 2, 1)}, "signe_le"),
        ({"nature": NatureAvenant.CALENDRIER}, "nouvelle_fin"),
        ({"nature": NatureAvenant.CALENDRIER, "nouvelle_fin": date(2024, 1, 1)}, "nouvelle_fin"),
        ({"nature": NatureAvenant.EDITEUR}, "solution"),
        ({"nature": NatureAvenant.SORTIE}, "parcours"),
        ({"nature": "inconnue"}, "nature"),
    ],
)
def test_un_avenant_fautif_dit_ou(convention: Convention, cheffe: Any, champs: dict[str, Any], champ: str) -> None:
    with pytest.raises(Refus) as refus:
        _avenant(convention, cheffe, **champs)
    assert champ in refus.value.champs and not convention.avenants.exists()


def test_un_numero_d_avenant_ne_sert_qu_une_fois(convention: Convention, cheffe: Any) -> None:
    _avenant(convention, cheffe)
    with pytest.raises(Refus) as refus:
        _avenant(convention, cheffe)
    assert "déjà consigné" in _champ(refus, "numero")


def test_un_avenant_ne_nomme_que_les_esms_de_sa_grappe(convention: Convention, cheffe: Any) -> None:
    ici, ailleurs = ParcoursFactory(grappe=convention.grappe), ParcoursFactory()
    with pytest.raises(Refus) as refus:
        _avenant(convention, cheffe, nature=NatureAvenant.SORTIE, parcours=[ici, ailleurs])
    assert ailleurs.esms.nom in _champ(refus, "parcours")
    avenant = _avenant(convention, cheffe, nature=NatureAvenant.SORTIE, parcours=[ici])
    assert services.nommer_esms(avenant=avenant, parcours=[ici], par=cheffe) == 1
    with pytest.raises(Refus):
        services.nommer_esms(avenant=avenant, parcours=[], par=cheffe)


def test_un_avenant_ne_change_rien_d_office(convention: Convention, cheffe: Any) -> None:
    solution = SolutionFactory(nom="Margelle")
    _avenant(convention, cheffe, nature=NatureAvenant.CALENDRIER, nouvelle_fin=date(2030, 1, 1), solution=solution)
    _avenant(convention, cheffe, numero=2, nature=NatureAvenant.EDITEUR, solution=solution)
    convention.refresh_from_db()
    assert convention.fin is None and convention.grappe.solution != solution
    assert [a.solution for a in convention.avenants.all()] == [None, solution]


def test_seul_le_chef_de_projet_ecrit(convention: Convention) -> None:
    jalon, ars = JalonFactory(convention=convention), affecter(Role.ARS, convention.grappe)
    gestes: tuple[Any, ...] = (
        lambda: services.enregistrer_convention(grappe=convention.grappe, par=ars, reference="C", signee_le=HIER),
        lambda: services.enregistrer_jalon(convention=convention, par=ars, libelle="J"),
        lambda: services.joindre_piece(jalon=jalon, fichier=pdf(), par=ars),
        lambda: _avenant(convention, ars),
        lambda: services.nommer_esms(avenant=AvenantFactory(convention=convention), parcours=[], par=ars),
    )
    for geste in gestes:
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.code == "droit"
