"""Des mondes tirés au hasard : quelques personnes, ESMS, métiers et modules, sur deux grappes et deux mois."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from formation.calculs.couverture import Compte, UnAcquis, UnEsms, UnModule, UnPoste
from formation.enums import NatureFormation, Rythme

DEBUT = date(2026, 3, 1)
JOURS = st.integers(0, 120).map(lambda n: DEBUT + timedelta(days=n))
PERSONNES, METIERS = range(1, 7), range(1, 4)
UNITES = {1: (11, 12), 2: (21,), 3: (31,)}
"""Par ESMS : la première et la deuxième de la grappe 1, la troisième de la grappe 2."""
GRAPPES = {1: 1, 2: 1, 3: 2}


@dataclass(frozen=True)
class Monde:
    """Ce que prend `mesurer`."""

    postes: tuple[UnPoste, ...]
    acquis: tuple[UnAcquis, ...]
    modules: tuple[UnModule, ...]
    esms: tuple[UnEsms, ...]

    @property
    def entier(self) -> tuple[Any, ...]:
        """Dans l'ordre des arguments."""
        return self.postes, self.acquis, self.modules, self.esms


@st.composite
def _poste(tirer: Any) -> UnPoste:
    esms = tirer(st.sampled_from(sorted(GRAPPES)))
    debut = tirer(JOURS)
    # Autour de trente jours : la borne des renforts.
    duree = tirer(st.none() | st.integers(0, 90) | st.integers(27, 31))
    return UnPoste(
        tirer(st.sampled_from(PERSONNES)),
        esms,
        tirer(st.sampled_from(METIERS)),
        debut,
        None if duree is None else debut + timedelta(days=duree),
        tirer(st.none() | st.sampled_from(UNITES[esms])),
        tirer(st.sampled_from(Rythme.values)),
    )


@st.composite
def _acquis(tirer: Any) -> UnAcquis:
    le = tirer(JOURS)
    duree = tirer(st.none() | st.integers(0, 60))
    jusque = None if duree is None else le + timedelta(days=duree)
    return UnAcquis(tirer(st.sampled_from(PERSONNES)), tirer(st.integers(1, 4)), le, jusque)


@st.composite
def mondes(tirer: Any) -> Monde:
    """Un monde : quatre modules au plus, dont un de l'autre grappe."""
    modules = tuple(
        UnModule(
            cle,
            2 if cle == 4 else 1,
            tirer(st.sampled_from(NatureFormation.values)),
            tirer(st.frozensets(st.sampled_from(METIERS), max_size=2)),
            tirer(st.none() | JOURS),
        )
        for cle in range(1, tirer(st.integers(1, 4)) + 1)
    )
    cles = sorted(m.cle for m in modules)
    sans_objet = st.frozensets(st.sampled_from(cles), max_size=2)
    esms = tuple(UnEsms(cle, grappe, tirer(sans_objet)) for cle, grappe in GRAPPES.items())
    acquis = [a for a in tirer(st.lists(_acquis(), max_size=14)) if a.module in cles]
    uniques = {(a.personne, a.module, a.obtenu_le): a for a in acquis}
    postes = {(p.personne, p.esms, p.debut): p for p in tirer(st.lists(_poste(), max_size=12))}
    return Monde(tuple(postes.values()), tuple(uniques.values()), modules, esms)


def compter_a_la_main(monde: Monde, au: date, garder: Callable[[UnPoste, UnModule], bool]) -> Compte:
    """La définition, lue à la lettre : personne par personne, module par module."""
    en_poste = formes = 0
    esms = {e.cle: e for e in monde.esms}
    for personne in PERSONNES:
        dus = set()
        for poste in monde.postes:
            if poste.personne != personne or poste.esms not in esms:
                continue
            if poste.debut > au or (poste.fin and poste.fin < au):
                continue
            if poste.fin and (poste.fin - poste.debut).days + 1 < 30:
                continue
            for module in monde.modules:
                la = esms[poste.esms]
                if module.grappe != la.grappe or module.cle in la.sans_objet:
                    continue
                if module.retire_le and module.retire_le <= au:
                    continue
                if (not module.publics or poste.metier in module.publics) and garder(poste, module):
                    dus.add(module.cle)
        acquis = {
            a.module
            for a in monde.acquis
            if a.personne == personne and a.obtenu_le <= au and (a.valable_jusqu_au is None or a.valable_jusqu_au >= au)
        }
        en_poste += bool(dus)
        formes += bool(dus) and dus <= acquis
    return Compte(en_poste, formes)
