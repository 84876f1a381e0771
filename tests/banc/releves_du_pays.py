"""Peupler le pays de relevés, en SQL : deux millions de chiffres ; l'arithmétique y tient lieu de hasard."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from tests.banc.mesures import NB_PARCOURS
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Denominateur, Famille, Forme, Origine, Sens
from usages.models import Indicateur, Releve, Valeur

NB_MOIS, NB_INDICATEURS = 12, 20
NB_ESMS_QUI_RELEVENT = NB_PARCOURS // 3
"""Un ESMS sur trois, un an, vingt indicateurs : deux millions de chiffres pour 25 000 ESMS."""
MOIS = Periode.contenant(timezone.localdate(), CadenceReleve.MOIS).precedente().dernieres(NB_MOIS)

_RELEVES = """
INSERT INTO {releve} (parcours_id, debut, cadence, echeance, grappe_id, og_id, region_id, secteur, taille, etat,
                      version, transmis_le)
SELECT p.id, %s, 'mois', %s, p.grappe_id, e.og_id, d.region_id, c.secteur,
       CASE p.id %% 3 WHEN 0 THEN 'petite' WHEN 1 THEN 'moyenne' ELSE 'grande' END,
       CASE WHEN p.id %% 10 = 0 THEN 'saisi' ELSE 'verrouille' END, 0, %s
FROM (SELECT id, grappe_id, esms_id FROM programme_parcours WHERE etat <> 'sorti' AND id %% %s = 0
      ORDER BY id LIMIT %s) p
JOIN programme_esms e ON e.id = p.esms_id
JOIN programme_categorie c ON c.code = e.categorie_id
LEFT JOIN programme_departement d ON d.code = e.departement_id
"""
_VALEURS = """
INSERT INTO {valeur} (releve_id, indicateur_id, cle, numerateur, denominateur, texte, motif, origine, raison,
                      commentaire, mot_attendu)
SELECT r.id, i.id, '',
       CASE WHEN (r.id + i.id) %% 20 < 2 THEN NULL ELSE (r.id * 7 + i.id * 13) %% 41 END,
       CASE WHEN (r.id + i.id) %% 20 < 2 THEN NULL ELSE 41 END,
       '', CASE WHEN (r.id + i.id) %% 20 = 0 THEN 'non_mesurable' ELSE '' END, 'saisi', '', '', %s
FROM {releve} r CROSS JOIN {indicateur} i
WHERE i.code LIKE 'banc-%%'
"""


def peupler(mois: Sequence[Periode] = MOIS, nb_esms: int = NB_ESMS_QUI_RELEVENT, un_sur: int = 3) -> int:
    """Des relevés de vingt rapports, un sur dix encore en saisie . Rend combien de chiffres ; totaux à faire."""
    Indicateur.objects.bulk_create(
        Indicateur(
            code=f"banc-{n}",
            libelle=f"Rapport {n}",
            famille=Famille.USAGE,
            forme=Forme.RAPPORT,
            numerateur="Ce qui est à jour",
            denominateur="Personnes présentes",
            population=Denominateur.PRESENTS,
            sens=Sens.HAUSSE,
            origine=Origine.SAISI,
            sert_a="Au banc",
            rang=n,
        )
        for n in range(NB_INDICATEURS)
    )
    noms = {m._meta.model_name: m._meta.db_table for m in (Releve, Valeur, Indicateur)}
    ops = connection.ops
    with connection.cursor() as curseur:
        for periode in mois:
            echeance = ops.adapt_datefield_value(periode.fin + timedelta(days=15))
            debut = ops.adapt_datefield_value(periode.debut)
            curseur.execute(_RELEVES.format(**noms), [debut, echeance, echeance, un_sur, nb_esms])
        curseur.execute(_VALEURS.format(**noms), [False])
        curseur.execute("ANALYZE")
    return Valeur.objects.count()
