"""Les totaux tenus à mesure disent ce que disent les relevés, quoi qu'il leur arrive et dans n'importe quel ordre."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from programme.enums import Role
from programme.models import Parcours
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import DepartementFactory, EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter
from tests.usages.agregats.force_brute import gardes, recompter
from tests.usages.fabriques import IndicateurFactory, chiffrer, premier_du_mois, releve_de, transmettre
from usages.enums import Absence, EtatReleve, Forme
from usages.models import CumulIndicateur, Releve, Valeur

pytestmark = pytest.mark.django_db

CENTIMES = st.decimals(0, 999_999, places=2)
TAILLES = ["", "petite"]
RANG = st.integers(0, 1_000)
SUITES = {
    EtatReleve.SAISI: ("transmettre",),
    EtatReleve.TRANSMIS: ("valider", "reprendre"),
    EtatReleve.VALIDE: ("verrouiller", "rouvrir"),
    EtatReleve.VERROUILLE: ("rouvrir",),
}


class LaVieDesReleves(RuleBasedStateMachine):
    """Trois ESMS de deux grappes et deux organismes, quatre formes de chiffre, et tout ce qui leur arrive."""

    def __init__(self) -> None:
        super().__init__()
        self.bloc = transaction.atomic()
        self.bloc.__enter__()

    def teardown(self) -> None:
        """Refaire d'un coup ne change rien ; puis tout s'oublie."""
        assert CumulIndicateur.objects.ecarts() == []
        CumulIndicateur.objects.refaire()
        assert gardes() == recompter()
        transaction.set_rollback(True)
        self.bloc.__exit__(None, None, None)

    @initialize()
    def planter(self) -> None:
        """Le décor."""
        self.par = affecter(Role.CHEF_PROJET)
        affecter(Role.DIRECTEUR, utilisateur=self.par)
        grappes, self.ogs = [GrappeFactory(), GrappeFactory()], [OgFactory(), OgFactory()]
        departements = [DepartementFactory(), None, DepartementFactory()]
        self.parcours = [
            ParcoursFactory(grappe=grappes[n % 2], esms=EsmsFactory(og=self.ogs[n // 2], departement=departements[n]))
            for n in range(3)
        ]
        formes = (Forme.RAPPORT, Forme.COMPTE, Forme.DUREE, Forme.REPARTITION)
        self.indicateurs = [IndicateurFactory(forme=forme) for forme in formes]

    def _releve(self, rang: int) -> Releve:
        releves = list(Releve.objects.order_by("pk"))
        return releves[rang % len(releves)]

    def _changer(self, rang: int, geste: Any) -> None:
        """Le contrat des écritures : un relevé déjà compté sort des totaux, change, et y rentre."""
        releve = self._releve(rang)
        if releve.est_verrouille:
            return
        lui = Releve.objects.filter(pk=releve.pk)
        with transaction.atomic():
            if releve.est_compte:
                CumulIndicateur.objects.porter_reponses(lui, -1)
            geste(releve)
            if releve.est_compte:
                CumulIndicateur.objects.porter_reponses(lui, 1)

    def _sur_un_chiffre(self, rang: int, **champs: Any) -> None:
        def ecrire(releve: Releve) -> None:
            valeurs = list(releve.valeurs.filter(cle="").order_by("pk"))
            if valeurs:
                Valeur.objects.filter(pk=valeurs[rang % len(valeurs)].pk).update(**champs)

        self._changer(rang, ecrire)

    @rule(
        rang=st.integers(0, 2),
        recul=st.integers(1, 2),
        choix=st.integers(1, 15),
        taille=st.sampled_from(["", "petite"]),
    )
    def ouvrir(self, rang: int, recul: int, choix: int, taille: str) -> None:
        """Un relevé s'ouvre : ses chiffres sont attendus."""
        parcours = Parcours.objects.select_related("esms__og", "esms__departement__region").get(
            pk=self.parcours[rang].pk
        )
        if Releve.objects.filter(parcours=parcours, debut=premier_du_mois(recul)).exists():
            return
        releve = releve_de(parcours, recul)
        Releve.objects.filter(pk=releve.pk).update(taille=taille)
        for n, indicateur in enumerate(self.indicateurs):
            if choix >> n & 1:
                Valeur.objects.create(releve=releve, indicateur=indicateur)
        CumulIndicateur.objects.porter_attendus(Valeur.objects.filter(releve=releve), 1)

    @precondition(lambda self: Releve.objects.exists())
    @rule(rang=RANG, numerateur=CENTIMES, denominateur=CENTIMES | st.none())
    def ecrire(self, rang: int, numerateur: Decimal, denominateur: Decimal | None) -> None:
        """Un nombre ; parfois sans son dénominateur."""
        self._sur_un_chiffre(rang, numerateur=numerateur, denominateur=denominateur, motif="")

    @precondition(lambda self: Releve.objects.exists())
    @rule(rang=RANG, motif=st.sampled_from(["", *Absence.values]))
    def dire_absent(self, rang: int, motif: str) -> None:
        """Vidé, non mesurable, non concerné."""
        self._sur_un_chiffre(rang, numerateur=None, denominateur=None, motif=motif)

    @precondition(lambda self: Releve.objects.exists())
    @rule(rang=RANG, cle=st.sampled_from(["j007", "au_dela"]), nombre=CENTIMES)
    def detailler(self, rang: int, cle: str, nombre: Decimal) -> None:
        """Une part : posée, puis ôtée la fois d'après."""

        def poser(releve: Releve) -> None:
            if not Valeur.objects.filter(releve=releve, indicateur=self.indicateurs[2], cle=cle).delete()[0]:
                Valeur.objects.create(releve=releve, indicateur=self.indicateurs[2], cle=cle, numerateur=nombre)

        self._changer(rang, poser)

    @precondition(lambda self: Releve.objects.exists())
    @rule(rang=RANG)
    def retirer(self, rang: int) -> None:
        """Un chiffre n'est plus attendu."""

        def oter(releve: Releve) -> None:
            une = Valeur.objects.filter(pk__in=releve.valeurs.filter(cle="").order_by("pk").values("pk")[:1])
            CumulIndicateur.objects.porter_attendus(une, -1)
            une.delete()

        self._changer(rang, oter)

    @precondition(lambda self: Releve.objects.exists())
    @rule(rang=RANG, choix=st.integers(0, 1))
    def passer(self, rang: int, choix: int) -> None:
        """Transmettre, reprendre, valider, verrouiller, rouvrir : par la porte."""
        releve = self._releve(rang)
        suites = SUITES[EtatReleve(releve.etat)]
        try:
            changer_etat(releve, suites[choix % len(suites)], par=self.par, motif="essai")
        except Refus as refus:
            # Un chiffre à moitié écrit ne se transmet pas : rien n'a bougé, et les totaux le disent aussi.
            assert "le nombre auquel on rapporte" in refus.motif

    @rule(rang=st.integers(0, 2), og=st.integers(0, 1))
    def changer_d_og(self, rang: int, og: int) -> None:
        """L'ESMS change d'organisme ; ses relevés gardent le leur."""
        esms = self.parcours[rang].esms
        type(esms).objects.filter(pk=esms.pk).update(og=self.ogs[og])

    @invariant()
    def les_totaux_sont_justes(self) -> None:
        """À chaque pas."""
        assert gardes() == recompter()


def test_quoi_qu_il_arrive_les_totaux_sont_justes() -> None:
    run_state_machine_as_test(
        LaVieDesReleves,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_mille_centimes_ajoutes_et_otes_ne_derivent_pas() -> None:
    """0,10 € mille fois, ôté cinq cents : SQLite compte en flottants, le total reste au centime."""
    indicateur = IndicateurFactory(forme=Forme.MONTANT)
    releve = releve_de(ParcoursFactory())
    chiffrer(releve, indicateur, (Decimal("0.10"), None))
    transmettre(releve, par=affecter(Role.DIRECTEUR, releve.parcours.esms))
    lui = Releve.objects.filter(pk=releve.pk)
    for _ in range(300):
        CumulIndicateur.objects.porter_reponses(lui, 1)
    for _ in range(297):
        CumulIndicateur.objects.porter_reponses(lui, -1)
    assert {t.numerateur for t in CumulIndicateur.objects.all()} == {Decimal("0.40")}
    # Tel qu'il est rangé, et non tel que la lecture l'arrondit.
    assert CumulIndicateur.objects.filter(numerateur=Decimal("0.4")).count() == 4


def test_un_numerateur_sans_denominateur_ne_gonfle_pas_le_taux() -> None:
    rapport = IndicateurFactory()
    for n, sur in enumerate((40, None)):
        releve = releve_de(ParcoursFactory())
        valeur = chiffrer(releve, rapport, (30 + n, 40))
        transmettre(releve, par=affecter(Role.DIRECTEUR, releve.parcours.esms))
        # Sans le service : on ne transmet plus un numérateur seul, mais une base reprise peut en garder.
        Valeur.objects.filter(pk=valeur.pk).update(denominateur=sur)
    CumulIndicateur.objects.refaire()
    national = CumulIndicateur.objects.du_territoire("national").filter(indicateur=rapport)
    assert sum(t.numerateur for t in national) == 30
    assert sum(t.nb_repondants for t in national) == 1
    assert sum(t.nb_attendus for t in national) == 2


def test_les_ecarts_se_disent_sans_rien_changer() -> None:
    releve = releve_de(ParcoursFactory())
    chiffrer(releve, IndicateurFactory())
    CumulIndicateur.objects.filter(maille="national").update(nb_attendus=7)
    (ecart,) = CumulIndicateur.objects.ecarts()
    assert (ecart.garde[0], ecart.juste[0]) == (7, 1)
    assert CumulIndicateur.objects.get(maille="national").nb_attendus == 7
    CumulIndicateur.objects.refaire()
    assert CumulIndicateur.objects.ecarts() == []
