"""Ce que la formation mesure, face à la force brute."""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from formation.enums import EtatSession, MomentAvis, NatureFormation, NatureProfil
from formation.models import Acquis, AvisFormation, CumulCouverture, Poste, Professionnel
from programme.models import Parcours
from tests.fabriques import GrappeFactory, ParcoursFactory
from tests.formation.fabriques import (
    CompteDuiFactory,
    MetierFactory,
    ModuleFormationFactory,
    ProfessionnelFactory,
    ProfilFactory,
    SessionFormationFactory,
)
from tests.usages.calculs.aides import DEBUT, FIN, JOURS, forcer, mesurer, rapport

RANGS = st.integers(0, 2)
PERSONNES = st.integers(0, 3)
PEUT_ETRE = st.none() | JOURS
EXEMPLES = settings(max_examples=25, deadline=None)
POSTES = st.lists(
    st.tuples(RANGS, PERSONNES, JOURS, st.none() | st.integers(0, 90)), max_size=6, unique_by=lambda p: p[:3]
)


class Formation(TestCase):
    """Trois ESMS d'une grappe, quatre personnes."""

    parcours: list[Parcours]
    personnes: list[Professionnel]
    profils: list[Any]

    @classmethod
    def setUpTestData(cls) -> None:
        grappe = GrappeFactory()
        cls.parcours = [ParcoursFactory(grappe=grappe) for _ in range(3)]
        cls.personnes = [ProfessionnelFactory(og=cls.parcours[0].esms.og) for _ in range(4)]
        cls.profils = [ProfilFactory(grappe=grappe, nature=nature) for nature in (NatureProfil.SOIN, NatureProfil.SOIN)]
        cls.module = ModuleFormationFactory(grappe=grappe)
        cls.metier = MetierFactory()
        cls.grappe = grappe

    def exiger(self, code: str, attendu: dict[int, Any]) -> None:
        """Ce calcul dit cela, pour ces trois ESMS (par rang) ; celui qui n'y est pas ne répond pas."""
        assert mesurer(code, self.parcours) == {self.parcours[rang].pk: dit for rang, dit in attendu.items()}

    def poster(self, lignes: Any) -> list[Any]:
        """Ces postes, tels qu'écrits : (rang, personne, début, fin, renfort)."""
        for rang, personne, debut, duree in lignes:
            Poste.objects.create(
                professionnel=self.personnes[personne],
                parcours=self.parcours[rang],
                metier=self.metier,
                debut=debut,
                fin=None if duree is None else debut + timedelta(days=duree),
            )
        rangs = {p.pk: n for n, p in enumerate(self.parcours)}
        qui = {p.pk: n for n, p in enumerate(self.personnes)}
        return [
            (rangs[p.parcours_id], qui[p.professionnel_id], p.debut, p.fin, p.est_renfort)
            for p in Poste.objects.order_by("pk")
        ]


def _la(poste: Any) -> bool:
    return poste[2] <= FIN and (poste[3] is None or poste[3] >= FIN) and not poste[4]


class PostesEtComptes(Formation):
    @EXEMPLES
    @given(
        POSTES,
        st.lists(st.tuples(RANGS, st.none() | PERSONNES, st.none() | st.integers(0, 1), PEUT_ETRE, st.booleans())),
    )
    def test_les_comptes(self, postes: Any, comptes: Any) -> None:
        lus = self.poster(postes)
        for n, (rang, personne, profil, cree_le, actif) in enumerate(comptes):
            CompteDuiFactory(
                parcours=self.parcours[rang],
                identifiant=f"compte-{n}",
                professionnel=None if personne is None else self.personnes[personne],
                profil=None if profil is None else self.profils[profil],
                cree_le=cree_le,
                est_actif=actif,
            )
        actifs = [c for c in comptes if c[4] and (c[3] is None or c[3] <= FIN)]
        par_profil, munies = {}, {}
        for rang in {c[0] for c in actifs}:
            parts = Counter("sans_profil" if c[2] is None else "soin" for c in actifs if c[0] == rang)
            par_profil[rang] = {"": (sum(parts.values()), None)} | {cle: (n, None) for cle, n in parts.items()}
            la = {p[1] for p in lus if p[0] == rang and _la(p)}
            munies[rang] = rapport(len(la & {c[1] for c in actifs if c[0] == rang}), len(la))
        self.exiger("comptes_par_profil", par_profil)
        self.exiger("personnes_avec_compte", munies)

    @EXEMPLES
    @given(POSTES, st.lists(st.tuples(PERSONNES, JOURS), max_size=4, unique_by=lambda a: a))
    def test_les_arrivants(self, postes: Any, acquis: Any) -> None:
        vieux = [(0, 3, FIN - timedelta(days=400), None), (1, 3, FIN - timedelta(days=365), None)]
        lus = self.poster([*postes, *vieux])
        for personne, le in acquis:
            Acquis.objects.create(
                professionnel=self.personnes[personne], module=self.module, origine="constat", obtenu_le=le
            )
        formes = {personne for personne, le in acquis if le <= FIN}
        attendu = {}
        for rang in range(3):
            depuis = FIN - timedelta(days=365)
            arrives = {p[1] for p in lus if p[0] == rang and _la(p) and p[2] >= depuis}
            attendu[rang] = rapport(len(arrives & formes), len(arrives))
        self.exiger("arrivants_formes", attendu)


class Evaluation(Formation):
    @EXEMPLES
    @example([(0, FIN, True, [5, 5, 5, 5], False), (0, DEBUT, True, [1, 4, 4, 2, 3], False)])
    @example([(1, FIN + timedelta(days=1), True, [5] * 5, False), (1, DEBUT - timedelta(days=1), True, [5] * 5, False)])
    @example([(2, FIN, False, [5] * 5, False), (2, FIN, True, [5] * 5, True), (None, FIN, True, [5] * 5, False)])
    @given(
        st.lists(
            st.tuples(RANGS | st.none(), JOURS, st.booleans(), st.lists(st.integers(1, 5), max_size=7), st.booleans()),
            max_size=4,
        )
    )
    def test_les_avis_d_une_session_de_moins_de_cinq_ne_comptent_pas(self, sessions: Any) -> None:
        for rang, jour, tenue, notes, a_froid in sessions:
            # 23 h 30 à Paris : le jour de la session est celui de Paris, pas celui de l'horloge universelle.
            debut = timezone.make_aware(datetime.combine(jour, time(23, 30)))
            session = SessionFormationFactory(
                module=self.module, parcours=None if rang is None else self.parcours[rang], debut=debut
            )
            forcer(session, etat=EtatSession.TENUE if tenue else EtatSession.PLANIFIEE)
            moment = MomentAvis.A_FROID if a_froid else MomentAvis.A_CHAUD
            AvisFormation.objects.bulk_create(
                AvisFormation(session=session, moment=moment, satisfaction=note, acquis=3) for note in notes
            )
        attendu = {}
        for rang in range(3):
            retenues = [
                notes
                for r, jour, tenue, notes, a_froid in sessions
                if r == rang and tenue and not a_froid and DEBUT <= jour <= FIN and len(notes) >= 5
            ]
            notes = [note for lot in retenues for note in lot]
            attendu[rang] = rapport(sum(note >= 4 for note in notes), len(notes))
        self.exiger("evaluation_formations", attendu)


class Couverture(Formation):
    def test_la_couverture_est_celle_du_mois_compte(self) -> None:
        for mois, formes in ((DEBUT, 3), (DEBUT - timedelta(days=31), 1)):
            for nature in ("", NatureFormation.DUI):
                CumulCouverture.objects.create(
                    mois=mois.replace(day=1),
                    parcours=self.parcours[0],
                    nature=nature,
                    en_poste=8,
                    formes=formes + (1 if nature else 0),
                    arrete_le=FIN,
                )
            CumulCouverture.objects.create(
                mois=mois.replace(day=1),
                parcours=self.parcours[0],
                metier=self.metier,
                en_poste=8,
                formes=0,
                arrete_le=FIN,
            )
        sans = {1: "non concerné", 2: "non concerné"}
        self.exiger("couverture_formation", {0: rapport(3, 8), **sans})
        self.exiger("couverture_dui", {0: rapport(4, 8), **sans})
        self.exiger("couverture_ecrits", {0: "non concerné", **sans})
        self.exiger("couverture_socles", {0: "non concerné", **sans})

    def test_un_mois_jamais_compte_n_est_pas_une_reponse(self) -> None:
        self.exiger("couverture_formation", {})
        CumulCouverture.objects.create(
            mois=(DEBUT - timedelta(days=31)).replace(day=1),
            parcours=self.parcours[0],
            metier=self.metier,
            en_poste=8,
            formes=2,
            arrete_le=DEBUT,
        )
        self.exiger("couverture_formation", {})
