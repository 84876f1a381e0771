"""Le décor des réponses : un ESMS, sa directrice, des retours d'hier conduits par la porte, un lien ouvert."""

import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.usages.retours.fabriques import LienDeRetourFactory, RetourFactory, conduire
from usages.models import LienDeRetour, Retour
from usages.models.retours import semaine_de

SECRET = "phrase que personne d'autre ne doit lire"
PISTE = "piste gardée pour qui traite"


def dernier_lundi() -> date:
    """Le lundi d'avant cette semaine : le dernier jour reçu qui se montre."""
    return semaine_de(timezone.localdate()) - timedelta(days=7)


@dataclass
class Decor:
    """`autre` : un second ESMS de la même grappe ; `dehors` : un ESMS d'une autre grappe."""

    grappe: Grappe
    parcours: Parcours
    autre: Parcours
    dehors: Parcours
    directrice: Utilisateur
    cheffe: Utilisateur
    lien: LienDeRetour

    def dire(self, titre: str, *transitions: str, parcours: Parcours | None = None, **champs: Any) -> Retour:
        """Un retour reçu la semaine d'avant, mené par ces transitions, sous ce résumé."""
        motif_ou_reponse = {cle: champs.pop(cle) for cle in ("reponse", "voie") if cle in champs}
        donnees = {"probleme": SECRET, "amelioration": PISTE, "recu_le": dernier_lundi()} | champs
        retour = RetourFactory(parcours=parcours or self.parcours, **donnees)
        for transition in transitions:
            details: dict[str, Any] = {"titre": titre} if transition in ("qualifier", "ne_pas_retenir") else {}
            if transition == "publier" and "reponse" in motif_ou_reponse:
                details["reponse"] = motif_ou_reponse["reponse"]
            if transition == "prendre_en_charge" and "voie" in motif_ou_reponse:
                details["voie"] = motif_ou_reponse["voie"]
            retour = conduire(retour, transition, par=self.cheffe, **details)
        return retour

    def publier(self, titre: str, reponse: str = "C'est fait.", **champs: Any) -> Retour:
        """Un retour dont la réponse est publiée."""
        return self.dire(titre, "qualifier", "publier", reponse=reponse, **champs)


def decor() -> Decor:
    """Le plus petit décor."""
    grappe = GrappeFactory()
    parcours, autre = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    directrice = directrice_de(parcours)
    lien = LienDeRetourFactory(parcours=parcours, cree_par=directrice)
    cheffe = cheffe_de(grappe)
    # Déposée : le financeur la voit, et l'on peut dire ce qu'il n'y lit pas.
    changer_etat(grappe, "deposer", par=cheffe)
    return Decor(grappe, parcours, autre, ParcoursFactory(), directrice, cheffe, lien)


def texte_du_pdf(contenu: bytes, dossier: Path) -> str:
    """Ce que lit d'un PDF qui le copie, fins de ligne et apostrophes mises à plat."""
    fichier = dossier / "lu.pdf"
    fichier.write_bytes(contenu)
    lu = subprocess.run(["pdftotext", "-layout", str(fichier), "-"], check=True, capture_output=True, timeout=60)
    return " ".join(lu.stdout.decode().replace("’", "'").split())
