"""Une monographie de soixante pages et ses sorties ; l'entonnoir publié ; la synthèse d'une étude de quarante visites.

Sur SQLite, `pytest -m banc tests/banc/test_monographies.py` ; sur PostgreSQL, la même par `config.outils.postgres`.
"""

from collections.abc import Callable
from functools import partial
from time import process_time
from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Utilisateur
from tests.aides import connecte, nb_requetes
from tests.banc.mesures import mesurer, noter
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter
from tests.usages.monographies.fabriques import EtudeFactory, MonographieFactory, VisiteFactory, equiper
from usages.demonstration import ime_publie
from usages.demonstration.entonnoir_enregistre import enregistrer
from usages.enums import ForceEffet, NatureConstat, PreuveEffet, RoleEtude, SensEffet, ThemeEffet
from usages.models import Codage, Constat, Etude, Monographie

pytestmark = pytest.mark.django_db
NB_VISITES, CONSTATS_PAR_VISITE, SIGNES = 40, 30, 180_000


def _une_de_soixante_pages(etude: Etude) -> Monographie:
    """La prose de l'exemple publié, répétée jusqu'à soixante pages."""
    monographie = MonographieFactory(visite=VisiteFactory(etude=etude, parcours=ParcoursFactory()))
    textes = ime_publie.prose({})
    fois = SIGNES // sum(map(len, textes.values()))
    for code, texte in textes.items():
        section = monographie.sections.get(code=code)
        section.texte = "\n\n".join([texte.replace("@verbatim", "verbatim")] * fois)
        section.save()
    return monographie


def _des_visites_codees(etude: Etude, codeurs: list[Utilisateur]) -> None:
    visites = [VisiteFactory(etude=etude, parcours=ParcoursFactory()) for _ in range(NB_VISITES)]
    themes, sens, forces = list(ThemeEffet), list(SensEffet), list(ForceEffet)
    constats = Constat.objects.bulk_create(
        Constat(
            visite=visite,
            nature=list(NatureConstat)[n % 3],
            libelle=f"Constat {n} de la visite {visite.pk}",
            theme_propose=themes[n % len(themes)],
            recurrence=f"Récurrence {n % 12}",
            ecrit_par=codeurs[0],
        )
        for visite in visites
        for n in range(CONSTATS_PAR_VISITE)
    )
    Codage.objects.bulk_create(
        Codage(
            constat=constat,
            codeur=codeur,
            theme=constat.theme_propose,
            sens=sens[(n + rang) % 4 if n % 5 == 0 else n % 4],
            force=forces[n % 3],
            preuve=PreuveEffet.CROISEE,
        )
        for n, constat in enumerate(constats)
        for rang, codeur in enumerate(codeurs)
    )


def test_une_etude_et_sa_monographie() -> None:
    grappe = GrappeFactory()
    pilote, auteur = affecter(Role.CHEF_PROJET, grappe), affecter(Role.APPUI, grappe)
    etude = EtudeFactory(creee_par=pilote)
    for compte, role in ((pilote, RoleEtude.PILOTE), (auteur, RoleEtude.AUTEUR)):
        equiper(etude, compte, role)
    enregistrer(etude)
    _des_visites_codees(etude, [pilote, auteur])
    longue, client = _une_de_soixante_pages(etude), connecte(pilote)
    for nom, url, maximum in (
        ("entonnoir publié", reverse("usages:etude-entonnoir", args=[etude.pk]), 500),
        (f"synthèse de {NB_VISITES} visites", reverse("usages:etude-effets", args=[etude.pk]), 500),
        ("monographies, liste", reverse("usages:monographie-liste"), 100),
        ("soixante pages, à l'écran", reverse("usages:monographie-lire", args=[longue.pk]), 1000),
        ("soixante pages, en PDF", reverse("usages:monographie-pdf", args=[longue.pk]), 2000),
        ("soixante pages, en DOCX", reverse("usages:monographie-docx", args=[longue.pk]), 2000),
    ):
        _noter(f"{nom} ({nb_requetes(client, url)} requêtes)", partial(client.get, url), maximum)


def _noter(nom: str, geste: Callable[[], Any], maximum: float) -> None:
    """À l'horloge, et ce qu'en prend le processeur : une machine chargée fausse la première."""
    processeur = 1000 * mesurer(geste, montre=process_time)
    duree = 1000 * mesurer(geste)
    noter("Monographies", nom, duree, repere=processeur, repere_nom="processeur", maximum=maximum)
