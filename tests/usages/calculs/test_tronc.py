"""Ce que le tronc mesure, face à la force brute : des ensembles quelconques, des dates autour de la période."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programme.enums import EtatAction, EtatDemande, EtatOuverture, EtatParcours, MoyenReprise, TempsEcriture
from programme.models import Etape, Metier, Parcours, PersonneRessource, TempsMetier
from programme.socle.tranches import ranger
from tests.fabriques import (
    ActionFactory,
    DemandeParametrageFactory,
    GrappeFactory,
    LigneRepriseFactory,
    ModuleFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    UtilisateurFactory,
)
from tests.usages.calculs.aides import DEBUT, FIN, JOURS, compte, etat_au, forcer, histoires, mesurer, rapport, vivre

RANGS = st.integers(0, 2)
PEUT_ETRE = st.none() | JOURS
FAITES = (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
EXEMPLES = settings(max_examples=25, deadline=None)


class Tronc(TestCase):
    """Trois ESMS d'une grappe ; le dernier reste souvent vide."""

    parcours: list[Parcours]
    par: Any
    modules: list[Any]

    @classmethod
    def setUpTestData(cls) -> None:
        grappe = GrappeFactory()
        cls.parcours = [ParcoursFactory(grappe=grappe) for _ in range(3)]
        cls.par = UtilisateurFactory()
        cls.modules = [ModuleFactory(code=f"module-{n}", nom=f"Module {n}") for n in range(3)]

    def exiger(self, code: str, attendu: dict[int, Any]) -> None:
        """Ce calcul dit cela, pour ces trois ESMS (par rang) ; celui qui n'y est pas ne répond pas."""
        assert mesurer(code, self.parcours) == {self.parcours[rang].pk: dit for rang, dit in attendu.items()}


OUVERTURES = st.lists(
    st.tuples(RANGS, histoires(list(EtatOuverture)), PEUT_ETRE, st.booleans(), PEUT_ETRE),
    max_size=6,
)


class Ouvertures(Tronc):
    @EXEMPLES
    @given(OUVERTURES, st.tuples(PEUT_ETRE, PEUT_ETRE, PEUT_ETRE))
    def test_les_ouvertures_se_lisent_a_la_date(self, lignes: Any, references: Any) -> None:
        for rang, reference in enumerate(references):
            Etape.objects.create(parcours=self.parcours[rang], etat=EtatParcours.SERVICE_REGULIER, reference=reference)
        lues = []
        for n, (rang, histoire, visee, a_support, retire) in enumerate(lignes):
            ouverture = OuvertureFactory(
                unite=UniteFactory(parcours=self.parcours[rang], nom=f"Unité {n}"),
                module=self.modules[n % 3],
                date_visee=visee,
                ancien_support="cahier" if a_support else "",
                retire_le=retire,
            )
            vivre(ouverture, histoire, self.par)
            lues.append(
                (rang, etat_au(EtatOuverture.A_PREPARER, histoire, FIN), visee or references[rang], a_support, retire)
            )
        au_perimetre = [ligne for ligne in lues if ligne[1] != EtatOuverture.HORS_PERIMETRE]
        siennes = {rang: [ligne for ligne in au_perimetre if ligne[0] == rang] for rang in range(3)}
        repartis = {rang: Counter(ligne[1] for ligne in lot) for rang, lot in siennes.items()}
        self.exiger(
            "ouvertures_par_etat",
            {
                rang: {"": (sum(c.values()), None), **{etat: (n, None) for etat, n in c.items()}}
                if c
                else "non concerné"
                for rang, c in repartis.items()
            },
        )
        for code, etats in (("unites_ouvertes", FAITES), ("unites_stabilisees", (EtatOuverture.STABILISEE,))):
            self.exiger(code, {r: rapport(sum(x[1] in etats for x in lot), len(lot)) for r, lot in siennes.items()})
        dues = {r: [x for x in lot if x[2] and x[2] <= FIN] for r, lot in siennes.items()}
        self.exiger(
            "ouvertures_dues", {r: rapport(sum(x[1] in FAITES for x in lot), len(lot)) for r, lot in dues.items()}
        )
        nommes = {r: [x for x in lot if x[3]] for r, lot in siennes.items()}
        vivants = {r: sum(x[4] is None or x[4] > FIN for x in lot) for r, lot in nommes.items()}
        self.exiger("supports_vivants", {r: rapport(vivants[r], len(lot)) for r, lot in nommes.items()})

    def test_un_etat_que_le_journal_ne_connait_pas_est_celui_d_aujourd_hui(self) -> None:
        ouverture = OuvertureFactory(unite=UniteFactory(parcours=self.parcours[0]))
        vivre(ouverture, [(FIN + timedelta(days=1), EtatOuverture.PRETE)], self.par)
        assert mesurer("ouvertures_par_etat", self.parcours[:1]) == {
            self.parcours[0].pk: {"": (1, None), EtatOuverture.A_PREPARER: (1, None)}
        }


NOMBRE = st.none() | st.integers(0, 30)


class RepriseEtTemps(Tronc):
    @EXEMPLES
    @given(
        st.lists(
            st.tuples(
                RANGS,
                st.sampled_from(["dossiers", "Dossier papier", "pages"]),
                NOMBRE,
                NOMBRE,
                st.sampled_from(["", MoyenReprise.AUCUN, MoyenReprise.INTERNE]),
            ),
            max_size=6,
        )
    )
    def test_les_dossiers_repris(self, lignes: Any) -> None:
        lues = []
        for rang, unite, volume, reste, moyen in lignes:
            if volume is not None and reste is not None:
                reste = min(reste, volume)
            LigneRepriseFactory(parcours=self.parcours[rang], unite=unite, volume=volume, reste=reste, moyen=moyen)
            lues.append((rang, unite, volume, reste, moyen))
        attendu: dict[int, Any] = {}
        for rang in {ligne[0] for ligne in lues}:
            a_reprendre = [x for x in lues if x[0] == rang and x[4] != MoyenReprise.AUCUN]
            comptees = [x for x in a_reprendre if "pages" not in x[1] and x[2] is not None and x[3] is not None]
            if not a_reprendre:
                attendu[rang] = "non concerné"
            elif comptees:
                attendu[rang] = rapport(sum(x[2] - x[3] for x in comptees), sum(x[2] for x in comptees))
        self.exiger("dossiers_repris", attendu)

    @EXEMPLES
    @given(st.lists(st.tuples(RANGS, NOMBRE, NOMBRE, NOMBRE), max_size=6))
    def test_les_heures(self, lignes: Any) -> None:
        for rang, demandees, accordees, degagees in lignes:
            PersonneRessource.objects.create(
                parcours=self.parcours[rang],
                fonction="Éducatrice",
                expertise="metier",
                heures_demandees=demandees,
                heures_accordees=accordees,
                heures_degagees=degagees,
            )
        for code, donnees, sur in (("temps_accorde", 2, 1), ("temps_degage", 3, 2)):
            attendu = {}
            for rang in range(3):
                dites = [x for x in lignes if x[0] == rang and x[donnees] is not None and x[sur]]
                if dites:
                    attendu[rang] = rapport(sum(x[donnees] for x in dites), sum(x[sur] for x in dites))
            self.exiger(code, attendu)

    @EXEMPLES
    @given(st.lists(st.tuples(RANGS, st.sampled_from(list(TempsEcriture))), max_size=6))
    def test_le_temps_decide(self, lignes: Any) -> None:
        for n, (rang, decision) in enumerate(lignes):
            metier, _ = Metier.objects.get_or_create(code=f"metier-{n}", defaults={"nom": f"Métier {n}"})
            minutes = 15 if decision == TempsEcriture.DECIDE else None
            TempsMetier.objects.create(parcours=self.parcours[rang], metier=metier, decision=decision, minutes=minutes)
        attendu = {}
        for rang in {ligne[0] for ligne in lignes}:
            siens = [decision for r, decision in lignes if r == rang]
            attendu[rang] = rapport(siens.count(TempsEcriture.DECIDE), len(siens))
        self.exiger("temps_ecriture_decide", attendu)


def _a_midi(jour: date) -> datetime:
    return timezone.make_aware(datetime(jour.year, jour.month, jour.day, 12))


class ActionsEtDemandes(Tronc):
    @EXEMPLES
    @given(st.lists(st.tuples(RANGS, JOURS, histoires(list(EtatAction)), PEUT_ETRE), max_size=6))
    def test_les_actions(self, lignes: Any) -> None:
        ActionFactory(grappe=self.parcours[0].grappe, creee_le=_a_midi(DEBUT))
        lues = []
        for rang, creee, histoire, echeance in lignes:
            action = ActionFactory(parcours=self.parcours[rang], creee_le=_a_midi(creee), echeance=echeance)
            vivre(action, histoire, self.par)
            lues.append((rang, creee, etat_au(EtatAction.A_FAIRE, histoire, FIN), echeance))
        decidees = [x for x in lues if x[1] <= FIN]
        retenues = {r: [x[2] for x in decidees if x[0] == r and x[2] != EtatAction.ABANDONNEE] for r in range(3)}
        self.exiger(
            "actions_faites", {r: rapport(etats.count(EtatAction.FAITE), len(etats)) for r, etats in retenues.items()}
        )
        ouvertes = (EtatAction.A_FAIRE, EtatAction.EN_COURS)
        tardives = [x for x in decidees if x[2] in ouvertes and x[3] and x[3] < FIN]
        self.exiger("actions_en_retard", {r: compte(sum(x[0] == r for x in tardives)) for r in range(3)})

    @EXEMPLES
    @given(st.lists(st.tuples(RANGS, JOURS, st.none() | st.integers(0, 200), st.booleans()), max_size=6))
    def test_les_demandes(self, lignes: Any) -> None:
        lues = []
        for rang, ouverte, duree, retiree in lignes:
            close = None if duree is None else ouverte + timedelta(days=duree)
            demande = DemandeParametrageFactory(parcours=self.parcours[rang], ouverte_le=ouverte)
            etat = EtatDemande.OUVERTE if close is None else EtatDemande.RETIREE if retiree else EtatDemande.CLOSE
            issue = "pratique" if etat == EtatDemande.CLOSE else ""
            forcer(demande, etat=etat, issue=issue, close_le=close)
            lues.append((rang, ouverte, close, etat))
        ouvertes = [x for x in lues if x[1] <= FIN and (x[2] is None or x[2] > FIN)]
        self.exiger("demandes_parametrage_ouvertes", {r: compte(sum(x[0] == r for x in ouvertes)) for r in range(3)})
        closes = [x for x in lues if x[3] == EtatDemande.CLOSE and DEBUT <= x[2] <= FIN]
        attendu: dict[int, Any] = {}
        for rang in range(3):
            siennes = [(x[2] - x[1]).days for x in closes if x[0] == rang]
            parts = {cle: (n, None) for cle, n in ranger(siennes).items()}
            attendu[rang] = {"": (sum(siennes), len(siennes)), **parts} if siennes else "non concerné"
        self.exiger("demandes_parametrage_delai", attendu)
