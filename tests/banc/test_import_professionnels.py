"""Le fichier du personnel d'un grand organisme : le lire, le comparer, l'écrire."""

from time import perf_counter

import pytest

from config.outils.banc import est_reduit
from tests.banc.mesures import noter
from tests.formation.import_professionnels.aides import comparer_le_fichier, csv_de, decor, importer, ligne

LIGNES = 2_000 if est_reduit() else 20_000


@pytest.mark.django_db
def test_vingt_mille_lignes() -> None:
    d = decor()
    esms = (d.coteau.esms.finess, d.vergers.esms.finess)
    contenu = csv_de(*[ligne(d, n, matricule=f"P{n:05d}", esms=esms[n % 2]) for n in range(LIGNES)])
    corrige = contenu.replace(b"Aide-soignant", b"Infirmier")
    for nom, geste, attendu in (
        ("aperçu de postes tous neufs", lambda: comparer_le_fichier(d, contenu)[1], {"cree": LIGNES}),
        ("aperçu puis écriture", lambda: importer(d, contenu), {"cree": LIGNES}),
        ("aperçu sans écart", lambda: comparer_le_fichier(d, contenu)[1], {"inchange": LIGNES}),
        ("tous les métiers corrigés", lambda: importer(d, corrige), {"modifie": LIGNES}),
    ):
        depart = perf_counter()
        assert geste()["nombres"] == attendu
        noter("Fichier du personnel", f"{LIGNES} lignes, {nom}", perf_counter() - depart, unite="s", maximum=60)
