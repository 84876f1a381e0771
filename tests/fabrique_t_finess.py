"""Refait `fixtures/imports/finess-t-finess.csv` : `python -m tests.fabrique_t_finess`.

Des établissements de l'échantillon public (`fixtures/demo`) remis aux 74 colonnes de t-finess ; sans téléphone.
"""

import csv
import io
from pathlib import Path

from programme.socle.finess.lignes import LigneESMS, LigneOG
from programme.socle.finess.source import ouvrir

RACINE = Path(__file__).parent.parent / "fixtures"
ECHANTILLON = RACINE / "demo" / "finess-structures-echantillon.json.gz"
DEPARTEMENTS = {"2A", "06", "973"}
COLONNES = next(
    csv.reader(
        [
            "source,date_maj,finess,finess8,etat,date_extract_finess,rs,type,ej_finess,ej_rs,et_finess,et_rs,siren,siret,"
            "date_autorisation,date_ouverture,date_maj_finess,adresse_num_voie,adresse_comp_voie,adresse_type_voie,"
            "adresse_nom_voie,adresse_lieuditbp,adresse_code_postal,adresse_lib_routage,telephone,telecopie,com_code,"
            "statut_jur_code,statut_jur_lib,statut_jur_etat,statut_jur_niv3_code,statut_jur_niv3_lib,statut_jur_niv2_code,"
            "statut_jur_niv2_lib,statut_jur_niv1_code,statut_jur_niv1_lib,categ_code,categ_lib,categ_lib_court,categ_etat,"
            "categ_niv3_code,categ_niv3_lib,categ_niv2_code,categ_niv2_lib,categ_niv1_code,categ_niv1_lib,esms,"
            "esms_capatot_inst,esms_esh,esms_ash,esms_pa,san,san_med,san_chir,san_obs,san_psy,san_urg,san_rea,san_ssr,"
            "gestion_ars,gestion_drjcs,gestion_drihl,antenne_possible,ditep,dateconv,mft_code,mft_lib,sph_code,sph_lib,"
            "geoloc_x,geoloc_y,geoloc_precision,geoloc_projection,geoloc_datemaj"
        ]
    )
)


def fabriquer() -> bytes:
    """Le fichier : chaque établissement, et les entités juridiques à la fin."""
    ogs: dict[str, LigneOG] = {}
    esms: list[LigneESMS] = []
    for ligne in ouvrir(ECHANTILLON).lignes():
        if isinstance(ligne, LigneOG):
            ogs[ligne.finess] = ligne
        elif isinstance(ligne, LigneESMS) and ligne.departement in DEPARTEMENTS:
            esms.append(ligne)
    texte = io.StringIO()
    ecrivain = csv.DictWriter(texte, COLONNES, restval="", lineterminator="\n")
    ecrivain.writeheader()
    retenus = [e for e in esms if e.actif] + [e for e in esms if not e.actif][:3]
    for e in retenus:
        ecrivain.writerow(_communs(e.finess, ogs[e.finess_og]) | _etablissement(e))
    for numero in dict.fromkeys(e.finess_og for e in retenus):
        ecrivain.writerow(_communs(numero, ogs[numero]) | {"rs": ogs[numero].nom, "type": "EJ", "etat": "ACTUEL"})
    return texte.getvalue().encode()


def _communs(finess: str, og: LigneOG) -> dict[str, str]:
    return {
        "source": "FINESS",
        "date_maj": "2026-08-20",
        "date_extract_finess": "2026-08-13",
        "finess": finess,
        "finess8": finess[:8],
        "ej_finess": og.finess,
        "ej_rs": og.nom,
        "siren": og.siren,
        "statut_jur_code": og.statut_juridique,
    }


def _etablissement(e: LigneESMS) -> dict[str, str]:
    return {
        "etat": "ACTUEL" if e.actif else "FERME",
        "rs": e.nom,
        "type": "ET",
        "et_finess": e.finess,
        "et_rs": e.nom,
        "siret": e.siret,
        "date_ouverture": f"{e.ouvert_le:%Y-%m-%d}" if e.ouvert_le else "",
        "adresse_nom_voie": e.adresse,
        "adresse_code_postal": e.code_postal,
        "adresse_lib_routage": f"{e.code_postal} {e.ville}".strip(),
        "com_code": e.commune_cog,
        "categ_code": e.categorie,
        "geoloc_x": str(e.longitude or ""),
        "geoloc_y": str(e.latitude or ""),
        "geoloc_projection": "WGS84" if e.longitude else "",
    }


if __name__ == "__main__":
    (RACINE / "imports" / "finess-t-finess.csv").write_bytes(fabriquer())
