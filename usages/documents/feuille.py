"""La feuille vide d'un relevé, à remplir au crayon dans les bureaux, puis à ressaisir."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.socle.dates import date_longue
from usages.enums import Forme, Origine
from usages.services.releves.page import Chiffre, Page

GABARIT = "feuille_releve.typ"


@dataclass(frozen=True, slots=True)
class FeuilleVide:
    """La feuille prête à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def feuille_de(page: Page) -> FeuilleVide:
    """Ce que l'ESMS tape, à remplir ; ce qui se calcule ou s'importe est nommé, sans case. Chaque période se nomme."""
    releve, le = page.releve, timezone.localtime()
    esms = releve.parcours.esms
    codes = "-".join(r.periode.code for r in page.releves)
    hors = {c.code for c in page.hors_categorie}
    siens = [c for c in page.chiffres if c.code not in hors]
    donnees = {
        "esms": esms.nom,
        "grappe": str(releve.parcours.grappe),
        "finess": esms.finess,
        "periode": page.nom,
        "complement": page.complement,
        "echeance": date_longue(page.echeance),
        "a_remplir": [_ligne(c, page.plusieurs) for c in siens if c.indicateur.origine == Origine.SAISI],
        "deja_la": [str(c.indicateur) for c in siens if c.indicateur.origine != Origine.SAISI],
        "releve": f"Imprimé le {instant(le)}",
    }
    return FeuilleVide(f"releve-{slugify(esms.nom)[:40]}-{codes}.pdf", le, donnees)


def _ligne(chiffre: Chiffre, plusieurs: bool) -> dict[str, Any]:
    """Ce qu'on compte, et combien de nombres : `sur` vide, un seul ; `partage`, le second est plus haut."""
    indicateur = chiffre.indicateur
    a_deux = indicateur.forme == Forme.RAPPORT
    return {
        "code": indicateur.code,
        "libelle": str(indicateur),
        "compte": indicateur.numerateur,
        "sur": indicateur.denominateur if a_deux else "",
        "partage": bool(a_deux and indicateur.denominateur_commun_id),
        "texte": indicateur.forme == Forme.TEXTE,
        "unite": indicateur.unite,
        "periode": chiffre.valeur.releve.periode.nom if plusieurs else "",
    }
