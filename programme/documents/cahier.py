"""La matière du cahier des charges d'une grappe, en DOCX : ce qui existe, ce qu'on garde, ce qu'on demande, et qui.

Le gabarit est un document de bureautique : `templates/documents/cahier.docx`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from programme.documents.rendu import rendre_docx
from programme.models import Grappe, Utilisateur
from programme.permissions import voit_toute_la_grappe
from programme.services.etat_grappe import EtatDeGrappe, LigneEsms, etat_de
from programme.socle.dates import date_longue
from programme.socle.nombres import accorde, finess, nombre

GABARIT = "cahier.docx"


@dataclass(frozen=True, slots=True)
class Cahier:
    """Le document prêt à écrire : son nom de fichier, son instant, ses données (du texte simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_docx(self) -> bytes:
        """Le DOCX."""
        titre = f"Matière du cahier des charges, {self.donnees['grappe']}"
        return rendre_docx(GABARIT, self.donnees, titre=titre, le=self.le)


def cahier_de(grappe: Grappe, *, par: Utilisateur, le: datetime) -> Cahier:
    """La matière du cahier des charges, telle que ce lecteur la voit à cet instant."""
    etat = etat_de(grappe, par=par)
    donnees = {
        "grappe": grappe.nom,
        "porteur": str(grappe.porteur or "porteur à dire"),
        "le": date_longue(le.date()),
        "etendue": _etendue(etat, entiere=voit_toute_la_grappe(par, grappe)),
        "presentation": grappe.presentation,
        "modules": [m.nom for m in grappe.modules.all()],
        "esms": [_dire_esms(e) for e in etat.esms],
        "manquent": [{"nom": str(e.parcours), "manque": e.manque} for e in etat.manquent],
        "domaines": [{"titre": titre, "lignes": [_dire_editeur(x) for x in lignes]} for titre, lignes in etat.domaines],
        "equipement": _dire_equipement(etat),
        "alertes": [{"nom": str(e.parcours), "quoi": " ; ".join(quoi)} for e, quoi in etat.alertes],
        "besoins": [{"titre": titre, "lignes": [_dire_besoin(b) for b in lignes]} for titre, lignes in etat.besoins],
    }
    return Cahier(f"cahier-des-charges-{slugify(grappe.nom)[:60]}-{le:%Y-%m-%d}.docx", le, donnees)


def _etendue(etat: EtatDeGrappe, *, entiere: bool) -> str:
    combien = accorde(len(etat.esms), "ESMS,ESMS")
    dits = accorde(len(etat.ont_repondu), "a réuni documents et contacts,ont réuni documents et contacts")
    return f"{combien} {'de la grappe' if entiere else 'que vous suivez dans la grappe'}, dont {dits}."


def _dire_esms(e: LigneEsms) -> dict[str, str]:
    equipement = e.equipement
    rapport = nombre(equipement.rapport, 2) if equipement and equipement.rapport is not None else "pas dit"
    return {
        "nom": str(e.parcours),
        "finess": finess(e.parcours.esms.finess),
        "categorie": str(e.parcours.esms.categorie),
        "og": str(e.parcours.esms.og or ""),
        "applications": str(len(e.applications)),
        "rapport": rapport,
        "wifi": equipement.get_wifi_display().lower() if equipement and equipement.wifi else "pas dit",
    }


def _dire_editeur(x: Any) -> dict[str, str]:
    return {
        "editeur": x.editeur,
        "noms": ", ".join(x.noms),
        "esms": str(len(x.esms)),
        "sorts": x.sorts_en_mots,
        "interfaces": " ; ".join(x.interfaces) or "aucun dit",
    }


def _dire_besoin(b: Any) -> dict[str, Any]:
    return {
        "libelle": b.libelle,
        "priorite": b.priorite,
        "demandeurs": ", ".join(b.demandeurs),
        "mots": " ; ".join(b.mots) or "—",
    }


def _dire_equipement(etat: EtatDeGrappe) -> str:
    c = etat.cumul
    if c.rapport is None:
        return "Aucun ESMS n'a encore dit ses postes et ceux qui écrivent en même temps."
    dits = accorde(c.nb_dits, "ESMS le dit,ESMS le disent")
    phrase = f"{accorde(c.postes, 'poste')} pour {accorde(c.simultanes, 'personne')} qui écrivent en même temps"
    manque = f", il en manque {nombre(c.manquants)} à l'heure la plus chargée" if c.manquants else ""
    tablettes = f" ; {accorde(c.tablettes, 'tablette')}" if c.tablettes else ""
    return f"{dits} : {phrase}, soit {nombre(c.rapport, 2)} par personne{manque}{tablettes}."
