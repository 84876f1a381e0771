"""Une suite quelconque de saisies, de calculs, de fichiers et de passages laisse des totaux exacts."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.socle.erreurs import Refus
from programme.socle.indicateurs import Mesure
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.fabriques import IndicateurFactory, le_mois_dernier
from tests.usages.releves.aides import calcule, direction, exiger_totaux_justes, presents, relever
from usages.enums import Forme
from usages.services.chiffres.valeurs import Importe, Saisie, ecrire, poser_calcules, remplacer_importes

NOMBRES = st.none() | st.integers(0, 60)
MESURES = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(("educ", "soin", "nuit"))), max_size=3).map(
    lambda parts: [Mesure(nombre, cle=cle) for cle, nombre in {cle: n for n, cle in parts}.items()]
)
GESTES = st.one_of(
    st.tuples(
        st.just("saisir"),
        st.integers(0, 1),
        st.sampled_from((0, 1, 3)),
        NOMBRES,
        st.sampled_from(("", "non_mesurable")),
    ),
    st.tuples(st.just("calculer"), st.integers(0, 1), MESURES),
    st.tuples(st.just("importer"), st.integers(0, 1), st.integers(0, 60)),
    st.tuples(
        st.just("passer"), st.integers(0, 1), st.sampled_from(("transmettre", "reprendre", "valider", "rouvrir"))
    ),
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gestes=st.lists(GESTES, min_size=1, max_size=14))
def test_les_totaux_restent_exacts(gestes: list[Any]) -> None:
    commun = presents()
    indicateurs = [
        commun,
        IndicateurFactory(denominateur_commun=commun),
        calcule(forme=Forme.REPARTITION),
        IndicateurFactory(forme=Forme.COMPTE, denominateur="", plafonne=False),
    ]
    parcours = ParcoursFactory()
    releves = [relever(*indicateurs, parcours=parcours), relever(*indicateurs)]
    directions = [direction(r.parcours) for r in releves]
    cheffes = [affecter("chef_projet", r.grappe) for r in releves]
    for geste, rang, *details in gestes:
        releve = releves[rang]
        try:
            if geste == "saisir":
                lequel, nombre, motif = details
                dit = None if motif or nombre is None else Decimal(nombre)
                saisie = Saisie(
                    indicateurs[lequel].pk, numerateur=dit, motif=motif, raison="Essai", commentaire="Essai"
                )
                ecrire(releve=releve, saisies=[saisie], par=directions[rang])
            elif geste == "calculer":
                mesures = {indicateurs[2].pk: {releve.parcours_id: details[0]}}
                poser_calcules(releve_cles=[releve.pk], mesures=mesures, le=timezone.now())
            elif geste == "importer":
                dits = [Importe(releve.parcours_id, le_mois_dernier(), indicateurs[3].pk, [Mesure(details[0])])]
                remplacer_importes(chiffres=dits, le=timezone.now(), par=None)
            else:
                qui = directions if details[0] in ("transmettre", "reprendre") else cheffes
                changer_etat(releve, details[0], par=qui[rang], motif="Essai")
        except Refus:
            pass
    exiger_totaux_justes()
