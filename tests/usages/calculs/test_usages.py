"""Ce que disent les fichiers de l'éditeur et l'outil d'assistance, face à la force brute."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from formation.models import Poste
from programme.models import Parcours
from programme.socle.tranches import ranger
from tests.fabriques import GrappeFactory, ParcoursFactory
from tests.formation.fabriques import MetierFactory, ProfessionnelFactory
from tests.usages.calculs.aides import DEBUT, FIN, JOURS, compte, mesurer, rapport
from tests.usages.fabriques import MonteeDeVersionFactory, TicketFactory, UsageMensuelFactory, VersionSolutionFactory
from usages.enums import SourceUsage

RANGS = st.integers(0, 2)
EXEMPLES = settings(max_examples=25, deadline=None)
AOUT, SEPTEMBRE = date(2026, 8, 1), date(2026, 9, 1)


class Usages(TestCase):
    """Deux ESMS d'une grappe, un d'une autre."""

    parcours: list[Parcours]

    @classmethod
    def setUpTestData(cls) -> None:
        la, ailleurs = GrappeFactory(), GrappeFactory()
        cls.parcours = [ParcoursFactory(grappe=grappe) for grappe in (la, la, ailleurs)]
        cls.personnes = [ProfessionnelFactory(og=cls.parcours[0].esms.og) for _ in range(3)]
        cls.metier = MetierFactory()

    def exiger(self, code: str, attendu: dict[int, Any], debut: date = DEBUT) -> None:
        """Ce calcul dit cela, pour ces trois ESMS (par rang) ; celui qui n'y est pas ne répond pas."""
        assert mesurer(code, self.parcours, debut) == {self.parcours[r].pk: dit for r, dit in attendu.items()}

    @EXEMPLES
    @given(
        st.lists(
            st.tuples(RANGS, st.sampled_from([AOUT, SEPTEMBRE]), st.sampled_from(list(SourceUsage)), st.booleans()),
            max_size=6,
            unique_by=lambda u: u[:3],
        ),
        st.lists(
            st.tuples(RANGS, st.integers(0, 2), JOURS, st.none() | st.integers(0, 60)),
            max_size=5,
            unique_by=lambda p: p[:3],
        ),
        st.sampled_from([DEBUT, date(2026, 7, 1)]),
    )
    def test_les_comptes_actifs_du_dernier_mois(self, usages: Any, postes: Any, debut: date) -> None:
        for n, (rang, mois, source, complet) in enumerate(usages):
            UsageMensuelFactory(
                parcours=self.parcours[rang], mois=mois, source=source, est_complet=complet, actifs=n, partages=n + 10
            )
        for rang, personne, entree, duree in postes:
            Poste.objects.create(
                professionnel=self.personnes[personne],
                parcours=self.parcours[rang],
                metier=self.metier,
                debut=entree,
                fin=None if duree is None else entree + timedelta(days=duree),
            )
        la: dict[int, set[int]] = {rang: set() for rang in range(3)}
        rangs = {p.pk: rang for rang, p in enumerate(self.parcours)}
        for poste in Poste.objects.all():
            if not poste.est_renfort and poste.debut <= FIN and (poste.fin is None or poste.fin >= SEPTEMBRE):
                la[rangs[poste.parcours_id]].add(poste.professionnel_id)
        retenus = {}
        for source in (SourceUsage.LISTE, SourceUsage.JOURNAL):
            for n, (rang, mois, sa_source, complet) in enumerate(usages):
                if mois == SEPTEMBRE and sa_source == source and complet:
                    retenus[rang] = n
        self.exiger("comptes_actifs", {r: rapport(n, len(la[r])) for r, n in retenus.items()}, debut)
        self.exiger("comptes_partages", {r: compte(n + 10) for r, n in retenus.items()}, debut)

    @EXEMPLES
    @given(
        st.lists(
            st.tuples(
                RANGS | st.none(),
                JOURS,
                st.none() | st.integers(0, 40),
                st.none() | st.integers(0, 40),
                st.booleans(),
                st.booleans(),
            ),
            max_size=7,
        )
    )
    def test_les_tickets(self, lignes: Any) -> None:
        lus = []
        for rang, cree, traite, ferme, bloque, contourne in lignes:
            traite_le = None if traite is None else cree + timedelta(days=traite)
            ferme_le = None if ferme is None else cree + timedelta(days=ferme)
            TicketFactory(
                parcours=None if rang is None else self.parcours[rang],
                grappe=self.parcours[rang or 0].grappe,
                cree_le=cree,
                traite_le=traite_le,
                ferme_le=ferme_le,
                est_bloquant=bloque,
                a_contournement=contourne,
            )
            lus.append((rang, cree, traite_le, ferme_le, bloque and not contourne))

        def parle(rangs: tuple[int | None, ...]) -> bool:
            return any(jour >= DEBUT for t in lus if t[0] in rangs for jour in t[1:4] if jour)

        repondants = [r for r in range(3) if parle((2,) if r == 2 else (0, 1, None))]

        def compter(code: str, retenu: Any) -> None:
            self.exiger(code, {r: compte(sum(t[0] == r and bool(retenu(t)) for t in lus)) for r in repondants})

        compter("tickets_crees", lambda t: DEBUT <= t[1] <= FIN)
        compter("tickets_traites", lambda t: t[2] and DEBUT <= t[2] <= FIN)
        compter("tickets_fermes", lambda t: t[3] and DEBUT <= t[3] <= FIN)
        compter("tickets_bloquants", lambda t: t[4] and t[1] <= FIN and (t[3] is None or t[3] > FIN))
        delais: dict[int, Any] = {}
        for rang in repondants:
            cas = [(t[2] - t[1]).days for t in lus if t[0] == rang and t[2] and DEBUT <= t[2] <= FIN]
            parts = {cle: (n, None) for cle, n in ranger(cas).items()}
            delais[rang] = {"": (sum(cas), len(cas)), **parts} if cas else "non concerné"
        self.exiger("tickets_delai", delais)

    @EXEMPLES
    @given(st.lists(st.tuples(RANGS, st.none() | JOURS), max_size=5))
    def test_les_montees_de_version(self, lignes: Any) -> None:
        for rang, faite_le in lignes:
            MonteeDeVersionFactory(
                parcours=self.parcours[rang], version=VersionSolutionFactory(), prevue_le=FIN, faite_le=faite_le
            )
        self.exiger(
            "montees_de_version",
            {r: compte(sum(x[0] == r and bool(x[1]) and DEBUT <= x[1] <= FIN for x in lignes)) for r in range(3)},
        )
