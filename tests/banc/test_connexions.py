"""Un journal de connexion de cinq millions de lignes : le dépouiller sur un cœur, puis l'importer en entier."""

from pathlib import Path
from time import perf_counter

import pytest

from config.outils.banc import est_reduit
from tests.acces.monde_usages import correspondance_connexions
from tests.banc.journaux import DJANGO, ESMS, NUE, TREILLE, ecrire_journal, finess, mesurer_a_part
from tests.banc.mesures import noter
from tests.fabriques import EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter
from usages.models import UsageMensuel
from usages.resources.connexions import demander
from usages.services.connexions import comparer, ecrire

LIGNES = 100_000 if est_reduit() else 5_000_000
GROUPE = "Journal de connexion"


@pytest.mark.django_db
def test_cinq_millions_de_lignes(tmp_path: Path) -> None:
    chemin = ecrire_journal(tmp_path / "journal.csv", LIGNES)
    nue, nous = mesurer_a_part(NUE, chemin), mesurer_a_part(TREILLE, chemin, avant=DJANGO)
    assert nue["mois"] == nous["mois"]
    noter(GROUPE, f"{LIGNES} lignes, dépouiller, temps de calcul", nous["calcul"], unite="s", repere=nue["calcul"],
          repere_nom="boucle pandas nue", rapport_max=1.5, maximum=12)  # fmt: skip
    noter(GROUPE, f"{LIGNES} lignes, dépouiller, au mur", nous["mur"], unite="s", repere=nue["mur"],
          repere_nom="boucle pandas nue", rapport_max=1.5, maximum=12)  # fmt: skip
    noter(GROUPE, "mémoire au plus haut, Django compris", nous["memoire"], unite="Mo", repere=nue["memoire"],
          repere_nom="boucle pandas nue, sans Django", maximum=300)  # fmt: skip
    _importer(chemin)


def _importer(chemin: Path) -> None:
    og, grappe = OgFactory(), GrappeFactory()
    parcours = [ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, finess=finess(n))) for n in range(ESMS)]
    siege = affecter("siege", og)
    correspondance = correspondance_connexions(og, siege)
    correspondance.colonnes = {"utilisateur": "compte", "date et heure": "instant", "finess": "esms"}
    correspondance.options["entetes"] = ["Utilisateur", "Date et heure", "FINESS", "Poste"]
    correspondance.save()
    parametres = {"og": og.pk, "correspondance": correspondance.pk, "parcours": parcours[0].pk}
    for nom, attendus in (("comparer puis écrire", ESMS * 11), ("une seconde fois, rien ne change", 0)):
        debut = perf_counter()
        with chemin.open("rb") as fichier:
            plan = comparer(demander(parametres, siege), fichier)
        assert ecrire(plan=plan, par=siege) == attendus
        noter(GROUPE, f"{LIGNES} lignes, {nom}", perf_counter() - debut, unite="s", maximum=14)
    assert UsageMensuel.objects.count() == ESMS * 11
